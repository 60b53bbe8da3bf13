/*
 * External merge sort with bounded memory: items are copied in, sorted runs go to a temporary file when memory is full,
 * and any number of passes over all items in order may follow.
 */
#ifndef LF_TIMELINE_SORT_H
#define LF_TIMELINE_SORT_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* An item starts with its size in bytes, a uint32_t that is a multiple of 8. */
struct lf_sort_order {
	uint64_t (*prefix)(const void *item); /* a number in the order of cmp: differing prefixes decide */
	int (*cmp)(const void *a, const void *b); /* total: 0 only for items that may stand in either order */
};

struct lf_sorter;

/*
 * fd is an open, empty temporary file (lf_temporary()) in folder (named in messages; must outlive the sorter), which
 * the sorter closes, also when it cannot be made; memory the bytes that items and their bookkeeping may take in all,
 * merging included (256 KiB at least; more where two items are larger).
 */
int lf_sorter_new(struct lf_sort_order order, uint64_t memory, int fd, const char *folder, unsigned jobs, struct lf_sorter **out,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_sorter_free(struct lf_sorter *s);

/*
 * Copies the items in [items, items + len), one after another.  An item larger than memory is taken all the same.
 * Fails when the temporary file cannot be written ("cannot write to the temporary folder FOLDER: ..."); the sorter is
 * then only to be freed.
 */
int lf_sorter_add(struct lf_sorter *s, const void *items, size_t len, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/*
 * No more items: sorts what is in memory (with jobs threads), and merges runs until few enough are left for one pass.
 */
int lf_sorter_finish(struct lf_sorter *s, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/* Starts a pass over all items, from the first.  The first pass needs none. */
int lf_sorter_rewind(struct lf_sorter *s, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/*
 * The next item, valid until the next call; *item NULL at the end.  Returns -1 when the temporary file cannot be read,
 * or holds something else than was written.
 */
int lf_sorter_next(struct lf_sorter *s, const void **item, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

uint64_t lf_sorter_spilled(const struct lf_sorter *s); /* bytes written to the temporary file so far */

#endif
