#include "record/lake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "record/scan.h"

#define RULE "(AWS user guide, CloudTrail Lake sign file structure)"

static const struct lf_scan_name own_names[] = {LF_SCAN_NAME("files"), LF_SCAN_NAME("hashSignature"),
    LF_SCAN_NAME("publicKeyFingerprint"), LF_SCAN_NAME("queryCompleteTime")};

/* A signature file on its way.  It is small, and read by jansson. */
struct parse {
	struct lf_lake *l;
	char *problem;
	size_t problem_size;
	bool nomem;
};

static bool
malformed(struct parse *p, const char *name, const char *how)
{
	snprintf(p->problem, p->problem_size, "%s %s " RULE, name, how);
	return false;
}

static bool
keep(struct parse *p, const json_t *object, const char *name, const char **out)
{
	const char *s = lf_json_string(object, name);

	if (s == NULL)
		return malformed(p, name, "is missing or no string");
	*out = lf_arena_strdup(&p->l->arena, s);
	p->nomem |= *out == NULL;
	return *out != NULL;
}

static bool
is_plain_name(const char *s)
{
	return *s != '\0' && strchr(s, '/') == NULL && strcmp(s, ".") != 0 && strcmp(s, "..") != 0;
}

static bool
read_files(struct parse *p, const json_t *files)
{
	struct lf_lake *l = p->l;
	size_t n = json_array_size(files);

	if (!json_is_array(files))
		return malformed(p, "files", "is missing or no array");
	if (n > LF_MAX_DIGEST_LOGS)
		return malformed(p, "files", "lists too many");
	l->files = lf_arena_alloc(&l->arena, n * sizeof(*l->files));
	p->nomem |= l->files == NULL;
	for (l->n_files = 0; !p->nomem && l->n_files < n; l->n_files++) {
		const json_t *one = json_array_get(files, l->n_files);
		struct lf_lake_file *f = &l->files[l->n_files];

		if (!keep(p, one, "fileHashValue", &f->hash_text) || !keep(p, one, "fileName", &f->name))
			return false;
		f->usable = is_plain_name(f->name) &&
		    lf_hex_decode(f->hash_text, strlen(f->hash_text), f->hash, sizeof(f->hash));
	}
	return !p->nomem;
}

static bool
read_members(struct parse *p, const json_t *root)
{
	struct lf_lake *l = p->l;

	if (!json_is_object(root))
		return malformed(p, "the JSON text", "is no object");
	return keep(p, root, "region", &l->region) && keep(p, root, "hashAlgorithm", &l->hash_algorithm) &&
	    keep(p, root, "signatureAlgorithm", &l->signature_algorithm) &&
	    keep(p, root, "queryCompleteTime", &l->query_complete_time) &&
	    keep(p, root, "hashSignature", &l->signature) &&
	    keep(p, root, "publicKeyFingerprint", &l->fingerprint) &&
	    read_files(p, json_object_get(root, "files"));
}

/* Whether text is one whole JSON value: our scanner, unlike jansson, names the offset and caps the nesting. */
static bool
is_whole(struct parse *p, const char *text, size_t len)
{
	struct lf_scan s;

	lf_scan_init(&s, text, len);
	if (!lf_scan_skip(&s, lf_scan_next(&s)))
		snprintf(p->problem, p->problem_size, "offset %zu: %s (RFC 8259)", s.at, s.problem);
	else if (!lf_scan_at_end(&s))
		snprintf(p->problem, p->problem_size, "offset %zu: bytes behind the JSON text (RFC 8259)", s.at);
	else
		return true;
	return false;
}

/* Reads text, which is whole JSON, with jansson: what it refuses now is a member that stands there twice. */
static bool
read_text(struct parse *p, const char *text, size_t len)
{
	struct lf_err err, oom;
	json_t *root = lf_json_read(text, len, NULL, &err);
	bool ok;

	if (root == NULL) {
		lf_err_nomem(&oom);
		p->nomem = strcmp(err.msg, oom.msg) == 0;
		snprintf(p->problem, p->problem_size, "%.200s (RFC 8259 section 4)", err.msg);
		return false;
	}
	ok = read_members(p, root);
	json_decref(root);
	return ok;
}

int
lf_lake_parse(const char *text, size_t len, struct lf_lake **out, char *problem, size_t problem_size,
    struct lf_err *err)
{
	struct lf_lake *l = calloc(1, sizeof(*l));
	struct parse p = {.l = l, .problem = problem, .problem_size = problem_size};

	*out = NULL;
	if (l == NULL)
		return lf_err_nomem(err);
	lf_arena_init(&l->arena);
	if (is_whole(&p, text, len) && read_text(&p, text, len)) {
		*out = l;
		l = NULL;
	}
	lf_lake_free(l);
	return p.nomem ? lf_err_nomem(err) : 0;
}

void
lf_lake_free(struct lf_lake *l)
{
	if (l == NULL)
		return;
	lf_arena_free(&l->arena);
	free(l);
}

bool
lf_lake_sniff(const char *text, size_t len)
{
	uint64_t found = lf_scan_glance(text, len, own_names, sizeof(own_names) / sizeof(own_names[0]));

	return (found & 3) != 0 && __builtin_popcountll(found) >= 2;
}

void
lf_lake_signed(const struct lf_lake *l, struct lf_buf *out)
{
	for (uint32_t i = 0; i < l->n_files; i++) {
		if (i > 0)
			lf_buf_putc(out, ' ');
		lf_buf_puts(out, l->files[i].hash_text);
	}
}
