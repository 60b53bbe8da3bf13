#include "coverage/control_thing.h"

#include <string.h>

#include "record/arn.h"

/* Appends in lower case. */
static void
put_lower(struct lf_slice text, struct lf_buf *out)
{
	char *to = text.len == 0 ? NULL : lf_buf_reserve(out, text.len);

	if (to == NULL)
		return;
	for (size_t i = 0; i < text.len; i++)
		to[i] = lf_lower(text.s[i]);
	out->len += text.len;
	out->data[out->len] = '\0';
}

static void
put_part(struct lf_slice text, struct lf_buf *out)
{
	if (text.len > 0)
		lf_buf_add(out, text.s, text.len);
	lf_buf_putc(out, ':');
}

static void
put_key(struct lf_slice resource, struct lf_slice account, struct lf_buf *out)
{
	if (lf_slice_starts(resource, "alias/")) {
		put_part(account, out);
		lf_buf_add(out, resource.s, resource.len);
	} else {
		put_lower(lf_slice_starts(resource, "key/") ? lf_slice_behind(resource, 4) : resource, out);
	}
}

/* "log-group:NAME:*" and "log-group:NAME:log-stream:STREAM" are of the group NAME, which holds no colon. */
static struct lf_slice
group_name(struct lf_slice resource)
{
	if (lf_slice_starts(resource, "log-group:"))
		resource = lf_slice_behind(resource, 10);
	return lf_slice_take_up_to(&resource, ':');
}

void
lf_thing_put(enum lf_thing kind, struct lf_slice text, struct lf_slice account, struct lf_slice region,
    struct lf_buf *out)
{
	struct lf_arn arn = {.account = account, .region = region, .resource = text};
	struct lf_slice name;

	(void)lf_arn_read(text, &arn);
	name = arn.resource;
	if (name.len == 0)
		return;
	if (kind == LF_THING_BUCKET) {
		put_lower(lf_slice_take_up_to(&name, '/'), out);
	} else if (kind == LF_THING_KEY) {
		put_key(name, arn.account, out);
	} else if (kind == LF_THING_ROLE) {
		put_part(arn.account, out);
		put_lower(lf_slice_take_last(&name), out);
	} else if (kind == LF_THING_GROUP || kind == LF_THING_TOPIC) {
		name = kind == LF_THING_GROUP ? group_name(name) : lf_slice_take_up_to(&name, ':');
		put_part(arn.account, out);
		put_part(arn.region, out);
		lf_buf_add(out, name.s, name.len);
	}
}

struct lf_slice
lf_trail_name(struct lf_slice text)
{
	struct lf_arn arn;

	if (!lf_arn_read(text, &arn))
		return text;
	return lf_slice_starts(arn.resource, "trail/") ? lf_slice_behind(arn.resource, 6) : (struct lf_slice){NULL, 0};
}
