/* Log files: which events stand in which, under which name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

/* Append [prefix/]AWSLogs/[org/]account/, under the second prefix when moved. */
void
root_key(const struct gen *g, unsigned acct, bool moved, struct buf *b)
{
	const char *prefix = moved ? g->o.prefix2 : g->o.prefix;
	char account[13];

	account_id(acct, account);
	if (g->o.org_prefix)
		buf_fmt(b, "%s/", g->o.org);
	else if (prefix != NULL)
		buf_fmt(b, "%s/", prefix);
	buf_str(b, "AWSLogs/");
	if (g->o.org != NULL)
		buf_fmt(b, "%s/", g->o.org);
	buf_fmt(b, "%s/", account);
}

/* The events that one digest's window delivers. */
void
place_of(const struct gen *g, const struct chain *c, const struct dig *d, struct place *p)
{
	memset(p, 0, sizeof(*p));
	p->g = g;
	p->acct = c->acct;
	p->region = c->region;
	p->slot = d->slot;
	p->total = g->o.logs * g->o.events;
	p->start = d->start;
	p->len = d->end - d->start;
}

/* Append the key of a log of a class, of the window of d, for a time and a unique ending. */
void
log_key(const struct gen *g, const struct chain *c, const struct dig *d, const char *class,
    int64_t t, const char uniq[17], struct buf *b)
{
	char account[13], folder[ISO_LEN], minute[ISO_LEN];
	const char *region = g->o.regions[c->region];

	account_id(c->acct, account);
	stamp_folder(t, folder);
	stamp_minute(t, minute);
	root_key(g, c->acct, d->moved, b);
	buf_fmt(b, "%s/%s/%s/%s_%s_%s_%s%s%s.json.gz", class, region, folder, account, class,
	    region, minute, g->o.old_names ? "" : "_", uniq);
}

/* Compress a log and write it; an empty body is written too. */
void
log_store(const struct gen *g, unsigned bucket, const char *key, const struct buf *body)
{
	char *path = file_object(g, bucket, key);
	struct buf z = {0};

	gz_pack(g, &z, body->p, body->len);
	file_write(path, z.p, z.len);
	buf_free(&z);
	free(path);
}

/* The time in the name of log j of a window: its delivery, rounded down to five minutes. */
static int64_t
log_name_time(const struct gen *g, const struct dig *d, unsigned j)
{
	int64_t t = d->start + 60 +
		    (int64_t)(j + 1) * (d->end - d->start - 120) / (g->o.logs ? g->o.logs : 1);

	return t - t % 300;
}

/* The 16 characters that end the name of a log. */
static void
log_uniq(const struct gen *g, const struct chain *c, const struct dig *d, unsigned j, unsigned salt,
    char uniq[17])
{
	struct rng r = rng_make(g->o.seed, TAG('u', 'n', 'i', 'q'),
	    (uint64_t)c->acct << 32 | c->region, (uint64_t)c->trail << 32 | salt, d->slot, j);

	rng_alnum(&r, uniq, 16);
	uniq[16] = '\0';
}

/* Where log j begins among the events of the hour; another shift splits the same events
 * differently. */
static unsigned
log_bound(const struct gen *g, unsigned j, unsigned shift)
{
	if (j == 0)
		return 0;
	return j >= g->o.logs ? g->o.logs * g->o.events : j * g->o.events + shift;
}

struct span {
	int64_t first, last;
	unsigned n;
};

/* Put a comma where one is needed, count, and widen the span. */
static void
span_add(struct span *s, int64_t t)
{
	if (s->n == 0 || t < s->first)
		s->first = t;
	if (s->n == 0 || t > s->last)
		s->last = t;
	s->n++;
}

/* Append the injected events of the place that belong in its first (or last) log. */
static void
put_injects(const struct place *p, bool first, struct buf *b, struct span *s)
{
	const struct options *o = &p->g->o;
	const struct inject *in;
	unsigned i;

	for (i = 0; i < o->ninjects; i++) {
		in = &o->injects[i];
		if (in->hour != p->slot || in->acct != p->acct || in->region != p->region ||
		    in->first != first)
			continue;
		buf_str(b, s->n ? "," : "");
		control_write(p, i, in, b);
		span_add(s, control_time(p, in));
	}
}

