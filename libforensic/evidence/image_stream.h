/* Bytes that come once and forwards, of which the last ones are kept. */
#ifndef LF_EVIDENCE_IMAGE_STREAM_H
#define LF_EVIDENCE_IMAGE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct lf_image_stream;

/* Takes fd over, whatever comes of it. */
struct lf_image_stream *lf_image_stream_new(int fd, size_t kept, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_image_stream_free(struct lf_image_stream *s);
uint64_t lf_image_stream_read_so_far(const struct lf_image_stream *s);
/* Whether it ended with an error instead of its end. */
bool lf_image_stream_failed(const struct lf_image_stream *s);
/* As lf_image_read().  len is less than what is kept. */
size_t lf_image_stream_read(struct lf_image_stream *s, uint64_t offset, void *buf, size_t len, bool *gone);

/* From now on, what is read is hashed; and what came of that. */
int lf_image_stream_hash(struct lf_image_stream *s, struct lf_err *err) __attribute__((warn_unused_result, nonnull));
int lf_image_stream_hashed(struct lf_image_stream *s, unsigned char out[LF_SHA256_LEN], struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

#endif
