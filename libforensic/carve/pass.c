#include "carve/pass.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "carve/settle.h"

#define HITS   256
#define BLOCK  4096u             /* what is counted as zero, and passed over */
#define WEIGHT (32ULL << 20)     /* bytes of finds that wait for an earlier window */
#define HEAVY  (8ULL << 20)      /* bytes of finds of a window that are given before it is over */

/* A thread. */
struct worker {
	const struct lf_pass *p;
	struct run *run;
	uint64_t number;         /* of the window */
	struct lf_detector *detector;
	unsigned char *bytes;    /* LF_SIFT_REACH before the window, the window, as much behind it */
	struct lf_area window;
};

struct run {
	const struct lf_pass *p;
	size_t window;
	struct lf_area area;     /* of data and ranges, that is being divided */
	uint64_t at;             /* where in it */
	size_t range;
	struct lf_settle *settle;
	uint64_t saved;          /* where the last checkpoint was */
	bool stopped;
	uint64_t taken;          /* windows */
	/* Whose turn it is: the window behind those that were delivered. */
	pthread_mutex_t lock;
	pthread_cond_t moved;
	uint64_t delivered;
	bool failed;             /* nobody needs to wait any more */
};

/* ---- Turns ---- */

/* Waits until all windows before the worker's were delivered: what it does then it does as if it were alone. */
static void
await_turn(void *arg)
{
	struct worker *w = arg;
	struct run *r = w->run;

	pthread_mutex_lock(&r->lock);
	while (r->delivered < w->number && !r->failed)
		pthread_cond_wait(&r->moved, &r->lock);
	pthread_mutex_unlock(&r->lock);
}

/* One more window is over, or the run has failed. */
static void
end_turn(struct run *r, bool failed)
{
	pthread_mutex_lock(&r->lock);
	r->delivered += !failed;
	r->failed |= failed;
	pthread_cond_broadcast(&r->moved);
	pthread_mutex_unlock(&r->lock);
}

/* Gives what a window has found so far when that is much. */
static int
give_much(struct worker *w, struct lf_pass_window *out, struct lf_err *err)
{
	if (out->finds.weight <= HEAVY)
		return 0;
	await_turn(w);
	return w->run->failed ? 0 : lf_settle_part(w->run->settle, out, err);
}

/* ---- Dividing ---- */

/* The range that holds from, or the next one; all of the image without ranges. */
static bool
next_range(struct run *r, uint64_t from, struct lf_area *out)
{
	if (r->p->ranges == NULL) {
		*out = (struct lf_area){from, UINT64_MAX};
		return true;
	}
	while (r->range < r->p->n_ranges && r->p->ranges[r->range].to <= from)
		r->range++;
	if (r->range == r->p->n_ranges)
		return false;
	*out = r->p->ranges[r->range];
	if (out->from < from)
		out->from = from;
	return true;
}

/* The next area of data within the ranges, at or behind from. */
static bool
next_area(struct run *r, uint64_t from)
{
	struct lf_area range, data;

	while (next_range(r, from, &range)) {
		if (!lf_image_data(r->p->image, range.from, &data))
			return false;
		if (data.from >= range.to) {
			from = range.to;
			continue;
		}
		r->area.from = data.from > range.from ? data.from : range.from;
		r->area.to = data.to < range.to ? data.to : range.to;
		return true;
	}
	return false;
}

/* Windows end on multiples of their size, so that they are the same ones however the run began. */
static int
take(void *arg, void *worker, struct lf_err *err)
{
	struct run *r = arg;
	struct worker *w = worker;
	uint64_t end;

	(void)err;
	if (r->p->stop != NULL && *r->p->stop != 0) {
		r->stopped = true;
		return 0;
	}
	if (r->at >= r->area.to) {
		if (!next_area(r, r->at))
			return 0;
		r->at = r->area.from;
	}
	if (lf_image_streams(r->p->image) && r->at > 0 && lf_image_read(r->p->image, r->at, w->bytes, 1, NULL) == 0)
		return 0;
	end = (r->at / r->window + 1) * r->window;
	if (end > r->area.to)
		end = r->area.to;
	w->window = (struct lf_area){r->at, end};
	r->at = end;
	w->number = r->taken++;
	return 1;
}

/* ---- Looking ---- */

