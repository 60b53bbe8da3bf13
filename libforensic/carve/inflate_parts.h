/* What the files of the DEFLATE decoder share: bits with the end of the input in sight, and headers. */
#ifndef LF_CARVE_INFLATE_PARTS_H
#define LF_CARVE_INFLATE_PARTS_H

#include <assert.h>
#include <endian.h>
#include <string.h>

#include "carve/inflate.h"

#define LF_INFLATE_GO_ON (-1) /* beside the values of enum lf_inflate_stop */

/* How many bits there are from bit on. */
static inline uint64_t
lf_inflate_bits_left(const struct lf_inflate_in *in, uint64_t bit)
{
	uint64_t at = bit / 8;

	assert(at >= in->base);
	return at - in->base >= in->len ? 0 : (in->len - (at - in->base)) * 8 - bit % 8;
}

/* At least 57 bits from bit on, zeros where the input has no more. */
static inline uint64_t
lf_inflate_bits_at(const struct lf_inflate_in *in, uint64_t bit)
{
	uint64_t at = bit / 8 - in->base, word = 0;

	if (at < in->len)
		memcpy(&word, in->bytes + at, in->len - at < 8 ? in->len - at : 8);
	return le64toh(word) >> bit % 8;
}

static inline unsigned
lf_inflate_low(uint64_t word, unsigned n)
{
	return (unsigned)(word & ((1u << n) - 1));
}

/* Reads the header at d->bit: LF_INFLATE_GO_ON behind it, or why not, and d is where it was. */
int lf_inflate_header(struct lf_inflate *d, const struct lf_inflate_in *in);

#endif
