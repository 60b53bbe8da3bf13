/* Who stands at the root of role chains.  Records are written as AWS's pages show them, by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "chaos.h"
#include "forensic.h"
#include "scratch.h"
#include "timeline/forest.h"
#include "timeline/lineage.h"
#include "timeline/timeline.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ALICE "arn:aws:iam::111122223333:user/alice"

/* A userIdentity of each kind. */
#define UI_USER(arn, key)                                                                                              \
	"{\"type\":\"IAMUser\",\"principalId\":\"AIDAEXAMPLE\",\"arn\":\"" arn                                         \
	"\",\"accountId\":\"111122223333\",\"accessKeyId\":\"" key "\",\"userName\":\"alice\"}"
#define UI_ROLE(account, role, session, key)                                                                           \
	"{\"type\":\"AssumedRole\",\"principalId\":\"AROAEXAMPLE:" session "\",\"arn\":\""                             \
	ROLE(account, role, session) "\",\"accountId\":\"" account "\",\"accessKeyId\":\"" key                         \
	"\",\"sessionContext\":{\"sessionIssuer\":{\"type\":\"Role\",\"arn\":\"arn:aws:iam::" account ":role/" role "\"}}}"
#define UI_FOREIGN(account, id)                                                                                        \
	"{\"type\":\"AWSAccount\",\"principalId\":\"" id "\",\"accountId\":\"" account "\"}"
#define UI_ARN(arn) "{\"type\":\"IAMUser\",\"arn\":\"" arn "\"}"
#define UI_OUTSIDE(type, members) "{\"type\":\"" type "\"," members "}"

#define ROLE(account, role, session) "arn:aws:sts::" account ":assumed-role/" role "/" session
#define ISSUED(key, arn)                                                                                               \
	"{\"credentials\":{\"accessKeyId\":\"" key "\",\"sessionToken\":\"x\"},"                                       \
	"\"assumedRoleUser\":{\"assumedRoleId\":\"AROAEXAMPLE:s\",\"arn\":\"" arn "\"}}"
#define CREDENTIALS(key) "{\"credentials\":{\"accessKeyId\":\"" key "\"}}"
#define RECORD(time, source, name, ui, request, response, more)                                                        \
	"{\"eventVersion\":\"1.08\",\"userIdentity\":" ui ",\"eventTime\":\"2024-03-01T" time                          \
	"Z\",\"eventSource\":\"" source ".amazonaws.com\",\"eventName\":\"" name                                       \
	"\",\"awsRegion\":\"us-east-1\",\"requestParameters\":" request ",\"responseElements\":" response              \
	",\"eventID\":\"e\"" more "}"
#define EVENT(time, name, ui, response, more)                                                                          \
	RECORD(time, "sts", name, ui, "{\"roleSessionName\":\"s\"}", response, more)
#define ASSUME(time, ui, key, arn, more) EVENT(time, "AssumeRole", ui, ISSUED(key, arn), more)
#define SHARED(id) ",\"sharedEventID\":\"" id "\""
#define SWITCH(result, from)                                                                                           \
	RECORD("05:00:00", "signin", "SwitchRole",                                                                     \
	    "{\"type\":\"AssumedRole\",\"principalId\":\"AROAEXAMPLE:alice\",\"arn\":\"" ROLE("444455556666", "Admin", \
		"alice") "\",\"accountId\":\"444455556666\"}",                                                         \
	    "null", "{\"SwitchRole\":\"" result "\"}",                                                                 \
	    ",\"additionalEventData\":{\"SwitchFrom\":\"" from "\",\"RedirectTo\":\"https://console.aws.amazon.com/\"}")

/* What an event gives; rc is 1 when it issued something, 0 when not, -1 when memory was out. */
static int
extract(const char *json, size_t len, struct lf_buf *out)
{
	struct lf_buf text;
	struct lf_scan s;
	struct lf_event e;
	struct lf_values v;
	int rc;

	lf_buf_init(&text);
	lf_scan_init(&s, json, len);
	assert_int_equal(lf_scan_next(&s), LF_TOKEN_OBJECT);
	assert_true(lf_event_read(&s, NULL, &e));
	rc = lf_values_of(&e, &text, &v);
	if (rc == 0)
		rc = lf_lineage_extract(&e, &v, out);
	assert_true(rc <= 0 || lf_lineage_may(&e));
	lf_buf_free(&text);
	return out->failed ? -1 : rc;
}

static int
extract_text(const char *json, struct lf_buf *out)
{
	return extract(json, strlen(json), out);
}

/* The lineage of n records, in the order given. */
static struct lf_lineage *
lineage(const char *const *json, size_t n)
{
	struct lf_lineage *l;
	struct lf_err err;
	struct lf_buf b;

	lf_buf_init(&b);
	assert_int_equal(lf_lineage_new(&l, &err), 0);
	for (size_t i = 0; i < n; i++) {
		if (i % 2 == 0) {
			assert_int_equal(lf_lineage_add(l, b.data, b.len, 0, &err), 0);
			lf_buf_reset(&b);
		}
		extract_text(json[i], &b);
	}
	if (b.len > 0)
		assert_int_equal(lf_lineage_add(l, b.data, b.len, 0, &err), 0);
	assert_int_equal(lf_lineage_finish(l, &err), 0);
	lf_buf_free(&b);
	return l;
}

static struct lf_slice
slice(const char *s)
{
	return (struct lf_slice){s, strlen(s)};
}

static const char *
actor(const struct lf_lineage *l, const char *key, const char *principal)
{
	static struct lf_buf b;
	static char text[8192];

	lf_buf_init(&b);
	lf_lineage_actor(l, &(struct lf_lineage_use){.access_key = slice(key), .principal = slice(principal),
	    .time = LF_TIME_NONE, .integrity = LF_INTEGRITY_UNKNOWN}, &b);
	snprintf(text, sizeof(text), "%s", lf_buf_str(&b));
	lf_buf_free(&b);
	return text;
}

/* One record, one row. */
static void
check_one(const char *json, const char *key, const char *principal, const char *expected)
{
	struct lf_lineage *l = lineage(&json, 1);

	assert_string_equal(actor(l, key, principal), expected);
	lf_lineage_free(l);
}

static void
test_no_session(void **state)
{
	struct lf_lineage *l = lineage(NULL, 0);

	(void)state;
	assert_string_equal(actor(l, "AKIA1", ALICE), ALICE);
	assert_string_equal(actor(l, "", "ec2.amazonaws.com"), "ec2.amazonaws.com");
	assert_string_equal(actor(l, "", ""), "");
	assert_string_equal(actor(l, "ASIA1", ALICE), ALICE);
	assert_string_equal(actor(l, "ASIA1", ROLE("1", "R", "s")), "unknown issuer of ASIA1 (" ROLE("1", "R", "s") ")");
	assert_string_equal(actor(l, "", ROLE("1", "R", "s")), "unknown issuer of " ROLE("1", "R", "s"));
	assert_string_equal(actor(l, "ASIA1", "arn:aws:sts::1:federated-user/bob"),
	    "unknown issuer of ASIA1 (arn:aws:sts::1:federated-user/bob)");
	lf_lineage_free(l);
}

