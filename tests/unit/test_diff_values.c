/* Values compared: what makes them equal, where they differ, and what is left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "chaos.h"
#include "compare/fields.h"
#include "compare/ignore.h"
#include "compare/tree.h"
#include "scratch.h"

static const struct lf_seed seed = {{0x8f1bbcdc62e3a9d1, 0x2545f4914f6cdd1d, 0xd1342543de82ef95, 0x6a09e667f3bcc909}};

static struct lf_slice
slice(const char *s)
{
	return (struct lf_slice){s, strlen(s)};
}

static uint64_t
hash_of(const char *json, const struct lf_ignore *ignore)
{
	struct lf_tree v;
	uint64_t hash;

	lf_tree_init(&v);
	assert_int_equal(lf_tree_read(&v, &seed, ignore, slice(json)), 0);
	hash = lf_tree_at(&v, 0)->hash;
	lf_tree_free(&v);
	return hash;
}

/* The differing members as "PATH A B;", "-" for an absent side, "~" in front of a value that is cut. */
static char *
diff_ignoring(const char *a, size_t a_len, const char *b, size_t b_len, const struct lf_ignore *ignore, int partial)
{
	static char text[200000];
	struct lf_tree va, vb;
	struct lf_fields f;
	struct lf_diff_row row = {.n_fields = 0};
	struct lf_diff_field field;
	size_t cursor = 0, at = 0;
	uint32_t n = 0;

	lf_tree_init(&va);
	lf_tree_init(&vb);
	lf_fields_init(&f);
	assert_int_equal(lf_tree_read(&va, &seed, ignore, (struct lf_slice){a, a_len}), 0);
	assert_int_equal(lf_tree_read(&vb, &seed, ignore, (struct lf_slice){b, b_len}), 0);
	assert_int_equal(lf_fields_compare(&f, &va, &vb, partial), 0);
	row.fields = (struct lf_slice){lf_buf_str(&f.out), f.out.len};
	text[0] = '\0';
	while (lf_diff_field(&row, &cursor, &field) && at < 100000) {
		n++;
		at += (size_t)sprintf(text + at, "%.*s", (int)field.path.len, field.path.s);
		for (unsigned i = 0; i < 2; i++)
			at += (size_t)sprintf(text + at, " %s%.*s", field.cut[i] ? "~" : "",
			    field.value[i].s == NULL ? 1 : (int)field.value[i].len, field.value[i].s == NULL ? "-" : field.value[i].s);
		at += (size_t)sprintf(text + at, ";");
	}
	assert_true(at >= 100000 || n == f.n);
	lf_fields_free(&f);
	lf_tree_free(&va);
	lf_tree_free(&vb);
	return text;
}

static char *
diff(const char *a, const char *b)
{
	return diff_ignoring(a, strlen(a), b, strlen(b), NULL, -1);
}

