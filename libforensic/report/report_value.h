/* What members of JSON objects hold, for readers who take what is there: results are files, and anybody can write
 * one. */
#ifndef LF_REPORT_REPORT_VALUE_H
#define LF_REPORT_REPORT_VALUE_H

#include <string.h>

#include "base/json.h"
#include "base/utc.h"

/* A time in CloudTrail's form, or LF_TIME_NONE. */
static inline int64_t
lf_value_time(const json_t *o, const char *name)
{
	const char *s = lf_json_string(o, name);
	int64_t t;

	return s != NULL && lf_utc_read(s, strlen(s), &t) ? t : LF_TIME_NONE;
}

/* A number that is not negative, or 0. */
static inline uint64_t
lf_value_count(const json_t *o, const char *name)
{
	json_int_t n = json_integer_value(json_object_get(o, name));

	return n > 0 ? (uint64_t)n : 0;
}

static inline bool
lf_value_true(const json_t *o, const char *name)
{
	return json_is_true(json_object_get(o, name));
}

/* A string as lf_json_string() gives it, or other. */
static inline const char *
lf_value_text(const json_t *o, const char *name, const char *other)
{
	const char *s = lf_json_string(o, name);

	return s != NULL ? s : other;
}

/* The elements of a list as far as an index reaches. */
static inline uint32_t
lf_value_size(const json_t *list)
{
	size_t n = json_array_size(list);

	return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX - 1;
}

#endif
