/* What the evidence is, what proves it, where it is whole and where it is not. */
#include <stdio.h>
#include <string.h>

#include "report/gaps_groups.h"
#include "report/gaps_map.h"
#include "report/gaps_parts.h"
#include "report/html.h"
#include "report/report_page.h"
#include "report/report_value.h"
#include "report/text_parts.h"
#include "report/verify_html.h"
#include "report/words.h"

#define CHAINS_MAX   500
#define FINDINGS_MAX 20 /* of one kind */
#define GROUPS_MAX   200
#define OBJECTS_MAX  60 /* of the inventory */

/* ---- The inventory ---- */

static void
source_rows(struct lf_page *p, const json_t *manifest)
{
	const json_t *list = json_object_get(manifest, "sources"), *o;
	size_t at;

	lf_page_table(p, "Source|Kind|#Size|SHA-256");
	json_array_foreach(list, at, o) {
		if (at == LF_PAGE_ROWS)
			break;
		lf_buf_puts(&p->out, "<tr>");
		lf_page_cell_code(p, lf_json_string(o, "name"));
		lf_page_cell(p, lf_json_string(o, "kind"));
		if (json_is_integer(json_object_get(o, "size")))
			lf_page_cell_number(p, lf_value_count(o, "size"));
		else
			lf_buf_puts(&p->out, "<td></td>");
		lf_page_cell_code(p, lf_value_text(o, "sha256", ""));
		lf_buf_puts(&p->out, "</tr>\n");
	}
	lf_page_table_end(p, json_array_size(list) > LF_PAGE_ROWS ? json_array_size(list) - LF_PAGE_ROWS : 0, "the manifest");
}

/* A line below, of a label of ours and a value as code. */
static void
below(struct lf_page *p, const char *label, const char *text)
{
	lf_buf_printf(&p->out, "<small>%s <code>", label);
	lf_html_cut(&p->out, text, LF_PAGE_TEXT);
	lf_buf_puts(&p->out, "</code></small>");
}

static void
object_row(struct lf_page *p, const json_t *o)
{
	const char *path = lf_value_text(o, "path", ""), *key = lf_json_string(o, "key"),
	    *problem = lf_json_string(o, "problem");

	lf_buf_puts(&p->out, "<tr><td><code>");
	lf_html_cut(&p->out, path, LF_PAGE_TEXT);
	lf_buf_puts(&p->out, "</code>");
	if (key != NULL && strcmp(key, path) != 0)
		below(p, "S3 key", key);
	if (problem != NULL)
		below(p, "not read:", problem);
	else
		below(p, "SHA-256", lf_value_text(o, "sha256", ""));
	if (lf_json_string(o, "inflated_sha256") != NULL)
		below(p, "inflated", lf_json_string(o, "inflated_sha256"));
	lf_buf_puts(&p->out, "</td>");
	lf_page_cell(p, lf_value_text(o, "role", ""));
	lf_page_cell_number(p, lf_value_count(o, "size"));
	lf_page_cell_time(p, lf_value_text(o, "mtime", ""));
	lf_buf_puts(&p->out, "</tr>\n");
}

/* How many objects there are of each role. */
static void
roles(struct lf_page *p, const json_t *list)
{
	static const char *const names[] = {"log", "digest", "insight", "network", "aggregated", "lake-signature",
	    "lake-result", "metadata", "keys", "events", "other"};
	uint64_t n[sizeof(names) / sizeof(names[0])] = {0};
	const json_t *o;
	size_t at;

	json_array_foreach(list, at, o)
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			n[i] += strcmp(lf_value_text(o, "role", ""), names[i]) == 0;
	lf_buf_puts(&p->out, "<p>By role:");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (n[i] == 0)
			continue;
		lf_buf_putc(&p->out, ' ');
		lf_html_number(&p->out, n[i]);
		lf_buf_printf(&p->out, " %s.", names[i]);
	}
	lf_buf_puts(&p->out, "</p>\n");
}

static void
inventory(struct lf_page *p, const struct lf_report_ledger *l)
{
	const json_t *list = json_object_get(l->manifest, "objects"), *o, *summary = json_object_get(l->manifest, "summary");
	size_t at, n = json_array_size(list);

	lf_buf_printf(&p->out, "<p>As sealed in entry %u of the ledger: ", l->manifest_of + 1);
	lf_html_number(&p->out, n);
	lf_buf_puts(&p->out, " objects, ");
	lf_html_number(&p->out, lf_value_count(summary, "bytes"));
	lf_buf_puts(&p->out, " bytes as stored, ");
	lf_html_number(&p->out, lf_value_count(summary, "inflated_bytes"));
	lf_buf_puts(&p->out, " inflated.</p>\n");
	roles(p, list);
	source_rows(p, l->manifest);
	lf_page_table(p, "Object|Role|#Size|Modified (UTC)");
	json_array_foreach(list, at, o) {
		if (at == OBJECTS_MAX)
			break;
		object_row(p, o);
	}
	lf_page_table_end(p, n > OBJECTS_MAX ? n - OBJECTS_MAX : 0, "the manifest");
}

