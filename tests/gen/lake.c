/* A CloudTrail Lake query export: result_N.csv.gz and result_sign.json. */
#include <stdlib.h>

#include "gen.h"

/* The key of a file of the export; the caller frees it. */
char *
lake_key(const struct gen *g, const char *name)
{
	struct rng r = rng_make(g->o.seed, TAG('l', 'a', 'k', 'e'), 0, 0, 0, 0);
	struct buf b = {0};
	char folder[ISO_LEN], id[37];

	rng_uuid(&r, id);
	stamp_folder(g->o.start + (int64_t)g->o.hours * 3600, folder);
	root_key(g, 0, false, &b);
	buf_fmt(&b, "CloudTrail-Lake/Query/%s/%s/%s", folder, id, name);
	return b.p;
}

/* The rows of result n. */
static void
lake_rows(const struct gen *g, unsigned n, struct buf *b)
{
	struct rng r = rng_make(g->o.seed, TAG('l', 'a', 'k', 'e'), 1, n, 0, 0);
	const struct call *c;
	char id[37], iso[ISO_LEN], account[13];
	unsigned i;

	account_id(0, account);
	buf_str(b, "\"eventID\",\"eventTime\",\"eventSource\",\"eventName\",\"awsRegion\","
		   "\"recipientAccountId\"\n");
	for (i = 0; i < 40; i++) {
		c = call_pick(&r, true, true, false);
		rng_uuid(&r, id);
		stamp_iso(g->o.start + n * 3600 + i * 60, iso);
		iso[10] = ' ';
		buf_fmt(b, "\"%s\",\"%.19s.000\",\"%s.amazonaws.com\",\"%s\",\"%s\",\"%s\"\n", id,
		    iso, c->source, c->name, g->o.regions[g->o.home], account);
	}
}

/* Write one result and append its hash, which is of the compressed file. */
static void
lake_result(const struct gen *g, unsigned n, struct buf *files, struct buf *signed_text)
{
	char *name = xasprintf("result_%u.csv.gz", n), *key = lake_key(g, name),
	     *path = file_object(g, 0, key);
	char hash[2 * SHA_LEN + 1];
	struct buf csv = {0}, z = {0};

	lake_rows(g, n, &csv);
	gz_pack(g, &z, csv.p, csv.len);
	file_write(path, z.p, z.len);
	sha256_hex(z.p, z.len, hash);
	buf_fmt(files, "%s{\"fileHashValue\":\"%s\",\"fileName\":\"%s\"}", n > 1 ? "," : "", hash,
	    name);
	buf_fmt(signed_text, "%s%s", n > 1 ? " " : "", hash);
	buf_free(&csv);
	buf_free(&z);
	free(name);
	free(key);
	free(path);
}

/* Make the export with as many results as the options say. */
void
lake_make(struct gen *g)
{
	const struct key *k = &g->keys[key_of(g, g->o.home, g->o.start)];
	struct buf files = {0}, text = {0}, doc = {0};
	char *key = lake_key(g, "result_sign.json"), *path = file_object(g, 0, key);
	unsigned char *sig;
	char iso[ISO_LEN];
	unsigned i;
	size_t n;

	for (i = 1; i <= g->o.lake; i++)
		lake_result(g, i, &files, &text);
	n = key_sign(k, text.p, text.len, &sig);
	stamp_iso(g->o.start + (int64_t)g->o.hours * 3600 + 1234, iso);
	buf_fmt(&doc,
	    "{\"version\":\"1.0\",\"region\":\"%s\",\"files\":[%s],\"hashAlgorithm\":\"SHA-256\","
	    "\"signatureAlgorithm\":"
	    "\"SHA256withRSA\",\"queryCompleteTime\":\"%s\",\"hashSignature\":\"",
	    g->o.regions[g->o.home], files.p, iso);
	buf_hex(&doc, sig, n);
	buf_fmt(&doc, "\",\"publicKeyFingerprint\":\"%s\"}", k->fp);
	file_write(path, doc.p, doc.len);
	g->lakes = g->o.lake;
	free(sig);
	free(key);
	free(path);
	buf_free(&files);
	buf_free(&text);
	buf_free(&doc);
}
