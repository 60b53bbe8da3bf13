#include "coverage/coverage.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "proof/rows.h"
#include "timeline/integrity.h"
#include "timeline/timeline.h"

#define WAITING_MAX ((uint64_t)8 << 20) /* bytes of catches that may wait for an earlier one */

/* What a worker found in one object. */
struct catch {
	struct lf_buf controls, issues;
	struct lf_buf further_issues;
	struct lf_buf further; /* controls of gzip members behind the first, of which no digest says anything */
	uint64_t events;
	char *problem;
	size_t len; /* of locator */
	char locator[];
};

/* How long after it was switched on a region is watched. */
#define WATCHED_AFTER (24 * LF_HOUR)

/* The control events of an object, which wait for the proof to say what the object is. */
struct found {
	uint32_t present; /* row of the proof's body, or LF_NONE */
	const char *bytes;
	size_t len;
};

int
lf_coverage_init(struct lf_coverage *v, struct lf_case *c, const struct lf_coverage_opts *o, struct lf_err *err)
{
	memset(v, 0, sizeof(*v));
	v->c = c;
	v->min = o->min;
	lf_list_init(&v->skipped, sizeof(struct lf_coverage_skip));
	lf_list_init(&v->found, sizeof(struct found));
	lf_arena_init(&v->arena);
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
	lf_list_free(&v->skipped);
	lf_list_free(&v->found);
	lf_arena_free(&v->waiting);
	lf_arena_free(&v->arena);
}

void
lf_coverage_free(struct lf_coverage *v)
{
	if (v == NULL)
		return;
	lf_coverage_release(v);
	free(v);
}

/* ---- The pass ---- */

/* An object on its way into a catch. */
struct taking {
	const struct lf_coverage *v;
	struct catch *catch;
};

static int
take_event(void *arg, struct lf_scribe *s, const struct lf_event *e, uint32_t index, struct lf_err *err)
{
	const struct taking *t = arg;
	struct lf_buf *controls = s->further ? &t->catch->further : &t->catch->controls;
	struct lf_values v;

	(void)index;
	t->catch->events++;
	if (lf_values_of(e, &s->values, &v) != 0)
		return lf_err_nomem(err);
	lf_control_extract(e, &v, controls);
	if (t->v->lineage != NULL)
		lf_lineage_extract(e, &v, s->further ? &t->catch->further_issues : &t->catch->issues);
	return controls->failed || t->catch->issues.failed ? lf_err_nomem(err) : 0;
}

static void
drop(void *arg, void *product)
{
	struct catch *k = product;

	(void)arg;
	if (k == NULL)
		return;
	lf_buf_free(&k->controls);
	lf_buf_free(&k->further);
	lf_buf_free(&k->further_issues);
	lf_buf_free(&k->issues);
	free(k->problem);
	free(k);
}

static int
work(void *arg, const struct lf_object *o, void **product, struct lf_err *err)
{
	struct lf_coverage *v = arg;
	struct catch *k = calloc(1, sizeof(*k) + o->locator_len + 1);
	struct taking t = {v, k};
	struct lf_harvest h = {.max_object = v->c->limits.max_object, .take = take_event, .arg = &t};
	struct lf_scribe *s;
	int rc;

	if ((*product = k) == NULL)
		return lf_err_nomem(err);
	lf_buf_init(&k->controls);
	lf_buf_init(&k->further);
	lf_buf_init(&k->further_issues);
	lf_buf_init(&k->issues);
	k->len = o->locator_len;
	memcpy(k->locator, o->locator, o->locator_len);
	if ((s = lf_scribes_borrow(&v->scribes, err)) == NULL)
		return -1;
	rc = lf_harvest_object(s, o, &h, &k->problem, err);
	lf_scribes_return(&v->scribes, s);
	return rc;
}

static int
skip(struct lf_coverage *v, const struct catch *k, struct lf_err *err)
{
	struct lf_coverage_skip *s = lf_list_push(&v->skipped);

	if (s == NULL)
		return lf_err_nomem(err);
	s->locator = lf_arena_strndup(&v->arena, k->locator, k->len);
	s->reason = lf_arena_strdup(&v->arena, k->problem);
	return s->locator == NULL || s->reason == NULL ? lf_err_nomem(err) : 0;
}

static int
keep(struct lf_coverage *v, const struct lf_buf *controls, uint32_t present, struct lf_err *err)
{
	struct found *f = lf_list_push(&v->found);

	if (f == NULL)
		return lf_err_nomem(err);
	f->present = present;
	f->len = controls->len;
	f->bytes = lf_arena_strndup(&v->waiting, controls->data, controls->len);
	return f->bytes == NULL ? lf_err_nomem(err) : 0;
}

static int
deliver(void *arg, void *product, uint32_t present, struct lf_err *err)
{
	struct lf_coverage *v = arg;
	struct catch *k = product;
	int rc = 0;

	v->events += k->events;
	v->objects += k->events > 0;
	if (k->problem != NULL)
		rc = skip(v, k, err);
	if (rc == 0 && k->controls.len > 0)
		rc = keep(v, &k->controls, present, err);
	if (rc == 0 && k->further.len > 0)
		rc = keep(v, &k->further, LF_NONE, err);
	if (rc == 0 && k->issues.len > 0)
		rc = lf_lineage_add(v->lineage, k->issues.data, k->issues.len, present, err);
	if (rc == 0 && k->further_issues.len > 0)
		rc = lf_lineage_add(v->lineage, k->further_issues.data, k->further_issues.len, LF_NONE, err);
	drop(v, k);
	return rc;
}

/* Everything: who stopped a trail is recorded in its home region, and nobody knows when. */
static bool
want(void *arg, uint32_t source, const char *place, size_t len, const struct lf_s3key *key)
{
	(void)arg;
	(void)source;
	(void)place;
	(void)len;
	(void)key;
	return true;
}

/* The bytes that a catch takes. */
static uint64_t
weight(void *arg, const void *product)
{
	const struct catch *k = product;

	(void)arg;
	return sizeof(*k) + k->len + k->controls.cap + k->issues.cap;
}

void
lf_coverage_listener(struct lf_coverage *v, struct lf_listener *out)
{
	*out = (struct lf_listener){.weight = weight, .bound = WAITING_MAX, .want = want, .work = work, .deliver = deliver, .drop = drop, .arg = v};
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
		const struct found *f = lf_list_at(&v->found, i);

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
	struct lf_buf line;

	lf_buf_init(&line);
	for (uint32_t i = 0; detail && i < v->skipped.n; i++) {
		const struct lf_coverage_skip *s = lf_list_at(&v->skipped, i);

		lf_buf_reset(&line);
		lf_buf_puts(&line, "not read: ");
		lf_text_terminal(&line, s->locator, strlen(s->locator));
		lf_buf_puts(&line, ": ");
		lf_text_terminal(&line, s->reason, strlen(s->reason));
		say(arg, lf_buf_str(&line));
	}
	lf_buf_free(&line);
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
	return v->skipped.n > 0 || v->lines.n == 0 || v->lines.digests_alone || v->gaps.left_out > 0 || !all_proved(&v->lines) ?
	    LF_INCONCLUSIVE : LF_VERIFIED;
}
