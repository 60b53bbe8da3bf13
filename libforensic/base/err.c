#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Formats beside err first: an argument may be err->msg itself, to put words in front of it. */
static void __attribute__((format(printf, 3, 0)))
fill(struct lf_err *err, const char *tail, const char *fmt, va_list ap)
{
	char text[sizeof(err->msg)];
	size_t len;
	int n = vsnprintf(text, sizeof(text), fmt, ap);

	if (n < 0)
		text[0] = '\0';
	len = strlen(text);
	if (tail != NULL)
		snprintf(text + len, sizeof(text) - len, ": %s", tail);
	memcpy(err->msg, text, sizeof(text));
}

int
lf_err_set(struct lf_err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fill(err, NULL, fmt, ap);
	va_end(ap);
	return -1;
}

int
lf_err_sys(struct lf_err *err, const char *fmt, ...)
{
	char text[128];
	const char *tail = strerror_r(errno, text, sizeof(text));
	va_list ap;

	va_start(ap, fmt);
	fill(err, tail, fmt, ap);
	va_end(ap);
	return -1;
}

#define NO_MEMORY "out of memory"

int
lf_err_nomem(struct lf_err *err)
{
	return lf_err_set(err, NO_MEMORY);
}

bool
lf_err_is_nomem(const struct lf_err *err)
{
	return strcmp(err->msg, NO_MEMORY) == 0;
}
