#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "compare/fingerprint.h"
#include "compare/side.h"
#include "timeline/harvest.h"

/* What a worker keeps from object to object, in its scribe. */
struct own {
	struct lf_fingerprint *fingerprint;
	struct lf_hash *hash;
	struct lf_item peer; /* path and open folder of the object's like on the other side */
};

/* An object on its way into a batch. */
struct taking {
	struct lf_side *s;
	const struct lf_object *o;
	struct lf_side_batch *batch;
	const uint64_t *again; /* the records to take; NULL for all */
	struct lf_scribe *scribe;
	struct own *own; /* of the scribe */
};

/* ---- What a worker keeps ---- */

void
lf_side_free_own(void *arg)
{
	struct own *own = arg;

	lf_fingerprint_free(own->fingerprint);
	lf_hash_free(own->hash);
	lf_item_free(&own->peer);
	free(own);
}

static struct own *
own_new(const struct lf_side *s, struct lf_err *err)
{
	struct own *own = calloc(1, sizeof(*own));

	if (own == NULL) {
		lf_err_nomem(err);
		return NULL;
	}
	lf_item_init(&own->peer);
	if ((own->hash = lf_hash_new(err)) == NULL)
		goto out;
	if ((own->fingerprint = lf_fingerprint_new(s->seed, s->ignore)) != NULL)
		return own;
	lf_err_nomem(err);
out:
	lf_side_free_own(own);
	return NULL;
}

/* Takes a scribe for the object. */
static int
begin(struct taking *t, struct lf_err *err)
{
	if ((t->scribe = lf_scribes_borrow(&t->s->collect.scribes, err)) == NULL)
		return -1;
	if (t->scribe->own == NULL)
		t->scribe->own = own_new(t->s, err);
	t->own = t->scribe->own;
	return t->own == NULL ? -1 : 0;
}

static void
end(struct taking *t)
{
	lf_scribes_return(&t->s->collect.scribes, t->scribe);
}

/* ---- Batches ---- */

static struct lf_side_batch *
new_batch(const struct lf_object *o)
{
	struct lf_side_batch *b = calloc(1, sizeof(*b) + o->locator_len + 1);

	if (b == NULL)
		return NULL;
	lf_buf_init(&b->notes);
	lf_buf_init(&b->echoes);
	b->source = o->source;
	b->object = LF_INDEX_END;
	b->twin = LF_INDEX_END;
	b->first = b->last = b->events.first = b->events.last = LF_TIME_NONE;
	b->len = o->locator_len;
	b->place = (size_t)(o->place - o->locator);
	memcpy(b->locator, o->locator, o->locator_len);
	return b;
}

void
lf_side_drop(void *arg, void *product)
{
	struct lf_side_batch *b = product;

	(void)arg;
	if (b == NULL)
		return;
	lf_buf_free(&b->notes);
	lf_buf_free(&b->echoes);
	free(b->problem);
	free(b);
}

uint64_t
lf_side_weight(void *arg, const void *product)
{
	const struct lf_side_batch *b = product;

	(void)arg;
	return sizeof(*b) + b->len + b->notes.cap + b->echoes.cap;
}

/* The record as it is carried, on one line; of one that is too large its beginning. */
static void
carried_record(struct lf_scribe *s, const struct lf_event *e, struct lf_note_of *of)
{
	of->cut = e->raw.len > LF_TREE_MAX;
	if (of->cut) {
		of->raw = (struct lf_slice){e->raw.s, LF_NOTE_CUT_TO};
		return;
	}
	lf_buf_reset(&s->raw);
	lf_json_compact(e->raw, &s->raw);
	of->raw = (struct lf_slice){lf_buf_str(&s->raw), s->raw.len};
}

/* ---- The first pass ---- */

/* Of an event of side B that side A has, too, no more than that is kept: its note, which begins at before, goes. */
static int
take_echo(const struct taking *t, size_t before, struct lf_err *err)
{
	struct lf_side_batch *b = t->batch;
	const struct lf_note *n = (const struct lf_note *)(const void *)(b->notes.data + before);

	if (t->s->number == 0 || t->s->echoes == NULL || !lf_echoes_has(t->s->echoes, n->same))
		return 0;
	lf_buf_add(&b->echoes, &n->same, sizeof(n->same));
	b->notes.len = before;
	return b->echoes.failed ? lf_err_nomem(err) : 0;
}

