/* Wrong digests that are validly signed all the same: what only the chain can show. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

/* Sign a changed document anew, and its successors unless relink is false. */
static void
store(struct gen *g, const struct args *a, struct target *t, struct doc *doc, bool relink)
{
	char *key = digest_key_dup(g, t->c, t->d);

	chain_save(g, t->c, t->d, doc, true);
	fact(&a->deed->changed, g, t->d->bucket, key);
	if (relink)
		target_relink(g, a, t);
	doc_free(doc);
	free(key);
}

/* The entry of log l. */
static struct ref *
entry(const struct args *a, struct doc *doc)
{
	unsigned l = arg_num(a, "l", 0);

	if (l >= doc->nlogs)
		errx(2, "--tamper %s: the digest lists %zu logs", a->spec, doc->nlogs);
	return &doc->logs[l];
}

/* Other content under the same key; the successor still records the old. */
static void
reissue(struct gen *g, const struct args *a)
{
	struct target t;
	struct doc doc;

	target_load(g, a, &t, &doc);
	if (doc.nlogs > 0)
		ref_free(&doc.logs[--doc.nlogs]);
	else
		doc_set(&doc, F_NEWEST, doc.v[F_END]);
	store(g, a, &t, &doc, false);
}

/* A second digest, s seconds later, that names the same predecessor. */
static void
fork_chain(struct gen *g, const struct args *a)
{
	struct target t;
	struct doc doc;
	struct dig *d;
	char *key, iso[ISO_LEN];
	size_t at;

	target_load(g, a, &t, &doc);
	at = (size_t)(t.d - t.c->digs);
	t.c->digs = xrealloc(t.c->digs, t.c->ndigs + 1, sizeof(*d));
	d = &t.c->digs[t.c->ndigs++];
	*d = t.c->digs[at];
	d->flags = D_EXTRA;
	d->sig = NULL;
	d->where = NULL;
	d->end += arg_num(a, "s", 1);
	stamp_iso(d->end, iso);
	doc_set(&doc, F_END, iso);
	while (doc.nlogs > 0 && !arg_num(a, "logs", 0))
		ref_free(&doc.logs[--doc.nlogs]);
	doc_span(&doc);
	key = digest_key_dup(g, t.c, d);
	doc_set(&doc, F_OBJECT, key);
	chain_save(g, t.c, d, &doc, true);
	fact(&a->deed->added, g, d->bucket, key);
	doc_free(&doc);
	free(key);
}

/* Move the start of a window by some seconds. */
static void
shift_start(struct gen *g, const struct args *a, int64_t seconds)
{
	char iso[ISO_LEN];
	struct target t;
	struct doc doc;

	target_load(g, a, &t, &doc);
	stamp_iso(t.d->start + seconds, iso);
	doc_set(&doc, F_START, iso);
	store(g, a, &t, &doc, true);
}

/* The window begins before its predecessor's ends. */
static void
overlap(struct gen *g, const struct args *a)
{
	shift_start(g, a, -(int64_t)arg_num(a, "s", 1800));
}

/* The window begins after its predecessor's ends. */
static void
window_broken(struct gen *g, const struct args *a)
{
	shift_start(g, a, (int64_t)arg_num(a, "s", 600));
}

/* Some of the five previous* are null. */
static void
null_some(struct gen *g, const struct args *a)
{
	static const char *const names[] = {"bucket", "object", "hash", "algorithm", "signature"};
	const char *which = arg(a, "which", "hash");
	struct target t;
	struct doc doc;
	int f;

	target_load(g, a, &t, &doc);
	for (f = 0; f < 5 && strcmp(names[f], which) != 0; f++)
		;
	if (f == 5)
		errx(2, "--tamper %s: which is bucket, object, hash, algorithm or signature",
		    a->spec);
	doc_set(&doc, (enum field)(F_PREV_BUCKET + f), NULL);
	store(g, a, &t, &doc, true);
}

/* The digest records another hash of its predecessor. */
static void
previous_hash(struct gen *g, const struct args *a)
{
	struct target t;
	struct doc doc;

	target_load(g, a, &t, &doc);
	if (doc.v[F_PREV_HASH] == NULL)
		errx(2, "--tamper %s: a start digest", a->spec);
	doc.v[F_PREV_HASH][0] = doc.v[F_PREV_HASH][0] == '0' ? '1' : '0';
	store(g, a, &t, &doc, true);
}

/* Log l of hour h is listed by the next digest as well, or twice in the same one. */
static void
duplicate_reference(struct gen *g, const struct args *a)
{
	struct target t;
	struct doc doc, next;
	struct ref *r;

	target_load(g, a, &t, &doc);
	r = entry(a, &doc);
	if (arg_num(a, "same", 0)) {
		doc_add(&doc,
		    &(struct ref){.v = {r->v[0], r->v[1], r->v[2], r->v[3], r->v[4], r->v[5]}});
		store(g, a, &t, &doc, true);
		return;
	}
	if (t.d + 1 >= t.c->digs + t.c->nmade)
		errx(2, "--tamper %s: no next digest", a->spec);
	t.d++;
	target_read(g, a, t.c, t.d, &next);
	doc_add(&next, r);
	doc_span(&next);
	doc_free(&doc);
	store(g, a, &t, &next, true);
}

/* A digest that does not list log l any more: the log is an orphan. */
static void
unlist_log(struct gen *g, const struct args *a)
{
	struct target t;
	struct doc doc;
	struct ref *r;

	target_load(g, a, &t, &doc);
	r = entry(a, &doc);
	fact(&a->deed->changed, g, strcmp(r->v[R_BUCKET], g->o.bucket) != 0, r->v[R_OBJECT]);
	ref_free(r);
	*r = doc.logs[--doc.nlogs];
	doc_span(&doc);
	store(g, a, &t, &doc, true);
}

