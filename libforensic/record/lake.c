#include "record/lake.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "record/strict.h"

#define RULE "AWS user guide, CloudTrail Lake sign file structure"

enum field { REGION, FILES, HASH_ALGORITHM, SIGNATURE_ALGORITHM, COMPLETE_TIME, SIGNATURE, FINGERPRINT, N_FIELDS };

static const struct lf_scan_name field_names[N_FIELDS] = {LF_SCAN_NAME("region"), LF_SCAN_NAME("files"),
    LF_SCAN_NAME("hashAlgorithm"), LF_SCAN_NAME("signatureAlgorithm"), LF_SCAN_NAME("queryCompleteTime"),
    LF_SCAN_NAME("hashSignature"), LF_SCAN_NAME("publicKeyFingerprint")};

static const struct lf_scan_name file_names[] = {LF_SCAN_NAME("fileHashValue"), LF_SCAN_NAME("fileName")};
#define N_FILE_FIELDS 2

/* A signature file on its way. */
struct parse {
	struct lf_strict in;
	struct lf_lake *l;
	struct lf_lake_file *files; /* grows */
	uint32_t n;
	size_t cap;
};

static bool
keep(struct parse *p, const char *name, enum lf_token token, const char **out)
{
	if (token != LF_TOKEN_STRING)
		return lf_strict_wrong_type(&p->in, name, token);
	return lf_strict_keep(&p->in, out);
}

static bool
is_plain_name(const char *s)
{
	return *s != '\0' && strchr(s, '/') == NULL && strcmp(s, ".") != 0 && strcmp(s, "..") != 0;
}

/* The members of one of files, behind its {. */
static bool
read_file(struct parse *p, struct lf_lake_file *f)
{
	size_t start = p->in.scan.at, i;
	uint32_t seen = 0;
	enum lf_token token;
	int rc;

	while ((rc = lf_strict_member(&p->in, file_names, N_FILE_FIELDS, &seen, &i, &token)) > 0)
		if (!keep(p, file_names[i].s, token, i == 0 ? &f->hash_text : &f->name))
			return false;
	if (rc < 0 || !lf_strict_required(&p->in, file_names, N_FILE_FIELDS, seen, 0, start))
		return false;
	f->usable = is_plain_name(f->name) &&
	    lf_hex_decode(f->hash_text, strlen(f->hash_text), f->hash, sizeof(f->hash));
	return true;
}

/* A cleared element at the end of files, or NULL when memory is out. */
static struct lf_lake_file *
push_file(struct parse *p)
{
	struct lf_lake_file *files = lf_array_more(p->files, p->n, &p->cap, sizeof(*files));

	if (files == NULL)
		return NULL;
	p->files = files;
	return memset(&p->files[p->n++], 0, sizeof(*p->files));
}

static bool
read_files(struct parse *p, enum lf_token token)
{
	struct lf_lake_file *f;

	if (token != LF_TOKEN_ARRAY)
		return lf_strict_wrong_type(&p->in, "files", token);
	while ((token = lf_scan_next(&p->in.scan)) == LF_TOKEN_OBJECT) {
		if (p->n == LF_MAX_DIGEST_LOGS)
			return lf_strict_malformed(&p->in, p->in.scan.at, "files", "lists too many");
		if ((f = push_file(p)) == NULL)
			return lf_strict_nomem(&p->in);
		if (!read_file(p, f))
			return false;
	}
	return token == LF_TOKEN_ARRAY_END || lf_strict_wrong_type(&p->in, "an element of files", token);
}

static bool
read_members(struct parse *p)
{
	struct lf_lake *l = p->l;
	const char **strings[N_FIELDS] = {[REGION] = &l->region, [HASH_ALGORITHM] = &l->hash_algorithm,
	    [SIGNATURE_ALGORITHM] = &l->signature_algorithm, [COMPLETE_TIME] = &l->query_complete_time,
	    [SIGNATURE] = &l->signature, [FINGERPRINT] = &l->fingerprint};
	uint32_t seen = 0;
	enum lf_token token;
	size_t f;
	int rc;

	if (!lf_strict_enter(&p->in, "the signature file"))
		return false;
	while ((rc = lf_strict_member(&p->in, field_names, N_FIELDS, &seen, &f, &token)) > 0)
		if (f == FILES ? !read_files(p, token) : !keep(p, field_names[f].s, token, strings[f]))
			return false;
	return rc == 0 && lf_strict_end(&p->in) && lf_strict_required(&p->in, field_names, N_FIELDS, seen, 0,
	    (size_t)(p->in.scan.p - p->in.scan.text));
}

/* Moves what grew to where it stays. */
static bool
settle(struct parse *p)
{
	struct lf_lake *l = p->l;

	l->n_files = p->n;
	l->files = lf_arena_alloc(&l->arena, p->n * sizeof(*l->files));
	if (l->files == NULL)
		return lf_strict_nomem(&p->in);
	if (p->n > 0)
		memcpy(l->files, p->files, p->n * sizeof(*l->files));
	return true;
}

int
lf_lake_parse(const char *text, size_t len, struct lf_lake **out, char *problem, size_t problem_size,
    struct lf_err *err)
{
	struct lf_lake *l = calloc(1, sizeof(*l));
	struct parse p = {.l = l};
	bool nomem;

	*out = NULL;
	if (l == NULL)
		return lf_err_nomem(err);
	lf_arena_init(&l->arena);
	lf_strict_init(&p.in, text, len, &l->arena, RULE, problem, problem_size);
	if (read_members(&p) && settle(&p)) {
		*out = l;
		l = NULL;
	}
	nomem = p.in.nomem;
	lf_lake_free(l);
	free(p.files);
	lf_strict_free(&p.in);
	return nomem ? lf_err_nomem(err) : 0;
}

void
lf_lake_free(struct lf_lake *l)
{
	if (l == NULL)
		return;
	lf_arena_free(&l->arena);
	free(l);
}

/* Its files or its signature, and one more of what a digest and a log have not. */
bool
lf_lake_sniff(const char *text, size_t len)
{
	const uint64_t chief = UINT64_C(1) << FILES | UINT64_C(1) << SIGNATURE;
	const uint64_t own = chief | UINT64_C(1) << FINGERPRINT | UINT64_C(1) << COMPLETE_TIME;
	uint64_t found = lf_scan_glance(text, len, field_names, N_FIELDS) & own;

	return (found & chief) != 0 && __builtin_popcountll(found) >= 2;
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
