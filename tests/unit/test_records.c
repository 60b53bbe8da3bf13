/* The records of logs, in every form that logs have; real ones counted against what is known of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/json.h"
#include "record/records.h"
#include "bytes.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ONE      "{\"eventVersion\":\"1.08\",\"eventID\":\"one\",\"awsRegion\":\"r-1\"}"
#define TWO      "{\"eventVersion\":\"1.08\",\"eventID\":\"two\",\"nested\":{\"eventID\":\"no\",\"a\":[1,{}]}}"

/* Reads all: the number of records, *problem gets what ended the reading. */
static uint64_t
count(const char *text, size_t len, const char **problem, size_t *at)
{
	struct lf_records r;
	struct lf_event rec;
	uint64_t n = 0;
	int rc;

	lf_records_init(&r, text, len);
	while ((rc = lf_records_next(&r, &rec)) > 0) {
		n++;
		assert_int_equal(r.n, n);
		assert_true(rec.raw.s >= text && rec.raw.s + rec.raw.len <= text + len);
		assert_true(rec.raw.len >= 2 && rec.raw.s[0] == '{' && rec.raw.s[rec.raw.len - 1] == '}');
	}
	assert_int_equal(rc < 0, r.problem != NULL);
	assert_int_equal(lf_records_next(&r, &rec), rc); /* and stays at the end */
	*problem = r.problem;
	*at = r.at;
	assert_true(r.at <= len);
	return n;
}

static void
test_forms(void **state)
{
	static const struct {
		const char *text, *problem;
		uint64_t n;
		size_t at;
	} cases[] = {
	    {"{\"Records\":[" ONE "," TWO "]}", NULL, 2, 0},
	    {" { \"Records\" : [ " ONE " ,\n " TWO " ] } \n", NULL, 2, 0},
	    {"{\"a\":{\"Records\":[1]},\"Records\":[" ONE "],\"b\":[{}]}", NULL, 1, 0},
	    {"{\"R\\u0065cords\":[" ONE "]}", NULL, 1, 0},
	    {"{\"Records\":[]}", NULL, 0, 0},
	    {"[" ONE "," TWO "]", NULL, 2, 0},
	    {"[]", NULL, 0, 0},
	    {ONE, NULL, 1, 0},
	    {ONE "\n" TWO "\n", NULL, 2, 0},
	    {ONE TWO ONE, NULL, 3, 0},
	    {"\xef\xbb\xbf" ONE, NULL, 1, 0},
	    /* no logs */
	    {"", "value expected", 0, 0},
	    {"7", "no CloudTrail log: neither an object nor an array", 0, 0},
	    {"{}", "no CloudTrail log: no Records, and no record's members", 0, 0},
	    {"{\"eventName\":1}", "no CloudTrail log: no Records, and no record's members", 0, 0},
	    {"{\"Records\":{}}", "Records is no array", 0, 11},
	    {"{\"Records\":null}", "Records is no array", 0, 11},
	    {"{\"Records\":[1]}", "a record that is no object", 0, 12},
	    {"{\"Records\":[[]]}", "a record that is no object", 0, 12},
	    {"[" ONE ",null]", "a record that is no object", 1, 59},
	    {ONE "[]", "a record that is no object", 1, 57},
	    /* more than a log */
	    {"{\"Records\":[" ONE "],\"Records\":[" TWO "]}", "duplicate key Records", 1, 71},
	    {"{\"Records\":[" ONE "]}{\"Records\":[" TWO "]}", "bytes behind the JSON text", 1, 71},
	    {"{\"Records\":[" ONE "]} x", "bytes behind the JSON text", 1, 72},
	    {"[" ONE "][]", "bytes behind the JSON text", 1, 59},
	    {ONE "x", "value expected", 1, 57},
	    {"{\"Records\":[{\"eventID\":\"a\",\"x\":1,\"eventID\":\"b\"}]}", "duplicate key eventID", 0, 33},
	    {"{\"Records\":[{\"eventTime\":1,\"event\\u0054ime\":2}]}", "duplicate key eventTime", 0, 27},
	    {"[{\"recipientAccountId\":1,\"recipientAccountId\":2}]", "duplicate key recipientAccountId", 0, 25},
	    {"[{\"x\":1,\"x\":2}]", "duplicate key", 0, 8},
	    {"[{\"x\":1,\"y\":{\"eventID\":1,\"eventID\":2}}]", NULL, 1, 0},
	    /* broken */
	    {"{\"Records\":[" ONE ",{\"eventID\":tru}]}", "value expected", 1, 81},
	    {"{\"Records\":[" ONE "}", "',' or ']' expected", 1, 69},
	    {"{\"Records\":[" ONE "],", "name of a member expected", 1, 71},
	    {"{\"Records\":[" ONE "],\"x\":[}", "value expected", 1, 76},
	};

	(void)state;
	assert_int_equal(strlen(ONE), 57); /* what the offsets count on */
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t len = strlen(cases[i].text), at;
		char *text = bytes_exact(cases[i].text, len);
		const char *problem;
		uint64_t n = count(text, len, &problem, &at);

		if (n != cases[i].n || at != cases[i].at || (problem == NULL) != (cases[i].problem == NULL) ||
		    (problem != NULL && strcmp(problem, cases[i].problem) != 0))
			fail_msg("%s: %llu records, %s at %zu", text, (unsigned long long)n, problem, at);
		free(text);
	}
}

