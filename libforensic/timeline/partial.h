/*
 * Partial records (lines of a console's event history as CSV) beside the full records of the same events.  A line names
 * no account, has a user name for a principal, and lacks what its CSV has no column for.  Where the columns that it has
 * say the same as a full record of its eventID, of whatever account (of its own, where the CSV does name one), the line
 * is one more place of that record: it is absorbed.  Where no full record of its eventID says the same, it contradicts
 * them: all of them and the line are a conflict.  Lines without a full record stand for themselves: equal ones are
 * copies of one another, others a conflict where one has a column that says something else than the first line's.
 *
 * Memory grows with partial rows (about 160 bytes each), not with full ones.
 */
#ifndef LF_TIMELINE_PARTIAL_H
#define LF_TIMELINE_PARTIAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/index.h"
#include "base/list.h"
#include "base/seed.h"
#include "timeline/row.h"
#include "timeline/sort.h"

#define LF_PARTIAL_TOLD 8 /* columns that a partial row and a full one may have in common */

/* Where a partial row stands, its version, and its place as it is shown: len bytes of texts. */
struct lf_partial_place {
	uint32_t object, record, version, len;
	uint64_t at;
};

struct lf_partials {
	struct lf_seed seeds[2];
	/* struct lf_partial_event (timeline/partial_table.h): by eventID, and by account where the rows name one */
	struct lf_list events;
	struct lf_list sets;     /* struct lf_partial_set: rows of one event whose told columns are equal */
	struct lf_list versions; /* struct lf_partial_version: rows of one set that are equal */
	struct lf_index by_event, by_set, by_version;
	uint8_t masks[1 << LF_PARTIAL_TOLD]; /* which told columns rows have, a bit each: all that occur */
	bool seen[1 << LF_PARTIAL_TOLD];
	unsigned n_masks;
	struct lf_partial_place *places; /* n; once found those of absorbed rows, by the row that they are a place of */
	size_t n, cap;
	struct lf_buf texts;
};

void lf_partials_init(struct lf_partials *p, const struct lf_seed *seed);
void lf_partials_free(struct lf_partials *p);

/* The rows that are compared. */
struct lf_partial_rows {
	struct lf_sorter *rows;
	bool (*shows)(void *arg, const struct lf_row *row);          /* whether a row counts; NULL for all */
	void (*place)(const struct lf_row *row, struct lf_buf *out); /* appends where a row stands */
	void *arg;
};

/* Compares them in two passes over rows, which then stands before its first row again. */
int lf_partials_find(struct lf_partials *p, const struct lf_partial_rows *rows, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/* What was found of a row, partial or full. */
struct lf_partial_fate {
	bool absorbed;    /* it is not shown: it is a place of another */
	bool absorbs;     /* lf_partials_places() may know more places of the first of its copies */
	bool known;       /* partial and full rows of its event were compared: conflict is all there is to say */
	bool conflict;    /* it contradicts other rows of its event, which are shown too */
	uint32_t version; /* of a partial row: equal for equal ones, of no two events the same */
};

/* Many threads at once, as for the next. */
void lf_partials_of(const struct lf_partials *p, const struct lf_row *r, struct lf_partial_fate *fate);

/* The n places that the row of an object absorbed, in their order. */
const struct lf_partial_place *lf_partials_places(const struct lf_partials *p, uint32_t object, uint32_t record, size_t *n);

#endif
