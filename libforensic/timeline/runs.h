/* Sorted runs of items in a temporary file: written one behind another, read back piece by piece. */
#ifndef LF_TIMELINE_RUNS_H
#define LF_TIMELINE_RUNS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Two sums over the 8-byte words of a run, the second over the first: they tell what a disk did to it. */
struct lf_run_sum {
	uint64_t words, sums;
};

struct lf_run {
	uint64_t offset, length; /* in the file */
	uint32_t smallest, largest; /* items in it */
	struct lf_run_sum sum;
};

struct lf_runs {
	int fd;
	const char *folder;   /* where it lies, for messages */
	uint64_t end;         /* of the file */
	struct lf_run *list;  /* n runs that wait to be merged, oldest first, from the first on */
	size_t first, n, cap;
};

void lf_runs_init(struct lf_runs *r, int fd, const char *folder);
void lf_runs_free(struct lf_runs *r); /* closes the file */

/* The i-th run. */
const struct lf_run *lf_runs_at(const struct lf_runs *r, size_t i);

/* Forgets the k oldest runs; their room on the disk is given back where the file system can. */
void lf_runs_drop(struct lf_runs *r, size_t k);

/* ---- Writing: one run at a time ---- */

struct lf_run_writer {
	struct lf_runs *runs;
	char *buffer;
	size_t cap, used; /* cap: a multiple of 8 */
	struct lf_run run;
};

void lf_run_begin(struct lf_run_writer *w, struct lf_runs *runs, char *buffer, size_t cap);
int lf_run_put(struct lf_run_writer *w, const void *item, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/* Adds the run to the list. */
int lf_run_end(struct lf_run_writer *w, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/* ---- Reading ---- */

struct lf_run_reader {
	int fd;
	const char *folder;
	const struct lf_run *run;
	char *buffer;
	size_t cap, at, filled; /* cap: a multiple of 8, at least run->largest */
	uint64_t read;          /* bytes of the run that were read */
	struct lf_run_sum sum;
};

/* The run must stay where it is. */
void lf_run_open(struct lf_run_reader *r, const struct lf_runs *runs, const struct lf_run *run, char *buffer, size_t cap);

/* The next item, valid until the next call; *item NULL at the end.  What is not as it was written is an error. */
int lf_run_next(struct lf_run_reader *r, const void **item, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

#endif
