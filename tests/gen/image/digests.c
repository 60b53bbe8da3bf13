/*
 * Digests over the logs: those of the first region lie on the image, those of the second in the
 * folder bucket/ beside it. Each also lists a log that is nowhere. The signature of a digest on the
 * image stands in its successor only, so the last one of them is not to be verified.
 */
#include <stdlib.h>
#include <string.h>

#include "image.h"

#define ABSENT "absent" /* instead of a bucket: listed but planted nowhere */

/* What is known of the digest of a chain's hour before it is made. */
static void
dig_of(const struct image *im, unsigned chain, size_t hour, struct dig *d)
{
	memset(d, 0, sizeof(*d));
	d->slot = (unsigned)hour;
	d->start = im->g.o.start + im->g.o.phase + (int64_t)hour * 3600;
	d->end = d->start + 3600;
	d->key = (unsigned char)key_of(&im->g, chain, d->end);
	d->flags = hour == 0 ? D_START : 0;
}

/* List a log in its hour. */
static char *
list(struct image *im, const struct place *p, const char *sha, unsigned salt, const int64_t span[2],
    bool absent)
{
	struct rng r = rng_make(im->g.o.seed, TAG('n', 'a', 'm', 'e'), p->region, salt, 0, 0);
	struct chain c = {.region = p->region};
	struct buf key = {0};
	struct ref ref = {0};
	char uniq[17], iso[ISO_LEN];
	struct dig d;

	dig_of(im, p->region, p->slot, &d);
	rng_alnum(&r, uniq, 16);
	uniq[16] = '\0';
	log_key(&im->g, &c, &d, "CloudTrail", (span[1] + 360) / 300 * 300, uniq, &key);
	ref_set(&ref, R_BUCKET, absent ? ABSENT : im->g.o.bucket);
	ref_set(&ref, R_OBJECT, key.p);
	ref_set(&ref, R_HASH, sha);
	ref_set(&ref, R_ALGORITHM, "SHA-256");
	stamp_iso(span[1], iso);
	ref_set(&ref, R_NEWEST, iso);
	stamp_iso(span[0], iso);
	ref_set(&ref, R_OLDEST, iso);
	doc_add(&im->hours[p->region][p->slot], &ref);
	ref_free(&ref);
	return key.p;
}

/* List a log that is not planted. */
static void
list_absent(struct image *im, const struct place *of)
{
	struct place p = *of;
	struct buf b = {0};
	char sha[2 * SHA_LEN + 1];
	int64_t t, span[2];

	p.salt = 900000 + im->nmissing++;
	p.total = 1;
	buf_str(&b, "{\"Records\":[");
	event_write(&p, 0, &b, &t);
	buf_str(&b, "]}");
	sha256_hex(b.p, b.len, sha);
	span[0] = span[1] = t;
	free(list(im, &p, sha, p.salt, span, true));
	buf_free(&b);
}

/* List a log of the place in the digest of its hour; sets the log's object and digest. */
void
digests_list(struct image *im, struct log *l, const struct place *p, int64_t first, int64_t last)
{
	struct chain c = {.region = p->region};
	unsigned r = p->region;
	int64_t span[2] = {first, last};
	struct dig d;

	if (p->slot >= im->nhours[r]) {
		im->hours[r] = xrealloc(im->hours[r], p->slot + 1, sizeof(struct doc));
		memset(im->hours[r] + im->nhours[r], 0,
		    (p->slot + 1 - im->nhours[r]) * sizeof(struct doc));
		im->nhours[r] = p->slot + 1;
		list_absent(im, p);
	}
	l->object = list(im, p, l->sha, p->salt, span, false);
	dig_of(im, r, p->slot, &d);
	l->digest = digest_key_dup(&im->g, &c, &d);
}

