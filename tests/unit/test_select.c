/* Filters and shards.  The shards' numbers were worked out by another program: they are a contract. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "forensic.h"
#include "record/select.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct lf_select everything = {.since = LF_TIME_NONE, .until = LF_TIME_NONE};

static bool
place(const struct lf_select *s, const char *account, const char *region)
{
	return lf_select_place(s, account, strlen(account), region, strlen(region));
}

static void
test_shards_are_fixed(void **state)
{
	static const struct {
		const char *account, *region;
		unsigned shards, shard;
	} cases[] = {
	    {"123456789012", "us-east-1", 1, 1},
	    {"123456789012", "us-east-1", 2, 1},
	    {"123456789012", "us-east-1", 7, 7},
	    {"123456789012", "us-east-1", 100000, 62613},
	    {"123456789012", "us-west-2", 7, 1},
	    {"123456789012", "US-WEST-2", 7, 1},
	    {"000000000000", "eu-central-1", 16, 7},
	    {"", "", 16, 12},
	    {"", "us-east-1", 16, 1},
	    {"1", "2", 1000, 460},
	    {"12", "", 1000, 861},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(lf_shard_of(cases[i].account, strlen(cases[i].account), cases[i].region,
		    strlen(cases[i].region), cases[i].shards), cases[i].shard);
	assert_int_equal(lf_shard_of("a", 1, "b", 1, 0), 1);
}

/* Every place is in exactly one shard, and no shard gets much more than its part. */
static void
test_shards_share(void **state)
{
	static const char *const regions[] = {"us-east-1", "us-west-2", "eu-west-1"};
	unsigned got[9] = {0};
	char account[16];

	(void)state;
	for (unsigned a = 0; a < 3000; a++) {
		unsigned hits = 0;

		snprintf(account, sizeof(account), "%012u", a / 3);
		for (unsigned k = 1; k <= 8; k++) {
			struct lf_select s = everything;

			s.shard = k;
			s.shards = 8;
			if (place(&s, account, regions[a % 3])) {
				hits++;
				got[k]++;
			}
		}
		assert_int_equal(hits, 1);
	}
	for (unsigned k = 1; k <= 8; k++)
		assert_in_range(got[k], 300, 450);
}

static void
test_places(void **state)
{
	static const char *const accounts[] = {"111111111111", "222222222222"}, *const regions[] = {"us-east-1"};
	struct lf_select s = everything;

	(void)state;
	assert_true(place(&s, "1", "x"));
	assert_true(place(&s, "", ""));
	s.accounts = accounts;
	s.n_accounts = 2;
	assert_true(place(&s, "222222222222", "x"));
	assert_false(place(&s, "22222222222", "x"));
	assert_false(place(&s, "2222222222222", "x"));
	assert_false(place(&s, "", "x"));
	s.regions = regions;
	s.n_regions = 1;
	assert_true(place(&s, "111111111111", "us-east-1"));
	assert_true(place(&s, "111111111111", "US-EAST-1"));
	assert_false(place(&s, "111111111111", "us-east-2"));
	assert_false(place(&s, "333333333333", "us-east-1"));
	/* slices are not ended by a NUL */
	assert_true(lf_select_place(&s, "111111111111_", 12, "us-east-1_x", 9));
}

static void
test_trails(void **state)
{
	static const char *const trails[] = {"a", "b_c"};
	struct lf_select s = everything;

	(void)state;
	assert_true(lf_select_trail(&s, "anything"));
	s.trails = trails;
	s.n_trails = 2;
	assert_true(lf_select_trail(&s, "b_c"));
	assert_false(lf_select_trail(&s, "B_c"));
	assert_false(lf_select_trail(&s, ""));
}

static void
test_windows(void **state)
{
	struct lf_select s = everything;

	(void)state;
	assert_true(lf_select_window(&s, 0, 10));
	assert_true(lf_select_time(&s, INT64_MAX));
	s.since = 100;
	assert_false(lf_select_window(&s, 0, 100));
	assert_true(lf_select_window(&s, 0, 101));
	assert_true(lf_select_window(&s, 100, 100));
	assert_false(lf_select_window(&s, 99, 99));
	assert_true(lf_select_time(&s, 100));
	assert_false(lf_select_time(&s, 99));
	s.until = 200;
	assert_true(lf_select_window(&s, 199, 300));
	assert_false(lf_select_window(&s, 200, 300));
	assert_true(lf_select_window(&s, 0, 1000));
	assert_true(lf_select_time(&s, 199));
	assert_false(lf_select_time(&s, 200));
	s.since = LF_TIME_NONE;
	assert_true(lf_select_time(&s, -5));
}

static void
test_homeless(void **state)
{
	struct lf_select s = everything;

	(void)state;
	assert_true(lf_select_homeless(&s));
	s.shard = 1;
	s.shards = 3;
	assert_true(lf_select_homeless(&s));
	s.shard = 2;
	assert_false(lf_select_homeless(&s));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_shards_are_fixed), cmocka_unit_test(test_shards_share),
	    cmocka_unit_test(test_places), cmocka_unit_test(test_trails), cmocka_unit_test(test_windows),
	    cmocka_unit_test(test_homeless)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
