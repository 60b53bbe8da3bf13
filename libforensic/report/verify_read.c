/*
 * JSON results of trail-verify read back into rows: one, or those of all shards joined into what one run would have
 * given.
 */
#include <stdlib.h>
#include <string.h>

#include "proof/result.h"
#include "report/merge_findings.h"
#include "report/report_value.h"
#include "report/shard_docs.h"
#include "report/verify_read.h"
#include "report/words.h"

/* The documents and what they are turned into. */
struct merge {
	struct lf_shard_docs in;
	struct lf_result *r;
	struct lf_merge_findings findings;
	struct lf_object_row *digests, *logs;
	struct lf_err *err;
};

static void
merge_free(struct merge *m)
{
	if (m == NULL)
		return;
	lf_shard_docs_free(&m->in);
	lf_merge_findings_free(&m->findings);
	free(m->digests);
	free(m->logs);
	free(m);
}

static void
result_free(struct lf_result *r)
{
	merge_free(r->merged);
	lf_arena_free(&r->arena);
	free(r);
}

static void
sum_up(struct merge *m)
{
	struct lf_summary *s = &m->r->summary;

	for (size_t i = 0; i < m->in.n; i++) {
		const json_t *o = json_object_get(m->in.docs[i], "summary");

		for (int k = 0; k < 5; k++)
			s->digests[k] += lf_value_count(json_object_get(o, "digests"), lf_summary_digest_names[k]);
		for (int k = 0; k < 7; k++)
			s->logs[k] += lf_value_count(json_object_get(o, "logs"), lf_summary_log_names[k]);
		s->bytes += lf_value_count(o, "bytes");
		s->objects += lf_value_count(o, "objects");
		s->ignored += lf_value_count(o, "ignored");
		s->metadata_entries += lf_value_count(json_object_get(o, "metadata"), "entries");
		s->metadata_matched += lf_value_count(json_object_get(o, "metadata"), "matched");
	}
}

/* A key was used when any shard used it. */
static bool
used_anywhere(const struct merge *m, size_t file, size_t key)
{
	for (size_t i = 0; i < m->in.n; i++) {
		const json_t *a = json_array_get(json_object_get(m->in.docs[i], "anchors"), file);
		if (json_is_true(json_object_get(json_array_get(json_object_get(a, "keys"), key), "used")))
			return true;
	}
	return false;
}

static int
anchors(struct merge *m)
{
	const json_t *list = json_object_get(m->in.docs[0], "anchors");
	uint32_t n = (uint32_t)json_array_size(list);
	struct lf_anchor_row *rows = lf_arena_alloc(&m->r->arena, ((size_t)n + 1) * sizeof(*rows));

	if (rows == NULL)
		return lf_err_nomem(m->err);
	for (uint32_t i = 0; i < n; i++) {
		const json_t *a = json_array_get(list, i), *keys = json_object_get(a, "keys");
		uint32_t n_keys = (uint32_t)json_array_size(keys);
		struct lf_anchor_key_row *k = lf_arena_alloc(&m->r->arena, ((size_t)n_keys + 1) * sizeof(*k));

		if (k == NULL)
			return lf_err_nomem(m->err);
		rows[i] = (struct lf_anchor_row){lf_value_text(a, "file", ""), lf_value_text(a, "sha256", ""), k, n_keys};
		for (uint32_t j = 0; j < n_keys; j++) {
			const json_t *o = json_array_get(keys, j);
			k[j] = (struct lf_anchor_key_row){lf_value_text(o, "fingerprint", ""), (uint32_t)lf_value_count(o, "bits"),
			    lf_value_time(o, "valid_from"), lf_value_time(o, "valid_until"), used_anywhere(m, i, j)};
		}
	}
	m->r->anchors = rows;
	m->r->n_anchors = n;
	return 0;
}

static int
chain(struct merge *m, const json_t *o, struct lf_chain_row *row)
{
	const json_t *segments = json_object_get(o, "segments"), *tail = json_object_get(o, "tail");
	uint32_t n = (uint32_t)json_array_size(segments);
	struct lf_segment_row *s = lf_arena_alloc(&m->r->arena, ((size_t)n + 1) * sizeof(*s));

	if (s == NULL)
		return lf_err_nomem(m->err);
	for (uint32_t i = 0; i < n; i++) {
		const json_t *e = json_array_get(segments, i);
		s[i] = (struct lf_segment_row){lf_value_time(e, "start"), lf_value_time(e, "end"),
		    (uint32_t)lf_value_count(e, "digests"), (uint32_t)lf_value_count(e, "quiet")};
	}
	*row = (struct lf_chain_row){.account = lf_value_text(o, "account", ""),
	    .organization = lf_json_string(o, "organization"), .region = lf_value_text(o, "region", ""),
	    .trail = lf_value_text(o, "trail", ""), .home_region = lf_value_text(o, "home_region", ""),
	    .kind = lf_value_text(o, "kind", ""), .first = lf_value_time(o, "first"), .last = lf_value_time(o, "last"),
	    .digests = lf_value_count(o, "digests"), .logs = lf_value_count(o, "logs"), .segments = s, .n_segments = n,
	    .last_object = lf_json_string(tail, "object"), .last_locator = lf_json_string(tail, "locator")};
	row->tail = (struct lf_tail){lf_value_time(tail, "end"), lf_value_time(tail, "until"),
	    lf_value_time(tail, "newest_log"), lf_value_time(tail, "newest_named")};
	if (row->tail.end == LF_TIME_NONE || !lf_verdict_read(lf_json_string(o, "verdict"), &row->verdict))
		return lf_err_set(m->err, "a chain has no usable \"tail\" or \"verdict\"");
	return 0;
}

