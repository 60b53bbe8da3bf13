/* What a body of evidence consists of: its sources, and every object in them with size, time and hashes. */
#ifndef LF_CUSTODY_MANIFEST_H
#define LF_CUSTODY_MANIFEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/list.h"
#include "proof/case.h"

enum lf_role {
	LF_ROLE_LOG,
	LF_ROLE_DIGEST,
	LF_ROLE_INSIGHT,
	LF_ROLE_NETWORK,
	LF_ROLE_AGGREGATED,
	LF_ROLE_LAKE_SIGN,
	LF_ROLE_LAKE_RESULT,
	LF_ROLE_METADATA,
	LF_ROLE_KEYS,
	LF_ROLE_EVENTS,
	LF_ROLE_OTHER,
	LF_ROLES
};

/* "log", "digest", ... */
const char *lf_role_name(enum lf_role r);
/* The role of a name, or LF_ROLES. */
enum lf_role lf_role_of(const char *name);

/* An operand.  A file or an archive is hashed as a whole; the one object of a file is the file itself. */
struct lf_manifest_source {
	const char *name;   /* as given */
	const char *format; /* of an archive, else NULL */
	enum lf_source_kind kind;
	bool hashed;
	uint64_t size;
	int64_t mtime;      /* LF_TIME_NONE where it has none */
	unsigned char hash[LF_SHA256_LEN];
};

struct lf_manifest_object {
	const char *path;    /* inside the source; of a file, its base name */
	const char *key;     /* the end of a path from "AWSLogs/" on, or NULL */
	const char *problem; /* why it could not be read, or NULL; then there are no hashes */
	uint64_t size;       /* bytes as stored */
	uint64_t content;    /* bytes inflated, when inflated */
	int64_t mtime;       /* LF_TIME_NONE where it has none */
	uint32_t source;
	uint8_t role;        /* enum lf_role */
	bool inflated;       /* it is gzip, and its first member whole: content and content_hash are set */
	unsigned char hash[LF_SHA256_LEN];         /* of the bytes as stored */
	unsigned char content_hash[LF_SHA256_LEN]; /* of the bytes inflated */
};

struct lf_manifest {
	struct lf_list sources; /* struct lf_manifest_source, sorted by name */
	struct lf_list objects; /* struct lf_manifest_object, in the order of the evidence */
	uint64_t bytes;         /* as stored, of the objects read */
	uint64_t content;       /* inflated, of those that were */
	uint64_t skipped;       /* objects that could not be read */
	struct lf_arena arena;
};

void lf_manifest_init(struct lf_manifest *m);
void lf_manifest_free(struct lf_manifest *m);

/* Counts an object that was pushed and filled. */
void lf_manifest_count(struct lf_manifest *m, const struct lf_manifest_object *o);

static inline struct lf_manifest_source *
lf_manifest_source_at(const struct lf_manifest *m, uint32_t i)
{
	return lf_list_at(&m->sources, i);
}

static inline struct lf_manifest_object *
lf_manifest_object_at(const struct lf_manifest *m, uint32_t i)
{
	return lf_list_at(&m->objects, i);
}

/* Appends where an object lies: "FOLDER/path", "ARCHIVE!path", "FILE". */
void lf_manifest_locator(const struct lf_manifest *m, const struct lf_manifest_object *o, struct lf_buf *out);

/* ---- manifest_gather.c ---- */

/* Reads all evidence of the case, once, into an empty manifest. */
int lf_manifest_gather(struct lf_case *c, struct lf_manifest *m, struct lf_err *err)
    __attribute__((warn_unused_result));

/* Reads the evidence once more, as stored, into an empty manifest: neither roles nor inflated hashes are filled. */
int lf_manifest_gather_again(struct lf_case *c, struct lf_manifest *m, struct lf_err *err)
    __attribute__((warn_unused_result));

/* ---- manifest_json.c, manifest_read.c ---- */

/* Writes it as JSON, an object on each line: a function of the evidence and its times alone. */
int lf_manifest_json(const struct lf_manifest *m, lf_write_fn *write, void *arg, struct lf_err *err)
    __attribute__((warn_unused_result));

/* Reads what lf_manifest_json() wrote from fd, from its beginning, and hashes it on the way.  Returns 0;
 * 1 when it is anything else, with the line and why in err; -1 when it cannot be read. */
int lf_manifest_read(int fd, struct lf_manifest *m, unsigned char hash[LF_SHA256_LEN], struct lf_err *err)
    __attribute__((warn_unused_result));

/* ---- manifest_compare.c ---- */

struct lf_findings;

struct lf_manifest_tally {
	uint64_t same, added, removed, altered, moved, unread;
};

/* Holds what the evidence is (now) against what it was (then): a finding for each object that differs.  Times of
 * modification do not count. */
int lf_manifest_compare(const struct lf_manifest *then, const struct lf_manifest *now, struct lf_findings *f,
    struct lf_manifest_tally *tally, struct lf_err *err) __attribute__((warn_unused_result));

#endif
