#include "record/looks.h"

#include <string.h>

#include "record/arn.h"
#include "record/resources.h"

#define AWS_DOMAIN ".amazonaws.com"

/* ---- One value ---- */

static void
give(struct lf_looks *l, struct lf_slice value)
{
	if (value.len > 0 && !l->enough && !l->failed)
		l->enough = l->take(l->arg, value);
}

/* A string of the record with its escapes resolved; valid until the next one. */
static struct lf_slice
resolved(struct lf_looks *l, struct lf_slice s, bool escaped)
{
	if (!escaped || s.len == 0)
		return s;
	lf_buf_reset(l->scratch);
	lf_scan_unescape(s.s, s.len, l->scratch);
	if (l->scratch->failed) {
		l->failed = true;
		return (struct lf_slice){NULL, 0};
	}
	return (struct lf_slice){l->scratch->data, l->scratch->len};
}

static struct lf_slice
field(struct lf_looks *l, enum lf_event_field f)
{
	return resolved(l, l->e->field[f], l->e->escaped >> f & 1);
}

static struct lf_slice
string(struct lf_looks *l, struct lf_slice s)
{
	return resolved(l, s, s.len > 0 && memchr(s.s, '\\', s.len) != NULL);
}

/* An ARN, its resource, which it returns, and the last part of that: a user's, session's or object's name. */
static struct lf_slice
give_arn(struct lf_looks *l, struct lf_slice arn)
{
	struct lf_slice path, last;
	struct lf_arn parts;

	give(l, arn);
	if (!lf_arn_read(arn, &parts))
		return (struct lf_slice){NULL, 0};
	path = parts.resource;
	last = lf_slice_take_last(&path);
	give(l, parts.resource);
	if (last.len != parts.resource.len)
		give(l, last);
	return parts.resource;
}

/* ---- Strings of nested values ---- */

/* Gives every string of a field, at any depth, that is wanted (NULL: all). */
static void
give_strings(struct lf_looks *l, enum lf_event_field f, bool (*wanted)(struct lf_slice name, struct lf_slice s))
{
	struct lf_slice name = {NULL, 0}, s = l->e->field[f];
	struct lf_scan scan;
	enum lf_token t;

	if (lf_event_is_string(l->e, f) && (wanted == NULL || wanted(name, s)))
		give(l, field(l, f));
	if (s.len == 0 || lf_event_is_string(l->e, f))
		return;
	lf_scan_init(&scan, s.s, s.len);
	while ((t = lf_scan_next(&scan)) != LF_TOKEN_END && t != LF_TOKEN_ERROR && !l->enough && !l->failed) {
		s = (struct lf_slice){scan.s, scan.len};
		if (t == LF_TOKEN_STRING && (wanted == NULL || wanted(name, s)))
			give(l, resolved(l, s, scan.escaped));
		name = t == LF_TOKEN_KEY ? s : (struct lf_slice){NULL, 0};
	}
}

/* ("IAM identifiers", unique identifiers): AKIA is a long-lived key, ASIA one of a session. */
static bool
is_access_key(struct lf_slice name, struct lf_slice s)
{
	return lf_slice_is(name, "accessKeyId") || lf_slice_is(name, "AccessKeyId") || lf_slice_starts(s, "AKIA") ||
	    lf_slice_starts(s, "ASIA");
}

/* ---- The category of records that do not name it ---- */

static struct lf_slice
text(const char *s)
{
	return (struct lf_slice){s, strlen(s)};
}

static bool
has_resource_of(const struct lf_event *e, const char *type)
{
	struct lf_resources all;
	struct lf_resource r;

	lf_resources_start(&all, e);
	while (lf_resources_next(&all, &r))
		if (lf_slice_is(r.type, type))
			return true;
	return false;
}

/* Whether a record from before managementEvent is of a data event. */
static bool
was_data(const struct lf_event *e, const struct lf_values *v)
{
	return (lf_slice_is(v->v[LF_COL_SOURCE], "lambda.amazonaws.com") && lf_slice_is(v->v[LF_COL_NAME], "Invoke")) ||
	    (lf_slice_is(v->v[LF_COL_SOURCE], "s3.amazonaws.com") && has_resource_of(e, "AWS::S3::Object"));
}

/*
 * eventCategory, or what stands for it where a record has none: it is there since eventVersion 1.07, managementEvent
 * since 1.06 ("CloudTrail record contents").  An Insight or Aggregated event or one of a VPC endpoint is known by its
 * members; managementEvent tells management from data events; before there was that, data events were of objects in S3
 * and invocations of Lambda functions, and all others management events; a console event history (partial) holds
 * management events only.  Empty where a newer record does not say.
 */
