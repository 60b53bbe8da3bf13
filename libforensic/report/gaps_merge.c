/*
 * JSON results of trail-gaps over shards, joined into what one run would have given.  A shard of trail-gaps reads all
 * evidence, since who stopped a trail may be recorded in another account and region than those that went blind; it
 * tells of its own accounts and regions only.  So what is known of the whole is the same in all, and the rest is put in
 * order.
 */
#include <stdlib.h>
#include <string.h>

#include "base/jsonw.h"
#include "base/utc.h"
#include "proof/verify.h"
#include "report/json_parts.h"
#include "report/report_value.h"
#include "report/shard_docs.h"
#include "report/words.h"

static const char *const lists[] = {
    "anchors", "limits", "coverage", "gaps", "impairments", "findings", "skipped", NULL};
static const struct lf_shard_kind kind = {"trail-gaps", lists};

/* An element of a list, and where it came from. */
struct row {
	const json_t *o;
	int64_t time;  /* of an impairment; start of a gap; else 0 */
	size_t doc, at;
};

struct rows {
	struct row *list;
	size_t n;
};

struct merge {
	struct lf_shard_docs in;
	struct rows coverage, gaps, impairments;
	uint64_t attempted;
	enum lf_verdict verdict;
};

static void
merge_free(struct merge *m)
{
	lf_shard_docs_free(&m->in);
	free(m->coverage.list);
	free(m->gaps.list);
	free(m->impairments.list);
}

/* ---- Order ---- */

/* A time as these documents state it: seconds where no calendar has it, nothing before all else. */
static int64_t
time_of(const json_t *o, const char *name)
{
	const char *s = name == NULL ? NULL : lf_json_string(o, name);
	int64_t t;

	if (name == NULL)
		return 0;
	if (s == NULL)
		return LF_TIME_NONE;
	return lf_utc_read(s, strlen(s), &t) ? t : strtoll(s, NULL, 10);
}

/* By the texts of these members, absent ones first. */
static int
cmp_members(const json_t *a, const json_t *b, const char *const *members)
{
	int c = 0;

	for (; *members != NULL && c == 0; members++)
		c = strcmp(lf_value_text(a, *members, ""), lf_value_text(b, *members, ""));
	return c;
}

static int
cmp_place(const struct row *x, const struct row *y)
{
	return x->doc != y->doc ? (x->doc < y->doc ? -1 : 1) : (x->at > y->at) - (x->at < y->at);
}

/* By time, account and region: all of one account and region is of one shard, which has it in order. */
static int
cmp_rows(const void *a, const void *b)
{
	static const char *const members[] = {"account", "region", NULL};
	const struct row *x = a, *y = b;
	int c = (x->time > y->time) - (x->time < y->time);

	if (c == 0)
		c = cmp_members(x->o, y->o, members);
	return c != 0 ? c : cmp_place(x, y);
}

/* Events may be of any account, and stand in more than one shard: in the order in which control events are settled. */
static int
cmp_events(const struct row *x, const struct row *y)
{
	static const char *const members[] = {"account", "region", "event_id", "event_source", "event_name",
	    "error_code", "actor", "source_ip", "target", "class", NULL};
	int c = (x->time > y->time) - (x->time < y->time);

	return c != 0 ? c : cmp_members(x->o, y->o, members);
}

static int
cmp_impairments(const void *a, const void *b)
{
	int c = cmp_events(a, b);

	return c != 0 ? c : cmp_place(a, b);
}

/* The elements of a list of all documents, in order. */
static int
gather(const struct merge *m, const char *list, const char *time, int (*cmp)(const void *, const void *),
    struct rows *out, struct lf_err *err)
{
	const json_t *o;
	size_t at;

	out->list = calloc(lf_shard_docs_total(&m->in, list) + 1, sizeof(*out->list));
	if (out->list == NULL)
		return lf_err_nomem(err);
	for (size_t i = 0; i < m->in.n; i++)
		json_array_foreach(json_object_get(m->in.docs[i], list), at, o) {
			out->list[out->n++] = (struct row){o, time_of(o, time), i, at};
		}
	if (out->n > 1)
		qsort(out->list, out->n, sizeof(*out->list), cmp);
	return 0;
}

/* Of events that are alike in n rows, those of the document that has most of them. */
static size_t
keep_most(struct row *rows, size_t n)
{
	size_t best = 0, most = 0;

	for (size_t i = 0, k; i < n; i = k) {
		for (k = i + 1; k < n && rows[k].doc == rows[i].doc; k++)
			;
		if (k - i > most) {
			most = k - i;
			best = i;
		}
	}
	memmove(rows, rows + best, most * sizeof(*rows));
	return most;
}

