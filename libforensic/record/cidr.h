/*
 * Ranges of IP addresses (RFC 4632, RFC 4291).  An IPv4 address and its IPv4-mapped form (::ffff:192.0.2.1) are one.
 */
#ifndef LF_RECORD_CIDR_H
#define LF_RECORD_CIDR_H

#include <stdbool.h>

#include "base/slice.h"

struct lf_cidr {
	unsigned char address[16]; /* IPv4 as mapped; host bits are 0 */
	unsigned bits;             /* that count, of 128 */
	bool v4;
};

enum lf_cidr_reading {
	LF_CIDR_READ,
	LF_CIDR_BAD, /* meant as an address or a range, and is none: "10.0.0.0/33", "10.0.0/8", "1.2.3" */
	LF_CIDR_TEXT /* something else: a host name, a glob */
};

/* Reads "192.0.2.1", "192.0.2.0/24", "2001:db8::/32": a plain address is a range of one, host bits are cleared. */
enum lf_cidr_reading lf_cidr_read(const char *text, struct lf_cidr *out);

/* An address out of evidence, to be held against many ranges.  False when it is none. */
bool lf_cidr_address(struct lf_slice text, struct lf_cidr *out);

/* Whether an address lies in a range; no IPv4 address lies in a range of IPv6. */
bool lf_cidr_holds(const struct lf_cidr *range, const struct lf_cidr *address);

#endif
