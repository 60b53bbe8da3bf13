/* Gaps inside a timeline: a row where coverage ends, and one where it begins again. */
#include <string.h>

#include "base/utc.h"
#include "coverage/coverage.h"
#include "timeline/timeline.h"

struct marking {
	struct lf_timeline *t;
	struct lf_coverage *v;
};

static struct lf_slice
slice(const char *s)
{
	return s == NULL ? (struct lf_slice){"", 0} : (struct lf_slice){s, strlen(s)};
}

/*
 * One edge of a gap: event_name says which, result the cause, principal who caused or ended it, resources the trail.
 */
static int
mark(struct lf_timeline *t, const struct lf_line *l, const struct lf_gap *g, int64_t time, bool end, struct lf_err *err)
{
	const struct lf_control *by = end ? g->ended_by : g->by;
	char text[LF_UTC_LEN];
	struct lf_values v = {.time = time, .nanos = 0};

	for (size_t i = 0; i < LF_COL_OF_EVENT; i++)
		v.v[i] = slice("");
	v.v[LF_COL_EVENT_TIME] = slice(lf_utc_format(time, text));
	v.v[LF_COL_ACCOUNT] = slice(l->account);
	v.v[LF_COL_REGION] = slice(l->region);
	v.v[LF_COL_SOURCE] = slice("trail-gaps");
	v.v[LF_COL_NAME] = slice(end ? "coverage-begins" : "coverage-ends");
	v.v[LF_COL_RESULT] = slice(lf_cause_names[g->cause]);
	v.v[LF_COL_RESOURCES] = slice(l->trail);
	if (by != NULL) {
		v.v[LF_COL_PRINCIPAL] = slice(by->actor);
		v.v[LF_COL_SOURCE_IP] = slice(by->source_ip);
		v.v[LF_COL_ACCESS_KEY] = slice(by->access_key);
	}
	return lf_timeline_mark(t, &v, err);
}

static int
judged(void *arg, struct lf_result *proof, struct lf_err *err)
{
	struct marking *m = arg;
	int rc = lf_coverage_judge(m->v, proof, err);

	for (uint32_t i = 0; i < m->v->gaps.n && rc == 0; i++) {
		const struct lf_gap *g = &m->v->gaps.list[i];
		const struct lf_line *l = &m->v->lines.list[g->line];

		rc = mark(m->t, l, g, g->start, false, err);
		if (rc == 0 && !g->open)
			rc = mark(m->t, l, g, g->end, true, err);
	}
	return rc;
}

int
lf_timeline_run_gaps(struct lf_timeline *t, struct lf_case *c, const struct lf_coverage_opts *o, struct lf_err *err)
{
	struct lf_listener listener;
	struct lf_rider rider;
	struct lf_coverage v;
	struct marking m = {t, &v};
	int rc = lf_coverage_init(&v, c, o, err);

	if (rc == 0) {
		lf_coverage_listener(&v, &listener);
		lf_coverage_rider(&v, &rider);
		lf_timeline_join(t, &listener, &rider, judged, &m);
		rc = lf_timeline_run(t, err);
		lf_timeline_join(t, NULL, NULL, NULL, NULL);
	}
	lf_coverage_release(&v);
	return rc;
}
