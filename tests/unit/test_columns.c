/* What stands in each column, for every kind of record. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "chaos.h"
#include "events.h"
#include "forensic.h"
#include "record/columns.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct lf_buf scratch;
static struct lf_event event;
static struct lf_values values;

static const char *
value(const char *json, enum lf_column c)
{
	static char text[1024];

	event_read(json, strlen(json), &event);
	assert_int_equal(lf_values_of(&event, &scratch, &values), 0);
	snprintf(text, sizeof(text), "%.*s", (int)values.v[c].len, values.v[c].s);
	return text;
}

struct expected {
	const char *json, *text;
};

static void
check(enum lf_column c, const struct expected *e, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(value(e[i].json, c), e[i].text) != 0)
			fail_msg("%s: \"%s\" for %s", lf_column_names[c], value(e[i].json, c), e[i].json);
}

static void
test_names(void **state)
{
	static const char *const bad[] = {"", "nope", "event_time,", ",event_time", "event_time,,region", "Event_time", "event_time, region",
	    "event_time,event_time"};
	enum lf_column list[LF_COLUMNS];
	struct lf_err err;
	char all[1024] = "";
	size_t n;

	(void)state;
	assert_int_equal(lf_columns_parse("region,event_time,also_in", list, &n, &err), 0);
	assert_int_equal(n, 3);
	assert_int_equal(list[0], LF_COL_REGION);
	assert_int_equal(list[1], LF_COL_EVENT_TIME);
	assert_int_equal(list[2], LF_COL_ALSO_IN);
	for (int i = 0; i < LF_COLUMNS; i++)
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s", i > 0 ? "," : "", lf_column_names[i]);
	assert_int_equal(lf_columns_parse(all, list, &n, &err), 0);
	assert_int_equal(n, LF_COLUMNS);
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(lf_columns_parse(bad[i], list, &n, &err), -1);
		for (int c = 0; c < LF_COLUMNS; c++)
			assert_non_null(strstr(err.msg, lf_column_names[c]));
	}
	/* the names are a contract of the command line */
	assert_string_equal(strstr(all, "event_time"), "event_time,account_id,region,principal,event_source,event_name,result,"
	    "source_ip,user_agent,access_key_id,resources,read_only,event_category,event_id,shared_event_id,actor,integrity,"
	    "locator,record_index,also_in");
}

static void
test_times(void **state)
{
	static const struct expected e[] = {
	    {"{\"eventTime\":\"2023-07-10T11:42:18Z\"}", "2023-07-10T11:42:18Z"},
	    {"{\"eventTime\":\"2023-07-10T22:42:18+11:00\"}", "2023-07-10T11:42:18Z"},
	    {"{\"eventTime\":\"2023-07-10t11:42:18.500z\"}", "2023-07-10T11:42:18.5Z"},
	    {"{\"eventTime\":\"2023-07-10T11:42:18.000000001Z\"}", "2023-07-10T11:42:18.000000001Z"},
	    {"{\"eventTime\":\"2023-07-10T11:42:18.000Z\"}", "2023-07-10T11:42:18Z"},
	    {"{\"eventTime\":\"2023\\u002d07-10T11:42:18Z\"}", "2023-07-10T11:42:18Z"},
	    {"{\"eventTime\":\"2016-12-31T23:59:60Z\"}", "2017-01-01T00:00:00Z"},
	    {"{\"eventTime\":\"yester\\u0064ay\"}", "yesterday"},
	    {"{\"eventTime\":\"2023-13-10T11:42:18Z\"}", "2023-13-10T11:42:18Z"},
	    {"{\"eventTime\":12345}", "12345"},
	    {"{\"eventTime\":null}", ""},
	    {"{}", ""},
	    {"{\"eventTime\":\"2023-13-10T11:42:18Z\",\"timeWindow\":{\"windowStart\":\"2025-01-01T00:05:00Z\"}}", "2025-01-01T00:05:00Z"},
	    {"{\"eventTime\":\"2023-07-10T11:42:1\\u0038Z\"}", "2023-07-10T11:42:18Z"},
	    {"{\"eventTime\":\"2023-07-10T11:42:18z\"}", "2023-07-10T11:42:18Z"},
	    {"{\"timeWindow\":{\"windowStart\":\"2025-01-01T00:05:00Z\",\"windowEnd\":\"2025-01-01T00:10:00Z\"}}", "2025-01-01T00:05:00Z"},
	};
	char buf[LF_TIME_TEXT_LEN];

	(void)state;
	check(LF_COL_EVENT_TIME, e, COUNT(e));
	value(e[1].json, LF_COL_EVENT_TIME);
	assert_int_equal(values.time, 1688989338);
	value(e[2].json, LF_COL_EVENT_TIME);
	assert_int_equal(values.nanos, 500000000);
	value(e[7].json, LF_COL_EVENT_TIME);
	assert_true(values.time == LF_TIME_NONE);
	assert_int_equal(lf_time_text(LF_TIME_NONE, 0, buf), 0);
	assert_int_equal(lf_time_text(0, 999999999, buf), 30);
	assert_string_equal(buf, "1970-01-01T00:00:00.999999999Z");
	assert_int_equal(lf_time_text(253402300800, 5, buf), 12); /* a year of five digits has no such text */
	assert_string_equal(buf, "253402300800");
}

