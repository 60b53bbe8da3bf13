#include "custody/seal.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "custody/seal_inner.h"

#define SECURITY_BITS 112 /* RSA of 2048 bits, curves of 224 */

struct lf_signer {
	EVP_PKEY *key;
	X509 *cert;
	STACK_OF(X509) *others; /* what stood behind the certificate */
	char subject[256];
	unsigned char hash[LF_SHA256_LEN];
};

/* A pass phrase that OpenSSL asks for. */
struct asking {
	lf_passphrase_fn *ask;
	void *arg;
	struct lf_err *err;
	bool asked, answered;
};

static int
answer(char *buf, int size, int writing, void *arg)
{
	struct asking *a = arg;
	int n;

	(void)writing;
	a->asked = true;
	if (a->ask == NULL)
		return -1;
	n = a->ask(a->arg, buf, (size_t)size, a->err);
	a->answered = n >= 0;
	return n;
}

static int
load_key(struct lf_signer *s, const char *path, lf_passphrase_fn *passphrase, void *arg, struct lf_err *err)
{
	struct asking a = {.ask = passphrase, .arg = arg, .err = err};
	struct lf_buf text;
	BIO *bio = NULL;
	int rc = -1;

	lf_buf_init(&text);
	if (lf_pem_slurp(path, &text, err) != 0)
		goto out;
	bio = lf_bio_over(lf_buf_str(&text), text.len);
	s->key = bio == NULL ? NULL : PEM_read_bio_PrivateKey(bio, NULL, answer, &a);
	if (s->key != NULL)
		rc = 0;
	else if (a.asked && a.ask == NULL)
		lf_err_set(err, "%s: the key is encrypted, and there is no pass phrase", path);
	else if (a.asked && a.answered)
		lf_err_set(err, "%s: the pass phrase does not open the key", path);
	else if (!a.asked)
		lf_err_set(err, "%s: holds no private key (PEM)", path);
out:
	ERR_clear_error();
	BIO_free(bio);
	if (text.data != NULL)
		OPENSSL_cleanse(text.data, text.cap);
	lf_buf_free(&text);
	return rc;
}

/* Takes a certificate of the signer's file. */
static int
take_cert(void *arg, X509 *cert, unsigned place)
{
	struct lf_signer *s = arg;

	if (X509_up_ref(cert) != 1)
		return -1;
	if (place == 0)
		s->cert = cert;
	else if (sk_X509_push(s->others, cert) == 0) {
		X509_free(cert);
		return -1;
	}
	return 0;
}

/* Whether key and certificate can be used, and together. */
static int
check_pair(const struct lf_signer *s, const char *key, const char *cert, struct lf_err *err)
{
	if (!EVP_PKEY_is_a(s->key, "RSA") && !EVP_PKEY_is_a(s->key, "EC"))
		return lf_err_set(err, "%s: the key is neither RSA nor EC", key);
	if (EVP_PKEY_get_security_bits(s->key) < SECURITY_BITS)
		return lf_err_set(err, "%s: the key is too short: RSA takes 2048 bits at least", key);
	if (X509_check_private_key(s->cert, s->key) != 1)
		return lf_err_set(err, "%s: the certificate is not that of the key in %s", cert, key);
	if (X509_cmp_current_time(X509_get0_notBefore(s->cert)) >= 0)
		return lf_err_set(err, "%s: the certificate is not valid yet", cert);
	if (X509_cmp_current_time(X509_get0_notAfter(s->cert)) <= 0)
		return lf_err_set(err, "%s: the certificate has expired", cert);
	if (X509_check_purpose(s->cert, X509_PURPOSE_SMIME_SIGN, 0) != 1)
		return lf_err_set(err, "%s: the certificate is not for signatures (key usage: digitalSignature or "
		    "nonRepudiation; extended key usage: emailProtection, or none)", cert);
	return 0;
}

/* Whether what the key makes holds. */
static int
try_out(const struct lf_signer *s, struct lf_err *err)
{
	static const char text[] = "try";
	struct lf_buf out;
	int rc;

	lf_buf_init(&out);
	rc = lf_signer_sign(s, text, sizeof(text), &out, err);
	lf_buf_free(&out);
	return rc;
}

int
lf_signer_load(const char *key, const char *cert, lf_passphrase_fn *passphrase, void *arg, struct lf_signer **out,
    struct lf_err *err)
{
	struct lf_signer *s = calloc(1, sizeof(*s));

	*out = NULL;
	if (s == NULL || (s->others = sk_X509_new_null()) == NULL) {
		free(s);
		return lf_err_nomem(err);
	}
	if (lf_pem_certs(cert, take_cert, s, err) != 0 || load_key(s, key, passphrase, arg, err) != 0 ||
	    check_pair(s, key, cert, err) != 0 || try_out(s, err) != 0) {
		ERR_clear_error();
		lf_signer_free(s);
		return -1;
	}
	lf_x509_subject(s->cert, s->subject, sizeof(s->subject));
	if (!lf_x509_hash(s->cert, s->hash) || lf_openssl_starved()) {
		lf_signer_free(s);
		return lf_err_nomem(err);
	}
	*out = s;
	return 0;
}

void
lf_signer_free(struct lf_signer *s)
{
	if (s == NULL)
		return;
	EVP_PKEY_free(s->key);
	X509_free(s->cert);
	sk_X509_pop_free(s->others, X509_free);
	free(s);
}

const char *
lf_signer_subject(const struct lf_signer *s)
{
	return s->subject;
}

const unsigned char *
lf_signer_hash(const struct lf_signer *s)
{
	return s->hash;
}

/* Makes the signature over bytes. */
static int
make(const struct lf_signer *s, const void *bytes, size_t len, struct lf_buf *out, struct lf_err *err)
{
	BIO *bio = lf_bio_over(bytes, len);
	CMS_ContentInfo *cms = bio == NULL ? NULL :
	    CMS_sign(s->cert, s->key, s->others, bio, CMS_BINARY | CMS_DETACHED | CMS_NOSMIMECAP);
	unsigned char *der = NULL;
	int n = cms == NULL ? -1 : i2d_CMS_ContentInfo(cms, &der);

	if (n > 0)
		lf_buf_add(out, der, (size_t)n);
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	BIO_free(bio);
	if (n <= 0)
		return lf_err_set(err, "cannot sign: %s", lf_openssl_why(LF_STARVED));
	ERR_clear_error();
	return out->failed ? lf_err_nomem(err) : 0;
}

int
lf_signer_sign(const struct lf_signer *s, const void *bytes, size_t len, struct lf_buf *out, struct lf_err *err)
{
	struct lf_cms held;
	struct lf_buf der;
	int rc;

	lf_buf_init(&der);
	rc = make(s, bytes, len, &der, err);
	if (rc == 0) {
		lf_cms_judge(NULL, &der, bytes, len, LF_TIME_NONE, &held);
		if (held.held == LF_HELD_NOT || held.starved)
			rc = lf_err_set(err, "the key does not sign: %s", held.why[0] != '\0' ? held.why : LF_STARVED);
	}
	if (rc == 0)
		lf_buf_add(out, der.data, der.len);
	lf_buf_free(&der);
	return rc == 0 && out->failed ? lf_err_nomem(err) : rc;
}
