/* Events that are put in on purpose: what stops, starts and narrows logging. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

#define FIRST_OFFSET (-250)
#define LAST_OFFSET  (-280) /* from the window's end */
#define BY	     "mallory"

/* When injected event i happens, given the window it is logged in. */
int64_t
control_time(const struct place *p, const struct inject *in)
{
	if (in->offset != INT64_MIN)
		return p->start + in->offset;
	return in->first ? p->start + FIRST_OFFSET : p->start + p->len + LAST_OFFSET;
}

/* Which user acts: the name given, or a fixed one. */
static unsigned
control_user(const char *name)
{
	unsigned i;

	for (i = 0; i < 16; i++)
		if (strcmp(who_user(i), name ? name : BY) == 0)
			return i;
	errx(2, "--inject: no user %s", name);
}

/* Append injected event number i. */
void
control_write(const struct place *p, unsigned i, const struct inject *in, struct buf *b)
{
	struct record rec = {.p = p, .e = 1000000 + i, .version = 9, .type = "AwsApiCall"};
	bool params = in->error == NULL || strcmp(in->error, "AccessDenied") != 0;
	size_t from = b->len;
	struct actor a;

	if (in->step > 0) {
		lineage_write(p, i, in, b);
		return;
	}
	actor_user(p, control_user(in->user), &a);
	a.agent = "aws-cli/2.15.30 Python/3.11.8 Linux/6.1.0-18-amd64 exe/x86_64.debian.12";
	rec.time = control_time(p, in);
	rec.r = rng_make(p->g->o.seed, TAG('c', 't', 'r', 'l'), i, 0, 0, 0);
	rec.a = &a;
	rec.source = in->source;
	rec.name = in->name;
	rec.error = in->error;
	rec.message = in->message;
	record_head(&rec, b);
	buf_fmt(b, ",\"requestParameters\":%s,\"responseElements\":%s",
	    params && in->params ? in->params : "null",
	    in->response && !in->error ? in->response : "null");
	record_tail(&rec, NULL, b);
	if (p->g->o.escape_logs)
		buf_escape_slashes(b, from);
}

/* Remember an event; it owns the strings of *in afterwards. */
void
control_add(struct options *o, const struct inject *in)
{
	o->injects = xrealloc(o->injects, o->ninjects + 1, sizeof(*in));
	o->injects[o->ninjects++] = *in;
}

/* Remember an event of the first account in the home region. */
static void
add(struct options *o, unsigned hour, bool first, const char *source, const char *name,
    char *params, char *response)
{
	struct inject in = {.hour = hour, .region = o->home, .first = first, .offset = INT64_MIN};

	in.source = xstrdup(source);
	in.name = xstrdup(name);
	in.params = params;
	in.response = response;
	control_add(o, &in);
}

/* A member trailARN for responses. */
static char *
trail_response(const struct options *o, unsigned trail, const char *more)
{
	const char *region = o->regions[o->home];
	char account[13];

	account_id(0, account);
	return xasprintf("{\"name\":\"%s\",\"s3BucketName\":\"%s\",\"includeGlobalServiceEvents\":"
			 "true,%s,\"trailARN\":"
			 "\"arn:%s:cloudtrail:%s:%s:trail/%s\",\"isOrganizationTrail\":%s}",
	    o->trails[trail], o->bucket, more, partition(region), region, account, o->trails[trail],
	    o->org ? "true" : "false");
}

/* {"name":"<trail>"} and the further members given. */
static char *
trail_params(const struct options *o, unsigned trail, const char *more)
{
	return xasprintf("{\"name\":\"%s\"%s}", o->trails[trail], more);
}

