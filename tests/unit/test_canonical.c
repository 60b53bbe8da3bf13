/* record/canonical: values that are equal have one hash, and others not.  jansson is the oracle where it can tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chaos.h"

#include "base/json.h"
#include "record/canonical.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct lf_canonical *canonical;

/* Of exactly these bytes: what lies behind them must not be read. */
static void
hash_of(const char *text, size_t len, unsigned char out[LF_SHA256_LEN])
{
	char *exact = malloc(len + 1);

	assert_non_null(exact);
	memcpy(exact + 1, text, len);
	assert_int_equal(lf_canonical_hash(canonical, (struct lf_slice){exact + 1, len}, out), 0);
	free(exact);
}

static bool
equal(const char *a, const char *b)
{
	unsigned char x[LF_SHA256_LEN], y[LF_SHA256_LEN];

	hash_of(a, strlen(a), x);
	hash_of(b, strlen(b), y);
	return memcmp(x, y, sizeof(x)) == 0;
}

static void
test_values(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} cases[] = {{"{\"a\":1,\"b\":[2,\"x\"]}", " { \"b\" : [ 2, \"\\u0078\" ] , \"a\":1 }", true},
	    {"{\"a\":\"/\"}", "{\"a\":\"\\/\"}", true}, {"{\"a\":1}", "{\"a\":2}", false}, {"{\"a\":[1,2]}", "{\"a\":[2,1]}", false},
	    {"{\"a\":1}", "{\"a\":\"1\"}", false}, {"{\"a\":\"\\u0000b\"}", "{\"a\":\"\"}", false},
	    {"{\"a\":{\"x\":1,\"y\":{\"p\":[],\"q\":{}}},\"b\":2}", "{\"b\":2,\"a\":{\"y\":{\"q\":{},\"p\":[]},\"x\":1}}", true},
	    {"{\"a\":{\"x\":1}}", "{\"a\":{},\"x\":1}", false}, {"{\"a\":[]}", "{\"a\":{}}", false},
	    {"{\"a\":[[],[]]}", "{\"a\":[[[]]]}", false}, {"{\"a\":[1,[2]]}", "{\"a\":[[1],2]}", false},
	    {"{\"a\":[12]}", "{\"a\":[1,2]}", false}, {"{\"a\":\"b\",\"c\":\"d\"}", "{\"a\":\"b\\\",\\\"c\\\":\\\"d\"}", false},
	    {"{\"a\":\"1,\",\"b\":2}", "{\"a\":\"1\",\"b\":2}", false}, {"{\"\\u0061\":1,\"b\":2}", "{\"b\":2,\"a\":1}", true},
	    {"{\"a\":true}", "{\"a\":\"true\"}", false}, {"{\"a\":true}", "{\"a\":false}", false}, {"{\"a\":null}", "{}", false},
	    {"{\"a\":\"\\u00e9\\ud83d\\ude00\"}", "{\"a\":\"\xc3\xa9\xf0\x9f\x98\x80\"}", true},
	    {"{\"a\":\"\\ud83d\"}", "{\"a\":\"\\ufffd\"}", false}, {"{\"a\":\"\\uD83d\"}", "{\"a\":\"\\ud83D\"}", true},
	    {"{\"a\":\"\\ud83d\"}", "{\"a\":\"\\\\ud83d\"}", false}, {"{\"a\":\"\\n\"}", "{\"a\":\"\\u000A\"}", true},
	    {"{\"a\":\"\\n\"}", "{\"a\":\"\\\\n\"}", false}, {"{\"a\":\"\\u0022\"}", "{\"a\":\"\\\"\"}", true}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (equal(cases[i].a, cases[i].b) != cases[i].equal)
			fail_msg("%s and %s", cases[i].a, cases[i].b);
}

