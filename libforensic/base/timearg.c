#include "forensic.h"

#include <string.h>

#include "base/err.h"
#include "base/utc.h"

/* Reads digits only, all len of them. */
static bool
read_number(const char *s, size_t len, uint64_t *out)
{
	uint64_t n = 0;

	if (len == 0)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9' || __builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(s[i] - '0'), &n))
			return false;
	}
	*out = n;
	return true;
}

/* "@1709251200" */
static bool
read_epoch(const char *text, size_t len, int64_t *out)
{
	uint64_t n;

	if (len < 2 || text[0] != '@' || !read_number(text + 1, len - 1, &n) || n > INT64_MAX)
		return false;
	*out = (int64_t)n;
	return true;
}

/* "90m", "36h", "7d" */
static bool
read_ago(const char *text, size_t len, int64_t now, int64_t *out)
{
	uint64_t n, unit = 86400;

	if (len < 2 || !read_number(text, len - 1, &n))
		return false;
	if (text[len - 1] == 'm')
		unit = 60;
	else if (text[len - 1] == 'h')
		unit = 3600;
	else if (text[len - 1] != 'd')
		return false;
	if (__builtin_mul_overflow(n, unit, &n) || n > INT64_MAX)
		return false;
	return !__builtin_sub_overflow(now, (int64_t)n, out);
}

/* A whole date with "tail" in the place of what it leaves out. */
static bool
read_date(const char *text, size_t len, size_t want, const char *tail, int64_t *out)
{
	char whole[LF_UTC_LEN];

	if (len != want)
		return false;
	memcpy(whole, text, want);
	strcpy(whole + want, tail);
	return lf_utc_read(whole, strlen(whole), out);
}

/* A fraction counts as the next whole second: that is what it means to whole seconds, both as the
 * first instant inside a half-open window and as the first behind it. */
static bool
read_instant(const char *text, size_t len, int64_t *out)
{
	int32_t nanos;

	if (!lf_utc_read_rfc3339(text, len, out, &nanos))
		return false;
	*out += nanos > 0;
	return true;
}

/* Whether t is a time that four digits of a year can name. */
static bool
nameable(int64_t t)
{
	struct lf_civil c;

	lf_utc_to_civil(t, &c);
	return lf_civil_valid(&c);
}

int
lf_time_parse(const char *text, int64_t now, int64_t *out, struct lf_err *err)
{
	size_t len = strlen(text);
	int64_t t = now;

	if ((strcmp(text, "now") == 0 || read_instant(text, len, &t) ||
	    read_date(text, len, 10, "T00:00:00Z", &t) || read_date(text, len, 13, ":00:00Z", &t) ||
	    read_epoch(text, len, &t) || read_ago(text, len, now, &t)) && nameable(t)) {
		*out = t;
		return 0;
	}
	return lf_err_set(err, "\"%.80s\" is no time: give RFC 3339 (2024-03-01T05:06:07Z), "
	    "2024-03-01, 2024-03-01T05, @1709251200, 90m, 36h or 7d (ago), or now", text);
}

int
lf_size_parse(const char *text, uint64_t *out, struct lf_err *err)
{
	static const char units[] = "KMGT";
	size_t len = strlen(text);
	const char *unit = len == 0 ? NULL : strchr(units, text[len - 1]);
	unsigned shift = unit == NULL ? 0 : 10 * (unsigned)(unit - units + 1);
	uint64_t n;

	if (!read_number(text, len - (unit != NULL), &n) || n > UINT64_MAX >> shift)
		return lf_err_set(err,
		    "\"%.80s\" is no size: give bytes as digits, with K, M, G or T "
		    "for powers of 1024, below 16 EiB",
		    text);
	*out = n << shift;
	return 0;
}
