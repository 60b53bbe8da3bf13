/* Records as events: broken ones, members that stand twice or elsewhere, and what strings say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bytes.h"
#include "forensic.h"
#include "record/event.h"
#include "chaos.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct lf_seed seed;

static int
make_seed(void **state)
{
	struct lf_err err;

	(void)state;
	return lf_seed_new(&seed, &err);
}

/* Reads the object at the start of text. */
static bool
read_text(const char *text, size_t len, struct lf_event *e, struct lf_scan *s)
{
	lf_scan_init(s, text, len);
	assert_int_equal(lf_scan_next(s), LF_TOKEN_OBJECT);
	return lf_event_read(s, &seed, e);
}

static struct lf_event
event(const char *text)
{
	struct lf_event e;
	struct lf_scan s;

	if (!read_text(text, strlen(text), &e, &s))
		fail_msg("%s: %s at %zu", text, s.problem, s.at);
	assert_ptr_equal(e.raw.s, text);
	assert_int_equal(e.raw.len, strlen(text));
	assert_int_equal(lf_scan_next(&s), LF_TOKEN_END);
	return e;
}

static void
says(const struct lf_event *e, enum lf_event_field f, const char *want)
{
	struct lf_buf buf;

	lf_buf_init(&buf);
	lf_event_text(e, f, &buf);
	assert_string_equal(lf_buf_str(&buf), want);
	lf_buf_free(&buf);
}

