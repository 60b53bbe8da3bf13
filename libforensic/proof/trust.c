#include "proof/trust.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/pool.h"
#include "base/text.h"
#include "base/utc.h"

/* What the threads of one call share. */
struct trust {
	struct lf_body *b;
	struct lf_keyring *keys;
	struct lf_hash **hashes; /* a context for each thread */
	struct lf_buf *texts;
};

/* Appends the string that is signed (trail-evidence(7), "What is signed"). */
static void
add_signed_text(const struct lf_digest_row *d, struct lf_buf *out)
{
	char end[LF_UTC_LEN], hex[2 * LF_SHA256_LEN + 1];

	lf_hex_encode(d->hash, LF_SHA256_LEN, hex);
	lf_buf_printf(out, "%s\n%s/%s\n%s\n", lf_utc_format(d->end, end), d->bucket, d->key, hex);
	if (d->prev_sig != NULL)
		lf_signature_text(d->prev_sig, out);
	else
		lf_buf_puts(out, "null");
}

bool
lf_trust_algorithm(const char *algorithm)
{
	return algorithm[0] == '\0' || strcmp(algorithm, "SHA256withRSA") == 0;
}

/* Whether sig holds over hash under a key of the digest's fingerprint: 1 or 0; -1 when memory is out. */
static int
holds(struct trust *t, struct lf_digest_row *d, const unsigned char *hash, const struct lf_signature *sig)
{
	struct lf_key *key;
	size_t cursor = 0;
	int rc;

	while ((key = lf_keyring_next(t->keys, d->fingerprint, &cursor)) != NULL) {
		d->key_known = true;
		rc = !lf_signature_usable(sig) ? 0 : lf_rsa_verify(key->rsa, hash, sig->bytes, sig->len);
		if (rc < 0)
			return -1;
		if (rc == 0)
			continue;
		d->key_used = 0;
		while (lf_list_at(&t->keys->keys, d->key_used) != (void *)key)
			d->key_used++;
		__atomic_store_n(&key->used, true, __ATOMIC_RELAXED);
		return 1;
	}
	return 0;
}

/* Whether successor s records digest d: by its hash, or by bucket and key. */
static bool
records(const struct lf_digest_row *s, const struct lf_digest_row *d)
{
	if (!s->parsed || s->is_start || s == d)
		return false;
	if (s->prev_hash_known && memcmp(s->prev_hash, d->hash, LF_SHA256_LEN) == 0)
		return true;
	return s->prev_key == d->key && s->prev_bucket == d->bucket;
}

static bool
same_signature(const struct lf_signature *a, const struct lf_signature *b)
{
	return lf_signature_usable(a) && lf_signature_equal(a, b);
}

/* Tries what successors recorded as the digest's signature: 1 when one holds, 0, -1 when memory is out. */
static int
recorded_holds(struct trust *t, struct lf_digest_row *d, const unsigned char *hash, const struct lf_index *by_prev)
{
	uint64_t name = lf_s3key_base_hash(d->key, strlen(d->key));
	const struct lf_signature *tried = d->meta_sig;
	size_t cursor = 0, tries = 0;
	uint32_t i;
	int rc;

	while (tries < LF_MAX_RECORDED && (i = lf_index_next(by_prev, name, &cursor)) != LF_INDEX_END) {
		const struct lf_digest_row *s = lf_body_digest(t->b, i);

		if (!records(s, d) || same_signature(s->prev_sig, tried))
			continue;
		tries++;
		tried = s->prev_sig;
		rc = holds(t, d, hash, s->prev_sig);
		if (rc > 0)
			d->proved_by = i;
		if (rc != 0)
			return rc;
		d->recorded_failed = d->key_known;
	}
	return 0;
}

struct check {
	struct trust *t;
	const struct lf_index *by_prev;
};

