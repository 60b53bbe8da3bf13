/*
 * A gzip member in two fragments: its beginning runs into something else at the edge of a block, and goes on at another
 * block near by.  A join is accepted only when CRC-32 and length are right and the content is JSON to its end: nothing
 * is guessed.
 */
#ifndef LF_CARVE_JOIN_H
#define LF_CARVE_JOIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "carve/find.h"
#include "carve/tally.h"

#define LF_JOIN_BLOCK  4096u
#define LF_JOIN_BLOCKS 256u    /* how far the other fragment lies from the edge, in blocks, unless asked otherwise */
#define LF_JOIN_TRIALS 8192u   /* for one member, likewise */
#define LF_JOIN_TRIALS_MAX (UINT64_C(1) << 28) /* in one run */

struct lf_join_opts {
	unsigned blocks; /* forwards and backwards */
	/*
	 * trial inflations for one member, one more for each 16 KiB inflated: the same on every machine, as a time
	 * would not be
	 */
	unsigned trials;
	uint64_t max;    /* bytes of content */
};

struct lf_join; /* of one thread, used again and again */

struct lf_join *lf_join_new(const struct lf_join_opts *o, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_join_free(struct lf_join *j);

/*
 * Looks for the rest of f, a joinable find of image; when there is one, and one only (two with different content are
 * none), f becomes that: joined, whole, with both runs, its content and its records.  Counts its trials in tally, and
 * tries nothing when the run has used up its own.  Returns -1 when memory is out.
 */
int lf_join_find(struct lf_join *j, struct lf_image *image, struct lf_find *f, struct lf_tally *tally,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull));

#endif
