/* Where no digest reaches: logs that nothing proves or disproves, since no chain of their place covers their time. */
#ifndef LF_PROOF_BLIND_H
#define LF_PROOF_BLIND_H

#include "proof/chain.h"
#include "proof/finding.h"
#include "proof/unlisted.h"

/*
 * Adds one warning for each account and region with undigested logs before the first digest of every chain there, or
 * without a chain; it counts them and says from when to when they are.
 */
int lf_blind_judge(const struct lf_chains *c, const struct lf_unlisteds *u, struct lf_findings *f, struct lf_err *err)
    __attribute__((warn_unused_result));

#endif
