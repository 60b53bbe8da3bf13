#include "proof/gather.h"

#include <string.h>

#include "base/utc.h"
#include "proof/product.h"

/* Account, region, trail of a digest from its own key, else from its place. */
static int
digest_names(struct lf_body *b, struct lf_digest_row *d, const struct lf_s3key *k, struct lf_err *err)
{
	d->backfill = k->backfill;
	d->account = lf_intern_n(&b->strings, k->account.s, k->account.len);
	d->org = lf_intern_n(&b->strings, k->org.s, k->org.len);
	d->region = lf_intern_n(&b->strings, k->region.s, k->region.len);
	d->trail = lf_intern_n(&b->strings, k->trail.s, k->trail.len);
	d->home_region = lf_intern_n(&b->strings, k->home_region.s, k->home_region.len);
	if (d->account == NULL || d->org == NULL || d->region == NULL || d->trail == NULL ||
	    d->home_region == NULL)
		return lf_err_nomem(err);
	return 0;
}

/*
 * Whether a listed log is of another account or region than its digest.  CloudTrail lists none such, and shards, which
 * see one account and region each, could not agree on it: it counts against the digest, and not as a log.
 */
static bool
is_foreign(const struct lf_digest_row *d, const struct lf_s3key *key)
{
	return key->kind == LF_KEY_LOG &&
	    (!lf_slice_is(key->account, d->account) || !lf_slice_is_nocase(key->region, d->region));
}

static int
add_listed(struct lf_body *b, uint32_t row, const struct lf_digest_log *log, const struct lf_s3key *key, size_t len,
    struct lf_err *err)
{
	struct lf_listed_row *l = lf_list_push(&b->listed);

	if (l == NULL)
		return lf_err_nomem(err);
	if (lf_names_add(&b->names, log->bucket, 0, log->key, len, key, &l->name, err) != 0)
		return -1;
	memcpy(l->hash, log->hash, sizeof(l->hash));
	l->hash_known = log->hash_known;
	l->digest = row;
	l->present = LF_NONE;
	l->oldest = log->oldest > 0 && log->oldest < UINT32_MAX ? (uint32_t)log->oldest : 0;
	l->newest = log->newest > 0 && log->newest < UINT32_MAX ? (uint32_t)log->newest : 0;
	l->status = LF_L_UNPROVEN;
	l->tag = lf_index_tag(lf_s3key_base_hash(log->key, len));
	return lf_index_add_tag(&b->listed_by_name, l->tag, b->listed.n - 1) == 0 ? 0 : lf_err_nomem(err);
}

/* The logs that a digest lists become rows. */
static int
digest_logs(struct lf_body *b, uint32_t row, const struct lf_digest *g, struct lf_err *err)
{
	struct lf_digest_row *d = lf_body_digest(b, row);

	d->first_log = b->listed.n;
	for (uint32_t i = 0; i < g->n_logs; i++) {
		const struct lf_digest_log *log = &g->logs[i];
		size_t len = strlen(log->key);
		struct lf_s3key key;

		lf_s3key_read(log->key, len, &key);
		if (!is_foreign(d, &key)) {
			if (add_listed(b, row, log, &key, len, err) != 0)
				return -1;
		} else if (d->foreign == NULL && (d->foreign = lf_arena_strdup(&b->arena, log->key)) == NULL) {
			return lf_err_nomem(err);
		}
	}
	d->n_logs = b->listed.n - d->first_log;
	return 0;
}

/* Copies what was parsed. */
static int
digest_fields(struct lf_body *b, struct lf_digest_row *d, const struct lf_digest *g, struct lf_err *err)
{
	d->parsed = true;
	d->is_start = g->is_start;
	d->prev_hash_known = g->prev_hash_known;
	d->start = g->start;
	d->end = g->end;
	memcpy(d->prev_hash, g->prev_hash, sizeof(d->prev_hash));
	d->stated_account = lf_intern(&b->strings, g->account);
	d->bucket = lf_intern(&b->strings, g->bucket);
	d->key = lf_intern(&b->meta->keys, g->key);
	d->fingerprint = lf_intern(&b->strings, g->fingerprint);
	d->algorithm = lf_intern(&b->strings, g->signature_algorithm);
	if (d->stated_account == NULL || d->bucket == NULL || d->key == NULL || d->fingerprint == NULL ||
	    d->algorithm == NULL)
		return lf_err_nomem(err);
	if (g->is_start)
		return 0;
	d->prev_bucket = lf_intern(&b->strings, g->prev_bucket);
	d->prev_key = lf_intern(&b->meta->keys, g->prev_key);
	if (d->prev_bucket == NULL || d->prev_key == NULL)
		return lf_err_nomem(err);
	d->prev_sig = lf_signatures_add(&b->meta->signatures, g->prev_signature, strlen(g->prev_signature), err);
	return d->prev_sig == NULL ? -1 : 0;
}