static int
take_event(void *arg, struct lf_scribe *s, const struct lf_event *e, uint32_t index, struct lf_err *err)
{
	struct taking *t = arg;
	struct lf_side_batch *b = t->batch;
	struct lf_note_of of = {.side = t->s->number, .record = index};
	size_t before = b->notes.len;
	const struct lf_note *n;
	struct lf_values v;

	b->n_records = index + 1;
	if (lf_values_of(e, &s->values, &v) != 0)
		return lf_err_nomem(err);
	lf_side_widen(v.time, &b->first, &b->last);
	b->events.carried.forms |= 1u << lf_envelope_form(s->envelope);
	/* No digest vouches for what stands behind the first gzip member, so that it is of no trail. */
	if (!lf_collect_selects(t->s->collect.select, &t->o->key, &v) || (s->further && t->s->collect.select->n_trails > 0))
		return 0;
	if (lf_fingerprint_of(t->own->fingerprint, e->raw, &of.content) != 0)
		return lf_err_nomem(err);
	lf_note_pack(&b->notes, e, &v, t->s->seed, &of, &s->scratch);
	if (b->notes.failed)
		return lf_err_nomem(err);
	n = (const struct lf_note *)(const void *)(b->notes.data + before);
	b->events.carried.categories |= 1u << n->category;
	b->events.n++;
	lf_side_widen(v.time, &b->events.first, &b->events.last);
	return take_echo(t, before, err);
}

/* What could not be read of an object whose events nobody asked for. */
static int
problem_of(const struct lf_object *o, char **problem, struct lf_err *err)
{
	const char *text = o->problem != NULL ? o->problem : o->gz.state > LF_GZIP_WHOLE
	    ? lf_gzip_state_text(o->gz.state) : NULL;

	*problem = text == NULL ? NULL : strdup(text);
	return text != NULL && *problem == NULL ? lf_err_nomem(err) : 0;
}

static int
harvest(struct taking *t, int (*take)(void *, struct lf_scribe *, const struct lf_event *, uint32_t, struct lf_err *),
    char **problem, struct lf_err *err)
{
	struct lf_harvest h = {.max_object = t->s->collect.max_object, .take = take, .arg = t};

	return lf_harvest_object(t->scribe, t->o, &h, problem, err);
}

static int
hash_object(const struct taking *t, struct lf_err *err)
{
	if (t->o->hashed)
		memcpy(t->batch->hash, t->o->hash, LF_SHA256_LEN);
	else if (lf_hash_bytes(t->own->hash, t->o->gz.data, t->o->gz.len, t->batch->hash) != 0)
		return lf_err_set(err, "SHA-256 failed in OpenSSL");
	t->batch->hashed = true;
	return 0;
}

/*
 * Whether it looks as if side B had an object of the same key and other content: a file at the same path, of another
 * size.  What is told does not depend on it: an object that it has not hashed is read again where its hash is needed.
 */
static bool
seems_changed(const struct taking *t)
{
	const struct lf_buf *path = &t->o->item->path;
	struct lf_item *peer = &t->own->peer;
	int64_t size;

	if (t->s->peer == NULL || t->o->key.key.len == 0)
		return false;
	lf_buf_reset(&peer->path);
	lf_buf_add(&peer->path, lf_buf_str(path), path->len);
	size = lf_source_size(t->s->peer, peer);
	return size >= 0 && (uint64_t)size != t->o->item->stored.len;
}

/* The first look at an object that was read, but for its events: its content, its twin, and the hash it may need. */
static int
identify(const struct taking *t, struct lf_err *err)
{
	struct lf_side_batch *b = t->batch;
	const struct lf_object *o = t->o;
	bool rival = false;

	b->unread = o->problem != NULL || o->gz.data == NULL || o->gz.state == LF_GZIP_TOO_LARGE ||
	    o->gz.state == LF_GZIP_RATIO;
	if (o->gz.data != NULL)
		b->content = lf_seed_hash(t->s->seed, o->gz.data, o->gz.len);
	if (t->s->other != NULL && lf_side_find_twin(t->s->other, o, b->content, &b->twin, &rival, err) != 0)
		return -1;
	if (b->unread || !t->s->digests)
		return 0;
	/* What will be told as changed needs not be read again for its hash. */
	return rival || o->hashed || seems_changed(t) ? hash_object(t, err) : 0;
}

