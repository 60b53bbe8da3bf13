/* The keyed hash: equal for equal bytes wherever they lie, another one for all else, and another one in each process. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/seed.h"
#include "scratch.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct lf_seed
fresh(void)
{
	struct lf_seed seed;
	struct lf_err err;

	assert_int_equal(lf_seed_new(&seed, &err), 0);
	return seed;
}

static void
test_new(void **state)
{
	struct lf_seed a = fresh(), b = fresh();

	(void)state;
	for (size_t i = 0; i < COUNT(a.k); i++) {
		assert_true(a.k[i] != b.k[i]);
		for (size_t j = 0; j < i; j++)
			assert_true(a.k[i] != a.k[j]);
	}
}

/* Of its bytes alone: not of where they lie, nor of what lies around them (a sanitizer sees a read past the end). */
static void
test_place(void **state)
{
	struct lf_seed seed = fresh();
	uint64_t random = 1;

	(void)state;
	for (size_t len = 0; len < 300; len++) {
		char *exact = malloc(len == 0 ? 1 : len), *shifted = malloc(len + 16);
		uint64_t want;

		assert_non_null(exact);
		assert_non_null(shifted);
		for (size_t i = 0; i < len; i++)
			exact[i] = (char)scratch_random(&random);
		want = lf_seed_hash(&seed, exact, len);
		for (size_t shift = 0; shift < 9; shift++) {
			memset(shifted, (int)shift, len + 16);
			memcpy(shifted + shift, exact, len);
			assert_true(lf_seed_hash(&seed, shifted + shift, len) == want);
		}
		free(exact);
		free(shifted);
	}
}

/* Every bit of every byte counts, and moves about half of the result. */
static void
test_bits(void **state)
{
	static const size_t lens[] = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 48, 63, 64, 65, 100, 1000};
	struct lf_seed seed = fresh();
	uint64_t random = 2, flips = 0, moved = 0;
	char text[1000];

	(void)state;
	for (size_t n = 0; n < COUNT(lens); n++) {
		for (size_t i = 0; i < lens[n]; i++)
			text[i] = (char)scratch_random(&random);
		uint64_t before = lf_seed_hash(&seed, text, lens[n]);
		for (size_t bit = 0; bit < lens[n] * 8; bit++) {
			text[bit / 8] ^= (char)(1 << bit % 8);
			uint64_t after = lf_seed_hash(&seed, text, lens[n]);
			assert_true(after != before);
			flips++;
			moved += (uint64_t)__builtin_popcountll(after ^ before);
			text[bit / 8] ^= (char)(1 << bit % 8);
		}
	}
	assert_in_range(moved / flips, 28, 36);
}

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void
all_differ(uint64_t *hashes, size_t n)
{
	qsort(hashes, n, sizeof(*hashes), compare);
	for (size_t i = 1; i < n; i++)
		assert_true(hashes[i] != hashes[i - 1]);
}

/* What is much alike: runs of one byte of every length, and one odd byte in a long run, zeros above all. */
static void
test_alike(void **state)
{
	static const int fills[] = {0, 0xff, 'a', 0x80};
	static uint64_t hashes[4 * 600 + 2 * 2048];
	static char text[2048];
	struct lf_seed seed = fresh();
	size_t n = 0;

	(void)state;
	hashes[n++] = lf_seed_hash(&seed, "", 0);
	for (size_t f = 0; f < COUNT(fills); f++) {
		memset(text, fills[f], sizeof(text));
		for (size_t len = 1; len < 600; len++)
			hashes[n++] = lf_seed_hash(&seed, text, len);
	}
	memset(text, 0, sizeof(text));
	for (size_t i = 0; i < 1024; i++) {
		text[i] = 1;
		hashes[n++] = lf_seed_hash(&seed, text, sizeof(text));
		text[i + 1024] = 1;
		hashes[n++] = lf_seed_hash(&seed, text, sizeof(text));
		text[i] = text[i + 1024] = 0;
	}
	all_differ(hashes, n);
}

/* Pieces of a text that change places: no order of 8 or 16 bytes is the same as another. */
static void
test_order(void **state)
{
	static char text[128], other[128];
	struct lf_seed seed = fresh();

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)i;
	for (size_t a = 0; a + 8 <= sizeof(text); a += 8)
		for (size_t b = a + 8; b + 8 <= sizeof(text); b += 8) {
			memcpy(other, text, sizeof(text));
			memcpy(other + a, text + b, 8);
			memcpy(other + b, text + a, 8);
			assert_true(lf_seed_hash(&seed, text, sizeof(text)) != lf_seed_hash(&seed, other, sizeof(text)));
		}
}

static void
test_seeds(void **state)
{
	static uint64_t hashes[256], mixes[256];

	(void)state;
	for (size_t i = 0; i < 256; i++) {
		struct lf_seed seed = fresh();
		hashes[i] = lf_seed_hash(&seed, "eventID", 7);
		mixes[i] = lf_seed_mix(&seed, 0, 0);
	}
	all_differ(hashes, 256);
	all_differ(mixes, 256);
}

static void
test_mix(void **state)
{
	static uint64_t mixes[200 * 200];
	struct lf_seed seed = fresh();
	size_t n = 0;

	(void)state;
	for (uint64_t a = 0; a < 200; a++)
		for (uint64_t b = 0; b < 200; b++)
			mixes[n++] = lf_seed_mix(&seed, a, b);
	assert_true(lf_seed_mix(&seed, 7, 9) == lf_seed_mix(&seed, 7, 9));
	all_differ(mixes, n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_new), cmocka_unit_test(test_place),
	    cmocka_unit_test(test_bits), cmocka_unit_test(test_alike), cmocka_unit_test(test_order),
	    cmocka_unit_test(test_seeds), cmocka_unit_test(test_mix)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
