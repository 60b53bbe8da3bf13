#include "base/hash.h"

#include <openssl/err.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>

struct lf_hash {
	EVP_MD *md;
	EVP_MD_CTX *ctx;
};

struct lf_hash *
lf_hash_new(struct lf_err *err)
{
	struct lf_hash *h = calloc(1, sizeof(*h));

	if (h == NULL) {
		lf_err_nomem(err);
		return NULL;
	}
	h->md = EVP_MD_fetch(NULL, "SHA256", NULL);
	h->ctx = EVP_MD_CTX_new();
	if (h->md == NULL || h->ctx == NULL) {
		lf_err_set(err, "OpenSSL gives no SHA-256");
		ERR_clear_error();
		lf_hash_free(h);
		return NULL;
	}
	return h;
}

void
lf_hash_free(struct lf_hash *h)
{
	if (h == NULL)
		return;
	EVP_MD_CTX_free(h->ctx);
	EVP_MD_free(h->md);
	free(h);
}

/* Turns OpenSSL's 1 into 0; else forgets what it has to say and gives -1. */
static int
result(int ok)
{
	if (ok == 1)
		return 0;
	ERR_clear_error();
	return -1;
}

int
lf_hash_start(struct lf_hash *h)
{
	return result(EVP_DigestInit_ex2(h->ctx, h->md, NULL));
}

int
lf_hash_add(struct lf_hash *h, const void *bytes, size_t len)
{
	return len == 0 ? 0 : result(EVP_DigestUpdate(h->ctx, bytes, len));
}

int
lf_hash_end(struct lf_hash *h, unsigned char out[LF_SHA256_LEN])
{
	return result(EVP_DigestFinal_ex(h->ctx, out, NULL));
}

int
lf_hash_bytes(struct lf_hash *h, const void *bytes, size_t len, unsigned char out[LF_SHA256_LEN])
{
	if (lf_hash_start(h) != 0 || lf_hash_add(h, bytes, len) != 0)
		return -1;
	return lf_hash_end(h, out);
}

int
lf_md5(const void *bytes, size_t len, unsigned char out[16])
{
	return result(EVP_Q_digest(NULL, "MD5", NULL, len == 0 ? "" : bytes, len, out, NULL));
}

void
lf_hash_library(struct lf_buf *out)
{
	lf_buf_printf(out, "OpenSSL %s", OpenSSL_version(OPENSSL_VERSION_STRING));
}
