/* What an object is, by its content; its key only decides for content that is damaged.  The door to libmagic. */
#ifndef LF_RECORD_CLASSIFY_H
#define LF_RECORD_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "evidence/gzip.h"
#include "record/s3key.h"

enum lf_kind {
	LF_KIND_DIGEST,
	LF_KIND_LOG,
	LF_KIND_LAKE_SIGN,
	LF_KIND_LAKE_RESULT,
	LF_KIND_METADATA, /* S3 object metadata beside the objects */
	LF_KIND_KEYS,     /* list-public-keys output */
	LF_KIND_FOREIGN,  /* another service's, folder markers, checksum files: ignored, counted */
	LF_KIND_EVENTS,   /* CloudTrail events in a container that no digest covers (LookupEvents ...) */
	LF_KIND_UNKNOWN
};

/* Content (gz->data, gz->len) and key decide; path is the object's.  Never fails. */
enum lf_kind lf_classify(const struct lf_gzip *gz, const struct lf_s3key *key, const char *path, size_t path_len);

/* Whether bytes begin as an archive, or as a compressed file that is no gzip, does.  No text does. */
bool lf_looks_like_archive(const void *bytes, size_t len);

struct lf_magic; /* of one thread */

/* Loads libmagic's database; NULL with err filled when it is absent (then messages go without it). */
struct lf_magic *lf_magic_new(struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_magic_free(struct lf_magic *m);

/* "PNG image data", ...: what unknown bytes are, for a message.  Valid until the next call; never NULL. */
const char *lf_magic_describe(struct lf_magic *m, const void *bytes, size_t len);

/* "libmagic VERSION" of what is linked: appended to out. */
void lf_magic_library(struct lf_buf *out);

#endif
