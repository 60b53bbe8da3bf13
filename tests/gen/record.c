/* What every record begins and ends with, by eventVersion. */
#include "gen.h"

/* A minor version: mostly 8 to 11, now and then an older one. */
int
record_version(const struct gen *g, struct rng *r)
{
	static const int common[] = {8, 8, 8, 9, 9, 10, 10, 11, 11};
	unsigned dice = rng_below(r, 100);

	if (g->o.version >= 0)
		return g->o.version;
	if (dice < 90)
		return common[dice / 10];
	return dice < 98 ? (int)dice - 90 : 5;
}

/* The eventID of a record. */
void
record_id(const struct record *rec, char id[37])
{
	const struct place *p = rec->p;
	struct rng r = rng_make(p->g->o.seed, TAG('e', 'v', 'i', 'd'),
	    (uint64_t)p->acct << 32 | p->region, p->slot, rec->e, p->salt);

	rng_uuid(&r, id);
}

/* Append errorCode and errorMessage where there is an error. */
static void
put_error(const struct record *rec, struct buf *b)
{
	const struct actor *a = rec->a;

	if (rec->error == NULL)
		return;
	buf_fmt(b, ",\"errorCode\":\"%s\"", rec->error);
	if (rec->message != NULL) {
		buf_str(b, ",\"errorMessage\":");
		buf_json(b, rec->message, false);
		return;
	}
	buf_str(b, ",\"errorMessage\":\"User: ");
	if (a->type == WHO_SERVICE)
		buf_str(b, a->invoked);
	else
		actor_arn(rec->p, a, b);
	buf_fmt(b,
	    " is not authorized to perform: %s:%s because no identity-based policy allows the "
	    "%s:%s action\"",
	    rec->source, rec->name, rec->source, rec->name);
}

/* Append the record from its brace to the errorMessage. */
void
record_head(const struct record *rec, struct buf *b)
{
	const struct gen *g = rec->p->g;
	const char *region = rec->global ? global_region(g) : g->o.regions[rec->p->region];
	char iso[ISO_LEN];

	stamp_iso(rec->time, iso);
	buf_fmt(b, "{\"eventVersion\":\"1.%s%d\",\"userIdentity\":",
	    rec->version > 0 && rec->version < 10 ? "0" : "", rec->version);
	if (rec->session > 0)
		lineage_identity(g, rec->session, b);
	else
		actor_json(rec->p, rec->a, rec->version, b);
	buf_fmt(b,
	    ",\"eventTime\":\"%s\",\"eventSource\":\"%s.amazonaws.com\",\"eventName\":\"%s\","
	    "\"awsRegion\":\"%s\","
	    "\"sourceIPAddress\":\"%s\",\"userAgent\":\"%s\"",
	    iso, rec->source, rec->name, region, rec->a->invoked ? rec->a->invoked : rec->a->ip,
	    rec->a->agent);
	put_error(rec, b);
}

/* Append tlsDetails, which calls of services from inside do not have. */
static void
put_tls(const struct record *rec, struct buf *b)
{
	static const char *const suites[][2] = {
	    {"TLSv1.3", "TLS_AES_128_GCM_SHA256"}, {"TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256"}};
	const char *const *tls = suites[rec->e % 5 == 0];
	const char *region = rec->p->g->o.regions[rec->p->region];

	if (rec->version < 8 || rec->a->invoked != NULL)
		return;
	buf_fmt(b,
	    ",\"tlsDetails\":{\"tlsVersion\":\"%s\",\"cipherSuite\":\"%s\","
	    "\"clientProvidedHostHeader\":\"",
	    tls[0], tls[1]);
	if (rec->global)
		buf_fmt(b, "%s.amazonaws.com\"}", rec->source);
	else
		buf_fmt(b, "%s.%s.amazonaws.com\"}", rec->source, region);
}

/* Append requestID and eventID; version 1.0 has none if the options say so. */
static void
put_ids(const struct record *rec, struct buf *b)
{
	struct rng r = rec->r;
	char id[37];

	if (rec->version == 0 && rec->p->g->o.bare)
		return;
	rng_uuid(&r, id);
	buf_fmt(b, ",\"requestID\":\"%s\"", id);
	record_id(rec, id);
	buf_fmt(b, ",\"eventID\":\"%s\"", id);
}

/* Append the record from requestID to its brace; resources is a template or NULL. */
void
record_tail(const struct record *rec, const char *resources, struct buf *b)
{
	struct rng r = rng_make(rec->p->g->o.seed, TAG('s', 'h', 'r', 'd'), rec->p->acct,
	    rec->p->slot, rec->e, rec->p->region);
	char account[13], id[37];

	account_id(rec->p->acct, account);
	put_ids(rec, b);
	if (rec->version >= 1)
		buf_fmt(b, ",\"readOnly\":%s", rec->readonly ? "true" : "false");
	if (rec->version >= 1 && resources != NULL) {
		buf_str(b, ",\"resources\":");
		template_expand(b, resources, rec->p, rec->e, rec->time);
	}
	if (rec->version >= 2)
		buf_fmt(b, ",\"eventType\":\"%s\"", rec->type);
	if (rec->version >= 6)
		buf_fmt(b, ",\"managementEvent\":%s", rec->data ? "false" : "true");
	if (rec->version >= 2)
		buf_fmt(b, ",\"recipientAccountId\":\"%s\"", account);
	if (rec->version >= 3 && (rec->a->type == WHO_ACCOUNT || rec->a->type == WHO_SERVICE)) {
		rng_uuid(&r, id);
		buf_fmt(b, ",\"sharedEventID\":\"%s\"", id);
	}
	if (rec->version >= 7)
		buf_fmt(b, ",\"eventCategory\":\"%s\"", rec->data ? "Data" : "Management");
	put_tls(rec, b);
	buf_chr(b, '}');
}
