#include <stdlib.h>
#include <string.h>

#include "compare/group.h"

/* ---- Telling ---- */

static void
texts_of(const struct lf_note *n, struct lf_slice text[LF_DIFF_TEXTS])
{
	struct lf_slice account = lf_note_text(n, LF_NOTE_ACCOUNT);

	text[LF_DIFF_ID] = lf_note_text(n, LF_NOTE_ID);
	text[LF_DIFF_ACCOUNT] = account.len > 0 ? account : lf_note_text(n, LF_NOTE_SHOWN);
	text[LF_DIFF_REGION] = lf_note_text(n, LF_NOTE_REGION);
	text[LF_DIFF_SOURCE] = lf_note_text(n, LF_NOTE_SOURCE);
	text[LF_DIFF_NAME] = lf_note_text(n, LF_NOTE_NAME);
	text[LF_DIFF_PRINCIPAL] = lf_note_text(n, LF_NOTE_PRINCIPAL);
}

int
lf_group_tell(struct lf_group *g, const struct lf_note *n, enum lf_reason reason, struct lf_err *err)
{
	struct lf_diff *d = g->d;
	struct lf_item_head h = {.object = {LF_ITEM_ABSENT, LF_ITEM_ABSENT}, .time = n->time, .nanos = n->nanos};
	struct lf_slice text[LF_DIFF_TEXTS];
	bool partial = n->flags & LF_NOTE_PARTIAL;

	if (reason == LF_REASON_NONE)
		reason = lf_reason_absent(&d->side[!n->side].events.carried, n);
	if (lf_diff_outside(d, n->time, n->time)) {
		h.kind = LF_DIFF_OUTSIDE;
		d->summary.outside[n->side]++;
	} else if (reason != LF_REASON_NONE && reason != LF_REASON_CROWD) {
		h.kind = LF_DIFF_NOT_COMPARABLE;
		d->summary.not_comparable[n->side]++;
	} else {
		h.kind = n->side == 0 ? LF_DIFF_ONLY_A : LF_DIFF_ONLY_B;
		d->summary.only[n->side]++;
	}
	h.reason = h.kind == LF_DIFF_OUTSIDE ? LF_REASON_NONE : (uint8_t)reason;
	h.partial = (uint8_t)(partial << n->side);
	h.object[n->side] = n->object;
	h.record[n->side] = n->record;
	texts_of(n, text);
	return lf_diff_put(d, &h, text, (struct lf_slice){NULL, 0}, err);
}

/* Tells two versions that were compared. */
static int
tell_changed(struct lf_group *g, const struct lf_note *a, const struct lf_note *b, struct lf_err *err)
{
	const struct lf_note *shown = (a->flags & LF_NOTE_PARTIAL) ? b : a;
	struct lf_item_head h = {.kind = LF_DIFF_CHANGED, .object = {a->object, b->object}, .record = {a->record, b->record},
	    .time = shown->time, .nanos = shown->nanos, .n_fields = g->fields.n, .left_out = g->fields.left_out};
	struct lf_slice text[LF_DIFF_TEXTS];

	h.partial = (uint8_t)(((a->flags & LF_NOTE_PARTIAL) != 0) | ((b->flags & LF_NOTE_PARTIAL) != 0) << 1);
	g->d->summary.changed++;
	texts_of(shown, text);
	return lf_diff_put(g->d, &h, text, (struct lf_slice){lf_buf_str(&g->fields.out), g->fields.out.len}, err);
}

static int
read_value(struct lf_group *g, const struct lf_note *n, struct lf_err *err)
{
	struct lf_tree *v = &g->tree[n->side];

	if (lf_tree_read(v, &g->d->seed, &g->d->ignore, lf_note_raw(n)) != 0)
		return lf_err_nomem(err);
	/* A beginning says nothing of the rest: the hash of all does. */
	if (n->flags & LF_NOTE_CUT)
		((struct lf_tree_node *)(void *)v->nodes.data)->hash = n->content;
	return 0;
}

