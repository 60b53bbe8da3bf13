/* An entry and the line that it is in the ledger. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/jsonw.h"
#include "base/text.h"
#include "base/utc.h"
#include "custody/ledger.h"

/* ---- Writing ---- */

static int
into_buf(void *arg, const void *bytes, size_t len)
{
	struct lf_buf *b = arg;

	lf_buf_add(b, bytes, len);
	errno = ENOMEM;
	return b->failed ? -1 : 0;
}

static void
put_machine(struct lf_jsonw *w, const struct lf_entry *e)
{
	lf_jsonw_object(w, "clock");
	lf_jsonw_string(w, "source", e->clock.source);
	lf_jsonw_bool(w, "synchronized", e->clock.synchronized);
	if (e->clock.max_error_us >= 0)
		lf_jsonw_int(w, "max_error_us", e->clock.max_error_us);
	else
		lf_jsonw_null(w, "max_error_us");
	lf_jsonw_int(w, "utc_offset", e->clock.utc_offset);
	lf_jsonw_end(w);
	lf_jsonw_object(w, "host");
	lf_jsonw_string(w, "name", e->host);
	lf_jsonw_string(w, "kernel", e->system);
	lf_jsonw_string(w, "machine", e->machine);
	lf_jsonw_string(w, "distribution", e->distribution);
	lf_jsonw_int(w, "uid", e->uid);
	lf_jsonw_end(w);
	lf_jsonw_object(w, "tool");
	lf_jsonw_string(w, "name", "trail-seal");
	lf_jsonw_string(w, "version", e->version);
	lf_jsonw_sha256(w, "sha256", e->tool_hashed ? e->tool_hash : NULL);
	lf_jsonw_string(w, "libraries", e->libraries);
	lf_jsonw_end(w);
	lf_jsonw_array(w, "arguments");
	for (size_t i = 0; i < e->n_arguments; i++)
		lf_jsonw_string(w, NULL, e->arguments[i]);
	lf_jsonw_end(w);
}

static void
put_evidence(struct lf_jsonw *w, const struct lf_entry *e)
{
	lf_jsonw_object(w, "manifest");
	lf_jsonw_string(w, "file", e->manifest);
	lf_jsonw_sha256(w, "sha256", e->manifest_hash);
	lf_jsonw_end(w);
	lf_jsonw_object(w, "evidence");
	lf_jsonw_int(w, "sources", (int64_t)e->sources);
	lf_jsonw_int(w, "objects", (int64_t)e->objects);
	lf_jsonw_int(w, "bytes", (int64_t)e->bytes);
	lf_jsonw_int(w, "skipped", (int64_t)e->skipped);
	lf_jsonw_bool(w, "hashed_twice", e->rehashed);
	lf_jsonw_end(w);
	if (!e->is_signed) {
		lf_jsonw_null(w, "signer");
		return;
	}
	lf_jsonw_object(w, "signer");
	lf_jsonw_string(w, "subject", e->signer);
	lf_jsonw_sha256(w, "certificate_sha256", e->signer_hash);
	lf_jsonw_end(w);
}

int
lf_entry_write(const struct lf_entry *e, struct lf_buf *out, struct lf_err *err)
{
	struct lf_jsonw w;

	lf_jsonw_init(&w, into_buf, out);
	lf_jsonw_object_flat(&w, NULL);
	lf_jsonw_int(&w, "entry", (int64_t)e->number);
	lf_jsonw_sha256(&w, "previous", e->number > 1 ? e->previous : NULL);
	lf_jsonw_sha256(&w, "previous_timestamp", e->previous_stamped ? e->previous_stamp : NULL);
	lf_jsonw_string(&w, "action", e->action);
	lf_jsonw_string(&w, "case", e->case_id);
	lf_jsonw_string(&w, "exhibit", e->exhibit);
	lf_jsonw_string(&w, "examiner", e->examiner);
	lf_jsonw_string(&w, "organization", e->organization);
	lf_jsonw_string(&w, "note", e->note);
	lf_jsonw_time(&w, "started", e->started);
	lf_jsonw_time(&w, "finished", e->finished);
	put_machine(&w, e);
	put_evidence(&w, e);
	lf_jsonw_end(&w);
	if (lf_jsonw_finish(&w, err) != 0)
		return -1;
	if (out->len > LF_MAX_ENTRY)
		return lf_err_set(err, "the entry has more than %u bytes: give fewer operands, or a folder of them", LF_MAX_ENTRY);
	return 0;
}

