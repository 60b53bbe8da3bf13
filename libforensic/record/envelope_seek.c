/*
 * Where reading goes on behind damage: at an object that may be a record, or hold one.  What a record holds is whatever
 * its caller liked to write, so no member's value is taken for a record, but where a wrapper has its record.  Values of
 * a broken record's members are passed over whole.
 */
#include "record/envelope_walk.h"

#include "record/scan_map.h"

#define PREFIX_MAX 256 /* bytes of a text line in front of its JSON */
#define CUT_MAX    16  /* no token but a string is longer: how far in front of the end an error is due to the end */

/* What an object or array is, by what stands in front of it. */
enum role {
	ROLE_ELEMENT, /* nothing, or something else than the name of a member */
	ROLE_IN_TEXT, /* the same, behind a quote: it may be part of a string */
	ROLE_DOWN,    /* the value of a member in which wrappers have records */
	ROLE_OWN,     /* the value of a record's member */
	ROLE_MEMBER   /* the value of some other member */
};

/* In front of what white space there is before p; not before from. */
static const char *
before_blanks(const char *from, const char *p)
{
	while (p > from && (p[-1] == ' ' || p[-1] == '\t' || p[-1] == '\n' || p[-1] == '\r'))
		p--;
	return p;
}

/* By the name whose closing quote is in front of p. */
static enum role
role_of_name(const char *from, const char *p)
{
	const char *end = p - 1, *s = end;

	while (s > from && s[-1] != '"' && end - s < PREFIX_MAX)
		s--;
	if (s == from || s[-1] != '"')
		return ROLE_MEMBER;
	switch (lf_envelope_kind(s, (size_t)(end - s))) {
	case LF_ENVELOPE_DOWN:
		return ROLE_DOWN;
	case LF_ENVELOPE_OWN:
	case LF_ENVELOPE_MEMBER:
		return ROLE_OWN;
	default:
		return ROLE_MEMBER;
	}
}

/*
 * By a ':' in front of p that has no name: words in front of a line's JSON, or a ':' that should be a comma behind a
 * value, or else a name whose closing quote is damaged.
 */
static enum role
role_of_words(const char *from, const char *p)
{
	const char *q = p;

	while (q > from && p - q < PREFIX_MAX && q[-1] != '"' && q[-1] != '{' && q[-1] != '\n')
		q--;
	if (q == from || q[-1] == '\n' || *q == ':' || *q == ',' || *q == '}' || *q == ']')
		return ROLE_ELEMENT;
	return ROLE_MEMBER;
}

/* Of the container at p. */
static enum role
role_of(const char *from, const char *p)
{
	p = before_blanks(from, p);
	if (p > from && p[-1] == '"')
		return ROLE_IN_TEXT;
	if (p == from || p[-1] != ':')
		return ROLE_ELEMENT;
	while (p > from && p[-1] == ':')
		p = before_blanks(from, p - 1);
	return p > from && p[-1] == '"' ? role_of_name(from, p) : role_of_words(from, p);
}

/* A string whose closing quote is lost ends at the next quote, and that may be the one of the next record's first
 * name: then the record's { is in front of the error. */
size_t
lf_envelope_before_quote(const struct lf_envelope_text *t, size_t at, size_t floor)
{
	const char *from = t->text + floor, *p = t->text + at;

	if (p <= from || p[-1] != '"')
		return at;
	p = before_blanks(from, p - 1);
	return p > from && p[-1] == '{' ? (size_t)(p - 1 - t->text) : at;
}

/*
 * Behind the container at p, or where it is broken.  One that is longer than a record can be may have swallowed others,
 * and is gone into, as long as that does not have too much read twice.
 */
static const char *
behind(struct lf_envelope_text *t, const char *p)
{
	size_t left = (size_t)(t->end - p), len = left < LF_ENVELOPE_RECORD ? left : LF_ENVELOPE_RECORD, at;
	struct lf_scan s;

	lf_scan_init(&s, p, len);
	if (lf_scan_skip(&s, lf_scan_next(&s)))
		return s.p;
	if (len == left || s.at + CUT_MAX < len) {
		at = (size_t)(p - t->text);
		at = lf_envelope_before_quote(t, at + s.at, at + 1);
		return t->text + at > p ? t->text + at : p + 1;
	}
	if (t->budget < len)
		return p + len;
	t->budget -= len;
	return p + 1;
}

/* The next { or [ from p on; NULL without. */
static const char *
next_container(const char *p, const char *end)
{
	while (p < end && *p != '{' && *p != '[')
		p++;
	return p < end ? p : NULL;
}

/* Whether reading may go on at the object at p, by its first name. */
static bool
fits(const char *p, const char *end, bool wrappers)
{
	enum lf_envelope_name name;

	p = lf_scan_blanks(p + 1, end);
	if (p == end || *p != '"')
		return false;
	name = lf_envelope_peek(p, end);
	return name <= LF_ENVELOPE_MEMBER || (wrappers && name != LF_ENVELOPE_OTHER);
}

/* inside: what was broken is a record, and nothing yet stood where no member of it can. */
const char *
lf_envelope_seek(struct lf_envelope_text *t, const char *p, bool wrappers)
{
	bool inside = !wrappers, member;
	enum role role;

	while ((p = next_container(p, t->end)) != NULL) {
		role = role_of(t->text, p);
		member = role == ROLE_OWN || role == ROLE_MEMBER;
		if (role == ROLE_OWN || (inside && (member || role == ROLE_DOWN))) {
			p = behind(t, p);
			continue;
		}
		if (*p == '{') {
			inside = inside && role != ROLE_ELEMENT;
			if (!member && fits(p, t->end, !inside))
				return p;
		}
		p++;
	}
	return NULL;
}
