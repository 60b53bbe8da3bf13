#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "proof/again.h"
#include "proof/digests.h"
#include "proof/gather.h"
#include "proof/lakes.h"
#include "proof/logs.h"
#include "proof/product.h"
#include "proof/rows.h"
#include "proof/shape.h"
#include "proof/trust.h"

static void
proof_free(struct lf_proof *p)
{
	if (p == NULL)
		return;
	lf_chains_free(&p->chains);
	lf_unlisteds_free(&p->unlisted);
	lf_findings_free(&p->findings);
	lf_body_free(&p->body);
	free(p->finding_order);
	free(p->digest_rows);
	free(p->log_rows);
	free(p);
}

static void
result_free(struct lf_result *r)
{
	proof_free(r->proof);
	lf_arena_free(&r->arena);
	free(r);
}

/* How far a log's delivery may lie from the window of the digest that lists it. */
#define MARGIN LF_TAIL_SLACK

/* Whether a log is worth reading: it is of the time asked for, or a selected digest lists it. */
static bool
want(void *arg, uint32_t source, const char *place, size_t len, const struct lf_s3key *key)
{
	const struct lf_body *b = arg;
	const struct lf_select *s = b->select;
	size_t cursor = 0;
	uint32_t i;

	(void)source;
	if (key->kind != LF_KEY_LOG || key->stamp == LF_TIME_NONE ||
	    ((s->since == LF_TIME_NONE || key->stamp >= s->since - MARGIN) &&
		(s->until == LF_TIME_NONE || key->stamp < s->until + MARGIN)))
		return true;
	while ((i = lf_index_next(&b->listed_by_name, lf_s3key_base_hash(place, len), &cursor)) != LF_INDEX_END) {
		const struct lf_digest_row *d = lf_body_digest(b, lf_body_listed(b, i)->digest);
		if (lf_select_window(s, d->start, d->end))
			return true;
	}
	return false;
}

/* Makes an empty body of evidence for the case. */
static int
begin(struct lf_proof *p, struct lf_err *err)
{
	struct lf_body *b = &p->body;

	if (lf_body_init(b, err) != 0)
		return -1;
	b->sources = p->c->sources;
	b->n_sources = p->c->n_sources;
	b->select = &p->c->select;
	b->meta = &p->c->meta;
	return 0;
}

/* The one pass, digests of folders first, so that their logs are known to be proved or not as they are read. */
static int
read_once(struct lf_proof *p, struct lf_reader *r, struct lf_err *err)
{
	struct lf_body *b = &p->body;
	struct lf_err ignored;
	uint32_t digests;
	int rc;

	if (lf_reader_run(r, LF_PASS_DIGESTS, err) != 0 || lf_trust_digests(b, &p->c->keys, p->c->jobs, err) != 0)
		return -1;
	digests = b->digests.n;
	b->proved_known = true;
	r->want = want;
	rc = lf_reader_run(r, LF_PASS_REST, err);
	r->want = NULL;
	if (lf_gather_pending(b, rc == 0 ? err : &ignored) != 0 || rc != 0)
		return -1;
	return r->passed_over || b->digests.n == digests ? 0 : lf_trust_digests(b, &p->c->keys, p->c->jobs, err);
}

/*
 * To list the folders of logs twice takes long, and they hold no digests, nor metadata of some.  Where one does, all that
 * was read is forgotten and read again without that assumption.  It is not made where the folders' files are to be
 * counted, or where the second pass may not come to all of them.
 */
static int
read_all(struct lf_proof *p, struct lf_reader *r, struct lf_err *err)
{
	uint32_t n_meta = p->c->meta.entries.n;

	r->pass_over_logs = r->progress == NULL && r->limits.max_total == 0;
	if (read_once(p, r, err) != 0)
		return -1;
	if (!r->passed_over)
		return 0;
	r->pass_over_logs = r->passed_over = false;
	r->ignored = 0;
	memset(&r->seen, 0, sizeof(r->seen));
	memset(r->totals, 0, r->n_sources * sizeof(*r->totals));
	for (uint32_t i = 0; i < p->c->keys.keys.n; i++)
		((struct lf_key *)lf_list_at(&p->c->keys.keys, i))->used = false;
	lf_body_free(&p->body);
	if (begin(p, err) != 0 || lf_meta_rewind(&p->c->meta, n_meta, err) != 0)
		return -1;
	return read_once(p, r, err);
}

/* What sources were too large to read whole becomes a note. */
static int
note_capped(struct lf_proof *p, const struct lf_reader *r, struct lf_err *err)
{
	for (size_t i = 0; i < r->n_sources; i++) {
		const char *name = r->sources[i]->name;

		if (r->totals[i].capped && lf_select_homeless(&p->c->select) &&
		    lf_body_skip(&p->body, name, strlen(name),
			"more than --max-total was inflated: the rest of it was not read", err) != 0)
			return -1;
	}
	return 0;
}

