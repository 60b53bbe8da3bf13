#include "proof/digests.h"

#include <string.h>

#include "base/text.h"
#include "base/utc.h"
#include "proof/trust.h"

/* One digest under judgement. */
struct judged {
	struct lf_body *b;
	struct lf_findings *f;
	const struct lf_digest_row *d;
	const struct lf_digest_row *s; /* its successor, or NULL */
	struct lf_err *err;
};

void
lf_digest_object(const struct lf_body *b, const struct lf_digest_row *d, struct lf_buf *out)
{
	const struct lf_digest_row *s = d->succ == LF_NONE ? NULL : lf_body_digest(b, d->succ);
	struct lf_s3key key;

	if (d->parsed) {
		lf_buf_printf(out, "s3://%s/%s", d->bucket, d->key);
		return;
	}
	if (s != NULL) {
		lf_buf_printf(out, "s3://%s/%s", s->prev_bucket, s->prev_key);
		return;
	}
	lf_s3key_read(d->tail, strlen(d->tail), &key);
	if (key.key.len > 0)
		lf_buf_add(out, key.key.s, key.key.len);
	else
		lf_buf_puts(out, d->tail);
}

const char *
lf_digest_locator(struct lf_findings *f, const struct lf_digest_row *d)
{
	const char *out = NULL;
	struct lf_buf text;

	lf_buf_init(&text);
	lf_body_digest_locator(d, &text);
	if (!text.failed)
		out = lf_findings_string(f, lf_buf_str(&text));
	lf_buf_free(&text);
	return out;
}

static int
about(struct judged *j, struct lf_finding *x)
{
	if (x == NULL)
		return -1;
	x->chain = j->d->chain == LF_NONE ? LF_NO_CHAIN : j->d->chain;
	if (j->d->parsed) {
		x->start = j->d->start;
		x->end = j->d->end;
	}
	return 0;
}

/* What the container shows. */
static int
container(struct judged *j)
{
	const struct lf_digest_row *d = j->d;
	struct lf_finding *x;

	if (d->unreadable)
		return 0;
	if (!d->parsed || (d->container != LF_GZIP_PLAIN && d->container != LF_GZIP_WHOLE)) {
		if (d->problem != NULL)
			x = lf_findings_add(j->f, j->err, LF_F_DIGEST_MALFORMED, "%s", d->problem);
		else
			x = lf_findings_add(j->f, j->err, LF_F_DIGEST_MALFORMED, "offset %llu: %s (RFC 1952 section 2.3.1)",
			    (unsigned long long)d->offset, lf_gzip_state_text((enum lf_gzip_state)d->container));
		if (about(j, x) != 0)
			return -1;
		x->offset = (int64_t)d->offset;
	}
	if (d->trailing > 0) {
		x = lf_findings_add(j->f, j->err, LF_F_DIGEST_TRAILING_DATA,
		    "offset %llu: %llu bytes behind the first gzip member%s: no signature covers them",
		    (unsigned long long)d->offset, (unsigned long long)d->trailing,
		    d->member_follows ? ", beginning with another member" : "");
		if (about(j, x) != 0)
			return -1;
		x->offset = (int64_t)d->offset;
	}
	if (d->container == LF_GZIP_PLAIN && strlen(d->tail) > 3 &&
	    strcasecmp(d->tail + strlen(d->tail) - 3, ".gz") == 0 &&
	    about(j, lf_findings_add(j->f, j->err, LF_F_LOG_STORED_INFLATED, "stored already inflated")) != 0)
		return -1;
	if ((d->header & (LF_GZIP_EXTRA | LF_GZIP_COMMENT)) == 0)
		return 0;
	return about(j, lf_findings_add(j->f, j->err, LF_F_LOG_EXTRA_HEADER,
	    "its gzip header carries an extra field or a comment: no signature covers it"));
}

static bool
recorded(const struct judged *j)
{
	return j->s != NULL && j->s->prev_hash_known && memcmp(j->s->prev_hash, j->d->hash, LF_SHA256_LEN) == 0;
}