/* Numbers are compared by what they are worth, not by what a double makes of them. */
static void
test_numbers(void **state)
{
	static const char *const same[] = {"1 1.0 1e0 10e-1 0.1E1 1.000e+0 0.01e2", "0 -0 0.0 0e5 -0.0e-9 0e99999999999999999999",
	    "-12.5 -125e-1 -1.25E1 -0.125e2", "12345678901234567.0 12345678901234567 1234567890123456700e-2", "1e999 10e998 0.1e1000",
	    "100 1e2 1E+02 1e0002"};
	static const char *const different[] = {"12345678901234567 12345678901234568", "1 -1", "1e999 1e998", "0.1 0.10000000000000000001",
	    "1 10", "101 11", "1e99999999999999999999 1e99999999999999999998", "1.05 1.5", "0 1e-400"};
	char text[1024], a[200], b[200], *word, *rest;

	(void)state;
	for (size_t i = 0; i < COUNT(same) + COUNT(different); i++) {
		bool want = i < COUNT(same);

		strcpy(text, want ? same[i] : different[i - COUNT(same)]);
		word = strtok_r(text, " ", &rest);
		snprintf(a, sizeof(a), "{\"n\":%s}", word);
		while ((word = strtok_r(NULL, " ", &rest)) != NULL) {
			snprintf(b, sizeof(b), "{\"n\":%s}", word);
			if (equal(a, b) != want)
				fail_msg("%s and %s", a, b);
		}
	}
}

/* What cannot be told apart as a value is compared as it stands: order and white space count then. */
static void
test_as_it_stands(void **state)
{
	static const char *const texts[] = {"{\"a\":1,\"a\":1}", "{\"a\":1,\"a\":2}", "{\"a\":2,\"a\":1}", "{\"a\":1,\"\\u0061\":1}",
	    "{\"a\":1,}", "{\"a\":1", "{\"a\":1}x", "{\"x\":{\"a\":1,\"b\":0,\"a\":2}}", "{\"x\":{\"a\":2,\"b\":0,\"a\":1}}", "", "{\"a\":1,\"b\"}"};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		assert_true(equal(texts[i], texts[i]));
		for (size_t k = 0; k < COUNT(texts); k++)
			if (equal(texts[i], texts[k]) != (i == k))
				fail_msg("%s and %s", texts[i], texts[k]);
		assert_false(equal(texts[i], "{\"a\":1}"));
		assert_false(equal(texts[i], "{\"a\":2}"));
	}
}

/* An object with n members of len bytes each, in order or the other way round. */
static char *
wide(size_t n, size_t len, bool back, int last)
{
	char *text = malloc(n * (len + 32) + 64), *p = text;

	assert_non_null(text);
	p += sprintf(p, "{\"z\":{");
	for (size_t i = 0; i < n; i++)
		p += sprintf(p, "%s\"m%zu\":\"%0*d\"", i > 0 ? "," : "", back ? n - 1 - i : i, (int)len, 0);
	sprintf(p, "},\"a\":%d}", last);
	return text;
}

/* Long objects are hashed by themselves: neither order nor what stands beside them is lost. */
static void
test_long(void **state)
{
	(void)state;
	for (size_t n = 1; n < 5000; n = n * 3 + 1) {
		char *a = wide(n, 20, false, 1), *b = wide(n, 20, true, 1), *c = wide(n, 20, false, 2), *d = wide(n + 1, 20, false, 1);

		assert_true(equal(a, b));
		assert_false(equal(a, c));
		assert_false(equal(a, d));
		free(a);
		free(b);
		free(c);
		free(d);
	}
}

/* Members in the wrong order on every level of a deep nest, each with much in it: time must not grow with depth times size. */
static void
test_deep(void **state)
{
	size_t pad = (size_t)8 << 20;
	char *text = malloc(pad + 16384), *p = text;
	unsigned char hash[LF_SHA256_LEN];

	(void)state;
	assert_non_null(text);
	for (int i = 0; i < 200; i++)
		p += sprintf(p, "{\"z\":");
	*p++ = '"';
	memset(p, 'x', pad);
	p += pad;
	*p++ = '"';
	for (int i = 0; i < 200; i++)
		p += sprintf(p, ",\"a\":%d}", i);
	hash_of(text, (size_t)(p - text), hash);
	free(text);
}

