/* Runs of bytes inside a text, and what reading names by hand takes.  Letters are compared without regard to case. */
#ifndef LF_RECORD_SLICE_H
#define LF_RECORD_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct lf_slice {
	const char *s;
	size_t len;
};

static inline char
lf_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static inline bool
lf_letters_equal(const char *a, const char *b, size_t len)
{
	if (len == 0 || memcmp(a, b, len) == 0)
		return true;
	for (size_t i = 0; i < len; i++)
		if (lf_lower(a[i]) != lf_lower(b[i]))
			return false;
	return true;
}

/* What is behind the first n bytes. */
static inline struct lf_slice
lf_slice_behind(struct lf_slice s, size_t n)
{
	return (struct lf_slice){s.s + n, s.len - n};
}

static inline bool
lf_slice_equal(struct lf_slice a, struct lf_slice b)
{
	return a.len == b.len && lf_letters_equal(a.s, b.s, a.len);
}

static inline bool
lf_slice_is(struct lf_slice s, const char *text)
{
	return s.len == strlen(text) && lf_letters_equal(s.s, text, s.len);
}

static inline bool
lf_slice_starts(struct lf_slice s, const char *text)
{
	size_t n = strlen(text);

	return s.len >= n && lf_letters_equal(s.s, text, n);
}

static inline bool
lf_slice_ends(struct lf_slice s, const char *text)
{
	size_t n = strlen(text);

	return s.len >= n && lf_letters_equal(s.s + s.len - n, text, n);
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