static void
test_principals(void **state)
{
	static const struct expected e[] = {
	    {"{\"userIdentity\":{\"type\":\"Root\",\"principalId\":\"1\",\"arn\":\"arn:aws:iam::1:root\",\"accountId\":\"1\"}}",
		"arn:aws:iam::1:root"},
	    {"{\"userIdentity\":{\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::1:user/bob\",\"userName\":\"bob\",\"invokedBy\":\"x\"}}",
		"arn:aws:iam::1:user/bob"},
	    {"{\"userIdentity\":{\"type\":\"IAMUser\",\"accountId\":\"1\",\"accessKeyId\":\"\",\"userName\":\"bob\"}}", "bob"},
	    {"{\"userIdentity\":{\"type\":\"AssumedRole\",\"principalId\":\"AROA:s\",\"arn\":\"arn:aws:sts::1:assumed-role/R/s\","
	     "\"sessionContext\":{\"sessionIssuer\":{\"arn\":\"arn:aws:iam::1:role/R\",\"userName\":\"R\"}}}}",
		"arn:aws:sts::1:assumed-role/R/s"},
	    {"{\"userIdentity\":{\"type\":\"Directory\",\"userName\":\"d\"}}", "d"},
	    {"{\"userIdentity\":{\"type\":\"AWSAccount\",\"principalId\":\"AROA:s\",\"accountId\":\"2\"}}", "AROA:s"},
	    {"{\"userIdentity\":{\"type\":\"AWSAccount\",\"principalId\":\"\",\"accountId\":\"ANONYMOUS_PRINCIPAL\"}}",
		"ANONYMOUS_PRINCIPAL"},
	    {"{\"userIdentity\":{\"type\":\"AWSService\",\"invokedBy\":\"ec2.amazonaws.com\"}}", "ec2.amazonaws.com"},
	    {"{\"userIdentity\":{\"invokedBy\":\"AWS Internal\"}}", "AWS Internal"},
	    {"{\"userIdentity\":{\"type\":\"Unknown\",\"principalId\":\"1\",\"userName\":\"u@example.com\"}}", "u@example.com"},
	    {"{\"userIdentity\":{\"type\":\"SAMLUser\",\"principalId\":\"q:e\",\"userName\":\"CORP\\\\bob\"}}", "CORP\\bob"},
	    {"{\"userIdentity\":{\"type\":\"WebIdentityUser\",\"principalId\":\"accounts.google.com:a:u\"}}", "accounts.google.com:a:u"},
	    {"{\"userIdentity\":{\"type\":\"IdentityCenterUser\",\"accountId\":\"1\",\"onBehalfOf\":{\"userId\":\"94b8\"}}}", "94b8"},
	    {"{\"userIdentity\":{\"type\":\"IdentityCenterUser\",\"accountId\":\"1\",\"onBehalfOf\":null}}", "1"},
	    {"{\"userIdentity\":{\"arn\":null,\"userName\":\"\",\"accountId\":\"1\"}}", "1"},
	    {"{\"userIdentity\":null}", ""},
	    {"{\"userIdentity\":{}}", ""},
	    {"{\"insightDetails\":{\"state\":\"Start\"}}", ""},
	};

	(void)state;
	check(LF_COL_PRINCIPAL, e, COUNT(e));
}

