/*
 * An event of one side as it is sorted to find its like on the other: which one it is, what it holds, and where it
 * lies.
 */
#ifndef LF_COMPARE_NOTE_H
#define LF_COMPARE_NOTE_H

#include <stdint.h>

#include "base/buf.h"
#include "base/seed.h"
#include "record/columns.h"
#include "record/envelope.h"
#include "timeline/sort.h"

#define LF_NOTE_NO_ID   1u /* known by its content alone */
#define LF_NOTE_PARTIAL 2u /* a line of a console's CSV */
#define LF_NOTE_LARGE   4u /* over 256 KB, which some containers never carry */
#define LF_NOTE_CUT     8u /* of the record only the beginning is carried */
#define LF_NOTE_ERRORS  16u /* of a line: its CSV has a column for errors */
#define LF_NOTE_ECHO    32u /* side B's, made of A's: that it is there counts; object and record are not B's */

#define LF_NOTE_LARGE_OVER ((size_t)256 << 10)
#define LF_NOTE_CUT_TO     ((size_t)4096)

enum lf_note_category {
	LF_NOTE_MANAGEMENT, /* and what is not known */
	LF_NOTE_DATA,
	LF_NOTE_INSIGHT,
	LF_NOTE_NETWORK,
	LF_NOTE_AGGREGATED,
	LF_NOTE_CATEGORIES
};

enum lf_note_text {
	LF_NOTE_ID,
	LF_NOTE_ACCOUNT, /* recipientAccountId */
	LF_NOTE_REGION,
	LF_NOTE_SOURCE,
	LF_NOTE_NAME,
	LF_NOTE_PRINCIPAL,
	LF_NOTE_SHOWN,   /* the account that is shown where there is no recipientAccountId */
	LF_NOTE_TEXTS
};

struct lf_note {
	uint32_t size;    /* bytes in all; a multiple of 8 */
	uint32_t object, record;
	int32_t nanos;
	int64_t time;     /* LF_TIME_NONE: unknown */
	uint8_t side, flags, category;
	uint64_t key;     /* hash of the eventID; without one, of the value */
	uint64_t content; /* equal for equal records */
	uint64_t same;    /* equal for equal content, eventID and account: struct lf_echoes */
	uint32_t end[LF_NOTE_TEXTS];
	uint32_t raw;     /* bytes of the record that is carried along, behind the texts */
	char bytes[];
};

/* What a note says of an event besides its own members. */
struct lf_note_of {
	uint8_t side;
	uint32_t record;   /* number in its object */
	uint64_t content;
	struct lf_slice raw; /* to be carried; empty for none */
	bool cut;          /* and it is only the beginning */
};

/*
 * Appends a note, its object not set yet.  v: lf_values_of(e); out holds notes only.  out->failed where memory is out.
 */
void lf_note_pack(struct lf_buf *out, const struct lf_event *e, const struct lf_values *v, const struct lf_seed *seed,
    const struct lf_note_of *of, struct lf_buf *scratch);

struct lf_slice lf_note_text(const struct lf_note *n, enum lf_note_text t);
struct lf_slice lf_note_raw(const struct lf_note *n);

/* Whether two notes are of events with one eventID, or of one content without. */
bool lf_note_same_id(const struct lf_note *a, const struct lf_note *b);

/* And of one account, or both of none. */
bool lf_note_same_key(const struct lf_note *a, const struct lf_note *b);

/* For lf_sorter: by eventID, account, content, side, object and record. */
extern const struct lf_sort_order lf_note_order;

#endif