/* An event that gaps of several shards name is one event. */
static void
drop_repeated(struct rows *r)
{
	size_t n = 0;

	for (size_t i = 0, k; i < r->n; i = k) {
		size_t kept;

		for (k = i + 1; k < r->n && cmp_events(&r->list[i], &r->list[k]) == 0 && json_equal(r->list[i].o, r->list[k].o); k++)
			;
		kept = keep_most(r->list + i, k - i);
		memmove(r->list + n, r->list + i, kept * sizeof(*r->list));
		n += kept;
	}
	r->n = n;
}

/* ---- Numbers ---- */

static const json_t *
member(const struct merge *m, size_t doc, const char *name)
{
	return json_object_get(json_object_get(m->in.docs[doc], "summary"), name);
}

static int64_t
sum(const struct merge *m, const char *name)
{
	uint64_t n = 0;

	for (size_t i = 0; i < m->in.n; i++)
		n += lf_value_count(json_object_get(m->in.docs[i], "summary"), name);
	return (int64_t)n;
}

/* What every shard says of the whole must be the same: the evidence was. */
static int
check_whole(const struct merge *m, struct lf_err *err)
{
	static const char *const members[] = {"events", "alerts", "digests_alone"};

	for (size_t i = 1; i < m->in.n; i++) {
		for (size_t k = 0; k < sizeof(members) / sizeof(members[0]); k++)
			if (!json_equal(member(m, 0, members[k]), member(m, i, members[k])))
				return lf_err_set(err,
				    "%.300s: \"%s\" differs from the other files': the evidence was another",
				    m->in.files[i], members[k]);
		if (!json_equal(json_object_get(m->in.docs[0], "skipped"), json_object_get(m->in.docs[i], "skipped")))
			return lf_err_set(err, "%.300s: other objects were skipped than for the other files", m->in.files[i]);
	}
	return 0;
}

/* As of one run: what one shard could not prove, the whole could not; a shard without lines says nothing. */
static int
judge(struct merge *m, struct lf_err *err)
{
	bool open = sum(m, "lines") == 0 || sum(m, "left_out") > 0 || json_is_true(member(m, 0, "digests_alone")) ||
	    json_array_size(json_object_get(m->in.docs[0], "skipped")) > 0;

	for (size_t i = 0; i < m->in.n; i++) {
		enum lf_verdict v;

		if (!lf_verdict_read(lf_json_string(m->in.docs[i], "verdict"), &v))
			return lf_err_set(err, "%.300s: has no usable verdict", m->in.files[i]);
		open = open || (v != LF_VERIFIED && json_array_size(json_object_get(m->in.docs[i], "coverage")) > 0);
	}
	m->verdict = m->gaps.n > 0 ? LF_FINDINGS : open ? LF_INCONCLUSIVE : LF_VERIFIED;
	for (size_t i = 0; i < m->impairments.n; i++)
		m->attempted += !json_is_true(json_object_get(m->impairments.list[i].o, "effective"));
	return 0;
}

/* ---- Writing ---- */

static void
scalar(struct lf_jsonw *w, const char *name, const json_t *v)
{
	if (json_is_string(v))
		lf_jsonw_bytes(w, name, json_string_value(v), json_string_length(v));
	else if (json_is_integer(v))
		lf_jsonw_int(w, name, json_integer_value(v));
	else if (json_is_boolean(v))
		lf_jsonw_bool(w, name, json_is_true(v));
	else
		lf_jsonw_null(w, name);
}

/* An object or list of scalars, on one line. */
static void
flat(struct lf_jsonw *w, const char *name, const json_t *v)
{
	const char *key;
	json_t *e, *borrowed = (json_t *)(uintptr_t)v;
	size_t at;

	if (json_is_array(v)) {
		lf_jsonw_array_flat(w, name);
		json_array_foreach(v, at, e) {
			scalar(w, NULL, e);
		}
	} else {
		lf_jsonw_object_flat(w, name);
		json_object_foreach(borrowed, key, e) {
			scalar(w, key, e);
		}
	}
	lf_jsonw_end(w);
}

