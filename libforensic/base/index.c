#include "base/index.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/list.h"

#define CAP_MIN ((size_t)16)
#define CAP_MAX ((size_t)1 << 32)
#define SHARED  64 /* values of one tag in the table; the rest goes to a list */

/*
 * 32 bits of the mixed hash are kept, and the top k of them are the home slot of a table of 2^k: so
 * growing up to 2^32 slots needs nothing but the slots.  Among n entries a lookup meets n / 2^32
 * strangers on average: one in 256 lookups at 16 million entries.
 */
struct lf_index_slot {
	uint32_t tag;
	uint32_t value_plus_1; /* 0: empty */
};

/* The values of tags that have more than SHARED, in lists; the heads are found by another index. */
struct lf_index_hot {
	struct lf_list links; /* struct link */
	struct lf_list heads; /* struct head */
	struct lf_index by_tag;
};
struct link {
	uint32_t value, next; /* next: a link, or LF_INDEX_END */
};
struct head {
	uint32_t tag, first, last;
};

void
lf_index_init(struct lf_index *x)
{
	x->slots = NULL;
	x->n = 0;
	x->cap = 0;
	x->hot = NULL;
}

void
lf_index_free(struct lf_index *x)
{
	if (x->hot != NULL) {
		lf_list_free(&x->hot->links);
		lf_list_free(&x->hot->heads);
		free(x->hot->by_tag.slots); /* heads have tags of their own: it has no list itself */
		free(x->hot);
	}
	free(x->slots);
	lf_index_init(x);
}

/* The list of a tag, or NULL. */
static struct head *
head_of(const struct lf_index *x, uint32_t tag)
{
	size_t cursor = 0;
	uint32_t i;

	if (x->hot == NULL)
		return NULL;
	while ((i = lf_index_next_tag(&x->hot->by_tag, tag, &cursor)) != LF_INDEX_END) {
		struct head *h = lf_list_at(&x->hot->heads, i);
		if (h->tag == tag)
			return h;
	}
	return NULL;
}

static int
hot_new(struct lf_index *x)
{
	if (x->hot != NULL)
		return 0;
	if ((x->hot = calloc(1, sizeof(*x->hot))) == NULL)
		return -1;
	lf_list_init(&x->hot->links, sizeof(struct link));
	lf_list_init(&x->hot->heads, sizeof(struct head));
	lf_index_init(&x->hot->by_tag);
	return 0;
}

/* Adds a value to the list of its tag. */
static int
add_hot(struct lf_index *x, uint32_t tag, uint32_t value)
{
	struct head *h;
	struct link *l;

	if (hot_new(x) != 0)
		return -1;
	if ((h = head_of(x, tag)) == NULL) {
		if ((h = lf_list_push(&x->hot->heads)) == NULL ||
		    lf_index_add_tag(&x->hot->by_tag, tag, x->hot->heads.n - 1) != 0)
			return -1;
		*h = (struct head){tag, LF_INDEX_END, LF_INDEX_END};
	}
	if ((l = lf_list_push(&x->hot->links)) == NULL)
		return -1;
	*l = (struct link){value, LF_INDEX_END};
	if (h->last != LF_INDEX_END)
		((struct link *)lf_list_at(&x->hot->links, h->last))->next = x->hot->links.n - 1;
	else
		h->first = x->hot->links.n - 1;
	h->last = x->hot->links.n - 1;
	return 0;
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

/* Puts a slot into the table; false when its tag has as many there as it may. */
static bool
put(struct lf_index_slot *slots, size_t cap, struct lf_index_slot s)
{
	size_t i = home_of(s.tag, cap);
	unsigned same = 0;

	for (; slots[i].value_plus_1 != 0; i = (i + 1) & (cap - 1))
		same += slots[i].tag == s.tag;
	if (same >= SHARED)
		return false;
	slots[i] = s;
	return true;
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

	if (x->n >= x->cap - x->cap / 8 && !grow(x))
		return -1;
	if (!put(x->slots, x->cap, s))
		return add_hot(x, tag, value);
	x->n++;
	return 0;
}

int
lf_index_add(struct lf_index *x, uint64_t hash, uint32_t value)
{
	return lf_index_add_tag(x, lf_index_tag(hash), value);
}

/* Goes on in the list of a tag: the cursor is then behind the table, by one more than the link to come. */
static uint32_t
next_hot(const struct lf_index *x, uint32_t tag, size_t *cursor)
{
	const struct head *h = *cursor > x->cap ? NULL : head_of(x, tag);
	uint32_t at = *cursor > x->cap ? (uint32_t)(*cursor - x->cap - 1) : h != NULL ? h->first : LF_INDEX_END;
	const struct link *l;

	if (at == LF_INDEX_END)
		return LF_INDEX_END;
	l = lf_list_at(&x->hot->links, at);
	*cursor = x->cap + 1 + l->next;
	return l->value;
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
	return next_hot(x, tag, cursor);
}

uint32_t
lf_index_next(const struct lf_index *x, uint64_t hash, size_t *cursor)
{
	return lf_index_next_tag(x, lf_index_tag(hash), cursor);
}

/* FNV-1a's high bits are weak for short inputs: the finalizer of MurmurHash3 spreads them. */
uint64_t
lf_index_hash(const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * UINT64_C(0x100000001b3);
	h = (h ^ (h >> 33)) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ (h >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ (h >> 33);
}