static void
is(struct lf_slice s, const char *want)
{
	assert_int_equal(s.len, strlen(want));
	if (s.len > 0)
		assert_memory_equal(s.s, want, s.len);
}

static void
test_projection(void **state)
{
	static const char text[] = "[{\"eventTime\":\"t\",\"userIdentity\":{\"accountId\":\"no\",\"eventID\":\"no\"},"
	    "\"recipientAccountId\":\"a\",\"eventID\":\"i\\/d\",\"awsRegion\":\"r\",\"eventSource\":\"s\",\"eventCategory\":\"c\","
	    "\"eventType\":\"y\",\"eventName\":\"n\"},{},{\"eventId\":\"agg\",\"accountId\":\"acc\",\"eventID\":null,"
	    "\"awsRegion\":17,\"eventTime\":{\"x\":1}},{\"\\u0065ventID\":\"esc\"}]";
	struct lf_records r;
	struct lf_event rec;

	(void)state;
	lf_records_init(&r, text, sizeof(text) - 1);
	assert_int_equal(lf_records_next(&r, &rec), 1);
	assert_ptr_equal(rec.raw.s, text + 1);
	is(rec.field[LF_EV_ID], "i\\/d");
	is(rec.field[LF_EV_TIME], "t");
	is(rec.field[LF_EV_RECIPIENT], "a");
	is(rec.field[LF_EV_REGION], "r");
	is(rec.field[LF_EV_SOURCE], "s");
	is(rec.field[LF_EV_CATEGORY], "c");
	is(rec.field[LF_EV_TYPE], "y");
	assert_int_equal(lf_records_next(&r, &rec), 1);
	is(rec.raw, "{}");
	is(rec.field[LF_EV_ID], "");
	is(rec.field[LF_EV_TIME], "");
	assert_int_equal(lf_records_next(&r, &rec), 1);
	is(rec.field[LF_EV_ID], "agg");
	is(rec.field[LF_EV_RECIPIENT], "acc");
	is(rec.field[LF_EV_REGION], "17");
	is(rec.field[LF_EV_TIME], "{\"x\":1}");
	assert_int_equal(lf_records_next(&r, &rec), 1);
	is(rec.field[LF_EV_ID], "esc");
	assert_int_equal(lf_records_next(&r, &rec), 0);
}

static uint64_t records_seen, files_broken;

