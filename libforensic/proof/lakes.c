#include "proof/lakes.h"

#include <string.h>

#include "base/hash.h"
#include "base/text.h"

/* One signature file under judgement. */
struct lake {
	struct lf_body *b;
	struct lf_keyring *keys;
	struct lf_findings *f;
	struct lf_lake_row *row;
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

/* The result file of this name in the folder of the signature file, or NULL. */
static struct lf_lake_result_row *
find(struct lake *l, const char *name)
{
	const char *slash = strrchr(l->row->place, '/');
	size_t folder = slash == NULL ? 0 : (size_t)(slash - l->row->place) + 1;

	for (uint32_t i = 0; i < l->b->lake_results.n; i++) {
		struct lf_lake_result_row *r = lf_list_at(&l->b->lake_results, i);
		if (r->source == l->row->source && strncmp(r->place, l->row->place, folder) == 0 &&
		    strcmp(r->place + folder, name) == 0)
			return r;
	}
	return NULL;
}

static int
check_file(struct lake *l, const struct lf_lake_file *file)
{
	struct lf_lake_result_row *r;
	char hex[2 * LF_SHA256_LEN + 1];
	struct lf_finding *x;

	if (!file->usable) {
		l->broken = true;
		return about(lf_findings_add(l->f, l->err, LF_F_DIGEST_MALFORMED,
		    "refused: its file name \"%s\" or hash is not usable (a name must not hold '/' or be \"..\")",
		    file->name), l->row->place, l->row->locator);
	}
	r = find(l, file->name);
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

int
lf_lakes_judge(struct lf_body *b, struct lf_keyring *keys, struct lf_findings *f, struct lf_arena *arena,
    const struct lf_lake_result **out, uint32_t *n, struct lf_err *err)
{
	struct lf_lake_result *rows = lf_arena_alloc(arena, (b->lakes.n + 1) * sizeof(*rows));

	if (rows == NULL)
		return lf_err_nomem(err);
	for (uint32_t i = 0; i < b->lakes.n; i++) {
		struct lake l = {.b = b, .keys = keys, .f = f, .row = lf_list_at(&b->lakes, i), .err = err};

		if (judge(&l) != 0)
			return -1;
		rows[i] = (struct lf_lake_result){.object = object_of(l.row->place), .locator = l.row->locator,
		    .status = l.broken ? "invalid" : l.unproved ? "unsigned" : "verified",
		    .files = l.row->doc != NULL ? l.row->doc->n_files : 0};
	}
	for (uint32_t i = 0; i < b->lake_results.n; i++) {
		struct lf_lake_result_row *r = lf_list_at(&b->lake_results, i);
		struct lf_finding *x;

		if (r->claimed)
			continue;
		x = lf_findings_add(f, err, LF_F_LOG_UNDIGESTED, "a Lake result file that no signature file beside it lists");
		if (x == NULL)
			return -1;
		x->object = object_of(r->place);
		x->locator = r->locator;
	}
	*out = rows;
	*n = b->lakes.n;
	return 0;
}