static int
chain_cmp(const void *x, const void *y)
{
	const struct lf_chain_row *a = x, *b = y;
	int c;

	if ((c = strcmp(a->account, b->account)) != 0 || (c = strcmp(a->region, b->region)) != 0 ||
	    (c = strcmp(a->trail, b->trail)) != 0 || (c = strcmp(a->home_region, b->home_region)) != 0)
		return c;
	return -strcmp(a->kind, b->kind); /* standard before backfill */
}

static int
chains(struct merge *m)
{
	uint32_t n = (uint32_t)lf_shard_docs_total(&m->in, "chains"), k = 0;
	struct lf_chain_row *rows = lf_arena_alloc(&m->r->arena, ((size_t)n + 1) * sizeof(*rows));
	const json_t *o;
	size_t at;

	if (rows == NULL)
		return lf_err_nomem(m->err);
	for (size_t i = 0; i < m->in.n; i++)
		json_array_foreach(json_object_get(m->in.docs[i], "chains"), at, o)
			if (chain(m, o, &rows[k++]) != 0)
				return -1;
	qsort(rows, n, sizeof(*rows), chain_cmp);
	m->r->chains = rows;
	m->r->n_chains = n;
	return lf_tails_judge(rows, n, &m->findings.all, m->err);
}

static void
finding_row(const struct lf_result *r, uint32_t i, struct lf_finding *row, struct lf_buf *scratch)
{
	(void)scratch;
	*row = *lf_merge_finding(&((const struct merge *)r->merged)->findings, i);
}

static int
findings(struct merge *m)
{
	if (lf_merge_findings_take(&m->findings, &m->in, m->err) != 0 ||
	    lf_metadata_judge(&m->r->summary, &m->findings.all, m->err) != 0 ||
	    lf_merge_findings_sort(&m->findings, m->err) != 0)
		return -1;
	m->r->n_findings = m->findings.n;
	m->r->finding = finding_row;
	return 0;
}

static int
lake_cmp(const void *x, const void *y)
{
	return lf_text_order(((const struct lf_lake_result *)x)->locator, ((const struct lf_lake_result *)y)->locator);
}

static int
skips_and_lakes(struct merge *m)
{
	uint32_t n = (uint32_t)lf_shard_docs_total(&m->in, "skipped"),
	    l = (uint32_t)lf_shard_docs_total(&m->in, "lake"), k = 0;
	struct lf_skip_result *rows = lf_arena_alloc(&m->r->arena, ((size_t)n + 1) * sizeof(*rows));
	struct lf_lake_result *lakes = lf_arena_alloc(&m->r->arena, ((size_t)l + 1) * sizeof(*lakes));
	const json_t *o;
	size_t at;

	if (rows == NULL || lakes == NULL)
		return lf_err_nomem(m->err);
	for (size_t i = 0; i < m->in.n; i++)
		json_array_foreach(json_object_get(m->in.docs[i], "skipped"), at, o)
			rows[k++] = (struct lf_skip_result){lf_value_text(o, "locator", ""), lf_value_text(o, "reason", "")};
	k = 0;
	for (size_t i = 0; i < m->in.n; i++)
		json_array_foreach(json_object_get(m->in.docs[i], "lake"), at, o)
			lakes[k++] = (struct lf_lake_result){lf_json_string(o, "object"), lf_value_text(o, "locator", ""),
			    lf_value_text(o, "status", ""), (uint32_t)lf_value_count(o, "files")};
	qsort(rows, n, sizeof(*rows), lf_skip_cmp);
	qsort(lakes, l, sizeof(*lakes), lake_cmp);
	m->r->skipped = rows;
	m->r->n_skipped = n;
	m->r->lake = lakes;
	m->r->n_lake = l;
	return 0;
}

static int
object_cmp(const void *x, const void *y)
{
	const struct lf_object_row *a = x, *b = y;
	int c = lf_text_order(a->object, b->object);

	return c != 0 ? c : lf_text_order(a->locator, b->locator);
}

static struct lf_object_row *
objects(struct merge *m, const char *list, uint32_t *n)
{
	struct lf_object_row *rows = calloc(lf_shard_docs_total(&m->in, list) + 1, sizeof(*rows));
	const json_t *o;
	size_t at;

	*n = 0;
	for (size_t i = 0; i < m->in.n && rows != NULL; i++)
		json_array_foreach(json_object_get(m->in.docs[i], list), at, o)
			rows[(*n)++] = (struct lf_object_row){lf_json_string(o, "object"), lf_json_string(o, "locator"),
			    lf_value_text(o, "status", ""), lf_json_string(o, "by")};
	if (rows == NULL) {
		lf_err_nomem(m->err);
		return NULL;
	}
	for (uint32_t i = 0; i < *n; i++) {
		if (rows[i].status[0] == '\0') {
			lf_err_set(m->err, "a row of \"%s\" has no \"status\"", list);
			free(rows);
			return NULL;
		}
	}
	qsort(rows, *n, sizeof(*rows), object_cmp);
	return rows;
}

