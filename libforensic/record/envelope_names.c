/* Names that tell what an object is. */
#include "record/envelope.h"
#include "record/envelope_parts.h"

#include <string.h>

#define NAME_MAX_LEN 32 /* no name of ours is longer */

/* In the order of enum lf_envelope_name. */
static const struct lf_scan_name names[] = {
    /* own */
    LF_SCAN_NAME("eventVersion"), LF_SCAN_NAME("userIdentity"), LF_SCAN_NAME("eventTime"), LF_SCAN_NAME("eventSource"),
    LF_SCAN_NAME("eventName"), LF_SCAN_NAME("awsRegion"), LF_SCAN_NAME("sourceIPAddress"), LF_SCAN_NAME("userAgent"),
    LF_SCAN_NAME("requestParameters"), LF_SCAN_NAME("responseElements"), LF_SCAN_NAME("eventID"),
    LF_SCAN_NAME("eventType"), LF_SCAN_NAME("eventCategory"), LF_SCAN_NAME("recipientAccountId"),
    LF_SCAN_NAME("sharedEventID"), LF_SCAN_NAME("insightDetails"), LF_SCAN_NAME("timeWindow"),
    LF_SCAN_NAME("managementEvent"), LF_SCAN_NAME("additionalEventData"), LF_SCAN_NAME("serviceEventDetails"),
    LF_SCAN_NAME("sessionCredentialFromConsole"), LF_SCAN_NAME("vpcEndpointAccountId"),
    /* members */
    LF_SCAN_NAME("errorCode"), LF_SCAN_NAME("errorMessage"), LF_SCAN_NAME("requestID"), LF_SCAN_NAME("requestId"),
    LF_SCAN_NAME("readOnly"), LF_SCAN_NAME("resources"), LF_SCAN_NAME("apiVersion"), LF_SCAN_NAME("vpcEndpointId"),
    LF_SCAN_NAME("tlsDetails"), LF_SCAN_NAME("addendum"), LF_SCAN_NAME("edgeDeviceDetails"), LF_SCAN_NAME("eventId"),
    LF_SCAN_NAME("accountId"), LF_SCAN_NAME("summary"), LF_SCAN_NAME("eventContext"),
    /* down */
    LF_SCAN_NAME("Records"), LF_SCAN_NAME("records"), LF_SCAN_NAME("Events"), LF_SCAN_NAME("events"),
    LF_SCAN_NAME("logEvents"), LF_SCAN_NAME("Messages"), LF_SCAN_NAME("CloudTrailEvent"), LF_SCAN_NAME("message"),
    LF_SCAN_NAME("Message"), LF_SCAN_NAME("@message"), LF_SCAN_NAME("body"), LF_SCAN_NAME("Body"),
    LF_SCAN_NAME("record"), LF_SCAN_NAME("aws"), LF_SCAN_NAME("cloudtrail"),
    LF_SCAN_NAME("event"), LF_SCAN_NAME("original"), LF_SCAN_NAME("Sns"), LF_SCAN_NAME("_source"),
    LF_SCAN_NAME("hits"),
    /* detail */
    LF_SCAN_NAME("detail"),
    /* first */
    LF_SCAN_NAME("EventId"), LF_SCAN_NAME("messageType"), LF_SCAN_NAME("id"), LF_SCAN_NAME("timestamp"),
    LF_SCAN_NAME("logStreamName"), LF_SCAN_NAME("messageId"), LF_SCAN_NAME("MessageId"), LF_SCAN_NAME("EventSource"),
    LF_SCAN_NAME("Type"), LF_SCAN_NAME("version"), LF_SCAN_NAME("@timestamp"), LF_SCAN_NAME("event_id"),
    LF_SCAN_NAME("EventName"), LF_SCAN_NAME("owner"), LF_SCAN_NAME("_index"),
};
#define N_NAMES   (sizeof(names) / sizeof(names[0]))
#define N_OWN     22
#define N_MEMBERS 37
#define N_DOWN    57
#define N_DETAIL  58

static enum lf_envelope_name
kind(size_t i)
{
	if (i < N_OWN)
		return LF_ENVELOPE_OWN;
	if (i < N_MEMBERS)
		return LF_ENVELOPE_MEMBER;
	if (i < N_DETAIL)
		return i < N_DOWN ? LF_ENVELOPE_DOWN : LF_ENVELOPE_DETAIL;
	return i < N_NAMES ? LF_ENVELOPE_FIRST : LF_ENVELOPE_OTHER;
}

enum lf_envelope_name
lf_envelope_name(const struct lf_scan *s)
{
	return kind(lf_scan_which(s, names, N_NAMES));
}

unsigned
lf_envelope_name_form(const struct lf_scan *s)
{
	static const struct lf_scan_name telling[] = {LF_SCAN_NAME("CloudTrailEvent"), LF_SCAN_NAME("detail"),
	    LF_SCAN_NAME("logEvents"), LF_SCAN_NAME("message"), LF_SCAN_NAME("@message")};
	static const unsigned char forms[] = {LF_FORM_LOOKUP, LF_FORM_EVENTBRIDGE, LF_FORM_CLOUDWATCH, LF_FORM_CLOUDWATCH,
	    LF_FORM_CLOUDWATCH, LF_FORM_LOG};

	return forms[lf_scan_which(s, telling, 5)];
}

enum lf_envelope_name
lf_envelope_kind(const char *s, size_t len)
{
	size_t i = 0;

	while (i < N_NAMES && (names[i].len != len || memcmp(names[i].s, s, len) != 0))
		i++;
	return kind(i);
}

enum lf_envelope_name
lf_envelope_peek(const char *p, const char *end)
{
	static const char usual[] = "\"eventVersion\"";
	const char *quote;
	size_t len;

	p = lf_scan_blanks(p, end);
	if ((size_t)(end - p) > sizeof(usual) - 1 && memcmp(p, usual, sizeof(usual) - 1) == 0)
		return LF_ENVELOPE_OWN;
	if (p == end || *p != '"')
		return LF_ENVELOPE_OTHER;
	p++;
	len = (size_t)(end - p);
	quote = memchr(p, '"', len < NAME_MAX_LEN ? len : NAME_MAX_LEN);
	if (quote == NULL)
		return LF_ENVELOPE_OTHER;
	len = (size_t)(quote - p);
	return lf_envelope_kind(p, len);
}
