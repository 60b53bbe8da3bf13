/* What S3 object metadata names, against what is there. */
#ifndef LF_PROOF_METADATA_H
#define LF_PROOF_METADATA_H

#include "proof/chain.h"

/*
 * Counts in s what the metadata of the body names, of the places that were asked for, and what of it is there.  Sets
 * used of those entries, and newest_named in the tail of each chain of which a digest is named that is not there.
 */
void lf_metadata_match(struct lf_body *b, struct lf_chains *c, struct lf_summary *s);

#endif
