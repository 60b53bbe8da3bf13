/* The forms of trail-carve's report: what each makes of a result, of a hostile one, and of much of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <jansson.h>

#include "chaos.h"
#include "markup.h"
#include "output.h"
#include "report/carve_map.h"
#include "report/carve_words.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define NASTY    "a\033[31m<b>&\"'\xe2\x80\xae|"

static struct lf_err err;
static struct lf_carve_image images[2];
static struct lf_carve_listed listed[3];
static struct lf_carve_digest digests[1];
static struct lf_carve_result result;
static struct lf_buf rows;
static uint64_t repeat; /* rows are given so often */
static const struct lf_write_opts plain = {.reproducible = true};

static int
each(void *arg, int (*take)(void *to, const char *line, size_t len, struct lf_err *e), void *to, struct lf_err *e)
{
	int rc = 0;

	(void)arg;
	for (uint64_t n = 0; n < repeat; n++) {
		const char *p = lf_buf_str(&rows), *end;

		for (; rc == 0 && (end = strchr(p, '\n')) != NULL; p = end + 1)
			rc = take(to, p, (size_t)(end - p), e);
	}
	return rc;
}

static void
add_row(const char *image, const char *state, uint64_t offset, unsigned char sha)
{
	char hex[65];

	for (int i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", sha);
	lf_buf_printf(&rows, "{\"id\":1,\"state\":\"%s\",\"kind\":\"log\",\"image\":\"%s\",\"path\":\"%s|%llu-GZIP-0\",\"offset\":%llu,"
	    "\"method\":\"gzip\",\"runs\":[{\"offset\":%llu,\"length\":1000}],\"stored\":1000,\"inflated\":5000,\"stored_sha256\":\"%s\","
	    "\"inflated_sha256\":\"%s\",\"crc_right\":true,\"size_right\":true,\"records\":3,\"first\":\"2024-03-01T00:00:00Z\","
	    "\"last\":\"2024-03-01T00:01:00Z\",\"file\":\"files/%s.json.gz\"}\n", state, image, image, (unsigned long long)offset,
	    (unsigned long long)offset, (unsigned long long)offset, hex, hex, hex);
}

static void
add_conflict(const char *id)
{
	struct lf_carve_conflict *c = lf_list_push(&result.conflicts);

	assert_non_null(c);
	*c = (struct lf_carve_conflict){id, 2};
}

/* Two images; three listed logs: one carved, one given, one missing, of which a part may be there. */
static int
set_up(void **state)
{
	struct lf_carve_part *p;

	(void)state;
	lf_carve_result_init(&result);
	images[0] = (struct lf_carve_image){.name = "a.dd", .size = 1 << 20, .mtime = 1709294400};
	images[0].tally.candidates[LF_TRIGGER_GZIP] = 5;
	images[0].tally.rejected[LF_REJECT_HEADER] = 3;
	images[0].tally.scanned = 1 << 20;
	images[1] = (struct lf_carve_image){.name = "b", .size = 1 << 20, .mtime = LF_TIME_NONE, .streams = true};
	result.images = images;
	result.n_images = 2;
	for (unsigned i = 0; i < 3; i++) {
		memset(listed[i].sha256, (int)i + 1, sizeof(listed[i].sha256));
		listed[i].verified = true;
		listed[i].carved = i == 0;
		listed[i].given = i == 1;
		listed[i].bucket = "bucket";
		listed[i].digest = "DIGEST";
		listed[i].oldest = listed[i].newest = LF_TIME_NONE;
	}
	listed[0].key = "AWSLogs/1/c";
	listed[1].key = "AWSLogs/1/b";
	listed[2].key = "AWSLogs/111122223333/CloudTrail/us-east-1/2024/03/01/111122223333_CloudTrail_us-east-1_20240301T0005Z_0123456789abcdef.json.gz";
	result.proof = (struct lf_carve_proof){listed, 3, digests, 1, 1, {0}};
	result.proved = result.keys = true;
	result.finds[LF_CARVE_AUTHENTIC][LF_CARVE_LOG] = 1;
	result.finds[LF_CARVE_PREFIX][LF_CARVE_LOG] = 1;
	result.records = 4;
	result.places = 6;
	result.first = 1709251200;
	result.last = 1709251260;
	p = lf_list_push(&result.parts);
	assert_non_null(p);
	*p = (struct lf_carve_part){"b|8192-GZIP-0", "111122223333", "us-east-1", 1709251200, 1709251260};
	lf_buf_reset(&rows);
	add_row("a.dd", "authentic", 4096, 1);
	add_row("b", "prefix", 8192, 9);
	repeat = 1;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	lf_list_free(&result.conflicts);
	lf_list_free(&result.parts);
	lf_arena_free(&result.strings);
	return 0;
}

static int
try(lf_carve_form *form, const struct lf_write_opts *o, lf_write_fn *write, void *arg)
{
	struct lf_carve_fates fates;
	struct lf_carve_told t = {&result, result.conflicts.n > 0 ? LF_FINDINGS : LF_INCONCLUSIVE, {each, NULL}, &fates};
	int rc = lf_carve_fates_make(&result, &t.rows, &fates, &err);

	if (rc == 0)
		rc = form(&t, o, write, arg, &err);
	lf_carve_fates_free(&fates);
	return rc;
}

/* A form, in a buffer that the caller frees. */
static struct lf_buf
written(lf_carve_form *form, const struct lf_write_opts *o)
{
	struct lf_buf out;

	lf_buf_init(&out);
	assert_int_equal(try(form, o, output_append, &out), 0);
	return out;
}

/* ---- Fates ---- */

static void
test_fates(void **state)
{
	struct lf_carve_rows r = {each, NULL};
	struct lf_carve_fates f;

	(void)state;
	assert_int_equal(lf_carve_fates_make(&result, &r, &f, &err), 0);
	assert_int_equal(f.list[0].fate, LF_FATE_CARVED);
	assert_string_equal(f.list[0].where, "a.dd|4096-GZIP-0");
	assert_int_equal(f.list[1].fate, LF_FATE_GIVEN);
	assert_null(f.list[1].where);
	assert_int_equal(f.list[2].fate, LF_FATE_PARTIAL);
	assert_int_equal(f.list[2].n_parts, 1);
	for (size_t i = 0; i < LF_FATES; i++)
		assert_int_equal(f.count[i], i != LF_FATE_MISSING);
	/* By key: AWSLogs/1/b, AWSLogs/1/c, and the long one. */
	assert_int_equal(f.by_key[0], 1);
	assert_int_equal(f.by_key[1], 0);
	assert_int_equal(f.by_key[2], 2);
	lf_carve_fates_free(&f);
	/* Given and carved: given, and where else. */
	listed[0].given = true;
	assert_int_equal(lf_carve_fates_make(&result, &r, &f, &err), 0);
	assert_int_equal(f.list[0].fate, LF_FATE_GIVEN);
	assert_non_null(f.list[0].where);
	lf_carve_fates_free(&f);
	/* Of another time: no part. */
	((struct lf_carve_part *)lf_list_at(&result.parts, 0))->first = 0;
	assert_int_equal(lf_carve_fates_make(&result, &r, &f, &err), 0);
	assert_int_equal(f.list[2].fate, LF_FATE_MISSING);
	lf_carve_fates_free(&f);
}

static void
test_rows_that_are_none(void **state)
{
	static const char *const bad[] = {"{", "[]", "{}", "{\"state\":\"whole\"}", "{\"state\":\"who\",\"kind\":\"log\"}"};
	struct lf_buf out;

	(void)state;
	lf_buf_init(&out);
	for (size_t i = 0; i < COUNT(bad); i++) {
		lf_buf_reset(&rows);
		lf_buf_printf(&rows, "%s\n", bad[i]);
		assert_int_equal(try(lf_carve_as_html, &plain, output_append, &out), -1);
		assert_int_equal(try(lf_carve_as_dfxml, &plain, output_append, &out), -1);
	}
	lf_buf_free(&out);
}

/* ---- Forms ---- */

static void
test_text(void **state)
{
	struct lf_write_opts quiet = plain, full = plain, timed = {.reproducible = false};
	struct lf_buf out = written(lf_carve_as_text, &plain);

	(void)state;
	has(&out, "PARTIAL: some of what was found is incomplete.\n");
	has(&out, "2 finds in 2 images: 4 complete records in 6 places.\n");
	has(&out, "1 digest lists 3 logs: 1 among the evidence given, 1 more carved");
	has_not(&out, "  found    s3://bucket/AWSLogs/1/c\n");
	has(&out, "perhaps b|8192-GZIP-0\n");
	has(&out, "SHA-256 of its content 0303");
	has(&out, "           3  turned down: no gzip member");
	has(&out, "           5  candidates: gzip");
	has(&out, "read once and forwards");
	has_not(&out, "modified");
	has_not(&out, "No public keys");
	lf_buf_free(&out);
	full.detail = true;
	out = written(lf_carve_as_text, &full);
	has(&out, "  found    s3://bucket/AWSLogs/1/c\n           at a.dd|4096-GZIP-0\n");
	lf_buf_free(&out);
	quiet.quiet = true;
	out = written(lf_carve_as_text, &quiet);
	has(&out, "turned down:");
	has_not(&out, "IMAGES");
	lf_buf_free(&out);
	out = written(lf_carve_as_text, &timed);
	has(&out, "modified 2024-03-01T12:00:00Z");
	lf_buf_free(&out);
	result.asked = true;
	out = written(lf_carve_as_text, &plain);
	has_not(&out, "names holds no digest");
	lf_buf_free(&out);
	result.proof.n_given = 0;
	out = written(lf_carve_as_text, &plain);
	has(&out, "What --digests names holds no digest");
	lf_buf_free(&out);
	result.keys = false;
	out = written(lf_carve_as_text, &plain);
	has(&out, "No public keys were given");
	lf_buf_free(&out);
	result.proof.n_digests = 0;
	out = written(lf_carve_as_text, &plain);
	has(&out, "No digest was given or carved");
	has_not(&out, "WHAT DIGESTS LIST");
	lf_buf_free(&out);
}

static void
test_lists_are_cut_in_text_only(void **state)
{
	struct lf_write_opts all = plain;
	struct lf_buf out;
	json_t *doc;

	(void)state;
	all.detail = true;
	for (int i = 0; i < 100; i++)
		add_conflict("id");
	out = written(lf_carve_as_text, &plain);
	has(&out, "CONFLICTS: the same event");
	has(&out, "... and 60 more: -v or -f json lists all");
	lf_buf_free(&out);
	out = written(lf_carve_as_text, &all);
	has_not(&out, "more: -v");
	lf_buf_free(&out);
	out = written(lf_carve_as_json, &plain);
	doc = json_loads(lf_buf_str(&out), 0, NULL);
	assert_non_null(doc);
	assert_int_equal(json_array_size(json_object_get(doc, "findings")), 100);
	json_decref(doc);
	lf_buf_free(&out);
}

static void
test_json(void **state)
{
	static struct lf_area bad[2] = {{512, 1024}, {4096, 8192}};
	struct lf_buf out;
	json_t *doc, *image, *list, *one;

	(void)state;
	images[0].bad = bad;
	images[0].n_bad = 2;
	out = written(lf_carve_as_json, &plain);
	doc = json_loads(lf_buf_str(&out), JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(doc);
	assert_string_equal(json_string_value(json_object_get(doc, "tool")), "trail-carve");
	assert_string_equal(json_string_value(json_object_get(doc, "verdict")), "inconclusive");
	assert_null(json_object_get(doc, "arguments"));
	assert_int_equal(json_array_size(json_object_get(doc, "skipped")), 2);
	image = json_array_get(json_object_get(doc, "images"), 0);
	assert_int_equal(json_integer_value(json_object_get(json_array_get(json_object_get(image, "bad"), 1), "length")), 4096);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(image, "rejected"), "header")), 3);
	assert_int_equal(json_object_size(json_object_get(image, "rejected")), LF_REJECTS);
	assert_int_equal(json_object_size(json_object_get(image, "candidates")), LF_TRIGGERS);
	assert_true(json_is_null(json_object_get(image, "sha256")));
	list = json_object_get(doc, "listed");
	assert_int_equal(json_array_size(list), 3);
	one = json_array_get(list, 2);
	assert_string_equal(json_string_value(json_object_get(one, "status")), "partial");
	assert_string_equal(json_string_value(json_array_get(json_object_get(one, "perhaps"), 0)), "b|8192-GZIP-0");
	json_decref(doc);
	lf_buf_free(&out);
	images[0].bad = NULL;
	images[0].n_bad = 0;
}

