/*
 * Raw bytes without a file system's help: an image, a set of its parts (.001, .002, ...), a block device, a memory
 * dump, any file, or standard input.  Read by offset, from any thread, and never written to.  What cannot be read is
 * zeros, and stands in the map of bad areas, as does a part that is missing between others.
 */
#ifndef LF_EVIDENCE_IMAGE_H
#define LF_EVIDENCE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define LF_SECTOR 512u

struct lf_image;

/* [from, to) of an image. */
struct lf_area {
	uint64_t from, to;
};

/*
 * Opens operand read-only.  A name whose extension is digits (.000, .001, .01) stands for all parts that follow it; a
 * part that is absent while a later one is there counts with the size of the first, and is bad.  "-" is standard input,
 * which is read once and forwards: only what lies less than LF_IMAGE_KEPT bytes behind the furthest byte read can be
 * read again.  Fails when operand does not exist, cannot be opened, or is a folder, a socket or a terminal.
 */
#define LF_IMAGE_KEPT (80ULL << 20)
int lf_image_open(const char *operand, struct lf_image **out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_image_free(struct lf_image *i);

const char *lf_image_name(const struct lf_image *i);  /* the operand as given */
bool lf_image_streams(const struct lf_image *i);      /* standard input, or a file that cannot be sought in */
/* Bytes in all; of a stream what was read so far, and all once lf_image_read() has met its end. */
uint64_t lf_image_size(const struct lf_image *i);
/* Modification time of the (first) file in seconds, LF_TIME_NONE for a stream or a device. */
int64_t lf_image_mtime(const struct lf_image *i);

/*
 * Copies up to len bytes at offset into buf, and returns how many: fewer only at the end (0 behind it).  Sectors that
 * cannot be read are zeros there, each tried once.  Any thread.  For a stream, bytes that are gone are zeros too, and
 * *gone (may be NULL) is set.
 */
size_t lf_image_read(struct lf_image *i, uint64_t offset, void *buf, size_t len, bool *gone);

/*
 * The first area of data at or behind offset, as the file system tells holes from data (SEEK_DATA); all that is left
 * where it does not.  False when only holes follow.
 */
bool lf_image_data(const struct lf_image *i, uint64_t offset, struct lf_area *out);

/*
 * The areas that could not be read so far, ascending, joined; the caller frees *out.  Of a stream that broke off, the
 * sector behind what came.
 */
int lf_image_bad(struct lf_image *i, struct lf_area **out, size_t *n, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
/* Whether any byte of area could not be read. */
bool lf_image_is_bad(struct lf_image *i, struct lf_area area);

/*
 * SHA-256 of all bytes, in order, as lf_image_read() gives them.  Of a stream what was read since
 * lf_image_hash_stream(), which comes before the first read.
 */
int lf_image_hash_stream(struct lf_image *i, struct lf_err *err) __attribute__((warn_unused_result, nonnull));
int lf_image_hash(struct lf_image *i, unsigned char out[LF_SHA256_LEN], struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

#endif
