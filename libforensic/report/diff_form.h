/*
 * The forms of trail-diff, as lf_diff_write() dispatches them.  stat: counts only.  Each goes through the differences
 * from the first.
 */
#ifndef LF_REPORT_DIFF_FORM_H
#define LF_REPORT_DIFF_FORM_H

#include "compare/diff.h"
#include "report/textw.h"

int lf_diff_as_text(struct lf_diff *d, bool stat, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err) __attribute__((warn_unused_result));
int lf_diff_as_json(struct lf_diff *d, bool stat, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err) __attribute__((warn_unused_result));
int lf_diff_as_html(struct lf_diff *d, bool stat, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err) __attribute__((warn_unused_result));

/*
 * One difference as lines, A red behind "-" and B green behind "+" (diff_lines.c).  Sets w->error when memory is out.
 */
void lf_diff_lines(struct lf_textw *w, const struct lf_diff_row *row, const struct lf_write_opts *o);

#endif
