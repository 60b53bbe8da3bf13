/* What is kept of the texts of control events. */
#ifndef LF_COVERAGE_CONTROL_TEXT_H
#define LF_COVERAGE_CONTROL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"

/* Appends a text; when escaped, with its escapes resolved, and of a very long one no more than can be kept. */
void lf_control_text(struct lf_slice text, bool escaped, struct lf_buf *out);

/*
 * Makes what was appended from at on a text to keep: cut behind LF_CONTROL_TEXT bytes, with a mark that tells how
 * long it was, and without a NUL, which stands as "\x00".
 */
void lf_control_keep(struct lf_buf *out, size_t at);

#endif
