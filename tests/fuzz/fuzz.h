/*
 * What the fuzz targets share.  Each is a file fuzz_NAME.c with one LLVMFuzzerTestOneInput(), to be linked to libFuzzer, or
 * to replay.c, which needs no particular compiler.  A target holds what the library makes of any bytes to another opinion,
 * or to what must be true of every answer.
 */
#ifndef LF_TEST_FUZZ_H
#define LF_TEST_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "forensic.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the run, with the input at hand written down by whoever drives it, when a claim does not hold. */
#define HOLDS(claim) \
	do { \
		if (!(claim)) { \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #claim); \
			abort(); \
		} \
	} while (0)

/* ---- The input, from its front: parameters first, then the bytes in question ---- */

struct fuzz_input {
	const uint8_t *p;
	size_t left;
};

/* A number below 256; 0 where the input has ended. */
static inline unsigned
fuzz_byte(struct fuzz_input *in)
{
	if (in->left == 0)
		return 0;
	in->left--;
	return *in->p++;
}

/* A number below 65536. */
static inline unsigned
fuzz_short(struct fuzz_input *in)
{
	unsigned high = fuzz_byte(in);

	return high << 8 | fuzz_byte(in);
}

/* ---- Answers ---- */

/* Reads every byte, so that a sanitizer sees one that is not there. */
static inline unsigned
fuzz_touch(const void *bytes, size_t len)
{
	const volatile unsigned char *p = bytes;
	unsigned sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += p[i];
	return sum;
}

/* Whether a part lies wholly in [from, from + len); one of no bytes may be anywhere. */
static inline bool
fuzz_inside(struct lf_slice part, const void *from, size_t len)
{
	const char *start = from;

	return part.len == 0 || (part.s >= start && part.len <= len && (size_t)(part.s - start) <= len - part.len);
}

/* A copy in a block of exactly its size, so that a sanitizer sees the first byte too far. */
static inline void *
fuzz_copy(const void *bytes, size_t len)
{
	void *copy = calloc(1, len);

	HOLDS(copy != NULL || len == 0);
	if (len > 0)
		memcpy(copy, bytes, len);
	return copy;
}

#endif
