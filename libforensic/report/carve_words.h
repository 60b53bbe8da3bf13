/* The words of trail-carve's reports. */
#ifndef LF_REPORT_CARVE_WORDS_H
#define LF_REPORT_CARVE_WORDS_H

#include "report/carve_form.h"

/* What came of the run, as a sentence. */
const char *lf_carve_meaning(const struct lf_carve_told *t);

/* "FOUND", "CONFLICTS", "PARTIAL": the first word of a report for people. */
const char *lf_carve_outcome(enum lf_verdict v);

/* What a state says of a thing that is in it. */
const char *lf_carve_state_text(enum lf_carve_state s);

/* "header", "content", ...: a word for why something was turned down, for scripts. */
const char *lf_carve_reject_name(enum lf_reject r);

/* What carving cannot show, one sentence a call; NULL past the last. */
const char *lf_carve_limit_text(size_t i);

/* What was given to authenticate with falls short of: a sentence, or NULL. */
const char *lf_carve_proof_caveat(const struct lf_carve_result *r);

/* Of all images. */
void lf_carve_tally_all(const struct lf_carve_result *r, struct lf_tally *out);

/* Finds of all states and kinds. */
uint64_t lf_carve_locations(const struct lf_carve_result *r);

/* Finds in one state. */
uint64_t lf_carve_in_state(const struct lf_carve_result *r, enum lf_carve_state s);

#endif
