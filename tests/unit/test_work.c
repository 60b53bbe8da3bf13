/* Finds and records as they are written down. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "carve/work.h"
#include "finds.h"

#define RECORD "{ \"recipientAccountId\" : \"123456789012\", \"awsRegion\":\"eu-west-1\", \"a\":[1, 2] }"

static bool
says(struct lf_slice s, const char *text)
{
	return lf_slice_is(s, text);
}

static void
test_find(void **state)
{
	struct lf_find f = find_made(LF_CARVE_LOG, LF_CARVE_WHOLE, 4096, "4096-GZIP-0", "content");
	struct lf_buf out = {0};
	const struct lf_work_find *w;

	(void)state;
	find_record(&f, RECORD, "id-\"1", 200, 1);
	find_record(&f, RECORD, "", LF_TIME_NONE, 2);
	find_record(&f, RECORD, "id-3", 100, 3);
	lf_work_put_find(&out, 7, &f, "files/x.json");
	assert_false(out.failed);
	w = (const void *)out.data;
	assert_int_equal(w->size, out.len);
	assert_int_equal(w->size % 8, 0);
	assert_int_equal(w->place.start, 4096);
	assert_int_equal(w->place.image, 7);
	assert_true(w->place.complete);
	assert_int_equal(w->length, 7);
	assert_int_equal(w->records, 3);
	assert_int_equal(w->first, 100);
	assert_int_equal(w->last, 200);
	assert_string_equal(w->account, "123456789012");
	assert_string_equal(w->region, "eu-west-1");
	assert_true(says(lf_work_find_path(w), "4096-GZIP-0"));
	assert_true(says(lf_work_find_ids(w), "\"id-\\\"1\",\"id-3\""));
	assert_non_null(memmem(out.data, out.len, "\"file\":\"files/x.json\"", 21));
	assert_non_null(memmem(out.data, out.len, "\"crc_right\":null", 16));
	lf_buf_free(&out);
	lf_find_free(&f);
}

/* Leaves these bytes where the next call has its variables. */
static __attribute__((noinline)) void
paint(int c)
{
	volatile unsigned char room[16384];

	for (size_t i = 0; i < sizeof(room); i++)
		room[i] = (unsigned char)c;
}

/* Nothing of the memory of the program comes into an item: the same find gives the same bytes. */
static void
test_no_other_bytes(void **state)
{
	struct lf_find f = find_made(LF_CARVE_LOG, LF_CARVE_WHOLE, 1, "1", "");
	struct lf_buf out[2] = {{0}};

	(void)state;
	find_record(&f, RECORD, "one", 5, 1);
	for (int i = 0; i < 2; i++) {
		paint(i == 0 ? 0x55 : 0xaa);
		lf_work_put_find(&out[i], 0, &f, NULL);
		paint(i == 0 ? 0x55 : 0xaa);
		lf_work_put_records(&out[i], 0, &f, 0, f.n_records);
		assert_false(out[i].failed);
	}
	assert_int_equal(out[0].len, out[1].len);
	assert_memory_equal(out[0].data, out[1].data, out[0].len);
	lf_buf_free(&out[0]);
	lf_buf_free(&out[1]);
	lf_find_free(&f);
}

/* Records go on one line each; items follow one another. */
static void
test_records(void **state)
{
	struct lf_find f = find_made(LF_CARVE_LOG, LF_CARVE_WHOLE, 1, "1", "");
	struct lf_buf out = {0};
	size_t at = 0, n = 0;

	(void)state;
	find_record(&f, "{\"a\" :\n 1}", "one", 5, 1);
	find_record(&f, RECORD, "two", 6, 2);
	lf_work_put_records(&out, 0, &f, 0, f.n_records);
	for (; at < out.len; n++) {
		const struct lf_work_record *r = (const void *)(out.data + at);

		assert_int_equal(r->index, n);
		assert_int_equal(r->time, 5 + (int64_t)n);
		assert_string_equal(r->id, n == 0 ? "one" : "two");
		assert_int_equal(r->sha256[31], n + 1);
		assert_true(says(lf_work_record_path(r), "1"));
		if (n == 0)
			assert_true(says(lf_work_record_json(r), "{\"a\":1}"));
		at += r->size;
	}
	assert_int_equal(at, out.len);
	assert_int_equal(n, 2);
	lf_buf_free(&out);
	lf_find_free(&f);
}

