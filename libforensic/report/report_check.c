/* Results and ledger held against each other: what does not fit together is told, and never smoothed over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"
#include "report/report_value.h"
#include "report/text_parts.h"
#include "report/words.h"

static int
repeated(struct lf_report *r, struct lf_err *err)
{
	for (uint32_t i = 1; i < r->n_inputs; i++) {
		struct lf_report_input *in = &r->inputs[i];

		for (uint32_t k = 0; k < i && !in->again; k++) {
			if (r->inputs[k].again || strcmp(r->inputs[k].sha256, in->sha256) != 0)
				continue;
			in->again = true;
			if (lf_report_note(r, LF_NOTICE, "same-result-twice", err,
			    "%.300s holds the same bytes as %.300s: told once", in->name, r->inputs[k].name) != 0)
				return -1;
		}
	}
	return 0;
}

/* ---- Two results ---- */

static int
anchor_cmp(const void *x, const void *y)
{
	const json_t *const *a = x, *const *b = y;
	int c = strcmp(lf_value_text(*a, "file", ""), lf_value_text(*b, "file", ""));

	return c != 0 ? c : strcmp(lf_value_text(*a, "sha256", ""), lf_value_text(*b, "sha256", ""));
}

/* Key files of one name with different content, in results a and b; *file gets the first, or NULL. */
static int
keys_differ(const json_t *a, const json_t *b, const char **file, struct lf_err *err)
{
	const json_t *m = json_object_get(a, "anchors"), *k = json_object_get(b, "anchors");
	size_t n = json_array_size(m), all = n + json_array_size(k);
	const json_t **list = all == n || n == 0 ? NULL : calloc(all, sizeof(*list));
	const char *one = NULL;

	*file = NULL;
	if (list == NULL)
		return all == n || n == 0 ? 0 : lf_err_nomem(err);
	for (size_t i = 0; i < all; i++)
		list[i] = i < n ? json_array_get(m, i) : json_array_get(k, i - n);
	qsort(list, all, sizeof(*list), anchor_cmp);
	for (size_t i = 1; i < all && *file == NULL; i++) {
		one = lf_value_text(list[i], "file", "");
		if (strcmp(one, lf_value_text(list[i - 1], "file", "")) == 0 && anchor_cmp(&list[i], &list[i - 1]) != 0)
			*file = one;
	}
	free(list);
	return 0;
}

/* In the order of the chains of a result. */
static int
chain_cmp(const struct lf_chain_row *a, const struct lf_chain_row *b)
{
	int c;

	if ((c = strcmp(a->account, b->account)) != 0 || (c = strcmp(a->region, b->region)) != 0 ||
	    (c = strcmp(a->trail, b->trail)) != 0 || (c = strcmp(a->home_region, b->home_region)) != 0)
		return c;
	return -strcmp(a->kind, b->kind);
}

/* Two results of trail-verify over one chain that found different digests or logs looked at different evidence. */
static int
chains_differ(struct lf_report *r, const struct lf_report_input *a, const struct lf_report_input *b, struct lf_err *err)
{
	const struct lf_chain_row *x = a->proof->chains, *y = b->proof->chains, *end = x + a->proof->n_chains,
	    *stop = y + b->proof->n_chains, *first = NULL;
	uint32_t n = 0;
	int c;

	while (x < end && y < stop) {
		if ((c = chain_cmp(x, y)) == 0 && (x->digests != y->digests || x->logs != y->logs || x->first != y->first ||
		    x->last != y->last || x->verdict != y->verdict)) {
			first = first == NULL ? x : first;
			n++;
		}
		x += c <= 0;
		y += c >= 0;
	}
	if (n == 0)
		return 0;
	return lf_report_note(r, LF_WARNING, "evidence-differs", err,
	    "%.200s and %.200s judge different evidence: %u chains differ, the first is "
	    "%.100s %.100s %.100s",
	    a->name, b->name, n, first->account, first->region, first->trail);
}

static int
line_cmp(const struct lf_chain_row *c, const struct lf_line *l)
{
	int r = strcmp(c->account, l->account);

	r = r != 0 ? r : strcmp(c->region, l->region);
	return r != 0 ? r : strcmp(c->trail, l->trail);
}

