/* Pieces of JSON text: characters of strings (RFC 8259 section 7, RFC 3629) and numbers. */
#ifndef LF_RECORD_SCAN_PIECE_H
#define LF_RECORD_SCAN_PIECE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline int
lf_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits of \uXXXX, or -1. */
static inline int32_t
lf_hex4(const char *p, const char *end)
{
	int32_t n = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		int v = lf_hex_digit(p[i]);
		if (v < 0)
			return -1;
		n = n << 4 | v;
	}
	return n;
}

/* What the byte behind a backslash stands for; 'u' for itself, 0 when it must not stand there. */
static inline char
lf_escape_value(int c)
{
	switch (c) {
	case '"':
	case '\\':
	case '/':
	case 'u':
		return (char)c;
	case 'b':
		return '\b';
	case 'f':
		return '\f';
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return 0;
	}
}

/* The length of the character at p, which is not ASCII; 0 when it is not valid UTF-8. */
size_t lf_scan_utf8(const char *p, const char *end);

/* Writes what the escape at s stands for, a bad one for itself and a lone surrogate for U+FFFD; *used gets the bytes it
 * takes of s. */
size_t lf_scan_resolve(const char *s, const char *end, char out[4], size_t *used);

/* What is behind the number at p, which starts with a digit or '-'; where it goes wrong when *ok is false. */
const char *lf_scan_number(const char *p, const char *end, bool *ok);

#endif
