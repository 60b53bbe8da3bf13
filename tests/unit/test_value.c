/* JSON values looked at where they stand: members by name and path, elements, and what words and numbers say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "record/value.h"

static struct lf_value
value(const char *json)
{
	return lf_value_of((struct lf_slice){json, strlen(json)});
}

static void
says(const char *json, const char *path, enum lf_token token, const char *text)
{
	struct lf_value v = value(json);

	v = lf_value_at(&v, path);
	assert_int_equal(v.token, token);
	if (token != LF_TOKEN_ERROR)
		assert_true(lf_slice_is(v.text, text));
}

static void
test_at(void **state)
{
	static const char json[] = "{\"a\":{\"b\":{\"c\":\"x\\u0041\"},\"n\":null,\"list\":[1,2]},\"a2\":7, \"a\\u0033\":true}";

	(void)state;
	says(json, "a/b/c", LF_TOKEN_STRING, "x\\u0041");
	says(json, "a/b", LF_TOKEN_OBJECT, "{\"c\":\"x\\u0041\"}");
	says(json, "a/list", LF_TOKEN_ARRAY, "[1,2]");
	says(json, "a2", LF_TOKEN_NUMBER, "7");
	says(json, "a3", LF_TOKEN_TRUE, "true");
	says(json, "a/n", LF_TOKEN_ERROR, NULL);
	says(json, "a/n/x", LF_TOKEN_ERROR, NULL);
	says(json, "a/list/0", LF_TOKEN_ERROR, NULL);
	says(json, "a2/x", LF_TOKEN_ERROR, NULL);
	says(json, "", LF_TOKEN_ERROR, NULL);
	says("", "a", LF_TOKEN_ERROR, NULL);
	says("\"a\"", "a", LF_TOKEN_ERROR, NULL);
	says("{\"a\":1", "a", LF_TOKEN_ERROR, NULL);
	says("{\"a\":1,}", "a", LF_TOKEN_ERROR, NULL);
}

/* Of two that have one name the last, null too, and none of an object that breaks off behind them. */
static void
test_members(void **state)
{
	static const struct lf_scan_name names[] = {LF_SCAN_NAME("a"), LF_SCAN_NAME("b"), LF_SCAN_NAME("c")};
	struct lf_value v = value("{\"a\":1,\"b\":2,\"a\":\"3\",\"b\":null,\"d\":4}"), m[3];

	(void)state;
	lf_value_members(&v, names, 3, m);
	assert_true(lf_value_is(&m[0], "3"));
	assert_false(lf_value_is_there(&m[1]) || lf_value_is_there(&m[2]));
	v = (struct lf_value){.token = LF_TOKEN_OBJECT, .text = {"{\"a\":1,\"b\":2 x", 15}};
	lf_value_members(&v, names, 3, m);
	assert_false(lf_value_is_there(&m[0]) || lf_value_is_there(&m[1]));
}

static size_t
count_items(const char *json)
{
	struct lf_value v = value(json), one;
	struct lf_items items;
	size_t n = 0;

	lf_items_start(&items, &v);
	while (lf_items_next(&items, &one))
		n++;
	assert_false(lf_items_next(&items, &one));
	return n;
}

static void
test_items(void **state)
{
	(void)state;
	assert_int_equal(count_items("[]"), 0);
	assert_int_equal(count_items("[1,[2,3],{\"a\":4}]"), 3);
	assert_int_equal(count_items("{\"a\":[1,2]}"), 1);
	assert_int_equal(count_items("\"x\""), 1);
	assert_int_equal(count_items("null"), 0);
	assert_int_equal(count_items(""), 0);
}

static void
test_says(void **state)
{
	struct lf_value list = value("[\"a\",\"b\\u0063\"]"), word = value("\"tr\\u0075e\""), yes = value("true"), no = value("\"false\"");
	struct lf_value number = value("1");

	(void)state;
	assert_true(lf_value_has(&list, "bc") && lf_value_has(&list, "a") && lf_value_has(&word, "true"));
	assert_false(lf_value_has(&list, "b") || lf_value_is(&list, "a"));
	assert_true(lf_value_true(&word) && lf_value_true(&yes) && lf_value_false(&no));
	assert_false(lf_value_false(&word) || lf_value_true(&no) || lf_value_true(&number) || lf_value_false(&number));
}

static bool
empty(const char *json)
{
	struct lf_value v = value(json);

	return lf_value_empty(&v);
}

static long
number(const char *json)
{
	struct lf_value v = value(json);

	return lf_value_count(&v);
}

static void
test_empty_and_count(void **state)
{
	(void)state;
	assert_true(empty("[]") && empty("{ }") && empty("\"\"") && empty("null") && empty(""));
	assert_false(empty("[null]") || empty("{\"a\":null}") || empty("0") || empty("\" \""));
	assert_int_equal(number("30"), 30);
	assert_int_equal(number("\"007\""), 7);
	assert_int_equal(number("999999999"), 999999999);
	assert_int_equal(number("1000000000"), -1);
	assert_int_equal(number("-1"), -1);
	assert_int_equal(number("1.5"), -1);
	assert_int_equal(number("\"\""), -1);
	assert_int_equal(number("[1]"), -1);
	assert_int_equal(number("true"), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_at), cmocka_unit_test(test_members), cmocka_unit_test(test_items),
	    cmocka_unit_test(test_says), cmocka_unit_test(test_empty_and_count)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
