/*
 * Second looks: the few logs that the one pass read before it was known that no digest proves them, and the
 * verified logs that may hold the events of an unlisted one.
 */
#ifndef LF_PROOF_AGAIN_H
#define LF_PROOF_AGAIN_H

#include "proof/body.h"
#include "proof/unlisted.h"
#include "record/reader.h"

/* Scans the records of every log that is neither proved nor scanned.  reader is that of the pass. */
int lf_again_scan(struct lf_body *b, struct lf_reader *reader, struct lf_err *err) __attribute__((warn_unused_result));

/*
 * Sets copy of each unreferenced log whose every record stands, equal as a JSON value, in a verified log of the same
 * account and region.
 */
int lf_again_copies(struct lf_body *b, struct lf_unlisteds *u, struct lf_reader *reader, struct lf_err *err)
    __attribute__((warn_unused_result));

#endif
