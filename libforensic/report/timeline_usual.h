/* What stands behind a row's signs and time in a timeline's text, where the usual columns were asked for. */
#ifndef LF_REPORT_TIMELINE_USUAL_H
#define LF_REPORT_TIMELINE_USUAL_H

#include "report/timeline_cells.h"
#include "timeline/timeline.h"

/*
 * "W iam:CreateUser AccessDenied  user/alice  198.51.100.7  123456789012 eu-central-1": the event, who, from where, and
 * the place. What one of the first two does not need of its room is the other's; an error code is cut last, and on a
 * narrow line rather takes the room of account and region.
 */
void lf_usual_cells(const struct lf_write_opts *o, const struct lf_timeline_row *row, struct lf_buf *out);

#endif
