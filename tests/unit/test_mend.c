/* A gzip member with a hole of lost sectors: where the hole is found, and what is proved behind it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "carve/mend.h"
#include "known_bytes.h"
#include "members.h"

#define SIZE ((size_t)256 << 10)
#define AT   4096u
#define MAX  ((size_t)16 << 20)

static unsigned char bytes[SIZE];
static char *content;
static size_t stored, content_len;
static struct lf_mend *m;

/* Noise, and a log of one block at AT. */
static int
set_up(void **state)
{
	struct lf_err err;
	uint64_t seed = 9;

	(void)state;
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (unsigned char)(scratch_random(&seed) >> 32);
	content = made_log(120, 4, &content_len);
	stored = made_member(content, content_len, bytes + AT, 6);
	m = lf_mend_new(&err);
	return m == NULL || stored < 12 * LF_SECTOR ? -1 : 0;
}

static int
tear_down(void **state)
{
	(void)state;
	lf_mend_free(m);
	free(content);
	return 0;
}

/* Decoding said that the member breaks off so many bytes behind its beginning. */
static struct lf_mended
mend(size_t trouble)
{
	struct lf_view v = {.size = SIZE, .window = bytes, .len = SIZE};
	struct lf_member broken = {.state = LF_MEMBER_PREFIX, .header = 10, .stored = trouble};
	struct lf_mended out;
	struct lf_err err;

	assert_int_equal(lf_mend_member(m, &v, AT, &broken, MAX, &out, &err), 0);
	return out;
}

static void
test_none(void **state)
{
	struct lf_mended out = mend(stored);

	(void)state;
	assert_int_equal(out.hole, UINT64_MAX);
	assert_null(out.salvage);
	bytes[AT + 5 * LF_SECTOR] ^= 1; /* damage that is no hole */
	assert_int_equal(mend(5 * LF_SECTOR + 100).hole, UINT64_MAX);
}

/* Sectors of zeros, or of another byte again and again, and then the rest to the right end. */
static void
test_hole(void **state)
{
	struct lf_mended out;

	(void)state;
	memset(bytes + AT + 6 * LF_SECTOR, 0, LF_SECTOR);
	memset(bytes + AT + 7 * LF_SECTOR, 0xff, LF_SECTOR);
	out = mend(6 * LF_SECTOR + 40);
	assert_true(out.hole <= AT + 6 * LF_SECTOR && out.hole > AT + 6 * LF_SECTOR - 4);
	assert_int_equal(out.end, AT + stored);
	assert_non_null(out.salvage);
	assert_int_equal(out.salvage->known.len, content_len);
	assert_true(out.salvage->resumed > out.salvage->before);
	for (size_t i = 0; i < content_len; i++)
		if (known_at(&out.salvage->known, i))
			assert_int_equal(out.salvage->content[i], content[i]);
}

/* A hole that begins behind the trouble did not make it. */
static void
test_behind(void **state)
{
	(void)state;
	memset(bytes + AT + 8 * LF_SECTOR, 0, LF_SECTOR);
	assert_int_equal(mend(5 * LF_SECTOR).hole, UINT64_MAX);
	assert_true(mend(9 * LF_SECTOR).hole != UINT64_MAX);
}

/* A member that is larger than any that is mended is left alone. */
static void
test_large(void **state)
{
	(void)state;
	memset(bytes + AT + 6 * LF_SECTOR, 0, LF_SECTOR);
	assert_int_equal(mend(LF_MEND_STORED).hole, UINT64_MAX);
}

int
main(void)
{
#define MENDING(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {MENDING(test_none), MENDING(test_hole), MENDING(test_behind),
	    MENDING(test_large)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("mend", tests, NULL, NULL);
}
