/*
 * The door to jansson, for reading small documents strictly (key files, metadata, results).  Its types
 * pass on from here.  Delivered logs and digests are read by record/scan instead.
 */
#ifndef LF_BASE_JSON_H
#define LF_BASE_JSON_H

#include <jansson.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * Reads one JSON value from the start of text (RFC 8259; duplicate keys are refused; nesting is capped
 * by jansson at 2048).  *used, when not NULL, gets the bytes read, so that documents that
 * follow one another can be read in turn; when NULL, anything but white space behind the value is an
 * error.  Returns a new reference, or NULL with err filled.
 */
json_t *lf_json_read(const char *text, size_t len, size_t *used, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull(4)));

/* A member's string, or NULL when it is absent, no string, or one with U+0000 inside.  Borrowed. */
const char *lf_json_string(const json_t *object, const char *key);

/* The member of this very name, else the first whose name is equal without regard to case, or NULL.  Borrowed. */
json_t *lf_json_get_nocase(const json_t *object, const char *key);

/* "jansson VERSION" of what is linked: appended to out. */
void lf_json_library(struct lf_buf *out);

#endif
