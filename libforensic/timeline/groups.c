#include "timeline/groups.h"

#include <string.h>

void
lf_groups_init(struct lf_groups *g)
{
	memset(g, 0, sizeof(*g));
	lf_buf_init(&g->bytes);
	lf_buf_init(&g->slots);
	lf_list_init(&g->group, sizeof(struct lf_group_row));
}

/* Where a version has its slot: 0 is for rows that no other version disputes. */
static size_t
slot_number(uint32_t version, bool conflict, bool partial)
{
	return partial ? (size_t)version * 2 + 2 : conflict ? (size_t)version * 2 + 1 : 0;
}

/* The slot, made if need be; NULL when memory is out. */
static uint32_t *
slot(struct lf_groups *g, size_t number)
{
	size_t need = (number + 1) * sizeof(uint32_t);
	char *more;

	if (need > g->slots.len) {
		if ((more = lf_buf_reserve(&g->slots, need - g->slots.len)) == NULL)
			return NULL;
		memset(more, 0, need - g->slots.len);
		g->slots.len = need;
	}
	return (uint32_t *)(void *)g->slots.data + number;
}

/* Forgets the group at hand. */
static void
clear(struct lf_groups *g)
{
	for (uint32_t i = 0; i < g->group.n; i++) {
		const struct lf_group_row *r = lf_list_at(&g->group, i);
		*slot(g, r->slot) = 0;
	}
	g->group.n = 0;
	g->given = 0;
	lf_buf_reset(&g->bytes);
}

void
lf_groups_free(struct lf_groups *g)
{
	for (uint32_t i = 0; i < g->made; i++)
		lf_buf_free(&((struct lf_group_row *)lf_list_at(&g->group, i))->places);
	lf_list_free(&g->group);
	lf_buf_free(&g->bytes);
	lf_buf_free(&g->slots);
}

int
lf_groups_rewind(struct lf_groups *g, struct lf_err *err)
{
	clear(g);
	g->started = false;
	g->ahead = NULL;
	return lf_sorter_rewind(g->rows, err);
}

/* Whether a row has a row of its own: else it is a place of another, or not asked for. */
static bool
is_shown(const struct lf_groups *g, const struct lf_row *row)
{
	struct lf_partial_fate fate;

	if (g->shows != NULL && !g->shows(g->arg, row))
		return false;
	if (g->partials == NULL || (row->flags & LF_ROW_PARTIAL) == 0)
		return true;
	lf_partials_of(g->partials, row, &fate);
	return !fate.absorbed;
}

/* Reads rows until one is shown, into g->ahead. */
static int
advance(struct lf_groups *g, struct lf_err *err)
{
	const void *item;

	do {
		if (lf_sorter_next(g->rows, &item, err) != 0)
			return -1;
		g->ahead = item;
	} while (g->ahead != NULL && !is_shown(g, g->ahead));
	return 0;
}

static struct lf_row *
row_at(const struct lf_groups *g, const struct lf_group_row *r)
{
	return (struct lf_row *)(void *)(g->bytes.data + r->at);
}

/* Has a copy stand where the row of a version stood: its bytes too, for what is proved is said of them. */
static void
replace(struct lf_groups *g, struct lf_group_row *r, const struct lf_row *copy)
{
	if (copy->size <= row_at(g, r)->size) {
		memcpy(g->bytes.data + r->at, copy, copy->size);
		return;
	}
	r->at = g->bytes.len;
	lf_buf_add(&g->bytes, copy, copy->size);
}

/* Another copy of a version: one stands for all. */
static int
join(struct lf_groups *g, struct lf_group_row *r, const struct lf_row *copy, struct lf_err *err)
{
	const struct lf_row *shown = row_at(g, r);

	if (g->better(g->arg, copy, shown)) {
		g->place(shown, &r->places);
		replace(g, r, copy);
	} else {
		g->place(copy, &r->places);
	}
	return r->places.failed || g->bytes.failed ? lf_err_nomem(err) : 0;
}