/* ---- Reading ---- */

/* What is being read. */
struct reading {
	struct lf_arena *arena;
	struct lf_err *err;
	bool failed;
};

static void
fail(struct reading *r, const char *name, const char *what)
{
	if (!r->failed)
		lf_err_set(r->err, "\"%s\" %s", name, what);
	r->failed = true;
}

static void
no_memory(struct reading *r)
{
	lf_err_nomem(r->err);
	r->failed = true;
}

/* A string, copied; NULL for null, where that is allowed. */
static const char *
get_string(struct reading *r, const json_t *x, const char *name, bool null)
{
	const char *s = lf_json_string(x, name);
	const json_t *v = json_object_get(x, name);

	if (s == NULL) {
		if (!null || !json_is_null(v))
			fail(r, name, v == NULL ? "is not there" : "is no string");
		return NULL;
	}
	if ((s = lf_arena_strdup(r->arena, s)) == NULL)
		no_memory(r);
	return s;
}

static int64_t
get_int(struct reading *r, const json_t *x, const char *name, bool null)
{
	const json_t *v = json_object_get(x, name);

	if (json_is_integer(v) && json_integer_value(v) >= (null ? INT64_MIN : 0))
		return json_integer_value(v);
	if (!null || !json_is_null(v))
		fail(r, name, "is no number as it should be");
	return -1;
}

static bool
get_bool(struct reading *r, const json_t *x, const char *name)
{
	const json_t *v = json_object_get(x, name);

	if (!json_is_boolean(v))
		fail(r, name, "is neither true nor false");
	return json_is_true(v);
}

static int64_t
get_time(struct reading *r, const json_t *x, const char *name)
{
	const char *s = lf_json_string(x, name);
	int64_t t = LF_TIME_NONE;

	if (s == NULL || !lf_utc_read(s, strlen(s), &t))
		fail(r, name, "is no time");
	return t;
}

/* Returns whether there is a hash; null is none, where that is allowed. */
static bool
get_hash(struct reading *r, const json_t *x, const char *name, bool null, unsigned char out[LF_SHA256_LEN])
{
	const char *s = lf_json_string(x, name);

	memset(out, 0, LF_SHA256_LEN);
	if (s == NULL && null && json_is_null(json_object_get(x, name)))
		return false;
	if (s == NULL || !lf_hex_decode(s, strlen(s), out, LF_SHA256_LEN))
		fail(r, name, "is no SHA-256");
	return true;
}

/*
 * The hash of the line before, which only the first entry lacks.  Zeros would stand for none, and be another way to say
 * it.
 */
static void
get_previous(struct reading *r, const json_t *x, struct lf_entry *e)
{
	static const unsigned char none[LF_SHA256_LEN];

	if (get_hash(r, x, "previous", e->number == 1, e->previous) && memcmp(e->previous, none, LF_SHA256_LEN) == 0)
		fail(r, "previous", "is no SHA-256 of a line");
}

static const json_t *
get_object(struct reading *r, const json_t *x, const char *name)
{
	const json_t *v = json_object_get(x, name);

	if (!json_is_object(v))
		fail(r, name, "is not there");
	return v;
}

