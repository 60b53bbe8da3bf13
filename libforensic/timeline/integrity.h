/* What the proof says of the objects that rows come from. */
#ifndef LF_TIMELINE_INTEGRITY_H
#define LF_TIMELINE_INTEGRITY_H

#include "base/err.h"

struct lf_timeline;
struct lf_proof;

/* Sets integrity of every object, and hidden of those that no digest of an asked-for trail lists. */
int lf_integrity_judge(struct lf_timeline *t, const struct lf_proof *p, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

#endif