/* Its successor recorded another content. */
static int
hash_differs(struct judged *j)
{
	const struct lf_digest_row *d = j->d, *s = j->s;
	char hex[2 * LF_SHA256_LEN + 1];
	struct lf_finding *x;

	if (s == NULL || !s->prev_hash_known || recorded(j))
		return 0;
	if (s->by != LF_BY_NONE && (d->by == LF_BY_METADATA || d->by == LF_BY_SUCCESSOR)) {
		x = lf_findings_add(j->f, j->err, LF_F_DIGEST_REISSUED,
		    "its signature holds, but %s, which is proved, recorded another content: two contents were signed for one key",
		    lf_digest_base(s));
	} else {
		x = lf_findings_add(j->f, j->err, LF_F_DIGEST_HASH_MISMATCH, "its content is not what %s recorded%s", lf_digest_base(s),
		    s->by != LF_BY_NONE ? "" : "; that successor is itself not proved");
		if (x != NULL && s->by == LF_BY_NONE)
			x->severity = LF_WARNING;
	}
	if (about(j, x) != 0)
		return -1;
	lf_hex_encode(s->prev_hash, LF_SHA256_LEN, hex);
	x->expected_sha256 = lf_findings_string(j->f, hex);
	return x->expected_sha256 == NULL || lf_findings_signature(j->f, s->prev_sig, &x->expected_signature) != 0 ? lf_err_nomem(j->err) : 0;
}

/* Signatures that do not hold, or that are not what was recorded. */
static int
signatures(struct judged *j)
{
	const struct lf_digest_row *d = j->d, *s = j->s;
	bool has_meta = d->meta_sig != NULL;
	bool differs = has_meta && s != NULL && s->by != LF_BY_NONE && recorded(j) &&
	    !lf_signature_equal(d->meta_sig, s->prev_sig);

	if (has_meta && d->by != LF_BY_NONE && (d->meta_failed || differs))
		return about(j, lf_findings_add(j->f, j->err, LF_F_DIGEST_METADATA_ALTERED,
		    "the content is proved, but the signature in its metadata (%s) is not the one %s", d->meta_from,
		    s != NULL ? "that its successor recorded" : "that holds over it"));
	if (d->by != LF_BY_NONE)
		return 0;
	if (d->meta_failed)
		return about(j, lf_findings_add(j->f, j->err, LF_F_DIGEST_SIGNATURE_INVALID,
		    "the signature in its metadata (%s) does not hold over it under key %s", d->meta_from, d->fingerprint));
	if (d->recorded_failed)
		return about(j, lf_findings_add(j->f, j->err, LF_F_DIGEST_SIGNATURE_INVALID,
		    "the signature that its successor%s%s recorded does not hold over it under key %s: one of the two is not "
		    "what CloudTrail signed", s != NULL ? " " : "", s != NULL ? lf_digest_base(s) : "", d->fingerprint));
	return 0;
}

/* No signature of it is here: names the call that would give one, safe to paste whatever the digest says. */
static int
unsigned_digest(struct judged *j)
{
	struct lf_buf command;
	int rc;

	lf_buf_init(&command);
	lf_buf_puts(&command, "aws s3api head-object --bucket=");
	lf_text_shell(&command, j->d->bucket, strlen(j->d->bucket));
	lf_buf_puts(&command, " --key=");
	lf_text_shell(&command, j->d->key, strlen(j->d->key));
	rc = command.failed ? lf_err_nomem(j->err)
			    : about(j, lf_findings_add(j->f, j->err, LF_F_DIGEST_UNSIGNED,
				  "no signature of it is in the evidence; this call would settle it: %s", lf_buf_str(&command)));
	lf_buf_free(&command);
	return rc;
}

/* Why a digest that nothing speaks against is not proved. */
static int
unproved(struct judged *j)
{
	const struct lf_digest_row *d = j->d;
	char start[LF_UTC_LEN], end[LF_UTC_LEN];
	bool signed_somewhere = lf_signature_usable(d->meta_sig) || (j->s != NULL && lf_signature_usable(j->s->prev_sig));

	if (d->unreadable || (d->status != LF_D_LINKED && d->status != LF_D_UNSIGNED))
		return 0;
	if (!lf_trust_algorithm(d->algorithm) || d->meta_algorithm_unknown)
		return 0; /* fields() says so */
	if (!d->key_known && signed_somewhere)
		return about(j, lf_findings_add(j->f, j->err, LF_F_KEY_UNKNOWN,
		    "no key file holds key %s of region %s, and no proved successor records its hash; this call lists the keys "
		    "of its time: aws cloudtrail list-public-keys --region %s --start-time %s --end-time %s", d->fingerprint,
		    d->region, d->region, lf_utc_format(d->start, start), lf_utc_format(d->end, end)));
	return unsigned_digest(j);
}

