/* Which events the filters let pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "chaos.h"
#include "events.h"
#include "forensic.h"
#include "record/filter.h"
#include "record/needle.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct lf_buf of_values, of_filter;

/* Whether an event passes. */
static bool
passes(const struct lf_filter *f, const struct lf_event *e)
{
	struct lf_values v;
	int rc;

	assert_int_equal(lf_values_of(e, &of_values, &v), 0);
	rc = lf_filter_match(f, e, &v, &of_filter);
	assert_in_range(rc, 0, 1);
	return rc == 1;
}

static bool
passes_json(const struct lf_filter *f, const char *json)
{
	struct lf_event e;

	event_read(json, strlen(json), &e);
	return passes(f, &e);
}

static struct lf_filter *
filter(const struct lf_pattern *p, size_t n)
{
	struct lf_filter *f;
	struct lf_err err;

	if (lf_filter_new(p, n, false, false, &f, &err) != 0)
		fail_msg("%s", err.msg);
	return f;
}

/* Whether one pattern lets one record pass. */
static bool
one(enum lf_pattern_kind kind, const char *text, const char *json)
{
	struct lf_pattern p = {kind, text};
	struct lf_filter *f = filter(&p, 1);
	bool yes = passes_json(f, json);

	lf_filter_free(f);
	return yes;
}

static void
all_match(enum lf_pattern_kind kind, const char *json, const char *const *patterns)
{
	char negated[256];

	for (; *patterns != NULL; patterns++) {
		if (!one(kind, *patterns, json))
			fail_msg("\"%s\" does not match %s", *patterns, json);
		snprintf(negated, sizeof(negated), "!%s", *patterns);
		if (one(kind, negated, json))
			fail_msg("\"%s\" lets pass %s", negated, json);
	}
}

static void
none_match(enum lf_pattern_kind kind, const char *json, const char *const *patterns)
{
	char negated[256];

	for (; *patterns != NULL; patterns++) {
		if (one(kind, *patterns, json))
			fail_msg("\"%s\" matches %s", *patterns, json);
		snprintf(negated, sizeof(negated), "!%s", *patterns);
		if (!one(kind, negated, json))
			fail_msg("\"%s\" bars %s", negated, json);
	}
}

#define ALL(kind, json, ...)  all_match(kind, json, (const char *const[]){__VA_ARGS__, NULL})
#define NONE(kind, json, ...) none_match(kind, json, (const char *const[]){__VA_ARGS__, NULL})

