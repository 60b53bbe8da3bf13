/* Which digests each chain will have, before any is made. */
#include <stdlib.h>
#include <string.h>

#include "gen.h"

/* True when hour is among the quiet ones. */
static bool
is_quiet(const struct options *o, unsigned hour)
{
	unsigned i;

	for (i = 0; i < o->nquiet; i++)
		if (o->quiet[i] == hour)
			return true;
	return false;
}

/* The first and last hour of a chain, from the lives of its region and account. */
static void
chain_life(const struct options *o, const struct chain *c, unsigned *first, unsigned *last)
{
	unsigned i;

	*first = 0;
	*last = o->hours - 1;
	for (i = 0; i < o->nborn; i++)
		if (o->born[i].which == c->region && o->born[i].hour > *first)
			*first = o->born[i].hour;
	for (i = 0; i < o->ndied; i++)
		if (o->died[i].which == c->region && o->died[i].hour < *last)
			*last = o->died[i].hour;
	for (i = 0; i < o->njoined; i++)
		if (o->joined[i].which == c->acct && o->joined[i].hour > *first)
			*first = o->joined[i].hour;
	for (i = 0; i < o->nleft; i++)
		if (o->left[i].which == c->acct && o->left[i].hour < *last)
			*last = o->left[i].hour;
	if (o->drop_regions >= 0 && c->region != o->home && (unsigned)o->drop_regions < *last)
		*last = (unsigned)o->drop_regions;
}

/* The hole of the chain's trail that covers an hour, or NULL. */
static const struct hole *
hole_over(const struct options *o, const struct chain *c, unsigned hour)
{
	unsigned i;

	for (i = 0; i < o->nholes; i++)
		if (o->holes[i].trail == c->trail && hour > o->holes[i].at &&
		    hour <= o->holes[i].at + o->holes[i].len)
			return &o->holes[i];
	return NULL;
}

/* The hole that ends just before an hour, or NULL. */
static const struct hole *
hole_before(const struct options *o, const struct chain *c, unsigned hour)
{
	unsigned i;

	for (i = 0; i < o->nholes; i++)
		if (o->holes[i].trail == c->trail && hour == o->holes[i].at + o->holes[i].len + 1)
			return &o->holes[i];
	return NULL;
}

/* Seconds from the hour to the chain's windows that begin then. */
static int64_t
phase_at(const struct options *o, const struct chain *c, unsigned hour)
{
	int64_t phase = o->phase;
	unsigned i;

	if (o->phase_vary)
		phase += 67 * c->region + 13 * c->acct + 29 * c->trail;
	for (i = 0; i < o->nphases; i++)
		if (hour > o->phases[i].hour)
			phase += o->phases[i].seconds;
	for (i = 0; i < o->nholes; i++)
		if (o->holes[i].trail == c->trail && hour > o->holes[i].at + o->holes[i].len)
			phase += o->holes[i].shift;
	return phase;
}

/* Set the window of an hour; only a change of phase makes it longer or shorter than an hour. */
static void
dig_window(const struct options *o, const struct chain *c, struct dig *d)
{
	int64_t base = o->start + (int64_t)d->slot * 3600;
	unsigned i;

	d->start = base + phase_at(o, c, d->slot);
	d->end = d->start + 3600;
	for (i = 0; i < o->nphases; i++)
		if (d->slot == o->phases[i].hour)
			d->end += o->phases[i].seconds;
	for (i = 0; i < o->nholes && o->narrow_final > 0; i++)
		if (o->holes[i].trail == c->trail && d->slot == o->holes[i].at &&
		    o->holes[i].kind <= HOLE_RECREATE)
			d->end = d->start + 60 * (int64_t)o->narrow_final;
}