/* What its own fields and its place say. */
static int
fields(struct judged *j)
{
	const struct lf_digest_row *d = j->d;
	char end[LF_UTC_LEN];

	if (!d->parsed)
		return 0;
	if (d->scope_mismatch && about(j, lf_findings_add(j->f, j->err, LF_F_DIGEST_SCOPE_MISMATCH,
	    "account %s, its folders or its end %s disagree with its own key", d->stated_account,
	    lf_utc_format(d->end, end))) != 0)
		return -1;
	if (d->foreign != NULL && about(j, lf_findings_add(j->f, j->err, LF_F_DIGEST_SCOPE_MISMATCH,
	    "a digest of account %s, region %s, it lists %s", d->account, d->region, d->foreign)) != 0)
		return -1;
	if (!lf_trust_algorithm(d->algorithm) && about(j, lf_findings_add(j->f, j->err, LF_F_ALGORITHM_UNKNOWN,
	    "digestSignatureAlgorithm is \"%s\"; only SHA256withRSA is known: its signature was not checked",
	    d->algorithm)) != 0)
		return -1;
	if (d->meta_algorithm_unknown && d->by == LF_BY_NONE && about(j, lf_findings_add(j->f, j->err,
	    LF_F_ALGORITHM_UNKNOWN, "its metadata (%s) names a signature algorithm other than SHA256withRSA", d->meta_from)) != 0)
		return -1;
	if (!d->is_start && !d->prev_hash_known && about(j, lf_findings_add(j->f, j->err, LF_F_ALGORITHM_UNKNOWN,
	    "previousDigestHashAlgorithm is not SHA-256: its predecessor cannot be proved through it")) != 0)
		return -1;
	if (!d->in_place && about(j, lf_findings_add(j->f, j->err, LF_F_DIGEST_RELOCATED,
	    "found at another place than its key says")) != 0)
		return -1;
	if (d->backfill && d->generated == NULL && about(j, lf_findings_add(j->f, j->err, LF_F_BACKFILL_TIME_UNKNOWN,
	    "no metadata gives its backfill-generation-timestamp")) != 0)
		return -1;
	return 0;
}

static int
judge(struct judged *j)
{
	if (container(j) != 0 || fields(j) != 0)
		return -1;
	if (!j->d->parsed || j->d->extra_copy)
		return 0;
	if (signatures(j) != 0 || hash_differs(j) != 0)
		return -1;
	return unproved(j);
}

/* Most digests give no finding: object and locator are written out only for those that do. */
static int
name_findings(struct judged *j, uint32_t from, struct lf_buf *object)
{
	const char *name, *locator;

	if (j->f->list.n == from)
		return 0;
	lf_buf_reset(object);
	lf_digest_object(j->b, j->d, object);
	if (object->failed || (name = lf_findings_string(j->f, lf_buf_str(object))) == NULL ||
	    (locator = lf_digest_locator(j->f, j->d)) == NULL)
		return lf_err_nomem(j->err);
	for (; from < j->f->list.n; from++) {
		struct lf_finding *x = lf_list_at(&j->f->list, from);

		x->object = name;
		x->locator = locator;
	}
	return 0;
}

int
lf_digests_judge(struct lf_body *b, struct lf_findings *f, struct lf_err *err)
{
	struct lf_buf object;
	int rc = 0;

	lf_buf_init(&object);
	for (uint32_t i = 0; i < b->digests.n && rc == 0; i++) {
		struct judged j = {.b = b, .f = f, .d = lf_body_digest(b, i), .err = err};
		uint32_t before = f->list.n;

		if (!j.d->selected)
			continue;
		j.s = j.d->succ == LF_NONE ? NULL : lf_body_digest(b, j.d->succ);
		rc = judge(&j) != 0 || name_findings(&j, before, &object) != 0 ? -1 : 0;
	}
	lf_buf_free(&object);
	return rc;
}