/* Every call that issues sessions, in the shape of its page. */
static void
test_shapes(void **state)
{
	(void)state;
	check_one(ASSUME("01:00:00", UI_USER(ALICE, "AKIA1"), "ASIA1", ROLE("1", "R", "s"), ""), "ASIA1",
	    ROLE("1", "R", "s"), ALICE);
	check_one(EVENT("01:00:00", "AssumeRoot", UI_USER(ALICE, "AKIA1"), CREDENTIALS("ASIA1"), ""), "ASIA1",
	    "arn:aws:iam::222222222222:root", ALICE);
	check_one(EVENT("01:00:00", "GetSessionToken", UI_USER(ALICE, "AKIA1"), CREDENTIALS("ASIA1"), ""), "ASIA1",
	    ALICE, ALICE);
	check_one(EVENT("01:00:00", "GetFederationToken", UI_USER(ALICE, "AKIA1"),
	    "{\"credentials\":{\"accessKeyId\":\"ASIA1\"},\"federatedUser\":{\"federatedUserId\":\"1:bob\","
	    "\"arn\":\"arn:aws:sts::1:federated-user\\/bob\"}}", ""), "ASIA1", "arn:aws:sts::1:federated-user/bob", ALICE);
	check_one(ASSUME("01:00:00", UI_OUTSIDE("AWSService", "\"invokedBy\":\"ec2.amazonaws.com\""), "ASIA1",
	    ROLE("1", "R", "i-0"), SHARED("s1")), "ASIA1", ROLE("1", "R", "i-0"), "ec2.amazonaws.com");
	check_one(ASSUME("01:00:00", UI_OUTSIDE("Root", "\"principalId\":\"1\",\"arn\":\"arn:aws:iam::1:root\","
	    "\"accountId\":\"1\",\"accessKeyId\":\"ASIA0\""), "ASIA1", ROLE("1", "R", "s"), ""), "ASIA1",
	    ROLE("1", "R", "s"), "arn:aws:iam::1:root");
}

/* Who comes with the word of somebody else than AWS. */
static void
test_outsiders(void **state)
{
	static const struct {
		const char *record, *root;
	} cases[] = {
	    {EVENT("01:00:00", "AssumeRoleWithSAML", UI_OUTSIDE("SAMLUser", "\"principalId\":\"Qx=:bob\","
		"\"userName\":\"bob\",\"identityProvider\":\"https:\\/\\/idp.example\""), ISSUED("ASIA1", "x"), ""),
		"bob via https://idp.example"},
	    {EVENT("01:00:00", "AssumeRoleWithWebIdentity", UI_OUTSIDE("WebIdentityUser", "\"principalId\":\"arn:x:aud:sub\","
		"\"userName\":\"repo:o/r\",\"identityProvider\":\"arn:aws:iam::1:oidc-provider/p\""), ISSUED("ASIA1", "x"), ""),
		"repo:o/r via arn:aws:iam::1:oidc-provider/p"},
	    {EVENT("01:00:00", "AssumeRoleWithWebIdentity", UI_OUTSIDE("WebIdentityUser",
		"\"principalId\":\"arn:x:aud:sub\""), ISSUED("ASIA1", "x"), ""), "arn:x:aud:sub (web identity)"},
	    {EVENT("01:00:00", "AssumeRoleWithWebIdentity", UI_OUTSIDE("WebIdentityUser", /* who calls himself a session */
		"\"userName\":\"arn:aws:sts::1:assumed-role/R/s\""), ISSUED("ASIA1", "x"), ""), ROLE("1", "R", "s") " (web identity)"},
	    {EVENT("01:00:00", "AssumeRoleWithSAML", UI_OUTSIDE("SAMLUser", "\"userName\":\"" ALICE "\""),
		ISSUED("ASIA1", "x"), ""), ALICE " (SAML identity)"},
	    {EVENT("01:00:00", "AssumeRoleWithWebIdentity", UI_OUTSIDE("WebIdentityUser", "\"identityProvider\":7"),
		ISSUED("ASIA1", "x"), ""), "unknown issuer of ASIA1"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		check_one(cases[i].record, "ASIA1", ROLE("1", "R", "s"), cases[i].root);
}

/* Calls that failed, other services' calls and calls of other names issue nothing. */
static void
test_what_issues_nothing(void **state)
{
	static const char *const none[] = {
	    EVENT("01:00:00", "AssumeRole", UI_USER(ALICE, "AKIA1"), "null", ",\"errorCode\":\"AccessDenied\""),
	    ASSUME("01:00:00", UI_USER(ALICE, "AKIA1"), "ASIA1", ROLE("1", "R", "s"), ",\"errorCode\":\"AccessDenied\""),
	    ASSUME("01:00:00", UI_USER(ALICE, "AKIA1"), "ASIA1", ROLE("1", "R", "s"), ",\"errorMessage\":\"no\"" SHARED("x")),
	    EVENT("01:00:00", "AssumeRole", UI_USER(ALICE, "AKIA1"), "null", ""),
	    EVENT("01:00:00", "AssumeRole", UI_USER(ALICE, "AKIA1"), "{\"credentials\":{\"accessKeyId\":7}}", ""),
	    EVENT("01:00:00", "AssumeRole", UI_USER(ALICE, "AKIA1"), "{\"credentials\":{\"accessKeyId\":\"\"}}", ""),
	    EVENT("01:00:00", "AssumeRole", UI_USER(ALICE, "AKIA1"), "\"credentials\"", ""),
	    EVENT("01:00:00", "AssumeRolX", UI_USER(ALICE, "AKIA1"), ISSUED("ASIA1", "x"), ""),
	    EVENT("01:00:00", "GetCallerIdentity", UI_USER(ALICE, "AKIA1"), ISSUED("ASIA1", "x"), ""),
	    EVENT("01:00:00", "SwitchRole", UI_USER(ALICE, "AKIA1"), ISSUED("ASIA1", "x"), ""),
	    RECORD("01:00:00", "ec2", "AssumeRole", UI_USER(ALICE, "AKIA1"), "null", ISSUED("ASIA1", "x"), ""),
	    SWITCH("Failure", ALICE),
	    SWITCH("Success", ""),
	    "{\"eventName\":\"AssumeRole\",\"eventVersion\":\"1.0\"}",
	};
	struct lf_buf b;

	(void)state;
	lf_buf_init(&b);
	for (size_t i = 0; i < COUNT(none); i++) {
		if (extract_text(none[i], &b) != 0)
			fail_msg("%s", none[i]);
		assert_int_equal(b.len, 0);
	}
	assert_int_equal(extract_text(SWITCH("Success", ALICE), &b), 1);
	assert_true(b.len > 0);
	lf_buf_free(&b);
}

/* A key longer than STS gives is none; other long texts are cut, and say so. */
static void
test_long_texts(void **state)
{
	static char json[300000], key[200], arn[100000];
	struct lf_buf b;

	(void)state;
	lf_buf_init(&b);
	memset(key, 'K', 129);
	snprintf(json, sizeof(json), EVENT("01:00:00", "GetSessionToken", UI_ARN("%s"), CREDENTIALS("%s"), ""), ALICE, key);
	assert_int_equal(extract_text(json, &b), 0);
	key[128] = '\0';
	memset(arn, 'a', sizeof(arn) - 1);
	snprintf(json, sizeof(json), EVENT("01:00:00", "GetSessionToken", UI_ARN("%s"), CREDENTIALS("%s"), ""), arn, key);
	snprintf(arn + 2048, sizeof(arn) - 2048, "... (99999 bytes)");
	check_one(json, key, "", arn);
	lf_buf_free(&b);
}

/* Five hops over three accounts; where accounts differ there are two records of a call. */
static const char *const chain[] = {
    EVENT("01:00:00", "GetSessionToken", UI_USER(ALICE, "AKIA1"), CREDENTIALS("ASIA1"), ""),
    ASSUME("02:00:00", UI_USER(ALICE, "ASIA1"), "ASIA2", ROLE("111122223333", "A", "s"), ""),
    ASSUME("03:00:00", UI_ROLE("111122223333", "A", "s", "ASIA2"), "ASIA3", ROLE("444455556666", "B", "s"), SHARED("s1")),
    ASSUME("03:00:00", UI_FOREIGN("111122223333", "AROAEXAMPLE:s"), "ASIA3", ROLE("444455556666", "B", "s"), SHARED("s1")),
    ASSUME("04:00:00", UI_ROLE("444455556666", "B", "s", "ASIA3"), "ASIA4", ROLE("777788889999", "C", "s"), SHARED("s2")),
    ASSUME("04:00:00", UI_FOREIGN("444455556666", "AROAEXAMPLE:s"), "ASIA4", ROLE("777788889999", "C", "s"), SHARED("s2")),
    ASSUME("05:00:00", UI_ROLE("777788889999", "C", "s", "ASIA4"), "ASIA5", ROLE("777788889999", "D", "s"), ""),
};

/* Puts v into another order. */
static void
shuffle(const char **v, size_t n, uint64_t *random)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = scratch_random(random) % i;
		const char *x = v[i - 1];
		v[i - 1] = v[j];
		v[j] = x;
	}
}

