/* The scanner against jansson, and its ways of looking ahead against each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"
#include "record/scan.h"
#include "bytes.h"

#define N_MAPS 3
#define BLOCK  LF_SCAN_BLOCK

static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Whether text is one whole value, token by token; *at gets where it is not. */
static bool
accepts(const char *text, size_t len, lf_scan_map_fn *map, size_t *at)
{
	enum lf_token t;
	struct lf_scan s;

	lf_scan_init(&s, text, len);
	if (map != NULL)
		s.map = map;
	while ((t = lf_scan_next(&s)) > LF_TOKEN_END)
		;
	if (t == LF_TOKEN_END && lf_scan_at_end(&s))
		return true;
	assert_true(t == LF_TOKEN_END || s.problem != NULL);
	assert_true(s.at <= len);
	*at = s.at;
	return false;
}

/* The same in one lf_scan_skip(). */
static bool
skips(const char *text, size_t len, lf_scan_map_fn *map, size_t *at)
{
	struct lf_scan s;
	bool ok;

	lf_scan_init(&s, text, len);
	if (map != NULL)
		s.map = map;
	ok = lf_scan_skip(&s, lf_scan_next(&s));
	assert_true(ok || s.problem != NULL);
	if (ok) {
		assert_int_equal(lf_scan_next(&s), LF_TOKEN_END);
		ok = lf_scan_at_end(&s);
	}
	*at = s.at;
	return ok;
}

/* All ways to scan agree, down to the offset of the problem; returns what they say. */
static bool
verdict(const char *text, size_t len)
{
	size_t at = 0, other = 0;
	bool ok = accepts(text, len, NULL, &at);

	for (size_t m = 0; m < N_MAPS; m++) {
		if (lf_scan_map_at(m) == NULL)
			continue;
		other = 0;
		if (accepts(text, len, lf_scan_map_at(m), &other) != ok || (!ok && other != at))
			fail_msg("walk, map %zu: %zu, not %zu: %.*s", m, other, at, (int)len, text);
		other = 0;
		if (skips(text, len, lf_scan_map_at(m), &other) != ok || (!ok && other != at))
			fail_msg("skip, map %zu: %zu, not %zu: %.*s", m, other, at, (int)len, text);
	}
	return ok;
}

/* ---- The grammar ---- */

static void
test_valid(void **state)
{
	static const char *const texts[] = {"{}", "[]", " [ ] ", "0", "-0", "12", "-1.5", "1e5", "1E+05", "0.0e-0",
	    "true", "false", "null", "\"\"", "\"a\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"", "\"\\ud83d\\ude00\"",
	    "\"\\ud83d\"", "\"\\u0000\"", "{\"a\":1}", "{\"a\":{\"b\":[1,2,{\"c\":null}]},\"d\":\"e\"}", "[[[[]]]]",
	    "\t\r\n [ 1 , 2 ] \n", "\"\x7f\"", "\"\xc3\xa9\"", "\"\xe2\x82\xac\"", "\"\xf0\x9f\x98\x80\"",
	    "\"\xed\x9f\xbf\"", "\"\xf4\x8f\xbf\xbf\"", "\xef\xbb\xbf{}", "{\"a\":1,\"a\":2}", "[1,2]",
	    "123456789012345678901234567890", "{ \"a\" : [ ] , \"b\" : { } }"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!verdict(texts[i], strlen(texts[i])))
			fail_msg("refused: %s", texts[i]);
}

