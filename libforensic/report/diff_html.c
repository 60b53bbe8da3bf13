/* Differences as one page: verdict, both sides, counts, and what differs, kind by kind. */
#include <string.h>

#include "base/utc.h"
#include "report/diff_cards.h"
#include "report/diff_form.h"
#include "report/diff_page.h"
#include "report/diff_say.h"
#include "report/flush.h"
#include "report/html.h"
#include "report/html_parts.h"
#include "report/text_parts.h"

#define FLUSH_AT ((size_t)64 << 10)
#define ROWS_MAX 5000 /* of one kind, and of what was not read: more would be no page that a browser can open */

struct page {
	struct lf_diff *d;
	lf_write_fn *write;
	void *arg;
	struct lf_buf out;
};

/* Writes what has gathered, when it is at least so much. */
static int
flush(struct page *p, size_t at, struct lf_err *err)
{
	return lf_report_flush(&p->out, at, p->write, p->arg, err);
}

/* Appends text that was made in scratch, and empties that. */
static void
spoken(struct page *p, struct lf_buf *scratch)
{
	lf_html_puts(&p->out, lf_buf_str(scratch));
	p->out.failed |= scratch->failed;
	lf_buf_reset(scratch);
}

static void
say_proof(void *arg, const char *sentence)
{
	struct page *p = arg;

	lf_buf_puts(&p->out, "<p class=\"proof\">");
	lf_html_puts(&p->out, sentence);
	lf_buf_puts(&p->out, "</p>\n");
}

static void
lead(struct page *p, const struct lf_diff_tally *tally, struct lf_buf *scratch)
{
	static const char *const tones[] = {"good", "bad", "warn"}, *const words[] = {"Same", "They differ", "Inconclusive"};
	enum lf_verdict v = lf_diff_verdict(p->d);

	lf_buf_printf(&p->out, "<p class=\"lead\"><b class=\"%s\">%s</b>: ", tones[v], words[v]);
	lf_diff_say_meaning(p->d, scratch);
	spoken(p, scratch);
	lf_buf_puts(&p->out, "</p>\n");
	lf_diff_say_doubts(p->d, scratch);
	if (v == LF_FINDINGS && scratch->len > 0) {
		lf_buf_puts(&p->out, "<p class=\"warn\">Besides: ");
		spoken(p, scratch);
		lf_buf_puts(&p->out, ".</p>\n");
	}
	lf_buf_reset(scratch);
	lf_diff_say_tally(tally, say_proof, p);
	lf_diff_say_hints(p->d, tally, say_proof, p);
}

static void
sides(struct page *p, struct lf_buf *scratch)
{
	const struct lf_diff_summary *s = lf_diff_summary(p->d);
	char first[LF_UTC_LEN], last[LF_UTC_LEN];

	lf_buf_puts(&p->out, "<div class=\"pair\">\n");
	for (unsigned i = 0; i < 2; i++) {
		lf_buf_printf(&p->out, "<div class=\"card\"><h3 class=\"%c\">%c</h3><p class=\"mono\">", "ab"[i], "AB"[i]);
		for (size_t k = 0; lf_diff_operand(p->d, i, k) != NULL; k++) {
			lf_buf_puts(&p->out, k > 0 ? " " : "");
			lf_html_puts(&p->out, lf_diff_operand(p->d, i, k));
		}
		lf_buf_puts(&p->out, "</p><p class=\"soft\">");
		lf_diff_say_side(s, i, scratch);
		spoken(p, scratch);
		lf_buf_puts(&p->out, "</p></div>\n");
	}
	lf_buf_puts(&p->out, "</div>\n<p class=\"soft\">");
	if (s->first != LF_TIME_NONE)
		lf_buf_printf(&p->out, "Both sides cover %s to %s, all times UTC. ", lf_utc_format(s->first, first),
		    lf_utc_format(s->last, last));
	lf_html_selection(&p->out, lf_diff_select(p->d));
	for (size_t i = 0; lf_diff_ignored(p->d, i) != NULL; i++) {
		lf_buf_puts(&p->out, i > 0 ? ", " : "Members left out: ");
		lf_html_puts(&p->out, lf_diff_ignored(p->d, i));
	}
	lf_buf_puts(&p->out, "</p>\n");
}

