#include "record/strict.h"

#include <stdio.h>
#include <string.h>

void
lf_strict_init(struct lf_strict *s, const char *text, size_t len, struct lf_arena *arena, const char *rule,
    char *problem, size_t problem_size)
{
	lf_scan_init(&s->scan, text, len);
	lf_buf_init(&s->text);
	lf_intern_init(&s->unknown);
	s->arena = arena;
	s->rule = rule;
	s->problem = problem;
	s->problem_size = problem_size;
	s->nomem = false;
}

void
lf_strict_free(struct lf_strict *s)
{
	lf_buf_free(&s->text);
	lf_intern_free(&s->unknown);
}

bool
lf_strict_malformed(struct lf_strict *s, size_t at, const char *what, const char *how)
{
	snprintf(s->problem, s->problem_size, "offset %zu: %s %s (%s)", at, what, how, s->rule);
	return false;
}

bool
lf_strict_nomem(struct lf_strict *s)
{
	s->nomem = true;
	return false;
}

/* What the scanner refused. */
static bool
broken_json(struct lf_strict *s)
{
	snprintf(s->problem, s->problem_size, "offset %zu: %s (RFC 8259)", s->scan.at, s->scan.problem);
	return false;
}

static const char *
token_text(enum lf_token t)
{
	switch (t) {
	case LF_TOKEN_OBJECT:
		return "is an object";
	case LF_TOKEN_ARRAY:
		return "is an array";
	case LF_TOKEN_NUMBER:
		return "is a number";
	case LF_TOKEN_NULL:
		return "is null";
	case LF_TOKEN_STRING:
		return "is a string";
	default:
		return "is true or false";
	}
}

bool
lf_strict_wrong_type(struct lf_strict *s, const char *name, enum lf_token token)
{
	if (token == LF_TOKEN_ERROR)
		return broken_json(s);
	return lf_strict_malformed(s, s->scan.at, name, token_text(token));
}

/* A string with U+0000 inside is no C string: cut there it would be another one. */
bool
lf_strict_string(struct lf_strict *s, const char **text, size_t *len)
{
	*text = s->scan.s;
	*len = s->scan.len;
	if (!s->scan.escaped)
		return true;
	lf_buf_reset(&s->text);
	lf_scan_unescape(s->scan.s, s->scan.len, &s->text);
	if (s->text.failed)
		return lf_strict_nomem(s);
	*text = s->text.data;
	*len = s->text.len;
	return memchr(*text, '\0', *len) == NULL || lf_strict_malformed(s, s->scan.at, "a string", "holds U+0000");
}

bool
lf_strict_keep(struct lf_strict *s, const char **out)
{
	const char *text;
	size_t len;

	if (!lf_strict_string(s, &text, &len))
		return false;
	*out = lf_arena_strndup(s->arena, text, len);
	return *out != NULL || lf_strict_nomem(s);
}

bool
lf_strict_enter(struct lf_strict *s, const char *name)
{
	enum lf_token token = lf_scan_next(&s->scan);

	return token == LF_TOKEN_OBJECT || lf_strict_wrong_type(s, name, token);
}

/* Passes over a member that is not known. */
static bool
pass_unknown(struct lf_strict *s)
{
	uint32_t before = s->unknown.strings.n;
	const char *text;
	size_t len;

	if (s->scan.depth == 1) {
		if (!lf_strict_string(s, &text, &len))
			return false;
		if (lf_intern_n(&s->unknown, text, len) == NULL)
			return lf_strict_nomem(s);
		if (s->unknown.strings.n == before)
			return lf_strict_malformed(s, s->scan.at, "a member of this name", "stands there already");
	}
	return lf_scan_skip(&s->scan, lf_scan_next(&s->scan)) || broken_json(s);
}

int
lf_strict_member(struct lf_strict *s, const struct lf_scan_name *names, size_t n, uint32_t *seen, size_t *which,
    enum lf_token *value)
{
	enum lf_token token;
	size_t i;

	while ((token = lf_scan_next(&s->scan)) == LF_TOKEN_KEY) {
		i = lf_scan_which(&s->scan, names, n);
		if (i < n && *seen >> i & 1) {
			lf_strict_malformed(s, s->scan.at, names[i].s, "stands there twice");
			return -1;
		}
		if (i < n) {
			*seen |= UINT32_C(1) << i;
			*which = i;
			*value = lf_scan_next(&s->scan);
			return 1;
		}
		if (!pass_unknown(s))
			return -1;
	}
	if (token == LF_TOKEN_OBJECT_END)
		return 0;
	broken_json(s);
	return -1;
}

bool
lf_strict_required(struct lf_strict *s, const struct lf_scan_name *names, size_t n, uint32_t seen, uint32_t optional,
    size_t at)
{
	for (size_t i = 0; i < n; i++)
		if (!((seen | optional) >> i & 1))
			return lf_strict_malformed(s, at, names[i].s, "is missing");
	return true;
}

bool
lf_strict_end(struct lf_strict *s)
{
	if (lf_scan_at_end(&s->scan))
		return true;
	snprintf(s->problem, s->problem_size, "offset %zu: bytes behind the JSON text (RFC 8259)", s->scan.at);
	return false;
}