static void
test_invalid(void **state)
{
	static const struct {
		const char *text;
		size_t at;
	} cases[] = {{"", 0}, {" ", 1}, {"{", 1}, {"[", 1}, {"}", 0}, {"]", 0}, {"[1,]", 3}, {"[,1]", 1}, {"{,}", 1},
	    {"{\"a\"}", 4}, {"{\"a\":}", 5}, {"{\"a\":1,}", 7}, {"{\"a\" 1}", 5}, {"{a:1}", 1}, {"{1:1}", 1},
	    {"[1 2]", 3}, {"[1}", 2}, {"{\"a\":1]", 6}, {"01", 1}, {"-", 1}, {"1.", 2}, {"1e", 2}, {"1e+", 3}, {".5", 0},
	    {"+1", 0}, {"[01]", 2}, {"[-]", 2}, {"[1.e1]", 3}, {"tru", 0}, {"[truefalse]", 5}, {"nul", 0}, {"True", 0},
	    {"\"", 1}, {"\"a", 2}, {"\"\\\"", 3}, {"\"\\x\"", 1}, {"\"\\u12g4\"", 1}, {"\"\\u123\"", 1}, {"\"\\", 1},
	    {"\"a\nb\"", 2}, {"\"a\x01\"", 2}, {"\"\x80\"", 1}, {"\"\xc3\"", 1}, {"\"\xc0\xaf\"", 1},
	    {"\"\xed\xa0\x80\"", 1}, {"\"\xf5\x80\x80\x80\"", 1}, {"\"\xe0\x80\x80\"", 1}, {"\"\xf0\x80\x80\x80\"", 1},
	    {"\"\xf4\x90\x80\x80\"", 1}, {"\"\xe2\x82\"", 1}, {"{} {}", 3}, {"[1]x", 3}, {"'a'", 0}, {"[1]]", 3},
	    {"\xef\xbb\xbf", 3}, {"[\xa0]", 1}, {"[1\x0b]", 2}, {"//\n1", 0}, {"[NaN]", 1}, {"{\"a\":1\"b\":2}", 6}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t len = strlen(cases[i].text), at = 999;
		char *text = bytes_exact(cases[i].text, len);

		if (verdict(text, len))
			fail_msg("accepted: %s", cases[i].text);
		accepts(text, len, NULL, &at);
		if (at != cases[i].at)
			fail_msg("%s: problem at %zu, not %zu", cases[i].text, at, cases[i].at);
		free(text);
	}
}

static void
test_nul(void **state)
{
	(void)state;
	assert_false(verdict("[1\0]", 4));
	assert_false(verdict("\"a\0b\"", 5));
	assert_false(verdict("{}\0", 3));
	assert_false(verdict("\0", 1));
}

static void
test_depth(void **state)
{
	char text[2 * (LF_MAX_JSON_DEPTH + 1)];
	size_t at = 0;

	(void)state;
	for (size_t depth = LF_MAX_JSON_DEPTH - 1; depth <= LF_MAX_JSON_DEPTH + 1; depth++) {
		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		assert_int_equal(verdict(text, 2 * depth), depth <= LF_MAX_JSON_DEPTH);
		assert_int_equal(accepts(text, 2 * depth, NULL, &at), depth <= LF_MAX_JSON_DEPTH);
	}
	assert_int_equal(at, LF_MAX_JSON_DEPTH);
}

static void
expect(struct lf_scan *s, enum lf_token token, const char *text)
{
	assert_int_equal(lf_scan_next(s), token);
	if (text != NULL) {
		assert_int_equal(s->len, strlen(text));
		assert_memory_equal(s->s, text, s->len);
	}
}

static void
test_tokens(void **state)
{
	const char *text = " {\"a\" : \"x\\ny\", \"b\":[1.5e3, true,false,null,{}], \"\":-7}  z";
	struct lf_scan s;

	(void)state;
	lf_scan_init(&s, text, strlen(text));
	expect(&s, LF_TOKEN_OBJECT, NULL);
	assert_int_equal(s.at, 1);
	expect(&s, LF_TOKEN_KEY, "a");
	assert_false(s.escaped);
	assert_int_equal(s.at, 2);
	expect(&s, LF_TOKEN_STRING, "x\\ny");
	assert_true(s.escaped);
	assert_int_equal(s.at, 8);
	expect(&s, LF_TOKEN_KEY, "b");
	expect(&s, LF_TOKEN_ARRAY, NULL);
	assert_int_equal(s.depth, 2);
	expect(&s, LF_TOKEN_NUMBER, "1.5e3");
	expect(&s, LF_TOKEN_TRUE, NULL);
	expect(&s, LF_TOKEN_FALSE, NULL);
	expect(&s, LF_TOKEN_NULL, NULL);
	expect(&s, LF_TOKEN_OBJECT, NULL);
	expect(&s, LF_TOKEN_OBJECT_END, NULL);
	expect(&s, LF_TOKEN_ARRAY_END, NULL);
	expect(&s, LF_TOKEN_KEY, "");
	expect(&s, LF_TOKEN_NUMBER, "-7");
	expect(&s, LF_TOKEN_OBJECT_END, NULL);
	expect(&s, LF_TOKEN_END, NULL);
	expect(&s, LF_TOKEN_END, NULL);
	assert_false(lf_scan_at_end(&s));
	assert_int_equal(s.at, strlen(text) - 1);
}

