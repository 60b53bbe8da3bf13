#include "timeline/twins.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

#define BATCH 128 /* notes that go to the sorter at once */

/* What is sorted: where a content of an id stands. */
struct note {
	uint32_t size, object, record, unused;
	uint64_t id[2], content;
};

static inline int
cmp_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static inline int
cmp_ids(const uint64_t a[2], const uint64_t b[2])
{
	return a[0] != b[0] ? cmp_numbers(a[0], b[0]) : cmp_numbers(a[1], b[1]);
}

static uint64_t
note_prefix(const void *item)
{
	return ((const struct note *)item)->id[0];
}

/* Equal contents of one id stand together, the first place in front. */
static int
note_cmp(const void *a, const void *b)
{
	const struct note *x = a, *y = b;
	int d = cmp_ids(x->id, y->id);

	if (d == 0)
		d = cmp_numbers(x->content, y->content);
	if (d == 0)
		d = cmp_numbers(x->object, y->object);
	return d != 0 ? d : cmp_numbers(x->record, y->record);
}

int
lf_twins_init(struct lf_twins *t, const struct lf_seed *seed, uint64_t memory, int fd, const char *folder, unsigned jobs,
    struct lf_err *err)
{
	memset(t, 0, sizeof(*t));
	lf_index_init(&t->by_content);
	t->seeds[0] = *seed;
	for (size_t i = 0; i < sizeof(seed->k) / sizeof(seed->k[0]); i++)
		t->seeds[1].k[i] = lf_seed_mix(seed, i, ~seed->k[i]);
	return lf_sorter_new((struct lf_sort_order){note_prefix, note_cmp}, memory, fd, folder, jobs, &t->ids, err);
}

void
lf_twins_free(struct lf_twins *t)
{
	lf_sorter_free(t->ids);
	lf_index_free(&t->by_content);
	free(t->list);
	memset(t, 0, sizeof(*t));
}

/* Each part is hashed by itself: none of one can be taken for one of the other.  False when the row has no twins. */
static bool
id_of(const struct lf_twins *t, const struct lf_row *r, uint64_t id[2])
{
	struct lf_slice event = lf_row_value(r, LF_COL_ID), account = lf_row_value(r, LF_COL_ACCOUNT);

	if (event.len == 0 || (r->flags & LF_ROW_PARTIAL) != 0)
		return false;
	for (size_t i = 0; i < 2; i++)
		id[i] = lf_seed_mix(&t->seeds[i], lf_seed_hash(&t->seeds[i], event.s, event.len),
		    lf_seed_hash(&t->seeds[i], account.s, account.len));
	return true;
}

int
lf_twins_add(struct lf_twins *t, const void *rows, size_t len, struct lf_err *err)
{
	struct note notes[BATCH];
	const struct lf_row *r;
	size_t n = 0;

	for (size_t at = 0; at < len; at += r->size) {
		r = (const void *)((const char *)rows + at);
		if (n == BATCH) {
			if (lf_sorter_add(t->ids, notes, sizeof(notes), err) != 0)
				return -1;
			n = 0;
		}
		notes[n] = (struct note){sizeof(*notes), r->object, r->record, 0, {0, 0}, r->content};
		n += id_of(t, r, notes[n].id);
	}
	return lf_sorter_add(t->ids, notes, n * sizeof(*notes), err);
}

/* ---- Finding ---- */

static int
list_note(struct lf_twins *t, const struct note *n, struct lf_err *err)
{
	struct lf_twin *list = t->n == LF_INDEX_END ? NULL : lf_array_more(t->list, t->n, &t->cap, sizeof(*list));

	if (list == NULL)
		return lf_err_nomem(err);
	t->list = list;
	t->list[t->n++] = (struct lf_twin){
	    .id = {n->id[0], n->id[1]}, .content = n->content, .object = n->object, .record = n->record};
	return 0;
}

/* Lists the first place of each content of an id that has more than one. */
static int
list_twins(struct lf_twins *t, struct lf_err *err)
{
	struct note first = {0}, last = {0};
	bool listed = false;
	const struct note *n;
	const void *item;

	for (;; last = *n) {
		if (lf_sorter_next(t->ids, &item, err) != 0)
			return -1;
		if ((n = item) == NULL)
			return 0;
		if (last.size == 0 || cmp_ids(n->id, last.id) != 0) {
			first = *n;
			listed = false;
		} else if (n->content != last.content) {
			if ((!listed && list_note(t, &first, err) != 0) || list_note(t, n, err) != 0)
				return -1;
			listed = true;
		}
	}
}

static int
cmp_places(uint32_t object, uint32_t record, const struct lf_twin *b)
{
	return object != b->object ? cmp_numbers(object, b->object) : cmp_numbers(record, b->record);
}

static int
twin_cmp(const void *a, const void *b)
{
	const struct lf_twin *x = a;

	return cmp_places(x->object, x->record, b);
}

static uint64_t
hash_of(const uint64_t id[2], uint64_t content)
{
	return id[0] + content * UINT64_C(0x9e3779b97f4a7c15);
}

