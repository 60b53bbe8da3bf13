/* Chains of digests: made oldest first, each signed over its predecessor's signature. */
#include <stdlib.h>
#include <string.h>

#include "gen.h"

#define BLOCK 64 /* digests whose logs are made together */

/* The digest before d in its segment, as the signer knew it; NULL at a start. */
struct dig *
chain_before(const struct chain *c, const struct dig *d)
{
	size_t i = (size_t)(d - c->digs);

	if (d->flags & D_START)
		return NULL;
	while (i-- > 0)
		if (!(c->digs[i].flags & (D_UNSIGNED | D_EXTRA)))
			return &c->digs[i];
	return NULL;
}

/*
 * Write the document into b and hash it into *d; when sign is set, sign it as CloudTrail does: over
 * its end, its place, its hash and the previous signature.
 */
void
chain_sign(const struct gen *g, struct dig *d, const struct doc *doc, bool sign, struct buf *b)
{
	struct buf msg = {0};

	doc_write(g, doc, b);
	sha256(b->p, b->len, d->hash);
	if (!sign)
		return;
	buf_fmt(&msg, "%s\n%s/%s\n", doc->v[F_END], doc->v[F_BUCKET], doc->v[F_OBJECT]);
	buf_hex(&msg, d->hash, SHA_LEN);
	buf_fmt(&msg, "\n%s", doc->v[F_PREV_SIGNATURE] ? doc->v[F_PREV_SIGNATURE] : "null");
	free(d->sig);
	d->siglen = (unsigned short)key_sign(&g->keys[d->key], msg.p, msg.len, &d->sig);
	buf_free(&msg);
}

/* The same, and write the object unless it is one that never arrived. */
void
chain_save(
    const struct gen *g, const struct chain *c, struct dig *d, const struct doc *doc, bool sign)
{
	struct buf b = {0}, z = {0};
	char *key, *path;

	chain_sign(g, d, doc, sign, &b);
	d->bytes = b.len;
	if (!(d->flags & D_LOST)) {
		key = digest_key_dup(g, c, d);
		path = file_object(g, d->bucket, d->where ? d->where : key);
		gz_pack(g, &z, b.p, b.len);
		file_write(path, z.p, z.len);
		free(path);
		free(key);
	}
	buf_free(&z);
	buf_free(&b);
}

struct job {
	struct gen *g;
	struct chain *c;
	size_t from;
	struct made *made;
	unsigned inner;
};

/* True when the digest's hour delivers logs. */
static bool
has_logs(const struct dig *d)
{
	return (d->flags & (D_EMPTY | D_QUIET | D_LOST)) == 0;
}

/* Make one log of one digest of the block. */
static void
job_log(size_t i, void *arg)
{
	struct job *j = arg;
	struct dig *d = &j->c->digs[j->from + i / j->g->o.logs];

	if (has_logs(d))
		log_make(j->g, j->c, d, (unsigned)(i % j->g->o.logs), &j->made[i]);
}

/* Make the logs of the other classes, and list them when the options say so. */
static void
make_classes(struct gen *g, struct chain *c, struct dig *d, struct doc *doc)
{
	static const char *const classes[] = {
	    "CloudTrail-Insight", "CloudTrail-NetworkActivity", "CloudTrail-Aggregated"};
	const bool want[] = {g->o.insight, g->o.network, g->o.aggregated};
	struct made m;
	unsigned i;

	if (!has_logs(d))
		return;
	for (i = 0; i < 3; i++) {
		if (!want[i])
			continue;
		free(log_class(g, c, d, classes[i], &m));
		if (g->o.insight_listed)
			doc_add(doc, &m.ref);
		__atomic_fetch_add(&g->insights, 1, __ATOMIC_RELAXED);
		ref_free(&m.ref);
	}
}

/* Count a log and list it. */
static void
take_log(struct chain *c, struct dig *d, struct doc *doc, struct made *m)
{
	doc_add(doc, &m->ref);
	d->nlogs++;
	d->nevents += m->events;
	c->logs++;
	c->events += m->events;
	c->bytes += m->bytes;
	ref_free(&m->ref);
}

/* Finish one digest from the logs that were made for it. */
static void
make_digest(struct gen *g, struct chain *c, struct dig *d, struct made *made)
{
	struct doc doc;
	struct made late;
	unsigned i;

	doc_init(g, c, d, &doc);
	if (c->backfill) {
		free(log_late(g, c, d, &late));
		take_log(c, d, &doc, &late);
	} else if (has_logs(d)) {
		for (i = 0; i < g->o.logs; i++)
			take_log(c, d, &doc, &made[i]);
		make_classes(g, c, d, &doc);
	}
	if (!(d->flags & D_UNSIGNED)) {
		doc_span(&doc);
		doc_link(g, c, chain_before(c, d), &doc);
		chain_save(g, c, d, &doc, true);
	}
	doc_free(&doc);
}

/* Make a whole chain. */
static void
make_chain(size_t i, void *arg)
{
	struct job *outer = arg, j = *outer;
	struct gen *g = j.g;
	size_t n, k;

	j.c = &g->chains[i];
	j.made = xrealloc(NULL, (size_t)BLOCK * (g->o.logs + 1), sizeof(*j.made));
	for (j.from = 0; j.from < j.c->ndigs; j.from += BLOCK) {
		n = j.c->ndigs - j.from < BLOCK ? j.c->ndigs - j.from : BLOCK;
		if (!j.c->backfill)
			par_for(n * g->o.logs, j.inner, job_log, &j);
		for (k = 0; k < n; k++)
			make_digest(g, j.c, &j.c->digs[j.from + k], &j.made[k * g->o.logs]);
	}
	free(j.made);
}

/* Note when and where each key was used. */
static void
note_keys(struct gen *g)
{
	struct chain *c;
	struct key *k;
	size_t i, n;

	for (i = 0; i < g->nchains; i++) {
		c = &g->chains[i];
		for (n = 0; n < c->ndigs; n++) {
			if (c->digs[n].flags & D_UNSIGNED)
				continue;
			k = &g->keys[c->digs[n].key];
			if (c->digs[n].end < k->first)
				k->first = c->digs[n].end;
			if (c->digs[n].end > k->last)
				k->last = c->digs[n].end;
			k->regions |= UINT64_C(1) << c->region;
		}
	}
}

/* Make all chains, several at a time; a single one gets all threads for its logs. */
void
chain_make_all(struct gen *g)
{
	unsigned outer = g->o.threads < g->nchains ? g->o.threads : (unsigned)g->nchains;
	struct job j = {.g = g};

	j.inner = outer > 0 && g->o.threads / outer > 0 ? g->o.threads / outer : 1;
	note_keys(g);
	par_for(g->nchains, outer, make_chain, &j);
}
