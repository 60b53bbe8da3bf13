/*
 * The one pass over an image: windows to threads, hits to finds, finds to whoever wants them, in the order of the image and
 * each once, whatever the windows and threads are.  What lies inside of a find that is complete is counted, not given.
 */
#ifndef LF_CARVE_PASS_H
#define LF_CARVE_PASS_H

#include "carve/detect.h"

/* Where a pass stands: all finds that start before settled were given, none that start behind it; cover is the end of the furthest
 * complete find so far.  A later pass that starts here goes on as if there had been no break. */
struct lf_pass_place {
	uint64_t settled, cover;
	struct lf_tally tally;
};

struct lf_pass {
	struct lf_image *image;
	const struct lf_area *ranges; /* only these, ascending and apart; NULL for all */
	size_t n_ranges;
	struct lf_detect_opts detect;
	unsigned jobs;
	size_t window;                /* bytes; 0 for 16 MiB */
	/* Takes over what the find holds.  One thread at a time, in order. */
	int (*found)(void *arg, struct lf_find *f, struct lf_err *err);
	/* A place to come back to, each interval bytes: all finds before it were given. */
	int (*checkpoint)(void *arg, const struct lf_pass_place *at, struct lf_err *err);
	uint64_t interval;            /* 0: no checkpoints */
	void (*progress)(void *arg, uint64_t done, uint64_t total);
	void *arg;
	const volatile int *stop; /* not 0: end after the windows at work, with a checkpoint; NULL without */
};

/* From *place (zeros for the beginning) to the end, or to a stop; *place is then where it ended.  Returns 0, 1 when it was
 * stopped, -1 on an error. */
int lf_pass_run(const struct lf_pass *p, struct lf_pass_place *place, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

#endif
