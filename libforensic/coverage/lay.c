#include "coverage/lay.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

void
lf_lay_free(struct lf_lay *l)
{
	free(l->spans);
	free(l->lost);
	l->spans = NULL;
	l->lost = NULL;
	l->n = l->n_lost = 0;
	l->cap = l->cap_lost = 0;
}

void
lf_lay_begin(struct lf_lay *l, const struct lf_seen *seen, uint32_t n_seen)
{
	l->seen = seen;
	l->n_seen = n_seen;
	l->cursor = LF_TIME_NONE;
	l->n = l->n_lost = 0;
}

/* Room for one more of n elements of a size: the array, moved or not, or NULL with failed set. */
static void *
more(struct lf_lay *l, void *array, uint32_t n, size_t *cap, size_t size)
{
	void *grown = l->failed || n == UINT32_MAX ? NULL : lf_array_more(array, n, cap, size);

	l->failed = grown == NULL;
	return grown;
}

/* Cuts to what was asked for; false when nothing is left. */
static bool
cut(const struct lf_lay *l, int64_t *start, int64_t *end)
{
	if (l->since != LF_TIME_NONE && *start < l->since)
		*start = l->since;
	if (l->until != LF_TIME_NONE && *end > l->until)
		*end = l->until;
	return *start < *end;
}

/*
 * Appends [start, end), to the last span where that goes on.  Returns the span, or NULL when nothing of it is wanted.
 */
static struct lf_span *
append(struct lf_lay *l, int64_t start, int64_t end, enum lf_cover state, bool restart)
{
	int64_t from = start;
	struct lf_span *s = l->n > 0 ? &l->spans[l->n - 1] : NULL;

	if (!cut(l, &from, &end))
		return NULL;
	restart = restart && from == start && s != NULL && s->end == from && lf_span_covered(s);
	if (s != NULL && !restart && s->state == state && s->end == from) {
		s->end = end;
		return s;
	}
	if ((s = more(l, l->spans, l->n, &l->cap, sizeof(*s))) == NULL)
		return NULL;
	l->spans = s;
	l->spans[l->n] = (struct lf_span){.start = from, .end = end, .state = (uint8_t)state, .restart = restart};
	return &l->spans[l->n++];
}

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

void
lf_lay_blank(struct lf_lay *l, int64_t start, int64_t end, enum lf_cover state)
{
	start = later(start, l->cursor);
	if (start >= end)
		return;
	append(l, start, end, state, false);
	l->cursor = end;
}

void
lf_lay_off(struct lf_lay *l, int64_t end)
{
	int64_t start = l->cursor;
	uint32_t i = lf_seen_at(l->seen, l->n_seen, start);

	while (i < l->n_seen && l->seen[i].to < end) {
		int64_t hour = start + (l->seen[i].to - start) / LF_HOUR * LF_HOUR;
		int64_t next = end - hour < LF_HOUR ? end : hour + LF_HOUR;

		lf_lay_blank(l, l->cursor, hour, LF_COVER_OFF);
		lf_lay_blank(l, hour, next, LF_COVER_UNKNOWN);
		i += lf_seen_at(l->seen + i, l->n_seen - i, next);
	}
	lf_lay_blank(l, l->cursor, end, LF_COVER_OFF);
}

/* Takes back what no verified digest said of the time from start on. */
static void
retreat(struct lf_lay *l, int64_t start)
{
	bool moved = false, whole = false;

	while (!whole && l->n > 0 && l->spans[l->n - 1].end > start) {
		struct lf_span *s = &l->spans[l->n - 1];

		if (s->state == LF_COVER_VERIFIED || s->state == LF_COVER_QUIET)
			break;
		moved = true;
		whole = s->start < start;
		if (whole)
			s->end = start;
		else
			l->n--;
	}
	if (moved)
		l->cursor = l->n > 0 ? later(start, l->spans[l->n - 1].end) : start;
}

static uint32_t
absent_logs(const struct lf_body *b, const struct lf_digest_row *d)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < d->n_logs; i++) {
		const struct lf_listed_row *row = lf_body_listed(b, d->first_log + i);
		n += row->status == LF_L_MISSING && !row->duplicate;
	}
	return n;
}

static void
lose(struct lf_lay *l, int64_t start, int64_t end, uint32_t logs)
{
	struct lf_lost *x = l->n_lost > 0 ? &l->lost[l->n_lost - 1] : NULL;

	if (!cut(l, &start, &end))
		return;
	if (x != NULL && start <= x->end) {
		x->end = later(x->end, end);
		x->logs += logs;
		return;
	}
	if ((x = more(l, l->lost, l->n_lost, &l->cap_lost, sizeof(*x))) == NULL)
		return;
	l->lost = x;
	l->lost[l->n_lost++] = (struct lf_lost){start, end, logs};
}

/* Lays what a digest covers, [start, end) being new. */
static void
cover(struct lf_lay *l, const struct lf_digest_row *d, int64_t start, bool restart)
{
	enum lf_cover state = d->by == LF_BY_NONE ? LF_COVER_UNPROVEN
		: d->n_logs == 0 && d->foreign == NULL ? LF_COVER_QUIET : LF_COVER_VERIFIED;
	struct lf_span *s = append(l, start, d->end, state, restart);
	uint32_t absent;

	l->cursor = d->end;
	if (s == NULL)
		return;
	absent = absent_logs(l->body, d);
	s->logs += d->n_logs;
	s->logs_missing += absent;
	if (absent > 0)
		lose(l, start, d->end, absent);
}

void
lf_lay_digest(struct lf_lay *l, const struct lf_digest_row *d, int64_t start)
{
	bool first = l->cursor == LF_TIME_NONE;

	if (!first && d->by != LF_BY_NONE && start < l->cursor)
		retreat(l, start);
	if (!first && start > l->cursor) {
		if (d->is_start)
			lf_lay_off(l, start);
		else
			lf_lay_blank(l, l->cursor, start, LF_COVER_MISSING);
		cover(l, d, start, false);
	} else if (first || d->end > l->cursor) {
		cover(l, d, first ? start : l->cursor, !first && d->is_start);
	}
}

int
lf_lay_end(struct lf_lay *l, struct lf_line *line, struct lf_arena *arena)
{
	struct lf_span *spans;
	struct lf_lost *lost;

	if (l->failed || (spans = lf_arena_alloc(arena, l->n * sizeof(*spans))) == NULL ||
	    (lost = lf_arena_alloc(arena, l->n_lost * sizeof(*lost))) == NULL)
		return -1;
	for (uint32_t i = 0; i < l->n; i++) {
		uint32_t from = lf_seen_at(l->seen, l->n_seen, l->spans[i].start);
		l->spans[i].logs_unlisted = lf_seen_at(l->seen + from, l->n_seen - from, l->spans[i].end);
	}
	if (l->n > 0)
		memcpy(spans, l->spans, l->n * sizeof(*spans));
	if (l->n_lost > 0)
		memcpy(lost, l->lost, l->n_lost * sizeof(*lost));
	line->spans = spans;
	line->n_spans = l->n;
	line->lost = lost;
	line->n_lost = l->n_lost;
	return 0;
}
