/* What tests ask of a map of known bytes, and the library does not. */
#ifndef LF_TEST_KNOWN_BYTES_H
#define LF_TEST_KNOWN_BYTES_H

#include "carve/known.h"

static inline bool
known_at(const struct lf_known *k, size_t at)
{
	return lf_known_next(k, at, true) == at && at < k->len;
}

/* Whether all of [from, to) is known. */
static inline bool
known_all(const struct lf_known *k, size_t from, size_t to)
{
	return from >= to || (to <= k->len && lf_known_next(k, from, false) >= to);
}

static inline size_t
known_count(const struct lf_known *k)
{
	size_t n = 0;

	for (size_t at = lf_known_next(k, 0, true), end; at < k->len; at = lf_known_next(k, end, true)) {
		end = lf_known_next(k, at, false);
		n += end - at;
	}
	return n;
}

#endif
