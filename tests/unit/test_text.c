/* Text from evidence: UTF-8, the escapes for terminals, JSON and shells, columns, hexadecimal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <jansson.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "forensic.h"
#include "scratch.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define S(text)  text, sizeof(text) - 1

/* Writes a code point, surrogates too, as the table of RFC 3629 section 3 says. */
static size_t
encode(uint32_t cp, char out[4])
{
	size_t n = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};

	for (size_t i = n - 1; i > 0; i--, cp >>= 6)
		out[i] = (char)(0x80 | (cp & 0x3f));
	out[0] = (char)(lead[n] | cp);
	return n;
}

static bool
surrogate(uint32_t cp)
{
	return cp >= 0xd800 && cp <= 0xdfff;
}

/* What must never be shown raw: the brief list of the headers, written another way than in the
 * library. */
static bool
dangerous(uint32_t cp)
{
	static const uint32_t marks[] = {0x7f, 0x61c, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f,
	    0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2060, 0x2066, 0x2067, 0x2068,
	    0x2069, 0xfeff, 0xfff9, 0xfffa, 0xfffb};

	for (size_t i = 0; i < COUNT(marks); i++)
		if (cp == marks[i])
			return true;
	return cp < 0x20 || (cp >= 0x80 && cp <= 0x9f) || (cp & ~0x7fU) == 0xe0000;
}

static void
test_utf8_every_code_point(void **state)
{
	char bytes[5];
	uint32_t got;
	size_t n;

	(void)state;
	for (uint32_t cp = 0; cp < 0x120000; cp++) {
		n = encode(cp, bytes);
		bytes[n] = 'x';
		got = 0xabcdef01;
		if (surrogate(cp) || cp > 0x10ffff) {
			assert_int_equal(lf_utf8_decode(bytes, 5, &got), 0);
		} else {
			assert_int_equal(lf_utf8_decode(bytes, n + 1, &got), n);
			assert_int_equal(got, cp);
		}
		for (size_t cut = 0; cut < n; cut++)
			assert_int_equal(lf_utf8_decode(bytes, cut, &got), 0);
	}
}

static bool
jansson_takes(const char *s, size_t n)
{
	json_t *j = json_stringn(s, n);

	json_decref(j);
	return j != NULL;
}

/* Every pair of bytes, and longer sequences of bytes at the edges: jansson must agree on each. */
static void
test_utf8_every_sequence(void **state)
{
	static const unsigned char edges[] = {0x00, 0x22, 0x7f, 0x80, 0x81, 0x8f, 0x90, 0x9f, 0xa0,
	    0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xf8, 0xff};
	char s[4];
	uint32_t cp;

	(void)state;
	for (unsigned a = 0x80; a < 256; a++) {
		for (unsigned b = 0; b < 256; b++) {
			s[0] = (char)a, s[1] = (char)b;
			assert_int_equal(lf_utf8_decode(s, 2, &cp) == 2, jansson_takes(s, 2));
			for (size_t c = 0; c < COUNT(edges); c++) {
				s[2] = (char)edges[c];
				assert_int_equal(lf_utf8_decode(s, 3, &cp) == 3,
				    a >= 0xe0 && jansson_takes(s, 3));
				for (size_t d = 0; d < COUNT(edges); d++) {
					s[3] = (char)edges[d];
					assert_int_equal(lf_utf8_decode(s, 4, &cp) == 4,
					    a >= 0xf0 && jansson_takes(s, 4));
				}
			}
		}
	}
}

typedef void escape_fn(struct lf_buf *out, const char *s, size_t len);

static void
expect(escape_fn *escape, const char *s, size_t len, const char *expected)
{
	struct lf_buf b;

	lf_buf_init(&b);
	lf_buf_puts(&b, ">");
	escape(&b, s, len);
	assert_string_equal(lf_buf_str(&b) + 1, expected);
	lf_buf_free(&b);
}

