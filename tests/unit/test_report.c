/* Reports: results read back, cut at every place, and when memory runs out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include <jansson.h>

#include "base/buf.h"
#include "chaos.h"
#include "coverage_stub.h"
#include "markup.h"
#include "output.h"
#include "report/gaps_read.h"
#include "report/html.h"
#include "report/report.h"
#include "scratch.h"

#define NOON 1709294400 /* 2024-03-01T12:00:00Z */
#define HOUR 3600

static struct lf_err err;
static const struct lf_write_opts plain = {.reproducible = true, .finished = LF_TIME_NONE};

static const char proof[] = "{\"tool\": \"trail-verify\", \"version\": \"0.1.0\", \"schema\": 1, \"verdict\": \"findings\", \"selection\": {\"since\": null, "
    "\"until\": null, \"accounts\": [], \"regions\": [], \"trails\": []}, \"summary\": {\"digests\": {\"verified\": 2, \"linked\": 0, \"unsigned\": 0, "
    "\"invalid\": 0, \"missing\": 1}, \"logs\": {\"verified\": 1, \"unproven\": 0, \"modified\": 1, \"missing\": 0, \"malformed\": 0, \"unreferenced\": 0, "
    "\"undigested\": 0}, \"bytes\": 10, \"objects\": 4, \"ignored\": 0, \"metadata\": {\"entries\": 2, \"matched\": 2}}, \"anchors\": [{\"file\": \"keys.json\", "
    "\"sha256\": \"00\", \"keys\": [{\"fingerprint\": \"ab\", \"bits\": 2048, \"valid_from\": null, \"valid_until\": null, \"used\": true}]}], \"limits\": [\"one\"], "
    "\"chains\": [{\"account\": \"123456789012\", \"organization\": null, \"region\": \"eu-west-1\", \"trail\": \"main\", \"home_region\": \"eu-west-1\", "
    "\"kind\": \"standard\", \"first\": \"2024-03-01T00:00:00Z\", \"last\": \"2024-03-01T03:00:00Z\", \"digests\": 2, \"logs\": 2, \"verdict\": \"findings\", "
    "\"segments\": [{\"start\": \"2024-03-01T00:00:00Z\", \"end\": \"2024-03-01T01:00:00Z\", \"digests\": 1, \"quiet\": 0}, {\"start\": "
    "\"2024-03-01T02:00:00Z\", \"end\": \"2024-03-01T03:00:00Z\", \"digests\": 1, \"quiet\": 0}], \"tail\": {\"object\": null, \"locator\": null, \"end\": "
    "\"2024-03-01T03:00:00Z\", \"until\": null, \"newest_log\": null, \"newest_named\": null}}], \"lake\": [], \"findings\": [{\"id\": \"log-modified\", "
    "\"severity\": \"alert\", \"object\": \"s3://b/AWSLogs/x\", \"locator\": \"x\", \"message\": \"<b>&\", \"rule\": \"r\"}], \"skipped\": [{\"locator\": \"y\", "
    "\"reason\": \"z\"}]}";

static const char timeline[] = "{\"event_time\":\"2024-03-01T12:00:00Z\",\"account_id\":\"1\",\"event_name\":\"A\",\"event_id\":\"e1\",\"integrity\":\"verified\","
    "\"result\":\"success\",\"also_in\":[{\"locator\":\"x\",\"record_index\":0}]}\n{\"event_time\":\"2024-03-01T12:30:00Z\",\"event_name\":\"B\",\"event_id\":\"e2\","
    "\"integrity\":\"modified\",\"result\":\"AccessDenied\",\"conflict\":true}\n{\"event_time\":\"2024-03-01T14:00:00.5Z\",\"event_name\":\"C\",\"event_id\":\"e3\","
    "\"integrity\":\"undigested\"}\n";

