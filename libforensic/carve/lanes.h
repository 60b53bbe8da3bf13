/* Decoding one block from many bits at once: where the ways that come to the right end have become one. */
#ifndef LF_CARVE_LANES_H
#define LF_CARVE_LANES_H

#include "carve/inflate.h"

/*
 * d is in a block with codes, its last; in holds the bytes up to the end of the data and no more.  Decodes from each of the
 * LF_INFLATE_ITEM_MAX bits from bit on.  True when some of these ways end the block in the last byte of in, and all that do
 * have an item begin at *proved, the first bit where that is so.
 */
bool lf_lanes_meet(const struct lf_inflate *d, const struct lf_inflate_in *in, uint64_t bit, uint64_t *proved)
    __attribute__((nonnull));

#endif
