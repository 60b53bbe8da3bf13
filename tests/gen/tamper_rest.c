/* Tampering with names, metadata, keys and Lake exports. */
#include <ctype.h>
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

/* Lower case. */
static char
fold(char c)
{
	return (char)tolower((unsigned char)c);
}

/* What a copy to a file system with narrow rules makes of a character. */
static char
sanitise(char c)
{
	return isalnum((unsigned char)c) || strchr("-_./", c) != NULL ? c : '_';
}

struct renaming {
	char (*fn)(char);
	size_t skip; /* length of the path before the key */
};

/* Rename one file. */
static void
rename_one(const char *path, void *arg_)
{
	const struct renaming *r = arg_;
	char *to = xstrdup(path), *p;

	for (p = to + r->skip; *p != '\0'; p++)
		*p = r->fn(*p);
	if (strcmp(to, path) != 0)
		file_move(path, to);
	free(to);
}

/* Rename all objects, and remember where digests went. */
static void
rename_all(struct gen *g, char (*fn)(char))
{
	struct renaming r = {fn, strlen(g->o.out) + strlen("/bucket/")};
	char *root = xasprintf("%s/bucket", g->o.out), *p;
	struct dig *d;
	size_t i, k;

	file_walk(root, rename_one, &r);
	for (i = 0; i < g->nchains; i++) {
		for (k = 0; k < g->chains[i].ndigs; k++) {
			d = &g->chains[i].digs[k];
			if (d->where == NULL)
				d->where = digest_key_dup(g, &g->chains[i], d);
			for (p = d->where; *p != '\0'; p++)
				*p = fn(*p);
		}
	}
	free(root);
}

/* All names in lower case. */
static void
case_fold(struct gen *g, const struct args *a)
{
	(void)a;
	rename_all(g, fold);
}

/* Odd characters replaced. */
static void
sanitise_names(struct gen *g, const struct args *a)
{
	(void)a;
	rename_all(g, sanitise);
}

/* Set flags on the metadata of one digest, or of all that are selected when no h is given. */
static void
flag_meta(struct gen *g, const struct args *a, unsigned flag)
{
	struct target t;
	size_t i, k;
	char *key;

	if (arg(a, "h", NULL) != NULL || flag == D_META_FLIP) {
		target_dig(g, a, &t);
		t.d->flags |= flag;
		key = digest_key_dup(g, t.c, t.d);
		fact(&a->deed->changed, g, t.d->bucket, key);
		free(key);
		return;
	}
	for (i = 0; i < g->nchains; i++)
		for (k = 0; k < g->chains[i].ndigs; k++)
			if (arg_num(a, "a", g->chains[i].acct) == g->chains[i].acct &&
			    arg_num(a, "r", g->chains[i].region) == g->chains[i].region &&
			    arg_num(a, "t", g->chains[i].trail) == g->chains[i].trail)
				g->chains[i].digs[k].flags |= flag;
}

/* No metadata. */
static void
strip_metadata(struct gen *g, const struct args *a)
{
	flag_meta(g, a, D_META_STRIP);
}

/* One digit of the signature in the metadata differs. */
static void
alter_metadata(struct gen *g, const struct args *a)
{
	flag_meta(g, a, D_META_FLIP);
}

/* Backfill metadata without its time. */
static void
backfill_no_time(struct gen *g, const struct args *a)
{
	flag_meta(g, a, D_META_NOTIME);
}

/* A line of metadata for a digest after the last one, which is not in the evidence. */
static void
metadata_absent(struct gen *g, const struct args *a)
{
	struct target t;
	struct dig d;
	char *key;

	target_chain(g, a, &t);
	d = t.c->digs[t.c->nmade - 1];
	d.end += 3600 * (int64_t)arg_num(a, "n", 1);
	key = digest_key_dup(g, t.c, &d);
	buf_fmt(&g->absent, "{\"bucket\":\"%s\",\"key\":\"%s\",\"metadata\":{\"signature\":\"",
	    file_bucket(g, d.bucket), key);
	buf_hex(&g->absent, d.sig, d.siglen);
	buf_str(&g->absent, "\",\"signature-algorithm\":\"SHA256withRSA\"}}\n");
	fact(&a->deed->added, g, d.bucket, key);
	free(key);
}

/* The key of a region, at the start or at the hour given. */
static struct key *
key_target(struct gen *g, const struct args *a)
{
	struct target t;

	target_dig(g, a, &t);
	return &g->keys[t.d->key];
}

/* The published fingerprint is another. */
static void
wrong_fingerprint(struct gen *g, const struct args *a)
{
	key_target(g, a)->wrong_fp = true;
}

/* The published validity ended before the digests. */
static void
key_outside(struct gen *g, const struct args *a)
{
	key_target(g, a)->expired = true;
}

/* The key is not published. */
static void
drop_key(struct gen *g, const struct args *a)
{
	key_target(g, a)->dropped = true;
}

/* The key's DER is cut in half. */
static void
bad_key_der(struct gen *g, const struct args *a)
{
	key_target(g, a)->bad_der = true;
}