static void
test_results(void **state)
{
	static const struct expected e[] = {
	    {"{}", "success"},
	    {"{\"errorCode\":\"AccessDenied\",\"errorMessage\":\"no\"}", "AccessDenied"},
	    {"{\"errorCode\":\"Access\\u0044enied\"}", "AccessDenied"},
	    {"{\"errorCode\":\"\",\"errorMessage\":null}", "success"},
	    {"{\"errorCode\":null}", "success"},
	    {"{\"errorCode\":404}", "404"},
	    {"{\"errorCode\":\"\",\"errorMessage\":\"No\"}", "failure"},
	    {"{\"eventName\":\"ConsoleLogin\",\"eventType\":\"AwsConsoleSignIn\",\"errorMessage\":\"Failed authentication\","
	     "\"responseElements\":{\"ConsoleLogin\":\"Failure\"}}", "failure"},
	    {"{\"eventSource\":\"signin.amazonaws.com\",\"responseElements\":{\"ConsoleLogin\":\"Failure\"}}", "failure"},
	    {"{\"eventSource\":\"signin.amazonaws.com\",\"responseElements\":{\"x\":{\"y\":[1]},\"CheckMfa\":\"Failure\"}}", "failure"},
	    {"{\"eventType\":\"AwsConsoleSignIn\",\"responseElements\":{\"SwitchRole\":\"Success\"}}", "success"},
	    {"{\"eventType\":\"AwsConsoleSignIn\",\"responseElements\":{\"x\":{\"SwitchRole\":\"Failure\"}}}", "success"},
	    {"{\"eventSource\":\"signin.amazonaws.com\",\"serviceEventDetails\":{\"CredentialVerification\":\"Failure\"}}", "failure"},
	    {"{\"eventSource\":\"s3.amazonaws.com\",\"responseElements\":{\"ConsoleLogin\":\"Failure\"}}", "success"},
	    {"{\"eventSource\":\"signin.amazonaws.com\",\"responseElements\":null}", "success"},
	    {"{\"eventCategory\":\"Insight\",\"insightDetails\":{\"errorCode\":\"AccessDenied\"}}", ""},
	    {"{\"eventCategory\":\"Aggregated\",\"timeWindow\":{}}", ""},
	    {"{\"eventCategory\":\"NetworkActivity\",\"errorCode\":\"VpceAccessDenied\"}", "VpceAccessDenied"},
	};

	(void)state;
	check(LF_COL_RESULT, e, COUNT(e));
}

static void
test_resources(void **state)
{
	static const struct expected e[] = {
	    {"{}", ""},
	    {"{\"requestParameters\":{\"bucketName\":\"b\"}}", ""},
	    {"{\"resources\":[]}", ""},
	    {"{\"resources\":null}", ""},
	    {"{\"resources\":[{\"ARN\":\"arn:aws:s3:::b\",\"accountId\":\"1\",\"type\":\"AWS::S3::Bucket\"}]}", "arn:aws:s3:::b"},
	    {"{\"resources\":[{\"type\":\"AWS::S3::Object\",\"ARN\":\"arn:aws:s3:::b/k\"},{\"ARN\":\"arn:aws:s3:::b\"}]}",
		"arn:aws:s3:::b/k; arn:aws:s3:::b"},
	    {"{\"resources\":[{\"type\":\"AWS::S3::Object\",\"ARNPrefix\":\"arn:aws:s3:::b/\"}]}", "arn:aws:s3:::b/"},
	    {"{\"resources\":[{\"resourceName\":\"n\",\"type\":\"AWS::X::Y\"},{\"type\":\"AWS::X::Z\"},{\"accountId\":\"7\"},{}]}",
		"n; AWS::X::Z; 7"},
	    {"{\"resources\":[{\"ARN\":\"a\\u0062\\\"c\"}]}", "ab\"c"},
	    {"{\"resources\":[{\"ARN\":\"a\\/b\"},{\"ARN\":\"c\\\\d\"},{\"ARN\":\"e\"}]}", "a/b; c\\d; e"},
	    {"{\"resources\":[{\"ARN\":null,\"resourceName\":\"n\"},7,null,[1],\"s\"]}", "n; s"},
	    {"{\"resources\":[{\"ARN\":{\"x\":\"ARN\"},\"type\":\"T\"}]}", "T"},
	    {"{\"resources\": [ {\"x\":[{\"ARN\":\"no\"}],\"ARN\":\"yes\"} ]}", "yes"},
	    {"{\"resources\":{\"ARN\":\"alone\"}}", "alone"},
	    {"{\"resources\":\"text\"}", "text"},
	    {"{\"resources\":\"{\\\"ARN\\\":1}\"}", "{\"ARN\":1}"},
	    {"{\"resources\":7}", ""},
	};

	(void)state;
	check(LF_COL_RESOURCES, e, COUNT(e));
}

