#include "record/resources.h"

#include <string.h>

enum member { ARN, ARN_LOWER, ARN_PREFIX, NAME, TYPE, ACCOUNT, MEMBERS };

static const struct lf_scan_name members[MEMBERS] = {
    [ARN] = LF_SCAN_NAME("ARN"),
    [ARN_LOWER] = LF_SCAN_NAME("arn"),
    [ARN_PREFIX] = LF_SCAN_NAME("ARNPrefix"),
    [NAME] = LF_SCAN_NAME("resourceName"),
    [TYPE] = LF_SCAN_NAME("type"),
    [ACCOUNT] = LF_SCAN_NAME("accountId"),
};

/* An array is entered, so that its elements come next. */
void
lf_resources_start(struct lf_resources *r, const struct lf_event *e)
{
	struct lf_slice json = e->field[LF_EV_RESOURCES];
	const char *first;

	r->text = (struct lf_slice){NULL, 0};
	if (lf_event_is_string(e, LF_EV_RESOURCES)) {
		r->text = json;
		json.len = 0;
	}
	lf_scan_init(&r->scan, json.s, json.len);
	first = lf_scan_blanks(r->scan.p, r->scan.end);
	if (first < r->scan.end && *first == '[')
		(void)lf_scan_next(&r->scan);
}

/* Where the member whose name was just read goes, or NULL. */
static struct lf_slice *
place(const struct lf_scan *s, struct lf_resource *r)
{
	switch ((enum member)lf_scan_which(s, members, MEMBERS)) {
	case ARN:
	case ARN_LOWER:
		return &r->arn;
	case ARN_PREFIX:
		return &r->prefix;
	case NAME:
		return &r->name;
	case TYPE:
		return &r->type;
	case ACCOUNT:
		return &r->account;
	case MEMBERS:
		break;
	}
	return NULL;
}

/* Reads an object to its end; of members that stand there twice the last counts. */
static bool
read_object(struct lf_scan *s, struct lf_resource *out)
{
	struct lf_slice *to;
	enum lf_token t;

	while ((t = lf_scan_next(s)) == LF_TOKEN_KEY) {
		to = place(s, out);
		t = lf_scan_next(s);
		if (to != NULL)
			*to = t == LF_TOKEN_STRING ? (struct lf_slice){s->s, s->len} : (struct lf_slice){NULL, 0};
		if (!lf_scan_skip(s, t))
			return false;
	}
	return t == LF_TOKEN_OBJECT_END;
}

bool
lf_resources_next(struct lf_resources *r, struct lf_resource *out)
{
	enum lf_token t;

	memset(out, 0, sizeof(*out));
	if (r->text.len > 0) {
		out->arn = r->text;
		r->text.len = 0;
		return true;
	}
	for (;;) {
		t = lf_scan_next(&r->scan);
		if (t == LF_TOKEN_OBJECT)
			return read_object(&r->scan, out);
		if (t == LF_TOKEN_STRING) {
			out->arn = (struct lf_slice){r->scan.s, r->scan.len};
			return true;
		}
		if (t == LF_TOKEN_END || t == LF_TOKEN_ERROR || t == LF_TOKEN_ARRAY_END || !lf_scan_skip(&r->scan, t))
			return false;
	}
}

struct lf_slice
lf_resource_label(const struct lf_resource *r)
{
	const struct lf_slice *const by[] = {&r->arn, &r->prefix, &r->name, &r->type, &r->account};

	for (size_t i = 0; i < sizeof(by) / sizeof(by[0]); i++)
		if (by[i]->len > 0)
			return *by[i];
	return (struct lf_slice){NULL, 0};
}
