/* What was not read, what is not proved, and the chain of custody. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "report/html.h"
#include "report/report_page.h"
#include "report/report_value.h"

#define LIMITS_MAX 60

/* ---- What was not read, and what is not proved ---- */

static uint64_t
skipped_of(struct lf_page *p, const struct lf_report_input *in, uint64_t shown)
{
	const json_t *o;
	size_t at;

	json_array_foreach(json_object_get(in->doc, "skipped"), at, o) {
		if (shown++ >= LF_PAGE_ROWS)
			continue;
		lf_buf_puts(&p->out, "<tr>");
		lf_page_cell(p, lf_report_tool_names[in->tool]);
		lf_page_cell_code(p, lf_value_text(o, "locator", ""));
		lf_page_cell(p, lf_value_text(o, "reason", ""));
		lf_buf_puts(&p->out, "</tr>\n");
	}
	return shown;
}

void
lf_page_skipped(struct lf_page *p)
{
	struct lf_report_tally t;
	uint64_t n = 0;

	lf_report_tally(p->r, &t);
	if (t.skipped == 0) {
		lf_page_say(p,
		    "Nothing: every object that a tool met was read to its end, or left aside as no object of CloudTrail's and "
		    "counted.");
		return;
	}
	lf_page_table(p, "Tool|Object|Why");
	for (uint32_t i = 0; i < p->r->n_inputs; i++)
		if (!p->r->inputs[i].again)
			n = skipped_of(p, &p->r->inputs[i], n);
	lf_page_table_end(p, n > LF_PAGE_ROWS ? n - LF_PAGE_ROWS : 0, "each result");
}

/* Whether a sentence stands in the list already; else it is added, where there is room. */
static bool
said_before(const char **list, size_t *n, const char *s)
{
	for (size_t i = 0; i < *n; i++)
		if (strcmp(list[i], s) == 0)
			return true;
	if (*n == LIMITS_MAX)
		return true;
	list[(*n)++] = s;
	return false;
}

void
lf_page_limits(struct lf_page *p)
{
	static const char *const own[] = {
	    "This report repeats what the results say. It read no evidence: the SHA-256 of each result stands below, and ties "
	    "the two together.",
	    "A result that was edited as a whole, with all that depends on it, cannot be told from a genuine one: run the "
	    "tool again, or have results sealed, too.",
	};
	const char *list[LIMITS_MAX], *s;
	size_t n = 0, at;
	const json_t *o;

	lf_buf_puts(&p->out, "<p>What the results do not prove:</p>\n<ul class=\"limits\">\n");
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		lf_buf_printf(&p->out, "<li>%s</li>\n", own[i]);
	for (uint32_t i = 0; i < p->r->n_inputs; i++) {
		json_array_foreach(json_object_get(p->r->inputs[i].doc, "limits"), at, o) {
			if ((s = json_string_value(o)) == NULL || said_before(list, &n, s))
				continue;
			lf_buf_puts(&p->out, "<li>");
			lf_html_cut(&p->out, s, LF_PAGE_TEXT);
			lf_buf_puts(&p->out, "</li>\n");
		}
	}
	lf_buf_puts(&p->out, "</ul>\n");
}

/* ---- Reading only ---- */

void
lf_page_reading(struct lf_page *p)
{
	const struct lf_report_ledger *l = p->r->ledger;
	uint32_t twice = 0;

	lf_buf_puts(&p->out,
	    "<p>The tools open evidence for reading only, write nothing into a folder that is given as evidence, and give up "
	    "the right to do so before they read the first byte, where the kernel lets them: the state of each run stands "
	    "with the tools above.</p>\n");
	for (uint32_t i = 0; l != NULL && i < l->entries.n; i++)
		twice += lf_value_true(json_object_get(lf_report_entry_at(l, i)->doc, "evidence"), "hashed_twice");
	if (l == NULL)
		lf_page_say(p,
		    "Whether the evidence is the same after the examination as before it was not checked: no ledger was given.");
	else
		lf_buf_printf(&p->out, "<p>Entries of the ledger: %u; of them record that all objects were hashed twice and were the same both times: %u. "
		    "Objects of one path that differ between manifests that follow one another: %llu.</p>\n", l->entries.n, twice, (unsigned long long)l->changed);
}

