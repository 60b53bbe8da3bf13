/* API calls, sign-ins and service events: event e of a place is always the same. */
#include <stdio.h>
#include <string.h>

#include "gen.h"

#define SPLIT_OF_GLOBAL_EVENTS 1637539200 /* 2021-11-22 */

/* When event e happens: spread over the hour, delivered about five minutes later. */
int64_t
event_time(const struct place *p, unsigned e)
{
	struct rng r =
	    rng_make(p->g->o.seed, TAG('t', 'i', 'm', 'e'), p->acct, p->slot, e, p->region);
	int64_t span = p->len > 120 ? p->len - 60 : 60;

	return p->start - 240 + (int64_t)e * span / (p->total ? p->total : 1) +
	       (session_issued_at(e) ? 0 : rng_below(&r, 20));
}

/* True when events of global services are delivered in this region. */
bool
event_global_here(const struct place *p)
{
	return p->g->o.everywhere || p->start < SPLIT_OF_GLOBAL_EVENTS ||
	       strcmp(p->g->o.regions[p->region], global_region(p->g)) == 0;
}

/* Append ,"name": and a template, or null where there is none. */
static void
put_part(const struct record *rec, const char *name, const char *text, struct buf *b)
{
	buf_fmt(b, ",\"%s\":", name);
	template_expand(b, text ? text : "null", rec->p, rec->e, rec->time);
}

/* Now and then the call fails; a refused call shows no parameters. */
static void
pick_error(struct record *rec)
{
	unsigned dice = rng_below(&rec->r, 100);

	if (dice < 7) {
		rec->error = strcmp(rec->source, "ec2") == 0 ? "Client.UnauthorizedOperation"
							     : "AccessDenied";
	} else if (dice < 9) {
		rec->error = "ThrottlingException";
		rec->message = "Rate exceeded";
	} else if (dice < 10) {
		rec->error = "ValidationException";
		rec->message = "1 validation error detected: Value 'a\"b{' at 'name' failed to "
			       "satisfy constraint: [\\w+=,.@-]+";
	}
}

/* An ordinary call from the catalogue. */
static void
write_call(struct record *rec, struct buf *b)
{
	const struct call *c;
	struct actor a;
	bool denied;

	actor_pick(rec->p, rec->e, &rec->r, &a);
	c = call_pick(&rec->r, event_global_here(rec->p), rec->version >= 6, a.type == WHO_ACCOUNT);
	rec->a = &a;
	rec->source = c->source;
	rec->name = c->name;
	rec->readonly = c->readonly;
	rec->global = c->global;
	rec->data = c->data;
	pick_error(rec);
	denied = rec->error != NULL && rec->message == NULL;
	record_head(rec, b);
	put_part(rec, "requestParameters", denied ? NULL : c->params, b);
	put_part(rec, "responseElements", rec->error ? NULL : c->response, b);
	if (c->additional != NULL)
		put_part(rec, "additionalEventData", c->additional, b);
	record_tail(rec, c->resources, b);
}

/* Append the parameters and the result of AssumeRole. */
static void
put_assume(const struct record *rec, const struct actor *s, struct buf *b)
{
	const char *part = partition(rec->p->g->o.regions[rec->p->region]);
	struct rng r = rec->r;
	char token[200], human[32];

	rng_alnum(&r, token, sizeof(token));
	stamp_human(rec->time + 3600, human);
	buf_fmt(b,
	    ",\"requestParameters\":{\"roleArn\":\"arn:%s:iam::%s:role/"
	    "%s\",\"roleSessionName\":\"%s\",\"durationSeconds\":3600},"
	    "\"responseElements\":{\"credentials\":{\"accessKeyId\":\"%s\",\"sessionToken\":"
	    "\"IQoJb3JpZ2luX2VjE%.*s=\",\"expiration\":\"%s\"},"
	    "\"assumedRoleUser\":{\"assumedRoleId\":\"%s:%s\",\"arn\":\"arn:%s:sts::%s:assumed-"
	    "role/%s/%s\"}}",
	    part, s->account, s->name, s->session, s->key, (int)sizeof(token), token, human,
	    s->principal, s->session, part, s->account, s->name, s->session);
}

/* AssumeRole: by a user, by a service for an instance, or by that instance's session. */
static void
write_assume(struct record *rec, struct buf *b)
{
	struct actor a, s;
	char *resources;

	actor_session(rec->p, rec->e, &s);
	actor_user(rec->p, rng_below(&rec->r, 16), &a);
	if (rec->e % 48 == 35)
		actor_session(rec->p, rec->e - 16, &a);
	if (rec->e % 48 == 19) {
		a.type = WHO_SERVICE;
		a.invoked = a.agent = "ec2.amazonaws.com";
	}
	rec->a = &a;
	rec->source = "sts";
	rec->name = "AssumeRole";
	rec->readonly = true;
	record_head(rec, b);
	put_assume(rec, &s, b);
	resources = xasprintf("[{\"accountId\":\"%%a\",\"type\":\"AWS::IAM::Role\",\"ARN\":\"arn:%%"
			      "p:iam::%%a:role/%s\"}]",
	    s.name);
	record_tail(rec, resources, b);
	buf_free(&(struct buf){.p = resources});
}

