#include "coverage/doubt.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "coverage/stretches.h"

#define BEFORE (LF_HOUR + LF_LOG_AFTER) /* a call this long before the end of a window may be why it was the last */

/* Calls that end coverage by digests, and what undoes each. */
static const struct {
	enum lf_clue_kind kind, undo, undo_else;
	enum { EVERY, WHOLE, AWAY } of; /* lines: any by itself, all of the trail or none, those of regions but its home */
} calls[] = {
    {LF_CLUE_STOP, LF_CLUE_START, LF_CLUE_START, WHOLE},
    {LF_CLUE_DELETE, LF_CLUE_START, LF_CLUE_START, WHOLE},
    {LF_CLUE_VALIDATION_OFF, LF_CLUE_VALIDATION_ON, LF_CLUE_START, EVERY},
    {LF_CLUE_SINGLE_REGION, LF_CLUE_MULTI_REGION, LF_CLUE_START, AWAY},
};
#define CALLS (sizeof(calls) / sizeof(calls[0]))

/* A time in which, as verified calls say, nothing was covered; to is LF_TIME_NONE where nothing undid it. */
struct blind {
	int64_t from, to;
};

/* One line under doubt. */
struct doubting {
	struct lf_doubt *d;
	const struct lf_line *line;
	const struct lf_clues *clues;
	uint32_t trail; /* its number */
	struct blind now;
	bool any;      /* now is one: the first that may matter to what comes */
	bool all;      /* whatever is not proved is off */
	bool apart;    /* what comes next is a hole of its own */
	bool failed;
};

void
lf_doubt_free(struct lf_doubt *d)
{
	free(d->spans);
	*d = (struct lf_doubt){NULL, 0, 0};
}

/* ---- calls ---- */

static const struct lf_control *
from(const struct doubting *x, enum lf_clue_kind kind, int64_t t)
{
	struct lf_clue_key key = lf_clue_key(x->line, kind);

	return lf_clues_from(x->clues, &key, t, true);
}

/* When what call i says, at t, was undone. */
static int64_t
undone(const struct doubting *x, size_t i, int64_t t)
{
	const struct lf_control *a = from(x, calls[i].undo, t), *b = from(x, calls[i].undo_else, t);

	if (a == NULL || (b != NULL && b->time < a->time))
		a = b;
	return a == NULL ? LF_TIME_NONE : a->time;
}

/* The first call of a kind at t or later that holds for the line: none ends a trail of which a line goes on, proved. */
static const struct lf_control *
call_from(const struct doubting *x, size_t i, int64_t t)
{
	const struct lf_control *call;

	if (calls[i].of == AWAY && strcmp(x->line->region, x->line->home_region) == 0)
		return NULL;
	call = from(x, calls[i].kind, t);
	while (call != NULL && calls[i].of == WHOLE &&
	    lf_stretches_cover(&x->clues->stretches, x->trail, call->time, call->time + 2 * LF_HOUR))
		call = from(x, calls[i].kind, call->time + 1);
	return call;
}

/* Goes to the first blind time that begins at t or later. */
static void
seek(struct doubting *x, int64_t t)
{
	x->any = false;
	for (size_t i = 0; i < CALLS; i++) {
		const struct lf_control *call = call_from(x, i, t);

		if (call == NULL || (x->any && call->time >= x->now.from))
			continue;
		x->now = (struct blind){call->time, undone(x, i, call->time)};
		x->any = true;
	}
}

/* ---- spans ---- */

static void
push(struct doubting *x, const struct lf_span *s)
{
	struct lf_doubt *d = x->d;

	struct lf_span *spans = x->failed || d->n == UINT32_MAX ? NULL : lf_array_more(d->spans, d->n, &d->cap, sizeof(*spans));

	x->failed = spans == NULL;
	if (x->failed)
		return;
	d->spans = spans;
	d->spans[d->n++] = *s;
}

