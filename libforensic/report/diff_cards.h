/* One difference on a page: a card for what changed, a row of a table for what stands on one side. */
#ifndef LF_REPORT_DIFF_CARDS_H
#define LF_REPORT_DIFF_CARDS_H

#include "base/buf.h"
#include "compare/diff.h"

/* What stands before the first of a kind and after the last. */
void lf_diff_cards_start(enum lf_diff_kind kind, struct lf_buf *out);
void lf_diff_cards_end(enum lf_diff_kind kind, struct lf_buf *out);

void lf_diff_card(const struct lf_diff_row *row, struct lf_buf *out);

#endif
