/*
 * A timeline for people: a picture of events per hour, then a line for each event under headings of days, then what came
 * of it.  Lines fit the terminal; what is cut ends in an ellipsis, and nothing is cut where the output is no terminal.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utc.h"
#include "report/timeline_cells.h"
#include "report/timeline_form.h"
#include "report/timeline_picture.h"
#include "report/timeline_say.h"

/* Signs in front of a row, in the order of enum lf_integrity. */
static const char *const marks[2][LF_INTEGRITY_UNKNOWN + 1] = {
    {"✓", "?", "✗", "!", "·", "-", " "}, {"v", "?", "X", "!", ".", "-", " "}};
static const enum lf_style mark_styles[] = {LF_GREEN, LF_YELLOW, LF_RED, LF_RED, LF_YELLOW, LF_DIM, LF_PLAIN};
static const char *const conflict_marks[] = {"≠", "#"};
static const char *const copy_marks[] = {"+", "+"};

/* Widths of the cells that are laid out for the default columns; 0: left out. */
struct widths {
	size_t event, who, from, account, region;
	bool whole; /* nothing is cut */
};

/* signs and time in front take 15 columns, and there is one between two cells. */
static struct widths
widths_of(const struct lf_write_opts *o)
{
	struct widths w = {36, 40, 15, 12, 14, true};
	size_t rest;

	if (o->width == 0)
		return w;
	rest = o->width < 60 ? 60 : o->width;
	w = (struct widths){.from = rest >= 170 ? 24 : 15};
	if (rest >= 80) {
		w.account = rest >= 110 ? 12 : 5;
		w.region = rest >= 110 ? 14 : 5;
		rest -= w.account + w.region + 2;
	}
	rest -= 15 + w.from + 2;
	w.event = rest * 11 / 20;
	w.who = rest - w.event;
	return w;
}

static void
signs(const struct lf_write_opts *o, const struct lf_timeline_row *row, struct lf_buf *out)
{
	lf_cell_style(o, mark_styles[row->integrity], out);
	lf_buf_puts(out, marks[o->ascii][row->integrity]);
	if (mark_styles[row->integrity] != LF_PLAIN)
		lf_cell_style(o, LF_PLAIN, out);
	if (row->conflict) {
		lf_cell_style(o, LF_RED, out);
		lf_buf_puts(out, conflict_marks[o->ascii]);
		lf_cell_style(o, LF_PLAIN, out);
	} else {
		lf_buf_puts(out, row->copies > 0 ? copy_marks[o->ascii] : " ");
	}
	lf_buf_putc(out, ' ');
}

/* The time of the day; of a row without a time what stands in its place. */
static void
clock_cell(const struct lf_write_opts *o, const struct lf_timeline_row *row, struct lf_buf *out)
{
	char text[LF_UTC_LEN];
	struct lf_slice v = row->v[LF_COL_EVENT_TIME];

	if (row->time != LF_TIME_NONE && strlen(lf_utc_format(row->time, text)) == LF_UTC_LEN - 1)
		v = (struct lf_slice){text + 11, 8};
	else if (v.len == 0)
		v = (struct lf_slice){"--:--:--", 8};
	lf_cell(o, v, 8, o->width == 0, LF_CUT_END, out);
}

/* "iam:CreateUser AccessDenied": W in front of what changes something, r of what reads. */
static void
event_cell(const struct lf_write_opts *o, const struct lf_timeline_row *row, size_t width, bool whole, struct lf_buf *scratch,
    struct lf_buf *out)
{
	struct lf_slice service = lf_say_service(row->v[LF_COL_SOURCE]);
	bool failed = lf_say_failed(row);
	int writes = lf_say_writes(row);