static void
test_terminal(void **state)
{
	(void)state;
	expect(lf_text_terminal, S(""), "");
	expect(lf_text_terminal, S("plain ~ text\\n"), "plain ~ text\\n");
	expect(lf_text_terminal, S("a\x1b[31m\0b\r\n\tc"), "a\\x1b[31m\\x00b\\x0d\\x0a\\x09c");
	expect(lf_text_terminal, S("\x7f"), "\\x7f");
	expect(lf_text_terminal, S("\xc2\x9b" "1m"), "\\x9b1m"); /* U+009B, CSI */
	expect(lf_text_terminal, S("\x9b" "1m"), "\\x9b1m");     /* the byte */
	expect(lf_text_terminal, S("\xff\xc3"), "\\xff\\xc3");
	expect(lf_text_terminal, S("\xc0\x80"), "\\xc0\\x80");
	expect(lf_text_terminal, S("\xed\xa0\x80"), "\\xed\\xa0\\x80");
	expect(lf_text_terminal, S("\xe2\x82"), "\\xe2\\x82");
	expect(lf_text_terminal, S("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80 e\xcc\x81"),
	    "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80 e\xcc\x81");
	expect(lf_text_terminal, S("txt.\xe2\x80\xae" "exe"), "txt.\\u{202e}exe");
	expect(lf_text_terminal,
	    S("a\xe2\x80\x8b"
	      "b\xef\xbb\xbf"
	      "c\xc2\xad"),
	    "a\\u{200b}b\\u{feff}c\\u{00ad}");
	expect(
	    lf_text_terminal, S("\xe2\x80\xa8\xe2\x80\xa9\xd8\x9c"), "\\u{2028}\\u{2029}\\u{061c}");
	expect(lf_text_terminal, S("\xf3\xa0\x81\x81"), "\\u{e0041}");
	expect(lf_text_terminal, S("\xef\xbf\xbd\xef\xbf\xbe\xef\xbf\xbf\xf0\x9f\xbf\xbf"), "\xef\xbf\xbd\\u{fffe}\\u{ffff}\\u{1ffff}");
}

/* Each code point alone: dangerous ones come out as ASCII only, the others as they are. */
static void
test_terminal_every_code_point(void **state)
{
	static const uint32_t harmless[] = {0x20, 0x7e, 0xa0, 0x61b, 0x61d, 0x200a, 0x2010, 0x2027,
	    0x202f, 0x205f, 0x2070, 0xfe0f, 0xfefe, 0xff00, 0xfff8, 0xfffc, 0xfffd, 0xdfffd, 0xe0080,
	    0x10fffd};
	char bytes[5] = "";
	struct lf_buf b;
	size_t n;

	(void)state;
	lf_buf_init(&b);
	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		if (surrogate(cp) || !dangerous(cp))
			continue;
		n = encode(cp, bytes);
		lf_buf_reset(&b);
		lf_text_terminal(&b, bytes, n);
		assert_int_equal(b.data[0], '\\');
		for (size_t i = 0; i < b.len; i++)
			assert_true(b.data[i] >= 0x20 && b.data[i] < 0x7f);
	}
	for (size_t i = 0; i < COUNT(harmless); i++) {
		n = encode(harmless[i], bytes);
		lf_buf_reset(&b);
		lf_text_terminal(&b, bytes, n);
		assert_int_equal(b.len, n);
		assert_memory_equal(b.data, bytes, n);
	}
	lf_buf_free(&b);
}

/* Bytes at random, with enough valid sequences among them. */
static size_t
random_text(uint64_t *seed, char *out, size_t max)
{
	static const char *const pieces[] = {"\xe2\x80\xae", "\xc3\xa4", "\xe4\xb8\xad",
	    "\xf0\x9f\x98\x80", "'", "\\", "\"", "\x1b[2J", "\xcc\x88", " ", "$x", "`id`",
	    "\xf3\xa0\x80\xa1", "\xc2\x85"};
	size_t want = (size_t)(scratch_random(seed) % max), len = 0, n;
	uint64_t r;

	while (len < want) {
		r = scratch_random(seed);
		if (r % 2 == 0) {
			out[len++] = (char)(r >> 40);
			continue;
		}
		n = strlen(pieces[(r >> 8) % COUNT(pieces)]);
		if (len + n > want)
			break;
		memcpy(out + len, pieces[(r >> 8) % COUNT(pieces)], n);
		len += n;
	}
	return len;
}

static void
assert_safe(const struct lf_buf *b)
{
	uint32_t cp;
	size_t n;

	for (size_t i = 0; i < b->len; i += n) {
		n = lf_utf8_decode(b->data + i, b->len - i, &cp);
		assert_int_not_equal(n, 0);
		assert_false(dangerous(cp));
	}
}

static void
test_random_is_safe(void **state)
{
	char text[200];
	struct lf_buf b;
	uint64_t seed = 11;
	size_t len;

	(void)state;
	lf_buf_init(&b);
	for (int i = 0; i < 20000; i++) {
		len = random_text(&seed, text, sizeof(text));
		lf_buf_reset(&b);
		lf_text_terminal(&b, text, len);
		assert_safe(&b);
		assert_int_equal(lf_text_columns(text, len), lf_text_columns(b.data, b.len));
		lf_buf_reset(&b);
		lf_text_json(&b, text, len);
		assert_safe(&b);
		lf_buf_reset(&b);
		lf_text_shell(&b, text, len);
		assert_safe(&b);
	}
	lf_buf_free(&b);
}

/* For each size of the output: what lf_text_terminal() gives, cut before what does not fit, never
 * in it. */
