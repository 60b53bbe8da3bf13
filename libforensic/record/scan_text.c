/* Characters and numbers of a text, and what its strings say. */
#include "record/scan.h"

#include <string.h>

#include "record/scan_piece.h"

#define GLANCE ((size_t)64 << 10)

/* RFC 3629 section 4: the first two bytes decide what is overlong, a surrogate or too large. */
size_t
lf_scan_utf8(const char *p, const char *end)
{
	const unsigned char *u = (const unsigned char *)p;
	unsigned char low = 0x80, high = 0xbf;
	size_t n = u[0] >= 0xf0 ? 4 : u[0] >= 0xe0 ? 3 : 2;

	if (u[0] == 0xe0)
		low = 0xa0;
	else if (u[0] == 0xed)
		high = 0x9f;
	else if (u[0] == 0xf0)
		low = 0x90;
	else if (u[0] == 0xf4)
		high = 0x8f;
	if (u[0] < 0xc2 || u[0] > 0xf4 || (size_t)(end - p) < n || u[1] < low || u[1] > high ||
	    (n > 2 && (u[2] & 0xc0) != 0x80) || (n > 3 && (u[3] & 0xc0) != 0x80))
		return 0;
	return n;
}

static const char *
digits(const char *p, const char *end)
{
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

/* RFC 8259 section 6. */
const char *
lf_scan_number(const char *p, const char *end, bool *ok)
{
	const char *from;

	if (*p == '-')
		p++;
	from = p;
	p = p < end && *p == '0' ? p + 1 : digits(p, end);
	if (p > from && p < end && *p == '.') {
		from = p + 1;
		p = digits(from, end);
	}
	if (p > from && p < end && (*p | 0x20) == 'e') {
		from = p + 1;
		if (from < end && (*from == '+' || *from == '-'))
			from++;
		p = digits(from, end);
	}
	*ok = p > from;
	return p;
}

static size_t
utf8_encode(uint32_t c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

size_t
lf_scan_resolve(const char *s, const char *end, char out[4], size_t *used)
{
	char c = end - s > 1 ? lf_escape_value((unsigned char)s[1]) : 0;
	int32_t unit = c == 'u' ? lf_hex4(s + 2, end) : -1, second = -1;
	uint32_t cp;

	if (c == 0 || (c == 'u' && unit < 0)) {
		out[0] = *s;
		*used = 1;
		return 1;
	}
	*used = 2;
	out[0] = c;
	if (c != 'u')
		return 1;
	*used = 6;
	cp = (uint32_t)unit;
	if ((cp & 0xfc00) == 0xd800 && end - s >= 12 && s[6] == '\\' && s[7] == 'u')
		second = lf_hex4(s + 8, end);
	if (second >= 0 && (second & 0xfc00) == 0xdc00) {
		*used = 12;
		cp = 0x10000 + ((cp & 0x3ff) << 10 | ((uint32_t)second & 0x3ff));
	} else if ((cp & 0xf800) == 0xd800) {
		cp = 0xfffd;
	}
	return utf8_encode(cp, out);
}

/* Compares an escaped string piece by piece with text. */
static bool
escaped_is(const char *s, size_t len, const char *text, size_t text_len)
{
	const char *end = s + len;
	char unit[4];
	size_t n, used;

	while (s < end) {
		unit[0] = *s;
		n = used = 1;
		if (*s == '\\')
			n = lf_scan_resolve(s, end, unit, &used);
		if (n > text_len || memcmp(text, unit, n) != 0)
			return false;
		text += n;
		text_len -= n;
		s += used;
	}
	return text_len == 0;
}

bool
lf_scan_is(const struct lf_scan *s, const char *text)
{
	size_t n = strlen(text);

	if (s->escaped)
		return escaped_is(s->s, s->len, text, n);
	return s->len == n && memcmp(s->s, text, n) == 0;
}

/* Whether two runs of len bytes are equal.  Names of one length tend to differ in their last eight bytes. */
static inline bool
equal_names(const char *a, const char *b, size_t len)
{
	uint64_t x, y;

	if (len < sizeof(x))
		return memcmp(a, b, len) == 0;
	memcpy(&x, a + len - sizeof(x), sizeof(x));
	memcpy(&y, b + len - sizeof(y), sizeof(y));
	return x == y && memcmp(a, b, len - sizeof(x)) == 0;
}

size_t
lf_scan_which(const struct lf_scan *s, const struct lf_scan_name *names, size_t n)
{
	size_t len = s->len, i;

	if (s->escaped) {
		for (i = 0; i < n && !escaped_is(s->s, len, names[i].s, names[i].len); i++)
			;
		return i;
	}
	for (i = 0; i < n; i++)
		if (names[i].len == len && equal_names(s->s, names[i].s, len))
			break;
	return i;
}

uint64_t
lf_scan_glance(const char *text, size_t len, const struct lf_scan_name *names, size_t n)
{
	uint64_t found = 0;
	enum lf_token token;
	struct lf_scan s;
	size_t i;

	lf_scan_init(&s, text, len < GLANCE ? len : GLANCE);
	token = lf_scan_next(&s);
	if (token == LF_TOKEN_ARRAY)
		token = lf_scan_next(&s);
	if (token != LF_TOKEN_OBJECT)
		return 0;
	while (lf_scan_next(&s) == LF_TOKEN_KEY) {
		i = lf_scan_which(&s, names, n);
		if (i < n)
			found |= UINT64_C(1) << i;
		if (!lf_scan_skip(&s, lf_scan_next(&s)))
			break;
	}
	return found;
}

/* No escape is shorter than what it stands for. */
void
lf_scan_unescape(const char *s, size_t len, struct lf_buf *out)
{
	const char *end = s + len, *stop;
	char *start = lf_buf_reserve(out, len + 4), *to = start;
	size_t used;

	if (start == NULL)
		return;
	while (s < end) {
		stop = memchr(s, '\\', (size_t)(end - s));
		if (stop == NULL)
			stop = end;
		memcpy(to, s, (size_t)(stop - s));
		to += stop - s;
		s = stop;
		if (s < end) {
			to += lf_scan_resolve(s, end, to, &used);
			s += used;
		}
	}
	*to = '\0';
	out->len += (size_t)(to - start);
}
