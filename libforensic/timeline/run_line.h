/* A line of a timeline's jsonl, read back. */
#ifndef LF_TIMELINE_RUN_LINE_H
#define LF_TIMELINE_RUN_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "record/columns.h"

struct lf_run_line {
	struct lf_slice v[LF_COLUMNS]; /* text of each column; also_in as places with a NUL between them */
	uint32_t present;              /* bit i: column i stands there, null or not */
	struct lf_slice digest;        /* record_sha256, 64 hexadecimal digits in small letters, or empty */
	bool conflict, partial, mark;
};

/*
 * Reads a line; slices lie in scratch, which is reset first, and in the line.  False with a static *problem when it is
 * no such line, or when scratch failed.
 */
bool lf_run_line_read(struct lf_slice line, struct lf_buf *scratch, struct lf_run_line *out, const char **problem);

#endif
