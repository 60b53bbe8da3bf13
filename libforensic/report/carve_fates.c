#include "report/carve_fates.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define PARTS_MAX 64 /* named for one log */

struct making {
	const struct lf_carve_result *r;
	struct lf_carve_fates *out;
};

const char *
lf_carve_fate_name(enum lf_carve_fate f)
{
	static const char *const names[LF_FATES] = {"given", "found", "partial", "missing"};

	return names[f];
}

/* The first listed log of this content; n_listed without. */
static size_t
first_listed(const struct lf_carve_proof *p, const unsigned char sha256[LF_SHA256_LEN])
{
	size_t lo = 0, hi = p->n_listed;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (memcmp(p->listed[mid].sha256, sha256, LF_SHA256_LEN) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < p->n_listed && memcmp(p->listed[lo].sha256, sha256, LF_SHA256_LEN) == 0 ? lo : p->n_listed;
}

/* Keeps where listed content lies. */
static int
take_row(void *arg, const struct lf_carve_row *row, struct lf_err *err)
{
	struct making *m = arg;
	const struct lf_carve_proof *p = &m->r->proof;
	unsigned char sha256[LF_SHA256_LEN];
	struct lf_carve_listed_fate *f;

	if (row->kind == LF_CARVE_DIGEST ||
	    !lf_hex_decode(row->inflated_sha256, strlen(row->inflated_sha256), sha256, sizeof(sha256)))
		return 0;
	for (size_t i = first_listed(p, sha256);
	    i < p->n_listed && memcmp(p->listed[i].sha256, sha256, sizeof(sha256)) == 0; i++) {
		f = &m->out->list[i];
		if (f->where == NULL && (f->where = lf_arena_strndup(&m->out->strings, row->path, strlen(row->path))) == NULL)
			return lf_err_nomem(err);
	}
	return 0;
}

static int
find_parts(const struct lf_carve_result *r, const struct lf_carve_listed *l, struct lf_carve_fates *out,
    struct lf_carve_listed_fate *f, struct lf_err *err)
{
	uint32_t found[PARTS_MAX];

	for (uint32_t i = 0; i < r->parts.n; i++) {
		if (!lf_carve_part_fits(lf_list_at(&r->parts, i), l))
			continue;
		out->fits[i]++;
		if (f->n_parts < PARTS_MAX)
			found[f->n_parts++] = i;
	}
	if (f->n_parts == 0)
		return 0;
	f->parts = lf_arena_alloc(&out->strings, f->n_parts * sizeof(*found));
	if (f->parts == NULL)
		return lf_err_nomem(err);
	memcpy(f->parts, found, f->n_parts * sizeof(*found));
	return 0;
}

static int
decide(const struct lf_carve_result *r, size_t i, struct lf_carve_fates *out, struct lf_err *err)
{
	const struct lf_carve_listed *l = &r->proof.listed[i];
	struct lf_carve_listed_fate *f = &out->list[i];

	f->fate = l->given ? LF_FATE_GIVEN : l->carved ? LF_FATE_CARVED : LF_FATE_MISSING;
	if (f->fate == LF_FATE_MISSING && find_parts(r, l, out, f, err) < 0)
		return -1;
	if (f->n_parts > 0)
		f->fate = LF_FATE_PARTIAL;
	out->count[f->fate]++;
	return 0;
}

static int
by_key(const void *a, const void *b, void *arg)
{
	const struct lf_carve_listed *listed = arg, *x = &listed[*(const uint32_t *)a], *y = &listed[*(const uint32_t *)b];
	int d = strcmp(x->key, y->key);

	if (d == 0)
		d = strcmp(x->bucket, y->bucket);
	return d != 0 ? d : memcmp(x->sha256, y->sha256, LF_SHA256_LEN);
}

int
lf_carve_fates_make(const struct lf_carve_result *r, const struct lf_carve_rows *rows, struct lf_carve_fates *out,
    struct lf_err *err)
{
	size_t n = r->proof.n_listed;
	struct making m = {r, out};

	memset(out, 0, sizeof(*out));
	lf_arena_init(&out->strings);
	out->list = calloc(n + 1, sizeof(*out->list));
	out->by_key = calloc(n + 1, sizeof(*out->by_key));
	out->fits = calloc((size_t)r->parts.n + 1, sizeof(*out->fits));
	if (out->list == NULL || out->by_key == NULL || out->fits == NULL)
		return lf_err_nomem(err);
	if (n > 0 && lf_carve_rows_each(rows, take_row, &m, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		out->by_key[i] = (uint32_t)i;
		if (decide(r, i, out, err) < 0)
			return -1;
	}
	qsort_r(out->by_key, n, sizeof(*out->by_key), by_key, r->proof.listed);
	return 0;
}

void
lf_carve_fates_free(struct lf_carve_fates *f)
{
	free(f->list);
	free(f->by_key);
	free(f->fits);
	lf_arena_free(&f->strings);
	memset(f, 0, sizeof(*f));
}
