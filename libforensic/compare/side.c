#include "compare/side.h"

#include <stdlib.h>
#include <string.h>

#include "compare/diff.h"
#include "proof/rows.h"
#include "proof/verify.h"
#include "timeline/integrity.h"

/* ---- Making ---- */

int
lf_side_init(struct lf_side *s, struct lf_err *err)
{
	lf_arena_init(&s->arena);
	lf_list_init(&s->more, sizeof(struct lf_side_object));
	lf_list_init(&s->skipped, sizeof(struct lf_diff_skip));
	lf_index_init(&s->exact);
	lf_index_init(&s->twins);
	s->events.first = s->events.last = LF_TIME_NONE;
	s->collect.select = &s->c->select;
	s->collect.max_object = s->c->limits.max_object;
	if (lf_objects_init(&s->objects, s->c->sources, err) != 0)
		return -1;
	if (lf_scribes_init(&s->collect.scribes, err) != 0)
		return -1;
	s->collect.scribes.free_own = lf_side_free_own;
	return 0;
}

void
lf_side_free(struct lf_side *s)
{
	for (uint32_t i = 0; i < s->more.n; i++) {
		free(lf_side_object(s, i)->again);
		free(lf_side_object(s, i)->hash);
	}
	lf_list_free(&s->more);
	lf_list_free(&s->skipped);
	lf_index_free(&s->exact);
	lf_index_free(&s->twins);
	lf_objects_free(&s->objects);
	lf_scribes_free(&s->collect.scribes);
	lf_arena_free(&s->arena);
}

int
lf_side_skip(struct lf_side *s, const char *locator, size_t len, const char *reason, struct lf_err *err)
{
	struct lf_diff_skip *skip = lf_list_push(&s->skipped);

	if (skip == NULL)
		return lf_err_nomem(err);
	skip->locator = lf_arena_strndup(&s->arena, locator, len);
	skip->reason = lf_arena_strdup(&s->arena, reason);
	return skip->locator == NULL || skip->reason == NULL ? lf_err_nomem(err) : 0;
}

/* ---- Keys ---- */

void
lf_side_key(const struct lf_side *s, uint32_t object, struct lf_buf *out)
{
	const struct lf_timeline_object *row = lf_objects_at(&s->objects, object);
	const struct lf_source *source = s->c->sources[lf_names_group(&s->objects.names, &row->name)->source];
	size_t before = out->len, len, name = strlen(source->name);
	struct lf_s3key key;

	lf_names_path(&s->objects.names, &row->name, out);
	if (out->failed)
		return;
	len = out->len - before;
	lf_s3key_read(out->data + before, len, &key);
	if (key.key.len > 0) {
		memmove(out->data + before, key.key.s, key.key.len);
		out->len = before + key.key.len;
	} else if (source->kind == LF_SOURCE_FILE) {
		out->len = before;
	} else if (source->kind == LF_SOURCE_FOLDER && len > name && out->data[before + name] == '/') {
		memmove(out->data + before, out->data + before + name + 1, len - name - 1);
		out->len -= name + 1;
	}
}

/* ---- The first pass ---- */

/* Whether digests are read for what they say of logs. */
static bool
is_proved(const struct lf_side *s)
{
	return s->integrity || s->c->select.n_trails > 0;
}

static bool
want(void *arg, uint32_t source, const char *place, size_t len, const struct lf_s3key *key)
{
	struct lf_side *s = arg;
	enum lf_wanted w = lf_collect_wants(&s->collect, key);

	(void)source;
	(void)place;
	(void)len;
	if (key->kind == LF_KEY_DIGEST && !s->digests && !is_proved(s))
		return false;
	s->dated += w == LF_DATED;
	return w == LF_WANTED;
}

/* Whether an object itself is compared. */
static bool
is_listed(const struct lf_side *s, const struct lf_s3key *key)
{
	const struct lf_select *select = &s->c->select;

	if (key->kind != LF_KEY_LOG && key->kind != LF_KEY_DIGEST)
		return select->n_accounts + select->n_regions == 0 && lf_select_homeless(select);
	if (key->stamp != LF_TIME_NONE && !lf_select_time(select, key->stamp))
		return false;
	return lf_select_place(select, key->account.s, key->account.len, key->region.s, key->region.len);
}

/* Whether a digest is one of a trail that was asked for, by its key. */
static bool
of_trail(const struct lf_select *s, struct lf_slice trail)
{
	bool found = s->n_trails == 0;

	for (size_t i = 0; i < s->n_trails && !found; i++)
		found = lf_slice_is(trail, s->trails[i]);
	return found;
}

