/* Fingerprints of records: equal just where struct lf_tree finds no difference. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "chaos.h"
#include "compare/fingerprint.h"
#include "scratch.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct lf_seed seed = {{0x8f1bbcdc62e3a9d1, 0x2545f4914f6cdd1d, 0xd1342543de82ef95, 0x6a09e667f3bcc909}};

/* From a block of its own, so that a sanitizer sees each step too far. */
static uint64_t
print_of(const char *json, size_t len, const struct lf_ignore *ignore)
{
	struct lf_fingerprint *f = lf_fingerprint_new(&seed, ignore);
	char *copy = malloc(len + (len == 0));
	uint64_t hash = 0;

	assert_non_null(f);
	assert_non_null(copy);
	memcpy(copy, json, len);
	assert_int_equal(lf_fingerprint_of(f, (struct lf_slice){copy, len}, &hash), 0);
	lf_fingerprint_free(f);
	free(copy);
	return hash;
}

static uint64_t
value_of(const char *json, const struct lf_ignore *ignore)
{
	struct lf_tree v;
	uint64_t hash;

	lf_tree_init(&v);
	assert_int_equal(lf_tree_read(&v, &seed, ignore, (struct lf_slice){json, strlen(json)}), 0);
	hash = lf_tree_at(&v, 0)->hash;
	lf_tree_free(&v);
	return hash;
}

/* Whether two values are the same, of which both must be of one mind. */
static bool
same(const char *a, const char *b, const struct lf_ignore *ignore)
{
	bool equal = print_of(a, strlen(a), ignore) == print_of(b, strlen(b), ignore);

	if (equal != (value_of(a, ignore) == value_of(b, ignore)))
		fail_msg("%s and %s: %d", a, b, equal);
	return equal;
}

