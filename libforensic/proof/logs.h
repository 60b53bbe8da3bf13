/*
 * Logs against the digests that list them (trail-evidence(7), "States of a log").
 */
#ifndef LF_PROOF_LOGS_H
#define LF_PROOF_LOGS_H

#include "proof/body.h"
#include "proof/chain.h"
#include "proof/finding.h"

/*
 * Finds for every listed log what is there: the same content under the same base name, another content under it, the
 * same content under another name.  Sets status, present and duplicate of the listed rows, and claimed and proved of
 * the present ones.
 */
int lf_logs_match(struct lf_body *b, struct lf_err *err) __attribute__((warn_unused_result));

/* Whether a listed log was asked for and counts: its digest is selected, and no other row lists it too. */
static inline bool
lf_logs_selected(const struct lf_body *b, const struct lf_listed_row *l)
{
	return !l->duplicate && lf_body_digest(b, l->digest)->selected;
}

/* Adds the findings about listed logs and about the containers of those that are there. */
int lf_logs_judge(struct lf_body *b, struct lf_findings *f, struct lf_err *err) __attribute__((warn_unused_result));

/* Adds what the container of a log shows: trailing data, extra header fields, stored inflated, a bad trailer. */
int lf_logs_container(struct lf_body *b, struct lf_findings *f, const struct lf_present_row *p, const char *object,
    uint32_t chain, struct lf_err *err) __attribute__((warn_unused_result));

#endif
