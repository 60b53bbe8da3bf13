#include "proof/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "proof/digests.h"
#include "proof/logs.h"

/* ---- chains ---- */

/* Whether a segment begins with a digest that follows on another, or on none. */
static bool
begins_segment(const struct lf_digest_row *before, const struct lf_digest_row *d)
{
	return before == NULL || (d->parsed && d->is_start) || d->start > before->end;
}

static uint32_t
count_segments(const struct lf_proof *p, const struct lf_chain *c)
{
	const struct lf_digest_row *before = NULL;
	uint32_t n = 0;

	for (uint32_t i = 0; i < c->n_digests; i++) {
		const struct lf_digest_row *d = lf_body_digest(&p->body, c->digests[i]);

		if (!d->selected)
			continue;
		n += begins_segment(before, d);
		before = d;
	}
	return n;
}

/* The segments of a chain's selected digests. */
static int
segments(struct lf_proof *p, const struct lf_chain *c, struct lf_chain_row *row, struct lf_arena *arena)
{
	struct lf_segment_row *s = lf_arena_alloc(arena, ((size_t)count_segments(p, c) + 1) * sizeof(*s));
	const struct lf_digest_row *before = NULL;

	if (s == NULL)
		return -1;
	for (uint32_t i = 0; i < c->n_digests; i++) {
		const struct lf_digest_row *d = lf_body_digest(&p->body, c->digests[i]);

		if (!d->selected)
			continue;
		if (begins_segment(before, d))
			s[row->n_segments++] = (struct lf_segment_row){.start = d->start, .end = d->end};
		s[row->n_segments - 1].end = d->end;
		s[row->n_segments - 1].digests++;
		s[row->n_segments - 1].quiet += d->parsed && d->n_logs == 0 && d->foreign == NULL;
		row->first = before == NULL ? d->start : row->first;
		row->last = d->end;
		row->digests++;
		row->logs += d->n_logs;
		before = d;
	}
	row->segments = s;
	return 0;
}

static const char *
keep(struct lf_arena *arena, struct lf_buf *text)
{
	return text->failed ? NULL : lf_arena_strndup(arena, lf_buf_str(text), text->len);
}

static int
chain_row(struct lf_proof *p, const struct lf_chain *c, struct lf_chain_row *row, struct lf_arena *arena)
{
	const struct lf_digest_row *last = lf_body_digest(&p->body, c->digests[c->n_digests - 1]);
	struct lf_buf text;

	*row = (struct lf_chain_row){.account = c->account, .organization = c->org[0] != '\0' ? c->org : NULL,
	    .region = c->region, .trail = c->trail, .home_region = c->home_region,
	    .kind = c->backfill ? "backfill" : "standard", .first = LF_TIME_NONE, .last = LF_TIME_NONE, .verdict = LF_INCONCLUSIVE,
	    .tail = c->tail};
	lf_buf_init(&text);
	lf_digest_object(&p->body, last, &text);
	row->last_object = keep(arena, &text);
	lf_buf_reset(&text);
	lf_body_digest_locator(last, &text);
	row->last_locator = keep(arena, &text);
	lf_buf_free(&text);
	return row->last_object == NULL || row->last_locator == NULL ? -1 : segments(p, c, row, arena);
}

/* A chain that was not asked for gives no row; findings refer to rows from now on. */
static void
renumber(struct lf_proof *p, const uint32_t *row_of)
{
	for (uint32_t i = 0; i < p->findings.list.n; i++) {
		struct lf_finding *x = lf_list_at(&p->findings.list, i);
		if (x->chain != LF_NO_CHAIN)
			x->chain = row_of[x->chain];
	}
}

int
lf_rows_chains(struct lf_proof *p, struct lf_result *r, struct lf_err *err)
{
	struct lf_chain_row *rows = lf_arena_alloc(&r->arena, ((size_t)p->chains.n + 1) * sizeof(*rows));
	uint32_t *row_of = calloc((size_t)p->chains.n + 1, sizeof(*row_of));
	int rc = -1;

	if (rows == NULL || row_of == NULL)
		goto nomem;
	for (uint32_t i = 0; i < p->chains.n; i++) {
		const struct lf_chain *c = &p->chains.list[i];

		row_of[i] = LF_NO_CHAIN;
		if (!c->selected)
			continue;
		if (chain_row(p, c, &rows[r->n_chains], &r->arena) != 0)
			goto nomem;
		row_of[i] = r->n_chains++;
	}
	renumber(p, row_of);
	r->chains = rows;
	rc = lf_tails_judge(r->chains, r->n_chains, &p->findings, err);
	goto out;
nomem:
	lf_err_nomem(err);
out:
	free(row_of);
	return rc;
}

