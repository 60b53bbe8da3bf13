/* JSON results of shards joined into what one run would have given. */
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "proof/result.h"
#include "report/shard_docs.h"
#include "report/verify_read.h"
#include "report/words.h"

/* The documents and what they are turned into. */
struct merge {
	struct lf_shard_docs in;
	struct lf_result *r;
	struct lf_findings findings;
	uint32_t *order;
	struct lf_object_row *digests, *logs;
	struct lf_err *err;
};

static void
merge_free(struct merge *m)
{
	if (m == NULL)
		return;
	lf_shard_docs_free(&m->in);
	lf_findings_free(&m->findings);
	free(m->order);
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

/* ---- values ---- */

static const char *
text(const json_t *o, const char *name)
{
	return lf_json_string(o, name);
}

static const char *
text_or(const json_t *o, const char *name, const char *other)
{
	const char *s = text(o, name);

	return s != NULL ? s : other;
}

static int64_t
when(const json_t *o, const char *name)
{
	const char *s = text(o, name);
	int64_t t;

	return s != NULL && lf_utc_read(s, strlen(s), &t) ? t : LF_TIME_NONE;
}

static uint64_t
count(const json_t *o, const char *name)
{
	json_int_t n = json_integer_value(json_object_get(o, name));

	return n > 0 ? (uint64_t)n : 0;
}

/* Elements of a list in all documents together. */
static size_t
total(const struct merge *m, const char *list)
{
	size_t n = 0;

	for (size_t i = 0; i < m->in.n; i++)
		n += json_array_size(json_object_get(m->in.docs[i], list));
	return n;
}

/* ---- rows ---- */

static void
sum_up(struct merge *m)
{
	struct lf_summary *s = &m->r->summary;

	for (size_t i = 0; i < m->in.n; i++) {
		const json_t *o = json_object_get(m->in.docs[i], "summary");

		for (int k = 0; k < 5; k++)
			s->digests[k] += count(json_object_get(o, "digests"), lf_summary_digest_names[k]);
		for (int k = 0; k < 7; k++)
			s->logs[k] += count(json_object_get(o, "logs"), lf_summary_log_names[k]);
		s->bytes += count(o, "bytes");
		s->objects += count(o, "objects");
		s->ignored += count(o, "ignored");
		s->metadata_entries += count(json_object_get(o, "metadata"), "entries");
		s->metadata_matched += count(json_object_get(o, "metadata"), "matched");
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
		rows[i] = (struct lf_anchor_row){text_or(a, "file", ""), text_or(a, "sha256", ""), k, n_keys};
		for (uint32_t j = 0; j < n_keys; j++) {
			const json_t *o = json_array_get(keys, j);
			k[j] = (struct lf_anchor_key_row){text_or(o, "fingerprint", ""), (uint32_t)count(o, "bits"),
			    when(o, "valid_from"), when(o, "valid_until"), used_anywhere(m, i, j)};
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
		s[i] = (struct lf_segment_row){when(e, "start"), when(e, "end"), (uint32_t)count(e, "digests"),
		    (uint32_t)count(e, "quiet")};
	}
	*row = (struct lf_chain_row){.account = text_or(o, "account", ""), .organization = text(o, "organization"),
	    .region = text_or(o, "region", ""), .trail = text_or(o, "trail", ""),
	    .home_region = text_or(o, "home_region", ""), .kind = text_or(o, "kind", ""), .first = when(o, "first"),
	    .last = when(o, "last"), .digests = count(o, "digests"), .logs = count(o, "logs"), .segments = s,
	    .n_segments = n, .last_object = text(tail, "object"), .last_locator = text(tail, "locator")};
	row->tail = (struct lf_tail){when(tail, "end"), when(tail, "until"), when(tail, "newest_log"),
	    when(tail, "newest_named")};
	if (row->tail.end == LF_TIME_NONE || !lf_verdict_read(text(o, "verdict"), &row->verdict))
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
	uint32_t n = (uint32_t)total(m, "chains"), k = 0;
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
	return lf_tails_judge(rows, n, &m->findings, m->err);
}

static bool
severity_read(const char *name, enum lf_severity *out)
{
	for (int i = LF_ALERT; name != NULL && i <= LF_NOTICE; i++) {
		if (strcmp(lf_severity_name((enum lf_severity)i), name) == 0) {
			*out = (enum lf_severity)i;
			return true;
		}
	}
	return false;
}

/* Takes over a finding; those that need all shards are made anew. */
static int
finding(struct merge *m, const json_t *o)
{
	const json_t *expected = json_object_get(o, "expected"), *offset = json_object_get(o, "offset");
	const char *name = text(o, "id"), *message = text(o, "message");
	enum lf_finding_id id = name == NULL ? LF_F_COUNT : lf_finding_id(name);
	struct lf_finding *x;

	if (id == LF_F_COUNT || message == NULL)
		return lf_err_set(m->err, "a finding has no known \"id\" or no \"message\"");
	if (id == LF_F_CHAIN_TRUNCATED || id == LF_F_METADATA_WITHOUT_OBJECT)
		return 0;
	if ((x = lf_findings_add(&m->findings, m->err, id, "%s", message)) == NULL)
		return -1;
	if (!severity_read(text(o, "severity"), &x->severity))
		return lf_err_set(m->err, "a finding has no known \"severity\"");
	x->object = text(o, "object");
	x->locator = text(o, "locator");
	x->start = when(o, "start");
	x->end = when(o, "end");
	x->offset = json_is_integer(offset) ? json_integer_value(offset) : -1;
	x->expected_sha256 = text(expected, "sha256");
	x->expected_signature = text(expected, "signature");
	x->count = (int64_t)count(o, "count");
	return 0;
}

static int
order_cmp(const void *x, const void *y, void *arg)
{
	const struct merge *m = arg;
	uint32_t i = *(const uint32_t *)x, j = *(const uint32_t *)y;
	int c = lf_finding_cmp(lf_list_at(&m->findings.list, i), lf_list_at(&m->findings.list, j));

	return c != 0 ? c : i < j ? -1 : i > j;
}

static void
finding_row(const struct lf_result *r, uint32_t i, struct lf_finding *row, struct lf_buf *scratch)
{
	const struct merge *m = r->merged;

	(void)scratch;
	*row = *(struct lf_finding *)lf_list_at(&m->findings.list, m->order[i]);
}

/* Findings that every shard gives, because no account and region owns them, are kept once. */
static uint32_t
drop_repeated(struct merge *m, uint32_t n)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < n; i++) {
		const struct lf_finding *x = lf_list_at(&m->findings.list, m->order[i]);

		if (kept > 0 && x->id == LF_F_KEY_FINGERPRINT_MISMATCH &&
		    lf_finding_cmp(x, lf_list_at(&m->findings.list, m->order[kept - 1])) == 0)
			continue;
		m->order[kept++] = m->order[i];
	}
	return kept;
}

