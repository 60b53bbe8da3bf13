#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ALIGN     8
#define CHUNK_MIN ((size_t)4 << 10)
#define CHUNK_MAX ((size_t)1 << 20)

struct lf_arena_chunk {
	struct lf_arena_chunk *next;
	size_t cap;
	_Alignas(ALIGN) char data[];
};

void
lf_arena_init(struct lf_arena *a)
{
	a->chunk = NULL;
	a->used = 0;
}

static void
free_from(struct lf_arena_chunk *c)
{
	struct lf_arena_chunk *next;

	for (; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
}

void
lf_arena_free(struct lf_arena *a)
{
	free_from(a->chunk);
	lf_arena_init(a);
}

void
lf_arena_reset(struct lf_arena *a)
{
	if (a->chunk != NULL) {
		free_from(a->chunk->next);
		a->chunk->next = NULL;
	}
	a->used = 0;
}

/*
 * A new chunk with size bytes of it used.  What would fill most of a chunk gets one of its own
 * behind the newest, whose rest stays in use.
 */
static void *
alloc_chunk(struct lf_arena *a, size_t size)
{
	size_t cap = a->chunk == NULL ? CHUNK_MIN : a->chunk->cap * 2;
	struct lf_arena_chunk *c;

	if (cap > CHUNK_MAX)
		cap = CHUNK_MAX;
	if (size > cap / 2)
		cap = size;
	if (cap > SIZE_MAX - sizeof(*c) || (c = malloc(sizeof(*c) + cap)) == NULL)
		return NULL;
	c->cap = cap;
	if (cap == size && a->chunk != NULL) {
		c->next = a->chunk->next;
		a->chunk->next = c;
	} else {
		c->next = a->chunk;
		a->chunk = c;
		a->used = size;
	}
	return c->data;
}

void *
lf_arena_alloc(struct lf_arena *a, size_t size)
{
	void *p;

	if (size > SIZE_MAX - ALIGN)
		return NULL;
	size = size == 0 ? ALIGN : (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (a->chunk == NULL || a->chunk->cap - a->used < size)
		return alloc_chunk(a, size);
	p = a->chunk->data + a->used;
	a->used += size;
	return p;
}

char *
lf_arena_strndup(struct lf_arena *a, const char *s, size_t len)
{
	char *copy = len == SIZE_MAX ? NULL : lf_arena_alloc(a, len + 1);

	if (copy == NULL)
		return NULL;
	if (len > 0)
		memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

char *
lf_arena_strdup(struct lf_arena *a, const char *s)
{
	return lf_arena_strndup(a, s, strlen(s));
}