static void
test_hostile(void **state)
{
	static const char nasty[] = NASTY;
	struct lf_carve_part *p = lf_list_at(&result.parts, 0);
	struct lf_buf out;
	json_t *doc;

	(void)state;
	images[0].name = nasty;
	listed[0].key = nasty;
	listed[1].bucket = nasty;
	p->path = nasty;
	add_conflict(nasty);
	lf_buf_reset(&rows);
	add_row("a\\u001b[31m<b>&\\\"'\\u202e|", "authentic", 4096, 1);
	out = written(lf_carve_as_text, &plain);
	has_not(&out, "\033");
	has_not(&out, "\xe2\x80\xae");
	lf_buf_free(&out);
	out = written(lf_carve_as_html, &plain);
	has_not(&out, "\033");
	has_not(&out, "<b>&\"");
	assert_non_null(strstr(lf_buf_str(&out), "<rect class=\"authentic\""));
	lf_buf_free(&out);
	out = written(lf_carve_as_dfxml, &plain);
	has_not(&out, "\033");
	has(&out, "&lt;b&gt;&amp;");
	lf_buf_free(&out);
	out = written(lf_carve_as_json, &plain);
	doc = json_loads(lf_buf_str(&out), 0, NULL);
	assert_non_null(doc);
	json_decref(doc);
	lf_buf_free(&out);
}

