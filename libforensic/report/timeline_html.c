/* A timeline as one page: figures, events per hour, who and what most often, then the table. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utc.h"
#include "report/html.h"
#include "report/timeline_charts.h"
#include "report/timeline_form.h"
#include "report/timeline_page.h"
#include "report/timeline_say.h"

#define ROWS_MAX 200000 /* of the table: more would be no page that a browser can open */

static const char title[] = "CloudTrail timeline";

/* Of a row's proof, in the order of enum lf_integrity. */
static const char *const tones[LF_INTEGRITY_UNKNOWN + 1] = {"good", "warn", "bad", "bad", "warn", "", ""};

static void
text(struct lf_buf *out, struct lf_slice v)
{
	lf_html_text(out, v.s, v.len);
}

/* A soft line below; nothing for an empty value. */
static void
below(struct lf_buf *out, const char *tone, const char *label, struct lf_slice v)
{
	if (v.len == 0)
		return;
	lf_buf_puts(out, "<small");
	if (*tone != '\0')
		lf_buf_printf(out, " class=\"%s\"", tone);
	lf_buf_putc(out, '>');
	lf_buf_puts(out, label);
	text(out, v);
	lf_buf_puts(out, "</small>");
}

static struct lf_slice
slice(const char *s)
{
	return (struct lf_slice){s, strlen(s)};
}

static void
when_cell(const struct lf_timeline_row *row, struct lf_buf *out)
{
	char time[LF_UTC_LEN];

	lf_buf_puts(out, "<td>");
	if (row->time != LF_TIME_NONE && strlen(lf_utc_format(row->time, time)) == LF_UTC_LEN - 1)
		lf_buf_printf(out, "%.10s %.8s", time, time + 11);
	else if (row->v[LF_COL_EVENT_TIME].len > 0)
		text(out, row->v[LF_COL_EVENT_TIME]);
	else
		lf_buf_puts(out, "no time");
	below(out, tones[row->integrity], "", slice(lf_integrity_names[row->integrity]));
	below(out, "bad", "", slice(row->conflict ? "conflict: another version is shown, too" : ""));
	lf_buf_puts(out, "</td>");
}

static void
who_cell(const struct lf_timeline_row *row, struct lf_buf *scratch, struct lf_buf *out)
{
	lf_buf_reset(scratch);
	lf_say_principal(row->v[LF_COL_PRINCIPAL], row->v[LF_COL_ACCOUNT], scratch);
	lf_buf_puts(out, "<td>");
	lf_html_text(out, lf_buf_str(scratch), scratch->failed ? 0 : scratch->len);
	if (lf_say_has_actor(row))
		below(out, "", "for ", row->v[LF_COL_ACTOR]);
	below(out, "", "key ", row->v[LF_COL_ACCESS_KEY]);
	lf_buf_puts(out, "</td>");
}

static void
what_cell(const struct lf_timeline_row *row, struct lf_buf *out)
{
	lf_buf_puts(out, "<td><b>");
	text(out, row->v[LF_COL_NAME]);
	lf_buf_puts(out, "</b>");
	if (lf_say_failed(row)) {
		lf_buf_puts(out, " <span class=\"r\">");
		text(out, row->v[LF_COL_RESULT]);
		lf_buf_puts(out, "</span>");
	}
	below(out, "", "", row->v[LF_COL_SOURCE]);
	lf_buf_puts(out, "</td>");
}

/* A cell of a value and another below it. */
static void
pair_cell(struct lf_slice a, struct lf_slice b, struct lf_buf *out)
{
	lf_buf_puts(out, "<td>");
	text(out, a);
	below(out, "", "", b);
	lf_buf_puts(out, "</td>");
}

/* All else: what the other cells do not show. */
static void
rest_cell(const struct lf_timeline_row *row, struct lf_buf *scratch, struct lf_buf *out)
{
	struct lf_slice category = row->v[LF_COL_CATEGORY];

	lf_buf_puts(out, "<td>");
	text(out, row->v[LF_COL_RESOURCES]);
	if (!lf_slice_is(category, "Management"))
		below(out, "", "", category);
	below(out, "", "id ", row->v[LF_COL_ID]);
	below(out, "", "shared id ", row->v[LF_COL_SHARED_ID]);
	if (row->v[LF_COL_LOCATOR].len > 0) {
		lf_buf_puts(out, "<small>");
		text(out, row->v[LF_COL_LOCATOR]);
		lf_buf_putc(out, '#');
		text(out, row->v[LF_COL_RECORD_INDEX]);
		lf_buf_puts(out, "</small>");
	}
	below(out, "", "also in ", lf_say_value(row, LF_COL_ALSO_IN, scratch));
	lf_buf_puts(out, "</td>");
}

