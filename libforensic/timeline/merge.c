#include "timeline/merge.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define NOBODY UINT32_MAX
#define AHEAD  16 /* entries whose items are on their way to the cache */
#define LINE   64
#define FETCH  256 /* bytes of an item: what is behind them follows by itself */

void
lf_merge_init(struct lf_merge *m, const struct lf_sort_order *order)
{
	memset(m, 0, sizeof(*m));
	m->order = order;
}

void
lf_merge_free(struct lf_merge *m)
{
	free(m->sources);
	free(m->losers);
	lf_merge_init(m, m->order);
}

int
lf_merge_reset(struct lf_merge *m, size_t n, struct lf_err *err)
{
	lf_merge_free(m);
	m->sources = calloc(n, sizeof(*m->sources));
	m->losers = calloc(n, sizeof(*m->losers));
	if (n > 0 && (m->sources == NULL || m->losers == NULL)) {
		lf_merge_free(m);
		return lf_err_nomem(err);
	}
	m->cap = n;
	return 0;
}

void
lf_merge_add_entries(struct lf_merge *m, const struct lf_entry *e, size_t n, size_t usual)
{
	assert(m->n < m->cap && usual > 0);
	m->fetch = usual - 1 < FETCH ? usual - 1 : FETCH;
	m->sources[m->n++] = (struct lf_merge_source){.entries = e, .entries_end = e + n};
}

void
lf_merge_add_run(struct lf_merge *m, const struct lf_spills *runs, const struct lf_spill *run, char *buffer, size_t cap)
{
	assert(m->n < m->cap);
	lf_spill_open(&m->sources[m->n++].reader, runs, run, buffer, cap);
}

/* Entries point all over memory: their items are asked for some steps before they are needed. */
static inline void
fetch_ahead(const struct lf_merge *m, const struct lf_merge_source *s)
{
	const char *item;

	if (s->entries_end - s->entries <= AHEAD)
		return;
	item = s->entries[AHEAD].item;
	for (size_t at = 0; at < m->fetch; at += LINE)
		__builtin_prefetch(item + at);
	__builtin_prefetch(item + m->fetch);
}

/* Moves a source to its next item. */
static int
advance(const struct lf_merge *m, struct lf_merge_source *s, struct lf_err *err)
{
	if (s->entries == NULL) {
		if (lf_spill_next(&s->reader, &s->item, err) != 0)
			return -1;
		s->prefix = s->item == NULL ? 0 : m->order->prefix(s->item);
		return 0;
	}
	if (s->entries == s->entries_end) {
		s->item = NULL;
		return 0;
	}
	fetch_ahead(m, s);
	s->prefix = s->entries->prefix;
	s->item = s->entries++->item;
	return 0;
}

/* Who is at its end is behind all others. */
static inline bool
beats(const struct lf_merge *m, uint32_t a, uint32_t b)
{
	const struct lf_merge_source *x = &m->sources[a], *y = &m->sources[b];

	if (x->item == NULL || y->item == NULL)
		return x->item != NULL;
	return x->prefix != y->prefix ? x->prefix < y->prefix : m->order->cmp(x->item, y->item) < 0;
}

/* Plays source i from its leaf to the root, or to a place where nobody waits yet. */
static void
play(struct lf_merge *m, uint32_t i)
{
	for (size_t node = (m->n + i) / 2; node > 0; node /= 2) {
		uint32_t other = m->losers[node];

		if (other == NOBODY) {
			m->losers[node] = i;
			return;
		}
		if (beats(m, other, i)) {
			m->losers[node] = i;
			i = other;
		}
	}
	m->losers[0] = i;
}

static int
start(struct lf_merge *m, struct lf_err *err)
{
	for (size_t i = 0; i < m->n; i++) {
		if (advance(m, &m->sources[i], err) != 0)
			return -1;
		m->losers[i] = NOBODY;
	}
	for (size_t i = 0; i < m->n; i++)
		play(m, (uint32_t)i);
	m->started = true;
	return 0;
}

int
lf_merge_next(struct lf_merge *m, const void **item, struct lf_err *err)
{
	uint32_t winner;

	*item = NULL;
	if (m->n == 0)
		return 0;
	if (!m->started) {
		if (start(m, err) != 0)
			return -1;
	} else if (m->sources[m->losers[0]].item != NULL) {
		winner = m->losers[0];
		if (advance(m, &m->sources[winner], err) != 0)
			return -1;
		play(m, winner);
	}
	*item = m->sources[m->losers[0]].item;
	return 0;
}
