/* What a page says of a result of trail-verify: figures, chains, findings. */
#include <string.h>

#include "base/utc.h"
#include "report/html.h"
#include "report/text_parts.h"
#include "report/verify_html.h"
#include "report/words.h"

#define TEXT_MAX 600 /* bytes shown of a name or a message from evidence */

static const char *const tones[] = {"good", "bad", "warn"};

void
lf_verify_tiles(const struct lf_result *r, struct lf_buf *out)
{
	const struct lf_summary *s = &r->summary;
	uint64_t n[3], digests = lf_sum(s->digests, 5), logs = lf_sum(s->logs, 7);

	lf_result_tally(r, n);
	lf_buf_puts(out, "<div class=\"tiles\">\n");
	lf_html_tile(out, s->digests[0], "digests proved", digests > 0 && s->digests[0] == digests ? "good" : "");
	lf_html_tile(out, digests - s->digests[0], "digests not proved", digests > s->digests[0] ? "warn" : "");
	lf_html_tile(out, s->logs[0], "logs proved", logs > 0 && s->logs[0] == logs ? "good" : "");
	lf_html_tile(out, logs - s->logs[0], "logs not proved", logs > s->logs[0] ? "warn" : "");
	lf_html_tile(out, n[LF_ALERT], n[LF_ALERT] == 1 ? "alert" : "alerts", n[LF_ALERT] > 0 ? "bad" : "good");
	lf_html_tile(out, n[LF_WARNING], n[LF_WARNING] == 1 ? "warning" : "warnings", n[LF_WARNING] > 0 ? "warn" : "");
	lf_html_tile(out, n[LF_NOTICE], n[LF_NOTICE] == 1 ? "notice" : "notices", "");
	if (r->n_skipped > 0)
		lf_html_tile(out, r->n_skipped, "objects not read", "warn");
	lf_buf_puts(out, "</div>\n");
}

static void
count_row(struct lf_buf *out, const char *what, const char *const *names, const uint64_t *n, size_t count)
{
	lf_buf_printf(out, "<tr><th scope=\"row\">%s</th><td class=\"n\">", what);
	lf_html_number(out, lf_sum(n, count));
	lf_buf_puts(out, "</td><td>");
	for (size_t i = 0; i < count; i++) {
		if (n[i] == 0 && i > 0)
			continue;
		lf_buf_puts(out, i > 0 ? ", " : "");
		lf_html_number(out, n[i]);
		lf_buf_printf(out, " %s", names[i]);
	}
	lf_buf_puts(out, "</td></tr>\n");
}

static void
one_count(struct lf_buf *out, const char *what, uint64_t n, const char *text)
{
	lf_buf_printf(out, "<tr><th scope=\"row\">%s</th><td class=\"n\">", what);
	lf_html_number(out, n);
	lf_buf_printf(out, "</td><td>%s</td></tr>\n", text);
}

void
lf_verify_counts(const struct lf_result *r, struct lf_buf *out)
{
	const struct lf_summary *s = &r->summary;

	lf_buf_puts(out,
	    "<table class=\"counts\">\n<thead><tr><th scope=\"col\">What</th><th scope=\"col\" class=\"n\">Number</th>"
	    "<th scope=\"col\">Of these</th></tr></thead>\n<tbody>\n");
	count_row(out, "Digests", lf_summary_digest_names, s->digests, 5);
	count_row(out, "Logs", lf_summary_log_names, s->logs, 7);
	one_count(out, "Objects read", s->objects, "");
	one_count(out, "Bytes inflated", s->bytes, "");
	one_count(out, "Objects of other kinds", s->ignored, "not CloudTrail's, and left aside");
	if (s->metadata_entries > 0) {
		one_count(out, "Metadata entries", s->metadata_entries, "objects whose S3 metadata was given");
		one_count(out, "Metadata matched", s->metadata_matched, "of them in the evidence");
	}
	lf_buf_puts(out, "</tbody>\n</table>\n");
}

static void
cell(struct lf_buf *out, const char *text)
{
	lf_buf_puts(out, "<td>");
	lf_html_cut(out, text, TEXT_MAX);
	lf_buf_puts(out, "</td>");
}

static void
chain(const struct lf_chain_row *c, struct lf_buf *out)
{
	char first[LF_UTC_LEN], last[LF_UTC_LEN];

	lf_buf_puts(out, "<tr>");
	cell(out, c->account);
	cell(out, c->region);
	lf_buf_puts(out, "<td>");
	lf_html_cut(out, c->trail, TEXT_MAX);
	if (strcmp(c->kind, "standard") != 0) {
		lf_buf_puts(out, "<small>");
		lf_html_cut(out, c->kind, TEXT_MAX);
		lf_buf_puts(out, "</small>");
	}
	lf_buf_printf(out, "</td><td class=\"t\">%s<small>to %s</small></td><td class=\"n\">", lf_utc_format(c->first, first),
	    lf_utc_format(c->last, last));
	lf_html_number(out, c->digests);
	lf_buf_puts(out, "</td><td class=\"n\">");
	lf_html_number(out, c->logs);
	lf_buf_printf(out, "</td><td class=\"n\">%u</td><td class=\"%s\"><b>%s</b></td></tr>\n", c->n_segments,
	    tones[c->verdict], lf_verdict_name(c->verdict));
}

