/* A result held against itself: what its parts say of each other, whoever wrote it. */
#include <stdio.h>
#include <string.h>

#include "report/report.h"
#include "report/report_value.h"
#include "report/text_parts.h"
#include "report/words.h"

/* The result says one verdict and holds another: the one it holds counts. */
static int
altered(struct lf_report *r, struct lf_report_input *in, enum lf_verdict held, const char *why, struct lf_err *err)
{
	enum lf_verdict own = in->verdict;

	if (own == held)
		return 0;
	in->verdict = held;
	return lf_report_note(r, LF_WARNING, "verdict-altered", err, "%.300s says \"%s\", and %s make \"%s\" of it", in->name,
	    lf_verdict_name(own), why, lf_verdict_name(held));
}

/* A list that is longer or shorter than the result counts. */
static int
counted(struct lf_report *r, const struct lf_report_input *in, const char *what, uint64_t said, uint64_t held, struct lf_err *err)
{
	if (said == held)
		return 0;
	return lf_report_note(r, LF_WARNING, "findings-altered", err, "%.300s counts %llu %s, and lists %llu", in->name,
	    (unsigned long long)said, what, (unsigned long long)held);
}

/* ---- trail-verify ---- */

static bool
is_one_of(const char *s, const char *const *names, size_t n, size_t *at)
{
	for (*at = 0; *at < n; (*at)++)
		if (strcmp(names[*at], s) == 0)
			return true;
	return false;
}

/* The objects of -v by status, against what the summary counts. */
static int
statuses(struct lf_report *r, const struct lf_report_input *in, const char *member, const char *const *names, size_t n, const uint64_t *said,
    struct lf_err *err)
{
	const json_t *list = json_object_get(in->doc, member), *o;
	uint64_t held[8] = {0};
	char what[64];
	size_t at, k;

	if (list == NULL)
		return 0;
	json_array_foreach(list, at, o)
		held[is_one_of(lf_value_text(o, "status", ""), names, n, &k) ? k : n]++;
	for (k = 0; k <= n; k++) {
		snprintf(what, sizeof(what), "%s %s", member, k < n ? names[k] : "of no status");
		if (counted(r, in, what, k < n ? said[k] : 0, held[k], err) != 0)
			return -1;
	}
	return 0;
}

static bool
key_used(const struct lf_result *p)
{
	for (uint32_t i = 0; i < p->n_anchors; i++)
		for (uint32_t k = 0; k < p->anchors[i].n_keys; k++)
			if (p->anchors[i].keys[k].used)
				return true;
	return false;
}

/* What is called proved stands in a chain, and rests on a key. */
static int
grounds(struct lf_report *r, const struct lf_report_input *in, struct lf_err *err)
{
	const struct lf_result *p = in->proof;
	uint64_t digests = 0, logs = 0;

	for (uint32_t i = 0; i < p->n_chains; i++) {
		digests += p->chains[i].digests;
		logs += p->chains[i].logs;
	}
	if ((p->summary.digests[0] > digests || p->summary.logs[0] > logs) && lf_report_note(r, LF_WARNING, "findings-altered", err,
	    "%.300s calls more digests or logs verified than its chains hold", in->name) != 0)
		return -1;
	if (p->summary.digests[0] > 0 && !key_used(p))
		return lf_report_note(r, LF_WARNING, "proof-without-key", err, "%.300s calls %llu digests verified, and names no public key that it used",
		    in->name, (unsigned long long)p->summary.digests[0]);
	return 0;
}

static int
proof(struct lf_report *r, struct lf_report_input *in, struct lf_err *err)
{
	const struct lf_result *p = in->proof;
	size_t listed = json_array_size(json_object_get(in->doc, "findings"));

	if (altered(r, in, p->verdict, "its own findings and chains", err) != 0)
		return -1;
	if (p->n_findings != listed && lf_report_note(r, LF_WARNING, "findings-altered", err,
	    "%.300s lists %zu findings, and its own chains make %u of them", in->name, listed, p->n_findings) != 0)
		return -1;
	if (in->verdict != lf_result_held(p)) {
		in->verdict = lf_result_held(p);
		if (lf_report_note(r, LF_WARNING, "findings-altered", err, "%.300s has chains or logs that are \"%s\", and lists no finding that makes "
		    "them so", in->name, lf_verdict_name(in->verdict)) != 0)
			return -1;
	}
	if (grounds(r, in, err) != 0 || statuses(r, in, "digests", lf_summary_digest_names, 5, p->summary.digests, err) != 0)
		return -1;
	return statuses(r, in, "logs", lf_summary_log_names, 7, p->summary.logs, err);
}

