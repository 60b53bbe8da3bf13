#include "base/csv.h"

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

/* Spreadsheets drop control characters and blanks in front of a formula (OWASP, "CSV Injection"): a field that begins with a control
 * character is none that anybody meant. */
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

/* Bit 7 of each byte of x that is below n (up to 128), or has its own bit 7 set. */
static inline uint64_t
below(uint64_t x, unsigned char n)
{
	return (x - UINT64_C(0x0101010101010101) * n) | x;
}

/* Bit 7 of each byte of x that is c, and perhaps of others behind one. */
static inline uint64_t
is_byte(uint64_t x, unsigned char c)
{
	return below(x ^ UINT64_C(0x0101010101010101) * c, 1);
}

/* Whether one of 8 bytes is not ASCII or something that quoting looks for, as bits 7; perhaps of others, too. */
static inline uint64_t
suspicious(uint64_t x)
{
	return (below(x, 0x20) | is_byte(x, ',') | is_byte(x, '"') | is_byte(x, 0x7f)) & UINT64_C(0x8080808080808080);
}

static inline uint64_t
read64(const char *s)
{
	uint64_t x;

	memcpy(&x, s, sizeof(x));
	return x;
}

/* All bytes of a text of 1 to 7, each once or more, in 8. */
static inline uint64_t
read_short(const char *s, size_t len)
{
	uint32_t a, b;
	char bytes[8];

	if (len >= 4) {
		memcpy(&a, s, sizeof(a));
		memcpy(&b, s + len - sizeof(b), sizeof(b));
		return (uint64_t)a << 32 | b;
	}
	memset(bytes, s[0], sizeof(bytes));
	bytes[1] = s[len / 2];
	bytes[2] = s[len - 1];
	return read64(bytes);
}

/* Whether a field that is not empty is ASCII without anything that quoting or guarding looks for, told 8 bytes at a time;
 * false for some that are. */
static bool
is_harmless(const char *s, size_t len)
{
	uint64_t found = 0;

	if (is_blank(s[0]) || is_blank(s[len - 1]) || starts_formula(s[0]))
		return false;
	if (len < 8)
		return suspicious(read_short(s, len)) == 0;
	for (size_t i = 0; i + 8 < len; i += 8)
		found |= suspicious(read64(s + i));
	return (found | suspicious(read64(s + len - 8))) == 0;
}

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
