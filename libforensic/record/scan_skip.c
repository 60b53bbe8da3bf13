/* Passing over a value in one go, still validated: no stop at each token. */
#include "record/scan_inner.h"

/* Leaves the container that ends at p. */
static inline const char *
leave(struct lf_scan *s, const char *p, bool *object)
{
	s->at = (size_t)(p - s->text);
	if (--s->depth > 0)
		*object = lf_scan_in_object(s, s->depth);
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
	if (lf_scan_peek(p, s->end) != '"')
		return lf_scan_fail(s, p, "name of a member expected");
	if ((p = lf_scan_string_end(s, p + 1)) == NULL || (p = lf_scan_colon(s, p)) == NULL)
		return NULL;
	return lf_scan_past_space(s, p);
}

static inline const char *
pass_scalar(struct lf_scan *s, const char *p)
{
	enum lf_token ignored;

	if (*p != '"')
		return lf_scan_bare(s, p, &ignored);
	p = lf_scan_string_end(s, p + 1);
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
		c = lf_scan_peek(p, end);
		if (c == '{' || c == '[') {
			object = c == '{';
			if (!lf_scan_push(s, p, object))
				return NULL;
			p = lf_scan_past_space(s, p + 1);
			if (lf_scan_peek(p, end) != closer(object))
				continue;
		} else {
			if (c < 0 || (p = pass_scalar(s, p)) == NULL)
				return c < 0 ? lf_scan_fail(s, p, "value expected") : NULL;
			p = lf_scan_past_space(s, p);
		}
		while (lf_scan_peek(p, end) == closer(object)) {
			p = leave(s, p, &object);
			if (s->depth == floor)
				return p;
			p = lf_scan_past_space(s, p);
		}
		if (lf_scan_peek(p, end) != ',')
			return lf_scan_fail_after(s, p, object);
		p = lf_scan_past_space(s, p + 1);
	}
}

bool
lf_scan_skip(struct lf_scan *s, enum lf_token first)
{
	bool object = first == LF_TOKEN_OBJECT;
	const char *p;

	if (!object && first != LF_TOKEN_ARRAY)
		return first != LF_TOKEN_ERROR;
	p = lf_scan_past_space(s, s->p);
	if (lf_scan_peek(p, s->end) == closer(object))
		return lf_scan_give_end(s, p) != LF_TOKEN_ERROR;
	return lf_scan_give(s, pass_elements(s, p, object, s->depth - 1), first) != LF_TOKEN_ERROR;
}
