/*
 * What is to be said of a gap: from, to, how long, why, who, by which events, what ended it, what still saw, what is
 * not known.
 */
#ifndef LF_REPORT_GAPS_TELL_H
#define LF_REPORT_GAPS_TELL_H

#include "report/gaps_groups.h"

/* "UNEXPLAINED 3d04h digest-missing, 17 gaps at once", "EXPLAINED logging-stopped without an end": our own words. */
void lf_gap_title(const struct lf_gap_group *g, struct lf_buf *out);

/*
 * Calls say for each thing, with a label of ours ("" where it goes on with the one before) and a text that may come
 * from evidence and is not made safe.  Long lists are cut, and say so, unless all is wanted.  False when memory is out.
 */
bool lf_gap_tell(const struct lf_coverage *c, const struct lf_gap_group *g, bool all,
    void (*say)(void *arg, const char *label, const char *text), void *arg) __attribute__((warn_unused_result));

#endif