/* Every skipped object is a finding, too. */
static int
unreadable(struct lf_proof *p, struct lf_err *err)
{
	for (uint32_t i = 0; i < p->body.skipped.n; i++) {
		const struct lf_skipped_row *s = lf_list_at(&p->body.skipped, i);
		struct lf_finding *x = lf_findings_add(&p->findings, err, LF_F_EVIDENCE_UNREADABLE, "not read: %s", s->reason);

		if (x == NULL)
			return -1;
		x->locator = s->locator;
	}
	return 0;
}

/* Logs where no digest reaches: one warning for each account and region. */
struct blind {
	const char *account, *region;
	int64_t first, last, n;
};

static int
blind_cmp(const void *x, const void *y)
{
	const struct blind *a = x, *b = y;
	int c = strcmp(a->account, b->account);

	return c != 0 ? c : strcmp(a->region, b->region);
}

/* Whether an undigested log lies where no chain of its account and region reaches: before it, or without one. */
static bool
out_of_reach(const struct lf_chains *c, const struct lf_unlisted *u)
{
	const struct lf_chain *first;
	uint32_t n;

	if (u->status != LF_L_UNDIGESTED || u->class_unseen)
		return false;
	first = lf_chains_of(c, u->account, u->region, &n);
	for (const struct lf_chain *k = first; k < first + n; k++)
		if (!k->backfill && k->n_covered > 0 && u->time != LF_TIME_NONE &&
		    u->time + LF_LOG_AFTER > k->covered[0].start)
			return false;
	return true;
}

static int
blind_logs(struct lf_proof *p, struct lf_err *err)
{
	struct blind *all = calloc((size_t)p->unlisted.list.n + 1, sizeof(*all));
	char a[LF_UTC_LEN], z[LF_UTC_LEN];
	size_t n = 0, m = 0;
	int rc = 0;

	if (all == NULL)
		return lf_err_nomem(err);
	for (uint32_t i = 0; i < p->unlisted.list.n; i++) {
		const struct lf_unlisted *u = lf_list_at(&p->unlisted.list, i);
		if (out_of_reach(&p->chains, u))
			all[n++] = (struct blind){u->account, u->region, u->time, u->time, 1};
	}
	qsort(all, n, sizeof(*all), blind_cmp);
	for (size_t i = 0; i < n; i++) {
		if (m > 0 && blind_cmp(&all[m - 1], &all[i]) == 0) {
			if (all[m - 1].first == LF_TIME_NONE || (all[i].first != LF_TIME_NONE && all[i].first < all[m - 1].first))
				all[m - 1].first = all[i].first;
			all[m - 1].last = all[i].last > all[m - 1].last ? all[i].last : all[m - 1].last;
			all[m - 1].n++;
		} else {
			all[m++] = all[i];
		}
	}
	for (size_t i = 0; i < m && rc == 0; i++) {
		struct lf_finding *x = lf_findings_add(&p->findings, err, LF_F_LOG_UNPROVEN,
		    "%lld logs of account %s, region %s, from %s to %s lie where no digest of the evidence reaches: nothing "
		    "proves or disproves them", (long long)all[i].n, all[i].account[0] != '\0' ? all[i].account : "unknown",
		    all[i].region[0] != '\0' ? all[i].region : "unknown", lf_utc_format(all[i].first, a),
		    lf_utc_format(all[i].last, z));
		rc = x == NULL ? -1 : 0;
		if (x != NULL)
			x->count = all[i].n;
	}
	free(all);
	return rc;
}

static bool
slice_is(struct lf_slice s, const char *text)
{
	return s.len == strlen(text) && memcmp(s.s, text, s.len) == 0;
}

/* Metadata names a digest that is not there: it may be later than the last of its chain. */
static void
name_tail(struct lf_proof *p, const struct lf_s3key *k)
{
	for (uint32_t n = 0; n < p->chains.n; n++) {
		struct lf_chain *c = &p->chains.list[n];

		if (k->stamp > c->tail.newest_named && c->backfill == k->backfill && slice_is(k->account, c->account) &&
		    slice_is(k->region, c->region) && slice_is(k->trail, c->trail))
			c->tail.newest_named = k->stamp;
	}
}

