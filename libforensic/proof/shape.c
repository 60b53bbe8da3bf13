#include "proof/shape.h"

#include <string.h>

#include "base/text.h"
#include "base/utc.h"
#include "proof/digests.h"
#include "proof/missing.h"

/* One chain under judgement. */
struct shape {
	struct lf_body *b;
	const struct lf_chain *c;
	uint32_t number;
	struct lf_findings *f;
	uint64_t *missing;
	struct lf_err *err;
	char label[512];
};

static const char *
object_of(struct shape *s, const struct lf_digest_row *d)
{
	struct lf_buf text;
	const char *out;

	if (!d->parsed)
		return NULL;
	lf_buf_init(&text);
	lf_buf_printf(&text, "s3://%s/%s", d->bucket, d->key);
	out = text.failed ? NULL : lf_findings_string(s->f, text.data);
	lf_buf_free(&text);
	return out;
}

/* Sets what most findings carry; x may be NULL after a failed allocation. */
static int
about(struct shape *s, struct lf_finding *x, const struct lf_digest_row *d, int64_t start, int64_t end)
{
	if (x == NULL)
		return -1;
	x->chain = s->number;
	x->start = start;
	x->end = end;
	if ((x->locator = lf_digest_locator(s->f, d)) == NULL)
		return lf_err_nomem(s->err);
	if (d->parsed && (x->object = object_of(s, d)) == NULL)
		return lf_err_nomem(s->err);
	return 0;
}

static int
start_of_segment(struct shape *s, const struct lf_digest_row *before, const struct lf_digest_row *d)
{
	char a[LF_UTC_LEN], z[LF_UTC_LEN], span[32];

	if (d->selected && about(s, lf_findings_add(s->f, s->err, LF_F_CHAIN_START,
	    "%s: a segment starts at %s: logging or validation was started here", s->label, lf_utc_format(d->start, a)),
	    d, d->start, d->end) != 0)
		return -1;
	if (before == NULL || s->c->backfill || !lf_select_window(s->b->select, before->end, d->start + 1))
		return 0;
	return about(s, lf_findings_add(s->f, s->err, LF_F_CHAIN_GAP,
	    "%s: no digest speaks for %s to %s (%s): logging or validation was off, or the digests between are gone",
	    s->label, lf_utc_format(before->end, a), lf_utc_format(d->start, z),
	    lf_duration_format(d->start - before->end, span)), d, before->end, d->start);
}

static int
hole(struct shape *s, const struct lf_digest_row *d, int64_t from)
{
	struct lf_hole h = {.body = s->b, .chain = s->number, .next = d, .from = from, .hourly = !s->c->backfill};

	return lf_missing_name(&h, s->f, s->missing, s->err);
}

/*
 * Whether the predecessor that a digest names is there.  One that is not proved only counts when it stands where it
 * should: in the same chain, its window meeting this one's.
 */
static bool
has_pred(const struct shape *s, const struct lf_digest_row *d)
{
	const struct lf_digest_row *p;

	if (d->pred == LF_NONE)
		return false;
	p = lf_body_digest(s->b, d->pred);
	return p->by != LF_BY_NONE || (p->chain == d->chain && (!p->parsed || p->end == d->start));
}

/* The oldest digest of a chain that is no start digest. */
static int
head(struct shape *s, const struct lf_digest_row *d)
{
	int64_t since = s->b->select->since;
	struct lf_finding *x;
	char a[LF_UTC_LEN];

	if (has_pred(s, d) || !d->parsed)
		return 0;
	if (since != LF_TIME_NONE)
		return since < d->start ? hole(s, d, since) : 0;
	x = lf_findings_add(s->f, s->err, LF_F_CHAIN_HEAD_CUT,
	    "%s: the evidence begins at %s, in the middle of the chain; the digest before must be s3://%s/%s", s->label,
	    lf_utc_format(d->start, a), d->prev_bucket, d->prev_key);
	if (about(s, x, d, LF_TIME_NONE, d->start) != 0)
		return -1;
	if (lf_findings_signature(s->f, d->prev_sig, &x->expected_signature) != 0)
		return lf_err_nomem(s->err);
	if (d->prev_hash_known) {
		char hex[2 * LF_SHA256_LEN + 1];
		lf_hex_encode(d->prev_hash, LF_SHA256_LEN, hex);
		x->expected_sha256 = lf_findings_string(s->f, hex);
	}
	return 0;
}

