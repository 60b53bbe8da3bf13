/* Lines of an earlier run as rows: what a line says is read once, in whatever order, and kept behind the values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "record/columns.h"
#include "timeline/run_line.h"
#include "timeline/run_row.h"
#include "chaos.h"

#define SHA "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct lf_slice
slice(const char *s)
{
	return (struct lf_slice){s, strlen(s)};
}

static void
is(struct lf_slice have, const char *want)
{
	if (!lf_slice_is(have, want))
		fail_msg("\"%.*s\" is not \"%s\"", (int)have.len, have.s, want);
}

static const char *const lines[] = {
    /* as they are written */
    "{\"event_time\":\"2024-03-01T00:00:00Z\",\"account_id\":\"1\",\"region\":\"r\",\"actor\":\"a\\u0062\",\"integrity\":\"verified\","
    "\"locator\":\"x\",\"record_index\":7,\"record_sha256\":\"" SHA "\",\"also_in\":[{\"locator\":\"w\",\"record_index\":3},"
    "{\"record_index\":4,\"locator\":\"z\"}],\"conflict\":true}",
    /* in another order, with a name escaped, one that nobody knows, and one that stands there twice */
    "{\"also_in\":[{\"locator\":\"w\",\"record_index\":3},{\"locator\":\"z\",\"record_index\":4}],\"conflict\":true,\"more\":[{}],"
    "\"record_index\":7,\"locator\":\"x\",\"record_sha256\":\"" SHA "\",\"region\":\"q\",\"integrity\":\"verified\",\"actor\":\"ab\","
    "\"region\":\"r\",\"account\\u005fid\":\"1\",\"event_time\":\"2024-03-01T00:00:00Z\"}",
};

static void
test_line(void **state)
{
	struct lf_run_line l;
	struct lf_buf scratch;
	const char *problem;

	(void)state;
	lf_buf_init(&scratch);
	for (size_t i = 0; i < 2; i++) {
		assert_true(lf_run_line_read(slice(lines[i]), &scratch, &l, &problem));
		is(l.v[LF_COL_EVENT_TIME], "2024-03-01T00:00:00Z");
		is(l.v[LF_COL_ACCOUNT], "1");
		is(l.v[LF_COL_REGION], "r");
		is(l.v[LF_COL_ACTOR], "ab");
		is(l.v[LF_COL_LOCATOR], "x");
		is(l.v[LF_COL_RECORD_INDEX], "7");
		is(l.digest, SHA);
		assert_true(lf_slice_equal(l.v[LF_COL_ALSO_IN], (struct lf_slice){"w#3\0z#4", 7}));
		assert_true(l.conflict && !l.partial && !l.mark);
		assert_int_equal(l.present, 1U << LF_COL_EVENT_TIME | 1U << LF_COL_ACCOUNT | 1U << LF_COL_REGION | 1U << LF_COL_ACTOR |
		    1U << LF_COL_INTEGRITY | 1U << LF_COL_LOCATOR | 1U << LF_COL_RECORD_INDEX | 1U << LF_COL_ALSO_IN);
	}
	lf_buf_free(&scratch);
}

/* A record_sha256 is 64 digits in small letters; anything else is none. */
static void
test_digest(void **state)
{
	static const char *const bad[] = {"{\"record_sha256\":\"0123\"}", "{\"record_sha256\":null}", "{\"record_sha256\":[\"" SHA "\"]}",
	    "{\"record_sha256\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeF\"}",
	    "{\"record_sha256\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeg\"}",
	    "{\"record_sha256\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd`/\"}"};
	struct lf_run_line l;
	struct lf_buf scratch;
	const char *problem;

	(void)state;
	lf_buf_init(&scratch);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_true(lf_run_line_read(slice(bad[i]), &scratch, &l, &problem));
		assert_int_equal(l.digest.len, 0);
	}
	lf_buf_free(&scratch);
}

