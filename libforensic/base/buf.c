#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

#define FIRST_SIZE 64

void
lf_buf_init(struct lf_buf *b)
{
	memset(b, 0, sizeof(*b));
}

void
lf_buf_free(struct lf_buf *b)
{
	free(b->data);
	lf_buf_init(b);
}

void
lf_buf_reset(struct lf_buf *b)
{
	b->len = 0;
	if (b->data != NULL)
		b->data[0] = '\0';
}

/* Makes cap at least need, in steps that double. */
static bool
grow(struct lf_buf *b, size_t need)
{
	size_t cap = b->cap > FIRST_SIZE ? b->cap : FIRST_SIZE;
	char *data;

	while (cap < need) {
		if (cap > SIZE_MAX / 2) {
			cap = need;
			break;
		}
		cap *= 2;
	}
	data = realloc(b->data, cap);
	if (data == NULL)
		return false;
	b->data = data;
	b->cap = cap;
	return true;
}

char *
lf_buf_reserve(struct lf_buf *b, size_t extra)
{
	if (b->failed)
		return NULL;
	if (b->cap - b->len <= extra &&
	    (extra > SIZE_MAX - b->len - 1 || !grow(b, b->len + extra + 1))) {
		b->failed = true;
		return NULL;
	}
	b->data[b->len] = '\0';
	return b->data + b->len;
}

void
lf_buf_add_slow(struct lf_buf *b, const void *bytes, size_t len)
{
	char *at = lf_buf_reserve(b, len);

	if (at == NULL || len == 0)
		return;
	memcpy(at, bytes, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void
lf_buf_puts(struct lf_buf *b, const char *text)
{
	lf_buf_add(b, text, strlen(text));
}

void
lf_buf_number(struct lf_buf *b, uint64_t n)
{
	char digits[20], *at = digits + sizeof(digits);

	do {
		*--at = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	lf_buf_add(b, at, (size_t)(digits + sizeof(digits) - at));
}

void
lf_buf_printf(struct lf_buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	lf_buf_vprintf(b, fmt, ap);
	va_end(ap);
}

void
lf_buf_vprintf(struct lf_buf *b, const char *fmt, va_list ap)
{
	char *at = lf_buf_reserve(b, FIRST_SIZE);
	va_list again;
	int n;

	if (at == NULL)
		return;
	va_copy(again, ap);
	n = vsnprintf(at, b->cap - b->len, fmt, ap);
	if (n >= 0 && (size_t)n >= b->cap - b->len) {
		at = lf_buf_reserve(b, (size_t)n);
		if (at != NULL)
			n = vsnprintf(at, (size_t)n + 1, fmt, again);
	}
	va_end(again);
	if (n < 0)
		b->failed = true;
	if (b->failed)
		b->data[b->len] = '\0';
	else
		b->len += (size_t)n;
}

const char *
lf_buf_str(const struct lf_buf *b)
{
	return b->data == NULL ? "" : b->data;
}
