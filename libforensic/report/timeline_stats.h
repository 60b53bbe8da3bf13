/*
 * Counts over the rows of a timeline: events per hour by result, and who, what and where most often.  Memory is
 * bounded, whatever the rows hold: names are cut and counted up to a number, and hours become longer slots when there
 * are too many of them.
 */
#ifndef LF_REPORT_TIMELINE_STATS_H
#define LF_REPORT_TIMELINE_STATS_H

#include <stdint.h>

#include "base/err.h"
#include "timeline/timeline.h"

enum lf_top { LF_TOP_PRINCIPAL, LF_TOP_SOURCE_IP, LF_TOP_SERVICE, LF_TOP_NAME, LF_TOP_ERROR, LF_TOP_ACCOUNT, LF_TOPS };

#define LF_STATS_NAMES    (1U << 16) /* distinct names of a kind that are counted one by one; the rest is "others" */
#define LF_STATS_NAME_MAX 160        /* bytes kept of a name; a longer one ends in "...", still told from others */
#define LF_STATS_SLOTS    4096       /* slots of a series; beyond it all slots become longer */
#define LF_STATS_ACCOUNTS 64         /* accounts that have a series of their own: those seen first */

struct lf_top_row {
	const char *name;
	uint64_t n;
};

/* Events of one hour, or of a longer slot: all have the same length, lf_timeline_stats_slot(). */
struct lf_stats_hour {
	int64_t start;
	uint64_t ok, failed; /* by result */
};

/* Events of the same slots by what proves them, in the order of enum lf_integrity. */
struct lf_stats_proof {
	uint64_t n[LF_INTEGRITY_UNKNOWN + 1];
};

struct lf_stats_totals {
	uint64_t rows, failed, conflicts; /* conflicts: rows, not events */
	uint64_t copies;                  /* further places of the rows */
	uint64_t no_time, no_id;
	uint64_t integrity[LF_INTEGRITY_UNKNOWN + 1];
	int64_t first, last;              /* LF_TIME_NONE without a row that has a time */
};

struct lf_timeline_stats;

int lf_timeline_stats_new(struct lf_timeline_stats **out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_timeline_stats_free(struct lf_timeline_stats *s);

/* In any order; in that of the timeline it is faster. */
int lf_timeline_stats_add(struct lf_timeline_stats *s, const struct lf_timeline_row *row, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/* All rows are in: sorts.  Rows come by falling n, then name. */
int lf_timeline_stats_finish(struct lf_timeline_stats *s, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

const struct lf_top_row *lf_timeline_stats_top(const struct lf_timeline_stats *s, enum lf_top which, size_t *n,
    uint64_t *others);

const struct lf_stats_totals *lf_timeline_stats_totals(const struct lf_timeline_stats *s);

/* Seconds of a slot: 3600 or more. */
int64_t lf_timeline_stats_slot(const struct lf_timeline_stats *s);

/* Hours that hold events, in order. */
const struct lf_stats_hour *lf_timeline_stats_hours(const struct lf_timeline_stats *s, size_t *n);
/* By what proves the events of each of them: as many. */
const struct lf_stats_proof *lf_timeline_stats_proof(const struct lf_timeline_stats *s);
/* The same of one account; none where it has no series. */
const struct lf_stats_hour *lf_timeline_stats_hours_of(const struct lf_timeline_stats *s, const char *account,
    size_t *n);

#endif