static void
test_skip_parts(void **state)
{
	const char *text = "{\"a\":{\"x\":[1,{\"y\":2}]},\"b\":[],\"c\":3,\"d\":{}}";
	struct lf_scan s;
	enum lf_token t;
	int n = 0;

	(void)state;
	lf_scan_init(&s, text, strlen(text));
	expect(&s, LF_TOKEN_OBJECT, NULL);
	while ((t = lf_scan_next(&s)) == LF_TOKEN_KEY) {
		assert_int_equal(*s.s, 'a' + n++);
		assert_true(lf_scan_skip(&s, lf_scan_next(&s)));
		assert_int_equal(s.depth, 1);
	}
	assert_int_equal(t, LF_TOKEN_OBJECT_END);
	assert_int_equal(n, 4);
	assert_ptr_equal(s.p, s.end);
}

static void
test_again(void **state)
{
	const char *text = "{\"a\":1}\n[2] \"x\"3";
	struct lf_scan s;

	(void)state;
	lf_scan_init(&s, text, strlen(text));
	lf_scan_again(&s);
	for (int i = 0; i < 4; i++) {
		assert_true(lf_scan_skip(&s, lf_scan_next(&s)));
		expect(&s, LF_TOKEN_END, NULL);
		assert_int_equal(lf_scan_at_end(&s), i == 3);
		lf_scan_again(&s);
	}
	expect(&s, LF_TOKEN_ERROR, NULL);
	lf_scan_again(&s);
	expect(&s, LF_TOKEN_ERROR, NULL);
}

/* ---- Strings at every block boundary ---- */

/* Scans a string of length len that starts behind offset blanks, in a text without a byte to spare. */
static void
one_string(size_t offset, size_t len, size_t map)
{
	static const struct {
		const char *piece;
		bool ok;
	} pieces[] = {{"\\\"", true}, {"\\u0041", true}, {"\xc3\xa9", true}, {"\x1f", false}, {"\xff", false},
	    {"\\q", false}, {"\"", false}};
	size_t total = offset + len + 2, n;
	char *text = malloc(total);
	struct lf_scan s;

	assert_non_null(text);
	memset(text, ' ', offset);
	memset(text + offset, 'a', len + 2);
	text[offset] = text[total - 1] = '"';
	lf_scan_init(&s, text, total);
	s.map = lf_scan_map_at(map);
	assert_int_equal(lf_scan_next(&s), LF_TOKEN_STRING);
	assert_ptr_equal(s.s, text + offset + 1);
	assert_int_equal(s.len, len);
	assert_false(s.escaped);
	for (size_t k = 0; k < sizeof(pieces) / sizeof(pieces[0]); k++) {
		n = strlen(pieces[k].piece);
		for (size_t at = 0; at + n <= len; at += 1 + len / 16) {
			memcpy(text + offset + 1 + at, pieces[k].piece, n);
			lf_scan_init(&s, text, total);
			s.map = lf_scan_map_at(map);
			if ((lf_scan_next(&s) == LF_TOKEN_STRING && lf_scan_at_end(&s)) != pieces[k].ok)
				fail_msg("offset %zu, length %zu, piece %zu at %zu", offset, len, k, at);
			memset(text + offset + 1 + at, 'a', n);
		}
	}
	free(text);
}

static void
test_boundaries(void **state)
{
	(void)state;
	for (size_t m = 0; m < N_MAPS; m++)
		for (size_t offset = 0; lf_scan_map_at(m) != NULL && offset <= 64; offset++)
			for (size_t len = 0; len <= 100; len++)
				one_string(offset, len, m);
}

/* The edges of what is mapped in one go. */
static void
test_map_edges(void **state)
{
	const size_t max = 2 * LF_SCAN_MAP + 200;
	char *text = malloc(max + 2);
	size_t at;

	(void)state;
	assert_non_null(text);
	for (size_t len = LF_SCAN_MAP - 70; len <= max; len += len % LF_SCAN_MAP == 80 ? LF_SCAN_MAP - 160 : 1) {
		memset(text, 'a', len + 2);
		text[0] = text[len + 1] = '"';
		assert_true(verdict(text, len + 2));
		assert_false(verdict(text, len + 1));
		for (at = len - 3; at + 2 <= len; at++) {
			memcpy(text + 1 + at, "\\n", 2);
			assert_true(verdict(text, len + 2));
			memcpy(text + 1 + at, "aa", 2);
		}
	}
	free(text);
}