/* Under the fingerprint of a region's key stands the value of another key. */
static void
wrong_region_key(struct gen *g, const struct args *a)
{
	struct key *k = key_target(g, a);

	if (g->nkeys < 2)
		errx(2, "--tamper %s: one key only", a->spec);
	k->swapped = (int)((unsigned)(k - g->keys + 1) % g->nkeys);
}

/* Read a file of the Lake export. */
static char *
lake_load(struct gen *g, const struct args *a, const char *name, struct buf *b)
{
	char *key = lake_key(g, name), *path = file_object(g, 0, key);

	if (!file_read(path, b))
		errx(2, "--tamper %s: %s is missing; give --lake", a->spec, path);
	fact(&a->deed->changed, g, 0, key);
	free(key);
	return path;
}

/* One result compressed again with another row. */
static void
lake_alter(struct gen *g, const struct args *a)
{
	char *name = xasprintf("result_%u.csv.gz", arg_num(a, "n", 1)), *path;
	struct buf z = {0}, b = {0};

	path = lake_load(g, a, name, &z);
	gz_unpack(&b, z.p, z.len);
	buf_str(&b, "\"forged\",\"\",\"\",\"\",\"\",\"\"\n");
	z.len = 0;
	gz_pack(g, &z, b.p, b.len);
	file_write(path, z.p, z.len);
	buf_free(&z);
	buf_free(&b);
	free(path);
	free(name);
}

/* Edit the text of result_sign.json. */
static void
lake_edit(struct gen *g, const struct args *a, const char *from, const char *to)
{
	struct buf b = {0};
	char *path = lake_load(g, a, "result_sign.json", &b);

	if (buf_replace(&b, from, to, 1) == 0)
		errx(2, "--tamper %s: not found", a->spec);
	file_write(path, b.p, b.len);
	buf_free(&b);
	free(path);
}

/* A name that leaves the folder; names are not signed. */
static void
lake_name(struct gen *g, const struct args *a)
{
	char *to = xasprintf("\"fileName\":\"%s\"", arg(a, "to", "../result_1.csv.gz"));

	lake_edit(g, a, "\"fileName\":\"result_1.csv.gz\"", to);
	free(to);
}

/* A signature with another first digit. */
static void
lake_signature(struct gen *g, const struct args *a)
{
	struct buf b = {0};
	char *path = lake_load(g, a, "result_sign.json", &b),
	     *s = strstr(b.p, "\"hashSignature\":\"");

	if (s != NULL)
		s[21] = s[21] == '0' ? '1' : '0';
	file_write(path, b.p, b.len);
	buf_free(&b);
	free(path);
}

/* A result that is gone. */
static void
lake_missing(struct gen *g, const struct args *a)
{
	char *name = xasprintf("result_%u.csv.gz", arg_num(a, "n", 1)), *key = lake_key(g, name),
	     *path = file_object(g, 0, key);

	file_remove(path);
	fact(&a->deed->removed, g, 0, key);
	free(name);
	free(key);
	free(path);
}

/* Two results change their names. */
static void
lake_swap(struct gen *g, const struct args *a)
{
	lake_edit(g, a, "\"fileName\":\"result_1.csv.gz\"", "\"fileName\":\"result_swap.csv.gz\"");
	lake_edit(g, a, "\"fileName\":\"result_2.csv.gz\"", "\"fileName\":\"result_1.csv.gz\"");
	lake_edit(g, a, "\"fileName\":\"result_swap.csv.gz\"", "\"fileName\":\"result_2.csv.gz\"");
}

const struct tamper tamper_rest[] = {
    {"case-fold", NULL, case_fold, "all names in bucket/ in lower case (put it last)"},
    {"sanitise-names", NULL, sanitise_names,
	"characters other than A-Z a-z 0-9 - _ . / become _ (give --prefix 'a:b', put it last)"},
    {"strip-metadata", NULL, strip_metadata,
	"[h or a,r,t] no metadata of digest h, or of all, or of those selected"},
    {"alter-metadata-signature", NULL, alter_metadata,
	"[h] one digit of the metadata signature differs"},
    {"backfill-no-time", NULL, backfill_no_time,
	"[a,r,t] backfill metadata without backfill-generation-timestamp"},
    {"metadata-absent", NULL, metadata_absent,
	"[n=1] metadata (jsonl) names the digest n hours after the last, which does not exist"},
    {"wrong-fingerprint", NULL, wrong_fingerprint,
	"[r,h] keys.json gives that digest's key another fingerprint"},
    {"key-outside-validity", NULL, key_outside, "[r,h] its published validity ended a year before"},
    {"drop-key", NULL, drop_key, "[r,h] it is not in keys.json"},
    {"bad-key-der", NULL, bad_key_der, "[r,h] its value in keys.json is cut in half"},
    {"wrong-region-key", NULL, wrong_region_key,
	"[r,h] under its fingerprint stands another key (see also keys-REGION.json)"},
    {"lake-alter", NULL, lake_alter, "[n=1] result n has another row"},
    {"lake-name", NULL, lake_name,
	"[to=../result_1.csv.gz] the name of result 1 in result_sign.json"},
    {"lake-missing", NULL, lake_missing, "[n=1] result n is gone"},
    {"lake-signature", NULL, lake_signature, "the signature is wrong"},
    {"lake-swap", NULL, lake_swap, "results 1 and 2 change names (needs --lake=2 or more)"}, {0}};