/* The row of a line, for free(). */
static struct lf_row *
row_of(const char *line, const char *place)
{
	struct lf_buf scratch, row, raw;
	struct lf_values v = {.nanos = 0};
	struct lf_run_line l;
	const char *problem;
	struct lf_row *copy = NULL;

	lf_buf_init(&scratch);
	lf_buf_init(&row);
	lf_buf_init(&raw);
	if (lf_run_line_read(slice(line), &scratch, &l, &problem)) {
		memcpy(v.v, l.v, sizeof(v.v));
		lf_run_row_pack(&row, &v, 5, 6, 0, &l, slice(place), &raw);
		if (!row.failed && (copy = malloc(row.len)) != NULL)
			memcpy(copy, row.data, row.len);
	}
	lf_buf_free(&scratch);
	lf_buf_free(&row);
	lf_buf_free(&raw);
	return copy;
}

static void
test_tail(void **state)
{
	struct lf_row *r = row_of(lines[0], "w#3");
	struct lf_run_tail tail;

	(void)state;
	assert_non_null(r);
	lf_run_row_tail(r, &tail);
	is(tail.late[LF_COL_ACTOR - LF_COL_OF_EVENT], "ab");
	is(tail.late[LF_COL_INTEGRITY - LF_COL_OF_EVENT], "verified");
	is(tail.late[LF_COL_LOCATOR - LF_COL_OF_EVENT], "x");
	is(tail.late[LF_COL_RECORD_INDEX - LF_COL_OF_EVENT], "7");
	assert_int_equal(tail.late[LF_COL_ALSO_IN - LF_COL_OF_EVENT].len, 7);
	is(tail.digest, SHA);
	is(tail.place, "w#3");
	assert_int_equal(r->flags, LF_ROW_TEXTUAL);
	free(r);
}

/* Of rows of one event the least place decides, then what decides between rows anyway. */
static void
test_order(void **state)
{
	struct lf_row *a = row_of(lines[0], "w#3"), *b = row_of(lines[0], "w#20"), *c = row_of(lines[1], "w#3");

	(void)state;
	assert_true(a != NULL && b != NULL && c != NULL);
	assert_true(lf_run_row_cmp(a, b) < 0 && lf_run_row_cmp(b, a) > 0);
	assert_int_equal(lf_run_row_cmp(a, c), 0);
	free(a);
	free(b);
	free(c);
}

/* Whatever a disk made of a tail, what is read of it lies inside of the row. */
static void
test_bad_disk(void **state)
{
	struct lf_row *r = row_of(lines[0], "w#3");
	const char *end = (const char *)r + r->size;
	struct lf_run_tail tail;
	size_t seen = 0;
	char *raw;

	(void)state;
	assert_non_null(r);
	raw = (char *)(uintptr_t)lf_row_raw(r).s;
	for (size_t at = 0; at < 7 * sizeof(uint32_t); at++) {
		for (unsigned byte = 0; byte < 256; byte++) {
			char was = raw[at];

			raw[at] = (char)byte;
			lf_run_row_tail(r, &tail);
			for (unsigned i = 0; i < LF_RUN_LATE; i++)
				assert_true(tail.late[i].len == 0 || (tail.late[i].s >= raw && tail.late[i].s + tail.late[i].len <= end));
			assert_true(tail.place.len == 0 || (tail.place.s >= raw && tail.place.s + tail.place.len <= end));
			seen += tail.place.len == 0;
			raw[at] = was;
		}
	}
	assert_true(seen > 100);
	for (r->raw = 0; r->raw < 7 * sizeof(uint32_t); r->raw++) {
		lf_run_row_tail(r, &tail);
		assert_int_equal(tail.place.len + tail.digest.len + tail.late[0].len, 0);
	}
	free(r);
}

static int
chaos_step(void)
{
	struct lf_row *r = row_of(lines[0], "w#3");
	int rc = r == NULL ? -1 : 0;

	free(r);
	return rc;
}

static void
test_no_memory(void **state)
{
	(void)state;
	chaos_check(chaos_step, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_line), cmocka_unit_test(test_digest), cmocka_unit_test(test_tail),
	    cmocka_unit_test(test_order), cmocka_unit_test(test_bad_disk), cmocka_unit_test(test_no_memory)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("run_row", tests, NULL, NULL);
}
