/*
 * Coverage, gaps and impairments as a JSON document.  "findings" is empty: what this tool holds against logging are
 * its gaps, and each stands in "gaps" once; what is held against digests and logs is trail-verify's to say, and counted
 * in "summary" as "alerts".
 */
#include "report/gaps_form.h"
#include "report/gaps_words.h"
#include "report/json_parts.h"
#include "report/words.h"
#include "timeline/timeline.h"

static void
summary(struct lf_jsonw *w, const struct lf_coverage *c, const struct lf_gaps_counts *n)
{
	lf_jsonw_object_flat(w, "summary");
	lf_jsonw_int(w, "lines", n->lines);
	lf_jsonw_int(w, "gaps", (int64_t)n->gaps);
	lf_jsonw_int(w, "unexplained", (int64_t)n->unexplained);
	lf_jsonw_int(w, "open", (int64_t)n->open);
	lf_jsonw_int(w, "left_out", c->gaps.left_out);
	lf_jsonw_int(w, "impairments", (int64_t)n->impairments);
	lf_jsonw_int(w, "attempted", (int64_t)n->attempted);
	lf_jsonw_int(w, "events", (int64_t)c->events);
	lf_jsonw_bool(w, "digests_alone", c->lines.digests_alone);
	lf_jsonw_int(w, "alerts", (int64_t)n->alerts);
	lf_jsonw_end(w);
}

static void
line(struct lf_jsonw *w, const struct lf_line *l)
{
	lf_jsonw_object(w, NULL);
	lf_jsonw_string(w, "account", l->account);
	lf_jsonw_string(w, "organization", lf_or_null(l->org));
	lf_jsonw_string(w, "region", l->region);
	lf_jsonw_string(w, "trail", l->trail);
	lf_jsonw_string(w, "home_region", l->home_region);
	lf_jsonw_array(w, "intervals");
	for (uint32_t i = 0; i < l->n_spans; i++) {
		lf_jsonw_object_flat(w, NULL);
		lf_jsonw_time(w, "start", l->spans[i].start);
		lf_jsonw_time(w, "end", l->spans[i].end);
		lf_jsonw_string(w, "state", lf_cover_names[l->spans[i].state]);
		lf_jsonw_end(w);
	}
	lf_jsonw_end(w);
	lf_jsonw_end(w);
}

static void
ended_by(struct lf_jsonw *w, const struct lf_control *e)
{
	if (e == NULL) {
		lf_jsonw_null(w, "ended_by");
		return;
	}
	lf_jsonw_object_flat(w, "ended_by");
	lf_jsonw_string(w, "event_id", lf_or_null(e->event_id));
	lf_jsonw_string(w, "event_name", lf_or_null(e->event_name));
	lf_jsonw_string(w, "actor", lf_control_who(e));
	lf_jsonw_time(w, "time", e->time);
	lf_jsonw_end(w);
}

static void
gap(struct lf_jsonw *w, const struct lf_coverage *c, const struct lf_gap *g)
{
	const struct lf_line *l = &c->lines.list[g->line];

	lf_jsonw_object(w, NULL);
	lf_jsonw_string(w, "account", l->account);
	lf_jsonw_string(w, "region", l->region);
	lf_jsonw_string(w, "trail", l->trail);
	lf_jsonw_time(w, "start", g->start);
	lf_jsonw_time(w, "end", g->end);
	lf_jsonw_int(w, "seconds", g->end - g->start);
	lf_jsonw_string(w, "cause", lf_cause_names[g->cause]);
	lf_jsonw_bool(w, "explained", g->explained);
	lf_jsonw_string(w, "actor", lf_control_who(g->by));
	lf_jsonw_string(w, "source_ip", g->by == NULL ? NULL : lf_or_null(g->by->source_ip));
	lf_jsonw_array_flat(w, "event_ids");
	for (uint32_t i = 0; i < g->n_events; i++)
		lf_jsonw_string(w, NULL, lf_or_null(g->events[i]->event_id));
	lf_jsonw_end(w);
	ended_by(w, g->ended_by);
	lf_json_strings(w, "covered_by", g->covered_by, g->n_covered_by);
	lf_jsonw_end(w);
}

static void
impairment(struct lf_jsonw *w, const struct lf_control *e)
{
	lf_jsonw_object(w, NULL);
	lf_jsonw_time(w, "time", e->time);
	lf_jsonw_string(w, "event_source", lf_or_null(e->event_source));
	lf_jsonw_string(w, "event_name", lf_or_null(e->event_name));
	lf_jsonw_string(w, "class", lf_or_null(e->class_name));
	lf_jsonw_string(w, "actor", lf_control_who(e));
	lf_jsonw_string(w, "source_ip", lf_or_null(e->source_ip));
	lf_jsonw_string(w, "account", lf_or_null(e->account));
	lf_jsonw_string(w, "region", lf_or_null(e->region));
	lf_jsonw_string(w, "target", lf_or_null(e->target));
	lf_jsonw_bool(w, "effective", e->effective);
	lf_jsonw_string(w, "error_code", lf_or_null(e->error_code));
	lf_jsonw_string(w, "event_id", lf_or_null(e->event_id));
	lf_jsonw_string(w, "integrity", e->integrity >= LF_INTEGRITY_UNKNOWN ? NULL : lf_integrity_names[e->integrity]);
	lf_jsonw_end(w);
}

static void
lists(struct lf_jsonw *w, const struct lf_coverage *c)
{
	lf_jsonw_array(w, "coverage");
	for (uint32_t i = 0; i < c->lines.n; i++)
		line(w, &c->lines.list[i]);
	lf_jsonw_end(w);
	lf_jsonw_array(w, "gaps");
	for (uint32_t i = 0; i < c->gaps.n; i++)
		gap(w, c, &c->gaps.list[i]);
	lf_jsonw_end(w);
	lf_jsonw_array(w, "impairments");
	for (uint32_t i = 0; i < c->controls.list.n; i++)
		if (lf_control_at(c, i)->impairs)
			impairment(w, lf_control_at(c, i));
	lf_jsonw_end(w);
	lf_jsonw_array(w, "findings");
	lf_jsonw_end(w);
	lf_jsonw_array(w, "skipped");
	for (uint32_t i = 0; i < c->skipped.list.n; i++) {
		const struct lf_skip *s = lf_skips_at(&c->skipped, i);

		lf_json_skip(w, s->locator, s->reason);
	}
	lf_jsonw_end(w);
}

int
lf_gaps_json(const struct lf_coverage *c, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err)
{
	struct lf_gaps_counts n;
	struct lf_jsonw w;

	if (!lf_gaps_count(c, &n))
		return lf_err_nomem(err);
	lf_jsonw_init(&w, write, arg);
	lf_jsonw_object(&w, NULL);
	lf_json_head(&w, "trail-gaps", lf_coverage_verdict(c), c->c == NULL ? NULL : &c->c->select, o);
	summary(&w, c, &n);
	if (c->proof != NULL)
		lf_json_anchors(&w, c->proof);
	lf_jsonw_array(&w, "limits");
	lf_json_limits(&w, lf_limit_text);
	lf_json_limits(&w, lf_gap_limit_text);
	lf_jsonw_end(&w);
	lists(&w, c);
	lf_jsonw_end(&w);
	return lf_jsonw_finish(&w, err);
}
