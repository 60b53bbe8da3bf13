/* Objects that both sides have, under one key and with one content: the second is not read event by event. */
#include "compare/side.h"

#define COPIES 16 /* objects of one key that are looked at: more is no copy of a bucket */

int
lf_side_index_twins(struct lf_side *s, struct lf_err *err)
{
	struct lf_buf key;
	int rc = 0;

	lf_buf_init(&key);
	for (uint32_t i = 0; i < s->more.n && rc == 0; i++) {
		if (!lf_side_object(s, i)->has_key)
			continue;
		lf_buf_reset(&key);
		lf_side_key(s, i, &key);
		if (key.failed || lf_index_add(&s->twins, lf_seed_hash(s->seed, key.data, key.len), i) != 0)
			rc = lf_err_nomem(err);
	}
	lf_buf_free(&key);
	return rc;
}

/* Whether object i has this key; that is made in scratch. */
static bool
has_key(const struct lf_side *s, uint32_t i, struct lf_slice key, struct lf_buf *scratch)
{
	lf_buf_reset(scratch);
	lf_side_key(s, i, scratch);
	return lf_slice_equal((struct lf_slice){lf_buf_str(scratch), scratch->len}, key);
}

int
lf_side_find_twin(const struct lf_side *a, const struct lf_object *o, uint64_t content, uint32_t *found, bool *rival,
    struct lf_err *err)
{
	struct lf_slice key = o->key.key;
	uint64_t hash = lf_seed_hash(a->seed, key.s, key.len);
	struct lf_buf scratch;
	size_t cursor = 0;
	uint32_t i;
	bool failed, same = false;

	*found = LF_INDEX_END;
	*rival = false;
	if (a->twins.n == 0 || key.len == 0 || !lf_side_is_whole(o))
		return 0;
	lf_buf_init(&scratch);
	for (int n = 0; n < COPIES && !same && (i = lf_index_next(&a->twins, hash, &cursor)) != LF_INDEX_END; n++) {
		const struct lf_side_object *other = lf_side_object(a, i);

		if (!has_key(a, i, key, &scratch))
			continue;
		same = lf_objects_at(&a->objects, i)->content == content;
		*rival = !same;
		if (same && other->whole && other->events.n > 0)
			*found = i;
	}
	failed = scratch.failed;
	lf_buf_free(&scratch);
	return failed ? lf_err_nomem(err) : 0;
}
