/* Members in two fragments: those that are found, and those of which nothing may be said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "carve/join.h"
#include "finds.h"
#include "members.h"

#define BLOCKS 64u
#define SIZE   ((size_t)BLOCKS * LF_JOIN_BLOCK)
#define FIRST  20u /* block of the first fragment */

static unsigned char bytes[SIZE], member[SIZE];
static char *content;
static size_t stored, content_len, blocks;

/* Noise everywhere, and the first fragment: blocks of a member up to one that went elsewhere. */
static int
set_up(void **state)
{
	uint64_t seed = 11;

	if (scratch_make(state) != 0)
		return -1;
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (unsigned char)(scratch_random(&seed) >> 32);
	content = made_log(60, 8, &content_len);
	stored = made_member(content, content_len, member, 6);
	blocks = (stored + LF_JOIN_BLOCK - 1) / LF_JOIN_BLOCK;
	memcpy(bytes + FIRST * LF_JOIN_BLOCK, member, LF_JOIN_BLOCK);
	return blocks < 2 ? -1 : 0;
}

static int
tear_down(void **state)
{
	free(content);
	return scratch_remove(state);
}

static void
plant_rest(size_t block)
{
	memcpy(bytes + block * LF_JOIN_BLOCK, member + LF_JOIN_BLOCK, stored - LF_JOIN_BLOCK);
}

/* Looks for the rest of the member, which breaks off soon behind its first block. */
static struct lf_find
join(struct lf_join_opts o, struct lf_tally *tally)
{
	struct lf_find f = {.state = LF_CARVE_PREFIX, .method = LF_CARVE_GZIP, .kind = LF_CARVE_LOG, .joinable = true,
	    .start = FIRST * LF_JOIN_BLOCK, .stored = LF_JOIN_BLOCK + 30};
	struct lf_image *image;
	struct lf_join *j;
	struct lf_err err;

	scratch_write("image", bytes, SIZE);
	assert_int_equal(lf_image_open(scratch_path("image"), &image, &err), 0);
	j = lf_join_new(&o, &err);
	assert_non_null(j);
	memset(tally, 0, sizeof(*tally));
	assert_int_equal(lf_join_find(j, image, &f, tally, &err), 0);
	lf_join_free(j);
	lf_image_free(image);
	return f;
}

static const struct lf_join_opts usual = {.blocks = 32, .trials = 1000, .max = 16 << 20};

static void
assert_joined(const struct lf_find *f, size_t block)
{
	assert_int_equal(f->state, LF_CARVE_JOINED);
	assert_true(f->complete && f->crc_right && f->size_right);
	assert_int_equal(f->n_runs, 2);
	assert_int_equal(f->runs[0].from, FIRST * LF_JOIN_BLOCK);
	assert_int_equal(f->runs[0].to, (FIRST + 1) * LF_JOIN_BLOCK);
	assert_int_equal(f->runs[1].from, block * LF_JOIN_BLOCK);
	assert_int_equal(f->runs[1].to, block * LF_JOIN_BLOCK + stored - LF_JOIN_BLOCK);
	assert_int_equal(f->content_len, content_len);
	assert_memory_equal(f->text.data + f->content, content, content_len);
	assert_int_equal(f->file_len, stored);
	assert_memory_equal(f->text.data + f->file, member, stored);
	assert_int_equal(f->n_records, 60);
	assert_true(lf_slice_is(lf_find_slice(f, f->path, f->path_len), "81920-JOIN-0"));
}

/* Behind the first fragment, and in front of it. */
static void
test_found(void **state)
{
	static const size_t at[] = {25, 10};
	struct lf_tally tally;
	struct lf_find f;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		tear_down(state);
		assert_int_equal(set_up(state), 0);
		plant_rest(at[i]);
		f = join(usual, &tally);
		assert_joined(&f, at[i]);
		assert_true(tally.joins_tried > 0);
		lf_find_free(&f);
	}
}

/* The same rest twice is one join, the nearest. */
static void
test_twice(void **state)
{
	struct lf_tally tally;
	struct lf_find f;

	(void)state;
	plant_rest(25);
	plant_rest(40);
	f = join(usual, &tally);
	assert_joined(&f, 25);
	lf_find_free(&f);
}

/* Content of just the bytes that are allowed is whole, of one more it is none. */
static void
test_max(void **state)
{
	struct lf_tally tally;
	struct lf_find f;

	(void)state;
	plant_rest(25);
	f = join((struct lf_join_opts){.blocks = 32, .trials = 1000, .max = content_len - 1}, &tally);
	assert_int_equal(f.state, LF_CARVE_PREFIX);
	f = join((struct lf_join_opts){.blocks = 32, .trials = 1000, .max = content_len}, &tally);
	assert_joined(&f, 25);
	lf_find_free(&f);
}

/* What inflates to much, and is wrong, takes from the budget what it costs: an image may be made of that. */
static void
test_long(void **state)
{
	struct lf_join_opts o = {.blocks = 32, .trials = 0, .max = 16 << 20};
	struct lf_tally tally;
	struct lf_find f = {.state = LF_CARVE_PREFIX};

	(void)state;
	plant_rest(27);
	while (f.state != LF_CARVE_JOINED && o.trials < 100) {
		o.trials++;
		f = join(o, &tally);
	}
	assert_joined(&f, 27);
	lf_find_free(&f);
	plant_rest(23);
	bytes[23 * LF_JOIN_BLOCK + stored - LF_JOIN_BLOCK - 8] ^= 1; /* the CRC */
	f = join(o, &tally);
	assert_int_equal(f.state, LF_CARVE_PREFIX);
	assert_int_equal(tally.join_budgets, 1);
	f = join(usual, &tally);
	assert_joined(&f, 27);
	lf_find_free(&f);
}

/* No rest at all, one that is damaged, one that lies too far away, and one that comes after the budget. */
static void
test_nothing(void **state)
{
	struct lf_tally tally;
	struct lf_find f = join(usual, &tally);

	(void)state;
	assert_int_equal(f.state, LF_CARVE_PREFIX);
	plant_rest(25);
	f = join((struct lf_join_opts){.blocks = 3, .trials = 1000, .max = 16 << 20}, &tally);
	assert_int_equal(f.state, LF_CARVE_PREFIX);
	assert_int_equal(tally.join_budgets, 0);
	f = join((struct lf_join_opts){.blocks = 32, .trials = 2, .max = 16 << 20}, &tally);
	assert_int_equal(f.state, LF_CARVE_PREFIX);
	assert_int_equal(tally.joins_tried, 2);
	assert_int_not_equal(tally.join_budgets, 0);
	bytes[25 * LF_JOIN_BLOCK + stored - LF_JOIN_BLOCK - 8] ^= 1; /* the CRC */
	f = join(usual, &tally);
	assert_int_equal(f.state, LF_CARVE_PREFIX);
	/* Zeros are not tried. */
	memset(bytes, 0, FIRST * LF_JOIN_BLOCK);
	memset(bytes + (FIRST + 1) * LF_JOIN_BLOCK, 0, SIZE - (FIRST + 1) * LF_JOIN_BLOCK);
	f = join(usual, &tally);
	assert_int_equal(f.state, LF_CARVE_PREFIX);
	assert_int_equal(tally.joins_tried, 0);
}

int
main(void)
{
#define JOINING(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {JOINING(test_found), JOINING(test_twice), JOINING(test_max), JOINING(test_long),
	    JOINING(test_nothing)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("join", tests, NULL, NULL);
}
