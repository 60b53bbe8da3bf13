/* The digest document. */
#include <stdlib.h>
#include <string.h>

#include "gen.h"

static const char *const field_names[F_COUNT] = {"awsAccountId", "digestStartTime", "digestEndTime",
    "digestS3Bucket", "digestS3Object", "digestPublicKeyFingerprint", "digestSignatureAlgorithm",
    "newestEventTime", "oldestEventTime", "previousDigestS3Bucket", "previousDigestS3Object",
    "previousDigestHashValue", "previousDigestHashAlgorithm", "previousDigestSignature"};
static const char *const ref_names[R_COUNT] = {
    "s3Bucket", "s3Object", "hashValue", "hashAlgorithm", "newestEventTime", "oldestEventTime"};

/* Append the key under which a digest is delivered. */
void
digest_key(const struct gen *g, const struct chain *c, const struct dig *d, struct buf *b)
{
	const char *region = g->o.regions[c->region];
	char account[13], folder[ISO_LEN], stamp[ISO_LEN];

	account_id(c->acct, account);
	stamp_folder(d->end, folder);
	stamp_key(d->end, stamp);
	root_key(g, c->acct, d->moved, b);
	buf_fmt(b, "CloudTrail-Digest/%s/%s/%s_CloudTrail-Digest_%s_%s_%s_%s%s.json.gz", region,
	    folder, account, region, g->o.trails[c->trail],
	    g->o.single_region ? region : g->o.regions[g->o.home], stamp,
	    c->backfill ? "_backfill" : "");
}

/* The same as an allocated string. */
char *
digest_key_dup(const struct gen *g, const struct chain *c, const struct dig *d)
{
	struct buf b = {0};

	digest_key(g, c, d, &b);
	return b.p;
}

/* Set one field; NULL makes it null. */
void
doc_set(struct doc *doc, enum field f, const char *s)
{
	free(doc->v[f]);
	doc->v[f] = xstrdup(s);
}

/* Set one field of a log's entry. */
void
ref_set(struct ref *r, enum ref_field f, const char *s)
{
	free(r->v[f]);
	r->v[f] = xstrdup(s);
}

/* Fill in what a digest says of itself; it has no logs and names no predecessor. */
void
doc_init(const struct gen *g, const struct chain *c, const struct dig *d, struct doc *doc)
{
	char account[13], iso[ISO_LEN];

	memset(doc, 0, sizeof(*doc));
	account_id(c->acct, account);
	doc_set(doc, F_ACCOUNT, account);
	stamp_iso(d->start, iso);
	doc_set(doc, F_START, iso);
	stamp_iso(d->end, iso);
	doc_set(doc, F_END, iso);
	doc_set(doc, F_BUCKET, file_bucket(g, d->bucket));
	doc->v[F_OBJECT] = digest_key_dup(g, c, d);
	doc_set(doc, F_FINGERPRINT, g->keys[d->key].fp);
	doc_set(doc, F_ALGORITHM, "SHA256withRSA");
}

/* Name the predecessor by all five fields, or by five nulls when there is none. */
void
doc_link(const struct gen *g, const struct chain *c, const struct dig *prev, struct doc *doc)
{
	struct buf b = {0};
	enum field f;

	for (f = F_PREV_BUCKET; f <= F_PREV_SIGNATURE; f++)
		doc_set(doc, f, NULL);
	if (prev == NULL)
		return;
	doc_set(doc, F_PREV_BUCKET, file_bucket(g, prev->bucket));
	doc->v[F_PREV_OBJECT] = digest_key_dup(g, c, prev);
	buf_hex(&b, prev->hash, SHA_LEN);
	doc_set(doc, F_PREV_HASH, b.p);
	doc_set(doc, F_PREV_ALGORITHM, "SHA-256");
	b.len = 0;
	buf_hex(&b, prev->sig, prev->siglen);
	doc_set(doc, F_PREV_SIGNATURE, b.p);
	buf_free(&b);
}