static void
test_users(void **state)
{
	static const char role[] = "{\"userIdentity\":{\"type\":\"AssumedRole\",\"principalId\":\"AROAX:alice\","
	    "\"arn\":\"arn:aws:sts::123456789012:assumed-role/Admin/alice\",\"accountId\":\"123456789012\",\"sessionContext\":{"
	    "\"sourceIdentity\":\"Al\\u0069ce.Root\",\"sessionIssuer\":{\"type\":\"Role\",\"principalId\":\"AROAX\","
	    "\"arn\":\"arn:aws:iam::123456789012:role/path/Admin\",\"userName\":\"Admin\"}}}}";
	static const char user[] = "{\"userIdentity\":{\"type\":\"IAMUser\",\"principalId\":\"AIDAX\",\"userName\":\"bob\","
	    "\"arn\":\"arn:aws:iam::123456789012:user\\/staff\\/bob\"}}";

	(void)state;
	ALL(LF_PATTERN_USER, role, "arn:aws:sts::123456789012:assumed-role/Admin/alice", "ALICE", "admin", "AROAX:alice", "aroax",
	    "alice.root", "*:role/*/Admin", "arn:aws:sts::*:assumed-role/Admin/*", "assumed-role/Admin/alice", "AROA*:*", "[a]lice");
	NONE(LF_PATTERN_USER, role, "alic", "lice", "123456789012", "arn:aws:iam::123456789012:user/*", "assumed-role", "path");
	ALL(LF_PATTERN_USER, user, "bob", "AIDAX", "arn:aws:iam::123456789012:user/staff/bob", "user/staff/bob", "b?b");
	NONE(LF_PATTERN_USER, user, "staff", "user", "root");
	ALL(LF_PATTERN_USER, "{\"userIdentity\":{\"type\":\"Root\",\"arn\":\"arn:aws:iam::1:root\"}}", "root", "arn:*:root");
	ALL(LF_PATTERN_USER, "{\"userIdentity\":{\"type\":\"AWSService\",\"invokedBy\":\"ec2.amazonaws.com\"}}", "ec2.*");
	ALL(LF_PATTERN_USER, "{\"userIdentity\":{\"type\":\"SAMLUser\",\"userName\":\"CORP\\\\bob\"}}", "corp\\bob", "CORP[\\\\]bob");
	ALL(LF_PATTERN_USER, "{\"userIdentity\":{\"onBehalfOf\":{\"userId\":\"94b8\"},\"accountId\":\"1\"}}", "94B8");
	ALL(LF_PATTERN_USER, "{\"userIdentity\":{\"principalId\":\"accounts.google.com:app:u7\"}}", "u7", "app:u7", "accounts.google.com");
	ALL(LF_PATTERN_USER, "{\"userIdentity\":{\"userName\":\"!odd\"}}", "\\!odd");
	NONE(LF_PATTERN_USER, "{\"userIdentity\":null}", "*", "?*");
	NONE(LF_PATTERN_USER, "{}", "*");
}

static void
test_events_and_services(void **state)
{
	static const char json[] = "{\"eventName\":\"StopLogging\",\"eventSource\":\"cloudtrail.amazonaws.com\"}";

	(void)state;
	ALL(LF_PATTERN_EVENT, json, "StopLogging", "stop*", "*Logging", "Stop[L]ogging");
	NONE(LF_PATTERN_EVENT, json, "Stop", "StartLogging", "cloudtrail*");
	ALL(LF_PATTERN_SERVICE, json, "cloudtrail", "CloudTrail.amazonaws.com", "cloud*", "*.amazonaws.com");
	NONE(LF_PATTERN_SERVICE, json, "trail", "s3", "amazonaws.com");
	ALL(LF_PATTERN_EVENT, "{\"insightDetails\":{\"eventName\":\"RunInstances\",\"eventSource\":\"ec2.amazonaws.com\"}}", "RunInstances");
	ALL(LF_PATTERN_SERVICE, "{\"insightDetails\":{\"eventSource\":\"ec2.amazonaws.com\"}}", "ec2");
}

static void
test_addresses(void **state)
{
	(void)state;
	ALL(LF_PATTERN_IP, "{\"sourceIPAddress\":\"192.0.2.9\"}", "192.0.2.9", "192.0.2.0/24", "192.0.2.*", "0.0.0.0/0",
	    "::ffff:192.0.2.9", "192.0.2.77/24");
	NONE(LF_PATTERN_IP, "{\"sourceIPAddress\":\"192.0.2.9\"}", "192.0.2.8", "198.51.100.0/24", "::/0", "192.0.2.*0");
	ALL(LF_PATTERN_IP, "{\"sourceIPAddress\":\"2001:DB8:0::1\"}", "2001:db8::1", "2001:db8::/32");
	ALL(LF_PATTERN_IP, "{\"sourceIPAddress\":\"AWS Internal\"}", "aws internal", "AWS*");
	NONE(LF_PATTERN_IP, "{\"sourceIPAddress\":\"AWS Internal\"}", "0.0.0.0/0", "::/0");
	ALL(LF_PATTERN_IP, "{\"sourceIPAddress\":\"cloudtrail.amazonaws.com\"}", "cloudtrail.amazonaws.com", "*.amazonaws.com");
	NONE(LF_PATTERN_IP, "{}", "0.0.0.0/0", "*");
}

