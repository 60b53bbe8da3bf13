/* Differences for people, after the model of diff: the verdict first, then kind by kind what differs. */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/utc.h"
#include "report/diff_form.h"
#include "report/diff_say.h"
#include "report/text_parts.h"

/* Differences of a kind shown without -v. */
static const uint64_t most[LF_DIFF_KINDS] = {200, 200, 200, 5, 20, 50, 50, 50, 5};

/* A sentence, with a label of our own in front. */
static void
sentence(struct lf_textw *w, const char *label, struct lf_buf *text)
{
	if (text->failed)
		w->error = ENOMEM;
	lf_textw_hang(w, strlen(label), label, lf_buf_str(text));
	lf_buf_reset(text);
}

static void
verdict(struct lf_textw *w, const struct lf_diff *d, struct lf_buf *text)
{
	static const char *const words[] = {"SAME", "THEY DIFFER", "INCONCLUSIVE"};
	static const enum lf_style styles[] = {LF_GREEN, LF_RED, LF_YELLOW};
	enum lf_verdict v = lf_diff_verdict(d);

	lf_buf_printf(text, "%s: ", words[v]);
	lf_diff_say_meaning(d, text);
	lf_textw_style(w, styles[v]);
	sentence(w, "", text);
	lf_textw_style(w, LF_PLAIN);
	if (v != LF_FINDINGS)
		return;
	lf_diff_say_doubts(d, text);
	if (text->len == 0)
		return;
	lf_buf_puts(text, ".");
	lf_textw_style(w, LF_YELLOW);
	sentence(w, "Besides: ", text);
	lf_textw_style(w, LF_PLAIN);
}

static void
say_proof(void *arg, const char *text)
{
	lf_textw_wrap(arg, 0, text);
}

/* "- A  copy-of-monday" and what it holds. */
static void
side(struct lf_textw *w, const struct lf_diff *d, unsigned i, struct lf_buf *text)
{
	lf_textw_style(w, i == 0 ? LF_RED : LF_GREEN);
	lf_textw_printf(w, i == 0 ? "- A  " : "+ B  ");
	for (size_t k = 0; lf_diff_operand(d, i, k) != NULL; k++) {
		lf_textw_printf(w, k > 0 ? " " : "");
		lf_textw_safe(w, lf_diff_operand(d, i, k), 0);
	}
	lf_textw_style(w, LF_PLAIN);
	lf_textw_printf(w, "\n");
	lf_diff_say_side(lf_diff_summary(d), i, text);
	sentence(w, "     ", text);
}

static void
terms(struct lf_textw *w, const struct lf_diff *d, struct lf_buf *text)
{
	const struct lf_diff_summary *s = lf_diff_summary(d);
	char first[LF_UTC_LEN], last[LF_UTC_LEN], number[2][48];

	if (s->first != LF_TIME_NONE) {
		lf_buf_printf(text, "Both sides cover %s to %s.", lf_utc_format(s->first, first), lf_utc_format(s->last, last));
		sentence(w, "", text);
	}
	if (s->events_compared)
		lf_buf_puts(text, lf_plural(s->same, "event", number[0]));
	if (s->objects_compared)
		lf_buf_printf(text, "%s%s", s->events_compared ? " and " : "", lf_plural(s->objects_same, "object", number[1]));
	lf_buf_puts(text, s->events_compared || s->objects_compared ? " are the same on both sides." : "");
	sentence(w, "", text);
	lf_text_selection(w, lf_diff_select(d));
	if (lf_diff_ignored(d, 0) == NULL)
		return;
	for (size_t i = 0; lf_diff_ignored(d, i) != NULL; i++)
		lf_buf_printf(text, "%s%s", i > 0 ? ", " : "", lf_diff_ignored(d, i));
	sentence(w, "Members left out: ", text);
}

/* ---- Counts only ---- */

static void
count_line(struct lf_textw *w, const char *what, enum lf_style style, uint64_t events, uint64_t objects,
    const struct lf_diff_summary *s)
{
	bool some = events + objects > 0;

	lf_textw_style(w, some ? style : LF_DIM);
	lf_textw_printf(w, "  %-18s", what);
	if (s->events_compared)
		lf_textw_printf(w, " %12llu", (unsigned long long)events);
	if (s->objects_compared)
		lf_textw_printf(w, " %12llu", (unsigned long long)objects);
	lf_textw_style(w, LF_PLAIN);
	lf_textw_printf(w, "\n");
}