/* Gives the batch what is known of its twin, and tells that, unless it has one already. */
static void
take_twin(struct lf_side *s, struct lf_side_batch *b, uint32_t number)
{
	struct lf_side_object *twin = lf_side_object(s->other, b->twin);

	b->events = twin->events;
	b->n_records = twin->n_records;
	b->first = twin->first;
	b->last = twin->last;
	s->other->any_twin = true;
	if (twin->twin == LF_INDEX_END)
		twin->twin = number;
	else
		s->duplicates += b->events.n;
}

/* Makes the events of side A known; those of side B that are told by one of them are marked there. */
static int
echo(struct lf_side *s, const struct lf_side_batch *b, struct lf_err *err)
{
	const uint64_t *same = (const uint64_t *)(const void *)b->echoes.data;
	const struct lf_note *n;

	if (s->echoes == NULL)
		return 0;
	for (size_t i = 0; i < b->echoes.len / sizeof(*same); i++)
		s->duplicates += lf_echoes_mark(s->echoes, same[i]);
	for (size_t at = 0; at < b->notes.len && s->number == 0; at += n->size) {
		n = (const struct lf_note *)(const void *)(b->notes.data + at);
		if (lf_echoes_add(s->echoes, n->same) != 0)
			return lf_err_nomem(err);
	}
	return 0;
}

/* Adds the object of a batch, and gives its notes their number. */
static int
add_object(struct lf_side *s, struct lf_side_batch *b, uint32_t present, struct lf_err *err)
{
	uint32_t number = s->objects.rows.n;
	struct lf_timeline_object *row;
	struct lf_side_object *more;
	struct lf_s3key key;
	struct lf_note *n;

	lf_s3key_read(b->locator + b->place, b->len - b->place, &key);
	if ((row = lf_objects_add(&s->objects, b->source, b->locator + b->place, b->len - b->place, &key, err)) == NULL)
		return -1;
	if ((more = lf_list_push(&s->more)) == NULL)
		return lf_err_nomem(err);
	row->content = b->content;
	row->present = present;
	row->integrity = LF_INTEGRITY_UNKNOWN;
	if (b->twin != LF_INDEX_END)
		take_twin(s, b, number);
	more->n_records = b->n_records;
	more->events = b->events;
	more->twin = LF_INDEX_END;
	more->whole = b->whole;
	more->first = b->first == LF_TIME_NONE ? key.stamp : b->first;
	more->last = b->last == LF_TIME_NONE ? key.stamp : b->last;
	if (key.kind != LF_KEY_LOG && key.kind != LF_KEY_DIGEST && b->first == LF_TIME_NONE)
		more->first = more->last = LF_TIME_NONE;
	more->unread = b->unread;
	more->has_key = key.key.len > 0;
	more->listed = is_listed(s, &key);
	more->hidden = key.kind == LF_KEY_DIGEST && !of_trail(&s->c->select, key.trail);
	for (size_t at = 0; at < b->notes.len; at += n->size) {
		n = (struct lf_note *)(void *)(b->notes.data + at);
		n->object = number;
	}
	return lf_side_keep_hash(more, b, err);
}

static int
deliver(void *arg, void *product, uint32_t present, struct lf_err *err)
{
	struct lf_side *s = arg;
	struct lf_side_batch *b = product;
	int rc = add_object(s, b, present, err);

	if (rc == 0 && b->problem != NULL)
		rc = lf_side_skip(s, b->locator, b->len, b->problem, err);
	if (rc == 0)
		rc = echo(s, b, err);
	if (rc == 0 && b->notes.len > 0)
		rc = s->take(s->take_arg, &b->notes, err);
	lf_side_drop(s, b);
	return rc;
}

static int
deliver_alone(void *arg, void *product, struct lf_err *err)
{
	return deliver(arg, product, LF_NONE, err);
}

static const char capped[] = "more than --max-total was inflated: the rest of it was not read";

static int
read_alone(struct lf_side *s, struct lf_err *err)
{
	struct lf_case *c = s->c;
	struct lf_reader_total *totals = calloc(c->n_sources + 1, sizeof(*totals));
	struct lf_reader reader = {.sources = c->sources, .n_sources = c->n_sources, .limits = c->limits, .jobs = c->jobs,
	    .weight = lf_side_weight, .bound = LF_SIDE_WAITING, .unhashed = true, .want = want, .work = lf_side_work,
	    .deliver = deliver_alone, .drop = lf_side_drop, .arg = s, .progress = c->progress,
	    .progress_arg = c->progress_arg, .totals = totals};
	int rc;

	if (totals == NULL)
		return lf_err_nomem(err);
	rc = reader.progress == NULL ? 0 : lf_reader_run(&reader, LF_PASS_COUNT, err);
	if (rc == 0)
		rc = lf_reader_run(&reader, LF_PASS_ONE, err);
	for (size_t i = 0; i < c->n_sources && rc == 0; i++)
		if (totals[i].capped)
			rc = lf_side_skip(s, c->sources[i]->name, strlen(c->sources[i]->name), capped, err);
	free(totals);
	return rc;
}