void
lf_page_evidence(struct lf_page *p)
{
	const struct lf_report_ledger *l = p->r->ledger;

	if (l != NULL && l->manifest != NULL)
		inventory(p, l);
	else
		lf_page_say(p,
		    l == NULL
		    ? "No inventory: no ledger was given. trail-seal(1) makes one; the results name the objects that they judge."
		    : "No inventory: no manifest of the ledger is there and what its entry says.");
}

/* ---- Trust anchors ---- */

/* The anchor of result i that is a, or NULL: one file, the same content, the same keys used. */
static const json_t *
anchor_of(const struct lf_report *r, uint32_t i, const json_t *a)
{
	const json_t *o;
	size_t at;

	if (!r->inputs[i].again)
		json_array_foreach(json_object_get(r->inputs[i].doc, "anchors"), at, o)
			if (o == a || json_equal(o, a))
				return o;
	return NULL;
}

/* Whether an anchor is one of those that are shown already: its row names all results that have it. */
static bool
anchor_told(const json_t *const *shown, uint64_t n, const json_t *a)
{
	for (uint64_t i = 0; i < n; i++)
		if (json_equal(shown[i], a))
			return true;
	return false;
}

static void
anchor(struct lf_page *p, uint32_t i, const json_t *a)
{
	const json_t *o;
	size_t at;

	lf_buf_puts(&p->out, "<tr>");
	lf_page_cell_code(p, lf_json_string(a, "file"));
	lf_page_cell_code(p, lf_json_string(a, "sha256"));
	lf_buf_puts(&p->out, "<td>");
	json_array_foreach(json_object_get(a, "keys"), at, o) {
		if (at == LF_PAGE_ROWS)
			break;
		lf_buf_printf(&p->out, "<small>RSA-%llu, fingerprint <code>", (unsigned long long)lf_value_count(o, "bits"));
		lf_html_cut(&p->out, lf_value_text(o, "fingerprint", ""), LF_PAGE_TEXT);
		lf_buf_puts(&p->out, "</code>, valid ");
		lf_html_cut(&p->out, lf_value_text(o, "valid_from", "from unknown"), LF_PAGE_TEXT);
		lf_buf_puts(&p->out, " to ");
		lf_html_cut(&p->out, lf_value_text(o, "valid_until", "unknown"), LF_PAGE_TEXT);
		lf_buf_puts(&p->out, lf_value_true(o, "used") ? ", used</small>" : ", not used</small>");
	}
	lf_buf_puts(&p->out, "</td><td>");
	for (; i < p->r->n_inputs; i++) {
		if (anchor_of(p->r, i, a) == NULL)
			continue;
		lf_buf_puts(&p->out, "<small>");
		lf_html_cut(&p->out, p->r->inputs[i].name, LF_PAGE_TEXT);
		lf_buf_puts(&p->out, "</small>");
	}
	lf_buf_puts(&p->out, "</td></tr>\n");
}

void
lf_page_anchors(struct lf_page *p)
{
	const json_t *shown[LF_PAGE_ROWS], *o;
	uint64_t n = 0, left = 0;
	size_t at;

	for (uint32_t i = 0; i < p->r->n_inputs; i++) {
		json_array_foreach(json_object_get(p->r->inputs[i].doc, "anchors"), at, o) {
			if (p->r->inputs[i].again)
				break;
			if (anchor_told(shown, n, o))
				continue;
			if (n == LF_PAGE_ROWS) {
				left++;
				continue;
			}
			if (n == 0)
				lf_page_table(p, "Key file|SHA-256|Public keys|Used by");
			shown[n++] = o;
			anchor(p, i, o);
		}
	}
	if (n == 0) {
		lf_page_say(p, "None: without public keys no signature can be checked.");
		return;
	}
	lf_page_table_end(p, left, "each result");
	lf_page_say(p,
	    "All that is called proved below rests on these keys. Compare the SHA-256 values with those of a recorded "
	    "ListPublicKeys call.");
}

/* ---- Verdicts ---- */

