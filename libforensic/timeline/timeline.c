#include "timeline/timeline.h"

#include <stdlib.h>

#include "base/pool.h"
#include "base/temporary.h"
#include "timeline/run_row.h"
#include "timeline/state.h"

/* Of the memory for sorting, what rows get; the rest is for the ids by which twins are found. */
#define ROWS_SHARE(memory) ((memory) / 4 * 3)

const char *const lf_integrity_names[LF_INTEGRITY_UNKNOWN + 1] = {"verified", "unproven", "modified", "unreferenced",
    "undigested", "none", ""};

/* ---- Opening ---- */

/* Whether a row is of no log that a digest of an asked-for trail lists. */
static bool
is_hidden(const struct lf_timeline *t, const struct lf_row *row)
{
	return t->c != NULL && (lf_objects_at(&t->objects, row->object)->hidden ||
	    (t->select.n_trails > 0 && (row->flags & LF_ROW_FURTHER) != 0));
}

static bool
shows(void *arg, const struct lf_row *row)
{
	struct lf_timeline *t = arg;
	bool shown;

	if ((row->flags & LF_ROW_MARK) != 0)
		return true;
	shown = !is_hidden(t, row) && (t->session == NULL ||
	    lf_lineage_descends(t->lineage, lf_row_value(row, LF_COL_ACCESS_KEY), row->time, t->session));
	t->summary.filtered += !shown;
	return shown;
}

/* Opens the sorters; each has a temporary file. */
static int
open_sorters(struct lf_timeline *t, uint64_t memory, const char *tmpdir, unsigned jobs, struct lf_err *err)
{
	const struct lf_sort_order order = {lf_row_prefix, t->c == NULL ? lf_run_row_cmp : lf_row_cmp};
	int fd;

	if (memory == 0)
		memory = LF_SORT_MEMORY;
	if (memory < LF_SORT_MEMORY_MIN)
		memory = LF_SORT_MEMORY_MIN;
	if ((fd = lf_temporary(tmpdir, err)) < 0 ||
	    lf_sorter_new(order, ROWS_SHARE(memory), fd, tmpdir, jobs, &t->rows, err) != 0)
		return -1;
	if ((fd = lf_temporary(tmpdir, err)) < 0)
		return -1;
	return lf_twins_init(&t->twins, &t->collect.seed, memory - ROWS_SHARE(memory), fd, tmpdir, jobs, err);
}

static int
copy_columns(struct lf_timeline *t, const struct lf_timeline_opts *o, struct lf_err *err)
{
	if (o->columns != NULL)
		return lf_columns_parse(o->columns, t->columns, &t->n_columns, err);
	for (t->n_columns = 0; t->n_columns < LF_COL_DEFAULT; t->n_columns++)
		t->columns[t->n_columns] = (enum lf_column)t->n_columns;
	return 0;
}

/* Whether the columns are all that a merge needs: rows are compared by the digests of records then. */
static bool
is_mergeable(const struct lf_timeline *t)
{
	size_t usual = 0;

	for (size_t i = 0; i < t->n_columns; i++)
		usual += t->columns[i] < LF_COL_DEFAULT;
	return usual == LF_COL_DEFAULT;
}

int
lf_timeline_check(const struct lf_timeline_opts *o, struct lf_err *err)
{
	struct lf_timeline t = {.n_columns = 0};
	struct lf_filter *filter;

	if (copy_columns(&t, o, err) != 0 ||
	    lf_filter_new(o->patterns, o->n_patterns, o->write_only, o->read_only, &filter, err) != 0)
		return -1;
	lf_filter_free(filter);
	return 0;
}

/* Everything but where the events come from. */
static int
open_timeline(struct lf_timeline *t, const struct lf_timeline_opts *o, const char *tmpdir, unsigned jobs,
    struct lf_err *err)
{
	struct lf_source *const *sources = t->c == NULL ? NULL : t->c->sources;

	lf_arena_init(&t->arena);
	lf_arena_init(&t->pass);
	lf_list_init(&t->conflicts, sizeof(struct lf_timeline_conflict));
	lf_index_init(&t->in_conflict);
	lf_skips_init(&t->skipped);
	lf_list_init(&t->behind, sizeof(struct lf_timeline_behind));
	lf_groups_init(&t->groups);
	t->format = o->format;
	t->integrity = o->integrity;
	if (lf_objects_init(&t->objects, sources, err) != 0 || lf_collect_init(&t->collect, err) != 0 ||
	    copy_columns(t, o, err) != 0 ||
	    lf_filter_new(o->patterns, o->n_patterns, o->write_only, o->read_only, &t->filter, err) != 0)
		return -1;
	if ((tmpdir = lf_arena_strdup(&t->arena, lf_temporary_folder(tmpdir))) == NULL)
		return lf_err_nomem(err);
	if (open_sorters(t, o->memory, tmpdir, jobs, err) != 0)
		return -1;
	if (o->session != NULL && (t->session = lf_arena_strdup(&t->arena, o->session)) == NULL)
		return lf_err_nomem(err);
	if ((o->lineage || o->session != NULL) && lf_lineage_new(&t->lineage, err) != 0)
		return -1;
	lf_partials_init(&t->partials, &t->collect.seed);
	t->collect.filter = t->filter;
	t->collect.select = &t->select;
	t->collect.raw = o->format == LF_TIMELINE_RECORDS;
	t->collect.digest = o->format == LF_TIMELINE_JSONL && is_mergeable(t);
	t->collect.lineage = t->lineage != NULL;
	t->groups.rows = t->rows;
	t->groups.twins = &t->twins;
	t->groups.shows = shows;
	t->groups.place = t->c == NULL ? lf_run_place : lf_timeline_place;
	t->groups.better = t->c == NULL ? lf_run_better : lf_timeline_better;
	t->groups.settle = t->c == NULL ? lf_run_settle : lf_timeline_settle;
	t->groups.arg = t;
	return 0;
}

