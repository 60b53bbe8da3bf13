/* A key file of any bytes; OpenSSL's older parser as the other opinion on keys. */
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/rsa.h"
#include "fuzz.h"
#include "proof/keyfile.h"

static EVP_PKEY *
by_openssl(const unsigned char *der, size_t len)
{
	const unsigned char *p = der;
	EVP_PKEY *k = d2i_PUBKEY(NULL, &p, (long)len);

	if (k == NULL) {
		p = der;
		k = d2i_PublicKey(EVP_PKEY_RSA, NULL, &p, (long)len);
	}
	if (k != NULL && (p != der + len || EVP_PKEY_get_base_id(k) != EVP_PKEY_RSA)) {
		EVP_PKEY_free(k);
		k = NULL;
	}
	ERR_clear_error();
	return k;
}

/* Whether the bytes are those that OpenSSL would write of the key: then there is no reason to refuse them. */
static bool
plain(EVP_PKEY *k, const unsigned char *der, size_t len)
{
	unsigned char *spki = NULL, *pkcs1 = NULL;
	int a = i2d_PUBKEY(k, &spki), b = i2d_PublicKey(k, &pkcs1);
	bool same = (a == (int)len && memcmp(spki, der, len) == 0) || (b == (int)len && memcmp(pkcs1, der, len) == 0);

	OPENSSL_free(spki);
	OPENSSL_free(pkcs1);
	return same;
}

/* Within the bounds of base/rsa.h. */
static bool
usable(EVP_PKEY *k)
{
	BIGNUM *n = NULL, *e = NULL;
	bool good = EVP_PKEY_get_bn_param(k, "n", &n) == 1 && EVP_PKEY_get_bn_param(k, "e", &e) == 1 &&
	    BN_num_bits(n) >= LF_MIN_RSA_BITS && BN_num_bits(n) <= LF_MAX_RSA_BITS && BN_is_odd(n) && BN_is_odd(e) &&
	    !BN_is_one(e) && BN_num_bits(e) <= 64;

	BN_free(n);
	BN_free(e);
	return good;
}

static void
compare(const struct lf_rsa *ours, EVP_PKEY *theirs)
{
	struct lf_buf pem;
	EVP_PKEY *k;
	BIO *bio;

	lf_buf_init(&pem);
	HOLDS(lf_rsa_to_pem(ours, &pem) == 0);
	bio = BIO_new_mem_buf(pem.data, (int)pem.len);
	k = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	HOLDS(k != NULL && EVP_PKEY_eq(k, theirs) == 1);
	HOLDS(lf_rsa_bits(ours) == (unsigned)EVP_PKEY_get_bits(theirs));
	EVP_PKEY_free(k);
	BIO_free(bio);
	lf_buf_free(&pem);
}

static int
key(void *arg, const struct lf_keyfile_entry *e, struct lf_err *err)
{
	unsigned char *der = fuzz_copy(e->der, e->der_len), zeros[LF_MAX_RSA_BITS / 8] = {0};
	struct lf_rsa *ours = lf_rsa_from_der(der, e->der_len, err);
	EVP_PKEY *theirs = by_openssl(der, e->der_len);

	++*(unsigned *)arg;
	HOLDS(ours == NULL || theirs != NULL);
	HOLDS(ours != NULL || theirs == NULL || !usable(theirs) || !plain(theirs, der, e->der_len));
	if (ours != NULL) {
		compare(ours, theirs);
		HOLDS(lf_rsa_verify(ours, zeros, zeros, (size_t)EVP_PKEY_get_size(theirs)) == 0);
	}
	HOLDS(e->stated == NULL || strlen(e->stated) < LF_MAX_KEYFILE);
	lf_rsa_free(ours);
	EVP_PKEY_free(theirs);
	free(der);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_copy(data, size);
	unsigned keys = 0;
	struct lf_err err = {""};

	HOLDS(lf_keyfile_parse(text, size, key, &keys, &err) != 0 ? err.msg[0] != '\0' : keys > 0);
	free(text);
	return 0;
}