/* The classes say what the script filters by: f failed, w changes something. */
static void
row_start(const struct lf_timeline_row *row, struct lf_buf *out)
{
	static const char *const starts[] = {"<tr>", "<tr class=\"f\">", "<tr class=\"w\">", "<tr class=\"f w\">"};

	lf_buf_puts(out, starts[(lf_say_failed(row) ? 1 : 0) + (lf_say_writes(row) > 0 ? 2 : 0)]);
}

static void
asked_cells(const struct lf_timeline *t, const struct lf_timeline_row *row, struct lf_buf *scratch, struct lf_buf *out)
{
	size_t n;
	const enum lf_column *c = lf_timeline_columns(t, &n);

	for (size_t i = 0; i < n; i++) {
		lf_buf_puts(out, c[i] == LF_COL_RESULT ? "<td class=\"r\">" : "<td>");
		text(out, lf_say_value(row, c[i], scratch));
		if (i == 0 && row->conflict)
			below(out, "bad", "", slice("conflict: another version is shown, too"));
		lf_buf_puts(out, "</td>");
	}
}

static void
html_row(const struct lf_timeline *t, const struct lf_write_opts *o, const struct lf_timeline_row *row,
    struct lf_buf *out)
{
	struct lf_buf scratch;

	(void)o;
	lf_buf_init(&scratch);
	row_start(row, out);
	if (lf_say_default_columns(t)) {
		when_cell(row, out);
		who_cell(row, &scratch, out);
		what_cell(row, out);
		pair_cell(row->v[LF_COL_SOURCE_IP], row->v[LF_COL_USER_AGENT], out);
		pair_cell(row->v[LF_COL_ACCOUNT], row->v[LF_COL_REGION], out);
		rest_cell(row, &scratch, out);
	} else {
		asked_cells(t, row, &scratch, out);
	}
	lf_buf_puts(out, "</tr>\n");
	out->failed |= scratch.failed;
	lf_buf_free(&scratch);
}

/* ---- Above the rows ---- */

static void
tiles(const struct lf_stats_totals *n, struct lf_buf *out)
{
	lf_buf_puts(out, "<div class=\"tiles\">\n");
	lf_html_tile(out, n->rows, n->rows == 1 ? "event" : "events", "");
	lf_html_tile(out, n->failed, "failed", n->failed > 0 ? "bad" : "");
	for (size_t i = 0; i < LF_INTEGRITY_UNKNOWN; i++)
		if (n->integrity[i] > 0)
			lf_html_tile(out, n->integrity[i], lf_integrity_names[i], tones[i]);
	if (n->conflicts > 0)
		lf_html_tile(out, n->conflicts, n->conflicts == 1 ? "version in conflict" : "versions in conflict", "bad");
	if (n->copies > 0)
		lf_html_tile(out, n->copies, n->copies == 1 ? "duplicate" : "duplicates", "");
	if (n->no_time > 0)
		lf_html_tile(out, n->no_time, "without a time", "warn");
	lf_buf_puts(out, "</div>\n");
}

static void
lead(const struct lf_stats_totals *n, struct lf_buf *out)
{
	char first[LF_UTC_LEN], last[LF_UTC_LEN];

	lf_buf_puts(out, "<p class=\"soft\">");
	if (n->first != LF_TIME_NONE)
		lf_buf_printf(out, "%s to %s, all times UTC. ", lf_utc_format(n->first, first), lf_utc_format(n->last, last));
	lf_buf_puts(out, "<a href=\"#read\">What was read, and what was not</a></p>\n");
}

static void
table_start(const struct lf_timeline *t, uint64_t rows, struct lf_buf *out)
{
	static const char *const heads[] = {"When", "Who", "What", "From", "Where", "More"};
	bool usual = lf_say_default_columns(t);
	size_t n;
	const enum lf_column *c = lf_timeline_columns(t, &n);

	lf_buf_puts(out, "<h2>Events</h2>\n");
	if (rows > ROWS_MAX)
		lf_buf_printf(out, "<p class=\"note\">The first %d of %llu events are shown here; the figures above are of all. "
		    "The formats csv and jsonl hold every row.</p>\n", ROWS_MAX, (unsigned long long)rows);
	lf_buf_puts(out,
	    "<div class=\"bar noprint\" id=\"bar\" hidden><input type=\"search\" id=\"q\" aria-label=\"Search\" "
	    "autocomplete=\"off\" placeholder=\"Words that a row must hold; -word for one that it must not\"><label>"
	    "<input type=\"checkbox\" id=\"failed\" autocomplete=\"off\"> failed</label><label>"
	    "<input type=\"checkbox\" id=\"writes\" autocomplete=\"off\"> changes</label>"
	    "<output id=\"shown\" aria-live=\"polite\"></output></div>\n");
	lf_buf_printf(out, "<table id=\"events\" class=\"events%s\">\n<thead><tr>", usual ? "" : " asked");
	for (size_t i = 0; i < (usual ? sizeof(heads) / sizeof(heads[0]) : n); i++)
		lf_buf_printf(out, "<th scope=\"col\">%s</th>", usual ? heads[i] : lf_column_names[c[i]]);
	lf_buf_puts(out, "</tr></thead>\n<tbody>\n");
}

