/* Twins: what counts as the same event twice, what is listed, and how versions are numbered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/temporary.h"
#include "chaos.h"
#include "scratch.h"
#include "timeline/twins.h"

#define MiB ((uint64_t)1 << 20)

/* A record: value is what it says (equal values are one version), content what its hash is made of. */
struct record {
	uint32_t object, record;
	const char *id, *account;
	unsigned content, value;
	bool partial;
};

static const struct lf_seed seed_a = {{0x8f1bbcdc62e3a9d1, 0x2545f4914f6cdd1d, 0xd1342543de82ef95, 0x6a09e667f3bcc909}},
			    seed_b = {{0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f}};

static void
pack(struct lf_buf *b, const struct lf_seed *seed, const struct record *r)
{
	struct lf_values v = {.time = 5};
	size_t at = b->len;

	v.v[LF_COL_ID] = (struct lf_slice){r->id, strlen(r->id)};
	v.v[LF_COL_ACCOUNT] = (struct lf_slice){r->account, strlen(r->account)};
	lf_row_pack(b, &v, r->record, lf_seed_mix(seed, r->content, 9), r->partial ? LF_ROW_PARTIAL : 0,
	    (struct lf_slice){NULL, 0});
	if (!b->failed)
		((struct lf_row *)(void *)(b->data + at))->object = r->object;
}

/* Adds n records one by one, from the one numbered first on, and finds. */
static int
find(struct lf_twins *t, const struct lf_seed *seed, const struct record *r, size_t n, size_t first, struct lf_err *err)
{
	struct lf_buf b;
	int fd = lf_temporary(NULL, err), rc = -1;

	lf_buf_init(&b);
	memset(t, 0, sizeof(*t));
	if (fd >= 0)
		rc = lf_twins_init(t, seed, 300 * 1024, fd, "/tmp", 1, err);
	for (size_t i = 0; i < n && rc == 0; i++) {
		lf_buf_reset(&b);
		pack(&b, seed, &r[(i + first) % n]);
		rc = b.failed ? -1 : lf_twins_add(t, b.data, b.len, err);
	}
	lf_buf_free(&b);
	return rc == 0 ? lf_twins_find(t, err) : rc;
}

/* Sets the values of what is listed: but none of object 99, which could not be read again. */
static void
set_values(struct lf_twins *t, const struct record *r, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct lf_twin *twin = lf_twins_at(t, r[i].object, r[i].record);
		if (twin == NULL || r[i].object == 99)
			continue;
		memset(twin->value, 0, sizeof(twin->value));
		twin->value[LF_SHA256_LEN - 1] = (unsigned char)(255 - r[i].value);
		twin->valued = true;
	}
}

static uint32_t
version_of(const struct lf_twins *t, const struct lf_seed *seed, const struct record *r, bool *conflict)
{
	struct lf_buf b;
	uint32_t version;

	lf_buf_init(&b);
	pack(&b, seed, r);
	assert_false(b.failed);
	version = lf_twins_version(t, (const void *)b.data, conflict);
	lf_buf_free(&b);
	return version;
}

/* Finds and settles under two seeds and in all rotations of the records: versions are as wanted, -1 meaning no conflict and version 0. */
static void
check(const struct record *r, const int *want, size_t n)
{
	struct lf_twins t;
	struct lf_err err;
	bool conflict;

	for (size_t first = 0; first < 2 * n; first++) {
		const struct lf_seed *seed = first < n ? &seed_a : &seed_b;
		assert_int_equal(find(&t, seed, r, n, first % n, &err), 0);
		set_values(&t, r, n);
		assert_int_equal(lf_twins_settle(&t, &err), 0);
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(version_of(&t, seed, &r[i], &conflict), want[i] < 0 ? 0 : want[i]);
			assert_int_equal(conflict, want[i] >= 0);
		}
		lf_twins_free(&t);
	}
}

#define CHECK(records, want) check(records, want, sizeof(records) / sizeof((records)[0]))

static void
test_nothing(void **state)
{
	static const struct record r[] = {
	    {0, 0, "a", "1", 1, 1, false},
	    {0, 1, "b", "1", 2, 2, false},
	    {1, 0, "a", "2", 3, 3, false}, /* another account's */
	    {1, 1, "a", "1", 1, 1, false}, /* a duplicate */
	};
	static const int want[] = {-1, -1, -1, -1};
	struct lf_twins t;
	struct lf_err err;

	(void)state;
	CHECK(r, want);
	assert_int_equal(find(&t, &seed_a, r, 4, 0, &err), 0);
	assert_int_equal(t.n, 0);
	assert_false(lf_twins_want(&t, 0));
	assert_false(lf_twins_want(&t, 1));
	lf_twins_free(&t);
	assert_int_equal(find(&t, &seed_a, r, 0, 0, &err), 0);
	assert_int_equal(lf_twins_settle(&t, &err), 0);
	lf_twins_free(&t);
}

