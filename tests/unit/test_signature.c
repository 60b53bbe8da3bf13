/* Signatures in hexadecimal: what is one, what can never hold, and that each is kept once, to the last byte of its text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/signature.h"
#include "chaos.h"

static struct lf_signatures store;
static struct lf_err err;

static int
set_up(void **state)
{
	(void)state;
	lf_signatures_init(&store);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	lf_signatures_free(&store);
	return 0;
}

static const struct lf_signature *
add(const char *text)
{
	const struct lf_signature *s = lf_signatures_add(&store, text, strlen(text), &err);
	struct lf_buf out;

	assert_non_null(s);
	lf_buf_init(&out);
	lf_signature_text(s, &out);
	assert_string_equal(lf_buf_str(&out), text);
	lf_buf_free(&out);
	return s;
}

static void
test_add(void **state)
{
	static const char *const bad[] = {"", "a", "abc", "zz", "abcg", " ab", "ab\n"};
	const struct lf_signature *s = add("00aBFf"), *other;

	(void)state;
	assert_int_equal(s->len, 3);
	assert_memory_equal(s->bytes, "\x00\xab\xff", 3);
	assert_true(lf_signature_usable(s));
	assert_false(lf_signature_usable(NULL));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		other = add(bad[i]);
		assert_false(lf_signature_usable(other));
		assert_false(lf_signature_equal(s, other));
		assert_true(lf_signature_equal(other, NULL) && lf_signature_equal(other, other));
	}
}

static void
test_length(void **state)
{
	const size_t most = LF_MAX_RSA_BITS / 8;
	char *hex = calloc(1, 2 * most + 3);

	(void)state;
	assert_non_null(hex);
	memset(hex, 'a', 2 * most);
	assert_int_equal(add(hex)->len, most);
	memset(hex, 'a', 2 * most + 2);
	assert_int_equal(add(hex)->len, 0);
	free(hex);
}

static void
test_equal(void **state)
{
	const struct lf_signature *a = add("abcd"), *upper = add("ABCD");

	(void)state;
	assert_true(lf_signature_equal(a, upper));
	assert_false(lf_signature_equal(a, add("abce")));
	assert_false(lf_signature_equal(a, add("ab")));
	assert_false(lf_signature_equal(a, NULL));
}

static void
test_once(void **state)
{
	const struct lf_signature *a = add("abcd"), *upper = add("ABCD"), *odd = add("no hex");

	(void)state;
	assert_ptr_equal(a, add("abcd"));
	assert_ptr_equal(upper, add("ABCD"));
	assert_ptr_equal(odd, add("no hex"));
	assert_ptr_not_equal(a, upper);
	assert_ptr_not_equal(odd, add("no hex here"));
	assert_int_equal(store.list.n, 4);
}

/* Ten thousand that begin alike take no longer than others: some are kept twice. */
static void
test_many_alike(void **state)
{
	char text[64];

	(void)state;
	for (int i = 0; i < 10000; i++) {
		snprintf(text, sizeof(text), "00000000000000000000000000000000%08x", i);
		add(text);
	}
	add(text);
	assert_in_range(store.list.n, 10000, 10001);
}

static int
step(void)
{
	struct lf_signatures s;
	bool ok;

	lf_signatures_init(&s);
	ok = lf_signatures_add(&s, "abcd", 4, &err) != NULL;
	lf_signatures_free(&s);
	return ok ? 0 : -1;
}

static void
test_out_of_memory(void **state)
{
	(void)state;
	chaos_check(step, 3);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {TEST(test_add), TEST(test_length), TEST(test_equal), TEST(test_once), TEST(test_many_alike),
	    TEST(test_out_of_memory)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("signature", tests, NULL, NULL);
}