/* Reads the window with what lies around it.  Returns the view of it. */
static struct lf_view
read_window(struct worker *w, bool *end)
{
	uint64_t before = w->window.from < LF_SIFT_REACH ? w->window.from : LF_SIFT_REACH;
	size_t want = (size_t)(w->window.to - w->window.from + before + LF_SIFT_REACH);
	struct lf_view v = {.image = w->p->image, .window = w->bytes, .base = w->window.from - before};

	v.len = lf_image_read(w->p->image, v.base, w->bytes, want, NULL);
	*end = v.len < want;
	v.size = lf_image_streams(w->p->image) && !*end ? UINT64_MAX : lf_image_streams(w->p->image) ? v.base + v.len
	                                                                                       : lf_image_size(w->p->image);
	return v;
}

/* Follows the hits in bytes [from, to) of the view's window; to may be left to a later call when it is not the end. */
static int
sift_run(struct worker *w, struct lf_view *v, size_t from, size_t to, bool end, struct lf_pass_window *out,
    struct lf_err *err)
{
	size_t reach = end || v->len - to < LF_SIFT_REACH ? v->len : to + LF_SIFT_REACH;
	struct lf_hit hits[HITS];

	while (from < to) {
		size_t n = lf_sift(v->window, reach, from, v->base, end && reach == v->len, hits, HITS, &from);

		for (size_t i = 0; i < n; i++) {
			if (hits[i].at >= to)
				return 0;
			out->tally.candidates[hits[i].trigger]++;
			if (lf_detector_look(w->detector, v, v->base + hits[i].at, hits[i].trigger, &out->finds, &out->tally, err) < 0 ||
			    give_much(w, out, err) < 0)
				return -1;
		}
	}
	return 0;
}

/* Whether the block that holds byte i of the window is all zero: all of it, also what lies outside of the window. */
static bool
zero_block(struct lf_view *v, size_t i)
{
	uint64_t from = (v->base + i) / BLOCK * BLOCK;
	size_t got;
	const unsigned char *b = lf_view_at(v, from, BLOCK, &got);

	return b != NULL && got > 0 && b[0] == 0 && lf_sift_zero(b, got);
}

/* The end of the run of blocks at from that are all zero, or all not. */
static size_t
run_of_blocks(struct lf_view *v, size_t from, size_t to, bool *zero)
{
	*zero = zero_block(v, from);
	for (size_t i = from; i < to;) {
		i += BLOCK - (size_t)((v->base + i) % BLOCK);
		if (i < to && zero_block(v, i) != *zero)
			return i;
	}
	return to;
}

static int
look(struct worker *w, struct lf_view *v, bool end, struct lf_pass_window *out, struct lf_err *err)
{
	size_t from = (size_t)(w->window.from - v->base), to = (size_t)(w->window.to - v->base), next;
	bool zero = false;

	if (to > v->len)
		to = v->len;
	out->tally.scanned += to > from ? to - from : 0;
	for (; from < to; from = next) {
		next = run_of_blocks(v, from, to, &zero);
		if (zero)
			out->tally.zero += next - from;
		else if (sift_run(w, v, from, next, end, out, err) < 0)
			return -1;
	}
	return 0;
}

static int
work(void *arg, void *worker, void **product, struct lf_err *err)
{
	struct worker *w = worker;
	struct lf_pass_window *out = calloc(1, sizeof(*out));
	struct lf_view v;
	bool end;
	int r;

	(void)arg;
	*product = out;
	if (out == NULL) {
		end_turn(w->run, true);
		return lf_err_nomem(err);
	}
	v = read_window(w, &end);
	out->from = w->window.from;
	out->to = w->window.to;
	lf_detector_reset(w->detector);
	r = look(w, &v, end, out, err);
	lf_view_free(&v);
	if (r < 0)
		end_turn(w->run, true);
	return r;
}

static void
drop(void *arg, void *product)
{
	struct lf_pass_window *w = product;

	(void)arg;
	if (w != NULL)
		lf_finds_free(&w->finds);
	free(w);
}

static uint64_t
weight(void *arg, const void *product)
{
	(void)arg;
	return ((const struct lf_pass_window *)product)->finds.weight;
}

/* ---- Giving ---- */

