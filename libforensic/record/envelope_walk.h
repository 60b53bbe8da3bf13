/*
 * The state of a walk through envelopes: texts inside texts, each with its scanner, and inside a text the containers
 * that are open.  A record that is being looked for stands in the last of them.
 */
#ifndef LF_RECORD_ENVELOPE_WALK_H
#define LF_RECORD_ENVELOPE_WALK_H

#include "record/envelope.h"
#include "record/envelope_parts.h"

#define LF_ENVELOPE_TEXTS  6  /* a text inside a string inside a text ... */
#define LF_ENVELOPE_LEVELS 12 /* containers gone down into, in one text */
/* bytes of a record at most: AWS user guide, "CloudTrail record contents" */
#define LF_ENVELOPE_RECORD ((size_t)256 << 10)
#define LF_ENVELOPE_NONE   SIZE_MAX

/* Who wrote a document of EventBridge. */
enum lf_envelope_origin {
	LF_ENVELOPE_UNASKED,
	LF_ENVELOPE_CLOUDTRAIL,
	LF_ENVELOPE_ANYONE /* whoever may call PutEvents */
};

/* A container that was gone down into. */
struct lf_envelope_level {
	bool array;
	bool element; /* an object where a record should stand */
	bool wrapper; /* an object known to be no record */
	bool entered; /* an object with an array that holds records, if only none */
	uint8_t row;  /* members that came as those of a row of records.jsonl do; internal to envelope_carved.c */
	bool aside;   /* such a row, whose record is not read */
	uint8_t form; /* enum lf_envelope_form that the member that is being read tells */
	enum lf_envelope_origin origin; /* of an object with a member "detail" */
	size_t start; /* offset of its first byte */
	struct lf_scan_mark mark; /* behind its first byte */
	uint64_t before; /* lf_envelope_found() then */
};

/* A text that is being read. */
struct lf_envelope_text {
	const char *text, *end;
	struct lf_scan scan;
	const char *next;    /* outside all containers: where to go on, NULL for behind the last value */
	struct lf_buf buf;   /* the text, where it was a string */
	struct lf_envelope_level levels[LF_ENVELOPE_LEVELS];
	unsigned n;
	bool loose;          /* something was damaged: ends of containers may stand between values, and members */
	bool stamped;        /* a time stands in front of what is being read: a line of CloudWatch Logs */
	bool named;          /* loose, and the name of a member was passed */
	bool down;           /* named, and wrappers have records in that member */
	bool shut;           /* behind a broken record, and no other was found: strings are what a caller wrote */
	size_t item;         /* offset of what is being read */
	/* of the damage not yet counted: its start (or NONE), and where reading went on behind it */
	size_t run, landing;
	size_t counted;      /* damage in front of this offset was counted, here or in a text inside */
	uint64_t budget;     /* bytes that may still be read twice */
};

struct lf_envelope {
	struct lf_envelope_text texts[LF_ENVELOPE_TEXTS];
	unsigned n;
	const struct lf_seed *seed;
	struct lf_damage damage;
	uint64_t given;
	bool csv, failed;
	bool beside;         /* the text is records.jsonl, and whole files lie beside it */
	struct lf_history history;
};

/* ---- envelope_walk.c ---- */

/* Opens a text inside the one that is being read. */
void lf_envelope_open(struct lf_envelope *e, const char *text, size_t len);

/* Goes on by a token or a record: 1 with a record, 0, -1 when memory is out. */
int lf_envelope_step(struct lf_envelope *e, struct lf_event *out);

/* ---- envelope_bridge.c ---- */

/* Of the document in which t has just read the name "detail" and which l was entered by; t stands there again then. */
enum lf_envelope_origin lf_envelope_origin(struct lf_envelope_text *t, struct lf_envelope_level *l);

/* ---- envelope_carved.c ---- */

/* Whether the member of l whose name t has just read is a record that is not to be read. */
bool lf_envelope_aside(const struct lf_envelope *e, struct lf_envelope_text *t, struct lf_envelope_level *l);

/* ---- envelope_damage.c: what is found and passed over, and where reading goes on ---- */

/* A number that changes with whatever is found: records, strangers, damage. */
uint64_t lf_envelope_found(const struct lf_envelope *e);

/* The offset of t's last token or problem in its text. */
size_t lf_envelope_offset(const struct lf_envelope_text *t);

/* Keeps the first problem. */
void lf_envelope_note(struct lf_envelope *e, const struct lf_envelope_text *t, const char *problem, size_t at);

/* Counts a record that t holds, and the damage in front of it.  Returns 1. */
int lf_envelope_give(struct lf_envelope *e, const struct lf_envelope_text *t, const struct lf_event *out);

/* Counts a value at offset at that should be a record and is none. */
void lf_envelope_stranger(struct lf_envelope *e, const struct lf_envelope_text *t, size_t at);

/* Counts a value at offset at, up to end, that is passed over though it seems to hold records. */
void lf_envelope_passed(struct lf_envelope *e, const struct lf_envelope_text *t, size_t at, const char *end);

/* Counts the damage that was pending, up to an offset. */
void lf_envelope_settle(struct lf_envelope *e, struct lf_envelope_text *t, size_t end);

/* The same at the end of the innermost text, once: the texts around it do not count what lies in it again. */
void lf_envelope_settle_last(struct lf_envelope *e);

/*
 * After an error of t's scanner in what starts at t->item: the text from "from" on is lost up to where a record can be
 * read, or something that may hold one.  t stands there then, outside all containers.  wrappers: what broke is no
 * record.
 */
void lf_envelope_broken(struct lf_envelope *e, struct lf_envelope_text *t, size_t from, bool wrappers);

/* The same for bytes at offset from that are no JSON at all. */
void lf_envelope_junk(struct lf_envelope *e, struct lf_envelope_text *t, size_t from);

/* Where reading went on after damage there was no record: goes on to the next such place behind offset at. */
void lf_envelope_missed(struct lf_envelope_text *t, size_t at);

/* ---- envelope_seek.c ---- */

/*
 * The first place from p on where reading may go on: an object that has a name of a record first, or one that wrappers
 * have first.  Without wrappers p is inside a record, and what may be a wrapper in there is none.  NULL when there is
 * none.
 */
const char *lf_envelope_seek(struct lf_envelope_text *t, const char *p, bool wrappers);

/*
 * The offset of an error, or of the { of the record in front of it that a string without its closing quote has
 * swallowed; not before floor.
 */
size_t lf_envelope_before_quote(const struct lf_envelope_text *t, size_t at, size_t floor);

#endif