static int
fork_of(struct shape *s, const struct lf_digest_row *d, const struct lf_digest_row *other)
{
	return about(s, lf_findings_add(s->f, s->err, LF_F_CHAIN_FORK,
	    "%s: this digest and %s both name s3://%s/%s as their predecessor", s->label, lf_digest_base(other), d->prev_bucket,
	    d->prev_key), d, d->start, d->end);
}

/* Windows of a digest and of the one that it names. */
static int
linked(struct shape *s, const struct lf_digest_row *before, const struct lf_digest_row *d)
{
	char a[LF_UTC_LEN], z[LF_UTC_LEN];

	if (!before->parsed || !d->selected)
		return 0;
	if (before->end != d->start)
		return about(s, lf_findings_add(s->f, s->err, LF_F_CHAIN_WINDOW_BROKEN,
		    "%s: the predecessor ends at %s, this digest starts at %s: linked windows must meet", s->label,
		    lf_utc_format(before->end, a), lf_utc_format(d->start, z)), d, before->end, d->start);
	if ((d->end - before->end) % 3600 != 0)
		return about(s, lf_findings_add(s->f, s->err, LF_F_CHAIN_PHASE_CHANGE,
		    "%s: the hourly phase changes: the predecessor ends at %s, this digest at %s", s->label,
		    lf_utc_format(before->end, a), lf_utc_format(d->end, z)), d, d->start, d->end);
	return 0;
}

static int
overlap(struct shape *s, const struct lf_digest_row *before, const struct lf_digest_row *d)
{
	char a[LF_UTC_LEN], z[LF_UTC_LEN];

	return about(s, lf_findings_add(s->f, s->err, LF_F_CHAIN_OVERLAP,
	    "%s: its window starts at %s, before %s ends at %s", s->label, lf_utc_format(d->start, a), lf_digest_base(before),
	    lf_utc_format(before->end, z)), d, d->start, before->end);
}

/* The digest beside d that names the same predecessor, or NULL. */
static const struct lf_digest_row *
rival(const struct shape *s, const struct lf_digest_row *d)
{
	const struct lf_digest_row *p, *other;

	if (!d->parsed || d->is_start || d->pred == LF_NONE)
		return NULL;
	p = lf_body_digest(s->b, d->pred);
	other = p->succ == LF_NONE ? NULL : lf_body_digest(s->b, p->succ);
	if (other == NULL || other == d || (other->key == d->key && other->bucket == d->bucket) ||
	    other->chain != d->chain)
		return NULL;
	return other;
}

/* A digest and the one before it in time. */
static int
step(struct shape *s, const struct lf_digest_row *before, const struct lf_digest_row *d)
{
	const struct lf_digest_row *other = rival(s, d);
	bool meets = d->pred != LF_NONE && (lf_body_digest(s->b, d->pred) == before ||
	    lf_body_digest(s->b, d->pred)->end == before->end);

	if (other != NULL)
		return d->selected || other->selected ? fork_of(s, d, other) : 0;
	if (!s->c->backfill && d->parsed && before->parsed && before->end > d->start && before->start < d->end &&
	    rival(s, before) == NULL) {
		if (d->selected && overlap(s, before, d) != 0)
			return -1;
		if (!d->is_start && !meets)
			return has_pred(s, d) ? 0 : hole(s, d, before->end);
		return d->is_start ? start_of_segment(s, NULL, d) : 0;
	}
	if (d->is_start)
		return start_of_segment(s, before, d);
	if (!d->parsed)
		return d->start > before->end + 1800 ? hole(s, d, before->end) : 0;
	if (!has_pred(s, d))
		return hole(s, d, before->end);
	if (s->c->backfill)
		return 0;
	return linked(s, lf_body_digest(s->b, d->pred), d);
}

int
lf_shape_judge(struct lf_body *b, const struct lf_chains *chains, uint32_t i, struct lf_findings *f, uint64_t *missing,
    struct lf_err *err)
{
	struct shape s = {.b = b, .c = &chains->list[i], .number = i, .f = f, .missing = missing, .err = err};

	if (!s.c->selected)
		return 0;
	lf_chain_label(s.c, s.label, sizeof(s.label));
	for (uint32_t k = 0; k < s.c->n_digests; k++) {
		const struct lf_digest_row *d = lf_body_digest(b, s.c->digests[k]);
		int rc;

		if (k > 0)
			rc = step(&s, lf_body_digest(b, s.c->digests[k - 1]), d);
		else
			rc = d->parsed && d->is_start ? start_of_segment(&s, NULL, d) : head(&s, d);
		if (rc != 0)
			return -1;
	}
	return 0;
}
