#include "record/scan_inner.h"

/* ---- What common text does not hold ---- */

const char *
lf_scan_past_space_slow(struct lf_scan *s, const char *p)
{
	s->loose = true;
	return lf_scan_blanks(p, s->end);
}

/* Maps the text from p on, up to LF_SCAN_MAP bytes of it. */
static void
map_from(struct lf_scan *s, const char *p)
{
	size_t left = (size_t)(s->end - p);

	s->base = p;
	s->mapped = left < LF_SCAN_MAP ? left : LF_SCAN_MAP;
	lf_scan_map_text(s->map, p, s->mapped, s->quote, s->other);
}

/* p: at the backslash. */
static inline const char *
escape(struct lf_scan *s, const char *p)
{
	char c = lf_escape_value(lf_scan_peek(p + 1, s->end));

	s->escaped = s->loose = true;
	if (c == 0)
		return lf_scan_fail(s, p, "invalid escape in a string");
	if (c != 'u')
		return p + 2;
	if (lf_hex4(p + 2, s->end) < 0)
		return lf_scan_fail(s, p, "\\u without four hexadecimal digits");
	return p + 6;
}

const char *
lf_scan_string_slow(struct lf_scan *s, const char *p)
{
	size_t pos, n;
	uint64_t m;

	while (p != NULL) {
		if (p >= s->base + s->mapped) {
			if (p >= s->end)
				return lf_scan_fail(s, s->end, "string is not closed");
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
			return lf_scan_fail(s, p, "control character in a string");
		else if ((n = lf_scan_utf8(p, s->end)) > 0)
			p += n;
		else
			return lf_scan_fail(s, p, "invalid UTF-8 in a string");
	}
	return NULL;
}

/* ---- From token to token ---- */

void
lf_scan_init(struct lf_scan *s, const char *text, size_t len)
{
	s->text = s->p = s->base = s->s = len == 0 ? "" : text;
	s->end = s->text + len;
	s->len = s->at = s->mapped = 0;
	s->escaped = s->loose = false;
	s->problem = NULL;
	s->depth = 0;
	s->state = LF_SCAN_AT_VALUE;
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		s->p += 3;
	s->map = lf_scan_map_best();
}

static enum lf_token
give_container(struct lf_scan *s, const char *p, bool object)
{
	if (!lf_scan_push(s, p, object))
		return LF_TOKEN_ERROR;
	s->p = p + 1;
	s->state = object ? LF_SCAN_AT_FIRST_KEY : LF_SCAN_AT_FIRST_ELEMENT;
	return object ? LF_TOKEN_OBJECT : LF_TOKEN_ARRAY;
}

/* Takes the string at p, a quote; returns its other one. */
static inline const char *
take_string(struct lf_scan *s, const char *p)
{
	const char *q;

	s->at = (size_t)(p - s->text);
	s->escaped = false;
	if ((q = lf_scan_string_end(s, p + 1)) == NULL)
		return NULL;
	s->s = p + 1;
	s->len = (size_t)(q - s->s);
	return q;
}

static inline enum lf_token
give_value(struct lf_scan *s, const char *p)
{
	enum lf_token token = LF_TOKEN_ERROR;
	const char *q;

	s->at = (size_t)(p - s->text);
	switch (lf_scan_peek(p, s->end)) {
	case '"':
		q = take_string(s, p);
		return lf_scan_give(s, q == NULL ? NULL : q + 1, LF_TOKEN_STRING);
	case '{':
		return give_container(s, p, true);
	case '[':
		return give_container(s, p, false);
	default:
		q = lf_scan_bare(s, p, &token);
		if (q != NULL && token == LF_TOKEN_NUMBER) {
			s->s = p;
			s->len = (size_t)(q - p);
		}
		return lf_scan_give(s, q, token);
	}
}

static inline enum lf_token
give_key(struct lf_scan *s, const char *p)
{
	const char *q;

	if (lf_scan_peek(p, s->end) != '"') {
		lf_scan_fail(s, p, "name of a member expected");
		return LF_TOKEN_ERROR;
	}
	if ((q = take_string(s, p)) == NULL || (q = lf_scan_colon(s, q)) == NULL)
		return LF_TOKEN_ERROR;
	s->p = q;
	s->state = LF_SCAN_AT_VALUE;
	return LF_TOKEN_KEY;
}

enum lf_token
lf_scan_next(struct lf_scan *s)
{
	const char *p = lf_scan_past_space(s, s->p);
	bool object;

	switch ((enum lf_scan_state)s->state) {
	case LF_SCAN_AT_VALUE:
		return give_value(s, p);
	case LF_SCAN_AT_FIRST_KEY:
		return lf_scan_peek(p, s->end) == '}' ? lf_scan_give_end(s, p) : give_key(s, p);
	case LF_SCAN_AT_FIRST_ELEMENT:
		return lf_scan_peek(p, s->end) == ']' ? lf_scan_give_end(s, p) : give_value(s, p);
	case LF_SCAN_AFTER_VALUE:
		object = lf_scan_in_object(s, s->depth);
		if (lf_scan_peek(p, s->end) == (object ? '}' : ']'))
			return lf_scan_give_end(s, p);
		if (lf_scan_peek(p, s->end) == ',') {
			p = lf_scan_past_space(s, p + 1);
			return object ? give_key(s, p) : give_value(s, p);
		}
		lf_scan_fail_after(s, p, object);
		return LF_TOKEN_ERROR;
	case LF_SCAN_DONE:
		s->at = (size_t)(s->p - s->text);
		return LF_TOKEN_END;
	case LF_SCAN_BROKEN:
		break;
	}
	return LF_TOKEN_ERROR;
}

enum lf_token
lf_scan_member(struct lf_scan *s, struct lf_scan_member *m)
{
	const char *p = lf_scan_past_space(s, s->p), *q;
	enum lf_token token;

	m->name.s = NULL;
	if (LF_LIKELY(s->state == LF_SCAN_AFTER_VALUE && lf_scan_peek(p, s->end) == ','))
		token = give_key(s, lf_scan_past_space(s, p + 1));
	else
		token = lf_scan_next(s);
	if (token != LF_TOKEN_KEY)
		return token;
	*m = (struct lf_scan_member){{s->s, s->len}, s->escaped};
	p = lf_scan_past_space(s, s->p);
	if (lf_scan_peek(p, s->end) != '"')
		return give_value(s, p);
	if ((q = take_string(s, p)) == NULL)
		return LF_TOKEN_ERROR;
	s->p = q + 1;
	s->state = LF_SCAN_AFTER_VALUE;
	return LF_TOKEN_STRING;
}

void
lf_scan_again(struct lf_scan *s)
{
	if (s->state == LF_SCAN_DONE)
		s->state = LF_SCAN_AT_VALUE;
}

bool
lf_scan_at_end(struct lf_scan *s)
{
	const char *p = lf_scan_past_space(s, s->p);

	s->at = (size_t)(p - s->text);
	return p == s->end;
}