static void
test_chain(void **state)
{
	static const char *const keys[] = {"AKIA1", "ASIA1", "ASIA2", "ASIA3", "ASIA4", "ASIA5"};
	const char *v[COUNT(chain) + 1];
	uint64_t random = 1;

	(void)state;
	memcpy(v, chain, sizeof(chain));
	v[COUNT(chain)] = chain[2]; /* the same record from another file */
	for (unsigned round = 0; round < 30; round++) {
		struct lf_lineage *l = lineage(v, COUNT(v));
		for (size_t i = 1; i < COUNT(keys); i++)
			assert_string_equal(actor(l, keys[i], ROLE("777788889999", "D", "s")), ALICE);
		for (size_t i = 0; i < COUNT(keys); i++)
			for (size_t j = 0; j < COUNT(keys); j++)
				assert_int_equal(lf_lineage_descends(l, slice(keys[i]), LF_TIME_NONE, keys[j]), i >= j);
		assert_false(lf_lineage_descends(l, slice("ASIA9"), LF_TIME_NONE, "AKIA1"));
		assert_false(lf_lineage_descends(l, slice("ASIA5"), LF_TIME_NONE, "ASIA9"));
		assert_true(lf_lineage_descends(l, slice("ASIA9"), LF_TIME_NONE, "ASIA9"));
		assert_false(lf_lineage_descends(l, slice(""), LF_TIME_NONE, "ASIA1"));
		lf_lineage_free(l);
		shuffle(v, COUNT(v), &random);
	}
}

/* What is missing is named: the key, and the name it was used under. */
static void
test_missing_hop(void **state)
{
	struct lf_lineage *l = lineage(chain + 2, COUNT(chain) - 2);

	(void)state;
	assert_string_equal(actor(l, "ASIA5", ""), "unknown issuer of ASIA2 (" ROLE("111122223333", "A", "s") ")");
	assert_true(lf_lineage_descends(l, slice("ASIA5"), LF_TIME_NONE, "ASIA2"));
	lf_lineage_free(l);
	l = lineage(chain + 3, 1); /* only the target account's record */
	assert_string_equal(actor(l, "ASIA3", ""), "unknown issuer of ASIA3 (AROAEXAMPLE:s) (account 111122223333)");
	assert_false(lf_lineage_descends(l, slice("ASIA3"), LF_TIME_NONE, "ASIA2"));
	lf_lineage_free(l);
}

/* The caller's record is known by the shared id alone where it does not show the key. */
static void
test_join_without_key(void **state)
{
	static const char *const records[] = {
	    EVENT("03:00:00", "AssumeRole", UI_USER(ALICE, "AKIA1"), "null", SHARED("s1")),
	    ASSUME("03:00:00", UI_FOREIGN("111122223333", "AIDAEXAMPLE"), "ASIA3",
		ROLE("444455556666", "B", "s"), SHARED("s1")),
	    EVENT("03:00:00", "AssumeRole", UI_USER("arn:aws:iam::1:user/eve", "AKIA2"), "null", SHARED("s2")),
	};
	const char *const other_account[] = {records[0],
	    ASSUME("03:00:00", UI_FOREIGN("999999999999", "AIDAEXAMPLE"), "ASIA3",
		ROLE("444455556666", "B", "s"), SHARED("s1"))};
	const char *reversed[] = {records[2], records[1], records[0]};
	struct lf_lineage *l = lineage(records, 3);

	(void)state;
	assert_string_equal(actor(l, "ASIA3", ""), ALICE);
	assert_true(lf_lineage_descends(l, slice("ASIA3"), LF_TIME_NONE, "AKIA1"));
	assert_false(lf_lineage_descends(l, slice("ASIA3"), LF_TIME_NONE, "AKIA2"));
	lf_lineage_free(l);
	l = lineage(reversed, 3);
	assert_string_equal(actor(l, "ASIA3", ""), ALICE);
	lf_lineage_free(l);
	l = lineage(other_account, 2); /* a record under the same id that speaks of somebody else */
	assert_string_equal(actor(l, "ASIA3", ""), "unknown issuer of ASIA3 (AIDAEXAMPLE) (account 999999999999)");
	lf_lineage_free(l);
}

static void
test_circles(void **state)
{
	const char *records[] = {
	    ASSUME("01:00:00", UI_ROLE("1", "C", "s", "ASIA3"), "ASIA2", ROLE("1", "B", "s"), ""),
	    ASSUME("02:00:00", UI_ROLE("1", "B", "s", "ASIA2"), "ASIA3", ROLE("1", "C", "s"), ""),
	    ASSUME("03:00:00", UI_ROLE("1", "C", "s", "ASIA3"), "ASIA1", ROLE("1", "A", "s"), ""),
	    ASSUME("03:00:00", UI_ROLE("1", "S", "s", "ASIA9"), "ASIA9", ROLE("1", "S", "s"), ""),
	};
	uint64_t random = 2;

	(void)state;
	for (unsigned round = 0; round < 10; round++) {
		struct lf_lineage *l = lineage(records, COUNT(records));
		assert_string_equal(actor(l, "ASIA1", ""), "cycle of sessions at ASIA2");
		assert_string_equal(actor(l, "ASIA2", ""), "cycle of sessions at ASIA2");
		assert_string_equal(actor(l, "ASIA3", ""), "cycle of sessions at ASIA2");
		assert_string_equal(actor(l, "ASIA9", ""), "cycle of sessions at ASIA9");
		assert_true(lf_lineage_descends(l, slice("ASIA2"), LF_TIME_NONE, "ASIA3"));
		assert_true(lf_lineage_descends(l, slice("ASIA3"), LF_TIME_NONE, "ASIA2"));
		assert_true(lf_lineage_descends(l, slice("ASIA1"), LF_TIME_NONE, "ASIA2"));
		assert_false(lf_lineage_descends(l, slice("ASIA2"), LF_TIME_NONE, "ASIA1"));
		assert_false(lf_lineage_descends(l, slice("ASIA9"), LF_TIME_NONE, "ASIA1"));
		lf_lineage_free(l);
		shuffle(records, COUNT(records), &random);
	}
}

/* Two calls that claim one key: the earlier stands, and it is said. */
static void
test_issued_twice(void **state)
{
	const char *records[] = {
	    ASSUME("02:00:00", UI_USER("arn:aws:iam::1:user/eve", "AKIA2"), "ASIA1", ROLE("1", "R", "s"), ""),
	    ASSUME("01:00:00", UI_USER(ALICE, "AKIA1"), "ASIA1", ROLE("1", "R", "s"), ""),
	    ASSUME("03:00:00", UI_ROLE("1", "R", "s", "ASIA1"), "ASIA2", ROLE("1", "Q", "s"), ""),
	};
	const char *foreign[] = {records[1],
	    ASSUME("00:30:00", UI_FOREIGN("999999999999", "AIDAX"), "ASIA1", ROLE("1", "R", "s"), SHARED("z"))};
	uint64_t random = 3;
	struct lf_lineage *l;

	(void)state;
	for (unsigned round = 0; round < 10; round++) {
		l = lineage(records, COUNT(records));
		assert_string_equal(actor(l, "ASIA1", ""), ALICE " (issued twice: ASIA1)");
		assert_string_equal(actor(l, "ASIA2", ""), ALICE " (issued twice: ASIA1)");
		lf_lineage_free(l);
		shuffle(records, COUNT(records), &random);
	}
	l = lineage(foreign, 2);
	assert_string_equal(actor(l, "ASIA1", ""), ALICE " (issued twice: ASIA1)");
	lf_lineage_free(l);
}

