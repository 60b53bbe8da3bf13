/* What makes a run what it is: only the same run takes up a state. */
#ifndef LF_CARVE_IDENTITY_H
#define LF_CARVE_IDENTITY_H

#include "base/err.h"
#include "carve/carver.h"

/*
 * SHA-256 over version, options that change the output, ranges, and each image's name, size, modification time, first
 * and last MiB (of a stream: its name).
 */
int lf_carve_identity(const struct lf_carve *c, unsigned char out[LF_SHA256_LEN], struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

#endif
