/*
 * One CloudTrail record, projected: the members that timelines, filters and gaps ask about, as slices of its text.
 * Nothing is copied, no tree is built.  Members are those of AWS's page "CloudTrail record contents"; records of every
 * eventVersion, Insight, NetworkActivity and Aggregated events have a place here.
 */
#ifndef LF_RECORD_EVENT_H
#define LF_RECORD_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/seed.h"
#include "base/slice.h"
#include "record/scan.h"

/* Members of a record.  Up to LF_EV_STRINGS they are scalars, behind it whole JSON values. */
enum lf_event_field {
	LF_EV_VERSION,       /* eventVersion */
	LF_EV_TIME,          /* eventTime */
	LF_EV_SOURCE,        /* eventSource */
	LF_EV_NAME,          /* eventName */
	LF_EV_REGION,        /* awsRegion */
	LF_EV_SOURCE_IP,     /* sourceIPAddress */
	LF_EV_USER_AGENT,    /* userAgent */
	LF_EV_ERROR_CODE,    /* errorCode */
	LF_EV_ERROR_MESSAGE, /* errorMessage */
	LF_EV_ID,            /* eventID, or eventId of Aggregated events */
	LF_EV_TYPE,          /* eventType */
	LF_EV_CATEGORY,      /* eventCategory */
	LF_EV_RECIPIENT,     /* recipientAccountId, or accountId of Aggregated events */
	LF_EV_SHARED_ID,     /* sharedEventID */
	LF_EV_READ_ONLY,     /* readOnly: true or false, whether written as a literal or as a string */
	LF_EV_VPC_ENDPOINT,  /* vpcEndpointId */
	LF_EV_UI_TYPE,       /* userIdentity.type */
	LF_EV_UI_PRINCIPAL,  /* userIdentity.principalId */
	LF_EV_UI_ARN,        /* userIdentity.arn */
	LF_EV_UI_ACCOUNT,    /* userIdentity.accountId */
	LF_EV_UI_ACCESS_KEY, /* userIdentity.accessKeyId */
	LF_EV_UI_USER_NAME,  /* userIdentity.userName */
	LF_EV_UI_INVOKED_BY, /* userIdentity.invokedBy */
	LF_EV_ISSUER_TYPE,   /* userIdentity.sessionContext.sessionIssuer.type */
	LF_EV_ISSUER_ARN,    /* ... .arn */
	LF_EV_ISSUER_PRINCIPAL, /* ... .principalId */
	LF_EV_ISSUER_USER_NAME, /* ... .userName */
	LF_EV_SOURCE_IDENTITY,  /* userIdentity.sessionContext.sourceIdentity */
	LF_EV_STRINGS,
	LF_EV_USER_IDENTITY = LF_EV_STRINGS,
	LF_EV_RESOURCES,
	LF_EV_REQUEST,       /* requestParameters */
	LF_EV_RESPONSE,      /* responseElements */
	LF_EV_ADDITIONAL,    /* additionalEventData */
	LF_EV_ADDENDUM,
	LF_EV_INSIGHT,       /* insightDetails */
	LF_EV_TIME_WINDOW,   /* timeWindow of Aggregated events */
	LF_EV_SUMMARY,       /* summary of Aggregated events */
	LF_EV_SERVICE,       /* serviceEventDetails */
	LF_EV_FIELDS
};

struct lf_event {
	struct lf_slice raw;    /* the record's own bytes, from { to } */
	/* Strings: between the quotes, escapes as they stand.  Numbers, literals, objects, arrays: as they stand.
	 * s is NULL where the member is absent or null.  Of members that stand there twice the last counts. */
	struct lf_slice field[LF_EV_FIELDS];
	uint64_t escaped;       /* bit i: field[i] is a string that holds a backslash */
	uint64_t members;       /* bit i: the member is there, null or not */
	/*
	 * "duplicate key NAME", static text, for the first member that stands there twice, or NULL; of one that has no
	 * place here without its name
	 */
	const char *duplicate;
	size_t repeated;        /* and the offset in the scanner's text of where it stands again */
	uint64_t content;       /* lf_event_read() with a seed: see there; else 0 */
	bool partial;           /* made of a console CSV's line, which has not all members */
	/* partial, and the CSV has no column for errors: whether the call failed is not known */
	bool no_result;
};

/*
 * Reads the object whose LF_TOKEN_OBJECT s has just returned, to its end.  With a seed, content is a hash of the record
 * as a value in which neither the order of its own members counts, nor white space, nor how characters are escaped;
 * the order inside nested objects does count: equal hashes mean equal values, and of different ones
 * lf_canonical_hash() must decide.  Returns false when the JSON is broken (s->problem, s->at);
 * out then holds what came before.
 */
bool lf_event_read(struct lf_scan *s, const struct lf_seed *seed, struct lf_event *out);

/* Whether an object is a CloudTrail record, by its members: at least two that only records have together. */
bool lf_event_is_record(const struct lf_event *e);

/* Whether a field stands between quotes: a text that begins with a brace is no object then. */
static inline bool
lf_event_is_string(const struct lf_event *e, enum lf_event_field f)
{
	const char *s = e->field[f].s;

	return s > e->raw.s && s <= e->raw.s + e->raw.len && s[-1] == '"';
}

/* Whether the bytes of eventName do not tell what an event is called: it is absent, or escaped. */
static inline bool
lf_event_name_hidden(const struct lf_event *e)
{
	return e->field[LF_EV_NAME].len == 0 || (e->escaped >> LF_EV_NAME & 1) != 0;
}

/* Appends a scalar field with its escapes resolved. */
void lf_event_text(const struct lf_event *e, enum lf_event_field f, struct lf_buf *out);

/* The same as a slice: of the record's text where it holds no escapes, else in scratch (appended to, never moved by a
 * later call as long as scratch does not grow: so give one buffer for each field, or copy). */
struct lf_slice lf_event_slice(const struct lf_event *e, enum lf_event_field f, struct lf_buf *scratch);

/*
 * Finds a member of a whole-value field by path, "credentials/accessKeyId" or "/" joined names without escapes.  Array
 * elements cannot be named.  False when it is not there, is null, or the value is no object.  *is_string tells whether
 * out stands between quotes.
 */
bool lf_event_member(struct lf_slice json, const char *path, struct lf_slice *out, bool *is_string);

/* When it happened: eventTime (RFC 3339 with any offset or fraction), else windowStart of an Aggregated event.
 * LF_TIME_NONE when there is none that can be read. */
int64_t lf_event_time(const struct lf_event *e, int32_t *nanos);

/* Appends the record on one line: strings and numbers byte for byte, white space between them gone. */
void lf_json_compact(struct lf_slice json, struct lf_buf *out);

#endif