static void
test_twice(void **state)
{
	static const struct {
		const char *text, *duplicate;
		size_t at;
		const char *id, *arn, *issuer;
	} cases[] = {
	    {"{\"eventID\":\"a\",\"eventID\":\"b\"}", "duplicate key eventID", 15, "b", "", ""},
	    {"{\"eventID\":\"a\",\"event\\u0049D\":\"b\"}", "duplicate key eventID", 15, "b", "", ""},
	    {"{\"eventID\":\"a\",\"eventID\":null}", "duplicate key eventID", 15, "", "", ""},
	    {"{\"eventID\":\"a\\/\",\"eventID\":\"b\"}", "duplicate key eventID", 17, "b", "", ""},
	    {"{\"eventID\":\"a\",\"eventId\":\"b\"}", NULL, 0, "a", "", ""},
	    {"{\"eventId\":\"b\\/\",\"eventID\":\"a\"}", NULL, 0, "a", "", ""},
	    {"{\"eventID\":null,\"eventId\":\"b\\/\"}", NULL, 0, "b/", "", ""},
	    {"{\"eventId\":\"b\",\"eventId\":\"c\"}", "duplicate key eventId", 15, "c", "", ""},
	    {"{\"x\":1,\"y\":2,\"requestParameters\":{\"eventID\":1,\"eventID\":2}}", NULL, 0, "", "", ""},
	    {"{\"x\":1,\"y\":2,\"x\":3}", "duplicate key", 13, "", "", ""},
	    {"{\"\":1,\"a\":2,\"\":3}", "duplicate key", 12, "", "", ""},
	    {"{\"requestID\":1,\"request\\u0049D\":3}", "duplicate key", 15, "", "", ""},
	    {"{\"request\\u0049D\":1,\"requestID\":3}", "duplicate key", 20, "", "", ""},
	    {"{\"\\u00e9\":1,\"\xc3\xa9\":3}", "duplicate key", 12, "", "", ""},
	    {"{\"requestID\":1,\"requestid\":2,\"requestI\":3,\"requestIDs\":4,\"RequestID\":5}", NULL, 0, "", "", ""},
	    {"{\"arn\":1,\"userIdentity\":{\"x\":1,\"x\":2},\"arn\":2}", "duplicate key", 38, "", "", ""},
	    {"{\"userIdentity\":{\"arn\":\"a\",\"arn\":\"b\"}}", "duplicate key arn", 27, "", "b", ""},
	    {"{\"userIdentity\":{\"arn\":\"a\"},\"arn\":\"b\"}", NULL, 0, "", "a", ""},
	    /* of the first nothing is left over */
	    {"{\"userIdentity\":{\"arn\":\"a\",\"sessionContext\":{\"sessionIssuer\":{\"arn\":\"i\"}}},\"userIdentity\":{}}",
		"duplicate key userIdentity", 75, "", "", ""},
	    {"{\"userIdentity\":{\"arn\":\"a\\/\"},\"userIdentity\":{}}", "duplicate key userIdentity", 30, "", "", ""},
	    {"{\"userIdentity\":{\"arn\":\"a\"},\"userIdentity\":null}", "duplicate key userIdentity", 28, "", "", ""},
	    {"{\"userIdentity\":{\"arn\":\"a\"},\"userIdentity\":{\"arn\":\"b\"}}", "duplicate key userIdentity", 28, "", "b",
		""},
	    {"{\"userIdentity\":{\"sessionContext\":{\"sessionIssuer\":{\"arn\":\"i\"}},\"arn\":\"a\",\"sessionContext\":7}}",
		"duplicate key sessionContext", 74, "", "a", ""},
	    {"{\"userIdentity\":{\"sessionContext\":{\"sessionIssuer\":{\"arn\":\"i\"},\"sessionIssuer\":{\"type\":\"t\"}}}}",
		"duplicate key sessionIssuer", 63, "", "", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct lf_event e = event(cases[i].text);

		assert_int_equal(e.duplicate == NULL, cases[i].duplicate == NULL);
		if (e.duplicate != NULL)
			assert_string_equal(e.duplicate, cases[i].duplicate);
		assert_int_equal(e.repeated, cases[i].at);
		says(&e, LF_EV_ID, cases[i].id);
		says(&e, LF_EV_UI_ARN, cases[i].arn);
		says(&e, LF_EV_ISSUER_ARN, cases[i].issuer);
		assert_int_equal(e.members >> LF_EV_UI_ARN & 1, *cases[i].arn != '\0');
		for (size_t f = 0; f < LF_EV_STRINGS; f++)
			assert_int_equal(e.escaped >> f & 1,
			    e.field[f].s != NULL && memchr(e.field[f].s, '\\', e.field[f].len) != NULL);
	}
}

/* Members without a place, as many as anybody likes: one that stands there twice is told, or that it could not be. */
static void
test_many_strangers(void **state)
{
	struct lf_buf text;

	(void)state;
	for (unsigned n = 1; n < 20000; n = n * 2 + 1) {
		for (unsigned twice = 0; twice <= n; twice = twice == 0 ? 1 : twice * 2) {
			struct lf_event e;

			lf_buf_init(&text);
			lf_buf_putc(&text, '{');
			for (unsigned i = 1; i <= n; i++)
				lf_buf_printf(&text, "\"m%u\":1,", i);
			lf_buf_printf(&text, "\"m%u\":2}", twice);
			e = event(lf_buf_str(&text));
			if (twice > 0 || n < 60)
				assert_int_equal(e.duplicate != NULL, twice > 0);
			else if (n >= 64)
				assert_non_null(e.duplicate);
			lf_buf_free(&text);
		}
	}
}

/* A name is found when each of its characters is escaped, and a longer one is not taken for it. */
static void
test_escaped_names(void **state)
{
	static const struct {
		const char *name;
		enum lf_event_field field;
	} cases[] = {{"eventID", LF_EV_ID}, {"eventTime", LF_EV_TIME}, {"readOnly", LF_EV_READ_ONLY}, {"summary", LF_EV_SUMMARY},
	    {"requestParameters", LF_EV_REQUEST}, {"recipientAccountId", LF_EV_RECIPIENT},
	    {"additionalEventData", LF_EV_ADDITIONAL}, {"serviceEventDetails", LF_EV_SERVICE}};
	char text[512];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		for (int more = 0; more < 2; more++) {
			size_t at = 2;
			struct lf_event e;

			memcpy(text, "{\"", 2);
			for (const char *c = cases[i].name; *c != '\0'; c++)
				at += (size_t)snprintf(text + at, sizeof(text) - at, "\\u%04x", (unsigned)*c);
			snprintf(text + at, sizeof(text) - at, "%s\":1}", more ? "s" : "");
			e = event(text);
			assert_int_equal(e.members, more ? 0 : UINT64_C(1) << cases[i].field);
		}
}

/* Names that lie elsewhere, and what is nearly a name, are nobody's. */
static void
test_strangers(void **state)
{
	static const char *const texts[] = {"{}", "{\"type\":\"x\",\"arn\":\"x\",\"userName\":\"x\",\"sessionContext\":{}}",
	    "{\"userIdentity\":[{\"arn\":\"x\"}]}", "{\"userIdentity\":{\"userIdentity\":{\"arn\":\"x\"},\"eventID\":\"x\"}}",
	    "{\"userIdentity\":{\"sessionIssuer\":{\"arn\":\"x\"}}}", "{\"EventID\":\"x\",\"eventid\":\"x\",\"eventI\":\"x\"}",
	    "{\"eventID \":\"x\",\" eventID\":\"x\",\"eventID\\u0000\":\"x\",\"\":\"x\",\"a\":1,\"ID\":2}",
	    "{\"xeventID\":1,\"serviceEventDetailsserviceEventDetails\":1,\"\\u0000\\ud800\\ud83d\\ude00eventID\":2}",
	    "{\"userIdentity\":{\"sessionContext\":{\"arn\":\"x\",\"sessionIssuer\":[]}}}"};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct lf_event e = event(texts[i]);

		assert_int_equal(e.members & ~(UINT64_C(1) << LF_EV_USER_IDENTITY), 0);
		for (size_t f = 0; f < LF_EV_FIELDS; f++)
			assert_true(e.field[f].s == NULL || f == LF_EV_USER_IDENTITY);
	}
}

