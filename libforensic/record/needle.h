/* A text that is looked for in many others, byte by byte but for the case of ASCII letters. */
#ifndef LF_RECORD_NEEDLE_H
#define LF_RECORD_NEEDLE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/slice.h"

struct lf_needle;

int lf_needle_new(const char *text, struct lf_needle **out, struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_needle_free(struct lf_needle *n);

/* Takes time of the hay's length times the needle's at most, mostly a part of the hay's length. */
bool lf_needle_in(const struct lf_needle *n, struct lf_slice hay) __attribute__((nonnull));

#endif
