#include "record/event_name.h"

#include <endian.h>
#include <string.h>

#include "record/scan_piece.h"

#define LONGEST 19

/* A name is the end of what is said of it when it stands there twice. */
#define DUPLICATE  "duplicate key "
#define NAME(text) {&(DUPLICATE text)[sizeof(DUPLICATE) - 1], sizeof(text) - 1}

static const struct lf_scan_name names[LF_EVENT_NAMES] = {
    [LF_NAME_EVENT_VERSION] = NAME("eventVersion"),
    [LF_NAME_EVENT_TIME] = NAME("eventTime"),
    [LF_NAME_EVENT_SOURCE] = NAME("eventSource"),
    [LF_NAME_EVENT_NAME] = NAME("eventName"),
    [LF_NAME_AWS_REGION] = NAME("awsRegion"),
    [LF_NAME_SOURCE_IP] = NAME("sourceIPAddress"),
    [LF_NAME_USER_AGENT] = NAME("userAgent"),
    [LF_NAME_ERROR_CODE] = NAME("errorCode"),
    [LF_NAME_ERROR_MESSAGE] = NAME("errorMessage"),
    [LF_NAME_EVENT_ID] = NAME("eventID"),
    [LF_NAME_EVENT_ID_AGGREGATED] = NAME("eventId"),
    [LF_NAME_EVENT_TYPE] = NAME("eventType"),
    [LF_NAME_EVENT_CATEGORY] = NAME("eventCategory"),
    [LF_NAME_RECIPIENT] = NAME("recipientAccountId"),
    [LF_NAME_ACCOUNT_ID] = NAME("accountId"),
    [LF_NAME_SHARED_ID] = NAME("sharedEventID"),
    [LF_NAME_READ_ONLY] = NAME("readOnly"),
    [LF_NAME_VPC_ENDPOINT] = NAME("vpcEndpointId"),
    [LF_NAME_USER_IDENTITY] = NAME("userIdentity"),
    [LF_NAME_RESOURCES] = NAME("resources"),
    [LF_NAME_REQUEST] = NAME("requestParameters"),
    [LF_NAME_RESPONSE] = NAME("responseElements"),
    [LF_NAME_ADDITIONAL] = NAME("additionalEventData"),
    [LF_NAME_ADDENDUM] = NAME("addendum"),
    [LF_NAME_INSIGHT] = NAME("insightDetails"),
    [LF_NAME_TIME_WINDOW] = NAME("timeWindow"),
    [LF_NAME_SUMMARY] = NAME("summary"),
    [LF_NAME_SERVICE] = NAME("serviceEventDetails"),
    [LF_NAME_TYPE] = NAME("type"),
    [LF_NAME_PRINCIPAL_ID] = NAME("principalId"),
    [LF_NAME_ARN] = NAME("arn"),
    [LF_NAME_ACCESS_KEY] = NAME("accessKeyId"),
    [LF_NAME_USER_NAME] = NAME("userName"),
    [LF_NAME_INVOKED_BY] = NAME("invokedBy"),
    [LF_NAME_SESSION] = NAME("sessionContext"),
    [LF_NAME_SOURCE_IDENTITY] = NAME("sourceIdentity"),
    [LF_NAME_ISSUER] = NAME("sessionIssuer"),
};

/* A slot of its own for each name, from its length and its last four bytes (of "arn" one is the quote in front): the
 * factor was found by trying.  Two names in one slot would not compile without a warning. */
