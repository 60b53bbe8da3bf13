/* The inside of a comparison. */
#ifndef LF_COMPARE_STATE_H
#define LF_COMPARE_STATE_H

#include "compare/diff.h"
#include "compare/item.h"
#include "compare/side.h"

/* Temporary files, opened before rights are given up: one for each sorter that there will be. */
enum lf_diff_file {
	LF_DIFF_FILE_RESULTS,
	LF_DIFF_FILE_KEYS,
	LF_DIFF_FILE_NOTES,
	LF_DIFF_FILE_RECORDS,
	LF_DIFF_FILES
};

struct lf_diff {
	struct lf_side side[2];
	struct lf_seed seed;
	struct lf_ignore ignore;
	bool objects_only, events_only;
	uint64_t memory;
	struct lf_echoes echoes;
	int fd[LF_DIFF_FILES];      /* -1 once a sorter has it */
	const char *tmpdir;
	unsigned jobs;
	struct lf_sorter *results;  /* struct lf_item_head */
	struct lf_buf item;         /* one of them, on its way there */
	struct lf_diff_summary summary;
	struct lf_buf locator[2];   /* of the row that was given last */
};

/* Makes the sorter for a file; memory as lf_sorter_new() has it. */
int lf_diff_sorter(struct lf_diff *d, enum lf_diff_file file, struct lf_sort_order order, uint64_t memory,
    struct lf_sorter **out, struct lf_err *err) __attribute__((warn_unused_result));

/* Whether [first, last] lies outside the common window; all does when there is none.  Unknown times lie within one. */
bool lf_diff_outside(const struct lf_diff *d, int64_t first, int64_t last);

/* Adds a difference to the results.  head: all but size, end and fields. */
int lf_diff_put(struct lf_diff *d, struct lf_item_head *head, const struct lf_slice text[LF_DIFF_TEXTS],
    struct lf_slice fields, struct lf_err *err) __attribute__((warn_unused_result));

/* ---- join.c ---- */

/*
 * Goes through the notes of both sides, which are all in.  What can be told from them goes to the results; for the
 * rest, records are marked to be read again, and *marked is set.  Notes that carry their records tell all.
 */
int lf_join_run(struct lf_diff *d, struct lf_sorter *notes, bool carried, bool *marked, struct lf_err *err)
    __attribute__((warn_unused_result));

/* ---- keys.c ---- */

/* The objects of both sides by their keys, once all are read. */
int lf_keys_sort(struct lf_diff *d, struct lf_sorter **out, struct lf_err *err) __attribute__((warn_unused_result));

/* Goes through them: with tell, differences go to the results; without, the hashes that it will take are asked for. */
int lf_keys_join(struct lf_diff *d, struct lf_sorter *keys, bool tell, struct lf_err *err)
    __attribute__((warn_unused_result));

#endif
