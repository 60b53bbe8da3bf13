#include "custody/manifest_pair.h"

#include <stdlib.h>

static const char *
base_name(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash != NULL && slash[1] != '\0' ? slash + 1 : name;
}

/* ---- Sources ---- */

static const char *
full_name(const char *name)
{
	return name;
}

/* Sources of one side, by what names them. */
struct named {
	const char *name;
	uint32_t place;
};

static int
named_cmp(const void *x, const void *y)
{
	const struct named *a = x, *b = y;
	int d = strcmp(a->name, b->name);

	return d != 0 ? d : (a->place > b->place) - (a->place < b->place);
}

/* Lists the sources of m that have no partner (taken tells), sorted by name. */
static uint32_t
list_sources(const struct lf_manifest *m, const uint32_t *partner, const char *(*name)(const char *), struct named *out)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < m->sources.n; i++)
		if (partner[i] == LF_PAIR_NONE)
			out[n++] = (struct named){name(lf_manifest_source_at(m, i)->name), i};
	if (n > 0)
		qsort(out, n, sizeof(*out), named_cmp);
	return n;
}

/* How many from the first on have one name. */
static uint32_t
run(const struct named *list, uint32_t n)
{
	uint32_t k = 1;

	while (k < n && strcmp(list[0].name, list[k].name) == 0)
		k++;
	return k;
}

/* Pairs sources whose name is equal and no other's on either side. */
static void
pair_names(struct lf_pairing *p, uint32_t *then_partner, const char *(*name)(const char *), struct named *then, struct named *now)
{
	uint32_t n = list_sources(p->then, then_partner, name, then), m = list_sources(p->now, p->source, name, now);
	uint32_t i = 0, k = 0;

	while (i < n && k < m) {
		uint32_t ni = run(then + i, n - i), nk = run(now + k, m - k);
		int d = strcmp(then[i].name, now[k].name);

		if (d == 0 && ni == 1 && nk == 1) {
			p->source[now[k].place] = then[i].place;
			then_partner[then[i].place] = now[k].place;
		}
		i += d <= 0 ? ni : 0;
		k += d >= 0 ? nk : 0;
	}
}

/* By name, else by base name, else what alone is left: evidence may be examined elsewhere than where it was sealed. */
static int
pair_sources(struct lf_pairing *p, struct lf_err *err)
{
	uint32_t n = p->then->sources.n, m = p->now->sources.n, left;
	uint32_t *partner = calloc((size_t)n + 1, sizeof(*partner));
	struct named *then = calloc((size_t)n + 1, sizeof(*then)), *now = calloc((size_t)m + 1, sizeof(*now));
	int rc = 0;

	if (partner == NULL || then == NULL || now == NULL) {
		rc = lf_err_nomem(err);
	} else {
		for (uint32_t i = 0; i < n; i++)
			partner[i] = LF_PAIR_NONE;
		for (uint32_t i = 0; i < m; i++)
			p->source[i] = LF_PAIR_NONE;
		pair_names(p, partner, full_name, then, now);
		pair_names(p, partner, base_name, then, now);
		left = list_sources(p->then, partner, full_name, then);
		if (left == 1 && list_sources(p->now, p->source, full_name, now) == 1)
			p->source[now[0].place] = then[0].place;
	}
	free(partner);
	free(then);
	free(now);
	return rc;
}

/* ---- Objects ---- */

/* The name by which an object is found again: of a file, which has one object, none. */
static const char *
path_in(const struct lf_manifest *m, const struct lf_manifest_object *o)
{
	return lf_manifest_source_at(m, o->source)->kind == LF_SOURCE_FILE ? "" : o->path;
}

/* An object of one side. */
struct side {
	const struct lf_pairing *p;
	const struct lf_manifest *m;
	bool by_place, by_hash; /* what it is known by */
};

static uint32_t
source_in(const struct side *s, const struct lf_manifest_object *o)
{
	return s->m == s->p->now ? s->p->source[o->source] : o->source;
}