static void
get_arguments(struct reading *r, const json_t *x, struct lf_entry *e)
{
	const json_t *list = json_object_get(x, "arguments");
	size_t n = json_array_size(list);
	const char **out = lf_arena_alloc(r->arena, (n + 1) * sizeof(*out));

	if (!json_is_array(list))
		fail(r, "arguments", "is no list");
	if (out == NULL)
		no_memory(r);
	for (size_t i = 0; i < n && !r->failed; i++) {
		const char *s = json_string_value(json_array_get(list, i));

		if (s == NULL)
			fail(r, "arguments", "is no list of strings");
		else if ((out[i] = lf_arena_strdup(r->arena, s)) == NULL)
			no_memory(r);
	}
	e->arguments = out;
	e->n_arguments = n;
}

static void
get_machine(struct reading *r, const json_t *x, struct lf_entry *e)
{
	const json_t *clock = get_object(r, x, "clock"), *host = get_object(r, x, "host"), *tool = get_object(r, x, "tool");
	const char *source = get_string(r, clock, "source", false);

	if (source != NULL)
		strncpy(e->clock.source, source, sizeof(e->clock.source) - 1);
	e->clock.synchronized = get_bool(r, clock, "synchronized");
	e->clock.max_error_us = get_int(r, clock, "max_error_us", true);
	e->clock.utc_offset = get_int(r, clock, "utc_offset", true);
	e->host = get_string(r, host, "name", false);
	e->system = get_string(r, host, "kernel", false);
	e->machine = get_string(r, host, "machine", false);
	e->distribution = get_string(r, host, "distribution", true);
	e->uid = get_int(r, host, "uid", false);
	e->version = get_string(r, tool, "version", false);
	e->tool_hashed = get_hash(r, tool, "sha256", true, e->tool_hash);
	e->libraries = get_string(r, tool, "libraries", false);
	get_arguments(r, x, e);
}

static void
get_evidence(struct reading *r, const json_t *x, struct lf_entry *e)
{
	const json_t *manifest = get_object(r, x, "manifest"), *evidence = get_object(r, x, "evidence");
	const json_t *signer = json_object_get(x, "signer");

	e->manifest = get_string(r, manifest, "file", false);
	get_hash(r, manifest, "sha256", false, e->manifest_hash);
	e->sources = (uint64_t)get_int(r, evidence, "sources", false);
	e->objects = (uint64_t)get_int(r, evidence, "objects", false);
	e->bytes = (uint64_t)get_int(r, evidence, "bytes", false);
	e->skipped = (uint64_t)get_int(r, evidence, "skipped", false);
	e->rehashed = get_bool(r, evidence, "hashed_twice");
	e->is_signed = !json_is_null(signer);
	if (!e->is_signed)
		return;
	e->signer = get_string(r, get_object(r, x, "signer"), "subject", false);
	get_hash(r, signer, "certificate_sha256", false, e->signer_hash);
}

int
lf_entry_read(const char *line, size_t len, struct lf_arena *arena, struct lf_entry *out, struct lf_err *err)
{
	struct reading r = {.arena = arena, .err = err};
	json_t *x = lf_json_read(line, len, NULL, err);

	if (x == NULL)
		return lf_err_is_nomem(err) ? -1 : 1;
	memset(out, 0, sizeof(*out));
	if (!json_is_object(x))
		fail(&r, "entry", "is not there");
	out->number = (uint64_t)get_int(&r, x, "entry", false);
	if (out->number == 0)
		fail(&r, "entry", "is no number from 1");
	get_previous(&r, x, out);
	out->previous_stamped = get_hash(&r, x, "previous_timestamp", true, out->previous_stamp);
	out->action = get_string(&r, x, "action", false);
	out->case_id = get_string(&r, x, "case", false);
	out->exhibit = get_string(&r, x, "exhibit", true);
	out->examiner = get_string(&r, x, "examiner", false);
	out->organization = get_string(&r, x, "organization", true);
	out->note = get_string(&r, x, "note", true);
	out->started = get_time(&r, x, "started");
	out->finished = get_time(&r, x, "finished");
	get_machine(&r, x, out);
	get_evidence(&r, x, out);
	json_decref(x);
	if (!r.failed)
		return 0;
	return lf_err_is_nomem(err) ? -1 : 1;
}