static void
test_equal(void **state)
{
	static const char *const pairs[][2] = {
	    {"{\"a\":1,\"b\":{\"c\":[1,2],\"d\":null}}", " { \"b\" : {\"d\":null , \"c\":[ 1,\t2]},\n\"a\":1 } "},
	    {"\"a/b\"", "\"a\\/b\""},
	    {"\"\\u00e9\"", "\"\xc3\xa9\""},
	    {"{\"\\u0061\":1}", "{\"a\":1}"},
	    {"\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\""},
	    {"1", "1.0"}, {"1000", "1e3"}, {"1000", "1E+3"}, {"1000", "0.1e4"}, {"0.5", "5e-1"}, {"-0", "0"}, {"0e7", "0.00"},
	    {"-1.50", "-15e-1"}, {"123456789012345678901234567890", "12345678901234567890123456789e1"},
	    {"[]", "[ ]"}, {"{}", "{ }"}, {"true", " true"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		assert_true(hash_of(pairs[i][0], NULL) == hash_of(pairs[i][1], NULL));
		assert_string_equal(diff(pairs[i][0], pairs[i][1]), "");
	}
}

static void
test_different(void **state)
{
	static const char *const pairs[][2] = {
	    {"1", "\"1\""}, {"null", "\"null\""}, {"true", "false"}, {"null", "false"}, {"[]", "{}"}, {"[1,2]", "[2,1]"},
	    {"[[1],2]", "[1,[2]]"}, {"{\"a\":null}", "{}"}, {"{\"a\":1,\"b\":2}", "{\"a\":2,\"b\":1}"},
	    {"0.1", "0.10000000000000000001"}, {"9007199254740993", "9007199254740992"}, {"1e400", "1e401"}, {"1", "-1"},
	    {"1e99999999999999999999", "1e99999999999999999998"}, {"10", "1"}, {"\"\"", "\" \""}, {"\"a\"", "\"A\""},
	    {"{\"a\":1,\"a\":2}", "{\"a\":2,\"a\":1}"}, {"{\"a\":1,\"a\":1}", "{\"a\":1}"}, {"[[],[]]", "[[]]"},
	    {"{\"a\":{\"b\":1}}", "{\"a\":{},\"b\":1}"}, {"\"\\u0000\"", "\"\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		assert_true(hash_of(pairs[i][0], NULL) != hash_of(pairs[i][1], NULL));
		assert_string_not_equal(diff(pairs[i][0], pairs[i][1]), "");
	}
}

static void
test_paths(void **state)
{
	(void)state;
	assert_string_equal(diff("{\"a\":{\"b\":[1,{\"c\":2}]}}", "{\"a\":{\"b\":[1,{\"c\":3.0}]}}"), "/a/b/1/c 2 3.0;");
	assert_string_equal(diff("{\"x\":1,\"b\":1,\"a\":1}", "{\"z\":5,\"x\":2,\"y\": {\"k\" : [ 1 ]},\"b\":3}"),
	    "/x 1 2;/b 1 3;/a 1 -;/z - 5;/y - {\"k\":[1]};");
	assert_string_equal(diff("{\"a/b\":1,\"c~d\":2,\"\":3}", "{\"a/b\":2,\"c~d\":3,\"\":4}"), "/a~1b 1 2;/c~0d 2 3;/ 3 4;");
	assert_string_equal(diff("[1,2,3]", "[1,2]"), "/2 3 -;");
	assert_string_equal(diff("{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":3}"), "/a 2 3;");
	assert_string_equal(diff("1", "2"), " 1 2;");
	assert_string_equal(diff("{\"a\":[]}", "{\"a\":{}}"), "/a [] {};");
	assert_string_equal(diff("{\"a\":null}", "{}"), "/a null -;");
	assert_string_equal(diff("{\"\\u0061\\/b\":1}", "{\"a\\/b\":2}"), "/a~1b 1 2;");
}

/* What is written is JSON in valid UTF-8, whatever stood there. */
static void
test_clean(void **state)
{
	(void)state;
	assert_string_equal(diff("{\"a\":\"x\\/\\u00e9\"}", "{\"a\":\"\\n\\u001b\"}"), "/a \"x/\xc3\xa9\" \"\\n\\u001b\";");
	assert_string_equal(diff("{\"a\":\"\\ud800\"}", "{\"a\":\"b\"}"), "/a \"\xef\xbf\xbd\" \"b\";");
	assert_string_equal(diff("{\"a\":{\"q\\\"\" : 1 }}", "{\"a\":2}"), "/a {\"q\\\"\":1} 2;");
}

static void
test_ignore(void **state)
{
	static const char *const paths[] = {"/x", "/r/*/id", "/m~1n/~0", "/l/1", "/deep/*/*/z"};
	static const char a[] = "{\"x\":1,\"r\":[{\"id\":1,\"v\":1},{\"id\":2}],\"m/n\":{\"~\":1,\"k\":1},\"l\":[1,2,3],"
	    "\"deep\":{\"p\":{\"q\":{\"z\":1,\"y\":1}}}}";
	static const char b[] = "{\"r\":[{\"v\":1},{\"id\":9}],\"m/n\":{\"~\":2,\"k\":1},\"l\":[1,7,3],"
	    "\"deep\":{\"p\":{\"q\":{\"z\":[],\"y\":1}}}}";
	static const char c[] = "{\"y\":{\"x\":1},\"r\":{\"id\":1}}", d[] = "{\"y\":{\"x\":2},\"r\":{\"id\":2}}";
	struct lf_ignore g;
	struct lf_err err;

	(void)state;
	assert_int_equal(lf_ignore_init(&g, paths, 5, &err), 0);
	assert_true(hash_of(a, &g) == hash_of(b, &g));
	assert_string_equal(diff_ignoring(a, sizeof(a) - 1, b, sizeof(b) - 1, &g, -1), "");
	assert_true(hash_of(a, NULL) != hash_of(b, NULL));
	assert_string_equal(diff_ignoring(c, sizeof(c) - 1, d, sizeof(d) - 1, &g, -1), "/y/x 1 2;/r/id 1 2;");
	/* The elements behind one that is left out keep their places. */
	assert_string_equal(diff_ignoring("{\"l\":[1,2,3]}", 13, "{\"l\":[1,9,4]}", 13, &g, -1), "/l/2 3 4;");
	assert_string_equal(diff_ignoring("{\"l\":[1,2]}", 11, "{\"l\":[1]}", 9, &g, -1), "");
	/* An escaped name is the same name. */
	assert_string_equal(diff_ignoring("{\"\\u0078\":1}", 12, "{\"x\":2}", 7, &g, -1), "");
	lf_ignore_free(&g);
}

static void
test_bad_ignore(void **state)
{
	static const char *const bad[] = {"", "x", "x/y", "/a~", "/a~2b"};
	const char *many[LF_MAX_IGNORE + 1];
	struct lf_ignore g;
	struct lf_err err;

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		err.msg[0] = '\0';
		assert_int_equal(lf_ignore_init(&g, &bad[i], 1, &err), -1);
		assert_true(strlen(err.msg) > 0);
		lf_ignore_free(&g);
	}
	for (size_t i = 0; i <= LF_MAX_IGNORE; i++)
		many[i] = "/a";
	assert_int_equal(lf_ignore_init(&g, many, LF_MAX_IGNORE + 1, &err), -1);
	lf_ignore_free(&g);
	assert_int_equal(lf_ignore_init(&g, many, LF_MAX_IGNORE, &err), 0);
	assert_true(hash_of("{\"a\":1}", &g) == hash_of("{}", &g));
	lf_ignore_free(&g);
}

/* A line of CSV is held to what it has. */
static void
test_partial(void **state)
{
	static const char full[] = "{\"eventName\":\"A\",\"userIdentity\":{\"type\":\"AssumedRole\",\"accessKeyId\":\"K\","
	    "\"arn\":\"arn:aws:sts::1:assumed-role/r/s\"},\"requestParameters\":{\"a\":\"y\\/z\"},\"resources\":[{\"ARN\":\"x\"}]}";
	static const char line[] = "{\"eventName\":\"A\",\"userIdentity\":{\"userName\":\"s\",\"accessKeyId\":\"K\"},"
	    "\"resources\":[{\"ARN\":\"y\",\"type\":\"AWS::T\"},{\"ARN\":\"z, x\"},{\"ARN\":\"y/z\"}]}";
	static const char other[] = "{\"eventName\":\"B\",\"errorCode\":\"E\",\"readOnly\":true,"
	    "\"userIdentity\":{\"userName\":\"t\",\"accessKeyId\":\"L\"},\"resources\":[{\"ARN\":\"x\"},{\"ARN\":\"x, w\"},{\"ARN\":\"role\"}]}";

	(void)state;
	assert_string_equal(diff_ignoring(full, sizeof(full) - 1, line, sizeof(line) - 1, NULL, 1), "");
	assert_string_equal(diff_ignoring(line, sizeof(line) - 1, full, sizeof(full) - 1, NULL, 0), "");
	assert_string_equal(diff_ignoring(full, sizeof(full) - 1, other, sizeof(other) - 1, NULL, 1),
	    "/eventName \"A\" \"B\";/userIdentity/accessKeyId \"K\" \"L\";/userIdentity/userName - \"t\";/resources/1/ARN - \"x, w\";"
	    "/resources/2/ARN - \"role\";/errorCode - \"E\";/readOnly - true;");
}

/* Whether a line with this user name fits to an identity, on either side. */
static bool
fits(const char *identity, const char *user)
{
	char full[256], line[128];
	bool a, b;

	sprintf(full, "{\"userIdentity\":%s}", identity);
	sprintf(line, "{\"userIdentity\":{\"userName\":\"%s\"}}", user);
	a = diff_ignoring(full, strlen(full), line, strlen(line), NULL, 1)[0] == '\0';
	b = diff_ignoring(line, strlen(line), full, strlen(full), NULL, 0)[0] == '\0';
	assert_int_equal(a, b);
	return a;
}

static void
test_users(void **state)
{
	(void)state;
	assert_true(fits("{\"type\":\"IAMUser\",\"userName\":\"alice\"}", "alice"));
	assert_false(fits("{\"type\":\"IAMUser\",\"userName\":\"alice\"}", "bob"));
	assert_false(fits("{\"type\":\"IAMUser\",\"userName\":\"alice\",\"arn\":\"arn:aws:iam::1:user/bob\"}", "bob"));
	assert_true(fits("{\"type\":\"Root\",\"arn\":\"arn:aws:iam::1:root\"}", "root"));
	assert_true(fits("{\"type\":\"Root\",\"userName\":\"alias\"}", "root"));
	assert_false(fits("{\"type\":\"Root\",\"userName\":\"alias\"}", "alice"));
	assert_true(fits("{\"type\":\"AssumedRole\",\"principalId\":\"AROA:s\"}", "s"));
	assert_false(fits("{\"type\":\"AssumedRole\",\"principalId\":\"AROA:s\"}", "AssumedRole"));
	assert_true(fits("{\"type\":\"AssumedRole\",\"sessionContext\":{\"sessionIssuer\":{\"userName\":\"r\"}}}", "r"));
	assert_false(fits("{\"type\":\"IAMUser\"}", "mallory"));
	assert_false(fits("null", "mallory"));
}

/* Depth and size are the attacker's: no stack overflows, no time explodes, and differences are still told. */
static void
test_hostile(void **state)
{
	size_t n = 200000, len = 0;
	char *a = malloc(n * 16 + 64), *b = malloc(n * 16 + 64);

	(void)state;
	for (size_t i = 0; i < 250; i++)
		a[i] = '[';
	memset(a + 250, '1', 1);
	memset(a + 251, ']', 250);
	memcpy(b, a, 501);
	b[250] = '2';
	assert_true(strlen(diff_ignoring(a, 501, b, 501, NULL, -1)) > 250 * 2);
	/* Many members, all different, in opposite order. */
	len = (size_t)sprintf(a, "{");
	for (size_t i = 0; i < n; i++)
		len += (size_t)sprintf(a + len, "%s\"%zu\":1", i == 0 ? "" : ",", i);
	len += (size_t)sprintf(a + len, "}");
	len = (size_t)sprintf(b, "{");
	for (size_t i = n; i-- > 0;)
		len += (size_t)sprintf(b + len, "\"%zu\":1%s", i, i == 0 ? "" : ",");
	sprintf(b + len, "}");
	assert_true(hash_of(a, NULL) == hash_of(b, NULL));
	b[strlen(b) - 2] = '2';
	assert_string_equal(diff(a, b), "/0 1 2;");
	free(a);
	free(b);
}

static void
test_large(void **state)
{
	size_t n = LF_TREE_MAX + 10;
	char *a = malloc(n + 1), *b = malloc(n + 1);
	char *text;

	(void)state;
	memset(a, 'x', n);
	a[0] = a[n - 1] = '"';
	a[n] = '\0';
	memcpy(b, a, n + 1);
	b[n - 2] = 'y';
	assert_true(hash_of(a, NULL) == hash_of(a, NULL));
	assert_true(hash_of(a, NULL) != hash_of(b, NULL));
	text = diff(a, b);
	assert_true(strncmp(text, " ~\"", 3) == 0 && strlen(text) < 4096);
	/* A long value inside a record is cut, and only that. */
	n = LF_DIFF_VALUE + 100;
	memcpy(a, "{\"k\":1,\"v\":\"", 12);
	a[n] = '"';
	a[n + 1] = '}';
	text = diff_ignoring(a, n + 2, "{\"k\":2,\"v\":3}", 13, NULL, -1);
	assert_true(strncmp(text, "/k 1 2;/v ~\"", 12) == 0 && strstr(text, "\" 3;") != NULL);
	free(a);
	free(b);
}

/* More values than are taken apart: still told from one another. */
static void
test_many_values(void **state)
{
	size_t n = LF_TREE_NODES + 10;
	char *a = malloc(2 * n + 2), *b = malloc(2 * n + 2);

	(void)state;
	a[0] = '[';
	for (size_t i = 0; i < n; i++)
		memcpy(a + 1 + 2 * i, "1,", 2);
	a[2 * n] = ']';
	memcpy(b, a, 2 * n + 1);
	assert_string_equal(diff_ignoring(a, 2 * n + 1, b, 2 * n + 1, NULL, -1), "");
	b[2 * n - 1] = '2';
	assert_true(strncmp(diff_ignoring(a, 2 * n + 1, b, 2 * n + 1, NULL, -1), " ~\"[1,", 6) == 0);
	free(a);
	free(b);
}

static void
test_many_fields(void **state)
{
	char *a = malloc(200000), *b = malloc(200000);
	size_t i, at = 1, n = LF_DIFF_FIELDS + 100;
	struct lf_tree va, vb;
	struct lf_fields f;

	(void)state;
	a[0] = b[0] = '[';
	for (i = 0; i < n; i++, at += 2) {
		memcpy(a + at, "1,", 2);
		memcpy(b + at, "2,", 2);
	}
	a[at - 1] = b[at - 1] = ']';
	a[at] = b[at] = '\0';
	lf_tree_init(&va);
	lf_tree_init(&vb);
	lf_fields_init(&f);
	assert_int_equal(lf_tree_read(&va, &seed, NULL, slice(a)), 0);
	assert_int_equal(lf_tree_read(&vb, &seed, NULL, slice(b)), 0);
	assert_int_equal(lf_fields_compare(&f, &va, &vb, -1), 0);
	assert_int_equal(f.n, LF_DIFF_FIELDS);
	assert_int_equal(f.left_out, 100);
	lf_fields_free(&f);
	lf_tree_free(&va);
	lf_tree_free(&vb);
	free(a);
	free(b);
}

/* Random values: equal after rewriting, different after any one change. */
static size_t
random_value(char *out, uint64_t *r, bool reversed, int depth)
{
	uint64_t kind = scratch_random(r) % (depth > 3 ? 3 : 5), n = scratch_random(r) % 4;
	char parts[4][4096];
	size_t len = 0;

	if (kind == 0)
		return (size_t)sprintf(out, "%llu", (unsigned long long)(scratch_random(r) % 1000));
	if (kind == 1)
		return (size_t)sprintf(out, "\"s%llu\"", (unsigned long long)(scratch_random(r) % 1000));
	if (kind == 2)
		return (size_t)sprintf(out, "%s", (const char *[]){"true", "false", "null"}[scratch_random(r) % 3]);
	for (uint64_t i = 0; i < n; i++) {
		size_t at = kind == 4 ? (size_t)sprintf(parts[i], "\"k%llu\":", (unsigned long long)i) : 0;

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
	char a[8192], b[8192];

	(void)state;
	for (uint64_t i = 0; i < 3000; i++) {
		uint64_t r = i, q = i;
		size_t n;

		a[random_value(a, &r, false, 0)] = '\0';
		n = random_value(b, &q, true, 0);
		b[n] = '\0';
		assert_true(hash_of(a, NULL) == hash_of(b, NULL));
		for (size_t k = 0; k < n; k++)
			if (b[k] >= '0' && b[k] <= '9' && (k == 0 || b[k - 1] != 'k')) {
				b[k] = b[k] == '1' ? '2' : '1';
				if (k > 0 && (b[k - 1] == '0'))
					continue;
				assert_true(hash_of(a, NULL) != hash_of(b, NULL));
				break;
			}
	}
}

static int
chaos_step(void)
{
	struct lf_err ignored, *err = &ignored;
	static const char a[] = "{\"a\":{\"b\":[1,{\"c\":2}],\"d~\":\"\\u0041\"},\"e\":1}", b[] = "{\"a\":{\"b\":[1,{\"c\":3}],\"d~\":1}}";
	static const char *const paths[] = {"/e/x"};
	struct lf_tree va, vb;
	struct lf_fields f;
	struct lf_ignore g;
	int rc = lf_ignore_init(&g, paths, 1, err);

	lf_tree_init(&va);
	lf_tree_init(&vb);
	lf_fields_init(&f);
	if (rc == 0)
		rc = lf_tree_read(&va, &seed, &g, slice(a));
	if (rc == 0)
		rc = lf_tree_read(&vb, &seed, &g, slice(b));
	if (rc == 0)
		rc = lf_fields_compare(&f, &va, &vb, -1);
	if (rc == 0)
		assert_int_equal(f.n, 3);
	lf_fields_free(&f);
	lf_tree_free(&va);
	lf_tree_free(&vb);
	lf_ignore_free(&g);
	return rc;
}

static void
test_no_memory(void **state)
{
	(void)state;
	chaos_check(chaos_step, 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_equal),
	    cmocka_unit_test(test_different),
	    cmocka_unit_test(test_paths),
	    cmocka_unit_test(test_clean),
	    cmocka_unit_test(test_ignore),
	    cmocka_unit_test(test_bad_ignore),
	    cmocka_unit_test(test_partial),
	    cmocka_unit_test(test_users),
	    cmocka_unit_test(test_hostile),
	    cmocka_unit_test(test_large),
	    cmocka_unit_test(test_many_values),
	    cmocka_unit_test(test_many_fields),
	    cmocka_unit_test(test_random),
	    cmocka_unit_test(test_no_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("diff values", tests, NULL, NULL);
}
