#include "report/report_ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "custody/ledger.h"
#include "report/report_value.h"

#define SEAL_MAX (16U << 20) /* a time stamp */

int
lf_report_ledger_open(const char *path, struct lf_report_ledger **out, struct lf_err *err)
{
	struct lf_report_ledger *l = calloc(1, sizeof(*l));
	char *folder;

	if (l == NULL)
		return lf_err_nomem(err);
	lf_arena_init(&l->arena);
	lf_list_init(&l->entries, sizeof(struct lf_report_entry));
	l->files = -1;
	l->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (l->fd < 0) {
		lf_err_sys(err, "%.300s", path);
		lf_report_ledger_free(l);
		return -1;
	}
	l->name = lf_arena_strdup(&l->arena, path);
	if (l->name == NULL || asprintf(&folder, "%s.d", path) < 0) {
		lf_report_ledger_free(l);
		return lf_err_nomem(err);
	}
	l->files = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	free(folder);
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
	if (l->files >= 0)
		close(l->files);
	for (uint32_t i = 0; i < l->entries.n; i++)
		json_decref(lf_report_entry_at(l, i)->doc);
	json_decref(l->manifest);
	lf_list_free(&l->entries);
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

/* A name that lies in the folder itself: an entry is a file that anybody can write. */
static bool
plain_name(const char *name)
{
	return name != NULL && *name != '.' && *name != '\0' && strlen(name) < 200 &&
	    strspn(name, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_") == strlen(name);
}

/* Reads a file of the folder.  Returns 0; 1 when it is not there or is none of ours, -1 when memory is out or the disk fails. */
static int
slurp(const struct lf_report_ledger *l, const char *name, size_t cap, struct lf_buf *out, struct lf_err *err)
{
	int fd = l->files < 0 ? -1 : openat(l->files, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), rc;

	if (fd < 0)
		return 1;
	rc = lf_file_read_all(fd, cap, out);
	close(fd);
	if (rc == 0)
		return 0;
	if (errno == EIO)
		return lf_err_sys(err, "%.300s.d/%s", l->name, name);
	return errno == ENOMEM ? lf_err_nomem(err) : 1;
}

/* The manifest of an entry, held against the hash in the entry; *doc is it, where it is sound. */
static int
manifest(const struct lf_report_ledger *l, struct lf_hash *h, struct lf_report_entry *e, json_t **doc,
    struct lf_err *err)
{
	const json_t *o = json_object_get(e->doc, "manifest");
	const char *name = lf_json_string(o, "file");
	char hex[2 * LF_SHA256_LEN + 1];
	struct lf_err why;
	struct lf_buf text;
	int rc;

	*doc = NULL;
	if (!plain_name(name))
		return 0;
	lf_buf_init(&text);
	rc = slurp(l, name, LF_MAX_RESULT, &text, err);
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
	static const char *const ends[] = {"p7s", "tsq", "tsr"};
	bool *const there[] = {&e->signature, &e->request, &e->timestamp};
	struct lf_buf bytes;
	char name[48];
	int rc = 0;

	for (size_t i = 0; i < 3 && rc >= 0; i++) {
		lf_buf_init(&bytes);
		snprintf(name, sizeof(name), "%04llu.%s", (unsigned long long)lf_value_count(e->doc, "entry"), ends[i]);
		rc = slurp(l, name, SEAL_MAX, &bytes, err);
		*there[i] = rc == 0;
		if (rc == 0 && i == 2)
			rc = hash_hex(h, lf_buf_str(&bytes), bytes.len, e->timestamp_sha256, err);
		lf_buf_free(&bytes);
	}
	return rc < 0 ? -1 : 0;
}

/* ---- What changed between two manifests ---- */

static int
path_cmp(const void *x, const void *y)
{
	const json_t *const *a = x, *const *b = y;

	return strcmp(lf_value_text(*a, "path", ""), lf_value_text(*b, "path", ""));
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
	qsort(all, *n, sizeof(*all), path_cmp);
	return all;
}

/* Objects of one path whose hashes differ. */
static int
compare(struct lf_report_ledger *l, const json_t *then, const json_t *now, struct lf_err *err)
{
	size_t n, m, k = 0;
	const json_t **a = sorted(then, &n), **b = sorted(now, &m);
	int c;

	for (size_t i = 0; a != NULL && b != NULL && i < n; i++) {
		for (c = 1; k < m && (c = path_cmp(&a[i], &b[k])) > 0;)
			k++;
		if (k < m && c == 0)
			l->changed += strcmp(lf_value_text(a[i], "sha256", ""), lf_value_text(b[k], "sha256", "")) != 0;
	}
	c = a == NULL || b == NULL ? lf_err_nomem(err) : 0;
	free(a);
	free(b);
	return c;
}

/* Takes the manifest of entry i as the newest one. */
static int
newest(struct lf_report_ledger *l, uint32_t i, json_t *doc, struct lf_err *err)
{
	const struct lf_report_entry *e = lf_report_entry_at(l, i);
	int rc = 0;

	if (l->manifest != NULL && strcmp(lf_value_text(e->doc, "exhibit", ""),
	    lf_value_text(lf_report_entry_at(l, l->manifest_of)->doc, "exhibit", "")) == 0)
		rc = compare(l, l->manifest, doc, err);
	json_decref(l->manifest);
	l->manifest = doc;
	l->manifest_of = i;
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
 * What is wrong with a line that is an object with an entry, into e->problem.  trail-seal --check must not find a line malformed
 * that a report takes for an entry, so both read it alike.
 */
static int
judge(struct lf_report_ledger *l, struct lf_report_entry *e, const char *text, size_t len, bool ended, struct lf_err *err)
{
	uint32_t i = l->entries.n - 1;
	struct lf_arena arena;
	struct lf_entry entry;
	struct lf_err why;
	char said[200];
	int rc;

	lf_arena_init(&arena);
	rc = lf_entry_read(text, len - ended, &arena, &entry, &why);
	lf_arena_free(&arena);
	if (rc < 0)
		return lf_err_nomem(err);
	e->problem = !ended ? "its line has no end" : misplaced(e, i > 0 ? lf_report_entry_at(l, i - 1) : NULL, i + 1);
	if (rc == 0 || e->problem != NULL)
		return 0;
	snprintf(said, sizeof(said), "it is no entry as trail-seal writes it: %.150s", why.msg);
	e->problem = lf_arena_strdup(&l->arena, said);
	return e->problem != NULL ? 0 : lf_err_nomem(err);
}

static int
line(struct lf_report_ledger *l, struct lf_hash *h, const char *text, size_t len, bool ended, struct lf_err *err)
{
	uint32_t i = l->entries.n;
	struct lf_report_entry *e = lf_list_push(&l->entries);
	struct lf_err why;
	json_t *doc;

	if (e == NULL)
		return lf_err_nomem(err);
	if (hash_hex(h, text, len, e->sha256, err) != 0)
		return -1;
	e->doc = lf_json_read(text, len, NULL, &why);
	if (e->doc == NULL && lf_err_is_nomem(&why))
		return lf_err_nomem(err);
	if (e->doc == NULL || json_object_get(e->doc, "entry") == NULL) {
		json_decref(e->doc);
		e->doc = NULL;
		e->problem = "it is no entry of a ledger";
	} else if (judge(l, e, text, len, ended, err) != 0) {
		return -1;
	}
	l->broken += e->problem != NULL;
	if (e->doc == NULL)
		return 0;
	if (manifest(l, h, e, &doc, err) != 0 || seals(l, h, e, err) != 0)
		return -1;
	return doc == NULL ? 0 : newest(l, i, doc, err);
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
	struct lf_buf text;
	const char *at, *end;
	size_t left, n;
	int rc = -1;

	lf_buf_init(&text);
	if (lf_file_read_all(l->fd, LF_MAX_RESULT, &text) != 0) {
		lf_err_sys(err, "%.300s", l->name);
		goto out;
	}
	if (hash_hex(h, lf_buf_str(&text), text.len, l->sha256, err) != 0)
		goto out;
	l->size = text.len;
	for (at = lf_buf_str(&text), left = text.len; left > 0; at += n, left -= n) {
		end = memchr(at, '\n', left);
		n = end != NULL ? (size_t)(end - at) + 1 : left;
		if (line(l, h, at, n, end != NULL, err) != 0)
			goto out;
	}
	rc = l->entries.n == 0 ? lf_err_set(err, "%.300s: is empty: no ledger", l->name) :
	    !any_entry(l) ? lf_err_set(err, "%.300s: is no ledger: no line of it is an entry", l->name) : 0;
out:
	lf_buf_free(&text);
	return rc;
}
