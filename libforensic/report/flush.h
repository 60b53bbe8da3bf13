/* The text of a report, handed on piece by piece. */
#ifndef LF_REPORT_FLUSH_H
#define LF_REPORT_FLUSH_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * Writes what out holds, when that is more than at bytes, and empties it.  Returns 0, or -1 with err filled: memory for
 * out was out, or write failed.
 */
int lf_report_flush(struct lf_buf *out, size_t at, lf_write_fn *write, void *arg, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull(1, 3, 5)));

#endif
