#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/pool.h"
#include "base/temporary.h"
#include "carve/carver.h"
#include "carve/identity.h"
#include "proof/case.h"

#define MAX_MEMBER (UINT64_C(64) << 20)
#define MAX_RECORD (UINT64_C(4) << 20)
#define CHECKPOINT (UINT64_C(1) << 30)
#define MAX_THREADS 16u /* each takes a few MiB */

/* ---- Options ---- */

static int
check(const struct lf_carve_opts *o, struct lf_err *err)
{
	if (o->n_images == 0)
		return lf_err_set(err, "no image");
	if (o->n_images > LF_STATE_IMAGES)
		return lf_err_set(err, "more than %u images", LF_STATE_IMAGES);
	if (o->ranges != NULL && o->n_images > 1)
		return lf_err_set(err, "ranges are of one image");
	if (o->max_member > MAX_MEMBER * 4 || (o->max_member > 0 && o->max_member < 1024))
		return lf_err_set(err, "the cap on a member is 1K to 256M");
	if (o->max_record > MAX_RECORD * 4 || (o->max_record > 0 && o->max_record < 1024))
		return lf_err_set(err, "the cap on a record is 1K to 16M");
	return 0;
}

static void
set_defaults(struct lf_carve_opts *o)
{
	unsigned cpus = o->jobs == 0 ? lf_cpus() : o->jobs;

	o->jobs = cpus < MAX_THREADS ? cpus : MAX_THREADS;
	if (o->max_member == 0)
		o->max_member = MAX_MEMBER;
	if (o->max_record == 0)
		o->max_record = MAX_RECORD;
	if (o->checkpoint == 0)
		o->checkpoint = CHECKPOINT;
	if (o->join_blocks == 0)
		o->join_blocks = LF_JOIN_BLOCKS;
	if (o->join_trials == 0)
		o->join_trials = LF_JOIN_TRIALS;
	if (o->no_joins)
		o->join_blocks = 0;
}

/* ---- Opening ---- */

static int
open_images(struct lf_carve *c, const struct lf_carve_opts *o, struct lf_err *err)
{
	c->images = calloc(o->n_images, sizeof(*c->images));
	c->place.over = calloc(o->n_images, sizeof(*c->place.over));
	if (c->images == NULL || c->place.over == NULL)
		return lf_err_nomem(err);
	for (size_t i = 0; i < o->n_images; i++) {
		if (lf_image_open(o->images[i], &c->images[i], err) < 0)
			return -1;
		c->n_images++;
		if (lf_image_streams(c->images[i]) && o->resume)
			return lf_err_set(err, "%s cannot be read again from its beginning: there is nothing to resume", o->images[i]);
		if (o->hash_image && lf_image_streams(c->images[i]) && lf_image_hash_stream(c->images[i], err) < 0)
			return -1;
	}
	return 0;
}

/* Whether path lies in the folder, or is it. */
static bool
lies_in(const char *path, const char *folder)
{
	char *p = realpath(path, NULL), *f = realpath(folder, NULL);
	size_t n = f == NULL ? 0 : strlen(f);
	bool in = p != NULL && f != NULL && strncmp(p, f, n) == 0 && (p[n] == '\0' || p[n] == '/' || n == 1);

	free(p);
	free(f);
	return in;
}

/* The folder in which dir is, or will be. */
static bool
is_evidence(const char *dir, const struct lf_carve_opts *o)
{
	char *parent = strdup(dir);
	bool in = false;

	for (size_t i = 0; i < o->n_digests && !in; i++)
		in = lies_in(dir, o->digests[i]);
	if (parent == NULL)
		return in;
	for (size_t n = strlen(parent); n > 1 && parent[n - 1] == '/'; n--)
		parent[n - 1] = '\0';
	if (strrchr(parent, '/') != NULL && strrchr(parent, '/') != parent)
		*strrchr(parent, '/') = '\0';
	else
		strcpy(parent, parent[0] == '/' ? "/" : ".");
	for (size_t i = 0; i < o->n_digests && !in; i++)
		in = lies_in(parent, o->digests[i]);
	free(parent);
	return in;
}

static int
open_store(struct lf_carve *c, const struct lf_carve_opts *o, struct lf_err *err)
{
	size_t n = strlen(o->outdir);

	if (is_evidence(o->outdir, o))
		return lf_err_set(err, "%s lies in evidence: nothing is written there", o->outdir);
	if (lf_carve_store_open(o->outdir, o->resume, &c->store, err) < 0)
		return -1;
	c->carved = malloc(n + sizeof("/files"));
	if (c->carved == NULL)
		return lf_err_nomem(err);
	while (n > 1 && o->outdir[n - 1] == '/')
		n--;
	memcpy(c->carved, o->outdir, n);
	strcpy(c->carved + n, "/files");
	return 0;
}

