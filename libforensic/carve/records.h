/*
 * records.jsonl: each record once, with all places where it was found, the surest first, in the order of eventTime,
 * eventID and content.  Records are the same when they have the same eventID (without one: ever) and are equal as JSON
 * values; the same eventID with different values is a conflict, and all of them are kept.
 */
#ifndef LF_CARVE_RECORDS_H
#define LF_CARVE_RECORDS_H

#include "carve/rows.h"

/* Writes the file; adds records, duplicates and conflicts to result. */
int lf_records_write(const struct lf_rows_opts *o, struct lf_carve_result *result, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

#endif
