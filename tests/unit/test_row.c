/* Rows: what is packed comes out again, the order, and the prefix that agrees with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/utc.h"
#include "chaos.h"
#include "forensic.h"
#include "scratch.h"
#include "timeline/row.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define NONE ((struct lf_slice){NULL, 0})

static struct lf_slice
text(const char *s)
{
	return (struct lf_slice){s, strlen(s)};
}

/* A row on its own. */
static struct lf_row *
pack(const struct lf_values *v, uint32_t record, struct lf_slice raw)
{
	struct lf_buf b;

	lf_buf_init(&b);
	lf_row_pack(&b, v, record, 42, LF_ROW_NO_IDENTITY, raw);
	assert_false(b.failed);
	assert_int_equal(((struct lf_row *)(void *)b.data)->size, b.len);
	assert_int_equal(b.len % 8, 0);
	return (void *)b.data;
}

static void
assert_slice(struct lf_slice s, const char *want)
{
	assert_int_equal(s.len, strlen(want));
	assert_memory_equal(s.len > 0 ? s.s : "", want, s.len);
}

static void
test_values(void **state)
{
	char names[LF_COL_OF_EVENT][8];
	struct lf_values v = {.time = 1700000000};
	struct lf_slice all[LF_COL_OF_EVENT];
	struct lf_row *r;

	(void)state;
	for (size_t c = 0; c < LF_COL_OF_EVENT; c++) {
		snprintf(names[c], sizeof(names[c]), "v%zu", c);
		v.v[c] = c % 4 == 3 ? NONE : text(names[c]);
	}
	r = pack(&v, 77, text("{\"raw\":1}"));
	assert_int_equal(r->record, 77);
	assert_int_equal(r->content, 42);
	assert_int_equal(r->flags, LF_ROW_NO_IDENTITY);
	assert_int_equal(r->time, 1700000000);
	for (enum lf_column c = 0; c < LF_COL_OF_EVENT; c++)
		assert_slice(lf_row_value(r, c), c % 4 == 3 ? "" : names[c]);
	assert_slice(lf_row_raw(r), "{\"raw\":1}");
	assert_slice(lf_row_joined(r), "v0,v1,v2,,v4,v5,v6,,v8,v9,v10,,v12,v13,v14");
	lf_row_values(r, all);
	for (size_t c = 0; c < LF_COL_OF_EVENT; c++)
		assert_slice(all[c], c % 4 == 3 ? "" : names[c]);
	free(r);
}

/* Bytes are bytes: NUL and what is no UTF-8 too; many rows in one buffer. */
static void
test_many(void **state)
{
	struct lf_buf b;
	uint64_t random = 3;
	char bytes[300];
	size_t at = 0;
	uint32_t n = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)scratch_random(&random);
	lf_buf_init(&b);
	for (uint32_t i = 0; i < 300; i++) {
		struct lf_values v = {.time = LF_TIME_NONE};
		v.v[LF_COL_USER_AGENT] = (struct lf_slice){bytes, i};
		v.v[LF_COL_SHARED_ID] = (struct lf_slice){bytes + i, 300 - i};
		lf_row_pack(&b, &v, i, i, 0, (struct lf_slice){bytes, i % 3});
	}
	for (; at < b.len; n++) {
		const struct lf_row *r = (const void *)(b.data + at);
		struct lf_slice s = lf_row_value(r, LF_COL_USER_AGENT);
		assert_true(s.len == n && memcmp(s.s, bytes, n) == 0);
		s = lf_row_value(r, LF_COL_SHARED_ID);
		assert_true(s.len == 300 - n && memcmp(s.s, bytes + n, s.len) == 0);
		assert_int_equal(lf_row_raw(r).len, n % 3);
		assert_int_equal(lf_row_value(r, LF_COL_EVENT_TIME).len, 0);
		assert_int_equal(r->record, n);
		at += r->size;
	}
	assert_int_equal(n, 300);
	lf_buf_free(&b);
}

