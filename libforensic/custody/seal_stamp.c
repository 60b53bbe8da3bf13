/* Time stamps: requests, and responses judged offline (RFC 3161). */
#include <openssl/err.h>
#include <openssl/pkcs7.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <stdio.h>
#include <string.h>

#include "custody/seal_inner.h"

#define NONCE_BYTES 8

/* ---- Requests ---- */

/* Sets what is to be stamped: a SHA-256. */
static bool
set_imprint(TS_REQ *req, const unsigned char hash[LF_SHA256_LEN])
{
	TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
	X509_ALGOR *algorithm = X509_ALGOR_new();
	unsigned char copy[LF_SHA256_LEN];
	bool good = imprint != NULL && algorithm != NULL;

	memcpy(copy, hash, sizeof(copy));
	good = good && X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1 &&
	    TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1 &&
	    TS_MSG_IMPRINT_set_msg(imprint, copy, sizeof(copy)) == 1 && TS_REQ_set_msg_imprint(req, imprint) == 1;
	X509_ALGOR_free(algorithm);
	TS_MSG_IMPRINT_free(imprint);
	return good;
}

/* Sets a random number that the response must repeat. */
static bool
set_nonce(TS_REQ *req)
{
	unsigned char bytes[NONCE_BYTES];
	ASN1_INTEGER *nonce;
	BIGNUM *n = NULL;
	bool good;

	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return false;
	bytes[0] = (unsigned char)((bytes[0] & 0x7f) | 0x40);
	n = BN_bin2bn(bytes, sizeof(bytes), NULL);
	nonce = n == NULL ? NULL : BN_to_ASN1_INTEGER(n, NULL);
	good = nonce != NULL && TS_REQ_set_nonce(req, nonce) == 1;
	ASN1_INTEGER_free(nonce);
	BN_free(n);
	return good;
}

int
lf_stamp_request(const unsigned char hash[LF_SHA256_LEN], struct lf_buf *out, struct lf_err *err)
{
	TS_REQ *req = TS_REQ_new();
	unsigned char *der = NULL;
	int n = -1;

	if (req != NULL && TS_REQ_set_version(req, 1) == 1 && set_imprint(req, hash) && set_nonce(req) &&
	    TS_REQ_set_cert_req(req, 1) == 1)
		n = i2d_TS_REQ(req, &der);
	if (n > 0)
		lf_buf_add(out, der, (size_t)n);
	OPENSSL_free(der);
	TS_REQ_free(req);
	if (n <= 0)
		return lf_err_set(err, "cannot make a time-stamp request: %s", lf_openssl_why("no memory"));
	return out->failed ? lf_err_nomem(err) : 0;
}

/* ---- Responses ---- */

static bool
not_so(struct lf_stamp *s, const char *text)
{
	snprintf(s->why, sizeof(s->why), "%s", text);
	return false;
}

/* Reads a response, and no byte more; one that was refused has no token. */
static TS_RESP *
parse(const struct lf_buf *der, struct lf_stamp *out)
{
	const unsigned char *at = (const unsigned char *)lf_buf_str(der), *end = at + der->len;
	TS_RESP *resp = der->len > LF_MAX_SIGNATURE ? NULL : d2i_TS_RESP(NULL, &at, (long)der->len);
	long status;

	if (resp == NULL || at != end) {
		not_so(out, "it is no time-stamp response in DER");
	} else {
		status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(resp)));
		if ((status == 0 || status == 1) && TS_RESP_get_token(resp) != NULL && TS_RESP_get_tst_info(resp) != NULL)
			return resp;
		not_so(out, "the authority refused the request");
	}
	TS_RESP_free(resp);
	return NULL;
}

/* Reads what it is over and when. */
static void
read_info(TS_TST_INFO *info, struct lf_stamp *out)
{
	TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint(info);
	ASN1_OCTET_STRING *msg = TS_MSG_IMPRINT_get_msg(imprint);
	const ASN1_OBJECT *object = NULL;

	X509_ALGOR_get0(&object, NULL, NULL, TS_MSG_IMPRINT_get_algo(imprint));
	out->time = lf_asn1_time(TS_TST_INFO_get_time(info));
	out->imprint = OBJ_obj2nid(object) == NID_sha256 && ASN1_STRING_length(msg) == LF_SHA256_LEN;
	if (out->imprint)
		memcpy(out->hash, ASN1_STRING_get0_data(msg), LF_SHA256_LEN);
}

/* Whether it answers the request: the same nonce. */
static bool
answers(TS_TST_INFO *info, const struct lf_buf *request, struct lf_stamp *out)
{
	const unsigned char *at = (const unsigned char *)lf_buf_str(request);
	const ASN1_INTEGER *given = TS_TST_INFO_get_nonce(info), *asked;
	TS_REQ *req;
	bool good;

	if (request->len == 0)
		return true;
	req = d2i_TS_REQ(NULL, &at, (long)request->len);
	asked = req == NULL ? NULL : TS_REQ_get_nonce(req);
	good = req != NULL && (asked == NULL || (given != NULL && ASN1_INTEGER_cmp(asked, given) == 0));
	TS_REQ_free(req);
	return good ? true : not_so(out, "it does not answer the request that was kept: another nonce");
}

