/* What the members of a record say. */
#include <string.h>

#include "base/utc.h"
#include "forensic.h"
#include "record/event.h"
#include "record/value.h"

#define BIT(field) (UINT64_C(1) << (field))

/* "aws:s3" and the like stand in the notifications of S3, SQS, DynamoDB streams ..., "minio:s3" in those of others. */
static bool
is_notification(struct lf_slice source)
{
	size_t i = 0;

	while (i < source.len && ((source.s[i] >= 'a' && source.s[i] <= 'z') || (source.s[i] >= '0' && source.s[i] <= '9')))
		i++;
	return i > 0 && i < source.len && source.s[i] == ':';
}

/*
 * One member that hardly anything else has, one that an event must have, and two in all.  Other audit logs have
 * userIdentity and sourceIPAddress; other events have eventTime, eventType and eventName.
 */
bool
lf_event_is_record(const struct lf_event *e)
{
	static const uint64_t event = BIT(LF_EV_VERSION) | BIT(LF_EV_TIME) | BIT(LF_EV_SOURCE) | BIT(LF_EV_NAME) |
	    BIT(LF_EV_ID) | BIT(LF_EV_TYPE) | BIT(LF_EV_CATEGORY) | BIT(LF_EV_SHARED_ID) | BIT(LF_EV_INSIGHT);
	static const uint64_t own = BIT(LF_EV_VERSION) | BIT(LF_EV_SOURCE) | BIT(LF_EV_REGION) | BIT(LF_EV_SOURCE_IP) |
	    BIT(LF_EV_CATEGORY) | BIT(LF_EV_SHARED_ID) | BIT(LF_EV_USER_IDENTITY) | BIT(LF_EV_INSIGHT);

	return (e->members & event) != 0 && (e->members & own) != 0 &&
	       __builtin_popcountll(e->members & (event | own)) >= 2 && !is_notification(e->field[LF_EV_SOURCE]);
}

static bool
is_escaped(const struct lf_event *e, enum lf_event_field f)
{
	return (e->escaped >> f & 1) != 0;
}

void
lf_event_text(const struct lf_event *e, enum lf_event_field f, struct lf_buf *out)
{
	struct lf_slice v = e->field[f];

	if (is_escaped(e, f))
		lf_scan_unescape(v.s, v.len, out);
	else if (v.len > 0)
		lf_buf_add(out, v.s, v.len);
}

struct lf_slice
lf_event_slice(const struct lf_event *e, enum lf_event_field f, struct lf_buf *scratch)
{
	size_t before = scratch->len;

	if (!is_escaped(e, f))
		return e->field[f];
	lf_event_text(e, f, scratch);
	if (scratch->failed)
		return (struct lf_slice){NULL, 0};
	return (struct lf_slice){scratch->data + before, scratch->len - before};
}

bool
lf_event_member(struct lf_slice json, const char *path, struct lf_slice *out, bool *is_string)
{
	struct lf_value v = {.token = json.len > 0 ? LF_TOKEN_OBJECT : LF_TOKEN_ERROR, .text = json}; /* if it is none, it has no members */

	v = lf_value_at(&v, path);
	if (!lf_value_is_there(&v))
		return false;
	*out = v.text;
	*is_string = v.token == LF_TOKEN_STRING;
	return true;
}

/* RFC 3339 with 'T' or, as LookupEvents writes it, a blank between date and time. */
static bool
read_time(struct lf_slice text, int64_t *t, int32_t *nanos)
{
	char copy[64];

	if (text.len <= 10 || text.s[10] != ' ')
		return lf_utc_read_rfc3339(text.s, text.len, t, nanos);
	if (text.len > sizeof(copy))
		return false;
	memcpy(copy, text.s, text.len);
	copy[10] = 'T';
	return lf_utc_read_rfc3339(copy, text.len, t, nanos);
}

int64_t
lf_event_time(const struct lf_event *e, int32_t *nanos)
{
	struct lf_slice text;
	struct lf_buf buf;
	int64_t t = LF_TIME_NONE;
	int32_t fraction = 0;
	bool is_string;

	lf_buf_init(&buf);
	text = lf_event_slice(e, LF_EV_TIME, &buf);
	if ((text.s == NULL || !read_time(text, &t, &fraction)) &&
	    lf_event_member(e->field[LF_EV_TIME_WINDOW], "windowStart", &text, &is_string)) {
		lf_buf_reset(&buf);
		lf_scan_unescape(text.s, text.len, &buf);
		if (!read_time((struct lf_slice){lf_buf_str(&buf), buf.len}, &t, &fraction))
			t = LF_TIME_NONE;
	}
	lf_buf_free(&buf);
	if (nanos != NULL)
		*nanos = t == LF_TIME_NONE ? 0 : fraction;
	return t;
}