/* ---- Manifests, signatures, time stamps ---- */

static void
seal_row(struct lf_page *p, uint32_t i, const struct lf_report_entry *e)
{
	static const char *const states[] = {"not there", "NOT what the entry says", "is what the entry says"};
	static const char *const tones[] = {"warn", "bad", "good"};
	static const char not_looked_at[] = "not looked at: the entry is not in its place";
	const json_t *manifest = json_object_get(e->doc, "manifest"), *signer = json_object_get(e->doc, "signer");

	lf_buf_printf(&p->out, "<tr><td>%u</td><td><code>", i + 1);
	lf_html_cut(&p->out, lf_value_text(manifest, "file", ""), LF_PAGE_TEXT);
	lf_buf_puts(&p->out, "</code><small>SHA-256 <code>");
	lf_html_cut(&p->out, lf_value_text(manifest, "sha256", ""), LF_PAGE_TEXT);
	lf_buf_printf(&p->out, "</code></small><small class=\"%s\">%s</small></td><td>", tones[e->manifest],
	    e->own ? states[e->manifest] : not_looked_at);
	if (json_is_object(signer)) {
		lf_html_cut(&p->out, lf_value_text(signer, "subject", ""), LF_PAGE_TEXT);
		lf_buf_puts(&p->out, "<small>certificate SHA-256 <code>");
		lf_html_cut(&p->out, lf_value_text(signer, "certificate_sha256", ""), LF_PAGE_TEXT);
		lf_buf_printf(&p->out, "</code></small><small class=\"%s\">%s</small>", e->signature ? "" : "bad",
		    !e->own ? not_looked_at : e->signature ? "signature file is there" : "signature file is not there");
	} else {
		lf_buf_puts(&p->out, "<span class=\"none\">not signed</span>");
	}
	lf_buf_puts(&p->out, "</td><td>");
	if (e->timestamp)
		lf_buf_printf(&p->out, "token is there<small>SHA-256 <code>%s</code></small>", e->timestamp_sha256);
	else
		lf_buf_printf(&p->out, "<span class=\"none\">%s</span>", !e->own ? not_looked_at : e->request ? "requested, no answer attached" : "none");
	lf_buf_puts(&p->out, "</td></tr>\n");
}

void
lf_page_seals(struct lf_page *p)
{
	const struct lf_report_ledger *l = p->r->ledger;

	if (l == NULL) {
		lf_page_say(p, "None: no ledger was given.");
		lf_page_checked(p);
		return;
	}
	lf_page_table(p, "Entry|Manifest|Signature|Time stamp (RFC 3161)");
	for (uint32_t i = 0; i < l->entries.n && i < LF_PAGE_ROWS; i++)
		if (lf_report_entry_at(l, i)->doc != NULL)
			seal_row(p, i, lf_report_entry_at(l, i));
	lf_page_table_end(p, l->entries.n > LF_PAGE_ROWS ? l->entries.n - LF_PAGE_ROWS : 0, "the ledger");
	lf_page_say(p,
	    "This report says whether signatures and time stamps are there. Whether they hold, anybody can check, without "
	    "these tools, for entry 1:");
	lf_buf_puts(&p->out,
	    "<pre>sed -n 1p LEDGER &gt; line\nopenssl cms -verify -binary -inform DER -in LEDGER.d/0001.p7s -content line "
	    "-CAfile CERT.pem -purpose any -out /dev/null\nopenssl ts -verify -in LEDGER.d/0001.tsr -data line -CAfile "
	    "TSA.pem\nsha256sum LEDGER.d/0001.manifest.json</pre>\n");
	lf_page_checked(p);
}

