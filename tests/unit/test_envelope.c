/* Records in every container that an investigator hands over, whole, cut and damaged; jansson is the other opinion. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "base/json.h"
#include "bytes.h"
#include "chaos.h"
#include "evidence/gzip.h"
#include "record/envelope.h"
#include "scratch.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A record, and the same inside a string, and inside a string inside a string. */
#define REC(id) \
	"{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"Root\"},\"eventName\":\"N\",\"eventSource\":\"s.amazonaws.com\",\"eventID\":\"" id \
	"\"}"
#define REC1(id) \
	"{\\\"eventVersion\\\":\\\"1.08\\\",\\\"eventName\\\":\\\"N\\\",\\\"eventSource\\\":\\\"s.amazonaws.com\\\",\\\"eventID\\\":\\\"" id \
	"\\\"}"
#define REC2(id) \
	"{\\\\\\\"eventVersion\\\\\\\":\\\\\\\"1.08\\\\\\\",\\\\\\\"eventName\\\\\\\":\\\\\\\"N\\\\\\\",\\\\\\\"eventID\\\\\\\":\\\\\\\"" id \
	"\\\\\\\"}"

static struct lf_envelope *envelope;

static int
setup(void **state)
{
	struct lf_err err;

	(void)state;
	envelope = lf_envelope_new(&err);
	return envelope == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	lf_envelope_free(envelope);
	return 0;
}

/* The eventIDs of all records of a text, a comma behind each.  Of events that have none: "-". */
static void
ids(const char *text, size_t len, struct lf_buf *out)
{
	char *copy = bytes_exact(text, len);
	const struct lf_damage *d;
	struct lf_event ev;
	uint64_t n = 0;
	int rc;

	lf_buf_reset(out);
	lf_envelope_start(envelope, copy, len, NULL);
	while ((rc = lf_envelope_next(envelope, &ev)) > 0) {
		assert_int_equal(lf_envelope_index(envelope), n++);
		assert_true(ev.raw.len > 1 && ev.raw.s[0] == '{' && ev.raw.s[ev.raw.len - 1] == '}');
		if (ev.field[LF_EV_ID].s == NULL)
			lf_buf_putc(out, '-');
		lf_event_text(&ev, LF_EV_ID, out);
		lf_buf_putc(out, ',');
	}
	assert_int_equal(rc, 0);
	assert_int_equal(lf_envelope_next(envelope, &ev), 0);
	d = lf_envelope_damage(envelope);
	assert_int_equal(d->places + d->strangers + d->duplicates + d->uneven > 0, d->problem != NULL);
	assert_true(d->lost <= len);
	assert_true(d->at <= len);
	free(copy);
}

struct form {
	const char *text, *ids;
	uint64_t places, strangers;
};

static void
check_forms(const struct form *forms, size_t n)
{
	const struct lf_damage *d;
	struct lf_buf out;

	lf_buf_init(&out);
	for (size_t i = 0; i < n; i++) {
		ids(forms[i].text, strlen(forms[i].text), &out);
		d = lf_envelope_damage(envelope);
		if (strcmp(lf_buf_str(&out), forms[i].ids) != 0 || d->places != forms[i].places ||
		    d->strangers != forms[i].strangers)
			fail_msg("form %zu: %s\ngives %s, %llu places, %llu strangers, %s", i, forms[i].text, lf_buf_str(&out),
			    (unsigned long long)d->places, (unsigned long long)d->strangers, d->problem);
	}
	lf_buf_free(&out);
}

static void
test_logs(void **state)
{
	static const struct form forms[] = {
	    {"", "", 0, 0},
	    {" \r\n", "", 0, 0},
	    {"{\"Records\":[" REC("1") "," REC("2") "]}", "1,2,", 0, 0},
	    {"\xef\xbb\xbf{\"Records\":[" REC("1") "]}", "1,", 0, 0},
	    {" { \"Records\" : [ " REC("1") "\r\n,\r\n" REC("2") " ] } \r\n", "1,2,", 0, 0},
	    {"{\"Records\":[]}", "", 0, 0},
	    {"{\"R\\u0065cords\":[" REC("1") "]}", "1,", 0, 0},
	    {"{\"a\":{\"b\":[1,{}]},\"Records\":[" REC("1") "],\"c\":[{}]}", "1,", 0, 0},
	    {"{\"Records\":[" REC("1") "],\"Records\":[" REC("2") "]}", "1,2,", 0, 0},
	    {"[" REC("1") "," REC("2") "]", "1,2,", 0, 0},
	    {"[]", "", 0, 0},
	    {"[[" REC("1") "],[" REC("2") "]]", "1,2,", 0, 0},
	    {"[{\"Records\":[" REC("1") "]},{\"Records\":[" REC("2") "]}]", "1,2,", 0, 0},
	    {REC("1"), "1,", 0, 0},
	    {REC("1") "\n" REC("2") "\n", "1,2,", 0, 0},
	    {REC("1") "\r\n\r\n" REC("2") "\r\n", "1,2,", 0, 0},
	    {REC("1") REC("2"), "1,2,", 0, 0},
	    {REC("1") "\xef\xbb\xbf" REC("2"), "1,2,", 0, 0},
	    {"{\"Records\":[" REC("1") "]}{\"Records\":[" REC("2") "]}", "1,2,", 0, 0},
	    /* members in another order, unknown ones, few ones */
	    {"{\"x\":1,\"\\u0065ventID\":\"1\",\"eventVersion\":\"9.9\",\"new\":[{\"eventID\":\"no\"}]}", "1,", 0, 0},
	    {"{\"eventTime\":\"t\",\"eventSource\":\"s\"}", "-,", 0, 0},
	    {"{\"x\":{\"y\":1},\"requestParameters\":{\"detail\":" REC("no") "},\"eventID\":\"1\",\"awsRegion\":\"r\"}", "1,", 0, 0},
	    {"{\"eventVersion\":\"1.0\",\"eventId\":\"1\",\"timeWindow\":{},\"eventCategory\":\"Aggregated\"}", "1,", 0, 0},
	    /* what is a record holds no others */
	    {"{\"eventVersion\":\"1\",\"eventID\":\"1\",\"requestParameters\":{\"Records\":[" REC("no") "]}}", "1,", 0, 0},
	    {"{\"eventVersion\":\"1\",\"eventID\":\"1\",\"eventSource\":\"s\",\"requestParameters\":{\"message\":\"" REC1("no") "\"}}",
	     "1,", 0, 0},
	    /* strangers */
	    {"{}", "", 0, 1},
	    {"{\"a\":1}{\"b\":" REC("1") "}", "1,", 0, 1},
	    {"[1,\"x\",null,true,{},{\"a\":[]}]", "", 0, 6},
	    {"{\"Records\":[" REC("1") ",7," REC("2") "]}", "1,2,", 0, 1},
	    {"{\"eventName\":\"n\",\"record\":" REC("1") "}", "1,", 0, 0},
	};

	(void)state;
	check_forms(forms, COUNT(forms));
}

#define S3_NOTICE \
	"{\"eventVersion\":\"2.1\",\"eventSource\":\"aws:s3\",\"awsRegion\":\"r\",\"eventTime\":\"t\",\"eventName\":" \
	"\"ObjectCreated:Put\",\"userIdentity\":{\"principalId\":\"x\"},\"requestParameters\":{\"sourceIPAddress\":\"1\"},\"s3\":{}}"

