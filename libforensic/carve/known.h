/* Which bytes of a text are known: a bit a byte. */
#ifndef LF_CARVE_KNOWN_H
#define LF_CARVE_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lf_known {
	uint64_t *words;
	size_t len; /* bytes spoken of; those behind are not known */
	size_t room; /* words */
};

void lf_known_init(struct lf_known *k);
void lf_known_free(struct lf_known *k); /* leaves an empty, usable map */

/* Makes the map one of len bytes of which none is known.  Returns 0, or -1 when memory is out. */
int lf_known_reset(struct lf_known *k, size_t len) __attribute__((warn_unused_result));

/* Makes [from, to) known; to is at most len. */
void lf_known_add(struct lf_known *k, size_t from, size_t to);

/* The first byte from at on that is known, or is not; len when there is none. */
size_t lf_known_next(const struct lf_known *k, size_t at, bool known);

#endif