static void
counts(struct lf_textw *w, const struct lf_diff_summary *s)
{
	lf_textw_printf(w, "\n  %-18s%s%s\n", "", s->events_compared ? "       events" : "",
	    s->objects_compared ? "      objects" : "");
	count_line(w, "same", LF_PLAIN, s->same, s->objects_same, s);
	count_line(w, "changed", LF_YELLOW, s->changed, s->objects_changed, s);
	count_line(w, "- only in A", LF_RED, s->only[0], s->objects_only[0], s);
	count_line(w, "+ only in B", LF_GREEN, s->only[1], s->objects_only[1], s);
	count_line(w, "outside, A", LF_PLAIN, s->outside[0], s->objects_outside[0], s);
	count_line(w, "outside, B", LF_PLAIN, s->outside[1], s->objects_outside[1], s);
	if (s->events_compared) {
		count_line(w, "not comparable, A", LF_YELLOW, s->not_comparable[0], 0, s);
		count_line(w, "not comparable, B", LF_YELLOW, s->not_comparable[1], 0, s);
	}
	if (s->objects_compared)
		count_line(w, "unread", LF_YELLOW, 0, s->objects_unread, s);
}

/* ---- What differs ---- */

/* "EVENTS CHANGED (3)" */
static void
heading(struct lf_textw *w, enum lf_diff_kind kind, uint64_t n)
{
	char text[96];

	snprintf(text, sizeof(text), "%s (%llu)", lf_diff_title(kind), (unsigned long long)n);
	for (size_t i = 0; text[i] != '\0'; i++)
		text[i] = (char)(text[i] >= 'a' && text[i] <= 'z' ? text[i] - 0x20 : text[i]);
	lf_text_heading(w, text);
}

static void
more(struct lf_textw *w, uint64_t n)
{
	if (n > 0)
		lf_textw_printf(w, "  ... and %llu more: -v or -f json lists all\n", (unsigned long long)n);
}

static int
differences(struct lf_textw *w, struct lf_diff *d, const struct lf_write_opts *o, struct lf_err *err)
{
	enum lf_diff_kind kind = LF_DIFF_KINDS;
	uint64_t n = 0, left = 0;
	struct lf_diff_row row;
	int rc;

	if (lf_diff_rewind(d, err) != 0)
		return -1;
	while ((rc = lf_diff_next(d, &row, err)) > 0 && w->error == 0) {
		assert(row.kind < LF_DIFF_KINDS);
		if (row.kind != kind) {
			more(w, left);
			kind = row.kind;
			n = left = 0;
			heading(w, kind, lf_diff_count(lf_diff_summary(d), kind));
		} else if (kind == LF_DIFF_CHANGED && n < most[kind]) {
			lf_textw_printf(w, "\n");
		}
		if (n++ < most[kind] || o->detail)
			lf_diff_lines(w, &row, o);
		else
			left++;
	}
	more(w, left);
	return rc < 0 ? -1 : 0;
}

static void
skipped(struct lf_textw *w, const struct lf_diff *d)
{
	struct lf_diff_skip s;

	if (lf_diff_summary(d)->side[0].skipped + lf_diff_summary(d)->side[1].skipped == 0)
		return;
	lf_text_heading(w, "NOT READ");
	for (unsigned i = 0; i < 2; i++) {
		for (uint32_t k = 0; lf_diff_skipped(d, i, k, &s); k++) {
			lf_textw_printf(w, "%c ", "AB"[i]);
			lf_textw_safe(w, s.locator, 0);
			lf_textw_printf(w, ": ");
			lf_textw_safe(w, s.reason, 0);
			lf_textw_printf(w, "\n");
		}
	}
}

static void
head(struct lf_textw *w, const struct lf_diff *d, const struct lf_diff_tally *tally, const struct lf_write_opts *o,
    struct lf_buf *text)
{
	verdict(w, d, text);
	lf_diff_say_tally(tally, say_proof, w);
	if (o->quiet)
		return;
	side(w, d, 0, text);
	side(w, d, 1, text);
	terms(w, d, text);
	lf_diff_say_hints(d, tally, say_proof, w);
	if (!o->detail && lf_diff_summary(d)->side[0].skipped + lf_diff_summary(d)->side[1].skipped > 0)
		lf_textw_wrap(w, 0, "-v names what could not be read in full.");
}

int
lf_diff_as_text(struct lf_diff *d, bool stat, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err)
{
	struct lf_diff_tally tally;
	struct lf_textw w;
	struct lf_buf text;
	int rc = 0;

	if (lf_diff_tally(d, &tally, err) != 0)
		return -1;
	lf_textw_init(&w, o, write, arg);
	lf_buf_init(&text);
	head(&w, d, &tally, o, &text);
	if (stat)
		counts(&w, lf_diff_summary(d));
	else
		rc = differences(&w, d, o, err);
	if (!o->quiet && o->detail)
		skipped(&w, d);
	if (!o->quiet && !stat) {
		lf_text_heading(&w, "WHAT THIS DOES NOT SHOW");
		lf_text_limits(&w, lf_diff_limit_text);
	}
	w.error = text.failed ? ENOMEM : w.error;
	lf_buf_free(&text);
	if (rc == 0)
		return lf_textw_finish(&w, err);
	lf_buf_free(&w.buf);
	lf_buf_free(&w.word);
	return -1;
}
