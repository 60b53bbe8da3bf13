/* Tampering with digests by somebody without the key: removed, edited, moved about. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

/* The path of a digest's file; the caller frees it. */
static char *
dig_path(const struct gen *g, const struct chain *c, const struct dig *d)
{
	char *key = digest_key_dup(g, c, d),
	     *path = file_object(g, d->bucket, d->where ? d->where : key);

	free(key);
	return path;
}

/* Remove one digest if it is there; meta=keep leaves its metadata behind. */
static void
remove_dig(struct gen *g, const struct args *a, struct chain *c, struct dig *d)
{
	char *path, *key;

	if (!dig_present(d))
		return;
	path = dig_path(g, c, d);
	key = digest_key_dup(g, c, d);
	file_remove(path);
	d->flags |= D_GONE;
	if (strcmp(arg(a, "meta", "drop"), "keep") == 0)
		d->flags |= D_META_KEEP;
	fact(&a->deed->removed, g, d->bucket, key);
	free(path);
	free(key);
}

/* n digests from h on. */
static void
delete_digest(struct gen *g, const struct args *a)
{
	unsigned i, n = arg_num(a, "n", 1);
	struct target t;

	target_dig(g, a, &t);
	for (i = 0; i < n && t.d + i < t.c->digs + t.c->nmade; i++)
		remove_dig(g, a, t.c, t.d + i);
}

/* The newest n. */
static void
delete_newest(struct gen *g, const struct args *a)
{
	unsigned i, n = arg_num(a, "n", 1);
	struct target t;

	target_chain(g, a, &t);
	for (i = 0; i < n && i < t.c->nmade; i++)
		remove_dig(g, a, t.c, &t.c->digs[t.c->nmade - 1 - i]);
}

/* The oldest n. */
static void
delete_oldest(struct gen *g, const struct args *a)
{
	unsigned i, n = arg_num(a, "n", 1);
	struct target t;

	target_chain(g, a, &t);
	for (i = 0; i < n && i < t.c->nmade; i++)
		remove_dig(g, a, t.c, &t.c->digs[i]);
}

/* All digests of the chains that are selected. */
static void
delete_all(struct gen *g, const struct args *a)
{
	size_t i, k;

	for (i = 0; i < g->nchains; i++)
		for (k = 0; k < g->chains[i].ndigs && tamper_in(g, a, &g->chains[i]); k++)
			remove_dig(g, a, &g->chains[i], &g->chains[i].digs[k]);
}

/* All digests of one region. */
static void
delete_region(struct gen *g, const struct args *a)
{
	size_t i, k;

	for (i = 0; i < g->nchains; i++)
		for (k = 0; k < g->chains[i].ndigs && g->chains[i].region == arg_num(a, "r", 0);
		     k++)
			remove_dig(g, a, &g->chains[i], &g->chains[i].digs[k]);
}

/* Read the text of a digest. */
static void
text_load(const struct gen *g, const struct args *a, const struct target *t, struct buf *b)
{
	char *path = dig_path(g, t->c, t->d);
	struct buf z = {0};

	if (!dig_present(t->d) || !file_read(path, &z) || !gz_unpack(b, z.p, z.len))
		errx(2, "--tamper %s: %s is gone or damaged", a->spec, path);
	buf_free(&z);
	free(path);
}

/* Write the text of a digest back, without touching what is known of it. */
static void
text_store(const struct gen *g, const struct args *a, const struct target *t, const struct buf *b)
{
	char *path = dig_path(g, t->c, t->d), *key = digest_key_dup(g, t->c, t->d);
	struct buf z = {0};

	gz_pack(g, &z, b->p, b->len);
	file_write(path, z.p, z.len);
	fact(&a->deed->changed, g, t->d->bucket, key);
	buf_free(&z);
	free(path);
	free(key);
}