/* Append an entry, a copy of *r. */
struct ref *
doc_add(struct doc *doc, const struct ref *r)
{
	struct ref *to;
	int f;

	doc->logs = xrealloc(doc->logs, doc->nlogs + 1, sizeof(*doc->logs));
	to = &doc->logs[doc->nlogs++];
	for (f = 0; f < R_COUNT; f++)
		to->v[f] = xstrdup(r->v[f]);
	return to;
}

/* Set newestEventTime and oldestEventTime over all logs; null without logs. */
void
doc_span(struct doc *doc)
{
	const char *newest = NULL, *oldest = NULL, *n, *o;
	size_t i;

	for (i = 0; i < doc->nlogs; i++) {
		n = doc->logs[i].v[R_NEWEST];
		o = doc->logs[i].v[R_OLDEST];
		if (n != NULL && (newest == NULL || strcmp(n, newest) > 0))
			newest = n;
		if (o != NULL && (oldest == NULL || strcmp(o, oldest) < 0))
			oldest = o;
	}
	doc_set(doc, F_NEWEST, newest);
	doc_set(doc, F_OLDEST, oldest);
}

/* Append the document as CloudTrail writes it, on one line and with escaped slashes. */
void
doc_write(const struct gen *g, const struct doc *doc, struct buf *b)
{
	bool slash = !g->o.plain_slashes;
	size_t i;
	int f;

	for (f = 0; f < F_COUNT; f++) {
		buf_fmt(b, "%c\"%s\":", f ? ',' : '{', field_names[f]);
		buf_json(b, doc->v[f], slash);
	}
	buf_str(b, ",\"logFiles\":[");
	for (i = 0; i < doc->nlogs; i++) {
		buf_str(b, i ? "," : "");
		for (f = 0; f < R_COUNT; f++) {
			buf_fmt(b, "%c\"%s\":", f ? ',' : '{', ref_names[f]);
			buf_json(b, doc->logs[i].v[f], slash);
		}
		buf_chr(b, '}');
	}
	buf_str(b, "]}");
}

/* Read the next member, which must have that name; *out gets its string or NULL. Returns where it
 * ends. */
static const char *
parse_member(const char *s, const char *name, char **out)
{
	struct buf b = {0};
	size_t n = strlen(name);

	if (s == NULL || s[0] == '\0' || s[1] != '"' || strncmp(s + 2, name, n) != 0 ||
	    strncmp(s + 2 + n, "\":", 2) != 0)
		return NULL;
	s += n + 4;
	if (strncmp(s, "null", 4) == 0)
		return s + 4;
	if (*s++ != '"')
		return NULL;
	for (; *s != '"' && *s != '\0'; s++) {
		if (*s == '\\')
			s++;
		buf_chr(&b, *s);
	}
	buf_add(&b, "", 0);
	*out = b.p;
	return *s == '"' ? s + 1 : NULL;
}

/* Read a document that doc_write wrote; false when it is another. */
bool
doc_parse(const char *s, struct doc *doc)
{
	struct ref r;
	int f;

	memset(doc, 0, sizeof(*doc));
	for (f = 0; f < F_COUNT; f++)
		s = parse_member(s, field_names[f], &doc->v[f]);
	if (s == NULL || strncmp(s, ",\"logFiles\":[", 13) != 0)
		return false;
	for (s += 13; *s == '{' || *s == ','; s++) {
		s += *s == ',';
		memset(&r, 0, sizeof(r));
		for (f = 0; f < R_COUNT; f++)
			s = parse_member(s, ref_names[f], &r.v[f]);
		if (s == NULL || *s != '}')
			return false;
		doc_add(doc, &r);
		ref_free(&r);
	}
	return strcmp(s, "]}") == 0;
}

/* Free the strings of an entry. */
void
ref_free(struct ref *r)
{
	int f;

	for (f = 0; f < R_COUNT; f++)
		free(r->v[f]);
	memset(r, 0, sizeof(*r));
}

/* Free what a document holds. */
void
doc_free(struct doc *doc)
{
	size_t i;
	int f;

	for (f = 0; f < F_COUNT; f++)
		free(doc->v[f]);
	for (i = 0; i < doc->nlogs; i++)
		ref_free(&doc->logs[i]);
	free(doc->logs);
	memset(doc, 0, sizeof(*doc));
}
