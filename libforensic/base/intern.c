#include "base/intern.h"

#include <string.h>

void
lf_intern_init(struct lf_intern *t)
{
	lf_list_init(&t->strings, sizeof(const char *));
	lf_index_init(&t->index);
	lf_arena_init(&t->arena);
	t->seeded = false;
}

int
lf_intern_init_seeded(struct lf_intern *t, struct lf_err *err)
{
	lf_intern_init(t);
	t->seeded = true;
	return lf_seed_new(&t->seed, err);
}

void
lf_intern_free(struct lf_intern *t)
{
	lf_list_free(&t->strings);
	lf_index_free(&t->index);
	lf_arena_free(&t->arena);
}

const char *
lf_intern_n(struct lf_intern *t, const char *s, size_t len)
{
	const char *bytes = len > 0 ? s : "";
	uint64_t hash = t->seeded ? lf_seed_hash(&t->seed, bytes, len) : lf_index_hash(bytes, len);
	size_t cursor = 0;
	uint32_t i;
	const char **slot;
	char *copy;

	while ((i = lf_index_next(&t->index, hash, &cursor)) != LF_INDEX_END) {
		const char *have = *(const char **)lf_list_at(&t->strings, i);
		if (strncmp(have, bytes, len) == 0 && have[len] == '\0')
			return have;
	}
	if ((copy = lf_arena_strndup(&t->arena, bytes, len)) == NULL ||
	    (slot = lf_list_push(&t->strings)) == NULL)
		return NULL;
	*slot = copy;
	return lf_index_add(&t->index, hash, t->strings.n - 1) == 0 ? copy : NULL;
}

const char *
lf_intern(struct lf_intern *t, const char *s)
{
	return s == NULL ? NULL : lf_intern_n(t, s, strlen(s));
}
