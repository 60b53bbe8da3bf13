#include "report/gaps_tell.h"

#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "report/gaps_words.h"
#include "report/text_parts.h"
#include "timeline/timeline.h"

#define EVENTS_MAX 12   /* of a gap, */
#define NAMES_MAX  4096 /* and bytes of regions and accounts, unless all is wanted */

struct teller {
	const struct lf_coverage *c;
	bool all;
	void (*say)(void *arg, const char *label, const char *text);
	void *arg;
	struct lf_buf text;
};

/* Hands on the text so far, if there is any. */
static void
put(struct teller *l, const char *label)
{
	if (!l->text.failed && l->text.len > 0)
		l->say(l->arg, label, lf_buf_str(&l->text));
	if (!l->text.failed)
		lf_buf_reset(&l->text);
}

static void
add_time(struct lf_buf *out, int64_t t)
{
	char text[LF_UTC_LEN];

	lf_buf_puts(out, lf_utc_format(t, text));
}

/* A group whose gaps begin where the evidence ends: the windows of its lines may end at different times. */
static void
at_the_end(struct lf_buf *out, const struct lf_gap_group *g)
{
	lf_buf_puts(out, "from ");
	add_time(out, g->start);
	lf_buf_puts(out, " on, ");
	if (g->end > g->start) {
		lf_buf_puts(out, "at the latest from ");
		add_time(out, g->end);
		lf_buf_puts(out, " on, ");
	}
	lf_buf_puts(out, "and the evidence ends here");
}

static void
when(struct teller *l, const struct lf_gap_group *g)
{
	char length[32];
	bool same = g->end - g->start == g->longest;

	if (g->first->open && g->longest == 0) {
		at_the_end(&l->text, g);
		put(l, "when");
		return;
	}
	add_time(&l->text, g->start);
	lf_buf_puts(&l->text, " to ");
	add_time(&l->text, g->end);
	if (g->first->open)
		lf_buf_printf(&l->text, ", the end of %s", lf_gaps_extent(l->c));
	if (!same)
		lf_buf_printf(&l->text, " (from the first start to the last end of %u gaps; the longest lasted %s)", g->n,
		    lf_duration_format(g->longest, length));
	put(l, "when");
}

static void
why(struct teller *l, const struct lf_gap *g)
{
	char many[48];

	lf_buf_printf(&l->text, "%s: %s", lf_cause_names[g->cause], lf_cause_text(g->cause));
	if (g->count > 0)
		lf_buf_printf(&l->text, " (%s)", lf_plural(g->count, g->cause == LF_CAUSE_LOG_MISSING ? "log" : "digest", many));
	put(l, "cause");
}

static void
who(struct teller *l, const struct lf_control *e)
{
	if (e == NULL) {
		lf_buf_puts(&l->text, "not known");
	} else {
		lf_buf_puts(&l->text, lf_control_who(e) != NULL ? lf_control_who(e) : "an event that names nobody");
		if (lf_or_null(e->actor) != NULL && lf_or_null(e->principal) != NULL && strcmp(e->actor, e->principal) != 0)
			lf_buf_printf(&l->text, " as %s", e->principal);
		if (lf_or_null(e->source_ip) != NULL)
			lf_buf_printf(&l->text, " from %s", e->source_ip);
		if (lf_or_null(e->access_key) != NULL)
			lf_buf_printf(&l->text, " (key %s)", e->access_key);
	}
	put(l, "who");
}

/* "2024-03-01T12:00:00Z StopLogging of main in eu-west-1, event ID (verified)" */
static void
event(struct lf_buf *out, const struct lf_control *e)
{
	add_time(out, e->time);
	lf_buf_printf(out, " %s", lf_or_null(e->event_name) != NULL ? e->event_name : "an event without a name");
	if (lf_or_null(e->target) != NULL)
		lf_buf_printf(out, " of %s", e->target);
	if (lf_or_null(e->region) != NULL)
		lf_buf_printf(out, " in %s", e->region);
	lf_buf_printf(out, ", event %s", lf_or_null(e->event_id) != NULL ? e->event_id : "without an id");
	if (lf_control_proof(e) != NULL)
		lf_buf_printf(out, " (%s)", lf_control_proof(e));
	if (lf_or_null(e->detail) != NULL)
		lf_buf_printf(out, ": %s", e->detail);
}

static void
proof(struct teller *l, const struct lf_gap *g)
{
	for (uint32_t i = 0; i < g->n_events; i++) {
		if (i == EVENTS_MAX && !l->all) {
			lf_buf_printf(&l->text, "... and %u more events: -v or -f json lists all", g->n_events - i);
			put(l, "");
			return;
		}
		event(&l->text, g->events[i]);
		put(l, i == 0 ? "events" : "");
	}
}

