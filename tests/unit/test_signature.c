/* Signatures in hexadecimal: what is one, and what can never hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "chaos.h"
#include "proof/signature.h"

static struct lf_err err;

static struct lf_signature
decode(struct lf_arena *arena, const char *hex)
{
	struct lf_signature s = {(const unsigned char *)"left", 4, false};

	assert_int_equal(lf_signature_decode(arena, hex, &s, &err), 0);
	return s;
}

static void
test_decode(void **state)
{
	static const char *const bad[] = {"", "a", "abc", "zz", "abcg", " ab", "ab\n"};
	struct lf_signature s, empty;
	struct lf_arena arena;

	(void)state;
	lf_arena_init(&arena);
	s = decode(&arena, "00aBFf");
	assert_int_equal(s.len, 3);
	assert_false(s.bad_hex);
	assert_memory_equal(s.bytes, "\x00\xab\xff", 3);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		empty = decode(&arena, bad[i]);
		assert_true(empty.bad_hex && empty.len == 0);
		assert_false(lf_signature_equal(&s, &empty) || !lf_signature_equal(&empty, &empty));
	}
	lf_arena_free(&arena);
}

static void
test_length(void **state)
{
	const size_t most = LF_MAX_RSA_BITS / 8;
	struct lf_arena arena;
	struct lf_signature s;
	char *hex = calloc(1, 2 * most + 3);

	(void)state;
	assert_non_null(hex);
	lf_arena_init(&arena);
	memset(hex, 'a', 2 * most);
	s = decode(&arena, hex);
	assert_true(s.len == most && !s.bad_hex);
	memset(hex, 'a', 2 * most + 2);
	s = decode(&arena, hex);
	assert_true(s.len == 0 && s.bad_hex);
	lf_arena_free(&arena);
	free(hex);
}

static void
test_equal(void **state)
{
	struct lf_arena arena;
	struct lf_signature a, b;

	(void)state;
	lf_arena_init(&arena);
	a = decode(&arena, "abcd");
	b = decode(&arena, "ABCD");
	assert_true(lf_signature_equal(&a, &b));
	b = decode(&arena, "abce");
	assert_false(lf_signature_equal(&a, &b));
	b = decode(&arena, "ab");
	assert_false(lf_signature_equal(&a, &b));
	lf_arena_free(&arena);
}

static int
step(void)
{
	struct lf_arena arena;
	struct lf_signature s;
	int rc;

	lf_arena_init(&arena);
	rc = lf_signature_decode(&arena, "abcd", &s, &err);
	lf_arena_free(&arena);
	return rc;
}

static void
test_out_of_memory(void **state)
{
	(void)state;
	chaos_check(step, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_decode), cmocka_unit_test(test_length),
	    cmocka_unit_test(test_equal), cmocka_unit_test(test_out_of_memory)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("signature", tests, NULL, NULL);
}