static void
test_equal(void **state)
{
	static const char *const pairs[][2] = {
	    {"{\"a\":1,\"b\":{\"c\":[1,2],\"d\":null}}", "{ \"b\" : {\"d\":null , \"c\":[ 1,\t2]},\n\"a\":1 } "},
	    {"{\"a\":\"x/y\"}", "{\"a\" :\"x\\/y\"}"}, {"{\"a\":\"\\u00e9\"}", "{\"a\": \"\xc3\xa9\"}"},
	    {"{\"\\u0061\":1}", "{\"a\":1}"}, {"{\"\\u0061\":{}}", "{\"a\":{ }}"}, {"{\"\\u0061\":\"\"}", "{\"a\":\"\"}"},
	    {"{\"a\":[\"\\ud83d\\ude00\"]}", "{\"a\":[\"\xf0\x9f\x98\x80\"]}"},
	    {"[1]", "[1.0]"}, {"[1000]", "[1e3]"}, {"[0.5]", "[5e-1]"}, {"[-0]", "[0]"}, {"[12]", "[1.2e1]"}, {"[-12]", "[-120e-1]"},
	    {"{\"n\":10}", "{\"n\":1e1}"}, {"[]", "[ ]"}, {"{}", "{ }"}, {"1", "1.0"}, {"\"a\"", "\"\\u0061\""},
	    {"{\"a\":1,\"b\":2,\"a\":3}", "{\"b\":2,\"a\":1,\"\\u0061\":3}"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++)
		assert_true(same(pairs[i][0], pairs[i][1], NULL));
}

static void
test_different(void **state)
{
	static const char *const pairs[][2] = {
	    {"[1]", "[\"1\"]"}, {"[null]", "[\"null\"]"}, {"[true]", "[false]"}, {"[]", "{}"}, {"[1,2]", "[2,1]"}, {"[[1],2]", "[1,[2]]"},
	    {"{\"a\":null}", "{}"}, {"{\"a\":1,\"b\":2}", "{\"a\":2,\"b\":1}"}, {"{\"a\":\"x\",\"b\":\"y\"}", "{\"a\":\"y\",\"b\":\"x\"}"},
	    {"{\"a\":{\"x\":1},\"b\":{\"x\":2}}", "{\"a\":{\"x\":2},\"b\":{\"x\":1}}"}, {"{\"a\":{\"x\":1}}", "{\"a\":[{\"x\":1}]}"},
	    {"{\"a\":{\"b\":{}}}", "{\"b\":{\"a\":{}}}"}, {"{\"a\":\"b\"}", "{\"b\":\"a\"}"}, {"[\"a\",\"b\"]", "[\"a,b\"]"},
	    {"[10]", "[1]"}, {"[101]", "[11]"}, {"[1]", "[-1]"}, {"{\"a\":1}", "{\"a\":\"1\"}"}, {"{\"a\":1}", "[\"a\",1]"},
	    {"{\"a\":1,\"a\":2}", "{\"a\":2,\"a\":1}"}, {"{\"a\":1,\"a\":1}", "{\"a\":1}"}, {"{\"\\u0061\":1,\"a\":2}", "{\"a\":2,\"a\":1}"},
	    {"{\"a\":1,\"\\u0061\":2}", "{\"a\":2,\"\\u0061\":1}"}, {"[[],[]]", "[[]]"}, {"[{},{}]", "[{}]"},
	    {"{\"a\":{\"b\":1}}", "{\"a\":{},\"b\":1}"}, {"[\"\\u0000\"]", "[\"\"]"}, {"[\"a b\"]", "[\"ab\"]"}, {"[\"\\\"\"]", "[\"\\\\\"]"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++)
		assert_false(same(pairs[i][0], pairs[i][1], NULL));
}

/* An object of n members, forwards or backwards, of which the one with number odd has another value. */
static char *
members(unsigned n, bool backwards, unsigned odd)
{
	static char text[2][8192];
	char *out = text[backwards];
	size_t len = 1;

	strcpy(out, "{");
	for (unsigned i = 0; i < n; i++) {
		unsigned k = backwards ? n - 1 - i : i;

		len += (size_t)sprintf(out + len, "%s\"name%u\":%u", i == 0 ? "" : ",", k, k == odd ? 9999 : k);
	}
	strcpy(out + len, "}");
	return out;
}

/* Around the number of members to which names are looked up. */
static void
test_many_members(void **state)
{
	(void)state;
	for (unsigned n = 2; n < 200; n++) {
		assert_true(same(members(n, false, n), members(n, true, n), NULL));
		assert_false(same(members(n, false, n), members(n, true, n / 2), NULL));
	}
}

static void
test_ignore(void **state)
{
	static const char *const paths[] = {"/x", "/r/*/id", "/l/1", "/o/a~1b", "/d"};
	static const struct {
		const char *a, *b;
		bool same;
	} cases[] = {
	    {"{\"x\":1,\"y\":2}", "{\"y\":2}", true}, {"{\"x\":{\"y\":[1]},\"y\":2}", "{\"x\":[],\"y\":2}", true},
	    {"{\"y\":{\"x\":1}}", "{\"y\":{\"x\":2}}", false}, {"{\"\\u0078\":1}", "{\"x\":2}", true},
	    {"{\"r\":[{\"id\":1,\"n\":1},{\"id\":2}]}", "{\"r\":[{\"n\":1},{}]}", true}, {"{\"r\":[{\"id\":1}]}", "{\"r\":[{\"ie\":1}]}", false},
	    {"{\"r\":{\"k\":{\"id\":1}}}", "{\"r\":{\"k\":{}}}", true}, {"{\"l\":[1,2]}", "{\"l\":[1]}", true},
	    {"{\"l\":[1,2,3]}", "{\"l\":[1,9,3]}", true}, {"{\"l\":[1,2,3]}", "{\"l\":[1,2,4]}", false}, {"{\"l\":[1,{\"a\":1},3]}", "{\"l\":[1,[],3]}", true},
	    {"{\"o\":{\"a/b\":1}}", "{\"o\":{}}", true}, {"{\"d\":1,\"d\":2,\"e\":1}", "{\"e\":1}", true},
	};
	struct lf_ignore g;
	struct lf_err err;

	(void)state;
	assert_int_equal(lf_ignore_init(&g, paths, COUNT(paths), &err), 0);
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(same(cases[i].a, cases[i].b, &g), cases[i].same);
	lf_ignore_free(&g);
}

/* Deep and long values, and text cut anywhere. */
static void
test_hostile(void **state)
{
	static const char record[] = "{\"a\" : {\"b\":[1,-2.5e3,{\"c\\n\":\"\\u0041\\\\\"}],\"d\":null},\"e\":true,\"f\":[[],{}]}";
	size_t deep = 2000, len = (size_t)1 << 21;
	char *text = malloc(len + 16), *other = malloc(len + 16);

	(void)state;
	assert_true(text != NULL && other != NULL);
	for (size_t i = 0; i <= sizeof(record) - 1; i++)
		(void)print_of(record, i, NULL);
	memset(text, '[', deep);
	memset(text + deep, ']', deep);
	text[2 * deep] = '\0';
	memcpy(other, text, 2 * deep + 1);
	assert_true(same(text, other, NULL));
	memset(text, 'x', len);
	memcpy(text, "{\"a\":\"", 6);
	memcpy(text + len, "\"}", 3);
	memcpy(other, text, len + 3);
	assert_true(same(text, other, NULL));
	other[len / 2] = 'y';
	assert_false(same(text, other, NULL));
	free(text);
	free(other);
}

static size_t
random_value(char *out, uint64_t *r, bool reversed, int depth)
{
	uint64_t kind = scratch_random(r) % (depth > 3 ? 3 : 5), n = scratch_random(r) % 4;
	char parts[4][4096];
	size_t len = 0;

	if (kind == 0)
		return (size_t)sprintf(out, reversed ? "%llu.0e0" : "%llu", (unsigned long long)(scratch_random(r) % 1000));
	if (kind == 1)
		return (size_t)sprintf(out, reversed ? "\"\\u0073%llu\"" : "\"s%llu\"", (unsigned long long)(scratch_random(r) % 1000));
	if (kind == 2)
		return (size_t)sprintf(out, "%s", (const char *[]){"true", "false", "null"}[scratch_random(r) % 3]);
	for (uint64_t i = 0; i < n; i++) {
		size_t at = kind == 4 ? (size_t)sprintf(parts[i], "\"k%llu\" :", (unsigned long long)i) : 0;

		parts[i][at + random_value(parts[i] + at, r, reversed, depth + 1)] = '\0';
	}
	len += (size_t)sprintf(out, kind == 4 ? "{" : "[");
	for (uint64_t i = 0; i < n; i++)
		len += (size_t)sprintf(out + len, "%s%s", i == 0 ? "" : reversed ? " ,\n" : ",", parts[reversed && kind == 4 ? n - 1 - i : i]);
	len += (size_t)sprintf(out + len, kind == 4 ? "}" : "]");
	return len;
}

static void
test_random(void **state)
{
	char a[16384], b[16384], c[16384];

	(void)state;
	for (uint64_t i = 0; i < 3000; i++) {
		uint64_t r = i, q = i, s = i + 1;

		a[random_value(a, &r, false, 0)] = '\0';
		b[random_value(b, &q, true, 0)] = '\0';
		c[random_value(c, &s, true, 0)] = '\0';
		assert_true(same(a, b, NULL));
		(void)same(a, c, NULL);
	}
}

static int
chaos_step(void)
{
	static const char text[] = "{\"a\":{\"b\":[1.50,{\"c\":2}],\"d~\":\"\\u0041\"},\"a\":1}";
	static const char *const paths[] = {"/e/x"};
	struct lf_err err;
	struct lf_fingerprint *f = NULL;
	struct lf_ignore g;
	uint64_t hash = 0;
	int rc = lf_ignore_init(&g, paths, 1, &err);

	if (rc == 0 && (f = lf_fingerprint_new(&seed, &g)) == NULL)
		rc = -1;
	if (rc == 0)
		rc = lf_fingerprint_of(f, (struct lf_slice){text, sizeof(text) - 1}, &hash);
	if (rc == 0)
		assert_true(hash != 0);
	lf_fingerprint_free(f);
	lf_ignore_free(&g);
	return rc;
}

static void
test_no_memory(void **state)
{
	(void)state;
	chaos_check(chaos_step, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_equal),
	    cmocka_unit_test(test_different),
	    cmocka_unit_test(test_many_members),
	    cmocka_unit_test(test_ignore),
	    cmocka_unit_test(test_hostile),
	    cmocka_unit_test(test_random),
	    cmocka_unit_test(test_no_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("fingerprints", tests, NULL, NULL);
}
