/* Globs: what they match, what is refused, and that no pair of pattern and value takes long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "chaos.h"
#include "record/glob.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool
match_bytes(const char *pattern, const char *value, size_t len)
{
	struct lf_glob *g;
	struct lf_err err;
	bool yes;

	assert_int_equal(lf_glob_new(pattern, &g, &err), 0);
	yes = lf_glob_match(g, (struct lf_slice){value, len});
	lf_glob_free(g);
	return yes;
}

static void
test_matches(void **state)
{
	static const struct {
		const char *pattern, *value;
		bool yes;
	} cases[] = {
	    {"", "", true}, {"", "a", false}, {"a", "", false}, {"*", "", true}, {"*", "anything", true}, {"?", "", false},
	    {"?", "a", true}, {"?", "ab", false}, {"StopLogging", "stoplogging", true}, {"stoplogging", "STOPLOGGING", true},
	    {"Stop", "StopLogging", false}, {"Stop*", "StopLogging", true}, {"*Logging", "StopLogging", true},
	    {"*pLog*", "StopLogging", true}, {"**a**", "bab", true}, {"*a*b", "aab", true}, {"*a*b", "aba", false},
	    {"a*b*c", "axbxbxc", true}, {"a*b*c", "axbxcx", false}, {"*ab", "aaab", true}, {"a?c", "abc", true},
	    {"[abc]", "b", true}, {"[abc]", "d", false}, {"[a-c]x", "bx", true}, {"[A-C]", "b", true}, {"[a-c]", "B", true},
	    {"[!a-c]", "b", false}, {"[!a-c]", "B", false}, {"[^a-c]", "d", true}, {"[!A]", "a", false}, {"[]]", "]", true},
	    {"[!]]", "]", false}, {"[!]]", "x", true}, {"[a-]", "-", true}, {"[-a]", "-", true}, {"[*]", "*", true},
	    {"[*]", "x", false}, {"[\\]]", "]", true}, {"[a\\-c]", "b", false}, {"[a\\-c]", "-", true}, {"a]", "a]", true},
	    {"\\*", "*", true}, {"\\*", "x", false}, {"\\?", "?", true}, {"\\[a]", "[a]", true}, {"\\\\", "\\", true},
	    {"\\!x", "!x", true}, {"CORP\\bob", "CORP\\bob", true}, {"x\\", "x\\", true}, {"[\\a]", "\\", true},
	    {"arn:aws:iam::*:role/A*", "arn:aws:iam::123456789012:role/Admin", true}, {"[0-9]*", "7x", true},
	    {"AROA*:session", "AROAEXAMPLE:session", true}, {"\xc3\xa9*", "\xc3\xa9t\xc3\xa9", true}, {"??", "\xc3\xa9", true},
	    {"[\x80-\xff]", "\xe9", true}, {"\xc3\x89", "\xc3\xa9", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (match_bytes(cases[i].pattern, cases[i].value, strlen(cases[i].value)) != cases[i].yes)
			fail_msg("\"%s\" and \"%s\"", cases[i].pattern, cases[i].value);
}

/* Values may hold NUL bytes, and need none behind them. */
static void
test_bytes(void **state)
{
	(void)state;
	assert_true(match_bytes("a?b", "a\0b", 3));
	assert_false(match_bytes("a", "a\0b", 3));
	assert_true(match_bytes("a*", "a\0b", 3));
	assert_true(match_bytes("a", "ab", 1));
	assert_true(match_bytes("*", NULL, 0));
}

static void
test_bad(void **state)
{
	static const char *const bad[] = {"[", "a[", "[a", "[a-", "[]", "[!]", "[!", "[^", "*[x", "[z-a]", "[a\\]", "[\\"};
	struct lf_glob *g;
	struct lf_err err;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (lf_glob_new(bad[i], &g, &err) != -1)
			fail_msg("\"%s\" was taken", bad[i]);
		assert_non_null(strstr(err.msg, bad[i]));
	}
	lf_glob_free(NULL);
}

static void
test_literal(void **state)
{
	static const struct {
		const char *pattern;
		bool literal;
	} cases[] = {{"", true}, {"abc", true}, {"\\*", true}, {"a*", false}, {"?", false}, {"[a]", false}};
	struct lf_glob *g;
	struct lf_err err;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(lf_glob_new(cases[i].pattern, &g, &err), 0);
		assert_int_equal(lf_glob_literal(g), cases[i].literal);
		lf_glob_free(g);
	}
}

/* The pattern that exponential matchers never end with. */
static void
test_time(void **state)
{
	size_t len = (size_t)1 << 18;
	char *value = malloc(len);
	clock_t start = clock();

	(void)state;
	assert_non_null(value);
	memset(value, 'a', len);
	assert_false(match_bytes("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", value, len));
	assert_false(match_bytes("*aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", value, len));
	assert_true(match_bytes("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*", value, len));
	assert_true((clock() - start) / CLOCKS_PER_SEC < 5);
	free(value);
}

static int
make_one(void)
{
	struct lf_glob *g;
	struct lf_err err;

	if (lf_glob_new("a[b-c]*", &g, &err) != 0)
		return -1;
	lf_glob_free(g);
	return 0;
}

static void
test_no_memory(void **state)
{
	(void)state;
	chaos_check(make_one, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_matches), cmocka_unit_test(test_bytes),
	    cmocka_unit_test(test_bad), cmocka_unit_test(test_literal), cmocka_unit_test(test_time),
	    cmocka_unit_test(test_no_memory)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
