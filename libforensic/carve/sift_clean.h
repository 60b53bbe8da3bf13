/* The vectors of the byte scanner: how far nothing can begin. */
#ifndef LF_CARVE_SIFT_CLEAN_H
#define LF_CARVE_SIFT_CLEAN_H

#include <stddef.h>

#define LF_SIFT_BLOCK 64u

/*
 * How many of the first blocks of LF_SIFT_BLOCK bytes hold no byte at which lf_sift() has anything to check.  Looks at
 * two bytes behind the blocks.
 */
typedef size_t lf_sift_clean_fn(const unsigned char *p, size_t blocks);

/* Compiled for what every CPU of the architecture has. */
size_t lf_sift_clean_portable(const unsigned char *p, size_t blocks);
/* For this CPU. */
lf_sift_clean_fn *lf_sift_clean_best(void);

#endif
