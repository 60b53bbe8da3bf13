/* Second look: records that share an id and differ in bytes are read again, to be compared as JSON values. */
#include <stdlib.h>
#include <string.h>

#include "record/canonical.h"
#include "record/envelope.h"
#include "timeline/contents.h"
#include "timeline/state.h"

/* One run over the objects that hold twins. */
struct look {
	struct lf_timeline *t;
	struct lf_index exact; /* objects by place and content */
	struct lf_buf path; /* of want() and index_object() */
};

/* What a worker found in one object: values of its twins. */
struct found {
	uint32_t object;
	struct lf_buf values; /* struct value, one after another */
};

struct value {
	uint32_t record;
	unsigned char hash[LF_SHA256_LEN];
};

static void
drop(void *arg, void *product)
{
	struct found *f = product;

	(void)arg;
	if (f == NULL)
		return;
	lf_buf_free(&f->values);
	free(f);
}

static bool
want(void *arg, uint32_t source, const char *place, size_t len, const struct lf_s3key *key)
{
	struct look *l = arg;
	size_t cursor = 0;

	(void)key;
	return lf_objects_find(&l->t->objects, source, place, len, &cursor, &l->path) != LF_INDEX_END;
}

/* Entries of one name are told apart by their content, in one step: an archive may hold very many. */
static uint64_t
exact_hash(const struct look *l, uint32_t source, const char *place, size_t len, uint64_t content)
{
	const struct lf_seed *seed = &l->t->collect.seed;

	return lf_seed_mix(seed, lf_seed_mix(seed, content, source), lf_seed_hash(seed, place, len));
}

/* Makes an object findable by its place, and by that and its content. */
static int
index_object(struct look *l, uint32_t number, struct lf_err *err)
{
	struct lf_objects *t = &l->t->objects;
	const struct lf_timeline_object *o = lf_objects_at(t, number);
	uint32_t source = lf_names_group(&t->names, &o->name)->source;
	uint64_t hash;

	if (lf_objects_index(t, number, err) != 0)
		return -1;
	lf_buf_reset(&l->path);
	lf_names_path(&t->names, &o->name, &l->path);
	hash = exact_hash(l, source, lf_buf_str(&l->path), l->path.len, o->content);
	return l->path.failed || lf_index_add(&l->exact, hash, number) != 0 ? lf_err_nomem(err) : 0;
}

/* The object of rows that this is, by place and content; LF_INDEX_END when it is none, or changed. */
static uint32_t
object_of(const struct look *l, const struct lf_object *o, struct lf_buf *path)
{
	uint64_t content = lf_seed_hash(&l->t->collect.seed, lf_buf_str(&o->item->stored), o->item->stored.len);
	uint64_t hash = exact_hash(l, o->source, o->place, o->place_len, content);
	size_t cursor = 0;
	uint32_t i;

	while ((i = lf_index_next(&l->exact, hash, &cursor)) != LF_INDEX_END)
		if (lf_objects_at(&l->t->objects, i)->content == content &&
		    lf_objects_lies(&l->t->objects, i, o->source, o->place, o->place_len, path))
			return i;
	return LF_INDEX_END;
}

/* What a worker needs for one object. */
struct tools {
	struct lf_envelope *envelope;
	struct lf_inflater *inflater;
	struct lf_canonical *canonical;
	struct lf_buf path;
};

/* Takes the values of the twins in one text, whose first record has the number *first; moves that on. */
static int
take_text(const struct look *l, struct tools *k, const struct lf_object *o, const char *text, size_t len, struct found *f,
    uint32_t *first, struct lf_err *err)
{
	struct lf_event e;
	struct value v;
	uint32_t n = 0;
	int rc;

	lf_envelope_start(k->envelope, text, len, NULL);
	lf_envelope_beside(k->envelope, o->beside);
	while ((rc = lf_envelope_next(k->envelope, &e)) == 1) {
		n = (uint32_t)lf_envelope_index(k->envelope) + 1;
		v.record = *first + n - 1;
		if (lf_twins_at(&l->t->twins, f->object, v.record) == NULL)
			continue;
		if (lf_canonical_hash(k->canonical, e.raw, v.hash) != 0)
			return lf_err_nomem(err);
		lf_buf_add(&f->values, &v, sizeof(v));
	}
	*first += n;
	return rc < 0 || f->values.failed ? lf_err_nomem(err) : 0;
}

static int
take_values(const struct look *l, struct tools *k, struct found *f, const struct lf_object *o, struct lf_err *err)
{
	struct lf_contents t;
	const char *text;
	uint32_t first = 0;
	size_t len;
	int rc;

	if ((k->envelope = lf_envelope_new(err)) == NULL || (k->canonical = lf_canonical_new(err)) == NULL)
		return -1;
	lf_contents_start(&t, o, l->t->c->limits.max_object, &k->inflater);
	while ((rc = lf_contents_next(&t, &text, &len, err)) == 1)
		if (take_text(l, k, o, text, len, f, &first, err) != 0)
			return -1;
	return rc;
}

static int
work(void *arg, const struct lf_object *o, void **product, struct lf_err *err)
{
	struct look *l = arg;
	struct found *f = calloc(1, sizeof(*f));
	struct tools k = {0};
	int rc = 0;

	if (f == NULL)
		return lf_err_nomem(err);
	*product = f;
	lf_buf_init(&f->values);
	lf_buf_init(&k.path);
	f->object = o->problem == NULL && o->gz.data != NULL ? object_of(l, o, &k.path) : LF_INDEX_END;
	if (f->object != LF_INDEX_END)
		rc = take_values(l, &k, f, o, err);
	lf_envelope_free(k.envelope);
	lf_inflater_free(k.inflater);
	lf_canonical_free(k.canonical);
	lf_buf_free(&k.path);
	return rc;
}

static int
deliver(void *arg, void *product, struct lf_err *err)
{
	struct look *l = arg;
	struct found *f = product;
	struct value v;

	(void)err;
	for (size_t at = 0; at < f->values.len; at += sizeof(v)) {
		struct lf_twin *twin;

		memcpy(&v, f->values.data + at, sizeof(v));
		twin = lf_twins_at(&l->t->twins, f->object, v.record);
		memcpy(twin->value, v.hash, sizeof(twin->value));
		twin->valued = true;
	}
	drop(arg, f);
	return 0;
}

int
lf_timeline_look_again(struct lf_timeline *t, struct lf_err *err)
{
	struct lf_reader_total *totals = calloc(t->c->n_sources + 1, sizeof(*totals));
	struct look l = {.t = t};
	struct lf_reader reader = {.sources = t->c->sources, .n_sources = t->c->n_sources, .limits = t->c->limits,
	    .jobs = t->c->jobs, .unhashed = true, .want = want, .work = work, .deliver = deliver, .drop = drop, .arg = &l,
	    .totals = totals};
	int rc = totals == NULL ? lf_err_nomem(err) : 0;

	lf_buf_init(&l.path);
	lf_index_init(&l.exact);
	for (uint32_t i = 0; i < t->objects.rows.n && rc == 0; i++)
		if (lf_twins_want(&t->twins, i))
			rc = index_object(&l, i, err);
	if (rc == 0)
		rc = lf_reader_run(&reader, LF_PASS_AGAIN, err);
	lf_index_free(&l.exact);
	lf_buf_free(&l.path);
	free(totals);
	return rc;
}