/* One digest: its own signature, then those that successors recorded. */
static int
check_digest(void *arg, unsigned thread, size_t i)
{
	struct check *c = arg;
	struct trust *t = c->t;
	struct lf_digest_row *d = lf_body_digest(t->b, (uint32_t)i);
	struct lf_buf *text = &t->texts[thread];
	unsigned char hash[LF_SHA256_LEN];
	size_t cursor = 0;
	int rc = 0;

	if (!d->parsed || d->by == LF_BY_METADATA || d->by == LF_BY_SUCCESSOR)
		return 0;
	d->meta_failed = d->recorded_failed = false;
	d->key_known = lf_keyring_next(t->keys, d->fingerprint, &cursor) != NULL;
	if (!d->key_known || !lf_trust_algorithm(d->algorithm))
		return 0;
	lf_buf_reset(text);
	add_signed_text(d, text);
	if (text->failed || lf_hash_bytes(t->hashes[thread], text->data, text->len, hash) != 0)
		return -1;
	if (!d->meta_algorithm_unknown && d->meta_sig != NULL) {
		rc = holds(t, d, hash, d->meta_sig);
		if (rc > 0)
			d->by = LF_BY_METADATA;
		d->meta_failed = rc == 0;
	}
	if (rc == 0 && (rc = recorded_holds(t, d, hash, c->by_prev)) > 0)
		d->by = LF_BY_SUCCESSOR;
	return rc < 0 ? -1 : 0;
}

/* Gives every digest the signature that metadata holds for it. */
static void
match_metadata(struct lf_body *b)
{
	for (uint32_t i = 0; i < b->digests.n; i++) {
		struct lf_digest_row *d = lf_body_digest(b, i);
		struct lf_meta_entry *e;
		size_t cursor = 0;

		if (!d->parsed)
			continue;
		for (int tries = 0; tries < LF_MAX_RECORDED && d->meta_sig == NULL; tries++) {
			if ((e = lf_meta_next(b->meta, d->key, &cursor)) == NULL)
				break;
			if (e->signature == NULL ||
			    (e->bucket != NULL && strcmp(e->bucket, d->bucket) != 0 && strcmp(e->key, d->key) != 0))
				continue;
			d->meta_from = e->from;
			d->meta_algorithm_unknown = e->algorithm != NULL && !lf_trust_algorithm(e->algorithm);
			if (d->generated == NULL)
				d->generated = e->backfill;
			d->meta_sig = e->signature;
		}
	}
}

/* Checks all signatures, in parallel. */
static int
check_signatures(struct lf_body *b, struct lf_keyring *keys, const struct lf_index *by_prev, unsigned jobs,
    struct lf_err *err)
{
	struct trust t = {.b = b, .keys = keys};
	struct check c = {.t = &t, .by_prev = by_prev};
	int rc = -1;

	t.hashes = calloc(jobs, sizeof(struct lf_hash *));
	t.texts = calloc(jobs, sizeof(*t.texts));
	if (t.hashes == NULL || t.texts == NULL) {
		lf_err_nomem(err);
		goto out;
	}
	for (unsigned i = 0; i < jobs; i++)
		if ((t.hashes[i] = lf_hash_new(err)) == NULL)
			goto out;
	rc = lf_parallel(jobs, b->digests.n, check_digest, &c, err);
out:
	for (unsigned i = 0; i < jobs; i++) {
		if (t.hashes != NULL)
			lf_hash_free(t.hashes[i]);
		if (t.texts != NULL)
			lf_buf_free(&t.texts[i]);
	}
	free(t.hashes);
	free(t.texts);
	return rc;
}

/* The digest rows with this content, one a call. */
static uint32_t
next_with_hash(const struct lf_body *b, const unsigned char hash[LF_SHA256_LEN], size_t *cursor)
{
	uint64_t content;
	uint32_t i;

	memcpy(&content, hash, sizeof(content));
	while ((i = lf_index_next(&b->digest_by_hash, content, cursor)) != LF_INDEX_END)
		if (memcmp(lf_body_digest(b, i)->hash, hash, LF_SHA256_LEN) == 0)
			break;
	return i;
}

/*
 * What a proved digest records is proved: goes from each to its predecessor, and on.  A row is entered once, so
 * that the walk ends whatever the evidence says.
 */
static void
anchor(struct lf_body *b)
{
	for (uint32_t i = 0; i < b->digests.n; i++) {
		uint32_t at = i;

		while (at != LF_NONE) {
			const struct lf_digest_row *s = lf_body_digest(b, at);
			uint32_t from = at, p;
			size_t cursor = 0;

			at = LF_NONE;
			if (s->by == LF_BY_NONE || s->is_start || !s->prev_hash_known)
				break;
			while ((p = next_with_hash(b, s->prev_hash, &cursor)) != LF_INDEX_END) {
				struct lf_digest_row *d = lf_body_digest(b, p);
				if (d->by != LF_BY_NONE)
					continue;
				d->by = LF_BY_ANCHOR;
				d->proved_by = from;
				if (!d->extra_copy)
					at = p;
			}
		}
	}
}

