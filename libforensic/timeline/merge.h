/* Many sorted sources as one: a tournament, in which an item of k sources costs log2(k) comparisons. */
#ifndef LF_TIMELINE_MERGE_H
#define LF_TIMELINE_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "timeline/entries.h"
#include "timeline/sort.h"
#include "timeline/spills.h"

/* Sorted entries in memory, or a run. */
struct lf_merge_source {
	uint64_t prefix;
	const void *item; /* its next one; NULL at the end */
	const struct lf_entry *entries, *entries_end; /* entries NULL: a run */
	struct lf_spill_reader reader;
};

struct lf_merge {
	const struct lf_sort_order *order;
	struct lf_merge_source *sources;
	uint32_t *losers; /* [0] is the winner */
	size_t n, cap;
	size_t fetch; /* bytes of an item behind its first that are asked for ahead */
	bool started;
};

void lf_merge_init(struct lf_merge *m, const struct lf_sort_order *order);
void lf_merge_free(struct lf_merge *m);

/* Makes room for n sources, of which there is none yet. */
int lf_merge_reset(struct lf_merge *m, size_t n, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/* Add a source; there must be room.  usual: bytes that an item has in the mean. */
void lf_merge_add_entries(struct lf_merge *m, const struct lf_entry *e, size_t n, size_t usual);
void lf_merge_add_run(struct lf_merge *m, const struct lf_spills *runs, const struct lf_spill *run, char *buffer, size_t cap);

/* The next item of all, valid until the next call; NULL at the end. */
int lf_merge_next(struct lf_merge *m, const void **item, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

#endif
