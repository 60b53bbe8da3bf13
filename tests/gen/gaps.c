/* The gaps that coverage has, and what there is to say of each: what a tool should find. */
#include <stdlib.h>
#include <string.h>

#include "gen.h"

#define SLACK 7200 /* a chain that ends that long before the others ends too early */

/* What is known of one gap. */
struct gap {
	const struct chain *c;
	int64_t start, end; /* INT64_MIN: not known; INT64_MAX: it lasts */
	const char *cause;
	unsigned why, which; /* of the events that explain it */
};

struct gaps {
	const struct gen *g;
	struct gap *v;
	size_t n;
};

/* Append a gap, or lengthen the one before when it goes on. */
static void
gap_add(struct gaps *l, const struct gap *one)
{
	struct gap *last = l->n > 0 ? &l->v[l->n - 1] : NULL;

	if (last != NULL && last->c == one->c && last->end == one->start &&
	    strcmp(last->cause, "log-missing") == 0 && strcmp(last->cause, one->cause) == 0) {
		last->end = one->end;
		return;
	}
	l->v = xrealloc(l->v, l->n + 1, sizeof(*l->v));
	l->v[l->n++] = *one;
}

/* When the last digest of the whole evidence ends. */
static int64_t
last_end(const struct gen *g)
{
	int64_t last = INT64_MIN;
	size_t i, k;

	for (i = 0; i < g->nchains; i++)
		for (k = 0; k < g->chains[i].nmade && !g->chains[i].backfill; k++)
			if ((g->chains[i].digs[k].flags & (D_LOST | D_GONE)) == 0 &&
			    g->chains[i].digs[k].end > last)
				last = g->chains[i].digs[k].end;
	return last;
}

/* The hole of the chain's trail that follows the window of an hour, or that hour lies in; -1. */
static int
hole_at(const struct gen *g, const struct chain *c, unsigned hour)
{
	const struct hole *h;
	unsigned i;

	for (i = 0; i < g->o.nholes; i++) {
		h = &g->o.holes[i];
		if (h->trail == c->trail && h->kind != HOLE_NARROW && hour >= h->at &&
		    hour <= h->at + h->len)
			return (int)i;
	}
	return -1;
}

/*
 * Whether the trail that an event names is that of the chain.  It is at home in the account and
 * region where the event is logged; the chains of others are its copies only if it is an
 * organization's, or has all regions.
 */
static bool
same_trail(const struct gen *g, const struct inject *in, const struct chain *c)
{
	if (strcmp(in->source, "cloudtrail") != 0)
		return true;
	return (g->o.org != NULL || c->acct == in->acct) &&
	       (!g->o.single_region || c->region == in->region);
}

/* Whether an event that could explain a gap is logged, of those that began it or that ended it. */
static bool
told(
    const struct gen *g, const struct gap *one, const struct inject *in, bool ends, struct place *p)
{
	return one->why != FOR_NOTHING && in->why == one->why && in->which == one->which &&
	       in->ends == ends && (in->why != FOR_REGION || in->acct == one->c->acct) &&
	       same_trail(g, in, one->c) && control_made(g, in, p);
}

/* Whether anything tells who began a gap. */
static bool
begun(const struct gen *g, const struct gap *one)
{
	struct place p;
	unsigned i;

	for (i = 0; i < g->o.ninjects; i++)
		if (told(g, one, &g->o.injects[i], false, &p))
			return true;
	return false;
}

/* Why there is nothing between digest i, which is there, and digest k, which is the next. */
static void
cause_between(const struct gen *g, const struct chain *c, size_t i, size_t k, struct gap *one)
{
	static const char *const kinds[] = {
	    "logging-stopped", "trail-deleted", "validation-disabled", "delivery-failure"};
	int h = hole_at(g, c, c->digs[i].slot);
	size_t j;

	for (j = i + 1; j < k; j++)
		if (c->digs[j].flags & D_GONE)
			h = -1;
	one->cause = "digest-missing";
	if (h < 0)
		return;
	one->cause = kinds[g->o.holes[h].kind];
	one->why = FOR_HOLE;
	one->which = (unsigned)h;
	if (begun(g, one))
		return;
	if (g->o.holes[h].kind == HOLE_FAILURE && !g->o.backfill_lost)
		one->cause = "digest-missing";
	else if (g->o.holes[h].kind <= HOLE_RECREATE)
		one->cause = "unexplained";
}

