/*
 * How many items the blocks of DEFLATE data have.  zlib, and what is built on it, ends a block when it has buffered
 * 2^n - 1 items (memLevel in its manual; 16383 as a rule): so many have all blocks but the last of a log.
 */
#ifndef LF_CARVE_BLOCKS_H
#define LF_CARVE_BLOCKS_H

#include "carve/inflate.h"

struct lf_blocks {
	uint64_t each;  /* items of a complete block that is not the last; 0: there is none */
	bool differ;    /* they are not alike, or not of 2^n - 1 items, or of stored bytes */
	uint64_t begun; /* items of the block that the input ends in */
};

/* Counts from the header at bit to the end of the input, of the last block, or to what is no block; adds to b. */
void lf_blocks_count(struct lf_blocks *b, const struct lf_inflate_in *in, uint64_t bit) __attribute__((nonnull));

/*
 * Counts the items from bit on, d being in that block, to the block's end or that of the input; *end is the bit behind
 * the block's end, or the bit where it stopped.  Returns their number.
 */
uint64_t lf_blocks_items(const struct lf_inflate *d, const struct lf_inflate_in *in, uint64_t bit, uint64_t *end,
    bool *ended) __attribute__((nonnull));

#endif
