/* The rows of a timeline, handed out in batches and expanded by whoever writes them. */
#include <stdlib.h>
#include <string.h>

#include "timeline/state.h"

/* ---- One thread ---- */

int
lf_timeline_rewind(struct lf_timeline *t, struct lf_err *err)
{
	struct lf_timeline_summary *s = &t->summary;

	/* What is counted while rows are handed out. */
	s->events = s->marks = s->duplicates = s->no_time = s->no_id = s->no_identity = 0;
	memset(s->integrity, 0, sizeof(s->integrity));
	s->first = s->last = LF_TIME_NONE;
	s->conflicts = 0;
	s->filtered = t->filtered;
	t->in_holes = 0;
	lf_index_free(&t->in_conflict);
	lf_list_free(&t->conflicts);
	lf_arena_reset(&t->pass);
	return lf_groups_rewind(&t->groups, err);
}

/* Whether a conflict of this id is under the hash: of account, or with NULL of any. */
static bool
is_counted(const struct lf_timeline *t, uint64_t hash, const char *id, const char *account)
{
	size_t cursor = 0;
	uint32_t i;

	while ((i = lf_index_next(&t->in_conflict, hash, &cursor)) != LF_INDEX_END) {
		const struct lf_timeline_conflict *c = lf_list_at(&t->conflicts, i);

		if (strcmp(c->id, id) == 0 && (account == NULL || strcmp(c->account, account) == 0))
			return true;
	}
	return false;
}

/* Counts the event of the newest conflict, unless another version of it was counted.  An unknown account is any. */
static int
count_conflict(struct lf_timeline *t, struct lf_err *err)
{
	const struct lf_seed *seed = &t->collect.seed;
	uint32_t i = t->conflicts.n - 1;
	const struct lf_timeline_conflict *c = lf_list_at(&t->conflicts, i);
	uint64_t any = lf_seed_hash(seed, c->id, strlen(c->id));
	uint64_t unknown = lf_seed_mix(seed, any, 0);
	uint64_t own = lf_seed_mix(seed, any, lf_seed_hash(seed, c->account, strlen(c->account)) | 1);
	bool nameless = c->account[0] == '\0';

	if (is_counted(t, nameless ? any : own, c->id, nameless ? NULL : c->account) ||
	    is_counted(t, unknown, c->id, ""))
		return 0;
	t->summary.conflicts++;
	if ((!is_counted(t, any, c->id, NULL) && lf_index_add(&t->in_conflict, any, i) != 0) ||
	    lf_index_add(&t->in_conflict, nameless ? unknown : own, i) != 0)
		return lf_err_nomem(err);
	return 0;
}

/* Keeps what lf_timeline_notes() says of a conflict. */
static int
keep_conflict(struct lf_timeline *t, const struct lf_row *r, struct lf_err *err)
{
	struct lf_timeline_conflict *c = lf_list_push(&t->conflicts);
	struct lf_slice id, account;
	struct lf_buf where;

	if (c == NULL)
		return lf_err_nomem(err);
	id = lf_row_value(r, LF_COL_ID);
	account = lf_row_value(r, LF_COL_ACCOUNT);
	lf_buf_init(&where);
	if (t->c != NULL) {
		lf_objects_locator(&t->objects, r->object, &where);
		lf_buf_printf(&where, "#%u", r->record);
	} else {
		lf_run_where(r, &where);
	}
	c->id = lf_arena_strndup(&t->pass, id.s, id.len);
	c->account = lf_arena_strndup(&t->pass, account.s, account.len);
	c->where = where.failed ? NULL : lf_arena_strndup(&t->pass, lf_buf_str(&where), where.len);
	lf_buf_free(&where);
	return c->id == NULL || c->account == NULL || c->where == NULL ? lf_err_nomem(err) : count_conflict(t, err);
}

/* What is proved of a row: an enum lf_integrity. */
static unsigned
integrity_of(const struct lf_timeline *t, const struct lf_row *r)
{
	if (t->c == NULL)
		return lf_run_integrity(r);
	if ((r->flags & LF_ROW_FURTHER) != 0)
		return t->integrity ? LF_INTEGRITY_NONE : LF_INTEGRITY_UNKNOWN;
	return lf_objects_at(&t->objects, r->object)->integrity;
}

static void
count(struct lf_timeline *t, const struct lf_row *r, const struct lf_group_row *g)
{
	struct lf_timeline_summary *s = &t->summary;
	unsigned integrity;

	if ((r->flags & LF_ROW_MARK) != 0) {
		s->marks++;
		return;
	}
	integrity = integrity_of(t, r);
	t->in_holes += t->c != NULL && (r->flags & LF_ROW_FURTHER) == 0 && lf_objects_at(&t->objects, r->object)->in_hole;
	s->events++;
	s->duplicates += g->copies;
	s->no_time += r->time == LF_TIME_NONE;
	s->no_id += lf_row_value(r, LF_COL_ID).len == 0;
	s->no_identity += (r->flags & LF_ROW_NO_IDENTITY) != 0;
	if (integrity < LF_INTEGRITY_UNKNOWN)
		s->integrity[integrity]++;
	if (r->time == LF_TIME_NONE)
		return;
	if (s->first == LF_TIME_NONE)
		s->first = r->time;
	s->last = r->time;
}

