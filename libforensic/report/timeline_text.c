/*
 * A timeline for people: a picture of events per hour, then a line for each event under headings of days, then what
 * came of it.  Lines fit the terminal; what is cut ends in an ellipsis, and nothing is cut where the output is no
 * terminal.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utc.h"
#include "report/timeline_asked.h"
#include "report/timeline_cells.h"
#include "report/timeline_form.h"
#include "report/timeline_picture.h"
#include "report/timeline_say.h"
#include "report/timeline_usual.h"
#include "report/timeline_who.h"

/* Signs in front of a row, in the order of enum lf_integrity. */
static const char *const marks[2][LF_INTEGRITY_UNKNOWN + 1] = {
    {"✓", "?", "✗", "!", "·", "-", " "}, {"v", "?", "X", "!", ".", "-", " "}};
static const enum lf_style mark_styles[] = {LF_GREEN, LF_YELLOW, LF_RED, LF_RED, LF_YELLOW, LF_DIM, LF_PLAIN};
static const char *const conflict_marks[] = {"≠", "#"};
static const char *const copy_marks[] = {"+", "+"};
static const char failed_mark[] = "F";

#define SIGNS    4  /* columns of them in front of a row */
#define MARK_WHO 32 /* columns of who ended or began coverage */

/* A sign in its style, or a blank. */
static void
sign(const struct lf_write_opts *o, const char *text, enum lf_style style, struct lf_buf *out)
{
	if (style != LF_PLAIN)
		lf_cell_style(o, style, out);
	lf_buf_puts(out, text);
	if (style != LF_PLAIN)
		lf_cell_style(o, LF_PLAIN, out);
}

static void
signs(const struct lf_write_opts *o, const struct lf_timeline_row *row, struct lf_buf *out)
{
	bool failed = lf_say_failed(row);

	sign(o, marks[o->ascii][row->integrity], mark_styles[row->integrity], out);
	if (row->conflict)
		sign(o, conflict_marks[o->ascii], LF_RED, out);
	else
		sign(o, row->copies > 0 ? copy_marks[o->ascii] : " ", LF_PLAIN, out);
	sign(o, failed ? failed_mark : " ", failed ? LF_RED : LF_PLAIN, out);
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

/* An edge of coverage, told apart from the events around it. */
static void
mark_row(const struct lf_write_opts *o, const struct lf_timeline_row *row, struct lf_buf *out)
{
	struct lf_buf text, by;
	size_t width = o->width < 40 ? 40 : o->width;

	lf_buf_init(&text);
	lf_buf_init(&by);
	lf_who_name(o, row->v[LF_COL_PRINCIPAL], row->v[LF_COL_ACCOUNT], o->width == 0 ? SIZE_MAX : MARK_WHO, &by);
	lf_buf_puts(&text, o->ascii ? "== " : "══ ");
	lf_say_mark(row, (struct lf_slice){lf_buf_str(&by), by.failed ? 0 : by.len}, &text);
	lf_cell_style(o, LF_YELLOW, out);
	lf_buf_puts(out, "    ");
	clock_cell(o, row, out);
	lf_buf_putc(out, ' ');
	lf_cell(o, (struct lf_slice){lf_buf_str(&text), text.failed ? 0 : text.len}, width - 14, o->width == 0,
	    LF_CUT_END, out);
	lf_cell_style(o, LF_PLAIN, out);
	out->failed |= text.failed || by.failed;
	lf_buf_free(&by);
	lf_buf_free(&text);
}

static void
default_row(const struct lf_write_opts *o, const struct lf_timeline_row *row, struct lf_buf *out)
{
	signs(o, row, out);
	clock_cell(o, row, out);
	lf_usual_cells(o, row, out);
}

/* The columns asked for, each as wide as what it usually holds, or as its share of the line. */
static void
asked_row(const struct lf_timeline *t, const struct lf_write_opts *o, const struct lf_timeline_row *row,
    struct lf_buf *out)
{
	signs(o, row, out);
	lf_asked_cells(t, o, row, o->width < 5 ? 0 : o->width - SIGNS, out);
}

static void
text_row(const struct lf_timeline *t, const struct lf_write_opts *o, const struct lf_timeline_row *row,
    struct lf_buf *out)
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

/* One sign of the legend, on a new line where the last one is full. */
static void
legend_entry(const struct lf_write_opts *o, const char *mark, const char *text, size_t *column, struct lf_buf *out)
{
	size_t needs = 2 + strlen(text);

	if (*column > 0 && o->width > 0 && *column + 3 + needs > o->width) {
		lf_buf_putc(out, '\n');
		*column = 0;
	}
	lf_buf_printf(out, "%s%s %s", *column > 0 ? "   " : "", mark, text);
	*column += needs + (*column > 0 ? 3 : 0);
}

/* What the signs mean, of those that occur. */
static void
legend(const struct lf_write_opts *o, const struct lf_stats_totals *n, struct lf_buf *out)
{
	size_t column = 0;

	for (size_t i = 0; i < LF_INTEGRITY_UNKNOWN; i++)
		if (n->integrity[i] > 0)
			legend_entry(o, marks[o->ascii][i], lf_integrity_names[i], &column, out);
	if (n->conflicts > 0)
		legend_entry(o, conflict_marks[o->ascii], "conflict: another version is shown, too", &column, out);
	if (n->copies > 0)
		legend_entry(o, copy_marks[o->ascii], "has duplicates", &column, out);
	if (n->failed > 0)
		legend_entry(o, failed_mark, "failed", &column, out);
	if (column > 0)
		lf_buf_putc(out, '\n');
}

static void
text_head(const struct lf_timeline *t, const struct lf_write_opts *o, const struct lf_timeline_stats *stats,
    struct lf_buf *out)
{
	size_t before = out->len;

	if (stats == NULL || lf_timeline_stats_totals(stats)->rows == 0)
		return;
	if (!o->quiet)
		lf_picture_text(o, stats, out);
	legend(o, lf_timeline_stats_totals(stats), out);
	if (!lf_say_default_columns(t) && out->len > before)
		lf_buf_putc(out, '\n');
}

/* Columns that differ between versions of an event, by name, folded to the width. */
static void
text_versions(const struct lf_timeline *t, const struct lf_write_opts *o, struct lf_slice id, uint32_t differ,
    struct lf_buf *out)
{
	const char *gap = "";
	size_t from = out->len;
	struct lf_buf word;

	(void)t;
	lf_cell_style(o, LF_RED, out);
	lf_buf_printf(out, " %s  differs in: ", conflict_marks[o->ascii]);
	for (size_t i = 0; i < LF_COLUMNS; i++) {
		if ((differ & 1U << i) == 0)
			continue;
		lf_buf_printf(out, "%s%s", gap, lf_column_names[i]);
		gap = ", ";
	}
	if (differ == 0) {
		lf_buf_init(&word);
		lf_text_shell(&word, id.s, id.len);
		lf_buf_puts(out, "members that are no columns: see -f records --id ");
		lf_buf_add(out, lf_buf_str(&word), word.failed ? 0 : word.len);
		out->failed |= word.failed;
		lf_buf_free(&word);
	}
	lf_picture_fold(o, out, from);
	lf_cell_style(o, LF_PLAIN, out);
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
    .name = "text", .stats = true, .head = text_head, .row = text_row, .day = text_day,
    .versions = text_versions, .tail = text_tail};