/* ---- trail-gaps ---- */

static enum lf_verdict
of_coverage(const struct lf_report_input *in)
{
	enum lf_verdict v = lf_coverage_verdict(in->coverage);

	return v == LF_VERIFIED && json_array_size(json_object_get(in->doc, "skipped")) > 0 ? LF_INCONCLUSIVE : v;
}

/*
 * Lines of a trail with time between two intervals that none of them covers: trail-gaps lays out all from first to
 * last.
 */
static uint64_t
holed(const struct lf_lines *l)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < l->n; i++) {
		uint32_t k = 1;

		while (k < l->list[i].n_spans && l->list[i].spans[k].start == l->list[i].spans[k - 1].end)
			k++;
		n += l->list[i].trail != NULL && k < l->list[i].n_spans;
	}
	return n;
}

/* What was cut out of a coverage leaves a hole, and proves nothing of it. */
static int
holes(struct lf_report *r, const struct lf_report_input *in, enum lf_verdict *held, struct lf_err *err)
{
	uint64_t n = holed(&in->coverage->lines);

	if (n == 0)
		return 0;
	*held = *held == LF_VERIFIED ? LF_INCONCLUSIVE : *held;
	return lf_report_note(r, LF_WARNING, "findings-altered", err, "%.300s lays out %llu lines with time that no interval of theirs covers", in->name,
	    (unsigned long long)n);
}

static int
coverage(struct lf_report *r, struct lf_report_input *in, struct lf_err *err)
{
	const json_t *summary = json_object_get(in->doc, "summary");
	enum lf_verdict held = of_coverage(in);
	uint64_t unexplained = 0;

	for (uint32_t i = 0; i < in->coverage->gaps.n; i++)
		unexplained += !in->coverage->gaps.list[i].explained;
	/* A result may know reasons for doubt that its lists do not show. */
	if (held == LF_VERIFIED && in->verdict != LF_VERIFIED)
		held = LF_INCONCLUSIVE;
	if (holes(r, in, &held, err) != 0 || altered(r, in, held, "its own gaps and coverage", err) != 0 ||
	    counted(r, in, "gaps", lf_value_count(summary, "gaps"), in->coverage->gaps.n, err) != 0 ||
	    counted(r, in, "unexplained gaps", lf_value_count(summary, "unexplained"), unexplained, err) != 0)
		return -1;
	return counted(r, in, "times logging was touched", lf_value_count(summary, "impairments"),
	    json_array_size(json_object_get(in->doc, "impairments")), err);
}

/* ---- trail-diff, trail-carve, trail-seal ---- */

/* What a summary of trail-diff counts that could not be compared. */
static uint64_t
not_compared(const json_t *summary)
{
	const json_t *events = json_object_get(json_object_get(summary, "events"), "not_comparable");

	return lf_value_count(events, "a") + lf_value_count(events, "b") + lf_value_count(json_object_get(summary, "objects"), "unread") +
	    lf_value_count(json_object_get(summary, "a"), "skipped") + lf_value_count(json_object_get(summary, "b"), "skipped");
}

