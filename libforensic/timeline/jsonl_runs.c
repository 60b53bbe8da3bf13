/* Earlier runs of a timeline, joined: their jsonl lines become rows again. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "base/utc.h"
#include "timeline/places.h"
#include "timeline/run_line.h"
#include "timeline/run_row.h"
#include "timeline/state.h"

/* The columns without which a line has no place in a timeline: those of the default. */
#define NEEDED ((1U << LF_COL_DEFAULT) - 1)

#define CHUNK ((size_t)256 << 10) /* bytes read at once */
#define WAITING_MAX ((uint64_t)8 << 20) /* bytes of rows that may wait for earlier ones */

#define FLAG_INTEGRITY(i) ((uint32_t)(i) << 8)

/* The files, one after another, cut into pieces that hold whole lines. */
struct cutter {
	struct lf_timeline *t;
	size_t file;        /* that is being read */
	uint64_t line;      /* lines of it that were given out */
	struct lf_buf rest; /* the start of a line that its last piece ended in */
};

/* A thread's piece, and what it needs to make rows of it. */
struct worker {
	struct lf_buf text;
	const char *name;
	uint32_t number;
	uint64_t line; /* the one before the first; moves on */
	struct lf_buf scratch, own, raw;
};

/* The rows of a piece. */
struct piece {
	struct lf_buf rows;
	bool partial, integrity; /* a line has that */
};

/* The integrity that a line states. */
static enum lf_integrity
integrity_of(struct lf_slice text)
{
	unsigned i = 0;

	while (i < LF_INTEGRITY_UNKNOWN && !lf_slice_is(text, lf_integrity_names[i]))
		i++;
	return (enum lf_integrity)i;
}

/*
 * Equal for equal records.  Lines of a CSV, which are no records, are compared by timeline/partial, and what has no
 * eventID with nothing.
 */
static uint64_t
content_of(const struct lf_seed *seed, const struct lf_run_line *l)
{
	return lf_seed_hash(seed, l->digest.s, l->digest.len);
}

/* What a line lacks without which it has no place in a timeline, or NULL. */
static const char *
lack_of(const struct lf_run_line *l)
{
	if ((l->present & NEEDED) != NEEDED)
		return "not the jsonl of trail-timeline with its default columns";
	if (l->digest.len == 0 && l->v[LF_COL_ID].len > 0 && !l->partial && !l->mark)
		return "no record_sha256, so that conflicts could not be told from duplicates: not the jsonl of this trail-timeline";
	return NULL;
}

/* The least of the places that a line names; own is its own. */
static struct lf_slice
least_place(const struct lf_run_line *l, struct lf_slice own)
{
	struct lf_slice rest = l->v[LF_COL_ALSO_IN], place, least = own;

	while (lf_place_next(&rest, &place))
		if (lf_place_cmp(place, least) < 0)
			least = place;
	return least;
}

static uint32_t
flags_of(const struct lf_run_line *l)
{
	return (l->mark ? LF_ROW_MARK : 0) | (l->partial ? LF_ROW_PARTIAL : 0) | (l->conflict ? LF_ROW_CONFLICT : 0) |
	    (l->v[LF_COL_ALSO_IN].len > 0 ? LF_ROW_LISTS : 0) | FLAG_INTEGRITY(integrity_of(l->v[LF_COL_INTEGRITY]));
}

/* Appends the row of a line. */
static int
pack_line(const struct lf_timeline *t, struct worker *w, const struct lf_run_line *l, struct piece *p, struct lf_err *err)
{
	struct lf_values v = {.nanos = 0};
	size_t at = p->rows.len;

	memcpy(v.v, l->v, sizeof(v.v));
	if (!lf_utc_read_rfc3339(l->v[LF_COL_EVENT_TIME].s, l->v[LF_COL_EVENT_TIME].len, &v.time, &v.nanos))
		v.time = LF_TIME_NONE;
	lf_buf_reset(&w->own);
	lf_place_put(l->v[LF_COL_LOCATOR], l->v[LF_COL_RECORD_INDEX], &w->own);
	lf_run_row_pack(&p->rows, &v, (uint32_t)(w->line - 1), content_of(&t->collect.seed, l), flags_of(l), l,
	    least_place(l, (struct lf_slice){lf_buf_str(&w->own), w->own.len}), &w->raw);
	if (p->rows.failed || w->own.failed)
		return lf_err_nomem(err);
	((struct lf_row *)(void *)(p->rows.data + at))->object = w->number;
	return 0;
}

