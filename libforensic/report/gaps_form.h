/* The forms of trail-gaps, as lf_coverage_write() dispatches them; and what the text is made of. */
#ifndef LF_REPORT_GAPS_FORM_H
#define LF_REPORT_GAPS_FORM_H

#include "coverage/coverage.h"
#include "report/textw.h"

int lf_gaps_text(const struct lf_coverage *c, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err) __attribute__((warn_unused_result));
int lf_gaps_json(const struct lf_coverage *c, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err) __attribute__((warn_unused_result));
int lf_gaps_csv(const struct lf_coverage *c, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err) __attribute__((warn_unused_result));
int lf_gaps_html(const struct lf_coverage *c, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err) __attribute__((warn_unused_result));

/*
 * Coverage as strips, one character a slot, under headings of accounts (gaps_strips.c).  Sets w->error when memory is
 * out.
 */
void lf_gaps_strips(struct lf_textw *w, const struct lf_coverage *c, const struct lf_write_opts *o);

/* The gaps as paragraphs, unexplained and long ones first (gaps_list.c). */
void lf_gaps_list(struct lf_textw *w, const struct lf_coverage *c, const struct lf_write_opts *o);

#endif
