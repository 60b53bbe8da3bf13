/* What became of sealed evidence: which objects are as they were, and which are not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "custody/manifest.h"
#include "proof/finding.h"

#define NONE UINT32_MAX

struct pairing {
	const struct lf_manifest *then, *now;
	struct lf_findings *f;
	struct lf_manifest_tally *tally;
	uint32_t *source; /* of each source of now, the one of then; NONE */
	uint32_t *then_of, *now_of; /* of each object, its partner; NONE */
	struct lf_buf where;
};

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
		if (partner[i] == NONE)
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
pair_names(struct pairing *p, uint32_t *then_partner, const char *(*name)(const char *), struct named *then,
    struct named *now)
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
pair_sources(struct pairing *p, struct lf_err *err)
{
	uint32_t n = p->then->sources.n, m = p->now->sources.n, left;
	uint32_t *partner = malloc(((size_t)n + 1) * sizeof(*partner));
	struct named *then = calloc((size_t)n + 1, sizeof(*then)), *now = calloc((size_t)m + 1, sizeof(*now));
	int rc = 0;

	if (partner == NULL || then == NULL || now == NULL) {
		rc = lf_err_nomem(err);
	} else {
		for (uint32_t i = 0; i < n; i++)
			partner[i] = NONE;
		for (uint32_t i = 0; i < m; i++)
			p->source[i] = NONE;
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

static bool
same_hash(const struct lf_manifest_object *a, const struct lf_manifest_object *b)
{
	return a->problem == NULL && b->problem == NULL && a->size == b->size && memcmp(a->hash, b->hash, sizeof(a->hash)) == 0;
}

/* An object of one side. */
struct side {
	const struct pairing *p;
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
compare(const struct side *s, const struct lf_manifest_object *a, const struct side *t,
    const struct lf_manifest_object *b)
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
		if (partner[i] == NONE && (!s->by_hash || lf_manifest_object_at(s->m, i)->problem == NULL))
			out[n++] = i;
	if (n > 0)
		qsort_r(out, n, sizeof(*out), side_cmp, s);
	return n;
}

/* Pairs objects that have no partner yet and are equal in what they are known by. */
static void
pair_objects(struct pairing *p, bool by_place, bool by_hash, uint32_t *then_list, uint32_t *now_list)
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

static bool
same_place(const struct pairing *p, const struct lf_manifest_object *then, const struct lf_manifest_object *now)
{
	return p->source[now->source] == then->source && strcmp(path_in(p->then, then), path_in(p->now, now)) == 0;
}

/* Finds the partner of every object: first what is as it was, then what changed at its place, then what moved. */
static int
pair_all(struct pairing *p, struct lf_err *err)
{
	uint32_t *then = calloc((size_t)p->then->objects.n + 1, sizeof(*then));
	uint32_t *now = calloc((size_t)p->now->objects.n + 1, sizeof(*now));
	int rc = then == NULL || now == NULL ? lf_err_nomem(err) : pair_sources(p, err);

	for (uint32_t i = 0; i < p->then->objects.n; i++)
		p->now_of[i] = NONE;
	for (uint32_t i = 0; i < p->now->objects.n; i++)
		p->then_of[i] = NONE;
	if (rc == 0) {
		pair_objects(p, true, true, then, now);
		pair_objects(p, true, false, then, now);
		pair_objects(p, false, true, then, now);
	}
	free(then);
	free(now);
	return rc;
}

/* ---- Findings ---- */

/* Adds a finding about an object of m. */
static struct lf_finding *
add(struct pairing *p, enum lf_finding_id id, const struct lf_manifest *m, const struct lf_manifest_object *o,
    const char *message, struct lf_err *err)
{
	struct lf_finding *x = lf_findings_add(p->f, err, id, "%s", message);

	if (x == NULL)
		return NULL;
	lf_buf_reset(&p->where);
	lf_manifest_locator(m, o, &p->where);
	x->locator = lf_findings_string(p->f, lf_buf_str(&p->where));
	x->object = o->key == NULL ? NULL : lf_findings_string(p->f, o->key);
	if (p->where.failed || x->locator == NULL || (o->key != NULL && x->object == NULL)) {
		lf_err_nomem(err);
		return NULL;
	}
	return x;
}

/* Names the SHA-256 that a copy of what was sealed must have. */
static int
expect(struct pairing *p, struct lf_finding *x, const struct lf_manifest_object *then, struct lf_err *err)
{
	char hex[2 * LF_SHA256_LEN + 1];

	if (x == NULL)
		return -1;
	if (then->problem != NULL)
		return 0;
	lf_hex_encode(then->hash, LF_SHA256_LEN, hex);
	x->expected_sha256 = lf_findings_string(p->f, hex);
	return x->expected_sha256 != NULL ? 0 : lf_err_nomem(err);
}

/* Whether what cannot be read is something else than a file: then the file that was here is gone. */
static bool
is_other_thing(const char *problem)
{
	static const char *const things[] = {"symbolic link", "became a symbolic link", "hard link", "FIFO", "socket", "device",
	    "is no regular file"};

	for (size_t i = 0; i < sizeof(things) / sizeof(things[0]); i++)
		if (strncmp(problem, things[i], strlen(things[i])) == 0)
			return true;
	return false;
}

/* A pair at one place that is not equal. */
static int
differs(struct pairing *p, const struct lf_manifest_object *then, const struct lf_manifest_object *now,
    struct lf_err *err)
{
	char text[512], hex[2 * LF_SHA256_LEN + 1];

	if (then->problem == NULL && (now->problem == NULL || is_other_thing(now->problem))) {
		p->tally->altered++;
		lf_hex_encode(now->hash, LF_SHA256_LEN, hex);
		if (now->problem != NULL)
			snprintf(text, sizeof(text), "was a file of %llu bytes when it was sealed, and is none now: %.400s",
			    (unsigned long long)then->size, now->problem);
		else
			snprintf(text, sizeof(text), "has %llu bytes and SHA-256 %s; it had %llu bytes when it was sealed",
			    (unsigned long long)now->size, hex, (unsigned long long)then->size);
		return expect(p, add(p, LF_F_OBJECT_ALTERED, p->now, now, text, err), then, err);
	}
	p->tally->unread++;
	if (now->problem != NULL)
		snprintf(text, sizeof(text), "%s: %.400s", then->problem == NULL ? "cannot be read now, though it was sealed" :
		    "could not be read when it was sealed, nor now", now->problem);
	else
		snprintf(text, sizeof(text), "could not be read when it was sealed (%.400s): there is nothing to compare", then->problem);
	return add(p, LF_F_EVIDENCE_UNREADABLE, p->now, now, text, err) == NULL ? -1 : 0;
}

/* Archives whose objects are the same may still be others as a whole. */
static int
judge_sources(struct pairing *p, struct lf_err *err)
{
	char hex[2 * LF_SHA256_LEN + 1];

	for (uint32_t i = 0; i < p->now->sources.n; i++) {
		const struct lf_manifest_source *now = lf_manifest_source_at(p->now, i), *then;
		struct lf_manifest_object as_object = {.source = i, .path = "", .size = now->size};
		struct lf_manifest_object was = {.path = ""};

		then = p->source[i] == NONE ? NULL : lf_manifest_source_at(p->then, p->source[i]);
		if (then == NULL || now->kind != LF_SOURCE_ARCHIVE || then->kind != LF_SOURCE_ARCHIVE || !now->hashed || !then->hashed ||
		    memcmp(now->hash, then->hash, LF_SHA256_LEN) == 0)
			continue;
		p->tally->altered++;
		memcpy(was.hash, then->hash, LF_SHA256_LEN);
		lf_hex_encode(now->hash, LF_SHA256_LEN, hex);
		lf_buf_reset(&p->where);
		lf_buf_printf(&p->where, "the archive as a whole has SHA-256 %s, which is not that of the one that was sealed", hex);
		if (p->where.failed)
			return lf_err_nomem(err);
		if (expect(p, add(p, LF_F_OBJECT_ALTERED, p->now, &as_object, lf_buf_str(&p->where), err), &was, err) != 0)
			return -1;
	}
	return 0;
}

/* What is at its place, and not what it was. */
static int
judge_altered(struct pairing *p, struct lf_err *err)
{
	for (uint32_t i = 0; i < p->then->objects.n; i++) {
		const struct lf_manifest_object *then = lf_manifest_object_at(p->then, i), *now;

		if (p->now_of[i] == NONE)
			continue;
		now = lf_manifest_object_at(p->now, p->now_of[i]);
		if (!same_place(p, then, now))
			continue;
		if (same_hash(then, now))
			p->tally->same++;
		else if (differs(p, then, now, err) != 0)
			return -1;
	}
	return 0;
}

static int
judge_removed(struct pairing *p, struct lf_err *err)
{
	for (uint32_t i = 0; i < p->then->objects.n; i++) {
		const struct lf_manifest_object *then = lf_manifest_object_at(p->then, i);

		if (p->now_of[i] != NONE)
			continue;
		p->tally->removed++;
		if (expect(p, add(p, LF_F_OBJECT_REMOVED, p->then, then, "was sealed, and is not here", err), then, err) != 0)
			return -1;
	}
	return 0;
}

static int
judge_moved(struct pairing *p, struct lf_err *err)
{
	struct lf_buf text;
	int rc = 0;

	lf_buf_init(&text);
	for (uint32_t i = 0; i < p->then->objects.n && rc == 0; i++) {
		const struct lf_manifest_object *then = lf_manifest_object_at(p->then, i), *now;

		if (p->now_of[i] == NONE)
			continue;
		now = lf_manifest_object_at(p->now, p->now_of[i]);
		if (same_place(p, then, now))
			continue;
		p->tally->moved++;
		lf_buf_reset(&text);
		lf_buf_puts(&text, "was sealed as ");
		lf_manifest_locator(p->then, then, &text);
		if (text.failed || add(p, LF_F_OBJECT_MOVED, p->now, now, lf_buf_str(&text), err) == NULL)
			rc = text.failed ? lf_err_nomem(err) : -1;
	}
	lf_buf_free(&text);
	return rc;
}

static int
judge_added(struct pairing *p, struct lf_err *err)
{
	char text[512];

	for (uint32_t i = 0; i < p->now->objects.n; i++) {
		const struct lf_manifest_object *now = lf_manifest_object_at(p->now, i);

		if (p->then_of[i] != NONE)
			continue;
		p->tally->added++;
		snprintf(text, sizeof(text), "is here, and was not when this was sealed%s%.400s", now->problem == NULL ? "" : ": ",
		    now->problem == NULL ? "" : now->problem);
		if (add(p, LF_F_OBJECT_ADDED, p->now, now, text, err) == NULL)
			return -1;
	}
	return 0;
}

int
lf_manifest_compare(const struct lf_manifest *then, const struct lf_manifest *now, struct lf_findings *f,
    struct lf_manifest_tally *tally, struct lf_err *err)
{
	struct pairing p = {.then = then, .now = now, .f = f, .tally = tally};
	int rc = -1;

	memset(tally, 0, sizeof(*tally));
	lf_buf_init(&p.where);
	p.source = calloc((size_t)now->sources.n + 1, sizeof(*p.source));
	p.now_of = calloc((size_t)then->objects.n + 1, sizeof(*p.now_of));
	p.then_of = calloc((size_t)now->objects.n + 1, sizeof(*p.then_of));
	if (p.source == NULL || p.now_of == NULL || p.then_of == NULL)
		lf_err_nomem(err);
	else if (pair_all(&p, err) == 0 && judge_sources(&p, err) == 0 && judge_altered(&p, err) == 0 &&
	    judge_removed(&p, err) == 0 && judge_moved(&p, err) == 0)
		rc = judge_added(&p, err);
	free(p.source);
	free(p.now_of);
	free(p.then_of);
	lf_buf_free(&p.where);
	return rc;
}
