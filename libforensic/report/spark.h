/* A series of numbers as one line of text. */
#ifndef LF_REPORT_SPARK_H
#define LF_REPORT_SPARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Appends one sign for each number, scaled to the largest: a space for 0, else one of eight heights, in ASCII by
 * density. A number over 0 is never shown as 0.
 */
void lf_spark(struct lf_buf *out, const uint64_t *n, size_t count, bool ascii);

#endif
