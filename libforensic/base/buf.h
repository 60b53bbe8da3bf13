/*
 * A growing byte buffer with a sticky error: appends after a failed allocation do nothing, and
 * one look at "failed" at the end is enough.  After a successful append the bytes are always
 * followed by a NUL that is not counted.
 */
#ifndef LF_BASE_BUF_H
#define LF_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct lf_buf {
	char *data; /* NULL until the first append */
	size_t len, cap;
	bool failed;
};

void lf_buf_init(struct lf_buf *b);
void lf_buf_free(struct lf_buf *b); /* leaves an empty, usable buffer */
void lf_buf_reset(struct lf_buf *b); /* keeps the memory, and "failed": a loop may look once at its end */

/* Makes room for extra more bytes and the NUL; returns the place to write, or NULL. */
char *lf_buf_reserve(struct lf_buf *b, size_t extra);

void lf_buf_add_slow(struct lf_buf *b, const void *bytes, size_t len);

/* Here, because most texts are made of few bytes at a time. */
static inline void
lf_buf_add(struct lf_buf *b, const void *bytes, size_t len)
{
	if (b->failed || b->cap - b->len <= len || len == 0) {
		lf_buf_add_slow(b, bytes, len);
		return;
	}
	memcpy(b->data + b->len, bytes, len);
	b->len += len;
	b->data[b->len] = '\0';
}

static inline void
lf_buf_putc(struct lf_buf *b, char c)
{
	lf_buf_add(b, &c, 1);
}

void lf_buf_puts(struct lf_buf *b, const char *text);
void lf_buf_number(struct lf_buf *b, uint64_t n); /* in decimal */
void lf_buf_printf(struct lf_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void lf_buf_vprintf(struct lf_buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

/*
 * The bytes as a C string ("" when empty); len bytes can be read there always, also of one that failed, which has what
 * came before.
 */
const char *lf_buf_str(const struct lf_buf *b);

#endif