static void
test_printable(void **state)
{
	static const char text[] = "ab\x1b" "c\xe2\x82\xac\xe2\x80\xae\xff\\z";
	static const char shown[] = "ab\\x1bc\xe2\x82\xac\\u{202e}\\xff\\z";
	static const size_t ends[] = {0, 1, 2, 6, 7, 10, 18, 22, 23, 24};
	char out[40];
	size_t at;

	(void)state;
	assert_int_equal(sizeof(shown) - 1, 24);
	for (size_t cap = 0; cap < sizeof(out); cap++) {
		memset(out, '#', sizeof(out));
		assert_int_equal(lf_text_printable(S(text), out, cap), 24);
		for (at = COUNT(ends); at > 0 && ends[at - 1] >= cap;)
			at--;
		if (cap > 0) {
			assert_int_equal(strlen(out), ends[at - 1]);
			assert_memory_equal(out, shown, ends[at - 1]);
		}
		for (size_t i = cap; i < sizeof(out); i++)
			assert_int_equal(out[i], '#');
	}
	assert_int_equal(lf_text_printable(S(text), NULL, 0), 24);
	assert_int_equal(lf_text_printable("", 0, out, 1), 0);
	assert_string_equal(out, "");
}

static void
test_json_escapes(void **state)
{
	(void)state;
	expect(lf_text_json, S(""), "");
	expect(lf_text_json, S("a\"b\\c/d"), "a\\\"b\\\\c/d");
	expect(lf_text_json, S("\b\f\n\r\t\0\x1f"), "\\b\\f\\n\\r\\t\\u0000\\u001f");
	expect(lf_text_json, S("\x7f\xc2\x80\xc2\x9f"), "\\u007f\\u0080\\u009f");
	expect(lf_text_json, S("\x80\xff"), "\\\\x80\\\\xff");
	expect(lf_text_json, S("\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xae"), "\\u2028\\u2029\\u202e");
	expect(lf_text_json, S("\xf3\xa0\x80\x81\xf3\xa0\x81\xbf"), "\\udb40\\udc01\\udb40\\udc7f");
	expect(lf_text_json, S("\xc3\xa4\xe4\xb8\xad\xf0\x9f\x98\x80"),
	    "\xc3\xa4\xe4\xb8\xad\xf0\x9f\x98\x80");
}