static void
test_what(void **state)
{
	static const char insight[] = "{\"eventType\":\"AwsCloudTrailInsight\",\"eventCategory\":\"Insight\",\"sharedEventID\":\"s\","
	    "\"insightDetails\":{\"state\":\"Start\",\"eventSource\":\"ssm.amazonaws.com\",\"eventName\":\"Get\\u0050arameter\"}}";
	static const char aggregated[] = "{\"eventVersion\":\"1.0\",\"accountId\":\"123456789012\",\"eventId\":\"i\",\"awsRegion\":\"r\","
	    "\"eventCategory\":\"Aggregated\",\"eventType\":\"AwsAggregatedEvent\",\"eventSource\":\"s3.amazonaws.com\","
	    "\"timeWindow\":{\"windowStart\":\"2025-01-01T00:05:00Z\"},\"summary\":{}}";
	static const struct expected read_only[] = {{"{\"readOnly\":true}", "true"}, {"{\"readOnly\":\"false\"}", "false"},
	    {"{\"readOnly\":\"maybe\"}", ""}, {"{\"readOnly\":null}", ""}, {"{}", ""}};
	static const struct expected category[] = {{"{\"eventCategory\":\"Data\"}", "Data"}, {"{\"managementEvent\":true}", ""}};

	(void)state;
	assert_string_equal(value(insight, LF_COL_SOURCE), "ssm.amazonaws.com");
	assert_string_equal(value(insight, LF_COL_NAME), "GetParameter");
	assert_string_equal(value(insight, LF_COL_SHARED_ID), "s");
	assert_string_equal(value(aggregated, LF_COL_SOURCE), "s3.amazonaws.com");
	assert_string_equal(value(aggregated, LF_COL_NAME), "AwsAggregatedEvent");
	assert_string_equal(value(aggregated, LF_COL_ID), "i");
	assert_string_equal(value(aggregated, LF_COL_ACCOUNT), "123456789012");
	check(LF_COL_READ_ONLY, read_only, COUNT(read_only));
	check(LF_COL_CATEGORY, category, COUNT(category));
}

static void
test_places(void **state)
{
	static const char recipient[] = "{\"recipientAccountId\":\"1\",\"awsRegion\":\"r1\",\"userIdentity\":{\"accountId\":\"3\"}}";
	static const char bare[] = "{\"recipientAccountId\":null,\"userIdentity\":{\"accountId\":\"3\"}}";

	(void)state;
	assert_string_equal(value(recipient, LF_COL_ACCOUNT), "1");
	assert_string_equal(value(recipient, LF_COL_REGION), "r1");
	assert_string_equal(value(bare, LF_COL_ACCOUNT), "3");
	assert_string_equal(value(bare, LF_COL_REGION), "");
}

