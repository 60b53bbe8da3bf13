#include "report/gaps_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/text_parts.h"
#include "timeline/timeline.h"

const char *
lf_cause_text(unsigned cause)
{
	static const char *const texts[LF_CAUSES] = {
	    [LF_CAUSE_LOGGING_STOPPED] = "the trail was told to stop recording",
	    [LF_CAUSE_TRAIL_DELETED] = "the trail was deleted",
	    [LF_CAUSE_VALIDATION_DISABLED] = "digests were switched off: logs may go on, but nothing proves them",
	    [LF_CAUSE_REGION_DROPPED] = "the trail was cut down to its home region",
	    [LF_CAUSE_REGION_DISABLED] = "the region was disabled for the account",
	    [LF_CAUSE_ACCOUNT_LEFT] = "the account left the organization, or the organization's trail left it",
	    [LF_CAUSE_DELIVERY_FAILURE] = "CloudTrail could not deliver: bucket, policy or key stood in its way",
	    [LF_CAUSE_DIGEST_MISSING] = "a digest that must have existed is not here: deleted, not copied, or never delivered",
	    [LF_CAUSE_LOG_MISSING] = "logs that a digest lists are not here: deleted, or not copied",
	    [LF_CAUSE_EVIDENCE_CUT] = "the copy begins after the trail did: its first digest names an earlier one",
	    [LF_CAUSE_UNEXPLAINED] = "coverage ends, and no event of the evidence says why",
	};

	return texts[cause < LF_CAUSES ? cause : LF_CAUSE_UNEXPLAINED];
}

const char *
lf_gap_limit_text(size_t i)
{
	static const char *const limits[] = {
	    ("What happened in a gap. Event history (90 days of management events, `aws cloudtrail lookup-events`) does not "
	    "depend on trails: ask for it before it expires; then flow logs, access logs of services, and bills."),
	    ("Who deleted an object of the bucket: that is a data event, which trails seldom record. Its absence proves "
	    "nothing."),
	    "Whether a missing digest was deleted or never delivered, unless an event here says so.",
	    "Whether a line of which only logs speak was blind or quiet between two logs: only digests tell.",
	    "That an actor is a person: an event names credentials, and others may have used them.",
	};

	return i < sizeof(limits) / sizeof(limits[0]) ? limits[i] : NULL;
}

const char *
lf_or_null(const char *s)
{
	return s != NULL && *s != '\0' ? s : NULL;
}

const char *
lf_control_who(const struct lf_control *e)
{
	if (e == NULL)
		return NULL;
	return lf_or_null(e->actor) != NULL ? e->actor : lf_or_null(e->principal);
}

size_t
lf_service_length(const char *event_source)
{
	static const char common[] = ".amazonaws.com";
	size_t n = strlen(event_source), tail = sizeof(common) - 1;

	return n > tail && strcmp(event_source + n - tail, common) == 0 ? n - tail : n;
}

const char *
lf_control_outcome(const struct lf_control *e, char buf[128])
{
	*buf = '\0';
	if (!e->effective)
		snprintf(buf, 128, "only attempted%s%.100s", lf_or_null(e->error_code) != NULL ? ": " : "",
		    lf_or_null(e->error_code) != NULL ? e->error_code : "");
	return buf;
}

const char *
lf_control_proof(const struct lf_control *e)
{
	if (e->integrity >= LF_INTEGRITY_UNKNOWN)
		return NULL;
	return e->integrity == LF_INTEGRITY_NONE ? "no digest covers it" : lf_integrity_names[e->integrity];
}

const struct lf_control *
lf_control_at(const struct lf_coverage *c, uint32_t i)
{
	return lf_list_at(&c->controls.list, i);
}

static void
count_impairments(const struct lf_coverage *c, struct lf_gaps_counts *out)
{
	for (uint32_t i = 0; i < c->controls.list.n; i++) {
		const struct lf_control *e = lf_control_at(c, i);

		out->impairments += e->impairs;
		out->attempted += e->impairs && !e->effective;
	}
}