static int
take_line(const struct lf_timeline *t, struct worker *w, struct lf_slice line, struct piece *p, struct lf_err *err)
{
	struct lf_run_line l;
	const char *problem;

	if (!lf_run_line_read(line, &w->scratch, &l, &problem))
		return w->scratch.failed ? lf_err_nomem(err) :
		    lf_err_set(err, "%s, line %llu: not the jsonl of trail-timeline: %s", w->name, (unsigned long long)w->line, problem);
	if ((problem = lack_of(&l)) != NULL)
		return lf_err_set(err, "%s, line %llu: %s", w->name, (unsigned long long)w->line, problem);
	p->partial |= l.partial;
	p->integrity |= l.v[LF_COL_INTEGRITY].len > 0;
	return pack_line(t, w, &l, p, err);
}

/* ---- The pipeline ---- */

static void
drop(void *arg, void *product)
{
	struct piece *p = product;

	(void)arg;
	if (p == NULL)
		return;
	lf_buf_free(&p->rows);
	free(p);
}

/* Appends some bytes of a file; *n of them, 0 at its end. */
static int
read_some(const struct lf_timeline_run *run, struct lf_buf *b, size_t *n, struct lf_err *err)
{
	char *more = lf_buf_reserve(b, CHUNK);

	if (more == NULL)
		return lf_err_nomem(err);
	errno = 0;
	*n = fread(more, 1, CHUNK, run->f);
	if (*n == 0 && ferror(run->f))
		return lf_err_sys(err, "cannot read %s", run->name);
	b->len += *n;
	return 0;
}

/* Cuts the next piece off the file that is being read; empty at its end. */
static int
cut(struct cutter *c, struct worker *w, struct lf_err *err)
{
	const struct lf_timeline_run *run = &c->t->runs[c->file];
	struct lf_buf swap = w->text;
	const char *end;
	size_t n = 0, len;

	w->text = c->rest;
	c->rest = swap;
	lf_buf_reset(&c->rest);
	do {
		if (w->text.len > LF_MAX_LINE)
			return lf_err_set(err, "%s, line %llu: longer than the cap of %u bytes on a line", run->name,
			    (unsigned long long)c->line + 1, LF_MAX_LINE);
		len = w->text.len;
		if (read_some(run, &w->text, &n, err) != 0)
			return -1;
		end = n == 0 ? NULL : memrchr(w->text.data + len, '\n', n);
	} while (n > 0 && end == NULL);
	if (end == NULL)
		return 0;
	len = (size_t)(end - w->text.data) + 1;
	lf_buf_add(&c->rest, w->text.data + len, w->text.len - len);
	w->text.len = len;
	return c->rest.failed ? lf_err_nomem(err) : 0;
}

