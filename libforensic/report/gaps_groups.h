/*
 * Gaps for people: one stop of a trail blinds all its regions and accounts at once, and is told once.  Gaps that share
 * trail, cause, the event that caused them and the one that ended them are one group; where no event is known, those
 * that also share account, start and end.
 */
#ifndef LF_REPORT_GAPS_GROUPS_H
#define LF_REPORT_GAPS_GROUPS_H

#include "coverage/coverage.h"

struct lf_gap_group {
	const uint32_t *gaps; /* places in the list of gaps, in its order */
	uint32_t n;
	int64_t start, end;   /* the earliest, the latest */
	int64_t longest;      /* seconds of the longest of them */
	const struct lf_gap *first;
};

struct lf_gap_groups {
	struct lf_gap_group *list; /* unexplained before explained, then by length, then by start */
	uint32_t n;
	uint32_t *gaps;
};

bool lf_gap_groups_make(const struct lf_coverage *c, struct lf_gap_groups *out); /* false when memory is out */
void lf_gap_groups_free(struct lf_gap_groups *g);

/*
 * Where the gaps of a group lie: "account A, region R, trail T", or "A: R1, R2; B: R1" behind the trail, all of them.
 */
void lf_gap_group_where(const struct lf_coverage *c, const struct lf_gap_group *g, struct lf_buf *out);

#endif
