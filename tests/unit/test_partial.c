/* Partial rows beside full ones: what is absorbed by which row, what is a conflict, and what is neither. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "base/temporary.h"
#include "chaos.h"
#include "timeline/partial.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define MANY     200000

/*
 * A row: its columns in the order of "columns", a blank between them and "-" for none.  want: "." stands for itself, "!" is in
 * conflict, "=N" is a place of the row of object N.
 */
struct row {
	bool partial;
	const char *text, *want;
};

static const enum lf_column columns[] = {LF_COL_ID, LF_COL_ACCOUNT, LF_COL_EVENT_TIME, LF_COL_REGION, LF_COL_SOURCE,
    LF_COL_NAME, LF_COL_RESULT, LF_COL_SOURCE_IP, LF_COL_ACCESS_KEY, LF_COL_READ_ONLY, LF_COL_PRINCIPAL, LF_COL_RESOURCES};

#define FULL    "2024-03-01T10:00:00Z r s.amazonaws.com N success 192.0.2.1 AKIA true arn:u -"
#define PARTIAL "2024-03-01T10:00:00Z r s.amazonaws.com N success 192.0.2.1 AKIA true u -"

static const struct lf_seed seeds[] = {{{0x8f1bbcdc62e3a9d1, 0x2545f4914f6cdd1d, 0xd1342543de82ef95, 0x6a09e667f3bcc909}},
    {{0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f}}};

/* What is under test, and what it needs. */
struct world {
	struct lf_partials partials;
	struct lf_sorter *rows;
	struct lf_buf one;
};

static const struct lf_row *
pack(struct world *w, const char *text, bool partial, uint32_t object, uint32_t record)
{
	struct lf_values v = {.time = LF_TIME_NONE};
	struct lf_row *r;

	for (size_t i = 0; i < COUNT(columns) && *text != '\0'; i++) {
		size_t len = strcspn(text, " ");
		if (len != 1 || *text != '-')
			v.v[columns[i]] = (struct lf_slice){text, len};
		text += len + (text[len] == ' ');
	}
	if (!lf_utc_read_rfc3339(v.v[LF_COL_EVENT_TIME].s, v.v[LF_COL_EVENT_TIME].len, &v.time, &v.nanos))
		v.time = LF_TIME_NONE;
	lf_buf_reset(&w->one);
	lf_row_pack(&w->one, &v, record, 0, partial ? LF_ROW_PARTIAL : 0, (struct lf_slice){NULL, 0});
	if (w->one.failed)
		return NULL;
	r = (struct lf_row *)(void *)w->one.data;
	r->object = object;
	return r;
}

static int
open_world(struct world *w, const struct lf_seed *seed, struct lf_err *err)
{
	static const struct lf_sort_order order = {lf_row_prefix, lf_row_cmp};
	int fd;

	memset(w, 0, sizeof(*w));
	lf_buf_init(&w->one);
	lf_partials_init(&w->partials, seed);
	if ((fd = lf_temporary(NULL, err)) < 0)
		return -1;
	return lf_sorter_new(order, 300 * 1024, fd, "/tmp", 1, &w->rows, err);
}

static void
close_world(struct world *w)
{
	lf_partials_free(&w->partials);
	lf_sorter_free(w->rows);
	lf_buf_free(&w->one);
}

static int
add(struct world *w, const char *text, bool partial, uint32_t object, uint32_t record, struct lf_err *err)
{
	const struct lf_row *r = pack(w, text, partial, object, record);

	if (r == NULL)
		return lf_err_nomem(err);
	return lf_sorter_add(w->rows, r, r->size, err);
}

/* Rows of objects from 1000 on are hidden. */
static bool
shows(void *arg, const struct lf_row *r)
{
	(void)arg;
	return r->object < 1000;
}

static void
place(const struct lf_row *r, struct lf_buf *out)
{
	lf_buf_printf(out, "%u#%u;", r->object, r->record);
}

static int
find(struct world *w, struct lf_err *err)
{
	if (lf_sorter_finish(w->rows, err) != 0)
		return -1;
	return lf_partials_find(&w->partials, &(struct lf_partial_rows){w->rows, shows, place, NULL}, err);
}

