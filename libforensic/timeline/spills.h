/* Sorted runs of items, spilled to a temporary file: written one behind another, read back piece by piece. */
#ifndef LF_TIMELINE_SPILLS_H
#define LF_TIMELINE_SPILLS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Two sums over the 8-byte words of a run, the second over the first: they tell what a disk did to it. */
struct lf_spill_sum {
	uint64_t words, sums;
};

struct lf_spill {
	uint64_t offset, length; /* in the file */
	uint32_t smallest, largest; /* items in it */
	struct lf_spill_sum sum;
};

struct lf_spills {
	int fd;
	const char *folder;   /* where it lies, for messages */
	uint64_t end;         /* of the file */
	struct lf_spill *list;  /* n runs that wait to be merged, oldest first, from the first on */
	size_t first, n, cap;
};

void lf_spills_init(struct lf_spills *r, int fd, const char *folder);
void lf_spills_free(struct lf_spills *r); /* closes the file */

/* The i-th run. */
const struct lf_spill *lf_spills_at(const struct lf_spills *r, size_t i);

/* Forgets the k oldest runs; their room on the disk is given back where the file system can. */
void lf_spills_drop(struct lf_spills *r, size_t k);

/* ---- Writing: one run at a time ---- */

struct lf_spill_writer {
	struct lf_spills *runs;
	char *buffer;
	size_t cap, used; /* cap: a multiple of 8 */
	struct lf_spill run;
};

void lf_spill_begin(struct lf_spill_writer *w, struct lf_spills *runs, char *buffer, size_t cap);
int lf_spill_put(struct lf_spill_writer *w, const void *item, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/* Adds the run to the list. */
int lf_spill_end(struct lf_spill_writer *w, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/* ---- Reading ---- */

struct lf_spill_reader {
	int fd;
	const char *folder;
	const struct lf_spill *run;
	char *buffer;
	size_t cap, at, filled; /* cap: a multiple of 8, at least run->largest */
	uint64_t read;          /* bytes of the run that were read */
	struct lf_spill_sum sum;
};

/* The run must stay where it is. */
void lf_spill_open(struct lf_spill_reader *r, const struct lf_spills *runs, const struct lf_spill *run, char *buffer, size_t cap);

/* The next item, valid until the next call; *item NULL at the end.  What is not as it was written is an error. */
int lf_spill_next(struct lf_spill_reader *r, const void **item, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

#endif
