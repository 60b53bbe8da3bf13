#include "carve/prove.h"

#include <stdlib.h>
#include <string.h>

#include "proof/rows.h"
#include "proof/verify.h"

/* ---- Order ---- */

static int
by_listed(const void *a, const void *b)
{
	const struct lf_carve_listed *x = a, *y = b;
	int d = memcmp(x->sha256, y->sha256, sizeof(x->sha256));

	if (d == 0)
		d = (int)y->verified - (int)x->verified;
	if (d == 0)
		d = strcmp(x->key, y->key);
	return d != 0 ? d : strcmp(x->bucket, y->bucket);
}

static int
by_digest(const void *a, const void *b)
{
	const struct lf_carve_digest *x = a, *y = b;
	int d = memcmp(x->sha256, y->sha256, sizeof(x->sha256));

	if (d == 0)
		d = (int)y->verified - (int)x->verified;
	return d != 0 ? d : strcmp(x->key, y->key);
}

/* ---- Copying out of the proof ---- */

static const char *
copy(struct lf_carve_proof *p, const char *s)
{
	return s == NULL ? "" : lf_arena_strndup(&p->strings, s, strlen(s));
}

static int
take_listed(struct lf_carve_proof *p, const struct lf_body *b, const struct lf_listed_row *l, uint32_t carved,
    struct lf_buf *name)
{
	struct lf_carve_listed *out = &p->listed[p->n_listed];
	const struct lf_digest_row *d = lf_body_digest(b, l->digest);

	memset(out, 0, sizeof(*out));
	memcpy(out->sha256, l->hash, sizeof(out->sha256));
	lf_buf_reset(name);
	lf_names_path(&b->names, &l->name, name);
	out->verified = d->status == LF_D_VERIFIED;
	out->given = l->present != LF_NONE && (l->status == LF_L_VERIFIED || l->status == LF_L_UNPROVEN) &&
	    lf_names_group(&b->names, &lf_body_present(b, l->present)->name)->source != carved;
	out->oldest = l->oldest != 0 && l->newest != 0 ? (int64_t)l->oldest : LF_TIME_NONE;
	out->newest = l->oldest != 0 && l->newest != 0 ? (int64_t)l->newest : LF_TIME_NONE;
	out->bucket = copy(p, lf_names_group(&b->names, &l->name)->scope);
	out->key = copy(p, lf_buf_str(name));
	out->digest = copy(p, d->key);
	p->n_listed++;
	return out->bucket == NULL || out->key == NULL || out->digest == NULL || name->failed ? -1 : 0;
}

static int
take_digest(struct lf_carve_proof *p, const struct lf_digest_row *d)
{
	struct lf_carve_digest *out = &p->digests[p->n_digests++];

	memcpy(out->sha256, d->hash, sizeof(out->sha256));
	out->verified = d->status == LF_D_VERIFIED;
	out->key = copy(p, d->key);
	return out->key == NULL ? -1 : 0;
}

static int
take(struct lf_carve_proof *p, const struct lf_body *b, uint32_t carved, struct lf_err *err)
{
	struct lf_buf name = {0};
	int r = 0;

	p->listed = calloc((size_t)b->listed.n + 1, sizeof(*p->listed));
	p->digests = calloc((size_t)b->digests.n + 1, sizeof(*p->digests));
	if (p->listed == NULL || p->digests == NULL)
		return lf_err_nomem(err);
	for (uint32_t i = 0; i < b->listed.n && r == 0; i++) {
		const struct lf_listed_row *l = lf_body_listed(b, i);

		if (l->hash_known && !l->duplicate)
			r = take_listed(p, b, l, carved, &name);
	}
	for (uint32_t i = 0; i < b->digests.n && r == 0; i++) {
		const struct lf_digest_row *d = lf_body_digest(b, i);

		p->n_given += d->parsed && d->source != carved;
		if (d->parsed && !d->extra_copy)
			r = take_digest(p, d);
	}
	lf_buf_free(&name);
	if (r < 0)
		return lf_err_nomem(err);
	qsort(p->listed, p->n_listed, sizeof(*p->listed), by_listed);
	qsort(p->digests, p->n_digests, sizeof(*p->digests), by_digest);
	return 0;
}