/* ---- The history ---- */

static void
entry_row(struct lf_page *p, uint32_t i, const struct lf_report_entry *e)
{
	const json_t *evidence = json_object_get(e->doc, "evidence");

	lf_buf_printf(&p->out, "<tr><td>%u</td>", i + 1);
	lf_page_cell_time(p, lf_value_text(e->doc, "finished", ""));
	lf_page_cell(p, lf_value_text(e->doc, "action", ""));
	lf_buf_puts(&p->out, "<td>");
	lf_html_cut(&p->out, lf_value_text(e->doc, "examiner", ""), LF_PAGE_TEXT);
	lf_buf_puts(&p->out, "<small>");
	lf_html_cut(&p->out, lf_value_text(e->doc, "organization", ""), LF_PAGE_TEXT);
	lf_buf_puts(&p->out, "</small></td><td>");
	lf_html_number(&p->out, lf_value_count(evidence, "objects"));
	lf_buf_puts(&p->out, " objects<small>exhibit ");
	lf_html_cut(&p->out, lf_value_text(e->doc, "exhibit", "not named"), LF_PAGE_TEXT);
	lf_buf_puts(&p->out, "</small></td>");
	lf_page_cell(p, lf_value_text(e->doc, "note", ""));
	lf_buf_printf(&p->out, "<td><code>%s</code>", e->sha256);
	if (e->problem != NULL) {
		lf_buf_puts(&p->out, "<small class=\"bad\">BROKEN: ");
		lf_html_puts(&p->out, e->problem);
		lf_buf_puts(&p->out, "</small>");
	}
	lf_buf_puts(&p->out, "</td></tr>\n");
}

void
lf_page_custody(struct lf_page *p)
{
	const struct lf_report_ledger *l = p->r->ledger;

	if (l == NULL) {
		lf_page_say(p, "Not recorded: no ledger was given.");
		return;
	}
	lf_buf_printf(&p->out, "<p class=\"%s\">%s</p>\n", l->broken > 0 ? "bad" : "good", l->broken > 0 ?
	    "The chain of this ledger is broken: entries were changed, taken out, put in or moved." :
	    "Each entry names the SHA-256 of the one before it, and all of them hold.");
	lf_page_table(p, "Entry|When (UTC)|Action|Who|What|Note|SHA-256 of the entry");
	for (uint32_t i = 0; i < l->entries.n && i < LF_PAGE_ROWS; i++)
		entry_row(p, i, lf_report_entry_at(l, i));
	lf_page_table_end(p, l->entries.n > LF_PAGE_ROWS ? l->entries.n - LF_PAGE_ROWS : 0, "the ledger");
	lf_buf_printf(&p->out, "<p class=\"ends\">Head of the ledger: <code>%s</code></p>\n", lf_report_entry_at(l, l->entries.n - 1)->sha256);
	lf_page_say(p, "An end that was cut off shows only against a head that was kept elsewhere, or a time stamp.");
}

/* ---- What this report was made of ---- */

static void
input_row(struct lf_page *p, const char *what, const char *name, uint64_t size, const char *sha256)
{
	lf_buf_printf(&p->out, "<tr><td>%s</td>", what);
	lf_page_cell_code(p, name);
	lf_page_cell_number(p, size);
	lf_buf_printf(&p->out, "<td><code>%s</code></td></tr>\n", sha256);
}

/*
 * A line for sha256sum -c, which doubles the backslashes of a name and puts one in front of such a line.  A name that cannot be shown
 * as it is stands in a line that sha256sum passes over, as the command that prints its sum.
 */
