/* Coverage and its gaps as one page: verdict, map, gaps, who touched logging, limits. */
#include <string.h>

#include "base/utc.h"
#include "report/flush.h"
#include "report/gaps_form.h"
#include "report/gaps_map.h"
#include "report/gaps_page.h"
#include "report/gaps_parts.h"
#include "report/gaps_tell.h"
#include "report/gaps_words.h"
#include "report/html.h"
#include "report/html_parts.h"
#include "report/words.h"

#define GROUPS_MAX  2000
#define ROWS_MAX    5000 /* of impairments, and of what was skipped */

struct page {
	const struct lf_coverage *c;
	struct lf_gaps_counts n;
	struct lf_gap_groups groups;
	struct lf_buf out;
};

static void
lead(struct page *p)
{
	static const char *const tones[] = {"good", "bad", "warn"};
	enum lf_verdict v = lf_coverage_verdict(p->c);
	char first[LF_UTC_LEN], last[LF_UTC_LEN], length[32], left[160];

	lf_buf_printf(&p->out, "<p class=\"lead\"><b class=\"%s\">%s</b>: %s</p>\n<p class=\"soft\">", tones[v],
	    lf_verdict_name(v), lf_gaps_meaning(p->c));
	if (lf_gaps_any(p->c))
		lf_buf_printf(&p->out, "%s to %s, all times UTC. ", lf_utc_format(p->c->lines.shown_first, first),
		    lf_utc_format(p->c->lines.shown_last, last));
	if (p->n.open > 0)
		lf_buf_printf(&p->out, "Of the gaps %llu last to the end of %s. ", (unsigned long long)p->n.open,
		    lf_gaps_extent(p->c));
	if (p->n.longest > 0)
		lf_buf_printf(&p->out, "The longest gap lasted %s. ", lf_duration_format(p->n.longest, length));
	if (p->c->min > 0)
		lf_buf_printf(&p->out, "%s ", lf_gaps_left_out(p->c, left));
	if (p->c->c != NULL)
		lf_html_selection(&p->out, &p->c->c->select);
	lf_buf_puts(&p->out, "</p>\n");
	for (size_t i = 0; lf_gaps_caveat(p->c, i) != NULL; i++)
		lf_buf_printf(&p->out, "<p class=\"note\">%s</p>\n", lf_gaps_caveat(p->c, i));
}

static void
tiles(struct page *p)
{
	const struct lf_gaps_counts *n = &p->n;

	lf_buf_puts(&p->out, "<div class=\"tiles\">\n");
	lf_html_tile(&p->out, n->accounts, n->accounts == 1 ? "account" : "accounts", "");
	lf_html_tile(&p->out, n->lines, "lines of account, region, trail", "");
	lf_html_tile(&p->out, n->gaps, n->gaps == 1 ? "gap" : "gaps", n->gaps > 0 ? "bad" : "good");
	lf_html_tile(&p->out, n->unexplained, "of them unexplained", n->unexplained > 0 ? "bad" : "");
	lf_html_tile(&p->out, n->impairments - n->attempted, "times logging was touched",
	    n->impairments > n->attempted ? "warn" : "");
	lf_html_tile(&p->out, n->attempted, "more attempts", "");
	lf_html_tile(&p->out, p->c->events, "events read", "");
	if (n->alerts > 0)
		lf_html_tile(&p->out, n->alerts, "alerts about digests and logs (trail-verify names them)", "bad");
	if (p->c->skipped.list.n > 0)
		lf_html_tile(&p->out, p->c->skipped.list.n, "objects not read", "warn");
	lf_buf_puts(&p->out, "</div>\n");
}

static void
say(void *arg, const char *label, const char *text)
{
	struct lf_buf *out = arg;

	lf_buf_printf(out, "<dt>%s</dt><dd>", label);
	lf_html_puts(out, text);
	lf_buf_puts(out, "</dd>\n");
}

static void
gaps(struct page *p)
{
	if (p->groups.n == 0)
		lf_buf_puts(&p->out, "<p class=\"soft\">None.</p>\n");
	for (uint32_t i = 0; i < p->groups.n && i < GROUPS_MAX; i++) {
		const struct lf_gap_group *g = &p->groups.list[i];

		lf_buf_printf(&p->out, "<article class=\"card told%s\" id=\"gap-%u\"><h3>%u. ",
		    g->first->explained ? "" : " blind-told", i + 1, i + 1);
		lf_gap_title(g, &p->out);
		lf_buf_puts(&p->out, "</h3>\n<dl>\n");
		p->out.failed |= !lf_gap_tell(p->c, g, false, say, &p->out);
		lf_buf_puts(&p->out, "</dl></article>\n");
	}
	if (p->groups.n > GROUPS_MAX)
		lf_buf_printf(&p->out, "<p class=\"note\">... and %u more: the format json holds all.</p>\n",
		    p->groups.n - GROUPS_MAX);
}

/* A soft line below, where there is something to say. */
static void
below(struct lf_buf *out, const char *label, const char *text)
{
	if (lf_or_null(text) == NULL)
		return;
	lf_buf_printf(out, "<small>%s", label);
	lf_html_puts(out, text);
	lf_buf_puts(out, "</small>");
}

static void
cell(struct lf_buf *out, const char *text)
{
	lf_buf_puts(out, "<td>");
	lf_html_puts(out, text != NULL ? text : "");
}

