/* The heat map of coverage: account and region by hour, gaps drawn on it, and who touched logging marked. */
#ifndef LF_REPORT_GAPS_MAP_H
#define LF_REPORT_GAPS_MAP_H

#include "report/gaps_groups.h"
#include "report/gaps_slots.h"

/*
 * Appends the map.  Gaps link to "#gap-N", N being the place of their group from 1 on, where that is at most linked.  A
 * page holds a few thousand cells however much there is: then slots are longer and lines are joined.  False when memory
 * is out.
 */
bool lf_gaps_map(const struct lf_coverage *c, const struct lf_gap_groups *groups, uint32_t linked, struct lf_buf *out);

/* The marks of impairments over a row of slots (gaps_marks.c). */
struct lf_marks {
	const struct lf_coverage *c;
	uint32_t *order; /* impairments by account, then by time */
	uint32_t n;
	bool *drawn;
};
bool lf_marks_make(const struct lf_coverage *c, struct lf_marks *out); /* false when memory is out */
void lf_marks_free(struct lf_marks *m);

bool lf_marks_any(const struct lf_marks *m, const char *account);

/* Appends a row with the marks of an account, or nothing where it has none. */
void lf_marks_account(struct lf_marks *m, const struct lf_slots *slots, const char *account, struct lf_buf *out);
/* The same for all that no account's row has shown. */
void lf_marks_rest(struct lf_marks *m, const struct lf_slots *slots, struct lf_buf *out);

/* The picture of a row is as wide as this, and so high. */
#define LF_MAP_WIDTH  10000
#define LF_MAP_HEIGHT 140

/* Where a time lies in it. */
int64_t lf_map_x(const struct lf_slots *s, int64_t t);

/* The times below a picture of rows; and, once on a page, the patterns that tell states apart where there is no
 * colour. */
void lf_map_axis(const struct lf_slots *s, struct lf_buf *out);
void lf_map_patterns(struct lf_buf *out);

#endif