static void
ended(struct teller *l, const struct lf_gap *g)
{
	const char *by = lf_control_who(g->ended_by);

	if (g->ended_by != NULL) {
		lf_buf_printf(&l->text, "%s at ", lf_or_null(g->ended_by->event_name) != NULL ? g->ended_by->event_name : "an event");
		add_time(&l->text, g->ended_by->time);
		if (by != NULL)
			lf_buf_printf(&l->text, " by %s", by);
	} else {
		lf_buf_printf(&l->text, g->open ? "not within %s" : "no event says by what", lf_gaps_extent(l->c));
	}
	put(l, "ended by");
}

static int
name_cmp(const void *x, const void *y)
{
	const char *const *a = x, *const *b = y;

	return strcmp(*a, *b);
}

/* Whether a trail covered all gaps of a group: the lists are sorted. */
static bool
throughout(const struct lf_coverage *c, const struct lf_gap_group *g, const char *trail)
{
	for (uint32_t i = 1; i < g->n; i++) {
		const struct lf_gap *x = &c->gaps.list[g->gaps[i]];

		if (x->n_covered_by == 0 || bsearch(&trail, x->covered_by, x->n_covered_by, sizeof(*x->covered_by), name_cmp) == NULL)
			return false;
	}
	return true;
}

static void
covered(struct teller *l, const struct lf_gap_group *g)
{
	bool any = false;

	for (uint32_t i = 0; i < g->n && !any; i++)
		any = l->c->gaps.list[g->gaps[i]].n_covered_by > 0;
	for (uint32_t k = 0; k < g->first->n_covered_by; k++) {
		if (!throughout(l->c, g, g->first->covered_by[k]))
			continue;
		lf_buf_puts(&l->text, l->text.len > 0 ? ", " : "trail ");
		lf_buf_puts(&l->text, g->first->covered_by[k]);
	}
	if (l->text.len == 0)
		lf_buf_puts(&l->text,
		    any ? "other trails in some of these regions: -f json says which"
		    : "no other trail of the evidence");
	put(l, "still saw");
}

/* Why a gap of which events tell is not explained by them. */
static void
doubt(struct teller *l, const struct lf_gap *g)
{
	if (g->explained || g->by == NULL)
		return;
	if (g->by->integrity != LF_INTEGRITY_VERIFIED)
		lf_buf_puts(&l->text, "no verified log holds the event that ended coverage: without that it explains nothing");
	else if (g->ended_by != NULL)
		lf_buf_puts(&l->text, "no verified log holds the event that began coverage again");
	else
		lf_buf_puts(&l->text, "no event tells what began coverage again");
	put(l, "doubt");
}

/* Where it lies; a list of accounts and regions without end is cut, for the JSON has it. */
static void
where(struct teller *l, const struct lf_gap_group *g)
{
	lf_gap_group_where(l->c, g, &l->text);
	if (!l->text.failed && l->text.len > NAMES_MAX && !l->all) {
		l->text.len = NAMES_MAX;
		l->text.data[NAMES_MAX] = '\0';
		lf_buf_puts(&l->text, " ... (-v or -f json names all)");
	}
	put(l, "where");
}

bool
lf_gap_tell(const struct lf_coverage *c, const struct lf_gap_group *g, bool all,
    void (*say)(void *arg, const char *label, const char *text), void *arg)
{
	struct teller l = {.c = c, .all = all, .say = say, .arg = arg};
	bool ok;

	lf_buf_init(&l.text);
	where(&l, g);
	when(&l, g);
	why(&l, g->first);
	who(&l, g->first->by);
	proof(&l, g->first);
	ended(&l, g->first);
	covered(&l, g);
	if (lf_or_null(g->first->reading) != NULL)
		lf_buf_puts(&l.text, g->first->reading);
	put(&l, "reading");
	doubt(&l, g->first);
	ok = !l.text.failed;
	lf_buf_free(&l.text);
	return ok;
}

void
lf_gap_title(const struct lf_gap_group *g, struct lf_buf *out)
{
	const struct lf_gap *gap = g->first;
	char length[32];

	lf_buf_puts(out, gap->explained ? "EXPLAINED" : "UNEXPLAINED");
	if (!gap->open || g->longest > 0)
		lf_buf_printf(out, " %s%s", gap->open ? "over " : "", lf_duration_format(g->longest, length));
	if (gap->cause != LF_CAUSE_UNEXPLAINED)
		lf_buf_printf(out, " %s", lf_cause_names[gap->cause]);
	if (gap->open && g->longest == 0)
		lf_buf_puts(out, " without an end");
	if (g->n > 1)
		lf_buf_printf(out, ", %u gaps at once", g->n);
}
