/*
 * The whole files of a folder that trail-carve has written, which rows of its records.jsonl say that they stand in.
 */
#ifndef LF_RECORD_CARVED_FILES_H
#define LF_RECORD_CARVED_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "evidence/source.h"

/*
 * Of the carved folder whose name is the first root bytes of path, in a source that is a folder: *whole is whether carve.jsonl can
 * be read, has cap bytes at most, lists files in files/, and each of them is there.  -1 when memory is out.
 */
int lf_carved_files(const struct lf_source *s, const char *path, size_t root, uint64_t cap, bool *whole, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

#endif