/* ---- The map ---- */

static void
test_map(void **state)
{
	static struct lf_area bad = {0, 512};
	struct lf_carve_row row = {.image = "a.dd", .state = LF_CARVE_WHOLE, .runs = {{0, 100}, {(1 << 20) - 1, 1 << 20}}, .n_runs = 2};
	struct lf_carve_map *m;
	struct lf_buf out;

	(void)state;
	images[0].bad = &bad;
	images[0].n_bad = 1;
	m = lf_carve_map_new(&result);
	assert_non_null(m);
	lf_carve_map_add(m, &row);
	row.state = LF_CARVE_AUTHENTIC;
	lf_carve_map_add(m, &row);
	row.image = "b";
	row.runs[0] = (struct lf_area){UINT64_MAX - 5, UINT64_MAX}; /* outside */
	row.runs[1] = (struct lf_area){8192, 8192};                 /* empty */
	lf_carve_map_add(m, &row);
	row.image = "another"; /* of no image: not drawn */
	lf_carve_map_add(m, &row);
	lf_buf_init(&out);
	lf_carve_map_put(m, &out);
	/* 1 MiB in cells of 4 KiB: 256, in two rows. */
	has(&out, "viewBox=\"0 0 1280 30\"");
	has(&out, "<rect class=\"authentic torn\" x=\"0\" y=\"0\" width=\"9\" height=\"13\"><title>from 0: 1 authentic 1 whole unreadable</title>");
	has(&out, "x=\"1270\" y=\"15\"");
	has(&out, "x=\"20\" y=\"0\" width=\"9\" height=\"13\"><title>from 8192: 1 authentic</title>");
	lf_buf_free(&out);
	lf_carve_map_free(m);
	lf_carve_map_free(NULL);
	images[0].bad = NULL;
	images[0].n_bad = 0;
}