/* The text of event_time comes out as it went in, whatever the time is. */
static void
test_time_text(void **state)
{
	static const struct {
		const char *text;
		int64_t time;
		int32_t nanos;
	} cases[] = {
	    {"2023-11-14T22:13:20Z", 1700000000, 0},
	    {"2023-11-14T22:13:20.5Z", 1700000000, 500000000},
	    {"2023-11-14T22:13:20.000000001Z", 1700000000, 1},
	    {"2023-11-14T22:13:20.100Z", 1700000000, 100000000},
	    {"2023-11-15T09:13:20+11:00", 1700000000, 0},
	    {"2023-11-14T22:13:21Z", 1700000000, 0},
	    {"2023-11-14T22:13:20Z", LF_TIME_NONE, 0},
	    {"2023-11-14T22:13:20Z", 1700000000, 7},
	    {"not a time", LF_TIME_NONE, 0},
	    {"", LF_TIME_NONE, 0},
	    {"-", LF_TIME_NONE, 0},
	    {"0000-01-01T00:00:00Z", -62167219200, 0},
	    {"9999-12-31T23:59:59.999999999Z", 253402300799, 999999999},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct lf_values v = {.time = cases[i].time, .nanos = cases[i].nanos};
		struct lf_row *r;
		v.v[LF_COL_EVENT_TIME] = text(cases[i].text);
		r = pack(&v, 0, NONE);
		assert_slice(lf_row_value(r, LF_COL_EVENT_TIME), cases[i].text);
		free(r);
	}
}

/* In order: each is before the next. */
static const struct {
	int64_t time;
	int32_t nanos;
	const char *account, *region, *id;
	uint32_t object, record;
} sorted[] = {
    {-62167219200, 0, "9", "", "", 9, 0},
    {-1, 5, "", "", "", 9, 0},
    {0, 0, "", "", "", 9, 0},
    {0, 0, "1", "", "", 9, 0},
    {1700000000, 0, "", "", "a", 0, 0},
    {1700000000, 0, "!", "", "a", 0, 0},
    {1700000000, 0, "0", "", "a", 0, 0},
    {1700000000, 0, "1", "", "a", 0, 0},
    {1700000000, 0, "1!", "", "a", 0, 0},
    {1700000000, 0, "1!2", "", "a", 0, 0},
    {1700000000, 0, "10", "", "a", 0, 0},
    {1700000000, 0, "11111111", "", "a", 0, 0},
    {1700000000, 0, "111111111", "", "a", 0, 0},
    {1700000000, 0, "123456789012", "", "a", 0, 0},
    {1700000000, 0, "123456789012", "eu-west-1", "a", 0, 0},
    {1700000000, 0, "123456789012", "us-east-1", "a", 0, 0},
    {1700000000, 0, "123456789012", "us-east-1", "ab", 0, 0},
    {1700000000, 0, "123456789012", "us-east-1", "b", 0, 0},
    {1700000000, 0, "123456789012", "us-east-1", "b", 0, 1},
    {1700000000, 0, "123456789012", "us-east-1", "b", 1, 0},
    {1700000000, 0, "123456789012", "us-east-1", "b", UINT32_MAX, 0},
    {1700000000, 0, "123456789012", "us-east-1", "", 0, 0},
    {1700000000, 0, "123456789012", "us-east-1", "", 0, UINT32_MAX},
    {1700000000, 0, "123456789012", "us-east-1", "", 1, 0},
    {1700000000, 0, "123456789012", "us-east-10", "a", 0, 0},
    {1700000000, 0, "99999999999999", "", "a", 0, 0},
    {1700000000, 0, "a", "", "a", 0, 0},
    {1700000000, 0, "b", "", "a", 0, 0},
    {1700000000, 0, "\xff\xff\xff\xff\xff\xff\xff\xff\xff", "", "a", 0, 0},
    {1700000000, 1, "", "", "a", 0, 0},
    {1700000000, 1, "1", "", "a", 0, 0},
    {1700000000, 999999999, "1", "", "a", 0, 0},
    {1700000001, 0, "", "", "a", 0, 0},
    {4294967294, 0, "1", "", "a", 0, 0},
    {4294967294, 5, "1", "", "a", 0, 0},
    {4294967295, 0, "1", "", "a", 0, 0},
    {4294967296, 0, "0", "", "a", 0, 0},
    {253402300799, 0, "1", "", "a", 0, 0},
    {253402300799, 999999999, "1", "", "a", 0, 0},
    {LF_TIME_NONE, 0, "", "", "a", 0, 0},
    {LF_TIME_NONE, 7, "1", "", "a", 0, 0},
    {LF_TIME_NONE, 0, "2", "", "a", 0, 0},
    {LF_TIME_NONE, 0, "2", "", "", 0, 0},
};