/* An element of a list: its members are scalars, what flat() takes, and lists of such objects. */
static void
element(struct lf_jsonw *w, const json_t *o)
{
	const char *key;
	json_t *v, *e, *borrowed = (json_t *)(uintptr_t)o;
	size_t at;

	lf_jsonw_object(w, NULL);
	json_object_foreach(borrowed, key, v) {
		if (json_is_array(v) && json_is_object(json_array_get(v, 0))) {
			lf_jsonw_array(w, key);
			json_array_foreach(v, at, e) {
				flat(w, NULL, e);
			}
			lf_jsonw_end(w);
		} else if (json_is_array(v) || json_is_object(v)) {
			flat(w, key, v);
		} else {
			scalar(w, key, v);
		}
	}
	lf_jsonw_end(w);
}

static void
write_rows(struct lf_jsonw *w, const char *name, const struct rows *r)
{
	lf_jsonw_array(w, name);
	for (size_t i = 0; i < r->n; i++)
		element(w, r->list[i].o);
	lf_jsonw_end(w);
}

/* A list that all documents have alike. */
static void
write_shared(struct lf_jsonw *w, const struct merge *m, const char *name)
{
	const json_t *e;
	size_t at;

	lf_jsonw_array(w, name);
	json_array_foreach(json_object_get(m->in.docs[0], name), at, e) {
		if (!json_is_object(e))
			scalar(w, NULL, e);
		else if (json_object_get(e, "keys") != NULL)
			element(w, e);
		else
			flat(w, NULL, e);
	}
	lf_jsonw_end(w);
}

static void
write_selection(struct lf_jsonw *w, const struct merge *m)
{
	const char *key;
	json_t *v;

	lf_jsonw_object_flat(w, "selection");
	json_object_foreach(json_object_get(m->in.docs[0], "selection"), key, v) {
		if (json_is_array(v))
			flat(w, key, v);
		else
			scalar(w, key, v);
	}
	lf_jsonw_end(w);
}

static void
write_summary(struct lf_jsonw *w, const struct merge *m)
{
	lf_jsonw_object_flat(w, "summary");
	lf_jsonw_int(w, "lines", (int64_t)m->coverage.n);
	lf_jsonw_int(w, "gaps", (int64_t)m->gaps.n);
	lf_jsonw_int(w, "unexplained", sum(m, "unexplained"));
	lf_jsonw_int(w, "open", sum(m, "open"));
	lf_jsonw_int(w, "left_out", sum(m, "left_out"));
	lf_jsonw_int(w, "impairments", (int64_t)m->impairments.n);
	lf_jsonw_int(w, "attempted", (int64_t)m->attempted);
	scalar(w, "events", member(m, 0, "events"));
	scalar(w, "digests_alone", member(m, 0, "digests_alone"));
	scalar(w, "alerts", member(m, 0, "alerts"));
	lf_jsonw_end(w);
}

static int
write_all(const struct merge *m, const struct lf_write_opts *o, lf_write_fn *write, void *arg, struct lf_err *err)
{
	struct lf_jsonw w;

	lf_jsonw_init(&w, write, arg);
	lf_jsonw_object(&w, NULL);
	lf_json_head(&w, kind.tool, m->verdict, NULL, o);
	write_selection(&w, m);
	write_summary(&w, m);
	write_shared(&w, m, "anchors");
	write_shared(&w, m, "limits");
	write_rows(&w, "coverage", &m->coverage);
	write_rows(&w, "gaps", &m->gaps);
	write_rows(&w, "impairments", &m->impairments);
	write_shared(&w, m, "findings");
	write_shared(&w, m, "skipped");
	lf_jsonw_end(&w);
	return lf_jsonw_finish(&w, err);
}

int
lf_coverage_merge(const char *const *files, size_t n, const struct lf_write_opts *o, enum lf_verdict *verdict,
    lf_write_fn *write, void *arg, struct lf_err *err)
{
	struct merge m = {.in = {.kind = &kind}};
	int rc = -1;

	if (lf_shard_docs_read(&m.in, files, n, err) != 0 || check_whole(&m, err) != 0 ||
	    gather(&m, "coverage", NULL, cmp_rows, &m.coverage, err) != 0 ||
	    gather(&m, "gaps", "start", cmp_rows, &m.gaps, err) != 0 ||
	    gather(&m, "impairments", "time", cmp_impairments, &m.impairments, err) != 0)
		goto out;
	drop_repeated(&m.impairments);
	if (judge(&m, err) != 0 || write_all(&m, o, write, arg, err) != 0)
		goto out;
	*verdict = m.verdict;
	rc = 0;
out:
	merge_free(&m);
	return rc;
}
