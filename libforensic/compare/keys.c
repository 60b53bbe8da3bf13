/* Objects by their keys. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "compare/state.h"

/* An object as it is sorted. */
struct keyed {
	uint32_t size;   /* bytes in all; a multiple of 8 */
	uint32_t object;
	uint32_t side;
	uint32_t len;    /* of key */
	uint64_t hash;   /* of its name */
	char key[];
};

#define HEAD offsetof(struct keyed, key)

/* The order is that of hashes: differences are put in order when they are told. */

/* A download may have inflated an object and kept, or cut off, the end of its name: both are the same object. */
static struct lf_slice
name_of(const struct keyed *k)
{
	struct lf_slice s = {k->key, k->len};

	if (lf_slice_ends(s, ".json.gz"))
		s.len -= 3;
	return s;
}

static int
keyed_cmp(const void *x, const void *y)
{
	const struct keyed *a = x, *b = y;
	int d = (a->hash > b->hash) - (a->hash < b->hash);

	if (d == 0)
		d = lf_slice_cmp(name_of(a), name_of(b));
	if (d == 0)
		d = (a->side > b->side) - (a->side < b->side);
	return d != 0 ? d : (a->object > b->object) - (a->object < b->object);
}

static uint64_t
keyed_prefix(const void *item)
{
	return ((const struct keyed *)item)->hash;
}

static int
add_side(struct lf_diff *d, unsigned side, struct lf_sorter *sorter, struct lf_err *err)
{
	struct lf_side *s = &d->side[side];
	struct lf_slice name;
	struct lf_buf item;
	int rc = 0;

	lf_buf_init(&item);
	for (uint32_t i = 0; i < s->more.n && rc == 0; i++) {
		struct keyed k = {.object = i, .side = side};

		if (!lf_side_object(s, i)->listed || lf_side_object(s, i)->hidden)
			continue;
		lf_buf_reset(&item);
		lf_buf_add(&item, &k, HEAD);
		lf_side_key(s, i, &item);
		k.len = (uint32_t)(item.len - HEAD);
		k.size = (uint32_t)((item.len + 7) & ~(size_t)7);
		lf_buf_add(&item, "\0\0\0\0\0\0\0", k.size - item.len);
		rc = item.failed ? lf_err_nomem(err) : 0;
		if (rc != 0)
			break;
		memcpy(item.data, &k, HEAD);
		name = name_of((const struct keyed *)(const void *)item.data);
		k.hash = lf_seed_hash(&d->seed, name.s, name.len);
		memcpy(item.data, &k, HEAD);
		rc = lf_sorter_add(sorter, item.data, item.len, err);
	}
	lf_buf_free(&item);
	return rc;
}

int
lf_keys_sort(struct lf_diff *d, struct lf_sorter **out, struct lf_err *err)
{
	static const struct lf_sort_order order = {keyed_prefix, keyed_cmp};

	if (lf_diff_sorter(d, LF_DIFF_FILE_KEYS, order, d->memory / 8, out, err) != 0)
		return -1;
	if (add_side(d, 0, *out, err) != 0 || add_side(d, 1, *out, err) != 0)
		return -1;
	return lf_sorter_finish(*out, err);
}

/* ---- Joining ---- */

/* An object of the key that is being looked at. */
struct found {
	uint32_t side, object;
	uint64_t content;
};

struct joining {
	struct lf_diff *d;
	bool tell;
	struct lf_buf key;   /* that is being looked at, as its first object has it */
	struct lf_buf found; /* struct found */
	bool any;
};

static int
order_cmp(const void *x, const void *y)
{
	const struct found *a = x, *b = y;

	if (a->side != b->side)
		return a->side < b->side ? -1 : 1;
	return (a->object > b->object) - (a->object < b->object);
}

static int
found_cmp(const void *x, const void *y)
{
	const struct found *a = x, *b = y;

	if (a->content != b->content)
		return a->content < b->content ? -1 : 1;
	return order_cmp(x, y);
}

static const struct lf_side_object *
object_of(const struct joining *j, const struct found *f)
{
	return lf_side_object(&j->d->side[f->side], f->object);
}

/* Counts the contents that both sides have, and leaves, in order, those of one side; copies on one side are one. */
static size_t
match_equal(struct joining *j, struct found *all, size_t n)
{
	size_t left = 0;

	qsort(all, n, sizeof(*all), found_cmp);
	for (size_t i = 0, k; i < n; i = k) {
		for (k = i + 1; k < n && all[k].content == all[i].content && !object_of(j, &all[i])->unread; k++)
			;
		if (all[i].side != all[k - 1].side)
			j->d->summary.objects_same += j->tell;
		else
			all[left++] = all[i];
	}
	qsort(all, left, sizeof(*all), order_cmp);
	return left;
}

