#include "carve/carver.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "carve/records.h"
#include "proof/case.h"

#define SORT_MEMORY (UINT64_C(96) << 20)

/* ---- Passes ---- */

/* Bytes that writing a find takes, but for rows and maps: what it holds as stored or as content, and its records. */
static uint64_t
weight(const struct lf_find *f)
{
	uint64_t n = f->complete && f->file_len > 0 ? f->file_len : f->complete && f->kind == LF_CARVE_LOOSE ? 0 : f->content_len;

	for (size_t i = 0; i < f->n_records; i++)
		n += f->records[i].len;
	return n;
}

/*
 * Whether the content of one more find may be written.  Without a cap of the examiner's, ever more is as more of the
 * image was read: what was made to inflate to too much displaces what lies near by only.
 */
static bool
has_room(struct lf_carve *c, const struct lf_find *f)
{
	uint64_t *written = &c->place.written[!f->late], total = *written + weight(f);

	if (c->o.max_total > 0 ? total > c->o.max_total : total > LF_RATIO_FREE && total / LF_RATIO_MAX > lf_find_end(f))
		return false;
	*written = total;
	return true;
}

static int
found(void *arg, struct lf_find *f, struct lf_tally *tally, struct lf_err *err)
{
	struct lf_carve *c = arg;

	if (f->joinable && lf_join_find(c->join, c->images[c->image], f, tally, err) < 0)
		return -1;
	if (!has_room(c, f)) {
		tally->rejected[LF_REJECT_TOTAL]++;
		return 0;
	}
	return lf_carve_store_add(c->store, c->image, f, err);
}

static int
save(struct lf_carve *c, struct lf_err *err)
{
	if (lf_carve_store_sync(c->store, &c->place.finds, &c->place.records, err) < 0)
		return -1;
	return lf_state_save(lf_carve_store_folder(c->store), c->identity, &c->place, err);
}

static int
checkpoint(void *arg, const struct lf_pass_place *at, struct lf_err *err)
{
	struct lf_carve *c = arg;

	c->place.image = c->image;
	c->place.at = *at;
	return save(c, err);
}

static void
progress(void *arg, uint64_t done, uint64_t total)
{
	struct lf_carve *c = arg;
	struct lf_progress p = {.objects = c->image, .objects_total = c->n_images, .bytes = c->done + done,
	    .stored = c->done + done};

	for (size_t i = c->image + 1; i < c->n_images; i++)
		total += lf_image_size(c->images[i]);
	if (!lf_image_streams(c->images[c->image]))
		p.bytes_total = c->done + total;
	c->o.progress(c->o.progress_arg, &p);
}

/* All images from the place on.  1 when it was stopped. */
static int
pass_all(struct lf_carve *c, struct lf_err *err)
{
	struct lf_pass p = {.ranges = c->ranges, .n_ranges = c->n_ranges, .detect = {c->o.max_member, (size_t)c->o.max_record},
	    .jobs = c->o.jobs, .window = c->o.window, .found = found, .checkpoint = checkpoint, .interval = c->o.checkpoint,
	    .progress = c->o.progress == NULL ? NULL : progress, .arg = c, .stop = c->o.stop};

	for (c->image = c->place.image; c->image < c->n_images; c->image++) {
		int r;

		p.image = c->images[c->image];
		r = lf_pass_run(&p, &c->place.at, err);
		if (r < 0)
			return -1;
		if (r == 0) {
			c->place.over[c->image] = c->place.at.tally;
			memset(&c->place.at, 0, sizeof(c->place.at));
			memset(c->place.written, 0, sizeof(c->place.written));
			c->done += lf_image_size(p.image);
		}
		c->place.image = c->image + (r == 0);
		if (save(c, err) < 0)
			return -1;
		if (r > 0)
			return 1;
	}
	return 0;
}

/* ---- The result ---- */

