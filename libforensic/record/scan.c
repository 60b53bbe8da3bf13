#include "record/scan.h"

#include <string.h>

#include "record/scan_piece.h"

#define LIKELY(x) __builtin_expect((x), 1)

/* What may stand at s->p. */
enum state {
	STATE_VALUE,
	STATE_FIRST_KEY,     /* a name or } */
	STATE_FIRST_ELEMENT, /* a value or ] */
	STATE_AFTER,         /* behind a value inside a container: a comma or the end of the container */
	STATE_DONE,
	STATE_BROKEN
};

/* Maps the text from p on, up to LF_SCAN_MAP bytes of it. */
static void
map_from(struct lf_scan *s, const char *p)
{
	size_t left = (size_t)(s->end - p);

	s->base = p;
	s->mapped = left < LF_SCAN_MAP ? left : LF_SCAN_MAP;
	lf_scan_map_text(s->map, p, s->mapped, s->quote, s->other);
}

/* ---- Pieces of a text: each returns what is behind it, or NULL with the problem set. ---- */

static const char *
fail(struct lf_scan *s, const char *at, const char *problem)
{
	s->problem = problem;
	s->at = (size_t)(at - s->text);
	s->state = STATE_BROKEN;
	return NULL;
}

/* The byte at p, or -1 at the end. */
static inline int
peek(const char *p, const char *end)
{
	return LIKELY(p < end) ? (unsigned char)*p : -1;
}

static __attribute__((noinline)) const char *
blank_slow(struct lf_scan *s, const char *p)
{
	s->loose = true;
	return lf_scan_blanks(p, s->end);
}

/* The first byte from p on that is no white space (RFC 8259 section 2). */
static inline const char *
blank(struct lf_scan *s, const char *p)
{
	return LIKELY(peek(p, s->end) > ' ') ? p : blank_slow(s, p);
}

/* p: at the backslash. */
static inline const char *
escape(struct lf_scan *s, const char *p)
{
	char c = lf_escape_value(peek(p + 1, s->end));

	s->escaped = s->loose = true;
	if (c == 0)
		return fail(s, p, "invalid escape in a string");
	if (c != 'u')
		return p + 2;
	if (lf_hex4(p + 2, s->end) < 0)
		return fail(s, p, "\\u without four hexadecimal digits");
	return p + 6;
}

/* The closing quote of a string, whatever it holds from p on. */
static __attribute__((noinline)) const char *
string_slow(struct lf_scan *s, const char *p)
{
	size_t pos, n;
	uint64_t m;

	while (p != NULL) {
		if (p >= s->base + s->mapped) {
			if (p >= s->end)
				return fail(s, s->end, "string is not closed");
			map_from(s, p);
		}
		pos = (size_t)(p - s->base);
		m = lf_scan_map_window(s->quote, pos) | lf_scan_map_window(s->other, pos);
		if (m == 0) {
			pos += LF_SCAN_BLOCK - pos % 8;
			p = s->base + (pos < s->mapped ? pos : s->mapped);
			continue;
		}
		p += __builtin_ctzll(m);
		if (*p == '"')
			return p;
		if (*p == '\\')
			p = escape(s, p);
		else if ((signed char)*p >= 0)
			return fail(s, p, "control character in a string");
		else if ((n = lf_scan_utf8(p, s->end)) > 0)
			p += n;
		else
			return fail(s, p, "invalid UTF-8 in a string");
	}
	return NULL;
}

/* The closing quote of the string whose content starts at p. */
static inline const char *
string_end(struct lf_scan *s, const char *p)
{
	size_t pos = (size_t)(p - s->base);
	uint64_t quote, other;

	if (LIKELY(pos < s->mapped)) {
		quote = lf_scan_map_window(s->quote, pos);
		other = lf_scan_map_window(s->other, pos);
		if (quote != 0 && (other & (quote ^ (quote - 1))) == 0)
			return p + __builtin_ctzll(quote);
	}
	return string_slow(s, p);
}

static inline const char *
literal(struct lf_scan *s, const char *p, const char *word, size_t len)
{
	if ((size_t)(s->end - p) < len || memcmp(p, word, len) != 0)
		return fail(s, p, "value expected");
	return p + len;
}

/* A scalar that is no string; *token gets what it is. */
static inline const char *
plain_scalar(struct lf_scan *s, const char *p, enum lf_token *token)
{
	const char *end;
	bool ok;

	switch (peek(p, s->end)) {
	case 't':
		*token = LF_TOKEN_TRUE;
		return literal(s, p, "true", 4);
	case 'f':
		*token = LF_TOKEN_FALSE;
		return literal(s, p, "false", 5);
	case 'n':
		*token = LF_TOKEN_NULL;
		return literal(s, p, "null", 4);
	case '-':
	case '0' ... '9':
		*token = LF_TOKEN_NUMBER;
		end = lf_scan_number(p, s->end, &ok);
		return ok ? end : fail(s, end, "invalid number");
	default:
		return fail(s, p, "value expected");
	}
}