/* ---- findings ---- */

static void
finding(const struct lf_result *r, uint32_t i, struct lf_finding *row, struct lf_buf *scratch)
{
	const struct lf_proof *p = r->proof;
	const struct lf_listed_row *l;
	size_t locator;

	*row = *(struct lf_finding *)lf_list_at(&p->findings.list, p->finding_order[i]);
	if (row->listed == LF_NO_LISTED)
		return;
	l = lf_body_listed(&p->body, row->listed);
	lf_buf_reset(scratch);
	lf_body_listed_object(&p->body, l, scratch);
	lf_buf_putc(scratch, '\0');
	locator = scratch->len;
	if (l->present != LF_NONE)
		lf_body_locator(&p->body, lf_body_present(&p->body, l->present), scratch);
	row->object = lf_buf_str(scratch);
	row->locator = l->present != LF_NONE && !scratch->failed ? scratch->data + locator : NULL;
}

/* What the sort needs beside two numbers. */
struct order {
	const struct lf_proof *p;
	struct lf_buf a, b;
};

/* The object of a finding, written out when it has to be. */
static const char *
object_of(const struct lf_proof *p, const struct lf_finding *x, struct lf_buf *out)
{
	if (x->listed == LF_NO_LISTED)
		return x->object;
	lf_buf_reset(out);
	lf_body_listed_object(&p->body, lf_body_listed(&p->body, x->listed), out);
	return lf_buf_str(out);
}

static int
finding_cmp(const void *x, const void *y, void *arg)
{
	struct order *o = arg;
	uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
	const struct lf_finding *a = lf_list_at(&o->p->findings.list, i), *b = lf_list_at(&o->p->findings.list, j);
	struct lf_finding full_a = *a, full_b = *b;
	int c;

	if (a->severity == b->severity && a->id == b->id) {
		if (a->listed != LF_NO_LISTED && b->listed != LF_NO_LISTED) {
			const struct lf_listed_row *l = lf_body_listed(&o->p->body, a->listed);
			const struct lf_listed_row *m = lf_body_listed(&o->p->body, b->listed);
			if ((c = lf_names_cmp(&o->p->body.names, &l->name, &m->name)) != 0)
				return c;
		}
		full_a.object = object_of(o->p, a, &o->a);
		full_b.object = object_of(o->p, b, &o->b);
	}
	if ((c = lf_finding_cmp(&full_a, &full_b)) != 0)
		return c;
	return i < j ? -1 : i > j;
}

static int
order_findings(struct lf_proof *p, struct lf_result *r, struct lf_err *err)
{
	struct order o = {.p = p};
	bool failed;

	r->n_findings = p->findings.list.n;
	p->finding_order = calloc((size_t)r->n_findings + 1, sizeof(*p->finding_order));
	if (p->finding_order == NULL)
		return lf_err_nomem(err);
	for (uint32_t i = 0; i < r->n_findings; i++)
		p->finding_order[i] = i;
	lf_buf_init(&o.a);
	lf_buf_init(&o.b);
	qsort_r(p->finding_order, r->n_findings, sizeof(*p->finding_order), finding_cmp, &o);
	failed = o.a.failed || o.b.failed;
	lf_buf_free(&o.a);
	lf_buf_free(&o.b);
	r->finding = finding;
	return failed ? lf_err_nomem(err) : 0;
}

