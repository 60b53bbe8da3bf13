/* Events of one side, while the other is read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "chaos.h"
#include "compare/echo.h"

/* Numbers as hashes are. */
static uint64_t
spread(uint64_t i)
{
	return (i + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

static void
test_marks(void **state)
{
	struct lf_echoes e;

	(void)state;
	lf_echoes_init(&e, 1 << 20);
	assert_false(lf_echoes_has(&e, 2));
	assert_false(lf_echoes_marked(&e, 2));
	for (uint64_t i = 0; i < 10000; i++)
		assert_int_equal(lf_echoes_add(&e, spread(i)), 0);
	assert_int_equal(lf_echoes_add(&e, spread(7)), 0);
	assert_int_equal(e.n, 10000);
	for (uint64_t i = 0; i < 10000; i += 3)
		assert_false(lf_echoes_mark(&e, spread(i)));
	assert_true(lf_echoes_mark(&e, spread(9)));
	/* Marks stay when it grows. */
	for (uint64_t i = 10000; i < 40000; i++)
		assert_int_equal(lf_echoes_add(&e, spread(i)), 0);
	for (uint64_t i = 0; i < 50000; i++) {
		assert_int_equal(lf_echoes_has(&e, spread(i)), i < 40000);
		assert_int_equal(lf_echoes_marked(&e, spread(i)), i < 10000 && i % 3 == 0);
	}
	lf_echoes_free(&e);
	assert_false(lf_echoes_has(&e, spread(0)));
}

/* The numbers that a free slot would be taken for, and those that begin at one slot. */
static void
test_numbers(void **state)
{
	struct lf_echoes e;

	(void)state;
	lf_echoes_init(&e, 1 << 20);
	assert_int_equal(lf_echoes_add(&e, 0), 0);
	assert_int_equal(lf_echoes_add(&e, 1), 0);
	assert_int_equal(e.n, 1);
	for (uint64_t i = 1; i < 300; i++)
		assert_int_equal(lf_echoes_add(&e, i << 40 | 1), 0);
	assert_false(lf_echoes_mark(&e, 0));
	assert_true(lf_echoes_mark(&e, 1));
	assert_false(lf_echoes_marked(&e, UINT64_C(5) << 40));
	assert_false(lf_echoes_mark(&e, UINT64_C(5) << 40));
	assert_true(lf_echoes_marked(&e, UINT64_C(5) << 40 | 1));
	assert_false(lf_echoes_has(&e, UINT64_C(300) << 40));
	lf_echoes_free(&e);
}

/* No more than it may: what came first stays, and the rest is not known. */
static void
test_full(void **state)
{
	struct lf_echoes e;
	size_t known = 0;

	(void)state;
	lf_echoes_init(&e, 2048 * sizeof(uint64_t) + 1000);
	for (uint64_t i = 0; i < 100000; i++)
		assert_int_equal(lf_echoes_add(&e, spread(i)), 0);
	assert_int_equal(e.cap, 2048);
	for (uint64_t i = 0; i < 100000; i++)
		known += lf_echoes_has(&e, spread(i));
	assert_int_equal(known, 1536);
	assert_true(lf_echoes_has(&e, spread(1535)));
	lf_echoes_free(&e);
	lf_echoes_init(&e, 100);
	assert_int_equal(lf_echoes_add(&e, 2), 0);
	assert_false(lf_echoes_has(&e, 2));
	lf_echoes_free(&e);
}

static int
chaos_step(void)
{
	struct lf_echoes e;
	int rc = 0;

	lf_echoes_init(&e, 1 << 20);
	for (uint64_t i = 0; i < 5000 && rc == 0; i++)
		rc = lf_echoes_add(&e, spread(i));
	lf_echoes_free(&e);
	return rc;
}

static void
test_no_memory(void **state)
{
	(void)state;
	chaos_check(chaos_step, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_no_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("echo", tests, NULL, NULL);
}
