/*
 * Records in whatever they are handed over: delivered logs {"Records":[...]}, bare arrays, JSON lines and concatenated
 * values, LookupEvents answers (CloudTrailEvent, a string), CloudWatch Logs (export lines with a time in front,
 * filter-log-events, subscription batches), EventBridge (detail), SQS and SNS bodies, Lambda's event of either, Elastic
 * Common Schema documents (aws.cloudtrail), carve results (record), console event-history CSV.  Found by content
 * (trail-evidence(7), "Containers of events").
 *
 * What is damaged is passed over: the records before and behind the damage are given.  What a record holds is never
 * taken for a record, nor what a broken one holds in front of where it broke (but for one that is longer than 256 KiB,
 * which no record is: it may have swallowed others).  Nothing is passed over in silence; UTF-16 is named, not read.
 */
#ifndef LF_RECORD_ENVELOPE_H
#define LF_RECORD_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "record/event.h"

struct lf_envelope; /* of one thread, used again and again */

struct lf_envelope *lf_envelope_new(struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_envelope_free(struct lf_envelope *e);

/* Whether bytes hold the name of a member that every record has, at whatever depth of strings in strings. */
bool lf_envelope_hints(const char *s, size_t len);

/* What was passed over in a text. */
struct lf_damage {
	uint64_t places;     /* runs of bytes that hold no readable record */
	uint64_t lost;       /* bytes of them */
	uint64_t strangers;  /* complete values that stand where a record should and are none */
	uint64_t duplicates; /* records in which a member stands twice; they are given */
	/* lines of CSV that do not fit its header, which are given, and the header where it is odd itself */
	uint64_t uneven;
	const char *problem; /* of the first of any of these: static text */
	size_t at;           /* and its offset in the text */
};

/*
 * Starts at the first record of text, which must live until the last lf_envelope_next(); seed as lf_event_read() has
 * it.
 */
void lf_envelope_start(struct lf_envelope *e, const char *text, size_t len, const struct lf_seed *seed);

/*
 * For the text that was just started: it is records.jsonl of trail-carve, and records of whole files stand in files/
 * beside it; so they are passed over.  Incomplete ones always are.
 */
void lf_envelope_beside(struct lf_envelope *e, bool beside);

/*
 * The next record: *out holds until the next call (its slices lie in text, or in the envelope where the record was an
 * escaped string or a line of CSV).  1, 0 at the end, -1 when memory is out.
 */
int lf_envelope_next(struct lf_envelope *e, struct lf_event *out) __attribute__((warn_unused_result, nonnull));

/* The place of the last record among those of the text, from 0; records that damage swallowed are not counted. */
uint64_t lf_envelope_index(const struct lf_envelope *e);

/* What a record was handed over in, where that says which records cannot be there. */
enum lf_envelope_form {
	LF_FORM_LOG,         /* delivered, or anything else that may hold every record */
	LF_FORM_LOOKUP,      /* lookup-events: a CloudTrailEvent */
	LF_FORM_CSV,         /* a console's event history */
	LF_FORM_CLOUDWATCH,  /* CloudWatch Logs, in any of its ways out */
	LF_FORM_EVENTBRIDGE, /* the detail of an EventBridge event */
	LF_FORMS
};

/* Of the last record. */
enum lf_envelope_form lf_envelope_form(const struct lf_envelope *e);

/* What was passed over so far. */
const struct lf_damage *lf_envelope_damage(const struct lf_envelope *e);

#endif
