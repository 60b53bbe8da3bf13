/* Sessions that are passed on from account to account: who asked whom for which key. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

#define HOUR  1	 /* the first window that has logs */
#define STEP  40 /* seconds between two steps */
#define KEYS  18
#define STEPS (sizeof(steps) / sizeof(steps[0]))

/* Who calls: a session by its number, or one of these. */
enum { ALICE = -1, BOB = -2, MALLORY = -3, SAML = -4, WEB = -5, EC2 = -6, STRANGER = -7 };

/* What comes of the sessions, from 1 on. */
static const struct session {
	enum { TOKEN, ROLE, FEDERATED, ROOT_TASK } form;
	unsigned acct;
	const char *name; /* of the role or the federated user */
	const char *session;
	int root; /* of the chain; 0: told by trouble */
	enum { FINE, BY_NAME, UNISSUED, FROM_13, CYCLE, TWICE, FOREIGN, NAMED } trouble;
} sessions[KEYS + 1] = {
    {0},
    {TOKEN, 0, "alice", NULL, ALICE, FINE},
    {ROLE, 0, "Admin", "alice", ALICE, FINE},
    {ROLE, 1, "DeployPipeline", "alice", ALICE, FINE},
    {ROLE, 2, "AuditReadOnly", "alice", ALICE, FINE},
    {ROLE, 2, "BreakGlass", "alice", ALICE, FINE},
    {ROLE, 0, "SupportEngineer", "bob@example.com", SAML, NAMED},
    {ROLE, 1, "DataLake-ETL", "bob@example.com", SAML, NAMED},
    {ROLE, 0, "lambda-orders-exec", "build", WEB, FINE},
    {ROLE, 0, "AppServer", "i-0a1b2c3d4e5f60718", EC2, FINE},
    {FEDERATED, 0, "mallory-console", NULL, MALLORY, FINE},
    {ROOT_TASK, 1, NULL, NULL, ALICE, FINE},
    {ROLE, 1, "Admin", "bob", BOB, BY_NAME},
    {ROLE, 1, "OrganizationAccountAccessRole", "nobody", 0, UNISSUED},
    {ROLE, 1, "SupportEngineer", "nobody", 0, FROM_13},
    {ROLE, 0, "BreakGlass", "round", 0, CYCLE},
    {ROLE, 0, "AuditReadOnly", "round", 0, CYCLE},
    {ROLE, 0, "DataLake-ETL", "claimed", ALICE, TWICE},
    {ROLE, 0, "DeployPipeline", "visitor", 0, FOREIGN},
};

/* One record each; the account is where it is logged. A copy is left out where the accounts are
 * one. */
static const struct step {
	const char *name;
	int by;
	unsigned acct, gives;
	bool copy;
} steps[] = {
    {"GetSessionToken", ALICE, 0, 1, false},
    {"AssumeRole", 1, 0, 2, false},
    {"AssumeRole", 2, 0, 3, false},
    {"AssumeRole", 2, 1, 3, true},
    {"AssumeRole", 3, 1, 4, false},
    {"AssumeRole", 3, 2, 4, true},
    {"AssumeRole", 4, 2, 5, false},
    {"AssumeRoleWithSAML", SAML, 0, 6, false},
    {"AssumeRole", 6, 0, 7, false},
    {"AssumeRole", 6, 1, 7, true},
    {"AssumeRoleWithWebIdentity", WEB, 0, 8, false},
    {"AssumeRole", EC2, 0, 9, false},
    {"GetFederationToken", MALLORY, 0, 10, false},
    {"AssumeRoot", ALICE, 0, 11, false},
    {"SwitchRole", 12, 1, 0, false},
    {"AssumeRole", 13, 1, 14, false},
    {"AssumeRole", 15, 0, 16, false},
    {"AssumeRole", 16, 0, 15, false},
    {"AssumeRole", ALICE, 0, 17, false},
    {"AssumeRole", MALLORY, 0, 17, false},
    {"AssumeRole", STRANGER, 0, 18, false},
    {"AssumeRole", MALLORY, 0, 0, false}, /* refused */
    {"GetCallerIdentity", 1, 0, 0, false},
    {"GetCallerIdentity", 2, 0, 0, false},
    {"GetCallerIdentity", 3, 1, 0, false},
    {"GetCallerIdentity", 4, 2, 0, false},
    {"GetCallerIdentity", 5, 2, 0, false},
    {"GetCallerIdentity", 6, 0, 0, false},
    {"GetCallerIdentity", 7, 1, 0, false},
    {"GetCallerIdentity", 8, 0, 0, false},
    {"GetCallerIdentity", 9, 0, 0, false},
    {"GetCallerIdentity", 10, 0, 0, false},
    {"GetCallerIdentity", 11, 1, 0, false},
    {"GetCallerIdentity", 12, 1, 0, false},
    {"GetCallerIdentity", 13, 1, 0, false},
    {"GetCallerIdentity", 14, 1, 0, false},
    {"GetCallerIdentity", 15, 0, 0, false},
    {"GetCallerIdentity", 16, 0, 0, false},
    {"GetCallerIdentity", 17, 0, 0, false},
    {"GetCallerIdentity", 18, 0, 0, false},
};

