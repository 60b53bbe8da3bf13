/* Counts over the rows of a timeline, and the line of signs that is drawn of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "chaos.h"
#include "report/spark.h"
#include "report/timeline_picture.h"
#include "report/timeline_stats.h"
#include "timeline_stub.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define HOUR     3600
#define DAY      (24 * HOUR)

static struct lf_err err;

static struct lf_timeline_stats *
stats_new(void)
{
	struct lf_timeline_stats *s;

	assert_int_equal(lf_timeline_stats_new(&s, &err), 0);
	return s;
}

static void
add(struct lf_timeline_stats *s, int64_t time, const char *account, const char *principal, const char *result)
{
	struct lf_timeline_row row = stub_row(time);

	stub_set(&row, LF_COL_ACCOUNT, account);
	stub_set(&row, LF_COL_PRINCIPAL, principal);
	stub_set(&row, LF_COL_RESULT, result);
	assert_int_equal(lf_timeline_stats_add(s, &row, &err), 0);
}

static void
expect_top(const struct lf_timeline_stats *s, enum lf_top which, size_t i, const char *name, uint64_t n)
{
	size_t rows;
	uint64_t others;
	const struct lf_top_row *top = lf_timeline_stats_top(s, which, &rows, &others);

	assert_true(i < rows);
	assert_string_equal(top[i].name, name);
	assert_int_equal(top[i].n, n);
}

static size_t
tops(const struct lf_timeline_stats *s, enum lf_top which)
{
	size_t rows;
	uint64_t others;

	lf_timeline_stats_top(s, which, &rows, &others);
	return rows;
}

static void
test_nothing(void **state)
{
	struct lf_timeline_stats *s = stats_new();
	size_t n;

	(void)state;
	assert_int_equal(lf_timeline_stats_finish(s, &err), 0);
	assert_int_equal(lf_timeline_stats_totals(s)->rows, 0);
	assert_true(lf_timeline_stats_totals(s)->first == LF_TIME_NONE);
	for (enum lf_top i = 0; i < LF_TOPS; i++)
		assert_int_equal(tops(s, i), 0);
	lf_timeline_stats_hours(s, &n);
	assert_int_equal(n, 0);
	lf_timeline_stats_hours_of(s, "1", &n);
	assert_int_equal(n, 0);
	assert_int_equal(lf_bins_of(s, 10).n, 0);
	lf_timeline_stats_free(s);
	lf_timeline_stats_free(NULL);
}

static void
test_counts(void **state)
{
	struct lf_timeline_stats *s = stats_new();
	const struct lf_stats_hour *h;
	size_t n;

	(void)state;
	add(s, 10 * HOUR, "1", "bob", "success");
	add(s, 10 * HOUR + 3599, "2", "alice", "AccessDenied");
	add(s, 13 * HOUR, "1", "zoe", "");
	add(s, 13 * HOUR, "1", "bob", "AccessDenied");
	add(s, 13 * HOUR, "1", "", "failure");
	add(s, LF_TIME_NONE, "", "alice", "success");
	assert_int_equal(lf_timeline_stats_finish(s, &err), 0);
	expect_top(s, LF_TOP_PRINCIPAL, 0, "alice", 2);
	expect_top(s, LF_TOP_PRINCIPAL, 1, "bob", 2);
	expect_top(s, LF_TOP_PRINCIPAL, 2, "zoe", 1);
	assert_int_equal(tops(s, LF_TOP_PRINCIPAL), 3);
	expect_top(s, LF_TOP_ERROR, 0, "AccessDenied", 2);
	expect_top(s, LF_TOP_ERROR, 1, "failure", 1);
	assert_int_equal(tops(s, LF_TOP_ERROR), 2);
	expect_top(s, LF_TOP_ACCOUNT, 0, "1", 4);
	assert_int_equal(tops(s, LF_TOP_NAME), 0);
	h = lf_timeline_stats_hours(s, &n);
	assert_int_equal(n, 2);
	assert_true(h[0].start == 10 * HOUR && h[0].ok == 1 && h[0].failed == 1);
	assert_true(h[1].start == 13 * HOUR && h[1].ok == 1 && h[1].failed == 2);
	assert_int_equal(lf_timeline_stats_slot(s), HOUR);
	h = lf_timeline_stats_hours_of(s, "2", &n);
	assert_int_equal(n, 1);
	assert_true(h[0].ok == 0 && h[0].failed == 1);
	lf_timeline_stats_free(s);
}

static void
test_totals(void **state)
{
	struct lf_timeline_stats *s = stats_new();
	struct lf_timeline_row row = stub_row(-5);
	const struct lf_stats_totals *t = lf_timeline_stats_totals(s);

	(void)state;
	row.integrity = LF_INTEGRITY_MODIFIED;
	row.conflict = true;
	row.copies = 7;
	stub_set(&row, LF_COL_ID, "x");
	assert_int_equal(lf_timeline_stats_add(s, &row, &err), 0);
	row = stub_row(5);
	assert_int_equal(lf_timeline_stats_add(s, &row, &err), 0);
	row = stub_row(LF_TIME_NONE);
	assert_int_equal(lf_timeline_stats_add(s, &row, &err), 0);
	assert_true(t->rows == 3 && t->conflicts == 1 && t->copies == 7 && t->no_time == 1 && t->no_id == 2 && t->failed == 0);
	assert_true(t->integrity[LF_INTEGRITY_MODIFIED] == 1 && t->integrity[LF_INTEGRITY_UNKNOWN] == 2);
	assert_true(t->first == -5 && t->last == 5);
	lf_timeline_stats_free(s);
}

/* A time before 1970 lies in the hour that starts before it. */
static void
test_before_the_epoch(void **state)
{
	struct lf_timeline_stats *s = stats_new();
	size_t n;

	(void)state;
	add(s, -1, "1", "", "");
	add(s, 0, "1", "", "");
	assert_int_equal(lf_timeline_stats_hours(s, &n)[0].start, -HOUR);
	assert_int_equal(n, 2);
	lf_timeline_stats_free(s);
}

