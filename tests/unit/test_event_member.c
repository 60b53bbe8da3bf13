/* What members say: whether it is a record, when it happened, what stands deeper inside; and records on one line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "forensic.h"
#include "record/event.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct lf_event
event(const char *text)
{
	struct lf_event e;
	struct lf_scan s;

	lf_scan_init(&s, text, strlen(text));
	assert_int_equal(lf_scan_next(&s), LF_TOKEN_OBJECT);
	assert_true(lf_event_read(&s, NULL, &e));
	assert_int_equal(e.content, 0);
	return e;
}

static void
test_is_record(void **state)
{
	static const struct {
		const char *text;
		bool yes;
	} cases[] = {
	    {"{\"eventVersion\":\"1.08\",\"eventID\":\"i\"}", true},
	    {"{\"eventVersion\":\"1.0\",\"userIdentity\":{},\"eventTime\":\"t\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"n\"}",
		true},
	    {"{\"userIdentity\":null,\"eventTime\":\"t\",\"eventSource\":\"s3.amazonaws.com\"}", true},
	    {"{\"eventSource\":\"iam.amazonaws.com\",\"eventName\":\"n\",\"awsRegion\":\"r\"}", true},
	    /* Insight, NetworkActivity, Aggregated */
	    {"{\"eventVersion\":\"1.07\",\"eventTime\":\"t\",\"awsRegion\":\"r\",\"eventID\":\"i\",\"eventType\":\"AwsCloudTrailInsight\","
	     "\"recipientAccountId\":\"a\",\"sharedEventID\":\"s\",\"insightDetails\":{},\"eventCategory\":\"Insight\"}",
		true},
	    {"{\"eventVersion\":\"1.09\",\"eventID\":\"i\",\"eventType\":\"AwsVpceEvent\",\"vpcEndpointId\":\"v\",\"eventCategory\":"
	     "\"NetworkActivity\"}",
		true},
	    {"{\"eventVersion\":\"1.0\",\"accountId\":\"a\",\"eventId\":\"i\",\"eventCategory\":\"Aggregated\",\"awsRegion\":\"r\","
	     "\"eventSource\":\"s3.amazonaws.com\",\"timeWindow\":{},\"summary\":{}}",
		true},
	    /* other things */
	    {"{}", false},
	    {"{\"eventID\":\"i\"}", false},
	    {"{\"eventVersion\":\"1.08\"}", false},
	    {"{\"eventName\":\"purchase\",\"eventTime\":\"t\",\"eventType\":\"x\",\"eventID\":\"i\"}", false},
	    {"{\"accountId\":\"a\",\"awsRegion\":\"r\",\"resources\":[]}", false},
	    {"{\"sourceIPAddress\":\"a\",\"userIdentity\":{\"email\":\"e\"},\"userAgent\":\"u\",\"accountId\":\"a\"}", false},
	    {"{\"a\":{\"eventVersion\":\"1.08\",\"eventID\":\"i\"}}", false},
	    {"{\"eventVersion\":\"2.1\",\"eventSource\":\"aws:s3\",\"awsRegion\":\"r\",\"eventTime\":\"t\",\"eventName\":"
	     "\"ObjectCreated:Put\",\"userIdentity\":{\"principalId\":\"p\"},\"requestParameters\":{},\"s3\":{}}",
		false},
	    {"{\"eventID\":\"1\",\"eventName\":\"INSERT\",\"eventVersion\":\"1.0\",\"eventSource\":\"aws:dynamodb\",\"awsRegion\":\"r\"}",
		false},
	    {"{\"eventVersion\":\"2.0\",\"eventSource\":\"minio:s3\",\"eventTime\":\"t\",\"awsRegion\":\"\"}", false},
	    {"{\"version\":\"0\",\"id\":\"i\",\"detail-type\":\"d\",\"source\":\"aws.s3\",\"account\":\"a\",\"resources\":[],\"detail\":{}}",
		false},
	    {"{\"EventId\":\"i\",\"EventName\":\"n\",\"EventTime\":1,\"EventSource\":\"s\",\"CloudTrailEvent\":\"{}\"}", false},
	    {"{\"Records\":[{\"eventVersion\":\"1.08\",\"eventID\":\"i\"}]}", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct lf_event e = event(cases[i].text);

		if (lf_event_is_record(&e) != cases[i].yes)
			fail_msg("%s", cases[i].text);
	}
}

