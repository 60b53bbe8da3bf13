/*
 * A list of equal-sized elements in chunks: elements never move, growing copies nothing, and no
 * more than one chunk is ever unused.  At most 2^32 - 2 elements.
 */
#ifndef LF_BASE_LIST_H
#define LF_BASE_LIST_H

#include <stddef.h>
#include <stdint.h>

#define LF_LIST_CHUNK 1024 /* elements in a chunk */

struct lf_list {
	char **chunks;
	size_t n_chunks, size; /* size: bytes of an element */
	uint32_t n;
};

void lf_list_init(struct lf_list *l, size_t size);
void lf_list_free(struct lf_list *l);

/* Adds a cleared element and returns it, or NULL when memory is out or the list is full. */
void *lf_list_push(struct lf_list *l) __attribute__((warn_unused_result));

/* The i-th element; i must be below l->n. */
static inline void *
lf_list_at(const struct lf_list *l, uint32_t i)
{
	return l->chunks[i / LF_LIST_CHUNK] + (size_t)(i % LF_LIST_CHUNK) * l->size;
}

#endif