	lf_buf_reset(scratch);
	lf_buf_add(scratch, service.s, service.len);
	lf_buf_puts(scratch, service.len > 0 ? ":" : "");
	lf_buf_add(scratch, row->v[LF_COL_NAME].s, row->v[LF_COL_NAME].len);
	if (failed) {
		lf_buf_putc(scratch, ' ');
		lf_buf_add(scratch, row->v[LF_COL_RESULT].s, row->v[LF_COL_RESULT].len);
	}
	lf_cell_style(o, failed ? LF_RED : writes > 0 ? LF_BOLD : writes < 0 ? LF_DIM : LF_PLAIN, out);
	lf_buf_puts(out, writes > 0 ? " W " : writes < 0 ? " r " : "   ");
	lf_cell(o, (struct lf_slice){lf_buf_str(scratch), scratch->failed ? 0 : scratch->len}, width, whole, LF_CUT_END, out);
	lf_cell_style(o, LF_PLAIN, out);
	out->failed |= scratch->failed;
}

static void
who_cell(const struct lf_write_opts *o, const struct lf_timeline_row *row, size_t width, bool whole, struct lf_buf *scratch,
    struct lf_buf *out)
{
	lf_buf_reset(scratch);
	if (lf_say_has_actor(row)) {
		lf_say_principal(row->v[LF_COL_ACTOR], row->v[LF_COL_ACCOUNT], scratch);
		lf_buf_puts(scratch, o->ascii ? " > " : " › ");
	}
	lf_say_principal(row->v[LF_COL_PRINCIPAL], row->v[LF_COL_ACCOUNT], scratch);
	lf_cell(o, (struct lf_slice){lf_buf_str(scratch), scratch->failed ? 0 : scratch->len}, width, whole, LF_CUT_MIDDLE, out);
	out->failed |= scratch->failed;
}

static void
place_cells(const struct lf_write_opts *o, const struct lf_timeline_row *row, const struct widths *w, struct lf_buf *out)
{
	char region[LF_REGION_SHORT];
	struct lf_slice account = row->v[LF_COL_ACCOUNT], short_region = row->v[LF_COL_REGION];

	if (w->region < 9)
		short_region = lf_cell_region(short_region, region);
	lf_buf_putc(out, ' ');
	lf_cell_style(o, LF_DIM, out);
	lf_cell(o, account, w->account, w->whole, LF_CUT_START, out);
	lf_buf_putc(out, ' ');
	lf_cell(o, short_region, w->region, w->whole, LF_CUT_END, out);
	lf_cell_style(o, LF_PLAIN, out);
}

/* An edge of coverage, told apart from the events around it. */
static void
mark_row(const struct lf_write_opts *o, const struct lf_timeline_row *row, struct lf_buf *out)
{
	struct lf_buf text;
	size_t width = o->width < 40 ? 40 : o->width;

	lf_buf_init(&text);
	lf_buf_puts(&text, o->ascii ? "== " : "══ ");
	lf_say_mark(row, &text);
	lf_cell_style(o, LF_YELLOW, out);
	lf_buf_puts(out, "   ");
	clock_cell(o, row, out);
	lf_buf_putc(out, ' ');
	lf_cell(o, (struct lf_slice){lf_buf_str(&text), text.failed ? 0 : text.len}, width - 13, o->width == 0, LF_CUT_END, out);
	lf_cell_style(o, LF_PLAIN, out);
	out->failed |= text.failed;
	lf_buf_free(&text);
}

static void
default_row(const struct lf_write_opts *o, const struct lf_timeline_row *row, struct lf_buf *out)
{
	struct widths w = widths_of(o);
	struct lf_buf scratch;

	lf_buf_init(&scratch);
	signs(o, row, out);
	clock_cell(o, row, out);
	event_cell(o, row, w.event, w.whole, &scratch, out);
	lf_buf_putc(out, ' ');
	who_cell(o, row, w.who, w.whole, &scratch, out);
	lf_buf_putc(out, ' ');
	lf_cell(o, row->v[LF_COL_SOURCE_IP], w.from, w.whole, LF_CUT_END, out);
	if (w.account > 0)
		place_cells(o, row, &w, out);
	lf_buf_free(&scratch);
}