static void
test_time(void **state)
{
	static const struct {
		const char *text;
		int64_t t;
		int32_t nanos;
	} cases[] = {
	    {"{\"eventTime\":\"2022-02-08T09:23:37Z\"}", 1644312217, 0},
	    {"{\"eventTime\":\"2022-02-08T09:23:37.25Z\"}", 1644312217, 250000000},
	    {"{\"eventTime\":\"2022-02-08T09:23:37+11:00\"}", 1644272617, 0},
	    {"{\"eventTime\":\"2022-02-08 09:23:37+11:00\"}", 1644272617, 0},
	    {"{\"eventTime\":\"2022-02-08 09:23:37.123456789-00:30\"}", 1644314017, 123456789},
	    {"{\"eventTime\":\"2022\\u002d02-08T09:23:37\\u005A\"}", 1644312217, 0},
	    {"{\"timeWindow\":{\"windowStart\":\"2022-02-08T09:23:37Z\",\"windowEnd\":\"2023-02-08T09:23:37Z\"}}", 1644312217, 0},
	    {"{\"timeWindow\":{\"windowStart\":\"2022-02-08\\u00209:23:37Z\"}}", LF_TIME_NONE, 0},
	    {"{\"timeWindow\":{\"windowStart\":\"2022-02-08\\u002009:23:37.5Z\"}}", 1644312217, 500000000},
	    {"{\"eventTime\":\"2022-02-08T09:23:37Z\",\"timeWindow\":{\"windowStart\":\"2020-02-08T09:23:37Z\"}}", 1644312217, 0},
	    {"{\"eventTime\":null,\"timeWindow\":{\"windowStart\":\"2022-02-08T09:23:37Z\"}}", 1644312217, 0},
	    {"{}", LF_TIME_NONE, 0},
	    {"{\"eventTime\":null}", LF_TIME_NONE, 0},
	    {"{\"eventTime\":\"\"}", LF_TIME_NONE, 0},
	    {"{\"eventTime\":1644312217}", LF_TIME_NONE, 0},
	    {"{\"eventTime\":\"1644312217\"}", LF_TIME_NONE, 0},
	    {"{\"eventTime\":[\"2022-02-08T09:23:37Z\"]}", LF_TIME_NONE, 0},
	    {"{\"eventTime\":\"2022-02-30T09:23:37Z\"}", LF_TIME_NONE, 0},
	    {"{\"eventTime\":\"2022-02-08 \"}", LF_TIME_NONE, 0},
	    {"{\"eventTime\":\"2022-02-08 09:23:37\"}", LF_TIME_NONE, 0},
	    {"{\"eventTime\":\"2022-02-08_09:23:37Z\"}", LF_TIME_NONE, 0},
	    {"{\"eventTime\":\"2022-02-08 09:23:37.00000000000000000000000000000000000000000000000000000000000000000Z\"}", LF_TIME_NONE,
		0},
	    {"{\"timeWindow\":\"2022-02-08T09:23:37Z\"}", LF_TIME_NONE, 0},
	    {"{\"timeWindow\":{\"windowStart\":7}}", LF_TIME_NONE, 0},
	    {"{\"requestParameters\":{\"eventTime\":\"2022-02-08T09:23:37Z\"}}", LF_TIME_NONE, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct lf_event e = event(cases[i].text);
		int32_t nanos = -1;
		int64_t t = lf_event_time(&e, &nanos);

		if (t != cases[i].t || nanos != cases[i].nanos || lf_event_time(&e, NULL) != t)
			fail_msg("%s: %lld %d", cases[i].text, (long long)t, nanos);
	}
}

static void
test_member(void **state)
{
	static const struct {
		const char *json, *path, *want;
		bool is_string;
	} cases[] = {
	    {"{\"credentials\":{\"accessKeyId\":\"AKIA\",\"x\":1}}", "credentials/accessKeyId", "AKIA", true},
	    {" { \"credentials\" : { \"accessKeyId\" : \"A\\/\" } } ", "credentials/accessKeyId", "A\\/", true},
	    {"{\"cred\\u0065ntials\":{\"a\":1.0}}", "credentials/a", "1.0", false},
	    {"{\"a\":{\"b\":[1, 2]}}", "a/b", "[1, 2]", false},
	    {"{\"a\":{\"b\":{}}}", "a", "{\"b\":{}}", false},
	    {"{\"a\":\"\"}", "a", "", true},
	    {"{\"a\":true}", "a", "true", false},
	    {"{\"a\":1,\"a\":\"2\"}", "a", "2", true},
	    {"{\"a\":{\"b\":1},\"a\":{\"c\":2}}", "a/b", NULL, false},
	    {"{\"a\":{\"b\":1},\"a\":null}", "a/b", NULL, false},
	    {"{\"a\":null}", "a", NULL, false},
	    {"{\"a\":null}", "a/b", NULL, false},
	    {"{\"a\":{\"b\":1}}", "b", NULL, false},
	    {"{\"a\":{\"b\":1}}", "a/c", NULL, false},
	    {"{\"a\":{\"b\":1}}", "a/b/c", NULL, false},
	    {"{\"ab\":1}", "a", NULL, false},
	    {"{\"a\":\"{\\\"b\\\":1}\"}", "a/b", NULL, false},
	    {"{\"a\":[{\"b\":1}]}", "a/b", NULL, false},
	    {"[1]", "a", NULL, false},
	    {"\"a\"", "a", NULL, false},
	    {"", "a", NULL, false},
	    {"{\"a\":1", "a", NULL, false},
	};
	struct lf_slice out;
	bool is_string;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct lf_slice json = {cases[i].json, strlen(cases[i].json)};
		bool found = lf_event_member(json, cases[i].path, &out, &is_string);

		if (found != (cases[i].want != NULL))
			fail_msg("%s %s", cases[i].json, cases[i].path);
		if (!found)
			continue;
		assert_int_equal(is_string, cases[i].is_string);
		assert_int_equal(out.len, strlen(cases[i].want));
		assert_memory_equal(out.s, cases[i].want, out.len);
	}
	assert_false(lf_event_member((struct lf_slice){NULL, 0}, "a", &out, &is_string));
}