/* Part of a doubtful span, as it is or off. */
static void
push_part(struct doubting *x, const struct lf_span *s, int64_t start, int64_t end, bool off)
{
	struct lf_span part = *s;

	if (start >= end)
		return;
	part.start = start;
	part.end = end;
	part.restart = s->restart && start == s->start && !off;
	if (start > s->start)
		part.logs = part.logs_missing = part.logs_unlisted = 0; /* counted once, where it begins */
	if (off || (x->all && s->state == LF_COVER_UNPROVEN)) {
		part.state = LF_COVER_OFF;
		part.doubted = true;
		part.restart = false;
		part.apart = x->apart;
	}
	push(x, &part);
	x->apart = true;
}

/* The edge of a window of a span at t, or the next behind it. */
static int64_t
edge(const struct lf_span *s, int64_t t)
{
	int64_t windows = t <= s->start ? 0 : (t - s->start - 1) / LF_HOUR + 1;

	return windows > (s->end - s->start) / LF_HOUR ? s->end : s->start + windows * LF_HOUR;
}

/* Lays a doubtful span, which may begin with a start digest, or hang together with what is before. */
static void
doubt_span(struct doubting *x, const struct lf_span *s, bool begins)
{
	int64_t at = s->start;

	x->apart = false;
	for (; x->any && x->now.from < s->end; seek(x, x->now.from + 1)) {
		int64_t start = edge(s, x->now.from), end = s->end;

		if (x->now.to != LF_TIME_NONE && x->now.to < s->end)
			end = begins && x->now.to <= s->start + LF_HOUR ? s->start : edge(s, x->now.to);
		start = start < at ? at : start;
		push_part(x, s, at, start < end ? start : at, false);
		push_part(x, s, start, end, true);
		at = start < end ? end : at;
		if (end == s->end && (x->now.to == LF_TIME_NONE || x->now.to > s->end))
			break; /* and on into the next span */
	}
	push_part(x, s, at, s->end, false);
}

/* The spans up to the last verified one. */
static uint32_t
proved_until(const struct lf_line *line)
{
	uint32_t n = line->n_spans;

	while (n > 0 && !lf_span_holds(&line->spans[n - 1], true))
		n--;
	return n;
}

/*
 * Whether spans from n on, the last unproven one before end, are no more than the last window of a segment and a hole
 * behind it.
 */
static bool
one_window(const struct lf_line *line, uint32_t n, uint32_t end)
{
	int64_t unproven = 0;

	for (uint32_t i = n; i < end; i++)
		if (line->spans[i].state == LF_COVER_UNPROVEN)
			unproven += line->spans[i].end - line->spans[i].start;
	return unproven <= LF_HOUR && end < line->n_spans;
}

int
lf_doubt_line(struct lf_doubt *d, const struct lf_lines *l, const struct lf_line *line, const struct lf_clues *clues,
    struct lf_line *out)
{
	struct doubting x = {.d = d, .line = line, .clues = clues};
	uint32_t n = proved_until(line), last = line->n_spans;

	*out = *line;
	if (!l->proved || line->trail == NULL || n == line->n_spans)
		return 0;
	while (last > n && line->spans[last - 1].state != LF_COVER_UNPROVEN)
		last--;
	d->n = 0;
	x.trail = clues->survival[line - l->list].trail;
	x.all = n > 0 && l->last - line->spans[n - 1].end > LF_TAIL_SLACK && !one_window(line, n, last);
	seek(&x, (n > 0 ? line->spans[n - 1].end : line->spans[0].start) - BEFORE);
	for (uint32_t i = 0; i < line->n_spans; i++) {
		const struct lf_span *s = &line->spans[i];

		if (i < n || i >= last || s->state > LF_COVER_MISSING)
			push(&x, s);
		else
			doubt_span(&x, s, s->restart || i == 0 || s[-1].state >= LF_COVER_OFF);
	}
	if (!x.failed && x.all && d->spans[d->n - 1].doubted && d->spans[d->n - 1].end < l->last)
		d->spans[d->n - 1].end = l->last; /* too little was left to be laid as off */
	out->spans = d->spans;
	out->n_spans = (uint32_t)d->n;
	return x.failed ? -1 : 0;
}