int
lf_twins_find(struct lf_twins *t, struct lf_err *err)
{
	assert(t->ids != NULL);
	if (lf_sorter_finish(t->ids, err) != 0 || list_twins(t, err) != 0)
		return -1;
	lf_sorter_free(t->ids);
	t->ids = NULL;
	if (t->n > 0)
		qsort(t->list, t->n, sizeof(*t->list), twin_cmp);
	for (size_t i = 0; i < t->n; i++)
		if (lf_index_add(&t->by_content, hash_of(t->list[i].id, t->list[i].content), (uint32_t)i) != 0)
			return lf_err_nomem(err);
	return 0;
}

/* The first twin that does not stand before a place. */
static size_t
lower_bound(const struct lf_twins *t, uint32_t object, uint32_t record)
{
	size_t from = 0, to = t->n, middle;

	while (from < to) {
		middle = from + (to - from) / 2;
		if (cmp_places(object, record, &t->list[middle]) > 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

bool
lf_twins_want(const struct lf_twins *t, uint32_t object)
{
	size_t i = lower_bound(t, object, 0);

	return i < t->n && t->list[i].object == object;
}

struct lf_twin *
lf_twins_at(const struct lf_twins *t, uint32_t object, uint32_t record)
{
	size_t i = lower_bound(t, object, record);

	return i < t->n && cmp_places(object, record, &t->list[i]) == 0 ? &t->list[i] : NULL;
}

/* ---- Settling ---- */

/* By id, then value, those without one behind; equal ones by place. */
static int
cmp_values(const void *a, const void *b, void *arg)
{
	const struct lf_twin *list = arg, *x = &list[*(const uint32_t *)a], *y = &list[*(const uint32_t *)b];
	int d = cmp_ids(x->id, y->id);

	if (d == 0)
		d = y->valued - x->valued;
	if (d == 0 && x->valued)
		d = memcmp(x->value, y->value, sizeof(x->value));
	return d != 0 ? d : (x > y) - (x < y);
}

static int
cmp_events(const void *a, const void *b, void *arg)
{
	const struct lf_twin *list = arg, *x = &list[*(const uint32_t *)a], *y = &list[*(const uint32_t *)b];
	int d = cmp_ids(x->id, y->id);

	return d != 0 ? d : (x > y) - (x < y);
}

static bool
same_version(const struct lf_twin *a, const struct lf_twin *b)
{
	return a->valued && b->valued && cmp_ids(a->id, b->id) == 0 && memcmp(a->value, b->value, sizeof(a->value)) == 0;
}

/* For the time being the version of a twin is the place in the list of the first that equals it. */
static void
find_leaders(struct lf_twins *t, uint32_t *sorted)
{
	qsort_r(sorted, t->n, sizeof(*sorted), cmp_values, t->list);
	for (size_t i = 0; i < t->n; i++) {
		struct lf_twin *twin = &t->list[sorted[i]];
		bool same = i > 0 && same_version(&t->list[sorted[i - 1]], twin);
		twin->version = same ? t->list[sorted[i - 1]].version : sorted[i];
	}
}

/* Numbers the versions of one event, whose n twins are given in the order of the list. */
static void
number_versions(struct lf_twins *t, const uint32_t *event, size_t n)
{
	uint32_t versions = 0;

	for (size_t i = 0; i < n; i++) {
		struct lf_twin *twin = &t->list[event[i]];
		twin->version = twin->version == event[i] ? versions++ : t->list[twin->version].version;
	}
	for (size_t i = 0; i < n; i++)
		t->list[event[i]].conflict = versions > 1;
}

static void
number_events(struct lf_twins *t, uint32_t *sorted)
{
	size_t from = 0;

	qsort_r(sorted, t->n, sizeof(*sorted), cmp_events, t->list);
	for (size_t i = 1; i <= t->n; i++) {
		if (i < t->n && cmp_ids(t->list[sorted[i]].id, t->list[sorted[from]].id) == 0)
			continue;
		number_versions(t, sorted + from, i - from);
		from = i;
	}
}

int
lf_twins_settle(struct lf_twins *t, struct lf_err *err)
{
	uint32_t *sorted;

	assert(t->ids == NULL && !t->settled);
	if (t->n > 0) {
		sorted = malloc(t->n * sizeof(*sorted));
		if (sorted == NULL)
			return lf_err_nomem(err);
		for (size_t i = 0; i < t->n; i++)
			sorted[i] = (uint32_t)i;
		find_leaders(t, sorted);
		number_events(t, sorted);
		free(sorted);
	}
	t->settled = true;
	return 0;
}

uint32_t
lf_twins_version(const struct lf_twins *t, const struct lf_row *r, bool *conflict)
{
	const struct lf_twin *twin;
	size_t cursor = 0;
	uint64_t id[2];
	uint32_t i;

	assert(t->settled);
	*conflict = false;
	if (t->n == 0 || !id_of(t, r, id))
		return 0;
	while ((i = lf_index_next(&t->by_content, hash_of(id, r->content), &cursor)) != LF_INDEX_END) {
		twin = &t->list[i];
		if (cmp_ids(twin->id, id) == 0 && twin->content == r->content) {
			*conflict = twin->conflict;
			return twin->version;
		}
	}
	return 0;
}
