/* The value of a number, whatever its spelling (RFC 8259 section 6), exact at any length. */
#include <string.h>

#include "compare/tree.h"

#define EXPONENT_MAX (INT64_C(1) << 40) /* beyond it, spelling counts: nobody means such numbers */

/* A number taken apart: digits * 10^exponent. */
struct number {
	bool negative;
	int64_t exponent;
	bool odd; /* the exponent is out of bounds */
};

/* Appends the digits, without the point and zeros in front. */
static const char *
take_digits(const char *p, const char *end, struct number *n, struct lf_buf *digits)
{
	bool fraction = false;

	for (; p < end && *p != 'e' && *p != 'E'; p++) {
		if (*p == '.') {
			fraction = true;
			continue;
		}
		n->exponent -= fraction;
		if (digits->len > 0 || *p != '0')
			lf_buf_putc(digits, *p);
	}
	return p;
}

static void
take_exponent(const char *p, const char *end, struct number *n)
{
	int64_t e = 0;
	bool negative = p < end && *p == '-';

	if (p < end && (*p == '-' || *p == '+'))
		p++;
	for (; p < end && !n->odd; p++) {
		e = e * 10 + (*p - '0');
		n->odd = e > EXPONENT_MAX;
	}
	n->exponent += negative ? -e : e;
}

/* Whether a number is its digits, as they stand: most are. */
static bool
is_plain(struct lf_slice digits)
{
	if (digits.len == 0 || digits.s[0] == '0' || digits.s[digits.len - 1] == '0')
		return false;
	for (size_t i = 0; i < digits.len; i++)
		if (digits.s[i] < '0' || digits.s[i] > '9')
			return false;
	return true;
}

uint64_t
lf_tree_number(const struct lf_seed *seed, struct lf_slice text, struct lf_buf *scratch)
{
	const char *p = text.s, *end = text.s + text.len;
	struct number n = {.negative = text.len > 0 && *p == '-'};

	if (is_plain((struct lf_slice){p + n.negative, text.len - n.negative}))
		return lf_seed_mix(seed, n.negative, lf_seed_hash(seed, p + n.negative, text.len - n.negative));
	lf_buf_reset(scratch);
	p = take_digits(p + n.negative, end, &n, scratch);
	if (p < end)
		take_exponent(p + 1, end, &n);
	if (scratch->len == 0) /* zero, whatever its sign and exponent */
		return lf_seed_mix(seed, 0, lf_seed_hash(seed, "0", 1));
	if (n.odd)
		return lf_seed_mix(seed, UINT64_MAX, lf_seed_hash(seed, text.s, text.len));
	while (!scratch->failed && scratch->data[scratch->len - 1] == '0') {
		scratch->len--;
		n.exponent++;
	}
	return lf_seed_mix(seed, (uint64_t)n.exponent << 1 | n.negative,
	    lf_seed_hash(seed, lf_buf_str(scratch), scratch->len));
}
