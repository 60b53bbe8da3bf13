#include "carve/coding.h"

#include <string.h>

enum lf_quote
lf_coding_quote(unsigned level, size_t backslashes)
{
	/* Each time the text is unescaped, two backslashes become one, and one goes with the quote. */
	for (unsigned i = 0; i < level; i++) {
		if (backslashes % 2 == 0)
			return LF_QUOTE_OUTSIDE;
		backslashes /= 2;
	}
	return backslashes % 2 == 0 ? LF_QUOTE_STRUCTURE : LF_QUOTE_CONTENT;
}

int
lf_coding_level(size_t backslashes)
{
	for (unsigned level = 0; level <= LF_CODING_LEVELS; level++)
		if (lf_coding_backslashes(level) == backslashes)
			return (int)level;
	return -1;
}

void
lf_decoded_free(struct lf_decoded *d)
{
	lf_buf_free(&d->text);
	lf_buf_free(&d->ends);
	lf_buf_free(&d->scratch);
	lf_buf_free(&d->scratch_ends);
	d->s = NULL;
	d->len = 0;
}

/* A code point, all bytes of which end at the same place. */
static void
add_point(struct lf_decoded *d, uint32_t point, size_t end)
{
	char utf8[4];
	size_t n = 0;
	uint32_t e = (uint32_t)end;

	if (point < 0x80) {
		utf8[n++] = (char)point;
	} else if (point < 0x800) {
		utf8[n++] = (char)(0xc0 | point >> 6);
	} else if (point < 0x10000) {
		utf8[n++] = (char)(0xe0 | point >> 12);
		utf8[n++] = (char)(0x80 | (point >> 6 & 0x3f));
	} else {
		utf8[n++] = (char)(0xf0 | point >> 18);
		utf8[n++] = (char)(0x80 | (point >> 12 & 0x3f));
		utf8[n++] = (char)(0x80 | (point >> 6 & 0x3f));
	}
	if (point >= 0x80)
		utf8[n++] = (char)(0x80 | (point & 0x3f));
	lf_buf_add(&d->text, utf8, n);
	for (size_t i = 0; i < n; i++)
		lf_buf_add(&d->ends, &e, sizeof(e));
}

/* ---- UTF-16 ---- */

static bool
is_high(unsigned u)
{
	return u >= 0xd800 && u < 0xdc00;
}

static bool
is_low(unsigned u)
{
	return u >= 0xdc00 && u < 0xe000;
}

static void
from_utf16(const struct lf_coding *c, const unsigned char *raw, size_t len, struct lf_decoded *out)
{
	for (size_t i = 0; i + 2 <= len;) {
		unsigned u = lf_coding_unit(c, raw + i), v;

		if (is_low(u) || (is_high(u) && i + 4 > len))
			return;
		if (!is_high(u)) {
			i += 2;
			add_point(out, u, i);
			continue;
		}
		v = lf_coding_unit(c, raw + i + 2);
		if (!is_low(v))
			return;
		i += 4;
		add_point(out, 0x10000 + ((u - 0xd800) << 10 | (v - 0xdc00)), i);
	}
}

/* ---- Escapes ---- */

static int
hex4(const char *s)
{
	int n = 0;

	for (size_t i = 0; i < 4; i++) {
		int d = s[i] >= '0' && s[i] <= '9' ? s[i] - '0'
		    : (s[i] | 0x20) >= 'a' && (s[i] | 0x20) <= 'f' ? (s[i] | 0x20) - 'a' + 10 : -1;

		if (d < 0)
			return -1;
		n = n << 4 | d;
	}
	return n;
}

/* Whether the text at s, which its end cuts, may go on as the escape of a second half. */
static bool
is_cut(const char *s, size_t len)
{
	return len < 6 && memcmp(s, "\\u", len < 2 ? len : 2) == 0;
}

