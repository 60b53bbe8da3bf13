#include "proof/missing.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utc.h"

#define HOUR 3600

/* The key of the digest of the same chain that ends at t: model with its date folders and stamp replaced. */
static void
key_at(const char *model, int64_t t, struct lf_buf *out)
{
	struct lf_s3key k;
	struct lf_civil c;
	const char *base, *stamp;
	size_t folder;

	lf_s3key_read(model, strlen(model), &k);
	if (k.kind != LF_KEY_DIGEST || !k.in_place)
		return;
	base = k.base.s;
	folder = (size_t)(base - model) - strlen("YYYY/MM/DD/");
	stamp = k.home_region.s + k.home_region.len + 1;
	lf_utc_to_civil(t, &c);
	lf_buf_add(out, model, folder);
	lf_buf_printf(out, "%04d/%02d/%02d/", c.year, c.month, c.day);
	lf_buf_add(out, base, (size_t)(stamp - base));
	lf_buf_printf(out, "%04d%02d%02dT%02d%02d%02dZ", c.year, c.month, c.day, c.hour, c.minute, c.second);
	lf_buf_puts(out, stamp + strlen("YYYYMMDDTHHMMSSZ"));
}

/* What is wanted of one missing digest. */
struct wanted {
	const char *bucket, *key; /* key "" when it cannot be told */
	int64_t start, end;
	const struct lf_digest_row *by; /* whose record of hash and signature it must meet, or NULL */
	int64_t count;            /* more of them, not named one by one; 0 for a single one */
};

static int
add(const struct lf_hole *h, struct lf_findings *f, const struct wanted *w, struct lf_err *err)
{
	char end[LF_UTC_LEN], hex[2 * LF_SHA256_LEN + 1];
	struct lf_finding *x;
	struct lf_buf object;
	int rc = -1;

	lf_buf_init(&object);
	lf_utc_format(w->end, end);
	if (w->count > 0)
		x = lf_findings_add(f, err, LF_F_DIGEST_MISSING, "%lld more digests before %s, not named one by one",
		    (long long)w->count, end);
	else if (w->by != NULL)
		x = lf_findings_add(f, err, LF_F_DIGEST_MISSING,
		    "the digest that ends at %s is not there; %s names it: deleted, not copied, or never delivered",
		    end, lf_digest_base(w->by));
	else
		x = lf_findings_add(f, err, LF_F_DIGEST_MISSING,
		    "the digest that should end at %s is not there: deleted, not copied, or never delivered", end);
	if (x == NULL)
		goto out;
	x->chain = h->chain;
	x->start = w->start;
	x->end = w->end;
	x->count = w->count;
	if (w->key[0] != '\0' && w->count == 0) {
		lf_buf_printf(&object, "s3://%s/%s", w->bucket, w->key);
		if (object.failed || (x->object = lf_findings_string(f, lf_buf_str(&object))) == NULL)
			goto nomem;
	}
	if (w->by != NULL) {
		lf_hex_encode(w->by->prev_hash, LF_SHA256_LEN, hex);
		if (lf_findings_signature(f, w->by->prev_sig, &x->expected_signature) != 0)
			goto nomem;
		if (w->by->prev_hash_known && (x->expected_sha256 = lf_findings_string(f, hex)) == NULL)
			goto nomem;
	}
	rc = 0;
	goto out;
nomem:
	lf_err_nomem(err);
out:
	lf_buf_free(&object);
	return rc;
}

/* How many hourly digests fit between the digest before and next. */
static int64_t
how_many(const struct lf_hole *h)
{
	int64_t n = (h->next->start - h->from + HOUR / 2) / HOUR;
	bool named = h->next->parsed && !h->next->is_start;

	if (n < 1 || !h->hourly)
		n = named ? 1 : 0;
	return n;
}

int
lf_missing_name(const struct lf_hole *h, struct lf_findings *f, uint64_t *missing, struct lf_err *err)
{
	const struct lf_select *select = h->body->select;
	const struct lf_digest_row *next = h->next;
	const char *model = next->parsed ? next->prev_key : next->tail;
	int64_t n = how_many(h), most = next->by != LF_BY_NONE ? LF_MAX_MISSING : LF_MAX_MISSING_UNPROVED;
	int64_t first = select->until != LF_TIME_NONE && next->start > select->until ? (next->start - select->until) / HOUR : 0;
	struct lf_buf key;
	int rc = 0;

	lf_buf_init(&key);
	for (int64_t i = first; i < n && rc == 0; i++) {
		struct wanted w = {.bucket = next->parsed ? next->prev_bucket : "", .end = next->start - i * HOUR};

		w.start = w.end - HOUR;
		if (w.start < h->from && w.end > h->from)
			w.start = h->from;
		if (select->since != LF_TIME_NONE && w.end <= select->since)
			break;
		if (!lf_select_window(select, w.start, w.end))
			continue;
		if (i == 0 && next->parsed)
			w.by = next;
		if (i - first >= most)
			w.count = n - i;
		lf_buf_reset(&key);
		if (w.by != NULL)
			lf_buf_puts(&key, next->prev_key);
		else if (next->parsed)
			key_at(model, w.end, &key);
		w.key = lf_buf_str(&key);
		*missing += w.count > 0 ? (uint64_t)w.count : 1;
		rc = key.failed ? lf_err_nomem(err) : add(h, f, &w, err);
		if (w.count > 0)
			break;
	}
	lf_buf_free(&key);
	return rc;
}
