/*
 * Signatures over ledger lines: CMS SignedData (RFC 5652), detached, DER.  The door to OpenSSL's CMS, X.509 and
 * time-stamp code; seal_stamp.c and seal_pem.c are its inner rooms.
 */
#ifndef LF_CUSTODY_SEAL_H
#define LF_CUSTODY_SEAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct lf_signer; /* a private key and its certificate */

/*
 * Loads the key of one PEM file and the certificate that stands first in another; what stands behind it goes into
 * signatures, too.  Refuses a key that is neither RSA nor EC, that is encrypted when there is no pass phrase, that does
 * not belong to the certificate, and a certificate that is not valid now or not for signatures.  Signs something, to
 * see that it works.
 */
int lf_signer_load(const char *key, const char *cert, lf_passphrase_fn *passphrase, void *arg, struct lf_signer **out,
    struct lf_err *err) __attribute__((warn_unused_result));
void lf_signer_free(struct lf_signer *s);

const char *lf_signer_subject(const struct lf_signer *s); /* "CN = ..., O = ..." */
const unsigned char *lf_signer_hash(const struct lf_signer *s); /* SHA-256 of the certificate, DER */

/* Appends the signature over bytes, which was judged: it holds. */
int lf_signer_sign(const struct lf_signer *s, const void *bytes, size_t len, struct lf_buf *out, struct lf_err *err)
    __attribute__((warn_unused_result));

/* ---- Trust ---- */

struct lf_trust; /* certificates that are trusted: of signers, and of authorities */

int lf_trust_load(const char *const *certs, size_t n_certs, const char *const *cas, size_t n_cas, struct lf_trust **out,
    struct lf_err *err) __attribute__((warn_unused_result));
void lf_trust_free(struct lf_trust *t);
bool lf_trust_any(const struct lf_trust *t);         /* there is an anchor for signatures */
bool lf_trust_authorities(const struct lf_trust *t); /* there is one for time stamps */

enum lf_held {
	LF_HELD_NOT,      /* it does not hold */
	LF_HELD_UNTRUSTED, /* it holds, and no anchor vouches for who made it */
	LF_HELD_TRUSTED
};

struct lf_cms {
	enum lf_held held;
	bool starved;        /* memory ran out: nothing was judged */
	/* trusted, and its certificate, or one that it leads through, is valid no more today, or not yet */
	bool expired, early;
	int64_t since;       /* when that ended or is to begin, or LF_TIME_NONE */
	unsigned char signer_hash[LF_SHA256_LEN]; /* of its certificate; zero when there is none */
	char subject[256];
	char why[256];       /* when it is not trusted, or does not hold */
};

/* Judges a signature over bytes.  at is the time at which the certificate must be valid. */
void lf_cms_judge(const struct lf_trust *t, const struct lf_buf *signature, const void *bytes, size_t len, int64_t at,
    struct lf_cms *out);

/* ---- Time stamps (RFC 3161), seal_stamp.c ---- */

/* Appends a request for a time stamp over a SHA-256, with a nonce. */
int lf_stamp_request(const unsigned char hash[LF_SHA256_LEN], struct lf_buf *out, struct lf_err *err)
    __attribute__((warn_unused_result));

struct lf_stamp {
	enum lf_held held;
	bool starved;                      /* memory ran out: nothing was judged */
	int64_t time;                      /* genTime, or LF_TIME_NONE */
	unsigned char hash[LF_SHA256_LEN]; /* what it is over; zero when that is no SHA-256 */
	bool imprint;                      /* hash is set */
	char authority[256];
	char why[256];
};

/*
 * Judges a response against the hash that it should be over (NULL for any) and, when not empty, the request that it
 * answers.
 */
void lf_stamp_judge(const struct lf_trust *t, const struct lf_buf *response, const unsigned char *hash,
    const struct lf_buf *request, struct lf_stamp *out);

#endif
