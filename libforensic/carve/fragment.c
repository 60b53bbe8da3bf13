#include "carve/fragment.h"

#include <string.h>

/* A run of known bytes, and how far it is read. */
struct run {
	const char *text;
	size_t begin, at, end;
};

static const char *const names[LF_FRAGMENT_FIELDS] = {
    [LF_FRAGMENT_VERSION] = "eventVersion",
    [LF_FRAGMENT_TIME] = "eventTime",
    [LF_FRAGMENT_SOURCE] = "eventSource",
    [LF_FRAGMENT_NAME] = "eventName",
    [LF_FRAGMENT_REGION] = "awsRegion",
    [LF_FRAGMENT_IP] = "sourceIPAddress",
    [LF_FRAGMENT_REQUEST_ID] = "requestID",
    [LF_FRAGMENT_EVENT_ID] = "eventID",
    [LF_FRAGMENT_ACCOUNT] = "recipientAccountId",
    [LF_FRAGMENT_SOME_ID] = "identifier",
    [LF_FRAGMENT_SOME_TIME] = "time",
};

/*
 * Values that are told by their form ('x': a hexadecimal digit, '0': a digit), and what may be left of a name before.
 */
static const struct {
	enum lf_fragment_field field;
	const char *form, *names[2];
} forms[] = {
    {LF_FRAGMENT_SOME_ID, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", {"\"eventID\":\"", "\"requestID\":\""}},
    {LF_FRAGMENT_SOME_TIME, "0000-00-00T00:00:00Z", {"\"eventTime\":\"", NULL}},
};

const char *
lf_fragment_name(enum lf_fragment_field f)
{
	return names[f];
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
pass_space(struct run *r)
{
	while (r->at < r->end && is_space(r->text[r->at]))
		r->at++;
}

static bool
pass(struct run *r, char c)
{
	if (r->at == r->end || r->text[r->at] != c)
		return false;
	r->at++;
	return true;
}

/* Reads a name and the quote behind it. */
static bool
read_name(struct run *r, enum lf_fragment_field *field)
{
	for (unsigned f = 0; f < LF_FRAGMENT_SOME_ID; f++) {
		size_t n = strlen(names[f]);

		if (r->end - r->at > n && r->text[r->at + n] == '"' && memcmp(r->text + r->at, names[f], n) == 0) {
			*field = (enum lf_fragment_field)f;
			r->at += n + 1;
			return true;
		}
	}
	return false;
}

/* Reads a string without escapes up to the quote that ends it. */
static bool
read_value(struct run *r, struct lf_fragment *f)
{
	f->at = r->at;
	for (; r->at < r->end && r->at - f->at <= LF_FRAGMENT_VALUE_MAX; r->at++) {
		char c = r->text[r->at];

		if (c == '\\' || (unsigned char)c < 0x20)
			return false;
		if (c == '"') {
			f->len = r->at++ - f->at;
			return true;
		}
	}
	return false;
}

/*
 * Reads a member that begins at r->at, its quote.  Behind a brace, a comma or space that quote begins a string, and
 * with a colon behind it the string is a name: inside of a string it would be escaped, and behind a backslash it may be
 * part of another name.
 */
static bool
read_member(struct run *r, struct lf_fragment *f)
{
	char before = r->at > r->begin ? r->text[r->at - 1] : '\0';

	if ((before != '{' && before != ',' && !is_space(before)) || !pass(r, '"') || !read_name(r, &f->field))
		return false;
	pass_space(r);
	if (!pass(r, ':'))
		return false;
	pass_space(r);
	return pass(r, '"') && read_value(r, f);
}

/*
 * Whether [from, to), which begins and ends outside of strings, leaves the object it begins in nowhere, and ends in it.
 */
static bool
stays_inside(const char *text, size_t from, size_t to)
{
	size_t depth = 0;
	bool string = false;

	for (size_t i = from; i < to; i++) {
		if (string && text[i] == '\\') {
			i++;
		} else if (text[i] == '"') {
			string = !string;
		} else if (!string && (text[i] == '{' || text[i] == '[')) {
			depth++;
		} else if (!string && (text[i] == '}' || text[i] == ']')) {
			if (depth == 0)
				return false;
			depth--;
		}
	}
	return depth == 0 && !string;
}

static bool
has_form(const char *text, const char *form)
{
	for (; *form != '\0'; text++, form++) {
		bool digit = *text >= '0' && *text <= '9', letter = *text >= 'a' && *text <= 'f';

		if (*form == 'x' ? !digit && !letter : *form == '0' ? !digit : *text != *form)
			return false;
	}
	return true;
}

/* Reads a value of a form behind what is left of a name, the last bytes of it or none. */
static bool
read_form(struct run *r, size_t which, const char *name, struct lf_fragment *f)
{
	size_t len = strlen(forms[which].form), all = strlen(name), room = r->end - r->at;
	const char *text = r->text + r->at;

	for (size_t left = 0; left <= all && left + len <= room; left++) {
		if (memcmp(text, name + all - left, left) != 0 || !has_form(text + left, forms[which].form))
			continue;
		if (left + len < room && text[left + len] != '"')
			continue;
		f->field = forms[which].field;
		f->at = r->at + left;
		f->len = len;
		f->same_object = false;
		r->at = f->at + len;
		return true;
	}
	return false;
}

/* Finds a value whose name the run begins too late for. */
static int
read_nameless(struct run *r, struct lf_list *out)
{
	struct lf_fragment f, *to;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		for (size_t n = 0; n < 2 && forms[i].names[n] != NULL; n++) {
			if (!read_form(r, i, forms[i].names[n], &f))
				continue;
			if ((to = lf_list_push(out)) == NULL)
				return -1;
			*to = f;
			return 0;
		}
	}
	return 0;
}

/* Finds the fragments of one run.  The one before, in the same run, ends at behind; 0 when there is none. */
static int
read_run(struct run *r, struct lf_list *out)
{
	struct lf_fragment f, *to;
	size_t behind = 0, quote;
	const char *p;

	while (r->at < r->end && (p = memchr(r->text + r->at, '"', r->end - r->at)) != NULL) {
		quote = r->at = (size_t)(p - r->text);
		if (!read_member(r, &f)) {
			r->at = quote + 1;
			continue;
		}
		f.same_object = behind > 0 && stays_inside(r->text, behind, quote);
		if ((to = lf_list_push(out)) == NULL)
			return -1;
		*to = f;
		behind = r->at;
	}
	return 0;
}

int
lf_fragments(const unsigned char *text, const struct lf_known *known, size_t from, size_t to, struct lf_list *out)
{
	struct run r = {.text = (const char *)text};

	while ((r.at = lf_known_next(known, from, true)) < to && r.at < known->len) {
		r.begin = r.at;
		r.end = lf_known_next(known, r.at, false);
		if (r.end > to)
			r.end = to;
		from = r.end;
		if (read_nameless(&r, out) != 0 || read_run(&r, out) != 0)
			return -1;
	}
	return 0;
}
