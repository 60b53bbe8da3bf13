/*
 * Bytes from evidence made safe for where they go: what takes an lf_buf appends to it.
 * Sources: RFC 8259 section 7 (JSON strings), RFC 3629 (UTF-8), Unicode TR 36 (bidi).
 */
#ifndef LF_BASE_TEXT_H
#define LF_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Decodes one UTF-8 sequence (RFC 3629: no surrogates, no overlong forms).  Returns its length, or
 * 0 when s does not start with a valid one. */
size_t lf_utf8_decode(const char *s, size_t len, uint32_t *cp);

/* For terminals: control characters (C0, C1, DEL) and invalid bytes as \xNN; bidi controls, line and
 * paragraph separators, zero-width and other format characters as \u{NNNN}; a backslash as it is. */
void lf_text_terminal(struct lf_buf *out, const char *s, size_t len);

/* The inside of a JSON string (no quotes): valid UTF-8 whatever s holds; an invalid byte becomes the
 * four characters \\xNN (an escaped backslash, x, two hex digits), so that nothing is lost. */
void lf_text_json(struct lf_buf *out, const char *s, size_t len);

/* A word for a POSIX shell: as it is when harmless, 'quoted', or "$(printf '%b' '..')" with octal escapes when it
 * holds control, bidi or invalid bytes (there a newline at its end is lost, as the shell has it). */
void lf_text_shell(struct lf_buf *out, const char *s, size_t len);

/* Columns that s takes on a terminal (wcwidth of a fixed UTF-8 table: wide CJK 2, combining 0). */
size_t lf_text_columns(const char *s, size_t len);

/* Lower-case hexadecimal. */
void lf_hex_encode(const unsigned char *bytes, size_t len, char *out); /* 2 * len + 1 bytes */
/* Reads exactly 2 * len digits of either case; false on anything else. */
bool lf_hex_decode(const char *hex, size_t hex_len, unsigned char *out, size_t len);

#endif
