/*
 * Gaps for people: the verdict, strips of coverage, the gaps, who touched logging besides, and what all this cannot
 * show.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/utc.h"
#include "report/gaps_form.h"
#include "report/gaps_words.h"
#include "report/text_parts.h"
#include "report/words.h"

/* Impairments shown without -v: of those that happened, and of those only attempted. */
static const uint32_t most[] = {60, 20};

static void
verdict(struct lf_textw *w, const struct lf_coverage *c, const struct lf_gaps_counts *n)
{
	static const char *const words[] = {"VERIFIED", "FINDINGS", "INCONCLUSIVE"};
	static const enum lf_style style[] = {LF_GREEN, LF_RED, LF_YELLOW};
	enum lf_verdict v = lf_coverage_verdict(c);
	char text[2][48], length[32], open[96] = "", left[160], line[320];

	snprintf(line, sizeof(line), "%s: %s", words[v], lf_gaps_meaning(c));
	lf_text_say(w, style[v], line);
	if (n->gaps > 0) {
		if (n->open > 0)
			snprintf(open, sizeof(open), ", %llu open at the end of %s", (unsigned long long)n->open, lf_gaps_extent(c));
		snprintf(line, sizeof(line), "%s in %u of %s%s%s; %llu unexplained%s.",
		    lf_plural(n->gaps, "gap", text[0]), n->lines_blind, lf_plural(n->lines, "line", text[1]),
		    n->longest > 0 ? ", the longest " : "", n->longest > 0 ? lf_duration_format(n->longest, length) : "",
		    (unsigned long long)n->unexplained, open);
		lf_text_say(w, n->unexplained > 0 ? LF_RED : LF_YELLOW, line);
	}
	if (c->min > 0) {
		lf_text_say(w, c->gaps.left_open + c->gaps.left_unexplained > 0 ? LF_YELLOW : LF_PLAIN, lf_gaps_left_out(c, left));
	}
	if (n->alerts > 0) {
		snprintf(line, sizeof(line), "The digests or logs themselves raise %s: trail-verify names them.",
		    lf_plural(n->alerts, "alert", text[0]));
		lf_text_say(w, LF_YELLOW, line);
	}
}

/* How much was looked at. */
static void
extent(struct lf_textw *w, const struct lf_coverage *c, const struct lf_gaps_counts *n)
{
	char text[3][48], first[LF_UTC_LEN], last[LF_UTC_LEN], line[256];
	bool any = lf_gaps_any(c);

	snprintf(line, sizeof(line), "%s, %s (of account, region and trail)%s%s%s%s; %s read.",
	    lf_plural(n->accounts, "account", text[0]), lf_plural(n->lines, "line", text[1]), any ? ", " : "",
	    any ? lf_utc_format(c->lines.shown_first, first) : "", any ? " to " : "",
	    any ? lf_utc_format(c->lines.shown_last, last) : "", lf_plural(c->events, "event", text[2]));
	lf_text_say(w, LF_PLAIN, line);
	for (size_t i = 0; lf_gaps_caveat(c, i) != NULL; i++)
		lf_text_say(w, LF_YELLOW, lf_gaps_caveat(c, i));
	if (c->skipped.list.n == 0)
		return;
	snprintf(line, sizeof(line), "%s could not be read or understood: -v names what.",
	    lf_plural(c->skipped.list.n, "object", text[0]));
	lf_text_say(w, LF_YELLOW, line);
}

static const char *
or_else(const char *s, const char *none)
{
	return lf_or_null(s) != NULL ? s : none;
}

/* "by user/alice from 198.51.100.7; account 123456789012, region eu-west-1; hard-stop: DETAIL; event ID (verified)" */
static void
around(struct lf_buf *out, const struct lf_control *e)
{
	lf_buf_printf(out, "by %s", or_else(lf_control_who(e), "nobody named"));
	if (lf_or_null(e->source_ip) != NULL)
		lf_buf_printf(out, " from %s", e->source_ip);
	lf_buf_printf(out, "; account %s, region %s; %s", or_else(e->account, "unknown"), or_else(e->region, "unknown"),
	    e->class_name);
	if (lf_or_null(e->detail) != NULL)
		lf_buf_printf(out, ": %s", e->detail);
	lf_buf_printf(out, "; event %s", or_else(e->event_id, "without an id"));
	if (lf_control_proof(e) != NULL)
		lf_buf_printf(out, " (%s)", lf_control_proof(e));
}

