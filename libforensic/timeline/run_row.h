/*
 * A row that comes from a run: behind its values the line that it was, and the least place that the line names.  In one run an event
 * would have been met there first; so that decides between rows of equal time, account, region and eventID.
 */
#ifndef LF_TIMELINE_RUN_ROW_H
#define LF_TIMELINE_RUN_ROW_H

#include "timeline/row.h"

/* Appends the row of a line, as lf_row_pack() does. */
void lf_run_row_pack(struct lf_buf *out, const struct lf_values *v, uint32_t number, uint64_t content, uint32_t flags,
    struct lf_slice line, struct lf_slice place, struct lf_buf *scratch);

struct lf_slice lf_run_row_line(const struct lf_row *r);
struct lf_slice lf_run_row_place(const struct lf_row *r);

/* For lf_sorter, with lf_row_prefix(). */
int lf_run_row_cmp(const void *a, const void *b);

#endif
