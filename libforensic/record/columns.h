/*
 * The columns of a timeline (trail-timeline(1), COLUMNS): their names, and their values for one event.
 */
#ifndef LF_RECORD_COLUMNS_H
#define LF_RECORD_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/utc.h"
#include "record/event.h"

/* Up to LF_COL_OF_EVENT they come from the event alone; the others are known when all is read. */
enum lf_column {
	LF_COL_EVENT_TIME,  /* RFC 3339, Z; what cannot be read as a time stands as it is */
	LF_COL_ACCOUNT,     /* account_id: recipientAccountId, else userIdentity.accountId */
	LF_COL_REGION,      /* awsRegion */
	LF_COL_PRINCIPAL,   /* userIdentity.arn, else userName, invokedBy, principalId, onBehalfOf.userId, accountId */
	LF_COL_SOURCE,      /* event_source; of an Insight event insightDetails.eventSource */
	LF_COL_NAME,        /* event_name; of an Insight event insightDetails.eventName, else eventType */
	/*
	 * "success", or errorCode; "failure" where only errorMessage or the outcome of a sign-in says so; empty for
	 * Insight and Aggregated events, which are no calls, and where a CSV has no errors
	 */
	LF_COL_RESULT,
	LF_COL_SOURCE_IP,
	LF_COL_USER_AGENT,
	LF_COL_ACCESS_KEY,  /* access_key_id */
	LF_COL_RESOURCES,   /* ARN, else ARNPrefix, else resourceName, type or accountId of resources, joined by "; " */
	LF_COL_READ_ONLY,   /* "true", "false" or "" */
	LF_COL_CATEGORY,    /* event_category; "Management" is not guessed where it is absent */
	LF_COL_ID,          /* event_id */
	LF_COL_SHARED_ID,   /* shared_event_id */
	LF_COL_OF_EVENT,
	LF_COL_ACTOR = LF_COL_OF_EVENT,
	LF_COL_INTEGRITY,
	LF_COL_LOCATOR,
	LF_COL_RECORD_INDEX,
	LF_COL_DEFAULT,     /* the columns above are the default ones, in this order */
	/* also_in: the other places of a duplicate, "LOCATOR#INDEX" each, a NUL between them; written as "A#1; B#2" */
	LF_COL_ALSO_IN = LF_COL_DEFAULT,
	LF_COLUMNS
};

extern const char *const lf_column_names[LF_COLUMNS];

/* Reads "event_time,region,..." into list (LF_COLUMNS long).  An unknown or repeated name fails with a message that
 * lists the valid ones. */
int lf_columns_parse(const char *text, enum lf_column list[LF_COLUMNS], size_t *n, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/* The values of one event, and its time. */
struct lf_values {
	/* escapes resolved; bytes as they are otherwise; len 0 where there is none */
	struct lf_slice v[LF_COL_OF_EVENT];
	int64_t time; /* LF_TIME_NONE: unknown */
	int32_t nanos;
};

/*
 * Takes the columns out of an event.  What only its place says of it is not among them: whoever names a file says
 * nothing of the event, and copies of one event are one wherever they lie.  Slices lie in the event or in scratch,
 * which is reset at each call.  Returns -1 when memory is out.
 */
int lf_values_of(const struct lf_event *e, struct lf_buf *scratch, struct lf_values *out)
    __attribute__((warn_unused_result, nonnull));

#define LF_TIME_TEXT_LEN (LF_UTC_LEN + 10)

/*
 * The one text of a time: YYYY-MM-DDTHH:MM:SSZ, with a fraction (no zeros at its end) where nanos is not 0.  Returns
 * its length.
 */
size_t lf_time_text(int64_t time, int32_t nanos, char buf[LF_TIME_TEXT_LEN]);

#endif