/* The code point of "\uXXXX" at s, and of the second half of a pair; *used 0 when it is cut or broken. */
static uint32_t
unicode_escape(const char *s, size_t len, size_t *used)
{
	int first = len < 6 ? -1 : hex4(s + 2), second;

	*used = 0;
	if (first < 0)
		return 0;
	*used = 6;
	if (is_high((unsigned)first) && is_cut(s + 6, len - 6)) {
		*used = 0;
		return 0;
	}
	if (!is_high((unsigned)first))
		return is_low((unsigned)first) ? 0xfffd : (uint32_t)first;
	second = len < 12 || s[6] != '\\' || s[7] != 'u' ? -1 : hex4(s + 8);
	if (second < 0 || !is_low((unsigned)second))
		return 0xfffd;
	*used = 12;
	return 0x10000 + (((uint32_t)first - 0xd800) << 10 | ((uint32_t)second - 0xdc00));
}

/* What the escape at s stands for; *used 0 when it is cut or broken. */
static uint32_t
escape(const char *s, size_t len, size_t *used)
{
	*used = len < 2 ? 0 : 2;
	if (len < 2)
		return 0;
	switch (s[1]) {
	case '"': case '\\': case '/': return (uint32_t)s[1];
	case 'b': return '\b';
	case 'f': return '\f';
	case 'n': return '\n';
	case 'r': return '\r';
	case 't': return '\t';
	case 'u': return unicode_escape(s, len, used);
	default: *used = 0; return 0;
	}
}

/* One level off: up to the quote that ends the string. */
static void
unescape(const char *s, size_t len, struct lf_decoded *out)
{
	size_t used;
	uint32_t point, end;

	for (size_t i = 0; i < len && s[i] != '"'; i += used) {
		if (s[i] != '\\') {
			used = 1;
			end = (uint32_t)i + 1;
			lf_buf_putc(&out->text, s[i]);
			lf_buf_add(&out->ends, &end, sizeof(end));
			continue;
		}
		point = escape(s + i, len - i, &used);
		if (used == 0)
			return;
		add_point(out, point, i + used);
	}
}

/* The ends of one step, in terms of what the step before was made of. */
static void
compose(const struct lf_buf *before, struct lf_buf *ends)
{
	uint32_t at, earlier;

	for (size_t i = 0; before->len > 0 && i < ends->len; i += sizeof(at)) {
		memcpy(&at, ends->data + i, sizeof(at));
		memcpy(&earlier, before->data + ((size_t)at - 1) * sizeof(at), sizeof(at));
		memcpy(ends->data + i, &earlier, sizeof(at));
	}
}

static void
swap(struct lf_buf *a, struct lf_buf *b)
{
	struct lf_buf t = *a;

	*a = *b;
	*b = t;
}

int
lf_coding_decode(const struct lf_coding *c, const unsigned char *raw, size_t len, struct lf_decoded *out)
{
	out->s = (const char *)raw;
	out->len = len;
	lf_buf_reset(&out->text);
	lf_buf_reset(&out->ends);
	if (c->unit == 2) {
		from_utf16(c, raw, len, out);
		out->s = lf_buf_str(&out->text);
		out->len = out->text.len;
	}
	for (unsigned i = 0; i < c->level; i++) {
		swap(&out->text, &out->scratch);
		swap(&out->ends, &out->scratch_ends);
		lf_buf_reset(&out->text);
		lf_buf_reset(&out->ends);
		unescape(out->s, out->len, out);
		compose(&out->scratch_ends, &out->ends);
		out->s = lf_buf_str(&out->text);
		out->len = out->text.len;
	}
	return out->text.failed || out->ends.failed || out->scratch.failed || out->scratch_ends.failed ? -1 : 0;
}

size_t
lf_decoded_raw(const struct lf_decoded *d, size_t n)
{
	uint32_t end;

	if (d->ends.len == 0 || n == 0)
		return n;
	memcpy(&end, d->ends.data + (n - 1) * sizeof(end), sizeof(end));
	return end;
}