/* Counts what metadata names and what of it is there; also the newest digest that it names for each chain. */
static void
metadata(struct lf_proof *p, struct lf_result *r)
{
	struct lf_body *b = &p->body;

	for (uint32_t i = 0; i < p->c->meta.entries.n; i++) {
		struct lf_meta_entry *e = lf_list_at(&p->c->meta.entries, i);
		struct lf_s3key k;
		size_t cursor = 0;
		uint64_t hash;

		lf_s3key_read(e->key, strlen(e->key), &k);
		if (k.kind == LF_KEY_DIGEST || k.kind == LF_KEY_LOG
			? !lf_select_place(b->select, k.account.s, k.account.len, k.region.s, k.region.len)
			: !lf_select_homeless(b->select))
			continue;
		hash = lf_s3key_base_hash(e->key, strlen(e->key));
		e->used = lf_index_next(&b->present_by_name, hash, &cursor) != LF_INDEX_END;
		cursor = 0;
		e->used |= lf_index_next(&b->digest_by_name, hash, &cursor) != LF_INDEX_END;
		r->summary.metadata_entries++;
		r->summary.metadata_matched += e->used;
		if (k.kind == LF_KEY_DIGEST && !e->used)
			name_tail(p, &k);
	}
}

/* Published fingerprints that are not the MD5 of their key. */
static int
fingerprints(struct lf_proof *p, struct lf_err *err)
{
	for (uint32_t i = 0; i < p->c->keys.keys.n; i++) {
		const struct lf_key *k = lf_list_at(&p->c->keys.keys, i);
		const struct lf_keyfile *file = lf_list_at(&p->c->keys.files, k->file);
		struct lf_finding *x;

		if (k->stated[0] == '\0' || strcmp(k->stated, k->fingerprint) == 0)
			continue;
		x = lf_findings_add(&p->findings, err, LF_F_KEY_FINGERPRINT_MISMATCH,
		    "a key is published under fingerprint %s, but the MD5 of its DER is %s", k->stated, k->fingerprint);
		if (x == NULL)
			return -1;
		x->locator = file->name;
	}
	return 0;
}

/* All that is judged once everything is read. */
static int
judge(struct lf_proof *p, struct lf_reader *reader, struct lf_result *r, struct lf_err *err)
{
	struct lf_body *b = &p->body;
	struct lf_findings *f = &p->findings;

	if (lf_chains_make(b, &p->chains, err) != 0 || lf_logs_match(b, err) != 0 || lf_again_scan(b, reader, err) != 0 ||
	    lf_unlisted_find(b, &p->chains, &p->unlisted, err) != 0 ||
	    lf_again_copies(b, &p->unlisted, reader, err) != 0 || note_capped(p, reader, err) != 0)
		return -1;
	for (uint32_t i = 0; i < p->chains.n; i++)
		if (lf_shape_judge(b, &p->chains, i, f, &p->missing_digests, err) != 0)
			return -1;
	metadata(p, r);
	if (lf_digests_judge(b, &p->chains, &p->c->keys, f, err) != 0 || lf_logs_judge(b, f, err) != 0 ||
	    lf_unlisted_judge(b, &p->chains, &p->unlisted, f, err) != 0 || blind_logs(p, err) != 0 ||
	    fingerprints(p, err) != 0 || unreadable(p, err) != 0 ||
	    lf_lakes_judge(b, &p->c->keys, f, &r->arena, &r->lake, &r->n_lake, err) != 0)
		return -1;
	return 0;
}

int
lf_verify(struct lf_case *c, bool detail, struct lf_result **out, struct lf_err *err)
{
	struct lf_proof *p = calloc(1, sizeof(*p));
	struct lf_result *r = calloc(1, sizeof(*r));
	struct lf_reader_total *totals = calloc(c->n_sources + 1, sizeof(*totals));
	struct lf_reader reader = {.sources = c->sources, .n_sources = c->n_sources, .limits = c->limits,
	    .select = &c->select, .jobs = c->jobs, .work = lf_product_work, .deliver = lf_gather_deliver,
	    .drop = lf_product_drop, .progress = c->progress, .progress_arg = c->progress_arg, .totals = totals};
	int rc = -1;

	if (p == NULL || r == NULL || totals == NULL) {
		lf_err_nomem(err);
		free(p);
		goto out;
	}
	r->proof = p;
	r->free_impl = result_free;
	r->detail = detail;
	lf_arena_init(&r->arena);
	p->c = c;
	lf_findings_init(&p->findings);
	if (begin(p, err) != 0)
		goto out;
	reader.arg = &p->body;
	if (read_all(p, &reader, err) != 0 || judge(p, &reader, r, err) != 0 || lf_rows_chains(p, r, err) != 0)
		goto out;
	if (lf_select_homeless(&c->select))
		p->body.ignored += reader.ignored;
	if (lf_rows_finish(p, r, err) != 0)
		goto out;
	*out = r;
	r = NULL;
	rc = 0;
out:
	free(totals);
	if (r != NULL && r->free_impl != NULL)
		lf_result_free(r);
	else
		free(r);
	return rc;
}
