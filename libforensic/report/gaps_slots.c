#include "report/gaps_slots.h"

#include <stdio.h>
#include <stdlib.h>

#define HOUR 3600
#define DAY  86400

/* What an axis can reach: the years 0 to 9999. */
#define FIRST INT64_C(-62167219200)
#define LAST  INT64_C(253402300799)

static const int64_t nice[] = {60, 300, 600, 900, 1800, HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR, 6 * HOUR, 12 * HOUR, DAY,
    2 * DAY, 3 * DAY, 4 * DAY, 5 * DAY, 7 * DAY, 10 * DAY, 14 * DAY, 28 * DAY};
#define NICE (sizeof(nice) / sizeof(nice[0]))

static int64_t
floor_to(int64_t t, int64_t unit)
{
	return t - (t % unit + unit) % unit;
}

static int64_t
within(int64_t t)
{
	return t < FIRST ? FIRST : t > LAST ? LAST : t;
}

/* Slots that [first, last] takes: the last one holds the moment before last. */
static int64_t
needed(int64_t first, int64_t last, int64_t seconds)
{
	return (last - floor_to(first, seconds) + seconds - 1) / seconds;
}

struct lf_slots
lf_slots_make(int64_t first, int64_t last, uint32_t max, int64_t least)
{
	int64_t seconds = nice[NICE - 1];

	if (first == LF_TIME_NONE || last == LF_TIME_NONE || first > last)
		return (struct lf_slots){0, HOUR, 0};
	first = within(first);
	last = within(last) > first ? within(last) : first + 1;
	for (size_t i = 0; i < NICE; i++) {
		if (nice[i] >= least && needed(first, last, nice[i]) <= (int64_t)max) {
			seconds = nice[i];
			break;
		}
	}
	while (needed(first, last, seconds) > (int64_t)max && seconds < LAST)
		seconds *= 2;
	if (needed(first, last, seconds) > (int64_t)max) /* no such length starts early enough */
		return (struct lf_slots){first, (last - first) / max + 1, max};
	return (struct lf_slots){floor_to(first, seconds), seconds, (uint32_t)needed(first, last, seconds)};
}

uint32_t
lf_slot_of(const struct lf_slots *s, int64_t t)
{
	int64_t at = (within(t) - s->start) / s->seconds;

	return within(t) <= s->start ? 0 : at >= (int64_t)s->n ? s->n - 1 : (uint32_t)at;
}

const char *
lf_slots_length(int64_t seconds, char buf[32])
{
	int64_t unit = seconds % DAY == 0 ? DAY : seconds % HOUR == 0 ? HOUR : 60;
	const char *name = unit == DAY ? "day" : unit == HOUR ? "hour" : "minute";

	if (seconds == unit)
		snprintf(buf, 32, "%s", name);
	else
		snprintf(buf, 32, "%lld %ss", (long long)(seconds / unit), name);
	return buf;
}

bool
lf_gap_index_make(const struct lf_coverage *c, struct lf_gap_index *out)
{
	out->first = calloc((size_t)c->lines.n + 2, sizeof(*out->first));
	out->gaps = calloc((size_t)c->gaps.n + 1, sizeof(*out->gaps));
	if (out->first == NULL || out->gaps == NULL) {
		lf_gap_index_free(out);
		return false;
	}
	for (uint32_t i = 0; i < c->gaps.n; i++)
		out->first[c->gaps.list[i].line + 2]++;
	for (uint32_t i = 2; i < c->lines.n + 2; i++)
		out->first[i] += out->first[i - 1];
	for (uint32_t i = 0; i < c->gaps.n; i++)
		out->gaps[out->first[c->gaps.list[i].line + 1]++] = i;
	return true;
}

void
lf_gap_index_free(struct lf_gap_index *x)
{
	free(x->first);
	free(x->gaps);
	*x = (struct lf_gap_index){NULL, NULL};
}

/* Raises the signs of all slots that [start, end) meets; an empty one meets the slot that it lies in. */
static void
raise(const struct lf_slots *s, int64_t start, int64_t end, unsigned char sign, unsigned char *signs)
{
	int64_t until = s->start + (int64_t)s->n * s->seconds;

	if (s->n == 0 || start > until || end < s->start || (start == until && end > start) ||
	    (end == s->start && start < end))
		return;
	for (uint32_t i = lf_slot_of(s, start), last = lf_slot_of(s, end > start ? end - 1 : start); i <= last; i++)
		if (signs[i] < sign)
			signs[i] = sign;
}

void
lf_slots_states(const struct lf_slots *s, const struct lf_coverage *c, const struct lf_gap_index *x, uint32_t line,
    unsigned char *signs)
{
	static const unsigned char of[] = {[LF_COVER_VERIFIED] = LF_SIGN_VERIFIED, [LF_COVER_UNPROVEN] = LF_SIGN_UNPROVEN,
	    [LF_COVER_QUIET] = LF_SIGN_QUIET, [LF_COVER_MISSING] = LF_SIGN_MISSING, [LF_COVER_OFF] = LF_SIGN_OFF,
	    [LF_COVER_UNKNOWN] = LF_SIGN_UNKNOWN};
	const struct lf_line *l = &c->lines.list[line];
	uint32_t g = x->first[line], last = x->first[line + 1];

	for (uint32_t i = 0; i < l->n_spans; i++) {
		const struct lf_span *span = &l->spans[i];
		bool hole = span->state == LF_COVER_OFF || span->state == LF_COVER_MISSING;

		while (g < last && c->gaps.list[x->gaps[g]].end < span->end)
			g++;
		if (span->start < span->end && !(hole && g < last && c->gaps.list[x->gaps[g]].start <= span->start))
			raise(s, span->start, span->end, of[span->state], signs);
	}
}

void
lf_slots_gaps(const struct lf_slots *s, const struct lf_coverage *c, const struct lf_gap_index *x, uint32_t line,
    unsigned char *signs)
{
	for (uint32_t i = x->first[line]; i < x->first[line + 1]; i++) {
		const struct lf_gap *g = &c->gaps.list[x->gaps[i]];

		raise(s, g->start, g->end, g->explained ? LF_SIGN_EXPLAINED : LF_SIGN_UNEXPLAINED, signs);
	}
}