/*
 * A digest that lies under the name of another account or region is that one's to explain: shards see one account and
 * region each, by the name, and must come to what one run comes to.
 */
static int
take_place(struct lf_body *b, struct lf_digest_row *d, const struct lf_s3key *placed, struct lf_err *err)
{
	if (lf_slice_is(placed->account, d->account) && lf_slice_is_nocase(placed->region, d->region))
		return 0;
	d->scope_mismatch = true;
	d->account = lf_intern_n(&b->strings, placed->account.s, placed->account.len);
	d->region = lf_intern_n(&b->strings, placed->region.s, placed->region.len);
	return d->account == NULL || d->region == NULL ? lf_err_nomem(err) : 0;
}

/* Whether account, folders or time of a digest disagree with its own key. */
static bool
contradicts_itself(const struct lf_digest *g)
{
	const struct lf_s3key *k = &g->name;

	if (k->kind != LF_KEY_DIGEST)
		return true;
	return !lf_slice_is(k->account, g->account) || !k->in_place || k->stamp != g->end;
}

/* Adds a row's names to the indexes. */
static int
digest_index(struct lf_body *b, uint32_t row, struct lf_err *err)
{
	const struct lf_digest_row *d = lf_body_digest(b, row);
	uint64_t by_place = lf_s3key_base_hash(d->tail, strlen(d->tail)), by_key = by_place;
	uint64_t content;

	if (d->parsed) {
		memcpy(&content, d->hash, sizeof(content));
		if (lf_index_add(&b->digest_by_hash, content, row) != 0)
			return lf_err_nomem(err);
		by_key = lf_s3key_base_hash(d->key, strlen(d->key));
		if (lf_index_add(&b->digest_by_name, by_key, row) != 0)
			return lf_err_nomem(err);
	}
	if ((!d->parsed || by_key != by_place) && lf_index_add(&b->digest_by_name, by_place, row) != 0)
		return lf_err_nomem(err);
	return 0;
}

/* Whether an earlier row has this content. */
static bool
have_digest(const struct lf_body *b, const unsigned char hash[LF_SHA256_LEN])
{
	size_t cursor = 0;
	uint64_t content;
	uint32_t i;

	memcpy(&content, hash, sizeof(content));
	while ((i = lf_index_next(&b->digest_by_hash, content, &cursor)) != LF_INDEX_END)
		if (memcmp(lf_body_digest(b, i)->hash, hash, LF_SHA256_LEN) == 0)
			return true;
	return false;
}

/* Where a digest lies: most end with their key, and many in one folder. */
static int
digest_place(struct lf_body *b, struct lf_digest_row *d, const struct lf_product *p, struct lf_err *err)
{
	size_t key = d->key == NULL ? 0 : strlen(d->key), folder = p->place;

	if (key > 0 && key <= p->len - p->place && memcmp(p->locator + p->len - key, d->key, key) == 0) {
		folder = p->len - key;
		d->tail = d->key;
	} else if ((d->tail = lf_arena_strndup(&b->arena, p->locator + folder, p->len - folder)) == NULL) {
		return lf_err_nomem(err);
	}
	d->folder = lf_intern_n(&b->strings, p->locator, folder);
	return d->folder == NULL ? lf_err_nomem(err) : 0;
}

/* Fills a digest row from its product. */
static int
digest_row(struct lf_body *b, struct lf_digest_row *d, struct lf_product *p, const struct lf_s3key *placed,
    struct lf_err *err)
{
	const struct lf_digest *g = p->digest;

	d->source = p->source;
	d->chain = d->pred = d->succ = d->key_used = d->proved_by = LF_NONE;
	d->container = (uint8_t)p->gz.state;
	d->header = (uint8_t)p->gz.header;
	d->trailing = p->gz.trailing;
	d->offset = p->gz.offset;
	d->member_follows = p->gz.member_follows;
	d->unreadable = p->unreadable;
	memcpy(d->hash, p->hash, sizeof(d->hash));
	if (p->problem != NULL && (d->problem = lf_arena_strdup(&b->arena, p->problem)) == NULL)
		return lf_err_nomem(err);
	if (p->signature != NULL &&
	    (d->meta_sig = lf_signatures_add(&b->meta->signatures, p->signature, strlen(p->signature), err)) == NULL)
		return -1;
	d->meta_from = p->signature != NULL ? "extended attribute user.signature" : NULL;
	if (p->backfill != NULL && (d->generated = lf_arena_strdup(&b->arena, p->backfill)) == NULL)
		return lf_err_nomem(err);
	if (digest_names(b, d, g != NULL && g->name.kind == LF_KEY_DIGEST ? &g->name : placed, err) != 0)
		return -1;
	d->start = d->end = LF_TIME_NONE;
	if (g == NULL) {
		if (placed->kind == LF_KEY_DIGEST && placed->stamp != LF_TIME_NONE) {
			d->end = placed->stamp;
			d->start = placed->stamp - 3600;
		}
		return digest_place(b, d, p, err);
	}
	d->scope_mismatch = contradicts_itself(g);
	if (placed->kind == LF_KEY_DIGEST && take_place(b, d, placed, err) != 0)
		return -1;
	d->extra_copy = have_digest(b, p->hash);
	d->in_place = lf_body_in_place(b, d->source, p->locator + p->place, p->len - p->place, g->key);
	return digest_fields(b, d, g, err) != 0 ? -1 : digest_place(b, d, p, err);
}

