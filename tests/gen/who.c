/* Who acts: accounts, users, roles, sessions, services. */
#include <stdio.h>
#include <string.h>

#include "gen.h"

static const char *const users[] = {"alice", "bob", "carol.admin", "dave", "erin@example.com",
    "frank", "grace-ops", "heidi", "ivan", "judy", "mallory", "niaj", "olivia_dba", "peggy",
    "ci-deploy", "backup+nightly"};
static const char *const roles[] = {"Admin", "AppServer", "OrganizationAccountAccessRole",
    "DeployPipeline", "AuditReadOnly", "lambda-orders-exec", "ecsTaskExecutionRole", "BreakGlass",
    "DataLake-ETL", "SupportEngineer"};
static const char *const services[] = {"ec2.amazonaws.com", "lambda.amazonaws.com",
    "autoscaling.amazonaws.com", "config.amazonaws.com", "elasticloadbalancing.amazonaws.com",
    "rds.amazonaws.com", "cloudtrail.amazonaws.com"};
static const char *const agents[] = {"aws-cli/2.15.30 Python/3.11.8 Linux/6.1.0-18-amd64 "
				     "exe/x86_64.debian.12 prompt/off command/ec2.describe",
    "Boto3/1.34.54 md/Botocore#1.34.54 ua/2.0 os/linux#6.1.0 md/arch#x86_64 lang/python#3.12.2",
    "aws-sdk-go-v2/1.25.2 os/linux lang/go#1.22.0 md/GOOS#linux md/GOARCH#amd64 api/ec2#1.149.4",
    "APN/1.0 HashiCorp/1.0 Terraform/1.7.4 (+https://www.terraform.io) "
    "terraform-provider-aws/5.39.0",
    "[S3Console/0.4, aws-internal/3 aws-sdk-java/1.12.488 Linux/5.10 "
    "OpenJDK_64-Bit_Server_VM/25.372-b08]",
    "Mozilla/5.0 (X11; Linux x86_64; rv:124.0) Gecko/20100101 Firefox/124.0", "AWS Internal",
    "console.amazonaws.com", "Coral/Netty4", "Botocore/1.34 \\u201cqa\\u201d {build 7}"};

#define COUNT(a) ((unsigned)(sizeof(a) / sizeof((a)[0])))

/* Account number i, of the form used in documentation: 111122223333, 444455556666, ... */
void
account_id(unsigned i, char out[13])
{
	static const unsigned first[] = {123, 456, 789};
	unsigned n, at = 0;

	if (i < 3) {
		n = first[i];
	} else {
		for (n = 101, at = 3;; n++) {
			if (n == 123 || n == 456 || n == 789)
				continue;
			if (at++ == i)
				break;
		}
	}
	n %= 1000;
	memset(out, (int)('0' + n / 100), 4);
	memset(out + 4, (int)('0' + n / 10 % 10), 4);
	memset(out + 8, (int)('0' + n % 10), 4);
	out[12] = '\0';
}

/* The name of user n, taken modulo the number of names. */
const char *
who_user(unsigned n)
{
	return users[n % COUNT(users)];
}

/* The name of role n, likewise. */
const char *
who_role(unsigned n)
{
	return roles[n % COUNT(roles)];
}

/* The ARN partition of a region. */
const char *
partition(const char *region)
{
	if (strncmp(region, "us-gov-", 7) == 0)
		return "aws-us-gov";
	if (strncmp(region, "cn-", 3) == 0)
		return "aws-cn";
	if (strncmp(region, "us-isob-", 8) == 0)
		return "aws-iso-b";
	if (strncmp(region, "us-iso-", 7) == 0)
		return "aws-iso";
	return strncmp(region, "eusc-", 5) == 0 ? "aws-eusc" : "aws";
}

/* The region that global services name in the partition of the home region. */
const char *
global_region(const struct gen *g)
{
	const char *p = partition(g->o.regions[g->o.home]);

	if (strcmp(p, "aws") == 0)
		return "us-east-1";
	if (strcmp(p, "aws-us-gov") == 0)
		return "us-gov-west-1";
	if (strcmp(p, "aws-cn") == 0)
		return "cn-northwest-1";
	return g->o.regions[g->o.home];
}

/* An example address: one of the three documentation networks, or IPv6. */
static void
who_ip(struct rng *r, char ip[48])
{
	static const char *const nets[] = {"192.0.2", "198.51.100", "203.0.113"};

	if (rng_below(r, 12) == 0)
		snprintf(ip, 48, "2001:db8:%x::%x", rng_below(r, 0xffff), 1 + rng_below(r, 0xfff));
	else
		snprintf(ip, 48, "%s.%u", nets[rng_below(r, 3)], 1 + rng_below(r, 254));
}

/* An identifier: four letters of kind, then base32, then EXAMPLE. */
static void
who_id(struct rng *r, const char *kind, char *out, size_t len)
{
	memcpy(out, kind, 4);
	rng_base32(r, out + 4, len - 11);
	memcpy(out + len - 7, "EXAMPLE", 8);
}

