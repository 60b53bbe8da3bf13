#include "coverage/control_use.h"

#include <string.h>

#include "coverage/control.h"
#include "coverage/control_record.h"
#include "coverage/control_text.h"
#include "coverage/control_thing.h"

enum { MEMBERS = 6 };
static const struct lf_scan_name members[MEMBERS] = {
    LF_SCAN_NAME("s3BucketName"),
    LF_SCAN_NAME("kmsKeyId"),
    LF_SCAN_NAME("cloudWatchLogsRoleArn"),
    LF_SCAN_NAME("cloudWatchLogsLogGroupArn"),
    LF_SCAN_NAME("snsTopicARN"),
    LF_SCAN_NAME("snsTopicName"),
};
static const uint8_t things[MEMBERS] = {
    LF_THING_BUCKET, LF_THING_KEY, LF_THING_ROLE, LF_THING_GROUP, LF_THING_TOPIC, LF_THING_TOPIC,
};

bool
lf_control_use_may(struct lf_slice name)
{
	if (name.len != 8 && name.len != 11 && name.len != 14)
		return false;
	return lf_slice_is(name, "CreateTrail") || lf_slice_is(name, "UpdateTrail") || lf_slice_is(name, "GetTrail") ||
	    lf_slice_is(name, "DescribeTrails");
}

bool
lf_control_names_things(const struct lf_values *v)
{
	return lf_control_use_may(v->v[LF_COL_NAME]) && lf_slice_starts(v->v[LF_COL_SOURCE], "cloudtrail.amazonaws.com");
}

/* Names longer than what is kept are none of AWS's. */
static void
put_use(const struct lf_values *v, enum lf_thing thing, const struct lf_value *name, struct lf_buf *out)
{
	struct lf_control_head head;
	struct lf_buf text, form;

	lf_buf_init(&text);
	lf_buf_init(&form);
	lf_control_value(name, &text);
	if (text.len <= LF_CONTROL_TEXT)
		lf_thing_put(thing, (struct lf_slice){text.data, text.len}, v->v[LF_COL_ACCOUNT], v->v[LF_COL_REGION], &form);
	lf_control_keep(&form, 0);
	if (form.len > 0) {
		memset(&head, 0, sizeof(head));
		head.is_use = true;
		head.thing = (uint8_t)thing;
		head.len[LF_CTL_THING] = (uint32_t)form.len;
		lf_buf_add(out, &head, sizeof(head));
		lf_buf_add(out, form.data, form.len);
	}
	out->failed |= text.failed || form.failed;
	lf_buf_free(&text);
	lf_buf_free(&form);
}

static void
put_uses(const struct lf_values *v, const struct lf_value *trail, struct lf_buf *out)
{
	struct lf_value m[MEMBERS];

	lf_value_members(trail, members, MEMBERS, m);
	for (size_t i = 0; i < MEMBERS; i++)
		if (m[i].token == LF_TOKEN_STRING && m[i].text.len > 0)
			put_use(v, (enum lf_thing)things[i], &m[i], out);
}

void
lf_control_use(const struct lf_values *v, const struct lf_value *request, const struct lf_value *response,
    struct lf_buf *out)
{
	struct lf_value one = lf_value_at(response, "trail"), list = lf_value_at(response, "trailList");
	struct lf_items items;

	put_uses(v, request, out);
	put_uses(v, response, out);
	put_uses(v, &one, out);
	lf_items_start(&items, &list);
	while (lf_items_next(&items, &one))
		put_uses(v, &one, out);
}
