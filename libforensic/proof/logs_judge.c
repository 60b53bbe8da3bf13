#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utc.h"
#include "proof/logs.h"

/* A listed log under judgement. */
struct judged {
	struct lf_body *b;
	struct lf_findings *f;
	struct lf_listed_row *l;
	uint32_t row;
	const struct lf_digest_row *d;
	const struct lf_present_row *p; /* or NULL */
	struct lf_err *err;
	uint32_t listed_group, present_group; /* of names that differ in their folders only: ... */
	bool in_place;        /* ... whether what lies in one lies where its key in the other says */
	const char *unproven; /* what is said of every log that d lists and does not prove; NULL until it is needed */
};

/* Sets what findings about a listed log carry. */
static int
about(struct judged *j, struct lf_finding *x)
{
	if (x == NULL)
		return -1;
	x->chain = j->d->chain;
	x->listed = j->row;
	return 0;
}

/* " (listed by a digest that is itself not proved)" or "". */
static const char *
caveat(const struct judged *j)
{
	return j->d->status == LF_D_VERIFIED ? "" : "; the digest that lists it is itself not proved";
}

static int
expect_hash(struct judged *j, struct lf_finding *x)
{
	char hex[2 * LF_SHA256_LEN + 1];

	if (about(j, x) != 0)
		return -1;
	lf_hex_encode(j->l->hash, LF_SHA256_LEN, hex);
	if (j->l->hash_known && (x->expected_sha256 = lf_findings_string(j->f, hex)) == NULL)
		return lf_err_nomem(j->err);
	return 0;
}

static int
missing(struct judged *j)
{
	return expect_hash(j, lf_findings_add(j->f, j->err, LF_F_LOG_MISSING,
	    "listed by %s, and not in the evidence: deleted, not copied, or expired%s", lf_digest_base(j->d), caveat(j)));
}

static int
modified(struct judged *j)
{
	char have[2 * LF_SHA256_LEN + 1];

	lf_hex_encode(j->p->hash, LF_SHA256_LEN, have);
	return expect_hash(j, lf_findings_add(j->f, j->err, LF_F_LOG_MODIFIED,
	    "its content has SHA-256 %s, not the one that %s lists%s", have, lf_digest_base(j->d), caveat(j)));
}

static int
malformed(struct judged *j)
{
	const struct lf_trouble *t = j->p->trouble == LF_NONE ? NULL : lf_list_at(&j->b->troubles, j->p->trouble);
	bool holds = j->l->hash_known && memcmp(j->l->hash, j->p->hash, LF_SHA256_LEN) == 0;
	struct lf_finding *x = lf_findings_add(j->f, j->err, LF_F_LOG_MALFORMED, "offset %llu: %s%s%s",
	    (unsigned long long)(t != NULL ? t->offset : 0), lf_gzip_state_text((enum lf_gzip_state)j->p->container),
	    holds ? "; the inflated content is what the digest lists" : "", caveat(j));

	if (about(j, x) != 0)
		return -1;
	x->offset = t != NULL ? (int64_t)t->offset : -1;
	return 0;
}

static int
unproven(struct judged *j)
{
	if (j->p->unreadable)
		return 0; /* evidence-unreadable says so */
	if (!j->l->hash_known)
		return about(j, lf_findings_add(j->f, j->err, LF_F_ALGORITHM_UNKNOWN,
		    "%s lists it under a hash algorithm other than SHA-256", lf_digest_base(j->d)));
	if (j->unproven == NULL) {
		char text[64 + LF_MAX_PATH];

		snprintf(text, sizeof(text), "its content is what %s lists, but that digest is not proved", lf_digest_base(j->d));
		if ((j->unproven = lf_findings_string(j->f, text)) == NULL)
			return lf_err_nomem(j->err);
	}
	return about(j, lf_findings_add_text(j->f, j->err, LF_F_LOG_UNPROVEN, j->unproven));
}

/* What the records of a log that is not proved say. */
static int
contents(struct judged *j)
{
	const struct lf_log_scan *s = j->p->scan;
	char a[LF_UTC_LEN], z[LF_UTC_LEN];
	struct lf_finding *x;

	if (s == NULL || j->l->status == LF_L_VERIFIED || j->l->status == LF_L_MALFORMED)
		return 0;
	if (s->problem != NULL) {
		x = lf_findings_add(j->f, j->err, LF_F_LOG_MALFORMED, "inflated offset %llu: %s (RFC 8259)",
		    (unsigned long long)s->at, s->problem);
		if (about(j, x) != 0)
			return -1;
		x->offset = (int64_t)s->at;
	}
	if (s->mismatch != NULL &&
	    about(j, lf_findings_add(j->f, j->err, LF_F_LOG_SCOPE_MISMATCH, "%s", s->mismatch)) != 0)
		return -1;
	if (s->oldest == LF_TIME_NONE || j->l->oldest == 0 || j->l->newest == 0 ||
	    (s->oldest >= (int64_t)j->l->oldest && s->newest <= (int64_t)j->l->newest))
		return 0;
	return about(j, lf_findings_add(j->f, j->err, LF_F_LOG_TIME_RANGE,
	    "its events are of %s to %s, outside what %s states", lf_utc_format(s->oldest, a),
	    lf_utc_format(s->newest, z), lf_digest_base(j->d)));
}

