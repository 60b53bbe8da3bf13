/* What was recovered: a result of trail-carve on the page of a report. */
#include <string.h>

#include "report/html.h"
#include "report/report_page.h"
#include "report/report_value.h"
#include "report/words.h"

#define LISTED_MAX 40 /* logs shown that digests list and nobody found */
#define WIDTH      1000

/* The states of a find, from best to worst, and what each says. */
static const struct {
	const char *name, *class, *text;
} states[] = {
    {"authentic", "ok", "its SHA-256 stands in a digest whose signature holds, or it is such a digest"},
    {"listed", "un", "its SHA-256 stands in a digest that nothing proves"},
    {"whole", "logs", "complete by its own check sum, and no digest lists it"},
    {"joined", "logs", "complete, from two runs of bytes"},
    {"prefix", "hole", "complete records up to a cut"},
    {"resync", "hole", "bytes behind damage, proved in place"},
    {"record", "logs", "a complete record outside any container"},
    {"fragment", "hole", "an incomplete record"},
};
#define STATES (sizeof(states) / sizeof(states[0]))

static const char *const kinds[] = {"log", "digest", "envelope", "record"};

/* Finds in a state. */
static uint64_t
finds(const json_t *state)
{
	uint64_t n = 0;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		n += lf_value_count(state, kinds[i]);
	return n;
}

/* All finds as one bar, a part for each state. */
static void
bar(struct lf_page *p, const json_t *all)
{
	uint64_t n[STATES], total = 0, at = 0;

	for (size_t i = 0; i < STATES; i++)
		total += n[i] = finds(json_object_get(all, states[i].name));
	if (total == 0)
		return;
	lf_buf_puts(&p->out,
	    "<div class=\"card\"><div class=\"row\"><span>finds by state</span>"
	    "<svg role=\"img\" aria-label=\"Finds by state; the table below has the numbers\" viewBox=\"0 0 1000 100\" "
	    "preserveAspectRatio=\"none\">");
	for (size_t i = 0; i < STATES; i++) {
		uint64_t from = (uint64_t)((unsigned __int128)at * WIDTH / total),
		    to = (uint64_t)((unsigned __int128)(at + n[i]) * WIDTH / total);

		at += n[i];
		if (n[i] > 0)
			lf_buf_printf(&p->out,
			    "<rect class=\"%s\" x=\"%llu\" width=\"%llu\" height=\"100\"><title>%s: %llu</title></rect>",
			    states[i].class, (unsigned long long)from, (unsigned long long)(to > from ? to - from : 1),
			    states[i].name, (unsigned long long)n[i]);
	}
	lf_buf_puts(&p->out, "</svg></div></div>\n");
}

static void
state_table(struct lf_page *p, const json_t *all)
{
	lf_page_table(p, "State|#Logs|#Digests|#Wrapped|#Records|#Bytes|What it says");
	for (size_t i = 0; i < STATES; i++) {
		const json_t *state = json_object_get(all, states[i].name);

		if (finds(state) == 0 && i > 0)
			continue;
		lf_buf_printf(&p->out, "<tr><td>%s</td>", states[i].name);
		for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
			lf_page_cell_number(p, lf_value_count(state, kinds[k]));
		lf_page_cell_number(p, lf_value_count(state, "bytes"));
		lf_buf_printf(&p->out, "<td class=\"long\">%s</td></tr>\n", states[i].text);
	}
	lf_page_table_end(p, 0, "");
}

