/* What happened, and how copies differ. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/html.h"
#include "report/report_page.h"
#include "report/report_value.h"
#include "report/timeline_charts.h"
#include "report/words.h"

#define DIFFERENCES 20 /* shown of one kind */
#define FIELDS      20
#define FIGURES     20
#define GROUPS      60 /* kinds of findings of one document */
#define OF_A_KIND   20

/* ---- Events ---- */

static void
counted(struct lf_page *p, const struct lf_report_input *in)
{
	const struct lf_stats_totals *t = lf_timeline_stats_totals(in->stats);
	char time[LF_UTC_LEN];

	lf_page_rows(p);
	lf_page_row_number(p, "Events", t->rows);
	lf_page_row(p, "First", t->first == LF_TIME_NONE ? NULL : lf_utc_format(t->first, time));
	lf_page_row(p, "Last", t->last == LF_TIME_NONE ? NULL : lf_utc_format(t->last, time));
	lf_page_row_number(p, "Failed calls", t->failed);
	lf_page_row_number(p, "Further copies (duplicates)", t->copies);
	lf_page_row_number(p, "Versions in conflict: one event ID, different content", t->conflicts);
	lf_page_row_number(p, "Without an event ID", t->no_id);
	lf_page_row_number(p, "Without a time", t->no_time);
	lf_page_row_number(p, "Lines that have not all columns", in->partial);
	lf_page_row_number(p, "Marks of coverage that ends or begins", in->marks);
	lf_page_rows_end(p);
	if (t->integrity[LF_INTEGRITY_UNKNOWN] > 0)
		lf_page_say(p,
		    "Nothing says what proves these events: trail-timeline was run without public keys, or without that column.");
}

void
lf_page_events(struct lf_page *p)
{
	const struct lf_report_input *in = lf_page_next(p, LF_OF_TIMELINE, NULL);

	if (in == NULL)
		lf_page_say(p, "Not examined: no timeline was given (trail-timeline -f jsonl).");
	for (; in != NULL; in = lf_page_next(p, LF_OF_TIMELINE, in)) {
		lf_page_of(p, in);
		counted(p, in);
		lf_charts_proof(in->stats, 3, &p->out);
		lf_charts_hours(in->stats, 3, &p->out);
		lf_charts_tops(in->stats, 3, &p->out);
	}
}

/* ---- Differences ---- */

static void
side_row(struct lf_page *p, const struct lf_report_input *in, const char *label, const char *side)
{
	const json_t *counts = json_object_get(json_object_get(in->doc, "summary"), side), *o;
	size_t at;

	lf_buf_printf(&p->out, "<tr><td><b>%s</b></td><td><code>", label);
	json_array_foreach(json_object_get(in->doc, side), at, o) {
		if (at == FIELDS)
			break;
		lf_buf_puts(&p->out, at > 0 ? " " : "");
		lf_html_cut(&p->out, json_string_value(o) != NULL ? json_string_value(o) : "", LF_PAGE_TEXT);
	}
	lf_buf_puts(&p->out, "</code></td>");
	lf_page_cell_number(p, lf_value_count(counts, "events"));
	lf_page_cell_number(p, lf_value_count(counts, "objects"));
	lf_page_cell(p, lf_value_text(counts, "first", ""));
	lf_page_cell(p, lf_value_text(counts, "last", ""));
	lf_buf_puts(&p->out, "</tr>\n");
}

static void
kind_row(struct lf_page *p, const json_t *summary, const char *kind)
{
	const json_t *o = json_object_get(summary, kind);

	if (!json_is_object(o))
		return;
	lf_buf_printf(&p->out, "<tr><td>%s</td>", kind);
	lf_page_cell_number(p, lf_value_count(o, "same"));
	lf_page_cell_number(p, lf_value_count(o, "changed"));
	lf_page_cell_number(p, lf_value_count(o, "only_in_a"));
	lf_page_cell_number(p, lf_value_count(o, "only_in_b"));
	lf_page_cell_number(p, lf_value_count(json_object_get(o, "outside_common_window"), "a") +
	    lf_value_count(json_object_get(o, "outside_common_window"), "b"));
	lf_buf_puts(&p->out, "</tr>\n");
}

/* A JSON value as text. */
static void
value_cell(struct lf_page *p, const json_t *v)
{
	char *text = v == NULL ? NULL : json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);

	p->out.failed |= v != NULL && text == NULL;
	lf_page_cell_code(p, text != NULL ? text : "absent");
	free(text);
}

