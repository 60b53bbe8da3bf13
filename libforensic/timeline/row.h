/* A row of a timeline as it is sorted, spilled and merged: one run of bytes that holds its values. */
#ifndef LF_TIMELINE_ROW_H
#define LF_TIMELINE_ROW_H

#include <stdint.h>

#include "base/buf.h"
#include "record/columns.h"

#define LF_ROW_NO_IDENTITY 1u /* the record has no userIdentity */
#define LF_ROW_PARTIAL     2u /* made of a console CSV's line */
#define LF_ROW_MARK        8u /* no event: added by lf_timeline_mark() */
#define LF_ROW_FURTHER     16u /* of a gzip member behind the first: no digest covers it */
#define LF_ROW_CONFLICT    32u /* of a jsonl run, which knew of other versions */
#define LF_ROW_LISTS       64u /* of a jsonl run, and the line lists places of copies */
#define LF_ROW_TEXTUAL     4u /* late columns stand behind the values: the row comes from a jsonl run */

struct lf_row {
	uint32_t size;    /* bytes in all, this head with them; a multiple of 8 */
	uint32_t object;  /* number of the object in the table of objects */
	uint32_t record;  /* place among the records of the object, from 0 */
	int32_t nanos;
	int64_t time;     /* LF_TIME_NONE: unknown */
	uint64_t content; /* equal for equal records (record/event.h) */
	uint32_t flags;
	uint32_t raw;     /* bytes of the record itself, which stand behind the values; 0 when they are not kept */
	/* where each value ends in bytes; a comma stands between two, as in most lines of CSV */
	uint32_t end[LF_COL_OF_EVENT];
	char bytes[];
};

/* Appends a row to out, aligned.  raw is the record (compacted) or empty.  out->failed where memory is
 * out or the row would be over 4 GiB.  out must hold rows only. */
void lf_row_pack(struct lf_buf *out, const struct lf_values *v, uint32_t record, uint64_t content, uint32_t flags,
    struct lf_slice raw);

/* A value, all of them, and all of them with the commas between: nothing is said of commas inside. */
struct lf_slice lf_row_value(const struct lf_row *r, enum lf_column c);
void lf_row_values(const struct lf_row *r, struct lf_slice v[LF_COL_OF_EVENT]);
struct lf_slice lf_row_joined(const struct lf_row *r);

/* The record that was packed with it. */
struct lf_slice lf_row_raw(const struct lf_row *r);

/*
 * The order of a timeline: time (unknown ones last), account, region, eventID (absent ones last).  Ties are in the
 * order of objects and records, which is that of the sorted evidence.  For lf_sorter; lf_row_prefix() is in the same
 * order.
 */
int lf_row_cmp(const void *a, const void *b);
int lf_row_cmp_events(const struct lf_row *a, const struct lf_row *b); /* without objects and records */
uint64_t lf_row_prefix(const void *row);

/* Whether two rows agree in time, account, region and eventID, and have an eventID. */
bool lf_row_same_event(const struct lf_row *a, const struct lf_row *b);

#endif
