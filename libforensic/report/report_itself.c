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

/* What chains and counts say that no finding does. */
static enum lf_verdict
held_by(const struct lf_result *p)
{
	enum lf_verdict v = p->verdict;

	if (p->summary.logs[LF_L_MODIFIED] + p->summary.logs[LF_L_UNREFERENCED] > 0)
		return LF_FINDINGS;
	for (uint32_t i = 0; i < p->n_chains; i++) {
		if (p->chains[i].verdict == LF_FINDINGS)
			return LF_FINDINGS;
		if (p->chains[i].verdict == LF_INCONCLUSIVE && p->chains[i].digests > 0 && v == LF_VERIFIED)
			v = LF_INCONCLUSIVE;
	}
	return v;
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
	if (in->verdict != held_by(p)) {
		in->verdict = held_by(p);
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
	if (altered(r, in, held, "its own gaps and coverage", err) != 0 ||
	    counted(r, in, "gaps", lf_value_count(summary, "gaps"), in->coverage->gaps.n, err) != 0 ||
	    counted(r, in, "unexplained gaps", lf_value_count(summary, "unexplained"), unexplained, err) != 0)
		return -1;
	return counted(r, in, "times logging was touched", lf_value_count(summary, "impairments"),
	    json_array_size(json_object_get(in->doc, "impairments")), err);
}

/* ---- trail-diff, trail-carve, trail-seal ---- */

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
	if (held == LF_VERIFIED && json_array_size(json_object_get(in->doc, "skipped")) > 0)
		held = LF_INCONCLUSIVE;
	return altered(r, in, n > 0 ? LF_FINDINGS : held, "its own differences", err);
}

static int
listed(struct lf_report *r, struct lf_report_input *in, struct lf_err *err)
{
	const json_t *summary = json_object_get(in->doc, "summary");
	enum lf_verdict held = in->verdict == LF_FINDINGS ? LF_INCONCLUSIVE : in->verdict;
	uint64_t n[3] = {0};

	lf_report_findings(in->doc, n);
	if (held == LF_VERIFIED && n[LF_WARNING] + json_array_size(json_object_get(in->doc, "skipped")) > 0)
		held = LF_INCONCLUSIVE;
	if (in->tool == LF_OF_CARVE && counted(r, in, "conflicts", lf_value_count(summary, "conflicts"),
	    json_array_size(json_object_get(in->doc, "findings")), err) != 0)
		return -1;
	return altered(r, in, n[LF_ALERT] > 0 ? LF_FINDINGS : held, "its own findings", err);
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