/* Contents differ: by value they are one version (the order inside objects differs) or two. */
static void
test_versions(void **state)
{
	static const struct record same[] = {{3, 0, "a", "1", 1, 7, false}, {4, 0, "a", "1", 2, 7, false}};
	static const struct record two[] = {{3, 0, "a", "1", 1, 8, false}, {4, 0, "a", "1", 2, 7, false}};
	static const struct record many[] = {
	    {1, 5, "a", "1", 10, 1, false},
	    {2, 0, "a", "1", 11, 2, false},
	    {2, 1, "b", "1", 11, 2, false},
	    {3, 0, "a", "1", 12, 1, false}, /* as the first, written otherwise */
	    {3, 1, "a", "1", 11, 2, false}, /* a copy */
	    {4, 0, "b", "1", 13, 3, false},
	    {4, 1, "a", "1", 14, 0, false},
	    {4, 2, "c", "1", 14, 0, false},
	};
	static const int none[] = {-1, -1}, both[] = {0, 1}, all[] = {0, 1, 0, 0, 1, 1, 2, -1};

	(void)state;
	CHECK(same, none);
	CHECK(two, both);
	CHECK(many, all);
}

/* Without an eventID there are no twins; a CSV's line agrees with anything. */
static void
test_left_out(void **state)
{
	static const struct record r[] = {
	    {0, 0, "", "1", 1, 1, false},
	    {0, 1, "", "1", 2, 2, false},
	    {0, 2, "a", "1", 3, 3, true},
	    {0, 3, "a", "1", 4, 4, false},
	    {0, 4, "a", "1", 5, 5, true},
	    {0, 5, "b", "1", 6, 6, false},
	    {0, 6, "b", "1", 7, 7, false},
	    {0, 7, "b", "1", 8, 8, true},
	};
	static const int want[] = {-1, -1, -1, -1, -1, 0, 1, -1};

	(void)state;
	CHECK(r, want);
}

/* What cannot be read again is a version of its own, each. */
static void
test_unread(void **state)
{
	static const struct record r[] = {
	    {98, 0, "a", "1", 1, 7, false},
	    {99, 0, "a", "1", 2, 7, false},
	    {99, 1, "a", "1", 3, 7, false},
	    {100, 0, "a", "1", 4, 7, false},
	    {99, 2, "b", "1", 4, 7, false},
	    {100, 2, "b", "1", 5, 7, false},
	};
	static const int want[] = {0, 1, 2, 0, 0, 1};

	(void)state;
	CHECK(r, want);
}

/* Bytes may not move from the eventID to the account. */
static void
test_separated(void **state)
{
	static const struct record r[] = {
	    {0, 0, "ab", "c", 1, 1, false},
	    {0, 1, "a", "bc", 2, 2, false},
	    {0, 2, "abc", "", 3, 3, false},
	    {0, 3, "c", "ab", 4, 4, false},
	    {0, 4, "a", "b", 5, 5, false},
	    {0, 5, "b", "a", 6, 6, false},
	};
	static const int want[] = {-1, -1, -1, -1, -1, -1};

	(void)state;
	CHECK(r, want);
}

/* The list is in the order of places, holds the first place of each content, and is found by place. */
static void
test_list(void **state)
{
	static const struct record r[] = {
	    {9, 3, "b", "1", 1, 1, false},
	    {9, 1, "a", "1", 2, 1, false},
	    {5, 0, "a", "1", 3, 3, false},
	    {9, 0, "b", "1", 3, 3, false},
	    {7, 0, "a", "1", 2, 1, false}, /* before 9, 1 */
	    {8, 0, "c", "1", 2, 1, false},
	};
	static const uint32_t places[][2] = {{5, 0}, {7, 0}, {9, 0}, {9, 3}};
	struct lf_twins t;
	struct lf_err err;

	(void)state;
	for (size_t first = 0; first < 12; first++) {
		assert_int_equal(find(&t, first < 6 ? &seed_a : &seed_b, r, 6, first % 6, &err), 0);
		assert_int_equal(t.n, 4);
		for (size_t i = 0; i < 4; i++) {
			assert_int_equal(t.list[i].object, places[i][0]);
			assert_int_equal(t.list[i].record, places[i][1]);
			assert_ptr_equal(lf_twins_at(&t, places[i][0], places[i][1]), &t.list[i]);
		}
		assert_null(lf_twins_at(&t, 9, 1));
		assert_null(lf_twins_at(&t, 9, 4));
		assert_null(lf_twins_at(&t, 0, 0));
		assert_null(lf_twins_at(&t, UINT32_MAX, 0));
		for (uint32_t object = 0; object < 12; object++)
			assert_int_equal(lf_twins_want(&t, object), object == 5 || object == 7 || object == 9);
		lf_twins_free(&t);
	}
}

