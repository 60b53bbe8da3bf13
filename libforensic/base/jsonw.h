/*
 * Writes JSON (RFC 8259) element by element, indented by two spaces, to an lf_write_fn.  Errors are
 * sticky: look once, at lf_jsonw_finish().  Strings may hold any bytes (see lf_text_json()).
 */
#ifndef LF_BASE_JSONW_H
#define LF_BASE_JSONW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define LF_JSONW_DEPTH 32

struct lf_jsonw {
	lf_write_fn *write;
	void *arg;
	struct lf_buf buf;     /* flushed when large */
	unsigned depth;
	bool first[LF_JSONW_DEPTH];
	bool flat[LF_JSONW_DEPTH]; /* on one line */
	bool array[LF_JSONW_DEPTH];
	int error;             /* errno of the first failure */
};

void lf_jsonw_init(struct lf_jsonw *w, lf_write_fn *write, void *arg);

/* name is the member's name inside an object, NULL inside an array or at the top. "flat" containers,
 * and all inside them, are written on one line. */
void lf_jsonw_object(struct lf_jsonw *w, const char *name);
void lf_jsonw_object_flat(struct lf_jsonw *w, const char *name);
void lf_jsonw_array(struct lf_jsonw *w, const char *name);
void lf_jsonw_array_flat(struct lf_jsonw *w, const char *name);
void lf_jsonw_end(struct lf_jsonw *w); /* closes the innermost */

void lf_jsonw_string(struct lf_jsonw *w, const char *name, const char *s); /* NULL writes null */
void lf_jsonw_bytes(struct lf_jsonw *w, const char *name, const char *s, size_t len);
void lf_jsonw_int(struct lf_jsonw *w, const char *name, int64_t n);
/* A value that is JSON already, on one line.  Characters of its strings that would steer a terminal, and bytes that are
 * no UTF-8, are escaped as lf_jsonw_bytes() does it. */
void lf_jsonw_value(struct lf_jsonw *w, const char *name, const char *json, size_t len);
void lf_jsonw_bool(struct lf_jsonw *w, const char *name, bool b);
void lf_jsonw_null(struct lf_jsonw *w, const char *name);
void lf_jsonw_sha256(struct lf_jsonw *w, const char *name, const unsigned char *hash); /* hexadecimal; NULL: null */
void lf_jsonw_time(struct lf_jsonw *w, const char *name, int64_t t); /* LF_TIME_NONE writes null */

/* Writes the last newline and flushes.  Returns 0, or -1 with the first error. Frees the buffer. */
int lf_jsonw_finish(struct lf_jsonw *w, struct lf_err *err) __attribute__((warn_unused_result));

#endif
