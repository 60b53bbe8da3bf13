/*
 * The shape of chains: starts, gaps, missing digests, forks, overlaps, windows that do not meet, phases, cut heads
 * (trail-findings(7), CHAINS).
 */
#ifndef LF_PROOF_SHAPE_H
#define LF_PROOF_SHAPE_H

#include "proof/chain.h"
#include "proof/finding.h"

/* Adds the findings of chain number i and counts its missing digests. */
int lf_shape_judge(struct lf_body *b, const struct lf_chains *chains, uint32_t i, struct lf_findings *f,
    uint64_t *missing, struct lf_err *err) __attribute__((warn_unused_result));

#endif
