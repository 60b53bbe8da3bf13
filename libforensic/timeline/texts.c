#include "timeline/texts.h"

#include <string.h>

/* The bytes lie behind their kind. */
struct text {
	const char *s;
	uint32_t len;
};

int
lf_texts_init(struct lf_texts *t, struct lf_err *err)
{
	lf_arena_init(&t->arena);
	lf_list_init(&t->list, sizeof(struct text));
	lf_index_init(&t->index);
	return lf_seed_new(&t->seed, err);
}

void
lf_texts_free(struct lf_texts *t)
{
	lf_arena_free(&t->arena);
	lf_list_free(&t->list);
	lf_index_free(&t->index);
}

static uint64_t
hash_of(const struct lf_texts *t, char kind, struct lf_slice s)
{
	return lf_seed_mix(&t->seed, lf_seed_hash(&t->seed, s.len > 0 ? s.s : "", s.len), (unsigned char)kind);
}

static uint32_t
find(const struct lf_texts *t, uint64_t hash, char kind, struct lf_slice s)
{
	size_t cursor = 0;
	uint32_t i;

	while ((i = lf_index_next(&t->index, hash, &cursor)) != LF_INDEX_END) {
		const struct text *have = lf_list_at(&t->list, i);
		if (have->len == s.len && have->s[0] == kind && (s.len == 0 || memcmp(have->s + 1, s.s, s.len) == 0))
			return i;
	}
	return LF_TEXTS_NONE;
}

uint32_t
lf_texts_find(const struct lf_texts *t, char kind, struct lf_slice s)
{
	return find(t, hash_of(t, kind, s), kind, s);
}

uint32_t
lf_texts_add(struct lf_texts *t, char kind, struct lf_slice s)
{
	uint64_t hash = hash_of(t, kind, s);
	uint32_t i = find(t, hash, kind, s);
	struct text *text;
	char *copy;

	if (i != LF_TEXTS_NONE)
		return i;
	if (s.len >= UINT32_MAX || (copy = lf_arena_alloc(&t->arena, s.len + 1)) == NULL ||
	    (text = lf_list_push(&t->list)) == NULL)
		return LF_TEXTS_NONE;
	copy[0] = kind;
	if (s.len > 0)
		memcpy(copy + 1, s.s, s.len);
	*text = (struct text){copy, (uint32_t)s.len};
	return lf_index_add(&t->index, hash, t->list.n - 1) == 0 ? t->list.n - 1 : LF_TEXTS_NONE;
}

struct lf_slice
lf_texts_at(const struct lf_texts *t, uint32_t number)
{
	const struct text *text;

	if (number == LF_TEXTS_NONE)
		return (struct lf_slice){"", 0};
	text = lf_list_at(&t->list, number);
	return (struct lf_slice){text->s + 1, text->len};
}

int
lf_texts_cmp(const struct lf_texts *t, uint32_t a, uint32_t b)
{
	struct lf_slice x, y;
	int order;

	if (a == b)
		return 0;
	if (a == LF_TEXTS_NONE || b == LF_TEXTS_NONE)
		return a == LF_TEXTS_NONE ? -1 : 1;
	x = lf_texts_at(t, a);
	y = lf_texts_at(t, b);
	order = memcmp(x.s, y.s, x.len < y.len ? x.len : y.len);
	return order != 0 ? order : (x.len > y.len) - (x.len < y.len);
}
