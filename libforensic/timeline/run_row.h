/*
 * A row that comes from a run: behind the values of its event those columns of its line that are none of the event, and
 * the least place that the line names.  In one run an event would have been met there first; so that decides between
 * rows of equal time, account, region and eventID.
 */
#ifndef LF_TIMELINE_RUN_ROW_H
#define LF_TIMELINE_RUN_ROW_H

#include "timeline/row.h"
#include "timeline/run_line.h"

#define LF_RUN_LATE (LF_COLUMNS - LF_COL_OF_EVENT)

/* What stands behind the values. */
struct lf_run_tail {
	struct lf_slice late[LF_RUN_LATE]; /* the columns from LF_COL_OF_EVENT on, as struct lf_run_line has them */
	struct lf_slice digest, place;
};

/* Appends the row of a line, as lf_row_pack() does. */
void lf_run_row_pack(struct lf_buf *out, const struct lf_values *v, uint32_t number, uint64_t content, uint32_t flags,
    const struct lf_run_line *line, struct lf_slice place, struct lf_buf *scratch);

/* Slices of the row; empty ones where a row that came back from a bad disk says what cannot be. */
void lf_run_row_tail(const struct lf_row *r, struct lf_run_tail *out);

/* For lf_sorter, with lf_row_prefix(). */
int lf_run_row_cmp(const void *a, const void *b);

#endif
