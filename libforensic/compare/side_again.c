/* The second look at one side: marked records, and the hashes of objects. */
#include <stdlib.h>
#include <string.h>

#include "compare/side.h"

int
lf_side_mark(struct lf_side *s, uint32_t object, uint32_t record, struct lf_err *err)
{
	struct lf_side_object *o = lf_side_object(s, object);

	if (o->again == NULL && (o->again = calloc((size_t)o->n_records / 64 + 1, sizeof(*o->again))) == NULL)
		return lf_err_nomem(err);
	o->again[record / 64] |= UINT64_C(1) << record % 64;
	return 0;
}

int
lf_side_keep_hash(struct lf_side_object *o, const struct lf_side_batch *b, struct lf_err *err)
{
	if (!b->hashed || o->hash != NULL)
		return 0;
	if ((o->hash = malloc(LF_SHA256_LEN)) == NULL)
		return lf_err_nomem(err);
	memcpy(o->hash, b->hash, LF_SHA256_LEN);
	return 0;
}

static bool
wanted(const struct lf_side_object *o)
{
	return o->again != NULL || o->hash_wanted;
}

static bool
want(void *arg, uint32_t source, const char *place, size_t len, const struct lf_s3key *key)
{
	struct lf_side *s = arg;
	size_t cursor = 0;

	(void)key;
	return lf_objects_find(&s->objects, source, place, len, &cursor, &s->objects.path) != LF_INDEX_END;
}

static int
deliver(void *arg, void *product, struct lf_err *err)
{
	struct lf_side *s = arg;
	struct lf_side_batch *b = product;
	struct lf_side_object *o = b->object == LF_INDEX_END ? NULL : lf_side_object(s, b->object);
	struct lf_note *n;
	int rc = 0;

	if (o != NULL && !o->again_done) {
		for (size_t at = 0; at < b->notes.len; at += n->size) {
			n = (struct lf_note *)(void *)(b->notes.data + at);
			n->object = b->object;
		}
		if (b->notes.len > 0)
			rc = s->take(s->take_arg, &b->notes, err);
		if (rc == 0)
			rc = lf_side_keep_hash(o, b, err);
		o->again_done = true;
	}
	lf_side_drop(s, b);
	return rc;
}

uint64_t
lf_side_exact(const struct lf_side *s, uint32_t source, const char *place, size_t len, uint64_t content)
{
	return lf_seed_mix(s->seed, lf_seed_mix(s->seed, content, source), lf_seed_hash(s->seed, place, len));
}

/* Makes an object findable by its place, and by that and its content. */
static int
index_object(struct lf_side *s, uint32_t number, struct lf_err *err)
{
	const struct lf_timeline_object *row = lf_objects_at(&s->objects, number);
	uint32_t source = lf_names_group(&s->objects.names, &row->name)->source;
	struct lf_buf *path = &s->objects.path;
	uint64_t hash;

	if (lf_objects_index(&s->objects, number, err) != 0)
		return -1;
	lf_buf_reset(path);
	lf_names_path(&s->objects.names, &row->name, path);
	hash = lf_side_exact(s, source, lf_buf_str(path), path->len, row->content);
	return path->failed || lf_index_add(&s->exact, hash, number) != 0 ? lf_err_nomem(err) : 0;
}

/* Makes the objects that are wanted findable. */
static int
index_wanted(struct lf_side *s, bool *any, struct lf_err *err)
{
	*any = false;
	lf_index_free(&s->objects.by_name);
	lf_index_free(&s->exact);
	lf_index_init(&s->objects.by_name);
	lf_index_init(&s->exact);
	for (uint32_t i = 0; i < s->more.n; i++) {
		lf_side_object(s, i)->again_done = false;
		if (!wanted(lf_side_object(s, i)))
			continue;
		*any = true;
		if (index_object(s, i, err) != 0)
			return -1;
	}
	return 0;
}

/* Forgets the marks.  What was not found again has changed since. */
static int
settle(struct lf_side *s, struct lf_err *err)
{
	struct lf_buf locator;
	int rc = 0;

	lf_buf_init(&locator);
	for (uint32_t i = 0; i < s->more.n && rc == 0; i++) {
		struct lf_side_object *o = lf_side_object(s, i);

		if (wanted(o) && !o->again_done) {
			lf_buf_reset(&locator);
			lf_objects_locator(&s->objects, i, &locator);
			rc = locator.failed ? lf_err_nomem(err) : lf_side_skip(s, lf_buf_str(&locator), locator.len,
			    "changed while it was compared: its differences are not all told", err);
		}
		free(o->again);
		o->again = NULL;
		o->hash_wanted = false;
	}
	lf_buf_free(&locator);
	return rc;
}

int
lf_side_read_again(struct lf_side *s, lf_side_take_fn *take, void *arg, struct lf_err *err)
{
	struct lf_case *c = s->c;
	struct lf_reader_total *totals = calloc(c->n_sources + 1, sizeof(*totals));
	struct lf_reader reader = {.sources = c->sources, .n_sources = c->n_sources, .limits = c->limits, .jobs = c->jobs,
	    .weight = lf_side_weight, .bound = LF_SIDE_WAITING, .unhashed = true, .want = want, .work = lf_side_work_again,
	    .deliver = deliver, .drop = lf_side_drop, .arg = s, .totals = totals};
	bool any = false;
	int rc = totals == NULL ? lf_err_nomem(err) : index_wanted(s, &any, err);

	s->take = take;
	s->take_arg = arg;
	if (rc == 0 && any)
		rc = lf_reader_run(&reader, LF_PASS_AGAIN, err);
	if (rc == 0)
		rc = settle(s, err);
	free(totals);
	return rc;
}
