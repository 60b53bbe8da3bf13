/* Tampering with logs and with what they say. */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

/* Where record e of a log begins, or NULL. */
static char *
record_at(const struct buf *b, unsigned e)
{
	char *s = b->p;

	for (; s != NULL; s += 16) {
		if ((s = strstr(s, "{\"eventVersion\":")) == NULL)
			return NULL;
		if (e-- == 0)
			return s;
	}
	return NULL;
}

/* Put another text instead of the value of a member of record e. */
static void
edit_member(const struct args *a, struct buf *b, unsigned e, const char *name, const char *value)
{
	char *s = record_at(b, e), *mark = xasprintf("\"%s\":\"", name), *end;
	struct buf t = {0};

	if (s != NULL && (s = strstr(s, mark)) != NULL)
		s += strlen(mark);
	if (s == NULL || (end = strchr(s, '"')) == NULL)
		errx(2, "--tamper %s: no such record", a->spec);
	buf_add(&t, b->p, (size_t)(s - b->p));
	buf_str(&t, value);
	buf_str(&t, end);
	buf_free(b);
	*b = t;
	free(mark);
}

/* Take record e out of the list. */
static void
edit_drop(const struct args *a, struct buf *b, unsigned e)
{
	char *s = record_at(b, e), *next = record_at(b, e + 1);
	struct buf t = {0};

	if (s == NULL)
		errx(2, "--tamper %s: no such record", a->spec);
	if (next == NULL) {
		next = b->p + b->len - 2;
		if (s[-1] == ',')
			s--;
	}
	buf_add(&t, b->p, (size_t)(s - b->p));
	buf_str(&t, next);
	buf_free(b);
	*b = t;
}

/* Edit record e as what= says. */
static void
edit(const struct args *a, struct buf *b)
{
	const char *what = arg(a, "what", "ip");
	unsigned e = arg_num(a, "e", 0);

	if (strcmp(what, "ip") == 0)
		edit_member(a, b, e, "sourceIPAddress", "192.0.2.250");
	else if (strcmp(what, "name") == 0)
		edit_member(a, b, e, "eventName", "GetBenignThing");
	else if (strcmp(what, "time") == 0)
		edit_member(a, b, e, "eventTime", "2001-01-01T00:00:00Z");
	else if (strcmp(what, "drop") == 0)
		edit_drop(a, b, e);
	else
		errx(2, "--tamper %s: what is ip, name, time or drop", a->spec);
}

/* Read the text of an object. */
static void
body_load(
    const struct gen *g, const struct args *a, unsigned bucket, const char *key, struct buf *b)
{
	char *path = file_object(g, bucket, key);
	struct buf z = {0};

	if (!file_read(path, &z) || !gz_unpack(b, z.p, z.len))
		errx(2, "--tamper %s: %s is gone or damaged", a->spec, path);
	buf_free(&z);
	free(path);
}

/* Edit one event of a listed log. */
static void
modify_log(struct gen *g, const struct args *a)
{
	struct buf b = {0};
	struct target t;
	unsigned bucket;
	char *key = target_object(g, a, &t, &bucket);

	body_load(g, a, bucket, key, &b);
	edit(a, &b);
	log_store(g, bucket, key, &b);
	fact(&a->deed->changed, g, bucket, key);
	buf_free(&b);
	free(key);
}

/* Remove n logs from l on. */
static void
delete_log(struct gen *g, const struct args *a)
{
	unsigned i, l = arg_num(a, "l", 0), n = arg_num(a, "n", 1);
	struct target t;
	struct doc doc;
	char *path;

	target_load(g, a, &t, &doc);
	if (l >= doc.nlogs)
		errx(2, "--tamper %s: the digest lists %zu logs", a->spec, doc.nlogs);
	t.d->flags |= D_LOG_GONE;
	for (i = l; i < l + n && i < doc.nlogs; i++) {
		path = file_object(
		    g, strcmp(doc.logs[i].v[R_BUCKET], g->o.bucket) != 0, doc.logs[i].v[R_OBJECT]);
		file_remove(path);
		fact(&a->deed->removed, g, strcmp(doc.logs[i].v[R_BUCKET], g->o.bucket) != 0,
		    doc.logs[i].v[R_OBJECT]);
		free(path);
	}
	doc_free(&doc);
}

/* Add n logs that nobody signed. */
static void
forge_log(struct gen *g, const struct args *a)
{
	unsigned i, n = arg_num(a, "n", 1);
	struct target t;
	char *key;

	target_dig(g, a, &t);
	for (i = 0; i < n; i++) {
		key = log_forge(g, t.c, t.d, i, NULL, NULL);
		fact(&a->deed->added, g, t.d->bucket, key);
		free(key);
	}
}