/* What came of the row of an object, as in struct row. */
static void
fate_of(struct world *w, const struct row *rows, size_t n, uint32_t object, char out[16])
{
	const struct row *me = &rows[object];
	struct lf_partial_fate fate;

	lf_partials_of(&w->partials, pack(w, me->text, me->partial, object, object), &fate);
	strcpy(out, fate.conflict ? "!" : ".");
	if (!fate.absorbed)
		return;
	assert_true(me->partial && !fate.conflict);
	strcpy(out, "=?");
	for (uint32_t i = 0; i < n; i++) {
		size_t places;
		const struct lf_partial_place *p = lf_partials_places(&w->partials, i, i, &places);

		for (size_t k = 0; k < places; k++) {
			assert_true(k == 0 || p[k - 1].object < p[k].object);
			if (p[k].object != object)
				continue;
			assert_string_equal(out, "=?");
			snprintf(out, 16, "=%u", i);
			lf_buf_reset(&w->one);
			lf_buf_printf(&w->one, "%u#%u;", object, object);
			assert_int_equal(p[k].len, w->one.len);
			assert_memory_equal(w->partials.texts.data + p[k].at, w->one.data, p[k].len);
		}
	}
}

/* The same whatever the seed, and in whatever order the rows come. */
static void
check(const struct row *rows, size_t n)
{
	struct lf_err err;
	struct world w;
	char have[16];

	for (size_t first = 0; first < 2 * n; first++) {
		assert_int_equal(open_world(&w, &seeds[first < n], &err), 0);
		for (size_t i = 0; i < n; i++) {
			uint32_t k = (uint32_t)((first + i) % n);
			assert_int_equal(add(&w, rows[k].text, rows[k].partial, k, k, &err), 0);
		}
		assert_int_equal(find(&w, &err), 0);
		for (uint32_t i = 0; i < n; i++) {
			fate_of(&w, rows, n, i, have);
			if (strcmp(have, rows[i].want) != 0)
				fail_msg("row %u of %s: %s, not %s", i, rows[0].text, have, rows[i].want);
		}
		close_world(&w);
	}
}

#define CHECK(rows) check(rows, COUNT(rows))

static void
test_joined(void **state)
{
	static const struct row one[] = {{false, "a 1 " FULL, "."}, {true, "a - " PARTIAL, "=0"}, {true, "b - " PARTIAL, "."}};
	/* the first of the full rows, in their order, gets it: copies, versions, other accounts */
	static const struct row many[] = {{true, "a - " PARTIAL, "=3"}, {false, "a 2 " FULL, "."}, {true, "a - " PARTIAL, "=3"},
	    {false, "a 1 " FULL, "."}, {false, "a 1 " FULL, "."}};
	/* a CSV that names accounts */
	static const struct row named[] = {{false, "a 1 " FULL, "."}, {true, "a 2 " PARTIAL, "."}, {true, "a 1 " PARTIAL, "=0"},
	    {false, "a 3 " FULL, "."}};
	static const struct row nobody[] = {{false, "a - " FULL, "."}, {true, "a - " PARTIAL, "=0"}};
	/* columns that a line does not have */
	static const struct row few[] = {{false, "a 1 " FULL, "."}, {true, "a - - - - N - - - - - -", "=0"},
	    {true, "a - 2024-03-01T10:00:00Z - s.amazonaws.com - - - - - - -", "=0"}, {true, "a - - - - - - - - - - -", "=0"}};
	/* rows without an eventID are never taken for one another */
	static const struct row no_id[] = {{false, "- 1 " FULL, "."}, {true, "- - " PARTIAL, "."}, {true, "- - " PARTIAL, "."}};

	(void)state;
	CHECK(one);
	CHECK(many);
	CHECK(named);
	CHECK(nobody);
	CHECK(few);
	CHECK(no_id);
}

/* What a line cannot tell is no contradiction. */
static void
test_unknown(void **state)
{
	static const struct row fraction[] = {{false, "a 1 2024-03-01T10:00:00.25Z r s N success i k true p -", "."},
	    {true, "a - 2024-03-01T10:00:00Z r s N success i k true u -", "=0"}};
	static const struct row sign_in[] = {{false, "a 1 2024-03-01T10:00:00Z r s N failure i k true p -", "."},
	    {true, "a - 2024-03-01T10:00:00Z r s N success i k true u -", "=0"}};
	static const struct row bad_time[] = {{false, "a 1 yesterday r s N success i k true p -", "."},
	    {true, "a - yesterday r s N success i k true u -", "=0"}};
	static const struct row resources[] = {{false, "a 1 2024-03-01T10:00:00Z r s N success i k true p arn:x", "."},
	    {true, "a - 2024-03-01T10:00:00Z r s N success i k true u x", "=0"}};

	(void)state;
	CHECK(fraction);
	CHECK(sign_in);
	CHECK(bad_time);
	CHECK(resources);
}

