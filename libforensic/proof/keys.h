/* What there is to say about the keys of the ring themselves: it makes nothing less proved. */
#ifndef LF_PROOF_KEYS_H
#define LF_PROOF_KEYS_H

#include "proof/chain.h"
#include "proof/finding.h"
#include "proof/keyring.h"

/*
 * Adds notices about keys that signed selected digests outside the time for which they were published, and about
 * published fingerprints that are not those of their keys (AWS CloudTrail API reference, PublicKey).
 */
int lf_keys_judge(const struct lf_body *b, const struct lf_chains *c, const struct lf_keyring *keys,
    struct lf_findings *f, struct lf_err *err) __attribute__((warn_unused_result));

#endif