/* Names that differ only far behind are different names; both are shown cut, and not into a character. */
static void
test_long_names(void **state)
{
	struct lf_timeline_stats *s = stats_new();
	char a[1 << 16], b[1 << 16];

	(void)state;
	memset(a, 'a', sizeof(a) - 1);
	a[sizeof(a) - 1] = '\0';
	memcpy(a + LF_STATS_NAME_MAX - 1, "\xc3\xa9", 2);
	memcpy(b, a, sizeof(a));
	b[sizeof(b) - 2] = 'b';
	add(s, 0, a, a, "success");
	add(s, 0, a, b, "success");
	add(s, 0, a, b, "success");
	assert_int_equal(lf_timeline_stats_finish(s, &err), 0);
	assert_int_equal(tops(s, LF_TOP_PRINCIPAL), 2);
	a[LF_STATS_NAME_MAX - 1] = '\0';
	strcat(a, "...");
	expect_top(s, LF_TOP_PRINCIPAL, 0, a, 2);
	expect_top(s, LF_TOP_PRINCIPAL, 1, a, 1);
	lf_timeline_stats_free(s);
}

/* No event is lost from the sum when there are too many names, and memory does not grow with them. */
static void
test_many_names(void **state)
{
	struct lf_timeline_stats *s = stats_new();
	const struct lf_top_row *top;
	uint64_t others, sum = 0;
	char name[400];
	size_t n;

	(void)state;
	memset(name, 'x', sizeof(name));
	for (unsigned i = 0; i < 2 * LF_STATS_NAMES; i++) {
		snprintf(name, sizeof(name), "%08x", i);
		if (i % 2 == 0)
			name[8] = 'x', name[399] = '\0';
		add(s, i, name, name, name);
	}
	assert_int_equal(lf_timeline_stats_finish(s, &err), 0);
	for (enum lf_top i = 0; i < LF_TOPS; i++) {
		top = lf_timeline_stats_top(s, i, &n, &others);
		sum = others;
		for (size_t k = 0; k < n; k++)
			sum += top[k].n;
		assert_true(n <= LF_STATS_NAMES);
		assert_int_equal(sum, i == LF_TOP_PRINCIPAL || i == LF_TOP_ERROR || i == LF_TOP_ACCOUNT ? 2 * LF_STATS_NAMES : 0);
	}
	lf_timeline_stats_free(s);
}

/* Events of a slot by what proves them, summed. */
static uint64_t
proofs(const struct lf_timeline_stats *s, size_t slot)
{
	uint64_t sum = 0;

	for (size_t i = 0; i <= LF_INTEGRITY_UNKNOWN; i++)
		sum += lf_timeline_stats_proof(s)[slot].n[i];
	return sum;
}

/* Too many hours become fewer, longer slots, in all series alike; the sum stays. */
static void
test_many_hours(void **state)
{
	static const int64_t steps[] = {HOUR, 5 * HOUR, DAY, 100 * DAY, 364 * DAY};
	const struct lf_stats_hour *h;
	struct lf_timeline_stats *s;
	uint64_t sum;
	size_t n;

	(void)state;
	for (size_t i = 0; i < COUNT(steps); i++) {
		s = stats_new();
		add(s, -62167219200, "first", "", "");
		for (int64_t k = 1; k < 9000; k++)
			add(s, -62167219200 + k * steps[i], k % 2 == 0 ? "even" : "odd", "", k % 3 == 0 ? "E" : "");
		sum = 0;
		h = lf_timeline_stats_hours(s, &n);
		assert_true(n > 1 && n <= LF_STATS_SLOTS);
		for (size_t k = 0; k < n; k++) {
			sum += h[k].ok + h[k].failed;
			assert_int_equal(proofs(s, k), h[k].ok + h[k].failed);
			assert_true(k == 0 || h[k].start - h[k - 1].start >= lf_timeline_stats_slot(s));
			assert_int_equal(h[k].start % lf_timeline_stats_slot(s), 0);
		}
		assert_int_equal(sum, 9000);
		h = lf_timeline_stats_hours_of(s, "odd", &n);
		for (size_t k = 0; k < n; k++)
			assert_int_equal(h[k].start % lf_timeline_stats_slot(s), 0);
		lf_timeline_stats_free(s);
	}
}

