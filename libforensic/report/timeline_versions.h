/* Rows of a timeline, one after the other, that are versions of one event in conflict: which columns differ. */
#ifndef LF_REPORT_TIMELINE_VERSIONS_H
#define LF_REPORT_TIMELINE_VERSIONS_H

#include "base/buf.h"
#include "timeline/timeline.h"

/* A run of versions.  All zero is one without rows. */
struct lf_versions {
	struct lf_buf first; /* the columns of the first row that come from the event itself */
	size_t end[LF_COL_OF_EVENT];
	uint32_t differ;     /* a bit for each column that is not the same in all rows: 1 << enum lf_column */
	bool any, many;      /* there is a row; there are two or more */
};

void lf_versions_free(struct lf_versions *v);

/* Whether a row can stand in a run at all. */
bool lf_versions_take(const struct lf_timeline_row *row);

/* Adds a row of which that is so.  False when it is of another event than those in the run, which stays as it is. */
bool lf_versions_add(struct lf_versions *v, const struct lf_timeline_row *row);

/* Adds the rows of a run that comes behind.  False when one of the two is empty, or they are of different events. */
bool lf_versions_join(struct lf_versions *v, const struct lf_versions *behind);

/* Takes all rows out, and keeps the memory. */
void lf_versions_clear(struct lf_versions *v);

/* The event's id. */
struct lf_slice lf_versions_id(const struct lf_versions *v);

#endif