void
lf_verify_chains(const struct lf_result *r, uint32_t max, struct lf_buf *out)
{
	if (r->n_chains == 0) {
		lf_buf_puts(out, "<p class=\"soft\">No digest was found: nothing can be proved.</p>\n");
		return;
	}
	lf_buf_puts(out,
	    "<div class=\"wide\" tabindex=\"0\">\n<table class=\"chains\">\n<thead><tr><th scope=\"col\">Account</th>"
	    "<th scope=\"col\">Region</th><th scope=\"col\">Trail</th><th scope=\"col\">From, to</th>"
	    "<th scope=\"col\" class=\"n\">Digests</th><th scope=\"col\" class=\"n\">Logs</th><th scope=\"col\" class=\"n\">"
	    "Segments</th><th scope=\"col\">Verdict</th></tr></thead>\n<tbody>\n");
	for (uint32_t i = 0; i < r->n_chains && i < max; i++)
		chain(&r->chains[i], out);
	lf_buf_puts(out, "</tbody>\n</table>\n</div>\n");
	if (r->n_chains > max)
		lf_buf_printf(out, "<p class=\"note\">... and %u more: the format json holds all.</p>\n", r->n_chains - max);
}

void
lf_verify_lakes(const struct lf_result *r, struct lf_buf *out)
{
	if (r->n_lake == 0)
		return;
	lf_buf_puts(out,
	    "<h3>CloudTrail Lake exports</h3>\n<table>\n<thead><tr><th scope=\"col\">Export</th><th scope=\"col\">Verdict</th>"
	    "<th scope=\"col\" class=\"n\">Files</th></tr></thead>\n<tbody>\n");
	for (uint32_t i = 0; i < r->n_lake && i < 1000; i++) {
		lf_buf_puts(out, "<tr>");
		cell(out, r->lake[i].locator);
		cell(out, r->lake[i].status);
		lf_buf_printf(out, "<td class=\"n\">%u</td></tr>\n", r->lake[i].files);
	}
	lf_buf_puts(out, "</tbody>\n</table>\n");
}

/* One object of a finding, as an item of a list. */
static void
item(struct lf_buf *out, const struct lf_finding *x)
{
	const char *object = x->object != NULL ? x->object : x->locator;

	lf_buf_puts(out, "<li>");
	if (object != NULL) {
		lf_buf_puts(out, "<code>");
		lf_html_cut(out, object, TEXT_MAX);
		lf_buf_puts(out, "</code>");
	}
	lf_buf_puts(out, "<span>");
	lf_html_cut(out, x->message, TEXT_MAX);
	lf_buf_puts(out, "</span>");
	if (x->expected_sha256 != NULL) {
		lf_buf_puts(out, "<small>expected SHA-256 <code>");
		lf_html_cut(out, x->expected_sha256, TEXT_MAX);
		lf_buf_puts(out, "</code></small>");
	}
	lf_buf_puts(out, "</li>\n");
}

static void
group(const struct lf_result *r, uint32_t i, uint32_t n, uint32_t max, const char *rest, struct lf_buf *out,
    struct lf_buf *scratch)
{
	static const char *const cards[] = {" blind-told", "", " calm-told"};
	struct lf_finding x;

	r->finding(r, i, &x, scratch);
	lf_buf_printf(out, "<article class=\"card told%s\"><h3><span class=\"%s\">%s</span> %s, ", cards[x.severity],
	    x.severity == LF_ALERT ? "bad" : x.severity == LF_WARNING ? "warn" : "soft", lf_severity_name(x.severity),
	    lf_finding_kind(x.id)->name);
	lf_html_number(out, n);
	lf_buf_puts(out, "</h3>\n<p class=\"soft\">Rule: ");
	lf_html_puts(out, lf_finding_kind(x.id)->rule);
	lf_buf_puts(out, "</p>\n<ul class=\"objects\">\n");
	for (uint32_t k = 0; k < n && k < max; k++) {
		r->finding(r, i + k, &x, scratch);
		item(out, &x);
	}
	lf_buf_puts(out, "</ul>\n");
	if (n > max) {
		lf_buf_puts(out, "<p class=\"note\">... and ");
		lf_html_number(out, n - max);
		lf_buf_printf(out, " more: %s.</p>\n", rest);
	}
	lf_buf_puts(out, "</article>\n");
}

void
lf_verify_findings(const struct lf_result *r, uint32_t max, const char *rest, struct lf_buf *out)
{
	const struct lf_advice *advice = NULL;
	struct lf_finding x;
	struct lf_buf scratch;

	if (r->n_findings == 0)
		lf_buf_puts(out, "<p class=\"soft\">None.</p>\n");
	lf_buf_init(&scratch);
	for (uint32_t i = 0, n; i < r->n_findings; i += n) {
		n = lf_result_alike(r, i, &scratch);
		r->finding(r, i, &x, &scratch);
		if (lf_advice_of(x.id) != advice) {
			advice = lf_advice_of(x.id);
			lf_buf_printf(out, "<h3 class=\"advice\">%s</h3>\n<p class=\"soft\">%s</p>\n", advice->heading, advice->text);
		}
		group(r, i, n, max, rest, out, &scratch);
	}
	out->failed |= scratch.failed;
	lf_buf_free(&scratch);
}