/* Rewrite a listed log's scope and its hash in the digest, which then has no right signature. */
static void
scope_unverified(struct gen *g, const struct args *a, const char *from, const char *to)
{
	struct buf b = {0};
	struct target t;
	struct doc doc;
	char hash[2 * SHA_LEN + 1], *key;
	unsigned bucket, l = arg_num(a, "l", 0);

	key = target_object(g, a, &t, &bucket);
	body_load(g, a, bucket, key, &b);
	if (buf_replace(&b, from, to, UINT32_MAX) == 0)
		errx(2, "--tamper %s: the log has no %s", a->spec, from);
	log_store(g, bucket, key, &b);
	sha256_hex(b.p, b.len, hash);
	target_load(g, a, &t, &doc);
	ref_set(&doc.logs[l], R_HASH, hash);
	chain_save(g, t.c, t.d, &doc, false);
	fact(&a->deed->changed, g, bucket, key);
	free(key);
	key = digest_key_dup(g, t.c, t.d);
	fact(&a->deed->changed, g, t.d->bucket, key);
	doc_free(&doc);
	buf_free(&b);
	free(key);
}

/* A log whose records belong to another account or region than its key says. */
static void
log_scope(struct gen *g, const struct args *a)
{
	bool account = strcmp(arg(a, "field", "account"), "account") == 0;
	char own[13], other[13], *from, *to, *key;
	struct target t;

	target_dig(g, a, &t);
	account_id(t.c->acct, own);
	account_id(g->o.accounts + 31, other);
	if (strcmp(arg(a, "mode", "unlisted"), "unlisted") == 0) {
		key = log_forge(
		    g, t.c, t.d, 50, account ? other : NULL, account ? NULL : "eu-south-1");
		fact(&a->deed->added, g, t.d->bucket, key);
		free(key);
		return;
	}
	from = account ? xasprintf("\"recipientAccountId\":\"%s\"", own)
		       : xasprintf("\"awsRegion\":\"%s\"", g->o.regions[t.c->region]);
	to = account ? xasprintf("\"recipientAccountId\":\"%s\"", other)
		     : xstrdup("\"awsRegion\":\"eu-south-1\"");
	scope_unverified(g, a, from, to);
	free(from);
	free(to);
}

/* Write the hour's logs again as a trail without validation would. */
static void
copy_hour(struct gen *g, const struct args *a, const struct chain *c, const struct dig *d)
{
	unsigned j;
	char *key;

	if (d->nlogs == 0)
		return;
	for (j = 0; j < g->o.logs; j++) {
		key = log_copy(g, c, d, j, arg_num(a, "edit", 0) != 0);
		fact(&a->deed->added, g, d->bucket, key);
		free(key);
	}
}

/* A second trail without validation writes here: the same events under other names. */
static void
unlisted_copy(struct gen *g, const struct args *a)
{
	struct target t;
	size_t i, k;

	if (!arg_num(a, "all", 0)) {
		target_dig(g, a, &t);
		copy_hour(g, a, t.c, t.d);
		return;
	}
	for (i = 0; i < g->nchains; i++)
		for (k = 0; k < g->chains[i].nmade && tamper_in(g, a, &g->chains[i]); k++)
			if (g->chains[i].trail == 0)
				copy_hour(g, a, &g->chains[i], &g->chains[i].digs[k]);
}

/* The same bytes of a log under a second, unlisted name. */
static void
copy_log(struct gen *g, const struct args *a)
{
	struct buf z = {0}, to = {0};
	struct target t;
	unsigned bucket;
	char *key = target_object(g, a, &t, &bucket), *path = file_object(g, bucket, key);

	if (!file_read(path, &z))
		errx(2, "--tamper %s: %s is gone", a->spec, path);
	buf_add(&to, key, strlen(key) - 24);
	buf_str(&to, "CopyCopyCopyCopy.json.gz");
	free(path);
	path = file_object(g, bucket, to.p);
	file_write(path, z.p, z.len);
	fact(&a->deed->added, g, bucket, to.p);
	buf_free(&z);
	buf_free(&to);
	free(path);
	free(key);
}

const struct tamper tamper_logs[] = {
    {"modify-log", NULL, modify_log,
	"[h,l=0,e=0,what=ip|name|time|drop] record e of log l edited, compressed again"},
    {"delete-log", NULL, delete_log, "[h,l=0,n=1] n logs from l on"},
    {"forge-log", NULL, forge_log,
	"[h,n=1] n new logs of plausible name and content that no digest lists"},
    {"log-scope", NULL, log_scope,
	"[h,l,field=account|region,mode=unlisted|unverified] records disagree with the log's key: "
	"a forged log, "
	"or a listed one whose digest was edited without signature"},
    {"unlisted-copy", NULL, unlisted_copy,
	"[h|all=1,edit=0] the hour's events again, split differently (when --events > 1), in "
	"unlisted logs; "
	"edit=1 changes one event of each log"},
    {"copy-log", NULL, copy_log, "[h,l=0] the same bytes under a second, unlisted name"}, {0}};
