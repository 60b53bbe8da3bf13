#include "carve/lanes.h"

#include <string.h>

#define AHEAD 64u /* more than an item is long */

/*
 * The ways, a bit each.  Two that have an item begin at the same bit are one from there on, so what is ahead is told by
 * which ways come to each of the next bits: every bit is looked at once, however many ways lead there.
 */
struct lanes {
	const struct lf_inflate *d;
	const struct lf_inflate_in *in;
	struct lf_lanes_end end;
	uint64_t bit;
	uint64_t ahead[AHEAD]; /* at its bit modulo AHEAD: ways with an item beginning there, from bit on */
	unsigned heads;        /* that are not 0 */
	uint64_t arrived;      /* ways that came to the right end */
};

static void
start(struct lanes *l, uint64_t bit, uint64_t ways)
{
	memset(l->ahead, 0, sizeof(l->ahead));
	l->bit = bit;
	l->heads = 0;
	l->arrived = 0;
	for (unsigned i = 0; i < LF_INFLATE_ITEM_MAX; i++) {
		if (ways >> i & 1) {
			l->ahead[(bit + i) % AHEAD] = UINT64_C(1) << i;
			l->heads++;
		}
	}
}

/* Goes on to the next bit where an item begins, and returns the ways that come there; 0 when all have ended. */
static uint64_t
next_head(struct lanes *l)
{
	if (l->heads == 0)
		return 0;
	while (l->ahead[l->bit % AHEAD] == 0)
		l->bit++;
	return l->ahead[l->bit % AHEAD];
}

/* Takes the ways that are at the bit over the item there; those that cannot go on end. */
static enum lf_inflate_item
advance(struct lanes *l)
{
	uint64_t ways = l->ahead[l->bit % AHEAD], next = 0;
	enum lf_inflate_item item = lf_inflate_look(l->d, l->in, l->bit, &next);

	l->ahead[l->bit % AHEAD] = 0;
	l->heads--;
	if (item == LF_INFLATE_IS_END && next >= l->end.first && next <= l->end.last)
		l->arrived |= ways;
	if (item == LF_INFLATE_IS_LITERAL || item == LF_INFLATE_IS_MATCH) {
		l->heads += l->ahead[next % AHEAD] == 0;
		l->ahead[next % AHEAD] |= ways;
	}
	l->bit++;
	return item;
}

/* Which ways come to the right end. */
static uint64_t
right_ways(struct lanes *l, uint64_t bit)
{
	start(l, bit, UINT64_MAX);
	while (next_head(l) != 0)
		advance(l);
	return l->arrived;
}

bool
lf_lanes_meet(const struct lf_inflate *d, const struct lf_inflate_in *in, uint64_t bit, struct lf_lanes_end end,
    uint64_t *proved)
{
	struct lanes l = {.d = d, .in = in, .end = end};
	uint64_t right = right_ways(&l, bit), ways;

	if (right == 0)
		return false;
	start(&l, bit, right);
	while ((ways = next_head(&l)) != 0) {
		if (ways == right) {
			*proved = l.bit;
			return true;
		}
		advance(&l);
	}
	return false;
}

bool
lf_lanes_merge(const struct lf_inflate *d, const struct lf_inflate_in *in, uint64_t bit, uint64_t *proved)
{
	struct lanes l = {.d = d, .in = in};
	enum lf_inflate_item item;

	start(&l, bit, UINT64_MAX);
	while (next_head(&l) != 0) {
		if (l.heads == 1) {
			*proved = l.bit;
			return true;
		}
		item = advance(&l);
		if (item == LF_INFLATE_IS_END || item == LF_INFLATE_IS_CUT)
			return false;
	}
	return false;
}
