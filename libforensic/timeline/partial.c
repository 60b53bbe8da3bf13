#include "timeline/partial.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "timeline/partial_table.h"

/* ---- The first pass: partial rows ---- */

/* Whether two columns are both there, and differ. */
static bool
differ(uint32_t a, uint32_t b)
{
	return a != 0 && b != 0 && a != b;
}

static bool
contradict(const struct lf_partials *p, const struct lf_partial_version *a, const struct lf_partial_version *b)
{
	bool any = differ(a->principal, b->principal);

	for (size_t i = 0; i < LF_PARTIAL_TOLD; i++)
		any |= differ(lf_partial_set_at(p, a->set)->told[i], lf_partial_set_at(p, b->set)->told[i]);
	return any;
}

/* Adds to a list and its index what is not there yet; LF_PARTIAL_NONE when memory is out. */
static uint32_t
push(struct lf_list *l, struct lf_index *x, uint64_t hash, const void *element)
{
	uint32_t i = l->n;
	void *place = lf_list_push(l);

	if (place == NULL || lf_index_add(x, hash, i) != 0)
		return LF_PARTIAL_NONE;
	memcpy(place, element, l->size);
	return i;
}

static uint32_t
add_event(struct lf_partials *p, const struct lf_partial_id *id)
{
	uint32_t i = lf_partial_find_event(p, id, id->named);
	const struct lf_partial_event new = {.id = id->id[id->named], .check = id->check[id->named], .first = LF_PARTIAL_NONE};

	return i != LF_PARTIAL_NONE ? i : push(&p->events, &p->by_event, new.id, &new);
}

static uint32_t
add_set(struct lf_partials *p, const struct lf_partial_set *s)
{
	uint32_t i = lf_partial_find_set(p, s);
	uint8_t mask = 0;

	if (i != LF_PARTIAL_NONE)
		return i;
	for (size_t c = 0; c < LF_PARTIAL_TOLD; c++)
		mask |= (uint8_t)((s->told[c] != 0) << c);
	if (!p->seen[mask])
		p->masks[p->n_masks++] = mask;
	p->seen[mask] = true;
	lf_partial_event_at(p, s->event)->sets++;
	return push(&p->sets, &p->by_set, lf_partial_set_hash(p, s), s);
}

static uint32_t
add_version(struct lf_partials *p, const struct lf_partial_version *v)
{
	struct lf_partial_event *e = lf_partial_event_at(p, lf_partial_set_at(p, v->set)->event);
	uint32_t i = lf_partial_find_version(p, v);

	if (i != LF_PARTIAL_NONE || (i = push(&p->versions, &p->by_version, lf_partial_version_hash(p, v), v)) == LF_PARTIAL_NONE)
		return i;
	if (e->first == LF_PARTIAL_NONE)
		e->first = i;
	e->torn |= contradict(p, lf_partial_version_at(p, e->first), v);
	return i;
}

static int
add_place(struct lf_partials *p, const struct lf_partial_rows *rows, const struct lf_row *r, uint32_t version,
    struct lf_err *err)
{
	struct lf_partial_place *places = lf_array_more(p->places, p->n, &p->cap, sizeof(*places));
	size_t at = p->texts.len;

	if (places == NULL)
		return lf_err_nomem(err);
	p->places = places;
	rows->place(r, &p->texts);
	if (p->texts.failed)
		return lf_err_nomem(err);
	p->places[p->n++] = (struct lf_partial_place){r->object, r->record, version, (uint32_t)(p->texts.len - at), at};
	return 0;
}

static int
add_partial(struct lf_partials *p, const struct lf_partial_rows *rows, const struct lf_row *r, struct lf_err *err)
{
	struct lf_partial_set s = {.object = LF_PARTIAL_NONE};
	struct lf_partial_version v;
	uint32_t i;
	struct lf_partial_id id;

	if ((r->flags & LF_ROW_PARTIAL) == 0 || !lf_partial_read_id(p, r, &id))
		return 0;
	if ((s.event = add_event(p, &id)) == LF_PARTIAL_NONE)
		return lf_err_nomem(err);
	lf_partial_read_told(p, r, s.told);
	if ((i = add_set(p, &s)) == LF_PARTIAL_NONE)
		return lf_err_nomem(err);
	v = lf_partial_read_version(p, r, i);
	if ((i = add_version(p, &v)) == LF_PARTIAL_NONE)
		return lf_err_nomem(err);
	return add_place(p, rows, r, i, err);
}

/* ---- The second pass: full rows ---- */

/* Gives the row to the sets of an event that say the same, and have none yet. */
static void
match(struct lf_partials *p, uint32_t event, const struct lf_row *r)
{
	struct lf_partial_event *e = lf_partial_event_at(p, event);
	uint32_t told[LF_PARTIAL_TOLD], i;
	struct lf_partial_set s = {.event = event};

	if (e->matched == e->sets)
		return;
	lf_partial_read_told(p, r, told);
	for (unsigned m = 0; m < p->n_masks && e->matched < e->sets; m++) {
		for (size_t c = 0; c < LF_PARTIAL_TOLD; c++)
			s.told[c] = (p->masks[m] >> c & 1) != 0 ? told[c] : 0;
		i = lf_partial_find_set(p, &s);
		if (i == LF_PARTIAL_NONE || lf_partial_set_at(p, i)->object != LF_PARTIAL_NONE)
			continue;
		lf_partial_set_at(p, i)->object = r->object;
		lf_partial_set_at(p, i)->record = r->record;
		e->matched++;
	}
}

