/* What the rooms behind the door to OpenSSL's CMS, X.509 and time-stamp code share. */
#ifndef LF_CUSTODY_SEAL_INNER_H
#define LF_CUSTODY_SEAL_INNER_H

#include <openssl/bio.h>
#include <openssl/x509.h>

#include "custody/seal.h"

struct lf_trust {
	X509_STORE *signers;     /* --cert and --ca: who is trusted to sign */
	X509_STORE *authorities; /* --ca: who is trusted to stamp */
	STACK_OF(X509) *helpers; /* certificates that came along, to build chains with */
	unsigned n_signers, n_authorities;
};

/* Reads a file of at most LF_MAX_PEM bytes into out, which the caller wipes and frees. */
int lf_pem_slurp(const char *path, struct lf_buf *out, struct lf_err *err) __attribute__((warn_unused_result));

/*
 * Calls each(arg, certificate, place) for the certificates of a PEM file in their order; the certificate stays the
 * caller's, and is freed afterwards.  Fails when there is none.
 */
int lf_pem_certs(const char *path, int (*each)(void *arg, X509 *cert, unsigned place), void *arg, struct lf_err *err)
    __attribute__((warn_unused_result));

#define LF_STARVED "out of memory" /* as X509_verify_cert_error_string() has it */

/* What OpenSSL complained of last, or else; LF_STARVED when memory ran out.  Forgets it. */
const char *lf_openssl_why(const char *otherwise);

/* Whether memory ran out in what OpenSSL did since it was last forgotten; forgets it. */
bool lf_openssl_starved(void);

/* Writes the subject of a certificate as RFC 2253 has it, cut where it is too long; what OpenSSL complains of stays. */
void lf_x509_subject(X509 *cert, char *out, size_t cap);

/* SHA-256 of a certificate's DER; zero, and false, when that fails. */
bool lf_x509_hash(const X509 *cert, unsigned char out[LF_SHA256_LEN]) __attribute__((warn_unused_result));

/* Whether an algorithm is a hash that nobody can forge: SHA-2 or SHA-3 of 256 bits at least. */
bool lf_hash_is_strong(const X509_ALGOR *hash);

/* Memory of any size for OpenSSL to read; NULL when memory is out. */
BIO *lf_bio_over(const void *bytes, size_t len);

/* Seconds of an ASN.1 time, or LF_TIME_NONE. */
int64_t lf_asn1_time(const ASN1_TIME *t);

#endif