/* A small coverage with gaps of all kinds of proof. */
static void
scene(void)
{
	const struct lf_control *stop, *start;
	struct lf_gap *g;

	stub_start();
	stub_line("123456789012", "eu-west-1", "main", NOON, HOUR, "VVVOOVQV");
	stub_line("123456789012", "us-east-1", "main", NOON, HOUR, "VVVOOVMV");
	stub_line("210987654321", "eu-west-1", NULL, NOON, HOUR, "K");
	stop = stub_event(NOON + 2 * HOUR, "StopLogging", "id-stop");
	start = stub_event(NOON + 5 * HOUR, "DeleteTrail", "id-start");
	for (uint32_t i = 0; i < 2; i++) {
		g = stub_gap(i, NOON + 3 * HOUR, NOON + 5 * HOUR, LF_CAUSE_LOGGING_STOPPED);
		g->explained = true;
		stub_prove(g, stop, start);
	}
	stub_gap(1, NOON + 6 * HOUR, NOON + 7 * HOUR, LF_CAUSE_DIGEST_MISSING);
}

static int
leave(void **state)
{
	(void)state;
	stub_start();
	return 0;
}

/* The JSON of a coverage. */
static struct lf_buf
told(const struct lf_coverage *c)
{
	struct lf_buf out;

	lf_buf_init(&out);
	assert_int_equal(lf_coverage_write(c, LF_COVERAGE_JSON, &plain, output_append, &out, &err), 0);
	return out;
}

/* What is read back says what was written. */
static void
test_gaps_round_trip(void **state)
{
	static const char *const members[] = {"coverage", "gaps", "impairments"};
	struct lf_coverage *c;
	struct lf_buf first, second;
	json_t *a, *b;

	(void)state;
	scene();
	first = told(&stub.c);
	assert_non_null(a = json_loadb(first.data, first.len, 0, NULL));
	assert_int_equal(lf_gaps_read(a, &c, &err), 0);
	second = told(c);
	assert_non_null(b = json_loadb(second.data, second.len, 0, NULL));
	for (size_t i = 0; i < 3; i++)
		assert_true(json_equal(json_object_get(a, members[i]), json_object_get(b, members[i])));
	assert_int_equal(c->lines.shown_first, NOON);
	assert_int_equal(c->lines.shown_last, NOON + 8 * HOUR);
	/* One event is one thing, however many gaps name it: they are told as one group. */
	assert_ptr_equal(c->gaps.list[0].by, c->gaps.list[1].by);
	assert_ptr_equal(c->gaps.list[0].ended_by, c->gaps.list[1].ended_by);
	lf_gaps_read_free(c);
	json_decref(a);
	json_decref(b);
	lf_buf_free(&first);
	lf_buf_free(&second);
}

/* Changes the member at path of a list's first element to a JSON text. */
static json_t *
changed(const char *list, const char *member, const char *value)
{
	struct lf_buf text = told(&stub.c);
	json_t *doc = json_loadb(text.data, text.len, 0, NULL), *v = json_loads(value, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

	assert_non_null(doc);
	assert_non_null(v);
	assert_int_equal(json_object_set_new(json_array_get(json_object_get(doc, list), 0), member, v), 0);
	lf_buf_free(&text);
	return doc;
}

static void
test_gaps_refused(void **state)
{
	static const struct {
		const char *list, *member, *value, *why;
	} bad[] = {
	    {"coverage", "intervals", "[{\"start\": \"x\", \"end\": \"x\", \"state\": \"verified\"}]", "intervals"},
	    {"coverage", "intervals", "[{\"start\": \"2024-03-01T12:00:00Z\", \"end\": \"2024-03-01T11:00:00Z\", \"state\": \"verified\"}]", "intervals"},
	    {"coverage", "intervals", "[{\"start\": \"2024-03-01T12:00:00Z\", \"end\": \"2024-03-01T13:00:00Z\", \"state\": \"good\"}]", "intervals"},
	    {"coverage", "intervals", "[{\"start\": \"2024-03-01T12:00:00Z\", \"end\": \"2024-03-01T13:00:00Z\", \"state\": \"quiet\"}, "
	     "{\"start\": \"2024-03-01T12:30:00Z\", \"end\": \"2024-03-01T13:00:00Z\", \"state\": \"quiet\"}]", "intervals"},
	    {"gaps", "region", "\"mars\"", "no line"},
	    {"gaps", "cause", "\"weather\"", "cause"},
	    {"gaps", "start", "7", "start"},
	    {"gaps", "end", "\"2024-03-01T12:00:00Z\"", "end"},
	};
	struct lf_coverage *c;
	json_t *doc;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		scene();
		doc = changed(bad[i].list, bad[i].member, bad[i].value);
		assert_int_equal(lf_gaps_read(doc, &c, &err), -1);
		if (strstr(err.msg, bad[i].why) == NULL)
			fail_msg("%s: %s", bad[i].value, err.msg);
		json_decref(doc);
	}
}

