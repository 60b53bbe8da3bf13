/*
 * SHA-256 of a JSON value, so that equal values have equal hashes, and nobody can make two different ones that have:
 * neither white space nor the order of members, on any level, nor escapes, nor the spelling of numbers (1, 1.0, 10e-1)
 * counts.
 */
#ifndef LF_RECORD_CANONICAL_H
#define LF_RECORD_CANONICAL_H

#include "base/hash.h"
#include "base/slice.h"

struct lf_canonical; /* of one thread, used again and again */

struct lf_canonical *lf_canonical_new(struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_canonical_free(struct lf_canonical *c);

#define LF_CANONICAL_MAX ((size_t)16 << 20)

/*
 * Broken JSON, an object in which a name stands twice, and what is longer than LF_CANONICAL_MAX is hashed as it stands.
 * Returns 0, or -1 when memory is out.
 */
int lf_canonical_hash(struct lf_canonical *c, struct lf_slice json, unsigned char out[LF_SHA256_LEN])
    __attribute__((warn_unused_result, nonnull));

#endif