/* The name given with the first session goes with all that come from it, whichever record tells it. */
static void
test_source_identity(void **state)
{
	static const char *const records[] = {
	    EVENT("01:00:00", "AssumeRole", UI_USER(ALICE, "AKIA1"),
		"{\"credentials\":{\"accessKeyId\":\"ASIA1\"},\"sourceIdentity\":\"Al\\u0069ce\"}", ""),
	    ASSUME("02:00:00", UI_ROLE("1", "R", "s", "ASIA1"), "ASIA2", ROLE("1", "Q", "s"), ""),
	    ASSUME("01:00:00", UI_OUTSIDE("AssumedRole", "\"arn\":\"" ROLE("1", "Z", "s") "\",\"accessKeyId\":\"ASIA8\","
		"\"sessionContext\":{\"sourceIdentity\":\"Bob\"}"), "ASIA9", "x", ""),
	};
	struct lf_lineage *l = lineage(records, COUNT(records));

	(void)state;
	assert_string_equal(actor(l, "ASIA1", ""), ALICE " (source identity Alice)");
	assert_string_equal(actor(l, "ASIA2", ""), ALICE " (source identity Alice)");
	assert_string_equal(actor(l, "ASIA9", ""),
	    "unknown issuer of ASIA8 (" ROLE("1", "Z", "s") ") (source identity Bob)");
	lf_lineage_free(l);
	check_one(RECORD("01:00:00", "sts", "AssumeRole", UI_USER(ALICE, "AKIA1"), "{\"sourceIdentity\":\"Req\"}",
	    ISSUED("ASIA1", "x"), ""), "ASIA1", "", ALICE " (source identity Req)");
}

/* In the console keys appear that no event issued: the session's name leads on where it is sure. */
static void
test_console_switch(void **state)
{
	const char *records[] = {
	    SWITCH("Success", ALICE),
	    ASSUME("05:00:00", UI_FOREIGN("111122223333", "AIDAEXAMPLE"), "ASIA1",
		ROLE("444455556666", "Admin", "alice"), SHARED("s1")),
	    ASSUME("06:00:00", UI_ROLE("444455556666", "Admin", "alice", "ASIA7"), "ASIA8",
		ROLE("444455556666", "Deep", "s"), ""),
	    ASSUME("05:00:00", UI_USER("arn:aws:iam::444455556666:user/eve", "AKIA4"), "ASIA4",
		ROLE("444455556666", "Admin", "alice"), ""),
	};
	struct lf_lineage *l = lineage(records, 3);

	(void)state;
	assert_string_equal(actor(l, "ASIA7", ROLE("444455556666", "Admin", "alice")), ALICE " (by session name)");
	assert_string_equal(actor(l, "", ROLE("444455556666", "Admin", "alice")), ALICE " (by session name)");
	assert_string_equal(actor(l, "ASIA6", ROLE("444455556666", "Admin", "alice")), ALICE " (by session name)");
	assert_string_equal(actor(l, "ASIA8", ""), ALICE " (by session name)");
	assert_string_equal(actor(l, "ASIA6", ROLE("444455556666", "Admin", "bob")),
	    "unknown issuer of ASIA6 (" ROLE("444455556666", "Admin", "bob") ")");
	lf_lineage_free(l);
	l = lineage(records, 4); /* somebody else took the same name */
	assert_string_equal(actor(l, "ASIA7", ROLE("444455556666", "Admin", "alice")),
	    "unknown issuer of ASIA7 (" ROLE("444455556666", "Admin", "alice") ")");
	assert_string_equal(actor(l, "ASIA8", ""), "unknown issuer of ASIA7 (" ROLE("444455556666", "Admin", "alice") ")");
	assert_string_equal(actor(l, "ASIA4", ""), "arn:aws:iam::444455556666:user/eve");
	lf_lineage_free(l);
}

/* A name that several may stand behind leads nowhere. */
static void
test_names_that_are_not_sure(void **state)
{
	static const char *const two_ways_up[] = {
	    ASSUME("01:00:00", UI_USER(ALICE, "AKIA1"), "ASIA1", ROLE("1", "Q", "s"), ""),
	    ASSUME("01:00:00", UI_USER("arn:aws:iam::1:user/eve", "AKIA2"), "ASIA2", ROLE("1", "Q", "s"), ""),
	    ASSUME("02:00:00", UI_ROLE("1", "Q", "s", "ASIA1"), "ASIA3", ROLE("1", "R", "s"), ""),
	    ASSUME("03:00:00", UI_ROLE("1", "Q", "s", "ASIA2"), "ASIA4", ROLE("1", "R", "s"), ""),
	};
	static const char *const two_names[] = { /* of one key, which no event issued */
	    ASSUME("01:00:00", UI_USER(ALICE, "AKIA1"), "ASIA1", ROLE("1", "Q", "s"), ""),
	    ASSUME("02:00:00", UI_ROLE("1", "Q", "s", "ASIA7"), "ASIA3", ROLE("1", "R", "s"), ""),
	    ASSUME("03:00:00", UI_ROLE("1", "P", "s", "ASIA7"), "ASIA4", ROLE("1", "R", "t"), ""),
	};
	static const char *const from_elsewhere[] = {SWITCH("Success", ALICE),
	    ASSUME("05:00:00", UI_FOREIGN("999999999999", "AIDAX"), "ASIA1", ROLE("444455556666", "Admin", "alice"), "")};
	static const char *const itself[] = {ASSUME("01:00:00", UI_USER(ALICE, "AKIA1"), "ASIA1", ROLE("1", "Q", "s"), ""),
	    ASSUME("02:00:00", UI_ROLE("1", "Q", "s", "ASIA1"), "ASIA2", ROLE("1", "Q", "s"), "")};
	struct lf_lineage *l = lineage(two_ways_up, COUNT(two_ways_up));

	(void)state;
	assert_string_equal(actor(l, "ASIA3", ""), ALICE);
	assert_string_equal(actor(l, "ASIA4", ""), "arn:aws:iam::1:user/eve");
	assert_string_equal(actor(l, "ASIA9", ROLE("1", "R", "s")),
	    "unknown issuer of " ROLE("1", "Q", "s") " (by session name)");
	lf_lineage_free(l);
	l = lineage(two_names, COUNT(two_names));
	assert_string_equal(actor(l, "ASIA3", ""), "unknown issuer of ASIA7 (" ROLE("1", "Q", "s") ")");
	assert_string_equal(actor(l, "ASIA4", ""), "unknown issuer of ASIA7 (" ROLE("1", "P", "s") ")");
	lf_lineage_free(l);
	l = lineage(from_elsewhere, 2);
	assert_string_equal(actor(l, "ASIA9", ROLE("444455556666", "Admin", "alice")),
	    "unknown issuer of ASIA9 (" ROLE("444455556666", "Admin", "alice") ")");
	lf_lineage_free(l);
	l = lineage(itself, 2); /* a role that takes itself anew: still the same root */
	assert_string_equal(actor(l, "ASIA9", ROLE("1", "Q", "s")), ALICE " (by session name)");
	assert_string_equal(actor(l, "ASIA2", ROLE("1", "Q", "s")), ALICE);
	lf_lineage_free(l);
}

/* A key that is written like a name, or the other way round, is not taken for it. */
static void
test_keys_are_no_names(void **state)
{
	static const char *const records[] = {
	    ASSUME("01:00:00", UI_USER(ALICE, "AKIA1"), "arn:aws:sts::1:assumed-role/R/s", ROLE("1", "Q", "s"), "")};
	struct lf_lineage *l = lineage(records, 1);

	(void)state;
	assert_string_equal(actor(l, "ASIA7", ROLE("1", "R", "s")), "unknown issuer of ASIA7 (" ROLE("1", "R", "s") ")");
	lf_lineage_free(l);
}

