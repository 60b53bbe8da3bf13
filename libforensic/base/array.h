/* Arrays that grow at their end.  Where elements must not move, or are very many, base/list serves. */
#ifndef LF_BASE_ARRAY_H
#define LF_BASE_ARRAY_H

#include <stddef.h>
#include <stdlib.h>

#define LF_ARRAY_FIRST 16 /* elements that there is room for at first */

/*
 * Room for one more than n elements of a size in an array with room for *cap: the array, moved or not, or NULL when
 * memory is out; then the old one is as it was.
 */
static inline void *
lf_array_more(void *array, size_t n, size_t *cap, size_t size)
{
	size_t want = *cap == 0 ? LF_ARRAY_FIRST : *cap * 2;
	void *more;

	if (n < *cap)
		return array;
	if (want < *cap || (more = reallocarray(array, want, size)) == NULL)
		return NULL;
	*cap = want;
	return more;
}

#endif
