/* Bytes written in base64 (RFC 4648 section 4). */
#ifndef LF_BASE_BASE64_H
#define LF_BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* The value of a digit; -1 for anything else. */
int lf_base64_digit(char c);

/*
 * Appends what text stands for: white space is skipped, padding must be there and right.  False, with nothing appended,
 * on anything else, and when memory is out.
 */
bool lf_base64_decode(const char *text, size_t len, struct lf_buf *out);

/* Appends bytes as base64, on one line. */
void lf_base64_encode(const unsigned char *bytes, size_t len, struct lf_buf *out);

#endif