/* Change one digit of the hash of log l, or of the previous hash, or the end time. */
static void
edit_text(struct gen *g, const struct args *a, struct buf *b)
{
	const char *what = arg(a, "what", "hash");
	unsigned l = arg_num(a, "l", 0);
	char *s = b->p;

	(void)g;
	if (strcmp(what, "previous") == 0) {
		s = strstr(s, "\"previousDigestHashValue\":\"");
		s = s ? s + 27 : NULL;
	} else if (strcmp(what, "end") == 0) {
		s = strstr(s, "\"digestEndTime\":\"");
		s = s ? s + 17 + 18 : NULL;
	} else {
		for (l++; l > 0 && s != NULL; l--)
			if ((s = strstr(s, "\"hashValue\":\"")) != NULL)
				s += 13;
	}
	if (s == NULL)
		errx(2, "--tamper %s: the digest has no such member", a->spec);
	*s = *s == '1' ? '2' : '1';
}

/* An edit without any signature. */
static void
modify_digest(struct gen *g, const struct args *a)
{
	struct buf b = {0};
	struct target t;

	target_dig(g, a, &t);
	text_load(g, a, &t, &b);
	edit_text(g, a, &b);
	text_store(g, a, &t, &b);
	buf_free(&b);
}

/* The same, and n successors (all by default) record the new hashes; no signature is right any
 * more. */
static void
modify_successors(struct gen *g, const struct args *a)
{
	unsigned n = arg_num(a, "n", UINT32_MAX);
	struct buf b = {0};
	struct target t;
	unsigned char hash[SHA_LEN];
	char *s;

	target_dig(g, a, &t);
	text_load(g, a, &t, &b);
	edit_text(g, a, &b);
	for (;;) {
		text_store(g, a, &t, &b);
		sha256(b.p, b.len, hash);
		buf_free(&b);
		t.d++;
		if (n-- == 0 || t.d >= t.c->digs + t.c->nmade ||
		    (t.d->flags & (D_START | D_UNSIGNED | D_LOST | D_GONE)))
			break;
		text_load(g, a, &t, &b);
		if ((s = strstr(b.p, "\"previousDigestHashValue\":\"")) != NULL) {
			struct buf hex = {0};

			buf_hex(&hex, hash, SHA_LEN);
			memcpy(s + 27, hex.p, hex.len);
			buf_free(&hex);
		}
	}
}

/* Copy a digest's bytes over another's key. */
static void
digest_over(struct gen *g, const struct args *a)
{
	struct target t, to;
	struct buf bytes = {0};
	char *path, *key;

	target_dig(g, a, &t);
	to = t;
	if (arg(a, "to", NULL) != NULL)
		target_hour(&to, a, "to");
	else
		to.d = t.d + 1 < t.c->digs + t.c->nmade ? t.d + 1 : t.d - 1;
	path = dig_path(g, t.c, t.d);
	if (!file_read(path, &bytes))
		errx(2, "--tamper %s: %s is gone", a->spec, path);
	free(path);
	path = dig_path(g, to.c, to.d);
	file_write(path, bytes.p, bytes.len);
	key = digest_key_dup(g, to.c, to.d);
	fact(&a->deed->changed, g, to.d->bucket, key);
	buf_free(&bytes);
	free(path);
	free(key);
}

/* {} instead of a digest. */
static void
digest_empty(struct gen *g, const struct args *a)
{
	struct buf b = {0};
	struct target t;

	target_dig(g, a, &t);
	buf_str(&b, "{}");
	text_store(g, a, &t, &b);
	buf_free(&b);
}

const struct tamper tamper_digests[] = {
    {"delete-digest", NULL, delete_digest,
	"[h,n=1,meta=drop|keep,backfill] n digests from hour h on"},
    {"delete-newest", NULL, delete_newest, "[n=1,meta,backfill] the newest n digests of one chain"},
    {"delete-oldest", NULL, delete_oldest, "[n=1,meta,backfill] the oldest n"},
    {"delete-all-digests", NULL, delete_all,
	"[a,r,t,meta,backfill] all standard (or backfill) digests; a, r, t only narrow"},
    {"delete-region-digests", NULL, delete_region,
	"[r=0,meta] all digests of one region, of every account and trail"},
    {"modify-digest", NULL, modify_digest,
	"[h,what=hash|previous|end,l=0] one digit edited, not signed"},
    {"modify-digest-and-successor", NULL, modify_successors,
	"[h,what,l,n=all] the same, and n successors record the new hashes, not signed"},
    {"digest-over-other-key", NULL, digest_over,
	"[h,to=h+1] digest h's bytes put under the key of another"},
    {"digest-empty-object", NULL, digest_empty, "[h] the digest is {}"}, {0}};
