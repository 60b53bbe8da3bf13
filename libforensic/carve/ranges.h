/* The parts of an image that are to be looked at: a file of lines "START LENGTH", in bytes. */
#ifndef LF_CARVE_RANGES_H
#define LF_CARVE_RANGES_H

#include <stddef.h>

#include "base/err.h"
#include "evidence/image.h"

#define LF_MAX_RANGES ((size_t)64 << 20) /* bytes of the file */

/*
 * Reads the file: numbers in decimal, or in hexadecimal behind 0x; what follows '#' is a remark.  Lines in any order,
 * which may overlap.  *out is ascending and apart; the caller frees it.  Fails, naming the line, on anything else, and
 * when there is no range.
 */
int lf_ranges_read(const char *file, struct lf_area **out, size_t *n, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

#endif
