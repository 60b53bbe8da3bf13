#include "report/report_ledger.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "custody/store.h"
#include "report/report_value.h"

int
lf_report_ledger_open(const char *path, struct lf_report_ledger **out, struct lf_err *err)
{
	struct lf_report_ledger *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return lf_err_nomem(err);
	lf_arena_init(&l->arena);
	lf_list_init(&l->entries, sizeof(struct lf_report_entry));
	lf_list_init(&l->heads, sizeof(uint32_t));
	lf_index_init(&l->by_exhibit);
	l->fd = -1;
	if (lf_ledger_open(&l->ledger, path, LF_LEDGER_READ, err) != 0 || (l->fd = lf_ledger_read(&l->ledger, err)) < 0) {
		lf_report_ledger_free(l);
		return -1;
	}
	l->name = l->ledger.path;
	*out = l;
	return 0;
}

void
lf_report_ledger_free(struct lf_report_ledger *l)
{
	if (l == NULL)
		return;
	if (l->fd >= 0)
		close(l->fd);
	lf_ledger_close(&l->ledger);
	for (uint32_t i = 0; i < l->entries.n; i++)
		json_decref(lf_report_entry_at(l, i)->doc);
	json_decref(l->manifest);
	lf_list_free(&l->entries);
	lf_list_free(&l->heads);
	lf_index_free(&l->by_exhibit);
	lf_arena_free(&l->arena);
	free(l);
}

static int
hash_hex(struct lf_hash *h, const void *bytes, size_t len, char hex[2 * LF_SHA256_LEN + 1], struct lf_err *err)
{
	unsigned char sum[LF_SHA256_LEN];

	if (lf_hash_bytes(h, bytes, len, sum) != 0)
		return lf_err_set(err, "OpenSSL gives no SHA-256");
	lf_hex_encode(sum, sizeof(sum), hex);
	return 0;
}

/* ---- The files of an entry ---- */

/*
 * Whether the files of an entry are its own.  An entry is what anybody can write: many lines that have one number must
 * not have its files read for each of them, so that only the one in its place has them, and of those that strayed the
 * ones that ascend.
 */
static bool
owns(struct lf_report_ledger *l, const struct lf_report_entry *e, uint32_t line)
{
	uint64_t number = lf_value_count(e->doc, "entry");

	if (number == line)
		return true;
	if (number <= l->strayed)
		return false;
	l->strayed = number;
	return true;
}

/*
 * Reads the manifest of an entry.  Returns 0; 1 when it is not there or too large for any of ours, 2 when something
 * else than a file is there; -1 when it cannot be read, or memory is out.
 */
static int
slurp(const struct lf_report_ledger *l, uint64_t entry, struct lf_buf *out, struct lf_err *err)
{
	int fd = lf_store_open(&l->ledger, entry, LF_STORE_MANIFEST), rc;
	char name[LF_STORE_NAME];

	if (fd < 0 && (errno == ENOENT || errno == EINVAL))
		return errno == ENOENT ? 1 : 2;
	rc = fd < 0 ? -1 : lf_file_read_all(fd, LF_MAX_RESULT, out);
	if (fd >= 0)
		close(fd);
	if (rc == 0 || errno == EFBIG)
		return rc == 0 ? 0 : 1;
	return errno == ENOMEM ? lf_err_nomem(err)
			       : lf_err_sys(err, "%.300s.d/%s", l->name, lf_store_name(entry, LF_STORE_MANIFEST, name));
}

/* The manifest of an entry, held against the hash in the entry; *doc is it, where it is sound. */
static int
manifest(const struct lf_report_ledger *l, struct lf_hash *h, struct lf_report_entry *e, json_t **doc,
    struct lf_err *err)
{
	const json_t *o = json_object_get(e->doc, "manifest");
	uint64_t entry = lf_value_count(e->doc, "entry");
	char hex[2 * LF_SHA256_LEN + 1], own[LF_STORE_NAME];
	struct lf_err why;
	struct lf_buf text;
	int rc;