static struct lf_row *
sorted_row(size_t i)
{
	struct lf_values v = {.time = sorted[i].time, .nanos = sorted[i].nanos};
	struct lf_row *r;

	v.v[LF_COL_ACCOUNT] = text(sorted[i].account);
	v.v[LF_COL_REGION] = text(sorted[i].region);
	v.v[LF_COL_ID] = text(sorted[i].id);
	v.v[LF_COL_NAME] = text(i % 2 ? "x" : "y");
	r = pack(&v, sorted[i].record, NONE);
	r->object = sorted[i].object;
	return r;
}

static void
test_order(void **state)
{
	struct lf_row *rows[COUNT(sorted)];

	(void)state;
	for (size_t i = 0; i < COUNT(sorted); i++)
		rows[i] = sorted_row(i);
	for (size_t i = 0; i < COUNT(sorted); i++) {
		for (size_t j = 0; j < COUNT(sorted); j++) {
			int d = lf_row_cmp(rows[i], rows[j]);
			assert_int_equal((d > 0) - (d < 0), (i > j) - (i < j));
			if (i < j)
				assert_true(lf_row_prefix(rows[i]) <= lf_row_prefix(rows[j]));
		}
	}
	for (size_t i = 0; i < COUNT(sorted); i++)
		free(rows[i]);
}

/* Values of few characters, so that all ways to differ occur: the prefix never contradicts. */
static void
test_prefix(void **state)
{
	static const char alphabet[] = "\x01/09:a\xff";
	static const int64_t times[] = {INT64_MIN + 1, -1, 0, 1, 4294967293, 4294967294, 4294967295, INT64_MAX, LF_TIME_NONE};
	static const int32_t fractions[] = {0, 0, 1, 999999999, -1};
	struct lf_row *rows[300];
	uint64_t random = 11;
	char account[13];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct lf_values v = {.time = times[scratch_random(&random) % COUNT(times)],
		    .nanos = fractions[scratch_random(&random) % COUNT(fractions)]};
		size_t len = scratch_random(&random) % sizeof(account);
		for (size_t k = 0; k < len; k++)
			account[k] = alphabet[scratch_random(&random) % (sizeof(alphabet) - 1)];
		v.v[LF_COL_ACCOUNT] = (struct lf_slice){account, len};
		rows[i] = pack(&v, (uint32_t)i, NONE);
	}
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t j = 0; j < COUNT(rows); j++)
			assert_false(lf_row_cmp(rows[i], rows[j]) < 0 && lf_row_prefix(rows[i]) > lf_row_prefix(rows[j]));
	for (size_t i = 0; i < COUNT(rows); i++)
		free(rows[i]);
}