/* ---- What is proved, and when ---- */

#define EVE   "arn:aws:iam::111122223333:user/eve"
#define R     ROLE("111122223333", "R", "s")
#define Q     ROLE("111122223333", "Q", "s")
#define UNPROVEN " (by an unproven record)"

/* A record, and what the log is that it stands in. */
struct proved {
	const char *json;
	enum lf_integrity integrity;
};

/* The lineage of proved records, each in an object of its own; the last object is beyond those that are known. */
static struct lf_lineage *
proved_lineage(const struct proved *v, size_t n)
{
	uint8_t integrity[64] = {0};
	struct lf_lineage *l;
	struct lf_err err;
	struct lf_buf b;

	lf_buf_init(&b);
	assert_int_equal(lf_lineage_new(&l, &err), 0);
	for (size_t i = 0; i < n; i++) {
		bool beyond = v[i].integrity == LF_INTEGRITY_NONE && i % 2 == 0; /* the same as a known object that is none */
		lf_buf_reset(&b);
		assert_int_equal(extract_text(v[i].json, &b), 1);
		integrity[i] = (uint8_t)v[i].integrity;
		assert_int_equal(lf_lineage_add(l, b.data, b.len, beyond ? UINT32_MAX : (uint32_t)i, &err), 0);
	}
	lf_lineage_prove(l, integrity, (uint32_t)n);
	assert_int_equal(lf_lineage_finish(l, &err), 0);
	lf_buf_free(&b);
	return l;
}

/* Who stands behind a use at HH:MM:SS of the day of the records. */
static const char *
actor_at(const struct lf_lineage *l, const char *key, const char *principal, const char *time, enum lf_integrity integrity)
{
	static struct lf_buf b;
	static char text[8192];
	unsigned h, m, s;

	assert_int_equal(sscanf(time, "%2u:%2u:%2u", &h, &m, &s), 3);
	lf_buf_init(&b);
	lf_lineage_actor(l, &(struct lf_lineage_use){.access_key = slice(key), .principal = slice(principal),
	    .time = 1709251200 + h * 3600 + m * 60 + s, .integrity = integrity}, &b);
	snprintf(text, sizeof(text), "%s", lf_buf_str(&b));
	lf_buf_free(&b);
	return text;
}

/* What is expected of a row, whatever the order of the records. */
struct expected {
	const char *key, *principal, *time;
	enum lf_integrity integrity;
	const char *actor;
};

static void
check_proved(const struct proved *records, size_t n, const struct expected *e, size_t n_expected)
{
	struct proved v[16];

	for (size_t turn = 0; turn < 2 * n; turn++) {
		struct lf_lineage *l;
		for (size_t i = 0; i < n; i++)
			v[i] = records[(turn < n ? turn + i : turn + n - i) % n];
		l = proved_lineage(v, n);
		for (size_t i = 0; i < n_expected; i++)
			assert_string_equal(actor_at(l, e[i].key, e[i].principal, e[i].time, e[i].integrity), e[i].actor);
		lf_lineage_free(l);
	}
}

#define VERIFIED     LF_INTEGRITY_VERIFIED
#define NOT_DIGESTED LF_INTEGRITY_NONE
#define CHECK(records, expected) check_proved(records, COUNT(records), expected, COUNT(expected))
#define GENUINE ASSUME("02:00:00", UI_USER(ALICE, "AKIA1"), "ASIA1", R, "")
#define FORGED(time) ASSUME(time, UI_USER(EVE, "AKIA2"), "ASIA1", R, "")
#define CHAINED(time) ASSUME(time, UI_ROLE("111122223333", "R", "s", "ASIA1"), "ASIA2", Q, "")