static void
test_wrappers(void **state)
{
	static const struct form forms[] = {
	    /* LookupEvents */
	    {"{\"Events\":[{\"EventId\":\"x\",\"CloudTrailEvent\":\"" REC1("1") "\"},{\"CloudTrailEvent\":\"" REC1("2")
	     "\",\"Resources\":[]}],\"NextToken\":\"z\"}", "1,2,", 0, 0},
	    {"{\"EventId\":\"x\",\"CloudTrailEvent\":\"" REC1("1") "\"}\n{\"EventId\":\"y\",\"CloudTrailEvent\":\"" REC1("2") "\"}",
	     "1,2,", 0, 0},
	    {"[\"" REC1("1") "\",\"" REC1("2") "\"]", "1,2,", 0, 0},
	    {"\"" REC1("1") "\"\n\"" REC1("2") "\"\n", "1,2,", 0, 0},
	    {"{\"Events\":[{\"EventId\":\"x\"}]}", "", 0, 1},
	    /* CloudWatch Logs */
	    {"2024-03-01T05:06:07.123Z " REC("1") "\n2024-03-01T05:06:06.123Z " REC("2") "\n", "1,2,", 0, 0},
	    {"\r\n2024-03-01T05:06:07.123Z " REC("1") "\r\n\r\n2024-03-01T05:06:07Z\t" REC("2"), "1,2,", 0, 0},
	    {"2024-03-01T05:06:07.123000+00:00 1234_CloudTrail_us-east-1_2 " REC("1") "\n", "1,", 0, 0},
	    {"{\"events\":[{\"logStreamName\":\"l\",\"timestamp\":1,\"message\":\"" REC1("1")
	     "\",\"eventId\":\"9\"}],\"searchedLogStreams\":[{}]}", "1,", 0, 0},
	    {"{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"1\",\"logGroup\":\"g\",\"logStream\":\"s\",\"subscriptionFilters\":[\"f\"],"
	     "\"logEvents\":[{\"id\":\"1\",\"timestamp\":1,\"message\":\"" REC1("1") "\"},{\"id\":\"2\",\"message\":\"" REC1("2")
	     "\"}]}{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[{\"id\":\"3\",\"message\":\"" REC1("3") "\"}]}", "1,2,3,", 0, 0},
	    {"{\"messageType\":\"CONTROL_MESSAGE\",\"logEvents\":[{\"id\":\"\",\"message\":\"CWL CONTROL MESSAGE\"}]}", "", 0, 1},
	    {"{\"logEvents\":[{\"message\":\"[INFO] text\"},{\"message\":\"" REC1("1") "\"}]}", "1,", 0, 1},
	    /* EventBridge */
	    {"{\"version\":\"0\",\"id\":\"i\",\"detail-type\":\"AWS API Call via CloudTrail\",\"source\":\"aws.s3\",\"account\":\"1\","
	     "\"time\":\"t\",\"region\":\"r\",\"resources\":[],\"detail\":" REC("1") "}", "1,", 0, 0},
	    {"{\"detail\":{\"instance-id\":\"i\",\"state\":\"running\"},\"source\":\"aws.ec2\"}", "", 0, 1},
	    /* SQS, SNS, Lambda */
	    {"{\"Messages\":[{\"MessageId\":\"m\",\"ReceiptHandle\":\"h\",\"MD5OfBody\":\"x\",\"Body\":\"" REC1("1") "\"}]}", "1,", 0, 0},
	    {"{\"Messages\":[{\"MessageId\":\"m\",\"Body\":\"{\\\"Type\\\":\\\"Notification\\\",\\\"Message\\\":\\\"" REC2("1")
	     "\\\"}\"}]}", "1,", 0, 0},
	    {"{\"Records\":[{\"messageId\":\"m\",\"body\":\"{\\\"Records\\\":[" REC1("1") "," REC1("2") "]}\",\"attributes\":{},"
	     "\"eventSource\":\"aws:sqs\",\"eventSourceARN\":\"a\",\"awsRegion\":\"r\"}]}", "1,2,", 0, 0},
	    {"{\"Records\":[{\"eventSource\":\"aws:sqs\",\"awsRegion\":\"r\",\"body\":\"{\\\"source\\\":\\\"aws.s3\\\",\\\"detail\\\":"
	     REC1("1") "}\"}]}", "1,", 0, 0},
	    {"{\"Records\":[{\"EventSource\":\"aws:sns\",\"EventVersion\":\"1.0\",\"Sns\":{\"Type\":\"Notification\",\"Message\":\""
	     REC1("1") "\"}}]}", "1,", 0, 0},
	    {"{\"Type\":\"Notification\",\"TopicArn\":\"t\",\"Message\":\"" REC1("1") "\"}", "1,", 0, 0},
	    {"{\"Type\":\"Notification\",\"Message\":\"{\\\"s3Bucket\\\":\\\"b\\\",\\\"s3ObjectKey\\\":[\\\"AWSLogs/x\\\"]}\"}", "", 0, 1},
	    {"{\"Records\":[" S3_NOTICE "," REC("1") "]}", "1,", 0, 1},
	    /* others */
	    {"{\"@timestamp\":\"t\",\"event\":{\"id\":\"x\",\"original\":\"" REC1("1") "\"},\"aws\":{\"cloudtrail\":{\"event_version\":1}}}",
	     "1,", 0, 0},
	    {"{\"aws\":{\"cloudtrail\":" REC("1") "}}", "1,", 0, 0},
	    {"{\"event_id\":\"x\",\"offset\":7,\"record\":" REC("1") "}", "1,", 0, 0},
	    {"{\"hits\":{\"total\":1,\"hits\":[{\"_index\":\"i\",\"_source\":" REC("1") "}]}}", "1,", 0, 0},
	};

	(void)state;
	check_forms(forms, COUNT(forms));
}

