/* Which events explain what the schedule does: the calls that CloudTrail and its neighbours log. */
#include <stdlib.h>
#include <string.h>

#include "gen.h"

#define ON(multi, valid) "\"isMultiRegionTrail\":" multi ",\"logFileValidationEnabled\":" valid

/* Remember an event; it owns the strings of *in afterwards. */
void
control_add(struct options *o, const struct inject *in)
{
	o->injects = xrealloc(o->injects, o->ninjects + 1, sizeof(*in));
	o->injects[o->ninjects++] = *in;
}

/* Where a service is logged that has one endpoint in the partition. */
static unsigned
global_index(const struct gen *g)
{
	unsigned i;

	for (i = 0; i < g->o.nregions; i++)
		if (strcmp(g->o.regions[i], global_region(g)) == 0)
			return i;
	return g->o.home;
}

/* Remember an event of an account, which is good until the next one is. */
static struct inject *
add(struct gen *g, unsigned acct, unsigned hour, bool first, const char *source, const char *name,
    char *params, char *response)
{
	struct inject in = {
	    .hour = hour, .acct = acct, .region = g->o.home, .first = first, .offset = INT64_MIN};

	if (strcmp(source, "account") == 0 || strcmp(source, "organizations") == 0)
		in.region = global_index(g);
	in.source = xstrdup(source);
	in.name = xstrdup(name);
	in.params = params;
	in.response = response;
	control_add(&g->o, &in);
	return &g->o.injects[g->o.ninjects - 1];
}

/* Say of an event what it explains: it began that or ended it. */
static void
explains(struct inject *in, unsigned why, unsigned which, bool ends)
{
	in->why = (__typeof__(in->why))why;
	in->which = which;
	in->ends = ends;
	in->impairs = !ends;
}

/* The ARN of a trail. */
static char *
trail_arn(const struct options *o, unsigned trail)
{
	const char *region = o->regions[o->home];
	char account[13];

	account_id(0, account);
	return xasprintf("arn:%s:cloudtrail:%s:%s:trail/%s", partition(region), region, account,
	    o->trails[trail]);
}

/* What CreateTrail and UpdateTrail answer; more is what the trail is like afterwards. */
static char *
trail_response(const struct options *o, unsigned trail, bool second, const char *more)
{
	bool moved = second && o->bucket_change >= 0, under = second && o->prefix_change >= 0;
	const char *prefix = under ? o->prefix2 : o->prefix;
	char *arn = trail_arn(o, trail), *s;

	s = xasprintf("{\"name\":\"%s\",\"s3BucketName\":\"%s\"%s%s%s,"
		      "\"includeGlobalServiceEvents\":true,%s,\"trailARN\":\"%s\","
		      "\"isOrganizationTrail\":%s}",
	    o->trails[trail], moved ? o->bucket2 : o->bucket, prefix ? ",\"s3KeyPrefix\":\"" : "",
	    prefix ? prefix : "", prefix ? "\"" : "", more, arn, o->org ? "true" : "false");
	free(arn);
	return s;
}

/* {"name":"<trail>"}, under whatever name the member has, and the further members given. */
static char *
trail_params(const struct options *o, unsigned trail, const char *member, const char *more)
{
	char *arn = trail_arn(o, trail),
	     *s = xasprintf("{\"%s\":\"%s\"%s}", member, o->by_arn ? arn : o->trails[trail], more);

	free(arn);
	return s;
}

/* StopLogging and StartLogging, or DeleteTrail, CreateTrail and StartLogging. */
static void
plan_stop(struct gen *g, unsigned n, const struct hole *h, unsigned back)
{
	const struct options *o = &g->o;
	const char *ct = "cloudtrail";

	explains(add(g, 0, h->at, false, ct, h->kind == HOLE_STOP ? "StopLogging" : "DeleteTrail",
		     trail_params(o, h->trail, "name", ""), NULL),
	    FOR_HOLE, n, false);
	if (h->kind == HOLE_RECREATE)
		explains(add(g, 0, back, true, ct, "CreateTrail",
			     xasprintf("{\"name\":\"%s\",\"s3BucketName\":\"%s\","
				       "\"includeGlobalServiceEvents\":true,"
				       "\"isMultiRegionTrail\":true,"
				       "\"enableLogFileValidation\":true,"
				       "\"isOrganizationTrail\":%s}",
				 o->trails[h->trail], o->bucket, o->org ? "true" : "false"),
			     trail_response(o, h->trail, false, ON("true", "true"))),
		    FOR_HOLE, n, true);
	explains(
	    add(g, 0, back, true, ct, "StartLogging", trail_params(o, h->trail, "name", ""), NULL),
	    FOR_HOLE, n, true);
}