/* The columns asked for, each as wide as what it usually holds, or as its share of the line. */
static void
asked_row(const struct lf_timeline *t, const struct lf_write_opts *o, const struct lf_timeline_row *row, struct lf_buf *out)
{
	struct lf_buf scratch;
	size_t n, width;
	const enum lf_column *c = lf_timeline_columns(t, &n);
	bool failed = lf_say_failed(row);

	lf_buf_init(&scratch);
	signs(o, row, out);
	for (size_t i = 0; i < n; i++) {
		bool red = failed && (c[i] == LF_COL_RESULT || c[i] == LF_COL_NAME);

		width = lf_cell_column_width(c, n, i, o->width < 4 ? 0 : o->width - 3);
		lf_buf_puts(out, i > 0 ? "  " : "");
		if (red)
			lf_cell_style(o, LF_RED, out);
		lf_cell(o, lf_say_value(row, c[i], &scratch), width, o->width == 0, LF_CUT_END, out);
		if (red)
			lf_cell_style(o, LF_PLAIN, out);
	}
	out->failed |= scratch.failed;
	lf_buf_free(&scratch);
}

static void
text_row(const struct lf_timeline *t, const struct lf_write_opts *o, const struct lf_timeline_row *row, struct lf_buf *out)
{
	if (row->mark)
		mark_row(o, row, out);
	else if (lf_say_default_columns(t))
		default_row(o, row, out);
	else
		asked_row(t, o, row, out);
	while (out->len > 0 && out->data[out->len - 1] == ' ')
		out->len--;
	lf_buf_putc(out, '\n');
}

/* "2024-03-01 Friday" */
static void
text_day(const struct lf_timeline *t, const struct lf_write_opts *o, int64_t time, struct lf_buf *out)
{
	static const char *const names[] = {"Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"};
	int64_t day = lf_say_day(time);
	char text[LF_UTC_LEN];

	if (!lf_say_default_columns(t))
		return;
	lf_buf_putc(out, '\n');
	lf_cell_style(o, LF_BOLD, out);
	if (time == LF_TIME_NONE)
		lf_buf_puts(out, "Without a time");
	else
		lf_buf_printf(out, "%.10s %s", lf_utc_format(time, text), names[(day % 7 + 7) % 7]);
	lf_cell_style(o, LF_PLAIN, out);
	lf_buf_putc(out, '\n');
}

/* What the signs mean, of those that occur. */
static void
legend(const struct lf_write_opts *o, const struct lf_stats_totals *n, struct lf_buf *out)
{
	const char *gap = "";

	for (size_t i = 0; i < LF_INTEGRITY_UNKNOWN; i++) {
		if (n->integrity[i] == 0)
			continue;
		lf_buf_printf(out, "%s%s %s", gap, marks[o->ascii][i], lf_integrity_names[i]);
		gap = "   ";
	}
	if (n->conflicts > 0)
		lf_buf_printf(out, "%s%s other versions are shown, too", gap, conflict_marks[o->ascii]);
	gap = n->conflicts > 0 ? "   " : gap;
	if (n->copies > 0)
		lf_buf_printf(out, "%s%s found in several places", gap, copy_marks[o->ascii]);
	if (*gap != '\0' || n->copies > 0)
		lf_buf_putc(out, '\n');
}

static void
text_head(const struct lf_timeline *t, const struct lf_write_opts *o, const struct lf_timeline_stats *stats, struct lf_buf *out)
{
	(void)t;
	if (o->quiet || stats == NULL || lf_timeline_stats_totals(stats)->rows == 0)
		return;
	lf_picture_text(o, stats, out);
	legend(o, lf_timeline_stats_totals(stats), out);
	if (!lf_say_default_columns(t))
		lf_buf_putc(out, '\n');
}

static void
text_tail(const struct lf_timeline *t, const struct lf_write_opts *o, const struct lf_timeline_stats *stats,
    const struct lf_timeline_summary *summary, struct lf_buf *out)
{
	(void)t;
	(void)stats;
	if (!o->quiet)
		lf_picture_summary(o, summary, out);
}

const struct lf_timeline_form lf_timeline_text = {
    .name = "text", .stats = true, .head = text_head, .row = text_row, .day = text_day, .tail = text_tail};
