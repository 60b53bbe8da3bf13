#include "proof/lakes.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"

/* One signature file under judgement. */
struct lake {
	struct lf_body *b;
	struct lf_keyring *keys;
	struct lf_findings *f;
	struct lf_lake_row *row;
	struct lf_lake_result_row *const *results; /* of the body, by source and place */
	struct lf_buf *place; /* scratch */
	bool broken, unproved; /* findings against it; something not proved */
	struct lf_err *err;
};

static const char *
object_of(const char *place)
{
	struct lf_s3key key;

	lf_s3key_read(place, strlen(place), &key);
	return key.key.len > 0 ? key.key.s : place;
}

static int
about(struct lf_finding *x, const char *place, const char *locator)
{
	if (x == NULL)
		return -1;
	x->object = object_of(place);
	x->locator = locator;
	return 0;
}

enum held { HELD, BROKEN, NO_KEY, NO_MEMORY };

/* Tries the keys of its fingerprint. */
static enum held
signature_holds(struct lake *l, const unsigned char hash[LF_SHA256_LEN], const struct lf_signature *sig)
{
	enum held held = NO_KEY;
	size_t cursor = 0;
	struct lf_key *key;
	int rc;

	while ((key = lf_keyring_next(l->keys, l->row->doc->fingerprint, &cursor)) != NULL) {
		held = BROKEN;
		rc = !lf_signature_usable(sig) ? 0 : lf_rsa_verify(key->rsa, hash, sig->bytes, sig->len);
		if (rc < 0)
			return NO_MEMORY;
		if (rc > 0) {
			key->used = true;
			return HELD;
		}
	}
	return held;
}

static int
check_signature(struct lake *l)
{
	const struct lf_lake *doc = l->row->doc;
	unsigned char hash[LF_SHA256_LEN];
	const struct lf_signature *sig;
	struct lf_hash *h;
	struct lf_buf text;
	enum held held;
	int rc = -1;

	if (strcmp(doc->signature_algorithm, "SHA256withRSA") != 0 || strcmp(doc->hash_algorithm, "SHA-256") != 0) {
		l->unproved = true;
		return about(lf_findings_add(l->f, l->err, LF_F_ALGORITHM_UNKNOWN, "signed with %s over %s hashes",
		    doc->signature_algorithm, doc->hash_algorithm), l->row->place, l->row->locator);
	}
	lf_buf_init(&text);
	lf_lake_signed(doc, &text);
	if ((h = lf_hash_new(l->err)) == NULL)
		goto out;
	if (text.failed || lf_hash_bytes(h, lf_buf_str(&text), text.len, hash) != 0) {
		lf_err_nomem(l->err);
		goto out;
	}
	if ((sig = lf_signatures_add(&l->b->meta->signatures, doc->signature, strlen(doc->signature), l->err)) == NULL)
		goto out;
	held = signature_holds(l, hash, sig);
	rc = held == NO_MEMORY ? lf_err_nomem(l->err) : 0;
	if (held == BROKEN) {
		l->broken = true;
		rc = about(lf_findings_add(l->f, l->err, LF_F_DIGEST_SIGNATURE_INVALID,
		    "the signature over its list of hashes does not hold under key %s", doc->fingerprint), l->row->place,
		    l->row->locator);
	} else if (held == NO_KEY) {
		l->unproved = true;
		rc = about(lf_findings_add(l->f, l->err, LF_F_KEY_UNKNOWN, "signed with key %s of %s, which no key file holds",
		    doc->fingerprint, doc->region), l->row->place, l->row->locator);
	}
out:
	lf_hash_free(h);
	lf_buf_free(&text);
	return rc;
}

/* ---- Result files ---- */

static int
place_cmp(const struct lf_lake_result_row *r, uint32_t source, const char *place)
{
	return r->source != source ? (r->source > source) - (r->source < source) : strcmp(r->place, place);
}

static int
result_cmp(const void *x, const void *y)
{
	const struct lf_lake_result_row *a = *(struct lf_lake_result_row *const *)x, *b = *(struct lf_lake_result_row *const *)y;
	int c = place_cmp(a, b->source, b->place);

	return c != 0 ? c : (a->number > b->number) - (a->number < b->number);
}

/*
 * All result files by source and place, those of one place as they came, to be freed; NULL when memory is out.  A
 * signature file may list a million of them.
 */
static struct lf_lake_result_row **
results(const struct lf_body *b)
{
	struct lf_lake_result_row **all = calloc((size_t)b->lake_results.n + 1, sizeof(*all));

	if (all == NULL)
		return NULL;
	for (uint32_t i = 0; i < b->lake_results.n; i++)
		all[i] = lf_list_at(&b->lake_results, i);
	qsort(all, b->lake_results.n, sizeof(*all), result_cmp);
	return all;
}

