/* The tag files of a bag (RFC 8493) whose data/ is the evidence. */
#include <errno.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "base/utc.h"
#include "report/seal_form.h"
#include "report/sink.h"

static const char *const names[LF_MAX_BAG_FILES] = {
    "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"};

#define TAG_MANIFEST 3

const char *
lf_bag_file(unsigned part)
{
	return part < LF_MAX_BAG_FILES ? names[part] : NULL;
}

struct bag {
	struct lf_sink sink;
	const struct lf_seal *s;
	uint64_t bytes, files;
};

/* Section 2.1.3: CR, LF and "%" are percent-encoded. */
static void
put_path(struct lf_buf *out, const char *path)
{
	for (; *path != '\0'; path++) {
		if (*path == '%' || *path == '\r' || *path == '\n')
			lf_buf_printf(out, "%%%02X", (unsigned)(unsigned char)*path);
		else
			lf_buf_putc(out, *path);
	}
}

static const char *
base_name(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash != NULL ? slash + 1 : name;
}

/* "SHA-256  data/PATH"; of several operands, each has its folder or file in data/. */
static void
payload(void *arg, const struct lf_manifest_file *f)
{
	struct bag *b = arg;
	struct lf_buf *out = &b->sink.buf;
	char hex[2 * LF_SHA256_LEN + 1];

	lf_hex_encode(f->hash, LF_SHA256_LEN, hex);
	lf_buf_printf(out, "%s  data/", hex);
	if (f->source->kind != LF_SOURCE_FOLDER || b->s->manifest.sources.n > 1)
		put_path(out, base_name(f->source->name));
	if (f->source->kind == LF_SOURCE_FOLDER) {
		lf_buf_puts(out, b->s->manifest.sources.n > 1 ? "/" : "");
		put_path(out, f->object->path);
	}
	lf_buf_putc(out, '\n');
	lf_sink_flow(&b->sink);
}

static void
count(void *arg, const struct lf_manifest_file *f)
{
	struct bag *b = arg;

	b->bytes += f->size;
	b->files++;
}

/* "Label: value" on one line. */
static void
label(struct lf_buf *out, const char *name, const char *value)
{
	if (value == NULL)
		return;
	lf_buf_printf(out, "%s: ", name);
	for (; *value != '\0'; value++)
		lf_buf_putc(out, (unsigned char)*value < ' ' ? ' ' : *value);
	lf_buf_putc(out, '\n');
}

static void
info(struct bag *b)
{
	const struct lf_entry *e = &b->s->entry;
	struct lf_buf *out = &b->sink.buf;
	char date[LF_UTC_LEN];

	label(out, "Source-Organization", e->organization);
	label(out, "Contact-Name", e->examiner);
	label(out, "External-Identifier", e->exhibit);
	label(out, "Internal-Sender-Identifier", e->case_id);
	label(out, "Internal-Sender-Description", e->note);
	lf_utc_format(e->finished, date);
	date[10] = '\0';
	label(out, "Bagging-Date", date);
	lf_manifest_files(&b->s->manifest, count, b);
	lf_buf_printf(out, "Payload-Oxum: %llu.%llu\n", (unsigned long long)b->bytes, (unsigned long long)b->files);
	label(out, "Bag-Software-Agent", "trail-seal " LF_VERSION);
}

/* ---- The manifest of the tag files ---- */

static int
into_hash(void *hash, const void *bytes, size_t len)
{
	errno = EIO;
	return lf_hash_add(hash, bytes, len);
}

static int
tags(struct bag *b, struct lf_err *err)
{
	struct lf_hash *h = lf_hash_new(err);
	unsigned char hash[LF_SHA256_LEN];
	char hex[2 * LF_SHA256_LEN + 1];
	int rc = h == NULL ? -1 : 0;

	for (unsigned i = 0; i < TAG_MANIFEST && rc == 0; i++) {
		if (lf_hash_start(h) != 0 || lf_seal_bag(b->s, i, into_hash, h, err) != 0 || lf_hash_end(h, hash) != 0) {
			rc = lf_err_set(err, "SHA-256 failed in OpenSSL");
			continue;
		}
		lf_hex_encode(hash, LF_SHA256_LEN, hex);
		lf_buf_printf(&b->sink.buf, "%s  %s\n", hex, names[i]);
	}
	lf_hash_free(h);
	return rc;
}

int
lf_seal_bag(const struct lf_seal *s, unsigned part, lf_write_fn *write, void *arg, struct lf_err *err)
{
	struct bag b = {.s = s};
	int rc = 0;

	lf_sink_init(&b.sink, write, arg);
	if (part == 0)
		lf_buf_puts(&b.sink.buf, "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
	else if (part == 1)
		info(&b);
	else if (part == 2)
		lf_manifest_files(&s->manifest, payload, &b);
	else
		rc = tags(&b, err);
	if (rc == 0)
		return lf_sink_finish(&b.sink, err);
	lf_buf_free(&b.sink.buf);
	return rc;
}