/* A better proved record wins against others that claim its key, earlier or later, and they leave no trace. */
static void
test_better_proved_wins(void **state)
{
	static const enum lf_integrity worse[] = {LF_INTEGRITY_UNPROVEN, LF_INTEGRITY_MODIFIED,
	    LF_INTEGRITY_UNREFERENCED, LF_INTEGRITY_UNDIGESTED, LF_INTEGRITY_NONE};
	static const struct expected expected[] = {
	    {"ASIA1", R, "02:10:00", VERIFIED, ALICE}, {"ASIA2", Q, "04:00:00", VERIFIED, ALICE},
	    {"ASIA1", R, "02:10:00", NOT_DIGESTED, ALICE}, {"ASIA9", R, "04:00:00", VERIFIED, ALICE " (by session name)"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(worse); i++) {
		const struct proved earlier[] = {{GENUINE, VERIFIED}, {FORGED("01:00:00"), worse[i]}, {CHAINED("03:00:00"), VERIFIED}};
		const struct proved later[] = {{GENUINE, VERIFIED}, {FORGED("22:00:00"), worse[i]}, {CHAINED("03:00:00"), VERIFIED}};
		CHECK(earlier, expected);
		CHECK(later, expected);
	}
}

/* What speaks against a log weighs more than that nothing speaks for it. */
static void
test_disproved_is_worst(void **state)
{
	static const struct proved modified[] = {{GENUINE, LF_INTEGRITY_UNDIGESTED}, {FORGED("01:00:00"), LF_INTEGRITY_MODIFIED}};
	static const struct proved equal[] = {{GENUINE, LF_INTEGRITY_UNDIGESTED}, {FORGED("01:00:00"), LF_INTEGRITY_NONE}};
	static const struct expected clear[] = {{"ASIA1", R, "02:10:00", LF_INTEGRITY_UNDIGESTED, ALICE},
	    {"ASIA1", R, "02:10:00", VERIFIED, ALICE UNPROVEN}};
	static const struct expected disputed[] = {{"ASIA1", R, "02:10:00", LF_INTEGRITY_NONE, EVE " (issued twice: ASIA1)"}};

	(void)state;
	CHECK(modified, clear);
	CHECK(equal, disputed);
}

/* Where only a less proved record is there it is used, and that is said, wherever in the chain it stands. */
static void
test_less_proved_is_marked(void **state)
{
	static const struct proved root[] = {{FORGED("02:00:00"), NOT_DIGESTED}, {CHAINED("03:00:00"), VERIFIED}};
	static const struct proved end[] = {{GENUINE, VERIFIED}, {CHAINED("03:00:00"), LF_INTEGRITY_UNPROVEN}};
	static const struct proved missing[] = {{CHAINED("03:00:00"), NOT_DIGESTED}};
	static const struct expected of_root[] = {
	    {"ASIA1", R, "02:10:00", VERIFIED, EVE UNPROVEN}, {"ASIA1", R, "02:10:00", NOT_DIGESTED, EVE},
	    {"ASIA2", Q, "04:00:00", VERIFIED, EVE UNPROVEN}, {"ASIA2", Q, "04:00:00", LF_INTEGRITY_UNPROVEN, EVE UNPROVEN},
	    {"ASIA9", Q, "04:00:00", VERIFIED, EVE " (by session name)" UNPROVEN},
	    {"ASIA7", ALICE, "04:00:00", VERIFIED, ALICE}};
	static const struct expected of_end[] = {{"ASIA1", R, "02:10:00", VERIFIED, ALICE},
	    {"ASIA2", Q, "04:00:00", VERIFIED, ALICE UNPROVEN}, {"ASIA2", Q, "04:00:00", LF_INTEGRITY_UNPROVEN, ALICE}};
	static const struct expected of_missing[] = {
	    {"ASIA2", Q, "04:00:00", VERIFIED, "unknown issuer of ASIA1 (" R ")" UNPROVEN},
	    {"ASIA1", R, "02:10:00", VERIFIED, "unknown issuer of ASIA1 (" R ")"}};

	(void)state;
	CHECK(root, of_root);
	CHECK(end, of_end);
	CHECK(missing, of_missing);
}

/* Without proofs all records are equal, and nothing is marked. */
static void
test_without_proofs(void **state)
{
	static const char *const records[] = {GENUINE, FORGED("03:00:00")};
	struct lf_lineage *l = lineage(records, 2);

	(void)state;
	assert_string_equal(actor_at(l, "ASIA1", R, "04:00:00", LF_INTEGRITY_UNKNOWN), ALICE " (issued twice: ASIA1)");
	lf_lineage_free(l);
}

/* A record explains no use before its own time, but for what clocks may differ; others then have their say. */
static void
test_used_before_issued(void **state)
{
	static const struct proved records[] = {{FORGED("12:00:00"), VERIFIED}, {CHAINED("03:00:00"), VERIFIED},
	    {EVENT("12:00:00", "GetSessionToken", UI_USER(EVE, "AKIA2"), CREDENTIALS("ASIA5"), ""), VERIFIED}};
	static const struct expected expected[] = {
	    {"ASIA1", R, "11:55:00", VERIFIED, EVE}, {"ASIA1", R, "13:00:00", VERIFIED, EVE},
	    {"ASIA1", R, "11:54:59", VERIFIED, "unknown issuer of ASIA1 (" R ")"},
	    {"ASIA1", "", "11:00:00", VERIFIED, "unknown issuer of ASIA1"},
	    {"ASIA9", R, "11:00:00", VERIFIED, "unknown issuer of ASIA9 (" R ")"},
	    {"ASIA9", R, "13:00:00", VERIFIED, EVE " (by session name)"},
	    {"ASIA2", Q, "23:00:00", VERIFIED, "unknown issuer of ASIA1 (" R ")"}, /* ASIA1 made the call before it was there */
	    {"ASIA5", ALICE, "11:00:00", VERIFIED, ALICE}, {"ASIA5", ALICE, "13:00:00", VERIFIED, EVE}};
	static const struct proved named[] = {
	    {ASSUME("01:00:00", UI_USER(ALICE, "AKIA1"), "ASIA3", R, ""), VERIFIED}, {FORGED("12:00:00"), NOT_DIGESTED},
	    {CHAINED("03:00:00"), VERIFIED}};
	static const struct expected by_name[] = {{"ASIA1", R, "11:00:00", VERIFIED, ALICE " (by session name)"},
	    {"ASIA2", Q, "11:00:00", VERIFIED, ALICE " (by session name)"}};
	struct lf_lineage *l;

	(void)state;
	CHECK(records, expected);
	CHECK(named, by_name);
	l = proved_lineage(records, COUNT(records));
	assert_string_equal(actor(l, "ASIA1", R), EVE); /* at an unknown time */
	lf_lineage_free(l);
}

/* Times at the ends of what a number holds. */
static void
test_extreme_times(void **state)
{
	static const char *const record[] = {GENUINE};
	static const int64_t times[] = {INT64_MIN + 1, INT64_MAX, INT64_MIN};
	struct lf_lineage *l = lineage(record, 1);

	(void)state;
	for (size_t i = 0; i < COUNT(times); i++)
		assert_int_equal(lf_lineage_descends(l, slice("ASIA1"), times[i], "AKIA1"), i > 0);
	lf_lineage_free(l);
}

/* --session goes by the best proved records and by time, too. */
static void
test_descends_by_proof_and_time(void **state)
{
	static const struct proved records[] = {{GENUINE, VERIFIED}, {FORGED("01:00:00"), NOT_DIGESTED},
	    {CHAINED("03:00:00"), VERIFIED}, {ASSUME("12:00:00", UI_USER(EVE, "AKIA2"), "ASIA6", Q, ""), VERIFIED},
	    {ASSUME("04:00:00", UI_ROLE("111122223333", "Q", "s", "ASIA6"), "ASIA7", R, ""), VERIFIED}};
	struct lf_lineage *l = proved_lineage(records, COUNT(records));
	const int64_t midnight = 1709251200, hour = 3600;

	(void)state;
	assert_true(lf_lineage_descends(l, slice("ASIA2"), midnight + 4 * hour, "AKIA1"));
	assert_false(lf_lineage_descends(l, slice("ASIA2"), midnight + 4 * hour, "AKIA2"));
	assert_true(lf_lineage_descends(l, slice("ASIA1"), midnight + 2 * hour - 300, "AKIA1"));
	assert_false(lf_lineage_descends(l, slice("ASIA1"), midnight + 2 * hour - 301, "AKIA1"));
	assert_true(lf_lineage_descends(l, slice("ASIA1"), midnight, "ASIA1"));
	assert_true(lf_lineage_descends(l, slice("ASIA1"), LF_TIME_NONE, "AKIA1"));
	assert_true(lf_lineage_descends(l, slice("ASIA7"), midnight + 20 * hour, "ASIA6"));
	assert_false(lf_lineage_descends(l, slice("ASIA7"), midnight + 20 * hour, "AKIA2"));
	lf_lineage_free(l);
}

/* A circle of records that are equally proved is shown; a worse one does not make one against time. */
static void
test_circles_and_proof(void **state)
{
	static const char back[] = ASSUME("22:00:00", UI_ROLE("111122223333", "Q", "s", "ASIA2"), "ASIA1", R, "");
	static const struct proved mixed[] = {{CHAINED("03:00:00"), VERIFIED}, {back, NOT_DIGESTED}};
	static const struct proved equal[] = {{CHAINED("03:00:00"), VERIFIED}, {back, VERIFIED}};
	static const struct proved both[] = {{CHAINED("21:59:00"), VERIFIED}, {back, NOT_DIGESTED}};
	static const struct expected missing[] = {{"ASIA2", Q, "04:00:00", VERIFIED, "unknown issuer of ASIA1 (" R ")"},
	    {"ASIA1", R, "02:00:00", VERIFIED, "unknown issuer of ASIA1 (" R ")"}};
	static const struct expected circle[] = {{"ASIA2", Q, "04:00:00", VERIFIED, "cycle of sessions at ASIA1"},
	    {"ASIA1", R, "02:00:00", VERIFIED, "cycle of sessions at ASIA1"}};
	static const struct expected marked[] = {{"ASIA2", Q, "23:00:00", VERIFIED, "cycle of sessions at ASIA1" UNPROVEN},
	    {"ASIA2", Q, "23:00:00", NOT_DIGESTED, "cycle of sessions at ASIA1"}};

	(void)state;
	CHECK(mixed, missing);
	CHECK(equal, circle);
	CHECK(both, marked);
}

/* Of the two records of a call across accounts each is believed as far as it is proved. */
static void
test_proof_across_accounts(void **state)
{
#define ACCOUNT "111122223333"
	static const char target[] = ASSUME("03:00:00", UI_FOREIGN(ACCOUNT, "AIDAX"), "ASIA1", R, SHARED("s1"));
	static const char keyed[] = ASSUME("03:00:00", UI_USER(ALICE, "AKIA1"), "ASIA1", R, SHARED("s1"));
	static const char keyless[] = EVENT("03:00:00", "AssumeRole", UI_USER(ALICE, "AKIA1"), "null", SHARED("s1"));
	static const char forged[] = EVENT("02:00:00", "AssumeRole", UI_USER(EVE, "AKIA2"), "null", SHARED("s1"));
	static const char claimed[] = ASSUME("03:00:00", UI_USER(EVE, "AKIA2"), "ASIA1", R, SHARED("s1"));
	static const struct proved half[] = {{target, VERIFIED}, {keyed, NOT_DIGESTED}};
	static const struct proved half_keyless[] = {{target, VERIFIED}, {keyless, NOT_DIGESTED}};
	static const struct proved twice[] = {{target, VERIFIED}, {keyless, VERIFIED}, {forged, NOT_DIGESTED}, {claimed, NOT_DIGESTED}};
	static const struct proved beside[] = {{target, VERIFIED}, {keyed, VERIFIED}, {forged, NOT_DIGESTED}};
	static const struct proved stranger[] = {{target, VERIFIED},
	    {ASSUME("01:00:00", UI_USER(EVE, "AKIA2"), "ASIA1", R, ""), NOT_DIGESTED}};
	static const struct expected marked[] = {{"ASIA1", R, "04:00:00", VERIFIED, ALICE UNPROVEN},
	    {"ASIA1", R, "04:00:00", NOT_DIGESTED, ALICE}};
	static const struct expected clear[] = {{"ASIA1", R, "04:00:00", VERIFIED, ALICE}};
	static const struct expected unknown[] = {
	    {"ASIA1", R, "04:00:00", VERIFIED, "unknown issuer of ASIA1 (AIDAX) (account " ACCOUNT ")"}};

	(void)state;
	CHECK(half, marked);
	CHECK(half_keyless, marked);
	CHECK(twice, clear);
	CHECK(beside, clear);
	CHECK(stranger, unknown);
}

/* A name that only less proved records gave to somebody else is sure for what is better proved than they are. */
static void
test_names_and_proof(void **state)
{
	static const struct proved disputed[] = {{GENUINE, VERIFIED},
	    {ASSUME("01:00:00", UI_USER(EVE, "AKIA2"), "ASIA4", R, ""), LF_INTEGRITY_UNPROVEN},
	    {ASSUME("03:00:00", UI_ROLE(ACCOUNT, "R", "s", "ASIA5"), "ASIA6", Q, ""), VERIFIED},
	    {ASSUME("03:00:00", UI_ROLE(ACCOUNT, "R", "s", "ASIA7"), "ASIA8", Q, ""), NOT_DIGESTED}};
	static const struct proved borrowed[] = {{GENUINE, VERIFIED}, /* ASIA9 was never seen as a session of alice's */
	    {ASSUME("03:00:00", UI_ROLE(ACCOUNT, "R", "s", "ASIA9"), "ASIA6", Q, ""), NOT_DIGESTED}};
	static const struct expected of_disputed[] = {
	    {"ASIA9", R, "04:00:00", VERIFIED, ALICE " (by session name)"},
	    {"ASIA9", R, "04:00:00", LF_INTEGRITY_UNPROVEN, "unknown issuer of ASIA9 (" R ")"},
	    {"ASIA9", R, "04:00:00", NOT_DIGESTED, "unknown issuer of ASIA9 (" R ")"},
	    {"ASIA6", Q, "04:00:00", VERIFIED, ALICE " (by session name)"},
	    {"ASIA8", Q, "04:00:00", NOT_DIGESTED, "unknown issuer of ASIA7 (" R ")"}};
	static const struct expected of_borrowed[] = {{"ASIA9", EVE, "04:00:00", VERIFIED, EVE},
	    {"ASIA9", ROLE(ACCOUNT, "Other", "s"), "04:00:00", VERIFIED, "unknown issuer of ASIA9 (" ROLE(ACCOUNT, "Other", "s") ")"},
	    {"ASIA9", "", "04:00:00", VERIFIED, ALICE " (by session name)" UNPROVEN}};

	(void)state;
	CHECK(disputed, of_disputed);
	CHECK(borrowed, of_borrowed);
}

/* The row of a call by who has no key yet: his name does not pass for an ARN. */
static void
test_row_of_a_web_identity(void **state)
{
	static const struct {
		const char *key, *principal, *event, *actor;
	} rows[] = {
	    {"", ALICE, "AssumeRoleWithWebIdentity", ALICE " (web identity)"},
	    {"", ALICE, "AssumeRoleWithSAML", ALICE " (SAML identity)"},
	    {"", "bob", "AssumeRoleWithWebIdentity", "bob"},
	    {"", ALICE, "ConsoleLogin", ALICE},
	    {"AKIA1", ALICE, "AssumeRoleWithWebIdentity", ALICE},
	};
	struct lf_lineage *l = lineage(NULL, 0);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct lf_buf b;
		lf_buf_init(&b);
		lf_lineage_actor(l, &(struct lf_lineage_use){slice(rows[i].key), slice(rows[i].principal), slice(rows[i].event),
		    LF_TIME_NONE, LF_INTEGRITY_UNKNOWN}, &b);
		assert_string_equal(lf_buf_str(&b), rows[i].actor);
		lf_buf_free(&b);
	}
	lf_lineage_free(l);
}

