/*
 * Whether bytes can go on as JSON (RFC 8259), told byte by byte from a saved state: what decodes to text by chance
 * stops being JSON within a few dozen bytes.  Words and numbers are only looked at for their letters; the scanner has
 * the last word.
 */
#ifndef LF_CARVE_GRAMMAR_H
#define LF_CARVE_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LF_GRAMMAR_DEPTH 64u

/* A copy is a saved state; zeros are the beginning. */
struct lf_grammar {
	uint64_t objects;     /* bit i: level i is an object */
	unsigned depth;
	unsigned char place;  /* internal */
	unsigned char hex;    /* digits of a \u escape that are to come */
	bool name;            /* the string is a member's name */
};

/* Goes on; false when bytes are none that can stand there (also what is nested deeper than LF_GRAMMAR_DEPTH). */
bool lf_grammar_feed(struct lf_grammar *g, const unsigned char *bytes, size_t len);

#endif
