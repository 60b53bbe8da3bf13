/* UTC time: civil dates and seconds since 1970.  No time zone database, no locale. */
#ifndef LF_BASE_UTC_H
#define LF_BASE_UTC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LF_UTC_LEN 21 /* "YYYY-MM-DDTHH:MM:SSZ" and NUL */

struct lf_civil {
	int year, month, day, hour, minute, second;
};

/* Seconds since 1970 of a civil date (proleptic Gregorian).  Fields must be in range. */
int64_t lf_utc_from_civil(const struct lf_civil *c);
void lf_utc_to_civil(int64_t t, struct lf_civil *out);
bool lf_civil_valid(const struct lf_civil *c);

/* CloudTrail's form and nothing else: 20 characters YYYY-MM-DDTHH:MM:SSZ. */
bool lf_utc_read(const char *s, size_t len, int64_t *out);

/*
 * RFC 3339: fraction (cut to nanoseconds, kept in *nanos when not NULL) and offset allowed.  A leap second, at the end
 * of a month only, is read as the second that follows it.
 */
bool lf_utc_read_rfc3339(const char *s, size_t len, int64_t *out, int32_t *nanos);

/* The stamps in S3 keys: YYYYMMDDTHHMMSSZ (16) or YYYYMMDDTHHMMZ (14). */
bool lf_utc_read_stamp(const char *s, size_t len, int64_t *out);

/* Writes YYYY-MM-DDTHH:MM:SSZ; LF_TIME_NONE gives "-", a year that has not four digits the seconds.  Returns buf. */
char *lf_utc_format(int64_t t, char buf[LF_UTC_LEN]);

/* "2h05m", "3d04h", "59m12s": a duration for people.  Returns buf. */
char *lf_duration_format(int64_t seconds, char buf[32]);

#endif
