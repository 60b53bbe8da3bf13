/* What stands above and below the rows of a timeline's text form; and series of hours made to fit a picture's width. */
#ifndef LF_REPORT_TIMELINE_PICTURE_H
#define LF_REPORT_TIMELINE_PICTURE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "report/timeline_stats.h"

/* Bins of equal length that cover a series from its first hour to its last. */
struct lf_bins {
	int64_t start, seconds; /* of the first bin; of each */
	size_t n;
};

/* At most max bins (max > 0), none without hours. */
struct lf_bins lf_bins_of(const struct lf_timeline_stats *stats, size_t max);

/* Sums a series into ok and failed (each of b->n numbers). */
void lf_bins_fill(const struct lf_bins *b, const struct lf_stats_hour *hours, size_t n, uint64_t *ok, uint64_t *failed);

/* "hour", "3 hours", "day", "2 days": the length of a bin, in buf. */
const char *lf_bins_length(int64_t seconds, char buf[32]);

/* Breaks the lines of out from a place on at blanks, so that they fit the width; SGR sequences take no column. */
void lf_picture_fold(const struct lf_write_opts *o, struct lf_buf *out, size_t from);

/* How many events, from when to when, and events per hour as a line of signs. */
void lf_picture_text(const struct lf_write_opts *o, const struct lf_timeline_stats *stats, struct lf_buf *out);

/* What was shown, what was not, and what could not be read. */
void lf_picture_summary(const struct lf_write_opts *o, const struct lf_timeline_summary *s, struct lf_buf *out);

#endif
