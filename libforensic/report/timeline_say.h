/* How the forms of a timeline say what a row holds. */
#ifndef LF_REPORT_TIMELINE_SAY_H
#define LF_REPORT_TIMELINE_SAY_H

#include <stdbool.h>

#include "base/buf.h"
#include "timeline/timeline.h"

/* Whether the default columns were asked for: then a form for people lays them out as it likes. */
bool lf_say_default_columns(const struct lf_timeline *t);

/* Whether the call failed.  A row that does not say counts as not failed. */
bool lf_say_failed(const struct lf_timeline_row *row);

/* +1 for a row that changes something, -1 for one that reads, 0 where the record does not say. */
int lf_say_writes(const struct lf_timeline_row *row);

/* "iam.amazonaws.com" without what all services share. */
struct lf_slice lf_say_service(struct lf_slice source);

/*
 * A principal without the part of its ARN that leads up to the account: "user/alice".  *other is the account where it
 * is another than the row's, else empty.
 */
struct lf_slice lf_say_own(struct lf_slice arn, struct lf_slice account, struct lf_slice *other);

/*
 * A principal without the part of its ARN that repeats the row's account: "user/alice".  That of another account keeps
 * it: "123456789012:user/alice".  Appended as it is, not made safe.
 */
void lf_say_principal(struct lf_slice arn, struct lf_slice account, struct lf_buf *out);

/* Whether lineage found somebody behind the principal. */
bool lf_say_has_actor(const struct lf_timeline_row *row);

/*
 * "coverage-ends (gap: logging-stopped) by WHO: ACCOUNT REGION trail NAME": a mark as a sentence, not made safe.  by is
 * the principal, or what stands for it.
 */
void lf_say_mark(const struct lf_timeline_row *row, struct lf_slice by, struct lf_buf *out);

/* "PRINCIPAL SERVICE EVENT RESULT from ADDRESS": a row as a sentence, not made safe. */
void lf_say_sentence(const struct lf_timeline_row *row, struct lf_buf *out);

/* The first of the places of also_in, taken off *rest; false at its end.  index is what stands behind the last '#'. */
bool lf_say_next_place(struct lf_slice *rest, struct lf_slice *locator, struct lf_slice *index);

/* A column's text as one run: that of the row, or in scratch where also_in is joined by "; ". */
struct lf_slice lf_say_value(const struct lf_timeline_row *row, enum lf_column c, struct lf_buf *scratch);

/* What helps against rows that are unproven. */
const char *lf_say_unproven(void);

/* The UTC day that holds a time; LF_TIME_NONE for that. */
int64_t lf_say_day(int64_t time);

#endif
