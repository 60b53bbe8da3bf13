/* Two values that differ, cut so that the place where they begin to differ can be seen. */
#ifndef LF_REPORT_DIFF_EXCERPT_H
#define LF_REPORT_DIFF_EXCERPT_H

#include "base/buf.h"
#include "base/slice.h"

/*
 * Appends both, made printable, to out[0] and out[1]; in at most width columns each (8 or more), or whole with 0.
 * Where both are cut at their start, they are cut at the same place.  An ellipsis, in ASCII a tilde, stands for what
 * was cut off.  A value whose s is NULL appends nothing, and the other is then cut at its end only.
 */
void lf_diff_excerpt(const struct lf_slice value[2], size_t width, bool ascii, struct lf_buf out[2]);

#endif
