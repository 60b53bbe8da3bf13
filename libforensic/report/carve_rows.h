/* Rows of carve.jsonl, one for each place where something was found. */
#ifndef LF_REPORT_CARVE_ROWS_H
#define LF_REPORT_CARVE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "carve/find.h"

/* Where rows come from: each() calls take(to, line) for every line of carve.jsonl, in its order. */
struct lf_carve_rows {
	int (*each)(void *arg, int (*take)(void *to, const char *line, size_t len, struct lf_err *err), void *to,
	    struct lf_err *err);
	void *arg;
};

/* What a report needs of a row.  Texts are never NULL; "" for what the row does not have. */
struct lf_carve_row {
	json_t *doc;               /* what the rest points into */
	const char *path;          /* "img.dd|1052672-GZIP-0" */
	const char *image;         /* its name */
	enum lf_carve_state state;
	enum lf_carve_kind kind;
	const char *method, *problem, *file, *digest;
	const char *first, *last;  /* eventTime of its records */
	const char *stored_sha256, *inflated_sha256; /* in hexadecimal */
	uint64_t records, stored, inflated, unknown;
	struct lf_area runs[2];    /* in the image */
	unsigned n_runs;
};

/* Reads rows one after another: calls take(arg, row) for each, and frees it. */
int lf_carve_rows_each(const struct lf_carve_rows *rows,
    int (*take)(void *arg, const struct lf_carve_row *row, struct lf_err *err), void *arg, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull(1, 2, 4)));

#endif