static int
deliver_digest(struct lf_body *b, struct lf_product *p, struct lf_err *err)
{
	const struct lf_s3key *placed = &p->key, *k = placed;
	struct lf_digest_row *d;
	uint32_t row = b->digests.n;

	if (placed->kind != LF_KEY_DIGEST && placed->kind != LF_KEY_LOG && p->digest != NULL &&
	    p->digest->name.kind == LF_KEY_DIGEST)
		k = &p->digest->name; /* its place says nothing of whose it is */
	if (k->kind == LF_KEY_DIGEST || k->kind == LF_KEY_LOG ? !lf_select_place(b->select, k->account.s, k->account.len, k->region.s,
					   k->region.len)
				     : !lf_select_homeless(b->select))
		return 0;
	if ((d = lf_list_push(&b->digests)) == NULL)
		return lf_err_nomem(err);
	if (digest_row(b, d, p, placed, err) != 0)
		return -1;
	b->objects++;
	b->bytes += p->gz.len;
	if (p->digest != NULL && !d->extra_copy && digest_logs(b, row, p->digest, err) != 0)
		return -1;
	if (p->unreadable && lf_skips_add(&b->skipped, p->locator, p->len, p->problem, err) != 0)
		return -1;
	return digest_index(b, row, err);
}

/* A side row for what few logs have. */
static struct lf_trouble *
trouble(struct lf_body *b, struct lf_present_row *row)
{
	struct lf_trouble *t = lf_list_push(&b->troubles);

	if (t != NULL)
		row->trouble = b->troubles.n - 1;
	return t;
}

int
lf_gather_keep_scan(struct lf_body *b, uint32_t present, const struct lf_log_scan *from, struct lf_err *err)
{
	struct lf_log_scan *s = lf_arena_alloc(&b->arena, sizeof(*s));

	if (s == NULL)
		return lf_err_nomem(err);
	*s = *from;
	s->account = lf_intern(&b->strings, from->account);
	s->region = lf_intern(&b->strings, from->region);
	if (s->account == NULL || s->region == NULL)
		return lf_err_nomem(err);
	if (from->mismatch != NULL && (s->mismatch = lf_arena_strdup(&b->arena, from->mismatch)) == NULL)
		return lf_err_nomem(err);
	lf_body_present(b, present)->scan = s;
	return 0;
}

static int
deliver_log(struct lf_body *b, struct lf_product *p, struct lf_err *err)
{
	struct lf_present_row *row = lf_list_push(&b->present);
	const char *place = p->locator + p->place;
	size_t len = p->len - p->place;
	struct lf_trouble *t = NULL;

	if (row == NULL)
		return lf_err_nomem(err);
	if (lf_names_add(&b->names, NULL, p->source, place, len, &p->key, &row->name, err) != 0)
		return -1;
	memcpy(row->hash, p->hash, sizeof(row->hash));
	row->container = (uint8_t)p->gz.state;
	row->header = (uint8_t)p->gz.header;
	row->gz_name = len > 3 && strncasecmp(place + len - 3, ".gz", 3) == 0;
	row->trouble = LF_NONE;
	row->unreadable = p->unreadable;
	if ((p->unreadable || p->gz.trailing > 0 || p->gz.state > LF_GZIP_WHOLE || p->key.kind != LF_KEY_LOG) &&
	    (t = trouble(b, row)) == NULL)
		return lf_err_nomem(err);
	if (t != NULL) {
		*t = (struct lf_trouble){.offset = p->gz.offset, .trailing = p->gz.trailing,
		    .member_follows = p->gz.member_follows, .inflated = p->gz.len};
		if (p->problem != NULL && (t->problem = lf_arena_strdup(&b->arena, p->problem)) == NULL)
			return lf_err_nomem(err);
	}
	if (p->key.kind == LF_KEY_LOG) {
		b->objects++;
		b->bytes += p->gz.len;
	}
	if (p->unreadable && lf_skips_add(&b->skipped, p->locator, p->len, p->problem, err) != 0)
		return -1;
	if (p->scan != NULL && lf_gather_keep_scan(b, b->present.n - 1, p->scan, err) != 0)
		return -1;
	if (lf_index_add_tag(&b->present_by_name, p->tag, b->present.n - 1) != 0)
		return lf_err_nomem(err);
	return 0;
}

