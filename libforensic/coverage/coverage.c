#include "coverage/coverage.h"

#include <stdlib.h>
#include <string.h>

#include "proof/rows.h"
#include "timeline/integrity.h"
#include "timeline/timeline.h"

/* How long after it was switched on a region is watched. */
#define WATCHED_AFTER (24 * LF_HOUR)

int
lf_coverage_init(struct lf_coverage *v, struct lf_case *c, const struct lf_coverage_opts *o, struct lf_err *err)
{
	memset(v, 0, sizeof(*v));
	v->c = c;
	v->min = o->min;
	lf_skips_init(&v->skipped);
	lf_list_init(&v->found, sizeof(struct lf_found));
	lf_arena_init(&v->waiting);
	if (lf_scribes_init(&v->scribes, err) != 0 || lf_controls_init(&v->controls, err) != 0)
		return -1;
	return o->lineage ? lf_lineage_new(&v->lineage, err) : 0;
}

void
lf_coverage_release(struct lf_coverage *v)
{
	lf_gaps_free(&v->gaps);
	lf_lines_free(&v->lines);
	lf_controls_free(&v->controls);
	lf_lineage_free(v->lineage);
	lf_result_free(v->proof);
	lf_scribes_free(&v->scribes);
	lf_skips_free(&v->skipped);
	lf_list_free(&v->found);
	lf_arena_free(&v->waiting);
}

void
lf_coverage_free(struct lf_coverage *v)
{
	if (v == NULL)
		return;
	lf_coverage_release(v);
	free(v);
}

/* ---- Judging ---- */

/* Control events and issued sessions, each with what the proof says of its log. */
static int
add_controls(struct lf_coverage *v, struct lf_err *err)
{
	const struct lf_proof *p = v->proof->proof;
	uint8_t *integrity = lf_integrity_of_logs(p, err);
	int rc = integrity == NULL ? -1 : 0;

	for (uint32_t i = 0; i < v->found.n && rc == 0; i++) {
		const struct lf_found *f = lf_list_at(&v->found, i);

		rc = lf_controls_add(&v->controls, f->bytes, f->len, f->present == LF_NONE ? LF_INTEGRITY_NONE :
		    integrity[f->present], err);
	}
	if (rc == 0 && v->lineage != NULL)
		lf_lineage_prove(v->lineage, integrity, p->body.present.n);
	free(integrity);
	lf_list_free(&v->found);
	lf_arena_free(&v->waiting);
	for (uint32_t i = 0; i < p->chains.n && rc == 0; i++)
		if (p->chains.list[i].bucket != NULL)
			rc = lf_controls_bucket(&v->controls, p->chains.list[i].bucket, err);
	return rc == 0 ? lf_controls_settle(&v->controls, err) : -1;
}

/* Fills the actors: the root of the chain of roles where that was asked for, else who acted. */
static int
fill_actors(struct lf_coverage *v, struct lf_err *err)
{
	struct lf_buf text;
	int rc = v->lineage == NULL ? 0 : lf_lineage_finish(v->lineage, err);

	lf_buf_init(&text);
	for (uint32_t i = 0; i < v->controls.list.n && rc == 0; i++) {
		struct lf_control *c = lf_list_at(&v->controls.list, i);

		c->actor = c->principal;
		if (v->lineage == NULL)
			continue;
		lf_buf_reset(&text);
		lf_lineage_actor(v->lineage, &(struct lf_lineage_use){{c->access_key, strlen(c->access_key)},
		    {c->principal, strlen(c->principal)}, {c->event_name, strlen(c->event_name)}, c->time, c->integrity}, &text);
		if (text.failed || (c->actor = lf_intern_n(&v->controls.strings, lf_buf_str(&text), text.len)) == NULL)
			rc = lf_err_nomem(err);
	}
	lf_buf_free(&text);
	return rc;
}

/* Whether a line was asked for. */
static bool
is_selected(const struct lf_select *s, const struct lf_line *l)
{
	return lf_select_place(s, l->account, strlen(l->account), l->region, strlen(l->region)) &&
	    (s->n_trails == 0 || (l->trail != NULL && lf_select_trail(s, l->trail)));
}

/* Whether a line is asked for.  One that begins where --until ends, or later, is not: coverage begins there. */
static bool
is_asked(const struct lf_coverage *v, const struct lf_line *l)
{
	bool later = l->n_spans == 0 && l->begins != LF_TIME_NONE && v->lines.until != LF_TIME_NONE && l->begins >= v->lines.until;

	return is_selected(&v->c->select, l) && !later;
}