static void
test_contradictions(void **state)
{
	static const char *const lines[] = {"a - 2024-03-01T10:00:01Z r s.amazonaws.com N success 192.0.2.1 AKIA true u -",
	    "a - 2024-03-01T10:00:00Z q s.amazonaws.com N success 192.0.2.1 AKIA true u -",
	    "a - 2024-03-01T10:00:00Z r t.amazonaws.com N success 192.0.2.1 AKIA true u -",
	    "a - 2024-03-01T10:00:00Z r s.amazonaws.com M success 192.0.2.1 AKIA true u -",
	    "a - 2024-03-01T10:00:00Z r s.amazonaws.com N AccessDenied 192.0.2.1 AKIA true u -",
	    "a - 2024-03-01T10:00:00Z r s.amazonaws.com N success 192.0.2.2 AKIA true u -",
	    "a - 2024-03-01T10:00:00Z r s.amazonaws.com N success 192.0.2.1 AKIB true u -",
	    "a - 2024-03-01T10:00:00Z r s.amazonaws.com N success 192.0.2.1 AKIA false u -", "a - - - - M - - - - - -",
	    "a - yesterday - - - - - - - - -"};

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct row rows[] = {{false, "a 1 " FULL, "!"}, {true, lines[i], "!"}, {true, "a - " PARTIAL, "=0"},
		    {false, "b 1 " FULL, "."}, {false, "a 1 " FULL, "!"}};
		CHECK(rows);
	}
}

/* A line that says the same as one of several versions contradicts none; one that contradicts all is a conflict with all. */
static void
test_versions(void **state)
{
	static const struct row agrees[] = {{false, "a 1 " FULL, "."}, {false, "a 1 - r s N success i k true p -", "."},
	    {true, "a - " PARTIAL, "=0"}, {true, "a - - r s N success i k true u -", "=1"}};
	static const struct row against[] = {{false, "a 1 " FULL, "!"}, {false, "a 1 - r s N success i k true p -", "!"},
	    {true, "a - - - - M - - - - - -", "!"}};
	/* records of two accounts, and two CSVs */
	static const struct row accounts[] = {{false, "a 1 " FULL, "!"}, {false, "a 2 " FULL, "!"}, {true, "a - - - - M - - - - - -", "!"},
	    {true, "a 1 - - - M - - - - - -", "!"}};

	(void)state;
	CHECK(agrees);
	CHECK(against);
	CHECK(accounts);
}

/* Lines without a full record. */
static void
test_alone(void **state)
{
	static const struct row same[] = {{true, "a - " PARTIAL, "."}, {true, "a - " PARTIAL, "."}};
	static const struct row other[] = {{true, "a - " PARTIAL, "!"}, {true, "a - - - - M - - - - - -", "!"}, {true, "b - " PARTIAL, "."}};
	static const struct row user[] = {{true, "a - 2024-03-01T10:00:00Z r s N success i k true alice -", "!"},
	    {true, "a - 2024-03-01T10:00:00Z r s N success i k true bob -", "!"}};
	static const struct row more[] = {{true, "a - 2024-03-01T10:00:00Z r s N success i k true alice x", "."},
	    {true, "a - 2024-03-01T10:00:00Z r s N success i k true - -", "."}, {true, "a - - - - N - - - - - -", "."}};
	struct lf_partial_fate a, b, c;
	struct lf_err err;
	struct world w;

	(void)state;
	CHECK(same);
	CHECK(other);
	CHECK(user);
	CHECK(more);
	assert_int_equal(open_world(&w, &seeds[0], &err), 0);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(add(&w, i < 2 ? same[i].text : other[1].text, true, i, 0, &err), 0);
	assert_int_equal(find(&w, &err), 0);
	lf_partials_of(&w.partials, pack(&w, same[0].text, true, 0, 0), &a);
	lf_partials_of(&w.partials, pack(&w, same[0].text, true, 1, 0), &b);
	lf_partials_of(&w.partials, pack(&w, other[1].text, true, 2, 0), &c);
	assert_int_equal(a.version, b.version);
	assert_int_not_equal(a.version, c.version);
	close_world(&w);
}