static void
test_maps_agree(void **state)
{
	unsigned char q[N_MAPS][16], o[N_MAPS][16];
	uint64_t seed = 88172645463325252ULL;
	char block[2 * BLOCK];

	(void)state;
	for (int round = 0; round < 20000; round++) {
		for (size_t i = 0; i < sizeof(block); i++)
			block[i] = (char)(next_random(&seed) >> (round % 2 ? 20 : 57));
		for (size_t i = 0; i < sizeof(block) && round % 3 == 0; i += 1 + next_random(&seed) % 9)
			block[i] = "\"\\\x1f \x80\x7f\xff\t!"[next_random(&seed) % 9];
		for (size_t m = 0; m < N_MAPS; m++) {
			if (lf_scan_map_at(m) != NULL)
				lf_scan_map_at(m)(block, 2, q[m], o[m]);
			assert_true(lf_scan_map_at(m) == NULL || (memcmp(q[0], q[m], 16) == 0 && memcmp(o[0], o[m], 16) == 0));
		}
		for (size_t i = 0; i < sizeof(block); i++) {
			unsigned char c = (unsigned char)block[i];
			assert_int_equal(q[0][i / 8] >> (i % 8) & 1, c == '"');
			assert_int_equal(o[0][i / 8] >> (i % 8) & 1, c == '\\' || c < 0x20 || c >= 0x80);
		}
	}
}

static void
test_random_text(void **state)
{
	static const char *const pieces[] = {"\"", "\"", "\"", "\\", "{", "}", "[", "]", ":", ",", ",", "\"a\"", "\"key\":",
	    "1", "-2.5e1", "true", "null", " ", "\n", "\xc3\xa9", "\xff", "\\u00e9", "\\\"", "abcdefghijklmnopqrstuvwxyz",
	    "{\"a\":", "[1,", "\x01"};
	uint64_t seed = 1234567;
	char text[4096];
	size_t accepted = 0;

	(void)state;
	for (int round = 0; round < 30000; round++) {
		size_t len = 0, n = next_random(&seed) % (round % 10 == 0 ? 150 : 12);
		char *copy;

		for (size_t i = 0; i < n; i++) {
			const char *p = pieces[next_random(&seed) % (sizeof(pieces) / sizeof(pieces[0]))];
			memcpy(text + len, p, strlen(p));
			len += strlen(p);
		}
		copy = bytes_exact(text, len);
		accepted += verdict(copy, len);
		free(copy);
	}
	assert_true(accepted > 100);
}

/* ---- jansson as the other opinion ---- */

/* Puts v into the container on top under key, or makes it the root. */
static void
attach(json_t **stack, size_t depth, const char *key, size_t key_len, json_t *v, json_t **root)
{
	assert_non_null(v);
	if (depth == 0)
		*root = v;
	else if (json_is_object(stack[depth - 1]))
		assert_int_equal(json_object_setn_new(stack[depth - 1], key, key_len, v), 0);
	else
		assert_int_equal(json_array_append_new(stack[depth - 1], v), 0);
}

static json_t *
scalar(const struct lf_scan *s, enum lf_token t, struct lf_buf *buf)
{
	char number[64];

	switch (t) {
	case LF_TOKEN_STRING:
		lf_buf_reset(buf);
		lf_scan_unescape(s->s, s->len, buf);
		return json_stringn(lf_buf_str(buf), buf->len);
	case LF_TOKEN_NUMBER:
		assert_true(s->len < sizeof(number));
		memcpy(number, s->s, s->len);
		number[s->len] = '\0';
		return strpbrk(number, ".eE") != NULL ? json_real(strtod(number, NULL))
						      : json_integer(strtoll(number, NULL, 10));
	case LF_TOKEN_TRUE:
		return json_true();
	case LF_TOKEN_FALSE:
		return json_false();
	default:
		return json_null();
	}
}

