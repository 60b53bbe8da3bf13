/* The rows of a timeline in order, for those who write them (report/timeline_*). */
#ifndef LF_TIMELINE_TIMELINE_H
#define LF_TIMELINE_TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "record/columns.h"

enum lf_integrity {
	LF_INTEGRITY_VERIFIED,
	LF_INTEGRITY_UNPROVEN,
	LF_INTEGRITY_MODIFIED,
	LF_INTEGRITY_UNREFERENCED,
	LF_INTEGRITY_UNDIGESTED,
	LF_INTEGRITY_NONE,    /* no digest covers the source */
	LF_INTEGRITY_UNKNOWN  /* nobody asked; the column is empty */
};
extern const char *const lf_integrity_names[LF_INTEGRITY_UNKNOWN + 1];

/* A row as it is shown. */
struct lf_timeline_row {
	/*
	 * Text of every column; len 0 where there is none.  also_in: "LOCATOR#INDEX" with a NUL between two, for names
	 * of files hold all else (see report/timeline_say.h).
	 */
	struct lf_slice v[LF_COLUMNS];
	/* the columns of the event itself, in their order, with commas between; empty where nobody joined them */
	struct lf_slice event;
	struct lf_slice raw;           /* the record on one line; only for LF_TIMELINE_RECORDS */
	/*
	 * SHA-256 of the record as a JSON value, in hexadecimal; only for LF_TIMELINE_JSONL with all that a merge
	 * needs, and of records with an eventID that are not partial
	 */
	struct lf_slice digest;
	int64_t time;                  /* LF_TIME_NONE: unknown */
	enum lf_integrity integrity;
	bool conflict;                 /* other versions of the event are shown, too */
	bool partial;                  /* a console CSV's line, which has not all columns */
	bool mark;                     /* no event, but an edge of coverage */
	uint32_t copies;               /* further places of the same record */
};

/* Goes back before the first row.  One thread. */
int lf_timeline_rewind(struct lf_timeline *t, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/* Appends up to max rows to batch as opaque bytes.  *n is how many, 0 at the end.  One thread. */
int lf_timeline_take(struct lf_timeline *t, size_t max, struct lf_buf *batch, size_t *n, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/* What expanding takes; one for each thread. */
struct lf_timeline_scratch {
	struct lf_buf text;
};

/*
 * The row at *at of a batch (0 at first; moved on), its slices valid until the next call with the same scratch or the
 * batch changes.  False at the end of the batch, or when scratch->text failed.  Many threads at once, also while
 * another thread takes rows.
 */
bool lf_timeline_expand(const struct lf_timeline *t, const struct lf_buf *batch, size_t *at,
    struct lf_timeline_scratch *scratch, struct lf_timeline_row *row);

/* ---- For whoever adds to a timeline (coverage/marks.c) ---- */

struct lf_listener;
struct lf_result;
struct lf_rider;

/*
 * Has the pass of lf_timeline_run() proved, too, and listened to by somebody else, who takes the events as a rider and
 * not by the listener's work(); judged() gets the proof before rows are
 * in order, and may add marks.  It frees the proof.
 */
void lf_timeline_join(struct lf_timeline *t, const struct lf_listener *other, const struct lf_rider *rider,
    int (*judged)(void *arg, struct lf_result *proof, struct lf_err *err), void *arg);

/* Adds a row that is no event: v.v and v.time say what is shown.  Only from within judged(). */
int lf_timeline_mark(struct lf_timeline *t, const struct lf_values *v, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/* What was asked for. */
enum lf_timeline_format lf_timeline_format(const struct lf_timeline *t);
const enum lf_column *lf_timeline_columns(const struct lf_timeline *t, size_t *n);
unsigned lf_timeline_jobs(const struct lf_timeline *t); /* at least 1 */

#endif
