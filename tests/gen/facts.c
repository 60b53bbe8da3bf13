/* facts.json: what was made, for a test to compare with. */
#include <stdlib.h>
#include <string.h>

#include "gen.h"

/* Append "s3://bucket/key" to the body of a JSON array. */
void
fact(struct buf *b, const struct gen *g, unsigned bucket, const char *key)
{
	char *url = xasprintf("s3://%s/%s", file_bucket(g, bucket), key);

	buf_str(b, b->len ? ", " : "");
	buf_json(b, url, false);
	free(url);
}

/* Append "name": [ names ]. */
static void
put_names(struct buf *b, const char *name, char *const *v, unsigned n)
{
	unsigned i;

	buf_fmt(b, "  \"%s\": [", name);
	for (i = 0; i < n; i++) {
		buf_str(b, i ? ", " : "");
		buf_json(b, v[i], false);
	}
	buf_str(b, "],\n");
}

/* Append the accounts. */
static void
put_accounts(const struct gen *g, struct buf *b)
{
	char id[13];
	unsigned i;

	buf_str(b, "  \"accounts\": [");
	for (i = 0; i < g->o.accounts; i++) {
		account_id(i, id);
		buf_fmt(b, "%s\"%s\"", i ? ", " : "", id);
	}
	buf_str(b, "],\n");
}

/* Digests that were delivered, starts among them, and hours without a log that a digest proves. */
static void
chain_counts(const struct chain *c, unsigned *made, unsigned *starts, unsigned *quiet)
{
	size_t i;

	*made = *starts = *quiet = 0;
	for (i = 0; i < c->nmade; i++) {
		if (c->digs[i].flags & (D_UNSIGNED | D_LOST))
			continue;
		(*made)++;
		*starts += (c->digs[i].flags & D_START) != 0;
		*quiet += c->digs[i].nlogs == 0;
	}
}

/* Append the first or last delivered digest of a chain: its edge of time and its key. */
static void
put_edge(const struct gen *g, const struct chain *c, bool last, struct buf *b)
{
	const struct dig *d = NULL;
	char iso[ISO_LEN], *key;
	size_t i;

	for (i = 0; i < c->nmade && (d == NULL || last); i++)
		if (!(c->digs[i].flags & (D_UNSIGNED | D_LOST)))
			d = &c->digs[i];
	if (d == NULL)
		return;
	stamp_iso(last ? d->end : d->start, iso);
	key = digest_key_dup(g, c, d);
	buf_fmt(b, ", \"%s\": \"%s\", \"%s_key\": \"%s\"", last ? "end" : "start", iso,
	    last ? "last" : "first", key);
	free(key);
}

/* Append one chain. */
static void
put_chain(const struct gen *g, const struct chain *c, struct buf *b)
{
	const char *region = g->o.regions[c->region];
	unsigned made, starts, quiet;
	char id[13];

	account_id(c->acct, id);
	chain_counts(c, &made, &starts, &quiet);
	buf_fmt(b,
	    "    {\"account\": \"%s\", \"region\": \"%s\", \"trail\": \"%s\", \"home_region\": "
	    "\"%s\", \"kind\": \"%s\", \"digests\": %u, "
	    "\"segments\": %u, \"quiet\": %u, \"logs\": %llu, \"events\": %llu, \"bytes\": %llu",
	    id, region, g->o.trails[c->trail],
	    g->o.single_region ? region : g->o.regions[g->o.home],
	    c->backfill ? "backfill" : "standard", made, starts, quiet, c->logs, c->events,
	    c->bytes);
	put_edge(g, c, false, b);
	put_edge(g, c, true, b);
	buf_chr(b, '}');
}

/* Events of a chain's digest that no earlier trail delivered as well. */
static unsigned
new_events(const struct gen *g, size_t chain, const struct dig *d)
{
	const struct chain *c = &g->chains[chain], *o;
	size_t i, k;

	for (i = 0; i < chain; i++) {
		o = &g->chains[i];
		if (o->acct != c->acct || o->region != c->region || o->backfill != c->backfill)
			continue;
		for (k = 0; k < o->nmade; k++)
			if (o->digs[k].slot == d->slot && o->digs[k].nlogs > 0)
				return 0;
	}
	return d->nevents - (d->nlogs > 0 && !c->backfill ? g->o.duplicates : 0);
}