static void
test_access_keys(void **state)
{
	static const char json[] = "{\"userIdentity\":{\"accessKeyId\":\"AKIAUSED\"},\"requestParameters\":{\"accessKeyId\":\"AKIAASKED\","
	    "\"userName\":\"x\",\"list\":[\"ASIALISTED\"]},\"responseElements\":{\"credentials\":{\"accessKeyId\":\"odd-\\u0069ssued\","
	    "\"sessionToken\":\"tok\"}}}";

	(void)state;
	ALL(LF_PATTERN_ACCESS_KEY, json, "AKIAUSED", "akiaasked", "ASIALISTED", "odd-issued", "AKIA*");
	NONE(LF_PATTERN_ACCESS_KEY, json, "x", "tok", "AKIA");
}

static void
test_errors(void **state)
{
	static const char denied[] = "{\"errorCode\":\"AccessDenied\"}", good[] = "{\"errorCode\":\"\"}";
	static const char login[] = "{\"eventSource\":\"signin.amazonaws.com\",\"responseElements\":{\"ConsoleLogin\":\"Failure\"}}";

	(void)state;
	ALL(LF_PATTERN_ERROR, denied, "", "AccessDenied", "access*", "*");
	NONE(LF_PATTERN_ERROR, denied, "failure", "success");
	NONE(LF_PATTERN_ERROR, good, "", "*", "success", "AccessDenied");
	ALL(LF_PATTERN_ERROR, login, "", "failure");
	NONE(LF_PATTERN_ERROR, "{\"insightDetails\":{\"errorCode\":\"AccessDenied\"}}", "", "AccessDenied");
}

static void
test_resources(void **state)
{
	static const char json[] = "{\"resources\":[{\"ARN\":\"arn:aws:s3:::bucket\\/dir\\/key\"},{\"ARNPrefix\":\"arn:aws:s3:::other/\"},"
	    "{\"resourceName\":\"named\",\"type\":\"AWS::X::Y\"}],\"requestParameters\":{\"bucketName\":\"bucket\",\"n\":7,"
	    "\"deep\":[{\"er\":[\"low\\u0065st\"]}]}}";

	(void)state;
	ALL(LF_PATTERN_RESOURCE, json, "arn:aws:s3:::bucket/dir/key", "bucket/dir/key", "KEY", "other/", "named", "bucket", "lowest",
	    "arn:aws:s3:::other/*");
	NONE(LF_PATTERN_RESOURCE, json, "dir", "bucketName", "7", "AWS::X::Y");
	ALL(LF_PATTERN_RESOURCE, "{\"requestParameters\":\"{\\\"plain\"}", "{\"plain");
	NONE(LF_PATTERN_RESOURCE, "{\"requestParameters\":null}", "*");
}