/* Builds the value from our tokens: what jansson builds must be the same. */
static json_t *
build(const char *text, size_t len)
{
	json_t *stack[LF_MAX_JSON_DEPTH], *root = NULL, *v;
	struct lf_buf key, buf;
	struct lf_scan s;
	enum lf_token t;

	lf_buf_init(&key);
	lf_buf_init(&buf);
	lf_scan_init(&s, text, len);
	while ((t = lf_scan_next(&s)) > LF_TOKEN_END) {
		if (t == LF_TOKEN_KEY) {
			lf_buf_reset(&key);
			lf_scan_unescape(s.s, s.len, &key);
			assert_true(lf_scan_is(&s, lf_buf_str(&key)));
		} else if (t == LF_TOKEN_OBJECT || t == LF_TOKEN_ARRAY) {
			v = t == LF_TOKEN_OBJECT ? json_object() : json_array();
			attach(stack, s.depth - 1, lf_buf_str(&key), key.len, v, &root);
			stack[s.depth - 1] = v;
		} else if (t != LF_TOKEN_OBJECT_END && t != LF_TOKEN_ARRAY_END) {
			attach(stack, s.depth, lf_buf_str(&key), key.len, scalar(&s, t, &buf), &root);
		}
	}
	lf_buf_free(&key);
	lf_buf_free(&buf);
	assert_int_equal(t, LF_TOKEN_END);
	return root;
}

static bool
mentions(const char *text, size_t len, const char *what)
{
	return memmem(text, len, what, strlen(what)) != NULL;
}

/*
 * Accepting and refusing are the same but for: lone surrogates, which RFC 8259 section 8.2 lets pass; numbers beyond
 * jansson's range; a byte-order mark; U+0000 in a name.
 */
static bool
compare(const char *text, size_t len, bool deep)
{
	json_error_t e;
	json_t *theirs = json_loadb(text, len, JSON_ALLOW_NUL | JSON_DECODE_ANY, &e), *ours;
	bool ok = verdict(text, len);

	if (theirs == NULL && ok) {
		assert_true(json_error_code(&e) == json_error_numeric_overflow ||
		    json_error_code(&e) == json_error_null_byte_in_key || mentions(text, len, "\\ud") ||
		    mentions(text, len, "\\uD") || (len > 2 && memcmp(text, "\xef\xbb\xbf", 3) == 0));
		return ok;
	}
	if (!ok && theirs != NULL)
		fail_msg("refused, and jansson accepts: %.*s", (int)len, text);
	if (ok && deep) {
		ours = build(text, len);
		assert_true(json_equal(ours, theirs));
		json_decref(ours);
	}
	json_decref(theirs);
	return ok;
}

static size_t files_seen, files_valid;

static int
visit(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	size_t len;
	char *text;

	(void)st;
	(void)ftw;
	if (type != FTW_F)
		return 0;
	text = bytes_of_file(path, &len);
	assert_non_null(text);
	files_seen++;
	files_valid += compare(text, len, true);
	free(text);
	return 0;
}

static void
test_real_files(void **state)
{
	const char *root = getenv("SHARED_DATA");

	(void)state;
	if (root == NULL || *root == '\0' || nftw(root, visit, 16, FTW_PHYS) != 0)
		skip();
	assert_true(files_valid > 100);
	assert_true(files_seen > files_valid);
}

/* Every byte replaced by others, and every truncation.  text ends in its last token. */
static void
mutate(const char *text, size_t len, int variants)
{
	static const char swaps[] = "\"\\{}[]:,0-. e\n\x01\x80\xe2";
	uint64_t seed = 42;

	for (size_t i = 0; i < len; i++) {
		char *copy = bytes_exact(text, len);

		for (int k = 0; k < variants; k++) {
			copy[i] = k % 2 ? (char)next_random(&seed) : swaps[next_random(&seed) % (sizeof(swaps) - 1)];
			compare(copy, len, false);
		}
		free(copy);
		copy = bytes_exact(text, i);
		assert_false(compare(copy, i, false));
		free(copy);
	}
}

static void
test_mutated_log(void **state)
{
	size_t len;
	char *text =
	    bytes_shared("invictus-stratus-logs/218007301253_CloudTrail_us-east-1_20230710T1150Z_1vnLavRRp0ek1mP4.json", &len);

	(void)state;
	if (text == NULL)
		skip();
	assert_true(compare(text, len, true));
	while (text[len - 1] == '\n')
		len--;
	mutate(text, len, 20);
	free(text);
}

