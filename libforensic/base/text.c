#include "base/text.h"

#include <stdio.h>
#include <string.h>

#include "forensic.h"

#define UNIT_MAX 16 /* bytes of one character, escaped in any form */

size_t
lf_utf8_decode(const char *s, size_t len, uint32_t *cp)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *p = (const unsigned char *)s;
	uint32_t c;
	size_t n;

	if (len == 0)
		return 0;
	if (p[0] < 0x80) {
		*cp = p[0];
		return 1;
	}
	n = p[0] >= 0xf8 ? 0 : p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : p[0] >= 0xc0 ? 2 : 0;
	if (n == 0 || n > len)
		return 0;
	c = p[0] & (0x7fU >> n);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*cp = c;
	return n;
}

static bool
is_control(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0);
}

/*
 * Characters that show nothing but change how others show: the bidi controls of Unicode TR 36, line
 * and paragraph separators, zero-width characters, and the rest of general category Cf that has no
 * glyph; and the noncharacters at the end of each plane, two of which XML cannot hold.
 */
static bool
is_format(uint32_t cp)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{0xad, 0xad}, {0x61c, 0x61c}, {0x180e, 0x180e}, {0x200b, 0x200f}, {0x2028, 0x202e},
		{0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0x13430, 0x1343f},
		{0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe007f},
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (cp >= ranges[i].first && cp <= ranges[i].last)
			return true;
	return (cp & 0xfffe) == 0xfffe;
}

/* How many bytes from s on are printable ASCII but for the two bytes stop1 and stop2. */
static size_t
plain_run(const char *s, size_t len, char stop1, char stop2)
{
	size_t n = 0;

	while (n < len && s[n] >= 0x20 && s[n] < 0x7f && s[n] != stop1 && s[n] != stop2)
		n++;
	return n;
}

/* A character at s: how many bytes it has, 1 for an invalid byte, which leaves *valid false. */
static size_t
next_char(const char *s, size_t len, uint32_t *cp, bool *valid)
{
	size_t n = lf_utf8_decode(s, len, cp);

	*valid = n != 0;
	if (!*valid)
		*cp = (unsigned char)*s;
	return *valid ? n : 1;
}

/* Writes the character at s for a terminal into unit; *used gets the bytes it has in s. */
static size_t
terminal_unit(const char *s, size_t len, char unit[UNIT_MAX], size_t *used)
{
	uint32_t cp;
	bool valid;

	*used = next_char(s, len, &cp, &valid);
	if (!valid || is_control(cp))
		return (size_t)snprintf(unit, UNIT_MAX, "\\x%02x", (unsigned)cp);
	if (is_format(cp))
		return (size_t)snprintf(unit, UNIT_MAX, "\\u{%04x}", (unsigned)cp);
	memcpy(unit, s, *used);
	return *used;
}

void
lf_text_terminal(struct lf_buf *out, const char *s, size_t len)
{
	char unit[UNIT_MAX];
	size_t used;

	while (len > 0) {
		used = plain_run(s, len, '\0', '\0');
		if (used > 0)
			lf_buf_add(out, s, used);
		else
			lf_buf_add(out, unit, terminal_unit(s, len, unit, &used));
		s += used;
		len -= used;
	}
}

/* Never cuts a character or an escape: what does not fit whole is left out, and all behind it. */
size_t
lf_text_printable(const char *text, size_t len, char *out, size_t cap)
{
	size_t need = 0, written = 0, used, n;
	char unit[UNIT_MAX];

	while (len > 0) {
		n = terminal_unit(text, len, unit, &used);
		if (written == need && n < cap - written) {
			memcpy(out + written, unit, n);
			written += n;
		}
		need += n;
		text += used;
		len -= used;
	}
	if (cap > 0)
		out[written] = '\0';
	return need;
}