/* ---- Many ---- */

#define MANY 30000

/* MANY records, two of each event but every tenth different in its second copy; more than memory holds. */
static struct record *
many_records(char (*ids)[16])
{
	struct record *r = calloc(MANY, sizeof(*r));

	assert_non_null(r);
	for (uint32_t i = 0; i < MANY; i++) {
		uint32_t event = i % (MANY / 2);
		snprintf(ids[i], sizeof(ids[i]), "%u", event);
		r[i] = (struct record){i / 100, i % 100, ids[i], "1", event, event % 251, false};
		if (i >= MANY / 2 && event % 10 == 0) {
			r[i].content = MANY + i;
			r[i].value = 252;
		}
	}
	return r;
}

static void
test_many(void **state)
{
	char(*ids)[16] = calloc(MANY, sizeof(*ids));
	struct lf_twins t;
	struct lf_err err;
	bool conflict;

	(void)state;
	assert_non_null(ids);
	struct record *r = many_records(ids);
	assert_int_equal(find(&t, &seed_a, r, MANY, 12345, &err), 0);
	assert_int_equal(t.n, MANY / 10);
	set_values(&t, r, MANY);
	assert_int_equal(lf_twins_settle(&t, &err), 0);
	for (uint32_t i = 0; i < MANY; i++) {
		bool differs = i % (MANY / 2) % 10 == 0;
		assert_int_equal(version_of(&t, &seed_a, &r[i], &conflict), differs && i >= MANY / 2);
		assert_int_equal(conflict, differs);
	}
	lf_twins_free(&t);
	free(r);
	free(ids);
}

/* One event in very many versions: no time that grows with their square. */
static void
test_one_event(void **state)
{
	struct record *r = calloc(MANY, sizeof(*r));
	struct lf_twins t;
	struct lf_err err;
	bool conflict;

	(void)state;
	assert_non_null(r);
	for (uint32_t i = 0; i < MANY; i++)
		r[i] = (struct record){i, 0, "id", "1", i, i % 251, false};
	assert_int_equal(find(&t, &seed_a, r, MANY, 0, &err), 0);
	assert_int_equal(t.n, MANY);
	set_values(&t, r, MANY);
	assert_int_equal(lf_twins_settle(&t, &err), 0);
	for (uint32_t i = 0; i < MANY; i++) /* object 99 is a version of its own, and so moves those behind it of the first round */
		assert_int_equal(version_of(&t, &seed_a, &r[i], &conflict),
		    i == 99 ? 99 : i % 251 == 99 ? 251 : i % 251);
	lf_twins_free(&t);
	free(r);
}

static int
chaos_step(void)
{
	static const struct record r[] = {
	    {0, 0, "a", "1", 1, 1, false}, {0, 1, "a", "1", 2, 2, false}, {0, 2, "b", "1", 3, 3, false}};
	struct lf_twins t;
	struct lf_err err = {""};
	int rc = find(&t, &seed_a, r, 3, 0, &err);

	if (rc == 0)
		rc = lf_twins_settle(&t, &err);
	if (rc == 0 && !t.list[0].conflict)
		rc = 1;
	lf_twins_free(&t);
	return rc;
}

static void
test_no_memory(void **state)
{
	(void)state;
	chaos_check(chaos_step, 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nothing),
	    cmocka_unit_test(test_versions),
	    cmocka_unit_test(test_left_out),
	    cmocka_unit_test(test_unread),
	    cmocka_unit_test(test_separated),
	    cmocka_unit_test(test_list),
	    cmocka_unit_test(test_many),
	    cmocka_unit_test(test_one_event),
	    cmocka_unit_test(test_no_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("twins", tests, NULL, NULL);
}
