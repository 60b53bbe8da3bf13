/*
 * The form that most lists of metadata have, and long ones: {"bucket": TEXT, "key": TEXT, "metadata": {TEXT: TEXT,
 * ...}}, each text free of escapes and of anything but printable ASCII.  What it reads, jansson reads to the same
 * result in ten times the time; all else is left to jansson.
 */
#include "evidence/meta_forms.h"

#include <string.h>

#define NAMES_MAX 8 /* of one map; they are compared with one another */

/* What is left to read. */
struct rest {
	const char *at, *end;
};

/* Takes c, and the spaces in front of it. */
static bool
take_char(struct rest *r, char c)
{
	while (r->at < r->end && *r->at == ' ')
		r->at++;
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

/* Takes a text in quotes that stands for itself. */
static bool
take_text(struct rest *r, struct lf_slice *t)
{
	if (!take_char(r, '"'))
		return false;
	t->s = r->at;
	while (r->at < r->end && *r->at >= ' ' && *r->at <= '~' && *r->at != '"' && *r->at != '\\')
		r->at++;
	t->len = (size_t)(r->at - t->s);
	return r->at < r->end && *r->at++ == '"';
}

/* Takes the map of metadata.  A name that stands twice, or two names of one field, are not for here. */
static bool
take_map(struct rest *r, struct lf_meta_fact *f)
{
	struct lf_slice names[NAMES_MAX], value, *field;
	size_t n = 0;

	if (!take_char(r, '{'))
		return false;
	if (take_char(r, '}'))
		return true;
	do {
		if (n == NAMES_MAX || !take_text(r, &names[n]) || !take_char(r, ':') || !take_text(r, &value))
			return false;
		for (size_t i = 0; i < n; i++)
			if (lf_slice_equal(names[i], names[n]))
				return false;
		if ((field = lf_meta_field(f, names[n].s, names[n].len)) != NULL) {
			if (field->s != NULL)
				return false;
			*field = value;
		}
		n++;
	} while (take_char(r, ','));
	return take_char(r, '}');
}

bool
lf_meta_flat(const char *text, size_t len, struct lf_meta_fact *f, size_t *used)
{
	struct rest r = {text, text + len};
	struct lf_slice name;
	bool map = false;

	memset(f, 0, sizeof(*f));
	if (!take_char(&r, '{'))
		return false;
	do {
		if (!take_text(&r, &name) || !take_char(&r, ':'))
			return false;
		if (lf_slice_is(name, "bucket") && f->bucket.s == NULL && take_text(&r, &f->bucket) && f->bucket.len > 0)
			continue;
		if (lf_slice_is(name, "key") && f->key.s == NULL && take_text(&r, &f->key) && f->key.len > 0)
			continue;
		if (!lf_slice_is(name, "metadata") || map || !take_map(&r, f))
			return false;
		map = true;
	} while (take_char(&r, ','));
	if (!map || !take_char(&r, '}'))
		return false;
	*used = (size_t)(r.at - text);
	return true;
}
