#include "timeline/run_row.h"

#include <string.h>

#include "timeline/places.h"

/* Texts of the tail, in this order behind a head that has the end of each. */
enum { DIGEST = LF_RUN_LATE, PLACE, TEXTS };

void
lf_run_row_pack(struct lf_buf *out, const struct lf_values *v, uint32_t number, uint64_t content, uint32_t flags,
    const struct lf_run_line *line, struct lf_slice place, struct lf_buf *scratch)
{
	struct lf_slice texts[TEXTS];
	uint32_t ends[TEXTS];
	size_t end = 0;

	memcpy(texts, line->v + LF_COL_OF_EVENT, LF_RUN_LATE * sizeof(texts[0]));
	texts[DIGEST] = line->digest;
	texts[PLACE] = place;
	for (unsigned i = 0; i < TEXTS; i++)
		ends[i] = (uint32_t)(end += texts[i].len);
	lf_buf_reset(scratch);
	lf_buf_add(scratch, ends, sizeof(ends));
	for (unsigned i = 0; i < TEXTS; i++)
		lf_buf_add(scratch, texts[i].s, texts[i].len);
	scratch->failed |= end > UINT32_MAX;
	lf_row_pack(out, v, number, content, flags | LF_ROW_TEXTUAL, (struct lf_slice){lf_buf_str(scratch), scratch->len});
	out->failed |= scratch->failed;
}

/* The i-th text of a tail; empty where there is no such one. */
static struct lf_slice
text(struct lf_slice tail, unsigned i)
{
	uint32_t ends[TEXTS], from;

	if (tail.len < sizeof(ends))
		return (struct lf_slice){"", 0};
	memcpy(ends, tail.s, sizeof(ends));
	from = i == 0 ? 0 : ends[i - 1];
	if (from >= ends[i] || ends[i] > tail.len - sizeof(ends))
		return (struct lf_slice){"", 0};
	return (struct lf_slice){tail.s + sizeof(ends) + from, ends[i] - from};
}

void
lf_run_row_tail(const struct lf_row *r, struct lf_run_tail *out)
{
	struct lf_slice tail = lf_row_raw(r);

	for (unsigned i = 0; i < LF_RUN_LATE; i++)
		out->late[i] = text(tail, i);
	out->digest = text(tail, DIGEST);
	out->place = text(tail, PLACE);
}

int
lf_run_row_cmp(const void *a, const void *b)
{
	const struct lf_row *x = a, *y = b;
	int d = lf_row_cmp_events(x, y);

	if (d == 0)
		d = lf_place_cmp(text(lf_row_raw(x), PLACE), text(lf_row_raw(y), PLACE));
	return d != 0 ? d : lf_row_cmp(a, b);
}