int
lf_timeline_take(struct lf_timeline *t, size_t max, struct lf_buf *batch, size_t *n, struct lf_err *err)
{
	const struct lf_group_row *g;
	const struct lf_row *r;
	struct lf_shown head;

	for (*n = 0; *n < max; ++*n) {
		if (lf_groups_next(&t->groups, &r, &g, err) != 0)
			return -1;
		if (r == NULL)
			break;
		if (g->places.len > UINT32_MAX - sizeof(head) - r->size)
			return lf_err_set(err, "an event has so many copies that their places are over 4 GiB");
		count(t, r, g);
		if (g->conflict && keep_conflict(t, r, err) != 0)
			return -1;
		head = (struct lf_shown){.places = (uint32_t)g->places.len, .copies = g->copies, .conflict = g->conflict,
		    .size = (uint32_t)(sizeof(head) + g->places.len + r->size)};
		lf_buf_add(batch, &head, sizeof(head));
		lf_buf_add(batch, g->places.data, g->places.len);
		lf_buf_add(batch, r, r->size);
		if (batch->failed)
			return lf_err_nomem(err);
	}
	return 0;
}

/* ---- Many threads ---- */

/* A text that is being written into the scratch, and where it begins. */
static struct lf_slice
span(size_t from, const struct lf_buf *b)
{
	/* s is an offset until all is written: the buffer may move. */
	return (struct lf_slice){(const char *)(uintptr_t)(from + 1), b->len - from};
}

void
lf_timeline_place(const struct lf_row *row, struct lf_buf *out)
{
	struct lf_place p = {row->object, row->record};

	lf_buf_add(out, &p, sizeof(p));
}

static int
place_cmp(const void *x, const void *y)
{
	const struct lf_place *a = x, *b = y;

	if (a->object != b->object)
		return a->object < b->object ? -1 : 1;
	return (a->record > b->record) - (a->record < b->record);
}

uint32_t
lf_timeline_settle(const struct lf_row *shown, struct lf_buf *places)
{
	size_t n = places->len / sizeof(struct lf_place);

	(void)shown;
	if (n > 1)
		qsort(places->data, n, sizeof(struct lf_place), place_cmp);
	return (uint32_t)n;
}

bool
lf_timeline_better(void *arg, const struct lf_row *copy, const struct lf_row *shown)
{
	return integrity_of(arg, copy) < integrity_of(arg, shown);
}

static void
put_place(const struct lf_timeline *t, struct lf_place p, struct lf_buf *out)
{
	lf_objects_locator(&t->objects, p.object, out);
	lf_buf_putc(out, '#');
	lf_buf_number(out, p.record);
}

/* Writes the columns that are not the event's own. */
static void
put_late(const struct lf_timeline *t, const struct lf_shown *s, const struct lf_row *r, struct lf_buf *b,
    struct lf_timeline_row *row)
{
	const struct lf_place *places = (const struct lf_place *)(const void *)(s + 1);
	size_t at = b->len;

	if (t->lineage != NULL) {
		lf_lineage_actor(t->lineage, &(struct lf_lineage_use){row->v[LF_COL_ACCESS_KEY], row->v[LF_COL_PRINCIPAL],
		    row->v[LF_COL_NAME], row->time, row->integrity}, b);
		row->v[LF_COL_ACTOR] = span(at, b);
	}
	at = b->len;
	lf_objects_locator(&t->objects, r->object, b);
	row->v[LF_COL_LOCATOR] = span(at, b);
	at = b->len;
	lf_buf_number(b, r->record);
	row->v[LF_COL_RECORD_INDEX] = span(at, b);
	at = b->len;
	for (uint32_t i = 0; i < s->copies; i++) {
		if (i > 0)
			lf_buf_putc(b, '\0');
		put_place(t, places[i], b);
	}
	row->v[LF_COL_ALSO_IN] = span(at, b);
}

/* The slices written into the scratch get their addresses, now that it moves no more. */
static void
settle(const struct lf_buf *b, struct lf_timeline_row *row)
{
	static const enum lf_column written[] = {LF_COL_ACTOR, LF_COL_LOCATOR, LF_COL_RECORD_INDEX, LF_COL_ALSO_IN};

	for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++) {
		struct lf_slice *v = &row->v[written[i]];
		uintptr_t at = (uintptr_t)v->s;

		*v = at == 0 ? (struct lf_slice){"", 0} : (struct lf_slice){b->data + (at - 1), v->len};
	}
}

bool
lf_timeline_expand(const struct lf_timeline *t, const struct lf_buf *batch, size_t *at,
    struct lf_timeline_scratch *scratch, struct lf_timeline_row *row)
{
	const struct lf_shown *s = (const struct lf_shown *)(const void *)(batch->data + *at);
	const struct lf_row *r;

	if (*at >= batch->len)
		return false;
	*at += s->size;
	r = lf_shown_row(s);
	memset(row, 0, sizeof(*row));
	lf_buf_reset(&scratch->text);
	lf_row_values(r, row->v);
	row->event = lf_row_joined(r);
	row->time = r->time;
	if (t->format == LF_TIMELINE_RECORDS)
		row->raw = lf_row_raw(r);
	else if (t->c != NULL)
		row->digest = lf_row_raw(r);
	row->conflict = s->conflict != 0;
	row->partial = (r->flags & LF_ROW_PARTIAL) != 0;
	row->copies = s->copies;
	row->integrity = LF_INTEGRITY_UNKNOWN;
	row->mark = (r->flags & LF_ROW_MARK) != 0;
	if (row->mark) {
		row->v[LF_COL_INTEGRITY] = (struct lf_slice){"", 0};
	} else if (t->c != NULL) {
		row->integrity = (enum lf_integrity)integrity_of(t, r);
		put_late(t, s, r, &scratch->text, row);
		if (scratch->text.failed)
			return false;
		settle(&scratch->text, row);
	} else {
		lf_run_expand(s, r, &scratch->text, row);
	}
	if (row->v[LF_COL_INTEGRITY].s == NULL)
		row->v[LF_COL_INTEGRITY] = (struct lf_slice){lf_integrity_names[row->integrity],
		    strlen(lf_integrity_names[row->integrity])};
	return !scratch->text.failed;
}