/* Orders objects of two sides, or of one. */
static int
compare(const struct side *s, const struct lf_manifest_object *a, const struct side *t, const struct lf_manifest_object *b)
{
	int d = 0;

	if (s->by_place) {
		uint32_t x = source_in(s, a), y = source_in(t, b);

		d = x != y ? (x < y ? -1 : 1) : strcmp(path_in(s->m, a), path_in(t->m, b));
	}
	if (d == 0 && s->by_hash)
		d = memcmp(a->hash, b->hash, sizeof(a->hash));
	return d;
}

static int
side_cmp(const void *x, const void *y, void *side)
{
	const struct side *s = side;
	uint32_t i = *(const uint32_t *)x, k = *(const uint32_t *)y;
	int d = compare(s, lf_manifest_object_at(s->m, i), s, lf_manifest_object_at(s->m, k));

	return d != 0 ? d : (i > k) - (i < k);
}

/*
 * The objects of a side that have no partner, sorted; those without a hash are left out where it is what they are known
 * by.
 */
static uint32_t
list_objects(struct side *s, const uint32_t *partner, uint32_t *out)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->m->objects.n; i++)
		if (partner[i] == LF_PAIR_NONE && (!s->by_hash || lf_manifest_object_at(s->m, i)->problem == NULL))
			out[n++] = i;
	if (n > 0)
		qsort_r(out, n, sizeof(*out), side_cmp, s);
	return n;
}

/* Pairs objects that have no partner yet and are equal in what they are known by. */
static void
pair_objects(struct lf_pairing *p, bool by_place, bool by_hash, uint32_t *then_list, uint32_t *now_list)
{
	struct side then = {.p = p, .m = p->then, .by_place = by_place, .by_hash = by_hash};
	struct side now = {.p = p, .m = p->now, .by_place = by_place, .by_hash = by_hash};
	uint32_t n = list_objects(&then, p->now_of, then_list), m = list_objects(&now, p->then_of, now_list), i = 0, k = 0;

	while (i < n && k < m) {
		int d = compare(&then, lf_manifest_object_at(p->then, then_list[i]), &now, lf_manifest_object_at(p->now, now_list[k]));

		if (d == 0) {
			p->now_of[then_list[i]] = now_list[k];
			p->then_of[now_list[k]] = then_list[i];
		}
		i += d <= 0;
		k += d >= 0;
	}
}

bool
lf_pairing_same_place(const struct lf_pairing *p, const struct lf_manifest_object *then, const struct lf_manifest_object *now)
{
	return p->source[now->source] == then->source && strcmp(path_in(p->then, then), path_in(p->now, now)) == 0;
}

static int
pair_all(struct lf_pairing *p, struct lf_err *err)
{
	uint32_t *then = calloc((size_t)p->then->objects.n + 1, sizeof(*then));
	uint32_t *now = calloc((size_t)p->now->objects.n + 1, sizeof(*now));
	int rc = then == NULL || now == NULL ? lf_err_nomem(err) : pair_sources(p, err);

	for (uint32_t i = 0; i < p->then->objects.n; i++)
		p->now_of[i] = LF_PAIR_NONE;
	for (uint32_t i = 0; i < p->now->objects.n; i++)
		p->then_of[i] = LF_PAIR_NONE;
	if (rc == 0) {
		pair_objects(p, true, true, then, now);
		pair_objects(p, true, false, then, now);
		pair_objects(p, false, true, then, now);
	}
	free(then);
	free(now);
	return rc;
}

int
lf_pairing_make(struct lf_pairing *p, const struct lf_manifest *then, const struct lf_manifest *now, struct lf_err *err)
{
	*p = (struct lf_pairing){.then = then, .now = now};
	p->source = calloc((size_t)now->sources.n + 1, sizeof(*p->source));
	p->now_of = calloc((size_t)then->objects.n + 1, sizeof(*p->now_of));
	p->then_of = calloc((size_t)now->objects.n + 1, sizeof(*p->then_of));
	if (p->source == NULL || p->now_of == NULL || p->then_of == NULL)
		return lf_err_nomem(err);
	return pair_all(p, err);
}

void
lf_pairing_free(struct lf_pairing *p)
{
	free(p->source);
	free(p->now_of);
	free(p->then_of);
}
