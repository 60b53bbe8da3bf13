/* The public keys, as aws cloudtrail list-public-keys prints them. */
#include <stdlib.h>

#include "gen.h"

#define DAY 86400

/* Append a time in the spelling that the options ask for. */
static void
put_time(const struct gen *g, int64_t t, struct buf *b)
{
	char iso[ISO_LEN];

	stamp_iso(t, iso);
	if (g->o.key_iso)
		buf_fmt(b, "\"%.19s+00:00\"", iso);
	else if (g->o.key_string)
		buf_fmt(b, "\"%lld\"", (long long)t);
	else if (g->o.key_float)
		buf_fmt(b, "%lld.0", (long long)t);
	else
		buf_fmt(b, "%lld", (long long)t);
}

/* Append the base64 value of a key, with the tampering that was asked for. */
static void
put_value(const struct gen *g, const struct key *k, struct buf *b)
{
	const struct key *from = k->swapped >= 0 ? &g->keys[k->swapped] : k;
	const unsigned char *der = g->o.key_spki ? from->spki : from->pkcs1;
	int len = g->o.key_spki ? from->spki_len : from->pkcs1_len;

	base64(b, der, (size_t)(k->bad_der ? len / 2 : len));
}

/* Append one entry: valid from ten days before its first use, for thirty days or as long as used.
 */
static void
put_key(const struct gen *g, const struct key *k, struct buf *b)
{
	int64_t from = k->first - 10 * DAY, to = from + 30 * DAY;

	if (to < k->last + DAY)
		to = k->last + DAY;
	if (k->expired) {
		from -= 400 * DAY;
		to = from + 30 * DAY;
	}
	buf_str(b, "        {\n            \"Value\": \"");
	put_value(g, k, b);
	buf_str(b, "\",\n            \"ValidityStartTime\": ");
	put_time(g, from, b);
	buf_str(b, ",\n            \"ValidityEndTime\": ");
	put_time(g, to, b);
	if (!g->o.key_nofp)
		buf_fmt(b, ",\n            \"Fingerprint\": \"%s%s\"",
		    k->wrong_fp ? "0badc0de" : "", k->fp + (k->wrong_fp ? 8 : 0));
	buf_str(b, "\n        }");
}

/* Write the keys that any of the regions in the mask uses. */
static void
keyfile_one(const struct gen *g, const char *path, uint64_t regions)
{
	struct buf b = {0};
	unsigned i, n = 0;

	buf_fmt(&b, "{\n    \"%s\": [", g->o.key_lower ? "publicKeyList" : "PublicKeyList");
	for (i = 0; i < g->nkeys; i++) {
		if (g->keys[i].last < g->keys[i].first || g->keys[i].dropped ||
		    !(g->keys[i].regions & regions))
			continue;
		buf_str(&b, n++ ? ",\n" : "\n");
		put_key(g, &g->keys[i], &b);
	}
	buf_str(&b, n ? "\n    ]\n}\n" : "]\n}\n");
	file_write(path, b.p, b.len);
	buf_free(&b);
}

/* Append one SPKI key in PEM. */
static void
put_pem(const struct key *k, struct buf *b)
{
	struct buf t = {0};
	size_t i;

	base64(&t, k->spki, (size_t)k->spki_len);
	buf_str(b, "-----BEGIN PUBLIC KEY-----\n");
	for (i = 0; i < t.len; i += 64) {
		buf_add(b, t.p + i, t.len - i < 64 ? t.len - i : 64);
		buf_chr(b, '\n');
	}
	buf_str(b, "-----END PUBLIC KEY-----\n");
	buf_free(&t);
}

/* Write each key alone, as PEM and as PKCS#1 DER, named for its fingerprint. */
static void
keyfile_singles(const struct gen *g)
{
	struct buf b = {0};
	unsigned i;
	char *path;

	for (i = 0; i < g->nkeys; i++) {
		if (g->keys[i].last < g->keys[i].first)
			continue;
		path = xasprintf("%s/keys/%s.pem", g->o.out, g->keys[i].fp);
		put_pem(&g->keys[i], &b);
		file_write(path, b.p, b.len);
		free(path);
		path = xasprintf("%s/keys/%s.der", g->o.out, g->keys[i].fp);
		file_write(path, g->keys[i].pkcs1, (size_t)g->keys[i].pkcs1_len);
		free(path);
		buf_free(&b);
	}
}

/* Write keys.json, keys-REGION.json for each region, and keys/. */
void
keyfile_write(struct gen *g)
{
	unsigned i;
	char *path;

	path = xasprintf("%s/keys.json", g->o.out);
	keyfile_one(g, path, UINT64_MAX);
	free(path);
	for (i = 0; i < g->o.nregions; i++) {
		path = xasprintf("%s/keys-%s.json", g->o.out, g->o.regions[i]);
		keyfile_one(g, path, UINT64_C(1) << i);
		free(path);
	}
	keyfile_singles(g);
}