/* A call of one of eight sessions, of whom some are seen from outside and some show no key, for another. */
static void
random_call(char *out, size_t size, uint64_t *random)
{
	unsigned r = (unsigned)scratch_random(random), from = r % 8, to = r / 8 % 8, kind = r / 64 % 4;
	char ui[400];

	if (kind == 0)
		snprintf(ui, sizeof(ui), UI_FOREIGN("%u", "AROA%u"), from, from % 3);
	else
		snprintf(ui, sizeof(ui), UI_OUTSIDE("AssumedRole", "\"arn\":\"" ROLE("%u", "R%u", "s")
		    "\",\"accountId\":\"%u\",\"%s\":\"ASIA%u\""), from % 3, from % 4, from % 3,
		    kind == 1 ? "nothing" : "accessKeyId", from);
	snprintf(out, size, RECORD("0%u:00:00", "sts", "AssumeRole", "%s", "null",
	    ISSUED("ASIA%u", ROLE("%u", "R%u", "s")), SHARED("%u")), ui, r / 256 % 10, to, to % 3, to % 4, r / 4096 % 5);
}

static void
shuffle_proved(struct proved *v, size_t n, uint64_t *random)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = scratch_random(random) % i;
		struct proved x = v[i - 1];
		v[i - 1] = v[j];
		v[j] = x;
	}
}

/* Whatever graph calls make, of whatever logs, the order of adding does not show. */
static void
test_order_does_not_matter(void **state)
{
	enum { N = 40 };
	char text[N][1500], first[8][2000];
	struct proved v[N];
	uint64_t random = 4;

	(void)state;
	for (unsigned graph = 0; graph < 40; graph++) {
		unsigned n = graph % 2 == 0 ? N : 7;
		for (unsigned i = 0; i < n; i++) {
			random_call(text[i], sizeof(text[i]), &random);
			v[i] = (struct proved){text[i], (enum lf_integrity)(graph % 4 == 0 ? 0 : scratch_random(&random) % 6)};
		}
		for (unsigned round = 0; round < 6; round++) {
			struct lf_lineage *l = proved_lineage(v, n);
			for (unsigned k = 0; k < 8; k++) {
				enum lf_integrity of_row = (enum lf_integrity)((k + graph) % 6);
				char key[16], name[64], time[16];
				snprintf(time, sizeof(time), "%02u:00:00", (k + graph) % 12);
				snprintf(key, sizeof(key), "ASIA%u", k);
				snprintf(name, sizeof(name), ROLE("%u", "R%u", "s"), k % 3, k % 4);
				if (round == 0)
					snprintf(first[k], sizeof(first[k]), "%s", actor_at(l, key, name, time, of_row));
				assert_string_equal(actor_at(l, key, name, time, of_row), first[k]);
			}
			lf_lineage_free(l);
			shuffle_proved(v, n, &random);
		}
	}
}