static int
examine(struct taking *t, struct lf_err *err)
{
	struct lf_side_batch *b = t->batch;

	if (identify(t, err) != 0)
		return -1;
	if (t->s->objects_only)
		return problem_of(t->o, &b->problem, err);
	if (b->twin != LF_INDEX_END)
		return 0;
	if (harvest(t, take_event, &b->problem, err) != 0)
		return -1;
	b->whole = b->problem == NULL && lf_side_is_whole(t->o);
	return 0;
}

int
lf_side_work(void *arg, const struct lf_object *o, void **product, struct lf_err *err)
{
	struct taking t = {.s = arg, .o = o, .batch = new_batch(o)};
	int rc;

	if ((*product = t.batch) == NULL)
		return lf_err_nomem(err);
	rc = begin(&t, err) != 0 ? -1 : examine(&t, err);
	end(&t);
	return rc;
}

/* ---- Again ---- */

static int
take_again(void *arg, struct lf_scribe *s, const struct lf_event *e, uint32_t index, struct lf_err *err)
{
	struct taking *t = arg;
	struct lf_note_of of = {.side = t->s->number, .record = index};
	struct lf_values v;

	if (!(t->again[index / 64] >> index % 64 & 1))
		return 0;
	if (lf_values_of(e, &s->values, &v) != 0)
		return lf_err_nomem(err);
	if (lf_fingerprint_of(t->own->fingerprint, e->raw, &of.content) != 0)
		return lf_err_nomem(err);
	carried_record(s, e, &of);
	lf_note_pack(&t->batch->notes, e, &v, t->s->seed, &of, &s->scratch);
	return t->batch->notes.failed || s->raw.failed ? lf_err_nomem(err) : 0;
}

/* Whether object i is the one that o is. */
static bool
is_object(const struct lf_side *s, uint32_t i, const struct lf_object *o, uint64_t content, struct lf_buf *path)
{
	const struct lf_timeline_object *row = lf_objects_at(&s->objects, i);

	if (row->content != content || lf_names_group(&s->objects.names, &row->name)->source != o->source)
		return false;
	lf_buf_reset(path);
	lf_names_path(&s->objects.names, &row->name, path);
	return lf_slice_equal((struct lf_slice){lf_buf_str(path), path->len}, (struct lf_slice){o->place, o->place_len});
}

/* The object that was read before, by place and content; LF_INDEX_END when it is none that is wanted, or changed. */
static int
find(const struct lf_side *s, const struct lf_object *o, uint32_t *found, struct lf_err *err)
{
	uint64_t content = lf_seed_hash(s->seed, o->gz.data, o->gz.len);
	uint64_t hash = lf_side_exact(s, o->source, o->place, o->place_len, content);
	struct lf_buf path;
	size_t cursor = 0;
	bool failed;

	lf_buf_init(&path);
	while ((*found = lf_index_next(&s->exact, hash, &cursor)) != LF_INDEX_END)
		if (is_object(s, *found, o, content, &path))
			break;
	failed = path.failed;
	lf_buf_free(&path);
	return failed ? lf_err_nomem(err) : 0;
}

static int
examine_again(struct taking *t, struct lf_err *err)
{
	struct lf_side_batch *b = t->batch;
	const struct lf_side_object *object;
	char *problem = NULL;
	int rc = 0;

	if (find(t->s, t->o, &b->object, err) != 0)
		return -1;
	if (b->object == LF_INDEX_END)
		return 0;
	object = lf_side_object(t->s, b->object);
	if (object->hash_wanted)
		rc = hash_object(t, err);
	t->again = object->again;
	if (rc == 0 && t->again != NULL)
		rc = harvest(t, take_again, &problem, err);
	free(problem); /* told already */
	return rc;
}

int
lf_side_work_again(void *arg, const struct lf_object *o, void **product, struct lf_err *err)
{
	struct taking t = {.s = arg, .o = o, .batch = new_batch(o)};
	int rc;

	if ((*product = t.batch) == NULL)
		return lf_err_nomem(err);
	if (o->problem != NULL || o->gz.data == NULL)
		return 0;
	rc = begin(&t, err) != 0 ? -1 : examine_again(&t, err);
	end(&t);
	return rc;
}
