/* The byte scanner against a plain reading of its contract, on random bytes with its words planted, cut anywhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "carve/sift.h"

#define SIZE 40000u
#define HITS 4096u

static uint64_t seed;

static uint32_t
number(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((seed >> 33) % below);
}

static size_t
wide(unsigned char *to, const char *text, bool big)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i++) {
		to[2 * i + (big ? 1 : 0)] = (unsigned char)text[i];
		to[2 * i + (big ? 0 : 1)] = 0;
	}
	return 2 * n;
}

static size_t
plant(unsigned char *to)
{
	static const char *const words[] = {"\"eventVersion\"", "\"eventID\"", "\"eventId\"", "\"digestS3Object\"",
	    "\\\"eventVersion\\\"", "\"eventVersions\"", "eventVersion", "\"eventIDs\"", "H4sI", "H4sH", "tV", "tS"};
	const char *w = words[number(sizeof(words) / sizeof(*words))];
	static const unsigned char gz[] = {0x1f, 0x8b, 8, 0x1f}, reserved[] = {0x1f, 0x8b, 8, 0x20};
	static const unsigned char mft[] = {'F', 'I', 'L', 'E', 0x30, 0, 3, 0};

	switch (number(6)) {
	case 0: memcpy(to, gz, 4); return 4;
	case 1: memcpy(to, reserved, 4); return 4;
	case 2: memcpy(to, mft, 8); return 8;
	case 3: return wide(to, w, false);
	case 4: return wide(to, w, true);
	default: memcpy(to, w, strlen(w)); return strlen(w);
	}
}

static void
fill(unsigned char *b)
{
	static const char letters[] = "tVISHF4\x1f\x8b\0\0\"";
	unsigned kind = number(3);

	for (size_t i = 0; i < SIZE; i++)
		b[i] = kind == 0 ? 0 : kind == 1 ? (unsigned char)number(256) : (unsigned char)letters[number(12)];
	for (unsigned i = 0; i < 300; i++)
		plant(b + (number(3) == 0 ? number(SIZE / 512 - 1) * 512 : number(SIZE - 64)));
}

/* ---- The other opinion ---- */

static bool
is_word(const unsigned char *b, size_t len, size_t at, const char *w)
{
	size_t n = strlen(w);

	return at >= 1 && at + n < len && b[at - 1] == '"' && memcmp(b + at, w, n) == 0 &&
	    (b[at + n] == '"' || b[at + n] == '\\');
}

static bool
is_wide(const unsigned char *b, size_t len, size_t at, const char *w, bool big)
{
	unsigned char unit[64];
	char quoted[32] = "\"";
	size_t n;

	strcat(quoted, w);
	n = wide(unit, quoted, big);
	if (at < 2 || at - 2 + n + 2 > len || memcmp(b + at - 2, unit, n) != 0)
		return false;
	return b[at - 2 + n + (big ? 0 : 1)] == 0 && (b[at - 2 + n + (big ? 1 : 0)] == '"' || b[at - 2 + n + (big ? 1 : 0)] == '\\');
}

static int
expected(const unsigned char *b, size_t len, size_t at, uint64_t offset)
{
	static const char *const words[] = {"eventVersion", "eventID", "eventId", "digestS3Object"};
	static const enum lf_trigger first[] = {LF_TRIGGER_VERSION, LF_TRIGGER_ID, LF_TRIGGER_ID, LF_TRIGGER_DIGEST};

	if (len - at >= 4 && memcmp(b + at, "\x1f\x8b\x08", 3) == 0 && (b[at + 3] & 0xe0) == 0)
		return LF_TRIGGER_GZIP;
	if (len - at >= 4 && memcmp(b + at, "H4sI", 4) == 0)
		return LF_TRIGGER_BASE64;
	if ((offset + at) % 512 == 0 && len - at >= 8 && memcmp(b + at, "FILE\x30\0\3\0", 8) == 0)
		return LF_TRIGGER_NTFS;
	for (size_t w = 0; w < 4; w++) {
		if (is_word(b, len, at, words[w]))
			return (int)first[w];
		if (is_wide(b, len, at, words[w], false))
			return (int)first[w] + 1;
		/* Read a byte later it is the same word the other way round: that reading was given. */
		if (is_wide(b, len, at, words[w], true) && !is_wide(b, len, at + 1, words[w], false))
			return (int)first[w] + 2;
	}
	return -1;
}

typedef size_t sift_fn(const unsigned char *, size_t, size_t, uint64_t, bool, struct lf_hit *, size_t, size_t *);

/* All of b in runs of random sizes. */
static size_t
in_runs(sift_fn *sift, const unsigned char *b, uint64_t offset, struct lf_hit *out)
{
	size_t n = 0, at = 0;

	while (at < SIZE) {
		size_t from = at < LF_SIFT_REACH ? 0 : at - LF_SIFT_REACH;
		size_t len = SIZE - at < 200 ? SIZE - at : 100 + number(3000), next, got;
		bool end;

		if (at + len > SIZE)
			len = SIZE - at;
		end = at + len == SIZE;
		got = sift(b + from, at + len - from, at - from, offset + from, end, out + n, 1 + number(5), &next);
		for (size_t i = 0; i < got; i++)
			out[n + i].at += from;
		n += got;
		assert_true(n < HITS - 8);
		assert_true(from + next > at || got > 0);
		at = from + next;
	}
	return n;
}

static void
hits_are_those_of_the_contract(void **state)
{
	static const unsigned rounds = 60;
	unsigned char *b = malloc(SIZE);
	struct lf_hit *hits = malloc(HITS * sizeof(*hits));
	size_t all = 0;

	(void)state;
	for (unsigned round = 0; round < rounds; round++) {
		uint64_t offset = number(3) * 100ULL;

		seed = round;
		fill(b);
		for (unsigned path = 0; path < 2; path++) {
			size_t n = in_runs(path == 0 ? lf_sift : lf_sift_portable, b, offset, hits), k = 0;

			for (size_t i = 0; i < SIZE; i++) {
				int e = expected(b, SIZE, i, offset);

				if (e < 0)
					continue;
				assert_true(k < n);
				assert_int_equal(hits[k].at, i);
				assert_int_equal(hits[k].trigger, e);
				k++;
			}
			assert_int_equal(k, n);
			all += n;
		}
	}
	assert_true(all > 5000);
	free(hits);
	free(b);
}

static void
zero_means_every_byte(void **state)
{
	unsigned char b[100] = {0};

	(void)state;
	assert_true(lf_sift_zero(b, 0));
	assert_true(lf_sift_zero(b, sizeof(b)));
	for (size_t i = 0; i < sizeof(b); i++) {
		b[i] = 1;
		assert_false(lf_sift_zero(b, sizeof(b)));
		b[i] = 0;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hits_are_those_of_the_contract),
	    cmocka_unit_test(zero_means_every_byte),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
