/* Errors, buffers, arenas, lists, the index, JSON in and out; and all of base when memory runs out.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/base64.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/index.h"
#include "base/json.h"
#include "base/jsonw.h"
#include "base/list.h"
#include "base/pool.h"
#include "base/rsa.h"
#include "base/text.h"
#include "chaos.h"
#include "scratch.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A small generator of our own: the same numbers everywhere. */
/* ---- err ---- */

static void
test_err(void **state)
{
	struct lf_err err;
	char longest[1000];

	(void)state;
	assert_int_equal(lf_err_set(&err, "%s is %d", "x", 5), -1);
	assert_string_equal(err.msg, "x is 5");
	assert_int_equal(lf_err_set(&err, "outer: %s", err.msg), -1);
	assert_string_equal(err.msg, "outer: x is 5");

	errno = ENOENT;
	assert_int_equal(lf_err_sys(&err, "cannot open %s", "f"), -1);
	assert_string_equal(err.msg, "cannot open f: No such file or directory");
	assert_int_equal(lf_err_nomem(&err), -1);
	assert_string_equal(err.msg, "out of memory");

	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	errno = EIO;
	assert_int_equal(lf_err_sys(&err, "%s", longest), -1);
	assert_int_equal(strlen(err.msg), sizeof(err.msg) - 1);
}

/* ---- buf ---- */

static void
test_buf_append(void **state)
{
	struct lf_buf b;
	char expected[4000] = "";

	(void)state;
	lf_buf_init(&b);
	assert_null(b.data);
	assert_string_equal(lf_buf_str(&b), "");
	for (int i = 0; i < 300; i++) {
		lf_buf_printf(&b, "%d,", i);
		sprintf(expected + strlen(expected), "%d,", i);
		assert_int_equal(b.data[b.len], '\0');
	}
	assert_string_equal(lf_buf_str(&b), expected);
	assert_int_equal(b.len, strlen(expected));

	lf_buf_reset(&b);
	assert_string_equal(lf_buf_str(&b), "");
	lf_buf_add(&b, "a\0b", 3);
	lf_buf_putc(&b, 'c');
	lf_buf_puts(&b, "de");
	lf_buf_add(&b, NULL, 0);
	assert_int_equal(b.len, 6);
	assert_memory_equal(b.data, "a\0bcde", 7);
	lf_buf_free(&b);
	assert_null(b.data);
	lf_buf_puts(&b, "again");
	assert_string_equal(lf_buf_str(&b), "again");
	lf_buf_free(&b);
}

static void
test_buf_number(void **state)
{
	uint64_t n = 1, numbers[] = {0, 1, 9, 10, UINT32_MAX, INT64_MAX, UINT64_MAX};
	char want[32];
	struct lf_buf b;

	(void)state;
	lf_buf_init(&b);
	for (size_t i = 0; i < 20 + sizeof(numbers) / sizeof(numbers[0]); i++, n *= 10) {
		uint64_t x = i < 20 ? n - i % 2 : numbers[i - 20];

		snprintf(want, sizeof(want), "#%llu", (unsigned long long)x);
		lf_buf_reset(&b);
		lf_buf_putc(&b, '#');
		lf_buf_number(&b, x);
		assert_string_equal(lf_buf_str(&b), want);
	}
	lf_buf_free(&b);
}

/* Each length around the room that is left, so that the second formatting is met at its edges. */
static void
test_buf_printf_edges(void **state)
{
	struct lf_buf b;
	char text[400];

	(void)state;
	for (int before = 0; before < 140; before++) {
		for (int len = 0; len < 260; len++) {
			memset(text, 'x', (size_t)len);
			text[len] = '\0';
			lf_buf_init(&b);
			for (int i = 0; i < before; i++)
				lf_buf_putc(&b, '-');
			lf_buf_printf(&b, "%s", text);
			assert_int_equal(b.len, before + len);
			assert_string_equal(b.data + before, text);
			lf_buf_free(&b);
		}
	}
}