/* A row of the group that is not used yet. */
static struct lf_group_row *
new_row(struct lf_groups *g)
{
	struct lf_group_row *r = lf_list_push(&g->group);

	if (r == NULL)
		return NULL;
	if (g->made < g->group.n) {
		lf_buf_init(&r->places);
		g->made = g->group.n;
	}
	lf_buf_reset(&r->places);
	r->copies = 0;
	return r;
}

/* Adds the partial rows that were absorbed, behind the copies. */
static int
absorb(struct lf_groups *g, struct lf_group_row *r, struct lf_err *err)
{
	size_t n;
	const struct lf_partial_place *p = lf_partials_places(g->partials, r->first.object, r->first.record, &n);

	for (size_t i = 0; i < n; i++)
		lf_buf_add(&r->places, g->partials->texts.data + p[i].at, p[i].len);
	return r->places.failed ? lf_err_nomem(err) : 0;
}

/* Adds g->ahead to the group: as a version of its own, or as a copy of one.  NULL when memory is out. */
static struct lf_group_row *
add_version(struct lf_groups *g, size_t number, struct lf_err *err)
{
	const struct lf_row *row = g->ahead;
	uint32_t *s = slot(g, number);
	struct lf_group_row *r;

	if (s != NULL && *s != 0) {
		r = lf_list_at(&g->group, *s - 1);
		return join(g, r, row, err) == 0 ? r : NULL;
	}
	if (s == NULL || (r = new_row(g)) == NULL) {
		lf_err_nomem(err);
		return NULL;
	}
	*s = g->group.n;
	r->at = g->bytes.len;
	r->slot = number;
	r->first = (struct lf_place){row->object, row->record};
	r->conflict = r->absorbs = false;
	lf_buf_add(&g->bytes, row, row->size);
	if (!g->bytes.failed)
		return r;
	lf_err_nomem(err);
	return NULL;
}

static int
add(struct lf_groups *g, struct lf_err *err)
{
	const struct lf_row *row = g->ahead;
	struct lf_partial_fate fate = {.absorbed = false};
	bool conflict = false, partial = g->partials != NULL && (row->flags & LF_ROW_PARTIAL) != 0;
	bool mark = (row->flags & LF_ROW_MARK) != 0;
	uint32_t version = g->twins == NULL || mark ? 0 : lf_twins_version(g->twins, row, &conflict);
	struct lf_group_row *r;

	if (g->partials != NULL && !mark)
		lf_partials_of(g->partials, row, &fate);
	if (partial)
		version = fate.version;
	if ((r = add_version(g, slot_number(version, conflict, partial), err)) == NULL)
		return -1;
	r->conflict |= conflict || fate.conflict || (!fate.known && (row->flags & LF_ROW_CONFLICT) != 0);
	r->absorbs |= fate.absorbs;
	return 0;
}

/* Gathers the next group, which starts with g->ahead. */
static int
gather(struct lf_groups *g, struct lf_err *err)
{
	clear(g);
	if (g->ahead == NULL)
		return 0;
	do {
		if (add(g, err) != 0 || advance(g, err) != 0)
			return -1;
	} while (g->ahead != NULL && lf_row_same_event((const struct lf_row *)(const void *)g->bytes.data, g->ahead));
	for (uint32_t i = 0; i < g->group.n; i++) {
		struct lf_group_row *r = lf_list_at(&g->group, i);
		if (r->absorbs && absorb(g, r, err) != 0)
			return -1;
		r->copies = g->settle(row_at(g, r), &r->places);
		if (r->places.failed)
			return lf_err_nomem(err);
	}
	return 0;
}

int
lf_groups_next(struct lf_groups *g, const struct lf_row **row, const struct lf_group_row **group, struct lf_err *err)
{
	*row = NULL;
	*group = NULL;
	if (!g->started) {
		g->started = true;
		if (advance(g, err) != 0)
			return -1;
	}
	if (g->given == g->group.n && gather(g, err) != 0)
		return -1;
	if (g->given == g->group.n)
		return 0;
	*group = lf_list_at(&g->group, g->given++);
	*row = row_at(g, *group);
	return 0;
}