/* The account with that index, as far as there are so many. */
static unsigned
acct_of(const struct gen *g, unsigned acct)
{
	return acct % g->o.accounts;
}

/* The account a caller belongs to; strangers have one that is not in the evidence. */
static unsigned
home_of(const struct gen *g, int by)
{
	if (by == STRANGER)
		return g->o.accounts + 30;
	return by > 0 ? acct_of(g, sessions[by].acct) : 0;
}

/* Where the partition's name is needed. */
static const char *
part(const struct gen *g)
{
	return partition(g->o.regions[g->o.home]);
}

/* Append the access key of a session. */
static void
put_key(const struct gen *g, unsigned set, unsigned n, struct buf *b)
{
	struct rng r = rng_make(g->o.seed, TAG('l', 'i', 'n', 'k'), set, n, 0, 0);
	char key[17];

	rng_base32(&r, key, 16);
	key[16] = '\0';
	buf_fmt(b, "ASIA%s", key);
}

/* A user of the first account, or the stranger. */
static void
user_of(const struct gen *g, int by, struct actor *a)
{
	struct place p = {.g = g, .acct = home_of(g, by)};
	unsigned i;

	for (i = 0; i < 16; i++)
		if (strcmp(who_user(i), by == BOB	? "bob"
					: by == MALLORY ? "mallory"
							: "alice") == 0)
			break;
	actor_user(&p, i, a);
}

/* Append the ARN that events of a session carry. */
static void
put_session_arn(const struct gen *g, unsigned n, struct buf *b)
{
	const struct session *s = &sessions[n];
	char id[13];

	account_id(acct_of(g, s->acct), id);
	if (s->form == ROLE)
		buf_fmt(b, "arn:%s:sts::%s:assumed-role/%s/%s", part(g), id, s->name, s->session);
	else if (s->form == FEDERATED)
		buf_fmt(b, "arn:%s:sts::%s:federated-user/%s", part(g), id, s->name);
	else if (s->form == ROOT_TASK)
		buf_fmt(b, "arn:%s:iam::%s:root", part(g), id);
	else
		buf_fmt(b, "arn:%s:iam::%s:user/%s", part(g), id, s->name);
}

/* Append who speaks for an identity from outside. */
static void
put_provider(const struct gen *g, int by, struct buf *b)
{
	char id[13];

	account_id(0, id);
	buf_fmt(b, "arn:%s:iam::%s:%s", part(g), id,
	    by == SAML ? "saml-provider/Corp" : "oidc-provider/token.actions.example");
}

/* The name of an identity from outside. */
static const char *
outsider(int by)
{
	return by == SAML ? "bob@example.com" : "repo:example/app:ref:refs/heads/main";
}

