#include "timeline/objects.h"

#include <string.h>

#include "base/slice.h"

int
lf_objects_init(struct lf_objects *t, struct lf_source *const *sources, struct lf_err *err)
{
	t->sources = sources;
	lf_list_init(&t->rows, sizeof(struct lf_timeline_object));
	lf_index_init(&t->by_name);
	lf_buf_init(&t->path);
	return lf_names_init(&t->names, err) != 0 ? -1 : lf_seed_new(&t->seed, err);
}

void
lf_objects_free(struct lf_objects *t)
{
	lf_names_free(&t->names);
	lf_list_free(&t->rows);
	lf_index_free(&t->by_name);
	lf_buf_free(&t->path);
}

struct lf_timeline_object *
lf_objects_add(struct lf_objects *t, uint32_t source, const char *place, size_t len, const struct lf_s3key *key,
    struct lf_err *err)
{
	struct lf_timeline_object *row = lf_list_push(&t->rows);

	if (row == NULL) {
		lf_err_nomem(err);
		return NULL;
	}
	return lf_names_add(&t->names, NULL, source, place, len, key, &row->name, err) == 0 ? row : NULL;
}

/* Appends the path inside the source. */
static void
put_path(const struct lf_objects *t, const struct lf_timeline_object *row, struct lf_buf *out)
{
	lf_names_path(&t->names, &row->name, out);
}

void
lf_objects_locator(const struct lf_objects *t, uint32_t number, struct lf_buf *out)
{
	const struct lf_timeline_object *row = lf_objects_at(t, number);
	const struct lf_source *s = t->sources[lf_names_group(&t->names, &row->name)->source];

	/* A place in a folder or file is its whole path; one in an archive lies behind "ARCHIVE!". */
	if (s->kind == LF_SOURCE_ARCHIVE)
		lf_buf_printf(out, "%s!", s->name);
	put_path(t, row, out);
}

static uint64_t
place_hash(const struct lf_objects *t, uint32_t source, const char *place, size_t len)
{
	return lf_seed_mix(&t->seed, lf_seed_hash(&t->seed, place, len), source);
}

int
lf_objects_index(struct lf_objects *t, uint32_t number, struct lf_err *err)
{
	const struct lf_timeline_object *row = lf_objects_at(t, number);
	uint32_t source = lf_names_group(&t->names, &row->name)->source;

	lf_buf_reset(&t->path);
	put_path(t, row, &t->path);
	if (t->path.failed ||
	    lf_index_add(&t->by_name, place_hash(t, source, lf_buf_str(&t->path), t->path.len), number) != 0)
		return lf_err_nomem(err);
	return 0;
}

bool
lf_objects_lies(const struct lf_objects *t, uint32_t number, uint32_t source, const char *place, size_t len, struct lf_buf *path)
{
	const struct lf_timeline_object *row = lf_objects_at(t, number);

	if (lf_names_group(&t->names, &row->name)->source != source)
		return false;
	lf_buf_reset(path);
	put_path(t, row, path);
	return !path->failed && lf_slice_equal((struct lf_slice){path->data, path->len}, (struct lf_slice){place, len});
}

uint32_t
lf_objects_find(const struct lf_objects *t, uint32_t source, const char *place, size_t len, size_t *cursor,
    struct lf_buf *path)
{
	uint32_t i;

	while ((i = lf_index_next(&t->by_name, place_hash(t, source, place, len), cursor)) != LF_INDEX_END)
		if (lf_objects_lies(t, i, source, place, len, path))
			return i;
	return LF_INDEX_END;
}
