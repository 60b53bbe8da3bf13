/* Times: seconds since 1970 in UTC, and the spellings that CloudTrail uses. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gen.h"

/* Broken down in UTC. */
static struct tm
stamp_tm(int64_t t)
{
	time_t tt = (time_t)t;
	struct tm tm;

	gmtime_r(&tt, &tm);
	return tm;
}

/* Two digits. */
static char *
two(char *p, int v)
{
	*p++ = (char)('0' + v / 10);
	*p++ = (char)('0' + v % 10);
	return p;
}

/* 2024-03-01T00:01:31Z; the hot one, so by hand. */
void
stamp_iso(int64_t t, char out[ISO_LEN])
{
	struct tm tm = stamp_tm(t);
	char *p = out;

	p = two(p, (tm.tm_year + 1900) / 100);
	p = two(p, (tm.tm_year + 1900) % 100);
	*p++ = '-';
	p = two(p, tm.tm_mon + 1);
	*p++ = '-';
	p = two(p, tm.tm_mday);
	*p++ = 'T';
	p = two(p, tm.tm_hour);
	*p++ = ':';
	p = two(p, tm.tm_min);
	*p++ = ':';
	p = two(p, tm.tm_sec);
	*p++ = 'Z';
	*p = '\0';
}

/* 20240301T000131Z, as in the name of a digest. */
void
stamp_key(int64_t t, char out[ISO_LEN])
{
	struct tm tm = stamp_tm(t);

	strftime(out, ISO_LEN, "%Y%m%dT%H%M%SZ", &tm);
}

/* 20240301T0001Z, as in the name of a log. */
void
stamp_minute(int64_t t, char out[ISO_LEN])
{
	struct tm tm = stamp_tm(t);

	strftime(out, ISO_LEN, "%Y%m%dT%H%MZ", &tm);
}

/* 2024/03/01, the folders of a key. */
void
stamp_folder(int64_t t, char out[ISO_LEN])
{
	struct tm tm = stamp_tm(t);

	strftime(out, ISO_LEN, "%Y/%m/%d", &tm);
}

/* Mar 1, 2024, 12:01:31 AM, as in responses of IAM and STS. */
void
stamp_human(int64_t t, char out[32])
{
	struct tm tm = stamp_tm(t);
	size_t n = strftime(out, 32, "%b ", &tm);

	if (tm.tm_mday >= 10)
		out[n++] = (char)('0' + tm.tm_mday / 10);
	out[n++] = (char)('0' + tm.tm_mday % 10);
	strftime(out + n, 32 - n, ", %Y, %I:%M:%S %p", &tm);
}

/*
 * Read 2024-03-01, 2024-03-01T05, ...T05:06, ...T05:06:07Z or @epoch.
 * Returns false when it is none of them.
 */
bool
stamp_parse(const char *s, int64_t *out)
{
	static const char *const forms[] = {
	    "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H", "%Y-%m-%d"};
	const char *end;
	char *stop;
	struct tm tm;
	size_t i;

	if (*s == '@') {
		*out = strtoll(s + 1, &stop, 10);
		return stop != s + 1 && *stop == '\0';
	}
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		memset(&tm, 0, sizeof(tm));
		end = strptime(s, forms[i], &tm);
		if (end != NULL && *end == '\0') {
			*out = timegm(&tm);
			return true;
		}
	}
	return false;
}
