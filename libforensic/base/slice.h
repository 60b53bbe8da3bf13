/*
 * Runs of bytes inside a text that somebody else owns, and what reading names by hand takes.  A slice may be
 * {NULL, 0}; its bytes need no NUL behind them, and may hold some.  Comparisons are of bytes; those named _nocase take
 * the letters A to Z for a to z, whatever the locale.
 */
#ifndef LF_BASE_SLICE_H
#define LF_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct lf_slice {
	const char *s;
	size_t len;
};

/* ---- Bytes ---- */

static inline char
lf_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static inline bool
lf_bytes_equal(const char *a, const char *b, size_t len)
{
	return len == 0 || memcmp(a, b, len) == 0;
}

static inline bool
lf_bytes_equal_nocase(const char *a, const char *b, size_t len)
{
	if (lf_bytes_equal(a, b, len))
		return true;
	for (size_t i = 0; i < len; i++)
		if (lf_lower(a[i]) != lf_lower(b[i]))
			return false;
	return true;
}

/* ---- Comparing ---- */

static inline bool
lf_slice_equal(struct lf_slice a, struct lf_slice b)
{
	return a.len == b.len && lf_bytes_equal(a.s, b.s, a.len);
}

static inline bool
lf_slice_equal_nocase(struct lf_slice a, struct lf_slice b)
{
	return a.len == b.len && lf_bytes_equal_nocase(a.s, b.s, a.len);
}

/* Whether s is all of text. */
static inline bool
lf_slice_is(struct lf_slice s, const char *text)
{
	return s.len == strlen(text) && lf_bytes_equal(s.s, text, s.len);
}

static inline bool
lf_slice_is_nocase(struct lf_slice s, const char *text)
{
	return s.len == strlen(text) && lf_bytes_equal_nocase(s.s, text, s.len);
}

static inline bool
lf_slice_starts(struct lf_slice s, const char *text)
{
	size_t n = strlen(text);

	return s.len >= n && lf_bytes_equal(s.s, text, n);
}

static inline bool
lf_slice_starts_nocase(struct lf_slice s, const char *text)
{
	size_t n = strlen(text);

	return s.len >= n && lf_bytes_equal_nocase(s.s, text, n);
}

static inline bool
lf_slice_ends(struct lf_slice s, const char *text)
{
	size_t n = strlen(text);

	return n == 0 || (s.len >= n && lf_bytes_equal(s.s + s.len - n, text, n));
}

static inline bool
lf_slice_ends_nocase(struct lf_slice s, const char *text)
{
	size_t n = strlen(text);

	return n == 0 || (s.len >= n && lf_bytes_equal_nocase(s.s + s.len - n, text, n));
}

/* As memcmp(); of two of which one begins with the other, the shorter comes first. */
static inline int
lf_slice_cmp(struct lf_slice a, struct lf_slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int d = n == 0 ? 0 : memcmp(a.s, b.s, n);

	return d != 0 ? d : (a.len > b.len) - (a.len < b.len);
}

/* ---- Taking apart ---- */

/* What is behind the first n bytes. */
static inline struct lf_slice
lf_slice_behind(struct lf_slice s, size_t n)
{
	return (struct lf_slice){s.s + n, s.len - n};
}

/* Takes what stands in front of the first c, and that c, off s; all of s where there is none. */
static inline struct lf_slice
lf_slice_take_up_to(struct lf_slice *s, char c)
{
	const char *at = s->len == 0 ? NULL : memchr(s->s, c, s->len);
	struct lf_slice head = {s->s, at == NULL ? s->len : (size_t)(at - s->s)};

	*s = lf_slice_behind(*s, head.len + (at != NULL));
	return head;
}

/* Takes the part behind the last '/', all where there is none, off a path. */
static inline struct lf_slice
lf_slice_take_last(struct lf_slice *path)
{
	const char *slash = path->len == 0 ? NULL : memrchr(path->s, '/', path->len);
	struct lf_slice part = *path;

	if (slash != NULL)
		part = lf_slice_behind(*path, (size_t)(slash - path->s) + 1);
	path->len = slash == NULL ? 0 : (size_t)(slash - path->s);
	return part;
}

#endif