/* Verdicts of the chains and of the whole. */
static int
verdicts(struct lf_proof *p, struct lf_result *r, struct lf_err *err)
{
	uint64_t *alerts = calloc(2 * ((size_t)r->n_chains + 1), sizeof(*alerts)), count[3] = {0, 0, 0};
	struct lf_chain_row *rows = (struct lf_chain_row *)(uintptr_t)r->chains;

	if (alerts == NULL)
		return lf_err_nomem(err);
	for (uint32_t i = 0; i < r->n_findings; i++) {
		const struct lf_finding *x = lf_list_at(&p->findings.list, i);

		count[x->severity]++;
		if (x->chain != LF_NO_CHAIN && x->severity < LF_NOTICE)
			alerts[2 * x->chain + x->severity]++;
	}
	for (uint32_t i = 0; i < r->n_chains; i++)
		rows[i].verdict = alerts[2 * i] > 0 ? LF_FINDINGS
			: alerts[2 * i + 1] > 0 || rows[i].digests == 0 ? LF_INCONCLUSIVE : LF_VERIFIED;
	free(alerts);
	r->verdict = lf_verdict_of(count[LF_ALERT], count[LF_WARNING], r->n_skipped, &r->summary);
	return 0;
}

/* ---- summary, anchors, what was skipped ---- */

static void
summarise(struct lf_proof *p, struct lf_result *r)
{
	struct lf_body *b = &p->body;
	struct lf_summary *s = &r->summary;

	for (uint32_t i = 0; i < b->digests.n; i++) {
		const struct lf_digest_row *d = lf_body_digest(b, i);
		if (d->selected && !d->extra_copy)
			s->digests[d->status]++;
	}
	s->digests[4] = p->missing_digests;
	for (uint32_t i = 0; i < b->listed.n; i++)
		if (lf_logs_selected(b, lf_body_listed(b, i)))
			s->logs[lf_body_listed(b, i)->status]++;
	for (uint32_t i = 0; i < p->unlisted.list.n; i++)
		s->logs[((struct lf_unlisted *)lf_list_at(&p->unlisted.list, i))->status]++;
	s->bytes = b->bytes;
	s->objects = b->objects;
	s->ignored = b->ignored;
}

static int
anchors(struct lf_proof *p, struct lf_result *r, struct lf_err *err)
{
	const struct lf_keyring *k = &p->c->keys;
	struct lf_anchor_row *rows = lf_arena_alloc(&r->arena, ((size_t)k->files.n + 1) * sizeof(*rows));
	struct lf_anchor_key_row *keys = lf_arena_alloc(&r->arena, ((size_t)k->keys.n + 1) * sizeof(*keys));

	if (rows == NULL || keys == NULL)
		return lf_err_nomem(err);
	for (uint32_t i = 0, n = 0; i < k->files.n; i++) {
		const struct lf_keyfile *file = lf_list_at(&k->files, i);

		rows[i] = (struct lf_anchor_row){.file = file->name, .sha256 = file->sha256, .keys = keys + n,
		    .n_keys = file->n_keys};
		for (uint32_t j = 0; j < file->n_keys; j++, n++) {
			const struct lf_key *key = lf_list_at(&k->keys, n);
			keys[n] = (struct lf_anchor_key_row){.fingerprint = key->fingerprint, .bits = lf_rsa_bits(key->rsa),
			    .valid_from = key->valid_from, .valid_until = key->valid_until, .used = key->used};
		}
	}
	r->anchors = rows;
	r->n_anchors = k->files.n;
	return 0;
}

static int
skips(struct lf_proof *p, struct lf_result *r, struct lf_err *err)
{
	struct lf_skip_result *rows = lf_arena_alloc(&r->arena, ((size_t)p->body.skipped.list.n + 1) * sizeof(*rows));

	if (rows == NULL)
		return lf_err_nomem(err);
	for (uint32_t i = 0; i < p->body.skipped.list.n; i++) {
		const struct lf_skip *s = lf_skips_at(&p->body.skipped, i);
		rows[i] = (struct lf_skip_result){s->locator, s->reason};
	}
	qsort(rows, p->body.skipped.list.n, sizeof(*rows), lf_skip_cmp);
	r->skipped = rows;
	r->n_skipped = p->body.skipped.list.n;
	return 0;
}

int
lf_rows_finish(struct lf_proof *p, struct lf_result *r, struct lf_err *err)
{
	r->select = p->select;
	summarise(p, r);
	if (lf_metadata_judge(&r->summary, &p->findings, err) != 0 || order_findings(p, r, err) != 0 ||
	    skips(p, r, err) != 0 || anchors(p, r, err) != 0)
		return -1;
	if (verdicts(p, r, err) != 0)
		return -1;
	return r->detail ? lf_rows_objects(p, r, err) : 0;
}
