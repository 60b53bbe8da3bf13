/*
 * S3 object metadata that a plain download loses (trail-evidence(7), METADATA): signatures of digests, found by
 * content in JSON lines, head-object output, rclone and mc listings, and raw headers.
 */
#ifndef LF_EVIDENCE_META_H
#define LF_EVIDENCE_META_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/index.h"
#include "base/intern.h"
#include "base/list.h"
#include "base/signature.h"

struct lf_meta_entry {
	const char *bucket;    /* or NULL where the form names none */
	const char *key;       /* S3 key, or the relative path or file name that the form gives */
	const struct lf_signature *signature; /* or NULL */
	const char *algorithm; /* or NULL */
	const char *backfill;  /* backfill-generation-timestamp, or NULL */
	const char *from;      /* the file that said so, for messages */
	bool used;             /* an object was found for it; set by whoever matches */
};

struct lf_meta {
	struct lf_list entries; /* struct lf_meta_entry, in order of reading */
	struct lf_index by_name;
	/* of entries; digests are named the same, and whoever reads them keeps their keys here */
	struct lf_intern keys;
	struct lf_signatures signatures; /* ... and the signatures that they record */
	struct lf_arena arena;
};

void lf_meta_init(struct lf_meta *m);
void lf_meta_free(struct lf_meta *m);

/*
 * Adds what a metadata file says.  file_name is its path (its name gives the object where the content does not:
 * "X.json.gz.meta.json", "X.json.gz.headers", ...).  *known tells whether the content is a form of metadata; an
 * entry is added for each object of which it tells a signature, its algorithm or a backfill, and for each digest.
 * What names no object and tells different things cannot be attributed and is not known.  Returns -1 only when
 * memory is out.
 */
int lf_meta_add(struct lf_meta *m, const char *file_name, const char *text, size_t len, bool *known,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/* Takes back all entries but the first n. */
int lf_meta_rewind(struct lf_meta *m, uint32_t n, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/* Adds a PATH of -m: a file, a pipe, or every file below a folder (links not followed).  Fails when it does not exist
 * or when nothing below it is metadata. */
int lf_meta_load(struct lf_meta *m, const char *path, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/*
 * The entries whose key has the same base name as key (without regard to case), one a call:
 * *cursor = 0 at first; NULL at the end.
 */
struct lf_meta_entry *lf_meta_next(const struct lf_meta *m, const char *key, size_t *cursor);

#endif
