#include "report/gaps_groups.h"

#include <stdlib.h>
#include <string.h>

static int
texts(const char *a, const char *b)
{
	return a == NULL || b == NULL ? (a != NULL) - (b != NULL) : strcmp(a, b);
}

static int
numbers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* Events in an order that is the same in every run; NULL first. */
static int
events(const struct lf_control *a, const struct lf_control *b)
{
	int r;

	if (a == b || a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	r = numbers(a->time, b->time);
	r = r != 0 ? r : texts(a->account, b->account);
	r = r != 0 ? r : texts(a->region, b->region);
	r = r != 0 ? r : texts(a->event_id, b->event_id);
	return r != 0 ? r : a < b ? -1 : 1;
}

/* What two gaps must share to be told as one; 0 when they do. */
static int
kinds(const struct lf_gap *a, const struct lf_gap *b, const struct lf_coverage *c)
{
	const struct lf_line *l = &c->lines.list[a->line], *m = &c->lines.list[b->line];
	int r = numbers(a->explained, b->explained);

	r = r != 0 ? r : numbers(a->cause, b->cause);
	r = r != 0 ? r : texts(l->trail, m->trail);
	r = r != 0 ? r : texts(l->home_region, m->home_region);
	r = r != 0 ? r : numbers(a->open, b->open);
	r = r != 0 ? r : events(a->by, b->by);
	r = r != 0 ? r : events(a->ended_by, b->ended_by);
	if (r != 0 || a->by != NULL)
		return r;
	r = texts(l->account, m->account);
	r = r != 0 ? r : numbers(a->start, b->start);
	return r != 0 ? r : numbers(a->end, b->end);
}

static int
gap_cmp(const void *x, const void *y, void *arg)
{
	const uint32_t *i = x, *k = y;
	const struct lf_coverage *c = arg;
	int r = kinds(&c->gaps.list[*i], &c->gaps.list[*k], c);

	if (r == 0)
		r = numbers(c->gaps.list[*i].line, c->gaps.list[*k].line);
	return r != 0 ? r : numbers(*i, *k);
}

static int
group_cmp(const void *x, const void *y)
{
	const struct lf_gap_group *a = x, *b = y;
	int r = numbers(a->first->explained, b->first->explained);

	r = r != 0 ? r : numbers(b->longest, a->longest);
	r = r != 0 ? r : numbers(a->start, b->start);
	return r != 0 ? r : numbers(a->gaps[0], b->gaps[0]);
}

/* The group that starts at the i-th of the sorted gaps. */
static struct lf_gap_group
group_at(const struct lf_coverage *c, const uint32_t *gaps, uint32_t i)
{
	struct lf_gap_group g = {.gaps = gaps + i, .first = &c->gaps.list[gaps[i]]};

	g.start = g.first->start;
	g.end = g.first->end;
	for (; i + g.n < c->gaps.n && kinds(g.first, &c->gaps.list[gaps[i + g.n]], c) == 0; g.n++) {
		const struct lf_gap *x = &c->gaps.list[gaps[i + g.n]];

		g.start = x->start < g.start ? x->start : g.start;
		g.end = x->end > g.end ? x->end : g.end;
		g.longest = x->end - x->start > g.longest ? x->end - x->start : g.longest;
	}
	return g;
}

bool
lf_gap_groups_make(const struct lf_coverage *c, struct lf_gap_groups *out)
{
	out->n = 0;
	out->gaps = calloc((size_t)c->gaps.n + 1, sizeof(*out->gaps));
	out->list = calloc((size_t)c->gaps.n + 1, sizeof(*out->list));
	if (out->gaps == NULL || out->list == NULL) {
		lf_gap_groups_free(out);
		return false;
	}
	for (uint32_t i = 0; i < c->gaps.n; i++)
		out->gaps[i] = i;
	qsort_r(out->gaps, c->gaps.n, sizeof(*out->gaps), gap_cmp, (void *)c);
	for (uint32_t i = 0; i < c->gaps.n; i += out->list[out->n++].n)
		out->list[out->n] = group_at(c, out->gaps, i);
	qsort(out->list, out->n, sizeof(*out->list), group_cmp);
	return true;
}

void
lf_gap_groups_free(struct lf_gap_groups *g)
{
	free(g->list);
	free(g->gaps);
	*g = (struct lf_gap_groups){NULL, 0, NULL};
}

static void
one(const struct lf_line *l, struct lf_buf *out)
{
	lf_buf_puts(out, "account ");
	lf_buf_puts(out, l->account);
	lf_buf_puts(out, ", region ");
	lf_buf_puts(out, l->region);
	if (l->trail == NULL) {
		lf_buf_puts(out, ", logs without digests");
		return;
	}
	lf_buf_puts(out, ", trail ");
	lf_buf_puts(out, l->trail);
}

void
lf_gap_group_where(const struct lf_coverage *c, const struct lf_gap_group *g, struct lf_buf *out)
{
	const struct lf_line *l = &c->lines.list[g->first->line], *last = NULL;

	if (g->n == 1) {
		one(l, out);
		return;
	}
	lf_buf_puts(out, l->trail == NULL ? "logs without digests" : "trail ");
	lf_buf_puts(out, l->trail == NULL ? "" : l->trail);
	for (uint32_t i = 0; i < g->n; i++) {
		l = &c->lines.list[c->gaps.list[g->gaps[i]].line];
		if (l == last)
			continue;
		if (last == NULL || strcmp(last->account, l->account) != 0) {
			lf_buf_puts(out, "; account ");
			lf_buf_puts(out, l->account);
			lf_buf_puts(out, ": ");
		} else {
			lf_buf_puts(out, ", ");
		}
		lf_buf_puts(out, l->region);
		last = l;
	}
}