/* Many values with escapes make scratch grow and move: none of them may be left behind. */
static void
test_moving(void **state)
{
	static char json[70000];
	struct lf_buf fresh;
	char *p = json;

	(void)state;
	p += sprintf(p, "{\"eventName\":\"a\\u0062c\",\"awsRegion\":\"x\\/y\",\"userAgent\":\"");
	for (int i = 0; i < 10000; i++)
		p += sprintf(p, "\\\"u");
	p += sprintf(p, "\",\"resources\":[{\"ARN\":\"r\\/1\"},{\"ARN\":\"");
	for (int i = 0; i < 10000; i++)
		p += sprintf(p, "\\n");
	sprintf(p, "\"}],\"eventID\":\"\\u0000id\"}");
	lf_buf_init(&fresh);
	event_read(json, strlen(json), &event);
	assert_int_equal(lf_values_of(&event, &fresh, &values), 0);
	assert_int_equal(values.v[LF_COL_USER_AGENT].len, 20000);
	assert_memory_equal(values.v[LF_COL_USER_AGENT].s, "\"u\"u", 4);
	assert_int_equal(values.v[LF_COL_NAME].len, 3);
	assert_memory_equal(values.v[LF_COL_NAME].s, "abc", 3);
	assert_memory_equal(values.v[LF_COL_REGION].s, "x/y", 3);
	assert_int_equal(values.v[LF_COL_RESOURCES].len, 10005);
	assert_memory_equal(values.v[LF_COL_RESOURCES].s, "r/1; \n\n", 7);
	assert_int_equal(values.v[LF_COL_ID].len, 3);
	assert_memory_equal(values.v[LF_COL_ID].s, "\0id", 3);
	lf_buf_free(&fresh);
}

static int
values_once(void)
{
	static const char json[] = "{\"eventName\":\"a\\u0062c\",\"resources\":[{\"ARN\":\"r\\/1\"},{\"ARN\":\"a long enough one to "
	    "make the buffer grow ......................................................................................\"}]}";
	struct lf_buf fresh;
	int rc;

	lf_buf_init(&fresh);
	event_read(json, strlen(json), &event);
	rc = lf_values_of(&event, &fresh, &values);
	lf_buf_free(&fresh);
	return rc;
}

static void
test_no_memory(void **state)
{
	(void)state;
	chaos_check(values_once, 3);
}

struct tally {
	unsigned records, stop_failed, stop_done, delete_done, copied;
};

static void
count(void *arg, const struct lf_event *e)
{
	struct tally *t = arg;
	const struct lf_slice *v = values.v;

	assert_int_equal(lf_values_of(e, &scratch, &values), 0);
	t->records++;
	t->copied += v[LF_COL_NAME].s < e->raw.s || v[LF_COL_NAME].s >= e->raw.s + e->raw.len;
	t->stop_failed += lf_slice_is(v[LF_COL_NAME], "StopLogging") && lf_slice_is(v[LF_COL_RESULT], "TrailNotFoundException");
	t->stop_done += lf_slice_is(v[LF_COL_NAME], "StopLogging") && lf_slice_is(v[LF_COL_RESULT], "success");
	t->delete_done += lf_slice_is(v[LF_COL_NAME], "DeleteTrail") && lf_slice_is(v[LF_COL_RESULT], "success");
	assert_true(values.time > 0 && v[LF_COL_ID].len > 0 && v[LF_COL_ACCOUNT].len == 12 && v[LF_COL_PRINCIPAL].len > 0);
}

static void
test_real_logs(void **state)
{
	struct tally invictus = {0}, stratus = {0};

	(void)state;
	if (!events_of_folder("invictus-stratus-logs", count, &invictus))
		skip();
	assert_int_equal(invictus.records, 2900);
	assert_int_equal(invictus.stop_failed, 3);
	assert_int_equal(invictus.stop_done, 0);
	assert_int_equal(invictus.delete_done, 2);
	assert_int_equal(invictus.copied, 0);
	assert_true(events_of_folder("stratus-detonations", count, &stratus));
	assert_int_equal(stratus.records, 310);
	assert_int_equal(stratus.stop_done, 1);
	assert_int_equal(stratus.delete_done, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_names), cmocka_unit_test(test_times),
	    cmocka_unit_test(test_principals), cmocka_unit_test(test_results), cmocka_unit_test(test_resources),
	    cmocka_unit_test(test_what), cmocka_unit_test(test_places), cmocka_unit_test(test_moving),
	    cmocka_unit_test(test_no_memory), cmocka_unit_test(test_real_logs)};
	int failed;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	lf_buf_free(&scratch);
	return failed;
}
