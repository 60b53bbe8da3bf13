/* What stands first on the page of a report: what came of it, the case, tools, machines and times. */
#include <stdio.h>
#include <string.h>

#include "report/html.h"
#include "report/report_page.h"
#include "report/report_value.h"
#include "report/words.h"

static const char *const tones[] = {"good", "bad", "warn"};

/* ---- What came of it ---- */

static void
verdict(struct lf_page *p)
{
	static const char *const meaning[] = {
	    "everything that was asked of the tools was proved or done, and nothing was found against the evidence.",
	    "the tools found something against the evidence, or time that is not covered. The sections below say what.",
	    "nothing was found against the evidence, but not all of it could be proved, read or reconciled.",
	};
	enum lf_verdict v = p->r->verdict;

	lf_buf_printf(&p->out, "<p class=\"verdict\"><b class=\"%s\">%s</b>: %s</p>\n", tones[v],
	    lf_verdict_name(v), meaning[v]);
}

static void
tiles(struct lf_page *p)
{
	struct lf_report_tally t;

	lf_report_tally(p->r, &t);
	lf_buf_puts(&p->out, "<div class=\"tiles\" id=\"figures\">\n");
	lf_html_tile(&p->out, t.results, t.results == 1 ? "result" : "results", "");
	lf_html_tile(&p->out, t.findings[LF_ALERT], "alerts", t.findings[LF_ALERT] > 0 ? "bad" : "");
	lf_html_tile(&p->out, t.findings[LF_WARNING], "warnings", t.findings[LF_WARNING] > 0 ? "warn" : "");
	lf_html_tile(&p->out, t.findings[LF_NOTICE], "notices", "");
	lf_html_tile(&p->out, t.gaps, "gaps in coverage", t.gaps > 0 ? "bad" : "");
	lf_html_tile(&p->out, t.unexplained, "of them unexplained", t.unexplained > 0 ? "bad" : "");
	lf_html_tile(&p->out, t.impairments, "times logging was touched, or tried to be", t.impairments > 0 ? "warn" : "");
	lf_html_tile(&p->out, t.events, "events in order", "");
	lf_html_tile(&p->out, t.differences, "differences between copies", t.differences > 0 ? "bad" : "");
	lf_html_tile(&p->out, t.recovered, "records recovered", "");
	lf_html_tile(&p->out, t.skipped, "times an object was not read in full", t.skipped > 0 ? "warn" : "");
	lf_buf_puts(&p->out, "</div>\n");
}

/* What each tool made of it, in a line. */
static void
verdicts(struct lf_page *p)
{
	static const char *const questions[LF_REPORT_TOOLS] = {"Does the chain of custody hold?",
	    "Is it genuine and complete?", "Where was logging blind?", "What happened, and what proves it?",
	    "How do two copies differ?", "What could be recovered?"};
	const struct lf_report_input *in;

	lf_page_table(p, "Question|Verdict|Tool|Result");
	for (int tool = 0; tool < LF_REPORT_TOOLS; tool++) {
		if ((in = lf_page_next(p, (enum lf_report_tool)tool, NULL)) == NULL) {
			if (tool != LF_OF_SEAL)
				lf_buf_printf(&p->out, "<tr><td>%s</td><td class=\"none\">not examined</td><td>%s</td><td class=\"none\">no result was given</td></tr>\n",
				    questions[tool], lf_report_tool_names[tool]);
			continue;
		}
		for (; in != NULL; in = lf_page_next(p, (enum lf_report_tool)tool, in)) {
			lf_buf_printf(&p->out, "<tr><td>%s</td><td class=\"%s\"><b>%s</b></td><td>%s</td>", questions[tool], tones[in->verdict],
			    lf_verdict_name(in->verdict), lf_report_tool_names[tool]);
			lf_page_cell(p, in->name);
			lf_buf_puts(&p->out, "</tr>\n");
		}
	}
	lf_page_table_end(p, 0, "");
}

