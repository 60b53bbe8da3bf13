/*
 * A hash of a JSON value under a seed that neither white space nor the way characters are escaped changes.  The value
 * is hashed as its text in one form: no white space outside of strings, and in strings only quotes, backslashes,
 * control characters and lone surrogates escaped, each in one way.
 */
#ifndef LF_RECORD_CONTENT_H
#define LF_RECORD_CONTENT_H

#include <stdbool.h>

#include "base/seed.h"
#include "base/slice.h"

#define LF_CONTENT_BLOCK 1024 /* bytes that are hashed at once; the hashes of several are mixed */

uint64_t lf_content_hash_any(const struct lf_seed *seed, struct lf_slice json, bool loose);

/* json: a valid value or name, a string with its quotes.  loose: white space outside of strings, or a backslash, may be
 * there; without either it is faster, and the same.  Numbers are as they are written: 1 is not 1.0. */
static inline uint64_t
lf_content_hash(const struct lf_seed *seed, struct lf_slice json, bool loose)
{
	if (!loose && json.len <= LF_CONTENT_BLOCK)
		return lf_seed_hash(seed, json.s, json.len);
	return lf_content_hash_any(seed, json, loose);
}

#endif
