/*
 * Which digests are proved (trail-evidence(7), RULES OF PROOF): signatures from metadata and from successors, then
 * hashes recorded by what is proved.
 */
#ifndef LF_PROOF_TRUST_H
#define LF_PROOF_TRUST_H

#include "proof/body.h"
#include "proof/keyring.h"

/*
 * Sets status, by, key_used, meta_failed, recorded_failed and key_known of every digest row, and pred and succ: the
 * predecessor that a digest names (by hash first, then by bucket and key, then by base name), and of
 * several successors the proved one.  May be called again after more digests came in.
 */
int lf_trust_digests(struct lf_body *b, struct lf_keyring *keys, unsigned jobs, struct lf_err *err)
    __attribute__((warn_unused_result));

/* Whether a signature algorithm is the one we know, or is not named. */
bool lf_trust_algorithm(const char *algorithm);

#endif
