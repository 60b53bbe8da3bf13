/* Parts of the page of trail-gaps that a report takes over; the map is in report/gaps_map.h. */
#ifndef LF_REPORT_GAPS_PARTS_H
#define LF_REPORT_GAPS_PARTS_H

#include "base/buf.h"
#include "report/gaps_groups.h"
#include "report/gaps_words.h"

enum lf_gaps_part {
	LF_GAPS_TILES,  /* figures */
	LF_GAPS_CARDS,  /* each group of gaps: when, why, who, what ended it */
	LF_GAPS_TOUCHED /* who touched logging: a table */
};

/* Appends a part, without a heading. */
void lf_gaps_parts(const struct lf_coverage *c, const struct lf_gaps_counts *n, const struct lf_gap_groups *groups,
    enum lf_gaps_part part, struct lf_buf *out);

#endif
