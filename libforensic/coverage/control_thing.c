#include "coverage/control_thing.h"

#include <string.h>

static const struct lf_slice nothing = {NULL, 0};

/* Takes what is before the next colon off text; false when there is none. */
static bool
take_part(struct lf_slice *text, struct lf_slice *out)
{
	const char *colon = text->len == 0 ? NULL : memchr(text->s, ':', text->len);

	if (colon == NULL)
		return false;
	*out = (struct lf_slice){text->s, (size_t)(colon - text->s)};
	*text = lf_slice_behind(*text, out->len + 1);
	return true;
}

bool
lf_arn_read(struct lf_slice text, struct lf_arn *out)
{
	struct lf_slice arn, partition;

	if (!take_part(&text, &arn) || !lf_slice_is_nocase(arn, "arn") || !take_part(&text, &partition) ||
	    !take_part(&text, &out->service) || !take_part(&text, &out->region) || !take_part(&text, &out->account))
		return false;
	out->resource = text;
	return true;
}

/* From the start of text to white space, a quote, a bracket or a comma; a full stop at its end is the sentence's. */
static struct lf_slice
word(struct lf_slice text)
{
	size_t n = 0;

	while (n < text.len && (unsigned char)text.s[n] > ' ' && strchr("\"'`,;()[]<>\\", text.s[n]) == NULL)
		n++;
	while (n > 0 && (text.s[n - 1] == '.' || text.s[n - 1] == ':'))
		n--;
	return (struct lf_slice){text.s, n};
}

/* "User: ARN is not authorized to perform: ACTION on resource: ARN because ..." */
struct lf_slice
lf_arn_in_message(struct lf_slice message, struct lf_slice service)
{
	static const char user[] = "User: ";
	const size_t len = sizeof(user) - 1;
	const char *end = message.s + message.len, *p = message.s;
	struct lf_slice found;
	struct lf_arn arn;

	while (p != NULL && p < end && (p = memmem(p, (size_t)(end - p), "arn:", 4)) != NULL) {
		found = word((struct lf_slice){p, (size_t)(end - p)});
		if ((size_t)(p - message.s) < len || memcmp(p - len, user, len) != 0)
			if (lf_arn_read(found, &arn) && lf_slice_equal(arn.service, service) && arn.resource.len > 0)
				return found;
		p += found.len < 4 ? 4 : found.len;
	}
	return nothing;
}

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

/* What is before the first c, or all. */
static struct lf_slice
before(struct lf_slice text, char c)
{
	const char *at = text.len == 0 ? NULL : memchr(text.s, c, text.len);

	return at == NULL ? text : (struct lf_slice){text.s, (size_t)(at - text.s)};
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
	return before(resource, ':');
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
		put_lower(before(name, '/'), out);
	} else if (kind == LF_THING_KEY) {
		put_key(name, arn.account, out);
	} else if (kind == LF_THING_ROLE) {
		put_part(arn.account, out);
		put_lower(lf_slice_take_last(&name), out);
	} else if (kind == LF_THING_GROUP || kind == LF_THING_TOPIC) {
		name = kind == LF_THING_GROUP ? group_name(name) : before(name, ':');
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
	return lf_slice_starts(arn.resource, "trail/") ? lf_slice_behind(arn.resource, 6) : nothing;
}