static void
test_damage(void **state)
{
	static const struct form forms[] = {
	    {"{\"Records\":[" REC("1") " " REC("2") "]}", "1,2,", 1, 0}, /* a comma is missing */
	    {"{\"Records\":[" REC("1") "," REC("2") "]", "1,2,", 1, 0},
	    {"{\"Records\":[" REC("1") ",{\"eventVersion\":\"1.08\",\"eventID\":tru}," REC("3") "]}", "1,3,", 1, 0},
	    {"{\"Records\":[" REC("1") ",{\"eventVersion\":\"1.08," REC("3") "]}", "1,3,", 1, 0},
	    {"{\"Records\":[" REC("1") ",{\"eventVersion\":\"1.08},{\"eventVersion\":\"1.08\",\"eventID\":\"3\"}]}", "1,3,", 1, 0},
	    {"{\"Records\":[" REC("1") ",{\"eventVersion\":{\"a\":[\"1.08\",{\"b\":" REC("3") "]}", "1,", 1, 0},
	    {"{\"Records\":[" REC("1") "],\"x\":,{\"eventVersion\":1,\"eventID\":\"2\"}]}", "1,2,", 1, 0},
	    {"[" REC("1") "}}," REC("2") "]", "1,2,", 1, 0},
	    {REC("1") "\n{\"eventVersion\":\"1\",\"eventNa\n" REC("2") "\n", "1,2,", 1, 0},
	    {REC("1") "," REC("2"), "1,2,", 1, 0},
	    {REC("1") "]}", "1,", 1, 0},
	    {REC("1") " junk", "1,", 1, 0},
	    {"junk " REC("1"), "1,", 1, 0},
	    {"junk", "", 1, 0},
	    {"<html>{\"a\":1}</html>", "", 1, 0},
	    {"{\"aws\":{\"cloudtrail\":{\"eventVersion\":\"1\",\"eventID\":}},{\"aws\":{\"cloudtrail\":" REC("2") "}}", "2,", 1, 0},
	    /* what a broken record has nested is no record: objects in front of the break, strings behind it */
	    {"{\"Records\":[{\"eventVersion\":\"1\",\"eventID\":\"x\",\"requestParameters\":" REC("no") ",x}," REC("2") "]}", "2,", 1, 0},
	    {"{\"Records\":[{\"eventVersion\":\"1\",\"eventID\":\"x\",,\"requestParameters\":{\"message\":\"" REC1("no") "\"}}," REC("2")
	     "]}", "2,", 1, 0},
	    /* nor objects and arrays behind the break, whatever the members are called */
	    {"{\"Records\":[{\"eventVersion\":\"1\",\"eventID:\"x\",\"eventName\":\"n\",\"requestParameters\":{\"context\":" REC("no")
	     ",\"list\":[" REC("no") "," REC("no") "]},\"resources\":[" REC("no") "]}," REC("2") "]}", "2,", 1, 0},
	    {"{\"Records\":[{\"eventVersion\":\"1\",\"eventName\":\"n\",\"eventID:\"x\",\"detail\":" REC("no") ",\"Records\":["
	     REC("no") "," REC("no") "]}," REC("2") "]}", "2,", 1, 0},
	    {"{\"Records\":[{\"eventVersion:\"1\",\"requestParameters\" : { \"context\" : " REC("no") "}}," REC("2") "]}", "2,", 1, 0},
	    {"{\"Records\":[{\"eventVersion\":1,\"eventID\":2,\"requestParameters\":{\"context:" REC("no") "}}," REC("2") "]}", "2,",
	     1, 0},
	    /* wrappers behind a broken record, one of which has it under another name */
	    {"{\"version\":\"0\",\"detail\":{\"eventVersion\":\"1\",\"eventName\":\"n\",,\"eventID\":\"x\"}}\n{\"version\":\"0\","
	     "\"detail-type\":\"AWS API Call via CloudTrail\",\"detail\":" REC("2") "}", "2,", 1, 0},
	    {"[{\"version\":\"0\",\"source\":\"aws.s3\",\"detail\":{\"eventVersion\":\"1\",,\"eventID\":\"x\"}},{\"version\":\"0\","
	     "\"source\":\"aws.s3\",\"detail\":" REC("2") "},{\"version\":\"0\",\"source\":\"mine\",\"detail\":" REC("no") "}]", "2,", 1, 1},
	    {"{\"Records\":[{\"eventVersion\":\"1\",\"eventName\":\"n\",,}]}{\"Records\":[" REC("2") "," REC("3") "]}", "2,3,", 1, 0},
	    {"x} app[7]: " REC("1") "\nhost app: " REC("2"), "1,2,", 2, 0},
	    /* inside strings, between wrappers */
	    {"{\"Events\":[{\"EventId\":\"x\",\"CloudTrailEvent\":\"{\\\"eventVersion\\\":\"},{\"CloudTrailEvent\":\"" REC1("2")
	     "\"}]}", "2,", 1, 0},
	    {"{\"Events\":[{\"EventId\":\"x\",\"CloudTrailEvent\":\"{\\x},{\"EventId\":\"y\",\"CloudTrailEvent\":\"" REC1("2")
	     "\"}]}", "2,", 1, 0},
	    {"{\"logEvents\":[{\"id\":\"1\",\"message\":\"{,{\"id\":\"2\",\"message\":\"" REC1("2") "\"}]}{\"logEvents\":[{\"message\":\""
	     REC1("3") "\"}]}", "2,3,", 1, 0},
	    {"2024-03-01T05:06:07.123Z {\"eventVersion\":1,\n2024-03-01T05:06:07.123Z " REC("2") "\nSTART text\n"
	     "2024-03-01T05:06:07.123Z " REC("3"), "2,3,", 2, 0},
	};

	(void)state;
	check_forms(forms, COUNT(forms));
}

/* Bytes that a C string cannot hold, and texts that are none. */
static void
test_odd_bytes(void **state)
{
	static const char nul[] = "{\"Records\":[" REC("1") "\0\0," REC("2") "]}\0\0\0";
	static const char wide[] = "\xff\xfe{\0}\0", big[] = "\0{\0\"\0R", no_mark[] = "{\0\"\0R\0";
	const struct lf_damage *d;
	struct lf_buf out;

	(void)state;
	lf_buf_init(&out);
	ids(nul, sizeof(nul) - 1, &out);
	assert_string_equal(lf_buf_str(&out), "1,2,");
	d = lf_envelope_damage(envelope);
	assert_int_equal(d->places, 2);
	assert_int_equal(d->lost, 3 + 3);
	ids(wide, sizeof(wide) - 1, &out);
	assert_string_equal(d->problem, "UTF-16 text, which is not read: convert it to UTF-8");
	assert_int_equal(d->lost, sizeof(wide) - 1);
	ids(big, sizeof(big) - 1, &out);
	assert_string_equal(d->problem, "UTF-16 text, which is not read: convert it to UTF-8");
	ids(no_mark, sizeof(no_mark) - 1, &out);
	assert_string_equal(d->problem, "UTF-16 text, which is not read: convert it to UTF-8");
	lf_buf_free(&out);
}

static void
test_duplicates(void **state)
{
	static const char text[] = "{\"Records\":[{\"eventVersion\":1,\"eventID\":\"a\",\"eventID\":\"b\"}," REC("2") "]}";
	const struct lf_damage *d = lf_envelope_damage(envelope);
	struct lf_buf out;

	(void)state;
	lf_buf_init(&out);
	ids(text, sizeof(text) - 1, &out);
	assert_string_equal(lf_buf_str(&out), "b,2,");
	assert_int_equal(d->duplicates, 1);
	assert_int_equal(d->places + d->strangers, 0);
	lf_buf_free(&out);
}

