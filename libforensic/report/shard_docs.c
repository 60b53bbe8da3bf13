#include "report/shard_docs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

/* Why reading a file failed, from errno. */
static void
read_failed(const char *path, struct lf_err *err)
{
	if (errno == ENOMEM)
		lf_err_nomem(err);
	else if (errno == EFBIG)
		lf_err_set(err, "%.300s: is larger than a result may be (%u bytes)", path, LF_MAX_RESULT);
	else
		lf_err_sys(err, "%s", path);
}

static json_t *
read_doc(const char *path, struct lf_err *err)
{
	int fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : open(path, O_RDONLY | O_CLOEXEC);
	struct lf_buf text;
	json_t *doc = NULL;
	struct lf_err why;

	if (fd < 0) {
		lf_err_sys(err, "%s", path);
		return NULL;
	}
	lf_buf_init(&text);
	if (lf_file_read_all(fd, LF_MAX_RESULT, &text) != 0)
		read_failed(path, err);
	else if ((doc = lf_json_read(lf_buf_str(&text), text.len, NULL, &why)) == NULL)
		lf_err_set(err, "%.200s: %.250s", path, why.msg);
	lf_buf_free(&text);
	close(fd);
	return doc;
}

static int
bad(const struct lf_shard_docs *m, size_t i, const char *what, struct lf_err *err)
{
	return lf_err_set(err, "%.300s: %s", m->files[i], what);
}

/* Whether a document is a result of this tool and schema. */
static int
check_doc(const struct lf_shard_docs *m, size_t i, struct lf_err *err)
{
	static const char *const lists[] = {"chains", "findings", "skipped", "lake", "anchors", NULL};
	static const struct lf_shard_kind verify = {"trail-verify", lists};
	const struct lf_shard_kind *kind = m->kind != NULL ? m->kind : &verify;
	const json_t *d = m->docs[i];
	const char *tool = lf_json_string(d, "tool");

	if (tool == NULL || strcmp(tool, kind->tool) != 0)
		return lf_err_set(err, "%.300s: is no JSON result of %s", m->files[i], kind->tool);
	if (json_integer_value(json_object_get(d, "schema")) != 1)
		return bad(m, i, "has another schema than 1", err);
	for (size_t k = 0; kind->lists[k] != NULL; k++)
		if (!json_is_array(json_object_get(d, kind->lists[k])))
			return lf_err_set(err, "%.300s: has no list \"%s\"", m->files[i], kind->lists[k]);
	return json_is_object(json_object_get(d, "summary")) ? 0 : bad(m, i, "has no summary", err);
}

/* The shard numbers must be those of one set, each once. */
static int
check_shards(const struct lf_shard_docs *m, struct lf_err *err)
{
	json_int_t n = -1;
	int rc = 0;
	bool *seen;

	for (size_t i = 0; i < m->n; i++) {
		json_int_t have = json_integer_value(json_object_get(json_object_get(m->docs[i], "shard"), "n"));
		if (n >= 0 && have != n)
			return bad(m, i, "is of another set of shards than the files before it", err);
		n = have;
	}
	if (n == 0)
		return m->n == 1 ? 0 : bad(m, 0, "is no shard of a larger run: only shards can be merged", err);
	if (n < 0 || n > LF_MAX_SHARDS || (seen = calloc((size_t)n + 1, sizeof(*seen))) == NULL)
		return bad(m, 0, "has no usable shard number", err);
	for (size_t i = 0; i < m->n && rc == 0; i++) {
		json_int_t k = json_integer_value(json_object_get(json_object_get(m->docs[i], "shard"), "k"));
		if (k < 1 || k > n)
			rc = bad(m, i, "has no usable shard number", err);
		else if (seen[k])
			rc = lf_err_set(err, "%.300s: shard %lld of %lld is given twice", m->files[i], (long long)k, (long long)n);
		else
			seen[k] = true;
	}
	for (json_int_t k = 1; k <= n && rc == 0; k++)
		if (!seen[k])
			rc = lf_err_set(err, "shard %lld of %lld is missing: without it there is no complete result", (long long)k,
			    (long long)n);
	free(seen);
	return rc;
}

/* Whether two lists name the same key files with the same content. */
static bool
same_keys(const json_t *a, const json_t *b)
{
	if (json_array_size(a) != json_array_size(b))
		return false;
	for (size_t i = 0; i < json_array_size(a); i++) {
		const json_t *x = json_array_get(a, i), *y = json_array_get(b, i);

		if (!json_equal(json_object_get(x, "file"), json_object_get(y, "file")) ||
		    !json_equal(json_object_get(x, "sha256"), json_object_get(y, "sha256")) ||
		    json_array_size(json_object_get(x, "keys")) != json_array_size(json_object_get(y, "keys")))
			return false;
	}
	return true;
}

/* The same keys and the same selection must stand behind all of them. */
static int
check_alike(const struct lf_shard_docs *m, struct lf_err *err)
{
	static const char *const members[] = {"version", "selection"};

	for (size_t i = 1; i < m->n; i++) {
		for (size_t k = 0; k < sizeof(members) / sizeof(members[0]); k++)
			if (!json_equal(json_object_get(m->docs[0], members[k]), json_object_get(m->docs[i], members[k])))
				return lf_err_set(err, "%.300s: \"%s\" differs from the other files'", m->files[i], members[k]);
		if (!same_keys(json_object_get(m->docs[0], "anchors"), json_object_get(m->docs[i], "anchors")))
			return bad(m, i, "was made with other key files", err);
		if ((json_object_get(m->docs[0], "digests") == NULL) != (json_object_get(m->docs[i], "digests") == NULL))
			return bad(m, i, "-v was given for some shards only", err);
	}
	return 0;
}

int
lf_shard_docs_read(struct lf_shard_docs *d, const char *const *files, size_t n, struct lf_err *err)
{
	d->files = files;
	d->n = n;
	if ((d->docs = calloc(n + 1, sizeof(*d->docs))) == NULL)
		return lf_err_nomem(err);
	for (size_t i = 0; i < n; i++)
		if ((d->docs[i] = read_doc(files[i], err)) == NULL || check_doc(d, i, err) != 0)
			return -1;
	return check_shards(d, err) != 0 ? -1 : check_alike(d, err);
}

int
lf_shard_docs_take(struct lf_shard_docs *d, json_t *doc, const char *const *name, struct lf_err *err)
{
	d->files = name;
	if ((d->docs = calloc(1, sizeof(*d->docs))) == NULL)
		return lf_err_nomem(err);
	d->docs[0] = json_incref(doc);
	d->n = 1;
	return check_doc(d, 0, err) != 0 ? -1 : check_shards(d, err);
}

void
lf_shard_docs_free(struct lf_shard_docs *d)
{
	for (size_t i = 0; i < d->n && d->docs != NULL; i++)
		json_decref(d->docs[i]);
	free(d->docs);
}

size_t
lf_shard_docs_total(const struct lf_shard_docs *d, const char *list)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++)
		n += json_array_size(json_object_get(d->docs[i], list));
	return n;
}
