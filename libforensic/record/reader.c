#include "record/reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "record/carved.h"
#include "record/carved_files.h"
#include "record/examine.h"

#define HELD_MAX   16                  /* entries of an archive that a thread takes at once ... */
#define HELD_BYTES ((size_t)256 << 10) /* ... until they have so many bytes */
#define SPARE_MAX  ((size_t)64 << 10)  /* a larger buffer is kept for the first of them only */

/* An object that was taken. */
struct held {
	struct lf_item item;
	struct lf_buf locator;
	uint32_t source;
	size_t place;        /* offset in locator */
	struct lf_s3key key; /* read from there */
};

/* What one thread keeps from object to object. */
struct worker {
	struct held held[HELD_MAX];
	unsigned n, next; /* taken, and worked on */
	size_t bytes;     /* of those taken */
	struct lf_examine examine;
};

/* One run of lf_reader_run(). */
struct pass {
	struct lf_reader *r;
	enum lf_pass which;
	struct lf_cursor *cursor;
	uint32_t source; /* of cursor; n_sources at the end */
	uint64_t left;   /* names of folders that the next pass reads */
};

/* A product on its way, with what the counters need. */
struct parcel {
	void *product;
	uint64_t stored, inflated;
	uint32_t source;
};

static void
worker_free(struct worker *w)
{
	if (w == NULL)
		return;
	for (size_t i = 0; i < HELD_MAX; i++) {
		lf_item_free(&w->held[i].item);
		lf_buf_free(&w->held[i].locator);
	}
	lf_examine_release(&w->examine);
	free(w);
}

static struct worker *
worker_new(struct lf_err *err)
{
	struct worker *w = calloc(1, sizeof(*w));

	if (w == NULL) {
		lf_err_nomem(err);
		return NULL;
	}
	for (size_t i = 0; i < HELD_MAX; i++) {
		lf_item_init(&w->held[i].item);
		lf_buf_init(&w->held[i].locator);
	}
	if (lf_examine_init(&w->examine, err) != 0) {
		worker_free(w);
		return NULL;
	}
	return w;
}

/* Writes locator and place of an item. */
static int
locate(struct held *h, const struct lf_source *s, struct lf_err *err)
{
	lf_buf_reset(&h->locator);
	lf_source_locator(s, lf_buf_str(&h->item.path), h->item.path.len, &h->locator);
	h->place = s->kind == LF_SOURCE_ARCHIVE ? strlen(s->name) + 1 : 0;
	if (h->place > h->locator.len)
		h->place = h->locator.len;
	return h->locator.failed || h->item.path.failed ? lf_err_nomem(err) : 0;
}

/* Whether a name is read in the first pass over a folder: digests, metadata, Lake signatures. */
static bool
named_first(const char *path, size_t len)
{
	static const char *const tails[] = {".meta.json", "result_sign.json"};

	if (lf_s3key_looks_digest(path, len))
		return true;
	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		size_t n = strlen(tails[i]);
		if (len >= n && memcmp(path + len - n, tails[i], n) == 0)
			return true;
	}
	return false;
}

/* The folder of all logs of an account but those of rare classes: digests lie beside it, not in it. */
static const char logs_folder[] = "CloudTrail";

/* Whether the first pass did not get to see an object of a folder. */
static bool
was_passed_over(const struct lf_reader *r, const struct lf_item *item)
{
	struct lf_slice rest = {item->path.data, item->path.len}, part;

	if (!r->pass_over_logs)
		return false;
	lf_slice_take_last(&rest);
	while (rest.len > 0) {
		part = lf_slice_take_last(&rest);
		if (part.len == sizeof(logs_folder) - 1 && memcmp(part.s, logs_folder, part.len) == 0)
			return true;
	}
	return false;
}

/*
 * What an object is by its name and by what lies beside it.  An archive, which cannot be looked ahead in, has the names
 * alone.
 */
static enum lf_carved
carved(const struct lf_reader *r, const struct held *h)
{
	const struct lf_source *s = r->sources[h->source];
	const char *path = lf_buf_str(&h->item.path);
	size_t root;
	enum lf_carved c = h->key.key.len > 0 || s->kind == LF_SOURCE_FILE ? LF_CARVED_NONE : lf_carved_name(path, h->item.path.len, &root);
	char start[64];
	ssize_t n;

	if (c == LF_CARVED_NONE || s->kind == LF_SOURCE_ARCHIVE)
		return c;
	n = lf_source_peek(s, path, root, "carve.jsonl", start, sizeof(start));
	return n >= 0 && lf_carved_is_list(start, (size_t)n) ? c : LF_CARVED_NONE;
}

