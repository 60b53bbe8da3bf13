/* Cells of a timeline's text form: evidence made printable, cut and filled to a width. */
#ifndef LF_REPORT_TIMELINE_CELLS_H
#define LF_REPORT_TIMELINE_CELLS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "record/columns.h"
#include "report/textw.h"

/* Where the ellipsis goes. */
enum lf_cut { LF_CUT_END, LF_CUT_MIDDLE, LF_CUT_START };

/* Appends v in exactly width columns; with whole in at least as many, and nothing is cut.  Returns how many. */
size_t lf_cell(const struct lf_write_opts *o, struct lf_slice v, size_t width, bool whole, enum lf_cut cut,
    struct lf_buf *out);

/* The columns that v takes when nothing is cut. */
size_t lf_cell_columns(struct lf_slice v);

/* Starts and ends a style, as lf_textw_style() does. */
void lf_cell_style(const struct lf_write_opts *o, enum lf_style s, struct lf_buf *out);

/*
 * Cells of a line one after the other.  What a cell takes beyond its width, where nothing is cut, the blanks behind the
 * next ones give back, so that few rows leave the columns of the others.
 */
struct lf_cells {
	const struct lf_write_opts *o;
	struct lf_buf *out;
	size_t gap;        /* between two cells */
	size_t at, target; /* columns written; where the next cell belongs */
};

/* The next cell: blanks, then v.  Cut to width unless o->width is 0. */
void lf_cells_next(struct lf_cells *l, struct lf_slice v, size_t width, enum lf_cut cut, enum lf_style style);

/* "eu-central-1" as "euc1", in buf.  A name with a word that AWS's regions do not have stays as it is, so that no
 * invented region looks like a real one. */
#define LF_REGION_SHORT 16
struct lf_slice lf_cell_region(struct lf_slice region, char buf[LF_REGION_SHORT]);

#endif