/* Whether the token has one signature, made with a hash that nobody can forge. */
static bool
strong(PKCS7 *token)
{
	STACK_OF(PKCS7_SIGNER_INFO) *list = PKCS7_get_signer_info(token);
	X509_ALGOR *hash = NULL;

	if (sk_PKCS7_SIGNER_INFO_num(list) != 1)
		return false;
	PKCS7_SIGNER_INFO_get0_algs(sk_PKCS7_SIGNER_INFO_value(list, 0), NULL, &hash, NULL);
	return lf_hash_is_strong(hash);
}

/* Whether the token is what its certificate signed. */
static bool
is_signed(PKCS7 *token, struct lf_stamp *out)
{
	STACK_OF(X509) *signers = NULL;
	BIO *content;
	bool good;

	if (!strong(token))
		return not_so(out, "it is not one signature with SHA-2 or SHA-3");
	content = BIO_new(BIO_s_mem());
	good = content != NULL && PKCS7_verify(token, NULL, NULL, NULL, content, PKCS7_NOVERIFY) == 1;

	BIO_free(content);
	if (good && (signers = PKCS7_get0_signers(token, NULL, 0)) != NULL && sk_X509_num(signers) > 0)
		lf_x509_subject(sk_X509_value(signers, 0), out->authority, sizeof(out->authority));
	sk_X509_free(signers);
	return good ? true : not_so(out, lf_openssl_why("its signature does not fit"));
}

/* Whether an authority that is trusted stamped it, whose certificate was valid then. */
static bool
trusted(const struct lf_trust *t, TS_RESP *resp, struct lf_stamp *out)
{
	TS_VERIFY_CTX *ctx = TS_VERIFY_CTX_new();
	STACK_OF(X509) *helpers = X509_chain_up_ref(t->helpers);
	bool good = false;

	if (ctx != NULL && helpers != NULL && X509_STORE_up_ref(t->authorities) == 1) {
		TS_VERIFY_CTX_set_flags(ctx, TS_VFY_VERSION | TS_VFY_SIGNATURE);
		TS_VERIFY_CTX_set_store(ctx, t->authorities); /* both are the context's from here on */
		TS_VERIFY_CTX_set_certs(ctx, helpers);
		helpers = NULL;
		X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(t->authorities), (time_t)out->time);
		good = TS_RESP_verify_response(ctx, resp) == 1;
	}
	if (!good)
		snprintf(out->why, sizeof(out->why), "no chain to an authority that is trusted: %s", lf_openssl_why(LF_STARVED));
	sk_X509_pop_free(helpers, X509_free);
	TS_VERIFY_CTX_free(ctx);
	return good;
}

static void
judge(const struct lf_trust *t, const struct lf_buf *response, const unsigned char *hash, const struct lf_buf *request,
    struct lf_stamp *out)
{
	TS_RESP *resp;
	TS_TST_INFO *info;

	memset(out, 0, sizeof(*out));
	out->time = LF_TIME_NONE;
	if ((resp = parse(response, out)) != NULL) {
		info = TS_RESP_get_tst_info(resp);
		read_info(info, out);
		if (!out->imprint || out->time == LF_TIME_NONE)
			not_so(out, "it is over no SHA-256, or has no time");
		else if (hash != NULL && memcmp(out->hash, hash, LF_SHA256_LEN) != 0)
			not_so(out, "it is over another SHA-256");
		else if (answers(info, request, out) && is_signed(TS_RESP_get_token(resp), out)) {
			out->held = LF_HELD_UNTRUSTED;
			if (!lf_trust_authorities(t))
				not_so(out, "no certificate of an authority was given that is trusted");
			else if (trusted(t, resp, out))
				out->held = LF_HELD_TRUSTED;
		}
	}
	TS_RESP_free(resp);
	out->starved = lf_openssl_starved() || (out->held != LF_HELD_TRUSTED && strstr(out->why, LF_STARVED) != NULL);
}

void
lf_stamp_judge(const struct lf_trust *t, const struct lf_buf *response, const unsigned char *hash,
    const struct lf_buf *request, struct lf_stamp *out)
{
	struct lf_stamp again;

	judge(t, response, hash, request, out);
	if (out->starved || out->held == LF_HELD_TRUSTED || (out->held == LF_HELD_UNTRUSTED && !lf_trust_authorities(t)))
		return;
	/* as in lf_cms_judge() */
	judge(t, response, hash, request, &again);
	out->starved = again.starved || again.held != out->held;
}
