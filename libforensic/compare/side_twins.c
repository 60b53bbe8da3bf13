/* Objects that both sides have, under one key and with one content: the second is not read event by event. */
#include "compare/side.h"

static uint64_t
twin_hash(const struct lf_side *s, struct lf_slice key, uint64_t content)
{
	return lf_seed_mix(s->seed, content, lf_seed_hash(s->seed, key.s, key.len));
}

int
lf_side_index_twins(struct lf_side *s, struct lf_err *err)
{
	struct lf_buf key;
	int rc = 0;

	lf_buf_init(&key);
	for (uint32_t i = 0; i < s->more.n && rc == 0; i++) {
		const struct lf_side_object *o = lf_side_object(s, i);

		if (!o->whole || !o->has_key || o->events.n == 0)
			continue;
		lf_buf_reset(&key);
		lf_side_key(s, i, &key);
		if (key.failed || lf_index_add(&s->twins, twin_hash(s, (struct lf_slice){lf_buf_str(&key), key.len},
		    lf_objects_at(&s->objects, i)->content), i) != 0)
			rc = lf_err_nomem(err);
	}
	lf_buf_free(&key);
	return rc;
}

/* Whether object i has this key and content; the key was made in scratch. */
static bool
is_same(const struct lf_side *s, uint32_t i, struct lf_slice key, uint64_t content, struct lf_buf *scratch)
{
	if (lf_objects_at(&s->objects, i)->content != content)
		return false;
	lf_buf_reset(scratch);
	lf_side_key(s, i, scratch);
	return lf_slice_equal((struct lf_slice){lf_buf_str(scratch), scratch->len}, key);
}

int
lf_side_find_twin(const struct lf_side *a, const struct lf_object *o, uint64_t content, uint32_t *found, struct lf_err *err)
{
	struct lf_buf scratch;
	size_t cursor = 0;
	bool failed;

	*found = LF_INDEX_END;
	if (a->twins.n == 0 || o->key.key.len == 0 || o->problem != NULL || o->gz.trailing > 0 ||
	    (o->gz.state != LF_GZIP_PLAIN && o->gz.state != LF_GZIP_WHOLE))
		return 0;
	lf_buf_init(&scratch);
	while ((*found = lf_index_next(&a->twins, twin_hash(a, o->key.key, content), &cursor)) != LF_INDEX_END)
		if (is_same(a, *found, o->key.key, content, &scratch))
			break;
	failed = scratch.failed;
	lf_buf_free(&scratch);
	return failed ? lf_err_nomem(err) : 0;
}