/* The body of log j. */
static void
log_body(const struct place *p, unsigned j, unsigned shift, struct buf *b, struct span *s)
{
	unsigned e, end = log_bound(p->g, j + 1, shift);
	int64_t t;

	buf_str(b, "{\"Records\":[");
	if (j == 0 && p->salt == 0)
		put_injects(p, true, b, s);
	for (e = log_bound(p->g, j, shift); e < end; e++) {
		buf_str(b, s->n ? "," : "");
		event_write(p, e, b, &t);
		span_add(s, t);
	}
	if (j + 1 == p->g->o.logs && p->salt == 0)
		put_injects(p, false, b, s);
	buf_str(b, "]}");
}

/* Fill in what a digest says of a log. */
static void
made_fill(struct made *m, const char *bucket, const struct buf *key, const struct buf *body,
    const struct span *s)
{
	char hash[2 * SHA_LEN + 1], iso[ISO_LEN];

	memset(m, 0, sizeof(*m));
	sha256_hex(body->p, body->len, hash);
	ref_set(&m->ref, R_BUCKET, bucket);
	ref_set(&m->ref, R_OBJECT, key->p);
	ref_set(&m->ref, R_HASH, hash);
	ref_set(&m->ref, R_ALGORITHM, "SHA-256");
	if (s->n > 0) {
		stamp_iso(s->last, iso);
		ref_set(&m->ref, R_NEWEST, iso);
		stamp_iso(s->first, iso);
		ref_set(&m->ref, R_OLDEST, iso);
	}
	m->events = s->n;
	m->bytes = body->len;
}

/* Append what the last log of a window holds of the first once more: its first events, and one that
 * was altered. */
static void
put_again(struct gen *g, const struct place *p, unsigned trail, struct buf *b, struct span *s)
{
	unsigned e, n = p->g->o.duplicates;
	struct buf other = {0};
	int64_t t;

	b->len -= 2;
	for (e = 0; e < n; e++) {
		buf_chr(b, ',');
		event_write(p, e, b, &t);
		span_add(s, t);
	}
	if (p->acct == 0 && p->region == 0 && trail == 0 && (int)p->slot == p->g->o.conflict) {
		event_write(p, n, &other, &t);
		buf_replace(&other, "\"userAgent\":\"", "\"userAgent\":\"edited ", 1);
		buf_chr(b, ',');
		buf_add(b, other.p, other.len);
		span_add(s, t);
		__atomic_fetch_add(&g->conflicts, 1, __ATOMIC_RELAXED);
	}
	__atomic_fetch_add(&g->duplicates, n, __ATOMIC_RELAXED);
	buf_str(b, "]}");
	buf_free(&other);
}

/* Make and write log j of a window, and say in *m what its digest will list. */
void
log_make(struct gen *g, const struct chain *c, const struct dig *d, unsigned j, struct made *m)
{
	struct buf key = {0}, body = {0};
	struct span s = {0};
	struct place p;
	char uniq[17];

	place_of(g, c, d, &p);
	log_body(&p, j, c->trail * g->o.events / (g->o.ntrails + 1), &body, &s);
	if (j + 1 == g->o.logs && s.n > 0)
		put_again(g, &p, c->trail, &body, &s);
	log_uniq(g, c, d, j, 0, uniq);
	log_key(g, c, d, "CloudTrail", log_name_time(g, d, j), uniq, &key);
	log_store(g, d->bucket, key.p, &body);
	made_fill(m, file_bucket(g, d->bucket), &key, &body, &s);
	buf_free(&key);
	buf_free(&body);
}

/* Write a log that no digest lists, with the hour's events split differently; j of them. Returns
 * its key. */
