/* Object metadata of digests, in the forms in which an investigator may hold it. */
#include <sys/xattr.h>

#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "gen.h"

struct entry {
	const struct gen *g;
	const struct dig *d;
	char *key, *path; /* S3 key; where the file lies */
	struct buf signature, generated;
	const char *algorithm;
};

/* True when the digest's object exists. */
bool
dig_present(const struct dig *d)
{
	return (d->flags & (D_UNSIGNED | D_LOST | D_GONE)) == 0;
}

/* True when digest i is the newest present one of its segment. */
bool
dig_is_head(const struct chain *c, size_t i)
{
	size_t k;

	if (!dig_present(&c->digs[i]))
		return false;
	for (k = i + 1; k < c->ndigs; k++) {
		if (c->digs[k].flags & D_EXTRA)
			continue;
		if (c->digs[k].flags & D_START)
			return true;
		if (dig_present(&c->digs[k]))
			return false;
	}
	return true;
}

/* True when metadata of digest i is to be had. */
static bool
wanted(const struct gen *g, const struct chain *c, size_t i)
{
	unsigned f = c->digs[i].flags;

	if (f & (D_UNSIGNED | D_LOST | D_META_STRIP))
		return false;
	if (f & D_META_KEEP)
		return true;
	if (f & D_GONE)
		return false;
	return g->o.meta == META_ALL || (f & D_EXTRA) || dig_is_head(c, i);
}

/* Gather what S3 would say of a digest. */
static void
entry_fill(const struct gen *g, const struct chain *c, const struct dig *d, struct entry *e)
{
	char iso[ISO_LEN];

	memset(e, 0, sizeof(*e));
	e->g = g;
	e->d = d;
	e->key = digest_key_dup(g, c, d);
	e->path = file_object(g, d->bucket, d->where ? d->where : e->key);
	e->algorithm = d->flags & D_META_ALGORITHM ? "SHA512withECDSA" : "SHA256withRSA";
	buf_hex(&e->signature, d->sig, d->siglen);
	if (d->flags & D_META_FLIP)
		e->signature.p[10] = e->signature.p[10] == '0' ? '1' : '0';
	if (c->backfill && !(d->flags & D_META_NOTIME)) {
		stamp_iso(d->end + 86400 - d->end % 3600, iso);
		buf_str(&e->generated, iso);
	}
}

/* Free what an entry holds. */
static void
entry_free(struct entry *e)
{
	free(e->key);
	free(e->path);
	buf_free(&e->signature);
	buf_free(&e->generated);
}

/* Append the members of the map, each name with a prefix. */
static void
put_map(const struct entry *e, const char *prefix, struct buf *b)
{
	const char *sig = "signature", *alg = "signature-algorithm",
		   *gen = "backfill-generation-timestamp";

	if (prefix[0] == 'X') {
		sig = "Signature";
		alg = "Signature-Algorithm";
		gen = "Backfill-Generation-Timestamp";
	}
	buf_fmt(b, "\"%s%s\":\"%s\",\"%s%s\":\"%s\"", prefix, sig, e->signature.p, prefix, alg,
	    e->algorithm);
	if (e->generated.len > 0)
		buf_fmt(b, ",\"%s%s\":\"%s\"", prefix, gen, e->generated.p);
}

/* One line of our own form. */
static void
form_jsonl(const struct entry *e, struct buf *b)
{
	buf_fmt(b, "{\"bucket\":\"%s\",\"key\":",
	    e->g->o.meta_bucket ? e->g->o.meta_bucket : file_bucket(e->g, e->d->bucket));
	buf_json(b, e->key, false);
	buf_str(b, ",\"metadata\":{");
	put_map(e, "", b);
	buf_str(b, "}}\n");
}

/* Size and ETag of the stored object; both are of nothing when it is gone. */
static size_t
stored(const struct entry *e, char etag[33])
{
	struct buf b = {0};
	size_t n;

	file_read(e->path, &b);
	n = b.len;
	md5_hex(b.p, b.len, etag);
	buf_free(&b);
	return n;
}

/* Write head-object output to a path. */
static void
form_head_object(const struct entry *e, const char *path)
{
	char etag[33], iso[ISO_LEN];
	struct buf b = {0};
	size_t n = stored(e, etag);

	stamp_iso(e->d->end + 240, iso);
	buf_fmt(&b,
	    "{\n    \"AcceptRanges\": \"bytes\",\n    \"LastModified\": \"%.19s+00:00\",\n    "
	    "\"ContentLength\": %zu,\n"
	    "    \"ETag\": \"\\\"%s\\\"\",\n    \"ContentEncoding\": \"gzip\",\n    "
	    "\"ContentType\": \"application/json\",\n"
	    "    \"ServerSideEncryption\": \"AES256\",\n    \"Metadata\": {",
	    iso, n, etag);
	put_map(e, "", &b);
	buf_str(&b, "}\n}\n");
	file_write(path, b.p, b.len);
	buf_free(&b);
}