/* Whoever may put events into EventBridge writes "detail" and "detail-type"; sources that begin with "aws." are AWS's. */
static void
test_bridge(void **state)
{
#define BRIDGE(head) "{\"version\":\"0\"," head "\"detail\":" REC("1") "}"
	static const struct form forms[] = {
	    {BRIDGE("\"detail-type\":\"AWS Console Sign In via CloudTrail\",\"source\":\"aws.signin\","), "1,", 0, 0},
	    {BRIDGE("\"source\":\"aws.s3\","), "1,", 0, 0},
	    {BRIDGE("\"detail-type\":\"AWS API Call via CloudTrail\","), "1,", 0, 0},
	    {"{\"detail\":" REC("1") ",\"x\":{\"source\":\"no\"},\"source\":\"aws.s3\"}", "1,", 0, 0},
	    {"{\"detail\":[" REC("1") "," REC("2") "],\"source\":\"aws.s3\"}", "1,2,", 0, 0},
	    /* others */
	    {BRIDGE(""), "", 0, 1},
	    {BRIDGE("\"detail-type\":\"whatever\",\"source\":\"my.app\","), "", 0, 1},
	    {BRIDGE("\"detail-type\":\"AWS API Call via CloudTrail\",\"source\":\"my.app\","), "", 0, 1},
	    {BRIDGE("\"detail-type\":\"AWS API Call via CloudTrail\",\"source\":\"aws.partner/x\","), "", 0, 1},
	    {BRIDGE("\"source\":\"aws.s3\",\"source\":\"my.app\","), "", 0, 1},
	    {BRIDGE("\"source\":[\"aws.s3\"],"), "", 0, 1},
	    {"{\"source\":\"my.app\",\"detail\":[" REC("1") "]}", "", 0, 1},
	    {"{\"source\":\"my.app\",\"detail\":\"" REC1("1") "\"}", "", 0, 1},
	    {"[" BRIDGE("\"source\":\"my.app\",") "," REC("2") "]", "2,", 0, 1},
	    {"{\"Messages\":[{\"MessageId\":\"m\",\"Body\":\"{\\\"source\\\":\\\"my.app\\\",\\\"detail\\\":" REC1("1") "}\"}]}", "", 0, 1},
	    {"{\"Type\":\"Notification\",\"Message\":\"{\\\"source\\\":\\\"my.app\\\",\\\"detail\\\":" REC1("1") "}\"}", "", 0, 1},
	    /* not where they are broken, either: not what is behind the break in them */
	    {"{\"source\":\"my.app\",\"detail\":{\"a\":\x01,\"detail\":" REC("no") ",\"list\":[" REC("no") "]}}\n" REC("2"), "2,", 1, 0},
	};

	(void)state;
	check_forms(forms, COUNT(forms));
}

/* What is passed over beside records that are read is told where it seems to hold others. */
static void
test_passed_over(void **state)
{
	static const struct form forms[] = {
	    {"{\"Records\":[" REC("1") "],\"payload\":{\"items\":[" REC("2") "]}}", "1,", 0, 1},
	    {"{\"payload\":{\"items\":[" REC("2") "]},\"Records\":[" REC("1") "]}", "1,", 0, 1},
	    {"{\"events\":[{\"message\":\"" REC1("1") "\",\"Body\":\"2024-03-01T00:00:00Z " REC1("2") "\"}]}", "1,", 0, 1},
	    {"{\"events\":[{\"message\":\"" REC1("1") "\",\"x\":\"" REC1("2") "\"}]}", "1,", 0, 1},
	    {"{\"Records\":[" REC("1") "],\"payload\":{\"items\":[{\"a\":\"text\"}]}}", "1,", 0, 0},
	    {"{\"Records\":[" REC("1") "],\"payload\":\"\"}", "1,", 0, 0},
	    /* deeper than is gone down */
	    {"{\"Records\":[" REC("1") "],\"aws\":{\"aws\":{\"aws\":{\"aws\":{\"aws\":{\"aws\":{\"aws\":{\"aws\":{\"aws\":{\"aws\":{\"aws\":{"
	     "\"aws\":{\"aws\":" REC("2") "}}}}}}}}}}}}}", "1,", 0, 1},
	};

	(void)state;
	check_forms(forms, COUNT(forms));
}

/* Quotes inside a string written as code units. */
static void
test_quotes_as_units(void **state)
{
#define U "\\u0022"
#define UREC(id) "{" U "eventVersion" U ":" U "1.08" U "," U "eventSource" U ":" U "s" U "," U "eventID" U ":" U id U "}"
	static const struct form forms[] = {
	    {"{\"Events\":[{\"EventId\":\"x\",\"CloudTrailEvent\":\"" UREC("1") "\"}]}", "1,", 0, 0},
	    {"{\"logEvents\":[{\"id\":\"x\",\"message\":\"" UREC("1") "\"},{\"message\":\"[" UREC("2") "]\"}]}", "1,2,", 0, 0},
	    {"{\"logEvents\":[{\"message\":\"{\\u0021}\"}]}", "", 0, 1},
	    {"{\"logEvents\":[{\"message\":\"{\\u002\"}]}", "", 1, 0},
	};

	(void)state;
	check_forms(forms, COUNT(forms));
}

/* ---- Cut and damaged anywhere ---- */

static const char *const plain[] = {
    "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"IAMUser\",\"arn\":\"a\\/b\"},\"eventID\":\"1\",\"readOnly\":true}",
    "{\"eventVersion\":\"1.08\",\"eventSource\":\"s\",\"eventID\":\"2\",\"resources\":[{\"ARN\":\"x\"},{\"n\":1.5}]}",
    "{\"eventVersion\":\"1.08\",\"eventID\":\"3\",\"awsRegion\":\"\\u00e4\\\"\",\"requestParameters\":{\"a\":[[],{}],\"b\":null}}",
    "{\"eventVersion\":\"1.08\",\"eventID\":\"4\",\"eventCategory\":\"Management\"}",
};

static const struct {
	const char *front, *between, *behind;
} shapes[] = {{"{\"Records\":[", ",", "]}"}, {"[\n  ", ",\n  ", "\n]\n"}, {"", "\n", "\n"}, {"", "", ""},
    {"2024-03-01T05:06:07.123Z ", "\r\n2024-03-01T05:06:07.123Z ", "\r\n"}};

struct log {
	struct lf_buf text;
	size_t from[COUNT(plain)], to[COUNT(plain)];
};

static void
build(struct log *l, size_t shape)
{
	lf_buf_init(&l->text);
	lf_buf_puts(&l->text, shapes[shape].front);
	for (size_t i = 0; i < COUNT(plain); i++) {
		if (i > 0)
			lf_buf_puts(&l->text, shapes[shape].between);
		l->from[i] = l->text.len;
		lf_buf_puts(&l->text, plain[i]);
		l->to[i] = l->text.len;
	}
	lf_buf_puts(&l->text, shapes[shape].behind);
}

/* All records that are whole in front of the cut, and no more. */
static void
test_truncated(void **state)
{
	struct lf_buf out, want;
	struct log l;

	(void)state;
	lf_buf_init(&out);
	lf_buf_init(&want);
	for (size_t s = 0; s < COUNT(shapes); s++) {
		build(&l, s);
		for (size_t n = 0; n < l.text.len; n++) {
			lf_buf_reset(&want);
			for (size_t i = 0; i < COUNT(plain); i++)
				if (l.to[i] <= n)
					lf_buf_printf(&want, "%zu,", i + 1);
			ids(l.text.data, n, &out);
			assert_string_equal(lf_buf_str(&out), lf_buf_str(&want));
		}
		lf_buf_free(&l.text);
	}
	lf_buf_free(&out);
	lf_buf_free(&want);
}

/* Which of the plain records are given byte for byte: a bit each. */
static unsigned
intact(const struct log *l)
{
	char *copy = bytes_exact(l->text.data, l->text.len);
	struct lf_event ev;
	unsigned found = 0;

	lf_envelope_start(envelope, copy, l->text.len, NULL);
	while (lf_envelope_next(envelope, &ev) > 0)
		for (size_t i = 0; i < COUNT(plain); i++)
			if (ev.raw.s == copy + l->from[i] && ev.raw.len == l->to[i] - l->from[i])
				found |= 1U << i;
	assert_true(lf_envelope_damage(envelope)->lost <= l->text.len);
	free(copy);
	return found;
}

