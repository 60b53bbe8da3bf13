/* Parts that the pages of several tools share. */
#ifndef LF_REPORT_HTML_PARTS_H
#define LF_REPORT_HTML_PARTS_H

#include "base/buf.h"
#include "proof/result.h"

/* What was asked for, as a sentence, where that is not everything. */
void lf_html_selection(struct lf_buf *out, const struct lf_select *s);

/* The public keys that all rests on: heading and table. */
void lf_html_anchors(struct lf_buf *out, const struct lf_result *r);

/* limit(0), limit(1) ... up to NULL, as items of a list. */
void lf_html_limits(struct lf_buf *out, const char *(*limit)(size_t));

/* What was not read: heading and table; left is how many more there are. */
void lf_html_skipped_start(struct lf_buf *out);
void lf_html_skip(struct lf_buf *out, const char *locator, const char *reason);
void lf_html_skipped_end(struct lf_buf *out, uint64_t left);

#endif
