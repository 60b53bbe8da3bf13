/* What is wrapped in a plain way: base64, and records of a master file table. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "carve/wrap.h"
#include "scratch.h"

static struct lf_view
view(const void *bytes, size_t len)
{
	return (struct lf_view){.size = len, .window = bytes, .len = len};
}

/* ---- base64 ---- */

static void
decodes(const char *text, size_t max, const char *content, size_t used)
{
	struct lf_view v = view(text, strlen(text));
	struct lf_buf out = {0};
	uint64_t end;

	assert_true(lf_wrap_base64(&v, 0, max, &out, &end));
	assert_string_equal(lf_buf_str(&out), content);
	assert_int_equal(end, used);
	lf_buf_free(&out);
	lf_view_free(&v);
}

static void
test_base64(void **state)
{
	(void)state;
	decodes("", 100, "", 0);
	decodes("Zm9vYmFy", 100, "foobar", 8);
	decodes("Zm9vYg==", 100, "foob", 6);
	decodes("Zm9vYmFyZm9vYmFy", 6, "foobar", 8);
	decodes("Zm9v\nYmFy\r\nIQ==\"", 100, "foobar!", 13);
	decodes("Zm9v\\nYmFy\\r\\nIQ", 100, "foobar!", 16);
	decodes("Zm9v\\\\nYmFy\"Zm9v", 100, "foobar", 11);
	decodes("Pz8\\/Pz8\\/", 100, "??\?\?\?\?", 10); /* "Pz8/": an escaped slash is one */
	decodes("Zm9v\\tYmFy", 100, "foo", 4);
	decodes("-m9v", 100, "", 0);
}

/* More than is looked at in one piece, with lines whose ends fall everywhere. */
static void
test_base64_long(void **state)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	enum { LINES = 3001 };
	char *text = malloc(LINES * 80 + 1), *p = text;
	struct lf_buf out = {0}, expect = {0};
	uint64_t seed = 5, end;
	struct lf_view v;

	(void)state;
	for (size_t line = 0; line < LINES; line++) {
		for (size_t i = 0; i < 76; i += 4) {
			uint32_t bits = (uint32_t)scratch_random(&seed) & 0xffffff;

			for (int k = 0; k < 4; k++)
				*p++ = digits[bits >> (18 - 6 * k) & 63];
			for (int k = 0; k < 3; k++)
				lf_buf_putc(&expect, (char)(bits >> (16 - 8 * k)));
		}
		memcpy(p, "\\r\\n", 4);
		p += 4;
	}
	*p = '"';
	v = view(text, (size_t)(p + 1 - text));
	assert_true(lf_wrap_base64(&v, 0, SIZE_MAX, &out, &end));
	assert_int_equal(end, p - text);
	assert_int_equal(out.len, expect.len);
	assert_memory_equal(out.data, expect.data, expect.len);
	lf_buf_free(&out);
	lf_buf_free(&expect);
	free(text);
}

/* ---- NTFS ---- */

#define SEQUENCE 0x30

/* A record of so many sectors that says count; its bytes are their places. */
static void
make_record(unsigned char *b, size_t sectors, unsigned count)
{
	for (size_t i = 0; i < sectors * LF_SECTOR; i++)
		b[i] = (unsigned char)(i * 7 + i / 256);
	memcpy(b, "FILE", 4);
	b[4] = SEQUENCE;
	b[5] = b[7] = 0;
	b[6] = (unsigned char)count;
	b[SEQUENCE] = 0xab;
	b[SEQUENCE + 1] = 0xcd;
	for (size_t i = 1; i <= sectors; i++) {
		memcpy(b + SEQUENCE + 2 * i, b + i * LF_SECTOR - 2, 2);
		memcpy(b + i * LF_SECTOR - 2, b + SEQUENCE, 2);
	}
}

static void
test_ntfs(void **state)
{
	unsigned char b[4 * LF_SECTOR];
	struct lf_view v = view(b, sizeof(b));
	struct lf_buf out = {0};
	bool fits;

	(void)state;
	make_record(b, 2, 3);
	assert_true(lf_wrap_ntfs(&v, 0, &out, &fits));
	assert_true(fits);
	assert_int_equal(out.len, 2 * LF_SECTOR);
	for (size_t i = SEQUENCE + 6; i < out.len; i++)
		assert_int_equal((unsigned char)out.data[i], (unsigned char)(i * 7 + i / 256));
	b[2 * LF_SECTOR - 1] ^= 1; /* a torn write */
	assert_true(lf_wrap_ntfs(&v, 0, &out, &fits));
	assert_false(fits);
	lf_buf_free(&out);
}

/* Records that are no records: of no sectors, of more than there are, with a sequence outside of the first sector. */
static void
test_ntfs_sizes(void **state)
{
	static const unsigned counts[] = {0, 1, 6, 255};
	unsigned char b[4 * LF_SECTOR];
	struct lf_view v = view(b, sizeof(b));
	struct lf_buf out = {0};
	bool fits;

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		make_record(b, 4, counts[i]);
		fits = true;
		assert_true(lf_wrap_ntfs(&v, 0, &out, &fits));
		assert_false(fits);
	}
	make_record(b, 2, 3);
	b[4] = 0xff;
	b[5] = 0x01;
	assert_true(lf_wrap_ntfs(&v, 0, &out, &fits));
	assert_false(fits);
	assert_true(lf_wrap_ntfs(&v, sizeof(b) - 4, &out, &fits));
	assert_false(fits);
	lf_buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_base64), cmocka_unit_test(test_base64_long),
	    cmocka_unit_test(test_ntfs), cmocka_unit_test(test_ntfs_sizes)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("wrap", tests, NULL, NULL);
}