/* Whether the log lies where its key says. */
static int
find_place(struct judged *j, bool *in_place)
{
	struct lf_buf key, path;
	int rc = 0;

	lf_buf_init(&key);
	lf_buf_init(&path);
	lf_names_path(&j->b->names, &j->l->name, &key);
	lf_names_path(&j->b->names, &j->p->name, &path);
	*in_place = lf_body_in_place(j->b, lf_names_group(&j->b->names, &j->p->name)->source, lf_buf_str(&path), path.len,
	    lf_buf_str(&key));
	if (key.failed || path.failed)
		rc = lf_err_nomem(j->err);
	lf_buf_free(&key);
	lf_buf_free(&path);
	return rc;
}

/* Judges where the log lies.  Where only the folders differ, what holds for one log of two folders holds for all. */
static int
place(struct judged *j)
{
	const struct lf_name *l = &j->l->name, *p = &j->p->name;
	bool alike = lf_names_alike(&j->b->names, l, p), in_place = j->in_place;

	if (!alike || l->group != j->listed_group || p->group != j->present_group) {
		if (find_place(j, &in_place) != 0)
			return -1;
		if (alike) {
			j->listed_group = l->group;
			j->present_group = p->group;
			j->in_place = in_place;
		}
	}
	return in_place ? 0 : about(j, lf_findings_add(j->f, j->err, LF_F_LOG_RELOCATED,
	    "found at another place than its key says"));
}

/* Completes a finding about the container of a log: of a listed one, or of one at object. */
static int
settle(struct lf_findings *f, struct lf_finding *x, uint32_t listed, const char *object, const char *locator,
    uint32_t chain, struct lf_err *err)
{
	if (x == NULL)
		return -1;
	x->listed = listed;
	x->chain = chain;
	if (listed != LF_NO_LISTED)
		return 0;
	if ((x->object = lf_findings_string(f, object)) == NULL || (x->locator = lf_findings_string(f, locator)) == NULL)
		return lf_err_nomem(err);
	return 0;
}

/* What a log's container shows, for a listed log or for one at object and locator. */
static int
container(struct lf_body *b, struct lf_findings *f, const struct lf_present_row *p, uint32_t listed,
    const char *object, const char *locator, uint32_t chain, struct lf_err *err)
{
	const struct lf_trouble *t = p->trouble == LF_NONE ? NULL : lf_list_at(&b->troubles, p->trouble);
	struct lf_finding *x;

	if (t != NULL && t->trailing > 0 && !p->unreadable) {
		x = lf_findings_add(f, err, LF_F_LOG_TRAILING_DATA,
		    "offset %llu: %llu bytes behind the first gzip member%s: no digest covers them",
		    (unsigned long long)t->offset, (unsigned long long)t->trailing,
		    t->member_follows ? ", beginning with another member" : "");
		if (settle(f, x, listed, object, locator, chain, err) != 0)
			return -1;
		x->offset = (int64_t)t->offset;
	}
	if (p->container == LF_GZIP_PLAIN && p->gz_name && !p->unreadable &&
	    settle(f, lf_findings_add(f, err, LF_F_LOG_STORED_INFLATED, "stored already inflated"), listed, object,
		locator, chain, err) != 0)
		return -1;
	if ((p->header & (LF_GZIP_EXTRA | LF_GZIP_COMMENT)) != 0 &&
	    settle(f, lf_findings_add(f, err, LF_F_LOG_EXTRA_HEADER, "its gzip header carries %s: no digest covers it",
		(p->header & LF_GZIP_EXTRA) == 0 ? "a comment"
		: (p->header & LF_GZIP_COMMENT) == 0 ? "an extra field" : "an extra field and a comment"),
		listed, object, locator, chain, err) != 0)
		return -1;
	return 0;
}

int
lf_logs_container(struct lf_body *b, struct lf_findings *f, const struct lf_present_row *p, const char *object,
    uint32_t chain, struct lf_err *err)
{
	struct lf_buf locator;
	int rc;

	lf_buf_init(&locator);
	lf_body_locator(b, p, &locator);
	rc = container(b, f, p, LF_NO_LISTED, object, lf_buf_str(&locator), chain, err);
	lf_buf_free(&locator);
	return rc;
}

static int
judge(struct judged *j)
{
	int rc = 0;

	if (j->l->status == LF_L_MISSING)
		return missing(j);
	if (j->l->status == LF_L_MODIFIED)
		rc = modified(j);
	else if (j->l->status == LF_L_MALFORMED)
		rc = malformed(j);
	else if (j->l->status == LF_L_UNPROVEN)
		rc = unproven(j);
	if (rc != 0 || contents(j) != 0 || place(j) != 0)
		return -1;
	lf_body_present(j->b, j->l->present)->judged = true;
	return container(j->b, j->f, j->p, j->row, NULL, NULL, j->d->chain, j->err);
}

