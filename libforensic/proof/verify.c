#include <stdlib.h>

#include "proof/again.h"
#include "proof/blind.h"
#include "proof/copies.h"
#include "proof/digests.h"
#include "proof/gather.h"
#include "proof/keys.h"
#include "proof/lakes.h"
#include "proof/listen.h"
#include "proof/logs.h"
#include "proof/metadata.h"
#include "proof/product.h"
#include "proof/rows.h"
#include "proof/shape.h"
#include "proof/skipped.h"
#include "proof/trust.h"
#include "proof/verify.h"

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

/* Digests' rows of one base name that are looked through; a log too many that is read does no harm. */
#define LOOKS 64

/* Whether a log is worth reading: it is of the time asked for, or a selected digest lists it, or very many digests list its name. */
static bool
want(void *arg, uint32_t source, const char *place, size_t len, const struct lf_s3key *key)
{
	const struct lf_body *b = arg;
	const struct lf_select *s = b->select;
	size_t cursor = 0;
	unsigned n = 0;
	uint32_t i;

	(void)source;
	if (key->kind != LF_KEY_LOG || key->stamp == LF_TIME_NONE ||
	    ((s->since == LF_TIME_NONE || key->stamp >= s->since - MARGIN) &&
		(s->until == LF_TIME_NONE || key->stamp < s->until + MARGIN)))
		return true;
	while ((i = lf_index_next(&b->listed_by_name, lf_s3key_base_hash(place, len), &cursor)) != LF_INDEX_END) {
		const struct lf_digest_row *d = lf_body_digest(b, lf_body_listed(b, i)->digest);
		if (++n == LOOKS || lf_select_window(s, d->start, d->end))
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
	b->select = &p->select;
	b->meta = &p->c->meta;
	return 0;
}

/* The one pass, digests of folders first, so that their logs are known to be proved or not as they are read. */
static int
read_once(struct lf_proof *p, struct lf_reader *r, struct lf_err *err)
{
	struct lf_body *b = &p->body;
	bool listening = r->want != NULL;
	struct lf_err ignored;
	uint32_t digests;
	int rc;

	if (lf_reader_run(r, LF_PASS_DIGESTS, err) != 0 || lf_trust_digests(b, &p->c->keys, p->c->jobs, err) != 0)
		return -1;
	digests = b->digests.n;
	b->proved_known = true;
	if (!listening)
		r->want = want;
	rc = lf_reader_run(r, LF_PASS_REST, err);
	if (!listening)
		r->want = NULL;
	if (lf_gather_pending(b, rc == 0 ? err : &ignored) != 0 || rc != 0)
		return -1;
	return r->passed_over || b->digests.n == digests ? 0 : lf_trust_digests(b, &p->c->keys, p->c->jobs, err);
}

/*
 * To list the folders of logs twice takes long, and they hold no digests, nor metadata of some.  Where one does, all
 * that was read is forgotten and read again without that assumption.  It is not made where the folders' files are to be
 * counted, where the second pass may not come to all of them, or where somebody listens, who must see each object once.
 */
static int
read_all(struct lf_proof *p, struct lf_reader *r, struct lf_err *err)
{
	uint32_t n_meta = p->c->meta.entries.n;

	r->pass_over_logs = r->progress == NULL && r->limits.max_total == 0 && r->want == NULL;
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

/* All that is judged once everything is read. */
static int
judge(struct lf_proof *p, struct lf_reader *reader, struct lf_result *r, struct lf_err *err)
{
	struct lf_body *b = &p->body;
	struct lf_findings *f = &p->findings;

	if (lf_chains_make(b, &p->chains, err) != 0 || lf_logs_match(b, err) != 0 || lf_again_scan(b, reader, err) != 0 ||
	    lf_unlisted_find(b, &p->chains, &p->unlisted, err) != 0 ||
	    lf_copies_find(b, &p->unlisted, reader, err) != 0 || lf_skipped_capped(b, reader, err) != 0)
		return -1;
	for (uint32_t i = 0; i < p->chains.n; i++)
		if (lf_shape_judge(b, &p->chains, i, f, &p->missing_digests, err) != 0)
			return -1;
	lf_metadata_match(b, &p->chains, &r->summary);
	if (lf_digests_judge(b, f, err) != 0 || lf_keys_judge(b, &p->chains, &p->c->keys, f, err) != 0 ||
	    lf_logs_judge(b, f, err) != 0 || lf_unlisted_judge(b, &p->chains, &p->unlisted, f, err) != 0 ||
	    lf_blind_judge(&p->chains, &p->unlisted, f, err) != 0 || lf_skipped_judge(b, f, err) != 0 ||
	    lf_lakes_judge(b, &p->c->keys, f, &r->arena, &r->lake, &r->n_lake, err) != 0)
		return -1;
	return 0;
}

/* The proof, with a listener or without (NULL). */
static int
verify(struct lf_case *c, bool detail, const struct lf_listener *listener, struct lf_result **out, struct lf_err *err)
{
	struct lf_proof *p = calloc(1, sizeof(*p));
	struct lf_result *r = calloc(1, sizeof(*r));
	struct lf_reader_total *totals = calloc(c->n_sources + 1, sizeof(*totals));
	struct lf_reader reader = {.sources = c->sources, .n_sources = c->n_sources, .limits = c->limits,
	    .jobs = c->jobs, .work = lf_product_work, .deliver = lf_gather_deliver,
	    .drop = lf_product_drop, .ignore_foreign = true, .progress = c->progress, .progress_arg = c->progress_arg, .totals = totals};
	struct lf_reader again;
	struct lf_listening both;
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
	p->select = listener == NULL ? c->select : (struct lf_select){.since = LF_TIME_NONE, .until = LF_TIME_NONE};
	reader.select = &p->select;
	again = reader;
	lf_findings_init(&p->findings);
	if (begin(p, err) != 0)
		goto out;
	reader.arg = &p->body;
	both = (struct lf_listening){&p->body, listener};
	if (listener != NULL) {
		lf_listen(&both, &reader);
		reader.ignore_foreign = false;
	}
	if (read_all(p, &reader, err) != 0 || judge(p, &again, r, err) != 0 || lf_rows_chains(p, r, err) != 0)
		goto out;
	if (lf_select_homeless(&p->select))
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

int
lf_verify(struct lf_case *c, bool detail, struct lf_result **out, struct lf_err *err)
{
	return verify(c, detail, NULL, out, err);
}

int
lf_verify_listen(struct lf_case *c, bool detail, const struct lf_listener *listener, struct lf_result **out,
    struct lf_err *err)
{
	return verify(c, detail, listener, out, err);
}
