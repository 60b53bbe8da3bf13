#include "coverage/spans.h"

#include <stdlib.h>
#include <string.h>

#include "coverage/bounds.h"
#include "coverage/lay.h"

#define MOST_LOOKED 4096 /* spans of a day; who plants more digests makes nobody wait */

const char *const lf_cover_names[LF_COVER_UNKNOWN + 1] = {
    [LF_COVER_VERIFIED] = "verified",
    [LF_COVER_UNPROVEN] = "unproven",
    [LF_COVER_QUIET] = "quiet",
    [LF_COVER_MISSING] = "missing",
    [LF_COVER_OFF] = "off",
    [LF_COVER_UNKNOWN] = "unknown",
};

/* What is needed while lines are made. */
struct maker {
	const struct lf_proof *p;
	struct lf_lines *out;
	struct lf_seens seens;
	struct lf_lay lay;
};

/* ---- what a digest may speak for ---- */

/* Whether the digest that stands before a verified one stands where that one names another. */
static bool
impostor(const struct lf_body *b, uint32_t row, const struct lf_digest_row *next)
{
	const struct lf_digest_row *d = lf_body_digest(b, row);

	return d->by == LF_BY_NONE && next->by != LF_BY_NONE && !next->is_start && next->pred != row &&
	    d->end > next->start - LF_HOUR / 2;
}

/* The place in the chain of the next digest from i on that covers time; n_digests without. */
static uint32_t
next_speaker(const struct lf_body *b, const struct lf_chain *c, uint32_t i)
{
	while (i < c->n_digests && !lf_digest_speaks(lf_body_digest(b, c->digests[i])))
		i++;
	return i;
}

/* ---- chains ---- */

/* The windows of digests [from, to) of a chain that are there and cover nothing: an hour each. */
static struct lf_window
ruins(const struct lf_body *b, const struct lf_chain *c, uint32_t from, uint32_t to)
{
	struct lf_window w = {LF_TIME_NONE, LF_TIME_NONE};

	for (uint32_t i = from; i < to; i++) {
		const struct lf_digest_row *d = lf_body_digest(b, c->digests[i]);

		if (lf_digest_speaks(d))
			continue;
		if (w.start == LF_TIME_NONE)
			w.start = d->end - LF_HOUR;
		w.end = d->end;
	}
	return w;
}

/* The time in the name of a digest's predecessor, as far as it may be believed; LF_TIME_NONE. */
static int64_t
named_head(const struct lf_digest_row *d)
{
	struct lf_s3key key;

	if (d->prev_key == NULL)
		return LF_TIME_NONE;
	lf_s3key_read(d->prev_key, strlen(d->prev_key), &key);
	if (key.kind != LF_KEY_DIGEST || key.stamp == LF_TIME_NONE || key.stamp > d->start)
		return LF_TIME_NONE;
	return d->by != LF_BY_NONE || key.stamp == d->start ? key.stamp : LF_TIME_NONE;
}

/*
 * Where a chain that begins with the i-th digest was cut: that one; or the first verified one, if it names a digest
 * that is not here, and a start digest that anybody can have made stands before it.
 */
static const struct lf_digest_row *
head_of(const struct lf_body *b, const struct lf_chain *c, uint32_t i)
{
	const struct lf_digest_row *first = lf_body_digest(b, c->digests[i]);

	if (!first->is_start || first->by != LF_BY_NONE)
		return first;
	for (i = next_speaker(b, c, i + 1); i < c->n_digests; i = next_speaker(b, c, i + 1)) {
		const struct lf_digest_row *d = lf_body_digest(b, c->digests[i]);

		if (d->by != LF_BY_NONE)
			return d->is_start || d->pred != LF_NONE ? first : d;
	}
	return first;
}

