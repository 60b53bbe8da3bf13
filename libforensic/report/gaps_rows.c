#include "report/gaps_rows.h"

#include <string.h>

struct maker {
	const struct lf_coverage *c;
	const struct lf_gap_index *x;
	const struct lf_slots *slots;
	bool fold, heads;
	void (*say)(void *arg, const struct lf_cover_row *row);
	void *arg;
};

static void
say(struct maker *m, struct lf_cover_row *row)
{
	if (row->lines == 0)
		return;
	row->heads = m->heads;
	m->heads = false;
	m->say(m->arg, row);
}

/* Joins a line to a row, or hands on the row and begins another. */
static void
join(struct maker *m, struct lf_cover_row *row, uint32_t line)
{
	struct lf_cover_row next = {.line = line, .lines = 1};

	lf_slots_gaps(m->slots, m->c, m->x, line, next.gaps);
	lf_slots_states(m->slots, m->c, m->x, line, next.states);
	if (row->lines == 0 || !m->fold || memcmp(row->gaps, next.gaps, sizeof(row->gaps)) != 0) {
		say(m, row);
		*row = next;
		return;
	}
	row->lines++;
	for (uint32_t i = 0; i < m->slots->n; i++)
		row->states[i] = row->states[i] > next.states[i] ? row->states[i] : next.states[i];
}

/* The rows of one account: its lines from one up to another. */
static void
account(struct maker *m, uint32_t from, uint32_t to)
{
	struct lf_cover_row calm = {.lines = 0, .calm = true}, blind = {.lines = 0};

	m->heads = true;
	for (uint32_t i = from; i < to; i++) {
		if (!m->fold || m->x->first[i] < m->x->first[i + 1]) {
			join(m, &blind, i);
			continue;
		}
		if (calm.lines++ == 0)
			calm.line = i;
		lf_slots_states(m->slots, m->c, m->x, i, calm.states);
	}
	say(m, &blind);
	calm.alone = m->heads;
	say(m, &calm);
}

void
lf_cover_rows(const struct lf_coverage *c, const struct lf_gap_index *x, const struct lf_slots *slots, bool fold,
    void (*each)(void *arg, const struct lf_cover_row *row), void *arg)
{
	struct maker m = {.c = c, .x = x, .slots = slots, .fold = fold, .say = each, .arg = arg};

	for (uint32_t i = 0, from = 0; i < c->lines.n; i++) {
		if (i + 1 < c->lines.n && strcmp(c->lines.list[i].account, c->lines.list[i + 1].account) == 0)
			continue;
		account(&m, from, i + 1);
		from = i + 1;
	}
}