static void
test_categories(void **state)
{
	static const char *const management[] = {"{\"eventCategory\":\"Management\"}", "{\"managementEvent\":true}",
	    "{\"eventVersion\":\"1.06\",\"managementEvent\":true}", "{\"eventVersion\":\"1.05\",\"eventName\":\"RunInstances\"}",
	    "{\"eventVersion\":\"1.0\"}", ("{\"eventVersion\":\"1.04\",\"eventSource\":\"s3.amazonaws.com\",\"resources\":"
	    "[{\"type\":\"AWS::S3::Bucket\"}]}")};
	static const char *const data[] = {"{\"eventCategory\":\"Data\"}", "{\"eventVersion\":\"1.06\",\"managementEvent\":false}",
	    "{\"eventVersion\":\"1.05\",\"eventSource\":\"s3.amazonaws.com\",\"resources\":[{\"type\":\"AWS::S3::Object\"}]}",
	    "{\"eventVersion\":\"1.05\",\"eventSource\":\"lambda.amazonaws.com\",\"eventName\":\"Invoke\"}"};

	(void)state;
	for (size_t i = 0; i < COUNT(management); i++) {
		ALL(LF_PATTERN_CATEGORY, management[i], "Management", "management", "M*");
		NONE(LF_PATTERN_CATEGORY, management[i], "Data");
	}
	for (size_t i = 0; i < COUNT(data); i++) {
		ALL(LF_PATTERN_CATEGORY, data[i], "data");
		NONE(LF_PATTERN_CATEGORY, data[i], "Management");
	}
	ALL(LF_PATTERN_CATEGORY, "{\"insightDetails\":{\"state\":\"End\"}}", "Insight");
	ALL(LF_PATTERN_CATEGORY, "{\"eventVersion\":\"1.0\",\"timeWindow\":{\"windowSize\":\"PT5M\"}}", "Aggregated");
	ALL(LF_PATTERN_CATEGORY, "{\"eventType\":\"AwsVpceEvents\"}", "NetworkActivity");
	NONE(LF_PATTERN_CATEGORY, "{\"eventVersion\":\"1.10\"}", "Management", "Data", "*");
	NONE(LF_PATTERN_CATEGORY, "{\"eventVersion\":\"1.08\"}", "Management");
	ALL(LF_PATTERN_CATEGORY, "{\"eventCategory\":\"Novel\"}", "Nov*");
}

static void
test_ids(void **state)
{
	static const char json[] = "{\"eventID\":\"e-1\",\"sharedEventID\":\"s-1\",\"requestID\":\"R-1\",\"x\":{\"requestID\":\"no\"}}";

	(void)state;
	ALL(LF_PATTERN_ID, json, "e-1", "S-1", "r-1", "?-1");
	NONE(LF_PATTERN_ID, json, "no", "e");
	ALL(LF_PATTERN_ID, "{\"eventId\":\"agg\"}", "agg");
}

static void
test_grep(void **state)
{
	static const char json[] = "{\"a\":\"Some Text\",\"b\":[\"path\\/x\"],\"!\":1}";

	(void)state;
	ALL(LF_PATTERN_GREP, json, "some text", "TEXT", "{", "}", "\"a\":", "path\\/x", "\\!\":1", "x\"]");
	NONE(LF_PATTERN_GREP, json, "some*", "path/x", "[st]", "texts", "}}");
}

/* Against looking at every place; and no pair of texts takes long. */
static void
test_needles(void **state)
{
	static char hay[300000];
	uint64_t random = 1;
	struct lf_needle *n;
	struct lf_err err;
	clock_t start;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		char small[24], text[8];
		size_t len = (random = random * 6364136223846793005u + 1442695040888963407u) >> 60, want = 1 + (random >> 33) % 5;
		for (size_t i = 0; i < len; i++)
			small[i] = "abAB"[(random >> (2 * i)) & 3];
		for (size_t i = 0; i < want; i++)
			text[i] = "abAB"[(random >> (31 + 2 * i)) & 3];
		small[len] = text[want] = '\0';
		assert_int_equal(lf_needle_new(text, &n, &err), 0);
		assert_int_equal(lf_needle_in(n, (struct lf_slice){small, len}), strcasestr(small, text) != NULL);
		lf_needle_free(n);
	}
	memset(hay, 'a', sizeof(hay));
	start = clock();
	assert_int_equal(lf_needle_new("baaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", &n, &err), 0);
	assert_false(lf_needle_in(n, (struct lf_slice){hay, sizeof(hay)}));
	assert_true((clock() - start) / CLOCKS_PER_SEC < 3);
	assert_false(lf_needle_in(n, (struct lf_slice){NULL, 0}));
	lf_needle_free(n);
}