/* Whether an object is for this pass and this run. */
static bool
chosen(struct pass *p, struct held *h)
{
	struct lf_reader *r = p->r;
	const char *place = h->locator.data + h->place;
	size_t len = h->locator.len - h->place;
	struct lf_s3key *key = &h->key;
	bool first;

	if ((p->which == LF_PASS_DIGESTS || p->which == LF_PASS_REST) && r->sources[h->source]->kind == LF_SOURCE_FOLDER) {
		first = named_first(place, len);
		if (p->which == LF_PASS_DIGESTS && !first)
			p->left++;
		r->passed_over |= first && p->which == LF_PASS_REST && was_passed_over(r, &h->item);
		if (first != (p->which == LF_PASS_DIGESTS))
			return false;
	}
	lf_s3key_read(place, len, key);
	if (carved(r, h) == LF_CARVED_ASIDE) {
		r->ignored += p->which != LF_PASS_AGAIN;
		return false;
	}
	if (key->kind == LF_KEY_FOREIGN && r->ignore_foreign) {
		r->ignored += p->which != LF_PASS_AGAIN;
		return false;
	}
	if ((key->kind == LF_KEY_DIGEST || key->kind == LF_KEY_LOG) && r->select != NULL &&
	    !lf_select_place(r->select, key->account.s, key->account.len, key->region.s, key->region.len))
		return false;
	return r->want == NULL || h->item.problem.len > 0 || r->want(r->arg, h->source, place, len, key);
}

/* What the first pass has no use for is only counted: its names are neither kept nor sorted. */
static bool
keep_first(void *arg, const char *name, size_t len, bool folder)
{
	struct pass *p = arg;
	bool first;

	if (folder)
		return !p->r->pass_over_logs || len != sizeof(logs_folder) - 1 || memcmp(name, logs_folder, len) != 0;
	first = named_first(name, len);
	p->left += !first;
	return first;
}

static bool
keep_none(void *arg, const char *name, size_t len, bool folder)
{
	struct pass *p = arg;

	(void)name;
	(void)len;
	p->left += !folder;
	return folder;
}

/* Opens the source that p->source stands at, or passes over those that this pass does not read. */
static int
open_source(struct pass *p, struct lf_err *err)
{
	struct lf_reader *r = p->r;
	bool folders = p->which == LF_PASS_REST || p->which == LF_PASS_COUNT;

	while (p->source < r->n_sources && folders && r->sources[p->source]->kind != LF_SOURCE_FOLDER)
		p->source++;
	if (p->source >= r->n_sources)
		return 0;
	p->cursor = lf_cursor_new(r->sources[p->source], &r->limits, err);
	if (p->cursor == NULL)
		return -1;
	if (p->which == LF_PASS_DIGESTS)
		lf_cursor_only(p->cursor, keep_first, p);
	if (p->which == LF_PASS_COUNT)
		lf_cursor_only(p->cursor, keep_none, p);
	return 1;
}

/* Takes the next object that this pass reads into h. */
static int
take_into(struct pass *p, struct held *h, struct lf_err *err)
{
	int rc;

	for (;;) {
		if (p->cursor == NULL && (rc = open_source(p, err)) <= 0)
			return rc;
		rc = 0;
		h->source = p->source;
		if ((p->which == LF_PASS_AGAIN ||
			!__atomic_load_n(&p->r->totals[p->source].capped, __ATOMIC_RELAXED)) &&
		    (rc = lf_cursor_next(p->cursor, &h->item, err)) < 0)
			return -1;
		if (rc == 0) {
			lf_cursor_free(p->cursor);
			p->cursor = NULL;
			p->source++;
			continue;
		}
		if (locate(h, p->r->sources[p->source], err) != 0)
			return -1;
		if (p->which != LF_PASS_COUNT && chosen(p, h))
			return 1;
		if (p->r->passed_over)
			return 0;
	}
}

static int
take(void *arg, void *worker, struct lf_err *err)
{
	struct worker *w = worker;
	int rc;

	if (w->next == w->n) {
		w->n = w->next = 0;
		w->bytes = 0;
	}
	rc = take_into(arg, &w->held[w->n], err);
	if (rc > 0)
		w->bytes += w->held[w->n++].item.stored.len;
	return rc;
}

/*
 * Threads wait for one another at an archive, which one reads at a time: each takes several entries.  An object of a
 * folder is read by its worker, and one at a time.
 */
static bool
more(void *arg, void *worker)
{
	const struct worker *w = worker;

	(void)arg;
	return w->n < HELD_MAX && w->bytes < HELD_BYTES && w->held[w->n - 1].item.read;
}

/* Whether an object is records.jsonl of a carved folder, and whole files lie beside it, which in an archive cannot be known. */
static int
look_beside(struct lf_reader *r, const struct held *h, struct lf_object *o, struct lf_err *err)
{
	const struct lf_source *s = r->sources[h->source];
	size_t root;

	o->carved = carved(r, h) == LF_CARVED_RECORDS;
	o->beside = false;
	if (!o->carved || s->kind != LF_SOURCE_FOLDER)
		return 0;
	lf_carved_name(lf_buf_str(&h->item.path), h->item.path.len, &root);
	return lf_carved_files(s, lf_buf_str(&h->item.path), root, r->limits.max_object, &o->beside, err);
}

