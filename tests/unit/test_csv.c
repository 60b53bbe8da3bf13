/* Comma-separated values, written and read back; damaged lines cost no more than themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "base/csv.h"
#include "bytes.h"
#include "chaos.h"
#include "scratch.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
test_write(void **state)
{
	static const struct {
		const char *s;
		size_t len;
		bool guard;
		const char *want;
	} cases[] = {
	    {"", 0, true, ""},
	    {"plain", 5, true, "plain"},
	    {"a,b", 3, true, "\"a,b\""},
	    {"a\"b", 3, true, "\"a\"\"b\""},
	    {"a\nb", 3, true, "\"a\nb\""},
	    {"a\rb", 3, false, "\"a\rb\""},
	    {"a\x01", 2, false, "\"a\x01\""},
	    {" a", 2, false, "\" a\""},
	    {"a ", 2, false, "\"a \""},
	    {"a b", 3, false, "a b"},
	    {"=1+1", 4, true, "\"'=1+1\""},
	    {"=1+1", 4, false, "=1+1"},
	    {"+1", 2, true, "\"'+1\""},
	    {"-1", 2, true, "\"'-1\""},
	    {"@x", 2, true, "\"'@x\""},
	    {"\tx", 2, true, "\"'\tx\""},
	    {"\rx", 2, true, "\"'\rx\""},
	    {"  =x", 4, true, "\"'  =x\""},
	    {"\x1b=x", 3, true, "\"'\x1b=x\""},
	    {"\x1b=x", 3, false, "\"\x1b=x\""},
	    {"\x7f" "1", 2, true, "\"'\x7f" "1\""},
	    {" \x1b=x", 4, true, "\"' \x1b=x\""},
	    {" \x1b", 2, true, "\" \x1b\""},
	    {"a=b", 3, true, "a=b"},
	    {"a\0b", 3, true, "\"a\xef\xbf\xbd" "b\""},
	    {"\0", 1, true, "\"'\xef\xbf\xbd\""},
	    {"\0=x", 3, true, "\"'\xef\xbf\xbd=x\""},
	    {"\xff", 1, true, "\xef\xbf\xbd"},
	    {"\xc3\xa4", 2, true, "\xc3\xa4"},
	    {"x\xc3", 2, true, "x\xef\xbf\xbd"},
	    {"\xed\xa0\x80", 3, true, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
	};
	struct lf_buf out;

	(void)state;
	lf_buf_init(&out);
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *s = bytes_exact(cases[i].s, cases[i].len);

		lf_buf_reset(&out);
		lf_csv_field(&out, s, cases[i].len, cases[i].guard);
		if (strcmp(lf_buf_str(&out), cases[i].want) != 0)
			fail_msg("case %zu: %s", i, lf_buf_str(&out));
		free(s);
	}
	lf_buf_free(&out);
}

/* Each byte at each place of fields of each length: quoted just where RFC 4180, a blank at an edge or a formula asks for it. */
static void
test_write_each_byte(void **state)
{
	char text[36], want[46];
	struct lf_buf out;

	(void)state;
	lf_buf_init(&out);
	for (size_t len = 1; len < sizeof(text); len++) {
		for (size_t at = 0; at < len; at++) {
			for (int c = 1; c < 0x80; c++) {
				bool edge = at == 0 || at == len - 1;
				bool formula = at == 0 && (c < 0x20 || strchr("=+-@\x7f", c) != NULL);
				bool quotes = formula || c < 0x20 || strchr(",\"\x7f", c) != NULL || (edge && c == ' ');
				char *s = memset(text, 'a', len);

				s[at] = (char)c;
				snprintf(want, sizeof(want), "%s%s%.*s%s%.*s%s", quotes ? "\"" : "", formula ? "'" : "", (int)at, s,
				    c == '"' ? "\"" : "", (int)(len - at), s + at, quotes ? "\"" : "");
				s = bytes_exact(text, len);
				lf_buf_reset(&out);
				lf_csv_field(&out, s, len, true);
				free(s);
				assert_string_equal(lf_buf_str(&out), want);
			}
		}
	}
	lf_buf_free(&out);
}

/* What is said to be a line of n fields is what they are written as, one after the other. */
static void
assert_line(const char *s, size_t len, unsigned n)
{
	const char *text = s, *end = s + len;
	struct lf_buf out;
	unsigned fields = 0;

	for (int guard = 0; guard < 2; guard++) {
		lf_buf_init(&out);
		s = text;
		for (fields = 1;; fields++) {
			const char *comma = memchr(s, ',', (size_t)(end - s));

			lf_csv_field(&out, s, (size_t)((comma == NULL ? end : comma) - s), guard);
			if (comma == NULL)
				break;
			lf_buf_putc(&out, ',');
			s = comma + 1;
		}
		assert_int_equal(fields, n);
		assert_int_equal(out.len, len);
		assert_memory_equal(lf_buf_str(&out), text, len);
		lf_buf_free(&out);
	}
}