static void
notes(struct lf_page *p)
{
	if (p->r->notes.n == 0)
		return;
	lf_buf_puts(&p->out, "<h2>What does not fit together</h2>\n<ul class=\"notes\" id=\"notes\">\n");
	for (uint32_t i = 0; i < p->r->notes.n && i < LF_PAGE_ROWS; i++) {
		const struct lf_report_note *x = lf_report_note_at(p->r, i);

		lf_buf_printf(&p->out, "<li%s><b>%s</b> ", x->severity == LF_NOTICE ? " class=\"soft\"" : "", x->id);
		lf_html_cut(&p->out, x->text, LF_PAGE_TEXT);
		lf_buf_puts(&p->out, "</li>\n");
	}
	lf_buf_puts(&p->out, "</ul>\n");
	if (p->r->notes.n > LF_PAGE_ROWS)
		lf_buf_printf(&p->out,
		    "<p class=\"note\">... and %u more: the JSON twin of this report holds all.</p>\n",
		    p->r->notes.n - LF_PAGE_ROWS);
}

void
lf_page_front(struct lf_page *p)
{
	verdict(p);
	tiles(p);
	notes(p);
	verdicts(p);
}

/* ---- Case, tools, machines, times ---- */

void
lf_page_case(struct lf_page *p)
{
	const struct lf_report *r = p->r;

	lf_page_rows(p);
	lf_page_row(p, "Case", lf_report_said(r, r->case_id, "case"));
	lf_page_row(p, "Exhibit", lf_report_said(r, r->exhibit, "exhibit"));
	lf_page_row(p, "Examiner", lf_report_said(r, r->examiner, "examiner"));
	lf_page_row(p, "Organization", lf_report_said(r, r->organization, "organization"));
	lf_page_row(p, "Purpose",
	    r->purpose != NULL ? r->purpose : "integrity, completeness and content of AWS CloudTrail logs");
	lf_page_rows_end(p);
}

/* What the programs are that this report was written beside. */
static void
programs(struct lf_page *p)
{
	if (p->o->reproducible || p->r->n_programs == 0)
		return;
	lf_page_table(p, "Program beside the one that wrote this report|SHA-256");
	for (uint32_t i = 0; i < p->r->n_programs; i++)
		lf_buf_printf(&p->out, "<tr><td>%s</td><td><code>%s</code></td></tr>\n", p->r->programs[i].name,
		    p->r->programs[i].sha256);
	lf_page_table_end(p, 0, "");
}

static void
run(struct lf_page *p, const struct lf_report_input *in)
{
	const char *tool = lf_report_tool_names[in->tool];

	lf_buf_printf(&p->out, "<tr><td><b>%s</b> ", tool);
	lf_html_cut(&p->out, lf_value_text(in->doc, "version", ""), LF_PAGE_TEXT);
	lf_buf_puts(&p->out, "</td><td>");
	if (json_object_get(in->doc, "arguments") != NULL)
		lf_page_command(p, tool, json_object_get(in->doc, "arguments"));
	else
		lf_buf_puts(&p->out, "<span class=\"none\">not recorded</span>");
	lf_buf_puts(&p->out, "</td>");
	lf_page_cell(p, lf_value_text(in->doc, "sandbox", "not recorded"));
	/* Of a timeline only the rows are known. */
	if (in->tool == LF_OF_TIMELINE)
		lf_buf_puts(&p->out, "<td class=\"none\">not recorded</td></tr>\n");
	else
		lf_buf_printf(&p->out, "<td class=\"n\">%d</td></tr>\n", lf_verdict_exit(in->verdict));
}

static void
machine(struct lf_page *p, const char *what, const json_t *host)
{
	char text[160];

	lf_buf_puts(&p->out, "<tr>");
	lf_page_cell(p, what);
	lf_page_cell(p, lf_value_text(host, "name", ""));
	snprintf(text, sizeof(text), "%.150s", lf_value_text(host, "distribution", ""));
	lf_page_cell(p, text);
	lf_page_cell(p, lf_value_text(host, "kernel", ""));
	lf_page_cell(p, lf_value_text(host, "machine", ""));
	lf_buf_puts(&p->out, "</tr>\n");
}

