/* The columns that were asked for by name, as cells of a timeline's text. */
#ifndef LF_REPORT_TIMELINE_ASKED_H
#define LF_REPORT_TIMELINE_ASKED_H

#include "report/timeline_cells.h"
#include "timeline/timeline.h"

/*
 * The widths of n columns in a line of width columns with two between cells; 0 for a line of any length.  Where they do
 * not fit, those whose values are of many lengths give way first, and times, addresses and keys last.
 */
void lf_asked_widths(const enum lf_column *c, size_t n, size_t width, size_t widths[LF_COLUMNS]);

/* Appends the cells of a row. */
void lf_asked_cells(const struct lf_timeline *t, const struct lf_write_opts *o, const struct lf_timeline_row *row,
    size_t width, struct lf_buf *out);

#endif