static void
changed_event(struct lf_page *p, const json_t *e)
{
	const json_t *fields = json_object_get(e, "fields"), *o;
	size_t at;

	lf_buf_puts(&p->out, "<article class=\"card told\"><h3>");
	lf_html_cut(&p->out, lf_value_text(e, "event_name", "event"), LF_PAGE_TEXT);
	lf_buf_puts(&p->out, " <small class=\"soft\">");
	lf_html_cut(&p->out, lf_value_text(e, "event_time", ""), LF_PAGE_TEXT);
	lf_buf_puts(&p->out, ", event ");
	lf_html_cut(&p->out, lf_value_text(e, "event_id", "without an id"), LF_PAGE_TEXT);
	lf_buf_puts(&p->out, "</small></h3>\n");
	lf_page_table(p, "Member|A|B");
	json_array_foreach(fields, at, o) {
		if (at == FIELDS)
			break;
		lf_buf_puts(&p->out, "<tr>");
		lf_page_cell_code(p, lf_value_text(o, "path", ""));
		value_cell(p, json_object_get(o, "a"));
		value_cell(p, json_object_get(o, "b"));
		lf_buf_puts(&p->out, "</tr>\n");
	}
	lf_page_table_end(p, json_array_size(fields) > FIELDS ? json_array_size(fields) - FIELDS : 0, "the result");
	lf_buf_puts(&p->out, "</article>\n");
}

static void
changed_events(struct lf_page *p, const struct lf_report_input *in)
{
	const json_t *list = json_object_get(in->doc, "changed"), *o;
	size_t at, n = json_array_size(list);

	if (n > 0)
		lf_buf_puts(&p->out, "<h3>Events that changed</h3>\n");
	json_array_foreach(list, at, o) {
		if (at == DIFFERENCES)
			break;
		changed_event(p, o);
	}
	if (n > DIFFERENCES) {
		lf_buf_printf(&p->out, "<p class=\"note\">... and %zu more: ", n - DIFFERENCES);
		lf_html_cut(&p->out, in->name, LF_PAGE_TEXT);
		lf_buf_puts(&p->out, " holds all, and so does the JSON twin of this report.</p>\n");
	}
}

static void
events_on_one_side(struct lf_page *p, const struct lf_report_input *in, const char *member, const char *heading)
{
	const json_t *list = json_object_get(in->doc, member), *o;
	size_t at, n = json_array_size(list);

	if (n == 0)
		return;
	lf_buf_printf(&p->out, "<h3>%s</h3>\n", heading);
	lf_page_table(p, "When|What|Who|Event, and where it lies");
	json_array_foreach(list, at, o) {
		if (at == DIFFERENCES)
			break;
		lf_buf_puts(&p->out, "<tr>");
		lf_page_cell_time(p, lf_value_text(o, "event_time", ""));
		lf_page_cell(p, lf_value_text(o, "event_name", ""));
		lf_page_cell(p, lf_value_text(o, "principal", ""));
		lf_buf_puts(&p->out, "<td><code>");
		lf_html_cut(&p->out, lf_value_text(o, "event_id", ""), LF_PAGE_TEXT);
		lf_buf_puts(&p->out, "</code><small><code>");
		lf_html_cut(&p->out, lf_value_text(o, "locator", ""), LF_PAGE_TEXT);
		lf_buf_puts(&p->out, "</code></small></td></tr>\n");
	}
	lf_page_table_end(p, n > DIFFERENCES ? n - DIFFERENCES : 0, in->name);
}

/* A hash below, where there is one. */
static void
sum(struct lf_page *p, const char *label, const char *hex)
{
	if (hex == NULL)
		return;
	lf_buf_printf(&p->out, "<small>%s <code>", label);
	lf_html_cut(&p->out, hex, LF_PAGE_TEXT);
	lf_buf_puts(&p->out, "</code></small>");
}

static void
objects_apart(struct lf_page *p, const struct lf_report_input *in, const char *member, const char *heading)
{
	const json_t *list = json_object_get(json_object_get(in->doc, "objects"), member), *o;
	size_t at, n = json_array_size(list);

	if (n == 0)
		return;
	lf_buf_printf(&p->out, "<h3>%s</h3>\n", heading);
	lf_page_table(p, "S3 key");
	json_array_foreach(list, at, o) {
		if (at == DIFFERENCES)
			break;
		lf_buf_puts(&p->out, "<tr><td><code>");
		lf_html_cut(&p->out, lf_value_text(o, "key", ""), LF_PAGE_TEXT);
		lf_buf_puts(&p->out, "</code>");
		sum(p, "SHA-256", lf_json_string(o, "sha256"));
		sum(p, "A: SHA-256", lf_json_string(json_object_get(o, "a"), "sha256"));
		sum(p, "B: SHA-256", lf_json_string(json_object_get(o, "b"), "sha256"));
		lf_buf_puts(&p->out, "</td></tr>\n");
	}
	lf_page_table_end(p, n > DIFFERENCES ? n - DIFFERENCES : 0, in->name);
}

