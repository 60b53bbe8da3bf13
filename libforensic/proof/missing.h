/* Digests that should be there: counted and named one by one (trail-findings(7), digest-missing). */
#ifndef LF_PROOF_MISSING_H
#define LF_PROOF_MISSING_H

#include "proof/chain.h"
#include "proof/finding.h"

/* A hole in a chain before digest next. */
struct lf_hole {
	const struct lf_body *body;
	uint32_t chain;              /* number, for the findings */
	const struct lf_digest_row *next; /* names the newest of the missing, when it is parsed */
	int64_t from;                /* end of the digest before, or --since */
	bool hourly;                 /* false for backfill chains: only the named one is known to be missing */
};

/* Adds a finding for each missing digest whose window was asked for, newest first, and counts them. */
int lf_missing_name(const struct lf_hole *h, struct lf_findings *f, uint64_t *missing, struct lf_err *err)
    __attribute__((warn_unused_result));

#endif
