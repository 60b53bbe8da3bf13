/*
 * The records inside a delivered log, one after another: {"Records":[...]}, a bare array, or JSON lines.
 */
#ifndef LF_RECORD_RECORDS_H
#define LF_RECORD_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/event.h"
#include "record/scan.h"

struct lf_records {
	struct lf_scan scan;
	unsigned form;       /* internal */
	uint64_t n;          /* records given so far */
	const char *problem; /* static text; NULL while all is well */
	size_t at;           /* offset of the problem */
};

void lf_records_init(struct lf_records *r, const char *text, size_t len);

/* 1 with the next record, 0 at the end, -1 on JSON that is broken or is no log, and on a record in which a
 * name stands twice (r->problem, r->at). */
int lf_records_next(struct lf_records *r, struct lf_event *out);

/* Whether inflated bytes look like a log (for classification). */
bool lf_records_sniff(const char *text, size_t len);

#endif