/* Chains of a proof and lines of a coverage that the other lacks; both are sorted. */
static uint32_t
lines_differ(const struct lf_result *p, const struct lf_coverage *c)
{
	uint32_t i = 0, k = 0, n = 0;
	int r;

	while (i < p->n_chains || k < c->lines.n) {
		if (i < p->n_chains && strcmp(p->chains[i].kind, "standard") != 0) {
			i++;
			continue;
		}
		if (k < c->lines.n && c->lines.list[k].trail == NULL) {
			k++;
			continue;
		}
		r = i == p->n_chains ? 1 : k == c->lines.n ? -1 : line_cmp(&p->chains[i], &c->lines.list[k]);
		n += r != 0;
		/* Several chains of one trail name share a line, backfill beside standard too. */
		for (bool again = r <= 0; again; again = r == 0 && i < p->n_chains && line_cmp(&p->chains[i], &c->lines.list[k]) == 0)
			i++;
		k += r >= 0;
	}
	return n;
}

static bool
asked_for_all(const struct lf_select *s)
{
	return s->n_accounts + s->n_regions + s->n_trails == 0 && s->since == LF_TIME_NONE && s->until == LF_TIME_NONE;
}

/* What is counted of alerts is of all that trail-gaps read, whatever it was asked for. */
static int
proof_and_coverage(struct lf_report *r, const struct lf_report_input *v, const struct lf_report_input *g,
    struct lf_err *err)
{
	uint64_t n[3], alerts = lf_value_count(json_object_get(g->doc, "summary"), "alerts");
	uint32_t lines;

	if (!json_equal(json_object_get(v->doc, "selection"), json_object_get(g->doc, "selection")))
		return lf_report_note(r, LF_NOTICE, "selections-differ", err,
		    "%.200s and %.200s were asked for different parts of the evidence", v->name, g->name);
	if ((lines = lines_differ(v->proof, g->coverage)) > 0)
		return lf_report_note(r, LF_WARNING, "evidence-differs", err,
		    "%.200s and %.200s speak of different evidence: %u chains are in one only", v->name, g->name,
		    lines);
	lf_result_tally(v->proof, n);
	if (alerts != n[LF_ALERT] && asked_for_all(&v->proof->select))
		return lf_report_note(r, LF_WARNING, "evidence-differs", err,
		    "%.200s has %llu alerts, and %.200s counts %llu: they read different evidence, "
		    "or with different keys or metadata",
		    v->name, (unsigned long long)n[LF_ALERT], g->name, (unsigned long long)alerts);
	return 0;
}

/* In the order of the lines of a coverage: those of no trail first. */
static int
place_cmp(const struct lf_line *a, const struct lf_line *b)
{
	int c = strcmp(a->account, b->account);

	c = c != 0 ? c : strcmp(a->region, b->region);
	if (c != 0 || a->trail == NULL || b->trail == NULL)
		return c != 0 ? c : (a->trail != NULL) - (b->trail != NULL);
	return strcmp(a->trail, b->trail);
}

static bool
spans_differ(const struct lf_line *a, const struct lf_line *b)
{
	if (a->n_spans != b->n_spans)
		return true;
	for (uint32_t i = 0; i < a->n_spans; i++)
		if (a->spans[i].start != b->spans[i].start || a->spans[i].end != b->spans[i].end || a->spans[i].state != b->spans[i].state)
			return true;
	return false;
}

/* Two results of trail-gaps that lay out one line otherwise, asked for the same, looked at different evidence. */
static int
coverages_differ(struct lf_report *r, const struct lf_report_input *a, const struct lf_report_input *b, struct lf_err *err)
{
	const struct lf_lines *x = &a->coverage->lines, *y = &b->coverage->lines;
	const struct lf_line *first = NULL;
	uint32_t i = 0, k = 0, n = 0;
	int c;

	if (!json_equal(json_object_get(a->doc, "selection"), json_object_get(b->doc, "selection")))
		return 0;
	while (i < x->n && k < y->n) {
		if ((c = place_cmp(&x->list[i], &y->list[k])) == 0 && spans_differ(&x->list[i], &y->list[k])) {
			first = first == NULL ? &x->list[i] : first;
			n++;
		}
		i += c <= 0;
		k += c >= 0;
	}
	if (n == 0)
		return 0;
	return lf_report_note(r, LF_WARNING, "evidence-differs", err, "%.200s and %.200s lay out %u lines differently, the first is %.100s %.100s: they read "
	    "different evidence, or with different keys or metadata", a->name, b->name, n, first->account, first->region);
}

