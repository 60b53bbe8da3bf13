/* CloudTrail Lake exports: the signature file of a folder against the result files beside it. */
#ifndef LF_PROOF_LAKES_H
#define LF_PROOF_LAKES_H

#include "proof/body.h"
#include "proof/finding.h"
#include "proof/keyring.h"
#include "proof/result.h"

/* Judges all of them: adds the findings, and the rows (in arena) that *out and *n give. */
int lf_lakes_judge(struct lf_body *b, struct lf_keyring *keys, struct lf_findings *f, struct lf_arena *arena,
    const struct lf_lake_result **out, uint32_t *n, struct lf_err *err) __attribute__((warn_unused_result));

#endif
