#include "compare/item.h"

#include <stddef.h>
#include <string.h>

#include "forensic.h"

#define HEAD offsetof(struct lf_item_head, bytes)

void
lf_item_pack(struct lf_buf *out, struct lf_item_head *head, const struct lf_slice text[LF_DIFF_TEXTS],
    struct lf_slice fields)
{
	uint64_t size = HEAD + fields.len;
	uint32_t end = 0;
	char *to;

	for (unsigned i = 0; i < LF_DIFF_TEXTS; i++)
		size += text[i].len;
	if (size > UINT32_MAX - 8) {
		out->failed = true;
		return;
	}
	head->size = (uint32_t)((size + 7) & ~(uint64_t)7);
	head->fields = (uint32_t)fields.len;
	for (unsigned i = 0; i < LF_DIFF_TEXTS; i++)
		head->end[i] = end += (uint32_t)text[i].len;
	if ((to = lf_buf_reserve(out, head->size)) == NULL)
		return;
	memset(to + head->size - 8, 0, 8);
	memcpy(to, head, HEAD);
	to += HEAD;
	for (unsigned i = 0; i < LF_DIFF_TEXTS; to += text[i].len, i++)
		if (text[i].len > 0)
			memcpy(to, text[i].s, text[i].len);
	if (fields.len > 0)
		memcpy(to, fields.s, fields.len);
	out->len += head->size;
}

struct lf_slice
lf_item_text(const struct lf_item_head *h, unsigned i)
{
	uint32_t from = i == 0 ? 0 : h->end[i - 1];

	return (struct lf_slice){h->bytes + from, h->end[i] - from};
}

struct lf_slice
lf_item_fields(const struct lf_item_head *h)
{
	return (struct lf_slice){h->bytes + h->end[LF_DIFF_TEXTS - 1], h->fields};
}

/* ---- Order ---- */

/* Unknown times come last. */
static uint64_t
time_rank(int64_t t)
{
	return t == LF_TIME_NONE ? UINT64_MAX : (uint64_t)t ^ (UINT64_C(1) << 63);
}

static int
cmp64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int
when_cmp(const struct lf_item_head *a, const struct lf_item_head *b)
{
	int d;

	if (a->kind >= LF_DIFF_OBJECT_CHANGED)
		return 0;
	d = cmp64(time_rank(a->time), time_rank(b->time));
	return d != 0 ? d : (a->nanos > b->nanos) - (a->nanos < b->nanos);
}

static int
text_cmp(const struct lf_item_head *a, const struct lf_item_head *b)
{
	static const enum lf_diff_text order[] = {LF_DIFF_ACCOUNT, LF_DIFF_REGION, LF_DIFF_ID};
	int d = 0;

	if (a->kind >= LF_DIFF_OBJECT_CHANGED)
		return lf_slice_cmp(lf_item_text(a, 0), lf_item_text(b, 0));
	for (size_t i = 0; i < 3 && d == 0; i++)
		d = lf_slice_cmp(lf_item_text(a, order[i]), lf_item_text(b, order[i]));
	return d;
}

static int
place_cmp(const struct lf_item_head *a, const struct lf_item_head *b)
{
	int d = 0;

	for (size_t i = 0; i < 2 && d == 0; i++)
		if ((d = cmp64(a->object[i], b->object[i])) == 0)
			d = cmp64(a->record[i], b->record[i]);
	return d;
}

static int
item_cmp(const void *x, const void *y)
{
	const struct lf_item_head *a = x, *b = y;
	int d = (int)a->kind - (int)b->kind;

	if (d == 0)
		d = when_cmp(a, b);
	if (d == 0)
		d = text_cmp(a, b);
	return d != 0 ? d : place_cmp(a, b);
}

static uint64_t
item_prefix(const void *item)
{
	const struct lf_item_head *h = item;
	uint64_t rank = h->kind >= LF_DIFF_OBJECT_CHANGED ? 0 : time_rank(h->time);

	return (uint64_t)h->kind << 60 | rank >> 4;
}

const struct lf_sort_order lf_item_order = {item_prefix, item_cmp};
