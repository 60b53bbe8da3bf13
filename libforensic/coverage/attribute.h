/*
 * Why there is a hole, and who is behind it (trail-gaps(1), CAUSES).
 *
 * What is near, from how CloudTrail delivers (AWS CloudTrail user guide, "Validating CloudTrail log file integrity" and
 * "CloudTrail digest file structure"): digests are hourly in any phase; on StopLogging or DeleteTrail a last one is
 * delivered that may cover that very event, or none is; without validation the chain breaks within an hour; the first
 * digest after a start begins about at the start; other regions follow within minutes ("eventually consistent").  So
 * what ended coverage happened from an hour and LF_LOG_AFTER before the end of the last window, up to an hour after it:
 * the last such event up to that end, else the last one in the hour behind it.  Of several since the last start the
 * first counts: who stops a stopped trail blinds nobody.  It explains nothing when what undoes it came over an hour
 * before the hole's end, or over LF_LOG_AFTER before its start (within the last hour for a restart).  One event
 * explains one hole of a line.  What began coverage again is the event nearest to the hole's end, within an hour of it.
 *
 * Who stops or deletes a trail stops all of its lines: where one of them goes on throughout a hole, and beyond where
 * others may end and begin later, no such event explains it.
 *
 * Events of verified logs come first: what they explain, no other event explains otherwise, or undoes.  The others
 * count only where those tell nothing; without any proof all are equal.
 *
 * Where the evidence ends nothing shows that coverage did, but such an event; and nothing undid it.
 */
#ifndef LF_COVERAGE_ATTRIBUTE_H
#define LF_COVERAGE_ATTRIBUTE_H

#include "coverage/clues.h"
#include "coverage/gaps.h"

/* A hole in a line. */
struct lf_blank {
	uint32_t line;
	int64_t start, end;
	/*
	 * start; or the end of the first window in it that is not proved, and may well have been the last: an hour at
	 * most
	 */
	int64_t late;
	bool missing;    /* a digest should be here; else off or unknown */
	bool voiced;     /* logs speak for some of it */
	bool doubted;    /* unproven digests do */
	bool restart;    /* of no length, before a start digest */
	bool edge;       /* of no length, where the line ends with the evidence: a hole only if an event says so */
	bool open;       /* to the end of the evidence */
	bool cut;        /* it may have begun before the evidence does */
	uint32_t unlisted; /* logs delivered in it */
	int64_t after;   /* what explains it must be later than this: it explained the hole before; LF_TIME_NONE */
	int64_t after_proved; /* the same for events of verified logs: a later one of them explained it */
};

/*
 * Fills cause, explained, by, ended_by and events (in the arena) of a gap.  A hole that is off and that nothing
 * explains is LF_CAUSE_UNEXPLAINED, with what began coverage again where that is known.  Returns -1 when memory is out.
 */
int lf_attribute(const struct lf_lines *l, const struct lf_clues *clues, const struct lf_blank *blank, struct lf_gap *gap,
    struct lf_arena *arena) __attribute__((warn_unused_result));

/* The sentence for a gap whose other fields are set. */
const char *lf_attribute_reading(const struct lf_gap *gap);

#endif