/* A digest that says another account, end or algorithm than it should. */
static void
scope_mismatch(struct gen *g, const struct args *a)
{
	const char *which = arg(a, "which", "account");
	char account[13], iso[ISO_LEN];
	struct target t;
	struct doc doc;

	target_load(g, a, &t, &doc);
	if (strcmp(which, "account") == 0) {
		account_id(g->o.accounts + 30, account);
		doc_set(&doc, F_ACCOUNT, account);
	} else if (strcmp(which, "end") == 0) {
		stamp_iso(t.d->end + 60, iso);
		doc_set(&doc, F_END, iso);
	} else {
		errx(2, "--tamper %s: which is account or end", a->spec);
	}
	store(g, a, &t, &doc, true);
}

/* An algorithm that nobody knows. */
static void
unknown_algorithm(struct gen *g, const struct args *a)
{
	const char *which = arg(a, "which", "signature");
	struct target t;
	struct doc doc;

	target_load(g, a, &t, &doc);
	if (strcmp(which, "log") == 0) {
		ref_set(entry(a, &doc), R_ALGORITHM, "SHA3-512");
	} else if (strcmp(which, "previous") == 0) {
		doc_set(&doc, F_PREV_ALGORITHM, "SHA3-512");
	} else if (strcmp(which, "metadata") == 0) {
		t.d->flags |= D_META_ALGORITHM;
	} else {
		doc_set(&doc, F_ALGORITHM, "SHA512withECDSA");
	}
	store(g, a, &t, &doc, true);
}

/* The digest states a shorter time for log l than its events have. */
static void
log_time_range(struct gen *g, const struct args *a)
{
	struct target t;
	struct doc doc;
	struct ref *r;

	target_load(g, a, &t, &doc);
	r = entry(a, &doc);
	ref_set(r, R_NEWEST, r->v[R_OLDEST]);
	ref_set(r, R_OLDEST, r->v[R_NEWEST]);
	doc_span(&doc);
	store(g, a, &t, &doc, true);
}

/* The digest of one account lists a log of another. */
static void
foreign_log(struct gen *g, const struct args *a)
{
	struct target t, from;
	struct doc doc, other;
	size_t i;

	target_load(g, a, &t, &doc);
	memset(&from, 0, sizeof(from));
	for (i = 0; i < g->nchains; i++)
		if (g->chains[i].acct == arg_num(a, "of", 1) &&
		    g->chains[i].region == t.c->region && !g->chains[i].backfill)
			from.c = &g->chains[i];
	if (from.c == NULL)
		errx(2, "--tamper %s: no such account", a->spec);
	target_hour(&from, a, "h");
	target_read(g, a, from.c, from.d, &other);
	doc_add(&doc, entry(a, &other));
	doc_free(&other);
	store(g, a, &t, &doc, true);
}

/* Another minute and second of the hour from h on. */
static void
plan_phase(struct gen *g, const struct args *a)
{
	if (g->o.nphases == MAX_LIST)
		errx(2, "too many changes of phase");
	g->o.phases[g->o.nphases].hour = arg_num(a, "h", g->o.hours / 2);
	g->o.phases[g->o.nphases++].seconds = (int)arg_num(a, "s", 437);
}

/* The bucket changes at h. */
static void
plan_bucket(struct gen *g, const struct args *a)
{
	g->o.bucket_change = (int)arg_num(a, "h", g->o.hours / 2);
}

/* A second trail whose name begins as the first one's digests go on. */
static void
plan_collide(struct gen *g, const struct args *a)
{
	(void)a;
	if (g->o.ntrails == MAX_TRAILS)
		errx(2, "too many trails");
	g->o.trails[g->o.ntrails++] = xasprintf("%s_%s_x", g->o.trails[0], g->o.regions[g->o.home]);
}

const struct tamper tamper_signed[] = {{"reissue", NULL, reissue,
					   "[h] S: other content under its key, metadata signature "
					   "valid; the successor records the old hash"},
    {"fork", NULL, fork_chain,
	"[h,s=1,logs=0|1] S: a second digest ending s seconds later names the same predecessor; "
	"logs=1: it lists the same logs too"},
    {"overlap", NULL, overlap, "[h,s=1800] S: the window begins s seconds early"},
    {"window-broken", NULL, window_broken, "[h,s=600] S: the window begins s seconds late"},
    {"null-some-previous", NULL, null_some,
	"[h,which=bucket|object|hash|algorithm|signature] S: one of the five is null"},
    {"previous-hash", NULL, previous_hash, "[h] S: another hash of the predecessor"},
    {"duplicate-reference", NULL, duplicate_reference,
	"[h,l=0,same=0] S: log l is listed by the next digest too (same=1: twice by this one)"},
    {"unlist-log", NULL, unlist_log, "[h,l=0] S: log l is not listed"},
    {"scope-mismatch", NULL, scope_mismatch, "[h,which=account|end] S: disagrees with its own key"},
    {"foreign-log", NULL, foreign_log, "[h,l=0,of=1] S: lists log l of account index `of` as well"},
    {"unknown-algorithm", NULL, unknown_algorithm,
	"[h,which=signature|log|previous|metadata,l] S: an algorithm nobody knows"},
    {"log-time-range", NULL, log_time_range,
	"[h,l=0] S: states newest = oldest for a log of several events"},
    {"phase-change", plan_phase, NULL,
	"[h,s=437] S: window h is s seconds longer and the phase stays so (all chains)"},
    {"bucket-change", plan_bucket, NULL, "[h] S: same as --bucket-change"},
    {"collide-trail", plan_collide, NULL,
	"S: a second trail named <trail>_<home>_x delivers to the same place"},
    {0}};