/* The result file of this name in the folder of the signature file, the first of several; *out is NULL without. */
static int
find(struct lake *l, const char *name, struct lf_lake_result_row **out)
{
	const char *slash = strrchr(l->row->place, '/');
	uint32_t from = 0, to = l->b->lake_results.n, mid;

	lf_buf_reset(l->place);
	lf_buf_add(l->place, l->row->place, slash == NULL ? 0 : (size_t)(slash - l->row->place) + 1);
	lf_buf_puts(l->place, name);
	if (l->place->failed)
		return lf_err_nomem(l->err);
	while (from < to) {
		mid = from + (to - from) / 2;
		if (place_cmp(l->results[mid], l->row->source, lf_buf_str(l->place)) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	*out = from < l->b->lake_results.n && place_cmp(l->results[from], l->row->source, lf_buf_str(l->place)) == 0 ? l->results[from] : NULL;
	return 0;
}

static int
check_file(struct lake *l, const struct lf_lake_file *file)
{
	struct lf_lake_result_row *r = NULL;
	char hex[2 * LF_SHA256_LEN + 1];
	struct lf_finding *x;

	if (!file->usable) {
		l->broken = true;
		return about(lf_findings_add(l->f, l->err, LF_F_DIGEST_MALFORMED,
		    "refused: its file name \"%s\" or hash is not usable (a name must not hold '/' or be \"..\")",
		    file->name), l->row->place, l->row->locator);
	}
	if (find(l, file->name, &r) != 0)
		return -1;
	if (r != NULL)
		r->claimed = true;
	if (r != NULL && memcmp(r->stored_hash, file->hash, LF_SHA256_LEN) == 0)
		return 0;
	l->broken = true;
	lf_hex_encode(file->hash, LF_SHA256_LEN, hex);
	if (r == NULL)
		x = lf_findings_add(l->f, l->err, LF_F_LOG_MISSING, "%s is listed by it, and not beside it", file->name);
	else
		x = lf_findings_add(l->f, l->err, LF_F_LOG_MODIFIED, "the stored file has another SHA-256 than %s lists",
		    l->row->locator);
	if (about(x, r != NULL ? r->place : l->row->place, r != NULL ? r->locator : l->row->locator) != 0)
		return -1;
	x->expected_sha256 = lf_findings_string(l->f, hex);
	return x->expected_sha256 == NULL ? lf_err_nomem(l->err) : 0;
}

static int
judge(struct lake *l)
{
	const struct lf_lake *doc = l->row->doc;

	if (doc == NULL) {
		l->broken = true;
		return about(lf_findings_add(l->f, l->err, LF_F_DIGEST_MALFORMED, "%s",
		    l->row->problem != NULL ? l->row->problem : "malformed"), l->row->place, l->row->locator);
	}
	if (check_signature(l) != 0)
		return -1;
	for (uint32_t i = 0; i < doc->n_files; i++)
		if (check_file(l, &doc->files[i]) != 0)
			return -1;
	if (l->broken || l->unproved)
		return 0;
	return about(lf_findings_add(l->f, l->err, LF_F_LAKE_NAME_UNSIGNED,
	    "the signature covers the hashes of the files and their order; the file names, the region and the query time "
	    "%s are not signed", doc->query_complete_time), l->row->place, l->row->locator);
}

/* A finding for each result file that no signature file lists. */
static int
unlisted(const struct lf_body *b, struct lf_findings *f, struct lf_err *err)
{
	for (uint32_t i = 0; i < b->lake_results.n; i++) {
		struct lf_lake_result_row *r = lf_list_at(&b->lake_results, i);

		if (!r->claimed && about(lf_findings_add(f, err, LF_F_LOG_UNDIGESTED, "a Lake result file that no signature file beside it lists"),
		    r->place, r->locator) != 0)
			return -1;
	}
	return 0;
}

int
lf_lakes_judge(struct lf_body *b, struct lf_keyring *keys, struct lf_findings *f, struct lf_arena *arena,
    const struct lf_lake_result **out, uint32_t *n, struct lf_err *err)
{
	struct lf_lake_result *rows = lf_arena_alloc(arena, (b->lakes.n + 1) * sizeof(*rows));
	struct lf_lake_result_row **all = results(b);
	struct lf_buf place;
	int rc = rows == NULL || all == NULL ? lf_err_nomem(err) : 0;

	lf_buf_init(&place);
	for (uint32_t i = 0; i < b->lakes.n && rc == 0; i++) {
		struct lake l = {.b = b, .keys = keys, .f = f, .row = lf_list_at(&b->lakes, i), .results = all, .place = &place, .err = err};

		rc = judge(&l);
		rows[i] = (struct lf_lake_result){.object = object_of(l.row->place), .locator = l.row->locator,
		    .status = l.broken ? "invalid" : l.unproved ? "unsigned" : "verified",
		    .files = l.row->doc != NULL ? l.row->doc->n_files : 0};
	}
	if (rc == 0)
		rc = unlisted(b, f, err);
	lf_buf_free(&place);
	free(all);
	*out = rows;
	*n = b->lakes.n;
	return rc;
}
