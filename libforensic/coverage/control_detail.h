/*
 * What an event changed, in words: "NAME VALUE, NAME VALUE", from an offset of a buffer on.  Says no more than is kept.
 */
#ifndef LF_COVERAGE_CONTROL_DETAIL_H
#define LF_COVERAGE_CONTROL_DETAIL_H

#include <stddef.h>

#include "base/buf.h"
#include "record/value.h"

void lf_detail_add(struct lf_buf *detail, size_t at, const char *name, const char *value);

/* A value, of an array all of them, joined by blanks. */
void lf_detail_value(struct lf_buf *detail, size_t at, const char *name, const struct lf_value *value);

#endif
