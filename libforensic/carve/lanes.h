/* Decoding one block from many bits at once: where the ways that come to the right end have become one. */
#ifndef LF_CARVE_LANES_H
#define LF_CARVE_LANES_H

#include "carve/inflate.h"

/* The bits behind which the block may end: the first behind it is one of them. */
struct lf_lanes_end {
	uint64_t first, last;
};

/*
 * d is in a block with codes; in holds the bytes up to the end of the data and no more.  Decodes from each of the
 * LF_INFLATE_ITEM_MAX bits from bit on.  True when some of these ways end the block where it may end, and all that do
 * have an item begin at *proved, the first bit where that is so.
 */
bool lf_lanes_meet(const struct lf_inflate *d, const struct lf_inflate_in *in, uint64_t bit, struct lf_lanes_end end,
    uint64_t *proved) __attribute__((nonnull));

/*
 * As lf_lanes_meet() where it is not known where the data end: true when all ways that do not come to nonsense become
 * one at *proved, before any of them ends the block.
 */
bool lf_lanes_merge(const struct lf_inflate *d, const struct lf_inflate_in *in, uint64_t bit, uint64_t *proved)
    __attribute__((nonnull));

#endif
