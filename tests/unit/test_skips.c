/* What was not read, and how it is said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "chaos.h"
#include "proof/skips.h"

static void
gather(void *arg, const char *line)
{
	lf_buf_puts(arg, line);
	lf_buf_putc(arg, '\n');
}

/* In the order in which they were noted; copied; and nothing of evidence steers a terminal. */
static void
test_say(void **state)
{
	char locator[] = "b/two|inside", reason[] = "is damaged";
	struct lf_buf out = {0};
	struct lf_skips s;
	struct lf_err err;

	(void)state;
	lf_skips_init(&s);
	lf_skips_say(&s, gather, &out);
	assert_int_equal(out.len, 0);
	assert_int_equal(lf_skips_add(&s, locator, 5, reason, &err), 0);
	memset(locator, 'x', sizeof(locator) - 1);
	memset(reason, 'x', sizeof(reason) - 1);
	assert_int_equal(lf_skips_add(&s, "a\033[1m", 5, "no\nfile", &err), 0);
	lf_skips_say(&s, gather, &out);
	assert_string_equal(lf_buf_str(&out), "not read: b/two: is damaged\nnot read: a\\x1b[1m: no\\x0afile\n");
	assert_string_equal(lf_skips_at(&s, 0)->locator, "b/two");
	lf_buf_free(&out);
	lf_skips_free(&s);
}

static int
step(void)
{
	struct lf_skips s;
	struct lf_err err;
	int r = 0;

	lf_skips_init(&s);
	for (unsigned i = 0; i < 2000 && r == 0; i++)
		r = lf_skips_add(&s, "some/place", 10, "a reason", &err);
	if (r == 0)
		assert_int_equal(s.list.n, 2000);
	lf_skips_free(&s);
	return r;
}

static void
test_out_of_memory(void **state)
{
	(void)state;
	chaos_check(step, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_say), cmocka_unit_test(test_out_of_memory)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("skips", tests, NULL, NULL);
}
