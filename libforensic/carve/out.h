/* A file of lines that takes its name when it is whole. */
#ifndef LF_CARVE_OUT_H
#define LF_CARVE_OUT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/replace.h"

struct lf_out {
	struct lf_replace file; /* its name: static text */
	struct lf_buf buf;      /* lines are appended here */
};

int lf_out_open(struct lf_out *o, int folder, const char *name, struct lf_err *err) __attribute__((warn_unused_result));
/* Writes what is in buf, when that is much. */
int lf_out_line(struct lf_out *o, struct lf_err *err) __attribute__((warn_unused_result));
/* Writes the rest and renames. */
int lf_out_close(struct lf_out *o, struct lf_err *err) __attribute__((warn_unused_result));
/* Gives it up; nothing when it was closed, or is all zero: never opened. */
void lf_out_drop(struct lf_out *o);

#endif
