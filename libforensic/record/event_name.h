/* The names of the members of a record that have a place in struct lf_event. */
#ifndef LF_RECORD_EVENT_NAME_H
#define LF_RECORD_EVENT_NAME_H

#include "base/slice.h"
#include "record/scan.h"

enum lf_event_name {
	LF_NAME_EVENT_VERSION,
	LF_NAME_EVENT_TIME,
	LF_NAME_EVENT_SOURCE,
	LF_NAME_EVENT_NAME,
	LF_NAME_AWS_REGION,
	LF_NAME_SOURCE_IP,
	LF_NAME_USER_AGENT,
	LF_NAME_ERROR_CODE,
	LF_NAME_ERROR_MESSAGE,
	LF_NAME_EVENT_ID,
	LF_NAME_EVENT_ID_AGGREGATED,
	LF_NAME_EVENT_TYPE,
	LF_NAME_EVENT_CATEGORY,
	LF_NAME_RECIPIENT,
	LF_NAME_ACCOUNT_ID,
	LF_NAME_SHARED_ID,
	LF_NAME_READ_ONLY,
	LF_NAME_VPC_ENDPOINT,
	LF_NAME_USER_IDENTITY,
	LF_NAME_RESOURCES,
	LF_NAME_REQUEST,
	LF_NAME_RESPONSE,
	LF_NAME_ADDITIONAL,
	LF_NAME_ADDENDUM,
	LF_NAME_INSIGHT,
	LF_NAME_TIME_WINDOW,
	LF_NAME_SUMMARY,
	LF_NAME_SERVICE,
	LF_NAME_TYPE,
	LF_NAME_PRINCIPAL_ID,
	LF_NAME_ARN,
	LF_NAME_ACCESS_KEY,
	LF_NAME_USER_NAME,
	LF_NAME_INVOKED_BY,
	LF_NAME_SESSION,
	LF_NAME_SOURCE_IDENTITY,
	LF_NAME_ISSUER,
	LF_EVENT_NAMES
};

/*
 * Which of them a key of a text is, given between its quotes; LF_EVENT_NAMES for none.  escaped: it holds a backslash.
 * *slot is below 64, and the same for the same key without escapes.
 */
unsigned lf_event_name(struct lf_slice name, bool escaped, unsigned *slot);

/* Whether two keys, between their quotes, are the same name, escapes resolved. */
bool lf_event_name_same(struct lf_slice a, struct lf_slice b);

/* "duplicate key NAME"; of LF_EVENT_NAMES without a name. */
const char *lf_event_duplicate(unsigned name);

#endif
