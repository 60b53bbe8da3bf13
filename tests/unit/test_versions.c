/* A record, its places and its versions, out of sorted items. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "carve/versions.h"
#include "finds.h"

static struct lf_carve_versions *v;
static struct lf_carve_result result;
static struct lf_buf item;

static int
set_up(void **state)
{
	(void)state;
	v = lf_carve_versions_new();
	lf_carve_result_init(&result);
	result.images = calloc(1, sizeof(*result.images));
	if (v == NULL || result.images == NULL)
		return -1;
	result.images[0].name = "d\"k";
	result.n_images = 1;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	lf_carve_versions_free(v);
	lf_carve_result_free(&result);
	lf_buf_free(&item);
	return 0;
}

/* A record found at a place, which is taken; what it was to what was at hand. */
static enum lf_carve_versions_step
take(struct lf_find f)
{
	enum lf_carve_versions_step step;
	const struct lf_work_record *r;

	lf_buf_reset(&item);
	lf_work_put_records(&item, 0, &f, 0, f.n_records);
	r = (const void *)item.data;
	step = lf_carve_versions_step(v, r);
	assert_int_equal(lf_carve_versions_take(v, r, &result.proof), 0);
	lf_find_free(&f);
	return step;
}

static struct lf_find
complete(enum lf_carve_state state, const char *path, const char *id, const char *json, unsigned char hash, int64_t time)
{
	struct lf_find f = find_made(LF_CARVE_LOOSE, state, 10, path, "");

	find_record(&f, json, id, time, hash);
	return f;
}

static struct lf_find
broken(const char *path, const char *id, const char *name)
{
	struct lf_find f = find_made(LF_CARVE_LOOSE, LF_CARVE_FRAGMENT, 20, path, "");

	f.complete = false;
	find_known(&f, "eventID", id, false);
	if (name != NULL)
		find_known(&f, "eventName", name, true);
	return f;
}

/* Places with the surest first, a broken one among them; then another version of the id, then another id. */
static void
test_versions(void **state)
{
	struct lf_buf *line;

	(void)state;
	assert_false(lf_carve_versions_open(v));
	assert_int_equal(take(complete(LF_CARVE_RECORD, "10", "one", "{\"a\":1}", 1, 0)), LF_VERSIONS_PLACE);
	assert_true(lf_carve_versions_open(v));
	assert_int_equal(take(complete(LF_CARVE_WHOLE, "5-GZIP-0", "one", "{\"a\":1}", 1, 0)), LF_VERSIONS_PLACE);
	assert_int_equal(take(broken("20", "one", NULL)), LF_VERSIONS_PLACE);
	assert_int_equal(lf_carve_versions_count(v), 1);
	line = lf_carve_versions_line(v, &result);
	assert_non_null(line);
	assert_string_equal(lf_buf_str(line), "{\"event_id\":\"one\",\"event_time\":\"1970-01-01T00:00:00Z\",\"state\":\"whole\","
	    "\"locations\":[{\"state\":\"whole\",\"image\":\"d\\\"k\",\"path\":\"d\\\"k|5-GZIP-0\",\"offset\":10,\"index\":0},"
	    "{\"state\":\"record\",\"image\":\"d\\\"k\",\"path\":\"d\\\"k|10\",\"offset\":10,\"index\":0},"
	    "{\"state\":\"fragment\",\"image\":\"d\\\"k\",\"path\":\"d\\\"k|20\",\"offset\":20,\"index\":0}],\"record\":{\"a\":1}}");
	assert_int_equal(result.records, 1);
	assert_int_equal(result.places, 3);
	assert_int_equal(take(complete(LF_CARVE_RECORD, "30", "one", "{\"a\":2}", 2, 60)), LF_VERSIONS_VERSION);
	assert_int_equal(lf_carve_versions_count(v), 2);
	assert_non_null(lf_carve_versions_line(v, &result));
	assert_int_equal(take(complete(LF_CARVE_RECORD, "40", "two", "{\"a\":2}", 2, -60)), LF_VERSIONS_ID);
	assert_int_equal(lf_carve_versions_count(v), 1);
	assert_non_null(lf_carve_versions_line(v, &result));
	assert_int_equal(result.records, 3);
	assert_int_equal(result.first, -60);
	assert_int_equal(result.last, 60);
	lf_carve_versions_reset(v);
	assert_false(lf_carve_versions_open(v));
}

/* Without an eventID the value is what a record is known by. */
static void
test_without_id(void **state)
{
	struct lf_buf *line;

	(void)state;
	take(complete(LF_CARVE_RECORD, "10", "", "{}", 1, LF_TIME_NONE));
	assert_int_equal(take(complete(LF_CARVE_RECORD, "20", "", "{}", 1, LF_TIME_NONE)), LF_VERSIONS_PLACE);
	line = lf_carve_versions_line(v, &result);
	assert_int_equal(strncmp(lf_buf_str(line), "{\"event_id\":null,\"event_time\":null,", 35), 0);
	assert_int_equal(take(complete(LF_CARVE_RECORD, "30", "", "[]", 2, LF_TIME_NONE)), LF_VERSIONS_ID);
	assert_int_equal(result.first, LF_TIME_NONE);
}

/* Of broken ones alone the line holds that of which most is known, and no record was found. */
static void
test_broken(void **state)
{
	struct lf_buf *line;

	(void)state;
	take(broken("10", "one", NULL));
	assert_int_equal(take(broken("20", "one", "Long")), LF_VERSIONS_PLACE);
	assert_int_equal(take(broken("30", "one", "S")), LF_VERSIONS_PLACE);
	line = lf_carve_versions_line(v, &result);
	assert_non_null(strstr(lf_buf_str(line), "\"state\":\"fragment\""));
	assert_non_null(strstr(lf_buf_str(line), "\"record\":{\"eventID\":\"one\",\"eventName\":\"Long\"}}"));
	assert_int_equal(result.incomplete, 1);
	assert_int_equal(result.records, 0);
	assert_int_equal(lf_carve_versions_count(v), 0);
}

int
main(void)
{
#define WITH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {WITH(test_versions), WITH(test_without_id), WITH(test_broken)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("versions", tests, NULL, NULL);
}
