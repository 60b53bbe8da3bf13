/* What the forms of a seal share. */
#ifndef LF_REPORT_SEAL_FORM_H
#define LF_REPORT_SEAL_FORM_H

#include "custody/custody.h"

int lf_seal_text(const struct lf_seal *s, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err) __attribute__((warn_unused_result));
int lf_seal_json(const struct lf_seal *s, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err) __attribute__((warn_unused_result));

/*
 * The findings by id, those of one id in the order in which they came.  NULL when memory is out; the caller frees it.
 */
const struct lf_finding **lf_seal_findings(const struct lf_seal *s);

/* What a seal does not prove; NULL past the last. */
const char *lf_seal_limit(size_t i);

/* ---- Manifests ---- */

/*
 * The i-th file of a manifest that lies in a file system: an object of a folder, a file, an archive as a whole.  Calls
 * each for those that could be read.
 */
struct lf_manifest_file {
	const struct lf_manifest_source *source;
	const struct lf_manifest_object *object; /* NULL for an archive as a whole */
	uint64_t size;
	int64_t mtime;
	const unsigned char *hash;
};
void lf_manifest_files(const struct lf_manifest *m, void (*each)(void *arg, const struct lf_manifest_file *f),
    void *arg);

/* A form of the manifest; part: of a bag. */
int lf_seal_hashdeep(const struct lf_seal *s, lf_write_fn *write, void *arg, struct lf_err *err)
    __attribute__((warn_unused_result));
int lf_seal_dfxml(const struct lf_seal *s, lf_write_fn *write, void *arg, struct lf_err *err)
    __attribute__((warn_unused_result));
int lf_seal_bag(const struct lf_seal *s, unsigned part, lf_write_fn *write, void *arg, struct lf_err *err)
    __attribute__((warn_unused_result));

/* Whether a name has a line feed, which a line of hashdeep's cannot hold. */
bool lf_has_line_feed(const char *name);

#endif