#define SLOT_OF(tail, len) ((uint32_t)(((tail) + (uint32_t)(len)) * UINT32_C(0xa2104471)) >> 26)
#define SLOT(len, a, b, c, d) \
	[SLOT_OF((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24, len)]

/* Empty slots have the first name, and no key that falls into one is called so. */
static const uint8_t slots[64] = {
    SLOT(12, 's', 'i', 'o', 'n') = LF_NAME_EVENT_VERSION,
    SLOT(9, 'T', 'i', 'm', 'e') = LF_NAME_EVENT_TIME,
    SLOT(11, 'u', 'r', 'c', 'e') = LF_NAME_EVENT_SOURCE,
    SLOT(9, 'N', 'a', 'm', 'e') = LF_NAME_EVENT_NAME,
    SLOT(9, 'g', 'i', 'o', 'n') = LF_NAME_AWS_REGION,
    SLOT(15, 'r', 'e', 's', 's') = LF_NAME_SOURCE_IP,
    SLOT(9, 'g', 'e', 'n', 't') = LF_NAME_USER_AGENT,
    SLOT(9, 'C', 'o', 'd', 'e') = LF_NAME_ERROR_CODE,
    SLOT(12, 's', 'a', 'g', 'e') = LF_NAME_ERROR_MESSAGE,
    SLOT(7, 'n', 't', 'I', 'D') = LF_NAME_EVENT_ID,
    SLOT(7, 'n', 't', 'I', 'd') = LF_NAME_EVENT_ID_AGGREGATED,
    SLOT(9, 'T', 'y', 'p', 'e') = LF_NAME_EVENT_TYPE,
    SLOT(13, 'g', 'o', 'r', 'y') = LF_NAME_EVENT_CATEGORY,
    SLOT(18, 'n', 't', 'I', 'd') = LF_NAME_RECIPIENT,
    SLOT(9, 'n', 't', 'I', 'd') = LF_NAME_ACCOUNT_ID,
    SLOT(13, 'n', 't', 'I', 'D') = LF_NAME_SHARED_ID,
    SLOT(8, 'O', 'n', 'l', 'y') = LF_NAME_READ_ONLY,
    SLOT(13, 'n', 't', 'I', 'd') = LF_NAME_VPC_ENDPOINT,
    SLOT(12, 't', 'i', 't', 'y') = LF_NAME_USER_IDENTITY,
    SLOT(9, 'r', 'c', 'e', 's') = LF_NAME_RESOURCES,
    SLOT(17, 't', 'e', 'r', 's') = LF_NAME_REQUEST,
    SLOT(16, 'e', 'n', 't', 's') = LF_NAME_RESPONSE,
    SLOT(19, 'D', 'a', 't', 'a') = LF_NAME_ADDITIONAL,
    SLOT(8, 'n', 'd', 'u', 'm') = LF_NAME_ADDENDUM,
    SLOT(14, 'a', 'i', 'l', 's') = LF_NAME_INSIGHT,
    SLOT(10, 'n', 'd', 'o', 'w') = LF_NAME_TIME_WINDOW,
    SLOT(7, 'm', 'a', 'r', 'y') = LF_NAME_SUMMARY,
    SLOT(19, 'a', 'i', 'l', 's') = LF_NAME_SERVICE,
    SLOT(4, 't', 'y', 'p', 'e') = LF_NAME_TYPE,
    SLOT(11, 'a', 'l', 'I', 'd') = LF_NAME_PRINCIPAL_ID,
    SLOT(3, '"', 'a', 'r', 'n') = LF_NAME_ARN,
    SLOT(11, 'e', 'y', 'I', 'd') = LF_NAME_ACCESS_KEY,
    SLOT(8, 'N', 'a', 'm', 'e') = LF_NAME_USER_NAME,
    SLOT(9, 'e', 'd', 'B', 'y') = LF_NAME_INVOKED_BY,
    SLOT(14, 't', 'e', 'x', 't') = LF_NAME_SESSION,
    SLOT(14, 't', 'i', 't', 'y') = LF_NAME_SOURCE_IDENTITY,
    SLOT(13, 's', 'u', 'e', 'r') = LF_NAME_ISSUER,
};

/* Names of one length tend to differ in their last eight bytes. */
static inline bool
equal(const char *a, const char *b, size_t len)
{
	uint64_t x, y;

	if (len < sizeof(x))
		return memcmp(a, b, len) == 0;
	memcpy(&x, a + len - sizeof(x), sizeof(x));
	memcpy(&y, b + len - sizeof(y), sizeof(y));
	for (size_t i = 0; x == y && i + sizeof(x) < len; i += sizeof(x)) {
		memcpy(&x, a + i, sizeof(x));
		memcpy(&y, b + i, sizeof(y));
	}
	return x == y;
}

/* Which name the len bytes at key are; the byte in front of them can be read. */
static inline unsigned
find(const char *key, size_t len, unsigned *slot)
{
	const struct lf_scan_name *name;
	uint32_t tail;
	unsigned i;

	*slot = 0;
	if (len < sizeof(tail) - 1)
		return LF_EVENT_NAMES;
	memcpy(&tail, key + len - sizeof(tail), sizeof(tail));
	*slot = SLOT_OF(le32toh(tail), len);
	i = slots[*slot];
	name = &names[i];
	return name->len == len && equal(name->s, key, len) ? i : LF_EVENT_NAMES;
}

static unsigned
find_escaped(const char *key, const char *end, unsigned *slot)
{
	char text[1 + LONGEST + 4] = "\"";
	size_t len = 0, used;

	while (key < end && len <= LONGEST) {
		if (*key == '\\') {
			len += lf_scan_resolve(key, end, text + 1 + len, &used);
			key += used;
		} else {
			text[1 + len++] = *key++;
		}
	}
	*slot = 0;
	return len <= LONGEST ? find(text + 1, len, slot) : LF_EVENT_NAMES;
}

unsigned
lf_event_name(struct lf_slice name, bool escaped, unsigned *slot)
{
	return escaped ? find_escaped(name.s, name.s + name.len, slot) : find(name.s, name.len, slot);
}

/* Takes what the next character of *s, or the next byte of one, stands for. */
static size_t
take(struct lf_slice *s, char out[4])
{
	size_t used = 1, n = 1;

	if (*s->s == '\\')
		n = lf_scan_resolve(s->s, s->s + s->len, out, &used);
	else
		out[0] = *s->s;
	*s = lf_slice_behind(*s, used);
	return n;
}

bool
lf_event_name_same(struct lf_slice a, struct lf_slice b)
{
	char x[4], y[4];
	size_t i = 0, j = 0, m = 0, n = 0;

	for (;; i++, j++) {
		if (i == m && (i = m = 0, a.len > 0))
			m = take(&a, x);
		if (j == n && (j = n = 0, b.len > 0))
			n = take(&b, y);
		if (m == 0 || n == 0)
			return m == n;
		if (x[i] != y[j])
			return false;
	}
}

const char *
lf_event_duplicate(unsigned name)
{
	return name == LF_EVENT_NAMES ? "duplicate key" : names[name].s - (sizeof(DUPLICATE) - 1);
}