/* UpdateTrail before and after a time without validation. */
static void
plan_unsigned(struct gen *g, unsigned n, const struct hole *h, unsigned back)
{
	const struct options *o = &g->o;

	explains(add(g, 0, h->at, false, "cloudtrail", "UpdateTrail",
		     trail_params(o, h->trail, "name", ",\"enableLogFileValidation\":false"),
		     trail_response(o, h->trail, false, ON("true", "false"))),
	    FOR_HOLE, n, false);
	explains(add(g, 0, back, true, "cloudtrail", "UpdateTrail",
		     trail_params(o, h->trail, "name", ",\"enableLogFileValidation\":true"),
		     trail_response(o, h->trail, false, ON("true", "true"))),
	    FOR_HOLE, n, true);
}

/* The policy of the bucket denies CloudTrail, and later allows it; that this ended the gap is only
 * likely. */
static void
plan_failure(struct gen *g, unsigned n, const struct hole *h, unsigned back)
{
	const char *part = partition(g->o.regions[g->o.home]);
	bool ends;

	for (ends = false;; ends = true) {
		explains(
		    add(g, 0, ends ? back : h->at, ends, "s3", "PutBucketPolicy",
			xasprintf("{\"policy\":\"\",\"bucketName\":\"%s\",\"bucketPolicy\":{"
				  "\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"1\","
				  "\"Effect\":\"%s\",\"Principal\":{\"Service\":"
				  "\"cloudtrail.amazonaws.com\"},\"Action\":\"s3:PutObject\","
				  "\"Resource\":\"arn:%s:s3:::%s/*\"}]},"
				  "\"Host\":\"%s.s3.amazonaws.com\"}",
			    g->o.bucket, ends ? "Allow" : "Deny", part, g->o.bucket, g->o.bucket),
			NULL),
		    ends ? FOR_NOTHING : FOR_HOLE, n, ends);
		if (ends)
			return;
	}
}

/* Selectors that record nothing of management, and later everything. */
static void
plan_narrow(struct gen *g, unsigned n, const struct hole *h, unsigned back)
{
	char *arn = trail_arn(&g->o, h->trail), *selectors, *more;
	bool ends;

	for (ends = false;; ends = true) {
		selectors = xasprintf("\"eventSelectors\":[{\"readWriteType\":\"%s\","
				      "\"includeManagementEvents\":%s,\"dataResources\":[],"
				      "\"excludeManagementEventSources\":[]}]",
		    ends ? "All" : "ReadOnly", ends ? "true" : "false");
		more = xasprintf(",%s", selectors);
		explains(add(g, 0, ends ? back : h->at, ends, "cloudtrail", "PutEventSelectors",
			     trail_params(&g->o, h->trail, "trailName", more),
			     xasprintf("{\"trailARN\":\"%s\",%s}", arn, selectors)),
		    FOR_HOLE, n, ends);
		free(more);
		free(selectors);
		if (ends)
			break;
	}
	free(arn);
}

/* The events around one hole. */
static void
plan_hole(struct gen *g, unsigned n)
{
	const struct hole *h = &g->o.holes[n];
	unsigned back = h->at + h->len + 1 + (g->o.restart_empty && h->kind <= HOLE_RECREATE);

	switch (h->kind) {
	case HOLE_STOP:
	case HOLE_RECREATE:
		plan_stop(g, n, h, back);
		break;
	case HOLE_UNSIGNED:
		plan_unsigned(g, n, h, back);
		break;
	case HOLE_FAILURE:
		plan_failure(g, n, h, back);
		break;
	case HOLE_NARROW:
		plan_narrow(g, n, h, back);
		break;
	}
}

/* Each account lets its regions in and out by itself. */
static void
plan_regions(struct gen *g)
{
	const struct options *o = &g->o;
	unsigned i, a;

	for (a = 0; a < o->accounts; a++) {
		for (i = 0; i < o->nborn; i++)
			add(g, a, o->born[i].hour, true, "account", "EnableRegion",
			    xasprintf("{\"RegionName\":\"%s\"}", o->regions[o->born[i].which]),
			    NULL);
		for (i = 0; i < o->ndied; i++)
			explains(
			    add(g, a, o->died[i].hour, false, "account", "DisableRegion",
				xasprintf("{\"RegionName\":\"%s\"}", o->regions[o->died[i].which]),
				NULL),
			    FOR_REGION, o->died[i].which, false);
	}
}

