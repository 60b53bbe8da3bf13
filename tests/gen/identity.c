/* The userIdentity element. */
#include "gen.h"

/* Append who issued a session: a role, or the user behind a federation token. */
static void
put_issuer(const struct place *p, const struct actor *a, struct buf *b)
{
	const char *part = partition(p->g->o.regions[p->region]);
	bool role = a->type == WHO_ROLE;

	buf_fmt(b,
	    "\"sessionIssuer\":{\"type\":\"%s\",\"principalId\":\"%s\",\"arn\":\"arn:%s:iam::%s:%s/"
	    "%s\","
	    "\"accountId\":\"%s\",\"userName\":\"%s\"}",
	    role ? "Role" : "IAMUser", a->principal, part, a->account, role ? "role" : "user",
	    a->name, a->account, a->name);
}

/* Append the sessionContext; versions from 1.08 to 1.09 carry an empty webIdFederationData. */
static void
put_session(const struct place *p, const struct actor *a, int version, struct buf *b)
{
	char iso[ISO_LEN];

	stamp_iso(a->since, iso);
	buf_str(b, ",\"sessionContext\":{");
	if (a->type != WHO_USER && a->type != WHO_ROOT) {
		put_issuer(p, a, b);
		buf_chr(b, ',');
	} else if (version == 8) {
		buf_str(b, "\"sessionIssuer\":{},");
	}
	if (version == 8 || version == 9)
		buf_str(b, "\"webIdFederationData\":{},");
	buf_fmt(b, "\"attributes\":{\"creationDate\":\"%s\",\"mfaAuthenticated\":\"%s\"}", iso,
	    a->mfa ? "true" : "false");
	if (a->session[0] == 'i' && a->session[1] == '-')
		buf_str(b, ",\"ec2RoleDelivery\":\"2.0\"");
	buf_chr(b, '}');
}

/* Append the members that name a principal. */
static void
put_principal(const struct place *p, const struct actor *a, struct buf *b)
{
	static const char *const types[] = {"IAMUser", "AssumedRole", "Root", "AWSService",
	    "AWSAccount", "FederatedUser", "SAMLUser"};

	buf_fmt(b, "\"type\":\"%s\",\"principalId\":\"", types[a->type]);
	if (a->type == WHO_FEDERATED)
		buf_fmt(b, "%s:%s", a->account, a->name);
	else
		buf_str(b, a->principal);
	if (a->type == WHO_ROLE)
		buf_fmt(b, ":%s", a->session);
	buf_chr(b, '"');
	if (a->type != WHO_ACCOUNT) {
		buf_str(b, ",\"arn\":\"");
		actor_arn(p, a, b);
		buf_chr(b, '"');
	}
	buf_fmt(b, ",\"accountId\":\"%s\"", a->account);
}

/* Append the whole object for one actor, as events of that minor version have it. */
void
actor_json(const struct place *p, const struct actor *a, int version, struct buf *b)
{
	if (a->type == WHO_SERVICE) {
		buf_fmt(b, "{\"type\":\"AWSService\",\"invokedBy\":\"%s\"}", a->invoked);
		return;
	}
	buf_chr(b, '{');
	put_principal(p, a, b);
	if (a->key[0] != '\0')
		buf_fmt(b, ",\"accessKeyId\":\"%s\"", a->key);
	if (a->type == WHO_USER)
		buf_fmt(b, ",\"userName\":\"%s\"", a->name);
	if (a->since != 0)
		put_session(p, a, version, b);
	if (a->invoked != NULL)
		buf_fmt(b, ",\"invokedBy\":\"%s\"", a->invoked);
	buf_chr(b, '}');
}