/* The digests given, and what will be carved, as one body of evidence. */
static int
open_case(struct lf_carve *c, const struct lf_carve_opts *o, struct lf_err *err)
{
	const char **operands = calloc(o->n_digests + 1, sizeof(*operands));
	struct lf_case_opts co = {.keys = o->keys, .n_keys = o->n_keys, .metadata = o->metadata, .n_metadata = o->n_metadata,
	    .since = LF_TIME_NONE, .until = LF_TIME_NONE, .jobs = o->jobs, .tmpdir = o->tmpdir};
	int r;

	if (operands == NULL)
		return lf_err_nomem(err);
	for (size_t i = 0; i < o->n_digests; i++)
		operands[i] = o->digests[i];
	operands[o->n_digests] = c->carved;
	co.evidence = operands;
	co.n_evidence = o->n_digests + 1;
	r = lf_case_open(&co, &c->c, err);
	free(operands);
	return r;
}

static int
open_temporary(struct lf_carve *c, struct lf_err *err)
{
	c->folder = c->c->tmpdir;
	for (size_t i = 0; i < LF_ROWS_FILES; i++)
		if ((c->fd[i] = lf_temporary(c->folder, err)) < 0)
			return -1;
	return 0;
}

/* Takes up the state of an earlier run; the work files go back to what it says. */
static int
resume(struct lf_carve *c, struct lf_err *err)
{
	if (c->o.resume && lf_state_load(lf_carve_store_folder(c->store), c->identity, &c->place, err) < 0)
		return -1;
	return lf_carve_store_cut(c->store, c->place.finds, c->place.records, err);
}

/* Ranges behind the end are those of another image, or no bytes.  A pipe's end is not known yet. */
static int
open_ranges(struct lf_carve *c, const struct lf_carve_opts *o, struct lf_err *err)
{
	uint64_t from, size = lf_image_size(c->images[0]);

	if (lf_ranges_read(o->ranges, &c->ranges, &c->n_ranges, err) < 0)
		return -1;
	from = c->ranges[c->n_ranges - 1].from;
	return lf_image_streams(c->images[0]) || from < size ? 0 : lf_err_set(err, "%s: a range begins at %llu, and %s ends at %llu: ranges "
	    "are in bytes, from the beginning of the image", o->ranges, (unsigned long long)from, o->images[0], (unsigned long long)size);
}

static int
open_all(struct lf_carve *c, const struct lf_carve_opts *o, struct lf_err *err)
{
	struct lf_join_opts jo;

	set_defaults(&c->o);
	if (open_images(c, o, err) < 0)
		return -1;
	if (o->ranges != NULL && open_ranges(c, o, err) < 0)
		return -1;
	if (open_store(c, o, err) < 0 || open_case(c, o, err) < 0 || open_temporary(c, err) < 0 ||
	    lf_carve_identity(c, c->identity, err) < 0)
		return -1;
	jo = (struct lf_join_opts){c->o.join_blocks, c->o.join_trials, c->o.max_member};
	if ((c->join = lf_join_new(&jo, err)) == NULL)
		return -1;
	return resume(c, err);
}

int
lf_carve_open(const struct lf_carve_opts *o, struct lf_carve **out, struct lf_err *err)
{
	struct lf_carve *c;

	if (check(o, err) < 0)
		return -1;
	c = calloc(1, sizeof(*c));
	if (c == NULL)
		return lf_err_nomem(err);
	for (size_t i = 0; i < LF_ROWS_FILES; i++)
		c->fd[i] = -1;
	c->o = *o;
	c->started = time(NULL);
	lf_carve_result_init(&c->result);
	if (open_all(c, o, err) < 0) {
		if (c->store != NULL && !o->resume)
			lf_carve_store_undo(c->store);
		lf_carve_free(c);
		return -1;
	}
	/* These are the caller's, who may free them now. */
	c->o.images = c->o.digests = c->o.keys = c->o.metadata = NULL;
	c->o.outdir = c->o.ranges = c->o.tmpdir = NULL;
	*out = c;
	return 0;
}

void
lf_carve_free(struct lf_carve *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->n_images; i++)
		lf_image_free(c->images[i]);
	for (size_t i = 0; i < LF_ROWS_FILES; i++)
		if (c->fd[i] >= 0)
			close(c->fd[i]);
	lf_join_free(c->join);
	lf_case_free(c->c);
	lf_carve_store_free(c->store);
	lf_carve_result_free(&c->result);
	free(c->place.over);
	free(c->images);
	free(c->ranges);
	free(c->carved);
	free(c);
}

int
lf_carve_confine(struct lf_carve *c, const char *folder, struct lf_err *err)
{
	int fds[2] = {lf_carve_store_folder(c->store), folder == NULL ? -1 : open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC)};
	int r = lf_cases_confine_to(&c->c, 1, fds, fds[1] >= 0 ? 2 : 1, err);

	if (fds[1] >= 0)
		close(fds[1]);
	return r;
}
