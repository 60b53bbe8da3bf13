/* Tampering: arguments, targets, and the order in which it is done. */
#include <err.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "gen.h"

static const struct tamper *const tables[] = {
    tamper_digests, tamper_signed, tamper_logs, tamper_bytes, tamper_rest};

#define TABLES (sizeof(tables) / sizeof(tables[0]))

/* The value of an argument, or the default. */
const char *
arg(const struct args *a, const char *name, const char *value)
{
	unsigned i;

	for (i = 0; i < a->n; i++)
		if (strcmp(a->k[i], name) == 0)
			return a->v[i];
	return value;
}

/* The same as a number. */
unsigned
arg_num(const struct args *a, const char *name, unsigned value)
{
	const char *s = arg(a, name, NULL);
	char *end;
	unsigned long v;

	if (s == NULL)
		return value;
	v = strtoul(s, &end, 10);
	if (*s == '\0' || *end != '\0')
		errx(2, "--tamper %s: %s is no number", a->spec, s);
	return (unsigned)v;
}

/* Split KIND[:k=v,...]; a name without = means 1. */
static void
args_parse(const char *spec, struct args *a)
{
	char *s = xstrdup(spec), *p, *eq;

	memset(a, 0, sizeof(*a));
	a->copy = s;
	a->spec = spec;
	p = strchr(s, ':');
	if (p != NULL)
		*p++ = '\0';
	if (strlen(s) >= sizeof(a->kind))
		errx(2, "--tamper %s: no such kind", spec);
	memcpy(a->kind, s, strlen(s) + 1);
	while (p != NULL && *p != '\0' && a->n < 16) {
		a->k[a->n] = p;
		if ((p = strchr(p, ',')) != NULL)
			*p++ = '\0';
		if ((eq = strchr(a->k[a->n], '=')) != NULL)
			*eq++ = '\0';
		a->v[a->n++] = eq != NULL ? eq : "1";
	}
}

/* The table's row for a kind. */
static const struct tamper *
tamper_find(const char *kind)
{
	const struct tamper *t;
	size_t i;

	for (i = 0; i < TABLES; i++)
		for (t = tables[i]; t->name != NULL; t++)
			if (strcmp(t->name, kind) == 0)
				return t;
	errx(2, "--tamper %s: no such kind; see --help", kind);
}

/* True when a chain is among those that a=, r= and t= select; those not given select all. */
bool
tamper_in(const struct gen *g, const struct args *a, const struct chain *c)
{
	(void)g;
	return arg_num(a, "a", c->acct) == c->acct && arg_num(a, "r", c->region) == c->region &&
	       arg_num(a, "t", c->trail) == c->trail &&
	       c->backfill == (arg_num(a, "backfill", 0) != 0);
}

/* The one chain that a=, r=, t= and backfill= select; each is 0 by default. */
void
target_chain(struct gen *g, const struct args *a, struct target *t)
{
	struct chain *c;
	size_t i;

	memset(t, 0, sizeof(*t));
	for (i = 0; i < g->nchains; i++) {
		c = &g->chains[i];
		if (c->acct == arg_num(a, "a", 0) && c->region == arg_num(a, "r", 0) &&
		    c->trail == arg_num(a, "t", 0) &&
		    c->backfill == (arg_num(a, "backfill", 0) != 0))
			t->c = c;
	}
	if (t->c == NULL || t->c->ndigs == 0)
		errx(2, "--tamper %s: no such chain", a->spec);
}

/*
 * The digest of the target's chain that an argument selects: an hour, first, last, -1 (last), -2,
 * ...; the middle one without it.
 */
void
target_hour(struct target *t, const struct args *a, const char *name)
{
	const char *h = arg(a, name, NULL);
	struct chain *c = t->c;
	size_t i;

	t->d = NULL;
	if (h == NULL) {
		t->d = &c->digs[c->nmade / 2];
	} else if (strcmp(h, "first") == 0) {
		t->d = &c->digs[0];
	} else if (strcmp(h, "last") == 0) {
		t->d = &c->digs[c->nmade - 1];
	} else if (h[0] == '-') {
		i = strtoul(h + 1, NULL, 10);
		t->d = i >= 1 && i <= c->nmade ? &c->digs[c->nmade - i] : NULL;
	} else {
		for (i = 0; i < c->nmade; i++)
			if (c->digs[i].slot == arg_num(a, name, 0))
				t->d = &c->digs[i];
	}
	if (t->d == NULL)
		errx(2, "--tamper %s: the chain has no such hour", a->spec);
}

