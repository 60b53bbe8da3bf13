#include "record/cidr.h"

#include <arpa/inet.h>
#include <string.h>

#define V4_BITS 96 /* of a mapped address, in front of those of IPv4 */

static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/* inet_pton() takes no leading zeros, which some read as octal, and no shortened forms. */
bool
lf_cidr_address(struct lf_slice text, struct lf_cidr *out)
{
	char buf[INET6_ADDRSTRLEN];

	if (text.len == 0 || text.len >= sizeof(buf) || memchr(text.s, '\0', text.len) != NULL)
		return false;
	memcpy(buf, text.s, text.len);
	buf[text.len] = '\0';
	out->bits = 128;
	if (inet_pton(AF_INET, buf, out->address + sizeof(mapped)) == 1)
		memcpy(out->address, mapped, sizeof(mapped));
	else if (inet_pton(AF_INET6, buf, out->address) != 1)
		return false;
	out->v4 = memcmp(out->address, mapped, sizeof(mapped)) == 0;
	return true;
}

/* Digits of a prefix length; more than max for anything else. */
static unsigned
read_bits(const char *p, unsigned max)
{
	size_t len = strlen(p);
	unsigned n = 0;

	if (len == 0 || len > 3 || strspn(p, "0123456789") != len || (len > 1 && p[0] == '0'))
		return max + 1;
	for (; *p != '\0'; p++)
		n = n * 10 + (unsigned)(*p - '0');
	return n;
}

static void
clear_host(struct lf_cidr *c)
{
	for (unsigned i = 0; i < sizeof(c->address); i++) {
		unsigned keep = c->bits > i * 8 ? c->bits - i * 8 : 0;
		if (keep < 8)
			c->address[i] &= (unsigned char)(0xff00u >> keep);
	}
}

/* Whether text that cannot be read was meant as an address or range. */
static bool
meant(const char *text)
{
	size_t len = strlen(text);
	const char *slash = strrchr(text, '/');

	/* No sourceIPAddress holds a slash: what has one is meant as a range. */
	if (slash != NULL && (strpbrk(text, "*?[") == NULL || strspn(slash + 1, "0123456789") == strlen(slash + 1)))
		return true;
	return strspn(text, "0123456789./") == len ||
	    (strchr(text, ':') != NULL && strspn(text, "0123456789abcdefABCDEF:./") == len);
}

enum lf_cidr_reading
lf_cidr_read(const char *text, struct lf_cidr *out)
{
	const char *slash = strchr(text, '/');
	struct lf_slice address = {text, slash != NULL ? (size_t)(slash - text) : strlen(text)};
	bool dotted = memchr(address.s, ':', address.len) == NULL;
	unsigned max = dotted ? 32 : 128, bits = max;

	if (slash != NULL)
		bits = read_bits(slash + 1, max);
	if (bits > max || !lf_cidr_address(address, out))
		return meant(text) ? LF_CIDR_BAD : LF_CIDR_TEXT;
	out->bits = dotted ? bits + V4_BITS : bits;
	out->v4 = out->v4 && out->bits >= V4_BITS;
	clear_host(out);
	return LF_CIDR_READ;
}

bool
lf_cidr_holds(const struct lf_cidr *range, const struct lf_cidr *address)
{
	unsigned whole = range->bits / 8, rest = range->bits % 8;

	if (range->v4 != address->v4 || memcmp(range->address, address->address, whole) != 0)
		return false;
	return rest == 0 || ((range->address[whole] ^ address->address[whole]) & (0xff00u >> rest) & 0xff) == 0;
}
