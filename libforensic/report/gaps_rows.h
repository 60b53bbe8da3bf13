/*
 * The rows of a strip or a heat map.  Where there are many lines, those of an account that have no gap become one row,
 * and so do neighbours whose gaps fall into the same slots: a row shows the worst of what it stands for, and knows how
 * many lines that is.
 */
#ifndef LF_REPORT_GAPS_ROWS_H
#define LF_REPORT_GAPS_ROWS_H

#include "report/gaps_slots.h"

#define LF_SLOTS_MAX 768

struct lf_cover_row {
	unsigned char states[LF_SLOTS_MAX], gaps[LF_SLOTS_MAX]; /* enum lf_sign */
	uint32_t line, lines; /* the first; how many */
	bool calm;            /* folded: all of the account's lines without a gap */
	bool heads;           /* the first row of its account */
	bool alone;           /* a folded row, and the only one of its account */
};

/* Calls say for each row, in the order of lines, the folded one of an account last.  slots has at most LF_SLOTS_MAX. */
void lf_cover_rows(const struct lf_coverage *c, const struct lf_gap_index *x, const struct lf_slots *slots, bool fold,
    void (*say)(void *arg, const struct lf_cover_row *row), void *arg);

#endif
