/* What is kept of the texts of control events. */
#ifndef LF_COVERAGE_CONTROL_TEXT_H
#define LF_COVERAGE_CONTROL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/slice.h"
#include "record/value.h"

/*
 * Appends a text to keep; when escaped, with its escapes resolved.  What is longer than LF_CONTROL_TEXT is cut between
 * characters, with a mark that tells how many bytes it has in the record.  A NUL, which would end a string, stands as
 * "\x00".
 */
void lf_control_text(struct lf_slice text, bool escaped, struct lf_buf *out);

/* Appends what a value says in the same way: a string with escapes resolved, of others what stands there. */
void lf_control_value(const struct lf_value *v, struct lf_buf *out);

/* Cuts what several of them made, from at on, in the same way. */
void lf_control_keep(struct lf_buf *out, size_t at);

#endif