	*doc = NULL;
	if (!e->own || strcmp(lf_value_text(o, "file", ""), lf_store_name(entry, LF_STORE_MANIFEST, own)) != 0)
		return 0;
	lf_buf_init(&text);
	rc = slurp(l, entry, &text, err);
	e->manifest = rc == 2 ? LF_MANIFEST_ALTERED : e->manifest;
	if (rc == 0 && (rc = hash_hex(h, lf_buf_str(&text), text.len, hex, err)) == 0) {
		e->manifest = strcmp(hex, lf_value_text(o, "sha256", "")) == 0 ? LF_MANIFEST_SOUND : LF_MANIFEST_ALTERED;
		if (e->manifest == LF_MANIFEST_SOUND && (*doc = lf_json_read(lf_buf_str(&text), text.len, NULL, &why)) == NULL) {
			e->manifest = LF_MANIFEST_ALTERED;
			rc = lf_err_is_nomem(&why) ? lf_err_nomem(err) : 0;
		}
	}
	lf_buf_free(&text);
	return rc < 0 ? -1 : 0;
}

/* Which files of its seal are there. */
static int
seals(const struct lf_report_ledger *l, struct lf_hash *h, struct lf_report_entry *e, struct lf_err *err)
{
	static const enum lf_store_file files[] = {LF_STORE_SIGNATURE, LF_STORE_REQUEST, LF_STORE_STAMP};
	bool *const there[] = {&e->signature, &e->request, &e->timestamp};
	struct lf_buf bytes;
	int rc = 0;

	lf_buf_init(&bytes);
	for (size_t i = 0; i < 3 && rc == 0 && e->own; i++) {
		int found = lf_store_look(&l->ledger, lf_value_count(e->doc, "entry"), files[i], &bytes, err);

		*there[i] = found == 1;
		if (found < 0)
			rc = -1;
		else if (found == 1 && files[i] == LF_STORE_STAMP)
			rc = hash_hex(h, lf_buf_str(&bytes), bytes.len, e->timestamp_sha256, err);
	}
	lf_buf_free(&bytes);
	return rc;
}

/* ---- What changed between two manifests ---- */

static int
object_cmp(const void *x, const void *y)
{
	const json_t *const *a = x, *const *b = y;
	int c = strcmp(lf_value_text(*a, "path", ""), lf_value_text(*b, "path", ""));

	return c != 0 ? c : strcmp(lf_value_text(*a, "sha256", ""), lf_value_text(*b, "sha256", ""));
}

static const json_t **
sorted(const json_t *manifest, size_t *n)
{
	const json_t *list = json_object_get(manifest, "objects");
	const json_t **all;

	*n = json_array_size(list);
	if ((all = calloc(*n + 1, sizeof(*all))) == NULL)
		return NULL;
	for (size_t i = 0; i < *n; i++)
		all[i] = json_array_get(list, i);
	qsort(all, *n, sizeof(*all), object_cmp);
	return all;
}

/* The first of n objects from the i-th on that has another path than that one. */
static size_t
path_end(const json_t *const *all, size_t n, size_t i)
{
	const char *path = lf_value_text(all[i], "path", "");

	do
		i++;
	while (i < n && strcmp(lf_value_text(all[i], "path", ""), path) == 0);
	return i;
}

/*
 * How many of the objects [i, end) of a path have a hash that none of [k, stop) has: a path may stand in several
 * sources.
 */
static uint64_t
unlike(const json_t *const *a, size_t i, size_t end, const json_t *const *b, size_t k, size_t stop)
{
	uint64_t n = 0;
	int c = 0;

	for (; i < end; i++) {
		while (k < stop && (c = object_cmp(&b[k], &a[i])) < 0)
			k++;
		n += k == stop || c != 0;
		k += k < stop && c == 0;
	}
	return n;
}

