/* Who is trusted, and whether a signature holds. */
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "custody/seal_inner.h"

#define SECURITY_LEVEL 2 /* of OpenSSL: 112 bits, which MD5 and SHA-1 do not have */

/* Adds to a store what is not there yet. */
static int
add_anchor(X509_STORE *store, X509 *cert, unsigned *n)
{
	if (X509_STORE_add_cert(store, cert) != 1)
		return -1;
	++*n;
	return 0;
}

/* A certificate of a file of --cert: the first is trusted, others came along. */
static int
take_signer(void *arg, X509 *cert, unsigned place)
{
	struct lf_trust *t = arg;

	if (place == 0)
		return add_anchor(t->signers, cert, &t->n_signers);
	if (X509_up_ref(cert) != 1)
		return -1;
	if (sk_X509_push(t->helpers, cert) != 0)
		return 0;
	X509_free(cert);
	return -1;
}

static int
take_authority(void *arg, X509 *cert, unsigned place)
{
	struct lf_trust *t = arg;

	(void)place;
	if (add_anchor(t->signers, cert, &t->n_signers) != 0)
		return -1;
	return add_anchor(t->authorities, cert, &t->n_authorities);
}

/* What is named is trusted, be it a root or not; what leads there must have keys and hashes that nobody can forge. */
static int
demand(X509_STORE *store)
{
	if (X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN) != 1)
		return -1;
	X509_VERIFY_PARAM_set_auth_level(X509_STORE_get0_param(store), SECURITY_LEVEL);
	return 0;
}

int
lf_trust_load(const char *const *certs, size_t n_certs, const char *const *cas, size_t n_cas, struct lf_trust **out,
    struct lf_err *err)
{
	struct lf_trust *t = calloc(1, sizeof(*t));
	int rc = 0;

	*out = NULL;
	if (t == NULL)
		return lf_err_nomem(err);
	t->signers = X509_STORE_new();
	t->authorities = X509_STORE_new();
	t->helpers = sk_X509_new_null();
	if (t->signers == NULL || t->authorities == NULL || t->helpers == NULL)
		rc = lf_err_nomem(err);
	if (rc == 0 && (demand(t->signers) != 0 || demand(t->authorities) != 0))
		rc = lf_err_set(err, "OpenSSL: %s", lf_openssl_why("failed"));
	for (size_t i = 0; i < n_certs && rc == 0; i++)
		rc = lf_pem_certs(certs[i], take_signer, t, err);
	for (size_t i = 0; i < n_cas && rc == 0; i++)
		rc = lf_pem_certs(cas[i], take_authority, t, err);
	if (rc != 0) {
		lf_trust_free(t);
		return -1;
	}
	*out = t;
	return 0;
}

void
lf_trust_free(struct lf_trust *t)
{
	if (t == NULL)
		return;
	X509_STORE_free(t->signers);
	X509_STORE_free(t->authorities);
	sk_X509_pop_free(t->helpers, X509_free);
	free(t);
}

bool
lf_trust_any(const struct lf_trust *t)
{
	return t != NULL && t->n_signers > 0;
}

bool
lf_trust_authorities(const struct lf_trust *t)
{
	return t != NULL && t->n_authorities > 0;
}

static void
why(struct lf_cms *s, const char *text)
{
	snprintf(s->why, sizeof(s->why), "%s", text);
}

/* Reads a signature, and no byte more. */
static CMS_ContentInfo *
parse(const struct lf_buf *der)
{
	const unsigned char *at = (const unsigned char *)lf_buf_str(der), *end = at + der->len;
	CMS_ContentInfo *cms = der->len > LF_MAX_SIGNATURE ? NULL : d2i_CMS_ContentInfo(NULL, &at, (long)der->len);

	if (cms != NULL && at == end)
		return cms;
	CMS_ContentInfo_free(cms);
	return NULL;
}

/* Whether the one signature is made with a hash that nobody can forge. */
static bool
strong(CMS_ContentInfo *cms)
{
	STACK_OF(CMS_SignerInfo) *list = CMS_get0_SignerInfos(cms);
	X509_ALGOR *hash = NULL;

	if (sk_CMS_SignerInfo_num(list) != 1)
		return false;
	CMS_SignerInfo_get0_algs(sk_CMS_SignerInfo_value(list, 0), NULL, NULL, &hash, NULL);
	return lf_hash_is_strong(hash);
}

/* Whether the bytes are what was signed, by whom it may be. */
static bool
holds(CMS_ContentInfo *cms, const void *bytes, size_t len, struct lf_cms *out)
{
	BIO *memory, *bio;
	bool good;

	if (OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed || CMS_is_detached(cms) != 1) {
		why(out, "it is no detached signature");
		return false;
	}
	if (!strong(cms)) {
		why(out, "it is not one signature with SHA-2 or SHA-3");
		return false;
	}
	/*
	 * the filter on top: of bare memory CMS_verify() makes a copy, which OpenSSL 3.0 loses when the signature does
	 * not fit
	 */
	memory = lf_bio_over(bytes, len);
	bio = memory == NULL ? NULL : BIO_new(BIO_f_null());
	good = bio != NULL && BIO_push(bio, memory) == bio &&
	    CMS_verify(cms, NULL, NULL, bio, NULL, CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) == 1;
	if (!good)
		why(out, lf_openssl_why("it does not fit"));
	BIO_free(bio);
	BIO_free(memory);
	return good;
}

