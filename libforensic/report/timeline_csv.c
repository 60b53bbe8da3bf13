/*
 * Timelines as comma-separated values: RFC 4180, but that lines end in LF, for cut(1), sort(1) and awk(1);
 * spreadsheets, DuckDB and Timesketch read either.
 */
#include <stdio.h>

#include "base/csv.h"
#include "base/text.h"
#include "base/utc.h"
#include "report/timeline_form.h"
#include "report/timeline_say.h"

#define FIELD_MAX 8192 /* bytes of a field for Timesketch: OpenSearch refuses terms over 32766 */

static void
names(const struct lf_timeline *t, struct lf_buf *out)
{
	size_t n;
	const enum lf_column *c = lf_timeline_columns(t, &n);

	for (size_t i = 0; i < n; i++) {
		lf_buf_puts(out, i > 0 ? "," : "");
		lf_buf_puts(out, lf_column_names[c[i]]);
	}
	lf_buf_putc(out, '\n');
}

static void
csv_head(const struct lf_timeline *t, const struct lf_write_opts *o, const struct lf_timeline_stats *stats,
    struct lf_buf *out)
{
	(void)o;
	(void)stats;
	names(t, out);
}

/* One field; on a terminal no byte of it is left that would steer the terminal. */
static void
put_field(struct lf_buf *out, struct lf_slice v, const struct lf_write_opts *o, struct lf_buf *shown)
{
	if (o->terminal && !o->raw_csv) {
		lf_buf_reset(shown);
		lf_text_terminal(shown, v.s, v.len);
		v = (struct lf_slice){lf_buf_str(shown), shown->len};
	}
	lf_csv_field(out, v.s, v.len, !o->raw_csv);
}

/*
 * Writes the columns of the event itself at once where they stand in front, in their order, and none of them needs
 * quotes.  Returns how many that are.
 */
static size_t
put_event(const struct lf_timeline_row *row, const enum lf_column *c, size_t n, struct lf_buf *out)
{
	if (n < LF_COL_OF_EVENT)
		return 0;
	for (size_t i = 0; i < LF_COL_OF_EVENT; i++)
		if (c[i] != (enum lf_column)i)
			return 0;
	if (!lf_csv_is_line(row->event.s, row->event.len, LF_COL_OF_EVENT))
		return 0;
	lf_buf_add(out, row->event.s, row->event.len);
	return LF_COL_OF_EVENT;
}

static void
csv_row(const struct lf_timeline *t, const struct lf_write_opts *o, const struct lf_timeline_row *row,
    struct lf_buf *out)
{
	struct lf_buf scratch, shown;
	struct lf_slice v;
	size_t n;
	const enum lf_column *c = lf_timeline_columns(t, &n);

	lf_buf_init(&scratch);
	lf_buf_init(&shown);
	for (size_t i = put_event(row, c, n, out); i < n; i++) {
		if (i > 0)
			lf_buf_putc(out, ',');
		v = lf_say_value(row, c[i], &scratch);
		put_field(out, v, o, &shown);
	}
	lf_buf_putc(out, '\n');
	out->failed |= scratch.failed || shown.failed;
	lf_buf_free(&scratch);
	lf_buf_free(&shown);
}

const struct lf_timeline_form lf_timeline_csv = {.name = "csv", .head = csv_head, .row = csv_row};

/* ---- Timesketch: "Import a timeline from JSON or CSV" of its guides ---- */

/* A field, capped: cut between characters, with a mark that tells how long it was. */
static void
capped(struct lf_buf *out, struct lf_slice v, const struct lf_write_opts *o, struct lf_buf *scratch,
    struct lf_buf *shown)
{
	size_t keep = FIELD_MAX;

	if (v.len <= FIELD_MAX) {
		put_field(out, v, o, shown);
		return;
	}
	for (size_t back = 0; back < 3 && ((unsigned char)v.s[keep] & 0xc0) == 0x80; back++)
		keep--;
	lf_buf_reset(scratch);
	lf_buf_add(scratch, v.s, keep);
	lf_buf_printf(scratch, " [cut at %zu of %zu bytes]", keep, v.len);
	put_field(out, (struct lf_slice){lf_buf_str(scratch), scratch->failed ? 0 : scratch->len}, o, shown);
	out->failed |= scratch->failed;
}

/*
 * ISO 8601 with six digits of a second and an offset in every row: pandas, with which Timesketch reads, takes the form
 * of the first and drops the rows that have another.
 */
static void
datetime(const struct lf_timeline_row *row, struct lf_buf *out)
{
	struct lf_slice v = row->v[LF_COL_EVENT_TIME];
	char text[LF_UTC_LEN];
	int32_t nanos = 0;
	int64_t t;

	if (!lf_utc_read_rfc3339(v.s, v.len, &t, &nanos) || t != row->time)
		nanos = 0;
	lf_utc_format(row->time, text);
	lf_buf_printf(out, "%.19s.%06d+00:00", text, nanos / 1000);
}

static void
timesketch_head(const struct lf_timeline *t, const struct lf_write_opts *o, const struct lf_timeline_stats *stats,
    struct lf_buf *out)
{
	(void)o;
	(void)stats;
	lf_buf_puts(out, "message,datetime,timestamp_desc,");
	names(t, out);
}

/*
 * A row without a time has an empty datetime, for any other would be invented: Timesketch then counts it in its log and
 * leaves it out, and whoever reads the file finds the note.
 */
static void
timesketch_row(const struct lf_timeline *t, const struct lf_write_opts *o, const struct lf_timeline_row *row,
    struct lf_buf *out)
{
	struct lf_buf message, scratch, shown;
	size_t n;
	const enum lf_column *c = lf_timeline_columns(t, &n);

	lf_buf_init(&message);
	lf_buf_init(&scratch);
	lf_buf_init(&shown);
	lf_say_sentence(row, &message);
	capped(out, (struct lf_slice){lf_buf_str(&message), message.failed ? 0 : message.len}, o, &scratch, &shown);
	if (row->time == LF_TIME_NONE) {
		lf_buf_puts(out, ",,No Event Time");
	} else {
		lf_buf_putc(out, ',');
		datetime(row, out);
		lf_buf_puts(out, ",Event Time");
	}
	for (size_t i = 0; i < n; i++) {
		lf_buf_putc(out, ',');
		lf_buf_reset(&message);
		capped(out, lf_say_value(row, c[i], &message), o, &scratch, &shown);
		out->failed |= message.failed;
	}
	lf_buf_putc(out, '\n');
	out->failed |= message.failed || shown.failed;
	lf_buf_free(&message);
	lf_buf_free(&scratch);
	lf_buf_free(&shown);
}

const struct lf_timeline_form lf_timeline_timesketch = {
    .name = "timesketch", .head = timesketch_head, .row = timesketch_row};