/* Before a digest that is no start: missing, up to the start of the first that covers time. */
static void
cut(struct maker *m, struct lf_line *line, const struct lf_digest_row *d, int64_t start)
{
	int64_t end = lf_digest_start(d), from;

	line->named_head = named_head(d);
	from = (line->named_head != LF_TIME_NONE ? line->named_head : end) - LF_HOUR;
	line->cut_head = m->lay.since == LF_TIME_NONE || m->lay.since < end;
	line->head_end = end;
	line->begins = m->out->first < from ? m->out->first : from;
	lf_lay_blank(&m->lay, line->begins, start, LF_COVER_MISSING);
}

/* What lies before the first digest that covers time; real is where the chain was cut. */
static void
head(struct maker *m, struct lf_line *line, const struct lf_digest_row *d, const struct lf_digest_row *real, struct lf_window ruin)
{
	struct lf_lay *l = &m->lay;
	int64_t start = lf_digest_start(d);

	if (real != d) {
		cut(m, line, real, start);
		return;
	}
	line->begins = start;
	if (ruin.start != LF_TIME_NONE && ruin.start < start) {
		line->begins = ruin.start;
		lf_lay_blank(l, ruin.start, d->is_start && ruin.end < start ? ruin.end : start, LF_COVER_MISSING);
		return;
	}
	if (!d->is_start) {
		cut(m, line, d, start);
		return;
	}
	if (l->n_seen > 0 && l->seen[0].to < start)
		lf_lay_blank(l, start - ((start - l->seen[0].to - 1) / LF_HOUR + 1) * LF_HOUR, start, LF_COVER_UNKNOWN);
}

/* What lies behind the last one: up to the end of the evidence, and of what logs of the line itself say. */
static void
tail(struct maker *m, const struct lf_chain *c, struct lf_window ruin)
{
	struct lf_lay *l = &m->lay;
	int64_t more = c->tail.newest_named > ruin.end ? c->tail.newest_named : ruin.end, last = m->out->last;

	if (l->n_seen > 0 && l->seen[l->n_seen - 1].to >= last)
		last = l->seen[l->n_seen - 1].to + 1;
	if (more > last)
		more = last;
	if (l->cursor == LF_TIME_NONE)
		l->cursor = ruin.start;
	if (more != LF_TIME_NONE && l->cursor != LF_TIME_NONE)
		lf_lay_blank(l, l->cursor, more, LF_COVER_MISSING);
	if (l->cursor != LF_TIME_NONE && last - l->cursor > LF_TAIL_SLACK)
		lf_lay_off(l, last);
}

/* Lays the digests of a chain, and what lies before and behind them. */
static void
lay_chain(struct maker *m, struct lf_line *line, const struct lf_chain *c)
{
	const struct lf_body *b = &m->p->body;
	uint32_t i = next_speaker(b, c, 0), last = 0;
	bool first = true;

	while (i < c->n_digests) {
		const struct lf_digest_row *d = lf_body_digest(b, c->digests[i]);
		uint32_t next = next_speaker(b, c, i + 1);

		if (next == c->n_digests || !impostor(b, c->digests[i], lf_body_digest(b, c->digests[next]))) {
			if (first)
				head(m, line, d, head_of(b, c, i), ruins(b, c, 0, i));
			first = false;
			lf_lay_digest(&m->lay, d, lf_digest_start(d));
		}
		last = next == c->n_digests ? i + 1 : last;
		i = next;
	}
	tail(m, c, ruins(b, c, last, c->n_digests));
}

/* The backfill chain of the same trail follows in the list. */
static void
take_backfill(const struct lf_chains *chains, uint32_t i, struct lf_line *line)
{
	const struct lf_chain *c = &chains->list[i], *k = c + 1;

	if (i + 1 >= chains->n || !k->backfill || strcmp(k->account, c->account) != 0 || strcmp(k->region, c->region) != 0 ||
	    strcmp(k->trail, c->trail) != 0 || strcmp(k->home_region, c->home_region) != 0 || k->n_covered == 0)
		return;
	line->backfilled = true;
	line->backfill = k->covered;
	line->n_backfill = k->n_covered;
}

