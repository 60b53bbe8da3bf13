/* Reads a manifest line by line, in the form in which lf_manifest_json() writes it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/slice.h"
#include "base/text.h"
#include "base/utc.h"
#include "custody/linefile.h"
#include "custody/manifest.h"

enum place { AT_START, AT_HEAD, AT_SOURCES, BETWEEN, AT_OBJECTS, BEHIND, AT_END };

/* What is no manifest.  Returns 1. */
static int
bad(struct lf_err *err, const char *what)
{
	lf_err_set(err, "%s", what);
	return 1;
}

static bool
hash_of(const json_t *x, const char *name, unsigned char out[LF_SHA256_LEN])
{
	const char *hex = lf_json_string(x, name);

	return hex != NULL && lf_hex_decode(hex, strlen(hex), out, LF_SHA256_LEN);
}

static bool
size_of(const json_t *x, const char *name, uint64_t *out)
{
	const json_t *n = json_object_get(x, name);

	*out = json_is_integer(n) && json_integer_value(n) >= 0 ? (uint64_t)json_integer_value(n) : 0;
	return json_is_integer(n) && json_integer_value(n) >= 0;
}

/* A time, or null. */
static bool
time_of(const json_t *x, const char *name, int64_t *out)
{
	const char *s = lf_json_string(x, name);

	*out = LF_TIME_NONE;
	if (s == NULL)
		return json_is_null(json_object_get(x, name));
	return lf_utc_read(s, strlen(s), out);
}

/* A name, in its own bytes where these are given. */
static const char *
bytes_of(struct lf_arena *a, const json_t *x, const char *name, const char *hex_name)
{
	const char *s = lf_json_string(x, name), *hex = lf_json_string(x, hex_name);
	size_t len = hex == NULL ? 0 : strlen(hex);
	char *raw;

	if (s == NULL || len == 0)
		return s == NULL ? NULL : lf_arena_strdup(a, s);
	if ((raw = lf_arena_alloc(a, len / 2 + 1)) == NULL || !lf_hex_decode(hex, len, (unsigned char *)raw, len / 2) ||
	    memchr(raw, '\0', len / 2) != NULL)
		return NULL;
	raw[len / 2] = '\0';
	return raw;
}

/* Why bytes_of() gave none. */
static int
no_name(const json_t *x, const char *name, struct lf_err *err)
{
	char hex[16];

	snprintf(hex, sizeof(hex), "%s_hex", name);
	if (lf_json_string(x, name) != NULL && json_object_get(x, hex) == NULL)
		return lf_err_nomem(err);
	return bad(err, "a name that is none");
}

static int
source(struct lf_manifest *m, const json_t *x, struct lf_err *err)
{
	static const char *const kinds[] = {"folder", "file", "archive"};
	const char *kind = lf_json_string(x, "kind"), *format = lf_json_string(x, "format");
	struct lf_manifest_source *s;
	uint64_t place;
	size_t k = 0;

	while (kind != NULL && k < 3 && strcmp(kind, kinds[k]) != 0)
		k++;
	if (kind == NULL || k == 3 || !size_of(x, "source", &place) || place != m->sources.n)
		return bad(err, "no source as trail-seal writes it");
	if ((s = lf_list_push(&m->sources)) == NULL)
		return lf_err_nomem(err);
	*s = (struct lf_manifest_source){.kind = (enum lf_source_kind)k, .mtime = LF_TIME_NONE};
	s->name = bytes_of(&m->arena, x, "name", "name_hex");
	s->format = format == NULL ? NULL : lf_arena_strdup(&m->arena, format);
	if (format != NULL && s->format == NULL)
		return lf_err_nomem(err);
	if (s->name == NULL)
		return no_name(x, "name", err);
	if (k == LF_SOURCE_FOLDER)
		return 0;
	s->hashed = hash_of(x, "sha256", s->hash);
	if (!size_of(x, "size", &s->size) || !time_of(x, "mtime", &s->mtime) ||
	    (!s->hashed && !json_is_null(json_object_get(x, "sha256"))))
		return bad(err, "a source without size, mtime or sha256");
	return 0;
}

/* Hashes and sizes of an object. */
static bool
facts(const json_t *x, struct lf_manifest_object *o)
{
	o->inflated = json_object_get(x, "inflated_sha256") != NULL;
	if (o->inflated && (!hash_of(x, "inflated_sha256", o->content_hash) || !size_of(x, "inflated_size", &o->content)))
		return false;
	if (o->problem != NULL)
		return !o->inflated;
	return size_of(x, "size", &o->size) && time_of(x, "mtime", &o->mtime) && hash_of(x, "sha256", o->hash);
}

