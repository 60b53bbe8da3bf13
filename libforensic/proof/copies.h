/* Copies: logs that no digest lists, and all of whose events stand in verified logs, too. */
#ifndef LF_PROOF_COPIES_H
#define LF_PROOF_COPIES_H

#include "proof/body.h"
#include "proof/unlisted.h"
#include "record/reader.h"

/*
 * Sets copy of each unreferenced log whose every record stands, equal as a JSON value, in a verified log of the same
 * account and region.  reader is that of the one pass.
 */
int lf_copies_find(struct lf_body *b, struct lf_unlisteds *u, struct lf_reader *reader, struct lf_err *err)
    __attribute__((warn_unused_result));

#endif