static void
test_buf_reserve(void **state)
{
	struct lf_buf b;
	char *at;

	(void)state;
	lf_buf_init(&b);
	lf_buf_puts(&b, "ab");
	at = lf_buf_reserve(&b, 1000);
	assert_ptr_equal(at, b.data + 2);
	assert_true(b.cap >= 1003);
	memset(at, 'z', 1000);
	at[1000] = '\0';
	b.len += 1000;
	lf_buf_puts(&b, "!");
	assert_int_equal(b.len, 1003);
	assert_int_equal(b.data[1002], '!');
	assert_int_equal(b.data[1001], 'z');
	lf_buf_free(&b);
	for (size_t extra = 0; extra < 300; extra++) {
		for (size_t len = 0; len < 70; len++) {
			lf_buf_add(&b, "0123456789", len % 10);
			assert_non_null(lf_buf_reserve(&b, extra));
			assert_true(b.cap - b.len > extra);
		}
		lf_buf_free(&b);
	}
}

static void
test_buf_sticky(void **state)
{
	struct lf_buf b;

	(void)state;
	lf_buf_init(&b);
	lf_buf_puts(&b, "kept");
	assert_null(lf_buf_reserve(&b, SIZE_MAX));
	assert_true(b.failed);
	assert_string_equal(lf_buf_str(&b), "kept"); /* len bytes, for whoever makes a slice of it before he looks */
	lf_buf_puts(&b, "lost");
	lf_buf_putc(&b, 'x');
	lf_buf_printf(&b, "%d", 1);
	assert_null(lf_buf_reserve(&b, 1));
	assert_int_equal(b.len, 4);
	assert_true(b.failed);
	lf_buf_reset(&b);
	assert_true(b.failed); /* else a loop that uses it again and again would lose what it lacks */
	lf_buf_free(&b);
	lf_buf_puts(&b, "anew");
	assert_string_equal(lf_buf_str(&b), "anew");
	assert_null(lf_buf_reserve(&b, SIZE_MAX - 4)); /* len + extra + NUL would wrap to 1 */
	lf_buf_free(&b);
	assert_false(b.failed);
}

/* ---- arena ---- */

struct piece {
	unsigned char *p;
	size_t len;
	unsigned char fill;
};

static void
test_arena_keeps_apart(void **state)
{
	static struct piece pieces[3000];
	struct lf_arena a;
	uint64_t seed = 1;

	(void)state;
	lf_arena_init(&a);
	for (size_t i = 0; i < COUNT(pieces); i++) {
		uint64_t r = scratch_random(&seed);
		struct piece *q = &pieces[i];
		q->len = (size_t)(r % 50 == 0 ? r / 64 % 3000000 : r / 64 % 700);
		q->fill = (unsigned char)(r >> 56);
		q->p = lf_arena_alloc(&a, q->len);
		assert_non_null(q->p);
		assert_int_equal((uintptr_t)q->p % 8, 0);
		memset(q->p, q->fill, q->len);
	}
	for (size_t i = 0; i < COUNT(pieces); i++)
		for (size_t k = 0; k < pieces[i].len; k += 97)
			assert_int_equal(pieces[i].p[k], pieces[i].fill);
	lf_arena_free(&a);
	assert_non_null(lf_arena_alloc(&a, 1));
	lf_arena_free(&a);
}

static void
test_arena_reset(void **state)
{
	struct lf_arena a;
	void *first, *large;

	(void)state;
	lf_arena_init(&a);
	first = lf_arena_alloc(&a, 0);
	assert_non_null(first);
	assert_ptr_not_equal(lf_arena_alloc(&a, 0), first);
	large = lf_arena_alloc(&a, (size_t)4 << 20); /* of its own, behind the first chunk */
	assert_non_null(large);
	assert_ptr_equal((char *)lf_arena_alloc(&a, 8), (char *)first + 16);
	lf_arena_reset(&a);
	assert_ptr_equal(lf_arena_alloc(&a, 100), first);
	assert_null(lf_arena_alloc(&a, SIZE_MAX));
	assert_null(lf_arena_alloc(&a, SIZE_MAX - 8));
	assert_null(lf_arena_strndup(&a, "x", SIZE_MAX));
	lf_arena_free(&a);
	lf_arena_free(&a);
	lf_arena_reset(&a);
}

static void
test_arena_strings(void **state)
{
	struct lf_arena a;
	char *s;

	(void)state;
	lf_arena_init(&a);
	s = lf_arena_strdup(&a, "hello");
	assert_string_equal(s, "hello");
	assert_memory_equal(lf_arena_strndup(&a, "a\0b", 3), "a\0b", 4);
	assert_string_equal(lf_arena_strndup(&a, "abcdef", 2), "ab");
	assert_string_equal(lf_arena_strndup(&a, NULL, 0), "");
	assert_string_equal(s, "hello");
	lf_arena_free(&a);
}

