#include "coverage/bounds.h"

#include <stdlib.h>

#define NEAR (7 * 24 * LF_HOUR)

bool
lf_digest_speaks(const struct lf_digest_row *d)
{
	return d->parsed && d->start < d->end && (d->by != LF_BY_NONE || (d->selected && d->status != LF_D_INVALID));
}

int64_t
lf_digest_start(const struct lf_digest_row *d)
{
	return d->by == LF_BY_NONE && d->end - d->start > 2 * LF_HOUR ? d->end - LF_HOUR : d->start;
}

/* What is asked of digests, one after another. */
enum which { VERIFIED, UNPROVEN, SILENT };

static bool
is(const struct lf_digest_row *d, enum which which)
{
	if (!lf_digest_speaks(d))
		return which == SILENT;
	return which == (d->by != LF_BY_NONE ? VERIFIED : UNPROVEN);
}

static struct lf_window
window(const struct lf_digest_row *d, enum which which)
{
	return (struct lf_window){which == SILENT ? d->end - LF_HOUR : lf_digest_start(d), d->end};
}

/* Calls take for the windows of the digests of chains that are of one kind. */
static void
each_window(const struct lf_proof *p, enum which which, void (*take)(void *arg, struct lf_window w), void *arg)
{
	for (uint32_t i = 0; i < p->chains.n; i++) {
		const struct lf_chain *c = &p->chains.list[i];

		for (uint32_t k = 0; c->selected && !c->backfill && k < c->n_digests; k++) {
			const struct lf_digest_row *d = lf_body_digest(&p->body, c->digests[k]);
			if (is(d, which))
				take(arg, window(d, which));
		}
	}
}

static void
stretch(void *arg, struct lf_window w)
{
	struct lf_bounds *b = arg;

	if (b->first == LF_TIME_NONE || w.start < b->first)
		b->first = w.start;
	if (b->last == LF_TIME_NONE || w.end > b->last)
		b->last = w.end;
}

static struct lf_window
heard(const struct lf_seen *s)
{
	return (struct lf_window){s->from, s->to + 1};
}

/* ---- what lies outside ---- */

struct outside {
	const struct lf_bounds *b;
	struct lf_window *list; /* or NULL, to count them */
	size_t n;
};

static void
take_outside(void *arg, struct lf_window w)
{
	struct outside *o = arg;

	if (w.start >= o->b->first && w.end <= o->b->last)
		return;
	if (o->list != NULL)
		o->list[o->n] = w;
	o->n++;
}

static void
each_outside(const struct lf_proof *p, const struct lf_seens *seens, struct outside *o)
{
	o->n = 0;
	each_window(p, UNPROVEN, take_outside, o);
	for (uint32_t i = 0; i < seens->n; i++)
		take_outside(o, heard(&seens->list[i]));
}

static int
start_cmp(const void *x, const void *y)
{
	const struct lf_window *a = x, *b = y;

	return a->start < b->start ? -1 : a->start > b->start;
}

static int
end_cmp(const void *x, const void *y)
{
	const struct lf_window *a = x, *b = y;

	return a->end < b->end ? -1 : a->end > b->end;
}

/* Moves what is shown as far as windows follow one another, and tells whether some are beyond. */
static void
follow(struct lf_bounds *b, struct lf_window *list, size_t n)
{
	qsort(list, n, sizeof(*list), start_cmp);
	for (size_t i = 0; i < n && list[i].start - b->shown_last <= NEAR; i++)
		if (list[i].end > b->shown_last)
			b->shown_last = list[i].end;
	qsort(list, n, sizeof(*list), end_cmp);
	for (size_t i = n; i > 0 && b->shown_first - list[i - 1].end <= NEAR; i--)
		if (list[i - 1].start < b->shown_first)
			b->shown_first = list[i - 1].start;
	for (size_t i = 0; i < n; i++)
		b->beyond |= list[i].start < b->shown_first || list[i].end > b->shown_last;
}

static int
look_outside(const struct lf_proof *p, const struct lf_seens *seens, struct lf_bounds *b, struct lf_err *err)
{
	struct outside o = {.b = b};

	each_outside(p, seens, &o);
	if (o.n == 0)
		return 0;
	if ((o.list = calloc(o.n, sizeof(*o.list))) == NULL)
		return lf_err_nomem(err);
	each_outside(p, seens, &o);
	follow(b, o.list, o.n);
	free(o.list);
	return 0;
}

/* ---- all ---- */

int
lf_bounds_find(const struct lf_proof *p, const struct lf_seens *seens, int64_t since, int64_t until, struct lf_bounds *out,
    struct lf_err *err)
{
	int rc = 0;

	*out = (struct lf_bounds){.first = LF_TIME_NONE, .last = LF_TIME_NONE};
	each_window(p, VERIFIED, stretch, out);
	out->proved = out->first != LF_TIME_NONE;
	if (!out->proved) {
		each_window(p, UNPROVEN, stretch, out);
		for (uint32_t i = 0; i < seens->n; i++)
			stretch(out, heard(&seens->list[i]));
	}
	if (out->first == LF_TIME_NONE)
		each_window(p, SILENT, stretch, out);
	out->shown_first = out->first;
	out->shown_last = out->last;
	if (out->proved)
		rc = look_outside(p, seens, out, err);
	if (since != LF_TIME_NONE)
		out->first = out->shown_first = since;
	if (until != LF_TIME_NONE)
		out->last = out->shown_last = until;
	return rc;
}
