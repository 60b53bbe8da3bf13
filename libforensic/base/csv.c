#include "base/csv.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* ---- Writing ---- */

static bool
is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
starts_formula(char c)
{
	return c == '=' || c == '+' || c == '-' || c == '@';
}

/*
 * Spreadsheets drop control characters and blanks in front of a formula (OWASP, "CSV Injection"): a field that begins
 * with a control character is none that anybody meant.
 */
static bool
is_formula(const char *s, size_t len)
{
	size_t i = 0;

	if (len > 0 && is_control(*s))
		return true;
	while (i < len && (s[i] == ' ' || is_control(s[i])))
		i++;
	return i < len && starts_formula(s[i]);
}

static bool
needs_quotes(const char *s, size_t len)
{
	if (len > 0 && (is_blank(s[0]) || is_blank(s[len - 1])))
		return true;
	for (size_t i = 0; i < len; i++)
		if (s[i] == ',' || s[i] == '"' || is_control(s[i]))
			return true;
	return false;
}

/* How many bytes from s on can be copied as they are: no quote, no NUL, no broken UTF-8. */
static size_t
plain(const char *s, size_t len)
{
	size_t i = 0, n;
	uint32_t cp;

	while (i < len && s[i] != '"' && s[i] != '\0') {
		n = (signed char)s[i] >= 0 ? 1 : lf_utf8_decode(s + i, len - i, &cp);
		if (n == 0)
			break;
		i += n;
	}
	return i;
}

/* ---- Sixteen bytes at a time: marks are -1 ---- */

typedef signed char bytes16 __attribute__((vector_size(16)));
typedef unsigned char counts16 __attribute__((vector_size(16)));

static inline bytes16
read16(const char *s)
{
	bytes16 x;

	memcpy(&x, s, sizeof(x));
	return x;
}

static inline bool
any(bytes16 marks)
{
	uint64_t halves[2];

	memcpy(halves, &marks, sizeof(halves));
	return (halves[0] | halves[1]) != 0;
}

/* Marks what no field holds as it is: quotes, control characters, what is not ASCII. */
static inline bytes16
unfit(bytes16 x)
{
	return (x < 0x20) | (x == 0x7f) | (x == '"');
}

/* All bytes of a text of 1 to 15, each once or more. */
static inline bytes16
read_short(const char *s, size_t len)
{
	char bytes[16];

	if (len >= 8) {
		memcpy(bytes, s, 8);
		memcpy(bytes + 8, s + len - 8, 8);
	} else if (len >= 4) {
		memcpy(bytes, s, 4);
		memcpy(bytes + 4, s + len - 4, 4);
		memcpy(bytes + 8, bytes, 8);
	} else {
		memset(bytes, s[0], sizeof(bytes));
		bytes[1] = s[len / 2];
		bytes[2] = s[len - 1];
	}
	return read16(bytes);
}

/*
 * Whether a field that is not empty is ASCII without anything that quoting or guarding looks for; false for some that
 * are.
 */
static bool
is_harmless(const char *s, size_t len)
{
	bytes16 x, found = {0};

	if (is_blank(s[0]) || is_blank(s[len - 1]) || starts_formula(s[0]))
		return false;
	for (size_t i = 0; i + 16 < len; i += 16) {
		x = read16(s + i);
		found |= unfit(x) | (x == ',');
	}
	x = len < 16 ? read_short(s, len) : read16(s + len - 16);
	return !any(found | unfit(x) | (x == ','));
}

/* ---- Whole lines ---- */

#define LINE_MAX ((size_t)254 * 16) /* commas are counted in bytes, one for each sixteenth byte of the line */

/*
 * Looks at 16 bytes from s on, and at the one behind them: adds their commas to the count, and to found what is not in
 * a line that needs nothing, with some of what may begin a field there.
 */
static inline void
look(const char *s, bytes16 *found, counts16 *commas)
{
	bytes16 x = read16(s), next = read16(s + 1), comma = x == ',', ends = next == ',';
	bytes16 first = ((next < '.') & ~ends) | (next == '=') | (next == '@');

	*commas -= (counts16)comma;
	*found |= unfit(x) | (comma & first) | (ends & (x == ' '));
}

bool
lf_csv_is_line(const char *s, size_t len, unsigned n)
{
	bytes16 found = {0};
	counts16 commas = {0};
	unsigned count = 0;
	char rest[17];
	size_t i = 0;

	if (len == 0 || len > LINE_MAX || s[0] == ' ' || s[len - 1] == ' ' || starts_formula(s[0]))
		return false;
	for (; i + 16 < len; i += 16)
		look(s + i, &found, &commas);
	memset(rest, 'x', sizeof(rest));
	memcpy(rest, s + i, len - i);
	look(rest, &found, &commas);
	for (i = 0; i < 16; i++)
		count += commas[i];
	return count == n - 1 && !any(found);
}

