/* PEM files, and the small things that all OpenSSL code here needs. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "custody/seal_inner.h"

const char *
lf_openssl_why(const char *otherwise)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	if (lf_openssl_starved())
		return LF_STARVED;
	return reason != NULL ? reason : otherwise;
}

bool
lf_openssl_starved(void)
{
	bool starved = false;

	for (unsigned long e; (e = ERR_get_error()) != 0;)
		starved = starved || ERR_GET_REASON(e) == ERR_R_MALLOC_FAILURE;
	return starved;
}

bool
lf_hash_is_strong(const X509_ALGOR *hash)
{
	const ASN1_OBJECT *object = NULL;
	int nid;

	X509_ALGOR_get0(&object, NULL, NULL, hash);
	nid = OBJ_obj2nid(object);
	return nid == NID_sha256 || nid == NID_sha384 || nid == NID_sha512 || nid == NID_sha3_256 || nid == NID_sha3_384 ||
	    nid == NID_sha3_512;
}

BIO *
lf_bio_over(const void *bytes, size_t len)
{
	return len > INT_MAX ? NULL : BIO_new_mem_buf(len == 0 ? "" : bytes, (int)len);
}

int
lf_pem_slurp(const char *path, struct lf_buf *out, struct lf_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY), rc = 0;

	if (fd < 0 || lf_file_read_all(fd, LF_MAX_PEM, out) != 0)
		rc = lf_err_sys(err, "cannot read %s", path);
	if (fd >= 0)
		close(fd);
	return rc;
}

int
lf_pem_certs(const char *path, int (*each)(void *arg, X509 *cert, unsigned place), void *arg, struct lf_err *err)
{
	struct lf_buf text;
	BIO *bio = NULL;
	X509 *cert;
	unsigned n = 0;
	int rc = -1;

	lf_buf_init(&text);
	if (lf_pem_slurp(path, &text, err) != 0)
		goto out;
	bio = lf_bio_over(lf_buf_str(&text), text.len);
	for (rc = 0; rc == 0 && bio != NULL && (cert = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL; n++) {
		rc = each(arg, cert, n);
		X509_free(cert);
	}
	if (rc != 0 || bio == NULL)
		rc = lf_err_nomem(err);
	else if (n == 0)
		rc = lf_err_set(err, "%s: holds no certificate (PEM)", path);
	else if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
		rc = lf_err_set(err, "%s: certificate %u: %s", path, n + 1, lf_openssl_why("damaged"));
out:
	ERR_clear_error();
	BIO_free(bio);
	lf_buf_free(&text);
	return rc;
}

void
lf_x509_subject(X509 *cert, char *out, size_t cap)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	long len = 0;

	if (bio != NULL &&
	    X509_NAME_print_ex(bio, X509_get_subject_name(cert), 0,
	    XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0)
		len = BIO_get_mem_data(bio, &text);
	snprintf(out, cap, "%.*s", len > (long)cap ? (int)cap : (int)len, len > 0 ? text : "");
	BIO_free(bio);
}

bool
lf_x509_hash(const X509 *cert, unsigned char out[LF_SHA256_LEN])
{
	unsigned len = LF_SHA256_LEN;

	if (X509_digest(cert, EVP_sha256(), out, &len) == 1)
		return true;
	memset(out, 0, LF_SHA256_LEN);
	return false;
}

int64_t
lf_asn1_time(const ASN1_TIME *t)
{
	struct tm tm;

	return t != NULL && ASN1_TIME_to_tm(t, &tm) == 1 ? (int64_t)timegm(&tm) : LF_TIME_NONE;
}