/* Append the userIdentity of a session. */
static void
put_session(const struct gen *g, unsigned set, unsigned n, bool key, struct buf *b)
{
	static const char *const types[] = {"IAMUser", "AssumedRole", "FederatedUser", "Root"};
	const struct session *s = &sessions[n];
	char id[13];

	account_id(acct_of(g, s->acct), id);
	buf_fmt(b, "{\"type\":\"%s\",\"principalId\":\"AROAEXAMPLE%u:%s\",\"arn\":\"",
	    types[s->form], n,
	    s->session ? s->session
	    : s->name  ? s->name
		       : id);
	put_session_arn(g, n, b);
	buf_fmt(b, "\",\"accountId\":\"%s\"", id);
	if (key) {
		buf_str(b, ",\"accessKeyId\":\"");
		put_key(g, set, n, b);
		buf_chr(b, '"');
	}
	if (s->form == ROLE)
		buf_fmt(b,
		    ",\"sessionContext\":{\"sessionIssuer\":{\"type\":\"Role\",\"principalId\":"
		    "\"AROAEXAMPLE%u\",\"arn\":\"arn:%s:iam::%s:role/%s\",\"accountId\":\"%s\","
		    "\"userName\":\"%s\"}}",
		    n, part(g), id, s->name, id, s->name);
	buf_chr(b, '}');
}

/* Append the userIdentity of who calls, as the log of an account shows it. */
static void
put_caller(const struct gen *g, unsigned set, const struct step *s, struct buf *b)
{
	unsigned home = home_of(g, s->by);
	struct actor a;
	char id[13];

	account_id(home, id);
	user_of(g, s->by, &a);
	if (s->by == EC2) {
		buf_str(b, "{\"type\":\"AWSService\",\"invokedBy\":\"ec2.amazonaws.com\"}");
	} else if (s->by == SAML || s->by == WEB) {
		buf_fmt(b, "{\"type\":\"%s\",\"principalId\":\"outside:1\",\"userName\":\"%s\",",
		    s->by == SAML ? "SAMLUser" : "WebIdentityUser", outsider(s->by));
		buf_str(b, "\"identityProvider\":\"");
		put_provider(g, s->by, b);
		buf_str(b, "\"}");
	} else if (home != acct_of(g, s->acct)) {
		buf_fmt(b, "{\"type\":\"AWSAccount\",\"principalId\":\"%s\",\"accountId\":\"%s\"}",
		    s->by > 0 ? "AROAEXAMPLE:session" : a.principal, id);
	} else if (s->by > 0) {
		put_session(g, set, (unsigned)s->by, strcmp(s->name, "SwitchRole") != 0, b);
	} else {
		buf_fmt(b,
		    "{\"type\":\"IAMUser\",\"principalId\":\"%s\",\"arn\":\"arn:%s:iam::%s:user/"
		    "%s\","
		    "\"accountId\":\"%s\",\"accessKeyId\":\"%s\",\"userName\":\"%s\"}",
		    a.principal, part(g), id, a.name, id, a.key, a.name);
	}
}

/* Append what was asked for and what was given. */
static void
put_issued(const struct gen *g, unsigned set, const struct step *s, struct buf *b)
{
	const struct session *n = &sessions[s->gives];
	char id[13];

	account_id(acct_of(g, n->acct), id);
	buf_str(b, ",\"requestParameters\":{");
	if (n->form == ROLE)
		buf_fmt(b, "\"roleArn\":\"arn:%s:iam::%s:role/%s\",\"roleSessionName\":\"%s\"",
		    part(g), id, n->name, n->session);
	else if (n->form == ROOT_TASK)
		buf_fmt(b, "\"targetPrincipal\":\"%s\"", id);
	buf_str(b, "},\"responseElements\":{\"credentials\":{\"accessKeyId\":\"");
	put_key(g, set, s->gives, b);
	buf_str(b, "\",\"sessionToken\":\"IQoJb3JpZ2luX2VjE=\"}");
	if (n->form == ROLE || n->form == FEDERATED) {
		buf_fmt(b, ",\"%s\":{\"arn\":\"",
		    n->form == ROLE ? "assumedRoleUser" : "federatedUser");
		put_session_arn(g, s->gives, b);
		buf_str(b, "\"}");
	}
	if (s->by == SAML)
		buf_str(b, ",\"sourceIdentity\":\"bob\"");
	buf_chr(b, '}');
}