static void
test_mutated_features(void **state)
{
	static const char text[] = "{\"k\":[0,-1,2.5,1e9,-3.25E-2,true,false,null,[],{},\"\"],\"\\u00e9\\\"\\\\\\/\":"
	    "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80 \\b\\f\\n\\r\\t \\u20ac plain text that is longer than one block of 64 "
	    "bytes, so that its end lies in the next\" , \"n\" : { \"m\" : [ [ 1 , 2 ] , { \"o\" : \"p\" } ] } }";

	(void)state;
	assert_true(compare(text, sizeof(text) - 1, true));
	mutate(text, sizeof(text) - 1, 60);
}

/* ---- What strings say ---- */

static void
test_unescape(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {{"", ""}, {"plain", "plain"}, {"a\\/b\\/", "a/b/"}, {"\\\"\\\\\\b\\f\\n\\r\\t", "\"\\\b\f\n\r\t"},
	    {"\\u0041\\u00e9\\u20ac", "A\xc3\xa9\xe2\x82\xac"}, {"\\uD83D\\uDE00!", "\xf0\x9f\x98\x80!"},
	    {"\\ud83d", "\xef\xbf\xbd"}, {"\\ud83dx", "\xef\xbf\xbdx"}, {"\\ude00\\ud83d", "\xef\xbf\xbd\xef\xbf\xbd"},
	    {"\\ud83d\\u0041", "\xef\xbf\xbd""A"}, {"\\ud83d\\ud83d\\ude00", "\xef\xbf\xbd\xf0\x9f\x98\x80"},
	    {"\\ud83d\\n", "\xef\xbf\xbd\n"}, {"bad\\", "bad\\"}, {"\\q\\u12", "\\q\\u12"}};
	struct lf_buf buf;

	(void)state;
	lf_buf_init(&buf);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *in = bytes_exact(cases[i].in, strlen(cases[i].in));

		lf_buf_reset(&buf);
		lf_scan_unescape(in, strlen(cases[i].in), &buf);
		assert_string_equal(lf_buf_str(&buf), cases[i].out);
		assert_int_equal(buf.len, strlen(cases[i].out));
		free(in);
	}
	lf_buf_reset(&buf);
	lf_scan_unescape("a\\u0000b", 8, &buf);
	assert_int_equal(buf.len, 3);
	assert_memory_equal(lf_buf_str(&buf), "a\0b", 3);
	lf_buf_free(&buf);
}

static void
test_which(void **state)
{
	static const struct lf_scan_name names[] = {LF_SCAN_NAME("eventTime"), LF_SCAN_NAME("eventName"),
	    LF_SCAN_NAME("id"), LF_SCAN_NAME("a\xc3\xa9""b"), LF_SCAN_NAME("")};
	static const struct {
		const char *text;
		size_t which;
	} cases[] = {{"\"eventTime\"", 0}, {"\"eventName\"", 1}, {"\"eventType\"", 5}, {"\"id\"", 2}, {"\"i\"", 5},
	    {"\"ids\"", 5}, {"\"event\\u0054ime\"", 0}, {"\"\\u0069\\u0064\"", 2}, {"\"a\\u00e9b\"", 3},
	    {"\"a\xc3\xa9""b\"", 3}, {"\"\"", 4}, {"\"eventTime\\u0000\"", 5}, {"\"\\u0069\"", 5}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lf_scan s;

		lf_scan_init(&s, cases[i].text, strlen(cases[i].text));
		assert_int_equal(lf_scan_next(&s), LF_TOKEN_STRING);
		assert_int_equal(lf_scan_which(&s, names, 5), cases[i].which);
		for (size_t k = 0; k < 5; k++)
			assert_int_equal(lf_scan_is(&s, names[k].s), k == cases[i].which);
	}
}

