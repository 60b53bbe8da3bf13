/* Text as it stands in an image: UTF-16, and escaped once and again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "carve/coding.h"
#include "scratch.h"

static struct lf_decoded decoded;

static int
free_decoded(void **state)
{
	(void)state;
	lf_decoded_free(&decoded);
	return 0;
}

static void
decodes(struct lf_coding c, const char *raw, size_t len, const char *text)
{
	assert_int_equal(lf_coding_decode(&c, (const unsigned char *)raw, len, &decoded), 0);
	assert_int_equal(decoded.len, strlen(text));
	assert_memory_equal(decoded.s, text, decoded.len);
}

static void
unescapes(unsigned level, const char *raw, const char *text)
{
	decodes((struct lf_coding){1, false, level}, raw, strlen(raw), text);
}

/* What begins and ends a string of the text, by the backslashes in front of it. */
static void
test_quotes(void **state)
{
	(void)state;
	for (unsigned level = 0; level <= LF_CODING_LEVELS; level++) {
		size_t n = lf_coding_backslashes(level);

		assert_int_equal(lf_coding_level(n), level);
		assert_int_equal(lf_coding_quote(level, n), LF_QUOTE_STRUCTURE);
		assert_int_equal(lf_coding_quote(level, 2 * n + 1), LF_QUOTE_CONTENT);
		if (level > 0)
			assert_int_equal(lf_coding_quote(level, lf_coding_backslashes(level - 1)), LF_QUOTE_OUTSIDE);
	}
	assert_int_equal(lf_coding_quote(0, 2), LF_QUOTE_STRUCTURE); /* an escaped backslash ends the string */
	assert_int_equal(lf_coding_level(2), -1);
	assert_int_equal(lf_coding_level(31), -1);
}

static void
test_escapes(void **state)
{
	(void)state;
	unescapes(0, "a\\\"b\"c", "a\\\"b\"c");
	unescapes(1, "{\\\"a\\\":1}\",\"b\"", "{\"a\":1}");
	unescapes(1, "\\b\\f\\n\\r\\t\\/\\\\\\u0041\\u00e9\\u20ac\\ud83d\\ude00", "\b\f\n\r\t/\\A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
	unescapes(2, "\\\\\\\"a\\\\\\\\\\\"\\\"", "\"a\\");
	unescapes(1, "ab\\x", "ab");
	unescapes(1, "ab\\u00g0", "ab");
	unescapes(1, "a\\ud83dx", "a\xef\xbf\xbdx");
	unescapes(1, "a\\ude00x", "a\xef\xbf\xbdx");
}

/* An escape, or a pair of them, that the end cuts leaves nothing. */
static void
test_cut(void **state)
{
	static const char raw[] = "ab\\ud83d\\ude00";

	(void)state;
	for (size_t len = 2; len < sizeof(raw) - 1; len++)
		decodes((struct lf_coding){1, false, 1}, raw, len, "ab");
	decodes((struct lf_coding){1, false, 1}, raw, sizeof(raw) - 1, "ab\xf0\x9f\x98\x80");
}

static void
test_utf16(void **state)
{
	(void)state;
	decodes((struct lf_coding){2, false, 0}, "a\0\xac\x20\x3d\xd8\x00\xde" "b", 9, "a\xe2\x82\xac\xf0\x9f\x98\x80");
	decodes((struct lf_coding){2, true, 0}, "\0a\x20\xac\xd8\x3d\xde\x00\0b", 10, "a\xe2\x82\xac\xf0\x9f\x98\x80" "b");
	decodes((struct lf_coding){2, false, 0}, "a\0\x3d\xd8" "b\0", 6, "a");
	decodes((struct lf_coding){2, false, 0}, "a\0\x00\xde" "b\0", 6, "a");
	decodes((struct lf_coding){2, false, 0}, "a\0\x3d\xd8\x00", 5, "a");
	decodes((struct lf_coding){2, false, 1}, "\\\0\"\0a\0\"\0b\0", 10, "\"a");
}

/* The first n bytes of the text are made of the raw bytes that decode to them, at any level. */
static void
test_raw(void **state)
{
	static const char *const parts[] = {"a", "\\\\\\\"", "\\\\\\\\n", "\\\\u00e9", "\\\\ud83d\\\\ude00", "\\u0062"};
	uint64_t seed = 3;

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		struct lf_coding c = {1, false, 2};
		struct lf_decoded part = {0};
		char raw[512] = "";

		while (strlen(raw) < 400)
			strcat(raw, parts[(scratch_random(&seed) >> 20) % (sizeof(parts) / sizeof(parts[0]))]);
		assert_int_equal(lf_coding_decode(&c, (const unsigned char *)raw, strlen(raw), &decoded), 0);
		assert_int_equal(lf_decoded_raw(&decoded, decoded.len), strlen(raw));
		for (size_t n = 0; n < decoded.len; n++) {
			if (n > 0 && lf_decoded_raw(&decoded, n) == lf_decoded_raw(&decoded, n + 1))
				continue; /* in the middle of a character */
			assert_int_equal(lf_coding_decode(&c, (const unsigned char *)raw, lf_decoded_raw(&decoded, n), &part), 0);
			assert_int_equal(part.len, n);
		}
		lf_decoded_free(&part);
	}
}

int
main(void)
{
#define DECODING(test) cmocka_unit_test_setup_teardown(test, NULL, free_decoded)
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_quotes), DECODING(test_escapes), DECODING(test_cut),
	    DECODING(test_utf16), DECODING(test_raw)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("coding", tests, NULL, NULL);
}