/* A value from a small grammar, by a generator of numbers; the members of objects come in the order that turn says. */
static void
random_value(struct lf_buf *out, uint32_t *seed, unsigned depth)
{
	unsigned n, kind;

	*seed = *seed * 1664525 + 1013904223;
	kind = *seed >> 24 & 7;
	n = *seed >> 20 & 3;
	if (depth == 0 || kind < 2) {
		lf_buf_printf(out, "%d", (int)(*seed >> 16 & 3));
	} else if (kind < 4) {
		lf_buf_printf(out, "\"%c\"", 'a' + (int)(*seed >> 16 & 3));
	} else if (kind == 4) {
		lf_buf_putc(out, '[');
		for (unsigned i = 0; i < n; i++) {
			lf_buf_puts(out, i > 0 ? "," : "");
			random_value(out, seed, depth - 1);
		}
		lf_buf_putc(out, ']');
	} else {
		unsigned first = *seed >> 12 & 1;

		lf_buf_putc(out, '{');
		for (unsigned i = 0; i < 2; i++) {
			lf_buf_printf(out, "%s\"%c\":", i > 0 ? "," : "", 'a' + (int)(i ^ first));
			random_value(out, seed, depth - 1);
		}
		lf_buf_putc(out, '}');
	}
}

static void
test_oracle(void **state)
{
	enum { N = 400 };
	static struct lf_buf texts[N];
	static json_t *values[N];
	uint32_t seed = 7;
	unsigned same = 0;

	(void)state;
	for (int i = 0; i < N; i++) {
		lf_buf_init(&texts[i]);
		lf_buf_puts(&texts[i], "[");
		random_value(&texts[i], &seed, 3);
		lf_buf_puts(&texts[i], "]");
		values[i] = json_loadb(texts[i].data, texts[i].len, 0, NULL);
		assert_non_null(values[i]);
	}
	for (int i = 0; i < N; i++)
		for (int k = 0; k < i; k++) {
			bool want = json_equal(values[i], values[k]);

			same += want;
			if (equal(texts[i].data, texts[k].data) != want)
				fail_msg("%s and %s", texts[i].data, texts[k].data);
		}
	assert_true(same > 50);
	for (int i = 0; i < N; i++) {
		lf_buf_free(&texts[i]);
		json_decref(values[i]);
	}
}

/* What is over the cap is compared as it stands. */
static void
test_cap(void **state)
{
	size_t len = LF_CANONICAL_MAX + 10;
	char *a = malloc(len + 1), *b = malloc(len + 1);

	(void)state;
	assert_true(a != NULL && b != NULL);
	memset(a, ' ', len);
	memset(b, ' ', len);
	a[len] = b[len] = '\0';
	memcpy(a, "{\"a\":1}", 7);
	memcpy(b + 1, "{\"a\":1}", 7);
	assert_false(equal(a, b));
	a[LF_CANONICAL_MAX] = b[LF_CANONICAL_MAX] = '\0';
	assert_true(equal(a, b));
	free(a);
	free(b);
}

static char *chaos_text;

static int
chaos_step(void)
{
	unsigned char hash[LF_SHA256_LEN];
	struct lf_err err;
	struct lf_canonical *c = lf_canonical_new(&err);
	int rc = c == NULL ? -1 : lf_canonical_hash(c, (struct lf_slice){chaos_text, strlen(chaos_text)}, hash);

	lf_canonical_free(c);
	return rc;
}

static void
test_memory(void **state)
{
	(void)state;
	chaos_text = wide(300, 50, true, 1);
	chaos_ours = true;
	chaos_check(chaos_step, 8);
	chaos_ours = false;
	free(chaos_text);
}

static int
start(void **state)
{
	struct lf_err err;

	(void)state;
	canonical = lf_canonical_new(&err);
	return canonical == NULL ? -1 : 0;
}

static int
stop(void **state)
{
	(void)state;
	lf_canonical_free(canonical);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_values), cmocka_unit_test(test_numbers), cmocka_unit_test(test_as_it_stands),
	    cmocka_unit_test(test_long), cmocka_unit_test(test_deep), cmocka_unit_test(test_oracle), cmocka_unit_test(test_cap),
	    cmocka_unit_test(test_memory)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, start, stop);
}
