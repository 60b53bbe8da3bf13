/* What the proof says of the objects that rows come from. */
#ifndef LF_TIMELINE_INTEGRITY_H
#define LF_TIMELINE_INTEGRITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct lf_select;
struct lf_timeline;
struct lf_proof;

/*
 * What each log that is there is: an enum lf_integrity for each present row of the body.  The caller's to free; NULL
 * when memory is out.
 */
uint8_t *lf_integrity_of_logs(const struct lf_proof *p, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/*
 * Whether a digest of a trail that s asks for lists each log that is there: one for each present row of the body, and
 * false behind them for what is no log.  The caller's to free; NULL when memory is out.
 */
bool *lf_integrity_trails(const struct lf_proof *p, const struct lf_select *s, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/*
 * Sets integrity and in_hole of every object, integrity of what lineage goes by, and hidden of objects that no digest
 * of an asked-for trail lists.
 */
int lf_integrity_judge(struct lf_timeline *t, const struct lf_proof *p, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

#endif
