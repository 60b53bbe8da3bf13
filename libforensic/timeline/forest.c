#include "timeline/forest.h"

#include <stdlib.h>
#include <string.h>

int
lf_forest_new(struct lf_forest *f, uint32_t n, struct lf_err *err)
{
	size_t room = (size_t)n + 1; /* so that none is asked for 0 bytes */

	memset(f, 0, sizeof(*f));
	f->n = n;
	f->parent = malloc(room * sizeof(*f->parent));
	f->order = malloc(room * sizeof(*f->order));
	f->circle = malloc(room * sizeof(*f->circle));
	f->first = malloc(room * sizeof(*f->first));
	f->size = malloc(room * sizeof(*f->size));
	if (f->parent == NULL || f->order == NULL || f->circle == NULL || f->first == NULL || f->size == NULL)
		return lf_err_nomem(err);
	for (uint32_t i = 0; i < n; i++)
		f->parent[i] = LF_FOREST_NONE;
	return 0;
}

void
lf_forest_settle(struct lf_forest *f)
{
	free(f->parent);
	free(f->order);
	f->parent = f->order = NULL;
}

void
lf_forest_free(struct lf_forest *f)
{
	lf_forest_settle(f);
	free(f->circle);
	free(f->first);
	free(f->size);
	memset(f, 0, sizeof(*f));
}

/*
 * Takes childless ones off until only circles are left: order holds those taken off from its end backwards, so that
 * parents come before children.
 */
static void
peel(struct lf_forest *f, uint32_t *children)
{
	uint32_t end = f->n, next = f->n;

	for (uint32_t i = 0; i < f->n; i++)
		if (f->parent[i] != LF_FOREST_NONE)
			children[f->parent[i]]++;
	for (uint32_t i = 0; i < f->n; i++)
		if (children[i] == 0)
			f->order[--end] = i;
	while (next > end) {
		uint32_t p = f->parent[f->order[--next]];
		if (p != LF_FOREST_NONE && --children[p] == 0)
			f->order[--end] = p;
	}
}

/* Puts those in circles in front: children of theirs are still counted, and of nobody else's. */
static void
find_circles(struct lf_forest *f, const uint32_t *children)
{
	uint32_t at = 0;

	for (uint32_t i = 0; i < f->n; i++)
		f->circle[i] = LF_FOREST_NONE;
	for (uint32_t i = 0; i < f->n; i++) {
		uint32_t start = at, x = i;
		for (; children[x] > 0 && f->circle[x] == LF_FOREST_NONE; x = f->parent[x]) {
			f->circle[x] = i;
			f->order[at++] = x;
		}
		for (uint32_t a = start, b = at; a + 1 < b; a++) { /* children were met first */
			uint32_t y = f->order[a];
			f->order[a] = f->order[--b];
			f->order[b] = y;
		}
	}
}

/* Who stands for i: of a circle all are one. */
static uint32_t
stand_in(const struct lf_forest *f, uint32_t i)
{
	return f->circle[i] != LF_FOREST_NONE ? f->circle[i] : i;
}

/* Who stands for the parent of i, or LF_FOREST_NONE. */
static uint32_t
above(const struct lf_forest *f, uint32_t i)
{
	if (f->circle[i] != LF_FOREST_NONE)
		return f->circle[i] == i ? LF_FOREST_NONE : f->circle[i];
	return f->parent[i] == LF_FOREST_NONE ? LF_FOREST_NONE : stand_in(f, f->parent[i]);
}

/* Gives places: each takes one for itself, then room for its children one after another. */
static void
place(struct lf_forest *f, uint32_t *next)
{
	uint32_t at = 0, up;

	for (uint32_t i = 0; i < f->n; i++)
		f->size[i] = 1;
	for (uint32_t i = f->n; i-- > 0;)
		if (f->circle[f->order[i]] == LF_FOREST_NONE && (up = above(f, f->order[i])) != LF_FOREST_NONE)
			f->size[up] += f->size[f->order[i]];
	for (uint32_t i = 0; i < f->n; i++) {
		uint32_t x = f->order[i];
		if (f->circle[x] != LF_FOREST_NONE && f->circle[x] != x)
			continue;
		up = above(f, x);
		f->first[x] = up == LF_FOREST_NONE ? at : next[up];
		*(up == LF_FOREST_NONE ? &at : &next[up]) += f->size[x];
		next[x] = f->first[x] + 1;
	}
}

int
lf_forest_link(struct lf_forest *f, struct lf_err *err)
{
	uint32_t *work = calloc((size_t)f->n + 1, sizeof(*work));

	if (work == NULL)
		return lf_err_nomem(err);
	peel(f, work);
	find_circles(f, work);
	place(f, work);
	free(work);
	return 0;
}

bool
lf_forest_descends(const struct lf_forest *f, uint32_t a, uint32_t b)
{
	a = stand_in(f, a);
	b = stand_in(f, b);
	return f->first[a] >= f->first[b] && f->first[a] - f->first[b] < f->size[b];
}