static int
make_chain(struct maker *m, uint32_t i)
{
	const struct lf_chain *c = &m->p->chains.list[i];
	struct lf_line *line = &m->out->list[m->out->n++];
	const struct lf_seen *seen;
	uint32_t n;

	*line = (struct lf_line){.account = c->account, .org = c->org, .region = c->region, .trail = c->trail,
	    .home_region = c->home_region, .named_head = LF_TIME_NONE, .begins = LF_TIME_NONE, .bucket = c->bucket};
	seen = lf_seens_of(&m->seens, c->account, c->region, &n);
	lf_lay_begin(&m->lay, seen, n);
	lay_chain(m, line, c);
	take_backfill(&m->p->chains, i, line);
	return lf_lay_end(&m->lay, line, &m->out->arena);
}

/* ---- where only logs exist ---- */

static bool
has_chain(const struct lf_chains *chains, const struct lf_seen *s)
{
	uint32_t n;
	const struct lf_chain *c = lf_chains_of(chains, s->account, s->region, &n);

	for (uint32_t i = 0; i < n; i++)
		if (!c[i].backfill)
			return true;
	return false;
}

static int64_t
hour_of(int64_t t)
{
	int64_t rest = t % LF_HOUR;

	return t - rest - (rest < 0 ? LF_HOUR : 0);
}

/* The hours that the logs of one place speak for: they come by the end of what they tell of. */
static int
make_place(struct maker *m, const struct lf_seen *seen, uint32_t n)
{
	struct lf_line *line = &m->out->list[m->out->n++];
	struct lf_span *spans = lf_arena_alloc(&m->out->arena, n * sizeof(*spans));
	uint32_t k = 0;

	*line = (struct lf_line){.account = seen->account, .org = "", .region = seen->region, .named_head = LF_TIME_NONE,
	    .begins = LF_TIME_NONE, .bucket = "", .spans = spans};
	if (spans == NULL)
		return -1;
	for (uint32_t i = 0; i < n; i++) {
		struct lf_span s = {.start = hour_of(seen[i].from), .end = hour_of(seen[i].to) + LF_HOUR,
		    .state = LF_COVER_UNKNOWN, .logs_unlisted = 1};

		for (; k > 0 && s.start <= spans[k - 1].end; k--) {
			s.start = s.start < spans[k - 1].start ? s.start : spans[k - 1].start;
			s.logs_unlisted += spans[k - 1].logs_unlisted;
		}
		spans[k++] = s;
	}
	line->n_spans = k;
	return 0;
}

/* The end of the run of one place that begins at i. */
static uint32_t
run_end(const struct lf_seens *s, uint32_t i)
{
	uint32_t n;

	lf_seens_of(s, s->list[i].account, s->list[i].region, &n);
	return i + n;
}

/* ---- all lines ---- */

static int
line_cmp(const void *x, const void *y)
{
	const struct lf_line *a = x, *b = y;
	int c;

	if ((c = strcmp(a->account, b->account)) != 0 || (c = strcmp(a->region, b->region)) != 0)
		return c;
	if (a->trail == NULL || b->trail == NULL)
		return (a->trail != NULL) - (b->trail != NULL);
	c = strcmp(a->trail, b->trail);
	return c != 0 ? c : strcmp(a->home_region, b->home_region);
}

/* Room for as many lines as there can be. */
static int
make_room(struct maker *m)
{
	size_t n = m->p->chains.n;

	for (uint32_t i = 0; i < m->seens.n; i = run_end(&m->seens, i))
		n++;
	m->out->list = n > SIZE_MAX / sizeof(*m->out->list) ? NULL
		: lf_arena_alloc(&m->out->arena, n * sizeof(*m->out->list));
	return m->out->list == NULL ? -1 : 0;
}