/* User n of the account, with a long-term access key. */
void
actor_user(const struct place *p, unsigned n, struct actor *a)
{
	struct rng r =
	    rng_make(p->g->o.seed, TAG('u', 's', 'e', 'r'), p->acct, n % COUNT(users), 0, 0);

	memset(a, 0, sizeof(*a));
	a->type = WHO_USER;
	account_id(p->acct, a->account);
	snprintf(a->name, sizeof(a->name), "%s", who_user(n));
	who_id(&r, "AIDA", a->principal, 21);
	who_id(&r, "AKIA", a->key, 20);
	who_ip(&r, a->ip);
	a->agent = agents[rng_below(&r, COUNT(agents))];
}

/* True when event e of an hour issues a session. */
bool
session_issued_at(unsigned e)
{
	return e % 16 == 3;
}

/* The role session that event e issued. */
void
actor_session(const struct place *p, unsigned e, struct actor *a)
{
	struct rng r = rng_make(p->g->o.seed, TAG('s', 'e', 's', 's'), p->acct, p->region, p->slot,
	    e + ((uint64_t)p->salt << 32));
	unsigned role = rng_below(&r, COUNT(roles));
	struct rng fixed = rng_make(p->g->o.seed, TAG('r', 'o', 'l', 'e'), p->acct, role, 0, 0);

	memset(a, 0, sizeof(*a));
	a->type = WHO_ROLE;
	account_id(p->acct, a->account);
	snprintf(a->name, sizeof(a->name), "%s", roles[role]);
	if (e % 48 == 19) {
		memcpy(a->session, "i-0", 3);
		rng_hex(&r, a->session + 3, 16);
		a->session[19] = '\0';
	} else {
		snprintf(a->session, sizeof(a->session), "%s-%u", who_user(rng_below(&r, 16)),
		    rng_below(&r, 100000));
	}
	who_id(&fixed, "AROA", a->principal, 21);
	who_id(&r, "ASIA", a->key, 20);
	who_ip(&r, a->ip);
	a->since = event_time(p, e);
	a->agent = agents[rng_below(&r, COUNT(agents))];
}

/* The root user of the account. */
static void
actor_root(const struct place *p, struct rng *r, struct actor *a)
{
	memset(a, 0, sizeof(*a));
	a->type = WHO_ROOT;
	account_id(p->acct, a->account);
	memcpy(a->principal, a->account, 13);
	if (rng_below(r, 2) == 0)
		who_id(r, "ASIA", a->key, 20);
	who_ip(r, a->ip);
	a->mfa = rng_below(r, 3) != 0;
	a->agent = agents[5];
}

/* A service of AWS that acts by itself. */
static void
actor_service(struct rng *r, struct actor *a)
{
	memset(a, 0, sizeof(*a));
	a->type = WHO_SERVICE;
	a->invoked = a->agent = services[rng_below(r, COUNT(services))];
	snprintf(a->ip, sizeof(a->ip), "%s", a->invoked);
}

/* Somebody of another account, who is known here by number only. */
static void
actor_foreign(const struct place *p, struct rng *r, struct actor *a)
{
	memset(a, 0, sizeof(*a));
	a->type = WHO_ACCOUNT;
	account_id(p->g->o.accounts + 20 + rng_below(r, 3), a->account);
	who_id(r, "AIDA", a->principal, 21);
	who_ip(r, a->ip);
	a->agent = agents[rng_below(r, COUNT(agents))];
}

/* Who does event e: mostly users and the sessions issued before it in the same hour. */
void
actor_pick(const struct place *p, unsigned e, struct rng *r, struct actor *a)
{
	unsigned dice = rng_below(r, 100);

	if (dice < 38 && e > 3) {
		actor_session(p, (e - 4) / 16 * 16 + 3, a);
	} else if (dice < 50) {
		actor_service(r, a);
	} else if (dice < 53) {
		actor_root(p, r, a);
	} else if (dice < 57) {
		actor_foreign(p, r, a);
	} else {
		actor_user(p, rng_below(r, COUNT(users)), a);
		if (dice < 60) {
			a->type = WHO_FEDERATED;
			who_id(r, "ASIA", a->key, 20);
			a->since = p->start - 600;
		} else if (dice < 68) {
			who_id(r, "ASIA", a->key, 20);
			a->since = p->start - 1200;
			a->mfa = true;
		}
	}
}

/* Append the actor's ARN. */
void
actor_arn(const struct place *p, const struct actor *a, struct buf *b)
{
	const char *part = partition(p->g->o.regions[p->region]);

	if (a->type == WHO_USER)
		buf_fmt(b, "arn:%s:iam::%s:user/%s", part, a->account, a->name);
	else if (a->type == WHO_ROLE)
		buf_fmt(
		    b, "arn:%s:sts::%s:assumed-role/%s/%s", part, a->account, a->name, a->session);
	else if (a->type == WHO_FEDERATED)
		buf_fmt(b, "arn:%s:sts::%s:federated-user/%s", part, a->account, a->name);
	else
		buf_fmt(b, "arn:%s:iam::%s:root", part, a->account);
}