/* A timeline may hold less than what trail-verify judged, and no proof and no damage that it did not find. */
static int
proof_and_timeline(struct lf_report *r, const struct lf_report_input *v, const struct lf_report_input *t, struct lf_err *err)
{
	const struct lf_summary *s = &v->proof->summary;
	const uint64_t *n = lf_timeline_stats_totals(t->stats)->integrity;
	const char *what = NULL;
	uint64_t broken = s->logs[LF_L_MODIFIED] + s->logs[LF_L_MALFORMED];

	if (!asked_for_all(&v->proof->select))
		return 0;
	/* Where bytes follow the proved ones, a log that is broken holds records that are proved. */
	if (n[LF_INTEGRITY_VERIFIED] > 0 && s->logs[LF_L_VERIFIED] + broken == 0 && v->proof->n_lake == 0)
		what = "verified";
	else if (n[LF_INTEGRITY_MODIFIED] > 0 && broken == 0)
		what = "modified";
	else if (n[LF_INTEGRITY_UNREFERENCED] > 0 && s->logs[LF_L_UNREFERENCED] == 0)
		what = "unreferenced";
	if (what == NULL)
		return 0;
	return lf_report_note(r, LF_WARNING, "evidence-differs", err, "%.200s has events of %s logs, and %.200s counts no such log: they read different "
	    "evidence, or with different keys or metadata", t->name, what, v->name);
}

static int
pair(struct lf_report *r, const struct lf_report_input *a, const struct lf_report_input *b, struct lf_err *err)
{
	const char *file, *x = lf_json_string(a->doc, "version"), *y = lf_json_string(b->doc, "version");

	if (keys_differ(a->doc, b->doc, &file, err) != 0)
		return -1;
	if (file != NULL && lf_report_note(r, LF_WARNING, "keys-differ", err,
	    "%.150s and %.150s used a key file \"%.100s\" with different content", a->name, b->name, file) != 0)
		return -1;
	if (x != NULL && y != NULL && strcmp(x, y) != 0 && lf_report_note(r, LF_NOTICE, "versions-differ", err,
	    "%.200s is of version %.40s, %.200s of %.40s", a->name, x, b->name, y) != 0)
		return -1;
	if (a->proof != NULL && b->proof != NULL)
		return chains_differ(r, a, b, err);
	if (a->proof != NULL && b->coverage != NULL)
		return proof_and_coverage(r, a, b, err);
	if (a->coverage != NULL && b->coverage != NULL)
		return coverages_differ(r, a, b, err);
	if (a->proof != NULL && b->stats != NULL)
		return proof_and_timeline(r, a, b, err);
	return 0;
}

/* ---- The ledger ---- */

static int
entry(struct lf_report *r, uint32_t i, struct lf_err *err)
{
	const struct lf_report_entry *e = lf_report_entry_at(r->ledger, i);
	const char *said = lf_json_string(e->doc, "case");

	if (e->problem != NULL &&
	    lf_report_note(r, LF_WARNING, "ledger-broken", err, "line %u of the ledger: %s", i + 1, e->problem) != 0)
		return -1;
	if (e->doc != NULL && e->manifest == LF_MANIFEST_ALTERED && lf_report_note(r, LF_WARNING, "manifest-altered", err,
	    "the manifest of entry %u of the ledger is not what the entry says it is", i + 1) != 0)
		return -1;
	if (e->own && e->manifest == LF_MANIFEST_ABSENT && lf_report_note(r, LF_NOTICE, "manifest-absent", err,
	    "the manifest of entry %u of the ledger is not beside it", i + 1) != 0)
		return -1;
	if (said != NULL && r->case_id != NULL && strcmp(said, r->case_id) != 0)
		return lf_report_note(r, LF_WARNING, "case-differs", err,
		    "entry %u of the ledger is of case \"%.100s\", the report of case \"%.100s\"", i + 1, said,
		    r->case_id);
	return 0;
}

static int
text_cmp(const void *x, const void *y)
{
	const char *const *a = x, *const *b = y;

	return strcmp(*a, *b);
}

/* From "AWSLogs/" on; NULL without. */
static const char *
key_of(const char *path)
{
	return path == NULL ? NULL : strstr(path, "AWSLogs/");
}

/* The S3 keys of a manifest, sorted; NULL when memory is out. */
static const char **
sealed_keys(const json_t *manifest, size_t *n)
{
	const json_t *list = json_object_get(manifest, "objects"), *o;
	const char **keys = calloc(json_array_size(list) + 1, sizeof(*keys)), *key;
	size_t at;

	*n = 0;
	json_array_foreach(list, at, o)
		if (keys != NULL && (key = lf_json_string(o, "key")) != NULL)
			keys[(*n)++] = key;
	if (keys != NULL)
		qsort(keys, *n, sizeof(*keys), text_cmp);
	return keys;
}

