/* What options mean that are more than a number, a name or a switch. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

/* A number, and nothing after it. */
unsigned
opt_number(const char *s)
{
	char *end;
	unsigned long v = strtoul(s, &end, 10);

	if (*s < '0' || *s > '9' || *end != '\0' || v > UINT32_MAX)
		errx(2, "%s: not a number", s);
	return (unsigned)v;
}

/* The index of a region by name or number. */
static unsigned
region_index(const struct options *o, const char *s)
{
	unsigned i;

	for (i = 0; i < o->nregions; i++)
		if (strcmp(o->regions[i], s) == 0)
			return i;
	i = opt_number(s);
	if (i >= o->nregions)
		errx(2, "%s: no such region (give --regions first)", s);
	return i;
}

/* Split a comma-separated list. */
static unsigned
list(char *s, char **out, unsigned max)
{
	unsigned n = 0;
	char *p;

	while ((p = strsep(&s, ",")) != NULL) {
		if (n == max)
			errx(2, "too many list members");
		out[n++] = p;
	}
	return n;
}

/* Read X:Y as a change; the left side is an index, of regions by name too. */
static void
change(const struct options *o, const char *s, bool region, struct change *out, unsigned *n)
{
	char *copy = xstrdup(s), *p = strchr(copy, ':');

	if (p == NULL || *n == MAX_LIST)
		errx(2, "%s: want WHICH:HOUR", s);
	*p++ = '\0';
	memset(&out[*n], 0, sizeof(*out));
	out[*n].which = region ? region_index(o, copy) : opt_number(copy);
	out[(*n)++].hour = opt_number(p);
	free(copy);
}

/* Read H:LEN[:TRAIL] as a hole. */
static void
hole(struct options *o, int kind, const char *s)
{
	struct hole *h = &o->holes[o->nholes];
	char *copy = xstrdup(s), *v[3];
	unsigned n = 0;
	char *rest = copy;

	while (n < 3 && (v[n] = strsep(&rest, ":")) != NULL)
		n++;
	if (n < 2 || o->nholes == MAX_LIST)
		errx(2, "%s: want HOUR:LENGTH[:TRAIL]", s);
	memset(h, 0, sizeof(*h));
	h->kind = (__typeof__(h->kind))kind;
	h->at = opt_number(v[0]);
	h->len = opt_number(v[1]);
	h->trail = n > 2 ? opt_number(v[2]) : 0;
	h->shift = kind == HOLE_RECREATE ? 437 : 0;
	o->nholes++;
	free(copy);
}

/* Set one field of an event to inject. */
static void
inject_field(struct options *o, struct inject *in, char *k, char *v)
{
	if (strcmp(k, "h") == 0)
		in->hour = opt_number(v);
	else if (strcmp(k, "a") == 0)
		in->acct = opt_number(v);
	else if (strcmp(k, "r") == 0)
		in->region = region_index(o, v);
	else if (strcmp(k, "pos") == 0)
		in->first = strcmp(v, "first") == 0;
	else if (strcmp(k, "offset") == 0)
		in->offset = strtoll(v, NULL, 10);
	else if (strcmp(k, "source") == 0)
		in->source = v;
	else if (strcmp(k, "name") == 0)
		in->name = v;
	else if (strcmp(k, "error") == 0)
		in->error = v;
	else if (strcmp(k, "message") == 0)
		in->message = v;
	else if (strcmp(k, "user") == 0)
		in->user = v;
	else if (strcmp(k, "impairs") == 0)
		in->impairs = opt_number(v) != 0;
	else if (strcmp(k, "params") == 0)
		in->params = v;
	else if (strcmp(k, "response") == 0)
		in->response = v;
	else
		errx(2, "--inject: no such field: %s", k);
}

/* Read k=v;k=v;... as an event; values may hold anything but a semicolon. */
void
opt_inject(struct gen *g, char *s)
{
	struct options *o = &g->o;
	struct inject in = {.region = o->home, .offset = INT64_MIN};
	char *copy = xstrdup(s), *p, *eq;

	while ((p = strsep(&copy, ";")) != NULL) {
		if ((eq = strchr(p, '=')) == NULL)
			errx(2, "--inject: want NAME=VALUE: %s", p);
		*eq++ = '\0';
		inject_field(o, &in, p, eq);
	}
	if (in.source == NULL || in.name == NULL)
		errx(2, "--inject: source and name are needed");
	control_add(o, &in);
}

/* The kinds of holes in a trail's schedule. */
void
opt_stop(struct gen *g, char *v)
{
	hole(&g->o, HOLE_STOP, v);
}

/* The trail is deleted and created again. */
void
opt_recreate(struct gen *g, char *v)
{
	hole(&g->o, HOLE_RECREATE, v);
}

/* Validation is off for a time. */
void
opt_unsigned(struct gen *g, char *v)
{
	hole(&g->o, HOLE_UNSIGNED, v);
}

/* Nothing can be delivered for a time. */
void
opt_failure(struct gen *g, char *v)
{
	hole(&g->o, HOLE_FAILURE, v);
}

/* Selectors are narrow for a time. */
void
opt_narrow(struct gen *g, char *v)
{
	hole(&g->o, HOLE_NARROW, v);
}

/* First hour of a region. */
void
opt_region_from(struct gen *g, char *v)
{
	change(&g->o, v, true, g->o.born, &g->o.nborn);
}

/* Last hour of a region. */
void
opt_region_until(struct gen *g, char *v)
{
	change(&g->o, v, true, g->o.died, &g->o.ndied);
}

/* First hour of an account. */
void
opt_account_from(struct gen *g, char *v)
{
	change(&g->o, v, false, g->o.joined, &g->o.njoined);
}

/* Last hour of an account. */
void
opt_account_until(struct gen *g, char *v)
{
	change(&g->o, v, false, g->o.left, &g->o.nleft);
}

/* HOUR:SECONDS of a change of phase. */
void
opt_phase_change(struct gen *g, char *v)
{
	struct change *c = &g->o.phases[g->o.nphases];

	change(&g->o, v, false, g->o.phases, &g->o.nphases);
	c->seconds = (int)c->hour;
	c->hour = c->which;
}

/* The regions, in order. */
void
opt_regions(struct gen *g, char *v)
{
	g->o.nregions = list(v, g->o.regions, MAX_REGIONS);
}

/* The home region of the trails. */
void
opt_home(struct gen *g, char *v)
{
	g->o.home = region_index(&g->o, v);
}

/* Hours without logs. */
void
opt_quiet(struct gen *g, char *v)
{
	char *items[MAX_LIST];
	unsigned i, n = list(v, items, MAX_LIST);

	for (i = 0; i < n && g->o.nquiet < MAX_LIST; i++)
		g->o.quiet[g->o.nquiet++] = opt_number(items[i]);
}
