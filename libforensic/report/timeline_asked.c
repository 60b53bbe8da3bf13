#include "report/timeline_asked.h"

#include "report/timeline_say.h"
#include "report/timeline_who.h"

#define GAP 2
#define TINY 3 /* what every column keeps */

/* What a column needs: usually; to be of use; where lines are too short for that; and where it is cut. */
static const struct need {
	unsigned char usual, useful, least, cut;
} needs[LF_COLUMNS] = {
    [LF_COL_EVENT_TIME] = {20, 20, 20, LF_CUT_END},
    [LF_COL_ACCOUNT] = {12, 12, 5, LF_CUT_START},
    [LF_COL_REGION] = {14, 9, 5, LF_CUT_END},
    [LF_COL_PRINCIPAL] = {48, 18, 12, LF_CUT_MIDDLE},
    [LF_COL_SOURCE] = {25, 14, 10, LF_CUT_END},
    [LF_COL_NAME] = {26, 20, 12, LF_CUT_MIDDLE},
    [LF_COL_RESULT] = {22, 12, 10, LF_CUT_END},
    [LF_COL_SOURCE_IP] = {15, 15, 15, LF_CUT_END},
    [LF_COL_USER_AGENT] = {40, 14, 8, LF_CUT_END},
    [LF_COL_ACCESS_KEY] = {20, 20, 20, LF_CUT_MIDDLE},
    [LF_COL_RESOURCES] = {48, 18, 10, LF_CUT_START},
    [LF_COL_READ_ONLY] = {5, 5, 5, LF_CUT_END},
    [LF_COL_CATEGORY] = {15, 10, 7, LF_CUT_END},
    [LF_COL_ID] = {36, 36, 9, LF_CUT_END},
    [LF_COL_SHARED_ID] = {36, 36, 9, LF_CUT_END},
    [LF_COL_ACTOR] = {40, 18, 12, LF_CUT_MIDDLE},
    [LF_COL_INTEGRITY] = {12, 12, 8, LF_CUT_END},
    [LF_COL_LOCATOR] = {48, 18, 10, LF_CUT_START},
    [LF_COL_RECORD_INDEX] = {6, 6, 4, LF_CUT_END},
    [LF_COL_ALSO_IN] = {48, 18, 10, LF_CUT_START},
};

/*
 * Levels of what columns get, from all that is usual to next to nothing; narrow ones still show times, addresses and
 * keys.
 */
enum { USUAL, USEFUL, LEAST, NARROW, HOPELESS };

static size_t
width_at(enum lf_column c, int level)
{
	const struct need *n = &needs[c];

	switch (level) {
	case USUAL:
		return n->usual;
	case USEFUL:
		return n->useful;
	case LEAST:
		return n->least;
	case NARROW:
		return n->least == n->usual ? n->usual : TINY;
	default:
		return TINY;
	}
}

static size_t
sum_at(const enum lf_column *c, size_t n, int level)
{
	size_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += width_at(c[i], level);
	return sum;
}

/* Columns that take what is left of a long line. */
static size_t
stretch(enum lf_column c)
{
	return needs[c].usual > needs[c].useful && needs[c].usual > 26 ? needs[c].usual : 0;
}

/* Between two levels columns get their share of what is there. */
static void
share(const enum lf_column *c, size_t n, int level, size_t room, size_t *widths)
{
	size_t low = sum_at(c, n, level), high = level == USUAL ? 0 : sum_at(c, n, level - 1),
	    more = room > low ? room - low : 0;
	size_t all = 0;

	if (level == USUAL)
		for (size_t i = 0; i < n; i++)
			all += stretch(c[i]);
	else
		all = high - low;
	for (size_t i = 0; i < n; i++) {
		size_t w = width_at(c[i], level), part = level == USUAL ? stretch(c[i]) : width_at(c[i], level - 1) - w;

		widths[i] = w + (all == 0 ? 0 : part * more / all);
	}
}

void
lf_asked_widths(const enum lf_column *c, size_t n, size_t width, size_t widths[LF_COLUMNS])
{
	size_t gaps = GAP * (n - 1), room = width > gaps ? width - gaps : 0;
	int level = USUAL;

	if (width == 0)
		room = sum_at(c, n, USUAL);
	while (level < HOPELESS && sum_at(c, n, level) > room)
		level++;
	share(c, n, level, room, widths);
}

/* A value that is too wide for its cell, shorter; or as it is. */
static struct lf_slice
shorter(const struct lf_write_opts *o, const struct lf_timeline_row *row, enum lf_column c, struct lf_slice v,
    size_t width, struct lf_buf *scratch)
{
	if (o->width == 0 || lf_cell_columns(v) <= width)
		return v;
	switch (c) {
	case LF_COL_PRINCIPAL:
	case LF_COL_ACTOR:
		lf_buf_reset(scratch);
		lf_who_name(o, v, row->v[LF_COL_ACCOUNT], width, scratch);
		return (struct lf_slice){lf_buf_str(scratch), scratch->failed ? 0 : scratch->len};
	case LF_COL_SOURCE:
	case LF_COL_SOURCE_IP:
		return lf_say_service(v);
	case LF_COL_REGION:
		lf_buf_reset(scratch);
		if (lf_buf_reserve(scratch, LF_REGION_SHORT) == NULL)
			return v;
		return lf_cell_region(v, scratch->data);
	default:
		return v;
	}
}

void
lf_asked_cells(const struct lf_timeline *t, const struct lf_write_opts *o, const struct lf_timeline_row *row,
    size_t width, struct lf_buf *out)
{
	size_t n, widths[LF_COLUMNS];
	const enum lf_column *c = lf_timeline_columns(t, &n);
	struct lf_cells line = {.o = o, .out = out, .gap = GAP};
	bool failed = lf_say_failed(row), red;
	struct lf_buf joined, scratch;

	lf_buf_init(&joined);
	lf_buf_init(&scratch);
	lf_asked_widths(c, n, width, widths);
	for (size_t i = 0; i < n; i++) {
		struct lf_slice v = lf_say_value(row, c[i], &joined);

		red = failed && (c[i] == LF_COL_RESULT || c[i] == LF_COL_NAME);
		v = shorter(o, row, c[i], v, widths[i], &scratch);
		lf_cells_next(&line, v, widths[i], (enum lf_cut)needs[c[i]].cut, red ? LF_RED : LF_PLAIN);
	}
	out->failed |= joined.failed || scratch.failed;
	lf_buf_free(&joined);
	lf_buf_free(&scratch);
}
