#include "carve/genuine.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "1.08" */
static bool
is_version(struct lf_slice s)
{
	size_t dots = 0;

	for (size_t i = 0; i < s.len; i++) {
		dots += s.s[i] == '.';
		if (s.s[i] != '.' && !is_digit(s.s[i]))
			return false;
	}
	return dots == 1 && s.len >= 3 && s.len <= 8 && is_digit(s.s[0]) && is_digit(s.s[s.len - 1]);
}

/* 8-4-4-4-12 hex digits (RFC 9562). */
static bool
is_uuid(struct lf_slice s)
{
	if (s.len != 36)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.s[i];
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? c != '-' : !is_digit(c) && !((c | 0x20) >= 'a' && (c | 0x20) <= 'f'))
			return false;
	}
	return true;
}

static bool
has(const struct lf_event *e, enum lf_event_field f)
{
	return e->field[f].s != NULL && e->field[f].len > 0;
}

/* What is there is what it should be. */
static bool
fits(const struct lf_event *e)
{
	int32_t nanos;

	return (!has(e, LF_EV_VERSION) || is_version(e->field[LF_EV_VERSION])) &&
	    (!has(e, LF_EV_ID) || is_uuid(e->field[LF_EV_ID])) &&
	    (!has(e, LF_EV_TIME) || lf_event_time(e, &nanos) != LF_TIME_NONE);
}

bool
lf_genuine_record(const struct lf_event *e)
{
	bool when = has(e, LF_EV_TIME) || has(e, LF_EV_TIME_WINDOW);
	bool what = (has(e, LF_EV_SOURCE) && has(e, LF_EV_NAME)) || has(e, LF_EV_INSIGHT) || has(e, LF_EV_SUMMARY);

	/*
	 * All but those that tell of many calls say who called.  What lists some members of records does not: rows of a
	 * table of events, say, or this library's own of broken ones.
	 */
	bool who = (e->members >> LF_EV_USER_IDENTITY & 1) != 0 || has(e, LF_EV_INSIGHT) || has(e, LF_EV_SUMMARY) ||
	    has(e, LF_EV_TIME_WINDOW);

	return lf_event_is_record(e) && (has(e, LF_EV_VERSION) || has(e, LF_EV_ID)) && when && who && what && fits(e);
}

bool
lf_genuine_fragment(const struct lf_event *e)
{
	return fits(e) && (has(e, LF_EV_VERSION) + has(e, LF_EV_TIME) + has(e, LF_EV_SOURCE) + has(e, LF_EV_NAME) +
	    has(e, LF_EV_ID) >= 2) && (has(e, LF_EV_ID) || (has(e, LF_EV_TIME) && has(e, LF_EV_NAME)));
}
