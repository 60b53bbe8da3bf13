#include "report/gaps_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/report_value.h"
#include "timeline/timeline.h"

struct reading {
	struct lf_coverage *c;
	const struct lf_control **known; /* events, by id */
	uint32_t n_known;
	struct lf_err *err;
};

/* A string for people: cut where it is very long, "" where there is none. */
static const char *
text(struct reading *r, const json_t *o, const char *name)
{
	const char *s = lf_value_text(o, name, "");
	size_t len = strlen(s), n = LF_CONTROL_TEXT;
	char *cut;

	if (len <= n)
		return s;
	while (n > LF_CONTROL_TEXT - 4 && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--;
	if ((cut = lf_arena_alloc(&r->c->lines.arena, n + 40)) == NULL)
		return "";
	memcpy(cut, s, n);
	snprintf(cut + n, 40, "... (%zu bytes)", len);
	return cut;
}

static int
bad(struct reading *r, const char *list, uint32_t i, const char *what)
{
	return lf_err_set(r->err, "%s %u of the list: %s", list, i + 1, what);
}

/* ---- Lines ---- */

static bool
state_read(const char *name, uint8_t *out)
{
	for (uint8_t i = 0; name != NULL && i <= LF_COVER_UNKNOWN; i++) {
		if (strcmp(lf_cover_names[i], name) == 0) {
			*out = i;
			return true;
		}
	}
	return false;
}

static int
spans(struct reading *r, const json_t *list, uint32_t at, struct lf_line *l)
{
	uint32_t n = lf_value_size(list);
	struct lf_span *s = lf_arena_alloc(&r->c->lines.arena, ((size_t)n + 1) * sizeof(*s));

	if (s == NULL)
		return lf_err_nomem(r->err);
	for (uint32_t i = 0; i < n; i++) {
		const json_t *o = json_array_get(list, i);

		s[i] = (struct lf_span){.start = lf_value_time(o, "start"), .end = lf_value_time(o, "end")};
		if (!state_read(lf_json_string(o, "state"), &s[i].state) || s[i].start == LF_TIME_NONE || s[i].end < s[i].start ||
		    (i > 0 && s[i].start < s[i - 1].end))
			return bad(r, "line", at, "its intervals cannot be used");
	}
	l->spans = s;
	l->n_spans = n;
	return 0;
}

static int
texts(const char *a, const char *b)
{
	return a == NULL || b == NULL ? (a != NULL) - (b != NULL) : strcmp(a, b);
}

static int
line_cmp(const void *x, const void *y)
{
	const struct lf_line *a = x, *b = y;
	int c;

	if ((c = strcmp(a->account, b->account)) != 0 || (c = strcmp(a->region, b->region)) != 0)
		return c;
	return texts(a->trail, b->trail);
}

/* From when to when the lines are drawn: what is proved decides where anything is. */
static void
bounds(struct lf_lines *l)
{
	for (int pass = 0; pass < 2 && l->shown_first == LF_TIME_NONE; pass++) {
		for (uint32_t i = 0; i < l->n; i++) {
			for (uint32_t k = 0; k < l->list[i].n_spans; k++) {
				const struct lf_span *s = &l->list[i].spans[k];

				if (pass == 0 && (s->state == LF_COVER_UNPROVEN || s->state == LF_COVER_UNKNOWN))
					continue;
				if (l->shown_first == LF_TIME_NONE || s->start < l->shown_first)
					l->shown_first = s->start;
				if (l->shown_last == LF_TIME_NONE || s->end > l->shown_last)
					l->shown_last = s->end;
				l->proved |= lf_span_covered(s) && s->state != LF_COVER_UNPROVEN;
			}
		}
	}
	l->first = l->shown_first;
	l->last = l->shown_last;
}

static int
lines(struct reading *r, const json_t *doc)
{
	const json_t *list = json_object_get(doc, "coverage");
	struct lf_lines *l = &r->c->lines;
	uint32_t n = lf_value_size(list);

	if ((l->list = lf_arena_alloc(&r->c->lines.arena, ((size_t)n + 1) * sizeof(*l->list))) == NULL)
		return lf_err_nomem(r->err);
	for (; l->n < n; l->n++) {
		const json_t *o = json_array_get(list, l->n);
		struct lf_line *x = &l->list[l->n];

		*x = (struct lf_line){.account = text(r, o, "account"), .org = text(r, o, "organization"),
		    .region = text(r, o, "region"), .trail = text(r, o, "trail"),
		    .home_region = text(r, o, "home_region"), .bucket = "", .begins = LF_TIME_NONE, .named_head = LF_TIME_NONE};
		if (json_is_null(json_object_get(o, "trail")))
			x->trail = x->home_region = NULL;
		if (spans(r, json_object_get(o, "intervals"), l->n, x) != 0)
			return -1;
	}
	qsort(l->list, l->n, sizeof(*l->list), line_cmp);
	l->shown_first = l->shown_last = l->until = LF_TIME_NONE;
	l->digests_alone = lf_value_true(json_object_get(doc, "summary"), "digests_alone");
	bounds(l);
	return 0;
}

/* ---- Events ---- */

static int
known_cmp(const void *x, const void *y)
{
	const struct lf_control *const *a = x, *const *b = y;

	return strcmp((*a)->event_id, (*b)->event_id);
}

static const struct lf_control empty = {.class_name = "", .event_source = "", .event_name = "", .error_code = "",
    .event_id = "", .principal = "", .access_key = "", .source_ip = "", .actor = "", .account = "", .region = "",
    .target = "", .trail = "", .trail_region = "", .trail_account = "", .detail = "", .time = LF_TIME_NONE,
    .integrity = LF_INTEGRITY_UNKNOWN};

/* What proves the log that an event comes from. */
static uint8_t
integrity(const json_t *o)
{
	const char *name = lf_json_string(o, "integrity");
	uint8_t i = 0;

	while (name != NULL && i < LF_INTEGRITY_UNKNOWN && strcmp(lf_integrity_names[i], name) != 0)
		i++;
	return name == NULL ? LF_INTEGRITY_UNKNOWN : i;
}

static int
impairments(struct reading *r, const json_t *doc)
{
	const json_t *list = json_object_get(doc, "impairments"), *o;
	size_t at;

	json_array_foreach(list, at, o) {
		struct lf_control *e = lf_list_push(&r->c->controls.list);

		if (e == NULL)
			return lf_err_nomem(r->err);
		*e = empty;
		e->time = lf_value_time(o, "time");
		e->impairs = true;
		e->effective = lf_value_true(o, "effective");
		e->integrity = integrity(o);
		e->class_name = text(r, o, "class");
		e->event_source = text(r, o, "event_source");
		e->event_name = text(r, o, "event_name");
		e->error_code = text(r, o, "error_code");
		e->event_id = text(r, o, "event_id");
		e->principal = text(r, o, "actor");
		e->source_ip = text(r, o, "source_ip");
		e->account = text(r, o, "account");
		e->region = text(r, o, "region");
		e->target = text(r, o, "target");
	}
	return 0;
}

/* An event of which a gap says no more than this; documents of older versions do not name the call. */
static const struct lf_control *
mention(struct reading *r, const char *id, const char *name, int64_t time, const char *who)
{
	struct lf_control *e = lf_arena_alloc(&r->c->lines.arena, sizeof(*e));

	if (e == NULL)
		return NULL;
	*e = empty;
	e->event_id = id;
	e->event_name = *name != '\0' ? name : "an event";
	e->time = time;
	e->principal = who;
	e->effective = true;
	return e;
}

/* Adds to the known events the one that ended a gap. */
static int
ended_by(struct reading *r, const json_t *gap)
{
	const json_t *o = json_object_get(gap, "ended_by");

	if (!json_is_object(o))
		return 0;
	if ((r->known[r->n_known] = mention(r, text(r, o, "event_id"), text(r, o, "event_name"), lf_value_time(o, "time"),
	    text(r, o, "actor"))) == NULL)
		return lf_err_nomem(r->err);
	r->n_known++;
	return 0;
}

/* All events of which something is known, each once: impairments before what gaps mention. */
static int
know(struct reading *r, const json_t *doc)
{
	const json_t *gaps = json_object_get(doc, "gaps"), *o;
	uint32_t n = r->c->controls.list.n, kept = 0;
	size_t at;

	if ((r->known = calloc((size_t)n + lf_value_size(gaps) + 1, sizeof(*r->known))) == NULL)
		return lf_err_nomem(r->err);
	for (uint32_t i = 0; i < n; i++)
		r->known[r->n_known++] = lf_list_at(&r->c->controls.list, i);
	qsort(r->known, r->n_known, sizeof(*r->known), known_cmp);
	n = r->n_known;
	json_array_foreach(gaps, at, o)
		if (ended_by(r, o) != 0)
			return -1;
	/* What is an impairment is not known better from a gap. */
	for (uint32_t i = n; i < r->n_known; i++)
		if (bsearch(&r->known[i], r->known, n, sizeof(*r->known), known_cmp) == NULL)
			r->known[n + kept++] = r->known[i];
	r->n_known = n + kept;
	qsort(r->known, r->n_known, sizeof(*r->known), known_cmp);
	return 0;
}

static const struct lf_control *
event(struct reading *r, const char *id)
{
	struct lf_control probe = {.event_id = id};
	const struct lf_control *key = &probe, **found = bsearch(&key, r->known, r->n_known, sizeof(*r->known), known_cmp);

	return found != NULL ? *found : mention(r, id, "", LF_TIME_NONE, "");
}

/* ---- Gaps ---- */

static uint8_t
cause_read(const char *name)
{
	for (uint8_t i = 0; name != NULL && i < LF_CAUSES; i++)
		if (strcmp(lf_cause_names[i], name) == 0)
			return i;
	return LF_CAUSES;
}

static int
name_cmp(const void *x, const void *y)
{
	const char *const *a = x, *const *b = y;

	return strcmp(*a, *b);
}

static int
covered_by(struct reading *r, const json_t *list, struct lf_gap *g)
{
	uint32_t n = lf_value_size(list);
	const char **names = lf_arena_alloc(&r->c->lines.arena, ((size_t)n + 1) * sizeof(*names));

	if (names == NULL)
		return lf_err_nomem(r->err);
	for (uint32_t i = 0; i < n; i++) {
		const char *s = json_string_value(json_array_get(list, i));
		names[i] = s != NULL ? s : "";
	}
	qsort(names, n, sizeof(*names), name_cmp);
	g->covered_by = names;
	g->n_covered_by = n;
	return 0;
}

/* The events of a gap, and who caused it: the first of them that is his, or what the gap says itself. */
static int
events(struct reading *r, const json_t *o, struct lf_gap *g)
{
	const json_t *list = json_object_get(o, "event_ids");
	uint32_t n = lf_value_size(list);
	const struct lf_control **all = lf_arena_alloc(&r->c->lines.arena, ((size_t)n + 1) * sizeof(*all));
	const char *actor = text(r, o, "actor"), *id;
	struct lf_control *who;

	for (uint32_t i = 0; i < n && all != NULL; i++) {
		id = json_string_value(json_array_get(list, i));
		if ((all[i] = event(r, id != NULL ? id : "")) == NULL)
			all = NULL;
		else if (g->by == NULL && all[i]->impairs && all[i]->effective && strcmp(all[i]->principal, actor) == 0)
			g->by = all[i];
	}
	if (all == NULL)
		return lf_err_nomem(r->err);
	g->events = all;
	g->n_events = n;
	if (g->by == NULL && *actor != '\0') {
		if ((who = lf_arena_alloc(&r->c->lines.arena, sizeof(*who))) == NULL)
			return lf_err_nomem(r->err);
		*who = empty;
		who->principal = actor;
		who->source_ip = text(r, o, "source_ip");
		g->by = who;
	}
	return 0;
}

static int
gap(struct reading *r, const json_t *o, uint32_t at, struct lf_gap *g)
{
	struct lf_line probe = {.account = text(r, o, "account"), .region = text(r, o, "region"),
	    .trail = json_is_null(json_object_get(o, "trail")) ? NULL : text(r, o, "trail")};
	const struct lf_line *l = bsearch(&probe, r->c->lines.list, r->c->lines.n, sizeof(probe), line_cmp);
	const json_t *end = json_object_get(o, "ended_by");

	*g = (struct lf_gap){.start = lf_value_time(o, "start"), .end = lf_value_time(o, "end"),
	    .cause = cause_read(lf_json_string(o, "cause")), .explained = lf_value_true(o, "explained"), .reading = ""};
	if (l == NULL)
		return bad(r, "gap", at, "no line of \"coverage\" is its account, region and trail");
	if (g->start == LF_TIME_NONE || g->end < g->start || g->cause == LF_CAUSES)
		return bad(r, "gap", at, "its start, end or cause cannot be used");
	g->line = (uint32_t)(l - r->c->lines.list);
	g->open = !json_is_object(end) && (l->n_spans == 0 || g->end >= l->spans[l->n_spans - 1].end);
	if (json_is_object(end) && (g->ended_by = event(r, text(r, end, "event_id"))) == NULL)
		return lf_err_nomem(r->err);
	return covered_by(r, json_object_get(o, "covered_by"), g) != 0 ? -1 : events(r, o, g);
}

static int
gaps(struct reading *r, const json_t *doc)
{
	const json_t *list = json_object_get(doc, "gaps");
	struct lf_gaps *g = &r->c->gaps;
	uint32_t n = lf_value_size(list);

	if ((g->list = lf_arena_alloc(&r->c->lines.arena, ((size_t)n + 1) * sizeof(*g->list))) == NULL)
		return lf_err_nomem(r->err);
	for (; g->n < n; g->n++)
		if (gap(r, json_array_get(list, g->n), g->n, &g->list[g->n]) != 0)
			return -1;
	g->left_out = (uint32_t)lf_value_count(json_object_get(doc, "summary"), "left_out");
	return 0;
}

int
lf_gaps_read(const json_t *doc, struct lf_coverage **out, struct lf_err *err)
{
	struct reading r = {.c = calloc(1, sizeof(*r.c)), .err = err};
	int rc = -1;

	if (r.c == NULL)
		return lf_err_nomem(err);
	lf_arena_init(&r.c->lines.arena);
	lf_list_init(&r.c->controls.list, sizeof(struct lf_control));
	r.c->events = lf_value_count(json_object_get(doc, "summary"), "events");
	if (lines(&r, doc) != 0 || impairments(&r, doc) != 0 || know(&r, doc) != 0 || gaps(&r, doc) != 0)
		goto out;
	*out = r.c;
	r.c = NULL;
	rc = 0;
out:
	free(r.known);
	lf_gaps_read_free(r.c);
	return rc;
}

void
lf_gaps_read_free(struct lf_coverage *c)
{
	if (c == NULL)
		return;
	lf_list_free(&c->controls.list);
	lf_arena_free(&c->lines.arena);
	free(c);
}