/* What is not shown neither absorbs nor contradicts. */
static void
test_hidden(void **state)
{
	struct lf_partial_fate fate;
	struct lf_err err;
	struct world w;

	(void)state;
	assert_int_equal(open_world(&w, &seeds[0], &err), 0);
	assert_int_equal(add(&w, "a 1 " FULL, false, 1000, 0, &err), 0);
	assert_int_equal(add(&w, "a - " PARTIAL, true, 1, 0, &err), 0);
	assert_int_equal(add(&w, "b 1 " FULL, false, 2, 0, &err), 0);
	assert_int_equal(add(&w, "b - - - - M - - - - - -", true, 1001, 0, &err), 0);
	assert_int_equal(find(&w, &err), 0);
	lf_partials_of(&w.partials, pack(&w, "a - " PARTIAL, true, 1, 0), &fate);
	assert_false(fate.absorbed || fate.conflict);
	lf_partials_of(&w.partials, pack(&w, "b 1 " FULL, false, 2, 0), &fate);
	assert_false(fate.absorbs || fate.conflict);
	close_world(&w);
}

/* One eventID, very many lines and very many records of it: no time that grows with their product.  kind 0: all say the
 * same, 1: each line another thing, 2: lines with and without columns in all ways, which no record agrees with. */
static void
test_many(void **state)
{
	struct lf_err err;
	struct world w;
	char text[256];
	struct lf_partial_fate fate;
	clock_t start;
	size_t n;

	(void)state;
	for (unsigned kind = 0; kind < 3; kind++) {
		assert_int_equal(open_world(&w, &seeds[0], &err), 0);
		start = clock();
		for (uint32_t i = 0; i < MANY; i++) {
			if (kind == 2)
				snprintf(text, sizeof(text), "a - %s %c %c %c %c %c %c %c u -", i & 1 ? "-" : "2024-03-01T10:00:00Z", i & 2 ? '-' : 'r',
				    i & 4 ? '-' : 'y', i & 8 ? '-' : 'y', i & 16 ? '-' : 'y', i & 32 ? '-' : 'y', i & 64 ? '-' : 'y', i & 128 ? '-' : 'y');
			else
				snprintf(text, sizeof(text), "a - - r s N success %u k true u -", kind == 0 ? 0 : i);
			assert_int_equal(add(&w, text, true, 0, i, &err), 0);
			snprintf(text, sizeof(text), "a 1 2024-03-01T10:00:00Z r s N success %u k true p -", kind == 0 ? 0 : i);
			assert_int_equal(add(&w, text, false, 1, i, &err), 0);
		}
		assert_int_equal(find(&w, &err), 0);
		lf_partials_places(&w.partials, 1, kind == 0 ? 0 : 7, &n);
		assert_int_equal(n, kind == 0 ? MANY : kind == 1 ? 1 : 0);
		lf_partials_of(&w.partials, pack(&w, "a 1 " FULL, false, 1, 0), &fate);
		assert_int_equal(fate.conflict, kind == 2);
		print_message("# %u: %.1f s\n", kind, (double)(clock() - start) / CLOCKS_PER_SEC);
		assert_true(clock() - start < 60 * CLOCKS_PER_SEC);
		close_world(&w);
	}
}

static int
chaos_step(void)
{
	struct lf_err err = {""};
	struct world w;
	int rc = open_world(&w, &seeds[0], &err);

	for (uint32_t i = 0; i < 3 && rc == 0; i++)
		rc = add(&w, i == 0 ? "a 1 " FULL : i == 1 ? "a - " PARTIAL : "a - - - - M - - - - - -", i > 0, i, 0, &err);
	if (rc == 0)
		rc = find(&w, &err);
	if (rc == 0 && w.partials.n != 1)
		rc = 1;
	close_world(&w);
	return rc;
}

static void
test_no_memory(void **state)
{
	(void)state;
	chaos_check(chaos_step, 11);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_joined),
	    cmocka_unit_test(test_unknown),
	    cmocka_unit_test(test_contradictions),
	    cmocka_unit_test(test_versions),
	    cmocka_unit_test(test_alone),
	    cmocka_unit_test(test_hidden),
	    cmocka_unit_test(test_many),
	    cmocka_unit_test(test_no_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("partial", tests, NULL, NULL);
}