static int
compare(struct lf_group *g, const struct lf_note *a, const struct lf_note *b, struct lf_err *err)
{
	bool pa = a->flags & LF_NOTE_PARTIAL, pb = b->flags & LF_NOTE_PARTIAL;

	if (read_value(g, a, err) != 0 || read_value(g, b, err) != 0)
		return -1;
	g->fields.tells_errors = pa != pb && ((pa ? a : b)->flags & LF_NOTE_ERRORS) != 0;
	g->d->summary.partial += pa != pb;
	if (lf_fields_compare(&g->fields, &g->tree[0], &g->tree[1], pa == pb ? -1 : pb) != 0)
		return lf_err_nomem(err);
	if (g->fields.n > 0 || g->fields.left_out > 0)
		return tell_changed(g, a, b, err);
	g->d->summary.same++;
	return 0;
}

/* ---- Pairing ---- */

/* The versions that one side has alone, in the order of accounts, then of the evidence. */
struct rest {
	const struct lf_note *note[LF_GROUP_VERSIONS];
	size_t n;
};

static int
rest_cmp(const void *x, const void *y)
{
	const struct lf_note *a = *(const struct lf_note *const *)x, *b = *(const struct lf_note *const *)y;
	int d = lf_slice_cmp(lf_note_text(a, LF_NOTE_ACCOUNT), lf_note_text(b, LF_NOTE_ACCOUNT));

	if (d == 0)
		d = (a->object > b->object) - (a->object < b->object);
	return d != 0 ? d : (a->record > b->record) - (a->record < b->record);
}

static void
collect(const struct lf_group *g, unsigned side, struct rest *r)
{
	r->n = 0;
	for (size_t i = 0; i < g->n; i++)
		if (g->version[i].at[!side] == SIZE_MAX)
			r->note[r->n++] = lf_group_note(g, &g->version[i], side);
	if (r->n > 1)
		qsort(r->note, r->n, sizeof(r->note[0]), rest_cmp);
}

/* Whether two versions may be of one event: accounts are equal, or any when one is not stated. */
static bool
may_pair(const struct lf_note *a, const struct lf_note *b, bool stated)
{
	struct lf_slice x = lf_note_text(a, LF_NOTE_ACCOUNT), y = lf_note_text(b, LF_NOTE_ACCOUNT);

	return stated ? lf_slice_equal(x, y) : x.len == 0 || y.len == 0;
}

/* Pairs, of what is left, the first of b that fits to each of a, and compares. */
static int
pair_rests(struct lf_group *g, struct rest *a, struct rest *b, bool stated, size_t *pairs, struct lf_err *err)
{
	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n && a->note[i] != NULL; k++) {
			if (b->note[k] == NULL || !may_pair(a->note[i], b->note[k], stated))
				continue;
			if (compare(g, a->note[i], b->note[k], err) != 0)
				return -1;
			a->note[i] = b->note[k] = NULL;
			++*pairs;
		}
	return 0;
}

static int
tell_rest(struct lf_group *g, const struct rest *r, bool others, struct lf_err *err)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct lf_note *n = r->note[i];
		bool copy = n != NULL && others && (n->flags & LF_NOTE_PARTIAL);

		if (n != NULL && lf_group_tell(g, n, copy ? LF_REASON_CSV_COPY : LF_REASON_NONE, err) != 0)
			return -1;
	}
	return 0;
}

int
lf_group_pair(struct lf_group *g, struct lf_err *err)
{
	struct rest a, b;
	size_t pairs = 0;

	for (size_t i = 0; i < g->n; i++)
		pairs += lf_version_both(&g->version[i]);
	g->d->summary.same += pairs;
	collect(g, 0, &a);
	collect(g, 1, &b);
	if (pair_rests(g, &a, &b, true, &pairs, err) != 0 || pair_rests(g, &a, &b, false, &pairs, err) != 0)
		return -1;
	return tell_rest(g, &a, pairs > 0, err) != 0 ? -1 : tell_rest(g, &b, pairs > 0, err);
}
