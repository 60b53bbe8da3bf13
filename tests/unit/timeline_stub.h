/* A timeline of rows made by hand, behind timeline/timeline.h.  To be included once, by a test program. */
#ifndef LF_TEST_TIMELINE_STUB_H
#define LF_TEST_TIMELINE_STUB_H

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "timeline/timeline.h"

struct lf_timeline {
	enum lf_timeline_format format;
	enum lf_column columns[LF_COLUMNS];
	size_t n_columns;
	const struct lf_timeline_row *rows; /* row i is rows[i % n_rows], its time later by i / n_rows * every */
	size_t n_rows, total, at;
	int64_t every;
	unsigned jobs;
	size_t fail_at; /* taking fails there; 0: never */
	struct lf_timeline_summary summary;
};

const char *const lf_integrity_names[LF_INTEGRITY_UNKNOWN + 1] = {
    "verified", "unproven", "modified", "unreferenced", "undigested", "none", ""};

int
lf_timeline_rewind(struct lf_timeline *t, struct lf_err *err)
{
	(void)err;
	t->at = 0;
	return 0;
}

int
lf_timeline_take(struct lf_timeline *t, size_t max, struct lf_buf *batch, size_t *n, struct lf_err *err)
{
	for (*n = 0; *n < max && t->at < t->total; ++*n, t->at++) {
		if (t->fail_at > 0 && t->at == t->fail_at)
			return lf_err_set(err, "the rows are gone");
		lf_buf_add(batch, &t->at, sizeof(t->at));
	}
	return 0;
}

bool
lf_timeline_expand(const struct lf_timeline *t, const struct lf_buf *batch, size_t *at, struct lf_timeline_scratch *scratch,
    struct lf_timeline_row *row)
{
	size_t i;

	if (*at >= batch->len)
		return false;
	memcpy(&i, batch->data + *at, sizeof(i));
	*at += sizeof(i);
	/* What the rows point to moves, as it does in earnest: who keeps a slice reads freed memory. */
	lf_buf_free(&scratch->text);
	*row = t->rows[i % t->n_rows];
	if (row->time != LF_TIME_NONE)
		row->time += (int64_t)(i / t->n_rows) * t->every;
	lf_buf_add(&scratch->text, row->v[LF_COL_NAME].s, row->v[LF_COL_NAME].len);
	row->v[LF_COL_NAME].s = scratch->text.data;
	return !scratch->text.failed;
}

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

const struct lf_timeline_summary *
lf_timeline_summary(const struct lf_timeline *t)
{
	return &t->summary;
}

/* The default columns. */
static inline void
stub_init(struct lf_timeline *t)
{
	memset(t, 0, sizeof(*t));
	for (size_t i = 0; i < LF_COL_DEFAULT; i++)
		t->columns[t->n_columns++] = (enum lf_column)i;
	t->jobs = 2;
	t->summary.first = t->summary.last = LF_TIME_NONE;
}

static inline void
stub_columns(struct lf_timeline *t, const char *list)
{
	struct lf_err err;

	if (lf_columns_parse(list, t->columns, &t->n_columns, &err) != 0)
		abort();
}

static inline struct lf_timeline_row
stub_row(int64_t time)
{
	struct lf_timeline_row row;

	memset(&row, 0, sizeof(row));
	for (size_t i = 0; i < LF_COLUMNS; i++)
		row.v[i].s = "";
	row.time = time;
	row.integrity = LF_INTEGRITY_UNKNOWN;
	return row;
}

static inline void
stub_set_n(struct lf_timeline_row *row, enum lf_column c, const char *text, size_t len)
{
	row->v[c] = (struct lf_slice){text, len};
}

static inline void
stub_set(struct lf_timeline_row *row, enum lf_column c, const char *text)
{
	stub_set_n(row, c, text, strlen(text));
}

#endif