/* ---- list ---- */

static void
check_list(size_t size, uint32_t n)
{
	unsigned char **seen = calloc(n, sizeof(*seen)), zero[64] = {0};
	struct lf_list l;

	assert_non_null(seen);
	lf_list_init(&l, size);
	for (uint32_t i = 0; i < n; i++) {
		seen[i] = lf_list_push(&l);
		assert_non_null(seen[i]);
		assert_memory_equal(seen[i], zero, size);
		memset(seen[i], (int)(i % 251), size);
	}
	assert_int_equal(l.n, n);
	assert_int_equal(l.n_chunks, (n + LF_LIST_CHUNK - 1) / LF_LIST_CHUNK);
	for (uint32_t i = 0; i < n; i++) {
		assert_ptr_equal(lf_list_at(&l, i), seen[i]);
		assert_int_equal(seen[i][0], i % 251);
		assert_int_equal(seen[i][size - 1], i % 251);
	}
	lf_list_free(&l);
	assert_int_equal(l.n, 0);
	assert_non_null(lf_list_push(&l));
	lf_list_free(&l);
	free(seen);
}

static void
test_list(void **state)
{
	struct lf_list l;

	(void)state;
	check_list(1, 5000);
	check_list(24, 200000);
	check_list(64, LF_LIST_CHUNK);
	check_list(8, LF_LIST_CHUNK + 1);
	lf_list_init(&l, 4);
	assert_non_null(lf_list_push(&l));
	l.n = UINT32_MAX - 1;
	assert_null(lf_list_push(&l));
	assert_int_equal(l.n, UINT32_MAX - 1);
	lf_list_free(&l);
}

/* ---- index ---- */

static void
test_index_million(void **state)
{
	enum { N = 1000000 };
	struct lf_index x;
	uint64_t seed = 7, strangers = 0, hash;
	uint32_t found;
	size_t cursor;

	(void)state;
	lf_index_init(&x);
	cursor = 0;
	assert_int_equal(lf_index_next(&x, 5, &cursor), LF_INDEX_END);
	for (uint32_t i = 0; i < N; i++)
		assert_int_equal(lf_index_add(&x, scratch_random(&seed), i), 0);
	assert_int_equal(x.n, N);
	assert_true(x.cap <= 2 * 1024 * 1024);
	seed = 7;
	for (uint32_t i = 0; i < N; i++) {
		hash = scratch_random(&seed);
		cursor = 0;
		while ((found = lf_index_next(&x, hash, &cursor)) != i) {
			assert_int_not_equal(found, LF_INDEX_END);
			strangers++;
		}
	}
	for (uint32_t i = 0; i < N; i++) {
		cursor = 0;
		while (lf_index_next(&x, scratch_random(&seed), &cursor) != LF_INDEX_END)
			strangers++;
	}
	assert_true(strangers < 2000); /* 2 * N * N / 2^32 = 466 are to be expected */
	lf_index_free(&x);
	assert_int_equal(x.cap, 0);
}

/* Groups of equal hashes, mixed, in tables of many sizes: each group comes back in its order. */
static void
check_groups(uint64_t seed, uint32_t n, uint32_t groups)
{
	struct lf_index x;
	uint32_t found, expected;
	size_t cursor;

	lf_index_init(&x);
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(lf_index_add(&x, seed + (i % groups) * 0x100000001ULL, i), 0);
	for (uint32_t g = 0; g < groups; g++) {
		cursor = 0;
		expected = g;
		while ((found = lf_index_next(&x, seed + g * 0x100000001ULL, &cursor)) !=
		       LF_INDEX_END) {
			if (found % groups != g)
				continue;
			assert_int_equal(found, expected);
			expected += groups;
		}
		assert_true(expected >= n && expected < n + groups);
		assert_int_equal(
		    lf_index_next(&x, seed + g * 0x100000001ULL, &cursor), LF_INDEX_END);
	}
	lf_index_free(&x);
}

static void
test_index_order(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (int i = 0; i < 3000; i++)
		check_groups(scratch_random(&seed), 10 + (uint32_t)(i % 50), 1 + (uint32_t)(i % 7));
	check_groups(99, 5000, 1);
	check_groups(100, 60000, 3000);
}

