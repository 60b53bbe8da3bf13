/* The page of a report: what its sections share. */
#ifndef LF_REPORT_REPORT_PAGE_H
#define LF_REPORT_REPORT_PAGE_H

#include "base/buf.h"
#include "report/report.h"

#define LF_PAGE_TEXT  600 /* bytes shown of a name or a message */
#define LF_PAGE_ROWS  200 /* of a list: the rest is counted, and stands in the result itself */

struct lf_page {
	const struct lf_report *r;
	const struct lf_write_opts *o;
	struct lf_buf out;
};

extern const char lf_report_sheet[];

/* ---- report_page.c ---- */

void lf_page_say(struct lf_page *p, const char *text); /* a soft paragraph, of our own words */
void lf_page_rows(struct lf_page *p);                  /* starts a table of labels and values */
void lf_page_row(struct lf_page *p, const char *label, const char *text); /* "not recorded" for NULL */
void lf_page_row_number(struct lf_page *p, const char *label, uint64_t n);
void lf_page_rows_end(struct lf_page *p);

/* Starts a table: heads are separated by '|', those of numbers begin with '#'. */
void lf_page_table(struct lf_page *p, const char *heads);
void lf_page_cell(struct lf_page *p, const char *text);
void lf_page_cell_code(struct lf_page *p, const char *text);
void lf_page_cell_time(struct lf_page *p, const char *text);
void lf_page_cell_number(struct lf_page *p, uint64_t n);
/* Ends it; left of a list of input in (NULL for the ledger) were not shown. */
void lf_page_table_end(struct lf_page *p, uint64_t left, const char *where);

/* A heading of one result within a section, where there is more than one of its tool. */
void lf_page_of(struct lf_page *p, const struct lf_report_input *in);

/* The findings of any document: the first of each kind; nothing where there are none (report_events.c). */
void lf_page_findings(struct lf_page *p, const struct lf_report_input *in);

/* A command line as a shell takes it. */
void lf_page_command(struct lf_page *p, const char *tool, const json_t *arguments);

/* The next input of a tool behind in (NULL: the first); those told already are passed over.  NULL past the last. */
const struct lf_report_input *lf_page_next(
    const struct lf_page *p, enum lf_report_tool tool, const struct lf_report_input *in);

/* ---- The sections ---- */

void lf_page_front(struct lf_page *p);      /* above all: verdict, figures, what does not fit together */
void lf_page_case(struct lf_page *p);       /* report_front.c */
void lf_page_tools(struct lf_page *p);
void lf_page_times(struct lf_page *p);
void lf_page_evidence(struct lf_page *p);   /* report_proof.c */
void lf_page_anchors(struct lf_page *p);
void lf_page_verdicts(struct lf_page *p);
void lf_page_coverage(struct lf_page *p);
void lf_page_gaps(struct lf_page *p);
void lf_page_events(struct lf_page *p);     /* report_events.c */
void lf_page_differences(struct lf_page *p);
void lf_page_recovered(struct lf_page *p);  /* report_carve.c */
void lf_page_checked(struct lf_page *p);    /* what trail-seal --check found, within the seals */
void lf_page_skipped(struct lf_page *p);    /* report_custody.c */
void lf_page_limits(struct lf_page *p);
void lf_page_reading(struct lf_page *p);
void lf_page_seals(struct lf_page *p);
void lf_page_custody(struct lf_page *p);
void lf_page_inputs(struct lf_page *p);
void lf_page_signatures(struct lf_page *p);

#endif
