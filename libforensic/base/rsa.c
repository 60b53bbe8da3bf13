#include "base/rsa.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define TAG_INTEGER  0x02
#define TAG_SEQUENCE 0x30
#define MAX_EXPONENT_BITS 64 /* a longer one only costs time */

/*
 * ready is set up for verification once; each signature gets a copy of it, which only counts
 * references where a fresh context would fetch algorithms.
 */
struct lf_rsa {
	EVP_PKEY *pkey;
	EVP_PKEY_CTX *ready;
	unsigned bits;
	size_t size;
};

/* The tag of the first element inside one DER element that spans all of der, or -1. */
static int
inner_tag(const unsigned char *der, size_t len)
{
	size_t head = 2, n;

	if (len < 2 || der[0] != TAG_SEQUENCE)
		return -1;
	n = der[1];
	if (n > 0x80) {
		head += n & 0x7f;
		if (head > 2 + sizeof(n) || head > len)
			return -1;
		n = 0;
		for (size_t i = 2; i < head; i++)
			n = n << 8 | der[i];
	} else if (n == 0x80) {
		return -1;
	}
	return n == len - head && n > 0 ? der[head] : -1;
}

static EVP_PKEY *
decode(const unsigned char *der, size_t len, const char *structure)
{
	EVP_PKEY *pkey = NULL;
	OSSL_DECODER_CTX *ctx = OSSL_DECODER_CTX_new_for_pkey(&pkey, "DER", structure, "RSA",
	    EVP_PKEY_PUBLIC_KEY, NULL, NULL);

	if (ctx == NULL)
		return NULL;
	if (OSSL_DECODER_from_data(ctx, &der, &len) != 1 || len != 0) {
		EVP_PKEY_free(pkey);
		pkey = NULL;
	}
	OSSL_DECODER_CTX_free(ctx);
	return pkey;
}

/* Holds modulus and exponent against the bounds that rsa.h states. */
static int
check_numbers(const EVP_PKEY *pkey, struct lf_err *err)
{
	BIGNUM *n = NULL, *e = NULL;
	int rc = -1;

	if (EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_N, &n) != 1 ||
	    EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_E, &e) != 1)
		lf_err_set(err, "RSA key without modulus or exponent");
	else if (BN_num_bits(n) < LF_MIN_RSA_BITS || BN_num_bits(n) > LF_MAX_RSA_BITS)
		lf_err_set(err, "RSA modulus of %d bits: outside %d to %d", BN_num_bits(n),
		    LF_MIN_RSA_BITS, LF_MAX_RSA_BITS);
	else if (!BN_is_odd(n))
		lf_err_set(err, "RSA modulus is even");
	else if (!BN_is_odd(e) || BN_is_one(e) || BN_num_bits(e) > MAX_EXPONENT_BITS)
		lf_err_set(
		    err, "RSA exponent is even, 1 or longer than %d bits", MAX_EXPONENT_BITS);
	else
		rc = 0;
	BN_free(n);
	BN_free(e);
	return rc;
}

static EVP_PKEY_CTX *
prepare(EVP_PKEY *pkey)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);

	if (ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1)
		return ctx;
	EVP_PKEY_CTX_free(ctx);
	return NULL;
}

struct lf_rsa *
lf_rsa_from_der(const unsigned char *der, size_t len, struct lf_err *err)
{
	struct lf_rsa *k = calloc(1, sizeof(*k));
	int tag = inner_tag(der, len);

	if (k == NULL) {
		lf_err_nomem(err);
		goto out;
	}
	if (tag == TAG_INTEGER)
		k->pkey = decode(der, len, "type-specific");
	else if (tag == TAG_SEQUENCE)
		k->pkey = decode(der, len, "SubjectPublicKeyInfo");
	if (k->pkey == NULL) {
		lf_err_set(err, "no RSA public key in DER form (PKCS#1 or SubjectPublicKeyInfo)");
		goto out;
	}
	if (check_numbers(k->pkey, err) != 0)
		goto out;
	k->bits = (unsigned)EVP_PKEY_get_bits(k->pkey);
	k->size = (size_t)EVP_PKEY_get_size(k->pkey);
	k->ready = prepare(k->pkey);
	if (k->ready == NULL) {
		lf_err_set(err, "OpenSSL does not verify with this RSA key of %u bits", k->bits);
		goto out;
	}
	return k;
out:
	ERR_clear_error();
	lf_rsa_free(k);
	return NULL;
}

void
lf_rsa_free(struct lf_rsa *k)
{
	if (k == NULL)
		return;
	EVP_PKEY_CTX_free(k->ready);
	EVP_PKEY_free(k->pkey);
	free(k);
}

unsigned
lf_rsa_bits(const struct lf_rsa *k)
{
	return k->bits;
}

int
lf_rsa_to_pem(const struct lf_rsa *k, struct lf_buf *out)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *pem = NULL;
	long len;
	int rc = -1;

	if (bio == NULL || PEM_write_bio_PUBKEY(bio, k->pkey) != 1)
		goto out;
	len = BIO_get_mem_data(bio, &pem);
	if (len <= 0)
		goto out;
	lf_buf_add(out, pem, (size_t)len);
	rc = out->failed ? -1 : 0;
out:
	ERR_clear_error();
	BIO_free(bio);
	return rc;
}

/* Whether OpenSSL's verdict is one about the signature: it says what is wrong with it, and that is not memory. */
static bool
is_verdict(void)
{
	unsigned long e;
	bool said = false, memory = false;

	while ((e = ERR_get_error()) != 0) {
		said = true;
		memory |= ERR_GET_REASON(e) == ERR_R_MALLOC_FAILURE;
	}
	return said && !memory;
}

int
lf_rsa_verify(const struct lf_rsa *k, const unsigned char hash[LF_SHA256_LEN],
    const unsigned char *sig, size_t sig_len)
{
	EVP_PKEY_CTX *ctx;
	int rc = -1;

	if (sig_len != k->size)
		return 0;
	ERR_clear_error();
	ctx = EVP_PKEY_CTX_dup(k->ready);
	if (ctx != NULL && EVP_PKEY_verify(ctx, sig, sig_len, hash, LF_SHA256_LEN) == 1)
		rc = 1;
	else if (ctx != NULL && is_verdict())
		rc = 0;
	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	return rc;
}
