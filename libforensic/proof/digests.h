/* What is wrong with, or unproved about, single digests (trail-findings(7), DIGESTS). */
#ifndef LF_PROOF_DIGESTS_H
#define LF_PROOF_DIGESTS_H

#include "proof/body.h"
#include "proof/finding.h"

/* Adds the findings about the selected digests, extra copies included. */
int lf_digests_judge(struct lf_body *b, struct lf_findings *f, struct lf_err *err) __attribute__((warn_unused_result));

/*
 * "s3://bucket/key" of a digest; of one that did not parse as its successor names it, else its path from "AWSLogs/" on.
 */
void lf_digest_object(const struct lf_body *b, const struct lf_digest_row *d, struct lf_buf *out);

/* Where it lies, in the findings' arena; NULL when memory is out. */
const char *lf_digest_locator(struct lf_findings *f, const struct lf_digest_row *d) __attribute__((warn_unused_result));

#endif