static int
put(struct joining *j, struct lf_item_head *h, struct lf_err *err)
{
	struct lf_slice text[LF_DIFF_TEXTS] = {{lf_buf_str(&j->key), j->key.len}};

	h->time = LF_TIME_NONE;
	return lf_diff_put(j->d, h, text, (struct lf_slice){NULL, 0}, err);
}

static int
tell_one(struct joining *j, const struct found *f, struct lf_err *err)
{
	struct lf_item_head h = {.object = {LF_ITEM_ABSENT, LF_ITEM_ABSENT}};
	const struct lf_side_object *o = object_of(j, f);

	if (!j->tell)
		return 0;
	h.object[f->side] = f->object;
	if (lf_diff_outside(j->d, o->first, o->last)) {
		h.kind = LF_DIFF_OBJECT_OUTSIDE;
		j->d->summary.objects_outside[f->side]++;
	} else {
		h.kind = f->side == 0 ? LF_DIFF_OBJECT_ONLY_A : LF_DIFF_OBJECT_ONLY_B;
		j->d->summary.objects_only[f->side]++;
	}
	return put(j, &h, err);
}

static void
want_hash(struct lf_side_object *o)
{
	o->hash_wanted = o->hash == NULL;
}

static int
tell_pair(struct joining *j, const struct found *a, const struct found *b, struct lf_err *err)
{
	struct lf_item_head h = {.kind = LF_DIFF_OBJECT_CHANGED, .object = {a->object, b->object}};

	if (object_of(j, a)->unread || object_of(j, b)->unread) {
		j->d->summary.objects_unread += j->tell;
		return 0;
	}
	if (!j->tell) {
		want_hash(lf_side_object(&j->d->side[0], a->object));
		want_hash(lf_side_object(&j->d->side[1], b->object));
		return 0;
	}
	j->d->summary.objects_changed++;
	return put(j, &h, err);
}

/* All objects of a key are found. */
static int
settle(struct joining *j, struct lf_err *err)
{
	struct found *all = (struct found *)(void *)j->found.data;
	size_t n = j->found.len / sizeof(*all), a = 0, b = 0, of_a = 0;
	int rc = 0;

	if (n > 0)
		n = match_equal(j, all, n);
	while (of_a < n && all[of_a].side == 0)
		of_a++;
	for (b = of_a; a < of_a && b < n && rc == 0; a++, b++)
		rc = tell_pair(j, &all[a], &all[b], err);
	for (; a < of_a && rc == 0; a++)
		rc = tell_one(j, &all[a], err);
	for (; b < n && rc == 0; b++)
		rc = tell_one(j, &all[b], err);
	lf_buf_reset(&j->found);
	return rc;
}

static bool
same_key(const struct joining *j, const struct keyed *k)
{
	struct lf_slice key = {lf_buf_str(&j->key), j->key.len};

	if (lf_slice_ends(key, ".json.gz"))
		key.len -= 3;
	return j->any && lf_slice_equal(key, name_of(k));
}

static int
take(struct joining *j, const struct keyed *k, struct lf_err *err)
{
	struct found f = {k->side, k->object, lf_objects_at(&j->d->side[k->side].objects, k->object)->content};

	if (!same_key(j, k)) {
		if (settle(j, err) != 0)
			return -1;
		lf_buf_reset(&j->key);
		lf_buf_add(&j->key, k->key, k->len);
		j->any = true;
	}
	lf_buf_add(&j->found, &f, sizeof(f));
	return j->key.failed || j->found.failed ? lf_err_nomem(err) : 0;
}

int
lf_keys_join(struct lf_diff *d, struct lf_sorter *keys, bool tell, struct lf_err *err)
{
	struct joining j = {.d = d, .tell = tell};
	const void *item;
	int rc = lf_sorter_rewind(keys, err);

	lf_buf_init(&j.key);
	lf_buf_init(&j.found);
	while (rc == 0 && (rc = lf_sorter_next(keys, &item, err)) == 0 && item != NULL)
		rc = take(&j, item, err);
	if (rc == 0)
		rc = settle(&j, err);
	lf_buf_free(&j.key);
	lf_buf_free(&j.found);
	return rc;
}
