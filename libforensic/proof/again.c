#include "proof/again.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/slice.h"
#include "proof/gather.h"
#include "proof/scope.h"

static uint64_t
place_hash(uint32_t source, const char *place, size_t len)
{
	return lf_index_hash(place, len) * 31 + source;
}

/* The same with the content: many rows may be of one place, an archive's entries of one name. */
static uint64_t
content_hash(uint64_t place, const unsigned char hash[LF_SHA256_LEN])
{
	uint64_t content;

	memcpy(&content, hash, sizeof(content));
	return place ^ content;
}

/* Whether a present row is the one at a place. */
static bool
is_at(const struct lf_body *b, uint32_t i, uint32_t source, const char *place, size_t len, struct lf_buf *path)
{
	const struct lf_present_row *p = lf_body_present(b, i);

	if (lf_names_group(&b->names, &p->name)->source != source)
		return false;
	lf_buf_reset(path);
	lf_names_path(&b->names, &p->name, path);
	return !path->failed && path->len == len && lf_bytes_equal(lf_buf_str(path), place, len);
}

/*
 * Puts a row under place and content, and, when it is chosen, under its place: a base name alone may be that of any
 * number of rows.
 */
static int
index_row(struct lf_again *a, uint32_t i)
{
	const struct lf_present_row *p = lf_body_present(a->b, i);
	uint64_t hash;

	lf_buf_reset(&a->path);
	lf_names_path(&a->b->names, &p->name, &a->path);
	hash = place_hash(lf_names_group(&a->b->names, &p->name)->source, lf_buf_str(&a->path), a->path.len);
	if (a->path.failed || (a->chosen[i] != 0 && lf_index_add(&a->places, hash, i) != 0))
		return -1;
	return lf_index_add(&a->contents, content_hash(hash, p->hash), i);
}

/* Chosen rows first: of those that have place and content in common, one of them is found before any other. */
static int
index_rows(struct lf_again *a)
{
	lf_index_free(&a->places);
	lf_index_free(&a->contents);
	for (int chosen = 1; chosen >= 0; chosen--)
		for (uint32_t i = 0; i < a->b->present.n; i++)
			if ((a->chosen[i] != 0) == (chosen != 0) && index_row(a, i) != 0)
				return -1;
	return 0;
}

/* Whether a chosen row is at a place. */
static bool
is_chosen(const struct lf_again *a, uint32_t source, const char *place, size_t len, struct lf_buf *path)
{
	uint64_t hash = place_hash(source, place, len);
	size_t cursor = 0;
	uint32_t i;

	while ((i = lf_index_next(&a->places, hash, &cursor)) != LF_INDEX_END)
		if (is_at(a->b, i, source, place, len, path))
			return true;
	return false;
}

static bool
want(void *arg, uint32_t source, const char *place, size_t len, const struct lf_s3key *key)
{
	struct lf_again *a = arg;

	(void)key;
	return is_chosen(a, source, place, len, &a->path);
}

void
lf_again_drop(void *arg, void *product)
{
	struct lf_again_found *f = product;

	(void)arg;
	if (f == NULL)
		return;
	lf_arena_free(&f->arena);
	lf_buf_free(&f->list);
	free(f);
}

struct lf_again_found *
lf_again_found_new(const struct lf_object *o)
{
	struct lf_again_found *f = calloc(1, sizeof(*f) + o->locator_len + 1);

	if (f == NULL)
		return NULL;
	lf_arena_init(&f->arena);
	lf_buf_init(&f->list);
	f->source = o->source;
	f->place = (size_t)(o->place - o->locator);
	f->len = o->locator_len;
	memcpy(f->locator, o->locator, o->locator_len);
	memcpy(f->hash, o->hash, sizeof(f->hash));
	if (o->problem != NULL && (f->problem = lf_arena_strdup(&f->arena, o->problem)) == NULL) {
		lf_again_drop(NULL, f);
		return NULL;
	}
	return f;
}

