/* The rows of a result out of a judged body of evidence. */
#ifndef LF_PROOF_ROWS_H
#define LF_PROOF_ROWS_H

#include "proof/case.h"
#include "proof/chain.h"
#include "proof/finding.h"
#include "proof/result.h"
#include "proof/unlisted.h"

/* All that stands behind a result of a run. */
struct lf_proof {
	struct lf_case *c;
	struct lf_select select; /* what is proved: what the case asks for, or all */
	struct lf_body body;
	struct lf_chains chains;
	struct lf_unlisteds unlisted;
	struct lf_findings findings;
	uint64_t missing_digests;
	uint32_t *finding_order; /* places in findings, in the order of reports */
	struct lf_row_ref *digest_rows, *log_rows; /* -v */
};

/* A digest row, a finding about a missing digest, a listed log or an unlisted one. */
struct lf_row_ref {
	enum { LF_ROW_DIGEST, LF_ROW_MISSING, LF_ROW_LISTED, LF_ROW_UNLISTED } kind;
	uint32_t i;
};

/* Fills the chain rows and judges their tails (which adds findings). */
int lf_rows_chains(struct lf_proof *p, struct lf_result *r, struct lf_err *err) __attribute__((warn_unused_result));

/* Fills and sorts the rows of single digests and logs, for -v. */
int lf_rows_objects(struct lf_proof *p, struct lf_result *r, struct lf_err *err) __attribute__((warn_unused_result));

/* Fills everything else; no findings may be added afterwards. */
int lf_rows_finish(struct lf_proof *p, struct lf_result *r, struct lf_err *err) __attribute__((warn_unused_result));

#endif