/* Drops what was not asked for.  It was laid out all the same, since other lines tell what happened to one. */
static int
select_lines(struct lf_coverage *v, struct lf_err *err)
{
	struct lf_lines *l = &v->lines;
	uint32_t *place = calloc((size_t)l->n + 1, sizeof(*place)), n = 0, kept = 0;

	if (place == NULL)
		return lf_err_nomem(err);
	for (uint32_t i = 0; i < l->n; i++) {
		place[i] = UINT32_MAX;
		if (!is_asked(v, &l->list[i]))
			continue;
		place[i] = n;
		l->list[n++] = l->list[i];
	}
	for (uint32_t i = 0; i < v->gaps.n; i++) {
		if (place[v->gaps.list[i].line] == UINT32_MAX)
			continue;
		v->gaps.list[kept] = v->gaps.list[i];
		v->gaps.list[kept].line = place[v->gaps.list[i].line];
		kept++;
	}
	v->unasked = l->n - n;
	l->n = n;
	v->gaps.n = kept;
	free(place);
	return 0;
}

/* Impairments of other accounts and regions are left out, but for those that a gap names. */
static void
select_impairments(struct lf_coverage *v)
{
	const struct lf_select *s = &v->c->select;

	for (uint32_t i = 0; i < v->controls.list.n; i++) {
		struct lf_control *c = lf_list_at(&v->controls.list, i);

		c->asked = lf_select_place(s, c->account, strlen(c->account), c->region, strlen(c->region)) &&
		    (c->time == LF_TIME_NONE || lf_select_time(s, c->time));
	}
	for (uint32_t i = 0; i < v->gaps.n; i++)
		for (uint32_t k = 0; k < v->gaps.list[i].n_events; k++)
			((struct lf_control *)(uintptr_t)v->gaps.list[i].events[k])->asked = true;
	for (uint32_t i = 0; i < v->controls.list.n; i++) {
		struct lf_control *c = lf_list_at(&v->controls.list, i);
		c->impairs = c->impairs && c->asked;
	}
}

/* To switch on a region impairs logging where no trail comes to watch it, which takes hours at most. */
static void
forgive_watched(struct lf_coverage *v)
{
	for (uint32_t i = 0; i < v->controls.list.n; i++) {
		struct lf_control *c = lf_list_at(&v->controls.list, i);

		if (lf_control_does(c, LF_EFFECT_REGION_ON) && c->time != LF_TIME_NONE && c->time < INT64_MAX - WATCHED_AFTER &&
		    lf_lines_watch(&v->lines, c->account, c->target, c->time, c->time + WATCHED_AFTER))
			c->impairs = false;
	}
}

int
lf_coverage_judge(struct lf_coverage *v, struct lf_result *proof, struct lf_err *err)
{
	v->proof = proof;
	if (add_controls(v, err) != 0 || fill_actors(v, err) != 0)
		return -1;
	if (lf_lines_make(proof->proof, v->c->select.since, v->c->select.until, &v->lines, err) != 0)
		return -1;
	if (lf_gaps_find(&v->lines, &v->controls, &v->gaps, err) != 0)
		return -1;
	forgive_watched(v);
	if (select_lines(v, err) != 0)
		return -1;
	lf_gaps_drop_short(&v->gaps, v->min);
	select_impairments(v);
	return 0;
}

int
lf_coverage_run(struct lf_case *c, const struct lf_coverage_opts *o, struct lf_coverage **out, struct lf_err *err)
{
	struct lf_coverage *v = malloc(sizeof(*v));
	struct lf_listener listener;
	struct lf_result *proof;

	*out = NULL;
	if (v == NULL)
		return lf_err_nomem(err);
	if (lf_coverage_init(v, c, o, err) == 0) {
		lf_coverage_listener(v, &listener);
		if (lf_verify_listen(c, false, &listener, &proof, err) == 0 && lf_coverage_judge(v, proof, err) == 0)
			*out = v;
	}
	if (*out == NULL)
		lf_coverage_free(v);
	return *out == NULL ? -1 : 0;
}

/* ---- The verdict, and what else there is to say ---- */

void
lf_coverage_notes(const struct lf_coverage *v, bool detail, void (*say)(void *arg, const char *line), void *arg)
{
	if (detail)
		lf_skips_say(&v->skipped, say, arg);
}

/* Whether a line is proved throughout, and to the end of what was asked for. */
static bool
line_proved(const struct lf_line *l, int64_t until)
{
	for (uint32_t k = 0; k < l->n_spans; k++)
		if (!lf_span_holds(&l->spans[k], true))
			return false;
	return l->n_spans > 0 && (until == LF_TIME_NONE || l->spans[l->n_spans - 1].end >= until);
}

/* Whether all that was laid out is proved. */
static bool
all_proved(const struct lf_lines *l)
{
	for (uint32_t i = 0; i < l->n; i++)
		if (!line_proved(&l->list[i], l->until))
			return false;
	return true;
}

enum lf_verdict
lf_coverage_verdict(const struct lf_coverage *v)
{
	if (v->gaps.n > 0)
		return LF_FINDINGS;
	return v->skipped.list.n > 0 || v->lines.n == 0 || v->lines.digests_alone || v->gaps.left_out > 0 || !all_proved(&v->lines) ?
	    LF_INCONCLUSIVE : LF_VERIFIED;
}