static void
digest_row(const struct lf_result *r, uint32_t i, struct lf_object_row *row, struct lf_buf *scratch)
{
	(void)scratch;
	*row = ((const struct merge *)r->merged)->digests[i];
}

static void
log_row(const struct lf_result *r, uint32_t i, struct lf_object_row *row, struct lf_buf *scratch)
{
	(void)scratch;
	*row = ((const struct merge *)r->merged)->logs[i];
}

/* Verdicts of the chains, which a tail may have worsened, and of the whole. */
static void
verdicts(struct merge *m)
{
	struct lf_chain_row *rows = (struct lf_chain_row *)(uintptr_t)m->r->chains;
	uint64_t n[3] = {0, 0, 0};

	for (uint32_t i = 0; i < m->r->n_findings; i++) {
		const struct lf_finding *x = lf_merge_finding(&m->findings, i);

		n[x->severity]++;
		if (x->id == LF_F_CHAIN_TRUNCATED)
			rows[x->chain].verdict = LF_FINDINGS;
	}
	m->r->verdict = lf_verdict_of(n[LF_ALERT], n[LF_WARNING], m->r->n_skipped, &m->r->summary);
}

/* The strings of a member, in the result's arena. */
static int
strings(struct merge *m, const json_t *list, const char *const **out, size_t *n)
{
	const char **copy = lf_arena_alloc(&m->r->arena, (json_array_size(list) + 1) * sizeof(*copy));

	if (copy == NULL)
		return lf_err_nomem(m->err);
	for (*n = 0; *n < json_array_size(list); (*n)++) {
		const char *s = json_string_value(json_array_get(list, *n));
		copy[*n] = s != NULL ? s : "";
	}
	*out = copy;
	return 0;
}

static int
selection(struct merge *m)
{
	const json_t *o = json_object_get(m->in.docs[0], "selection");
	struct lf_select *s = &m->r->select;

	s->since = lf_value_time(o, "since");
	s->until = lf_value_time(o, "until");
	if (strings(m, json_object_get(o, "accounts"), &s->accounts, &s->n_accounts) != 0 ||
	    strings(m, json_object_get(o, "regions"), &s->regions, &s->n_regions) != 0)
		return -1;
	return strings(m, json_object_get(o, "trails"), &s->trails, &s->n_trails);
}

static int
merge_all(struct merge *m)
{
	static const char *const lists[] = {"chains", "findings", "skipped", "lake", "digests", "logs"};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (lf_shard_docs_total(&m->in, lists[i]) >= UINT32_MAX)
			return lf_err_set(m->err, "the results hold too many elements in \"%s\" to merge", lists[i]);
	sum_up(m);
	if (selection(m) != 0)
		return -1;
	m->r->detail = json_object_get(m->in.docs[0], "digests") != NULL;
	if (anchors(m) != 0 || chains(m) != 0 || findings(m) != 0 || skips_and_lakes(m) != 0)
		return -1;
	if (m->r->detail && ((m->digests = objects(m, "digests", &m->r->n_digests)) == NULL ||
	    (m->logs = objects(m, "logs", &m->r->n_logs)) == NULL))
		return -1;
	m->r->digest = digest_row;
	m->r->log = log_row;
	verdicts(m);
	return 0;
}

/* An empty result to merge into. */
static struct merge *
merge_new(struct lf_err *err)
{
	struct lf_result *r = calloc(1, sizeof(*r));
	struct merge *m = calloc(1, sizeof(*m));

	if (r == NULL || m == NULL) {
		free(r);
		free(m);
		lf_err_nomem(err);
		return NULL;
	}
	lf_arena_init(&r->arena);
	lf_merge_findings_init(&m->findings);
	r->merged = m;
	r->free_impl = result_free;
	m->r = r;
	m->err = err;
	return m;
}

/* Gives the result of m, whose documents were taken with rc. */
static int
finish(struct merge *m, int rc, struct lf_result **out)
{
	if (rc != 0 || merge_all(m) != 0) {
		lf_result_free(m->r);
		return -1;
	}
	m->r->verdict = lf_result_held(m->r);
	*out = m->r;
	return 0;
}

int
lf_verify_merge(const char *const *files, size_t n, struct lf_result **out, struct lf_err *err)
{
	struct merge *m = merge_new(err);

	return m == NULL ? -1 : finish(m, lf_shard_docs_read(&m->in, files, n, err), out);
}

int
lf_verify_read(json_t *doc, const char *const *name, struct lf_result **out, struct lf_err *err)
{
	struct merge *m = merge_new(err);

	return m == NULL ? -1 : finish(m, lf_shard_docs_take(&m->in, doc, name, err), out);
}
