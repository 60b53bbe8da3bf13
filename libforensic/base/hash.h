/* SHA-256 (FIPS 180-4) and MD5 through OpenSSL's EVP: the door to libcrypto's digests. */
#ifndef LF_BASE_HASH_H
#define LF_BASE_HASH_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct lf_hash; /* a context of one thread, used again and again */

/* A SHA-256 context; NULL with err filled when OpenSSL refuses.  The caller frees it. */
struct lf_hash *lf_hash_new(struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_hash_free(struct lf_hash *h);

/* SHA-256 of one run of bytes.  Returns 0, or -1 when OpenSSL fails. */
int lf_hash_bytes(struct lf_hash *h, const void *bytes, size_t len, unsigned char out[LF_SHA256_LEN])
    __attribute__((warn_unused_result, nonnull(1, 4)));

/* The same in steps. */
int lf_hash_start(struct lf_hash *h) __attribute__((warn_unused_result, nonnull));
int lf_hash_add(struct lf_hash *h, const void *bytes, size_t len) __attribute__((warn_unused_result));
int lf_hash_end(struct lf_hash *h, unsigned char out[LF_SHA256_LEN]) __attribute__((warn_unused_result));

/* MD5, for the fingerprints of public keys only (never a basis of trust). */
int lf_md5(const void *bytes, size_t len, unsigned char out[16]) __attribute__((warn_unused_result));

/* "OpenSSL VERSION" of what is linked: appended to out. */
void lf_hash_library(struct lf_buf *out);

#endif
