/* What stands around JSON in a text, and texts that are none. */
#include "record/envelope.h"
#include "record/envelope_parts.h"

#include <string.h>

#define STAMP_MIN 20
#define STAMP_MAX 35
#define WORD_MAX  600 /* a log stream's name */

static bool
is_gap(char c)
{
	return c == ' ' || c == '\t';
}

static const char *
pass_gap(const char *p, const char *end)
{
	while (p < end && is_gap(*p))
		p++;
	return p;
}

/* Behind the run of bytes at p that are neither white space nor control characters; NULL when it is longer than max. */
static const char *
pass_word(const char *p, const char *end, size_t max)
{
	const char *from = p;

	while (p < end && (unsigned char)*p > ' ')
		if ((size_t)(++p - from) > max)
			return NULL;
	return p;
}

/* Passes white space in a string, escaped or not. */
static const char *
pass_escaped_blanks(const char *p, const char *end)
{
	for (;;) {
		p = lf_scan_blanks(p, end);
		if (end - p < 2 || *p != '\\' || (p[1] != 'n' && p[1] != 'r' && p[1] != 't'))
			return p;
		p += 2;
	}
}

/* Whether a quote stands escaped at p: some writers of JSON have it as a code unit. */
static bool
is_escaped_quote(const char *p, const char *end)
{
	return (end - p >= 2 && memcmp(p, "\\\"", 2) == 0) || (end - p >= 6 && memcmp(p, "\\u0022", 6) == 0);
}

bool
lf_envelope_is_json(const char *s, size_t len)
{
	const char *end = s + len, *p = pass_escaped_blanks(s, end);
	char open = p < end ? *p : '\0';

	if (open != '{' && open != '[')
		return false;
	p = pass_escaped_blanks(p + 1, end);
	if (open == '[')
		return p < end && *p == '{';
	return is_escaped_quote(p, end);
}

bool
lf_envelope_hints(const char *s, size_t len)
{
	static const char *const names[] = {"eventVersion", "eventID"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (len > 0 && memmem(s, len, names[i], strlen(names[i])) != NULL)
			return true;
	return false;
}

const char *
lf_envelope_stamped(const char *p, const char *end)
{
	static const char shape[] = "dddd-dd-ddTdd:dd:dd";
	const char *word;

	for (size_t i = 0; i < sizeof(shape) - 1; i++)
		if (p + i >= end || (shape[i] == 'd' ? p[i] < '0' || p[i] > '9' : p[i] != shape[i]))
			return NULL;
	word = pass_word(p, end, STAMP_MAX);
	if (word == NULL || word - p < STAMP_MIN)
		return NULL;
	p = pass_gap(word, end);
	if (p == word || p == end || *p == '{')
		return p < end && p != word ? p : NULL;
	word = pass_word(p, end, WORD_MAX);
	if (word == NULL)
		return NULL;
	p = pass_gap(word, end);
	return p != word && p < end && *p == '{' ? p : NULL;
}

/* By a byte-order mark, or a NUL beside the first byte. */
const char *
lf_envelope_unreadable(const char *text, size_t len)
{
	const unsigned char *u = (const unsigned char *)text;

	if (len < 2)
		return NULL;
	if (len >= 4 && ((u[0] == 0 && u[1] == 0 && u[2] == 0xfe && u[3] == 0xff) ||
	    (u[0] == 0xff && u[1] == 0xfe && u[2] == 0 && u[3] == 0)))
		return "UTF-32 text, which is not read: convert it to UTF-8";
	if ((u[0] == 0xff && u[1] == 0xfe) || (u[0] == 0xfe && u[1] == 0xff) || (len >= 4 &&
	    ((u[0] == 0 && u[1] != 0 && u[2] == 0 && u[3] != 0) || (u[0] != 0 && u[1] == 0 && u[2] != 0 && u[3] == 0))))
		return "UTF-16 text, which is not read: convert it to UTF-8";
	return NULL;
}