/* What no reader can expect is taken for what is not there. */
static void
test_gaps_odd_values(void **state)
{
	static const char *const odd[][3] = {{"gaps", "event_ids", "[7, null, {}, \"\", \"id-stop\"]"}, {"gaps", "covered_by", "[1, \"b\", \"a\"]"},
	    {"gaps", "ended_by", "{\"event_id\": 7}"}, {"gaps", "ended_by", "\"me\""}, {"gaps", "actor", "[]"}, {"impairments", "time", "{}"},
	    {"impairments", "target", "\"a\\u0000b\""}, {"coverage", "account", "null"}};
	struct lf_coverage *c;
	json_t *doc;
	int rc;

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		scene();
		doc = changed(odd[i][0], odd[i][1], odd[i][2]);
		if ((rc = lf_gaps_read(doc, &c, &err)) == 0)
			lf_gaps_read_free(c);
		assert_true(rc == 0 || strstr(err.msg, "no line") != NULL);
		json_decref(doc);
	}
}

/* ---- Whole reports ---- */

static const char *
put(const char *name, const void *bytes, size_t len)
{
	const char *path = scratch_path(name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
	return path;
}

static struct lf_report_opts opts;
static const char *results[3];
static enum lf_report_format form;
static size_t written;

/* Opens, reads and writes a report; written gets its length. */
static int
report_step(void)
{
	struct lf_report *r;
	struct lf_buf out;
	int rc;

	if (lf_report_open(&opts, &r, &err) != 0)
		return -1;
	lf_buf_init(&out);
	rc = lf_report_read(r, &err);
	if (rc == 0)
		rc = lf_report_write(r, form, &plain, output_append, &out, &err);
	written = out.len;
	lf_buf_free(&out);
	lf_report_free(r);
	return rc;
}

/* The results of the scene in files. */
static void
prepare(void)
{
	static char paths[3][300];
	struct lf_buf gaps;

	scene();
	gaps = told(&stub.c);
	strcpy(paths[0], put("v.json", proof, sizeof(proof) - 1));
	strcpy(paths[1], put("g.json", gaps.data, gaps.len));
	strcpy(paths[2], put("t.jsonl", timeline, sizeof(timeline) - 1));
	lf_buf_free(&gaps);
	for (size_t i = 0; i < 3; i++)
		results[i] = paths[i];
	opts = (struct lf_report_opts){.results = results, .n_results = 3, .case_id = "7"};
}

static void
test_report(void **state)
{
	struct lf_report_tally t;
	struct lf_report *r;
	struct lf_buf out;

	(void)state;
	prepare();
	assert_int_equal(lf_report_open(&opts, &r, &err), 0);
	assert_int_equal(lf_report_read(r, &err), 0);
	lf_report_tally(r, &t);
	assert_int_equal(t.results, 3);
	assert_int_equal(t.findings[LF_ALERT], 1);
	assert_int_equal(t.gaps, 3);
	assert_int_equal(t.unexplained, 1);
	assert_int_equal(t.events, 3);
	assert_int_equal(t.skipped, 1);
	assert_int_equal(lf_report_verdict(r), LF_FINDINGS);
	for (uint32_t i = 0; i < r->n_inputs; i++) {
		if (r->inputs[i].tool != LF_OF_TIMELINE)
			continue;
		const struct lf_stats_totals *n = lf_timeline_stats_totals(r->inputs[i].stats);
		assert_int_equal(n->copies, 1);
		assert_int_equal(n->conflicts, 1);
		assert_int_equal(n->failed, 1);
		assert_int_equal(n->integrity[LF_INTEGRITY_MODIFIED], 1);
		assert_int_equal(lf_timeline_stats_proof(r->inputs[i].stats)[0].n[LF_INTEGRITY_VERIFIED], 1);
		assert_int_equal(lf_timeline_stats_proof(r->inputs[i].stats)[0].n[LF_INTEGRITY_MODIFIED], 1);
		assert_int_equal(lf_timeline_stats_proof(r->inputs[i].stats)[1].n[LF_INTEGRITY_UNDIGESTED], 1);
		assert_int_equal(r->inputs[i].verdict, LF_FINDINGS);
	}
	lf_buf_init(&out);
	assert_int_equal(lf_report_write(r, LF_REPORT_HTML, &plain, output_append, &out, &err), 0);
	assert_null(markup_wrong(lf_buf_str(&out)));
	assert_non_null(strstr(lf_buf_str(&out), "&lt;b&gt;&amp;"));
	lf_buf_free(&out);
	lf_report_free(r);
}

/* A file that is cut anywhere is refused, but for a timeline behind a whole line: that is a shorter one. */
static void
test_cut(void **state)
{
	static char one[300];

	(void)state;
	prepare();
	form = LF_REPORT_JSON;
	opts.n_results = 1;
	results[0] = one;
	for (size_t n = 0; n < sizeof(proof) - 1; n++) {
		strcpy(one, put("cut", proof, n));
		assert_int_equal(report_step(), -1);
	}
	for (size_t n = 0; n < sizeof(timeline) - 1; n++) {
		bool whole = n > 0 && (timeline[n - 1] == '\n' || timeline[n] == '\n');

		strcpy(one, put("cut", timeline, n));
		assert_int_equal(report_step(), whole ? 0 : -1);
	}
}

static void
test_full_disk(void **state)
{
	struct lf_report *r;

	(void)state;
	prepare();
	assert_int_equal(lf_report_open(&opts, &r, &err), 0);
	assert_int_equal(lf_report_read(r, &err), 0);
	for (int f = LF_REPORT_HTML; f <= LF_REPORT_CASE; f++) {
		assert_int_equal(lf_report_write(r, (enum lf_report_format)f, &plain, output_full, NULL, &err), -1);
		assert_non_null(strstr(err.msg, "No space left"));
	}
	lf_report_free(r);
}

static void
test_no_memory(void **state)
{
	(void)state;
	prepare();
	chaos_ours = true; /* OpenSSL keeps what it made at first use */
	for (int f = LF_REPORT_HTML; f <= LF_REPORT_CASE; f++) {
		form = (enum lf_report_format)f;
		chaos_check(report_step, 20);
		assert_true(written > 0);
	}
}

static void
test_html_cut(void **state)
{
	struct lf_buf out;

	(void)state;
	lf_buf_init(&out);
	lf_html_cut(&out, "abc", 3);
	assert_string_equal(lf_buf_str(&out), "abc");
	lf_buf_reset(&out);
	lf_html_cut(&out, "ab\xc3\xa4<", 3); /* not into the character */
	assert_string_equal(lf_buf_str(&out), "ab<small class=\"soft\"> ... cut here: 5 bytes in all</small>");
	lf_buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(test_gaps_round_trip, leave),
	    cmocka_unit_test_teardown(test_gaps_refused, leave),
	    cmocka_unit_test_teardown(test_gaps_odd_values, leave),
	    cmocka_unit_test_setup_teardown(test_report, scratch_make, scratch_remove),
	    cmocka_unit_test_setup_teardown(test_cut, scratch_make, scratch_remove),
	    cmocka_unit_test_setup_teardown(test_full_disk, scratch_make, scratch_remove),
	    cmocka_unit_test_setup_teardown(test_no_memory, scratch_make, scratch_remove),
	    cmocka_unit_test_teardown(test_html_cut, leave),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
