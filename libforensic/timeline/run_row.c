#include "timeline/run_row.h"

#include "timeline/places.h"

/* Bytes of the place stand at the end of all, behind the line and the place. */
typedef uint32_t place_len;

void
lf_run_row_pack(struct lf_buf *out, const struct lf_values *v, uint32_t number, uint64_t content, uint32_t flags,
    struct lf_slice line, struct lf_slice place, struct lf_buf *scratch)
{
	place_len len = (place_len)place.len;

	lf_buf_reset(scratch);
	lf_buf_add(scratch, line.s, line.len);
	lf_buf_add(scratch, place.s, place.len);
	lf_buf_add(scratch, &len, sizeof(len));
	scratch->failed |= place.len > UINT32_MAX;
	lf_row_pack(out, v, number, content, flags | LF_ROW_TEXTUAL, (struct lf_slice){lf_buf_str(scratch), scratch->len});
	out->failed |= scratch->failed;
}

/* Takes the row's line and place apart; empty ones where a row that came back from a bad disk says what cannot be. */
static void
parts(const struct lf_row *r, struct lf_slice *line, struct lf_slice *place)
{
	struct lf_slice all = lf_row_raw(r);
	place_len len;

	*line = *place = (struct lf_slice){"", 0};
	if (all.len < sizeof(len))
		return;
	all.len -= sizeof(len);
	memcpy(&len, all.s + all.len, sizeof(len));
	if (len > all.len)
		return;
	*line = (struct lf_slice){all.s, all.len - len};
	*place = lf_slice_behind(all, line->len);
}

struct lf_slice
lf_run_row_line(const struct lf_row *r)
{
	struct lf_slice line, place;

	parts(r, &line, &place);
	return line;
}

struct lf_slice
lf_run_row_place(const struct lf_row *r)
{
	struct lf_slice line, place;

	parts(r, &line, &place);
	return place;
}

int
lf_run_row_cmp(const void *a, const void *b)
{
	const struct lf_row *x = a, *y = b;
	int d = lf_row_cmp_events(x, y);

	if (d == 0)
		d = lf_place_cmp(lf_run_row_place(x), lf_run_row_place(y));
	return d != 0 ? d : lf_row_cmp(a, b);
}
