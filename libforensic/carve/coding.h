/*
 * How text stands in an image: in units of one byte (UTF-8) or two (UTF-16), and escaped a number of times, as a JSON
 * string inside of a JSON string is (RFC 8259 section 7).
 */
#ifndef LF_CARVE_CODING_H
#define LF_CARVE_CODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define LF_CODING_LEVELS 4u /* escaped that many times at most */

struct lf_coding {
	unsigned unit;  /* 1, or 2 for UTF-16 */
	bool big;       /* UTF-16 with the high byte first */
	unsigned level; /* 0: not escaped */
};

/* The unit at p. */
static inline unsigned
lf_coding_unit(const struct lf_coding *c, const unsigned char *p)
{
	if (c->unit == 1)
		return *p;
	return c->big ? (unsigned)(p[0] << 8 | p[1]) : (unsigned)(p[1] << 8 | p[0]);
}

/* What a quote is, by the backslashes in front of it. */
enum lf_quote {
	LF_QUOTE_STRUCTURE, /* begins or ends a string of the text */
	LF_QUOTE_CONTENT,   /* stands inside a string of the text */
	LF_QUOTE_OUTSIDE    /* ends (or begins) the string that the text itself is in */
};
enum lf_quote lf_coding_quote(unsigned level, size_t backslashes);

/* Backslashes in front of a quote that begins a string: 0, 1, 3, 7 ... */
static inline size_t
lf_coding_backslashes(unsigned level)
{
	return ((size_t)1 << level) - 1;
}

/* The level of a name, by the backslashes in front of its first quote; -1 when no level has so many. */
int lf_coding_level(size_t backslashes);

/* Decoded text, and for each byte of it where in the raw bytes what it was made of ends. */
struct lf_decoded {
	struct lf_buf text;
	struct lf_buf ends;    /* uint32_t for each byte of text; empty when text is raw as it stands */
	struct lf_buf scratch, scratch_ends;
	const char *s;         /* the text: in raw, or in the buffer */
	size_t len;
};
void lf_decoded_free(struct lf_decoded *d);

/*
 * Decodes raw up to its end, to where the string that holds it ends, or to what is no text (an unpaired surrogate, a
 * broken escape; but an escaped surrogate without the other is U+FFFD).  What an incomplete end leaves over is not
 * given.  Returns -1 when memory is out.
 */
int lf_coding_decode(const struct lf_coding *c, const unsigned char *raw, size_t len, struct lf_decoded *out)
    __attribute__((warn_unused_result, nonnull));
/* How many raw bytes made the first n bytes of the text. */
size_t lf_decoded_raw(const struct lf_decoded *d, size_t n);

#endif
