#include "proof/body.h"

#include <string.h>

int
lf_body_init(struct lf_body *b, struct lf_err *err)
{
	memset(b, 0, sizeof(*b));
	lf_intern_init(&b->strings);
	lf_arena_init(&b->arena);
	lf_list_init(&b->digests, sizeof(struct lf_digest_row));
	lf_list_init(&b->listed, sizeof(struct lf_listed_row));
	lf_list_init(&b->present, sizeof(struct lf_present_row));
	lf_list_init(&b->troubles, sizeof(struct lf_trouble));
	lf_skips_init(&b->skipped);
	lf_list_init(&b->pending, sizeof(void *));
	lf_list_init(&b->lakes, sizeof(struct lf_lake_row));
	lf_list_init(&b->lake_results, sizeof(struct lf_lake_result_row));
	lf_index_init(&b->digest_by_hash);
	lf_index_init(&b->digest_by_name);
	lf_index_init(&b->listed_by_name);
	lf_index_init(&b->present_by_name);
	return lf_names_init(&b->names, err);
}

void
lf_body_free(struct lf_body *b)
{
	for (uint32_t i = 0; i < b->lakes.n; i++)
		lf_lake_free(((struct lf_lake_row *)lf_list_at(&b->lakes, i))->doc);
	lf_names_free(&b->names);
	lf_intern_free(&b->strings);
	lf_list_free(&b->digests);
	lf_list_free(&b->listed);
	lf_list_free(&b->present);
	lf_list_free(&b->troubles);
	lf_skips_free(&b->skipped);
	lf_list_free(&b->pending);
	lf_list_free(&b->lakes);
	lf_list_free(&b->lake_results);
	lf_index_free(&b->digest_by_hash);
	lf_index_free(&b->digest_by_name);
	lf_index_free(&b->listed_by_name);
	lf_index_free(&b->present_by_name);
	lf_arena_free(&b->arena);
}

bool
lf_body_in_place(const struct lf_body *b, uint32_t source, const char *place, size_t len, const char *key)
{
	const struct lf_source *s = b->sources[source];
	size_t root = s->kind == LF_SOURCE_FOLDER ? strlen(s->name) + 1 : 0;

	if (lf_s3key_in_place(place, len, key, strlen(key)))
		return true;
	return root < len && memchr(place + root, '/', len - root) != NULL &&
	    lf_s3key_in_place(place + root, len - root, key, strlen(key));
}

void
lf_body_digest_locator(const struct lf_digest_row *d, struct lf_buf *out)
{
	lf_buf_puts(out, d->folder);
	lf_buf_puts(out, d->tail);
}

void
lf_body_digest_place(const struct lf_body *b, const struct lf_digest_row *d, struct lf_buf *out)
{
	const struct lf_source *s = b->sources[d->source];

	lf_buf_puts(out, d->folder + (s->kind == LF_SOURCE_ARCHIVE ? strlen(s->name) + 1 : 0));
	lf_buf_puts(out, d->tail);
}

void
lf_body_listed_object(const struct lf_body *b, const struct lf_listed_row *l, struct lf_buf *out)
{
	lf_buf_puts(out, "s3://");
	lf_buf_puts(out, lf_names_group(&b->names, &l->name)->scope);
	lf_buf_putc(out, '/');
	lf_names_path(&b->names, &l->name, out);
}

void
lf_body_locator(const struct lf_body *b, const struct lf_present_row *p, struct lf_buf *out)
{
	const struct lf_source *s = b->sources[lf_names_group(&b->names, &p->name)->source];

	if (s->kind == LF_SOURCE_ARCHIVE) {
		lf_buf_puts(out, s->name);
		lf_buf_putc(out, '!');
	}
	lf_names_path(&b->names, &p->name, out);
}