static void
test_compact(void **state)
{
	static const char *const cases[][2] = {
	    {"{}", "{}"},
	    {" { } ", "{}"},
	    {"\t{\r\n\"a b\" : [ 1.0 , -2e+5 , \"  \\\" { \\\\\" ] }\n", "{\"a b\":[1.0,-2e+5,\"  \\\" { \\\\\"]}"},
	    {"{ \"a\":\"\\u0041\\/ \xc3\xa9\", \"b\" : null}", "{\"a\":\"\\u0041\\/ \xc3\xa9\",\"b\":null}"},
	    {"{\n                                        \"a\"\n                       :1}", "{\"a\":1}"},
	    {"", ""},
	    /* broken ones, which must not be read past their end */
	    {"\"a \\", "\"a \\"},
	    {"\"a \\\"", "\"a \\\""},
	    {" \" ", "\" "},
	};
	struct lf_buf out;

	(void)state;
	lf_buf_init(&out);
	lf_buf_puts(&out, "x");
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t len = strlen(cases[i][0]);
		char *text = malloc(len + 1);

		assert_non_null(text);
		text = realloc(text, len == 0 ? 1 : len);
		memcpy(text, cases[i][0], len);
		out.len = 1;
		lf_json_compact((struct lf_slice){text, len}, &out);
		assert_string_equal(lf_buf_str(&out) + 1, cases[i][1]);
		assert_int_equal(out.len, strlen(cases[i][1]) + 1);
		free(text);
	}
	lf_buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_is_record), cmocka_unit_test(test_time),
	    cmocka_unit_test(test_member), cmocka_unit_test(test_compact)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