static void
impairment(struct lf_buf *out, const struct lf_control *e)
{
	char time[LF_UTC_LEN], outcome[128];

	lf_buf_printf(out, "<tr%s><td>%s</td>", e->effective ? "" : " class=\"tried\"", lf_utc_format(e->time, time));
	cell(out, e->event_name);
	below(out, "", lf_control_outcome(e, outcome));
	below(out, "", e->event_source);
	lf_buf_puts(out, "</td>");
	cell(out, e->target);
	below(out, "", e->detail);
	below(out, "", e->class_name);
	lf_buf_puts(out, "</td>");
	cell(out, lf_control_who(e));
	if (lf_or_null(e->actor) != NULL && strcmp(e->actor, e->principal) != 0)
		below(out, "as ", e->principal);
	below(out, "from ", e->source_ip);
	below(out, "key ", e->access_key);
	lf_buf_puts(out, "</td>");
	cell(out, e->account);
	below(out, "", e->region);
	lf_buf_puts(out, "</td>");
	cell(out, e->event_id);
	below(out, "", lf_control_proof(e));
	lf_buf_puts(out, "</td></tr>\n");
}

static void
impairments(struct page *p)
{
	uint64_t shown = 0;

	if (p->n.impairments == 0) {
		lf_buf_puts(&p->out, "<p class=\"soft\">No event of the evidence impaired logging or tried to.</p>\n");
		return;
	}
	lf_buf_puts(&p->out,
	    "<table class=\"touched\">\n<thead><tr><th scope=\"col\">When</th><th scope=\"col\">What</th><th scope=\"col\">"
	    "Of what</th><th scope=\"col\">Who</th><th scope=\"col\">Where</th><th scope=\"col\">Event</th></tr></thead>\n"
	    "<tbody>\n");
	for (uint32_t i = 0; i < p->c->controls.list.n && shown < ROWS_MAX; i++) {
		if (!lf_control_at(p->c, i)->impairs)
			continue;
		impairment(&p->out, lf_control_at(p->c, i));
		shown++;
	}
	lf_buf_puts(&p->out, "</tbody>\n</table>\n");
	if (shown < p->n.impairments)
		lf_buf_printf(&p->out, "<p class=\"note\">... and %llu more: the format json holds all.</p>\n",
		    (unsigned long long)(p->n.impairments - shown));
}

static void
skipped(struct page *p)
{
	if (p->c->skipped.list.n == 0)
		return;
	lf_html_skipped_start(&p->out);
	for (uint32_t i = 0; i < p->c->skipped.list.n && i < ROWS_MAX; i++) {
		const struct lf_skip *s = lf_skips_at(&p->c->skipped, i);

		lf_html_skip(&p->out, s->locator, s->reason);
	}
	lf_html_skipped_end(&p->out, p->c->skipped.list.n > ROWS_MAX ? p->c->skipped.list.n - ROWS_MAX : 0);
}

static void
body(struct page *p)
{
	lead(p);
	tiles(p);
	lf_buf_puts(&p->out, "<h2>Coverage</h2>\n");
	if (!lf_gaps_any(p->c))
		lf_buf_puts(&p->out, "<p class=\"soft\">Nothing can be laid out.</p>\n");
	lf_map_patterns(&p->out);
	p->out.failed |= !lf_gaps_map(p->c, &p->groups, GROUPS_MAX, &p->out);
	lf_buf_puts(&p->out, "<h2>Gaps</h2>\n");
	gaps(p);
	lf_buf_puts(&p->out, "<h2>Who touched logging</h2>\n");
	impairments(p);
	skipped(p);
	if (p->c->proof != NULL)
		lf_html_anchors(&p->out, p->c->proof);
	lf_buf_puts(&p->out, "<h2>What this does not show</h2>\n<ul class=\"limits\">\n");
	lf_html_limits(&p->out, lf_gap_limit_text);
	lf_html_limits(&p->out, lf_limit_text);
	lf_buf_puts(&p->out,
	    "</ul>\n<footer>Written by trail-gaps " LF_VERSION
	    ". This page loads nothing and sends nothing.</footer>\n");
}

void
lf_gaps_parts(const struct lf_coverage *c, const struct lf_gaps_counts *n, const struct lf_gap_groups *groups,
    enum lf_gaps_part part, struct lf_buf *out)
{
	struct page p = {.c = c, .n = *n, .groups = *groups, .out = *out};

	if (part == LF_GAPS_TILES)
		tiles(&p);
	else if (part == LF_GAPS_CARDS)
		gaps(&p);
	else
		impairments(&p);
	*out = p.out;
}

int
lf_gaps_html(const struct lf_coverage *c, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err)
{
	struct page p = {.c = c};
	int rc = -1;

	(void)o;
	lf_buf_init(&p.out);
	if (!lf_gaps_count(c, &p.n) || !lf_gap_groups_make(c, &p.groups)) {
		lf_err_nomem(err);
		goto out;
	}
	lf_html_begin(&p.out, "CloudTrail coverage and gaps", lf_gaps_sheet, NULL);
	body(&p);
	lf_html_end(&p.out, NULL);
	rc = lf_report_flush(&p.out, 0, write, arg, err);
out:
	lf_gap_groups_free(&p.groups);
	lf_buf_free(&p.out);
	return rc;
}