char *
log_copy(const struct gen *g, const struct chain *c, const struct dig *d, unsigned j, bool edit)
{
	struct buf key = {0}, body = {0};
	struct span s = {0};
	struct place p;
	char uniq[17];

	place_of(g, c, d, &p);
	log_body(&p, j, (g->o.events + 1) / 2, &body, &s);
	if (edit)
		buf_replace(&body, "\"userAgent\":\"", "\"userAgent\":\"edited ", 1);
	log_uniq(g, c, d, j, 9001, uniq);
	log_key(g, c, d, "CloudTrail", log_name_time(g, d, j), uniq, &key);
	log_store(g, d->bucket, key.p, &body);
	buf_free(&body);
	return key.p;
}

/*
 * Write a forged log number n: plausible new events. account and region, when not NULL, are what
 * its records claim instead of what its key says. Returns its key.
 */
char *
log_forge(const struct gen *g, const struct chain *c, const struct dig *d, unsigned n,
    const char *account, const char *region)
{
	struct buf key = {0}, body = {0};
	struct span s = {0};
	struct place p;
	char uniq[17], own[13], from[96], to[96];

	place_of(g, c, d, &p);
	p.salt = 7000 + n;
	log_body(&p, g->o.logs / 2, 0, &body, &s);
	account_id(c->acct, own);
	snprintf(from, sizeof(from), "\"recipientAccountId\":\"%s\"", own);
	snprintf(to, sizeof(to), "\"recipientAccountId\":\"%s\"", account ? account : own);
	buf_replace(&body, from, to, account ? UINT32_MAX : 0);
	snprintf(from, sizeof(from), "\"awsRegion\":\"%s\"", g->o.regions[c->region]);
	snprintf(to, sizeof(to), "\"awsRegion\":\"%s\"", region ? region : "");
	buf_replace(&body, from, to, region ? UINT32_MAX : 0);
	log_uniq(g, c, d, n, p.salt, uniq);
	log_key(g, c, d, "CloudTrail", log_name_time(g, d, g->o.logs / 2), uniq, &key);
	log_store(g, d->bucket, key.p, &body);
	buf_free(&body);
	return key.p;
}

/* Write the log that a backfill digest lists: late events of the window. Returns its key, which the
 * caller frees. */
char *
log_late(const struct gen *g, const struct chain *c, const struct dig *d, struct made *m)
{
	struct buf key = {0}, body = {0};
	struct span s = {0};
	struct place p;
	char uniq[17];

	place_of(g, c, d, &p);
	p.salt = 500;
	log_body(&p, g->o.logs / 2, 0, &body, &s);
	log_uniq(g, c, d, 0, p.salt, uniq);
	log_key(g, c, d, "CloudTrail", log_name_time(g, d, g->o.logs / 2), uniq, &key);
	log_store(g, d->bucket, key.p, &body);
	made_fill(m, file_bucket(g, d->bucket), &key, &body, &s);
	buf_free(&body);
	return key.p;
}

/* Write a log of another class for the window; *m is what a digest would list. Returns its key. */
char *
log_class(const struct gen *g, const struct chain *c, const struct dig *d, const char *class,
    struct made *m)
{
	struct buf key = {0}, body = {0};
	struct span s = {d->start + 600, d->start + 900, 1};
	struct place p;
	char uniq[17];

	place_of(g, c, d, &p);
	buf_str(&body, "{\"Records\":[");
	if (strcmp(class, "CloudTrail-Insight") == 0) {
		insight_record(&p, "Start", &body);
		buf_chr(&body, ',');
		insight_record(&p, "End", &body);
		s.last = d->start + 1500;
		s.n = 2;
	} else if (strcmp(class, "CloudTrail-NetworkActivity") == 0) {
		network_record(&p, &body);
		s.first = s.last;
	} else {
		aggregated_record(&p, &body);
	}
	buf_str(&body, "]}");
	log_uniq(g, c, d, 0, 600 + (unsigned)strlen(class), uniq);
	log_key(g, c, d, class, (d->start + 1800) / 300 * 300, uniq, &key);
	log_store(g, d->bucket, key.p, &body);
	made_fill(m, file_bucket(g, d->bucket), &key, &body, &s);
	buf_free(&body);
	return key.p;
}
