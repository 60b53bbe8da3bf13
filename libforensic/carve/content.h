/* What the content of a member, or a text, holds: the records in it, and what is known of the one that broke off. */
#ifndef LF_CARVE_CONTENT_H
#define LF_CARVE_CONTENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "carve/find.h"
#include "carve/known.h"
#include "record/event.h"

struct lf_content; /* of one thread, used again and again */

struct lf_content *lf_content_new(struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_content_free(struct lf_content *c);

enum lf_content_form {
	LF_CONTENT_NONE,   /* none of ours, as far as its beginning tells */
	LF_CONTENT_JSON,   /* JSON, or CloudWatch's lines: may hold records, or be a digest */
	LF_CONTENT_GZIP, LF_CONTENT_TAR, /* a container: to be looked through */
};
/* How many bytes of it decide. */
#define LF_CONTENT_GLANCE 512u
enum lf_content_form lf_content_glance(const unsigned char *bytes, size_t len);

/*
 * Reads f->content (in f->text) into f: kind, records, hashes; and where f is not complete, what is known behind the
 * last whole record. f->text may grow.  known NULL: all is.  Only the first before bytes are read as a whole; further
 * ones are looked at for what is known in them.  Returns 1, 0 when nothing of ours is in it, -1 when memory is out.
 */
int lf_content_read(struct lf_content *c, struct lf_find *f, const struct lf_known *known, size_t before,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull(1, 2, 5)));

/* Adds a record that the caller read: an event whose raw bytes are f's text at json. */
int lf_content_record(struct lf_content *c, struct lf_find *f, const struct lf_event *e, size_t json,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/* SHA-256 of bytes, with the hash of c. */
int lf_content_hash(struct lf_content *c, const void *bytes, size_t len, unsigned char out[LF_SHA256_LEN],
    struct lf_err *err) __attribute__((warn_unused_result, nonnull));

#endif