static void
test_same_event(void **state)
{
	static const struct lf_values event = {.v = {[LF_COL_ACCOUNT] = {"1", 1}, [LF_COL_REGION] = {"r", 1}, [LF_COL_ID] = {"i", 1}},
	    .time = 5};
	struct lf_values other[6];
	struct lf_row *a = pack(&event, 0, NONE), *b = pack(&event, 9, text("raw")), *c;

	(void)state;
	assert_true(lf_row_same_event(a, b));
	for (size_t i = 0; i < COUNT(other); i++)
		other[i] = event;
	other[0].time = 6;
	other[1].nanos = 1;
	other[2].v[LF_COL_ACCOUNT] = text("2");
	other[3].v[LF_COL_REGION] = text("R");
	other[4].v[LF_COL_ID] = text("I");
	other[5].v[LF_COL_ID] = NONE;
	for (size_t i = 0; i < COUNT(other); i++) {
		c = pack(&other[i], 0, NONE);
		assert_false(lf_row_same_event(a, c));
		free(c);
	}
	c = pack(&other[5], 0, NONE);
	assert_false(lf_row_same_event(c, c)); /* nothing says that they are one */
	free(c);
	free(a);
	free(b);
}

/* What a damaged disk gives back for a row of the right size: anything but bytes outside of it. */
static void
test_damaged(void **state)
{
	struct lf_values v = {.time = 5, .v = {[LF_COL_ID] = {"id", 2}}};
	struct lf_row *good = pack(&v, 0, text("raw")), *r = malloc(good->size);
	uint64_t random = 1;
	uint32_t size = good->size;

	(void)state;
	assert_non_null(r);
	for (int i = 0; i < 20000; i++) {
		memcpy(r, good, size);
		for (uint64_t k = scratch_random(&random) % 6; k < 6; k++)
			((unsigned char *)r)[4 + scratch_random(&random) % (size - 4)] = (unsigned char)scratch_random(&random);
		for (enum lf_column c = 0; c < LF_COL_OF_EVENT; c++) {
			struct lf_slice s = lf_row_value(r, c);
			assert_true(s.len == 0 ||
			    (s.s >= r->bytes && s.s + s.len <= (char *)r + size));
		}
		struct lf_slice joined = lf_row_joined(r), raw = lf_row_raw(r);
		assert_true(joined.len == 0 || (joined.s >= r->bytes && joined.s + joined.len <= (char *)r + size));
		assert_true(raw.len == 0 || (raw.s >= r->bytes && raw.s + raw.len <= (char *)r + size));
		lf_row_cmp(r, good);
		lf_row_prefix(r);
	}
	free(r);
	free(good);
}

/* Over 4 GiB: refused before a byte of it is looked at. */
static void
test_too_large(void **state)
{
	struct lf_values v = {.time = 1};
	struct lf_buf b;
	char byte = 'x';

	(void)state;
	lf_buf_init(&b);
	v.v[LF_COL_NAME] = (struct lf_slice){&byte, UINT32_MAX};
	lf_row_pack(&b, &v, 0, 0, 0, NONE);
	assert_true(b.failed);
	lf_buf_reset(&b);
	v.v[LF_COL_NAME] = (struct lf_slice){&byte, 1};
	lf_row_pack(&b, &v, 0, 0, 0, (struct lf_slice){&byte, SIZE_MAX});
	assert_true(b.failed);
	lf_buf_free(&b);
}

static int
chaos_step(void)
{
	struct lf_values v = {.time = 1, .v = {[LF_COL_ID] = {"id", 2}}};
	struct lf_buf b;
	bool failed;

	lf_buf_init(&b);
	for (uint32_t i = 0; i < 100; i++)
		lf_row_pack(&b, &v, i, 0, 0, NONE);
	failed = b.failed;
	lf_buf_free(&b);
	return failed ? -1 : 0;
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
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_many),
	    cmocka_unit_test(test_time_text),
	    cmocka_unit_test(test_order),
	    cmocka_unit_test(test_prefix),
	    cmocka_unit_test(test_same_event),
	    cmocka_unit_test(test_damaged),
	    cmocka_unit_test(test_too_large),
	    cmocka_unit_test(test_no_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("row", tests, NULL, NULL);
}