static void
json_unit(struct lf_buf *out, uint32_t cp)
{
	static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";

	for (const char *p = shorts; *p != '\0'; p += 2) {
		if ((uint32_t)*p == cp) {
			lf_buf_putc(out, '\\');
			lf_buf_putc(out, p[1]);
			return;
		}
	}
	if (cp >= 0x10000) {
		lf_buf_printf(out, "\\u%04x", (unsigned)(0xd800 + ((cp - 0x10000) >> 10)));
		cp = 0xdc00 + (cp & 0x3ff);
	}
	lf_buf_printf(out, "\\u%04x", (unsigned)cp);
}

void
lf_text_json(struct lf_buf *out, const char *s, size_t len)
{
	uint32_t cp;
	size_t used;
	bool valid;

	for (; len > 0; s += used, len -= used) {
		used = plain_run(s, len, '"', '\\');
		if (used > 0) {
			lf_buf_add(out, s, used);
			continue;
		}
		used = next_char(s, len, &cp, &valid);
		if (!valid)
			lf_buf_printf(out, "\\\\x%02x", (unsigned)cp);
		else if (cp < 0x80 || is_control(cp) || is_format(cp))
			json_unit(out, cp);
		else
			lf_buf_add(out, s, used);
	}
}

enum quoting { QUOTE_NONE, QUOTE_SINGLE, QUOTE_OCTAL };

static enum quoting
quoting_for(const char *s, size_t len)
{
	static const char harmless[] = "@%+:,./_-0123456789"
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	enum quoting q = len == 0 ? QUOTE_SINGLE : QUOTE_NONE;
	uint32_t cp;
	size_t used;
	bool valid;

	for (; len > 0; s += used, len -= used) {
		used = next_char(s, len, &cp, &valid);
		if (!valid || is_control(cp) || is_format(cp))
			return QUOTE_OCTAL;
		if (used > 1 || strchr(harmless, *s) == NULL)
			q = QUOTE_SINGLE;
	}
	return q;
}

static void
shell_octal(struct lf_buf *out, const char *s, size_t len)
{
	uint32_t cp;
	size_t used;
	bool valid;

	lf_buf_puts(out, "\"$(printf '%b' '");
	for (; len > 0; s += used, len -= used) {
		used = next_char(s, len, &cp, &valid);
		if (!valid || is_control(cp) || is_format(cp) || *s == '\'' || *s == '\\') {
			for (size_t i = 0; i < used; i++)
				lf_buf_printf(out, "\\0%03o", (unsigned)(unsigned char)s[i]);
		} else {
			lf_buf_add(out, s, used);
		}
	}
	lf_buf_puts(out, "')\"");
}

static void
shell_single(struct lf_buf *out, const char *s, size_t len)
{
	lf_buf_putc(out, '\'');
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '\'')
			lf_buf_puts(out, "'\\''");
		else
			lf_buf_putc(out, s[i]);
	}
	lf_buf_putc(out, '\'');
}

void
lf_text_shell(struct lf_buf *out, const char *s, size_t len)
{
	switch (quoting_for(s, len)) {
	case QUOTE_NONE:
		lf_buf_add(out, s, len);
		break;
	case QUOTE_SINGLE:
		shell_single(out, s, len);
		break;
	case QUOTE_OCTAL:
		shell_octal(out, s, len);
		break;
	}
}

void
lf_hex_encode(const unsigned char *bytes, size_t len, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
}

/* One more than the value of a hexadecimal digit; 0 for what is none. */
static const unsigned char hex_digit[256] = {['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6, ['6'] = 7,
    ['7'] = 8, ['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11,
    ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16};

bool
lf_hex_decode(const char *hex, size_t hex_len, unsigned char *out, size_t len)
{
	const unsigned char *p = (const unsigned char *)hex;
	bool bad = false;

	if (hex_len / 2 != len || hex_len % 2 != 0)
		return false;
	for (size_t i = 0; i < hex_len; i++)
		bad |= hex_digit[p[i]] == 0;
	for (size_t i = 0; i < len && !bad; i++)
		out[i] = (unsigned char)((hex_digit[p[2 * i]] - 1) << 4 | (hex_digit[p[2 * i + 1]] - 1));
	return !bad;
}