static int
take(void *arg, void *worker, struct lf_err *err)
{
	struct cutter *c = arg;
	struct worker *w = worker;

	for (; c->file < c->t->n_runs; c->file++, c->line = 0) {
		if (cut(c, w, err) != 0)
			return -1;
		if (w->text.len == 0)
			continue;
		w->name = c->t->runs[c->file].name;
		w->number = (uint32_t)c->file;
		w->line = c->line;
		for (const char *p = w->text.data, *end = p + w->text.len; (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
			c->line++;
		return 1;
	}
	return 0;
}

static int
work(void *arg, void *worker, void **product, struct lf_err *err)
{
	const struct cutter *c = arg;
	struct worker *w = worker;
	struct lf_slice rest = {w->text.data, w->text.len}, line;
	struct piece *p = calloc(1, sizeof(*p));
	int rc = 0;

	if (p == NULL)
		return lf_err_nomem(err);
	lf_buf_init(&p->rows);
	while (rc == 0 && rest.len > 0) {
		line = lf_slice_take_up_to(&rest, '\n');
		w->line++;
		while (line.len > 0 && line.s[line.len - 1] == '\r')
			line.len--;
		if (line.len > 0)
			rc = take_line(c->t, w, line, p, err);
	}
	if (rc == 0)
		*product = p;
	else
		drop(arg, p);
	return rc;
}

static int
deliver(void *arg, void *product, struct lf_err *err)
{
	struct lf_timeline *t = ((struct cutter *)arg)->t;
	struct piece *p = product;
	const struct lf_row *row;
	int rc = 0;

	t->partial |= p->partial;
	t->integrity |= p->integrity;
	for (size_t at = 0; at < p->rows.len && rc == 0; at += row->size) {
		row = (const struct lf_row *)(const void *)(p->rows.data + at);
		rc = lf_sorter_add(t->rows, row, row->size, err);
		if (rc == 0 && (row->flags & LF_ROW_MARK) == 0)
			rc = lf_twins_add(&t->twins, row, row->size, err);
	}
	drop(arg, p);
	return rc;
}

static uint64_t
weight(void *arg, const void *product)
{
	(void)arg;
	return ((const struct piece *)product)->rows.cap;
}

static int
name_cmp(const void *x, const void *y)
{
	return strcmp(((const struct lf_timeline_run *)x)->name, ((const struct lf_timeline_run *)y)->name);
}

int
lf_timeline_open_files(struct lf_timeline *t, const char *const *names, size_t n, struct lf_err *err)
{
	t->runs = calloc(n + 1, sizeof(*t->runs));
	if (t->runs == NULL)
		return lf_err_nomem(err);
	for (t->n_runs = 0; t->n_runs < n; t->n_runs++) {
		struct lf_timeline_run *r = &t->runs[t->n_runs];

		if ((r->name = lf_arena_strdup(&t->arena, names[t->n_runs])) == NULL)
			return lf_err_nomem(err);
		r->f = strcmp(r->name, "-") == 0 ? stdin : fopen(r->name, "re");
		if (r->f == NULL)
			return errno == ENOMEM ? lf_err_nomem(err) : lf_err_sys(err, "cannot open %s", r->name);
	}
	qsort(t->runs, n, sizeof(*t->runs), name_cmp);
	return 0;
}

void
lf_timeline_close_files(struct lf_timeline *t)
{
	for (size_t i = 0; i < t->n_runs; i++)
		if (t->runs[i].f != NULL && t->runs[i].f != stdin)
			fclose(t->runs[i].f);
	free(t->runs);
	t->runs = NULL;
	t->n_runs = 0;
}

int
lf_timeline_read_runs(struct lf_timeline *t, struct lf_err *err)
{
	unsigned n = t->jobs;
	struct worker *w = calloc(n, sizeof(*w));
	void **workers = calloc(n, sizeof(*workers));
	struct cutter c = {.t = t};
	int rc = -1;

	lf_buf_init(&c.rest);
	if (w == NULL || workers == NULL) {
		lf_err_nomem(err);
		goto out;
	}
	for (unsigned i = 0; i < n; i++)
		workers[i] = &w[i];
	rc = lf_pipeline_run(&(struct lf_pipeline){.jobs = n, .workers = workers, .take = take, .work = work, .deliver = deliver,
	    .drop = drop, .weight = weight, .bound = WAITING_MAX, .arg = &c}, err);
out:
	for (unsigned i = 0; w != NULL && i < n; i++) {
		lf_buf_free(&w[i].text);
		lf_buf_free(&w[i].scratch);
		lf_buf_free(&w[i].own);
		lf_buf_free(&w[i].raw);
	}
	lf_buf_free(&c.rest);
	free(workers);
	free(w);
	return rc;
}
