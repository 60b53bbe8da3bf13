#include "record/arn.h"

#include <string.h>

/* Takes what stands in front of the next colon off text; false when there is none. */
static bool
take_part(struct lf_slice *text, struct lf_slice *out)
{
	size_t len = text->len;

	*out = lf_slice_take_up_to(text, ':');
	return out->len < len;
}

bool
lf_arn_read(struct lf_slice text, struct lf_arn *out)
{
	struct lf_slice scheme;
	struct lf_arn arn;

	if (!take_part(&text, &scheme) || !lf_slice_is_nocase(scheme, "arn") || !take_part(&text, &arn.partition) ||
	    !take_part(&text, &arn.service) || !take_part(&text, &arn.region) || !take_part(&text, &arn.account))
		return false;
	arn.resource = text;
	*out = arn;
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
	return (struct lf_slice){NULL, 0};
}
