/*
 * Open files, devices and pipes read into memory, never past a cap, and written.  What was asked for is read or written
 * whole however small the pieces come, and interruptions by signals go unnoticed.
 */
#ifndef LF_BASE_FILE_H
#define LF_BASE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Reads on from where fd stands until out holds upto bytes, those that it held before among them, or fd ends.
 * Returns 0, or -1 with errno set, ENOMEM when memory is out; out then keeps what was read.
 */
int lf_file_read_upto(int fd, size_t upto, struct lf_buf *out) __attribute__((warn_unused_result));

/*
 * Reads all that is left of fd into out, which must be empty.  Returns 0, or -1 with errno set: EFBIG when that is
 * more than cap bytes, of which no more than one further was read, and as lf_file_read_upto() otherwise.
 */
int lf_file_read_all(int fd, size_t cap, struct lf_buf *out) __attribute__((warn_unused_result));

/*
 * Reads len bytes at offset into buf.  Returns 0, or -1 with errno set, ENODATA when there are fewer: nothing can be
 * said of what buf holds then.
 */
int lf_file_read_at(int fd, void *buf, size_t len, uint64_t offset) __attribute__((warn_unused_result));

/* Writes all of bytes, whatever the pieces.  Returns 0, or -1 with errno set. */
int lf_file_write_all(int fd, const void *bytes, size_t len) __attribute__((warn_unused_result));

#endif
