/* What is written through an lf_write_fn, for tests to look at.  To be included behind cmocka.h. */
#ifndef LF_TEST_OUTPUT_H
#define LF_TEST_OUTPUT_H

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"

/* An lf_write_fn into a struct lf_buf. */
static inline int
output_append(void *arg, const void *bytes, size_t len)
{
	struct lf_buf *out = arg;

	lf_buf_add(out, bytes, len);
	errno = ENOMEM;
	return out->failed ? -1 : 0;
}

/* An lf_write_fn of a full disk. */
static inline int
output_full(void *arg, const void *bytes, size_t len)
{
	(void)arg;
	(void)bytes;
	(void)len;
	errno = ENOSPC;
	return -1;
}

static inline void
has(const struct lf_buf *out, const char *text)
{
	if (strstr(lf_buf_str(out), text) == NULL)
		fail_msg("\"%s\" is not in:\n%s", text, lf_buf_str(out));
}

static inline void
has_not(const struct lf_buf *out, const char *text)
{
	if (strstr(lf_buf_str(out), text) != NULL)
		fail_msg("\"%s\" is in:\n%s", text, lf_buf_str(out));
}

/* The JSON document that out holds, which is freed. */
static inline json_t *
output_json(struct lf_buf out)
{
	json_error_t e;
	json_t *d = json_loadb(lf_buf_str(&out), out.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &e);

	if (d == NULL)
		fail_msg("%s:\n%s", e.text, lf_buf_str(&out));
	lf_buf_free(&out);
	return d;
}

#endif