static struct lf_timeline *
new_timeline(struct lf_err *err)
{
	struct lf_timeline *t = calloc(1, sizeof(*t));

	if (t == NULL)
		lf_err_nomem(err);
	else
		t->select.since = t->select.until = LF_TIME_NONE;
	return t;
}

int
lf_timeline_open(struct lf_case *c, const struct lf_timeline_opts *o, struct lf_timeline **out, struct lf_err *err)
{
	struct lf_timeline *t = new_timeline(err);

	*out = NULL;
	if (t == NULL)
		return -1;
	t->c = c;
	t->jobs = c->jobs;
	t->select = c->select;
	t->collect.max_object = c->limits.max_object;
	if (open_timeline(t, o, c->tmpdir, c->jobs, err) != 0) {
		lf_timeline_free(t);
		return -1;
	}
	*out = t;
	return 0;
}

int
lf_timeline_open_runs(const char *const *files, size_t n, const struct lf_timeline_opts *o, const char *tmpdir,
    struct lf_timeline **out, struct lf_err *err)
{
	struct lf_timeline *t = new_timeline(err);

	*out = NULL;
	if (t == NULL)
		return -1;
	t->jobs = o->jobs > 0 ? o->jobs : lf_cpus();
	if (open_timeline(t, o, tmpdir, t->jobs, err) != 0 || lf_timeline_open_files(t, files, n, err) != 0) {
		lf_timeline_free(t);
		return -1;
	}
	*out = t;
	return 0;
}

void
lf_timeline_free(struct lf_timeline *t)
{
	if (t == NULL)
		return;
	lf_timeline_close_files(t);
	lf_groups_free(&t->groups);
	lf_lineage_free(t->lineage);
	lf_twins_free(&t->twins);
	lf_partials_free(&t->partials);
	lf_sorter_free(t->rows);
	lf_filter_free(t->filter);
	lf_collect_free(&t->collect);
	lf_objects_free(&t->objects);
	lf_skips_free(&t->skipped);
	lf_list_free(&t->behind);
	lf_list_free(&t->conflicts);
	lf_index_free(&t->in_conflict);
	lf_arena_free(&t->pass);
	lf_arena_free(&t->arena);
	free(t);
}

/* ---- Running ---- */

/* Which rows are shown is known. */
static int
compare_partial(struct lf_timeline *t, struct lf_err *err)
{
	const struct lf_groups *g = &t->groups;

	t->groups.partials = &t->partials;
	return lf_partials_find(&t->partials, &(struct lf_partial_rows){g->rows, g->shows, g->place, g->arg}, err);
}

/* All rows and ids are there: two tasks that share nothing. */
struct finishing {
	struct lf_timeline *t;
	struct lf_err err[2];
	bool failed[2];
};

static int
finish_one(void *arg, unsigned thread, size_t i)
{
	struct finishing *f = arg;

	(void)thread;
	f->failed[i] = (i == 0 ? lf_sorter_finish(f->t->rows, &f->err[i]) : lf_twins_find(&f->t->twins, &f->err[i])) != 0;
	return 0;
}

/* Puts rows in order, and finds the twins meanwhile: that takes one thread most of its time. */
static int
finish(struct lf_timeline *t, struct lf_err *err)
{
	struct finishing f = {.t = t};

	if (lf_parallel(t->jobs, 2, finish_one, &f, err) != 0)
		return -1;
	for (size_t i = 0; i < 2; i++)
		if (f.failed[i]) {
			*err = f.err[i];
			return -1;
		}
	return 0;
}

int
lf_timeline_run(struct lf_timeline *t, struct lf_err *err)
{
	if ((t->c == NULL ? lf_timeline_read_runs(t, err) : lf_timeline_read_case(t, err)) != 0 || finish(t, err) != 0)
		return -1;
	if (t->twins.n > 0 && t->c != NULL && lf_timeline_look_again(t, err) != 0)
		return -1;
	if (lf_twins_settle(&t->twins, err) != 0)
		return -1;
	if (t->lineage != NULL && lf_lineage_finish(t->lineage, err) != 0)
		return -1;
	return t->partial ? compare_partial(t, err) : 0;
}

/* ---- What was asked for ---- */

enum lf_timeline_format
lf_timeline_format(const struct lf_timeline *t)
{
	return t->format;
}

const enum lf_column *
lf_timeline_columns(const struct lf_timeline *t, size_t *n)
{
	*n = t->n_columns;
	return t->columns;
}

unsigned
lf_timeline_jobs(const struct lf_timeline *t)
{
	return t->jobs;
}