static int
make_all(struct maker *m)
{
	if (make_room(m) != 0)
		return -1;
	for (uint32_t i = 0; i < m->p->chains.n; i++) {
		const struct lf_chain *c = &m->p->chains.list[i];
		if (c->selected && !c->backfill && c->n_digests > 0 && make_chain(m, i) != 0)
			return -1;
	}
	for (uint32_t i = 0, end; i < m->seens.n; i = end) {
		end = run_end(&m->seens, i);
		if (!has_chain(&m->p->chains, &m->seens.list[i]) && make_place(m, &m->seens.list[i], end - i) != 0)
			return -1;
	}
	if (m->out->n > 0)
		qsort(m->out->list, m->out->n, sizeof(*m->out->list), line_cmp);
	return 0;
}

/* Whether digests list logs, and there is none of any kind. */
static bool
digests_alone(const struct lf_proof *p)
{
	for (uint32_t i = 0; i < p->body.listed.n; i++)
		if (lf_body_listed(&p->body, i)->status != LF_L_MISSING)
			return false;
	return p->body.listed.n > 0 && p->unlisted.list.n == 0;
}

static void
set_bounds(struct lf_lines *out, const struct lf_bounds *b, const struct lf_proof *p)
{
	out->first = b->first;
	out->last = b->last;
	out->shown_first = b->shown_first;
	out->shown_last = b->shown_last;
	out->proved = b->proved;
	out->beyond = b->beyond;
	out->digests_alone = digests_alone(p);
}

int
lf_lines_make(const struct lf_proof *p, int64_t since, int64_t until, struct lf_lines *out, struct lf_err *err)
{
	struct maker m = {.p = p, .out = out, .lay = {.body = &p->body, .since = since, .until = until}};
	struct lf_bounds b;
	int rc = -1;

	memset(out, 0, sizeof(*out));
	lf_arena_init(&out->arena);
	if (lf_seens_make(p, since, until, &m.seens, err) != 0)
		return -1;
	if (lf_bounds_find(p, &m.seens, since, until, &b, err) == 0) {
		set_bounds(out, &b, p);
		out->until = until;
		rc = make_all(&m) == 0 ? 0 : lf_err_nomem(err);
	}
	if (rc != 0)
		lf_lines_free(out);
	lf_lay_free(&m.lay);
	lf_seens_free(&m.seens);
	return rc;
}

void
lf_lines_free(struct lf_lines *l)
{
	lf_arena_free(&l->arena);
	l->list = NULL;
	l->n = 0;
}

/* The first span that ends behind t. */
static uint32_t
span_behind(const struct lf_line *l, int64_t t)
{
	uint32_t lo = 0, hi = l->n_spans;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (l->spans[mid].end <= t)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool
lf_line_covers(const struct lf_line *l, int64_t start, int64_t end, bool proved)
{
	uint32_t i = span_behind(l, start);

	if (i == l->n_spans || l->spans[i].start > start)
		return false;
	for (; i < l->n_spans && lf_span_holds(&l->spans[i], proved); i++)
		if (l->spans[i].end >= end)
			return true;
	return false;
}

static int
place_cmp(const struct lf_line *l, const char *account, const char *region)
{
	int c = strcmp(l->account, account);

	return c != 0 ? c : strcmp(l->region, region);
}

static bool
watches(const struct lf_line *line, int64_t start, int64_t end, bool proved)
{
	uint32_t from = span_behind(line, start);

	for (uint32_t i = from; i < line->n_spans && i - from < MOST_LOOKED && line->spans[i].start < end; i++)
		if (lf_span_holds(&line->spans[i], proved))
			return true;
	return false;
}

bool
lf_lines_watch(const struct lf_lines *l, const char *account, const char *region, int64_t start, int64_t end)
{
	uint32_t lo = 0, hi = l->n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (place_cmp(&l->list[mid], account, region) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < l->n && place_cmp(&l->list[lo], account, region) == 0; lo++)
		if (watches(&l->list[lo], start, end, l->proved))
			return true;
	return false;
}
