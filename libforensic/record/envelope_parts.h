/* Pieces of record/envelope: names that tell, what stands in front of a record, CSV. */
#ifndef LF_RECORD_ENVELOPE_PARTS_H
#define LF_RECORD_ENVELOPE_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/csv.h"
#include "base/utc.h"
#include "record/event.h"
#include "record/scan.h"

/* What the name of a member says about the object it stands in. */
enum lf_envelope_name {
	LF_ENVELOPE_OWN,    /* a record: no wrapper has such a member */
	LF_ENVELOPE_MEMBER, /* one that records have, and others too */
	LF_ENVELOPE_DOWN,   /* a wrapper, and the record is in this member */
	LF_ENVELOPE_DETAIL, /* the same of EventBridge, where others than AWS may have written it */
	LF_ENVELOPE_FIRST,  /* a wrapper; it tends to start with this member */
	LF_ENVELOPE_OTHER
};

/* Of the key that s just returned. */
enum lf_envelope_name lf_envelope_name(const struct lf_scan *s);

/* What the name of a member that leads down tells of the container: see lf_envelope_form(). */
unsigned lf_envelope_name_form(const struct lf_scan *s);

/* Of a name as it stands, without escapes. */
enum lf_envelope_name lf_envelope_kind(const char *s, size_t len);

/* Of the first member of the object whose { is just in front of p; escaped names are LF_ENVELOPE_OTHER. */
enum lf_envelope_name lf_envelope_peek(const char *p, const char *end);

/* Whether the content of a string (escapes as they stand) starts an object, or an array of objects. */
bool lf_envelope_is_json(const char *s, size_t len);

/* The { of a line "TIME {", or "TIME WORD {", as CloudWatch Logs exports and "aws logs tail" write it; NULL without. */
const char *lf_envelope_stamped(const char *p, const char *end);

/* Why a text cannot be read at all (UTF-16, UTF-32): static text, or NULL. */
const char *lf_envelope_unreadable(const char *text, size_t len);

/* A console's event history as CSV, on its way. */
struct lf_history {
	struct lf_csv csv;
	struct lf_buf json, value, type;  /* the record made of a line; fields of it */
	unsigned char column[LF_CSV_FIELDS]; /* what each column is; internal */
	size_t n_columns, lost;           /* lost: bytes of the line that is no CSV */
	/* what of the last line, or of the header, does not fit: static text, or NULL */
	const char *uneven;
	bool tells_errors;                /* there is a column for errors */
};

/*
 * Whether text starts with the header of an event history; then h stands before its first line.  What starts as JSON,
 * or as a line of CloudWatch Logs does, is none: what follows there is what callers wrote.
 */
bool lf_history_start(struct lf_history *h, const char *text, size_t len);

enum lf_history_rc {
	LF_HISTORY_END,
	LF_HISTORY_RECORD,   /* h->json is a record */
	LF_HISTORY_STRANGER, /* a line without an event */
	LF_HISTORY_BROKEN,   /* a line that is no CSV: h->csv.problem, h->csv.at */
	LF_HISTORY_NOMEM
};

enum lf_history_rc lf_history_next(struct lf_history *h);
void lf_history_free(struct lf_history *h);

/*
 * Writes a time of the console's as CloudTrail has it, in UTC: "2024-03-01, 05:06:07 UTC+0100", "March 01, 2024,
 * 05:06:07 PM (UTC-05:00)", also without an offset, which is UTC then.  False when it is RFC 3339 already, or no time.
 */
bool lf_history_time(struct lf_slice s, char out[LF_UTC_LEN]);

#endif