/*
 * Why a chain does not reach an anchor: OpenSSL's words for one that was not given puzzle who merely named the wrong
 * file.
 */
static const char *
chain_error(int error)
{
	switch (error) {
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
		return "neither this certificate nor an authority of it is among those that were given";
	default:
		return X509_verify_cert_error_string(error);
	}
}

/*
 * Whether a certificate leads to one that is trusted, at a time, or now.  *not_valid becomes the one that is outside of
 * its validity, if that is why not.
 */
static int
lead(const struct lf_trust *t, X509 *cert, STACK_OF(X509) *all, int64_t at, X509 **not_valid)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	int error = X509_V_ERR_OUT_OF_MEM;

	*not_valid = NULL;
	if (ctx != NULL && X509_STORE_CTX_init(ctx, t->signers, cert, all) == 1 &&
	    X509_STORE_CTX_set_default(ctx, "smime_sign") == 1) {
		if (at != LF_TIME_NONE)
			X509_STORE_CTX_set_time(ctx, 0, (time_t)at);
		error = X509_verify_cert(ctx) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(ctx);
		if (error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID)
			*not_valid = X509_STORE_CTX_get_current_cert(ctx);
		if (*not_valid != NULL && X509_up_ref(*not_valid) != 1)
			*not_valid = NULL;
	}
	X509_STORE_CTX_free(ctx);
	return error;
}

/* Whether the signer is one of those trusted, at a time; and whether that would be so today. */
static bool
trusted(const struct lf_trust *t, X509 *cert, STACK_OF(X509) *along, int64_t at, struct lf_cms *out)
{
	STACK_OF(X509) *all = sk_X509_dup(along != NULL ? along : t->helpers);
	X509 *not_valid = NULL;
	int error = all == NULL ? X509_V_ERR_OUT_OF_MEM : X509_V_OK;

	for (int i = 0; along != NULL && all != NULL && i < sk_X509_num(t->helpers); i++)
		if (sk_X509_push(all, sk_X509_value(t->helpers, i)) == 0)
			error = X509_V_ERR_OUT_OF_MEM;
	if (error == X509_V_OK)
		error = lead(t, cert, all, at, &not_valid);
	X509_free(not_valid);
	if (error != X509_V_OK) {
		why(out, chain_error(error));
	} else if ((error = lead(t, cert, all, LF_TIME_NONE, &not_valid)) == X509_V_ERR_OUT_OF_MEM) {
		why(out, LF_STARVED);
	} else if (error != X509_V_OK) {
		error = X509_V_OK;
		out->early = not_valid != NULL && X509_cmp_current_time(X509_get0_notBefore(not_valid)) > 0;
		out->expired = !out->early;
		if (not_valid != NULL)
			out->since = lf_asn1_time(out->early ? X509_get0_notBefore(not_valid) : X509_get0_notAfter(not_valid));
		X509_free(not_valid);
	}
	sk_X509_free(all);
	return error == X509_V_OK;
}

static void
judge(const struct lf_trust *t, const struct lf_buf *signature, const void *bytes, size_t len, int64_t at, struct lf_cms *out)
{
	CMS_ContentInfo *cms = parse(signature);
	STACK_OF(X509) *signers = NULL, *along = NULL;
	X509 *cert;

	memset(out, 0, sizeof(*out));
	out->since = LF_TIME_NONE;
	if (cms == NULL) {
		why(out, "it is no CMS signature in DER");
	} else if (holds(cms, bytes, len, out) && (signers = CMS_get0_signers(cms)) != NULL && sk_X509_num(signers) == 1) {
		cert = sk_X509_value(signers, 0);
		along = CMS_get1_certs(cms);
		lf_x509_subject(cert, out->subject, sizeof(out->subject));
		out->starved = !lf_x509_hash(cert, out->signer_hash);
		out->held = LF_HELD_UNTRUSTED;
		if (!lf_trust_any(t))
			why(out, "no certificate was given that is trusted");
		else if (trusted(t, cert, along, at, out))
			out->held = LF_HELD_TRUSTED;
	}
	sk_X509_free(signers);
	sk_X509_pop_free(along, X509_free);
	CMS_ContentInfo_free(cms);
	out->starved = lf_openssl_starved() || out->starved || strcmp(out->why, LF_STARVED) == 0;
}

void
lf_cms_judge(const struct lf_trust *t, const struct lf_buf *signature, const void *bytes, size_t len, int64_t at,
    struct lf_cms *out)
{
	struct lf_cms again;

	judge(t, signature, bytes, len, at, out);
	if (out->starved || out->held == LF_HELD_TRUSTED || (out->held == LF_HELD_UNTRUSTED && !lf_trust_any(t)))
		return;
	/* OpenSSL does not always say that memory ran out: what speaks against somebody is looked at twice */
	judge(t, signature, bytes, len, at, &again);
	out->starved = again.starved || again.held != out->held;
}