/* Every code point goes through jansson and comes back the same. */
static void
test_json_round_trip(void **state)
{
	char bytes[4];
	struct lf_buf b;
	json_t *j;
	size_t n;

	(void)state;
	lf_buf_init(&b);
	for (uint32_t cp = 0; cp <= 0x10ffff; cp += cp < 0x3000 || cp > 0xdff00 ? 1 : 61) {
		if (surrogate(cp))
			continue;
		n = encode(cp, bytes);
		lf_buf_reset(&b);
		lf_buf_putc(&b, '"');
		lf_text_json(&b, bytes, n);
		lf_buf_putc(&b, '"');
		assert_safe(&b);
		j = json_loadb(b.data, b.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
		assert_non_null(j);
		assert_int_equal(json_string_length(j), n);
		assert_memory_equal(json_string_value(j), bytes, n);
		json_decref(j);
	}
	lf_buf_free(&b);
}

static void
test_shell_words(void **state)
{
	(void)state;
	expect(lf_text_shell, S(""), "''");
	expect(lf_text_shell, S("AWSLogs/123/a-b_c.json.gz"), "AWSLogs/123/a-b_c.json.gz");
	expect(lf_text_shell, S("two words"), "'two words'");
	expect(lf_text_shell, S("it's"), "'it'\\''s'");
	expect(lf_text_shell, S("~root"), "'~root'");
	expect(lf_text_shell, S("a=b"), "'a=b'");
	expect(lf_text_shell, S("#x"), "'#x'");
	expect(lf_text_shell, S("\xc3\xa4"), "'\xc3\xa4'");
	expect(lf_text_shell, S("a\nb"), "\"$(printf '%b' 'a\\0012b')\"");
	expect(lf_text_shell, S("\xff" "7'\\"), "\"$(printf '%b' '\\03777\\0047\\0134')\"");
	expect(lf_text_shell, S("\xe2\x80\xae\xc3\xa4"), "\"$(printf '%b' '\\0342\\0200\\0256\xc3\xa4')\"");
}

/* A real shell reads each word back to the very bytes. */
static void
test_shell_reads_back(void **state)
{
	char script[] = "/tmp/lf_text_XXXXXX", command[100], texts[400][60], got[60];
	size_t lens[400];
	uint64_t seed = 5;
	struct lf_buf b;
	FILE *f;
	int fd;

	(void)state;
	if (access("/bin/bash", X_OK) != 0)
		skip();
	lf_buf_init(&b);
	lf_buf_puts(&b, "printf '%s\\0'");
	for (size_t i = 0; i < COUNT(texts); i++) {
		lens[i] = random_text(&seed, texts[i], sizeof(texts[i]));
		for (size_t k = 0; k < lens[i]; k++)
			texts[i][k] = texts[i][k] == '\0' ? '!' : texts[i][k];
		for (size_t k = lens[i]; k > 0 && texts[i][k - 1] == '\n'; k--)
			texts[i][k - 1] = '!'; /* the shell takes newlines off the end */
		lf_buf_putc(&b, ' ');
		lf_text_shell(&b, texts[i], lens[i]);
	}
	fd = mkstemp(script);
	assert_true(fd >= 0 && write(fd, b.data, b.len) == (ssize_t)b.len && close(fd) == 0);
	snprintf(command, sizeof(command), "/bin/bash %s", script);
	f = popen(command, "r");
	assert_non_null(f);
	for (size_t i = 0; i < COUNT(texts); i++) {
		assert_int_equal(fread(got, 1, lens[i] + 1, f), lens[i] + 1);
		assert_memory_equal(got, texts[i], lens[i]);
		assert_int_equal(got[lens[i]], '\0');
	}
	assert_int_equal(fgetc(f), EOF);
	assert_int_equal(pclose(f), 0);
	unlink(script);
	lf_buf_free(&b);
}

static void
test_columns(void **state)
{
	static const struct {
		uint32_t cp;
		size_t columns;
	} table[] = {{'a', 1}, {0xe4, 1}, {0x2ff, 1}, {0x300, 0}, {0x36f, 0}, {0x370, 1},
	    {0x10ff, 1}, {0x1100, 2}, {0x115f, 2}, {0x1160, 0}, {0x20ac, 1}, {0x231a, 2},
	    {0x3000, 2}, {0x4e2d, 2}, {0x9fff, 2}, {0xac00, 2}, {0xd7a3, 2}, {0xfe0f, 0},
	    {0xff01, 2}, {0xff61, 1}, {0x1f600, 2}, {0x20000, 2}, {0x3fffd, 2}, {0xe00ff, 1},
	    {0xe0100, 0}, {0xe01ef, 0}, {0xe01f0, 1}, {0x1b, 4}, {0x7f, 4}, {0x9b, 4}, {0x202e, 8},
	    {0xe0041, 9}};
	char bytes[4];

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++)
		assert_int_equal(
		    lf_text_columns(bytes, encode(table[i].cp, bytes)), table[i].columns);
	assert_int_equal(lf_text_columns("", 0), 0);
	assert_int_equal(lf_text_columns(S("abc\xe4\xb8\xad\xe6\x96\x87" "e\xcc\x81")), 8);
	assert_int_equal(lf_text_columns(S("\xff\xe4\xb8")), 12);
}

static void
test_hex(void **state)
{
	unsigned char all[256], back[256], none[2] = {7, 7};
	char hex[513];

	(void)state;
	for (int i = 0; i < 256; i++)
		all[i] = (unsigned char)i;
	lf_hex_encode(all, sizeof(all), hex);
	assert_int_equal(strlen(hex), 512);
	assert_memory_equal(hex, "000102", 6);
	assert_string_equal(hex + 506, "fdfeff");
	assert_true(lf_hex_decode(hex, 512, back, 256));
	assert_memory_equal(all, back, 256);
	assert_true(lf_hex_decode("aBcDEf", 6, back, 3));
	assert_memory_equal(back, "\xab\xcd\xef", 3);
	assert_true(lf_hex_decode("", 0, back, 0));
	assert_false(lf_hex_decode("abc", 3, none, 1));
	assert_false(lf_hex_decode("abcd", 4, none, 1));
	assert_false(lf_hex_decode("ab", 2, none, 2));
	assert_int_equal(none[0], 7);
	for (int c = 0; c < 256; c++) {
		bool digit =
		    (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
		hex[0] = '1', hex[1] = '1', hex[2] = '1', hex[3] = (char)c;
		none[0] = none[1] = 7;
		assert_int_equal(lf_hex_decode(hex, 4, none, 2), digit);
		assert_int_equal(none[0], digit ? 0x11 : 7);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utf8_every_code_point),
		cmocka_unit_test(test_utf8_every_sequence),
		cmocka_unit_test(test_terminal),
		cmocka_unit_test(test_terminal_every_code_point),
		cmocka_unit_test(test_random_is_safe),
		cmocka_unit_test(test_printable),
		cmocka_unit_test(test_json_escapes),
		cmocka_unit_test(test_json_round_trip),
		cmocka_unit_test(test_shell_words),
		cmocka_unit_test(test_shell_reads_back),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_hex),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