/* Reads an object that was taken, if it is not read yet, and looks at it. */
static int
look(struct lf_reader *r, struct worker *w, struct held *h, struct lf_object *o, struct lf_err *err)
{
	if (!h->item.read && h->item.problem.len == 0 &&
	    lf_source_read(r->sources[h->source], &r->limits, &h->item, err) != 0)
		return -1;
	o->locator = h->locator.data;
	o->locator_len = h->locator.len;
	o->place = o->locator + h->place;
	o->place_len = o->locator_len - h->place;
	o->key = h->key;
	if (look_beside(r, h, o, err) != 0)
		return -1;
	if (h->item.problem.len > 0)
		o->problem = lf_buf_str(&h->item.problem);
	else
		return lf_examine(r, &w->examine, o, err);
	return 0;
}

static int
work(void *arg, void *worker, void **product, struct lf_err *err)
{
	struct pass *p = arg;
	struct worker *w = worker;
	struct held *h = &w->held[w->next++];
	struct lf_object o = {.source = h->source, .item = &h->item, .kind = LF_KIND_UNKNOWN};
	struct parcel *parcel;
	int rc;

	if (look(p->r, w, h, &o, err) != 0)
		return -1;
	if ((parcel = calloc(1, sizeof(*parcel))) == NULL)
		return lf_err_nomem(err);
	parcel->source = h->source;
	parcel->stored = h->item.stored.len;
	parcel->inflated = p->r->stored == LF_STORED_ONLY ? h->item.stored.len : o.gz.len;
	*product = parcel;
	rc = p->r->work(p->r->arg, &o, &parcel->product, err);
	if (h != w->held && h->item.stored.cap > SPARE_MAX)
		lf_buf_free(&h->item.stored);
	return rc;
}

/* Counts a parcel in, and tells whether its source is still under its cap. */
static bool
count(struct pass *p, const struct parcel *parcel)
{
	struct lf_reader *r = p->r;
	struct lf_reader_total *total = &r->totals[parcel->source];

	if (p->which == LF_PASS_AGAIN)
		return true;
	if (total->capped)
		return false;
	total->inflated += parcel->inflated;
	if (r->limits.max_total > 0 && total->inflated > r->limits.max_total) {
		__atomic_store_n(&total->capped, true, __ATOMIC_RELAXED);
		return false;
	}
	r->seen.objects++;
	r->seen.bytes += parcel->inflated;
	r->seen.stored += parcel->stored;
	if (r->progress != NULL && r->seen.objects % 64 == 0)
		r->progress(r->progress_arg, &r->seen);
	return true;
}

static void
drop(void *arg, void *product)
{
	struct pass *p = arg;
	struct parcel *parcel = product;

	if (parcel == NULL)
		return;
	if (parcel->product != NULL)
		p->r->drop(p->r->arg, parcel->product);
	free(parcel);
}

static int
deliver(void *arg, void *product, struct lf_err *err)
{
	struct pass *p = arg;
	struct parcel *parcel = product;
	int rc = 0;

	if (!count(p, parcel)) {
		drop(arg, product);
		return 0;
	}
	if (parcel->product != NULL)
		rc = p->r->deliver(p->r->arg, parcel->product, err);
	free(parcel);
	return rc;
}

static uint64_t
weight(void *arg, const void *product)
{
	struct pass *p = arg;
	const struct parcel *parcel = product;

	return parcel->product == NULL ? 0 : p->r->weight(p->r->arg, parcel->product);
}

int
lf_reader_run(struct lf_reader *r, enum lf_pass which, struct lf_err *err)
{
	struct pass p = {.r = r, .which = which};
	struct lf_pipeline line = {.jobs = r->jobs, .take = take, .more = more, .work = work, .deliver = deliver,
	    .drop = drop, .weight = r->weight == NULL ? NULL : weight, .bound = r->bound, .arg = &p};
	struct worker **workers = calloc(r->jobs, sizeof(*workers));
	int rc = -1;

	if (workers == NULL) {
		lf_err_nomem(err);
		goto out;
	}
	for (unsigned i = 0; i < r->jobs; i++)
		if ((workers[i] = worker_new(err)) == NULL)
			goto out;
	line.workers = (void **)workers;
	rc = lf_pipeline_run(&line, err);
	if (which == LF_PASS_DIGESTS || which == LF_PASS_COUNT)
		r->seen.objects_total = r->seen.objects + p.left;
	if (r->progress != NULL)
		r->progress(r->progress_arg, &r->seen);
out:
	lf_cursor_free(p.cursor);
	for (unsigned i = 0; workers != NULL && i < r->jobs; i++)
		worker_free(workers[i]);
	free(workers);
	return rc;
}
