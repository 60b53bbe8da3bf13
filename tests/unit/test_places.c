/* timeline/places: places as text, in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chaos.h"

#include "timeline/places.h"

#define SLICE(text) ((struct lf_slice){text, sizeof(text) - 1})

static int
sign(int d)
{
	return (d > 0) - (d < 0);
}

static void
test_order(void **state)
{
	static const char *const sorted[] = {"", "#0", "a#9", "a#10", "a#100", "a!x#1", "a-b/x#0", "a/x#0", "a/x#b#3", "a/x#b#21", "b"};

	(void)state;
	for (size_t i = 0; i < sizeof(sorted) / sizeof(sorted[0]); i++)
		for (size_t k = 0; k < sizeof(sorted) / sizeof(sorted[0]); k++) {
			struct lf_slice a = {sorted[i], strlen(sorted[i])}, b = {sorted[k], strlen(sorted[k])};

			if (sign(lf_place_cmp(a, b)) != (i > k) - (i < k))
				fail_msg("%s and %s", sorted[i], sorted[k]);
		}
}

/* What was kept comes out sorted, each place once for each time that it was kept. */
static int
sort_places(void)
{
	static const char want[] = "a#2\0a#2\0a#10\0b#1\0c-long-name-of-a-file#0";
	struct lf_buf all, out;
	uint32_t n;
	int rc = -1;

	lf_buf_init(&all);
	lf_buf_init(&out);
	lf_places_keep(&all, SLICE("b#1\0a#10"));
	lf_places_keep(&all, SLICE(""));
	lf_places_keep(&all, SLICE("c-long-name-of-a-file#0\0a#2"));
	lf_places_keep(&all, SLICE("a#2"));
	if (!all.failed) {
		n = lf_places_sort(&all);
		if (!all.failed) {
			assert_int_equal(n, 5);
			assert_int_equal(all.len % 8, 0);
			lf_places_join(all.data, all.len, &out);
			if (!out.failed) {
				assert_int_equal(out.len, sizeof(want) - 1);
				assert_memory_equal(out.data, want, sizeof(want) - 1);
				rc = 0;
			}
		}
	}
	lf_buf_free(&all);
	lf_buf_free(&out);
	return rc;
}

static void
test_sort(void **state)
{
	(void)state;
	chaos_check(sort_places, 4);
}

/* Lengths that cannot be are no reason to read further than there are bytes. */
static void
test_bad_lengths(void **state)
{
	uint64_t kept[2] = {UINT64_MAX, 0};
	struct lf_buf out;

	(void)state;
	lf_buf_init(&out);
	for (uint64_t len = 9; len != 0; len *= 2) {
		kept[0] = len;
		lf_places_join((const char *)kept, sizeof(kept), &out);
	}
	lf_places_join((const char *)kept, 7, &out);
	assert_int_equal(out.len, 0);
	lf_buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_order), cmocka_unit_test(test_sort), cmocka_unit_test(test_bad_lengths)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
