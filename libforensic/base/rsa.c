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

size_t
lf_rsa_size(const struct lf_rsa *k)
{
	return k->size;
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

/* What a quantum of digits and padding gives; the bits that padding leaves over must be zero. */
static bool
add_quantum(struct lf_buf *out, uint32_t bits, unsigned digits)
{
	char bytes[3];
	uint32_t all = bits << (6 * (4 - digits));

	if (digits < 2 || (all & (0xffffffU >> (8 * (digits - 1)))) != 0)
		return false;
	bytes[0] = (char)(all >> 16);
	bytes[1] = (char)(all >> 8);
	bytes[2] = (char)all;
	lf_buf_add(out, bytes, digits - 1);
	return !out->failed;
}

static bool
decode_base64(const char *text, size_t len, struct lf_buf *out)
{
	unsigned digits = 0, pads = 0;
	uint32_t bits = 0;
	int value;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == ' ' || (text[i] >= '\t' && text[i] <= '\r'))
			continue;
		value = lf_base64_digit(text[i]);
		if (text[i] == '=' ? digits < 2 || ++pads > 2 : value < 0 || pads > 0)
			return false;
		if (text[i] == '=')
			continue;
		bits = bits << 6 | (uint32_t)value;
		if (++digits == 4) {
			if (!add_quantum(out, bits, digits))
				return false;
			bits = digits = 0;
		}
	}
	return digits == 0 || (digits + pads == 4 && add_quantum(out, bits, digits));
}

bool
lf_base64_decode(const char *text, size_t len, struct lf_buf *out)
{
	size_t before = out->len;

	if (lf_buf_reserve(out, len / 4 * 3 + 3) == NULL)
		return false;
	if (decode_base64(text, len, out))
		return true;
	out->len = before;
	out->data[before] = '\0';
	return false;
}

void
lf_base64_encode(const unsigned char *bytes, size_t len, struct lf_buf *out)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char quad[4];
	uint32_t v;
	size_t n;

	for (; len > 0; bytes += n, len -= n) {
		n = len < 3 ? len : 3;
		v = (uint32_t)bytes[0] << 16 | (n > 1 ? (uint32_t)bytes[1] << 8 : 0) |
		    (n > 2 ? bytes[2] : 0);
		for (unsigned i = 0; i < 4; i++)
			quad[i] = i > n ? '=' : digits[v >> (18 - 6 * i) & 63];
		lf_buf_add(out, quad, 4);
	}
}