static void
test_many_rows(void **state)
{
	struct lf_buf out;

	(void)state;
	repeat = 4000; /* rows of two images, again and again: the order is not that of a run, and no harm */
	out = written(lf_carve_as_html, &plain);
	has(&out, "... and 5000 more: carve.jsonl has all.");
	lf_buf_free(&out);
	out = written(lf_carve_as_dfxml, &plain);
	assert_non_null(strstr(out.data + out.len - 20, "</dfxml>\n"));
	lf_buf_free(&out);
}

/* ---- Trouble ---- */

static lf_carve_form *const forms[] = {lf_carve_as_text, lf_carve_as_json, lf_carve_as_html, lf_carve_as_dfxml};

static void
test_write_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		assert_int_equal(try(forms[i], &plain, output_full, NULL), -1);
		assert_non_null(strstr(err.msg, "No space left"));
	}
}

static lf_carve_form *form_at_work;

static int
step(void)
{
	struct lf_buf out;
	int rc;

	lf_buf_init(&out);
	rc = try(form_at_work, &plain, output_append, &out);
	lf_buf_free(&out);
	return rc;
}

static void
test_out_of_memory(void **state)
{
	(void)state;
	if (!CHAOS)
		skip();
	for (size_t i = 0; i < COUNT(forms); i++) {
		form_at_work = forms[i];
		assert_true(chaos_run(step) > 3);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_fates, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_rows_that_are_none, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_text, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_lists_are_cut_in_text_only, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_json, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_hostile, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_map, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_many_rows, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_write_errors, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_out_of_memory, set_up, tear_down),
	};
	int rc;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	lf_buf_free(&rows);
	return rc;
}
