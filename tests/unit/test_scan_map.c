/* Looking at text many bytes at once: what this build does against its portable code, forced, and both against one byte at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "record/scan_map.h"
#include "bytes.h"

/* The same source again, as it is for a machine that has no kernels of its own. */
#ifndef LF_PORTABLE
#define LF_PORTABLE
#endif
#define lf_scan_map_at   portable_map_at
#define lf_scan_map_best portable_map_best
#define lf_scan_map_text portable_map_text
#define lf_scan_plain    portable_plain
#define lf_scan_blanks   portable_blanks
lf_scan_map_fn *portable_map_at(size_t i);
lf_scan_map_fn *portable_map_best(void);
void portable_map_text(lf_scan_map_fn *map, const char *p, size_t len, unsigned char *quote, unsigned char *other);
const char *portable_plain(const char *p, const char *end);
const char *portable_blanks(const char *p, const char *end);
#include "../../libforensic/record/scan_map.c"
#undef lf_scan_map_at
#undef lf_scan_map_best
#undef lf_scan_map_text
#undef lf_scan_plain
#undef lf_scan_blanks

#define LONGEST 150 /* bytes: two blocks and a piece */

static size_t
plain_by_bytes(const char *s, size_t len)
{
	size_t i = 0;

	while (i < len && s[i] != '"' && s[i] != '\\')
		i++;
	return i;
}

static size_t
blanks_by_bytes(const char *s, size_t len)
{
	return len == 0 ? 0 : strspn(s, " \t\r\n") < len ? strspn(s, " \t\r\n") : len;
}

/* text[len] is a NUL that belongs to nobody: the code gets a copy without a byte to spare. */
static void
compare(const char *text, size_t len)
{
	unsigned char quote[2][LONGEST / 8 + 24], other[2][LONGEST / 8 + 24];
	size_t bytes = (len + LF_SCAN_BLOCK - 1) / LF_SCAN_BLOCK * 8 + 8;
	char *copy = bytes_exact(text, len);

	assert_int_equal(lf_scan_plain(copy, copy + len) - copy, plain_by_bytes(text, len));
	assert_int_equal(portable_plain(copy, copy + len) - copy, plain_by_bytes(text, len));
	assert_int_equal(lf_scan_blanks(copy, copy + len) - copy, blanks_by_bytes(text, len));
	assert_int_equal(portable_blanks(copy, copy + len) - copy, blanks_by_bytes(text, len));
	lf_scan_map_text(lf_scan_map_best(), copy, len, quote[0], other[0]);
	portable_map_text(portable_map_best(), copy, len, quote[1], other[1]);
	assert_memory_equal(quote[0], quote[1], bytes);
	assert_memory_equal(other[0], other[1], bytes);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		assert_int_equal(quote[1][i / 8] >> (i % 8) & 1, c == '"');
		assert_int_equal(other[1][i / 8] >> (i % 8) & 1, c == '\\' || c < 0x20 || c >= 0x80);
	}
	free(copy);
}

static void
test_one_way_when_forced(void **state)
{
	(void)state;
	assert_non_null(portable_map_at(0));
	assert_null(portable_map_at(1));
	assert_ptr_equal(portable_map_best(), portable_map_at(0));
}

/* Every byte at every place of texts of every length. */
static void
test_each_byte(void **state)
{
	static const char fill[] = {'a', ' ', '\x80'};
	char text[LONGEST + 1];

	(void)state;
	for (size_t f = 0; f < sizeof(fill); f++)
		for (size_t len = 0; len <= 40; len++)
			for (size_t at = 0; at < len; at++)
				for (int c = 0; c < 256; c++) {
					memset(text, fill[f], len);
					text[at] = (char)c;
					text[len] = '\0';
					compare(text, len);
				}
}

static void
test_random(void **state)
{
	static const char often[] = "\"\\ \t\r\n\x1f\x20\x21\x7f\x80\xdc\xa2\xff" "a";
	uint64_t x = 88172645463325252ULL;
	char text[LONGEST + 1];

	(void)state;
	for (int round = 0; round < 60000; round++) {
		size_t len = (size_t)round % (LONGEST + 1), blank = (size_t)round % 7 * 23;

		for (size_t i = 0; i < len; i++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			text[i] = i < blank        ? " \t\r\n"[x >> 9 & 3]
			    : x % 5 < (unsigned)round % 5 ? often[(x >> 9) % (sizeof(often) - 1)]
							  : (char)(x >> 17);
		}
		text[len] = '\0';
		compare(text, len);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_one_way_when_forced), cmocka_unit_test(test_each_byte),
	    cmocka_unit_test(test_random)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