uint32_t
lf_again_row(struct lf_again *a, const struct lf_again_found *f, struct lf_err *err, int *rc)
{
	const char *place = f->locator + f->place;
	size_t len = f->len - f->place, cursor = 0;
	uint64_t hash = content_hash(place_hash(f->source, place, len), f->hash);
	uint32_t i;

	while ((i = lf_index_next(&a->contents, hash, &cursor)) != LF_INDEX_END)
		if (memcmp(lf_body_present(a->b, i)->hash, f->hash, LF_SHA256_LEN) == 0 &&
		    is_at(a->b, i, f->source, place, len, &a->delivered))
			return f->problem == NULL && a->chosen[i] != 0 ? i : LF_NONE;
	/* The reader hands on, unasked, what cannot be read: that was told when it was met first. */
	if (is_chosen(a, f->source, place, len, &a->delivered))
		*rc = lf_skips_add(&a->b->skipped, f->locator, f->len,
		    f->problem != NULL ? f->problem : "changed between two looks at it", err);
	return LF_NONE;
}

static int
scan_work(void *arg, const struct lf_object *o, void **product, struct lf_err *err)
{
	struct lf_again_found *f = lf_again_found_new(o);

	(void)arg;
	if ((*product = f) == NULL)
		return lf_err_nomem(err);
	if (o->problem == NULL && o->gz.data != NULL &&
	    (f->scan = lf_scope_scan(&o->key, (const char *)o->gz.data, o->gz.len, &f->arena)) == NULL)
		return lf_err_nomem(err);
	return 0;
}

static int
scan_deliver(void *arg, void *product, struct lf_err *err)
{
	struct lf_again *a = arg;
	struct lf_again_found *f = product;
	int rc = 0;
	uint32_t i = lf_again_row(a, f, err, &rc);

	if (rc == 0 && i != LF_NONE && f->scan != NULL)
		rc = lf_gather_keep_scan(a->b, i, f->scan, err);
	lf_again_drop(arg, f);
	return rc;
}

int
lf_again_run(struct lf_again *a, struct lf_reader *reader,
    int (*work)(void *, const struct lf_object *, void **, struct lf_err *),
    int (*deliver)(void *, void *, struct lf_err *), struct lf_err *err)
{
	struct lf_reader r = *reader;

	if (index_rows(a) != 0)
		return lf_err_nomem(err);
	r.want = want;
	r.work = work;
	r.deliver = deliver;
	r.drop = lf_again_drop;
	r.arg = a;
	r.progress = NULL;
	if (lf_reader_run(&r, LF_PASS_AGAIN, err) != 0)
		return -1;
	/* What was not found may be there then. */
	return a->path.failed || a->delivered.failed ? lf_err_nomem(err) : 0;
}

int
lf_again_init(struct lf_again *a, struct lf_body *b, struct lf_err *err)
{
	memset(a, 0, sizeof(*a));
	a->b = b;
	lf_index_init(&a->places);
	lf_index_init(&a->contents);
	lf_buf_init(&a->path);
	lf_buf_init(&a->delivered);
	a->chosen = calloc((size_t)b->present.n + 1, 1);
	return a->chosen == NULL ? lf_err_nomem(err) : 0;
}

void
lf_again_free(struct lf_again *a)
{
	free(a->chosen);
	lf_index_free(&a->places);
	lf_index_free(&a->contents);
	lf_buf_free(&a->path);
	lf_buf_free(&a->delivered);
}

int
lf_again_scan(struct lf_body *b, struct lf_reader *reader, struct lf_err *err)
{
	bool any = false;
	struct lf_again a;
	int rc = -1;

	if (lf_again_init(&a, b, err) != 0)
		goto out;
	for (uint32_t i = 0; i < b->present.n; i++) {
		const struct lf_present_row *p = lf_body_present(b, i);

		a.chosen[i] = !p->proved && p->scan == NULL && !p->unreadable;
		any |= a.chosen[i] != 0;
	}
	rc = any ? lf_again_run(&a, reader, scan_work, scan_deliver, err) : 0;
out:
	lf_again_free(&a);
	return rc;
}