static void
test_line(void **state)
{
	static const char some[] = ",,,,aaabc019.:/ =+-@\"\t\r\n\x7f\xc3\xa9*[]'";
	static const struct {
		const char *s;
		unsigned n;
		bool is;
	} cases[] = {
	    {"a", 1, true}, {"a,b", 2, true}, {"a,b", 1, false}, {"a,b", 3, false}, {",", 2, true}, {",,", 3, true},
	    {"2024-03-01T00:57:33Z,111100002222,us-east-1,arn:aws:iam::111100002222:user/ivan,[S3Console/0.4],,false", 7, true},
	    {"a, b", 2, false}, {"a ,b", 2, false}, {"a b,b c", 2, true}, {" a", 1, false}, {"a ", 1, false}, {"a,=b", 2, false},
	    {"-a", 1, false}, {"a,b\"", 2, false}, {"a,\xc3\xa9", 2, false}, {"a,b\x01", 2, false}, {"0123456789abcde,+f", 2, false},
	    {"0123456789abcdef,@f", 2, false}, {"0123456789abcd ,f", 2, false}, {"0123456789abcde ,f", 2, false},
	};
	uint64_t random = 9;
	size_t lines = 0;
	char text[64];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *s = bytes_exact(cases[i].s, strlen(cases[i].s));

		assert_int_equal(lf_csv_is_line(s, strlen(cases[i].s), cases[i].n), cases[i].is);
		free(s);
	}
	assert_false(lf_csv_is_line("", 0, 1));
	for (int i = 0; i < 300000; i++) {
		size_t len = 1 + scratch_random(&random) % (sizeof(text) - 1), kinds = i % 3 == 0 ? sizeof(some) - 1 : 14;
		unsigned n = 1;
		char *s;

		for (size_t k = 0; k < len; k++)
			n += (text[k] = some[scratch_random(&random) % kinds]) == ',';
		s = bytes_exact(text, len);
		if (lf_csv_is_line(s, len, n)) {
			assert_line(s, len, n);
			lines++;
		}
		free(s);
	}
	assert_true(lines > 100000);
}

/* Commas are counted for as long as a line may be. */
static void
test_line_long(void **state)
{
	char text[8192];

	(void)state;
	memset(text, ',', sizeof(text));
	for (size_t len = 1; len < sizeof(text); len++) {
		assert_int_equal(lf_csv_is_line(text, len, (unsigned)len + 1), len <= 4064);
		assert_false(lf_csv_is_line(text, len, (unsigned)(len & 255) + 1) && len > 255);
	}
}

/* All of a text as "field|field;" with "line:" in front of each record, and "!" for a bad one. */
static void
show(const char *text, size_t len, struct lf_buf *out)
{
	struct lf_csv_field f[LF_CSV_FIELDS];
	char *copy = bytes_exact(text, len);
	struct lf_csv c;
	size_t n;
	int rc;

	lf_buf_reset(out);
	lf_csv_init(&c, copy, len);
	while ((rc = lf_csv_next(&c, f, &n)) != 0) {
		assert_true(c.at <= len);
		assert_int_equal(rc < 0, c.problem != NULL);
		lf_buf_printf(out, "%zu:", c.line);
		if (rc < 0)
			lf_buf_puts(out, "!");
		for (size_t i = 0; rc > 0 && i < n; i++) {
			if (i > 0)
				lf_buf_putc(out, '|');
			lf_csv_unquote(&f[i], out);
		}
		lf_buf_putc(out, ';');
	}
	assert_int_equal(lf_csv_next(&c, f, &n), 0);
	free(copy);
}

static void
test_read(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"", ""},
	    {"\n\r\n\r", ""},
	    {"a,b\n", "1:a|b;"},
	    {"a,b", "1:a|b;"},
	    {"\xef\xbb\xbf" "a\n", "1:a;"},
	    {"\xef\xbb\xbf\"a\"\n", "1:a;"},
	    {"a,b\r\nc,d\r\n", "1:a|b;2:c|d;"},
	    {"a\rb\rc", "1:a;2:b;3:c;"},
	    {"\n\na\n\n\nb\n", "3:a;6:b;"},
	    {",\n", "1:|;"},
	    {"a,\n", "1:a|;"},
	    {"\"\"\n", "1:;"},
	    {"\"a,b\",\"c\"\"d\"\n", "1:a,b|c\"d;"},
	    {"\"\"\"\"\n", "1:\";"},
	    {"\"two\nlines\",x\nnext\n", "1:two\nlines|x;3:next;"},
	    {"\"two\r\nlines\"\r\nnext\r\n", "1:two\r\nlines;3:next;"},
	    {"a\"b,c\n", "1:a\"b|c;"},
	    {"\"a\"b,c\nd\n", "1:!;2:d;"},
	    {"x,\"open\ny\nz\n", "1:!;2:y;3:z;"},
	    {"\"", "1:!;"},
	    {"\"lost,b\nc,\"d\",e\nf\n", "1:!;2:c|d|e;3:f;"},
	};
	struct lf_buf out;

	(void)state;
	lf_buf_init(&out);
	for (size_t i = 0; i < COUNT(cases); i++) {
		show(cases[i].text, strlen(cases[i].text), &out);
		if (strcmp(lf_buf_str(&out), cases[i].want) != 0)
			fail_msg("case %zu: %s", i, lf_buf_str(&out));
	}
	lf_buf_free(&out);
}