/* What is known of broken records: an item for each that has an eventID, and no name twice in one. */
static void
test_fragments(void **state)
{
	struct lf_find f = find_made(LF_CARVE_LOG, LF_CARVE_PREFIX, 1, "1", "");
	struct lf_buf out = {0};
	const struct lf_work_record *r;

	(void)state;
	f.complete = false;
	find_known(&f, "eventName", "First", false);
	find_known(&f, "eventID", "one", true);
	find_known(&f, "eventTime", "2023-07-10T12:00:00Z", true);
	find_known(&f, "eventName", "WithoutId", true);
	find_known(&f, "eventID", "t\\u0077o", false);
	lf_work_put_records(&out, 0, &f, 0, f.n_records);
	r = (const void *)out.data;
	assert_true(says(lf_work_record_json(r), "{\"eventName\":\"First\",\"eventID\":\"one\",\"eventTime\":\"2023-07-10T12:00:00Z\"}"));
	assert_string_equal(r->id, "one");
	assert_int_equal(r->time, 1688990400);
	assert_int_equal(r->place.state, LF_CARVE_FRAGMENT);
	assert_true(r->size < out.len);
	r = (const void *)(out.data + r->size);
	assert_true(says(lf_work_record_json(r), "{\"eventID\":\"two\"}"));
	assert_int_equal(r->index, 4);
	assert_int_equal((const char *)r + r->size - out.data, out.len);
	lf_buf_free(&out);
	lf_find_free(&f);
}

/* Of a salvaged member a record in front of the hole is what it is in one that only breaks off. */
static void
test_salvaged(void **state)
{
	struct lf_find f = find_made(LF_CARVE_LOG, LF_CARVE_RESYNC, 1, "1", "");
	struct lf_area hole;
	struct lf_buf out = {0};
	const struct lf_work_record *r;

	(void)state;
	f.complete = false;
	find_record(&f, "{\"a\":1}", "one", 5, 1);
	hole = (struct lf_area){f.text.len - f.content, f.text.len - f.content + 4};
	find_put(&f, "....");
	find_record(&f, "{\"a\":2}", "two", 5, 2);
	f.content_len = f.text.len - f.content;
	f.unknown = malloc(sizeof(hole));
	*f.unknown = hole;
	f.n_unknown = 1;
	lf_work_put_records(&out, 0, &f, 0, f.n_records);
	r = (const void *)out.data;
	assert_int_equal(r->place.state, LF_CARVE_PREFIX);
	r = (const void *)(out.data + r->size);
	assert_int_equal(r->place.state, LF_CARVE_RESYNC);
	lf_buf_free(&out);
	lf_find_free(&f);
}

/* What a folder gives back is held against its own bounds: another's state, image, length or unended text is not taken. */
static void
test_changed(void **state)
{
	struct lf_find f = find_made(LF_CARVE_LOG, LF_CARVE_WHOLE, 1, "1", "");
	struct lf_buf out = {0};
	struct lf_work_record *r;
	struct lf_work_find *w;

	(void)state;
	find_record(&f, RECORD, "two", 6, 2);
	lf_work_put_find(&out, 1, &f, NULL);
	w = (void *)out.data;
	assert_true(lf_work_find_holds(w, 2));
	assert_false(lf_work_find_holds(w, 1));
	w->path += w->size;
	assert_false(lf_work_find_holds(w, 2));
	w->path -= w->size;
	w->place.state = LF_CARVE_STATES;
	assert_false(lf_work_find_holds(w, 2));
	w->place.state = LF_CARVE_WHOLE;
	memset(&w->place.complete, 3, 1);
	assert_false(lf_work_find_holds(w, 2));
	memset(&w->place.complete, 1, 1);
	memset(w->region, 'x', sizeof(w->region));
	assert_false(lf_work_find_holds(w, 2));
	lf_buf_reset(&out);
	lf_work_put_records(&out, 1, &f, 0, f.n_records);
	r = (void *)out.data;
	assert_true(lf_work_record_holds(r, 2));
	r->json = UINT32_MAX;
	assert_false(lf_work_record_holds(r, 2));
	r->json = 0;
	memset(r->id, 'x', sizeof(r->id));
	assert_false(lf_work_record_holds(r, 2));
	lf_buf_free(&out);
	lf_find_free(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_find), cmocka_unit_test(test_no_other_bytes),
	    cmocka_unit_test(test_records), cmocka_unit_test(test_fragments), cmocka_unit_test(test_salvaged), cmocka_unit_test(test_changed)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("work", tests, NULL, NULL);
}