/* ---- Fields ---- */

void
lf_csv_field(struct lf_buf *out, const char *s, size_t len, bool guard)
{
	bool formula, quotes;
	size_t n;

	if (len == 0)
		return;
	if (is_harmless(s, len)) {
		lf_buf_add(out, s, len);
		return;
	}
	formula = guard && is_formula(s, len);
	quotes = formula || needs_quotes(s, len);
	if (quotes)
		lf_buf_putc(out, '"');
	if (formula)
		lf_buf_putc(out, '\'');
	while (len > 0) {
		n = plain(s, len);
		lf_buf_add(out, s, n);
		s += n;
		len -= n;
		if (len > 0) {
			lf_buf_puts(out, *s == '"' ? "\"\"" : REPLACEMENT);
			s++;
			len--;
		}
	}
	if (quotes)
		lf_buf_putc(out, '"');
}

/* ---- Reading ---- */

void
lf_csv_init(struct lf_csv *c, const char *text, size_t len)
{
	c->text = c->p = len == 0 ? "" : text;
	c->end = c->text + len;
	c->line = 0;
	c->problem = NULL;
	c->at = 0;
	c->next_line = 1;
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		c->p += 3;
}

/* Behind the end of line at p; p where there is none. */
static const char *
line_end(const char *p, const char *end)
{
	if (p < end && *p == '\r')
		return p + 1 < end && p[1] == '\n' ? p + 2 : p + 1;
	return p < end && *p == '\n' ? p + 1 : p;
}

/* To the end of the line that p stands in. */
static const char *
rest_of_line(const char *p, const char *end)
{
	while (p < end && *p != '\n' && *p != '\r')
		p++;
	return p;
}

/* The quoted field whose content starts at p: its closing quote, or NULL.  Ends of lines inside are counted. */
static const char *
closing_quote(struct lf_csv *c, const char *p)
{
	for (; p < c->end; p++) {
		if (*p == '"') {
			if (p + 1 == c->end || p[1] != '"')
				return p;
			p++;
		} else if (line_end(p, c->end) != p && (*p == '\n' || p + 1 == c->end || p[1] != '\n')) {
			c->next_line++;
		}
	}
	return NULL;
}

/* Reads the field at p and returns what is behind it, or NULL with the problem set. */
static const char *
read_field(struct lf_csv *c, const char *p, struct lf_csv_field *f)
{
	const char *q;

	f->s = p;
	f->quoted = p < c->end && *p == '"';
	if (!f->quoted) {
		for (q = p; q < c->end && *q != ',' && *q != '\n' && *q != '\r'; q++)
			;
		f->len = (size_t)(q - p);
		return q;
	}
	f->s = p + 1;
	q = closing_quote(c, p + 1);
	if (q == NULL) {
		c->problem = "a quote is not closed";
		c->at = (size_t)(p - c->text);
		return NULL;
	}
	f->len = (size_t)(q - f->s);
	q++;
	if (q < c->end && *q != ',' && *q != '\n' && *q != '\r') {
		c->problem = "bytes behind a closing quote";
		c->at = (size_t)(q - c->text);
		return NULL;
	}
	return q;
}

static void
pass_empty_lines(struct lf_csv *c)
{
	const char *q;

	while ((q = line_end(c->p, c->end)) != c->p) {
		c->p = q;
		c->next_line++;
	}
}

int
lf_csv_next(struct lf_csv *c, struct lf_csv_field fields[LF_CSV_FIELDS], size_t *n)
{
	struct lf_csv_field beyond;
	const char *start, *p;

	*n = 0;
	pass_empty_lines(c);
	start = c->p;
	c->at = (size_t)(start - c->text);
	c->problem = NULL;
	if (start == c->end)
		return 0;
	c->line = c->next_line;
	for (p = start;; p++) {
		p = read_field(c, p, *n < LF_CSV_FIELDS ? &fields[*n] : &beyond);
		if (p == NULL)
			break;
		if (*n < LF_CSV_FIELDS)
			++*n;
		if (p == c->end || *p != ',')
			break;
	}
	if (p == NULL) {
		c->next_line = c->line;
		p = rest_of_line(start, c->end);
	}
	c->p = line_end(p, c->end);
	c->next_line += c->p != p;
	return c->problem == NULL ? 1 : -1;
}

void
lf_csv_unquote(const struct lf_csv_field *f, struct lf_buf *out)
{
	const char *s = f->s, *end = f->s + f->len, *q;

	while (f->quoted && s < end && (q = memchr(s, '"', (size_t)(end - s))) != NULL) {
		q++;
		lf_buf_add(out, s, (size_t)(q - s));
		s = q < end ? q + 1 : q;
	}
	lf_buf_add(out, s, (size_t)(end - s));
}