/* What is written is read back, whatever it holds, but for NUL and broken UTF-8. */
static void
test_both_ways(void **state)
{
	static const char alphabet[] = "a,\"\r\n =\t-";
	struct lf_csv_field f[LF_CSV_FIELDS];
	struct lf_buf text, back;
	uint64_t seed = 1;
	struct lf_csv c;
	char field[8];
	size_t n, len;

	(void)state;
	lf_buf_init(&text);
	lf_buf_init(&back);
	for (int round = 0; round < 20000; round++) {
		len = 1 + scratch_random(&seed) % sizeof(field);
		for (size_t i = 0; i < len; i++)
			field[i] = alphabet[scratch_random(&seed) % (sizeof(alphabet) - 1)];
		lf_buf_reset(&text);
		lf_csv_field(&text, "x", 1, false);
		lf_buf_putc(&text, ',');
		lf_csv_field(&text, field, len, false);
		lf_buf_puts(&text, "\r\n");
		lf_csv_init(&c, text.data, text.len);
		assert_int_equal(lf_csv_next(&c, f, &n), 1);
		assert_int_equal(n, 2);
		lf_buf_reset(&back);
		lf_csv_unquote(&f[1], &back);
		assert_int_equal(back.len, len);
		assert_memory_equal(back.data, field, len);
		assert_int_equal(lf_csv_next(&c, f, &n), 0);
	}
	lf_buf_free(&text);
	lf_buf_free(&back);
}

static void
test_many_fields(void **state)
{
	struct lf_csv_field f[LF_CSV_FIELDS];
	struct lf_csv c;
	char text[4 * LF_CSV_FIELDS];
	size_t n;

	(void)state;
	memset(text, ',', sizeof(text));
	text[sizeof(text) - 2] = '\n';
	text[sizeof(text) - 1] = 'z';
	lf_csv_init(&c, text, sizeof(text));
	assert_int_equal(lf_csv_next(&c, f, &n), 1);
	assert_int_equal(n, LF_CSV_FIELDS);
	assert_int_equal(lf_csv_next(&c, f, &n), 1);
	assert_int_equal(n, 1);
	assert_memory_equal(f[0].s, "z", 1);
}

/* Lines made so that a reader which looks for the closing quote again and again needs quadratic time. */
static void
test_linear(void **state)
{
	static const char *const lines[] = {"\"\n", "\"a\n", "\"\"\"\n", ",\"\"\"\n", "\"\"a\n", "x,\"\"\n", "\"\"\"x\"\"\n"};
	struct lf_csv_field f[LF_CSV_FIELDS];
	size_t size = 4 << 20, n, len;
	char *text = malloc(size);
	struct lf_csv c;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < COUNT(lines); i++) {
		clock_t start = clock();

		len = strlen(lines[i]);
		for (size_t at = 0; at < size; at++)
			text[at] = lines[i][at % len];
		lf_csv_init(&c, text, size);
		while (lf_csv_next(&c, f, &n) != 0)
			;
		if (clock() - start > 10 * CLOCKS_PER_SEC)
			fail_msg("case %zu takes too long", i);
	}
	free(text);
}

static int
write_step(void)
{
	struct lf_buf out;
	int rc;

	lf_buf_init(&out);
	for (int i = 0; i < 100; i++)
		lf_csv_field(&out, "a,\"b\"", 5, true);
	rc = out.failed ? -1 : 0;
	lf_buf_free(&out);
	return rc;
}

static void
test_no_memory(void **state)
{
	(void)state;
	chaos_check(write_step, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_write),
	    cmocka_unit_test(test_write_each_byte),
	    cmocka_unit_test(test_line),
	    cmocka_unit_test(test_line_long),
	    cmocka_unit_test(test_read),
	    cmocka_unit_test(test_both_ways),
	    cmocka_unit_test(test_many_fields),
	    cmocka_unit_test(test_linear),
	    cmocka_unit_test(test_no_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