/* One byte is another: every record that does not hold it is given, whatever the byte and wherever it is. */
static void
test_corrupted(void **state)
{
	static const char bytes[] = "\0 \n\"\\{}[],:xt1-\x80\xff";
	struct log l;

	(void)state;
	for (size_t s = 0; s < COUNT(shapes); s++) {
		build(&l, s);
		for (size_t at = 0; at < l.text.len; at++) {
			char old = l.text.data[at];
			unsigned whole = 0, found;

			for (size_t i = 0; i < COUNT(plain); i++)
				if (at < l.from[i] || at >= l.to[i])
					whole |= 1U << i;
			for (size_t b = 0; b < sizeof(bytes) - 1; b++) {
				l.text.data[at] = bytes[b];
				found = intact(&l);
				if ((found & whole) != whole)
					fail_msg("shape %zu, byte %zu as %02x: %x of %x\n%.*s", s, at, (unsigned char)bytes[b],
					    found, whole, (int)l.text.len, l.text.data);
			}
			l.text.data[at] = old;
		}
		lf_buf_free(&l.text);
	}
}

/* Several bytes are others, gone or doubled, in every form at once: the walk ends, and what it gives lies where it must. */
static void
test_mutated(void **state)
{
	static const char *const texts[] = {
	    "{\"Events\":[{\"EventId\":\"x\",\"CloudTrailEvent\":\"" REC1("1") "\"},{\"CloudTrailEvent\":\"" REC1("2") "\"}]}",
	    "{\"Messages\":[{\"Body\":\"{\\\"Message\\\":\\\"" REC2("1") "\\\"}\"},{\"Body\":\"{\\\"detail\\\":" REC1("1") "}\"}]}",
	    "{\"Records\":[" S3_NOTICE "," REC("1") ",{\"aws\":{\"cloudtrail\":" REC("2") "}}],\"x\":[{}]}" REC("3"),
	    "2024-03-01T05:06:07.123Z " REC("1") "\n2024-03-01T05:06:06.123Z word " REC("2") "\n",
	    "Event name,Event time,Resources\nn,\"March 1, 2024, 05:06:09 PM (UTC-05:00)\",\"[{\"\"resourceName\"\":\"\"c\"\"}]\"\n",
	};
	static const char bytes[] = "\0 \n\"\\{}[],:xt1-\x80";
	struct lf_event ev;
	uint64_t seed = 7;
	char text[2000];
	size_t len, at, n;

	(void)state;
	for (int round = 0; round < 60000; round++) {
		const char *from = texts[(size_t)round % COUNT(texts)];
		char *copy;

		len = strlen(from);
		memcpy(text, from, len);
		for (uint64_t edits = 1 + scratch_random(&seed) % 4; edits > 0; edits--) {
			at = scratch_random(&seed) % len;
			n = 1 + scratch_random(&seed) % 40;
			n = n < len - at ? n : len - at;
			switch (scratch_random(&seed) % 3) {
			case 0:
				text[at] = bytes[scratch_random(&seed) % (sizeof(bytes) - 1)];
				break;
			case 1:
				memmove(text + at, text + at + n, len - at - n);
				len -= n < len ? n : 0;
				break;
			default:
				if (len + n <= sizeof(text)) {
					memmove(text + at + n, text + at, len - at);
					len += n;
				}
			}
		}
		copy = bytes_exact(text, len);
		lf_envelope_start(envelope, copy, len, NULL);
		for (n = 0; lf_envelope_next(envelope, &ev) > 0; n++)
			assert_true(ev.raw.len > 1 && ev.raw.s[0] == '{' && ev.raw.s[ev.raw.len - 1] == '}');
		assert_true(n < 20 && lf_envelope_damage(envelope)->at <= len);
		free(copy);
	}
}

/* One byte of the text is another, wherever allowed() has it: no record is "no". */
static void
none_forged(const char *original, bool (*allowed)(const char *text, size_t at))
{
	static const char bytes[] = "\0 \n\"\\{}[],:xt1-\x80\xff\x01";
	size_t len = strlen(original);
	char *text = strdup(original);
	struct lf_buf out;

	lf_buf_init(&out);
	for (size_t at = 0; at < len; at++) {
		for (size_t b = 0; allowed(original, at) && b < sizeof(bytes) - 1; b++) {
			text[at] = bytes[b];
			ids(text, len, &out);
			if (strstr(lf_buf_str(&out), "no") != NULL)
				fail_msg("%s: byte %zu as %02x: %s", original, at, (unsigned char)bytes[b], lf_buf_str(&out));
		}
		text[at] = original[at];
	}
	lf_buf_free(&out);
	free(text);
}

static bool
outside_of_request(const char *text, size_t at)
{
	size_t from = (size_t)(strstr(text, "\"requestParameters\"") - text), to = (size_t)(strstr(text, "\"eventID\":\"1\"") - text);

	return at < from || at > to;
}

static bool
outside_of_strings(const char *text, size_t at)
{
	static const char forged[] = "\"" REC1("no") "\"";
	size_t len = sizeof(forged) - 1, from = at < len ? 0 : at - len + 1;

	for (const char *p = text + from; (p = strstr(p, forged)) != NULL && p <= text + at; p++)
		if (text + at < p + len)
			return false;
	return true;
}

/* What a caller wrote is no record, wherever the byte is but in front of that or in it. */
static void
test_forged(void **state)
{
	static const char *const objects[] = {
	    "{\"Records\":[{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"t\"},\"eventName\":\"n\",\"requestParameters\":{"
	    "\"context\":" REC("no") ",\"detail\":" REC("no") ",\"list\":[" REC("no") "," REC("no") "]},\"eventID\":\"1\"}]}",
	    "[ { \"eventVersion\" : \"1.08\",\n \"eventName\" : \"n\",\n \"requestParameters\" : {\n \"context\" : " REC("no")
	    ",\n \"list\" : [ " REC("no") ", " REC("no") " ] },\n \"eventID\":\"1\" } ]"};
	/* strings, even where the byte is in front of them */
	static const char *const strings[] = {
	    "{\"Records\":[{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"t\"},\"eventName\":\"n\",\"requestParameters\":{"
	    "\"message\":\"" REC1("no") "\",\"items\":[{\"id\":\"1\"},{\"readOnly\":1,\"message\":\"" REC1("no") "\"}],\"body\":\""
	    REC1("no") "\"},\"eventID\":\"1\"}]}",
	    "{\"Records\":[{\"eventVersion\":\"1.08\",\"requestParameters\":{\"message\":\"" REC1("no") "\",\"items\":[{\"id\":\"1\"}]"
	    ",\"Body\":\"" REC1("no") "\"},\"eventID\":\"1\"}]}"};

	(void)state;
	for (size_t i = 0; i < COUNT(objects); i++)
		none_forged(objects[i], outside_of_request);
	for (size_t i = 0; i < COUNT(strings); i++)
		none_forged(strings[i], outside_of_strings);
}