void
lf_page_differences(struct lf_page *p)
{
	const struct lf_report_input *in = lf_page_next(p, LF_OF_DIFF, NULL);

	if (in == NULL)
		lf_page_say(p, "Not examined: no result of trail-diff was given.");
	for (; in != NULL; in = lf_page_next(p, LF_OF_DIFF, in)) {
		const json_t *summary = json_object_get(in->doc, "summary");

		lf_page_of(p, in);
		lf_page_table(p, "Side|Evidence|#Events|#Objects|First event|Last event");
		side_row(p, in, "A", "a");
		side_row(p, in, "B", "b");
		lf_page_table_end(p, 0, "");
		lf_page_table(p, "What|#Same|#Changed|#Only in A|#Only in B|#Outside the common window");
		kind_row(p, summary, "events");
		kind_row(p, summary, "objects");
		lf_page_table_end(p, 0, "");
		changed_events(p, in);
		events_on_one_side(p, in, "only_in_a", "Events only in A");
		events_on_one_side(p, in, "only_in_b", "Events only in B");
		objects_apart(p, in, "changed", "Objects that changed");
		objects_apart(p, in, "only_in_a", "Objects only in A");
		objects_apart(p, in, "only_in_b", "Objects only in B");
	}
}

/* ---- The check of a ledger ---- */

/* The counts of an object of the summary in one row, each with its name. */
static void
count_row(struct lf_page *p, const char *label, const json_t *counts)
{
	json_t *v, *borrowed = (json_t *)(uintptr_t)counts;
	const char *name, *between = "";
	unsigned left = FIGURES;
	struct lf_buf text;

	if (!json_is_object(counts))
		return;
	lf_buf_init(&text);
	json_object_foreach(borrowed, name, v) {
		if (!json_is_integer(v) || left-- == 0)
			continue;
		lf_buf_printf(&text, "%s%.80s %llu", between, name, (unsigned long long)lf_value_count(counts, name));
		between = ", ";
	}
	lf_page_row(p, label, lf_buf_str(&text));
	p->out.failed |= text.failed;
	lf_buf_free(&text);
}

static void
figures(struct lf_page *p, const json_t *summary)
{
	lf_page_row_number(p, "Entries of the ledger", lf_value_count(summary, "entries"));
	lf_page_row_number(p, "Vouched for from outside, up to entry", lf_value_count(summary, "anchored"));
	count_row(p, "Signatures of entries", json_object_get(summary, "signatures"));
	count_row(p, "Time stamps of entries", json_object_get(summary, "timestamps"));
	count_row(p, "Objects, against the manifest of an entry", json_object_get(summary, "evidence"));
}

static void
finding_row(struct lf_page *p, const json_t *o)
{
	lf_buf_puts(&p->out, "<tr>");
	lf_page_cell(p, lf_value_text(o, "severity", ""));
	lf_page_cell(p, lf_value_text(o, "id", ""));
	lf_page_cell_code(p, lf_value_text(o, "object", lf_value_text(o, "locator", "")));
	lf_page_cell(p, lf_value_text(o, "message", ""));
	lf_buf_puts(&p->out, "</tr>\n");
}

void
lf_page_findings(struct lf_page *p, const struct lf_report_input *in)
{
	const json_t *list = json_object_get(in->doc, "findings"), *o;
	const char *ids[GROUPS], *id;
	unsigned shown[GROUPS], n = 0, k;
	uint64_t left = 0;
	size_t at;

	if (json_array_size(list) == 0)
		return;
	lf_buf_puts(&p->out, "<h3>Findings</h3>\n");
	lf_page_table(p, "Severity|Finding|Object|What was found");
	json_array_foreach(list, at, o) {
		id = lf_value_text(o, "id", "");
		for (k = 0; k < n && strcmp(ids[k], id) != 0; k++)
			;
		if (k == n && n < GROUPS) {
			ids[n] = id;
			shown[n++] = 0;
		}
		if (k < n && shown[k]++ < OF_A_KIND)
			finding_row(p, o);
		else
			left++;
	}
	lf_page_table_end(p, left, in->name);
}

static void
any_result(struct lf_page *p, const struct lf_report_input *in)
{
	lf_page_of(p, in);
	lf_page_rows(p);
	lf_page_row(p, "Verdict", lf_verdict_name(in->verdict));
	figures(p, json_object_get(in->doc, "summary"));
	lf_page_rows_end(p);
	lf_page_findings(p, in);
}

void
lf_page_checked(struct lf_page *p)
{
	const struct lf_report_input *in = lf_page_next(p, LF_OF_SEAL, NULL);

	for (; in != NULL; in = lf_page_next(p, LF_OF_SEAL, in)) {
		lf_buf_puts(&p->out, "<h3>Checked by trail-seal</h3>\n");
		any_result(p, in);
	}
}