/* Append the middle of a record, by what kind of call it is. */
static void
put_call(const struct gen *g, unsigned set, const struct step *s, struct buf *b)
{
	struct actor a;
	char id[13];

	if (s->gives > 0) {
		put_issued(g, set, s, b);
	} else if (strcmp(s->name, "SwitchRole") == 0) {
		user_of(g, BOB, &a);
		account_id(0, id);
		buf_fmt(b,
		    ",\"requestParameters\":null,\"responseElements\":{\"SwitchRole\":\"Success\"},"
		    "\"additionalEventData\":{\"SwitchFrom\":\"arn:%s:iam::%s:user/"
		    "%s\",\"RedirectTo\":"
		    "\"https://console.aws.amazon.com/console/home\"}",
		    part(g), id, a.name);
	} else if (strcmp(s->name, "AssumeRole") == 0) {
		buf_str(b, ",\"errorCode\":\"AccessDenied\",\"errorMessage\":\"not authorized\","
			   "\"requestParameters\":null,\"responseElements\":null");
	} else {
		buf_str(b, ",\"requestParameters\":null,\"responseElements\":null");
	}
}

/* Append injected event number i, which is a step. */
void
lineage_write(const struct place *p, unsigned i, const struct inject *in, struct buf *b)
{
	struct record rec = {.p = p, .e = 1000000 + i};
	const struct gen *g = p->g;
	const struct step *s = &steps[in->step - 1];
	struct rng r = rng_make(g->o.seed, TAG('l', 'i', 'n', 's'), in->set, s->gives, 0, 0);
	char id[37], iso[ISO_LEN], account[13];
	size_t from = b->len;

	stamp_iso(control_time(p, in), iso);
	account_id(in->acct, account);
	record_id(&rec, id);
	buf_str(b, "{\"eventVersion\":\"1.08\",\"userIdentity\":");
	put_caller(g, in->set, s, b);
	buf_fmt(b,
	    ",\"eventTime\":\"%s\",\"eventSource\":\"%s.amazonaws.com\",\"eventName\":\"%s\","
	    "\"awsRegion\":\"%s\",\"sourceIPAddress\":\"192.0.2.7\",\"userAgent\":\"aws-cli/"
	    "2.15.30\"",
	    iso, in->source, in->name, g->o.regions[in->region]);
	put_call(g, in->set, s, b);
	buf_fmt(b,
	    ",\"eventID\":\"%s\",\"readOnly\":%s,\"eventType\":\"%s\",\"managementEvent\":true", id,
	    strncmp(in->name, "Switch", 6) == 0 ? "false" : "true",
	    strncmp(in->name, "Switch", 6) == 0 ? "AwsConsoleSignIn" : "AwsApiCall");
	buf_fmt(b, ",\"recipientAccountId\":\"%s\",\"eventCategory\":\"Management\"", account);
	rng_uuid(&r, id);
	if (s->gives > 0 && home_of(g, s->by) != acct_of(g, sessions[s->gives].acct))
		buf_fmt(b, ",\"sharedEventID\":\"%s\"", id);
	buf_chr(b, '}');
	if (g->o.escape_logs)
		buf_escape_slashes(b, from);
}

/* Add the steps of all sets. */
void
lineage_plan(struct gen *g)
{
	struct inject in = {.hour = HOUR, .region = g->o.home, .first = true};
	unsigned set, i;

	for (set = 0; set < g->o.lineage; set++) {
		for (i = 0; i < STEPS; i++) {
			in.acct = acct_of(g, steps[i].acct);
			if (steps[i].copy && in.acct == home_of(g, steps[i].by))
				continue;
			in.set = set;
			in.step = i + 1;
			/* both copies of one call tell one time */
			in.offset = (int64_t)(steps[i].copy ? i - 1 : i) * STEP + set % STEP;
			in.source =
			    xstrdup(strcmp(steps[i].name, "SwitchRole") == 0 ? "signin" : "sts");
			in.name = xstrdup(steps[i].name);
			control_add(&g->o, &in);
		}
	}
}