static void
sum_line(struct lf_page *p, const char *sha256, const char *name)
{
	size_t len = strlen(name);
	struct lf_buf line;

	lf_buf_init(&line);
	lf_text_terminal(&line, name, len);
	if (line.len != len || memcmp(lf_buf_str(&line), name, len) != 0 || len > LF_PAGE_TEXT) {
		lf_buf_reset(&line);
		lf_buf_puts(&line, "# sha256sum < ");
		lf_text_shell(&line, name, len);
		lf_buf_printf(&line, " # %s", sha256);
	} else {
		lf_buf_reset(&line);
		lf_buf_printf(&line, "%s%s  ", strchr(name, '\\') != NULL ? "\\" : "", sha256);
		for (; *name != '\0'; name++) {
			lf_buf_putc(&line, *name);
			if (*name == '\\')
				lf_buf_putc(&line, *name);
		}
	}
	lf_html_text(&p->out, lf_buf_str(&line), line.len);
	lf_buf_putc(&p->out, '\n');
	p->out.failed |= line.failed;
	lf_buf_free(&line);
}

void
lf_page_inputs(struct lf_page *p)
{
	const struct lf_report *r = p->r;

	lf_page_table(p, "What|File|#Size|SHA-256");
	for (uint32_t i = 0; i < r->n_inputs; i++)
		input_row(p, r->inputs[i].again ? "the same again" : lf_report_tool_names[r->inputs[i].tool],
		    r->inputs[i].name, r->inputs[i].size, r->inputs[i].sha256);
	if (r->ledger != NULL)
		input_row(p, "ledger", r->ledger->name, r->ledger->size, r->ledger->sha256);
	lf_page_table_end(p, 0, "");
	lf_page_say(p, "To check that these are the files that this report was made of:");
	lf_buf_puts(&p->out, "<pre>");
	for (uint32_t i = 0; i < r->n_inputs && i < LF_PAGE_ROWS; i++)
		sum_line(p, r->inputs[i].sha256, r->inputs[i].name);
	if (r->ledger != NULL)
		sum_line(p, r->ledger->sha256, r->ledger->name);
	lf_buf_puts(&p->out, "</pre>\n");
	lf_page_say(p,
	    "Put these lines into a file SUMS and run: sha256sum -c SUMS. To make this report again, and compare: the command "
	    "below with --reproducible gives the same bytes on every machine.");
	if (!p->o->reproducible && p->o->n_arguments > 0) {
		json_t *list = json_array();

		for (size_t i = 0; list != NULL && i < p->o->n_arguments; i++)
			p->out.failed |= json_array_append_new(list,
			    json_stringn_nocheck(p->o->arguments[i], strlen(p->o->arguments[i]))) != 0;
		lf_buf_puts(&p->out, "<p>");
		lf_page_command(p, "trail-report", list);
		lf_buf_puts(&p->out, "</p>\n");
		json_decref(list);
	}
}

/* ---- Signatures ---- */

void
lf_page_signatures(struct lf_page *p)
{
	static const char *const lines[] = {
	    "Examiner: name and signature", "Place and date", "Reviewed by: name and signature", "Place and date"};
	const struct lf_report *r = p->r;

	lf_buf_puts(&p->out,
	    "<p>I examined the evidence named in this report with the tools and in the way that it describes. The process "
	    "produces an accurate result when it is repeated with the same evidence, keys and versions; the copies are "
	    "identified by the SHA-256 values above.</p>\n");
	lf_page_rows(p);
	lf_page_row(p, "Case", lf_report_said(r, r->case_id, "case"));
	lf_page_row(p, "Exhibit", lf_report_said(r, r->exhibit, "exhibit"));
	lf_page_row(p, "Examiner", lf_report_said(r, r->examiner, "examiner"));
	lf_page_row(p, "Organization", lf_report_said(r, r->organization, "organization"));
	lf_page_rows_end(p);
	lf_buf_puts(&p->out, "<div class=\"sign\">\n");
	for (size_t i = 0; i < 4; i++)
		lf_buf_printf(&p->out, "<div>%s</div>\n", lines[i]);
	lf_buf_puts(&p->out, "</div>\n");
}
