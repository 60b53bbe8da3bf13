/* Arrays that grow at their end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/array.h"
#include "chaos.h"

/* Fills an array of n numbers one by one; -1 when memory is out, and then what was there is there still. */
static int
fill(size_t n)
{
	uint64_t *all = NULL, *more;
	size_t cap = 0, k = 0;

	for (; k < n; k++) {
		more = lf_array_more(all, k, &cap, sizeof(*all));
		if (more == NULL)
			break;
		all = more;
		assert_true(cap > k);
		all[k] = k * k;
	}
	for (size_t i = 0; i < k; i++)
		assert_int_equal(all[i], i * i);
	free(all);
	return k == n ? 0 : -1;
}

static void
test_grow(void **state)
{
	char *all, *same;
	size_t cap = 0;

	(void)state;
	for (size_t n = 0; n < 2000; n += 37)
		assert_int_equal(fill(n), 0);
	all = lf_array_more(NULL, 0, &cap, 1);
	assert_non_null(all);
	same = lf_array_more(all, cap - 1, &cap, 1);
	assert_ptr_equal(same, all);
	assert_int_equal(cap, LF_ARRAY_FIRST);
	free(same);
}

/* A size that no memory has is refused, and the array stays as it is. */
static void
test_too_large(void **state)
{
	size_t caps[] = {SIZE_MAX / 2 + 1, SIZE_MAX / 4};
	char *one;

	(void)state;
	if (!CHAOS)
		skip(); /* a sanitizer ends the program there */
	one = malloc(1);
	for (size_t i = 0; i < sizeof(caps) / sizeof(caps[0]); i++) {
		size_t cap = caps[i];

		assert_null(lf_array_more(one, cap, &cap, 16));
		assert_int_equal(cap, caps[i]);
	}
	free(one);
}

static int
step(void)
{
	return fill(1000);
}

static void
test_out_of_memory(void **state)
{
	(void)state;
	chaos_check(step, 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_grow), cmocka_unit_test(test_too_large),
	    cmocka_unit_test(test_out_of_memory)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("array", tests, NULL, NULL);
}
