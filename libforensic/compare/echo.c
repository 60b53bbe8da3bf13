#include "compare/echo.h"

#include <stdlib.h>

#define CAP_FIRST 1024
#define MARK      UINT64_C(1)

void
lf_echoes_init(struct lf_echoes *e, size_t max)
{
	*e = (struct lf_echoes){.max = max};
}

void
lf_echoes_free(struct lf_echoes *e)
{
	free(e->slots);
	lf_echoes_init(e, e->max);
}

/* What is in a slot, which another thread may be marking. */
static inline uint64_t
held(const uint64_t *slot)
{
	return __atomic_load_n(slot, __ATOMIC_RELAXED);
}

/* The slot of an event, or the free one that it would have; there is one at all times. */
static uint64_t *
slot_of(uint64_t *slots, size_t cap, uint64_t same)
{
	size_t i = (size_t)(same >> 1) & (cap - 1);
	uint64_t there;

	while ((there = held(&slots[i])) != 0 && (there | MARK) != (same | MARK))
		i = (i + 1) & (cap - 1);
	return &slots[i];
}

/* Whether there is room for one more, which is made while max allows it: 1, 0, or -1 when memory is out. */
static int
make_room(struct lf_echoes *e)
{
	size_t cap = e->cap == 0 ? CAP_FIRST : e->cap * 2;
	uint64_t *slots;

	if (e->n < e->cap / 4 * 3)
		return 1;
	if (cap > e->max / sizeof(*slots))
		return 0;
	if ((slots = calloc(cap, sizeof(*slots))) == NULL)
		return -1;
	for (size_t i = 0; i < e->cap; i++)
		if (e->slots[i] != 0)
			*slot_of(slots, cap, e->slots[i]) = e->slots[i];
	free(e->slots);
	e->slots = slots;
	e->cap = cap;
	return 1;
}

/* A number that is none for a free slot. */
static uint64_t
number(uint64_t same)
{
	return (same | MARK) == MARK ? ~MARK : same & ~MARK;
}

int
lf_echoes_add(struct lf_echoes *e, uint64_t same)
{
	int rc = make_room(e);
	uint64_t *slot;

	if (rc <= 0)
		return rc;
	slot = slot_of(e->slots, e->cap, number(same));
	e->n += *slot == 0;
	if (*slot == 0)
		*slot = number(same);
	return 0;
}

bool
lf_echoes_has(const struct lf_echoes *e, uint64_t same)
{
	return e->cap > 0 && held(slot_of(e->slots, e->cap, number(same))) != 0;
}

bool
lf_echoes_mark(struct lf_echoes *e, uint64_t same)
{
	return __atomic_fetch_or(slot_of(e->slots, e->cap, number(same)), MARK, __ATOMIC_RELAXED) & MARK;
}

bool
lf_echoes_marked(const struct lf_echoes *e, uint64_t same)
{
	return e->cap > 0 && (*slot_of(e->slots, e->cap, number(same)) & MARK);
}