/* Whether candidate is better than the best so far as what s names as its predecessor. */
static bool
better(const struct lf_body *b, const struct lf_digest_row *s, uint32_t best, uint32_t candidate)
{
	const struct lf_digest_row *d = lf_body_digest(b, candidate), *o;
	bool named = d->parsed && d->key == s->prev_key && d->bucket == s->prev_bucket;

	if (d->extra_copy || d == s)
		return false;
	if (!named && d->parsed && d->by != LF_BY_NONE)
		return false; /* a proved digest of another key that merely lies there */
	if (!named && !lf_s3key_base_equal(d->tail, strlen(d->tail), s->prev_key, strlen(s->prev_key)))
		return false;
	if (best == LF_NONE)
		return true;
	o = lf_body_digest(b, best);
	return d->by != LF_BY_NONE && o->by == LF_BY_NONE;
}

/* The row that digest s names as its predecessor, or LF_NONE. */
static uint32_t
find_pred(const struct lf_body *b, const struct lf_digest_row *s)
{
	uint64_t name = lf_s3key_base_hash(s->prev_key, strlen(s->prev_key));
	uint32_t best = LF_NONE, i;
	size_t cursor = 0;

	if (s->prev_hash_known)
		while ((i = next_with_hash(b, s->prev_hash, &cursor)) != LF_INDEX_END)
			if (!lf_body_digest(b, i)->extra_copy && lf_body_digest(b, i) != s)
				return i;
	cursor = 0;
	while ((i = lf_index_next(&b->digest_by_name, name, &cursor)) != LF_INDEX_END)
		if (better(b, s, best, i))
			best = i;
	return best;
}

/* Links successors and predecessors; a proved successor goes before one that is not. */
static void
link_rows(struct lf_body *b)
{
	for (uint32_t i = 0; i < b->digests.n; i++)
		lf_body_digest(b, i)->succ = LF_NONE;
	for (uint32_t i = 0; i < b->digests.n; i++) {
		struct lf_digest_row *s = lf_body_digest(b, i), *d;

		s->pred = LF_NONE;
		if (!s->parsed || s->is_start || s->extra_copy)
			continue;
		if ((s->pred = find_pred(b, s)) == LF_NONE)
			continue;
		d = lf_body_digest(b, s->pred);
		if (d->succ == LF_NONE ||
		    (s->by != LF_BY_NONE && lf_body_digest(b, d->succ)->by == LF_BY_NONE))
			d->succ = i;
	}
}

/* The verdict of a digest, from what is known of its signatures and its successor. */
static enum lf_digest_status
status(const struct lf_body *b, const struct lf_digest_row *d)
{
	const struct lf_digest_row *s = d->succ == LF_NONE ? NULL : lf_body_digest(b, d->succ);
	bool same = s != NULL && s->prev_hash_known && memcmp(s->prev_hash, d->hash, LF_SHA256_LEN) == 0;

	if (d->unreadable)
		return LF_D_UNSIGNED;
	if (!d->parsed || (d->container != LF_GZIP_PLAIN && d->container != LF_GZIP_WHOLE))
		return LF_D_INVALID;
	if (d->by != LF_BY_NONE)
		return LF_D_VERIFIED;
	if (d->meta_failed || d->recorded_failed)
		return LF_D_INVALID;
	if (s != NULL && s->by != LF_BY_NONE && s->prev_hash_known && !same)
		return LF_D_INVALID;
	return same ? LF_D_LINKED : LF_D_UNSIGNED;
}

int
lf_trust_digests(struct lf_body *b, struct lf_keyring *keys, unsigned jobs, struct lf_err *err)
{
	struct lf_index by_prev;
	int rc = -1;

	lf_index_init(&by_prev);
	match_metadata(b);
	for (uint32_t i = 0; i < b->digests.n; i++) {
		const struct lf_digest_row *s = lf_body_digest(b, i);
		if (s->parsed && !s->is_start && !s->extra_copy &&
		    lf_index_add(&by_prev, lf_s3key_base_hash(s->prev_key, strlen(s->prev_key)), i) != 0) {
			lf_err_nomem(err);
			goto out;
		}
	}
	if (check_signatures(b, keys, &by_prev, jobs, err) != 0)
		goto out;
	anchor(b);
	link_rows(b);
	for (uint32_t i = 0; i < b->digests.n; i++) {
		struct lf_digest_row *d = lf_body_digest(b, i);
		d->status = (uint8_t)status(b, d);
	}
	rc = 0;
out:
	lf_index_free(&by_prev);
	return rc;
}
