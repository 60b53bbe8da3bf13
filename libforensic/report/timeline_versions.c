#include "report/timeline_versions.h"

void
lf_versions_free(struct lf_versions *v)
{
	lf_buf_free(&v->first);
}

void
lf_versions_clear(struct lf_versions *v)
{
	lf_buf_reset(&v->first);
	v->differ = 0;
	v->any = v->many = false;
}

bool
lf_versions_take(const struct lf_timeline_row *row)
{
	return row->conflict && row->v[LF_COL_ID].len > 0;
}

/* A column of the first row; empty where memory was out. */
static struct lf_slice
value(const struct lf_versions *v, size_t column)
{
	size_t start = column == 0 ? 0 : v->end[column - 1];

	if (v->first.failed)
		return (struct lf_slice){"", 0};
	return (struct lf_slice){lf_buf_str(&v->first) + start, v->end[column] - start};
}

struct lf_slice
lf_versions_id(const struct lf_versions *v)
{
	return value(v, LF_COL_ID);
}

static void
start(struct lf_versions *v, const struct lf_timeline_row *row)
{
	for (size_t i = 0; i < LF_COL_OF_EVENT; i++) {
		lf_buf_add(&v->first, row->v[i].s, row->v[i].len);
		v->end[i] = v->first.len;
	}
	v->any = true;
}

bool
lf_versions_add(struct lf_versions *v, const struct lf_timeline_row *row)
{
	if (!v->any) {
		start(v, row);
		return true;
	}
	if (!lf_slice_equal(value(v, LF_COL_ID), row->v[LF_COL_ID]) ||
	    !lf_slice_equal(value(v, LF_COL_ACCOUNT), row->v[LF_COL_ACCOUNT]))
		return false;
	for (size_t i = 0; i < LF_COL_OF_EVENT; i++)
		v->differ |= lf_slice_equal(value(v, i), row->v[i]) ? 0 : 1U << i;
	v->many = true;
	return true;
}

bool
lf_versions_join(struct lf_versions *v, const struct lf_versions *behind)
{
	struct lf_timeline_row row = {.conflict = true};

	if (!v->any || !behind->any)
		return false;
	for (size_t i = 0; i < LF_COL_OF_EVENT; i++)
		row.v[i] = value(behind, i);
	if (!lf_versions_add(v, &row))
		return false;
	v->differ |= behind->differ;
	return true;
}