/* Objects of one path whose hashes differ. */
static int
compare(struct lf_report_ledger *l, const json_t *then, const json_t *now, struct lf_err *err)
{
	size_t n, m, i = 0, k = 0;
	const json_t **a = sorted(then, &n), **b = sorted(now, &m);
	int c;

	while (a != NULL && b != NULL && i < n && k < m) {
		size_t end = path_end(a, n, i), stop = path_end(b, m, k);

		c = strcmp(lf_value_text(a[i], "path", ""), lf_value_text(b[k], "path", ""));
		if (c == 0)
			l->changed += unlike(a, i, end, b, k, stop);
		i = c <= 0 ? end : i;
		k = c >= 0 ? stop : k;
	}
	c = a == NULL || b == NULL ? lf_err_nomem(err) : 0;
	free(a);
	free(b);
	return c;
}

/* Whether two entries are of one case and exhibit. */
static bool
one_exhibit(const struct lf_report_entry *a, const struct lf_report_entry *b)
{
	return strcmp(lf_value_text(a->doc, "case", ""), lf_value_text(b->doc, "case", "")) == 0 &&
	    strcmp(lf_value_text(a->doc, "exhibit", ""), lf_value_text(b->doc, "exhibit", "")) == 0;
}

/*
 * Where the last entry of the case and exhibit of entry i is kept, for i to take its place; i itself where it is the
 * first.  NULL when memory is out.
 */
static uint32_t *
head_of(struct lf_report_ledger *l, uint32_t i, struct lf_err *err)
{
	const struct lf_report_entry *e = lf_report_entry_at(l, i);
	const char *exhibit = lf_value_text(e->doc, "exhibit", ""), *of = lf_value_text(e->doc, "case", "");
	uint64_t hash = lf_index_hash(exhibit, strlen(exhibit)) * 31 + lf_index_hash(of, strlen(of));
	size_t cursor = 0;
	uint32_t at, *head;

	while ((at = lf_index_next(&l->by_exhibit, hash, &cursor)) != LF_INDEX_END) {
		head = lf_list_at(&l->heads, at);
		if (one_exhibit(lf_report_entry_at(l, *head), e))
			return head;
	}
	if ((head = lf_list_push(&l->heads)) == NULL || lf_index_add(&l->by_exhibit, hash, l->heads.n - 1) != 0) {
		lf_err_nomem(err);
		return NULL;
	}
	*head = i;
	return head;
}

/* Reads the manifest of an entry once more; one that went meanwhile is absent. */
static int
again(const struct lf_report_ledger *l, struct lf_hash *h, struct lf_report_entry *e, json_t **doc, struct lf_err *err)
{
	e->manifest = LF_MANIFEST_ABSENT;
	return manifest(l, h, e, doc, err);
}

/*
 * Takes the manifest of entry i as the newest one, and holds it against the one before of its case and exhibit, which
 * is read again where others came between.
 */
static int
newest(struct lf_report_ledger *l, struct lf_hash *h, uint32_t i, json_t *doc, struct lf_err *err)
{
	uint32_t *head = head_of(l, i, err);
	json_t *then = NULL;
	int rc = head == NULL ? -1 : 0;

	if (rc == 0 && *head != i && *head == l->manifest_of)
		then = json_incref(l->manifest);
	else if (rc == 0 && *head != i)
		rc = again(l, h, lf_list_at(&l->entries, *head), &then, err);
	if (rc == 0 && then != NULL)
		rc = compare(l, then, doc, err);
	json_decref(then);
	json_decref(l->manifest);
	l->manifest = doc;
	l->manifest_of = i;
	if (rc == 0)
		*head = i;
	return rc;
}

/* ---- Lines ---- */

/* What is wrong with the place of an entry behind another (NULL for the first), or NULL. */
static const char *
misplaced(const struct lf_report_entry *e, const struct lf_report_entry *before, uint32_t number)
{
	const char *previous = lf_json_string(e->doc, "previous");

	if (lf_value_count(e->doc, "entry") != number)
		return "its number is not that of its line";
	if (before == NULL)
		return json_is_null(json_object_get(e->doc, "previous")) ? NULL : "it names an entry before it, and is the first";
	if (previous == NULL || strcmp(previous, before->sha256) != 0)
		return "the SHA-256 that it names is not that of the line before it";
	return NULL;
}

/*
 * What is wrong with a line that is an object with an entry, into e->problem.  trail-seal --check must not find a line
 * malformed that a report takes for an entry, so both read it alike.
 */
