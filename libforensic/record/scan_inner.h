/*
 * The inside of a scanner: what going from token to token (scan.c) and passing over a value in one go (scan_skip.c)
 * share.  What takes a place p returns the place behind the piece that stands there, or NULL with the problem set.
 */
#ifndef LF_RECORD_SCAN_INNER_H
#define LF_RECORD_SCAN_INNER_H

#include <string.h>

#include "record/scan.h"
#include "record/scan_piece.h"

#define LF_LIKELY(x) __builtin_expect((x), 1)

/* What may stand at s->p. */
enum lf_scan_state {
	LF_SCAN_AT_VALUE,
	LF_SCAN_AT_FIRST_KEY,     /* a name or } */
	LF_SCAN_AT_FIRST_ELEMENT, /* a value or ] */
	LF_SCAN_AFTER_VALUE,      /* behind a value inside a container: a comma or the end of the container */
	LF_SCAN_DONE,
	LF_SCAN_BROKEN
};

/* What common text does not hold, kept out of the way of what it does: white space, and the closing quote of a string
 * whatever that holds from p on. */
const char *lf_scan_past_space_slow(struct lf_scan *s, const char *p);
const char *lf_scan_string_slow(struct lf_scan *s, const char *p);

static inline const char *
lf_scan_fail(struct lf_scan *s, const char *at, const char *problem)
{
	s->problem = problem;
	s->at = (size_t)(at - s->text);
	s->state = LF_SCAN_BROKEN;
	return NULL;
}

/* The byte at p, or -1 at the end. */
static inline int
lf_scan_peek(const char *p, const char *end)
{
	return LF_LIKELY(p < end) ? (unsigned char)*p : -1;
}

/* The first byte from p on that is no white space (RFC 8259 section 2). */
static inline const char *
lf_scan_past_space(struct lf_scan *s, const char *p)
{
	return LF_LIKELY(lf_scan_peek(p, s->end) > ' ') ? p : lf_scan_past_space_slow(s, p);
}

/* The closing quote of the string whose content starts at p. */
static inline const char *
lf_scan_string_end(struct lf_scan *s, const char *p)
{
	size_t pos = (size_t)(p - s->base);
	uint64_t quote, other;

	if (LF_LIKELY(pos < s->mapped)) {
		quote = lf_scan_map_window(s->quote, pos);
		other = lf_scan_map_window(s->other, pos);
		if (quote != 0 && (other & (quote ^ (quote - 1))) == 0)
			return p + __builtin_ctzll(quote);
	}
	return lf_scan_string_slow(s, p);
}

static inline const char *
lf_scan_literal(struct lf_scan *s, const char *p, const char *word, size_t len)
{
	if ((size_t)(s->end - p) < len || memcmp(p, word, len) != 0)
		return lf_scan_fail(s, p, "value expected");
	return p + len;
}

/* A scalar that is no string; *token gets what it is. */
static inline const char *
lf_scan_bare(struct lf_scan *s, const char *p, enum lf_token *token)
{
	const char *end;
	bool ok;

	switch (lf_scan_peek(p, s->end)) {
	case 't':
		*token = LF_TOKEN_TRUE;
		return lf_scan_literal(s, p, "true", 4);
	case 'f':
		*token = LF_TOKEN_FALSE;
		return lf_scan_literal(s, p, "false", 5);
	case 'n':
		*token = LF_TOKEN_NULL;
		return lf_scan_literal(s, p, "null", 4);
	case '-':
	case '0' ... '9':
		*token = LF_TOKEN_NUMBER;
		end = lf_scan_number(p, s->end, &ok);
		return ok ? end : lf_scan_fail(s, end, "invalid number");
	default:
		return lf_scan_fail(s, p, "value expected");
	}
}

/* The colon behind the closing quote of a name. */
static inline const char *
lf_scan_colon(struct lf_scan *s, const char *p)
{
	p = lf_scan_past_space(s, p + 1);
	return LF_LIKELY(lf_scan_peek(p, s->end) == ':') ? p + 1 : lf_scan_fail(s, p, "':' expected");
}

/* ---- Containers ---- */

static inline bool
lf_scan_in_object(const struct lf_scan *s, unsigned depth)
{
	return s->stack[(depth - 1) / 64] >> ((depth - 1) % 64) & 1;
}

/* Enters a container at p. */
static inline bool
lf_scan_push(struct lf_scan *s, const char *p, bool object)
{
	unsigned d = s->depth;
	uint64_t bit = UINT64_C(1) << (d % 64);

	if (d == LF_MAX_JSON_DEPTH) {
		lf_scan_fail(s, p, "nested too deeply");
		return false;
	}
	s->stack[d / 64] = object ? s->stack[d / 64] | bit : s->stack[d / 64] & ~bit;
	s->depth = d + 1;
	return true;
}

/* Ends a value behind p. */
static inline enum lf_token
lf_scan_give(struct lf_scan *s, const char *p, enum lf_token token)
{
	if (p == NULL)
		return LF_TOKEN_ERROR;
	s->p = p;
	s->state = s->depth == 0 ? LF_SCAN_DONE : LF_SCAN_AFTER_VALUE;
	return token;
}

static inline enum lf_token
lf_scan_give_end(struct lf_scan *s, const char *p)
{
	bool object = lf_scan_in_object(s, s->depth);

	s->at = (size_t)(p - s->text);
	s->depth--;
	return lf_scan_give(s, p + 1, object ? LF_TOKEN_OBJECT_END : LF_TOKEN_ARRAY_END);
}

static inline const char *
lf_scan_fail_after(struct lf_scan *s, const char *p, bool object)
{
	return lf_scan_fail(s, p, object ? "',' or '}' expected" : "',' or ']' expected");
}

#endif
