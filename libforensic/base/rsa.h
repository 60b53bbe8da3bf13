/*
 * RSA public keys and RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2.2): the door to
 * libcrypto's public-key code.
 */
#ifndef LF_BASE_RSA_H
#define LF_BASE_RSA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct lf_rsa;

/*
 * Reads a key from DER: PKCS#1 RSAPublicKey when the outer SEQUENCE starts with an INTEGER, SPKI when
 * with a SEQUENCE; trailing bytes are refused, and so are moduli outside LF_MIN_RSA_BITS to
 * LF_MAX_RSA_BITS and even or tiny exponents.  NULL with err filled on anything else.
 */
struct lf_rsa *lf_rsa_from_der(const unsigned char *der, size_t len, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_rsa_free(struct lf_rsa *k);

unsigned lf_rsa_bits(const struct lf_rsa *k);

/* Appends the key as SPKI PEM ("-----BEGIN PUBLIC KEY-----"). */
int lf_rsa_to_pem(const struct lf_rsa *k, struct lf_buf *out) __attribute__((warn_unused_result));

/*
 * 1 when sig is the RSASSA-PKCS1-v1_5 signature over the SHA-256 value in hash: sig_len equals the
 * modulus length and the whole encoded message is compared; 0 when it is not; -1 when
 * memory is out, so that nobody knows.  Threads may share a key.
 */
int lf_rsa_verify(const struct lf_rsa *k, const unsigned char hash[LF_SHA256_LEN],
    const unsigned char *sig, size_t sig_len);

#endif
