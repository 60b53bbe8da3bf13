/* What was turned down is counted, and each reason has its words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "carve/tally.h"

#define NUMBERS (sizeof(struct lf_tally) / sizeof(uint64_t))

/* Every number of it is added, and to its own. */
static void
test_add(void **state)
{
	uint64_t a[NUMBERS], b[NUMBERS], sum[NUMBERS];
	struct lf_tally x, y;

	(void)state;
	for (size_t i = 0; i < NUMBERS; i++) {
		a[i] = 1000 * i;
		b[i] = i + 1;
	}
	memcpy(&x, a, sizeof(a));
	memcpy(&y, b, sizeof(b));
	lf_tally_add(&x, &y);
	memcpy(sum, &x, sizeof(sum));
	for (size_t i = 0; i < NUMBERS; i++)
		assert_int_equal(sum[i], a[i] + b[i]);
}

static void
test_names(void **state)
{
	(void)state;
	for (int i = 0; i < LF_TRIGGERS; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(lf_trigger_name((enum lf_trigger)i), lf_trigger_name((enum lf_trigger)k));
	for (int i = 0; i < LF_REJECTS; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(lf_reject_text((enum lf_reject)i), lf_reject_text((enum lf_reject)k));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_add), cmocka_unit_test(test_names)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