static void
tiles(struct page *p)
{
	static const char *const tones[LF_DIFF_KINDS] = {"bad", "bad", "bad", "", "warn", "bad", "bad", "bad", ""};
	static const char *const labels[LF_DIFF_KINDS] = {"events changed", "events only in A", "events only in B",
	    "events outside the common window", "events not comparable", "objects changed", "objects only in A",
	    "objects only in B", "objects outside the common window"};
	const struct lf_diff_summary *s = lf_diff_summary(p->d);

	lf_buf_puts(&p->out, "<div class=\"tiles\">\n");
	if (s->events_compared)
		lf_html_tile(&p->out, s->same, "events the same", "good");
	if (s->objects_compared)
		lf_html_tile(&p->out, s->objects_same, "objects the same", "good");
	for (enum lf_diff_kind kind = 0; kind < LF_DIFF_KINDS; kind++) {
		uint64_t n = lf_diff_count(s, kind);

		if (n > 0 || kind == LF_DIFF_CHANGED)
			lf_html_tile(&p->out, n, labels[kind], n > 0 ? tones[kind] : "");
	}
	for (unsigned i = 0; i < 2; i++)
		if (s->side[i].skipped > 0)
			lf_html_tile(&p->out, s->side[i].skipped,
			    i == 0 ? "objects of A not read in full" : "objects of B not read in full", "warn");
	lf_buf_puts(&p->out, "</div>\n");
}

/* Ends the section of a kind of which left were not shown. */
static void
section_end(struct page *p, enum lf_diff_kind kind, uint64_t left)
{
	if (kind == LF_DIFF_KINDS)
		return;
	lf_diff_cards_end(kind, &p->out);
	if (left > 0)
		lf_buf_printf(&p->out, "<p class=\"note\">... and %llu more: the format json holds all.</p>\n",
		    (unsigned long long)left);
}

static void
section_start(struct page *p, enum lf_diff_kind kind)
{
	lf_buf_printf(&p->out, "<h2>%s (", lf_diff_title(kind));
	lf_html_number(&p->out, lf_diff_count(lf_diff_summary(p->d), kind));
	lf_buf_puts(&p->out, ")</h2>\n");
	lf_diff_cards_start(kind, &p->out);
}

static int
differences(struct page *p, struct lf_err *err)
{
	enum lf_diff_kind kind = LF_DIFF_KINDS;
	struct lf_diff_row row;
	uint64_t n = 0;
	int rc;

	if (lf_diff_rewind(p->d, err) != 0)
		return -1;
	while ((rc = lf_diff_next(p->d, &row, err)) > 0) {
		if (row.kind != kind) {
			section_end(p, kind, n > ROWS_MAX ? n - ROWS_MAX : 0);
			section_start(p, row.kind);
			kind = row.kind;
			n = 0;
		}
		if (n++ < ROWS_MAX)
			lf_diff_card(&row, &p->out);
		if (flush(p, FLUSH_AT, err) != 0)
			return -1;
	}
	section_end(p, kind, n > ROWS_MAX ? n - ROWS_MAX : 0);
	return rc;
}

static void
skipped(struct page *p)
{
	struct lf_diff_skip s;
	uint64_t n = 0;

	for (unsigned side = 0; side < 2; side++) {
		for (uint32_t i = 0; lf_diff_skipped(p->d, side, i, &s); i++) {
			if (n == 0)
				lf_html_skipped_start(&p->out);
			if (n++ < ROWS_MAX)
				lf_html_skip(&p->out, s.locator, s.reason);
		}
	}
	if (n > 0)
		lf_html_skipped_end(&p->out, n > ROWS_MAX ? n - ROWS_MAX : 0);
}

int
lf_diff_as_html(struct lf_diff *d, bool stat, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err)
{
	struct page p = {.d = d, .write = write, .arg = arg};
	struct lf_diff_tally tally;
	struct lf_buf scratch;
	int rc = -1;

	(void)o;
	lf_buf_init(&p.out);
	lf_buf_init(&scratch);
	if (lf_diff_tally(d, &tally, err) != 0)
		goto out;
	lf_html_begin(&p.out, "How two bodies of CloudTrail evidence differ", lf_diff_sheet, NULL);
	lead(&p, &tally, &scratch);
	sides(&p, &scratch);
	tiles(&p);
	if (!stat && differences(&p, err) != 0)
		goto out;
	skipped(&p);
	lf_buf_puts(&p.out, "<h2>What this does not show</h2>\n<ul class=\"limits\">\n");
	lf_html_limits(&p.out, lf_diff_limit_text);
	lf_buf_puts(&p.out,
	    "</ul>\n<footer>Written by trail-diff " LF_VERSION
	    ". This page loads nothing and sends nothing.</footer>\n");
	lf_html_end(&p.out, NULL);
	rc = flush(&p, 0, err);
out:
	lf_buf_free(&scratch);
	lf_buf_free(&p.out);
	return rc;
}