/* Seconds that a chain of n hops takes, added from its end. */
static double
long_chain(unsigned n)
{
	struct timespec from, to;
	struct lf_lineage *l;
	struct lf_err err;
	struct lf_buf b;
	char json[1500];

	lf_buf_init(&b);
	for (unsigned i = n; i > 0; i--) {
		snprintf(json, sizeof(json), ASSUME("01:00:00", UI_OUTSIDE("AssumedRole", "\"arn\":\""
		    ROLE("1", "R%u", "s") "\",\"accessKeyId\":\"ASIA%u\""), "ASIA%u", ROLE("1", "R%u", "s"), ""),
		    i - 1, i - 1, i, i);
		assert_int_equal(extract_text(json, &b), 1);
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	assert_int_equal(lf_lineage_new(&l, &err), 0);
	assert_int_equal(lf_lineage_add(l, b.data, b.len, 0, &err), 0);
	assert_int_equal(lf_lineage_finish(l, &err), 0);
	for (unsigned i = 1; i <= n; i++) {
		snprintf(json, sizeof(json), "ASIA%u", i);
		assert_true(lf_lineage_descends(l, slice(json), LF_TIME_NONE, "ASIA0"));
	}
	assert_string_equal(actor(l, json, ""), "unknown issuer of ASIA0 (arn:aws:sts::1:assumed-role/R0/s)");
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	lf_lineage_free(l);
	lf_buf_free(&b);
	return (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec);
}

static void
test_long_chain(void **state)
{
	double small = long_chain(10000), large = long_chain(100000);

	(void)state;
	print_message("10,000 hops: %.3f s; 100,000 hops: %.3f s\n", small, large);
	assert_true(large < 60 * (small + 0.01)); /* a hundred, or more, if it were quadratic */
}

/* Whether a comes from b, step by step. */
static bool
walks_to(const uint32_t *parent, uint32_t n, uint32_t a, uint32_t b)
{
	for (uint32_t steps = 0; steps <= n && a != LF_FOREST_NONE; steps++, a = parent[a])
		if (a == b)
			return true;
	return false;
}

/* Every forest and circle of a few things, against walking. */
static void
test_forest(void **state)
{
	uint64_t random = 5;
	struct lf_forest f;
	struct lf_err err;

	(void)state;
	for (unsigned round = 0; round < 3000; round++) {
		uint32_t n = (uint32_t)(scratch_random(&random) % 14);
		bool seen[16] = {false};
		assert_int_equal(lf_forest_new(&f, n, &err), 0);
		for (uint32_t i = 0; i < n; i++) {
			uint32_t p = (uint32_t)(scratch_random(&random) % (n + 2));
			f.parent[i] = p < n ? p : LF_FOREST_NONE;
		}
		assert_int_equal(lf_forest_link(&f, &err), 0);
		for (uint32_t i = 0; i < n; i++) {
			uint32_t x = f.order[i], p = f.parent[x];
			assert_true(x < n && !seen[x]);
			seen[x] = true;
			assert_int_equal(f.circle[x] != LF_FOREST_NONE, p != LF_FOREST_NONE && walks_to(f.parent, n, p, x));
			assert_true(p == LF_FOREST_NONE || seen[p] || f.circle[x] != LF_FOREST_NONE);
			for (uint32_t y = 0; y < n; y++)
				assert_int_equal(lf_forest_descends(&f, x, y), walks_to(f.parent, n, x, y));
		}
		lf_forest_free(&f);
	}
}

/* Of real records, each in a file of its own kind. */
static struct lf_lineage *
lineage_of_file(const char *name)
{
	const char *dir = getenv("SHARED_DATA");
	static char text[4 << 20], path[4096];
	struct lf_lineage *l;
	struct lf_event e;
	struct lf_values v;
	struct lf_scan s;
	struct lf_buf b, scratch_text;
	struct lf_err err;
	size_t len;
	FILE *f = NULL;

	snprintf(path, sizeof(path), "%s/%s", dir != NULL ? dir : "", name);
	if (dir == NULL || *dir == '\0' || (f = fopen(path, "rb")) == NULL)
		skip();
	len = fread(text, 1, sizeof(text), f);
	fclose(f);
	lf_buf_init(&b);
	lf_buf_init(&scratch_text);
	lf_scan_init(&s, text, len);
	assert_int_equal(lf_scan_next(&s), LF_TOKEN_ARRAY);
	while (lf_scan_next(&s) == LF_TOKEN_OBJECT) {
		assert_true(lf_event_read(&s, NULL, &e));
		assert_int_equal(lf_values_of(&e, &scratch_text, &v), 0);
		lf_lineage_extract(&e, &v, &b);
	}
	assert_int_equal(lf_lineage_new(&l, &err), 0);
	if (b.len > 0)
		assert_int_equal(lf_lineage_add(l, b.data, b.len, 0, &err), 0);
	assert_int_equal(lf_lineage_finish(l, &err), 0);
	lf_buf_free(&b);
	lf_buf_free(&scratch_text);
	return l;
}

static void
test_real_records(void **state)
{
	struct lf_lineage *l;

	(void)state;
	l = lineage_of_file("stratus-detonations/aws.persistence.sts-federation-token.json");
	assert_string_equal(actor(l, "ASIASTJKC5GCM7ZE6LUP", "arn:aws:sts::742491224508:federated-user/stratus_red_team"),
	    "arn:aws:iam::742491224508:user/stratus-red-team-user-federation-user");
	lf_lineage_free(l);
	l = lineage_of_file("stratus-detonations/aws.execution.ec2-launch-unusual-instances.json");
	assert_string_equal(actor(l, "ASIA9F6MXE9HSYOXYQOS", ""), "arn:aws:iam::900138736586:user/christophe");
	lf_lineage_free(l);
}

static int
chaos_step(void)
{
	struct lf_buf out, all;
	struct lf_lineage *l = NULL;
	struct lf_err err;
	int rc = 0;

	lf_buf_init(&all);
	lf_buf_init(&out);
	for (size_t i = 0; i < COUNT(chain) && rc == 0; i++)
		rc = extract_text(chain[i], &all) < 0 ? -1 : 0;
	if (rc == 0)
		rc = lf_lineage_new(&l, &err);
	if (rc == 0)
		rc = lf_lineage_add(l, all.data, all.len, 0, &err);
	if (rc == 0)
		rc = lf_lineage_finish(l, &err);
	if (rc == 0) {
		lf_lineage_actor(l, &(struct lf_lineage_use){.access_key = slice("ASIA5"), .time = LF_TIME_NONE,
		    .integrity = LF_INTEGRITY_UNKNOWN}, &out);
		rc = out.failed ? -1 : 0;
	}
	if (rc == 0)
		assert_string_equal(lf_buf_str(&out), ALICE);
	lf_lineage_free(l);
	lf_buf_free(&all);
	lf_buf_free(&out);
	return rc;
}

static void
test_out_of_memory(void **state)
{
	(void)state;
	chaos_check(chaos_step, 11);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_no_session),
	    cmocka_unit_test(test_shapes),
	    cmocka_unit_test(test_outsiders),
	    cmocka_unit_test(test_what_issues_nothing),
	    cmocka_unit_test(test_long_texts),
	    cmocka_unit_test(test_chain),
	    cmocka_unit_test(test_missing_hop),
	    cmocka_unit_test(test_join_without_key),
	    cmocka_unit_test(test_circles),
	    cmocka_unit_test(test_issued_twice),
	    cmocka_unit_test(test_source_identity),
	    cmocka_unit_test(test_console_switch),
	    cmocka_unit_test(test_names_that_are_not_sure),
	    cmocka_unit_test(test_keys_are_no_names),
	    cmocka_unit_test(test_better_proved_wins),
	    cmocka_unit_test(test_disproved_is_worst),
	    cmocka_unit_test(test_less_proved_is_marked),
	    cmocka_unit_test(test_without_proofs),
	    cmocka_unit_test(test_used_before_issued),
	    cmocka_unit_test(test_extreme_times),
	    cmocka_unit_test(test_descends_by_proof_and_time),
	    cmocka_unit_test(test_circles_and_proof),
	    cmocka_unit_test(test_proof_across_accounts),
	    cmocka_unit_test(test_names_and_proof),
	    cmocka_unit_test(test_row_of_a_web_identity),
	    cmocka_unit_test(test_order_does_not_matter),
	    cmocka_unit_test(test_long_chain),
	    cmocka_unit_test(test_forest),
	    cmocka_unit_test(test_real_records),
	    cmocka_unit_test(test_out_of_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
