/* The figures of a report as a whole. */
#include <string.h>

#include "proof/finding.h"
#include "report/report.h"
#include "report/report_value.h"
#include "report/text_parts.h"

/* How severe a finding is: never less than its kind; where no severity that is known stands, a warning at least. */
static enum lf_severity
severity_of(const json_t *o)
{
	const char *said = lf_value_text(o, "severity", "");
	enum lf_finding_id id = lf_finding_id(lf_value_text(o, "id", ""));
	int i = LF_ALERT;

	while (i <= LF_NOTICE && strcmp(said, lf_severity_name((enum lf_severity)i)) != 0)
		i++;
	if (i > LF_NOTICE)
		i = LF_WARNING;
	return id == LF_F_COUNT ? (enum lf_severity)i : lf_finding_severity(id, (enum lf_severity)i);
}

void
lf_report_findings(const json_t *doc, uint64_t n[3])
{
	const json_t *o;
	size_t at;

	json_array_foreach(json_object_get(doc, "findings"), at, o)
		n[severity_of(o)]++;
}

static uint64_t
differences(const json_t *doc)
{
	static const char *const kinds[] = {"events", "objects"}, *const counts[] = {"changed", "only_in_a", "only_in_b"};
	const json_t *summary = json_object_get(doc, "summary");
	uint64_t n = 0;

	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < 3; k++)
			n += lf_value_count(json_object_get(summary, kinds[i]), counts[k]);
	return n;
}

static void
tally_input(const struct lf_report_input *in, struct lf_report_tally *t)
{
	uint64_t n[3] = {0};
	const struct lf_coverage *c = in->coverage;

	t->results++;
	if (in->proof != NULL)
		lf_result_tally(in->proof, n);
	else if (in->doc != NULL)
		lf_report_findings(in->doc, n);
	for (int i = 0; i < 3; i++)
		t->findings[i] += n[i];
	t->skipped += json_array_size(json_object_get(in->doc, "skipped"));
	if (c != NULL) {
		t->gaps += c->gaps.n;
		t->impairments += c->controls.list.n;
		for (uint32_t i = 0; i < c->gaps.n; i++)
			t->unexplained += !c->gaps.list[i].explained;
	}
	if (in->stats != NULL)
		t->events += lf_timeline_stats_totals(in->stats)->rows;
	if (in->tool == LF_OF_DIFF)
		t->differences += differences(in->doc);
	if (in->tool == LF_OF_CARVE)
		t->recovered += lf_value_count(json_object_get(in->doc, "summary"), "records");
}

void
lf_report_tally(const struct lf_report *r, struct lf_report_tally *out)
{
	memset(out, 0, sizeof(*out));
	for (uint32_t i = 0; i < r->n_inputs; i++)
		if (!r->inputs[i].again)
			tally_input(&r->inputs[i], out);
}

const char *
lf_report_said(const struct lf_report *r, const char *given, const char *member)
{
	const char *s = given;

	for (uint32_t i = r->ledger != NULL ? r->ledger->entries.n : 0; i > 0 && s == NULL; i--)
		s = lf_json_string(lf_report_entry_at(r->ledger, i - 1)->doc, member);
	return s;
}
