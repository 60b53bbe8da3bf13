#include "proof/case.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/pool.h"
#include "base/sandbox.h"

#define N_MAGIC 4

static int
name_cmp(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* Opens the operands in sorted order, so that the order of the command line does not show in the output. */
static int
open_sources(struct lf_case *c, const struct lf_case_opts *o, struct lf_err *err)
{
	const char **names = calloc(o->n_evidence + 1, sizeof(*names));
	int rc = -1;

	c->sources = calloc(o->n_evidence + 1, sizeof(struct lf_source *));
	if (names == NULL || c->sources == NULL) {
		lf_err_nomem(err);
		goto out;
	}
	memcpy(names, o->evidence, o->n_evidence * sizeof(*names));
	qsort(names, o->n_evidence, sizeof(*names), name_cmp);
	for (size_t i = 0; i < o->n_evidence; i++) {
		if (i > 0 && strcmp(names[i - 1], names[i]) == 0)
			continue;
		if (lf_source_open(names[i], c->tmpdir, &c->sources[c->n_sources], err) != 0)
			goto out;
		c->n_sources++;
	}
	rc = 0;
out:
	free(names);
	return rc;
}

/* Copies a list of strings into the arena. */
static int
copy_list(struct lf_case *c, const char *const *from, size_t n, const char *const **to, size_t *n_to,
    struct lf_err *err)
{
	const char **list = lf_arena_alloc(&c->arena, (n + 1) * sizeof(*list));

	if (list == NULL)
		return lf_err_nomem(err);
	for (size_t i = 0; i < n; i++)
		if ((list[i] = lf_arena_strdup(&c->arena, from[i])) == NULL)
			return lf_err_nomem(err);
	*to = list;
	*n_to = n;
	return 0;
}

static int
fill_select(struct lf_case *c, const struct lf_case_opts *o, struct lf_err *err)
{
	struct lf_select *s = &c->select;

	s->since = o->since;
	s->until = o->until;
	s->shard = o->shard;
	s->shards = o->shards;
	if (copy_list(c, o->accounts, o->n_accounts, &s->accounts, &s->n_accounts, err) != 0 ||
	    copy_list(c, o->regions, o->n_regions, &s->regions, &s->n_regions, err) != 0)
		return -1;
	return copy_list(c, o->trails, o->n_trails, &s->trails, &s->n_trails, err);
}

/* Where temporary files go: what was asked for, else $TMPDIR, else /tmp. */
static int
set_tmpdir(struct lf_case *c, const char *wanted, struct lf_err *err)
{
	const char *dir = wanted != NULL ? wanted : getenv("TMPDIR");

	c->tmpdir = lf_arena_strdup(&c->arena, dir != NULL && dir[0] != '\0' ? dir : "/tmp");
	return c->tmpdir == NULL ? lf_err_nomem(err) : 0;
}

int
lf_case_open(const struct lf_case_opts *o, struct lf_case **out, struct lf_err *err)
{
	struct lf_case *c = calloc(1, sizeof(*c));
	int rc = -1;

	*out = NULL;
	if (c == NULL)
		return lf_err_nomem(err);
	lf_arena_init(&c->arena);
	lf_keyring_init(&c->keys);
	lf_meta_init(&c->meta);
	c->jobs = o->jobs > 0 ? o->jobs : lf_cpus();
	if (c->jobs > LF_MAX_JOBS)
		c->jobs = LF_MAX_JOBS;
	c->limits.max_object = o->max_object > 0 ? o->max_object : LF_MAX_OBJECT;
	c->limits.max_total = o->max_total;
	c->progress = o->progress;
	c->progress_arg = o->progress_arg;
	if (set_tmpdir(c, o->tmpdir, err) != 0 || fill_select(c, o, err) != 0)
		goto out;
	for (size_t i = 0; i < o->n_keys; i++)
		if (lf_keyring_load(&c->keys, o->keys[i], err) != 0)
			goto out;
	for (size_t i = 0; i < o->n_metadata; i++)
		if (lf_meta_load(&c->meta, o->metadata[i], err) != 0)
			goto out;
	if (open_sources(c, o, err) != 0)
		goto out;
	*out = c;
	c = NULL;
	rc = 0;
out:
	lf_case_free(c);
	return rc;
}

void
lf_case_free(struct lf_case *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->n_sources; i++)
		lf_source_free(c->sources[i]);
	free(c->sources);
	lf_keyring_free(&c->keys);
	lf_meta_free(&c->meta);
	lf_arena_free(&c->arena);
	free(c);
}

/* Opens for a sandbox rule; -1 when it is not there. */
static int
open_path(const char *path)
{
	return open(path, O_PATH | O_CLOEXEC);
}

/* Opens the folders in which libmagic's database may be, which is read when the first unknown object is met. */
static size_t
open_magic(int *fds)
{
	static const char *const magic[] = {"/etc/magic", "/usr/share/misc", "/usr/share/file", "/usr/lib/file"};
	size_t n = 0;

	for (size_t i = 0; i < N_MAGIC; i++)
		if ((fds[n] = open_path(magic[i])) >= 0)
			n++;
	return n;
}

int
lf_cases_confine_to(struct lf_case *const *cases, size_t n_cases, const int *write_dirs, size_t n_write, struct lf_err *err)
{
	size_t n = 0, n_sources = 0;
	int *read_dirs, rc;

	for (size_t i = 0; i < n_cases; i++)
		n_sources += cases[i]->n_sources;
	if ((read_dirs = calloc(n_sources + N_MAGIC, sizeof(*read_dirs))) == NULL)
		return lf_err_nomem(err);
	for (size_t i = 0; i < n_cases; i++)
		for (size_t k = 0; k < cases[i]->n_sources; k++)
			read_dirs[n++] = cases[i]->sources[k]->fd;
	n += open_magic(read_dirs + n);
	rc = lf_sandbox_enter(&(struct lf_sandbox){.read_dirs = read_dirs, .n_read = n, .write_dirs = write_dirs,
	    .n_write = n_write}, err);
	for (size_t i = n_sources; i < n; i++)
		close(read_dirs[i]);
	free(read_dirs);
	return rc;
}

int
lf_cases_confine(struct lf_case *const *cases, size_t n_cases, const char *outdir, struct lf_err *err)
{
	int out = outdir == NULL ? -1 : open_path(outdir);
	int rc = lf_cases_confine_to(cases, n_cases, &out, out >= 0, err);

	if (out >= 0)
		close(out);
	return rc;
}

int
lf_case_confine(struct lf_case *c, const char *outdir, struct lf_err *err)
{
	return lf_cases_confine(&c, 1, outdir, err);
}
