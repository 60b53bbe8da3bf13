/* JSON told byte by byte: whole texts go through wherever they are cut, and no text with a byte too many or too few of its signs does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "carve/grammar.h"

static bool
goes_on(const char *text, size_t cut)
{
	struct lf_grammar g = {0}, saved;
	size_t len = strlen(text);
	const unsigned char *b = (const unsigned char *)text;

	if (!lf_grammar_feed(&g, b, cut))
		return false;
	saved = g;
	return lf_grammar_feed(&saved, b + cut, len - cut);
}

static void
json_goes_through(void **state)
{
	static const char *const texts[] = {"{\"Records\":[{\"a\":\"b\\\"\\u00fc\\\\\",\"c\":[],\"d\":{},\"e\":[1,-2.5e+3,null,true]}]}",
	    " [ { } , [ ] , \"x\" ] ", "{\"a\":{\"b\":{\"c\":[[[]]]}}}", "12"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		for (size_t cut = 0; cut <= strlen(texts[i]); cut++)
			assert_true(goes_on(texts[i], cut));
}

static void
anything_else_does_not(void **state)
{
	static const char *const texts[] = {"{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "[1,]", "[1 2]", "{\"a\":1]", "[}", "]", "\"\\x\"",
	    "\"\\u12g4\"", "\"a\nb\"", "{\"a\":1}{", "{\"a\" \"b\"}", "[\"a\"\"b\"]", "{\"a\":\x01}", "(", "1,"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (goes_on(texts[i], 0))
			fail_msg("%s went through", texts[i]);
}

static void
depth_has_an_end(void **state)
{
	struct lf_grammar g = {0};

	(void)state;
	for (unsigned i = 0; i < LF_GRAMMAR_DEPTH; i++)
		assert_true(lf_grammar_feed(&g, (const unsigned char *)"[", 1));
	assert_false(lf_grammar_feed(&g, (const unsigned char *)"[", 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(json_goes_through),
	    cmocka_unit_test(anything_else_does_not),
	    cmocka_unit_test(depth_has_an_end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