/* A million values of one hash, and one of another between them: quadratic work would take hours. */
static void
test_index_one_hash(void **state)
{
	enum { N = 1000000 };
	struct lf_index x;
	size_t cursor = 0;

	(void)state;
	lf_index_init(&x);
	for (uint32_t i = 0; i < N; i++) {
		if (i == N / 2)
			assert_int_equal(lf_index_add(&x, 8, N), 0);
		assert_int_equal(lf_index_add(&x, 7, i), 0);
	}
	for (uint32_t i = 0; i < N; i++)
		assert_int_equal(lf_index_next(&x, 7, &cursor), i);
	assert_int_equal(lf_index_next(&x, 7, &cursor), LF_INDEX_END);
	cursor = 0;
	assert_int_equal(lf_index_next(&x, 8, &cursor), N);
	assert_int_equal(lf_index_next(&x, 8, &cursor), LF_INDEX_END);
	lf_index_free(&x);
}

/* Hashes that differ in their low or high bits only are no worse than others. */
static void
test_index_poor_hashes(void **state)
{
	struct lf_index x;
	size_t cursor;

	(void)state;
	for (unsigned shift = 0; shift < 64; shift += 16) {
		lf_index_init(&x);
		for (uint32_t i = 0; i < 60000; i++)
			assert_int_equal(lf_index_add(&x, (uint64_t)i << shift, i), 0);
		for (uint32_t i = 0; i < 60000; i++) {
			cursor = 0;
			while (lf_index_next(&x, (uint64_t)i << shift, &cursor) != i)
				assert_true(cursor < 2000);
		}
		lf_index_free(&x);
	}
}