static void
html_head(const struct lf_timeline *t, const struct lf_write_opts *o, const struct lf_timeline_stats *stats,
    struct lf_buf *out)
{
	const struct lf_stats_totals *n = lf_timeline_stats_totals(stats);

	(void)o;
	lf_html_begin(out, title, lf_timeline_sheet, lf_timeline_script);
	lead(n, out);
	tiles(n, out);
	lf_charts_hours(stats, 2, out);
	lf_charts_proof(stats, 2, out);
	lf_charts_tops(stats, 2, out);
	table_start(t, n->rows, out);
}

/* ---- Below them ---- */

/* A count with what it counts; nothing for 0. */
static void
fact(struct lf_buf *out, uint64_t n, const char *what, const char *tone)
{
	if (n == 0)
		return;
	lf_buf_printf(out, "<dd class=\"%s\">", tone);
	lf_html_number(out, n);
	lf_buf_printf(out, " %s</dd>\n", what);
}

/* What made the page. */
static void
footer(const struct lf_write_opts *o, struct lf_buf *out)
{
	struct lf_buf word;

	lf_buf_init(&word);
	lf_buf_puts(out, "<footer>Written by trail-timeline " LF_VERSION);
	if (!o->reproducible && o->n_arguments > 0) {
		lf_buf_puts(out, ": <code>trail-timeline");
		for (size_t i = 0; i < o->n_arguments; i++) {
			lf_buf_reset(&word);
			lf_text_shell(&word, o->arguments[i], strlen(o->arguments[i]));
			lf_buf_putc(out, ' ');
			lf_html_text(out, lf_buf_str(&word), word.failed ? 0 : word.len);
		}
		lf_buf_puts(out, "</code>");
	}
	lf_buf_puts(out, ". This page loads nothing and sends nothing.</footer>\n");
	out->failed |= word.failed;
	lf_buf_free(&word);
}

static void
html_tail(const struct lf_timeline *t, const struct lf_write_opts *o, const struct lf_timeline_stats *stats,
    const struct lf_timeline_summary *s, struct lf_buf *out)
{
	(void)t;
	(void)stats;
	lf_buf_puts(out, "</tbody>\n</table>\n");
	if (s->events == 0)
		lf_buf_puts(out, "<p class=\"soft\">No event is shown: none was found, or none was asked for.</p>\n");
	lf_buf_puts(out, "<h2 id=\"read\">What was read, and what was not</h2>\n<dl class=\"card read\"><dt>Events</dt>\n");
	lf_buf_puts(out, "<dd>");
	lf_html_number(out, s->events);
	lf_buf_puts(out, " shown</dd>\n");
	fact(out, s->duplicates, s->duplicates == 1 ? "duplicate" : "duplicates", "");
	fact(out, s->conflicts,
	    s->conflicts == 1 ? "conflict: versions of one event that differ"
	    : "conflicts: versions of one event that differ",
	    "bad");
	fact(out, s->filtered, "filtered out", "");
	fact(out, s->no_time, "without a time (listed last)", "warn");
	fact(out, s->no_id, "without an eventID", "warn");
	fact(out, s->no_identity, "without a userIdentity", "");
	if (s->integrity[LF_INTEGRITY_UNPROVEN] > 0) {
		fact(out, s->integrity[LF_INTEGRITY_UNPROVEN], "unproven", "warn");
		lf_buf_printf(out, "<dd>To prove them: %s.</dd>\n", lf_say_unproven());
	}
	lf_buf_puts(out, "<dt>Objects</dt>\n");
	lf_buf_puts(out, "<dd>");
	lf_html_number(out, s->objects);
	lf_buf_puts(out, s->objects == 1 ? " object with events</dd>\n" : " objects with events</dd>\n");
	fact(out, s->dated, s->dated == 1 ? "left out by its date" : "left out by their date", "");
	fact(out, s->skipped, s->skipped == 1 ? "object not read in full: standard error of the run names it, with -v" :
	    "objects not read in full: standard error of the run names them, with -v", "warn");
	lf_buf_puts(out, "</dl>\n");
	footer(o, out);
	lf_html_end(out, lf_timeline_script);
}

const struct lf_timeline_form lf_timeline_html = {
    .name = "html",
    .stats = true,
    .max_rows = ROWS_MAX,
    .block = "</tbody>\n<tbody>\n",
    .head = html_head,
    .row = html_row,
    .tail = html_tail};
