/* What the forms of trail-gaps share: who, counts, causes and limits in words. */
#ifndef LF_REPORT_GAPS_WORDS_H
#define LF_REPORT_GAPS_WORDS_H

#include "coverage/coverage.h"

/* What a gap of a cause means, one sentence. */
const char *lf_cause_text(unsigned cause);

/* What these documents cannot show, beside what lf_limit_text() says; NULL past the last. */
const char *lf_gap_limit_text(size_t i);

/* NULL for an empty string. */
const char *lf_or_null(const char *s);

/* Who stands behind an event: the root of its role chain where that is known, else its principal; NULL for nobody. */
const char *lf_control_who(const struct lf_control *e);

/* "cloudtrail" of "cloudtrail.amazonaws.com": the bytes of a service's own name. */
size_t lf_service_length(const char *event_source);

/*
 * What became of an event: "" when it happened, else "only attempted: AccessDenied" (made in buf, cut where it is too
 * long).
 */
const char *lf_control_outcome(const struct lf_control *e, char buf[128]);

/* What is proved of the log that an event comes from: "verified", "undigested", ..., for people "no digest covers it";
 * NULL where nobody asked. */
const char *lf_control_proof(const struct lf_control *e);

/* The i-th of the control events. */
const struct lf_control *lf_control_at(const struct lf_coverage *c, uint32_t i);

struct lf_gaps_counts {
	uint64_t gaps, unexplained, open, impairments, attempted, alerts; /* alerts: findings of the proof itself */
	uint32_t lines, lines_blind, accounts; /* lines_blind: with a gap */
	int64_t longest;  /* seconds; 0 where all are of no length, or open from the end of the evidence on */
};

/* False when memory is out. */
bool lf_gaps_count(const struct lf_coverage *c, struct lf_gaps_counts *out);

/* Whether coverage says anything at all of the time that was asked for. */
bool lf_gaps_any(const struct lf_coverage *c);

/* What an open gap lasts to: "the evidence", or "the time asked for" where --until cut that. */
const char *lf_gaps_extent(const struct lf_coverage *c);

/*
 * "19 gaps shorter than 2h00m are left out, 2 of them unexplained, 1 of them open at the end of the evidence."; ""
 * where nothing was to be.
 */
const char *lf_gaps_left_out(const struct lf_coverage *c, char buf[160]);

/* What must be known of the evidence as a whole before its gaps are read, one sentence each; NULL past the last. */
const char *lf_gaps_caveat(const struct lf_coverage *c, size_t i);

/* A verdict in words: what a reader must know first. */
const char *lf_gaps_meaning(const struct lf_coverage *c);

#endif