static void
machines(struct lf_page *p)
{
	const struct lf_report_ledger *l = p->r->ledger;
	uint32_t n = l != NULL ? l->entries.n : 0;
	char what[48];

	if (n == 0 && p->o->reproducible) {
		lf_page_say(p, "No machine is recorded: there is no ledger, and this page was made to be the same on every machine.");
		return;
	}
	lf_page_table(p, "What was done|Host|System|Kernel|Machine");
	for (uint32_t i = 0; i < n && i < LF_PAGE_ROWS; i++) {
		snprintf(what, sizeof(what), "entry %u of the ledger", i + 1);
		machine(p, what, json_object_get(lf_report_entry_at(l, i)->doc, "host"));
	}
	if (!p->o->reproducible) {
		lf_buf_puts(&p->out, "<tr><td>this report</td>");
		lf_page_cell(p, p->r->machine.nodename);
		lf_buf_puts(&p->out, "<td></td>");
		lf_page_cell(p, p->r->machine.release);
		lf_page_cell(p, p->r->machine.machine);
		lf_buf_puts(&p->out, "</tr>\n");
	}
	lf_page_table_end(p, n > LF_PAGE_ROWS ? n - LF_PAGE_ROWS : 0, "the ledger");
}

void
lf_page_tools(struct lf_page *p)
{
	lf_page_table(p, "Tool|Command line|Confined by|#Exit status");
	for (uint32_t i = 0; i < p->r->n_inputs; i++)
		if (!p->r->inputs[i].again)
			run(p, &p->r->inputs[i]);
	lf_page_table_end(p, 0, "");
	lf_page_say(p,
	    "Exit status: 0 all proved or done, 1 findings, 3 inconclusive. The tools read no environment variable that "
	    "changes what they find.");
	programs(p);
	machines(p);
}

static void
clock_row(struct lf_page *p, uint32_t i, const json_t *entry)
{
	const json_t *clock = json_object_get(entry, "clock");
	char text[64];

	snprintf(text, sizeof(text), "entry %u of the ledger", i + 1);
	lf_buf_puts(&p->out, "<tr>");
	lf_page_cell(p, text);
	lf_page_cell_time(p, lf_value_text(entry, "started", "not recorded"));
	lf_page_cell_time(p, lf_value_text(entry, "finished", "not recorded"));
	if (!json_is_object(clock)) {
		lf_buf_puts(&p->out, "<td class=\"none\">not recorded</td></tr>\n");
		return;
	}
	lf_buf_puts(&p->out, "<td>");
	lf_html_cut(&p->out, lf_value_text(clock, "source", "unknown source"), LF_PAGE_TEXT);
	lf_buf_puts(&p->out, lf_value_true(clock, "synchronized") ? ", synchronized" : ", not known to be synchronized");
	if (json_is_integer(json_object_get(clock, "max_error_us")))
		lf_buf_printf(&p->out, ", error at most %llu us", (unsigned long long)lf_value_count(clock, "max_error_us"));
	lf_buf_printf(&p->out, ", local time %+lld s from UTC</td></tr>\n",
	    (long long)json_integer_value(json_object_get(clock, "utc_offset")));
}

void
lf_page_times(struct lf_page *p)
{
	const struct lf_report_ledger *l = p->r->ledger;

	lf_page_table(p, "What was done|Started (UTC)|Finished (UTC)|Clock");
	for (uint32_t i = 0; i < p->r->n_inputs; i++) {
		const struct lf_report_input *in = &p->r->inputs[i];

		if (in->again)
			continue;
		lf_buf_puts(&p->out, "<tr><td>");
		lf_buf_puts(&p->out, lf_report_tool_names[in->tool]);
		lf_buf_puts(&p->out, "<small>");
		lf_html_cut(&p->out, in->name, LF_PAGE_TEXT);
		lf_buf_puts(&p->out, "</small></td>");
		lf_page_cell_time(p, lf_value_text(in->doc, "started", "not recorded"));
		lf_page_cell_time(p, lf_value_text(in->doc, "finished", "not recorded"));
		lf_buf_puts(&p->out, "<td class=\"none\">not recorded</td></tr>\n");
	}
	for (uint32_t i = 0; l != NULL && i < l->entries.n && i < LF_PAGE_ROWS; i++)
		clock_row(p, i, lf_report_entry_at(l, i)->doc);
	lf_page_table_end(p, l != NULL && l->entries.n > LF_PAGE_ROWS ? l->entries.n - LF_PAGE_ROWS : 0, "the ledger");
	lf_page_say(p,
	    "All times of this report are UTC. Times of events and of digests are AWS's; times of runs are of the clocks of "
	    "the machines above.");
}