/* The colon behind the closing quote of a name. */
static inline const char *
colon(struct lf_scan *s, const char *p)
{
	p = blank(s, p + 1);
	return LIKELY(peek(p, s->end) == ':') ? p + 1 : fail(s, p, "':' expected");
}

/* ---- Containers ---- */

static inline bool
in_object(const struct lf_scan *s, unsigned depth)
{
	return s->stack[(depth - 1) / 64] >> ((depth - 1) % 64) & 1;
}

/* Enters a container at p. */
static inline bool
push(struct lf_scan *s, const char *p, bool object)
{
	unsigned d = s->depth;
	uint64_t bit = UINT64_C(1) << (d % 64);

	if (d == LF_MAX_JSON_DEPTH) {
		fail(s, p, "nested too deeply");
		return false;
	}
	s->stack[d / 64] = object ? s->stack[d / 64] | bit : s->stack[d / 64] & ~bit;
	s->depth = d + 1;
	return true;
}

/* ---- The scanner ---- */

void
lf_scan_init(struct lf_scan *s, const char *text, size_t len)
{
	s->text = s->p = s->base = s->s = len == 0 ? "" : text;
	s->end = s->text + len;
	s->len = s->at = s->mapped = 0;
	s->escaped = s->loose = false;
	s->problem = NULL;
	s->depth = 0;
	s->state = STATE_VALUE;
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		s->p += 3;
	s->map = lf_scan_map_best();
}

/* Ends a value behind p. */
static inline enum lf_token
give(struct lf_scan *s, const char *p, enum lf_token token)
{
	if (p == NULL)
		return LF_TOKEN_ERROR;
	s->p = p;
	s->state = s->depth == 0 ? STATE_DONE : STATE_AFTER;
	return token;
}

static enum lf_token
give_container(struct lf_scan *s, const char *p, bool object)
{
	if (!push(s, p, object))
		return LF_TOKEN_ERROR;
	s->p = p + 1;
	s->state = object ? STATE_FIRST_KEY : STATE_FIRST_ELEMENT;
	return object ? LF_TOKEN_OBJECT : LF_TOKEN_ARRAY;
}

static inline enum lf_token
give_value(struct lf_scan *s, const char *p)
{
	enum lf_token token = LF_TOKEN_ERROR;
	const char *q;

	s->at = (size_t)(p - s->text);
	switch (peek(p, s->end)) {
	case '"':
		s->escaped = false;
		q = string_end(s, p + 1);
		if (q == NULL)
			return LF_TOKEN_ERROR;
		s->s = p + 1;
		s->len = (size_t)(q - s->s);
		return give(s, q + 1, LF_TOKEN_STRING);
	case '{':
		return give_container(s, p, true);
	case '[':
		return give_container(s, p, false);
	default:
		q = plain_scalar(s, p, &token);
		if (q != NULL && token == LF_TOKEN_NUMBER) {
			s->s = p;
			s->len = (size_t)(q - p);
		}
		return give(s, q, token);
	}
}

static inline enum lf_token
give_key(struct lf_scan *s, const char *p)
{
	const char *q;

	if (peek(p, s->end) != '"') {
		fail(s, p, "name of a member expected");
		return LF_TOKEN_ERROR;
	}
	s->at = (size_t)(p - s->text);
	s->escaped = false;
	q = string_end(s, p + 1);
	if (q == NULL)
		return LF_TOKEN_ERROR;
	s->s = p + 1;
	s->len = (size_t)(q - s->s);
	q = colon(s, q);
	if (q == NULL)
		return LF_TOKEN_ERROR;
	s->p = q;
	s->state = STATE_VALUE;
	return LF_TOKEN_KEY;
}

static enum lf_token
give_end(struct lf_scan *s, const char *p)
{
	bool object = in_object(s, s->depth);

	s->at = (size_t)(p - s->text);
	s->depth--;
	return give(s, p + 1, object ? LF_TOKEN_OBJECT_END : LF_TOKEN_ARRAY_END);
}

static const char *
fail_after(struct lf_scan *s, const char *p, bool object)
{
	return fail(s, p, object ? "',' or '}' expected" : "',' or ']' expected");
}