static struct lf_slice
category_of(const struct lf_event *e, const struct lf_values *v)
{
	struct lf_slice management, version = e->field[LF_EV_VERSION];
	bool is_string;

	if (v->v[LF_COL_CATEGORY].len > 0)
		return v->v[LF_COL_CATEGORY];
	if (e->field[LF_EV_INSIGHT].len > 0)
		return text("Insight");
	if (e->field[LF_EV_TIME_WINDOW].len > 0)
		return text("Aggregated");
	if (lf_slice_starts(e->field[LF_EV_TYPE], "AwsVpceEvent"))
		return text("NetworkActivity");
	if (lf_event_member(e->raw, "managementEvent", &management, &is_string))
		return text(lf_slice_is(management, "true") ? "Management" : "Data");
	if (e->partial)
		return text("Management");
	if (version.len == 0 || !lf_slice_starts(version, "1.0") || (version.len > 3 && version.s[3] > '6'))
		return text("");
	return text(was_data(e, v) ? "Data" : "Management");
}

/* ---- Each option ---- */

/* "assumed-role/ROLE/SESSION": the session is given with the ARN. */
static void
give_caller(struct lf_looks *l)
{
	struct lf_slice resource = give_arn(l, field(l, LF_EV_UI_ARN));

	if (!lf_slice_starts(resource, "assumed-role/"))
		return;
	lf_slice_take_up_to(&resource, '/');
	give(l, lf_slice_take_up_to(&resource, '/'));
}

/* "AROAEXAMPLE:SESSION", "accounts.google.com:APP:USER" */
static void
give_principal_id(struct lf_looks *l, enum lf_event_field f)
{
	struct lf_slice id = field(l, f);

	give(l, id);
	if (id.len == 0 || memchr(id.s, ':', id.len) == NULL)
		return;
	give(l, lf_slice_take_up_to(&id, ':'));
	give(l, id);
	while (id.len > 0 && memchr(id.s, ':', id.len) != NULL)
		lf_slice_take_up_to(&id, ':');
	give(l, id);
}

static void
look_at_user(struct lf_looks *l)
{
	static const enum lf_event_field plain[] = {LF_EV_UI_USER_NAME, LF_EV_UI_INVOKED_BY, LF_EV_ISSUER_USER_NAME,
	    LF_EV_SOURCE_IDENTITY};

	give(l, l->v->v[LF_COL_PRINCIPAL]);
	give_caller(l);
	give_principal_id(l, LF_EV_UI_PRINCIPAL);
	give_arn(l, field(l, LF_EV_ISSUER_ARN));
	give_principal_id(l, LF_EV_ISSUER_PRINCIPAL);
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		give(l, field(l, plain[i]));
}

static void
look_at_service(struct lf_looks *l)
{
	struct lf_slice s = l->v->v[LF_COL_SOURCE];

	give(l, s);
	if (lf_slice_ends(s, AWS_DOMAIN))
		give(l, (struct lf_slice){s.s, s.len - strlen(AWS_DOMAIN)});
}

static void
look_at_access_key(struct lf_looks *l)
{
	give(l, l->v->v[LF_COL_ACCESS_KEY]);
	give_strings(l, LF_EV_REQUEST, is_access_key);
	give_strings(l, LF_EV_RESPONSE, is_access_key);
}

/* Only failures have something to look at. */
static void
look_at_error(struct lf_looks *l)
{
	struct lf_slice result = l->v->v[LF_COL_RESULT];

	if (!lf_slice_is(result, "success"))
		give(l, result);
}

static void
look_at_resource(struct lf_looks *l)
{
	struct lf_resources all;
	struct lf_resource r;

	lf_resources_start(&all, l->e);
	while (!l->enough && !l->failed && lf_resources_next(&all, &r)) {
		give_arn(l, string(l, r.arn));
		give_arn(l, string(l, r.prefix));
		give(l, string(l, r.name));
		if (r.arn.len + r.prefix.len + r.name.len == 0)
			give(l, string(l, lf_resource_label(&r)));
	}
	give_strings(l, LF_EV_REQUEST, NULL);
}

static void
look_at_id(struct lf_looks *l)
{
	struct lf_slice request;
	bool is_string;

	give(l, l->v->v[LF_COL_ID]);
	give(l, l->v->v[LF_COL_SHARED_ID]);
	if (!l->enough && lf_event_member(l->e->raw, "requestID", &request, &is_string))
		give(l, string(l, request));
}

void
lf_looks_at(struct lf_looks *l, enum lf_pattern_kind kind)
{
	l->enough = l->failed = false;
	switch (kind) {
	case LF_PATTERN_USER:
		look_at_user(l);
		break;
	case LF_PATTERN_EVENT:
		give(l, l->v->v[LF_COL_NAME]);
		break;
	case LF_PATTERN_SERVICE:
		look_at_service(l);
		break;
	case LF_PATTERN_IP:
		give(l, l->v->v[LF_COL_SOURCE_IP]);
		break;
	case LF_PATTERN_ACCESS_KEY:
		look_at_access_key(l);
		break;
	case LF_PATTERN_ERROR:
		look_at_error(l);
		break;
	case LF_PATTERN_RESOURCE:
		look_at_resource(l);
		break;
	case LF_PATTERN_CATEGORY:
		give(l, category_of(l->e, l->v));
		break;
	case LF_PATTERN_ID:
		look_at_id(l);
		break;
	case LF_PATTERN_GREP:
	case LF_PATTERN_KINDS:
		break;
	}
}