/* One element of rclone lsjson --metadata. */
static void
form_rclone(const struct entry *e, struct buf *b)
{
	char etag[33], iso[ISO_LEN];
	const char *name = strrchr(e->key, '/') + 1;

	stamp_iso(e->d->end + 240, iso);
	buf_fmt(b,
	    "%s\n{\"Path\":\"%s\",\"Name\":\"%s\",\"Size\":%zu,\"MimeType\":\"application/"
	    "json\",\"ModTime\":\"%.19s.000000000Z\","
	    "\"IsDir\":false,\"Metadata\":{\"btime\":\"%s\",\"content-encoding\":\"gzip\","
	    "\"content-type\":\"application/json\",",
	    b->len > 1 ? "," : "", e->key, name, stored(e, etag), iso, iso);
	put_map(e, "", b);
	buf_str(b, ",\"tier\":\"STANDARD\"}}");
}

/* One line of mc stat --json. */
static void
form_mc(const struct entry *e, struct buf *b)
{
	char etag[33], iso[ISO_LEN];
	size_t n = stored(e, etag);

	stamp_iso(e->d->end + 240, iso);
	buf_fmt(b,
	    "{\"status\":\"success\",\"name\":\"%s\",\"lastModified\":\"%s\",\"size\":%zu,\"etag\":"
	    "\"%s\",\"type\":\"file\",\"metadata\":"
	    "{\"Content-Encoding\":\"gzip\",\"Content-Type\":\"application/json\",",
	    e->key, iso, n, etag);
	put_map(e, "X-Amz-Meta-", b);
	buf_str(b, "}}\n");
}

/* Response headers as curl -I prints them, in a file of their own. */
static void
form_headers(const struct entry *e)
{
	char etag[33];
	char *path = xasprintf("%s/headers/%s.headers", e->g->o.out, e->key);
	struct buf b = {0};
	size_t n = stored(e, etag);

	buf_fmt(&b,
	    "HTTP/1.1 200 OK\r\nx-amz-id-2: example\r\nx-amz-request-id: EXAMPLE0REQUEST0\r\nETag: "
	    "\"%s\"\r\n"
	    "X-Amz-Meta-Signature-Algorithm: %s\r\nx-amz-meta-signature: %s\r\n",
	    etag, e->algorithm, e->signature.p);
	if (e->generated.len > 0)
		buf_fmt(&b, "x-amz-meta-backfill-generation-timestamp: %s\r\n", e->generated.p);
	buf_fmt(&b,
	    "Content-Encoding: gzip\r\nContent-Type: application/json\r\nContent-Length: "
	    "%zu\r\nServer: AmazonS3\r\n\r\n",
	    n);
	file_write(path, b.p, b.len);
	buf_free(&b);
	free(path);
}

/* Extended attributes of the object itself, where it is still there. */
static void
form_xattr(const struct entry *e)
{
	if (e->d->flags & D_GONE)
		return;
	if (setxattr(e->path, "user.signature", e->signature.p, e->signature.len, 0) == -1 ||
	    setxattr(e->path, "user.signature-algorithm", e->algorithm, strlen(e->algorithm), 0) ==
		-1)
		err(2, "%s: setxattr", e->path);
	if (e->generated.len > 0 && setxattr(e->path, "user.backfill-generation-timestamp",
					e->generated.p, e->generated.len, 0) == -1)
		err(2, "%s: setxattr", e->path);
}

/* Write or append one entry in the form that was asked for. */
static void
put_entry(const struct entry *e, struct buf *b)
{
	const char *form = e->g->o.meta_form;
	char *path;

	if (strcmp(form, "jsonl") == 0) {
		form_jsonl(e, b);
	} else if (strcmp(form, "rclone") == 0) {
		form_rclone(e, b);
	} else if (strcmp(form, "mc") == 0) {
		form_mc(e, b);
	} else if (strcmp(form, "headers") == 0) {
		form_headers(e);
	} else if (strcmp(form, "xattr") == 0) {
		form_xattr(e);
	} else {
		path = strcmp(form, "meta.json") == 0
			   ? xasprintf("%s.meta.json", e->path)
			   : xasprintf("%s/meta/%s.meta.json", e->g->o.out, e->key);
		form_head_object(e, path);
		free(path);
	}
}

/* Write the metadata of all digests that it is wanted of; an empty file when of none. */
void
meta_write(struct gen *g)
{
	const char *form = g->o.meta_form;
	struct buf b = {0};
	struct entry e;
	size_t i, n;
	char *path;

	if (g->o.meta == META_NONE)
		return;
	buf_str(&b, strcmp(form, "rclone") == 0 ? "[" : "");
	for (i = 0; i < g->nchains; i++) {
		for (n = 0; n < g->chains[i].ndigs; n++) {
			if (!wanted(g, &g->chains[i], n))
				continue;
			entry_fill(g, &g->chains[i], &g->chains[i].digs[n], &e);
			put_entry(&e, &b);
			entry_free(&e);
		}
	}
	if (strcmp(form, "rclone") == 0)
		buf_str(&b, "\n]\n");
	else if (strcmp(form, "jsonl") == 0)
		buf_add(&b, g->absent.p, g->absent.len);
	path = strcmp(form, "rclone") == 0 ? xasprintf("%s/rclone.json", g->o.out)
	       : strcmp(form, "mc") == 0   ? xasprintf("%s/mc.json", g->o.out)
					   : xasprintf("%s/metadata.jsonl", g->o.out);
	if (strcmp(form, "jsonl") == 0 || strcmp(form, "rclone") == 0 || strcmp(form, "mc") == 0)
		file_write(path, b.p, b.len);
	free(path);
	buf_free(&b);
}