/* That it was only attempted stands before all that evidence could spell otherwise. */
static void
impairment(struct lf_textw *w, const struct lf_control *e, struct lf_buf *text)
{
	char time[LF_UTC_LEN], outcome[128], label[32];

	lf_buf_reset(text);
	lf_buf_add(text, e->event_source, lf_service_length(e->event_source));
	lf_buf_printf(text, " %s", e->event_name);
	if (!e->effective)
		lf_buf_printf(text, " (%s)", lf_control_outcome(e, outcome));
	if (lf_or_null(e->target) != NULL)
		lf_buf_printf(text, " of %s", e->target);
	snprintf(label, sizeof(label), "  %s", lf_utc_format(e->time, time));
	lf_textw_style(w, e->effective ? LF_YELLOW : LF_DIM);
	lf_textw_hang(w, 23, label, lf_buf_str(text));
	lf_textw_style(w, LF_PLAIN);
	w->error = text->failed ? ENOMEM : w->error;
	lf_textw_style(w, e->effective ? LF_PLAIN : LF_DIM);
	lf_buf_reset(text);
	around(text, e);
	lf_textw_wrap(w, 6, lf_buf_str(text));
	lf_textw_style(w, LF_PLAIN);
	w->error = text->failed ? ENOMEM : w->error;
}

static void
impairments(struct lf_textw *w, const struct lf_coverage *c, const struct lf_gaps_counts *n, bool all)
{
	uint32_t shown[2] = {0, 0}, left = 0;
	struct lf_buf text;

	if (n->impairments == 0)
		return;
	lf_buf_init(&text);
	lf_text_heading(w, "WHO TOUCHED LOGGING");
	for (uint32_t i = 0; i < c->controls.list.n; i++) {
		const struct lf_control *e = lf_control_at(c, i);

		if (!e->impairs)
			continue;
		if (!all && shown[!e->effective] >= most[!e->effective]) {
			left++;
			continue;
		}
		shown[!e->effective]++;
		impairment(w, e, &text);
	}
	if (left > 0)
		lf_textw_printf(w, "  ... and %u more: -v or -f json lists all\n", left);
	lf_textw_printf(w, "  %llu happened, %llu only attempted.\n", (unsigned long long)(n->impairments - n->attempted),
	    (unsigned long long)n->attempted);
	lf_buf_free(&text);
}

static void
skipped(struct lf_textw *w, const struct lf_coverage *c)
{
	struct lf_buf text;

	if (c->skipped.list.n == 0)
		return;
	lf_buf_init(&text);
	lf_text_heading(w, "NOT READ");
	for (uint32_t i = 0; i < c->skipped.list.n; i++) {
		const struct lf_skip *s = lf_skips_at(&c->skipped, i);

		lf_buf_reset(&text);
		lf_buf_printf(&text, "%s: %s", s->locator, s->reason);
		lf_textw_wrap(w, 2, lf_buf_str(&text));
	}
	w->error = text.failed ? ENOMEM : w->error;
	lf_buf_free(&text);
}

static void
rest(struct lf_textw *w, const struct lf_coverage *c, const struct lf_write_opts *o, const struct lf_gaps_counts *n)
{
	impairments(w, c, n, o->detail);
	if (o->detail)
		skipped(w, c);
	if (c->proof != NULL)
		lf_text_anchors(w, c->proof);
	lf_text_heading(w, "WHAT THIS DOES NOT SHOW");
	lf_text_limits(w, lf_gap_limit_text);
	lf_text_limits(w, lf_limit_text);
}

int
lf_gaps_text(const struct lf_coverage *c, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err)
{
	struct lf_gaps_counts n;
	struct lf_textw w;

	if (!lf_gaps_count(c, &n))
		return lf_err_nomem(err);
	lf_textw_init(&w, o, write, arg);
	verdict(&w, c, &n);
	extent(&w, c, &n);
	if (c->c != NULL)
		lf_text_selection(&w, &c->c->select);
	if (!o->quiet)
		lf_gaps_strips(&w, c, o);
	lf_gaps_list(&w, c, o);
	if (!o->quiet)
		rest(&w, c, o, &n);
	return lf_textw_finish(&w, err);
}
