/* Bytes for tests: copies that end where their text does, and whole files, those of $SHARED_DATA too. */
#ifndef LF_TEST_BYTES_H
#define LF_TEST_BYTES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A copy with nothing behind it, so that a sanitizer sees what reads on; for free(). */
static inline char *
bytes_exact(const char *text, size_t len)
{
	char *copy = calloc(len == 0 ? 1 : len, 1);

	if (copy == NULL)
		abort();
	if (len > 0)
		memcpy(copy, text, len);
	return copy;
}

/* All of a file, with room for one byte more; for free().  NULL when it cannot be opened. */
static inline char *
bytes_of_file(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	char *text = NULL;
	long size;

	*len = 0;
	if (f == NULL)
		return NULL;
	if (fseek(f, 0, SEEK_END) != 0 || (size = ftell(f)) < 0 || fseek(f, 0, SEEK_SET) != 0 ||
	    (text = malloc((size_t)size + 1)) == NULL || fread(text, 1, (size_t)size, f) != (size_t)size)
		abort();
	fclose(f);
	*len = (size_t)size;
	return text;
}

/* The same of a file below $SHARED_DATA; NULL where that is not set, or has none. */
static inline char *
bytes_shared(const char *name, size_t *len)
{
	const char *root = getenv("SHARED_DATA");
	char path[4096];

	if (root == NULL || *root == '\0')
		return NULL;
	snprintf(path, sizeof(path), "%s/%s", root, name);
	return bytes_of_file(path, len);
}

#endif
