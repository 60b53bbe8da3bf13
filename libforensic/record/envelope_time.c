/* Times as the console writes them. */
#include "record/envelope_parts.h"

#include <string.h>

static bool
take_number(struct lf_slice *s, size_t least, size_t most, int *out)
{
	size_t n = 0;

	*out = 0;
	while (n < s->len && n < most && s->s[n] >= '0' && s->s[n] <= '9')
		*out = *out * 10 + (s->s[n++] - '0');
	*s = lf_slice_behind(*s, n);
	return n >= least;
}

/* Passes any of the bytes of set. */
static void
pass_any(struct lf_slice *s, const char *set)
{
	while (s->len > 0 && *s->s != '\0' && strchr(set, *s->s) != NULL)
		*s = lf_slice_behind(*s, 1);
}

static bool
take_month(struct lf_slice *s, int *month)
{
	static const char *const names[] = {"january", "february", "march", "april", "may", "june", "july", "august",
	    "september", "october", "november", "december"};
	size_t n = 0;

	while (n < s->len && lf_lower(s->s[n]) >= 'a' && lf_lower(s->s[n]) <= 'z')
		n++;
	for (int i = 0; n >= 3 && i < 12; i++)
		if (n <= strlen(names[i]) && lf_bytes_equal_nocase(s->s, names[i], n)) {
			*s = lf_slice_behind(*s, n);
			*month = i + 1;
			return true;
		}
	return false;
}

/* "2024-03-01" or "March 01, 2024". */
static bool
take_date(struct lf_slice *s, struct lf_civil *c)
{
	if (take_month(s, &c->month)) {
		pass_any(s, " ");
		if (!take_number(s, 1, 2, &c->day))
			return false;
		pass_any(s, ", ");
		return take_number(s, 4, 4, &c->year);
	}
	if (!take_number(s, 4, 4, &c->year))
		return false;
	pass_any(s, "-/");
	if (!take_number(s, 2, 2, &c->month))
		return false;
	pass_any(s, "-/");
	return take_number(s, 2, 2, &c->day);
}

static bool
take_clock(struct lf_slice *s, struct lf_civil *c)
{
	bool pm;

	if (!take_number(s, 1, 2, &c->hour))
		return false;
	pass_any(s, ":");
	if (!take_number(s, 2, 2, &c->minute))
		return false;
	pass_any(s, ":");
	if (!take_number(s, 2, 2, &c->second))
		return false;
	pass_any(s, " ");
	pm = lf_slice_starts_nocase(*s, "pm");
	if (pm || lf_slice_starts_nocase(*s, "am")) {
		if (c->hour < 1 || c->hour > 12)
			return false;
		c->hour = c->hour % 12 + (pm ? 12 : 0);
		*s = lf_slice_behind(*s, 2);
	}
	return true;
}

/* "Z", "UTC+0100", "(UTC-05:00)", "+01:00", nothing for UTC: minutes east of it. */
static bool
take_zone(struct lf_slice *s, int *minutes)
{
	int hours = 0, rest = 0, sign;

	*minutes = 0;
	pass_any(s, " (");
	if (lf_slice_starts_nocase(*s, "utc") || lf_slice_starts_nocase(*s, "gmt"))
		*s = lf_slice_behind(*s, 3);
	else if (lf_slice_starts_nocase(*s, "z"))
		*s = lf_slice_behind(*s, 1);
	if (s->len > 0 && (*s->s == '+' || *s->s == '-')) {
		sign = *s->s == '-' ? -1 : 1;
		*s = lf_slice_behind(*s, 1);
		if (!take_number(s, 1, 2, &hours))
			return false;
		pass_any(s, ":");
		if (s->len > 0 && *s->s != ')' && !take_number(s, 2, 2, &rest))
			return false;
		if (hours > 23 || rest > 59)
			return false;
		*minutes = sign * (hours * 60 + rest);
	}
	pass_any(s, " )");
	return s->len == 0;
}

bool
lf_history_time(struct lf_slice s, char out[LF_UTC_LEN])
{
	struct lf_civil c = {0};
	int minutes;
	int64_t t;

	if (lf_utc_read_rfc3339(s.s, s.len, &t, NULL))
		return false;
	pass_any(&s, " ");
	if (!take_date(&s, &c))
		return false;
	pass_any(&s, ", T");
	if (!take_clock(&s, &c) || !take_zone(&s, &minutes) || !lf_civil_valid(&c))
		return false;
	lf_utc_format(lf_utc_from_civil(&c) - (int64_t)minutes * 60, out);
	return true;
}
