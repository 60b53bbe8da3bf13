#include "base/index.h"

#include <stdbool.h>
#include <stdlib.h>

#define CAP_MIN ((size_t)16)
#define CAP_MAX ((size_t)1 << 32)

/*
 * 32 bits of the mixed hash are kept, and the top k of them are the home slot of a table of 2^k: so
 * growing up to 2^32 slots needs nothing but the slots.  Among n entries a lookup meets n / 2^32
 * strangers on average: one in 256 lookups at 16 million entries.
 */
struct lf_index_slot {
	uint32_t tag;
	uint32_t value_plus_1; /* 0: empty */
};

void
lf_index_init(struct lf_index *x)
{
	x->slots = NULL;
	x->n = 0;
	x->cap = 0;
}

void
lf_index_free(struct lf_index *x)
{
	free(x->slots);
	lf_index_init(x);
}

/* Fibonacci hashing: callers may bring hashes that differ in low bits only. */
uint32_t
lf_index_tag(uint64_t hash)
{
	return (uint32_t)((hash * UINT64_C(0x9E3779B97F4A7C15)) >> 32);
}

static size_t
home_of(uint32_t tag, size_t cap)
{
	return (size_t)((uint64_t)tag >> (32 - __builtin_ctzll(cap)));
}

static void
put(struct lf_index_slot *slots, size_t cap, struct lf_index_slot s)
{
	size_t i = home_of(s.tag, cap);

	while (slots[i].value_plus_1 != 0)
		i = (i + 1) & (cap - 1);
	slots[i] = s;
}

/*
 * Doubles the table.  Equal tags share a cluster and stand in it in the order of insertion; the
 * walk starts behind an empty slot, so that it meets no cluster in its middle.
 */
static bool
grow(struct lf_index *x)
{
	size_t cap = x->cap == 0 ? CAP_MIN : x->cap * 2;
	struct lf_index_slot *slots;
	size_t start = 0;

	if (cap > CAP_MAX || (slots = calloc(cap, sizeof(*slots))) == NULL)
		return false;
	while (start < x->cap && x->slots[start].value_plus_1 != 0)
		start++;
	for (size_t i = 0; i < x->cap; i++) {
		struct lf_index_slot s = x->slots[(start + i) & (x->cap - 1)];
		if (s.value_plus_1 != 0)
			put(slots, cap, s);
	}
	free(x->slots);
	x->slots = slots;
	x->cap = cap;
	return true;
}

int
lf_index_add_tag(struct lf_index *x, uint32_t tag, uint32_t value)
{
	struct lf_index_slot s = {tag, value + 1};

	if (x->n >= x->cap - x->cap / 4 && !grow(x))
		return -1;
	put(x->slots, x->cap, s);
	x->n++;
	return 0;
}

int
lf_index_add(struct lf_index *x, uint64_t hash, uint32_t value)
{
	return lf_index_add_tag(x, lf_index_tag(hash), value);
}

uint32_t
lf_index_next_tag(const struct lf_index *x, uint32_t tag, size_t *cursor)
{
	size_t home;

	if (x->cap == 0)
		return LF_INDEX_END;
	home = home_of(tag, x->cap);
	for (; *cursor < x->cap; (*cursor)++) {
		const struct lf_index_slot *s = &x->slots[(home + *cursor) & (x->cap - 1)];
		if (s->value_plus_1 == 0)
			break;
		if (s->tag == tag) {
			(*cursor)++;
			return s->value_plus_1 - 1;
		}
	}
	return LF_INDEX_END;
}

uint32_t
lf_index_next(const struct lf_index *x, uint64_t hash, size_t *cursor)
{
	return lf_index_next_tag(x, lf_index_tag(hash), cursor);
}

/* FNV-1a's high bits are weak for short inputs: the finalizer of MurmurHash3 spreads them. */
uint64_t
lf_hash64(const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * UINT64_C(0x100000001b3);
	h = (h ^ (h >> 33)) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ (h >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ (h >> 33);
}