static int
describe_image(struct lf_carve *c, size_t i, struct lf_err *err)
{
	struct lf_carve_image *out = &c->result.images[i];
	struct lf_image *image = c->images[i];

	out->name = lf_image_name(image);
	out->size = lf_image_size(image);
	out->mtime = lf_image_mtime(image);
	out->streams = lf_image_streams(image);
	out->tally = c->place.over[i];
	if (c->o.hash_image && lf_image_hash(image, out->sha256, err) < 0)
		return -1;
	out->hashed = c->o.hash_image;
	return lf_image_bad(image, &out->bad, &out->n_bad, err);
}

static int
describe_images(struct lf_carve *c, struct lf_err *err)
{
	c->result.images = calloc(c->n_images, sizeof(*c->result.images));
	if (c->result.images == NULL)
		return lf_err_nomem(err);
	c->result.n_images = c->n_images;
	for (size_t i = 0; i < c->n_images; i++)
		if (describe_image(c, i, err) < 0)
			return -1;
	return 0;
}

/* What is final only after the proof: rows and records. */
static int
finish(struct lf_carve *c, struct lf_err *err)
{
	struct lf_rows_opts o = {c->store, {-1, -1, -1, -1}, c->folder, SORT_MEMORY, c->o.jobs};

	lf_join_free(c->join);
	c->join = NULL;
	if (describe_images(c, err) < 0 || lf_carve_prove(c->c, c->carved, &c->result.proof, err) < 0)
		return -1;
	c->result.proved = c->result.proof.n_digests > 0;
	c->result.keys = c->c->keys.keys.n > 0;
	c->result.asked = c->o.n_digests > 0;
	memcpy(o.fd, c->fd, sizeof(o.fd));
	c->fd[0] = -1;
	if (lf_rows_write(&o, &c->result, err) < 0)
		return -1;
	c->fd[1] = c->fd[2] = c->fd[3] = -1;
	if (lf_records_write(&o, &c->result, err) < 0)
		return -1;
	c->has_result = true;
	c->finished = time(NULL);
	return 0;
}

int
lf_carve_run(struct lf_carve *c, struct lf_err *err)
{
	int r = pass_all(c, err);

	return r == 0 ? finish(c, err) : r;
}

int
lf_carve_end(struct lf_carve *c, struct lf_err *err)
{
	/* In this order: a state without work files cannot be taken up. */
	if (lf_state_drop(lf_carve_store_folder(c->store), err) < 0)
		return -1;
	return lf_carve_store_end(c->store, err);
}

enum lf_verdict
lf_carve_verdict(const struct lf_carve *c)
{
	const struct lf_carve_result *r = &c->result;
	uint64_t partial = 0, scanned = 0;

	if (r->conflicts.n > 0)
		return LF_FINDINGS;
	for (size_t k = 0; k < LF_CARVE_KINDS; k++)
		partial += r->finds[LF_CARVE_PREFIX][k] + r->finds[LF_CARVE_RESYNC][k] + r->finds[LF_CARVE_FRAGMENT][k];
	for (size_t i = 0; i < r->n_images; i++) {
		const struct lf_tally *t = &r->images[i].tally;

		partial += r->images[i].n_bad + t->join_budgets + t->rejected[LF_REJECT_WORK] + t->rejected[LF_REJECT_TOTAL];
		scanned += t->scanned;
	}
	return partial > 0 || scanned == 0 ? LF_INCONCLUSIVE : LF_VERIFIED;
}

/* ---- Rows, read back ---- */

int
lf_carve_each_row(struct lf_carve *c, int (*row)(void *arg, const char *line, size_t len, struct lf_err *err),
    void *arg, struct lf_err *err)
{
	int fd = openat(lf_carve_store_folder(c->store), "carve.jsonl", O_RDONLY | O_NOFOLLOW | O_CLOEXEC), r = 0;
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	if (f == NULL) {
		if (fd >= 0)
			close(fd);
		return lf_err_sys(err, "cannot read carve.jsonl");
	}
	while (r == 0 && (n = getline(&line, &cap, f)) > 0)
		r = row(arg, line, (size_t)n - (line[n - 1] == '\n'), err);
	if (r == 0 && ferror(f))
		r = lf_err_sys(err, "cannot read carve.jsonl");
	free(line);
	fclose(f);
	return r;
}