static int
duplicate(struct judged *j)
{
	if (j->l->other_version || !j->d->selected)
		return 0;
	return about(j, lf_findings_add(j->f, j->err, LF_F_LOG_DUPLICATE_REFERENCE, "listed more than once; %s is one that lists it",
	    lf_digest_base(j->d)));
}

/* A hash of a base name's tag and a content: any number of rows may have the one or the other. */
static uint64_t
both_of(uint32_t tag, const unsigned char hash[LF_SHA256_LEN])
{
	uint64_t content;

	memcpy(&content, hash, sizeof(content));
	return content ^ (uint64_t)tag << 32;
}

/* Puts the listed rows that count under name and content, for their copies. */
static int
index_listed(const struct lf_body *b, struct lf_index *listed)
{
	for (uint32_t i = 0; i < b->listed.n; i++) {
		const struct lf_listed_row *l = lf_body_listed(b, i);
		if (!l->duplicate && l->hash_known && lf_index_add(listed, both_of(l->tag, l->hash), i) != 0)
			return -1;
	}
	return 0;
}

/* The listed log that a second copy is a copy of, by base name; LF_NONE when the copy was renamed. */
static uint32_t
original(const struct lf_body *b, const struct lf_index *listed, const struct lf_present_row *p, const char *path, size_t len)
{
	uint32_t i, tag = lf_index_tag(lf_s3key_base_hash(path, len));
	size_t cursor = 0;

	while ((i = lf_index_next(listed, both_of(tag, p->hash), &cursor)) != LF_INDEX_END) {
		const struct lf_listed_row *l = lf_body_listed(b, i);
		if (l->tag == tag && memcmp(l->hash, p->hash, LF_SHA256_LEN) == 0)
			return i;
	}
	return LF_NONE;
}

/* A further copy of a listed log: nothing may hide in its container either. */
static int
judge_copy(struct lf_body *b, struct lf_findings *f, const struct lf_index *listed, const struct lf_present_row *p, struct lf_err *err)
{
	const struct lf_trouble *t = p->trouble == LF_NONE ? NULL : lf_list_at(&b->troubles, p->trouble);
	struct lf_buf path, object, locator;
	uint32_t i, chain = LF_NO_CHAIN;
	struct lf_finding *x;
	int rc = 0;

	lf_buf_init(&path);
	lf_buf_init(&object);
	lf_buf_init(&locator);
	lf_names_path(&b->names, &p->name, &path);
	lf_body_locator(b, p, &locator);
	if ((i = original(b, listed, p, lf_buf_str(&path), path.len)) != LF_NONE) {
		lf_body_listed_object(b, lf_body_listed(b, i), &object);
		chain = lf_body_digest(b, lf_body_listed(b, i)->digest)->chain;
	} else {
		lf_buf_add(&object, lf_buf_str(&path), path.len);
	}
	if (path.failed || object.failed || locator.failed) {
		rc = lf_err_nomem(err);
	} else if (p->container != LF_GZIP_PLAIN && p->container != LF_GZIP_WHOLE) {
		x = lf_findings_add(f, err, LF_F_LOG_MALFORMED, "offset %llu: %s, in a further copy of it",
		    (unsigned long long)(t != NULL ? t->offset : 0), lf_gzip_state_text((enum lf_gzip_state)p->container));
		rc = settle(f, x, LF_NO_LISTED, lf_buf_str(&object), lf_buf_str(&locator), chain, err);
	}
	if (rc == 0)
		rc = container(b, f, p, LF_NO_LISTED, lf_buf_str(&object), lf_buf_str(&locator), chain, err);
	lf_buf_free(&path);
	lf_buf_free(&object);
	lf_buf_free(&locator);
	return rc;
}

static int
judge_copies(struct lf_body *b, struct lf_findings *f, struct lf_err *err)
{
	struct lf_index listed;
	bool ready = false;
	int rc = 0;

	lf_index_init(&listed);
	for (uint32_t i = 0; i < b->present.n && rc == 0; i++) {
		const struct lf_present_row *p = lf_body_present(b, i);

		if (!p->claimed || p->judged || p->unreadable || p->trouble == LF_NONE)
			continue;
		if (!ready && index_listed(b, &listed) != 0)
			rc = lf_err_nomem(err);
		ready = true;
		if (rc == 0)
			rc = judge_copy(b, f, &listed, p, err);
	}
	lf_index_free(&listed);
	return rc;
}

int
lf_logs_judge(struct lf_body *b, struct lf_findings *f, struct lf_err *err)
{
	struct judged j = {.b = b, .f = f, .err = err, .listed_group = LF_NONE};

	for (uint32_t i = 0; i < b->listed.n; i++) {
		const struct lf_digest_row *d;

		j.row = i;
		j.l = lf_body_listed(b, i);
		d = lf_body_digest(b, j.l->digest);
		if (d != j.d)
			j.unproven = NULL;
		j.d = d;
		j.p = j.l->present == LF_NONE ? NULL : lf_body_present(b, j.l->present);
		if (j.l->duplicate ? duplicate(&j) != 0 : lf_logs_selected(b, j.l) && judge(&j) != 0)
			return -1;
	}
	return judge_copies(b, f, err);
}