static void
test_joining(void **state)
{
	static const struct lf_pattern patterns[] = {{LF_PATTERN_EVENT, "Get*"}, {LF_PATTERN_USER, "bob"}, {LF_PATTERN_EVENT, "Put*"},
	    {LF_PATTERN_EVENT, "!*Acl"}, {LF_PATTERN_USER, "!admin"}};
	static const struct {
		const char *json;
		bool yes;
	} cases[] = {
	    {"{\"eventName\":\"GetObject\",\"userIdentity\":{\"userName\":\"bob\"}}", true},
	    {"{\"eventName\":\"PutObject\",\"userIdentity\":{\"userName\":\"bob\"}}", true},
	    {"{\"eventName\":\"PutObjectAcl\",\"userIdentity\":{\"userName\":\"bob\"}}", false},
	    {"{\"eventName\":\"ListObjects\",\"userIdentity\":{\"userName\":\"bob\"}}", false},
	    {"{\"eventName\":\"GetObject\",\"userIdentity\":{\"userName\":\"eve\"}}", false},
	    {"{\"eventName\":\"GetObject\"}", false},
	    /* one value matches, a later one is barred */
	    {"{\"eventName\":\"GetObject\",\"userIdentity\":{\"arn\":\"arn:aws:sts::1:assumed-role/admin/bob\"}}", false},
	    {"{\"eventName\":\"GetObject\",\"userIdentity\":{\"arn\":\"arn:aws:sts::1:assumed-role/dev/bob\"}}", true},
	};
	struct lf_filter *f = filter(patterns, COUNT(patterns));

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (passes_json(f, cases[i].json) != cases[i].yes)
			fail_msg("%s", cases[i].json);
	lf_filter_free(f);
}

static void
test_access(void **state)
{
	static const char *const records[] = {"{\"readOnly\":true}", "{\"readOnly\":false}", "{\"readOnly\":\"false\"}", "{}",
	    "{\"readOnly\":null}"};
	static const bool read[] = {true, false, false, false, false}, write[] = {false, true, true, false, false};
	struct lf_filter *f;
	struct lf_err err;

	(void)state;
	assert_int_equal(lf_filter_new(NULL, 0, true, false, &f, &err), 0);
	for (size_t i = 0; i < COUNT(records); i++)
		assert_int_equal(passes_json(f, records[i]), write[i]);
	lf_filter_free(f);
	assert_int_equal(lf_filter_new(NULL, 0, false, true, &f, &err), 0);
	for (size_t i = 0; i < COUNT(records); i++)
		assert_int_equal(passes_json(f, records[i]), read[i]);
	lf_filter_free(f);
	assert_int_equal(lf_filter_new(NULL, 0, false, false, &f, &err), 0);
	for (size_t i = 0; i < COUNT(records); i++)
		assert_true(passes_json(f, records[i]));
	lf_filter_free(f);
	assert_int_equal(lf_filter_new(NULL, 0, true, true, &f, &err), -1);
	assert_non_null(strstr(err.msg, "--read-only"));
	lf_filter_free(NULL);
}

static void
test_refusals(void **state)
{
	static const struct {
		struct lf_pattern p;
		const char *says;
	} cases[] = {
	    {{LF_PATTERN_USER, "[a"}, "--user"}, {{LF_PATTERN_EVENT, "![z-a]"}, "--event"}, {{LF_PATTERN_SERVICE, ""}, "--service"},
	    {{LF_PATTERN_GREP, "!"}, "--grep"}, {{LF_PATTERN_IP, "10.0.0.0/33"}, "--ip: \"10.0.0.0/33\""},
	    {{LF_PATTERN_IP, "!10.0.0/8"}, "2001:db8::/32"}, {{LF_PATTERN_IP, "10.0.[/8"}, "--ip"},
	    {{LF_PATTERN_CATEGORY, "Manage"}, "Management, Data, Insight, NetworkActivity, Aggregated"},
	    {{LF_PATTERN_CATEGORY, "!nope"}, "Aggregated"}, {{LF_PATTERN_ERROR, "["}, "--error"},
	    {{LF_PATTERN_ACCESS_KEY, "[]"}, "--access-key"}, {{LF_PATTERN_RESOURCE, "["}, "--resource"}, {{LF_PATTERN_ID, "["}, "--id"},
	};
	struct lf_filter *f;
	struct lf_err err;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(lf_filter_new(&cases[i].p, 1, false, false, &f, &err), -1);
		if (strstr(err.msg, cases[i].says) == NULL)
			fail_msg("%s: %s", cases[i].p.text, err.msg);
	}
}