static int
take_window(struct run *r, struct lf_pass_window *w, struct lf_err *err)
{
	const struct lf_pass_place *at = lf_settle_place(r->settle);

	if (lf_settle_window(r->settle, w, err) < 0)
		return -1;
	if (r->p->progress != NULL)
		r->p->progress(r->p->arg, w->to, lf_image_size(r->p->image));
	if (r->p->checkpoint == NULL || at->settled < r->saved + r->p->interval)
		return 0;
	r->saved = at->settled;
	return r->p->checkpoint(r->p->arg, at, err);
}

static int
deliver(void *arg, void *product, struct lf_err *err)
{
	int result = take_window(arg, product, err);

	free(product);
	end_turn(arg, result < 0);
	return result;
}

/* ---- The run ---- */

static void
free_workers(struct worker *w, void **pointers, unsigned n)
{
	for (unsigned i = 0; w != NULL && i < n; i++) {
		lf_detector_free(w[i].detector);
		free(w[i].bytes);
	}
	free(w);
	free(pointers);
}

static int
make_worker(struct run *r, struct lf_detect_shared *shared, struct worker *w, struct lf_err *err)
{
	w->p = r->p;
	w->run = r;
	w->bytes = malloc(r->window + 2 * LF_SIFT_REACH);
	if (w->bytes == NULL)
		return lf_err_nomem(err);
	w->detector = lf_detector_new(shared, err);
	if (w->detector == NULL)
		return -1;
	lf_detector_turn(w->detector, await_turn, w);
	return 0;
}

static int
run_workers(struct run *r, unsigned jobs, struct lf_detect_shared *shared, struct lf_err *err)
{
	struct worker *workers = calloc(jobs, sizeof(*workers));
	void **pointers = calloc(jobs, sizeof(*pointers));
	int result = workers == NULL || pointers == NULL ? lf_err_nomem(err) : 0;

	for (unsigned i = 0; i < jobs && result == 0; i++) {
		result = make_worker(r, shared, &workers[i], err);
		pointers[i] = &workers[i];
	}
	if (result == 0)
		result = lf_pipeline_run(&(struct lf_pipeline){.jobs = jobs, .workers = pointers, .take = take, .work = work,
		                             .deliver = deliver, .drop = drop, .weight = weight, .bound = WEIGHT, .arg = r},
		    err);
	free_workers(workers, pointers, jobs);
	return result;
}

/* Bytes of the ranges that are no data. */
static uint64_t
count_holes(const struct lf_pass *p)
{
	struct run r = {.p = p};
	uint64_t all = 0, data = 0, size = lf_image_size(p->image);

	if (lf_image_streams(p->image))
		return 0;
	for (uint64_t at = 0; next_area(&r, at); at = r.area.to)
		data += r.area.to - r.area.from;
	for (size_t i = 0; i < p->n_ranges; i++)
		if (p->ranges[i].from < size)
			all += (p->ranges[i].to < size ? p->ranges[i].to : size) - p->ranges[i].from;
	return (p->ranges == NULL ? size : all) - data;
}

/* A run that was stopped may go on where it stands; one that is over has nothing open. */
static int
end_run(struct run *r, struct lf_pass_place *place, struct lf_err *err)
{
	if (!r->stopped && lf_settle_end(r->settle, err) < 0)
		return -1;
	*place = *lf_settle_place(r->settle);
	place->tally.holes = count_holes(r->p);
	return r->stopped ? 1 : 0;
}

int
lf_pass_run(const struct lf_pass *p, struct lf_pass_place *place, struct lf_err *err)
{
	struct run r = {.p = p, .window = p->window == 0 ? LF_PASS_WINDOW : p->window, .at = place->settled,
	    .saved = place->settled};
	unsigned jobs = lf_image_streams(p->image) ? 1 : p->jobs;
	struct lf_detect_shared *shared;
	int result;

	if (lf_detect_shared_new(&p->detect, &shared, err) < 0)
		return -1;
	pthread_mutex_init(&r.lock, NULL);
	pthread_cond_init(&r.moved, NULL);
	r.settle = lf_settle_new(p, place, err);
	result = r.settle == NULL ? -1 : run_workers(&r, jobs, shared, err);
	if (result == 0)
		result = end_run(&r, place, err);
	lf_settle_free(r.settle);
	lf_detect_shared_free(shared);
	pthread_cond_destroy(&r.moved);
	pthread_mutex_destroy(&r.lock);
	return result;
}
