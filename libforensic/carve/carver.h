/* A run of carving: what it was asked, what it opened, and what came of it. */
#ifndef LF_CARVE_CARVER_H
#define LF_CARVE_CARVER_H

#include "carve/join.h"
#include "carve/pass.h"
#include "carve/ranges.h"
#include "carve/result.h"
#include "carve/rows.h"
#include "carve/state.h"
#include "carve/store.h"

struct lf_carve {
	struct lf_carve_opts o;       /* pointers are the caller's during lf_carve_open() only; see below */
	char *carved;                 /* DIR/files */
	struct lf_image **images;
	size_t n_images;
	struct lf_area *ranges;
	size_t n_ranges;
	struct lf_carve_store *store;
	struct lf_case *c;            /* the digests given and the carved files */
	struct lf_join *join;
	unsigned char identity[LF_SHA256_LEN];
	struct lf_carve_place place;
	int fd[LF_ROWS_FILES];
	const char *folder;           /* of temporary files */
	struct lf_carve_result result;
	bool has_result;
	int64_t started, finished;
	unsigned image;               /* at work */
	uint64_t done;                /* bytes of the images before it */
};

/* The rows of carve.jsonl, read back: calls row(arg, line, len) for each.  After lf_carve_run(). */
int lf_carve_each_row(struct lf_carve *c, int (*row)(void *arg, const char *line, size_t len, struct lf_err *err),
    void *arg, struct lf_err *err) __attribute__((warn_unused_result, nonnull(1, 2, 4)));

#endif
