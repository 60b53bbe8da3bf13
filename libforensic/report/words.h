/* The words that reports share: verdicts, what to do, and what is not proved. */
#ifndef LF_REPORT_WORDS_H
#define LF_REPORT_WORDS_H

#include "proof/finding.h"

const char *lf_verdict_name(enum lf_verdict v); /* "verified", "findings", "inconclusive" */

/* The verdict of a name; false when it is none. */
bool lf_verdict_read(const char *name, enum lf_verdict *out);

/* What nobody can prove offline, one sentence a call (trail-evidence(7), LIMITS); NULL past the last. */
const char *lf_limit_text(size_t i);

/* What to do about a finding: a group with a heading and an advice. */
struct lf_advice {
	const char *heading, *text;
};
const struct lf_advice *lf_advice_of(enum lf_finding_id id);

#endif