#define RECORD                                                                                                        \
	"{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"AssumedRole\",\"arn\":\"arn:\\u0061/\\ud83d\\ude00\","         \
	"\"sessionContext\":{\"sourceIdentity\":\"who\",\"sessionIssuer\":{\"type\":\"Role\",\"userName\":\"r\"}}},"            \
	"\"eventTime\":\"2024-03-01T02:03:39Z\",\"readOnly\":false,\"n\":-1.5e3,\"resources\":[{\"ARN\":\"\xc3\xa9\"},[]],"     \
	"\"responseElements\":null,\"eventID\":\"id\"}"

/* Cut anywhere: broken, and what came before is there. */
static void
test_truncated(void **state)
{
	struct lf_event whole = event(RECORD);

	(void)state;
	for (size_t n = 1; n < strlen(RECORD); n++) {
		char *text = bytes_exact(RECORD, n);
		struct lf_event e;
		struct lf_scan s;

		assert_false(read_text(text, n, &e, &s));
		assert_non_null(s.problem);
		assert_true(s.at <= n);
		assert_ptr_equal(e.raw.s, text);
		assert_true(e.raw.len <= n);
		for (size_t f = 0; f < LF_EV_FIELDS; f++) {
			struct lf_slice v = whole.field[f];
			size_t from = (size_t)(v.s - whole.raw.s);

			if (v.s != NULL && from + v.len + (v.s[-1] == '"') <= n)
				assert_ptr_equal(e.field[f].s, text + from);
			else
				assert_null(e.field[f].s);
		}
		free(text);
	}
}

/* Any byte another one: never a crash, never a slice that lies outside. */
static void
test_corrupted(void **state)
{
	size_t len = strlen(RECORD);

	(void)state;
	for (size_t i = 1; i < len; i++)
		for (int c = 0; c < 256; c++) {
			char *text = bytes_exact(RECORD, len);
			struct lf_event e;
			struct lf_scan s;
			struct lf_buf out;
			int32_t nanos;

			text[i] = (char)c;
			lf_buf_init(&out);
			read_text(text, len, &e, &s);
			for (size_t f = 0; f < LF_EV_FIELDS; f++) {
				assert_true(e.field[f].len <= len);
				lf_event_text(&e, (enum lf_event_field)f, &out);
			}
			lf_event_time(&e, &nanos);
			lf_json_compact(e.raw, &out);
			lf_buf_free(&out);
			free(text);
		}
}

static void
test_depth(void **state)
{
	static const char *const heads[] = {"{\"requestParameters\":", "{\"userIdentity\":{\"sessionContext\":{\"sessionIssuer\":"};
	static char text[3 * LF_MAX_JSON_DEPTH];

	(void)state;
	for (size_t h = 0; h < COUNT(heads); h++)
		for (size_t n = LF_MAX_JSON_DEPTH - 4; n < LF_MAX_JSON_DEPTH + 2; n++) {
			size_t depth = h == 0 ? 1 : 3, len = strlen(heads[h]);
			struct lf_event e;
			struct lf_scan s;

			memcpy(text, heads[h], len);
			memset(text + len, '[', n);
			memset(text + len + n, ']', n);
			memset(text + len + 2 * n, '}', depth);
			assert_int_equal(read_text(text, len + 2 * n + depth, &e, &s), depth + n <= LF_MAX_JSON_DEPTH);
		}
}