static void
test_glance(void **state)
{
	static const struct lf_scan_name names[] = {LF_SCAN_NAME("a"), LF_SCAN_NAME("b"), LF_SCAN_NAME("c")};
	size_t len = (size_t)200 << 10;
	char *big = malloc(len);

	(void)state;
	assert_non_null(big);
	assert_int_equal(lf_scan_glance("{\"a\":{\"b\":1},\"c\":[2]}", 21, names, 3), 5);
	assert_int_equal(lf_scan_glance("[{\"b\":1},{\"a\":1}]", 17, names, 3), 2);
	assert_int_equal(lf_scan_glance("{\"a\":{\"b\":", 10, names, 3), 1);
	assert_int_equal(lf_scan_glance("[[{\"a\":1}]]", 11, names, 3), 0);
	assert_int_equal(lf_scan_glance("7", 1, names, 3), 0);
	assert_int_equal(lf_scan_glance("", 0, names, 3), 0);
	memset(big, ' ', len);
	memcpy(big, "{\"a\":\"", 6);
	memcpy(big + len - 8, "\",\"b\":1}", 8);
	assert_int_equal(lf_scan_glance(big, len, names, 3), 1);
	free(big);
}

/* Takes the members of objects in both ways, side by side, going down into every object; stops where an array begins. */
static void
same_members(const char *text, size_t len)
{
	struct lf_scan_member m;
	struct lf_scan a, b;
	enum lf_token token, other;
	unsigned open = 1;

	lf_scan_init(&a, text, len);
	lf_scan_init(&b, text, len);
	if (lf_scan_next(&a) != LF_TOKEN_OBJECT || lf_scan_next(&b) != LF_TOKEN_OBJECT)
		return;
	while (open > 0) {
		token = lf_scan_member(&a, &m);
		other = lf_scan_next(&b);
		assert_int_equal(m.name.s != NULL, other == LF_TOKEN_KEY);
		if (other == LF_TOKEN_KEY) {
			assert_true(m.name.s == b.s && m.name.len == b.len && m.escaped == b.escaped);
			other = lf_scan_next(&b);
		}
		assert_int_equal(token, other);
		assert_int_equal(a.at, b.at);
		assert_int_equal(a.loose, b.loose);
		assert_true(a.p == b.p && a.problem == b.problem && a.depth == b.depth);
		if (token == LF_TOKEN_STRING || token == LF_TOKEN_NUMBER)
			assert_true(a.s == b.s && a.len == b.len);
		if (token == LF_TOKEN_STRING)
			assert_int_equal(a.escaped, b.escaped);
		if (token == LF_TOKEN_ERROR || token == LF_TOKEN_ARRAY)
			return;
		open += token == LF_TOKEN_OBJECT;
		open -= token == LF_TOKEN_OBJECT_END;
	}
	assert_int_equal(lf_scan_next(&a), LF_TOKEN_END);
}

/* Whole, cut at each byte, and with each byte another one. */
static void
test_members(void **state)
{
	static const char text[] = "{\"a\":\"b\",\"\":{},\"c\" : 1 ,\n\"\\u0064\":{\"e\":\"\\\"\",\"f\":{\"g\":null}}, \"h\":true,"
	    "\"i\":\"\xc3\xa9\",\"j\":-0.5e1,\"long name of a member\":\"and its value, which is longer than a word of the map\" ,\"k\":[1]}";
	static const char others[] = "{}[]\",: \\\n1x\x01\xff";

	(void)state;
	for (size_t len = 0; len <= sizeof(text) - 1; len++) {
		char *copy = bytes_exact(text, len);

		same_members(copy, len);
		for (size_t i = 0; len > 0 && i < sizeof(others) - 1; i++) {
			copy[len - 1] = others[i];
			same_members(copy, len);
		}
		free(copy);
		copy = bytes_exact(text, sizeof(text) - 1);
		for (size_t i = 0; len > 0 && i < sizeof(others) - 1; i++) {
			copy[len - 1] = others[i];
			same_members(copy, sizeof(text) - 1);
		}
		free(copy);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_valid), cmocka_unit_test(test_invalid),
	    cmocka_unit_test(test_nul), cmocka_unit_test(test_depth), cmocka_unit_test(test_tokens),
	    cmocka_unit_test(test_skip_parts), cmocka_unit_test(test_again), cmocka_unit_test(test_boundaries),
	    cmocka_unit_test(test_map_edges), cmocka_unit_test(test_maps_agree), cmocka_unit_test(test_random_text),
	    cmocka_unit_test(test_real_files), cmocka_unit_test(test_mutated_log),
	    cmocka_unit_test(test_mutated_features), cmocka_unit_test(test_unescape), cmocka_unit_test(test_which),
	    cmocka_unit_test(test_glance), cmocka_unit_test(test_members)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