bool
lf_gaps_count(const struct lf_coverage *c, struct lf_gaps_counts *out)
{
	bool *blind = calloc((size_t)c->lines.n + 1, sizeof(*blind));
	uint64_t severities[3] = {0};

	if (blind == NULL)
		return false;
	*out = (struct lf_gaps_counts){.gaps = c->gaps.n, .lines = c->lines.n};
	for (uint32_t i = 0; i < c->gaps.n; i++) {
		const struct lf_gap *g = &c->gaps.list[i];

		out->unexplained += !g->explained;
		out->open += g->open;
		out->longest = g->end - g->start > out->longest ? g->end - g->start : out->longest;
		out->lines_blind += !blind[g->line];
		blind[g->line] = true;
	}
	for (uint32_t i = 0; i < c->lines.n; i++)
		out->accounts += i == 0 || strcmp(c->lines.list[i].account, c->lines.list[i - 1].account) != 0;
	count_impairments(c, out);
	if (c->proof != NULL)
		lf_result_tally(c->proof, severities);
	out->alerts = severities[LF_ALERT];
	free(blind);
	return true;
}

bool
lf_gaps_any(const struct lf_coverage *c)
{
	for (uint32_t i = 0; i < c->lines.n; i++)
		if (c->lines.list[i].n_spans > 0)
			return true;
	return false;
}

const char *
lf_gaps_extent(const struct lf_coverage *c)
{
	return c->lines.until != LF_TIME_NONE ? "the time asked for" : "the evidence";
}

const char *
lf_gaps_left_out(const struct lf_coverage *c, char buf[160])
{
	char gaps[48], length[32], open[80] = "", unexplained[48] = "";

	*buf = '\0';
	if (c->min <= 0)
		return buf;
	if (c->gaps.left_open > 0)
		snprintf(open, sizeof(open), ", %u of them open at the end of %s", c->gaps.left_open, lf_gaps_extent(c));
	if (c->gaps.left_unexplained > 0)
		snprintf(unexplained, sizeof(unexplained), ", %u of them unexplained", c->gaps.left_unexplained);
	snprintf(buf, 160, "%s shorter than %s %s left out%s%s.", lf_plural(c->gaps.left_out, "gap", gaps),
	    lf_duration_format(c->min, length), c->gaps.left_out == 1 ? "is" : "are", unexplained, open);
	return buf;
}

static bool
has_digests(const struct lf_lines *l)
{
	for (uint32_t i = 0; i < l->n; i++)
		if (l->list[i].trail != NULL)
			return true;
	return false;
}

const char *
lf_gaps_caveat(const struct lf_coverage *c, size_t i)
{
	const char *said[4] = {NULL};
	size_t n = 0;

	if (!c->lines.proved && has_digests(&c->lines))
		said[n++] =
		    "Nothing is proved: no key reaches any digest, so that gaps are where digests, which may be forged, leave them.";

	if (c->lines.digests_alone)
		said[n++] = "No logs in the evidence: only digests were compared, and nobody can be named.";
	if (c->lines.beyond)
		said[n++] =
		    "Something that nothing proves claims a time far outside of this: -f json has it, in the intervals of its line.";
	if (!lf_gaps_any(c) && c->lines.n + c->unasked > 0)
		said[n++] = "It speaks of other accounts, regions, trails or times: leave the selection out to see of which.";
	return i < n ? said[i] : NULL;
}

/* Whether only part was asked for. */
static bool
is_part(const struct lf_coverage *c)
{
	const struct lf_select *s = c->c != NULL ? &c->c->select : NULL;

	return s != NULL && s->n_accounts + s->n_regions + s->n_trails + s->shards + (s->since != LF_TIME_NONE) +
	    (s->until != LF_TIME_NONE) > 0;
}

const char *
lf_gaps_meaning(const struct lf_coverage *c)
{
	if (c->gaps.n > 0)
		return "there is time that nothing here shows to be covered. Read on.";
	if (!lf_gaps_any(c))
		return is_part(c) ? "the evidence says nothing about the coverage of what was asked for."
				  : "neither digests nor logs say anything about coverage.";
	if (c->gaps.left_out > 0)
		return "there are only gaps that --min left out; what they cover is not proved.";
	return lf_coverage_verdict(c) == LF_VERIFIED ? "digests prove every hour of every line below."
						     : "no gap was found, but not all could be proved or read.";
}
