/* Products become rows of the body of evidence. */
#ifndef LF_PROOF_GATHER_H
#define LF_PROOF_GATHER_H

#include "proof/body.h"

/* For struct lf_reader, in the order of the evidence; arg is the body, product a struct lf_product. */
int lf_gather_deliver(void *arg, void *product, struct lf_err *err);

/* Takes over the digests that were met while workers read the lists; call it when a pass has ended, well or not. */
int lf_gather_pending(struct lf_body *b, struct lf_err *err) __attribute__((warn_unused_result));

/* Copies what a later scan of a log found into the body. */
int lf_gather_keep_scan(struct lf_body *b, uint32_t present, const struct lf_log_scan *scan, struct lf_err *err)
    __attribute__((warn_unused_result));

#endif