/*
 * What was carved a moment ago can be read, or nothing can be said of it.  (What is only left out, because no digest
 * covers such a thing, was read.)
 */
static int
read_back(const struct lf_result *r, const char *name, uint32_t carved, struct lf_err *err)
{
	const struct lf_body *b = &r->proof->body;
	size_t len = strlen(name);
	bool lost = false;

	for (uint32_t i = 0; i < r->n_skipped; i++)
		lost |= strncmp(r->skipped[i].locator, name, len) == 0 && r->skipped[i].locator[len] == '/' &&
		    strncmp(r->skipped[i].reason, "cannot be ", strlen("cannot be ")) == 0;
	for (uint32_t i = 0; i < b->digests.n; i++)
		lost |= lf_body_digest(b, i)->unreadable && lf_body_digest(b, i)->source == carved;
	for (uint32_t i = 0; i < b->present.n; i++) {
		const struct lf_present_row *p = lf_body_present(b, i);

		lost |= p->unreadable && lf_names_group(&b->names, &p->name)->source == carved;
	}
	return lost ? lf_err_set(err, "cannot read back what was carved: --resume tries again") : 0;
}

int
lf_carve_prove(struct lf_case *c, const char *carved, struct lf_carve_proof *out, struct lf_err *err)
{
	struct lf_result *result;
	uint32_t source = LF_NONE;
	int r;

	memset(out, 0, sizeof(*out));
	lf_arena_init(&out->strings);
	if (lf_verify(c, false, &result, err) < 0)
		return -1;
	for (size_t i = 0; i < c->n_sources; i++)
		if (strcmp(c->sources[i]->name, carved) == 0)
			source = (uint32_t)i;
	r = read_back(result, carved, source, err);
	if (r == 0)
		r = take(out, &result->proof->body, source, err);
	lf_result_free(result);
	if (r < 0)
		lf_carve_proof_free(out);
	return r;
}

void
lf_carve_proof_free(struct lf_carve_proof *p)
{
	free(p->listed);
	free(p->digests);
	lf_arena_free(&p->strings);
	memset(p, 0, sizeof(*p));
}

/* ---- Asking ---- */

/* The first of n elements of size, which begin with a hash and ascend, that is not below sha256. */
static size_t
first_of(const void *array, size_t n, size_t size, const unsigned char sha256[LF_SHA256_LEN])
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (memcmp((const char *)array + mid * size, sha256, LF_SHA256_LEN) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool
is_same(const unsigned char *a, const unsigned char *b)
{
	return memcmp(a, b, LF_SHA256_LEN) == 0;
}

enum lf_carve_state
lf_carve_proof_of(struct lf_carve_proof *p, enum lf_carve_kind kind, enum lf_carve_state was,
    const unsigned char sha256[LF_SHA256_LEN], const char **by)
{
	size_t i = first_of(p->listed, p->n_listed, sizeof(*p->listed), sha256);
	size_t k = first_of(p->digests, p->n_digests, sizeof(*p->digests), sha256);
	bool listed = i < p->n_listed && is_same(p->listed[i].sha256, sha256);

	if (by != NULL)
		*by = listed ? p->listed[i].digest : NULL;
	if (kind == LF_CARVE_DIGEST)
		return k < p->n_digests && is_same(p->digests[k].sha256, sha256) && p->digests[k].verified ? LF_CARVE_AUTHENTIC : was;
	if (!listed)
		return was;
	for (size_t n = i; n < p->n_listed && is_same(p->listed[n].sha256, sha256); n++)
		p->listed[n].carved = true;
	return p->listed[i].verified ? LF_CARVE_AUTHENTIC : LF_CARVE_LISTED;
}
