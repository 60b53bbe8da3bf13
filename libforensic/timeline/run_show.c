/* Rows that come from runs, as they are compared and shown: by what their lines said. */
#include <string.h>

#include "timeline/places.h"
#include "timeline/run_row.h"
#include "timeline/state.h"

unsigned
lf_run_integrity(const struct lf_row *r)
{
	return r->flags >> 8 & 7;
}

static struct lf_slice
late(const struct lf_run_tail *tail, enum lf_column c)
{
	return tail->late[c - LF_COL_OF_EVENT];
}

void
lf_run_where(const struct lf_row *r, struct lf_buf *out)
{
	struct lf_run_tail tail;

	lf_run_row_tail(r, &tail);
	lf_place_put(late(&tail, LF_COL_LOCATOR), late(&tail, LF_COL_RECORD_INDEX), out);
}

/* Keeps what a line's also_in lists. */
static void
keep_also(const struct lf_row *r, struct lf_buf *places)
{
	struct lf_run_tail tail;

	if ((r->flags & LF_ROW_LISTS) == 0)
		return;
	lf_run_row_tail(r, &tail);
	lf_places_keep(places, late(&tail, LF_COL_ALSO_IN));
}

/* A copy's places: its own, and those that its line lists. */
void
lf_run_place(const struct lf_row *row, struct lf_buf *out)
{
	struct lf_buf own;

	lf_buf_init(&own);
	lf_run_where(row, &own);
	lf_places_keep(out, (struct lf_slice){lf_buf_str(&own), own.len});
	out->failed |= own.failed;
	lf_buf_free(&own);
	keep_also(row, out);
}

uint32_t
lf_run_settle(const struct lf_row *shown, struct lf_buf *places)
{
	keep_also(shown, places);
	return places->len == 0 ? 0 : lf_places_sort(places);
}

/*
 * Rows of a version come in the order of their least places: of equally proved ones the first by its own is shown, as
 * in one run.  Without memory for telling it, the one that is shown stays; the place that is kept next fails as well.
 */
bool
lf_run_better(void *arg, const struct lf_row *copy, const struct lf_row *shown)
{
	unsigned a = lf_run_integrity(copy), b = lf_run_integrity(shown);
	struct lf_buf x, y;
	bool before;

	(void)arg;
	if (a != b)
		return a < b;
	lf_buf_init(&x);
	lf_buf_init(&y);
	lf_run_where(copy, &x);
	lf_run_where(shown, &y);
	before = lf_place_cmp((struct lf_slice){lf_buf_str(&x), x.len}, (struct lf_slice){lf_buf_str(&y), y.len}) < 0;
	before &= !x.failed && !y.failed;
	lf_buf_free(&x);
	lf_buf_free(&y);
	return before;
}

void
lf_run_expand(const struct lf_shown *s, const struct lf_row *r, struct lf_buf *scratch, struct lf_timeline_row *out)
{
	struct lf_run_tail tail;

	lf_run_row_tail(r, &tail);
	memcpy(out->v + LF_COL_OF_EVENT, tail.late, sizeof(tail.late));
	out->integrity = (enum lf_integrity)lf_run_integrity(r);
	out->digest = tail.digest;
	lf_buf_reset(scratch);
	lf_places_join((const char *)(s + 1), s->places, scratch);
	out->v[LF_COL_ALSO_IN] = (struct lf_slice){lf_buf_str(scratch), scratch->len};
}