static int
deliver_lake(struct lf_body *b, struct lf_product *p, struct lf_err *err)
{
	char *locator = lf_arena_strndup(&b->arena, p->locator, p->len);
	struct lf_lake_result_row *result;
	struct lf_lake_row *sign;

	if (!lf_select_homeless(b->select))
		return 0;
	if (locator == NULL)
		return lf_err_nomem(err);
	b->objects++;
	b->bytes += p->gz.len;
	if (p->kind == LF_KIND_LAKE_RESULT) {
		if ((result = lf_list_push(&b->lake_results)) == NULL)
			return lf_err_nomem(err);
		result->locator = locator;
		result->place = locator + p->place;
		result->source = p->source;
		result->number = b->lake_results.n - 1;
		memcpy(result->stored_hash, p->stored_hash, sizeof(result->stored_hash));
		return 0;
	}
	if ((sign = lf_list_push(&b->lakes)) == NULL)
		return lf_err_nomem(err);
	sign->locator = locator;
	sign->place = locator + p->place;
	sign->source = p->source;
	sign->doc = p->lake;
	p->lake = NULL;
	if (p->problem != NULL && (sign->problem = lf_arena_strdup(&b->arena, p->problem)) == NULL)
		return lf_err_nomem(err);
	return 0;
}

static int
deliver_skip(struct lf_body *b, struct lf_product *p, struct lf_err *err)
{
	enum lf_key_kind kind = p->key.kind;

	if (kind != LF_KEY_DIGEST && kind != LF_KEY_LOG && !lf_select_homeless(b->select))
		return 0;
	if (p->unreadable && kind == LF_KEY_DIGEST)
		return deliver_digest(b, p, err);
	if (p->unreadable && kind == LF_KEY_LOG)
		return deliver_log(b, p, err);
	return lf_skips_add(&b->skipped, p->locator, p->len, p->problem, err);
}

static int
deliver_metadata(struct lf_body *b, struct lf_product *p, struct lf_err *err)
{
	bool known;

	if (lf_meta_add(b->meta, p->locator, p->text, p->text_len, &known, err) != 0)
		return -1;
	b->ignored += lf_select_homeless(b->select);
	return known ? 0 : lf_skips_add(&b->skipped, p->locator, p->len, "looks like S3 object metadata, but is no known form of it", err);
}

/* Takes a product over and frees it. */
static int
settle(struct lf_body *b, struct lf_product *p, struct lf_err *err)
{
	int rc = 0;

	if (p->unreadable && p->kind != LF_KIND_DIGEST && p->kind != LF_KIND_LOG)
		rc = deliver_skip(b, p, err);
	else if (p->kind == LF_KIND_DIGEST)
		rc = deliver_digest(b, p, err);
	else if (p->kind == LF_KIND_LOG)
		rc = deliver_log(b, p, err);
	else if (p->kind == LF_KIND_LAKE_SIGN || p->kind == LF_KIND_LAKE_RESULT)
		rc = deliver_lake(b, p, err);
	else if (p->kind == LF_KIND_METADATA)
		rc = deliver_metadata(b, p, err);
	else if (p->kind == LF_KIND_EVENTS || p->kind == LF_KIND_UNKNOWN)
		rc = deliver_skip(b, p, err);
	else
		b->ignored += lf_select_homeless(b->select);
	lf_product_drop(b, p);
	return rc;
}

/* Whether a product will change the lists that workers read. */
static bool
is_digest(const struct lf_product *p)
{
	return p->kind == LF_KIND_DIGEST || (p->unreadable && p->key.kind == LF_KEY_DIGEST);
}

int
lf_gather_deliver(void *arg, void *product, struct lf_err *err)
{
	struct lf_body *b = arg;
	void **pending;

	if (!b->proved_known || !is_digest(product))
		return settle(b, product, err);
	if ((pending = lf_list_push(&b->pending)) == NULL) {
		lf_product_drop(b, product);
		return lf_err_nomem(err);
	}
	*pending = product;
	return 0;
}

int
lf_gather_pending(struct lf_body *b, struct lf_err *err)
{
	int rc = 0;

	for (uint32_t i = 0; i < b->pending.n; i++) {
		void **product = lf_list_at(&b->pending, i);

		if (rc == 0)
			rc = settle(b, *product, err);
		else
			lf_product_drop(b, *product);
	}
	lf_list_free(&b->pending);
	return rc;
}