/* Whatever the order of rows, the slots are the same. */
static void
test_any_order(void **state)
{
	struct lf_timeline_stats *there = stats_new(), *back = stats_new();
	const struct lf_stats_hour *a, *b;
	size_t n, m;

	(void)state;
	for (int64_t k = 0; k < 6000; k++) {
		add(there, k * 2 * HOUR, "1", "", "");
		add(back, (5999 - k) * 2 * HOUR, "1", "", "");
	}
	a = lf_timeline_stats_hours(there, &n);
	b = lf_timeline_stats_hours(back, &m);
	assert_int_equal(n, m);
	assert_memory_equal(a, b, n * sizeof(*a));
	assert_memory_equal(lf_timeline_stats_proof(there), lf_timeline_stats_proof(back), n * sizeof(struct lf_stats_proof));
	assert_true(lf_timeline_stats_totals(back)->first == 0 && lf_timeline_stats_totals(back)->last == 5999 * 2 * HOUR);
	lf_timeline_stats_free(there);
	lf_timeline_stats_free(back);
}

/* Bins cover all hours, are not more than asked for, and lose nothing. */
static void
test_bins(void **state)
{
	static const int64_t gaps[] = {HOUR, 3 * HOUR, 25 * HOUR, 777 * DAY};
	uint64_t ok[300], failed[300], sum;
	struct lf_timeline_stats *s;
	const struct lf_stats_hour *h;
	struct lf_bins b;
	size_t n;

	(void)state;
	for (size_t i = 0; i < COUNT(gaps); i++) {
		s = stats_new();
		for (int64_t k = 0; k < 500; k++)
			add(s, 1709251200 + 7 * HOUR + k * gaps[i], "1", "", k % 2 == 0 ? "E" : "");
		h = lf_timeline_stats_hours(s, &n);
		for (size_t max = 1; max <= 300; max++) {
			b = lf_bins_of(s, max);
			assert_true(b.n > 0 && b.n <= max && b.start <= h[0].start);
			assert_int_equal(b.seconds % lf_timeline_stats_slot(s), 0);
			lf_bins_fill(&b, h, n, ok, failed);
			sum = 0;
			for (size_t k = 0; k < b.n; k++)
				sum += ok[k] + failed[k];
			assert_int_equal(sum, 500);
		}
		lf_timeline_stats_free(s);
	}
}

static void
test_lengths(void **state)
{
	char buf[32];

	(void)state;
	assert_string_equal(lf_bins_length(HOUR, buf), "hour");
	assert_string_equal(lf_bins_length(6 * HOUR, buf), "6 hours");
	assert_string_equal(lf_bins_length(DAY, buf), "day");
	assert_string_equal(lf_bins_length(7 * DAY, buf), "7 days");
}

static void
test_spark(void **state)
{
	static const uint64_t all[] = {0, 1, 2, 3, 4, 5, 6, 7, 8}, none[] = {0, 0}, wide[] = {UINT64_MAX, 1, UINT64_MAX / 2};
	struct lf_buf out;

	(void)state;
	lf_buf_init(&out);
	lf_spark(&out, all, 9, false);
	assert_string_equal(lf_buf_str(&out), " ▁▂▃▄▅▆▇█");
	lf_buf_reset(&out);
	lf_spark(&out, none, 2, false);
	lf_spark(&out, wide, 3, false);
	assert_string_equal(lf_buf_str(&out), "  █▁▄");
	lf_buf_reset(&out);
	lf_spark(&out, all, 9, true);
	assert_string_equal(lf_buf_str(&out), " .:-=+*%#");
	lf_buf_reset(&out);
	lf_spark(&out, NULL, 0, false);
	assert_string_equal(lf_buf_str(&out), "");
	lf_buf_free(&out);
}

static int
step(void)
{
	struct lf_timeline_stats *s;
	struct lf_timeline_row row = stub_row(0);
	int rc = -1;

	if (lf_timeline_stats_new(&s, &err) != 0)
		return -1;
	stub_set(&row, LF_COL_ACCOUNT, "1");
	stub_set(&row, LF_COL_PRINCIPAL, "2");
	if (lf_timeline_stats_add(s, &row, &err) == 0 && lf_timeline_stats_add(s, &row, &err) == 0)
		rc = lf_timeline_stats_finish(s, &err);
	lf_timeline_stats_free(s);
	return rc;
}

static void
test_out_of_memory(void **state)
{
	(void)state;
	chaos_check(step, 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_nothing), cmocka_unit_test(test_counts),
	    cmocka_unit_test(test_totals), cmocka_unit_test(test_before_the_epoch), cmocka_unit_test(test_long_names),
	    cmocka_unit_test(test_many_names), cmocka_unit_test(test_many_hours), cmocka_unit_test(test_any_order), cmocka_unit_test(test_bins),
	    cmocka_unit_test(test_lengths), cmocka_unit_test(test_spark), cmocka_unit_test(test_out_of_memory)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
