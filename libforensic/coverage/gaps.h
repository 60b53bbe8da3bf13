/*
 * Gaps: where a line is not covered, why, by whom, and what else still saw (trail-gaps(1), CAUSES).
 */
#ifndef LF_COVERAGE_GAPS_H
#define LF_COVERAGE_GAPS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "coverage/control.h"
#include "coverage/spans.h"

/* In the order of trail-gaps(1), CAUSES. */
enum lf_cause {
	LF_CAUSE_LOGGING_STOPPED,
	LF_CAUSE_TRAIL_DELETED,
	LF_CAUSE_VALIDATION_DISABLED,
	LF_CAUSE_REGION_DROPPED,
	LF_CAUSE_REGION_DISABLED,
	LF_CAUSE_ACCOUNT_LEFT,
	LF_CAUSE_DELIVERY_FAILURE,
	LF_CAUSE_DIGEST_MISSING,
	LF_CAUSE_LOG_MISSING,
	LF_CAUSE_EVIDENCE_CUT,
	LF_CAUSE_UNEXPLAINED,
	LF_CAUSES
};
extern const char *const lf_cause_names[LF_CAUSES];

struct lf_gap {
	uint32_t line;         /* of the lines */
	/* edges of digest windows; equal for a restart without a hole, and for an end of coverage with the evidence */
	int64_t start, end;
	uint8_t cause;
	bool explained;        /* verified events bracket it: what ended coverage, and what began it again if it did */
	bool open;             /* it lasts to the end of the evidence */
	bool voiced;           /* logs that no digest lists speak for some of it */
	bool doubted;          /* digests that no key reaches do */
	const struct lf_control *by;       /* who caused it, or NULL */
	const struct lf_control *ended_by; /* or NULL */
	const struct lf_control *const *events; /* all that prove it, by time; n_events */
	uint32_t n_events;
	const char *const *covered_by; /* other trails that covered the account and region throughout; sorted */
	uint32_t n_covered_by;
	uint32_t count;        /* digests or logs missing, where it is that */
	const char *reading;   /* one sentence for people: what is known, and what is not */
};

struct lf_gaps {
	struct lf_gap *list;   /* by start, account, region, trail */
	uint32_t n;
	uint32_t left_out, left_open; /* shorter than asked for; of them open: nobody knows how long those are */
	uint32_t left_unexplained;    /* of them not explained */
	struct lf_arena arena;
};

/*
 * Finds the gaps of all lines and attributes each (coverage/attribute.h has the rules): by the effective control events
 * of its trail, near its edges.  Failed attempts never explain anything.
 * Adjacent spans of one line and cause are one gap.
 * A line that is covered as far as the evidence goes has an open gap behind it, of no length, where
 * an event says that it ended there, and none that it began again.
 *
 * A line without digests has no gaps: their edges are those of digest windows, and nobody can tell an hour that
 * was not logged from one that was quiet.  Events that stopped its trail are impairments, and stand there.
 * A run of off and unknown spans is one gap where an event explains it.  Where none does, and a start digest ends it,
 * the time from the first to the last hour that logs speak for is validation-disabled, the rest unexplained.
 *
 * Where anything is proved, digests that no key reaches take no gap away: those between verified segments are part of
 * the hole, and those behind a line's last verified window are off where coverage/doubt.h says so.
 *
 * Where there are digests alone, that their logs are not there is no gap: lines say so once.
 */
int lf_gaps_find(const struct lf_lines *l, const struct lf_controls *c, struct lf_gaps *out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/* Leaves out gaps shorter than min, and counts them. */
void lf_gaps_drop_short(struct lf_gaps *g, int64_t min);

void lf_gaps_free(struct lf_gaps *g);

#endif