/* Append what the key says of a digest. */
static void
put_key(struct image *im, const struct chain *c, const struct dig *d, const struct doc *hour,
    const char *place, const char *state)
{
	struct buf *b = &im->digests;
	char *key = digest_key_dup(&im->g, c, d);
	size_t i;

	buf_fmt(b, "%s\n  {\"key\": \"%s\", \"sha256\": \"", b->len ? "," : "", key);
	buf_hex(b, d->hash, SHA_LEN);
	buf_fmt(b, "\", \"state\": \"%s\", %s, \"logs\": [", state, place);
	for (i = 0; i < hour->nlogs; i++)
		buf_fmt(b, "%s\n    {\"object\": \"%s\", \"sha256\": \"%s\", \"planted\": %s}",
		    i ? "," : "", hour->logs[i].v[R_OBJECT], hour->logs[i].v[R_HASH],
		    strcmp(hour->logs[i].v[R_BUCKET], ABSENT) == 0 ? "false" : "true");
	buf_str(b, "]}");
	free(key);
}

/* The document of an hour: what was listed, all in the one bucket. */
static void
fill(struct image *im, const struct chain *c, const struct dig *d, const struct doc *hour,
    struct doc *doc)
{
	size_t i;

	doc_init(&im->g, c, d, doc);
	for (i = 0; i < hour->nlogs; i++)
		ref_set(doc_add(doc, &hour->logs[i]), R_BUCKET, im->g.o.bucket);
	doc_span(doc);
	doc_link(&im->g, c, chain_before(c, d), doc);
}

/* Sign a digest and put it on the image. */
static void
plant(
    struct image *im, const struct chain *c, struct dig *d, const struct doc *hour, struct doc *doc)
{
	struct buf b = {0}, z = {0};
	char sha[2 * SHA_LEN + 1], *place;
	uint64_t at;

	chain_sign(&im->g, d, doc, true, &b);
	im->g.o.libdeflate = d->slot % 2 == 1;
	gz_pack(&im->g, &z, b.p, b.len);
	at = disk_take(&im->disk, z.len, d->slot % 3 == 2 ? 1 : BLOCK);
	disk_put(&im->disk, at, z.p, z.len);
	sha256_hex(z.p, z.len, sha);
	place = xasprintf(
	    "\"where\": \"image\", \"offset\": %llu, \"length\": %zu, \"stored_sha256\": \"%s\"",
	    (unsigned long long)at, z.len, sha);
	put_key(im, c, d, hour, place, d + 1 == c->digs + c->ndigs ? "listed" : "signed");
	free(place);
	buf_free(&b);
	buf_free(&z);
}

/* Make all digests of a chain. */
static void
finish(struct image *im, struct chain *c)
{
	struct dig *d;
	struct doc doc;
	struct key *k;
	size_t i;

	c->ndigs = im->nhours[c->region];
	c->digs = xrealloc(NULL, c->ndigs, sizeof(*c->digs));
	for (i = 0; i < c->ndigs; i++) {
		d = &c->digs[i];
		dig_of(im, c->region, i, d);
		k = &im->g.keys[d->key];
		k->first = d->end < k->first ? d->end : k->first;
		k->last = d->end > k->last ? d->end : k->last;
		k->regions |= UINT64_C(1) << c->region;
		fill(im, c, d, &im->hours[c->region][i], &doc);
		if (c->region == 0) {
			plant(im, c, d, &im->hours[0][i], &doc);
		} else {
			chain_save(&im->g, c, d, &doc, true);
			put_key(im, c, d, &im->hours[1][i], "\"where\": \"folder\"", "signed");
		}
		doc_free(&doc);
		doc_free(&im->hours[c->region][i]);
	}
	free(im->hours[c->region]);
}

/* Make the digests, the key file and the metadata of the digests in the folder. */
void
digests_finish(struct image *im)
{
	struct chain chains[2] = {{.region = 0}, {.region = 1}};
	size_t i, k;

	for (i = 0; i < 2; i++)
		finish(im, &chains[i]);
	keyfile_write(&im->g);
	im->g.chains = &chains[1];
	im->g.nchains = 1;
	meta_write(&im->g);
	im->g.chains = NULL;
	im->g.nchains = 0;
	for (i = 0; i < 2; i++) {
		for (k = 0; k < chains[i].ndigs; k++)
			free(chains[i].digs[k].sig);
		free(chains[i].digs);
	}
}