/* Why a chain ends before the others: after digest i. */
static void
cause_after(const struct gen *g, const struct chain *c, size_t i, struct gap *one)
{
	const struct options *o = &g->o;
	unsigned k, slot = c->digs[i].slot;

	cause_between(g, c, i, c->nmade, one);
	if (one->why == FOR_HOLE)
		return;
	for (k = 0; k < o->ndied; k++)
		if (o->died[k].which == c->region && o->died[k].hour == slot) {
			one->cause = "region-disabled";
			one->why = FOR_REGION;
			one->which = c->region;
		}
	for (k = 0; k < o->nleft; k++)
		if (o->left[k].which == c->acct && o->left[k].hour == slot) {
			one->cause = "account-left";
			one->why = FOR_ACCOUNT;
			one->which = c->acct;
		}
	if (o->drop_regions >= 0 && c->region != o->home && (unsigned)o->drop_regions == slot) {
		one->cause = "region-dropped";
		one->why = FOR_DROP;
		one->which = 0;
	}
	if (!begun(g, one))
		one->cause = "unexplained";
}

/* Append the gaps of one chain. */
static void
chain_gaps(struct gaps *l, const struct chain *c, int64_t last)
{
	const struct dig *d, *before = NULL;
	struct gap one;
	size_t k;

	for (k = 0; k < c->nmade; k++) {
		d = &c->digs[k];
		if (!dig_present(d))
			continue;
		one = (struct gap){
		    .c = c, .start = INT64_MIN, .end = d->start, .cause = "evidence-cut"};
		if (before != NULL) {
			one.start = before->end;
			cause_between(l->g, c, (size_t)(before - c->digs), k, &one);
		}
		if (before == NULL ? k > 0 : before->end != d->start || (d->flags & D_START) != 0)
			gap_add(l, &one);
		one =
		    (struct gap){.c = c, .start = d->start, .end = d->end, .cause = "log-missing"};
		if (d->flags & D_LOG_GONE)
			gap_add(l, &one);
		before = d;
	}
	if (before == NULL || last - before->end <= SLACK)
		return;
	one = (struct gap){.c = c, .start = before->end, .end = INT64_MAX};
	cause_after(l->g, c, (size_t)(before - c->digs), &one);
	gap_add(l, &one);
}

/* Whether a chain has digests throughout a time. */
static bool
chain_covers(const struct chain *c, int64_t start, int64_t end)
{
	const struct dig *d;
	size_t k;

	for (k = 0; k < c->nmade && start < end; k++) {
		d = &c->digs[k];
		if (!dig_present(d) || d->end <= start)
			continue;
		if (d->start > start)
			return false;
		start = d->end;
	}
	return start >= end;
}

/* Append the names of the other trails that saw what this one did not. */
static void
put_covers(const struct gaps *l, const struct gap *one, int64_t last, struct buf *b)
{
	const struct chain *c;
	unsigned n = 0;
	size_t i;

	buf_str(b, ", \"covered_by\": [");
	for (i = 0; i < l->g->nchains; i++) {
		c = &l->g->chains[i];
		if (c->backfill || c->trail == one->c->trail || c->acct != one->c->acct ||
		    c->region != one->c->region ||
		    !chain_covers(c, one->start, one->end == INT64_MAX ? last : one->end))
			continue;
		buf_fmt(b, "%s\"%s\"", n++ ? ", " : "", l->g->o.trails[c->trail]);
	}
	buf_chr(b, ']');
}