static void
counted(struct lf_page *p, const struct lf_report_input *in)
{
	const json_t *summary = json_object_get(in->doc, "summary"), *listed = json_object_get(summary, "listed");

	lf_page_rows(p);
	lf_page_row(p, "Verdict", lf_verdict_name(in->verdict));
	lf_page_row_number(p, "Places where something was found", lf_value_count(summary, "locations"));
	lf_page_row_number(p, "Complete records, each once", lf_value_count(summary, "records"));
	lf_page_row_number(p, "Incomplete records", lf_value_count(summary, "incomplete"));
	lf_page_row_number(p, "Records in conflict: one event ID, different content", lf_value_count(summary, "conflicts"));
	lf_page_row(p, "First event", lf_json_string(summary, "first"));
	lf_page_row(p, "Last event", lf_json_string(summary, "last"));
	lf_page_row_number(p, "Logs that digests list: there already", lf_value_count(listed, "given"));
	lf_page_row_number(p, "Logs that digests list: recovered whole", lf_value_count(listed, "found"));
	lf_page_row_number(p, "Logs that digests list: perhaps in part", lf_value_count(listed, "partial"));
	lf_page_row_number(p, "Logs that digests list: not found", lf_value_count(listed, "missing"));
	lf_page_rows_end(p);
}

static void
images(struct lf_page *p, const struct lf_report_input *in)
{
	const json_t *list = json_object_get(in->doc, "images"), *o;
	size_t at;

	lf_page_table(p, "Image|#Size|#Scanned|#Unreadable areas|SHA-256");
	json_array_foreach(list, at, o) {
		if (at == LF_PAGE_ROWS)
			break;
		lf_buf_puts(&p->out, "<tr>");
		lf_page_cell_code(p, lf_value_text(o, "image", ""));
		lf_page_cell_number(p, lf_value_count(o, "size"));
		lf_page_cell_number(p, lf_value_count(o, "scanned"));
		lf_page_cell_number(p, json_array_size(json_object_get(o, "bad")));
		lf_page_cell_code(p, lf_value_text(o, "sha256", "not hashed"));
		lf_buf_puts(&p->out, "</tr>\n");
	}
	lf_page_table_end(p, json_array_size(list) > LF_PAGE_ROWS ? json_array_size(list) - LF_PAGE_ROWS : 0, in->name);
}

/* Logs that digests list and that neither the evidence nor the images hold whole. */
static void
lost(struct lf_page *p, const struct lf_report_input *in)
{
	const json_t *list = json_object_get(in->doc, "listed"), *o;
	uint64_t n = 0;
	size_t at;

	json_array_foreach(list, at, o) {
		const char *status = lf_value_text(o, "status", "");

		if (strcmp(status, "found") == 0 || strcmp(status, "given") == 0)
			continue;
		if (n++ == 0) {
			lf_buf_puts(&p->out, "<h3>Listed by digests, and not recovered whole</h3>\n");
			lf_page_table(p, "Log, and the SHA-256 that any copy must have|Status");
		}
		if (n > LISTED_MAX)
			continue;
		lf_buf_puts(&p->out, "<tr><td><code>");
		lf_html_cut(&p->out, lf_value_text(o, "key", ""), LF_PAGE_TEXT);
		lf_buf_puts(&p->out, "</code><small><code>");
		lf_html_cut(&p->out, lf_value_text(o, "sha256", ""), LF_PAGE_TEXT);
		lf_buf_puts(&p->out, "</code></small></td>");
		lf_page_cell(p, status);
		lf_buf_puts(&p->out, "</tr>\n");
	}
	if (n > 0)
		lf_page_table_end(p, n > LISTED_MAX ? n - LISTED_MAX : 0, in->name);
}

void
lf_page_recovered(struct lf_page *p)
{
	const struct lf_report_input *in = lf_page_next(p, LF_OF_CARVE, NULL);

	if (in == NULL)
		lf_page_say(p, "Not examined: no result of trail-carve was given.");
	for (; in != NULL; in = lf_page_next(p, LF_OF_CARVE, in)) {
		const json_t *all = json_object_get(json_object_get(in->doc, "summary"), "states");

		lf_page_of(p, in);
		images(p, in);
		bar(p, all);
		state_table(p, all);
		counted(p, in);
		lost(p, in);
		lf_page_findings(p, in);
	}
}