static int
differences(struct lf_report *r, struct lf_report_input *in, struct lf_err *err)
{
	static const char *const kinds[] = {"changed", "only_in_a", "only_in_b"};
	const json_t *summary = json_object_get(in->doc, "summary"), *objects = json_object_get(in->doc, "objects");
	const json_t *const lists[] = {in->doc, objects}, *const counts[] = {json_object_get(summary, "events"), json_object_get(summary, "objects")};
	enum lf_verdict held = in->verdict == LF_FINDINGS ? LF_INCONCLUSIVE : in->verdict;
	uint64_t n = 0;

	for (size_t i = 0; i < 2; i++) {
		for (size_t k = 0; k < 3; k++) {
			const json_t *list = json_object_get(lists[i], kinds[k]);
			uint64_t said = lf_value_count(counts[i], kinds[k]);

			n += said + json_array_size(list);
			if (json_is_array(list) && counted(r, in, i == 0 ? "different events" : "different objects", said, json_array_size(list), err) != 0)
				return -1;
		}
	}
	if (held == LF_VERIFIED && json_array_size(json_object_get(in->doc, "skipped")) + not_compared(summary) > 0)
		held = LF_INCONCLUSIVE;
	return altered(r, in, n > 0 ? LF_FINDINGS : held, "its own differences", err);
}

/* Adds the members of an object of the summary that have these names. */
static uint64_t
summed(const json_t *summary, const char *object, const char *const *names)
{
	uint64_t n = 0;

	for (; *names != NULL; names++)
		n += lf_value_count(json_object_get(summary, object), *names) > 0;
	return n;
}

/* What a summary of trail-seal counts, each of which is a finding: n[LF_ALERT] and n[LF_WARNING] grow. */
static void
seal_counts(const json_t *summary, uint64_t n[3])
{
	static const char *const bad[] = {"invalid", "missing", NULL}, *const soft[] = {"untrusted", "unread", NULL},
	    *const other[] = {"altered", "removed", "moved", "added", NULL};

	n[LF_ALERT] += summed(summary, "signatures", bad) + summed(summary, "timestamps", bad) + summed(summary, "evidence", other);
	n[LF_WARNING] += summed(summary, "signatures", soft) + summed(summary, "timestamps", soft) + summed(summary, "evidence", soft) +
	    (lf_value_count(summary, "anchored") < lf_value_count(summary, "entries")) + (lf_value_count(summary, "skipped") > 0);
}

/* What a result of trail-carve counts that is incomplete, or could not be read. */
static void
carve_counts(const json_t *doc, uint64_t n[3])
{
	static const char *const states[] = {"prefix", "resync", "fragment"}, *const kinds[] = {"log", "digest", "envelope", "record", NULL},
	    *const given_up[] = {"work", "total", NULL};
	const json_t *summary = json_object_get(doc, "summary"), *o;
	size_t at;

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		n[LF_WARNING] += summed(json_object_get(summary, "states"), states[i], kinds);
	json_array_foreach(json_object_get(doc, "images"), at, o)
		n[LF_WARNING] += json_array_size(json_object_get(o, "bad")) > 0 || lf_value_count(o, "join_budgets") > 0 ||
		    summed(o, "rejected", given_up) > 0;
	n[LF_ALERT] += lf_value_count(summary, "conflicts") > 0;
}

static int
listed(struct lf_report *r, struct lf_report_input *in, struct lf_err *err)
{
	const json_t *summary = json_object_get(in->doc, "summary");
	enum lf_verdict held = in->verdict == LF_FINDINGS ? LF_INCONCLUSIVE : in->verdict;
	uint64_t n[3] = {0};

	lf_report_findings(in->doc, n);
	if (in->tool == LF_OF_SEAL)
		seal_counts(summary, n);
	else
		carve_counts(in->doc, n);
	if (held == LF_VERIFIED && n[LF_WARNING] + json_array_size(json_object_get(in->doc, "skipped")) > 0)
		held = LF_INCONCLUSIVE;
	if (in->tool == LF_OF_CARVE && counted(r, in, "conflicts", lf_value_count(summary, "conflicts"),
	    json_array_size(json_object_get(in->doc, "findings")), err) != 0)
		return -1;
	return altered(r, in, n[LF_ALERT] > 0 ? LF_FINDINGS : held, "its own findings and counts", err);
}

int
lf_report_itself(struct lf_report *r, struct lf_report_input *in, struct lf_err *err)
{
	if (in->proof != NULL)
		return proof(r, in, err);
	if (in->coverage != NULL)
		return coverage(r, in, err);
	if (in->doc == NULL)
		return 0;
	return in->tool == LF_OF_DIFF ? differences(r, in, err) : listed(r, in, err);
}
