/* What was not read, and what that means for the verdict. */
#ifndef LF_PROOF_SKIPPED_H
#define LF_PROOF_SKIPPED_H

#include "proof/body.h"
#include "proof/finding.h"

/* Notes the sources of which not all was inflated, after the last pass of the reader. */
int lf_skipped_capped(struct lf_body *b, const struct lf_reader *r, struct lf_err *err)
    __attribute__((warn_unused_result));

/* Adds a finding for every skipped object. */
int lf_skipped_judge(const struct lf_body *b, struct lf_findings *f, struct lf_err *err)
    __attribute__((warn_unused_result));

#endif