/* The events around one hole. */
static void
plan_hole(struct options *o, const struct hole *h)
{
	const char *ct = "cloudtrail", *t = o->trails[h->trail];
	const char *off = "\"isMultiRegionTrail\":true,\"logFileValidationEnabled\":false";
	const char *on = "\"isMultiRegionTrail\":true,\"logFileValidationEnabled\":true";
	unsigned back = h->at + h->len + 1 + (o->restart_empty && h->kind <= HOLE_RECREATE);

	switch (h->kind) {
	case HOLE_STOP:
		add(o, h->at, false, ct, "StopLogging", trail_params(o, h->trail, ""), NULL);
		add(o, back, true, ct, "StartLogging", trail_params(o, h->trail, ""), NULL);
		break;
	case HOLE_RECREATE:
		add(o, h->at, false, ct, "DeleteTrail", trail_params(o, h->trail, ""), NULL);
		add(o, back, true, ct, "CreateTrail",
		    xasprintf(
			"{\"name\":\"%s\",\"s3BucketName\":\"%s\",\"isMultiRegionTrail\":true,"
			"\"enableLogFileValidation\":true}",
			t, o->bucket),
		    trail_response(o, h->trail, on));
		add(o, back, true, ct, "StartLogging", trail_params(o, h->trail, ""), NULL);
		break;
	case HOLE_UNSIGNED:
		add(o, h->at, false, ct, "UpdateTrail",
		    trail_params(o, h->trail, ",\"enableLogFileValidation\":false"),
		    trail_response(o, h->trail, off));
		add(o, back, true, ct, "UpdateTrail",
		    trail_params(o, h->trail, ",\"enableLogFileValidation\":true"),
		    trail_response(o, h->trail, on));
		break;
	case HOLE_FAILURE:
		add(o, h->at, false, "s3", "PutBucketPolicy",
		    xasprintf("{\"bucketName\":\"%s\",\"bucketPolicy\":{\"Version\":\"2012-10-17\","
			      "\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":{\"Service\":"
			      "\"cloudtrail.amazonaws.com\"},\"Action\":\"s3:PutObject\","
			      "\"Resource\":\"arn:aws:s3:::%s/*\"}]}}",
			o->bucket, o->bucket),
		    NULL);
		add(o, back, true, "s3", "DeleteBucketPolicy",
		    xasprintf("{\"bucketName\":\"%s\",\"policy\":\"\"}", o->bucket), NULL);
		break;
	}
}

/* Events for regions and accounts that come and go. */
static void
plan_lives(struct options *o)
{
	char id[13];
	unsigned i;

	for (i = 0; i < o->nborn; i++)
		add(o, o->born[i].hour, true, "account", "EnableRegion",
		    xasprintf("{\"RegionName\":\"%s\"}", o->regions[o->born[i].which]), NULL);
	for (i = 0; i < o->ndied; i++)
		add(o, o->died[i].hour, false, "account", "DisableRegion",
		    xasprintf("{\"RegionName\":\"%s\"}", o->regions[o->died[i].which]), NULL);
	for (i = 0; i < o->njoined; i++) {
		account_id(o->joined[i].which, id);
		add(o, o->joined[i].hour, true, "organizations", "CreateAccount",
		    xasprintf("{\"accountName\":\"m%s\",\"email\":\"****\"}", id),
		    xasprintf("{\"createAccountStatus\":{\"state\":\"IN_PROGRESS\",\"accountId\":"
			      "\"%s\"}}",
			id));
	}
	for (i = 0; i < o->nleft; i++) {
		account_id(o->left[i].which, id);
		add(o, o->left[i].hour, false, "organizations", "RemoveAccountFromOrganization",
		    xasprintf("{\"accountId\":\"%s\"}", id), NULL);
	}
}

/* Add the events that explain what the schedule does; those beyond the end are never logged. */
void
control_plan(struct gen *g)
{
	struct options *o = &g->o;
	unsigned i;

	for (i = 0; i < o->nholes; i++)
		plan_hole(o, &o->holes[i]);
	plan_lives(o);
	if (o->bucket_change >= 0)
		add(o, (unsigned)o->bucket_change, true, "cloudtrail", "UpdateTrail",
		    xasprintf(
			"{\"name\":\"%s\",\"s3BucketName\":\"%s\"}", o->trails[0], o->bucket2),
		    trail_response(
			o, 0, "\"isMultiRegionTrail\":true,\"logFileValidationEnabled\":true"));
	if (o->drop_regions >= 0)
		add(o, (unsigned)o->drop_regions, false, "cloudtrail", "UpdateTrail",
		    trail_params(o, 0, ",\"isMultiRegionTrail\":false"),
		    trail_response(
			o, 0, "\"isMultiRegionTrail\":false,\"logFileValidationEnabled\":true"));
}

/* The chain and digest whose logs hold an injected event; false when its hour has no logs. */
static bool
control_where(const struct gen *g, const struct inject *in, struct place *p)
{
	const struct chain *c;
	size_t i, j;

	for (i = 0; i < g->nchains; i++) {
		c = &g->chains[i];
		if (c->backfill || c->acct != in->acct || c->region != in->region)
			continue;
		for (j = 0; j < c->nmade; j++) {
			if (c->digs[j].slot == in->hour && c->digs[j].nlogs > 0) {
				place_of(g, c, &c->digs[j], p);
				return true;
			}
		}
	}
	return false;
}

/* Append the injected events as JSON array members; those of hours without logs are left out. */
void
control_facts(const struct gen *g, struct buf *b)
{
	const struct inject *in;
	struct record rec = {0};
	struct place p;
	unsigned i, n = 0;
	char id[37], iso[ISO_LEN], account[13];

	for (i = 0; i < g->o.ninjects; i++) {
		in = &g->o.injects[i];
		if (!control_where(g, in, &p))
			continue;
		rec.p = &p;
		rec.e = 1000000 + i;
		record_id(&rec, id);
		stamp_iso(control_time(&p, in), iso);
		account_id(in->acct, account);
		buf_fmt(b,
		    "%s\n    {\"event_id\": \"%s\", \"time\": \"%s\", \"source\": "
		    "\"%s.amazonaws.com\", \"name\": \"%s\", \"account\": \"%s\", "
		    "\"region\": \"%s\", \"hour\": %u}",
		    n++ ? "," : "", id, iso, in->source, in->name, account,
		    g->o.regions[in->region], in->hour);
	}
}