/* Text against which a search that tries the same bytes again and again takes hours. */
static void
test_linear(void **state)
{
	static const char *const pieces[] = {"{\"eventVersion\":", "{\"eventVersion\":[", "{\"Records\":[", "{\"eventVersion\":{\"eventID\":[",
	    "[", "{", "{\"", "\"", "{\"id\":\"", "{ ", "{\"eventVersion\":1,\"eventID\":{", "{\"message\":\"{\\\"a", "{\"eventVersion\":1}",
	    "{\"eventVersion\":1},", "{\"aws\":", ",{\"eventVersion\":\"", "}", "2024-01-01T00:00:00Z x", "{\"eventVersion\"    ", "\"a\":[", ": [", "a:{", "\"detail\":[\"",
	    "{\"detail\":", "{\"source\":\"aws.x\",\"detail\":", "{\"source\":\"x\",\"detail\":{", "\"detail\":1,", "{\"x\":\"eventVersio\"},",
	    "{\"eventVersion\":1,\"eventID\":2,,\"a\":[", "{\"eventVersion\":1,\"eventID\":2,,\"a\":{\"a\":["};
	size_t size = 8 << 20, len;
	char *text = malloc(size);
	struct lf_event ev;
	clock_t start;

	(void)state;
	assert_non_null(text);
	for (size_t front = 0; front < 3; front++)
		for (size_t i = 0; i < COUNT(pieces); i++) {
			len = strlen(pieces[i]);
			for (size_t at = 0; at < size; at++)
				text[at] = pieces[i][at % len];
			if (front > 0)
				memcpy(text, front == 1 ? "{\"eventVersion\":[" : "{\"source\":  \"a\", ", 17);
			start = clock();
			lf_envelope_start(envelope, text, size, NULL);
			while (lf_envelope_next(envelope, &ev) > 0)
				;
			if (clock() - start > 20 * CLOCKS_PER_SEC)
				fail_msg("%s takes too long", pieces[i]);
		}
	free(text);
}

/* Records that a broken one has swallowed, by more bytes than a record can have: they are looked for inside it. */
static void
test_swallowed(void **state)
{
	static const unsigned depths[] = {1, 2, 3, 200};
	const struct lf_damage *d;
	struct lf_buf text;
	struct lf_event ev;
	clock_t start;
	uint64_t n, in;

	(void)state;
	lf_buf_init(&text);
	for (size_t i = 0; i < COUNT(depths); i++) {
		lf_buf_reset(&text);
		for (unsigned depth = 0; depth < depths[i]; depth++)
			lf_buf_puts(&text, "{\"eventVersion\":1,\"eventID\":\"x\",\"resources\":[");
		for (in = 0; text.len < 8 << 20; in++)
			lf_buf_puts(&text, REC("1") ",");
		n = 0;
		start = clock();
		lf_envelope_start(envelope, text.data, text.len, NULL);
		while (lf_envelope_next(envelope, &ev) > 0)
			n++;
		assert_true(clock() - start < 20 * CLOCKS_PER_SEC);
		d = lf_envelope_damage(envelope);
		assert_true(n == in || depths[i] == 200);
		assert_true(d->places > 0 && (n == in || d->lost > text.len - (1 << 20)));
	}
	lf_buf_free(&text);
}

/* Strings in strings: as deep as there are texts, and no crash below. */
static void
test_nested_strings(void **state)
{
	struct lf_buf text, next;
	struct lf_event ev;

	(void)state;
	lf_buf_init(&text);
	lf_buf_init(&next);
	lf_buf_puts(&text, REC("1"));
	for (int depth = 1; depth <= 12; depth++) {
		lf_buf_reset(&next);
		lf_buf_puts(&next, "{\"message\":\"");
		for (size_t i = 0; i < text.len; i++) {
			if (text.data[i] == '"' || text.data[i] == '\\')
				lf_buf_putc(&next, '\\');
			lf_buf_putc(&next, text.data[i]);
		}
		lf_buf_puts(&next, "\"}");
		lf_buf_reset(&text);
		lf_buf_add(&text, next.data, next.len);
		lf_envelope_start(envelope, text.data, text.len, NULL);
		assert_int_equal(lf_envelope_next(envelope, &ev), depth < 6 ? 1 : 0);
		assert_int_equal(lf_envelope_damage(envelope)->strangers, depth < 6 ? 0 : 1);
	}
	lf_buf_free(&text);
	lf_buf_free(&next);
}

/* ---- CSV ---- */

static const char *
field(const struct lf_event *ev, enum lf_event_field f, struct lf_buf *out)
{
	lf_buf_reset(out);
	lf_event_text(ev, f, out);
	return lf_buf_str(out);
}

static void
test_csv(void **state)
{
	static const char recent[] =
	    "\xef\xbb\xbf" "Event name,Event time,User name,Event source,Resource type,Resource name,Event ID,AWS access key,AWS region,"
	    "Error code,Source IP address,Read-only,Request ID,User agent,Event type,Recipient Account Id,What\r\n"
	    "StopLogging,2024-03-01T05:06:07Z,\"al\"\"ice\",cloudtrail.amazonaws.com,AWS::CloudTrail::Trail,t1,id-1,AKIA1,us-east-1,"
	    "AccessDenied,192.0.2.1,false,req-1,\"agent, x\",AwsApiCall,111122223333,x\r\n"
	    "\r\n"
	    "DeleteTrail,\"2024-03-01, 05:06:08 UTC+0100\",bob,,,,id-2\r\n"
	    ",,,,,,\r\n"
	    "x,\"open\r\n"
	    "ListTrails,\"March 1, 2024, 05:06:09 PM (UTC-05:00)\",\xff,,,,id-3\r\n";
	struct lf_event ev;
	struct lf_buf out;
	int32_t nanos;

	(void)state;
	lf_buf_init(&out);
	lf_envelope_start(envelope, recent, sizeof(recent) - 1, NULL);
	assert_int_equal(lf_envelope_next(envelope, &ev), 1);
	assert_true(ev.partial);
	assert_string_equal(field(&ev, LF_EV_NAME, &out), "StopLogging");
	assert_string_equal(field(&ev, LF_EV_SOURCE, &out), "cloudtrail.amazonaws.com");
	assert_string_equal(field(&ev, LF_EV_UI_USER_NAME, &out), "al\"ice");
	assert_string_equal(field(&ev, LF_EV_UI_ACCESS_KEY, &out), "AKIA1");
	assert_string_equal(field(&ev, LF_EV_REGION, &out), "us-east-1");
	assert_string_equal(field(&ev, LF_EV_ERROR_CODE, &out), "AccessDenied");
	assert_string_equal(field(&ev, LF_EV_SOURCE_IP, &out), "192.0.2.1");
	assert_string_equal(field(&ev, LF_EV_READ_ONLY, &out), "false");
	assert_string_equal(field(&ev, LF_EV_USER_AGENT, &out), "agent, x");
	assert_string_equal(field(&ev, LF_EV_TYPE, &out), "AwsApiCall");
	assert_string_equal(field(&ev, LF_EV_RECIPIENT, &out), "111122223333");
	assert_string_equal(field(&ev, LF_EV_ID, &out), "id-1");
	lf_buf_reset(&out);
	lf_buf_add(&out, ev.field[LF_EV_RESOURCES].s, ev.field[LF_EV_RESOURCES].len);
	assert_string_equal(lf_buf_str(&out), "[{\"ARN\":\"t1\",\"type\":\"AWS::CloudTrail::Trail\"}]");
	assert_int_equal(lf_event_time(&ev, &nanos), 1709269567);
	assert_int_equal(lf_envelope_next(envelope, &ev), 1);
	assert_string_equal(field(&ev, LF_EV_ID, &out), "id-2");
	assert_int_equal(lf_event_time(&ev, &nanos), 1709269568 - 3600);
	assert_null(ev.field[LF_EV_SOURCE].s);
	assert_int_equal(lf_envelope_next(envelope, &ev), 1);
	assert_string_equal(field(&ev, LF_EV_ID, &out), "id-3");
	assert_int_equal(lf_event_time(&ev, &nanos), 1709269569 + (12 + 5) * 3600);
	assert_int_equal(lf_envelope_index(envelope), 2);
	assert_int_equal(lf_envelope_next(envelope, &ev), 0);
	assert_int_equal(lf_envelope_damage(envelope)->places, 1);
	assert_int_equal(lf_envelope_damage(envelope)->lost, strlen("x,\"open\r\n"));
	assert_int_equal(lf_envelope_damage(envelope)->strangers, 1);
	assert_int_equal(lf_envelope_damage(envelope)->uneven, 2);
	lf_buf_free(&out);
}

