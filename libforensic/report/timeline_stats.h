/* Counts over the rows of a timeline: events per hour by result, and who, what and where most often. */
#ifndef LF_REPORT_TIMELINE_STATS_H
#define LF_REPORT_TIMELINE_STATS_H

#include <stdint.h>

#include "base/err.h"
#include "timeline/timeline.h"

enum lf_top { LF_TOP_PRINCIPAL, LF_TOP_SOURCE_IP, LF_TOP_SERVICE, LF_TOP_NAME, LF_TOP_ERROR, LF_TOP_ACCOUNT, LF_TOPS };

#define LF_STATS_NAMES (1U << 16) /* distinct names that are counted one by one; the rest is "others" */

struct lf_top_row {
	const char *name;
	uint64_t n;
};

/* Events of one hour, slots of equal length. */
struct lf_stats_hour {
	int64_t start;       /* of the hour */
	uint64_t ok, failed; /* by result */
};

struct lf_timeline_stats;

int lf_timeline_stats_new(struct lf_timeline_stats **out, struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_timeline_stats_free(struct lf_timeline_stats *s);

int lf_timeline_stats_add(struct lf_timeline_stats *s, const struct lf_timeline_row *row, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/* All rows are in: sorts.  Rows come by falling n, then name. */
int lf_timeline_stats_finish(struct lf_timeline_stats *s, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

const struct lf_top_row *lf_timeline_stats_top(const struct lf_timeline_stats *s, enum lf_top which, size_t *n, uint64_t *others);

/* Hours that hold events, in order. */
const struct lf_stats_hour *lf_timeline_stats_hours(const struct lf_timeline_stats *s, size_t *n);
/* The same of one account. */
const struct lf_stats_hour *lf_timeline_stats_hours_of(const struct lf_timeline_stats *s, const char *account, size_t *n);

#endif
