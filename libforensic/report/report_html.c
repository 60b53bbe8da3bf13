/* A report as one page that stands alone: numbered sections that are always there, so that what was not examined shows,
 * too. */
#include <errno.h>

#include "base/utc.h"
#include "report/gaps_map.h"
#include "report/gaps_page.h"
#include "report/html.h"
#include "report/report_page.h"
#include "report/timeline_page.h"
#include "report/verify_html.h"

static const struct {
	const char *id, *title;
	void (*write)(struct lf_page *p);
} sections[] = {
    {"case", "Case", lf_page_case},
    {"tools", "Tools and machines", lf_page_tools},
    {"times", "Times and clocks", lf_page_times},
    {"evidence", "Evidence", lf_page_evidence},
    {"anchors", "Trust anchors", lf_page_anchors},
    {"verdicts", "Integrity of digests and logs", lf_page_verdicts},
    {"coverage", "Coverage", lf_page_coverage},
    {"gaps", "Gaps, their causes and who touched logging", lf_page_gaps},
    {"events", "Events, duplicates and conflicts", lf_page_events},
    {"differences", "Differences between copies", lf_page_differences},
    {"recovered", "Recovered material", lf_page_recovered},
    {"skipped", "What was not read", lf_page_skipped},
    {"limits", "Limits", lf_page_limits},
    {"reading", "Reading only", lf_page_reading},
    {"seals", "Manifests, signatures and time stamps", lf_page_seals},
    {"custody", "Chain of custody", lf_page_custody},
    {"inputs", "What this report was made of", lf_page_inputs},
    {"signatures", "Signatures", lf_page_signatures},
};
#define SECTIONS (sizeof(sections) / sizeof(sections[0]))

static void
contents(struct lf_page *p)
{
	lf_buf_puts(&p->out, "<nav class=\"toc card\" aria-label=\"Contents\"><ol>\n");
	for (size_t i = 0; i < SECTIONS; i++)
		lf_buf_printf(&p->out, "<li><span>%zu</span> <a href=\"#%s\">%s</a></li>\n", i + 1, sections[i].id,
		    sections[i].title);
	lf_buf_puts(&p->out, "</ol></nav>\n");
}

static void
when(struct lf_page *p)
{
	const struct lf_report *r = p->r;
	const char *id = lf_report_said(r, r->case_id, "case");
	char time[LF_UTC_LEN];

	lf_buf_puts(&p->out, "<a class=\"skip\" href=\"#contents\">To the contents</a>\n<p class=\"soft front\">");
	if (id != NULL) {
		lf_buf_puts(&p->out, "Case ");
		lf_html_cut(&p->out, id, LF_PAGE_TEXT);
		lf_buf_puts(&p->out, ". ");
	}
	if (!p->o->reproducible && p->o->finished != LF_TIME_NONE)
		lf_buf_printf(&p->out, "Written %s. ", lf_utc_format(p->o->finished, time));
	lf_buf_puts(&p->out, "All times UTC.</p>\n");
}

static void
body(struct lf_page *p)
{
	when(p);
	lf_page_front(p);
	lf_buf_puts(&p->out, "<h2 id=\"contents\">Contents</h2>\n");
	contents(p);
	lf_map_patterns(&p->out);
	for (size_t i = 0; i < SECTIONS; i++) {
		lf_buf_printf(&p->out,
		    "<section aria-labelledby=\"%s\"%s>\n<h2 id=\"%s\"><span class=\"no\">%zu</span>%s</h2>\n",
		    sections[i].id, i + 1 == SECTIONS ? " class=\"signing\"" : "", sections[i].id, i + 1,
		    sections[i].title);
		sections[i].write(p);
		lf_buf_puts(&p->out, "</section>\n");
	}
	lf_buf_puts(&p->out,
	    "<footer>Written by trail-report " LF_VERSION ". This page loads nothing and sends nothing.</footer>\n");
}

int
lf_report_html(const struct lf_report *r, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err)
{
	struct lf_page p = {.r = r, .o = o};
	struct lf_buf sheet;
	int rc = -1;

	lf_buf_init(&p.out);
	lf_buf_init(&sheet);
	lf_buf_puts(&sheet, lf_gaps_sheet);
	lf_buf_puts(&sheet, lf_timeline_sheet);
	lf_buf_puts(&sheet, lf_verify_sheet);
	lf_buf_puts(&sheet, lf_report_sheet);
	lf_html_begin(&p.out, r->title != NULL ? r->title : "Forensic report on AWS CloudTrail logs",
	    lf_buf_str(&sheet), NULL);
	body(&p);
	lf_html_end(&p.out, NULL);
	errno = 0;
	if (p.out.failed || sheet.failed)
		lf_err_nomem(err);
	else if ((rc = write(arg, p.out.data, p.out.len)) != 0) {
		errno = errno != 0 ? errno : EIO;
		rc = lf_err_sys(err, "cannot write the report");
	}
	lf_buf_free(&sheet);
	lf_buf_free(&p.out);
	return rc;
}