static int
filter_once(void)
{
	static const char json[] = "{\"eventName\":\"GetObject\",\"userIdentity\":{\"userName\":\"b\\u006fb\"}}";
	static const struct lf_pattern p[] = {{LF_PATTERN_USER, "bob"}, {LF_PATTERN_GREP, "get"}, {LF_PATTERN_IP, "!10.0.0.0/8"}};
	struct lf_buf a, b;
	struct lf_filter *f = NULL;
	struct lf_values v;
	struct lf_event e;
	struct lf_err err;
	int rc;

	lf_buf_init(&a);
	lf_buf_init(&b);
	event_read(json, strlen(json), &e);
	rc = lf_filter_new(p, COUNT(p), false, false, &f, &err);
	if (rc == 0 && (rc = lf_values_of(&e, &a, &v)) == 0)
		rc = lf_filter_match(f, &e, &v, &b) - 1;
	lf_filter_free(f);
	lf_buf_free(&a);
	lf_buf_free(&b);
	return rc < 0 ? -1 : rc;
}

static void
test_no_memory(void **state)
{
	(void)state;
	chaos_check(filter_once, 5);
}

struct tally {
	const struct lf_filter *f;
	unsigned n;
};

static void
count(void *arg, const struct lf_event *e)
{
	struct tally *t = arg;

	t->n += passes(t->f, e);
}

static unsigned
count_in(const char *folder, const struct lf_pattern *p, size_t n)
{
	struct lf_filter *f = filter(p, n);
	struct tally t = {f, 0};

	if (!events_of_folder(folder, count, &t))
		t.n = UINT32_MAX;
	lf_filter_free(f);
	return t.n;
}

static void
test_real_logs(void **state)
{
	static const struct lf_pattern stop_failed[] = {{LF_PATTERN_EVENT, "StopLogging"}, {LF_PATTERN_ERROR, "TrailNotFound*"}};
	static const struct lf_pattern stop_done[] = {{LF_PATTERN_EVENT, "stoplogging"}, {LF_PATTERN_ERROR, "!"}};
	static const struct lf_pattern any_time[] = {{LF_PATTERN_GREP, "\"EVENTTIME\""}};
	unsigned n = count_in("invictus-stratus-logs", NULL, 0);

	(void)state;
	if (n == UINT32_MAX)
		skip();
	assert_int_equal(n, 2900);
	assert_int_equal(count_in("invictus-stratus-logs", stop_failed, 2), 3);
	assert_int_equal(count_in("invictus-stratus-logs", stop_done, 2), 0);
	assert_int_equal(count_in("invictus-stratus-logs", any_time, 1), 2900);
	assert_int_equal(count_in("stratus-detonations", stop_failed, 1), 1);
	assert_int_equal(count_in("stratus-detonations", stop_done, 2), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_users), cmocka_unit_test(test_events_and_services),
	    cmocka_unit_test(test_addresses), cmocka_unit_test(test_access_keys), cmocka_unit_test(test_errors),
	    cmocka_unit_test(test_resources), cmocka_unit_test(test_categories), cmocka_unit_test(test_ids),
	    cmocka_unit_test(test_grep), cmocka_unit_test(test_needles), cmocka_unit_test(test_joining),
	    cmocka_unit_test(test_access), cmocka_unit_test(test_refusals), cmocka_unit_test(test_no_memory),
	    cmocka_unit_test(test_real_logs)};
	int failed;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	lf_buf_free(&of_values);
	lf_buf_free(&of_filter);
	return failed;
}
