/* The pictures of a timeline's page. */
#ifndef LF_REPORT_TIMELINE_CHARTS_H
#define LF_REPORT_TIMELINE_CHARTS_H

#include "base/buf.h"
#include "report/timeline_stats.h"

/* Events per hour, stacked by result; below it the same of each account, where there are several.  level is that of the
 * heading. */
void lf_charts_hours(const struct lf_timeline_stats *stats, unsigned level, struct lf_buf *out);

/* Events per hour, stacked by what proves them; nothing where nobody asked for that. */
void lf_charts_proof(const struct lf_timeline_stats *stats, unsigned level, struct lf_buf *out);

/* Who, whence, what: the most frequent names of each kind. */
void lf_charts_tops(const struct lf_timeline_stats *stats, unsigned level, struct lf_buf *out);

#endif