static int
judge(struct lf_report_ledger *l, struct lf_report_entry *e, const struct lf_ledger_line *line, struct lf_err *err)
{
	uint32_t i = l->entries.n - 1;
	struct lf_arena arena;
	struct lf_entry entry;
	struct lf_err why;
	char said[200];
	int rc;

	lf_arena_init(&arena);
	rc = lf_entry_read(line->text, line->len, &arena, &entry, &why);
	lf_arena_free(&arena);
	if (rc < 0)
		return lf_err_nomem(err);
	e->problem = !line->ended ? "its line has no end" : misplaced(e, i > 0 ? lf_report_entry_at(l, i - 1) : NULL, i + 1);
	if (rc == 0 || e->problem != NULL)
		return 0;
	snprintf(said, sizeof(said), "it is no entry as trail-seal writes it: %.150s", why.msg);
	e->problem = lf_arena_strdup(&l->arena, said);
	return e->problem != NULL ? 0 : lf_err_nomem(err);
}

/* What taking in the lines of a ledger takes. */
struct reading {
	struct lf_report_ledger *l;
	struct lf_hash *h, *all; /* all: over the whole file */
};

static int
take_line(void *arg, const struct lf_ledger_line *line, struct lf_err *err)
{
	struct reading *r = arg;
	struct lf_report_ledger *l = r->l;
	uint32_t i = l->entries.n;
	struct lf_report_entry *e = lf_list_push(&l->entries);
	struct lf_err why;
	json_t *doc;

	if (e == NULL)
		return lf_err_nomem(err);
	if (lf_hash_add(r->all, line->text, line->len) != 0 || lf_hash_add(r->all, "\n", line->ended) != 0)
		return lf_err_set(err, "OpenSSL gives no SHA-256");
	l->size = line->offset + line->len + line->ended;
	lf_hex_encode(line->hash, sizeof(line->hash), e->sha256);
	e->doc = lf_json_read(line->text, line->len, NULL, &why);
	if (e->doc == NULL && lf_err_is_nomem(&why))
		return lf_err_nomem(err);
	if (e->doc == NULL || json_object_get(e->doc, "entry") == NULL) {
		json_decref(e->doc);
		e->doc = NULL;
		e->problem = "it is no entry of a ledger";
	} else if (judge(l, e, line, err) != 0) {
		return -1;
	}
	l->broken += e->problem != NULL;
	if (e->doc == NULL)
		return 0;
	e->own = owns(l, e, i + 1);
	if (manifest(l, r->h, e, &doc, err) != 0 || seals(l, r->h, e, err) != 0)
		return -1;
	return doc == NULL ? 0 : newest(l, r->h, i, doc, err);
}

/* A file without one entry is another file, not a ledger that is broken. */
static bool
any_entry(const struct lf_report_ledger *l)
{
	for (uint32_t i = 0; i < l->entries.n; i++)
		if (lf_report_entry_at(l, i)->doc != NULL)
			return true;
	return false;
}

int
lf_report_ledger_read(struct lf_report_ledger *l, struct lf_hash *h, struct lf_err *err)
{
	struct reading r = {l, h, lf_hash_new(err)};
	unsigned char sum[LF_SHA256_LEN];
	int rc = r.all == NULL ? -1 : 0;

	if (rc == 0 && lf_hash_start(r.all) != 0)
		rc = lf_err_set(err, "OpenSSL gives no SHA-256");
	if (rc == 0)
		rc = lf_ledger_lines(&l->ledger, l->fd, take_line, &r, err);
	if (rc == 0 && lf_hash_end(r.all, sum) != 0)
		rc = lf_err_set(err, "OpenSSL gives no SHA-256");
	lf_hash_free(r.all);
	if (rc != 0)
		return -1;
	lf_hex_encode(sum, sizeof(sum), l->sha256);
	if (l->entries.n == 0)
		return lf_err_set(err, "%.300s: is empty: no ledger", l->name);
	return any_entry(l) ? 0 : lf_err_set(err, "%.300s: is no ledger: no line of it is an entry", l->name);
}
