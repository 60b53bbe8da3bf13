/*
 * The one pass over an image: windows to threads, hits to finds, finds to whoever wants them, each once, and the same
 * ones whatever the windows and threads are.  What lies inside of a find that is complete is counted, not given: binary
 * finds can only lie in binary ones, text in both.
 */
#ifndef LF_CARVE_PASS_H
#define LF_CARVE_PASS_H

#include "carve/detect.h"
#include "carve/text.h"
#include "carve/text_walk.h"

/*
 * A hit further on leads to nothing that begins before: text does so no further back, with what stands in front of it.
 */
#define LF_PASS_BACK(max_record) (LF_TEXT_BACK(max_record) + LF_WALK_FRONT)

/*
 * Where a pass stands, to come back to: windows before settled are over; late finds that start before it, and others of
 * windows before reached, were given.  The covers are the ends of the furthest complete finds that start before
 * settled: binary ones, and all.
 */
struct lf_pass_place {
	uint64_t settled, reached;
	uint64_t binary_cover, cover;
	struct lf_tally tally;
};

struct lf_pass {
	struct lf_image *image;
	const struct lf_area *ranges; /* only these, ascending and apart; NULL for all */
	size_t n_ranges;
	struct lf_detect_opts detect;
	unsigned jobs;
	size_t window;                /* bytes; 0 for LF_PASS_WINDOW */
	/*
	 * Borrows the find, and may change it.  One thread at a time; in an order that depends on the image alone, but
	 * for text, which comes in its own order somewhere between the rest.  tally is the place's.
	 */
	int (*found)(void *arg, struct lf_find *f, struct lf_tally *tally, struct lf_err *err);
	/* Called about each interval bytes, when all that the place says was given.  NULL for none. */
	int (*checkpoint)(void *arg, const struct lf_pass_place *at, struct lf_err *err);
	uint64_t interval;
	void (*progress)(void *arg, uint64_t done, uint64_t total); /* or NULL */
	void *arg;
	const volatile int *stop;     /* not 0: end after the windows at work; NULL without */
};

/* Fits the second level of a CPU's cache, and is scanned while it is there. */
#define LF_PASS_WINDOW ((size_t)512 << 10)

/*
 * From *place (zeros for the beginning) to the end, or to a stop; *place is then where it ended.  Returns 0, 1 when it
 * was stopped, -1 on an error.
 */
int lf_pass_run(const struct lf_pass *p, struct lf_pass_place *place, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

#endif