static int
object(struct lf_manifest *m, const json_t *x, struct lf_err *err)
{
	const char *role = lf_json_string(x, "role"), *key = lf_json_string(x, "key"), *problem = lf_json_string(x, "problem");
	struct lf_manifest_object *o;
	uint64_t place;

	if (role == NULL || !size_of(x, "source", &place) || place >= m->sources.n)
		return bad(err, "no object as trail-seal writes it");
	if ((o = lf_list_push(&m->objects)) == NULL)
		return lf_err_nomem(err);
	*o = (struct lf_manifest_object){.source = (uint32_t)place, .mtime = LF_TIME_NONE};
	o->role = (uint8_t)(lf_role_of(role) == LF_ROLES ? LF_ROLE_OTHER : lf_role_of(role));
	o->path = bytes_of(&m->arena, x, "path", "path_hex");
	if (o->path == NULL)
		return no_name(x, "path", err);
	if ((problem != NULL && (o->problem = lf_arena_strdup(&m->arena, problem)) == NULL) ||
	    (key != NULL && (o->key = lf_arena_strdup(&m->arena, key)) == NULL))
		return lf_err_nomem(err);
	if (!facts(x, o))
		return bad(err, "an object without size, mtime or sha256");
	lf_manifest_count(m, o);
	return 0;
}

/* A line of a list: an element, with a comma behind it but for the last. */
static int
element(struct lf_manifest *m, enum place at, const char *text, size_t len, struct lf_err *err)
{
	json_t *x;
	int rc;

	if (len > 0 && text[len - 1] == ',')
		len--;
	if ((x = lf_json_read(text, len, NULL, err)) == NULL)
		return lf_err_is_nomem(err) ? -1 : 1;
	rc = at == AT_SOURCES ? source(m, x, err) : object(m, x, err);
	json_decref(x);
	return rc;
}

/* Takes a line that stands at *at, and moves on. */
static int
take(struct lf_manifest *m, enum place *at, const char *text, size_t len, struct lf_err *err)
{
	static const char *const marks[] = {
	    [AT_START] = "{", [AT_SOURCES] = "],", [AT_OBJECTS] = "]", [BEHIND] = "}"};
	struct lf_slice line;

	while (len > 0 && *text == ' ') {
		text++;
		len--;
	}
	line = (struct lf_slice){text, len};
	if (*at == AT_HEAD || *at == BETWEEN) {
		const char *name = *at == AT_HEAD ? "\"sources\": [" : "\"objects\": [";
		bool empty = lf_slice_starts(line, name) && len > strlen(name);

		if (!lf_slice_starts(line, name))
			return *at == AT_HEAD ? 0 : bad(err, "no list of objects");
		*at = (enum place)(*at + (empty ? 2 : 1));
		return 0;
	}
	if (*at == AT_END || (marks[*at] != NULL && lf_slice_is(line, marks[*at]))) {
		*at = (enum place)(*at + 1);
		return *at > AT_END ? bad(err, "something behind the end") : 0;
	}
	return *at == AT_SOURCES || *at == AT_OBJECTS ? element(m, *at, text, len, err)
	    : bad(err, "no manifest of trail-seal");
}

int
lf_manifest_read(int fd, struct lf_manifest *m, unsigned char hash[LF_SHA256_LEN], struct lf_err *err)
{
	struct lf_hash *h = lf_hash_new(err);
	enum place at = AT_START;
	struct lf_linefile l;
	int rc = -1, more = 0;

	lf_linefile_init(&l, fd);
	if (h == NULL || lf_hash_start(h) != 0)
		goto out;
	rc = 0;
	while (rc == 0 && (more = lf_linefile_next(&l)) > 0) {
		if (lf_hash_add(h, l.text, l.len) != 0 || lf_hash_add(h, "\n", l.ended) != 0)
			rc = lf_err_set(err, "SHA-256 failed in OpenSSL");
		else if ((rc = take(m, &at, l.text, l.len, err)) > 0)
			lf_err_set(err, "line %llu: %s", (unsigned long long)l.number, err->msg);
	}
	if (more < 0 && errno == EFBIG)
		rc = bad(err, "a line is too long");
	else if (more < 0)
		rc = lf_err_sys(err, "line %llu", (unsigned long long)l.number + 1);
	else if (rc == 0 && at != AT_END)
		rc = bad(err, "it ends before its end");
	else if (rc == 0 && lf_hash_end(h, hash) != 0)
		rc = lf_err_set(err, "SHA-256 failed in OpenSSL");
out:
	lf_linefile_free(&l);
	lf_hash_free(h);
	return rc;
}