static int
findings(struct merge *m)
{
	const json_t *o;
	size_t at;

	for (size_t i = 0; i < m->in.n; i++)
		json_array_foreach(json_object_get(m->in.docs[i], "findings"), at, o)
			if (finding(m, o) != 0)
				return -1;
	if (lf_metadata_judge(&m->r->summary, &m->findings, m->err) != 0)
		return -1;
	if ((m->order = calloc((size_t)m->findings.list.n + 1, sizeof(*m->order))) == NULL)
		return lf_err_nomem(m->err);
	for (uint32_t i = 0; i < m->findings.list.n; i++)
		m->order[i] = i;
	qsort_r(m->order, m->findings.list.n, sizeof(*m->order), order_cmp, m);
	m->r->n_findings = drop_repeated(m, m->findings.list.n);
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
	uint32_t n = (uint32_t)total(m, "skipped"), l = (uint32_t)total(m, "lake"), k = 0;
	struct lf_skip_result *rows = lf_arena_alloc(&m->r->arena, ((size_t)n + 1) * sizeof(*rows));
	struct lf_lake_result *lakes = lf_arena_alloc(&m->r->arena, ((size_t)l + 1) * sizeof(*lakes));
	const json_t *o;
	size_t at;

	if (rows == NULL || lakes == NULL)
		return lf_err_nomem(m->err);
	for (size_t i = 0; i < m->in.n; i++)
		json_array_foreach(json_object_get(m->in.docs[i], "skipped"), at, o)
			rows[k++] = (struct lf_skip_result){text_or(o, "locator", ""), text_or(o, "reason", "")};
	k = 0;
	for (size_t i = 0; i < m->in.n; i++)
		json_array_foreach(json_object_get(m->in.docs[i], "lake"), at, o)
			lakes[k++] = (struct lf_lake_result){text(o, "object"), text_or(o, "locator", ""),
			    text_or(o, "status", ""), (uint32_t)count(o, "files")};
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
	struct lf_object_row *rows = calloc(total(m, list) + 1, sizeof(*rows));
	const json_t *o;
	size_t at;

	*n = 0;
	for (size_t i = 0; i < m->in.n && rows != NULL; i++)
		json_array_foreach(json_object_get(m->in.docs[i], list), at, o)
			rows[(*n)++] = (struct lf_object_row){text(o, "object"), text(o, "locator"), text_or(o, "status", ""),
			    text(o, "by")};
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
		const struct lf_finding *x = lf_list_at(&m->findings.list, m->order[i]);

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

	s->since = when(o, "since");
	s->until = when(o, "until");
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
		if (total(m, lists[i]) >= UINT32_MAX)
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
	lf_findings_init(&m->findings);
	r->merged = m;
	r->free_impl = result_free;
	m->r = r;
	m->err = err;
	return m;
}

int
lf_verify_merge(const char *const *files, size_t n, struct lf_result **out, struct lf_err *err)
{
	struct merge *m = merge_new(err);

	if (m == NULL)
		return -1;
	if (lf_shard_docs_read(&m->in, files, n, err) != 0 || merge_all(m) != 0) {
		lf_result_free(m->r);
		return -1;
	}
	*out = m->r;
	return 0;
}

int
lf_verify_read(json_t *doc, const char *const *name, struct lf_result **out, struct lf_err *err)
{
	struct merge *m = merge_new(err);

	if (m == NULL)
		return -1;
	if (lf_shard_docs_take(&m->in, doc, name, err) != 0 || merge_all(m) != 0) {
		lf_result_free(m->r);
		return -1;
	}
	*out = m->r;
	return 0;
}