/* Accounts that the organization creates and removes. */
static void
plan_accounts(struct gen *g)
{
	const struct options *o = &g->o;
	char id[13];
	unsigned i;

	for (i = 0; i < o->njoined; i++) {
		account_id(o->joined[i].which, id);
		add(g, 0, o->joined[i].hour, true, "organizations", "CreateAccount",
		    xasprintf("{\"accountName\":\"m%s\",\"email\":\"****\"}", id),
		    xasprintf("{\"createAccountStatus\":{\"state\":\"IN_PROGRESS\",\"accountId\":"
			      "\"%s\"}}",
			id));
	}
	for (i = 0; i < o->nleft; i++) {
		account_id(o->left[i].which, id);
		explains(add(g, 0, o->left[i].hour, false, "organizations",
			     "RemoveAccountFromOrganization",
			     xasprintf("{\"accountId\":\"%s\"}", id), NULL),
		    FOR_ACCOUNT, o->left[i].which, false);
	}
}

/* Changes of the trail that last: another bucket or prefix, no further regions. */
static void
plan_updates(struct gen *g)
{
	const struct options *o = &g->o;
	const char *ct = "cloudtrail", *name = "UpdateTrail";
	char *more;

	if (o->bucket_change >= 0) {
		more = xasprintf(",\"s3BucketName\":\"%s\"", o->bucket2);
		add(g, 0, (unsigned)o->bucket_change, true, ct, name,
		    trail_params(o, 0, "name", more),
		    trail_response(o, 0, true, ON("true", "true")))
		    ->impairs = true;
		free(more);
	}
	if (o->prefix_change >= 0) {
		more = xasprintf(",\"s3KeyPrefix\":\"%s\"", o->prefix2);
		add(g, 0, (unsigned)o->prefix_change, true, ct, name,
		    trail_params(o, 0, "name", more),
		    trail_response(o, 0, true, ON("true", "true")))
		    ->impairs = true;
		free(more);
	}
	if (o->drop_regions >= 0)
		explains(add(g, 0, (unsigned)o->drop_regions, false, ct, name,
			     trail_params(o, 0, "name", ",\"isMultiRegionTrail\":false"),
			     trail_response(o, 0, false, ON("false", "true"))),
		    FOR_DROP, 0, false);
}

/* Three calls that stop nothing: not allowed, no such trail, and from another region. */
static void
plan_attempts(struct gen *g)
{
	const struct options *o = &g->o;
	unsigned hour = (unsigned)o->attempts;
	char *arn = trail_arn(o, 0);
	struct inject *in;

	in = add(g, 0, hour, false, "cloudtrail", "StopLogging", NULL, NULL);
	in->error = xstrdup("AccessDenied");
	in->message = xasprintf("User: mallory is not authorized to perform: "
				"cloudtrail:StopLogging on resource: %s because no identity-based "
				"policy allows the cloudtrail:StopLogging action",
	    arn);
	in->impairs = true;
	in = add(
	    g, 0, hour, false, "cloudtrail", "StopLogging", trail_params(o, 0, "name", ""), NULL);
	in->error = xstrdup("TrailNotFoundException");
	in->message = xasprintf("Unknown trail: %s", arn);
	in->impairs = true;
	in = add(
	    g, 0, hour, false, "cloudtrail", "DeleteTrail", trail_params(o, 0, "name", ""), NULL);
	in->error = xstrdup("InvalidHomeRegionException");
	in->message = xasprintf("Trail %s cannot be changed from this region", arn);
	in->region = o->nregions > 1 ? (o->home + 1) % o->nregions : o->home;
	in->impairs = true;
	free(arn);
}

/* Add the events that explain what the schedule does; those beyond the end are never logged. */
void
control_plan(struct gen *g)
{
	unsigned i;

	if (g->o.attempts >= 0)
		plan_attempts(g);
	if (g->o.no_events)
		return;
	for (i = 0; i < g->o.nholes; i++)
		plan_hole(g, i);
	plan_regions(g);
	plan_accounts(g);
	plan_updates(g);
}