/* Append who should be found at the root of a session. */
static void
put_actor(const struct gen *g, unsigned set, unsigned n, struct buf *b)
{
	const struct session *s = &sessions[n];
	unsigned shown = s->trouble == FROM_13 ? 13 : n;
	struct buf one = {0}, two = {0};
	struct actor a;
	char id[13];

	user_of(g, s->trouble == FOREIGN ? STRANGER : s->root, &a);
	account_id(home_of(g, s->trouble == FOREIGN ? STRANGER : s->root), id);
	if (s->root == SAML || s->root == WEB) {
		buf_fmt(b, "%s via ", outsider(s->root));
		put_provider(g, s->root, b);
	} else if (s->root == EC2) {
		buf_str(b, "ec2.amazonaws.com");
	} else if (s->root != 0) {
		buf_fmt(b, "arn:%s:iam::%s:user/%s", part(g), id, a.name);
	} else if (s->trouble == CYCLE) {
		put_key(g, set, 15, &one);
		put_key(g, set, 16, &two);
		buf_fmt(b, "cycle of sessions at %s", strcmp(one.p, two.p) < 0 ? one.p : two.p);
	} else {
		buf_str(b, "unknown issuer of ");
		put_key(g, set, shown, b);
		buf_str(b, " (");
		if (s->trouble == FOREIGN)
			buf_fmt(b, "%s) (account %s", a.principal, id);
		else
			put_session_arn(g, shown, b);
		buf_chr(b, ')');
	}
	if (s->trouble == NAMED)
		buf_str(b, " (source identity bob)");
	if (s->trouble == BY_NAME)
		buf_str(b, " (by session name)");
	if (s->trouble == TWICE) {
		buf_str(b, " (issued twice: ");
		put_key(g, set, n, b);
		buf_chr(b, ')');
	}
	buf_free(&one);
	buf_free(&two);
}

/* How many records show the key of a session as the caller's. */
static unsigned
uses_of(unsigned n)
{
	unsigned i, uses = 0;

	for (i = 0; i < STEPS; i++)
		uses += steps[i].by == (int)n && !steps[i].copy &&
			strcmp(steps[i].name, "SwitchRole") != 0;
	return uses;
}

/* Append the userIdentity of a session of the first set, for events that are no step. */
void
lineage_identity(const struct gen *g, unsigned n, struct buf *b)
{
	put_session(g, 0, n, true, b);
}

/* Append its ARN. */
void
lineage_arn(const struct gen *g, unsigned n, struct buf *b)
{
	put_session_arn(g, n, b);
}

/* Append who stands at its root. */
void
lineage_root(const struct gen *g, unsigned n, struct buf *b)
{
	put_actor(g, 0, n, b);
}

/* Append the member "lineage" of facts.json. */
void
lineage_facts(const struct gen *g, struct buf *b)
{
	struct buf actor = {0};
	unsigned set, n, i, events = 0, out = 0;

	for (i = 0; i < g->o.ninjects; i++)
		events += g->o.injects[i].step > 0;
	buf_fmt(b, "  \"lineage\": {\"events\": %u, \"sessions\": [", events);
	for (set = 0; set < g->o.lineage; set++) {
		for (n = 1; n <= KEYS; n++) {
			buf_str(b, out++ ? ",\n    {\"key\": \"" : "\n    {\"key\": \"");
			put_key(g, set, n, b);
			buf_str(b, "\", \"arn\": \"");
			put_session_arn(g, n, b);
			buf_fmt(b, "\", \"events\": %u, \"actor\": ", uses_of(n));
			actor.len = 0;
			put_actor(g, set, n, &actor);
			buf_json(b, actor.p, false);
			buf_chr(b, '}');
		}
	}
	buf_str(b, "]},\n");
	buf_free(&actor);
}