/* Append the sums over all chains. */
static void
put_sums(const struct gen *g, struct buf *b)
{
	unsigned long long digests = 0, starts = 0, logs = 0, events = 0, bytes = 0, distinct = 0;
	unsigned m, s, q;
	size_t i, k;

	for (i = 0; i < g->nchains; i++) {
		chain_counts(&g->chains[i], &m, &s, &q);
		digests += m;
		starts += s;
		logs += g->chains[i].logs;
		events += g->chains[i].events;
		bytes += g->chains[i].bytes;
		for (k = 0; k < g->chains[i].nmade; k++) {
			if (!(g->chains[i].digs[k].flags & (D_UNSIGNED | D_LOST)))
				bytes += g->chains[i].digs[k].bytes;
			if (g->o.ntrails > 1)
				distinct += new_events(g, i, &g->chains[i].digs[k]);
		}
	}
	distinct = (g->o.ntrails > 1 ? distinct : events - g->duplicates) - g->conflicts;
	buf_fmt(b,
	    "  \"digests\": %llu,\n  \"starts\": %llu,\n  \"logs\": %llu,\n  \"events\": %llu,\n  "
	    "\"distinct_events\": %llu,\n"
	    "  \"bytes\": %llu,\n  \"other_class_logs\": %llu,\n  \"lake_results\": %llu,\n  "
	    "\"noise\": %llu,\n",
	    digests, starts, logs, events, distinct, bytes, g->insights, g->lakes, g->others);
}

/* Append the heads of segments as they are now, after tampering. */
static void
put_heads(const struct gen *g, struct buf *b)
{
	struct buf list = {0};
	size_t i, k;
	char *key;

	for (i = 0; i < g->nchains; i++) {
		for (k = 0; k < g->chains[i].nmade; k++) {
			if (!dig_is_head(&g->chains[i], k))
				continue;
			key = digest_key_dup(g, &g->chains[i], &g->chains[i].digs[k]);
			fact(&list, g, g->chains[i].digs[k].bucket, key);
			free(key);
		}
	}
	buf_fmt(b, "  \"heads\": [%s],\n", list.p ? list.p : "");
	buf_free(&list);
}

/* Append the keys in use and the regions they sign for. */
static void
put_keys(const struct gen *g, struct buf *b)
{
	unsigned i, r, n = 0, m;

	buf_str(b, "  \"keys\": [");
	for (i = 0; i < g->nkeys; i++) {
		if (g->keys[i].last < g->keys[i].first)
			continue;
		buf_fmt(b, "%s\n    {\"fingerprint\": \"%s\", \"published\": %s, \"regions\": [",
		    n++ ? "," : "", g->keys[i].fp, g->keys[i].dropped ? "false" : "true");
		for (r = 0, m = 0; r < g->o.nregions; r++)
			if (g->keys[i].regions >> r & 1)
				buf_fmt(b, "%s\"%s\"", m++ ? ", " : "", g->o.regions[r]);
		buf_str(b, "]}");
	}
	buf_str(b, "],\n");
}

/* Append what each tampering did. */
static void
put_deeds(const struct gen *g, struct buf *b)
{
	const struct deed *d;
	unsigned i;

	buf_str(b, "  \"tampers\": [");
	for (i = 0; i < g->ndeeds; i++) {
		d = &g->deeds[i];
		buf_fmt(b, "%s\n    {\"tamper\": ", i ? "," : "");
		buf_json(b, d->spec, false);
		buf_fmt(b, ", \"removed\": [%s], \"changed\": [%s], \"added\": [%s]}",
		    d->removed.p ? d->removed.p : "", d->changed.p ? d->changed.p : "",
		    d->added.p ? d->added.p : "");
	}
	buf_str(b, "]\n");
}

/* Write facts.json. */
void
facts_write(struct gen *g)
{
	struct buf b = {0};
	char *path = xasprintf("%s/facts.json", g->o.out);
	size_t i;

	buf_fmt(&b,
	    "{\n  \"seed\": %llu,\n  \"bucket\": \"%s\",\n  \"bucket2\": \"%s\",\n  "
	    "\"home_region\": \"%s\",\n",
	    (unsigned long long)g->o.seed, g->o.bucket, g->o.bucket2, g->o.regions[g->o.home]);
	put_names(&b, "trails", g->o.trails, g->o.ntrails);
	put_names(&b, "regions", g->o.regions, g->o.nregions);
	put_accounts(g, &b);
	put_sums(g, &b);
	if (g->o.duplicates > 0 || g->o.conflict >= 0)
		buf_fmt(&b, "  \"duplicates\": %llu,\n  \"conflicts\": %llu,\n", g->duplicates,
		    g->conflicts);
	if (g->extra.len > 0)
		buf_str(&b, g->extra.p);
	if (g->o.lineage > 0)
		lineage_facts(g, &b);
	buf_str(&b, "  \"chains\": [\n");
	for (i = 0; i < g->nchains; i++) {
		put_chain(g, &g->chains[i], &b);
		buf_str(&b, i + 1 < g->nchains ? ",\n" : "\n");
	}
	buf_str(&b, "  ],\n");
	put_heads(g, &b);
	put_keys(g, &b);
	buf_str(&b, "  \"gaps\": [");
	gaps_facts(g, &b);
	buf_str(&b, "],\n");
	buf_str(&b, "  \"injected\": [");
	control_facts(g, &b);
	buf_str(&b, "],\n");
	put_deeds(g, &b);
	buf_str(&b, "}\n");
	file_write(path, b.p, b.len);
	buf_free(&b);
	free(path);
}