/* Each record is what jansson finds in its place. */
static int
visit(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	json_t *theirs, *list, *one;
	const char *tail = strrchr(path, '.');
	struct lf_records r;
	struct lf_event rec;
	struct lf_err err;
	size_t len, i;
	char *text;
	int rc;

	(void)st;
	(void)ftw;
	if (type != FTW_F || tail == NULL || strcmp(tail, ".json") != 0)
		return 0;
	text = bytes_of_file(path, &len);
	assert_non_null(text);
	theirs = lf_json_read(text, len, NULL, &err);
	list = json_is_array(theirs) ? theirs : json_object_get(theirs, "Records");
	lf_records_init(&r, text, len);
	for (i = 0; (rc = lf_records_next(&r, &rec)) > 0; i++) {
		one = lf_json_read(rec.raw.s, rec.raw.len, NULL, &err);
		assert_non_null(one);
		assert_true(list == NULL ? i == 0 : json_equal(one, json_array_get(list, i)));
		if (lf_json_string(one, "eventID") != NULL)
			is(rec.field[LF_EV_ID], lf_json_string(one, "eventID"));
		else
			is(rec.field[LF_EV_ID], "");
		json_decref(one);
	}
	assert_int_equal(rc < 0, theirs == NULL);
	assert_true(list == NULL || i == json_array_size(list));
	assert_true(lf_records_sniff(text, len));
	records_seen += r.n;
	files_broken += rc < 0;
	json_decref(theirs);
	free(text);
	return 0;
}

static void
real(const char *folder, uint64_t records, uint64_t broken)
{
	const char *root = getenv("SHARED_DATA");
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", root != NULL ? root : "", folder);
	records_seen = files_broken = 0;
	if (root == NULL || *root == '\0' || nftw(path, visit, 16, FTW_PHYS) != 0)
		skip();
	assert_int_equal(records_seen, records);
	assert_int_equal(files_broken, broken);
}

static void
test_real_logs(void **state)
{
	(void)state;
	real("invictus-stratus-logs", 2900, 0);
}

static void
test_real_arrays(void **state)
{
	(void)state;
	real("stratus-detonations", 310, 0);
}

static void
test_real_pretty(void **state)
{
	(void)state;
	real("busy-minute", 1679, 0);
}

static void
test_real_versions(void **state)
{
	(void)state;
	real("event-versions", 201, 0); /* and 5 in one that is compressed */
}

/* A log cut anywhere gives the records that are whole, and then a problem. */
static void
test_truncated(void **state)
{
	static const char *const texts[] = {"{\"Records\":[" ONE "," TWO "," ONE "]}", "[" ONE "," TWO "," ONE "]"};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		size_t len = strlen(texts[i]), start = strcspn(texts[i], "[") + 1, at;

		for (size_t n = 0; n < len; n++) {
			char *text = bytes_exact(texts[i], n);
			const char *problem;
			unsigned whole = 0;

			whole += n >= start + strlen(ONE);
			whole += n >= start + strlen(ONE "," TWO);
			whole += n >= start + strlen(ONE "," TWO "," ONE);

			assert_int_equal(count(text, n, &problem, &at), whole);
			assert_non_null(problem);
			free(text);
		}
	}
}

static void
test_sniff(void **state)
{
	static const struct {
		const char *text;
		bool yes;
	} cases[] = {{"{\"Records\":[" ONE "]}", true}, {"{\"Records\":[]}", true}, {"{\"Records\":[", true}, {ONE, true},
	    {"[" ONE "]", true}, {"{\"eventVersion\":\"1.08\",\"user", true}, {"{\"eventTime\":\"x\",\"eventName\":\"y\"}", true},
	    {"{\"eventName\":\"y\"}", false}, {"{\"Records\":1}", false}, {"[]", false}, {"", false}, {"{}", false},
	    {"{\"Events\":[{\"CloudTrailEvent\":\"{}\"}]}", false}, {"\x1f\x8b", false}, {"eventVersion", false}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (lf_records_sniff(cases[i].text, strlen(cases[i].text)) != cases[i].yes)
			fail_msg("%s", cases[i].text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_forms), cmocka_unit_test(test_projection),
	    cmocka_unit_test(test_real_logs), cmocka_unit_test(test_real_arrays), cmocka_unit_test(test_real_pretty),
	    cmocka_unit_test(test_real_versions), cmocka_unit_test(test_truncated),
	    cmocka_unit_test(test_sniff)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