/* The chain, and the digest that h= selects. */
void
target_dig(struct gen *g, const struct args *a, struct target *t)
{
	target_chain(g, a, t);
	target_hour(t, a, "h");
}

/* Read the document of a digest of the chain from where it lies. */
void
target_read(struct gen *g, const struct args *a, const struct chain *c, const struct dig *d,
    struct doc *doc)
{
	char *key = digest_key_dup(g, c, d),
	     *path = file_object(g, d->bucket, d->where ? d->where : key);
	struct buf z = {0}, b = {0};

	if (!dig_present(d) || !file_read(path, &z) || !gz_unpack(&b, z.p, z.len) ||
	    !doc_parse(b.p, doc))
		errx(2,
		    "--tamper %s: %s is gone or no digest any more; put this tampering before the "
		    "one that did it",
		    a->spec, path);
	buf_free(&z);
	buf_free(&b);
	free(key);
	free(path);
}

/* Select a digest as target_dig does and read its document. */
void
target_load(struct gen *g, const struct args *a, struct target *t, struct doc *doc)
{
	target_dig(g, a, t);
	target_read(g, a, t->c, t->d, doc);
}

/* Sign the successors of the target anew, so that they name it as it is now. */
void
target_relink(struct gen *g, const struct args *a, struct target *t)
{
	struct dig *d;
	struct doc doc;

	for (d = t->d + 1; d < t->c->digs + t->c->nmade && !(d->flags & D_START); d++) {
		if (d->flags & D_UNSIGNED)
			continue;
		target_read(g, a, t->c, d, &doc);
		doc_link(g, t->c, chain_before(t->c, d), &doc);
		chain_save(g, t->c, d, &doc, true);
		doc_free(&doc);
	}
}

/*
 * The key of the object that which= selects: the digest, or log l= of its list (default 0); *bucket
 * is which bucket it is in. The caller frees it.
 */
char *
target_object(struct gen *g, const struct args *a, struct target *t, unsigned *bucket)
{
	const char *which = arg(a, "which", "log");
	struct doc doc;
	unsigned l = arg_num(a, "l", 0);
	char *key;

	target_dig(g, a, t);
	*bucket = t->d->bucket;
	if (strcmp(which, "digest") == 0) {
		key = digest_key_dup(g, t->c, t->d);
		if (t->d->where != NULL) {
			free(key);
			key = xstrdup(t->d->where);
		}
		return key;
	}
	if (strcmp(which, "log") != 0)
		errx(2, "--tamper %s: which is log or digest", a->spec);
	target_read(g, a, t->c, t->d, &doc);
	if (l >= doc.nlogs)
		errx(2, "--tamper %s: hour %u lists %zu logs", a->spec, t->d->slot, doc.nlogs);
	key = xstrdup(doc.logs[l].v[R_OBJECT]);
	*bucket = strcmp(doc.logs[l].v[R_BUCKET], g->o.bucket) != 0;
	doc_free(&doc);
	return key;
}

/* Call the plan (or the run) of each tampering, in the order given. */
static void
tamper_each(struct gen *g, bool plan)
{
	const struct tamper *t;
	struct args a;
	unsigned i;

	for (i = 0; i < g->ndeeds; i++) {
		args_parse(g->deeds[i].spec, &a);
		a.deed = &g->deeds[i];
		t = tamper_find(a.kind);
		if (plan && t->plan != NULL)
			t->plan(g, &a);
		if (!plan && t->run != NULL)
			t->run(g, &a);
		free(a.copy);
	}
}

/* What has to be known before anything is made; unknown kinds end the program here. */
void
tamper_plan(struct gen *g)
{
	tamper_each(g, true);
}

/* The rest, on the finished set. */
void
tamper_all(struct gen *g)
{
	tamper_each(g, false);
}

/* Print all kinds for --help. */
void
tamper_list(void)
{
	const struct tamper *t;
	size_t i;

	for (i = 0; i < TABLES; i++)
		for (t = tables[i]; t->name != NULL; t++)
			printf("  %-28s %s\n", t->name, t->help);
}
