#include "carve/known.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void
lf_known_init(struct lf_known *k)
{
	memset(k, 0, sizeof(*k));
}

void
lf_known_free(struct lf_known *k)
{
	free(k->words);
	lf_known_init(k);
}

int
lf_known_reset(struct lf_known *k, size_t len)
{
	size_t want = len / 64 + 1;
	uint64_t *words;

	k->len = 0;
	if (want > k->room) {
		if ((words = reallocarray(k->words, want, sizeof(*words))) == NULL)
			return -1;
		k->words = words;
		k->room = want;
	}
	memset(k->words, 0, want * sizeof(*k->words));
	k->len = len;
	return 0;
}

void
lf_known_add(struct lf_known *k, size_t from, size_t to)
{
	assert(to <= k->len);
	for (size_t at = from; at < to;) {
		size_t n = 64 - at % 64;
		uint64_t mask = UINT64_MAX;

		if (n > to - at)
			n = to - at;
		if (n < 64)
			mask = ((UINT64_C(1) << n) - 1) << (at % 64);
		k->words[at / 64] |= mask;
		at += n;
	}
}

size_t
lf_known_next(const struct lf_known *k, size_t at, bool known)
{
	while (at < k->len) {
		uint64_t word = k->words[at / 64] ^ (known ? 0 : UINT64_MAX);

		word >>= at % 64;
		if (word != 0) {
			at += (size_t)__builtin_ctzll(word);
			return at < k->len ? at : k->len;
		}
		at += 64 - at % 64;
	}
	return k->len;
}
