#include "record/value.h"

#include <string.h>

static const struct lf_value none = {.token = LF_TOKEN_ERROR};

/* Takes the value whose first token s has just returned, to its end. */
static bool
take(struct lf_scan *s, enum lf_token token, struct lf_value *out)
{
	const char *from = s->text + s->at;

	*out = none;
	if (token == LF_TOKEN_ERROR || !lf_scan_skip(s, token))
		return false;
	if (token == LF_TOKEN_NULL)
		return true;
	out->token = token;
	out->text = (struct lf_slice){from, (size_t)(s->p - from)};
	if (token == LF_TOKEN_STRING) {
		out->text = (struct lf_slice){s->s, s->len};
		out->escaped = s->escaped;
	}
	return true;
}

struct lf_value
lf_value_of(struct lf_slice json)
{
	struct lf_value v = none;
	struct lf_scan s;

	if (json.len == 0)
		return none;
	lf_scan_init(&s, json.s, json.len);
	return take(&s, lf_scan_next(&s), &v) ? v : none;
}

void
lf_value_members(const struct lf_value *object, const struct lf_scan_name *names, size_t n, struct lf_value *out)
{
	enum lf_token token = LF_TOKEN_ERROR;
	struct lf_value v;
	struct lf_scan s;
	size_t i;

	for (i = 0; i < n; i++)
		out[i] = none;
	if (object->token != LF_TOKEN_OBJECT)
		return;
	lf_scan_init(&s, object->text.s, object->text.len);
	if (lf_scan_next(&s) != LF_TOKEN_OBJECT)
		return;
	while ((token = lf_scan_next(&s)) == LF_TOKEN_KEY) {
		i = lf_scan_which(&s, names, n);
		if (!take(&s, lf_scan_next(&s), &v))
			break;
		if (i < n)
			out[i] = v;
	}
	for (i = 0; i < n && token != LF_TOKEN_OBJECT_END; i++)
		out[i] = none;
}

struct lf_value
lf_value_at(const struct lf_value *object, const char *path)
{
	struct lf_value v = *object, member;
	struct lf_scan_name name;

	for (;; path += name.len + 1) {
		name = (struct lf_scan_name){path, strcspn(path, "/")};
		lf_value_members(&v, &name, 1, &member);
		v = member;
		if (path[name.len] == '\0')
			return v;
	}
}

void
lf_items_start(struct lf_items *i, const struct lf_value *v)
{
	i->alone = *v;
	if (v->token != LF_TOKEN_ARRAY)
		return;
	i->alone = none;
	lf_scan_init(&i->scan, v->text.s, v->text.len);
	(void)lf_scan_next(&i->scan);
	i->alone.token = LF_TOKEN_ARRAY; /* an array is never alone */
}

bool
lf_items_next(struct lf_items *i, struct lf_value *out)
{
	enum lf_token token;

	if (i->alone.token == LF_TOKEN_ARRAY) {
		token = lf_scan_next(&i->scan);
		return token != LF_TOKEN_ARRAY_END && token != LF_TOKEN_END && take(&i->scan, token, out);
	}
	*out = i->alone;
	i->alone = none;
	return lf_value_is_there(out);
}

bool
lf_value_is(const struct lf_value *v, const char *text)
{
	const struct lf_scan_name name = {text, strlen(text)};
	struct lf_scan s;

	if (v->token != LF_TOKEN_STRING)
		return false;
	s.s = v->text.s;
	s.len = v->text.len;
	s.escaped = v->escaped;
	return lf_scan_which(&s, &name, 1) == 0;
}

bool
lf_value_has(const struct lf_value *v, const char *text)
{
	struct lf_items items;
	struct lf_value one;

	lf_items_start(&items, v);
	while (lf_items_next(&items, &one))
		if (lf_value_is(&one, text))
			return true;
	return false;
}

bool
lf_value_true(const struct lf_value *v)
{
	return v->token == LF_TOKEN_TRUE || lf_value_is(v, "true");
}

bool
lf_value_false(const struct lf_value *v)
{
	return v->token == LF_TOKEN_FALSE || lf_value_is(v, "false");
}

bool
lf_value_empty(const struct lf_value *v)
{
	struct lf_scan s;
	enum lf_token token;

	if (v->token != LF_TOKEN_ARRAY && v->token != LF_TOKEN_OBJECT)
		return v->text.len == 0;
	lf_scan_init(&s, v->text.s, v->text.len);
	(void)lf_scan_next(&s);
	token = lf_scan_next(&s);
	return token == LF_TOKEN_ARRAY_END || token == LF_TOKEN_OBJECT_END;
}

long
lf_value_count(const struct lf_value *v)
{
	long n = 0;

	if ((v->token != LF_TOKEN_NUMBER && v->token != LF_TOKEN_STRING) || v->text.len == 0 || v->text.len > 9)
		return -1;
	for (size_t i = 0; i < v->text.len; i++) {
		if (v->text.s[i] < '0' || v->text.s[i] > '9')
			return -1;
		n = n * 10 + (v->text.s[i] - '0');
	}
	return n;
}
