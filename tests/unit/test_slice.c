/* Runs of bytes: exact comparisons and those without regard to case, and parts taken off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/slice.h"

/* A slice of a literal, NULs inside it too. */
#define S(text) ((struct lf_slice){text, sizeof(text) - 1})

static const struct lf_slice nothing = {NULL, 0};

static void
test_equal(void **state)
{
	(void)state;
	assert_true(lf_slice_equal(S("aB\0c"), S("aB\0c")));
	assert_false(lf_slice_equal(S("aB"), S("ab")));
	assert_false(lf_slice_equal(S("ab"), S("abc")));
	assert_true(lf_slice_equal(nothing, S("")));
	assert_true(lf_slice_equal_nocase(S("aB\0c"), S("Ab\0C")));
	assert_false(lf_slice_equal_nocase(S("ab"), S("abc")));
	assert_true(lf_slice_equal_nocase(nothing, nothing));
	assert_true(lf_slice_is(S("aB"), "aB"));
	assert_false(lf_slice_is(S("aB"), "ab"));
	assert_false(lf_slice_is(S("ab\0"), "ab"));
	assert_true(lf_slice_is(nothing, ""));
	assert_true(lf_slice_is_nocase(S("aB"), "Ab"));
	assert_false(lf_slice_is_nocase(S("ab\0"), "ab"));
}

/* Only letters have a case: the bytes beside them, and those of other alphabets, do not. */
static void
test_letters(void **state)
{
	(void)state;
	for (int x = 0; x < 256; x++) {
		for (int y = 0; y < 256; y++) {
			char a = (char)x, b = (char)y;
			int twins = x - y == 32 ? x >= 'a' && x <= 'z' : y - x == 32 && y >= 'a' && y <= 'z';

			assert_int_equal(lf_bytes_equal_nocase(&a, &b, 1), x == y || twins);
			assert_int_equal(lf_bytes_equal(&a, &b, 1), x == y);
		}
	}
}

static void
test_ends(void **state)
{
	(void)state;
	assert_true(lf_slice_starts(S("abc"), "ab") && lf_slice_starts(S("ab"), "ab") && lf_slice_starts(nothing, ""));
	assert_false(lf_slice_starts(S("abc"), "aB") || lf_slice_starts(S("a"), "ab") || lf_slice_starts(nothing, "a"));
	assert_true(lf_slice_starts_nocase(S("aBc"), "Ab"));
	assert_false(lf_slice_starts_nocase(S("a"), "ab"));
	assert_true(lf_slice_ends(S("abc"), "bc") && lf_slice_ends(S("bc"), "bc") && lf_slice_ends(nothing, ""));
	assert_false(lf_slice_ends(S("abc"), "bC") || lf_slice_ends(S("c"), "bc") || lf_slice_ends(nothing, "c"));
	assert_true(lf_slice_ends_nocase(S("abC"), "Bc"));
	assert_false(lf_slice_ends_nocase(S("c"), "bc"));
}

static void
test_cmp(void **state)
{
	(void)state;
	assert_true(lf_slice_cmp(S("abc"), S("abd")) < 0);
	assert_true(lf_slice_cmp(S("b"), S("abc")) > 0);
	assert_true(lf_slice_cmp(S("ab"), S("abc")) < 0);
	assert_true(lf_slice_cmp(S("abc"), S("ab")) > 0);
	assert_int_equal(lf_slice_cmp(S("ab\0c"), S("ab\0c")), 0);
	assert_true(lf_slice_cmp(S("ab\0c"), S("ab\0d")) < 0);
	assert_true(lf_slice_cmp(S("\xff"), S("a")) > 0);
	assert_int_equal(lf_slice_cmp(nothing, nothing), 0);
	assert_true(lf_slice_cmp(nothing, S("a")) < 0);
}

static void
test_take_last(void **state)
{
	struct lf_slice path = S("a//b");

	(void)state;
	assert_true(lf_slice_is(lf_slice_take_last(&path), "b") && lf_slice_is(path, "a/"));
	assert_true(lf_slice_is(lf_slice_take_last(&path), "") && lf_slice_is(path, "a"));
	assert_true(lf_slice_is(lf_slice_take_last(&path), "a") && path.len == 0);
	assert_int_equal(lf_slice_take_last(&path).len, 0);
}

static void
test_take_up_to(void **state)
{
	struct lf_slice s = S("a::b\0c");

	(void)state;
	assert_true(lf_slice_is(lf_slice_take_up_to(&s, ':'), "a") && lf_slice_equal(s, S(":b\0c")));
	assert_true(lf_slice_is(lf_slice_take_up_to(&s, ':'), "") && lf_slice_equal(s, S("b\0c")));
	assert_true(lf_slice_equal(lf_slice_take_up_to(&s, ':'), S("b\0c")) && s.len == 0);
	assert_int_equal(lf_slice_take_up_to(&s, ':').len, 0);
	s = S("a:");
	assert_true(lf_slice_is(lf_slice_take_up_to(&s, ':'), "a") && s.len == 0);
	s = nothing;
	assert_int_equal(lf_slice_take_up_to(&s, ':').len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_equal), cmocka_unit_test(test_letters),
	    cmocka_unit_test(test_ends), cmocka_unit_test(test_cmp), cmocka_unit_test(test_take_last),
	    cmocka_unit_test(test_take_up_to)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("slice", tests, NULL, NULL);
}