/* Decide about one hour; returns false when the chain has nothing there. */
static bool
dig_plan(const struct gen *g, const struct chain *c, unsigned hour, bool first, struct dig *d)
{
	const struct options *o = &g->o;
	const struct hole *over = hole_over(o, c, hour), *before = hole_before(o, c, hour);

	memset(d, 0, sizeof(*d));
	if (over != NULL && over->kind <= HOLE_RECREATE)
		return false;
	d->slot = hour;
	if (first)
		d->flags = D_START | D_EMPTY;
	else if (before != NULL && before->kind < HOLE_FAILURE)
		d->flags =
		    D_START | (o->restart_empty && before->kind != HOLE_UNSIGNED ? D_EMPTY : 0);
	if (over != NULL)
		d->flags |= over->kind == HOLE_UNSIGNED ? D_UNSIGNED
			    : over->kind == HOLE_NARROW ? D_QUIET
							: D_LOST;
	if (hour + o->tail >= o->hours)
		d->flags |= D_UNSIGNED;
	if (is_quiet(o, hour))
		d->flags |= D_QUIET;
	d->moved = o->prefix_change >= 0 && hour >= (unsigned)o->prefix_change;
	d->bucket = o->bucket_change >= 0 && hour >= (unsigned)o->bucket_change;
	dig_window(o, c, d);
	d->key = (unsigned char)key_of(g, c->region, d->end);
	return true;
}

/* Plan a standard chain. */
static void
chain_plan(const struct gen *g, struct chain *c)
{
	unsigned hour, first, last;

	chain_life(&g->o, c, &first, &last);
	c->digs = xrealloc(NULL, g->o.hours, sizeof(*c->digs));
	for (hour = first; hour <= last; hour++)
		if (dig_plan(g, c, hour, hour == first, &c->digs[c->ndigs]))
			c->ndigs++;
	c->nmade = c->ndigs;
}

/* Plan the backfill chain beside a standard one: the hours from the third on that have logs. */
static void
backfill_plan(const struct gen *g, const struct chain *of, struct chain *c)
{
	size_t i;

	c->digs = xrealloc(NULL, g->o.backfill, sizeof(*c->digs));
	for (i = 2; i < of->ndigs && c->ndigs < g->o.backfill; i++) {
		if (of->digs[i].flags & (D_EMPTY | D_QUIET | D_UNSIGNED | D_LOST))
			continue;
		c->digs[c->ndigs] = of->digs[i];
		c->digs[c->ndigs].flags = c->ndigs == 0 ? D_START : 0;
		c->ndigs++;
	}
	c->nmade = c->ndigs;
}

/* Plan the backfill chain that delivers what could not be delivered when it should. */
static void
late_plan(const struct gen *g, const struct chain *of, struct chain *c)
{
	size_t i;

	c->digs = xrealloc(NULL, g->o.hours, sizeof(*c->digs));
	for (i = 0; i < of->ndigs; i++) {
		if (!(of->digs[i].flags & D_LOST))
			continue;
		c->digs[c->ndigs] = of->digs[i];
		c->digs[c->ndigs].flags = c->ndigs == 0 ? D_START : 0;
		c->ndigs++;
	}
	c->nmade = c->ndigs;
}

/* Whether digests of a chain never arrive. */
static bool
loses(const struct chain *c)
{
	size_t i;

	for (i = 0; i < c->ndigs; i++)
		if (c->digs[i].flags & D_LOST)
			return true;
	return false;
}

/* Append a chain. */
static struct chain *
chain_new(struct gen *g, unsigned acct, unsigned region, unsigned trail)
{
	struct chain *c;

	g->chains = xrealloc(g->chains, g->nchains + 1, sizeof(*c));
	c = &g->chains[g->nchains++];
	memset(c, 0, sizeof(*c));
	c->acct = acct;
	c->region = region;
	c->trail = trail;
	return c;
}

/* Plan all chains: trail by trail, account by account, region by region; backfill after them. */
void
plan_all(struct gen *g)
{
	unsigned a, r, t;
	struct chain *c;
	size_t i, n;

	for (t = 0; t < g->o.ntrails; t++)
		for (a = 0; a < g->o.accounts; a++)
			for (r = 0; r < g->o.nregions; r++)
				chain_plan(g, chain_new(g, a, r, t));
	n = g->o.backfill > 0 || g->o.backfill_lost ? g->nchains : 0;
	for (i = 0; i < n; i++) {
		if (g->o.backfill_lost && !loses(&g->chains[i]))
			continue;
		c = chain_new(g, g->chains[i].acct, g->chains[i].region, g->chains[i].trail);
		c->backfill = true;
		if (g->o.backfill_lost)
			late_plan(g, &g->chains[i], c);
		else
			backfill_plan(g, &g->chains[i], c);
	}
}
