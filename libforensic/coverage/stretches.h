/* How long each trail went on without a break, wherever it was. */
#ifndef LF_COVERAGE_STRETCHES_H
#define LF_COVERAGE_STRETCHES_H

#include "coverage/clues.h"

/*
 * The unbroken stretches of the lines of all trails: no hole is in one, and no restart.  By what is proved alone, where
 * anything is.  n log n in spans.
 */
int lf_stretches_make(const struct lf_lines *l, const struct lf_survival *survival, struct lf_stretches *out)
    __attribute__((warn_unused_result, nonnull));
void lf_stretches_free(struct lf_stretches *s);

/* Whether one stretch of a trail covers [start, end).  log n. */
bool lf_stretches_cover(const struct lf_stretches *s, uint32_t trail, int64_t start, int64_t end);

#endif
