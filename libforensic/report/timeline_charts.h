/* The pictures of a timeline's page. */
#ifndef LF_REPORT_TIMELINE_CHARTS_H
#define LF_REPORT_TIMELINE_CHARTS_H

#include "base/buf.h"
#include "report/timeline_stats.h"

/* Events per hour, stacked by result; below it the same of each account, where there are several. */
void lf_charts_hours(const struct lf_timeline_stats *stats, struct lf_buf *out);

/* Who, whence, what: the most frequent names of each kind. */
void lf_charts_tops(const struct lf_timeline_stats *stats, struct lf_buf *out);

#endif
