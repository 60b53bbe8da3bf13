/*
 * Globs: * any bytes, ? one byte, [a-z] one of a set, [!a-z] or [^a-z] one outside it.  A backslash takes its meaning
 * from the * ? [ ] \ or ! behind it, and stands for itself before anything else.  The whole value must match; letters
 * are ASCII's, without regard to case; bytes count, not characters, and the locale does not.
 */
#ifndef LF_RECORD_GLOB_H
#define LF_RECORD_GLOB_H

#include <stdbool.h>

#include "base/err.h"
#include "base/slice.h"

struct lf_glob;

/* Reads a pattern.  Fails, with the pattern in the message, when a [ is not closed or a range is backwards. */
int lf_glob_new(const char *text, struct lf_glob **out, struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_glob_free(struct lf_glob *g);

/* Takes time of the value's length times the pattern's at most, and no memory. */
bool lf_glob_match(const struct lf_glob *g, struct lf_slice value) __attribute__((nonnull));

/* Whether it has only one match (but for case): no *, ? or set in it. */
bool lf_glob_literal(const struct lf_glob *g) __attribute__((nonnull));

#endif
