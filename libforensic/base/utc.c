#include "base/utc.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "forensic.h"

#define DAY      INT64_C(86400)
#define ERA_DAYS 146097                /* of 400 Gregorian years */
#define EPOCH    719468                /* days from 0000-03-01 to 1970-01-01 */
#define FIRST    INT64_C(-62167219200) /* 0000-01-01T00:00:00Z */
#define LAST     INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static bool
leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool
lf_civil_valid(const struct lf_civil *c)
{
	static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return c->year >= 0 && c->year <= 9999 && c->month >= 1 && c->month <= 12 && c->day >= 1 &&
	    c->day <= days[c->month - 1] + (c->month == 2 && leap(c->year)) && c->hour >= 0 &&
	    c->hour <= 23 && c->minute >= 0 && c->minute <= 59 && c->second >= 0 && c->second <= 59;
}

/* Both ways count in years from March, so that the leap day is the last of its year, and in eras of
 * 400 years (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
int64_t
lf_utc_from_civil(const struct lf_civil *c)
{
	int64_t year = (int64_t)c->year - (c->month <= 2);
	int64_t era = floor_div(year, 400);
	int64_t in_era = year - era * 400;
	int64_t day = (153 * (c->month + (c->month > 2 ? -3 : 9)) + 2) / 5 + c->day - 1;
	int64_t days = era * ERA_DAYS + in_era * 365 + in_era / 4 - in_era / 100 + day - EPOCH;

	return days * DAY + c->hour * 3600 + c->minute * 60 + c->second;
}

void
lf_utc_to_civil(int64_t t, struct lf_civil *out)
{
	int64_t days = floor_div(t, DAY);
	int second = (int)(t % DAY + (t % DAY < 0 ? DAY : 0));
	int64_t era = floor_div(days + EPOCH, ERA_DAYS);
	int in_era = (int)(days + EPOCH - era * ERA_DAYS);
	int year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	int day = in_era - (365 * year + year / 4 - year / 100);
	int month = (5 * day + 2) / 153;
	int64_t full = era * 400 + year + (month >= 10);

	out->year = full > INT_MAX ? INT_MAX : full < INT_MIN ? INT_MIN : (int)full;
	out->month = month < 10 ? month + 3 : month - 9;
	out->day = day - (153 * month + 2) / 5 + 1;
	out->hour = second / 3600;
	out->minute = second / 60 % 60;
	out->second = second % 60;
}

/* What a letter of a pattern stands for a digit of, or NULL. */
static inline int *
field_of(struct lf_civil *c, char letter)
{
	switch (letter) {
	case 'Y':
		return &c->year;
	case 'M':
		return &c->month;
	case 'D':
		return &c->day;
	case 'h':
		return &c->hour;
	case 'm':
		return &c->minute;
	case 's':
		return &c->second;
	default:
		return NULL;
	}
}

/* Reads text as the pattern says: Y M D h m s each stand for a digit of a field, all else for
 * itself. */
static inline bool
read_pattern(const char *s, const char *pattern, struct lf_civil *c)
{
	int *field;

	memset(c, 0, sizeof(*c));
	for (; *pattern != '\0'; pattern++, s++) {
		field = field_of(c, *pattern);
		if (field == NULL ? *s != *pattern : *s < '0' || *s > '9')
			return false;
		if (field != NULL)
			*field = *field * 10 + (*s - '0');
	}
	return true;
}

static bool
read_whole(const char *s, size_t len, const char *pattern, int64_t *out)
{
	struct lf_civil c;

	if (len != strlen(pattern) || !read_pattern(s, pattern, &c) || !lf_civil_valid(&c))
		return false;
	*out = lf_utc_from_civil(&c);
	return true;
}

bool
lf_utc_read(const char *s, size_t len, int64_t *out)
{
	return read_whole(s, len, "YYYY-MM-DDThh:mm:ssZ", out);
}

bool
lf_utc_read_stamp(const char *s, size_t len, int64_t *out)
{
	return read_whole(s, len, "YYYYMMDDThhmmssZ", out) ||
	       read_whole(s, len, "YYYYMMDDThhmmZ", out);
}

/* Reads ".digits" if it stands there; what is finer than a nanosecond is cut off. */
static bool
read_fraction(const char **s, const char *end, int32_t *nanos)
{
	int32_t unit = 100000000;
	const char *p = *s;

	*nanos = 0;
	if (p == end || *p != '.')
		return true;
	for (p++; p < end && *p >= '0' && *p <= '9'; p++, unit /= 10)
		*nanos += (*p - '0') * unit;
	if (p == *s + 1)
		return false;
	*s = p;
	return true;
}

/* Reads "Z" or "+hh:mm" up to end, in seconds east of Greenwich. */
static bool
read_offset(const char *s, const char *end, int *offset)
{
	struct lf_civil c;

	*offset = 0;
	if (end - s == 1)
		return *s == 'Z' || *s == 'z';
	if (end - s != 6 || (*s != '+' && *s != '-') || !read_pattern(s + 1, "hh:mm", &c))
		return false;
	if (c.hour > 23 || c.minute > 59)
		return false;
	*offset = (c.hour * 3600 + c.minute * 60) * (*s == '-' ? -1 : 1);
	return true;
}