static void
test_large(void **state)
{
	size_t n = (size_t)10 << 20;
	struct lf_event e;
	struct lf_scan s;
	struct lf_buf in, out;

	(void)state;
	for (size_t f = 0; f < 4; f++) {
		lf_buf_init(&in);
		lf_buf_init(&out);
		lf_buf_puts(&in, f == 0 ? "{\"" : f == 1 ? "{\"eventName\":\"" : f == 2 ? "{\"x\":\"" : "{\"requestParameters\":[\"");
		for (size_t i = 0; i < n / 8; i++)
			lf_buf_puts(&in, f == 0 ? "eventID\\/" : "abcdefg\\/");
		lf_buf_puts(&in, f == 0 ? "\":1}" : f == 3 ? "\"]}" : "\"}");
		assert_false(in.failed);
		assert_true(read_text(in.data, in.len, &e, &s));
		lf_event_text(&e, LF_EV_NAME, &out);
		assert_int_equal(out.len, f == 1 ? n : 0);
		assert_int_equal(e.field[LF_EV_REQUEST].len, f == 3 ? n / 8 * 9 + 4 : 0);
		lf_buf_free(&in);
		lf_buf_free(&out);
	}
}

static void
test_text(void **state)
{
	struct lf_event e = event("{\"eventName\":\"a\\u0000b\",\"errorCode\":\"\\ud800\",\"userAgent\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\","
				  "\"readOnly\":\"true\",\"eventVersion\":1.08,\"awsRegion\":{\"a\":\"\\/\"},\"eventType\":\"\"}");
	struct lf_buf out;
	struct lf_slice v;

	(void)state;
	lf_buf_init(&out);
	lf_event_text(&e, LF_EV_NAME, &out);
	assert_int_equal(out.len, 3);
	assert_memory_equal(out.data, "a\0b", 3);
	lf_buf_free(&out);
	says(&e, LF_EV_ERROR_CODE, "\xef\xbf\xbd");
	says(&e, LF_EV_USER_AGENT, "\"\\/\b\f\n\r\t");
	says(&e, LF_EV_READ_ONLY, "true");
	says(&e, LF_EV_VERSION, "1.08");
	says(&e, LF_EV_REGION, "{\"a\":\"\\/\"}");
	says(&e, LF_EV_TYPE, "");
	assert_non_null(e.field[LF_EV_TYPE].s);
	v = lf_event_slice(&e, LF_EV_READ_ONLY, &out);
	assert_ptr_equal(v.s, e.field[LF_EV_READ_ONLY].s);
	assert_int_equal(out.len, 0);
	if (CHAOS) {
		chaos_countdown = 1;
		v = lf_event_slice(&e, LF_EV_USER_AGENT, &out);
		chaos_countdown = 0;
		assert_true(out.failed);
		assert_int_equal(v.len, 0);
	}
	lf_buf_free(&out);
}

static void
test_broken(void **state)
{
	static const char *const texts[] = {"{\"eventID\":\"a\x01\"}", "{\"eventID\":\"\xff\"}", "{\"eventID\":\"\\x\"}", "{\"eventID\"}",
	    "{\"eventID\":}", "{\"eventID\":NaN}", "{\"eventID\":1,}", "{,}", "{\"userIdentity\":{\"arn\":\"a\"]}",
	    "{\"userIdentity\":{\"sessionContext\":{}", "{\"eventID\":01}", "{eventID:1}", "{\"x\":[1 2]}", "{\"x\":1]"};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct lf_event e;
		struct lf_scan s;

		if (read_text(texts[i], strlen(texts[i]), &e, &s) || s.problem == NULL)
			fail_msg("%s", texts[i]);
	}
	{
		static const char nul[] = "{\"eventID\":\"a\0b\"}";
		struct lf_event e;
		struct lf_scan s;

		assert_false(read_text(nul, sizeof(nul) - 1, &e, &s));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_twice), cmocka_unit_test(test_many_strangers), cmocka_unit_test(test_escaped_names), cmocka_unit_test(test_strangers), cmocka_unit_test(test_truncated),
	    cmocka_unit_test(test_corrupted), cmocka_unit_test(test_depth), cmocka_unit_test(test_large),
	    cmocka_unit_test(test_text), cmocka_unit_test(test_broken)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_seed, NULL);
}
