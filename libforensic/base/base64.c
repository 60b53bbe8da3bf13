#include "base/base64.h"

int
lf_base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* What a quantum of digits and padding gives; the bits that padding leaves over must be zero. */
static bool
add_quantum(struct lf_buf *out, uint32_t bits, unsigned digits)
{
	char bytes[3];
	uint32_t all = bits << (6 * (4 - digits));

	if (digits < 2 || (all & (0xffffffU >> (8 * (digits - 1)))) != 0)
		return false;
	bytes[0] = (char)(all >> 16);
	bytes[1] = (char)(all >> 8);
	bytes[2] = (char)all;
	lf_buf_add(out, bytes, digits - 1);
	return !out->failed;
}

static bool
decode_base64(const char *text, size_t len, struct lf_buf *out)
{
	unsigned digits = 0, pads = 0;
	uint32_t bits = 0;
	int value;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == ' ' || (text[i] >= '\t' && text[i] <= '\r'))
			continue;
		value = lf_base64_digit(text[i]);
		if (text[i] == '=' ? digits < 2 || ++pads > 2 : value < 0 || pads > 0)
			return false;
		if (text[i] == '=')
			continue;
		bits = bits << 6 | (uint32_t)value;
		if (++digits == 4) {
			if (!add_quantum(out, bits, digits))
				return false;
			bits = digits = 0;
		}
	}
	return digits == 0 || (digits + pads == 4 && add_quantum(out, bits, digits));
}

bool
lf_base64_decode(const char *text, size_t len, struct lf_buf *out)
{
	size_t before = out->len;

	if (lf_buf_reserve(out, len / 4 * 3 + 3) == NULL)
		return false;
	if (decode_base64(text, len, out))
		return true;
	out->len = before;
	out->data[before] = '\0';
	return false;
}

void
lf_base64_encode(const unsigned char *bytes, size_t len, struct lf_buf *out)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char quad[4];
	uint32_t v;
	size_t n;

	for (; len > 0; bytes += n, len -= n) {
		n = len < 3 ? len : 3;
		v = (uint32_t)bytes[0] << 16 | (n > 1 ? (uint32_t)bytes[1] << 8 : 0) |
		    (n > 2 ? bytes[2] : 0);
		for (unsigned i = 0; i < 4; i++)
			quad[i] = i > n ? '=' : digits[v >> (18 - 6 * i) & 63];
		lf_buf_add(out, quad, 4);
	}
}
