/* Events that are put in on purpose: what stops, starts and narrows logging, as records. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

#define FIRST_OFFSET (-250)
#define LAST_OFFSET  (-280) /* from the window's end */
#define BY	     "mallory"
#define SESSION	     2 /* of --lineage: the role Admin, which alice assumed in two steps */

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

/* Whether the session of --by-session acts. */
static bool
by_session(const struct gen *g, const struct inject *in)
{
	return g->o.by_session && in->user == NULL && in->acct == 0;
}

/* Who acts, unless it is a session. */
void
control_actor(const struct place *p, const struct inject *in, struct actor *a)
{
	actor_user(p, control_user(in->user), a);
	a->agent = "aws-cli/2.15.30 Python/3.11.8 Linux/6.1.0-18-amd64 exe/x86_64.debian.12";
}

/* Append the ARN of who acts; root asks for who stands behind a session. */
void
control_arn(const struct place *p, const struct inject *in, bool root, struct buf *b)
{
	struct actor a;

	control_actor(p, in, &a);
	if (!by_session(p->g, in))
		actor_arn(p, &a, b);
	else if (root)
		lineage_root(p->g, SESSION, b);
	else
		lineage_arn(p->g, SESSION, b);
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
	control_actor(p, in, &a);
	rec.session = by_session(p->g, in) ? SESSION : 0;
	rec.global = strcmp(in->source, "account") == 0 || strcmp(in->source, "organizations") == 0;
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

/* The chain and digest whose logs hold an injected event; false when its hour has no logs. */
bool
control_made(const struct gen *g, const struct inject *in, struct place *p)
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

/* The eventID of injected event number i. */
void
control_id(const struct place *p, unsigned i, char id[37])
{
	const struct record rec = {.p = p, .e = 1000000 + i};

	record_id(&rec, id);
}

/* Append the injected events as JSON array members; those of hours without logs are left out. */
void
control_facts(const struct gen *g, struct buf *b)
{
	const struct inject *in;
	struct place p;
	unsigned i, n = 0;
	char id[37], iso[ISO_LEN], account[13];

	for (i = 0; i < g->o.ninjects; i++) {
		in = &g->o.injects[i];
		if (!control_made(g, in, &p))
			continue;
		control_id(&p, i, id);
		stamp_iso(control_time(&p, in), iso);
		account_id(in->acct, account);
		buf_fmt(b,
		    "%s\n    {\"event_id\": \"%s\", \"time\": \"%s\", \"source\": "
		    "\"%s.amazonaws.com\", \"name\": \"%s\", \"account\": \"%s\", "
		    "\"region\": \"%s\", \"hour\": %u, \"effective\": %s, \"impairs\": %s}",
		    n++ ? "," : "", id, iso, in->source, in->name, account,
		    g->o.regions[in->region], in->hour, in->error ? "false" : "true",
		    in->impairs ? "true" : "false");
	}
}