/* ConsoleLogin of a user, of root, or a failed one. */
static void
write_login(struct record *rec, struct buf *b)
{
	unsigned dice = rng_below(&rec->r, 6);
	struct actor a;

	actor_user(rec->p, rng_below(&rec->r, 16), &a);
	a.key[0] = '\0';
	a.agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
		  "Gecko) Chrome/122.0.0.0 Safari/537.36";
	if (dice == 0) {
		a.type = WHO_ROOT;
		memcpy(a.principal, a.account, 13);
	}
	rec->a = &a;
	rec->source = "signin";
	rec->name = "ConsoleLogin";
	rec->type = "AwsConsoleSignIn";
	rec->global = true;
	if (dice == 1) {
		rec->error = "Failed authentication";
		rec->message = "Failed authentication";
	}
	record_head(rec, b);
	buf_fmt(b,
	    ",\"requestParameters\":null,\"responseElements\":{\"ConsoleLogin\":\"%s\"},"
	    "\"additionalEventData\":{\"LoginTo\":"
	    "\"https://console.aws.amazon.com/console/"
	    "home?hashArgs=%%23&isauthcode=true\",\"MobileVersion\":\"No\",\"MFAUsed\":\"%s\"}",
	    dice == 1 ? "Failure" : "Success", dice & 2 ? "Yes" : "No");
	record_tail(rec, NULL, b);
}

/* Something that a service did, such as the rotation of a key. */
static void
write_service(struct record *rec, struct buf *b)
{
	struct actor a = {.type = WHO_SERVICE, .invoked = "AWS Internal", .agent = "AWS Internal"};

	rec->a = &a;
	rec->source = "kms";
	rec->name = "RotateKey";
	rec->type = "AwsServiceEvent";
	record_head(rec, b);
	buf_str(
	    b, ",\"requestParameters\":null,\"responseElements\":null,\"serviceEventDetails\":");
	template_expand(b,
	    "{\"keyId\":\"%k\",\"rotationType\":\"AUTOMATIC\",\"keyOrigin\":\"AWS_KMS\"}", rec->p,
	    rec->e, rec->time);
	record_tail(rec,
	    "[{\"accountId\":\"%a\",\"type\":\"AWS::KMS::Key\",\"ARN\":\"arn:%p:kms:%g:%a:key/"
	    "%k\"}]",
	    b);
}

/* Lengthen a record to `size` bytes with a tag list that compresses as logs do. */
static void
put_padding(const struct record *rec, size_t from, size_t size, struct buf *b)
{
	struct rng r = rng_make(rec->p->g->o.seed, TAG('p', 'a', 'd', 'd'), rec->p->acct,
	    rec->p->region, rec->p->slot, rec->e);
	unsigned n = 0;
	char hex[17];

	hex[16] = '\0';
	b->len--;
	buf_str(b, ",\"eventContext\":{\"tagContext\":{\"resourceTags\":[");
	while (b->len - from + 8 < size) {
		rng_hex(&r, hex, 16);
		buf_fmt(b,
		    "%s{\"arn\":\"arn:aws:ec2:us-east-1:instance/"
		    "i-0%s\",\"tags\":{\"team\":\"%s\",\"cost\":\"%u\"}}",
		    n++ ? "," : "", hex, who_role(rng_below(&r, 10)), rng_below(&r, 1000));
	}
	buf_str(b, "]}}}");
}

/* Append event e of the place and set *t to its time. */
void
event_write(const struct place *p, unsigned e, struct buf *b, int64_t *t)
{
	struct record rec = {.p = p, .e = e, .type = "AwsApiCall"};
	size_t from = b->len, size = p->g->o.events ? p->g->o.pad / p->g->o.events : 0;

	rec.r = rng_make(p->g->o.seed, TAG('e', 'v', 'n', 't'), (uint64_t)p->acct << 32 | p->region,
	    p->slot, e, p->salt);
	rec.version = record_version(p->g, &rec.r);
	rec.time = *t = event_time(p, e);
	if (session_issued_at(e))
		write_assume(&rec, b);
	else if (e % 64 == 7 && event_global_here(p))
		write_login(&rec, b);
	else if (e % 29 == 11)
		write_service(&rec, b);
	else
		write_call(&rec, b);
	if (b->len - from + 64 < size)
		put_padding(&rec, from, size, b);
	if (p->g->o.escape_logs)
		buf_escape_slashes(b, from);
}
