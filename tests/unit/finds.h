/* Finds made by hand, for the tests of what becomes of them.  To be included behind cmocka.h. */
#ifndef LF_TEST_FINDS_H
#define LF_TEST_FINDS_H

#include <stdlib.h>
#include <string.h>

#include "carve/find.h"

/* Appends a part to the text; where it stands. */
static inline size_t
find_put(struct lf_find *f, const char *text)
{
	size_t at = f->text.len;

	lf_buf_puts(&f->text, text);
	return at;
}

/* A complete find of a kind, without records. */
static inline struct lf_find
find_made(enum lf_carve_kind kind, enum lf_carve_state state, uint64_t start, const char *path, const char *content)
{
	struct lf_find f = {.kind = kind, .state = state, .start = start, .complete = true, .method = LF_CARVE_TEXT,
	    .runs = {{start, start + strlen(content)}}, .n_runs = 1, .stored = strlen(content), .inflated = strlen(content)};

	f.path = find_put(&f, path);
	f.path_len = strlen(path);
	f.content = find_put(&f, content);
	f.content_len = strlen(content);
	return f;
}

/* Adds a record, whose text is json; every byte of its hash is the one given. */
static inline void
find_record(struct lf_find *f, const char *json, const char *id, int64_t time, unsigned char hash)
{
	struct lf_carve_record *r;

	f->records = realloc(f->records, (f->n_records + 1) * sizeof(*f->records));
	assert_non_null(f->records);
	r = &f->records[f->n_records];
	memset(r, 0, sizeof(*r));
	r->index = (uint32_t)f->n_records++;
	r->json = find_put(f, json);
	r->len = strlen(json);
	r->time = time;
	strncpy(r->id, id, sizeof(r->id) - 1);
	memset(r->sha256, hash, sizeof(r->sha256));
}

/* Adds a known value of a broken record. */
static inline void
find_known(struct lf_find *f, const char *name, const char *value, bool same_object)
{
	f->known = realloc(f->known, (f->n_known + 1) * sizeof(*f->known));
	assert_non_null(f->known);
	f->known[f->n_known++] = (struct lf_carve_known){name, find_put(f, value), strlen(value), same_object};
}

#endif
