/* The time of the evidence, and which digests speak for any. */
#ifndef LF_COVERAGE_BOUNDS_H
#define LF_COVERAGE_BOUNDS_H

#include <stdbool.h>
#include <stdint.h>

#include "coverage/seen.h"
#include "proof/rows.h"

struct lf_bounds {
	int64_t first, last; /* LF_TIME_NONE without any */
	int64_t shown_first, shown_last;
	bool proved, beyond; /* struct lf_lines says what these are */
};

/*
 * Where a digest is verified the bounds are those of verified digests: anybody can plant others, and logs that no
 * digest lists, and date them as he likes.  What lies outside is shown while no hole of over a week is between.  Where
 * none is, bounds are those of all digests and logs; for want of any, those of digests that cover no time.  n log n in
 * what lies outside.
 */
int lf_bounds_find(const struct lf_proof *p, const struct lf_seens *seens, int64_t since, int64_t until, struct lf_bounds *out,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/* Whether a digest covers time at all; one that is proved does, whatever its container looks like. */
bool lf_digest_speaks(const struct lf_digest_row *d);

/* From when on it does. */
int64_t lf_digest_start(const struct lf_digest_row *d);

#endif