/* Sets integrity and hidden of every log, and notes what the reader gave up. */
static int
judge(struct lf_side *s, const struct lf_proof *p, struct lf_err *err)
{
	uint8_t *known = lf_integrity_of_logs(p, err);
	bool *of_trails = lf_integrity_trails(p, &s->c->select, err);
	int rc = known == NULL || of_trails == NULL ? -1 : 0;

	for (uint32_t i = 0; rc == 0 && i < s->objects.rows.n; i++) {
		struct lf_timeline_object *row = lf_objects_at(&s->objects, i);
		/* The last is for objects that are no logs. */
		uint32_t at = row->present == LF_NONE ? p->body.present.n : row->present;

		/* A digest is what proves, and nothing is said of it here. */
		if (lf_names_group(&s->objects.names, &row->name)->kind == LF_KEY_DIGEST)
			continue;
		if (s->integrity)
			row->integrity = known[at];
		lf_side_object(s, i)->hidden = s->c->select.n_trails > 0 && !of_trails[at];
	}
	for (uint32_t i = 0; rc == 0 && i < p->body.skipped.list.n; i++) {
		const struct lf_skip *skip = lf_skips_at(&p->body.skipped, i);

		for (size_t k = 0; k < s->c->n_sources && rc == 0; k++)
			if (strcmp(skip->reason, capped) == 0 && strcmp(skip->locator, s->c->sources[k]->name) == 0)
				rc = lf_side_skip(s, skip->locator, strlen(skip->locator), capped, err);
	}
	free(known);
	free(of_trails);
	return rc;
}

static int
read_proving(struct lf_side *s, struct lf_err *err)
{
	const struct lf_listener listener = {.weight = lf_side_weight, .bound = LF_SIDE_WAITING, .want = want,
	    .work = lf_side_work, .deliver = deliver, .drop = lf_side_drop, .arg = s};
	struct lf_result *r;
	int rc;

	if (lf_verify_listen(s->c, false, &listener, &r, err) != 0)
		return -1;
	rc = judge(s, r->proof, err);
	lf_result_free(r);
	return rc;
}

static const char no_trail[] = "no digest here lists logs of the trails that were asked for: nothing of it is compared";

/* Adds up what the objects of the trails that were asked for hold. */
static int
add_up(struct lf_side *s, struct lf_err *err)
{
	int rc = 0;

	for (uint32_t i = 0; i < s->more.n; i++) {
		const struct lf_side_object *o = lf_side_object(s, i);
		const struct lf_timeline_object *row = lf_objects_at(&s->objects, i);

		s->any_hidden |= o->hidden;
		if (o->hidden)
			continue;
		s->n_objects++;
		s->n_keyed += o->has_key && o->listed;
		s->events.n += o->events.n;
		s->events.carried.forms |= o->events.n > 0 ? o->events.carried.forms : 0;
		s->events.carried.categories |= o->events.carried.categories;
		lf_side_widen(o->events.first, &s->events.first, &s->events.last);
		lf_side_widen(o->events.last, &s->events.first, &s->events.last);
		if (s->objects_only && lf_names_group(&s->objects.names, &row->name)->kind == LF_KEY_LOG)
			lf_side_widen(o->first, &s->events.first, &s->events.last);
	}
	for (size_t i = 0; i < s->c->n_sources && rc == 0 && s->n_objects == 0 && s->more.n > 0; i++)
		rc = lf_side_skip(s, s->c->sources[i]->name, strlen(s->c->sources[i]->name), no_trail, err);
	return rc;
}

int
lf_side_read(struct lf_side *s, lf_side_take_fn *take, void *arg, struct lf_err *err)
{
	struct lf_side *a = s->other;
	int rc = a == NULL ? 0 : lf_side_index_twins(a, err);

	s->take = take;
	s->take_arg = arg;
	if (rc == 0)
		rc = is_proved(s) ? read_proving(s, err) : read_alone(s, err);
	if (a != NULL)
		lf_index_free(&a->twins);
	return rc != 0 ? -1 : add_up(s, err);
}
