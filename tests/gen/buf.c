/* Growing buffers; running out of memory ends the program. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

/* Make room for n more bytes and a NUL. */
void
buf_room(struct buf *b, size_t n)
{
	size_t cap = b->cap ? b->cap : 1024;

	if (b->len + n + 1 <= b->cap)
		return;
	while (cap < b->len + n + 1)
		cap *= 2;
	b->p = xrealloc(b->p, cap, 1);
	b->cap = cap;
}

/* Append n bytes. */
void
buf_add(struct buf *b, const void *p, size_t n)
{
	buf_room(b, n);
	if (n > 0)
		memcpy(b->p + b->len, p, n);
	b->len += n;
	b->p[b->len] = '\0';
}

/* Append a string. */
void
buf_str(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

/* Append one character. */
void
buf_chr(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

/* Append formatted text. */
void
buf_fmt(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	buf_room(b, 256);
	va_start(ap, fmt);
	n = vsnprintf(b->p + b->len, b->cap - b->len, fmt, ap);
	va_end(ap);
	if (n < 0)
		errx(2, "vsnprintf");
	if ((size_t)n >= b->cap - b->len) {
		buf_room(b, (size_t)n);
		va_start(ap, fmt);
		n = vsnprintf(b->p + b->len, b->cap - b->len, fmt, ap);
		va_end(ap);
	}
	b->len += (size_t)n;
}

/* Append a JSON string with its quotes, or null; slash also escapes the solidus. */
void
buf_json(struct buf *b, const char *s, bool slash)
{
	if (s == NULL) {
		buf_str(b, "null");
		return;
	}
	buf_chr(b, '"');
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\' || (*s == '/' && slash))
			buf_chr(b, '\\');
		if ((unsigned char)*s < 0x20)
			buf_fmt(b, "\\u%04x", (unsigned)*s);
		else
			buf_chr(b, *s);
	}
	buf_chr(b, '"');
}

/* Append n bytes as lower hex. */
void
buf_hex(struct buf *b, const void *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *u = p;
	size_t i;

	buf_room(b, 2 * n);
	for (i = 0; i < n; i++) {
		b->p[b->len++] = digits[u[i] >> 4];
		b->p[b->len++] = digits[u[i] & 15];
	}
	b->p[b->len] = '\0';
}

/* Escape every solidus from offset on; the text must have none escaped yet. */
void
buf_escape_slashes(struct buf *b, size_t from)
{
	struct buf t = {0};
	size_t i;

	for (i = from; i < b->len; i++) {
		if (b->p[i] == '/')
			buf_chr(&t, '\\');
		buf_chr(&t, b->p[i]);
	}
	b->len = from;
	buf_add(b, t.p, t.len);
	buf_free(&t);
}

/* Replace the first max occurrences of one text; returns how many there were. */
unsigned
buf_replace(struct buf *b, const char *from, const char *to, unsigned max)
{
	struct buf t = {0};
	char *s = b->p, *hit;
	unsigned n = 0;

	while (n < max && s != NULL && (hit = strstr(s, from)) != NULL) {
		buf_add(&t, s, (size_t)(hit - s));
		buf_str(&t, to);
		s = hit + strlen(from);
		n++;
	}
	if (n > 0) {
		buf_add(&t, s, (size_t)(b->p + b->len - s));
		buf_free(b);
		*b = t;
	}
	return n;
}

/* Free what the buffer holds; it may be used again. */
void
buf_free(struct buf *b)
{
	free(b->p);
	memset(b, 0, sizeof(*b));
}

/* strdup that does not fail; NULL gives NULL. */
char *
xstrdup(const char *s)
{
	char *p = NULL;

	if (s != NULL && (p = strdup(s)) == NULL)
		err(2, NULL);
	return p;
}

/* asprintf that does not fail. */
char *
xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *p = NULL;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&p, fmt, ap);
	va_end(ap);
	if (n < 0)
		err(2, NULL);
	return p;
}

/* reallocarray that does not fail. */
void *
xrealloc(void *p, size_t n, size_t size)
{
	p = reallocarray(p, n ? n : 1, size);
	if (p == NULL)
		err(2, NULL);
	return p;
}
