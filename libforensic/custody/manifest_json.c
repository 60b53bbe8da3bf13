/*
 * A manifest as JSON: what stands in a line for one object can be read alone, so that nobody holds the whole document.
 */
#include "base/jsonw.h"
#include "base/text.h"
#include "custody/manifest.h"

#include <string.h>

static const char *const kinds[] = {[LF_SOURCE_FOLDER] = "folder", [LF_SOURCE_FILE] = "file",
    [LF_SOURCE_ARCHIVE] = "archive"};

static bool
is_utf8(const char *s, size_t len)
{
	uint32_t cp;

	for (size_t i = 0, n; i < len; i += n)
		if ((n = lf_utf8_decode(s + i, len - i, &cp)) == 0)
			return false;
	return true;
}

/* A name; one that is no UTF-8 stands a second time, byte for byte. */
static void
name_and_bytes(struct lf_jsonw *w, const char *name, const char *bytes_name, const char *s)
{
	size_t len = strlen(s);
	struct lf_buf hex;
	char *at;

	lf_jsonw_string(w, name, s);
	if (is_utf8(s, len))
		return;
	lf_buf_init(&hex);
	if ((at = lf_buf_reserve(&hex, 2 * len)) != NULL)
		lf_hex_encode((const unsigned char *)s, len, at);
	lf_jsonw_string(w, bytes_name, at);
	lf_buf_free(&hex);
}

static void
source(struct lf_jsonw *w, const struct lf_manifest_source *s, uint32_t i)
{
	lf_jsonw_object_flat(w, NULL);
	lf_jsonw_int(w, "source", i);
	name_and_bytes(w, "name", "name_hex", s->name);
	lf_jsonw_string(w, "kind", kinds[s->kind]);
	if (s->kind != LF_SOURCE_FOLDER) {
		lf_jsonw_string(w, "format", s->format);
		lf_jsonw_int(w, "size", (int64_t)s->size);
		lf_jsonw_time(w, "mtime", s->mtime);
		if (s->hashed)
			lf_jsonw_sha256(w, "sha256", s->hash);
		else
			lf_jsonw_null(w, "sha256");
	}
	lf_jsonw_end(w);
}

static void
object(struct lf_jsonw *w, const struct lf_manifest_object *o)
{
	lf_jsonw_object_flat(w, NULL);
	lf_jsonw_int(w, "source", o->source);
	name_and_bytes(w, "path", "path_hex", o->path);
	lf_jsonw_string(w, "key", o->key);
	lf_jsonw_string(w, "role", lf_role_name((enum lf_role)o->role));
	if (o->problem != NULL) {
		lf_jsonw_string(w, "problem", o->problem);
	} else {
		lf_jsonw_int(w, "size", (int64_t)o->size);
		lf_jsonw_time(w, "mtime", o->mtime);
		lf_jsonw_sha256(w, "sha256", o->hash);
	}
	if (o->inflated) {
		lf_jsonw_int(w, "inflated_size", (int64_t)o->content);
		lf_jsonw_sha256(w, "inflated_sha256", o->content_hash);
	}
	lf_jsonw_end(w);
}

int
lf_manifest_json(const struct lf_manifest *m, lf_write_fn *write, void *arg, struct lf_err *err)
{
	struct lf_jsonw w;

	lf_jsonw_init(&w, write, arg);
	lf_jsonw_object(&w, NULL);
	lf_jsonw_int(&w, "manifest", 1);
	lf_jsonw_object_flat(&w, "summary");
	lf_jsonw_int(&w, "sources", m->sources.n);
	lf_jsonw_int(&w, "objects", m->objects.n);
	lf_jsonw_int(&w, "skipped", (int64_t)m->skipped);
	lf_jsonw_int(&w, "bytes", (int64_t)m->bytes);
	lf_jsonw_int(&w, "inflated_bytes", (int64_t)m->content);
	lf_jsonw_end(&w);
	lf_jsonw_array(&w, "sources");
	for (uint32_t i = 0; i < m->sources.n; i++)
		source(&w, lf_manifest_source_at(m, i), i);
	lf_jsonw_end(&w);
	lf_jsonw_array(&w, "objects");
	for (uint32_t i = 0; i < m->objects.n; i++)
		object(&w, lf_manifest_object_at(m, i));
	lf_jsonw_end(&w);
	lf_jsonw_end(&w);
	return lf_jsonw_finish(&w, err);
}
