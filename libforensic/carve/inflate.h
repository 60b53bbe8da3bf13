/*
 * DEFLATE (RFC 1951) for damaged evidence: a decoder that begins at any bit, at a block or inside one whose codes are
 * known, says to the bit where it stopped and why, and goes on from there with other bytes.  It allocates nothing and
 * holds no pointer: a copy of struct lf_inflate is a saved state.
 *
 * It reads items: a block's header with its codes, a literal, a match, the end of a block, or stored bytes.  An item of
 * which the input lacks a bit is not begun, so what is decoded of input cut at a hole depends on no bit beyond it.
 */
#ifndef LF_CARVE_INFLATE_H
#define LF_CARVE_INFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "carve/codes.h"

#define LF_INFLATE_WINDOW   32768u /* how far back a distance reaches */
#define LF_INFLATE_ITEM_MAX 48u    /* bits of the longest literal or match: 15 + 5 + 15 + 13 */
#define LF_INFLATE_KEEP     288u   /* bytes of the longest header: the most of the input unread at LF_INFLATE_INPUT */

enum lf_inflate_stop {
	LF_INFLATE_INPUT,     /* the next item is not wholly in the input */
	LF_INFLATE_OUTPUT,    /* no room left */
	LF_INFLATE_BLOCK,     /* behind a block that is not the last (only with each_block) */
	LF_INFLATE_END,       /* behind the last block */
	LF_INFLATE_BAD_BLOCK, /* block type 3, or a stored length that is not its complement's */
	LF_INFLATE_BAD_CODES, /* the block's codes are none */
	LF_INFLATE_BAD_SYMBOL,
	LF_INFLATE_BAD_DISTANCE /* a distance code without meaning, or from before all that is known */
};

/*
 * A part of the stored bytes.  Positions of bits count from the beginning of the whole, the lowest bit of a byte first.
 */
struct lf_inflate_in {
	const unsigned char *bytes;
	size_t len;
	uint64_t base; /* where bytes[0] stands in the whole */
};

/* The output, its first len bytes made before: matches copy from them.  What is behind len may be written over. */
struct lf_inflate_out {
	unsigned char *bytes;
	size_t len, cap;
};

/*
 * The same where the history is unknown.  A symbol below 256 is a byte; one of 0x8000 and more stands for the byte that
 * was lf_inflate_back() bytes before symbols[0], whatever that was: equal symbols are equal bytes.
 */
struct lf_inflate_symbols {
	uint16_t *symbols;
	size_t len, cap;
};

static inline bool
lf_inflate_known(uint16_t symbol)
{
	return symbol < 256;
}

/* 1 to LF_INFLATE_WINDOW, for a symbol that is not known. */
static inline uint32_t
lf_inflate_back(uint16_t symbol)
{
	return 0x10000u - symbol;
}

enum lf_inflate_place { LF_INFLATE_AT_HEADER, LF_INFLATE_IN_STORED, LF_INFLATE_IN_CODES, LF_INFLATE_AT_END };

/* To be read are bit, place and final. */
struct lf_inflate {
	uint64_t bit;                /* the next one to read: the first of an item */
	enum lf_inflate_place place;
	bool final;                  /* this block, or the one just ended, is the last */
	bool each_block;             /* set by the caller, at any time: stop behind every block */
	uint32_t stored;             /* bytes of a stored block that are still to come */
	uint16_t copy_len, copy_dist; /* a match for which there was no room: what is to come of it, its distance */
	bool fixed;                  /* the codes below are those of RFC 1951 section 3.2.6 */
	uint32_t literals[LF_CODES_LITERAL_ROOM];
	uint32_t distances[LF_CODES_DISTANCE_ROOM];
};

/* Makes ready to read a block's header at a bit. */
void lf_inflate_start(struct lf_inflate *d, uint64_t bit);

/* Goes to another bit of the block it is in (place must be LF_INFLATE_IN_CODES); forgets a match under way. */
void lf_inflate_enter(struct lf_inflate *d, uint64_t bit);

/*
 * Decodes until something stops it, appending to out.  in must hold the byte of d->bit, or end before it.  After
 * LF_INFLATE_INPUT and LF_INFLATE_OUTPUT it goes on where it was, with input that begins no later than at d->bit; out
 * may have moved, if it kept its last LF_INFLATE_WINDOW bytes.  After LF_INFLATE_BAD_* d->bit is where the bad item
 * begins.
 */
enum lf_inflate_stop lf_inflate_bytes(struct lf_inflate *d, const struct lf_inflate_in *in, struct lf_inflate_out *out)
    __attribute__((nonnull));

/* As lf_inflate_bytes(); a distance from before the output is no error. */
enum lf_inflate_stop lf_inflate_symbols(struct lf_inflate *d, const struct lf_inflate_in *in,
    struct lf_inflate_symbols *out) __attribute__((nonnull));

enum lf_inflate_item {
	LF_INFLATE_IS_LITERAL, LF_INFLATE_IS_MATCH, LF_INFLATE_IS_END, LF_INFLATE_IS_CUT, LF_INFLATE_IS_BAD
};

/*
 * Looks at the item that would begin at a bit of the block d is in (LF_INFLATE_IN_CODES), without going there; *next is
 * the bit behind it (not for LF_INFLATE_IS_CUT and LF_INFLATE_IS_BAD).
 */
enum lf_inflate_item lf_inflate_look(const struct lf_inflate *d, const struct lf_inflate_in *in, uint64_t bit,
    uint64_t *next) __attribute__((nonnull));

#endif