/* Append the ids of the events that began or ended a gap; *by is the first. */
static unsigned
put_events(const struct gen *g, const struct gap *one, bool ends, struct buf *b,
    const struct inject **by, struct place *where)
{
	const struct inject *in;
	struct place p;
	unsigned i, n = 0;
	char id[37];

	buf_fmt(b, ", \"%s\": [", ends ? "ended_by" : "begun_by");
	for (i = 0; i < g->o.ninjects; i++) {
		in = &g->o.injects[i];
		if (!told(g, one, in, ends, &p))
			continue;
		control_id(&p, i, id);
		buf_fmt(b, "%s\"%s\"", n ? ", " : "", id);
		if (n++ == 0) {
			*by = in;
			*where = p;
		}
	}
	buf_chr(b, ']');
	return n;
}

/* Append who did it: the one who called, who stands behind him, and from where. */
static void
put_actor(const struct place *p, const struct inject *in, struct buf *b)
{
	struct buf who = {0}, root = {0};
	struct actor a;

	if (in == NULL) {
		buf_str(b, ", \"actor\": null, \"root\": null, \"source_ip\": null");
		return;
	}
	control_actor(p, in, &a);
	control_arn(p, in, false, &who);
	control_arn(p, in, true, &root);
	buf_fmt(
	    b, ", \"actor\": \"%s\", \"root\": \"%s\", \"source_ip\": \"%s\"", who.p, root.p, a.ip);
	buf_free(&who);
	buf_free(&root);
}

/* Append a time, or null. */
static void
put_time(const char *name, int64_t t, struct buf *b)
{
	char iso[ISO_LEN];

	if (t == INT64_MIN || t == INT64_MAX) {
		buf_fmt(b, ", \"%s\": null", name);
		return;
	}
	stamp_iso(t, iso);
	buf_fmt(b, ", \"%s\": \"%s\"", name, iso);
}

/* Append one gap. */
static void
put_gap(const struct gaps *l, const struct gap *one, int64_t last, struct buf *b)
{
	const struct gen *g = l->g;
	const struct inject *by = NULL, *other;
	struct place p, q;
	unsigned n, ended;
	char id[13];

	account_id(one->c->acct, id);
	buf_fmt(b, "    {\"account\": \"%s\", \"region\": \"%s\", \"trail\": \"%s\"", id,
	    g->o.regions[one->c->region], g->o.trails[one->c->trail]);
	put_time("start", one->start, b);
	put_time("end", one->end, b);
	buf_fmt(b, ", \"cause\": \"%s\"", one->cause);
	n = put_events(g, one, false, b, &by, &p);
	ended = put_events(g, one, true, b, &other, &q);
	put_actor(&p, by, b);
	buf_fmt(b, ", \"explained\": %s",
	    n > 0 && (ended > 0 || one->end == INT64_MAX) ? "true" : "false");
	put_covers(l, one, last, b);
	buf_chr(b, '}');
}

/* By start, account, region and trail, as names. */
static int
gap_cmp(const struct gen *g, const struct gap *a, const struct gap *b)
{
	char x[13], y[13];
	int c;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	account_id(a->c->acct, x);
	account_id(b->c->acct, y);
	if ((c = strcmp(x, y)) != 0 ||
	    (c = strcmp(g->o.regions[a->c->region], g->o.regions[b->c->region])) != 0)
		return c;
	return strcmp(g->o.trails[a->c->trail], g->o.trails[b->c->trail]);
}

/* Append the gaps as JSON array members, as the evidence is after tampering. */
void
gaps_facts(const struct gen *g, struct buf *b)
{
	struct gaps l = {.g = g};
	int64_t last = last_end(g);
	struct gap t;
	size_t i, k;

	for (i = 0; i < g->nchains; i++)
		if (!g->chains[i].backfill)
			chain_gaps(&l, &g->chains[i], last);
	for (i = 1; i < l.n; i++) {
		for (k = i, t = l.v[i]; k > 0 && gap_cmp(g, &l.v[k - 1], &t) > 0; k--)
			l.v[k] = l.v[k - 1];
		l.v[k] = t;
	}
	for (i = 0; i < l.n; i++) {
		buf_str(b, i ? ",\n" : "\n");
		put_gap(&l, &l.v[i], last, b);
	}
	free(l.v);
}
