/* Members that do not count in a comparison: JSON Pointers (RFC 6901), with "*" for any one step. */
#ifndef LF_COMPARE_IGNORE_H
#define LF_COMPARE_IGNORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"

struct lf_ignored_path {
	const char *text;       /* as given */
	struct lf_slice *steps; /* ~0 and ~1 resolved */
	size_t n;
};

struct lf_ignore {
	struct lf_ignored_path paths[LF_MAX_IGNORE];
	size_t n;
	struct lf_arena arena;
};

/* Fails with a message when a path is no pointer, or names the whole record. */
int lf_ignore_init(struct lf_ignore *g, const char *const *paths, size_t n, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull(1, 4)));
void lf_ignore_free(struct lf_ignore *g);

/* The paths that are alive at the top of a record: a bit for each. */
uint64_t lf_ignore_start(const struct lf_ignore *g);

/*
 * Of the paths that are alive at a container depth steps below the top, those that go on with step (a name without
 * escapes, or a decimal index).  *ignored: one of them ends there, and what step leads to does not count.
 */
uint64_t lf_ignore_step(const struct lf_ignore *g, uint64_t alive, size_t depth, struct lf_slice step, bool *ignored);

#endif