/* A leap second (section 5.7) ends a month in UTC; it is read as the second that follows it. */
static bool
ends_month(int64_t t)
{
	struct lf_civil c;

	lf_utc_to_civil(t + 1, &c);
	return c.day == 1 && c.hour == 0 && c.minute == 0 && c.second == 0;
}

/* Two digits of a clock or date; not below 100 where one of them is none. */
static inline unsigned
two(const char *s)
{
	unsigned tens = (unsigned char)s[0] - '0', ones = (unsigned char)s[1] - '0';

	return tens > 9 || ones > 9 ? 100 : tens * 10 + ones;
}

/* What nearly all records have: YYYY-MM-DDThh:mm:ssZ, and no second 60.  False for all else, right or wrong. */
static bool
read_usual(const char *s, size_t len, int64_t *out)
{
	unsigned n[7];
	struct lf_civil c;

	if (len != LF_UTC_LEN - 1 || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':' || s[19] != 'Z')
		return false;
	n[0] = two(s);
	for (size_t i = 1; i < 7; i++)
		n[i] = two(s + 3 * i - 1);
	if (n[0] > 99 || n[1] > 99)
		return false;
	c = (struct lf_civil){(int)(n[0] * 100 + n[1]), (int)n[2], (int)n[3], (int)n[4], (int)n[5], (int)n[6]};
	if (!lf_civil_valid(&c))
		return false;
	*out = lf_utc_from_civil(&c);
	return true;
}

bool
lf_utc_read_rfc3339(const char *s, size_t len, int64_t *out, int32_t *nanos)
{
	static const char head[] = "YYYY-MM-DDThh:mm:ss";
	const char *p;
	struct lf_civil c, clock;
	bool leap_second;
	int32_t fraction;
	int offset;
	int64_t t;

	if (read_usual(s, len, out)) {
		if (nanos != NULL)
			*nanos = 0;
		return true;
	}
	if (len < sizeof(head) || !read_pattern(s, "YYYY-MM-DD", &c) ||
	    (s[10] != 'T' && s[10] != 't') || !read_pattern(s + 11, "hh:mm:ss", &clock))
		return false;
	p = s + sizeof(head) - 1;
	c.hour = clock.hour;
	c.minute = clock.minute;
	leap_second = clock.second == 60;
	c.second = leap_second ? 59 : clock.second;
	if (!lf_civil_valid(&c) || !read_fraction(&p, s + len, &fraction) ||
	    !read_offset(p, s + len, &offset))
		return false;
	t = lf_utc_from_civil(&c) - offset;
	if (leap_second && !ends_month(t))
		return false;
	t += leap_second;
	if (t < FIRST || t > LAST)
		return false;
	*out = t;
	if (nanos != NULL)
		*nanos = fraction;
	return true;
}

static inline void
two_digits(char *at, int n)
{
	at[0] = (char)('0' + n / 10);
	at[1] = (char)('0' + n % 10);
}

/* Years from 0 to 9999. */
static void
write_civil(const struct lf_civil *c, char buf[LF_UTC_LEN])
{
	memcpy(buf, "YYYY-MM-DDThh:mm:ssZ", LF_UTC_LEN);
	two_digits(buf, c->year / 100);
	two_digits(buf + 2, c->year % 100);
	two_digits(buf + 5, c->month);
	two_digits(buf + 8, c->day);
	two_digits(buf + 11, c->hour);
	two_digits(buf + 14, c->minute);
	two_digits(buf + 17, c->second);
}

char *
lf_utc_format(int64_t t, char buf[LF_UTC_LEN])
{
	struct lf_civil c;

	if (t == LF_TIME_NONE) {
		strcpy(buf, "-");
	} else if (t < FIRST || t > LAST) {
		snprintf(buf, LF_UTC_LEN, "%lld", (long long)t);
	} else {
		lf_utc_to_civil(t, &c);
		write_civil(&c, buf);
	}
	return buf;
}

char *
lf_duration_format(int64_t seconds, char buf[32])
{
	const char *sign = seconds < 0 ? "-" : "";
	unsigned long long s =
	    seconds < 0 ? 0 - (unsigned long long)seconds : (unsigned long long)seconds;

	if (s < 60)
		snprintf(buf, 32, "%s%llus", sign, s);
	else if (s < 3600)
		snprintf(buf, 32, "%s%llum%02llus", sign, s / 60, s % 60);
	else if (s < 86400)
		snprintf(buf, 32, "%s%lluh%02llum", sign, s / 3600, s / 60 % 60);
	else
		snprintf(buf, 32, "%s%llud%02lluh", sign, s / 86400, s / 3600 % 24);
	return buf;
}
