/* trail-verify as one page: verdict, figures, chains over time, findings by what to do about them, trust anchors,
 * limits. */
#include "report/verify_html.h"

#include <errno.h>

#include "report/gaps_map.h"
#include "report/gaps_page.h"
#include "report/html.h"
#include "report/html_parts.h"
#include "report/text_parts.h"
#include "report/words.h"

#define CHAINS_MAX   5000
#define FINDINGS_MAX 500 /* of one kind: more would be no page that anybody reads */
#define SKIPPED_MAX  5000

const char lf_verify_sheet[] =
    "td.t{white-space:nowrap}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
    "td.bad{color:var(--bad)}td.good{color:var(--good)}"
    "td.warn{color:var(--warn)}.calm-told{border-left-color:var(--line)}"
    ".advice{margin:1.4rem 0 .1rem;letter-spacing:.03em}\n"
    ".objects{list-style:none;margin:.5rem 0 0;padding:0}.objects li{padding:.35rem 0;border-top:1px solid var(--line)}"
    ".objects code,.objects span,.objects small{display:block;overflow-wrap:anywhere}"
    ".objects small{color:var(--soft)}.objects small code{display:inline}\n"
    ".wide{overflow-x:auto}.wide:focus-visible{outline:2px solid var(--accent);outline-offset:2px}\n"
    "@media(max-width:700px){.wide table{min-width:40rem}}\n"
    "@media print{.wide{overflow:visible}.objects li{break-inside:avoid}.told{break-inside:auto}"
    ".told h3,.told p,.axis,.key,.advice,.advice+p{break-after:avoid}.tiles{break-inside:avoid}}\n";

static void
lead(const struct lf_result *r, struct lf_buf *out)
{
	static const char *const tones[] = {"good", "bad", "warn"};

	lf_buf_printf(out, "<p class=\"lead\"><b class=\"%s\">%s</b>: %s</p>\n<p class=\"soft\">All times UTC. ",
	    tones[r->verdict], lf_verdict_name(r->verdict), lf_verify_meaning(r->verdict));
	lf_html_selection(out, &r->select);
	lf_buf_puts(out, "</p>\n");
}

static void
skipped(const struct lf_result *r, struct lf_buf *out)
{
	if (r->n_skipped == 0)
		return;
	lf_html_skipped_start(out);
	for (uint32_t i = 0; i < r->n_skipped && i < SKIPPED_MAX; i++)
		lf_html_skip(out, r->skipped[i].locator, r->skipped[i].reason);
	lf_html_skipped_end(out, r->n_skipped > SKIPPED_MAX ? r->n_skipped - SKIPPED_MAX : 0);
}

static void
body(const struct lf_result *r, struct lf_buf *out)
{
	lead(r, out);
	lf_verify_tiles(r, out);
	lf_buf_puts(out, "<h2>Chains of digests</h2>\n");
	lf_map_patterns(out);
	out->failed |= !lf_verify_picture(r, out);
	lf_verify_chains(r, CHAINS_MAX, out);
	lf_verify_lakes(r, out);
	lf_buf_puts(out, "<h2>Findings</h2>\n");
	lf_verify_findings(r, FINDINGS_MAX, "the format json holds all", out);
	lf_buf_puts(out, "<h2>Counted</h2>\n");
	lf_verify_counts(r, out);
	skipped(r, out);
	lf_html_anchors(out, r);
	lf_buf_puts(out, "<h2>What this does not prove</h2>\n<ul class=\"limits\">\n");
	lf_html_limits(out, lf_limit_text);
	lf_buf_puts(out,
	    "</ul>\n<footer>Written by trail-verify " LF_VERSION
	    ". This page loads nothing and sends nothing.</footer>\n");
}

int
lf_verify_html(const struct lf_result *r, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err)
{
	struct lf_buf out, sheet;
	int rc = -1;

	(void)o;
	lf_buf_init(&out);
	lf_buf_init(&sheet);
	lf_buf_puts(&sheet, lf_gaps_sheet);
	lf_buf_puts(&sheet, lf_verify_sheet);
	lf_html_begin(&out, "Integrity of CloudTrail logs", lf_buf_str(&sheet), NULL);
	body(r, &out);
	lf_html_end(&out, NULL);
	errno = 0;
	if (out.failed || sheet.failed)
		lf_err_nomem(err);
	else if ((rc = write(arg, out.data, out.len)) != 0) {
		errno = errno != 0 ? errno : EIO;
		rc = lf_err_sys(err, "cannot write the report");
	}
	lf_buf_free(&sheet);
	lf_buf_free(&out);
	return rc;
}
