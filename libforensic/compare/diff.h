/* How two sides differ, one difference after another, for those who write them (report/diff_*). */
#ifndef LF_COMPARE_DIFF_H
#define LF_COMPARE_DIFF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"
#include "record/select.h"
#include "timeline/timeline.h"

/* In the order in which they come. */
enum lf_diff_kind {
	LF_DIFF_CHANGED,        /* an event on both sides, and not the same */
	LF_DIFF_ONLY_A,         /* an event on side A alone, within the common window */
	LF_DIFF_ONLY_B,
	LF_DIFF_OUTSIDE,        /* an event on one side alone, outside the common window */
	LF_DIFF_NOT_COMPARABLE, /* an event on one side of which the other cannot say anything: see reason */
	LF_DIFF_OBJECT_CHANGED, /* an object on both sides, with different content */
	LF_DIFF_OBJECT_ONLY_A,  /* an object on side A alone, not outside the common window */
	LF_DIFF_OBJECT_ONLY_B,
	LF_DIFF_OBJECT_OUTSIDE, /* an object on one side alone, about times outside the common window */
	LF_DIFF_KINDS
};

/*
 * "changed", "only_in_a", "only_in_b", "outside_common_window", "not_comparable"; objects: the same four words again.
 */
extern const char *const lf_diff_kind_names[LF_DIFF_KINDS];

/* What is shown of an event: escapes resolved, bytes as they are otherwise; len 0 where there is none. */
enum lf_diff_text {
	LF_DIFF_ID,        /* eventID */
	LF_DIFF_ACCOUNT,   /* recipientAccountId, else userIdentity.accountId */
	LF_DIFF_REGION,
	LF_DIFF_SOURCE,    /* eventSource */
	LF_DIFF_NAME,      /* eventName */
	LF_DIFF_PRINCIPAL,
	LF_DIFF_TEXTS
};

/* Where one side of a difference lies. */
struct lf_diff_place {
	bool there;                 /* the difference has this side */
	struct lf_slice locator;    /* raw bytes */
	uint32_t record;            /* place among the records of the object, from 0; events only */
	enum lf_integrity integrity; /* LF_INTEGRITY_UNKNOWN when nobody asked */
	const unsigned char *hash;  /* SHA-256 of the object's inflated bytes; LF_DIFF_OBJECT_CHANGED only, else NULL */
};

struct lf_diff_row {
	enum lf_diff_kind kind;
	struct lf_diff_place side[2]; /* A, B */
	int64_t time;                 /* events; LF_TIME_NONE: unknown */
	int32_t nanos;
	struct lf_slice text[LF_DIFF_TEXTS]; /* events; a changed one as A has it, or B where A has only a CSV line */
	struct lf_slice key;          /* objects: from "AWSLogs/" on, else the path below the operand */
	const char *reason;           /* static text, or NULL: why it is not comparable, or not paired with its like */
	bool partial[2];              /* that side is a line of a console's CSV: compared on the members it has */
	uint32_t n_fields;            /* LF_DIFF_CHANGED */
	uint64_t fields_left_out;     /* more of them than are given: see LF_DIFF_FIELDS */
	struct lf_slice fields;       /* for lf_diff_field() */
};

#define LF_DIFF_FIELDS 4096            /* differing members of one event that are given */
#define LF_DIFF_VALUE  ((size_t)256 << 10) /* bytes of a value; of a longer one its beginning is given, as a string */

/*
 * A member that differs.  Values are JSON on one line in valid UTF-8, numbers as they were written; s NULL where the
 * member is absent.
 */
struct lf_diff_field {
	struct lf_slice path; /* JSON Pointer (RFC 6901), unescaped but for ~0 and ~1; raw bytes */
	struct lf_slice value[2];
	bool cut[2];          /* the value is a string with the beginning of what was too long */
};

/* The next differing member of row; *cursor = 0 at first.  False at the end. */
bool lf_diff_field(const struct lf_diff_row *row, size_t *cursor, struct lf_diff_field *out);

/* Goes back before the first difference.  The first pass needs none. */
int lf_diff_rewind(struct lf_diff *d, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/*
 * The next difference, valid until the next call: 1, 0 at the end, -1 on an error.  By kind; events then by time
 * (unknown ones last), account, region, eventID and place; objects by key.
 */
int lf_diff_next(struct lf_diff *d, struct lf_diff_row *row, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/* The i-th operand of a side as given; NULL past the last. */
const char *lf_diff_operand(const struct lf_diff *d, unsigned side, size_t i);

/* What was asked for, of both sides alike. */
const struct lf_select *lf_diff_select(const struct lf_diff *d);

/* The i-th thing of a side that was not read, or not to its end, in the order of the evidence; false past the last.
 * Locators are raw bytes; strings live as long as d does. */
struct lf_diff_skip {
	const char *locator, *reason;
};
bool lf_diff_skipped(const struct lf_diff *d, unsigned side, uint32_t i, struct lf_diff_skip *out);

/* The paths that were left out, as given; NULL past the last. */
const char *lf_diff_ignored(const struct lf_diff *d, size_t i);

#endif
