#include "base/list.h"

#include <stdlib.h>

void
lf_list_init(struct lf_list *l, size_t size)
{
	l->chunks = NULL;
	l->n_chunks = 0;
	l->size = size;
	l->n = 0;
}

void
lf_list_free(struct lf_list *l)
{
	for (size_t i = 0; i < l->n_chunks; i++)
		free(l->chunks[i]);
	free(l->chunks);
	lf_list_init(l, l->size);
}

/* Adds a cleared chunk.  The table of chunks has room for the next power of two of n_chunks. */
static int
add_chunk(struct lf_list *l)
{
	size_t n = l->n_chunks;
	char **chunks;
	char *chunk;

	if ((n & (n - 1)) == 0) {
		chunks = reallocarray(l->chunks, n == 0 ? 1 : n * 2, sizeof(*chunks));
		if (chunks == NULL)
			return -1;
		l->chunks = chunks;
	}
	chunk = calloc(LF_LIST_CHUNK, l->size);
	if (chunk == NULL)
		return -1;
	l->chunks[l->n_chunks++] = chunk;
	return 0;
}

void *
lf_list_push(struct lf_list *l)
{
	if (l->n >= UINT32_MAX - 1)
		return NULL;
	if (l->n / LF_LIST_CHUNK == l->n_chunks && add_chunk(l) != 0)
		return NULL;
	return lf_list_at(l, l->n++);
}
