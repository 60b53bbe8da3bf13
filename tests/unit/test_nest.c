/* Things found in things: where they come from, and the stack of those that wait. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "carve/nest.h"
#include "chaos.h"

static int
push(struct lf_nests *s, const struct lf_origin *from, uint64_t offset, const char *label, const char *text)
{
	struct lf_buf bytes = {0};
	int r;

	lf_buf_puts(&bytes, text);
	r = bytes.failed ? -1 : lf_nests_push(s, from, offset, (struct lf_area){offset, offset + 7}, label, &bytes);
	lf_buf_free(&bytes);
	return r;
}

/* Of what lies in something else, place and run are those of the outermost; only the path grows. */
static void
test_origin(void **state)
{
	const struct lf_origin image = {0};
	struct lf_nests s = {0};
	struct lf_nest outer, inner;

	(void)state;
	assert_int_equal(push(&s, &image, 4096, "GZIP", "outer"), 0);
	assert_true(lf_nests_pop(&s, &outer));
	assert_int_equal(push(&s, &outer.origin, 12, "BASE64", "in"), 0);
	assert_true(lf_nests_pop(&s, &inner));
	assert_int_equal(outer.origin.depth, 1);
	assert_string_equal(lf_buf_str(&outer.origin.path), "4096-GZIP-");
	assert_int_equal(inner.origin.depth, 2);
	assert_string_equal(lf_buf_str(&inner.origin.path), "4096-GZIP-12-BASE64-");
	assert_int_equal(inner.origin.start, 4096);
	assert_int_equal(inner.origin.run.from, 4096);
	assert_int_equal(inner.origin.run.to, 4103);
	assert_string_equal(lf_buf_str(&inner.bytes), "in");
	lf_nest_free(&outer);
	lf_nest_free(&inner);
	lf_nests_free(&s);
}

/* The last in is the first out, and held is what they have in all. */
static int
fill(void)
{
	const struct lf_origin image = {0};
	struct lf_nests s = {0};
	struct lf_nest n;
	char text[12];
	int r = 0;

	for (uint64_t i = 0; i < 40 && r == 0; i++) {
		snprintf(text, sizeof(text), "%03u", (unsigned)i);
		r = push(&s, &image, i, "GZIP", text);
		if (r == 0)
			assert_int_equal(s.held, 3 * (i + 1));
	}
	for (unsigned i = 40; r == 0 && i-- > 0;) {
		snprintf(text, sizeof(text), "%03u", i);
		assert_true(lf_nests_pop(&s, &n));
		assert_string_equal(lf_buf_str(&n.bytes), text);
		assert_int_equal(s.held, 3 * i);
		lf_nest_free(&n);
	}
	if (r == 0)
		assert_false(lf_nests_pop(&s, &n));
	lf_nests_free(&s);
	return r;
}

static void
test_stack(void **state)
{
	(void)state;
	assert_int_equal(fill(), 0);
}

static void
test_out_of_memory(void **state)
{
	(void)state;
	chaos_check(fill, 40);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_origin), cmocka_unit_test(test_stack),
	    cmocka_unit_test(test_out_of_memory)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("nest", tests, NULL, NULL);
}