/* Lines that do not fit their header are given, and told; so is a header without a line. */
static void
test_csv_uneven(void **state)
{
#define HEADER "Event time,Event name,Event ID,User name\n"
	static const struct {
		const char *text, *ids, *problem;
		uint64_t uneven, strangers;
	} cases[] = {
	    {HEADER "t,n,1,u\nt,n,2,\n", "1,2,", NULL, 0, 0},
	    {HEADER "t,n,1,u\nt,n,2\n", "1,2,", "a line with fewer fields than its header", 1, 0},
	    {HEADER "t,n,1,u,\"more\"\nt,DeleteTr", "1,-,", "a line with more fields than its header", 2, 0},
	    {"Event time,Event name,Event ID,Event name\nt,n,1,x\n", "1,",
	     "a column that stands twice in the header, of which the first is read", 2, 0},
	    {"Event time,Event name,Event ID,what,what\nt,n,1,x,y\n", "1,", NULL, 0, 0},
	    {"Event time,Event name,Event ID,User name,Username\nt,n,1,u,u\nt,n,2,u,\nt,n,3,,u\n", "1,2,3,", NULL, 0, 0},
	    {"Event time,Event name,Event ID,EventName\nt,n,1,n\nt,n,2,x\n", "1,2,",
	     "two columns that should be the same, of which the first is read", 1, 0},
	    {HEADER, "", "the header of an event history without a line", 0, 1},
	    {"\xef\xbb\xbf\r\n" HEADER "\n\n", "", "the header of an event history without a line", 0, 1},
	    {HEADER ",,,\n", "", "a value that is no CloudTrail record", 0, 1},
	};
	const struct lf_damage *d = lf_envelope_damage(envelope);
	struct lf_buf out;

	(void)state;
	lf_buf_init(&out);
	for (size_t i = 0; i < COUNT(cases); i++) {
		ids(cases[i].text, strlen(cases[i].text), &out);
		assert_string_equal(lf_buf_str(&out), cases[i].ids);
		assert_int_equal(d->uneven, cases[i].uneven);
		assert_int_equal(d->strangers, cases[i].strangers);
		assert_int_equal(d->places, 0);
		assert_string_equal(d->problem == NULL ? "" : d->problem, cases[i].problem == NULL ? "" : cases[i].problem);
	}
	lf_buf_free(&out);
}

/* What a caller wrote makes no header of a line of JSON. */
static void
test_csv_forged(void **state)
{
#define AGENT "{\"eventVersion\":1,\"userAgent\":\"x,eventTime,eventName,y\",\"eventSource\":\"s\",\"eventID\":\"1\"}"
	static const struct form forms[] = {
	    {"2024-03-01T00:00:00Z " AGENT "\n2024-03-01T00:00:01Z " REC("2"), "1,2,", 0, 0},
	    {"2024-03-01T00:00:00Z stream " AGENT "\n" REC("2"), "1,2,", 0, 0},
	    {"\n{\"Records\":[" AGENT "]}", "1,", 0, 0},
	    {" \xef\xbb\xbf\r\n[" AGENT "]", "1,", 0, 0},
	    {"host app: " AGENT "\n" REC("2"), "1,2,", 1, 0},
	    {"\"x\",\"{\",eventTime,eventName\n" REC("2"), "2,", 2, 2},
	};

	(void)state;
	check_forms(forms, COUNT(forms));
}

/* Names of columns change from year to year, and so does what Resources holds. */
static void
test_csv_columns(void **state)
{
	static const struct {
		const char *text, *user, *key, *resources;
	} cases[] = {
	    {"Event ID,Event time,Username,Access key ID\n1,t,u,k\n", "u", "k", ""},
	    {"eventName,eventID,userName,accessKeyId\nn,1,u,k\n", "u", "k", ""},
	    {"\"Event Time\",\"User Name\",\"Event Name\",\"Resources\"\nt,u,n,\"[{\"\"resourceType\"\":\"\"T\"\",\"\"resourceName\"\":"
	     "\"\"a\\\"\"b\"\"},{\"\"resourceName\"\":\"\"c\"\"}]\"\n", "u", "", "[{\"ARN\":\"a\\\"b\",\"type\":\"T\"},{\"ARN\":\"c\"}]"},
	    {"Event time,Event name,Resources\nt,n,\"[{\"\"resourceName\"\":\"\"c\"\"}\"\n", "", "",
	     "[{\"ARN\":\"[{\\\"resourceName\\\":\\\"c\\\"}\"}]"},
	};
	struct lf_event ev;
	struct lf_buf out;

	(void)state;
	lf_buf_init(&out);
	for (size_t i = 0; i < COUNT(cases); i++) {
		lf_envelope_start(envelope, cases[i].text, strlen(cases[i].text), NULL);
		assert_int_equal(lf_envelope_next(envelope, &ev), 1);
		assert_string_equal(field(&ev, LF_EV_UI_USER_NAME, &out), cases[i].user);
		assert_string_equal(field(&ev, LF_EV_UI_ACCESS_KEY, &out), cases[i].key);
		lf_buf_reset(&out);
		lf_buf_add(&out, ev.field[LF_EV_RESOURCES].s, ev.field[LF_EV_RESOURCES].len);
		assert_string_equal(lf_buf_str(&out), cases[i].resources);
		assert_int_equal(lf_envelope_next(envelope, &ev), 0);
	}
	lf_buf_free(&out);
}

/* ---- Memory ---- */

static int
read_step(void)
{
	static const char json[] = "{\"Messages\":[{\"Body\":\"{\\\"Type\\\":\\\"Notification\\\",\\\"Message\\\":\\\"" REC2("1") "\\\"}\"}]}";
	static const char csv[] = "Event name,Event time,User name\nn,t,u\n";
	struct lf_envelope *e;
	struct lf_event ev;
	struct lf_err err;
	int rc = -1, n = 0;

	e = lf_envelope_new(&err);
	if (e == NULL)
		return -1;
	lf_envelope_start(e, json, sizeof(json) - 1, NULL);
	while ((rc = lf_envelope_next(e, &ev)) > 0)
		n++;
	if (rc == 0) {
		lf_envelope_start(e, csv, sizeof(csv) - 1, NULL);
		while ((rc = lf_envelope_next(e, &ev)) > 0)
			n++;
	}
	lf_envelope_free(e);
	return rc == 0 && n != 2 ? 1 : rc;
}

static void
test_no_memory(void **state)
{
	(void)state;
	chaos_check(read_step, 4);
}

/* ---- Real data ---- */