/* Objects that a result judged, and that the manifest does not list. */
static uint64_t
unsealed(const struct lf_result *p, uint32_t rows,
    void (*fill)(const struct lf_result *, uint32_t, struct lf_object_row *, struct lf_buf *), const char **keys,
    size_t n)
{
	struct lf_object_row row;
	struct lf_buf scratch;
	uint64_t out = 0;
	const char *key;

	lf_buf_init(&scratch);
	for (uint32_t i = 0; i < rows; i++) {
		fill(p, i, &row, &scratch);
		key = key_of(row.locator);
		out += key != NULL && strcmp(row.status, "missing") != 0 && bsearch(&key, keys, n, sizeof(*keys), text_cmp) == NULL;
	}
	lf_buf_free(&scratch);
	return out;
}

static int
sealed(struct lf_report *r, struct lf_err *err)
{
	size_t n;
	const char **keys = sealed_keys(r->ledger->manifest, &n);
	uint64_t missing;
	int rc = keys == NULL ? lf_err_nomem(err) : 0;

	for (uint32_t i = 0; rc == 0 && i < r->n_inputs; i++) {
		const struct lf_result *p = r->inputs[i].proof;

		if (p == NULL || r->inputs[i].again)
			continue;
		missing = unsealed(p, p->n_digests, p->digest, keys, n) + unsealed(p, p->n_logs, p->log, keys, n);
		if (missing > 0)
			rc = lf_report_note(r, LF_WARNING, "evidence-not-sealed", err,
			    "%.200s judges %llu objects that the manifest of entry %u of the ledger "
			    "does not list: other evidence was examined than was sealed",
			    r->inputs[i].name, (unsigned long long)missing, r->ledger->manifest_of + 1);
	}
	free(keys);
	return rc;
}

/* What trail-seal says of a ledger holds for the one that ends, or once ended, where it says; no other. */
static int
checked(struct lf_report *r, const struct lf_report_input *in, struct lf_err *err)
{
	const char *head = lf_json_string(in->doc, "head");
	uint32_t n = r->ledger->entries.n, i = 0;

	if (in->tool != LF_OF_SEAL || in->again || head == NULL)
		return 0;
	while (i < n && strcmp(lf_report_entry_at(r->ledger, i)->sha256, head) != 0)
		i++;
	if (i == n)
		return lf_report_note(r, LF_WARNING, "ledger-differs", err, "%.300s speaks of a ledger with another end than any that --ledger ever had: it says "
		    "nothing of this one", in->name);
	if (i + 1 < n)
		return lf_report_note(r, LF_NOTICE, "ledger-differs", err, "%.300s speaks of the ledger up to entry %u, and it has %u", in->name, i + 1, n);
	return 0;
}

static int
ledger(struct lf_report *r, struct lf_err *err)
{
	if (r->ledger == NULL)
		return 0;
	for (uint32_t i = 0; i < r->ledger->entries.n; i++)
		if (entry(r, i, err) != 0)
			return -1;
	for (uint32_t i = 0; i < r->n_inputs; i++)
		if (checked(r, &r->inputs[i], err) != 0)
			return -1;
	if (r->ledger->changed > 0 && lf_report_note(r, LF_WARNING, "evidence-changed", err, "%llu objects are not the same in two manifests of the "
	    "ledger that follow one another", (unsigned long long)r->ledger->changed) != 0)
		return -1;
	return r->ledger->manifest != NULL ? sealed(r, err) : 0;
}

static void
judge(struct lf_report *r)
{
	bool told = false, doubt = false;

	r->verdict = LF_VERIFIED;
	for (uint32_t i = 0; i < r->n_inputs; i++) {
		told |= r->inputs[i].verdict == LF_FINDINGS;
		doubt |= r->inputs[i].verdict == LF_INCONCLUSIVE;
	}
	for (uint32_t i = 0; i < r->notes.n; i++)
		doubt |= lf_report_note_at(r, i)->severity != LF_NOTICE;
	r->verdict = told ? LF_FINDINGS : doubt || r->n_inputs == 0 ? LF_INCONCLUSIVE : LF_VERIFIED;
}

int
lf_report_check(struct lf_report *r, struct lf_err *err)
{
	if (repeated(r, err) != 0)
		return -1;
	for (uint32_t i = 0; i < r->n_inputs; i++)
		if (!r->inputs[i].again && lf_report_itself(r, &r->inputs[i], err) != 0)
			return -1;
	for (uint32_t i = 0; i < r->n_inputs; i++)
		for (uint32_t k = i + 1; k < r->n_inputs; k++)
			if (!r->inputs[i].again && !r->inputs[k].again && pair(r, &r->inputs[i], &r->inputs[k], err) != 0)
				return -1;
	if (ledger(r, err) != 0)
		return -1;
	judge(r);
	return 0;
}
