#include "proof/again.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/slice.h"
#include "proof/gather.h"
#include "proof/scope.h"

/* The next present row at a place (an archive may hold several of one name), or LF_NONE. */
static uint32_t
next_at(const struct lf_body *b, uint32_t source, const char *place, size_t len, uint64_t hash, size_t *cursor,
    struct lf_buf *path)
{
	uint32_t i;

	while ((i = lf_index_next(&b->present_by_name, hash, cursor)) != LF_INDEX_END) {
		const struct lf_present_row *p = lf_body_present(b, i);

		if (lf_names_group(&b->names, &p->name)->source != source)
			continue;
		lf_buf_reset(path);
		lf_names_path(&b->names, &p->name, path);
		if (!path->failed && path->len == len && lf_bytes_equal(lf_buf_str(path), place, len))
			return i;
	}
	return LF_NONE;
}

static bool
want(void *arg, uint32_t source, const char *place, size_t len, const struct lf_s3key *key)
{
	struct lf_again *a = arg;
	uint64_t hash = lf_s3key_base_hash(place, len);
	size_t cursor = 0;
	uint32_t i;

	(void)key;
	while ((i = next_at(a->b, source, place, len, hash, &cursor, &a->path)) != LF_NONE)
		if (a->chosen[i] != 0)
			return true;
	return false;
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
	uint64_t hash = lf_s3key_base_hash(place, f->len - f->place);
	bool known = false;
	size_t cursor = 0;
	uint32_t i;

	while ((i = next_at(a->b, f->source, place, f->len - f->place, hash, &cursor, &a->delivered)) != LF_NONE) {
		if (f->problem == NULL && memcmp(lf_body_present(a->b, i)->hash, f->hash, LF_SHA256_LEN) == 0)
			return i;
		known = true;
	}
	if (known)
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
	lf_buf_init(&a->path);
	lf_buf_init(&a->delivered);
	a->chosen = calloc((size_t)b->present.n + 1, 1);
	return a->chosen == NULL ? lf_err_nomem(err) : 0;
}

void
lf_again_free(struct lf_again *a)
{
	free(a->chosen);
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