/* The members that tell an object from others: as many as a record must have. */
static bool
looks_like_record(const json_t *v)
{
	static const char *const own[] = {"eventVersion", "eventID", "eventTime", "eventSource", "userIdentity", "awsRegion"};
	unsigned n = 0;

	for (size_t i = 0; i < COUNT(own); i++)
		n += json_object_get(v, own[i]) != NULL;
	return n >= 2;
}

/* All records in a value, in order: jansson's opinion. */
static void
collect(json_t *v, json_t *out)
{
	struct lf_err err;
	json_t *inner;
	const char *key;
	size_t i;

	if (json_is_object(v) && looks_like_record(v)) {
		json_array_append(out, v);
	} else if (json_is_object(v)) {
		json_object_foreach(v, key, inner)
			collect(inner, out);
	} else if (json_is_array(v)) {
		json_array_foreach(v, i, inner)
			collect(inner, out);
	} else if (json_is_string(v) && *json_string_value(v) == '{') {
		inner = lf_json_read(json_string_value(v), json_string_length(v), NULL, &err);
		collect(inner, out);
		json_decref(inner);
	}
}

static void
same_text(const struct lf_event *ev, enum lf_event_field f, const json_t *object, const char *name)
{
	const json_t *v = json_object_get(object, name);
	struct lf_buf out;

	lf_buf_init(&out);
	if (v == NULL || json_is_null(v))
		assert_null(ev->field[f].s);
	else if (json_is_string(v))
		assert_string_equal(field(ev, f, &out), json_string_value(v));
	else if (json_is_boolean(v))
		assert_string_equal(field(ev, f, &out), json_is_true(v) ? "true" : "false");
	lf_buf_free(&out);
}

static void
same_fields(const struct lf_event *ev, const json_t *v)
{
	static const struct {
		enum lf_event_field f;
		const char *name;
	} own[] = {{LF_EV_VERSION, "eventVersion"}, {LF_EV_TIME, "eventTime"}, {LF_EV_SOURCE, "eventSource"},
	    {LF_EV_NAME, "eventName"}, {LF_EV_REGION, "awsRegion"}, {LF_EV_SOURCE_IP, "sourceIPAddress"},
	    {LF_EV_USER_AGENT, "userAgent"}, {LF_EV_ERROR_CODE, "errorCode"}, {LF_EV_ERROR_MESSAGE, "errorMessage"},
	    {LF_EV_ID, "eventID"}, {LF_EV_TYPE, "eventType"}, {LF_EV_CATEGORY, "eventCategory"},
	    {LF_EV_RECIPIENT, "recipientAccountId"}, {LF_EV_SHARED_ID, "sharedEventID"}, {LF_EV_READ_ONLY, "readOnly"},
	    {LF_EV_VPC_ENDPOINT, "vpcEndpointId"}},
	  who[] = {{LF_EV_UI_TYPE, "type"}, {LF_EV_UI_PRINCIPAL, "principalId"}, {LF_EV_UI_ARN, "arn"},
	    {LF_EV_UI_ACCOUNT, "accountId"}, {LF_EV_UI_ACCESS_KEY, "accessKeyId"}, {LF_EV_UI_USER_NAME, "userName"},
	    {LF_EV_UI_INVOKED_BY, "invokedBy"}};

	for (size_t i = 0; i < COUNT(own); i++)
		same_text(ev, own[i].f, v, own[i].name);
	for (size_t i = 0; i < COUNT(who); i++)
		same_text(ev, who[i].f, json_object_get(v, "userIdentity"), who[i].name);
}

static uint64_t records_seen;

/* All records of a text; where jansson can read it, the same as jansson's. */
static void
compare(const char *text, size_t len)
{
	json_t *list = json_array(), *v, *mine;
	struct lf_event ev;
	struct lf_err err;
	size_t at = 0, used, i = 0;
	bool whole = true;

	while (whole && at < len) {
		v = lf_json_read(text + at, len - at, &used, &err);
		whole = v != NULL;
		collect(v, list);
		json_decref(v);
		at += whole ? used : 0;
		while (at < len && strchr(" \n\r\t", text[at]) != NULL)
			at++;
	}
	lf_envelope_start(envelope, text, len, NULL);
	while (lf_envelope_next(envelope, &ev) > 0) {
		mine = lf_json_read(ev.raw.s, ev.raw.len, NULL, &err);
		assert_non_null(mine);
		assert_true(!whole || json_equal(mine, json_array_get(list, i)));
		same_fields(&ev, mine);
		json_decref(mine);
		i++;
	}
	if (whole) {
		assert_int_equal(i, json_array_size(list));
		assert_null(lf_envelope_damage(envelope)->problem);
	}
	records_seen += i;
	json_decref(list);
}

static int
visit(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	struct lf_inflater *inf;
	unsigned char *bytes;
	struct lf_gzip gz;
	struct lf_err err;
	size_t len;
	FILE *f;

	(void)ftw;
	if (type != FTW_F || strstr(path, ".json") == NULL)
		return 0;
	len = (size_t)st->st_size;
	bytes = malloc(len + 1);
	f = fopen(path, "rb");
	inf = lf_inflater_new(&err);
	assert_true(bytes != NULL && f != NULL && inf != NULL);
	assert_int_equal(fread(bytes, 1, len, f), len);
	fclose(f);
	assert_int_equal(lf_gunzip(inf, bytes, len, 1 << 30, &gz, &err), 0);
	compare((const char *)gz.data, gz.len);
	lf_inflater_free(inf);
	free(bytes);
	return 0;
}

static void
test_real(void **state)
{
	static const struct {
		const char *place;
		uint64_t records;
	} cases[] = {{"invictus-stratus-logs", 2900}, {"stratus-detonations", 310}, {"event-versions", 206},
	    {"busy-minute", 1679}, {"lookup-events", 6}, {"eventbridge", 20}, {"damaged-json/samples-large.json", 840},
	    {"damaged-json/samples.json", 50}, {"damaged-json/raw-sample.json", 1}};
	const char *root = getenv("SHARED_DATA");
	char path[4096];

	(void)state;
	if (root == NULL || *root == '\0')
		skip();
	for (size_t i = 0; i < COUNT(cases); i++) {
		snprintf(path, sizeof(path), "%s/%s", root, cases[i].place);
		records_seen = 0;
		if (nftw(path, visit, 16, FTW_PHYS) != 0)
			skip();
		if (records_seen != cases[i].records)
			fail_msg("%s: %llu", cases[i].place, (unsigned long long)records_seen);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_logs),
	    cmocka_unit_test(test_wrappers),
	    cmocka_unit_test(test_bridge),
	    cmocka_unit_test(test_passed_over),
	    cmocka_unit_test(test_quotes_as_units),
	    cmocka_unit_test(test_damage),
	    cmocka_unit_test(test_odd_bytes),
	    cmocka_unit_test(test_duplicates),
	    cmocka_unit_test(test_truncated),
	    cmocka_unit_test(test_corrupted),
	    cmocka_unit_test(test_mutated),
	    cmocka_unit_test(test_forged),
	    cmocka_unit_test(test_linear),
	    cmocka_unit_test(test_swallowed),
	    cmocka_unit_test(test_nested_strings),
	    cmocka_unit_test(test_csv),
	    cmocka_unit_test(test_csv_columns),
	    cmocka_unit_test(test_csv_uneven),
	    cmocka_unit_test(test_csv_forged),
	    cmocka_unit_test(test_no_memory),
	    cmocka_unit_test(test_real),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