void
lf_page_verdicts(struct lf_page *p)
{
	const struct lf_report_input *in = lf_page_next(p, LF_OF_VERIFY, NULL);
	char rest[128];

	if (in == NULL)
		lf_page_say(p, "Not examined: no result of trail-verify was given.");
	for (; in != NULL; in = lf_page_next(p, LF_OF_VERIFY, in)) {
		lf_page_of(p, in);
		lf_buf_printf(&p->out, "<p><b>%s</b>: %s</p>\n", lf_verdict_name(in->proof->verdict),
		    lf_verify_meaning(in->proof->verdict));
		lf_verify_tiles(in->proof, &p->out);
		lf_buf_puts(&p->out, "<h3>Chains of digests over time</h3>\n");
		p->out.failed |= !lf_verify_picture(in->proof, &p->out);
		lf_verify_chains(in->proof, CHAINS_MAX, &p->out);
		lf_verify_lakes(in->proof, &p->out);
		lf_buf_puts(&p->out, "<h3>Counted</h3>\n");
		lf_verify_counts(in->proof, &p->out);
		lf_buf_puts(&p->out, "<h3>Findings</h3>\n");
		snprintf(rest, sizeof(rest), "the result and the JSON twin of this report hold all");
		lf_verify_findings(in->proof, FINDINGS_MAX, rest, &p->out);
	}
}

/* ---- Coverage and gaps ---- */

/* The groups of gaps and their counts, for a function that draws; false when memory is out. */
static bool
drawn(struct lf_page *p, const struct lf_report_input *in,
    void (*draw)(struct lf_page *, const struct lf_report_input *, const struct lf_gaps_counts *,
    const struct lf_gap_groups *))
{
	struct lf_gaps_counts n;
	struct lf_gap_groups groups;

	if (!lf_gaps_count(in->coverage, &n) || !lf_gap_groups_make(in->coverage, &groups))
		return false;
	n.alerts = lf_value_count(json_object_get(in->doc, "summary"), "alerts");
	draw(p, in, &n, &groups);
	lf_gap_groups_free(&groups);
	return true;
}

static void
map(struct lf_page *p, const struct lf_report_input *in, const struct lf_gaps_counts *n,
    const struct lf_gap_groups *groups)
{
	lf_gaps_parts(in->coverage, n, groups, LF_GAPS_TILES, &p->out);
	if (in->coverage->lines.n == 0)
		lf_page_say(p, "Nothing can be laid out: neither digests nor logs say anything about coverage.");
	/* Names of places are those of the first map. */
	p->out.failed |= !lf_gaps_map(in->coverage, groups, in == lf_page_next(p, LF_OF_GAPS, NULL) ? GROUPS_MAX : 0, &p->out);
}

void
lf_page_coverage(struct lf_page *p)
{
	const struct lf_report_input *in = lf_page_next(p, LF_OF_GAPS, NULL);

	if (in == NULL)
		lf_page_say(p, "Not examined: no result of trail-gaps was given.");
	for (; in != NULL; in = lf_page_next(p, LF_OF_GAPS, in)) {
		lf_page_of(p, in);
		p->out.failed |= !drawn(p, in, map);
	}
}

static void
told(struct lf_page *p, const struct lf_report_input *in, const struct lf_gaps_counts *n,
    const struct lf_gap_groups *groups)
{
	struct lf_gap_groups shown = *groups;

	shown.n = shown.n > GROUPS_MAX ? GROUPS_MAX : shown.n;
	lf_gaps_parts(in->coverage, n, &shown, LF_GAPS_CARDS, &p->out);
	if (groups->n > GROUPS_MAX) {
		lf_buf_printf(&p->out, "<p class=\"note\">... and %u more groups of gaps: ", groups->n - GROUPS_MAX);
		lf_html_cut(&p->out, in->name, LF_PAGE_TEXT);
		lf_buf_puts(&p->out, " holds all, and so does the JSON twin of this report.</p>\n");
	}
	lf_buf_puts(&p->out, "<h3>Who touched logging</h3>\n<div class=\"wide\" tabindex=\"0\">\n");
	lf_gaps_parts(in->coverage, n, groups, LF_GAPS_TOUCHED, &p->out);
	lf_buf_puts(&p->out, "</div>\n");
}

void
lf_page_gaps(struct lf_page *p)
{
	const struct lf_report_input *in = lf_page_next(p, LF_OF_GAPS, NULL);

	if (in == NULL)
		lf_page_say(p, "Not examined: no result of trail-gaps was given.");
	for (; in != NULL; in = lf_page_next(p, LF_OF_GAPS, in)) {
		lf_page_of(p, in);
		p->out.failed |= !drawn(p, in, told);
	}
}
