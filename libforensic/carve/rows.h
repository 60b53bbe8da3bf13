/*
 * carve.jsonl and events.jsonl: a row for each location, in the order of the images, with its final state; and what
 * they add up to.
 */
#ifndef LF_CARVE_ROWS_H
#define LF_CARVE_ROWS_H

#include "base/err.h"
#include "carve/result.h"
#include "carve/store.h"

#define LF_ROWS_FILES 4

/* What making rows and records takes. */
struct lf_rows_opts {
	struct lf_carve_store *store;
	int fd[LF_ROWS_FILES]; /* open temporary files, taken over: the first for rows, the others for records */
	const char *folder;    /* where they lie, for messages */
	uint64_t memory;       /* for sorting */
	unsigned jobs;
};

/*
 * Writes both files; counts finds into result, whose images and proof are there, and marks the listed logs that were
 * found.
 */
int lf_rows_write(const struct lf_rows_opts *o, struct lf_carve_result *result, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

#endif