static uint64_t
mixed(uint64_t h)
{
	h = (h ^ (h >> 33)) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ (h >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ (h >> 33);
}

/* The values of FNV-1a are those that its authors publish. */
static void
test_hash64(void **state)
{
	(void)state;
	assert_true(lf_index_hash("", 0) == mixed(UINT64_C(0xcbf29ce484222325)));
	assert_true(lf_index_hash("a", 1) == mixed(UINT64_C(0xaf63dc4c8601ec8c)));
	assert_true(lf_index_hash("foobar", 6) == mixed(UINT64_C(0x85944171f73967e8)));
	assert_true(lf_index_hash("\0", 1) != lf_index_hash("\0\0", 2));
}

/* ---- json ---- */

static void
refused(const char *text, size_t len, const char *why)
{
	struct lf_err err = {""};
	json_t *j = lf_json_read(text, len, NULL, &err);

	assert_null(j);
	assert_non_null(strstr(err.msg, why));
}

static void
test_json_strict(void **state)
{
	static const char escape[] = "{\"a\": \x1b[31mred}";
	char *deep = malloc(6000);
	struct lf_err err;
	json_t *j;

	(void)state;
	assert_non_null(deep);
	memset(deep, '[', 3000);
	memset(deep + 3000, ']', 3000);
	refused("{\"a\":1,\"a\":2}", 13, "duplicate");
	refused("{\"a\":{\"b\":1,\"b\":1}}", 19, "duplicate");
	refused("{} x", 4, "line 1, column");
	refused("{}{}", 4, "end of file");
	refused("{}\0{}", 5, "");
	refused("17\0", 3, "NUL behind the JSON value, at offset 2");
	refused("[17\0]", 5, "");
	refused("", 0, "");
	refused(NULL, 0, "");
	refused("  ", 2, "");
	refused("{\"a\":\"\xff\"}", 9, "decode byte");
	refused("[1,]", 4, "line 1");
	refused("[NaN]", 5, "");
	refused("[01]", 4, "");
	refused("{'a':1}", 7, "");
	refused("[1]\0", 4, "");
	refused(deep, 6000, "depth");
	refused(escape, sizeof(escape) - 1, "\\x1b");
	refused("{\n\n  oops", 9, "line 3");
	free(deep);

	j = lf_json_read(" 17 \n", 5, NULL, &err);
	assert_int_equal(json_integer_value(j), 17);
	json_decref(j);
}

static void
test_json_one_after_another(void **state)
{
	static const char text[] = "{\"a\":1}\n[2] {\"c\":\"}\"}rest";
	static const size_t ends[] = {7, 11, 21};
	struct lf_err err;
	size_t at = 0, used;
	json_t *j;

	(void)state;
	for (size_t i = 0; i < COUNT(ends); i++) {
		j = lf_json_read(text + at, sizeof(text) - 1 - at, &used, &err);
		assert_non_null(j);
		json_decref(j);
		at += used;
		assert_int_equal(at, ends[i]);
	}
	used = 99;
	assert_null(lf_json_read(text + at, sizeof(text) - 1 - at, &used, &err));
	assert_int_equal(used, 99);
}

static void
test_json_members(void **state)
{
	static const char text[] =
	    "{\"b\":\"x\", \"SIGNATURE\":\"1\", \"n\":5, \"z\":\"a\\u0000b\","
	    "\"Signature\":\"2\", \"empty\":\"\"}";
	struct lf_err err;
	json_t *j = lf_json_read(text, sizeof(text) - 1, NULL, &err);

	(void)state;
	assert_non_null(j);
	assert_string_equal(lf_json_string(j, "b"), "x");
	assert_string_equal(lf_json_string(j, "empty"), "");
	assert_null(lf_json_string(j, "n"));
	assert_null(lf_json_string(j, "B"));
	assert_null(lf_json_string(j, "z")); /* as a C string it would be "a" */
	assert_int_equal(json_string_length(json_object_get(j, "z")), 3);
	assert_null(lf_json_string(NULL, "b"));
	assert_null(lf_json_string(json_object_get(j, "n"), "b"));
	assert_string_equal(json_string_value(lf_json_get_nocase(j, "Signature")), "2");
	assert_string_equal(json_string_value(lf_json_get_nocase(j, "signature")), "1");
	assert_string_equal(json_string_value(lf_json_get_nocase(j, "B")), "x");
	assert_null(lf_json_get_nocase(j, "signatur"));
	assert_null(lf_json_get_nocase(j, "signaturex"));
	assert_null(lf_json_get_nocase(NULL, "b"));
	json_decref(j);
}

/* ---- jsonw ---- */

struct sink {
	struct lf_buf text;
	unsigned calls, fail_at; /* fail_at: the call that fails, from 1 */
	int error;
};

static int
take_bytes(void *arg, const void *bytes, size_t len)
{
	struct sink *s = arg;

	if (++s->calls == s->fail_at) {
		errno = s->error;
		return -1;
	}
	lf_buf_add(&s->text, bytes, len);
	return 0;
}

static void
test_jsonw_layout(void **state)
{
	static const char expected[] = "{\n  \"tool\": \"x\",\n  \"none\": null,\n  \"list\": [\n  "
				       "  1,\n    -9223372036854775808\n  ],\n"
				       "  \"flat\": {\"a\": true, \"b\": [false, {}, [1, 2]], "
				       "\"c\": null},\n  \"empty\": [],\n"
				       "  \"nothing\": {},\n  \"deep\": [\n    {\n      \"t\": "
				       "\"1970-01-01T00:00:00Z\"\n    },\n    {}\n"
				       "  ],\n  \"pair\": [1, 2]\n}\n";
	struct sink s = {.fail_at = 0};
	struct lf_jsonw w;
	struct lf_err err;

	(void)state;
	lf_jsonw_init(&w, take_bytes, &s);
	lf_jsonw_object(&w, NULL);
	lf_jsonw_string(&w, "tool", "x");
	lf_jsonw_string(&w, "none", NULL);
	lf_jsonw_array(&w, "list");
	lf_jsonw_int(&w, NULL, 1);
	lf_jsonw_int(&w, NULL, INT64_MIN);
	lf_jsonw_end(&w);
	lf_jsonw_object_flat(&w, "flat");
	lf_jsonw_bool(&w, "a", true);
	lf_jsonw_array(&w, "b");
	lf_jsonw_bool(&w, NULL, false);
	lf_jsonw_object(&w, NULL);
	lf_jsonw_end(&w);
	lf_jsonw_array(&w, NULL);
	lf_jsonw_int(&w, NULL, 1);
	lf_jsonw_int(&w, NULL, 2);
	lf_jsonw_end(&w);
	lf_jsonw_end(&w);
	lf_jsonw_null(&w, "c");
	lf_jsonw_end(&w);
	lf_jsonw_array(&w, "empty");
	lf_jsonw_end(&w);
	lf_jsonw_object(&w, "nothing");
	lf_jsonw_end(&w);
	lf_jsonw_array(&w, "deep");
	lf_jsonw_object(&w, NULL);
	lf_jsonw_time(&w, "t", 0);
	lf_jsonw_end(&w);
	lf_jsonw_object(&w, NULL);
	lf_jsonw_end(&w);
	lf_jsonw_end(&w);
	lf_jsonw_array_flat(&w, "pair");
	lf_jsonw_int(&w, NULL, 1);
	lf_jsonw_int(&w, NULL, 2);
	lf_jsonw_end(&w);
	lf_jsonw_end(&w);
	assert_int_equal(lf_jsonw_finish(&w, &err), 0);
	assert_string_equal(lf_buf_str(&s.text), expected);
	assert_int_equal(s.calls, 1);
	lf_buf_free(&s.text);
}

/* Every byte, as a value and as a name: what jansson reads back is what was written. */
static void
test_jsonw_hostile(void **state)
{
	struct sink s = {.fail_at = 0};
	struct lf_jsonw w;
	struct lf_err err;
	char name[8], value[3], expected[16];
	const json_t *v;
	json_t *j;

	(void)state;
	lf_jsonw_init(&w, take_bytes, &s);
	lf_jsonw_object(&w, NULL);
	for (int c = 1; c < 256; c++) {
		snprintf(name, sizeof(name), "k%c", c);
		value[0] = '<', value[1] = (char)(c - 1), value[2] = '>';
		lf_jsonw_bytes(&w, name, value, 3);
	}
	lf_jsonw_time(&w, "no", LF_TIME_NONE);
	lf_jsonw_end(&w);
	assert_int_equal(lf_jsonw_finish(&w, &err), 0);
	j = lf_json_read(s.text.data, s.text.len, NULL, &err);
	assert_non_null(j);
	assert_int_equal(json_object_size(j), 256);
	assert_true(json_is_null(json_object_get(j, "no")));
	for (int c = 1; c < 256; c++) {
		snprintf(name, sizeof(name), c < 0x80 ? "k%c" : "k\\x%02x", c);
		v = json_object_get(j, name);
		assert_non_null(v);
		snprintf(expected, sizeof(expected), c - 1 < 0x80 ? "<%c>" : "<\\x%02x>", c - 1);
		assert_int_equal(json_string_length(v), c - 1 < 0x80 ? 3 : 6);
		assert_memory_equal(json_string_value(v), expected, json_string_length(v));
	}
	json_decref(j);
	lf_buf_free(&s.text);
}

static void
write_many(struct lf_jsonw *w)
{
	lf_jsonw_array(w, NULL);
	for (int i = 0; i < 100000; i++)
		lf_jsonw_int(w, NULL, i);
	lf_jsonw_end(w);
}

static void
test_jsonw_streams(void **state)
{
	struct sink s = {.fail_at = 0};
	struct lf_jsonw w;
	struct lf_err err;
	json_t *j;

	(void)state;
	lf_jsonw_init(&w, take_bytes, &s);
	write_many(&w);
	assert_true(w.buf.cap <= 256 * 1024);
	assert_int_equal(lf_jsonw_finish(&w, &err), 0);
	assert_true(s.calls > 5);
	j = lf_json_read(s.text.data, s.text.len, NULL, &err);
	assert_int_equal(json_array_size(j), 100000);
	assert_int_equal(json_integer_value(json_array_get(j, 99999)), 99999);
	json_decref(j);
	lf_buf_free(&s.text);
}

static void
test_jsonw_failure(void **state)
{
	struct sink s = {.fail_at = 2, .error = ENOSPC}, quiet = {.fail_at = 1};
	struct lf_jsonw w;
	struct lf_err err;

	(void)state;
	lf_jsonw_init(&w, take_bytes, &s);
	write_many(&w);
	assert_int_equal(lf_jsonw_finish(&w, &err), -1);
	assert_non_null(strstr(err.msg, "No space left on device"));
	assert_int_equal(s.calls, 2); /* nothing is written behind a hole */
	lf_buf_free(&s.text);

	lf_jsonw_init(&w, take_bytes, &quiet);
	lf_jsonw_null(&w, NULL);
	assert_int_equal(lf_jsonw_finish(&w, &err), -1);
	assert_non_null(strstr(err.msg, strerror(EIO)));
	lf_buf_free(&quiet.text);
}

/* ---- Out of memory ---- */

/* Each step returns 0 when all went well and -1 when it met the failure and took it as one. */

static int
step_buf(void)
{
	struct lf_buf b;
	int rc;

	lf_buf_init(&b);
	for (int i = 0; i < 200; i++)
		lf_buf_printf(&b, "%d %s", i, "some words that take their room");
	lf_text_terminal(&b, "\x1b\xff", 2);
	lf_text_json(&b, "\x1b\xff", 2);
	lf_text_shell(&b, "\x1b\xff", 2);
	lf_base64_encode((const unsigned char *)"abc", 3, &b);
	rc = b.failed ? -1 : 0;
	if (b.failed && strlen(lf_buf_str(&b)) < b.len)
		rc = 1; /* len bytes are there */
	lf_buf_free(&b);
	return rc;
}

static int
step_arena(void)
{
	struct lf_arena a;
	int rc = 0;

	lf_arena_init(&a);
	for (size_t i = 0; i < 40; i++)
		if (lf_arena_alloc(&a, i * 500) == NULL || lf_arena_strdup(&a, "text") == NULL)
			rc = -1;
	lf_arena_reset(&a);
	if (lf_arena_alloc(&a, 2000) == NULL)
		rc = -1;
	lf_arena_free(&a);
	return rc;
}

static int
step_list(void)
{
	struct lf_list l;
	uint32_t pushed = 0;
	int rc = 0;

	lf_list_init(&l, 8);
	for (int i = 0; i < 6000; i++) {
		uint32_t *e = lf_list_push(&l);
		if (e == NULL)
			rc = -1;
		else
			*e = pushed++;
	}
	for (uint32_t i = 0; i < pushed; i++)
		if (*(uint32_t *)lf_list_at(&l, i) != i)
			rc = 1;
	lf_list_free(&l);
	return rc;
}

static int
step_index(void)
{
	struct lf_index x;
	size_t cursor;
	int rc = 0;

	lf_index_init(&x);
	for (uint32_t i = 0; i < 500; i++) {
		while (lf_index_add(&x, i, i) != 0)
			rc = -1;
		cursor = 0;
		if (lf_index_next(&x, i, &cursor) != i)
			rc = 1;
	}
	lf_index_free(&x);
	return rc;
}

static int
step_json(void)
{
	static const char text[] = "{\"a\":[1,2,{\"b\":\"a string of some length\"}]}";
	struct lf_err err = {""};
	json_t *j = lf_json_read(text, sizeof(text) - 1, NULL, &err);

	if (j == NULL)
		return err.msg[0] == '\0' ? 1 : -1;
	json_decref(j);
	return 0;
}

static int
count_bytes(void *arg, const void *bytes, size_t len)
{
	(void)bytes;
	*(size_t *)arg += len;
	return 0;
}

static int
step_jsonw(void)
{
	struct lf_err err = {""};
	size_t written = 0;
	struct lf_jsonw w;
	int rc;

	lf_jsonw_init(&w, count_bytes, &written);
	lf_jsonw_array(&w, NULL);
	for (int i = 0; i < 100; i++)
		lf_jsonw_string(&w, NULL, "a value of 24 characters");
	lf_jsonw_end(&w);
	rc = lf_jsonw_finish(&w, &err);
	if (rc == 0)
		return written == 3003 ? 0 : 1;
	return strstr(err.msg, strerror(ENOMEM)) == NULL ? 1 : rc;
}

static int
step_hash(void)
{
	unsigned char sum[LF_SHA256_LEN], md5[16];
	struct lf_err err = {""};
	struct lf_hash *h = lf_hash_new(&err);
	int rc = -1;

	if (h == NULL)
		return err.msg[0] == '\0' ? 1 : -1;
	if (lf_hash_bytes(h, "abc", 3, sum) == 0 && lf_md5("abc", 3, md5) == 0)
		rc = sum[0] == 0xba && md5[0] == 0x90 ? 0 : 1;
	lf_hash_free(h);
	return rc;
}

/* An RSA key of 1024 bits with the exponent 3: 02 81 81 00 f1 .. f1 and 02 01 03. */
static size_t
make_key(unsigned char der[160])
{
	static const unsigned char head[] = {0x30, 0x81, 0x87, 0x02, 0x81, 0x81, 0x00};
	static const unsigned char tail[] = {0x02, 0x01, 0x03};

	memcpy(der, head, sizeof(head));
	memset(der + sizeof(head), 0xf1, 128);
	memcpy(der + sizeof(head) + 128, tail, sizeof(tail));
	return sizeof(head) + 128 + sizeof(tail);
}

static int
step_rsa(void)
{
	unsigned char der[160], sig[128] = {0}, hash[LF_SHA256_LEN] = {0};
	struct lf_err err = {""};
	struct lf_rsa *k = lf_rsa_from_der(der, make_key(der), &err);
	struct lf_buf pem;
	int rc;

	if (k == NULL)
		return err.msg[0] == '\0' ? 1 : -1;
	lf_buf_init(&pem);
	rc = lf_rsa_to_pem(k, &pem);
	if (rc == 0 && strncmp(lf_buf_str(&pem), "-----BEGIN PUBLIC KEY-----\n", 27) != 0)
		rc = 1;
	if (lf_rsa_verify(k, hash, sig, sizeof(sig)) == 1)
		rc = 1;
	lf_buf_free(&pem);
	lf_rsa_free(k);
	return rc;
}

static int
take_three(void *arg, void *worker, struct lf_err *err)
{
	(void)worker;
	(void)err;
	return (*(int *)arg)++ < 3;
}

static int
make_nothing(void *arg, void *worker, void **product, struct lf_err *err)
{
	(void)arg;
	(void)worker;
	(void)err;
	*product = NULL;
	return 0;
}

static int
deliver_nothing(void *arg, void *product, struct lf_err *err)
{
	(void)arg;
	(void)product;
	(void)err;
	return 0;
}

static int
do_nothing(void *arg, unsigned thread, size_t i)
{
	(void)arg;
	(void)thread;
	(void)i;
	return 0;
}

static int
step_pool(void)
{
	void *workers[3] = {NULL};
	int taken = 0;
	struct lf_pipeline p = {.jobs = 3,
	    .workers = workers,
	    .take = take_three,
	    .work = make_nothing,
	    .deliver = deliver_nothing,
	    .arg = &taken};
	struct lf_err err = {""};
	int rc = lf_pipeline_run(&p, &err);

	if (rc == 0)
		rc = lf_parallel(3, 10, do_nothing, NULL, &err);
	return rc != 0 && err.msg[0] == '\0' ? 1 : rc;
}

/* OpenSSL, out of memory at some points, keeps a block or two for itself; that is no leak of ours.
 */
static void
fail_each_of_openssl(int (*step)(void))
{
	long before = chaos_live, n = 0;
	int rc;

	do {
		chaos_countdown = ++n;
		rc = step();
		assert_true(rc == 0 || rc == -1);
	} while (chaos_countdown == 0);
	chaos_countdown = 0;
	assert_int_equal(rc, 0);
	assert_true(n > 5);
	assert_true(chaos_live - before <= 4);
}

static void
test_out_of_memory(void **state)
{
	static int (*const steps[])(void) = {step_buf, step_arena, step_list, step_index, step_json,
	    step_jsonw, step_pool};

	(void)state;
	for (size_t i = 0; i < COUNT(steps); i++)
		assert_int_equal(steps[i](), 0);
	assert_int_equal(step_hash(), 0);
	assert_int_equal(step_rsa(), 0);
	if (!CHAOS)
		skip();
	for (size_t i = 0; i < COUNT(steps); i++)
		assert_true(chaos_run(steps[i]) > 1);
	fail_each_of_openssl(step_hash);
	fail_each_of_openssl(step_rsa);
	assert_int_equal(step_rsa(), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_err),
		cmocka_unit_test(test_buf_append),
		cmocka_unit_test(test_buf_number),
		cmocka_unit_test(test_buf_printf_edges),
		cmocka_unit_test(test_buf_reserve),
		cmocka_unit_test(test_buf_sticky),
		cmocka_unit_test(test_arena_keeps_apart),
		cmocka_unit_test(test_arena_reset),
		cmocka_unit_test(test_arena_strings),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_index_million),
		cmocka_unit_test(test_index_order),
		cmocka_unit_test(test_index_one_hash),
		cmocka_unit_test(test_index_poor_hashes),
		cmocka_unit_test(test_hash64),
		cmocka_unit_test(test_json_strict),
		cmocka_unit_test(test_json_one_after_another),
		cmocka_unit_test(test_json_members),
		cmocka_unit_test(test_jsonw_layout),
		cmocka_unit_test(test_jsonw_hostile),
		cmocka_unit_test(test_jsonw_streams),
		cmocka_unit_test(test_jsonw_failure),
		cmocka_unit_test(test_out_of_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