enum lf_token
lf_scan_next(struct lf_scan *s)
{
	const char *p = blank(s, s->p);
	bool object;

	switch ((enum state)s->state) {
	case STATE_VALUE:
		return give_value(s, p);
	case STATE_FIRST_KEY:
		return peek(p, s->end) == '}' ? give_end(s, p) : give_key(s, p);
	case STATE_FIRST_ELEMENT:
		return peek(p, s->end) == ']' ? give_end(s, p) : give_value(s, p);
	case STATE_AFTER:
		object = in_object(s, s->depth);
		if (peek(p, s->end) == (object ? '}' : ']'))
			return give_end(s, p);
		if (peek(p, s->end) == ',') {
			p = blank(s, p + 1);
			return object ? give_key(s, p) : give_value(s, p);
		}
		fail_after(s, p, object);
		return LF_TOKEN_ERROR;
	case STATE_DONE:
		s->at = (size_t)(s->p - s->text);
		return LF_TOKEN_END;
	case STATE_BROKEN:
		break;
	}
	return LF_TOKEN_ERROR;
}

enum lf_token
lf_scan_member(struct lf_scan *s, struct lf_scan_member *m)
{
	const char *p = blank(s, s->p), *q;
	enum lf_token token;

	m->name.s = NULL;
	if (LIKELY(s->state == STATE_AFTER && peek(p, s->end) == ','))
		token = give_key(s, blank(s, p + 1));
	else
		token = lf_scan_next(s);
	if (token != LF_TOKEN_KEY)
		return token;
	*m = (struct lf_scan_member){{s->s, s->len}, s->escaped};
	p = blank(s, s->p);
	if (peek(p, s->end) != '"')
		return give_value(s, p);
	s->at = (size_t)(p - s->text);
	s->escaped = false;
	if ((q = string_end(s, p + 1)) == NULL)
		return LF_TOKEN_ERROR;
	s->s = p + 1;
	s->len = (size_t)(q - s->s);
	s->p = q + 1;
	s->state = STATE_AFTER;
	return LF_TOKEN_STRING;
}

/* Leaves the container that ends at p. */
static inline const char *
leave(struct lf_scan *s, const char *p, bool *object)
{
	s->at = (size_t)(p - s->text);
	if (--s->depth > 0)
		*object = in_object(s, s->depth);
	return p + 1;
}

static inline char
closer(bool object)
{
	return object ? '}' : ']';
}

/* A name and its colon, up to the value. */
static inline const char *
pass_key(struct lf_scan *s, const char *p)
{
	if (peek(p, s->end) != '"')
		return fail(s, p, "name of a member expected");
	if ((p = string_end(s, p + 1)) == NULL || (p = colon(s, p)) == NULL)
		return NULL;
	return blank(s, p);
}

static inline const char *
pass_scalar(struct lf_scan *s, const char *p)
{
	enum lf_token ignored;

	if (*p != '"')
		return plain_scalar(s, p, &ignored);
	p = string_end(s, p + 1);
	return p == NULL ? NULL : p + 1;
}

/*
 * The same walk as lf_scan_next(), without a stop at each token, from the first element at p on until the depth
 * falls to floor.
 */
static const char *
pass_elements(struct lf_scan *s, const char *p, bool object, unsigned floor)
{
	const char *end = s->end;
	int c;

	for (;;) {
		if (object && (p = pass_key(s, p)) == NULL)
			return NULL;
		c = peek(p, end);
		if (c == '{' || c == '[') {
			object = c == '{';
			if (!push(s, p, object))
				return NULL;
			p = blank(s, p + 1);
			if (peek(p, end) != closer(object))
				continue;
		} else {
			if (c < 0 || (p = pass_scalar(s, p)) == NULL)
				return c < 0 ? fail(s, p, "value expected") : NULL;
			p = blank(s, p);
		}
		while (peek(p, end) == closer(object)) {
			p = leave(s, p, &object);
			if (s->depth == floor)
				return p;
			p = blank(s, p);
		}
		if (peek(p, end) != ',')
			return fail_after(s, p, object);
		p = blank(s, p + 1);
	}
}

bool
lf_scan_skip(struct lf_scan *s, enum lf_token first)
{
	bool object = first == LF_TOKEN_OBJECT;
	const char *p;

	if (!object && first != LF_TOKEN_ARRAY)
		return first != LF_TOKEN_ERROR;
	p = blank(s, s->p);
	if (peek(p, s->end) == closer(object))
		return give_end(s, p) != LF_TOKEN_ERROR;
	return give(s, pass_elements(s, p, object, s->depth - 1), first) != LF_TOKEN_ERROR;
}

void
lf_scan_again(struct lf_scan *s)
{
	if (s->state == STATE_DONE)
		s->state = STATE_VALUE;
}

bool
lf_scan_at_end(struct lf_scan *s)
{
	const char *p = blank(s, s->p);

	s->at = (size_t)(p - s->text);
	return p == s->end;
}