static void
add_full(struct lf_partials *p, const struct lf_row *r)
{
	struct lf_partial_id id;
	uint32_t event;

	if ((r->flags & LF_ROW_PARTIAL) != 0 || !lf_partial_read_id(p, r, &id))
		return;
	for (size_t i = 0; i <= id.named; i++) {
		if ((event = lf_partial_find_event(p, &id, i)) == LF_PARTIAL_NONE)
			continue;
		lf_partial_event_at(p, event)->full = true;
		match(p, event, r);
	}
}

/* ---- What comes of them ---- */

static void
settle_events(struct lf_partials *p)
{
	for (uint32_t i = 0; i < p->events.n; i++) {
		struct lf_partial_event *e = lf_partial_event_at(p, i);
		e->conflict = e->full ? e->matched < e->sets : e->torn;
	}
}

static int
cmp_numbers(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int
cmp_rows(uint32_t object, uint32_t record, uint32_t other_object, uint32_t other_record)
{
	return object != other_object ? cmp_numbers(object, other_object) : cmp_numbers(record, other_record);
}

static const struct lf_partial_set *
set_of(const struct lf_partials *p, const struct lf_partial_place *place)
{
	return lf_partial_set_at(p, lf_partial_version_at(p, place->version)->set);
}

/* Those that nothing absorbed last: LF_PARTIAL_NONE is the greatest object. */
static int
place_cmp(const void *x, const void *y, void *arg)
{
	const struct lf_partial_place *a = x, *b = y;
	const struct lf_partial_set *s = set_of(arg, a), *t = set_of(arg, b);
	int d = cmp_rows(s->object, s->record, t->object, t->record);

	return d != 0 ? d : cmp_rows(a->object, a->record, b->object, b->record);
}

/* One pass over the rows, for the full ones or the partial ones. */
static int
pass(struct lf_partials *p, const struct lf_partial_rows *rows, bool full, struct lf_err *err)
{
	const struct lf_row *r;
	const void *item;

	if (lf_sorter_rewind(rows->rows, err) != 0)
		return -1;
	for (;;) {
		if (lf_sorter_next(rows->rows, &item, err) != 0)
			return -1;
		if ((r = item) == NULL)
			return 0;
		if (rows->shows != NULL && !rows->shows(rows->arg, r))
			continue;
		if (full)
			add_full(p, r);
		else if (add_partial(p, rows, r, err) != 0)
			return -1;
	}
}

int
lf_partials_find(struct lf_partials *p, const struct lf_partial_rows *rows, struct lf_err *err)
{
	if (pass(p, rows, false, err) != 0)
		return -1;
	if (p->events.n > 0 && pass(p, rows, true, err) != 0)
		return -1;
	settle_events(p);
	if (p->n > 0)
		qsort_r(p->places, p->n, sizeof(*p->places), place_cmp, p);
	while (p->n > 0 && set_of(p, &p->places[p->n - 1])->object == LF_PARTIAL_NONE)
		p->n--;
	return lf_sorter_rewind(rows->rows, err);
}

static void
fate_of_full(const struct lf_partials *p, const struct lf_partial_id *id, struct lf_partial_fate *fate)
{
	for (size_t i = 0; i <= id->named; i++) {
		uint32_t event = lf_partial_find_event(p, id, i);

		if (event == LF_PARTIAL_NONE)
			continue;
		fate->known = true;
		fate->absorbs |= lf_partial_event_at(p, event)->matched > 0;
		fate->conflict |= lf_partial_event_at(p, event)->conflict;
	}
}

static void
fate_of_partial(const struct lf_partials *p, const struct lf_partial_id *id, const struct lf_row *r,
    struct lf_partial_fate *fate)
{
	struct lf_partial_set s = {.event = lf_partial_find_event(p, id, id->named)};
	struct lf_partial_version v;

	if (s.event == LF_PARTIAL_NONE)
		return;
	lf_partial_read_told(p, r, s.told);
	if ((v.set = lf_partial_find_set(p, &s)) == LF_PARTIAL_NONE)
		return;
	v = lf_partial_read_version(p, r, v.set);
	fate->known = lf_partial_event_at(p, s.event)->full;
	fate->absorbed = lf_partial_set_at(p, v.set)->object != LF_PARTIAL_NONE;
	fate->conflict = !fate->absorbed && lf_partial_event_at(p, s.event)->conflict;
	fate->version = lf_partial_find_version(p, &v);
}

void
lf_partials_of(const struct lf_partials *p, const struct lf_row *r, struct lf_partial_fate *fate)
{
	struct lf_partial_id id;

	*fate = (struct lf_partial_fate){.version = 0};
	if (p->events.n == 0 || !lf_partial_read_id(p, r, &id))
		return;
	if ((r->flags & LF_ROW_PARTIAL) != 0)
		fate_of_partial(p, &id, r, fate);
	else
		fate_of_full(p, &id, fate);
}

/* The first place of absorbed rows that is not of a row before this one. */
static size_t
lower_bound(const struct lf_partials *p, uint32_t object, uint32_t record)
{
	size_t from = 0, to = p->n, middle;

	while (from < to) {
		const struct lf_partial_set *s;

		middle = from + (to - from) / 2;
		s = set_of(p, &p->places[middle]);
		if (cmp_rows(s->object, s->record, object, record) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

const struct lf_partial_place *
lf_partials_places(const struct lf_partials *p, uint32_t object, uint32_t record, size_t *n)
{
	size_t from = lower_bound(p, object, record);
	size_t to = record == UINT32_MAX ? lower_bound(p, object + 1, 0) : lower_bound(p, object, record + 1);

	*n = to - from;
	return p->places + from;
}
