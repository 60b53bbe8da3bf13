/* What came of a comparison, for those who write it. */
#include <string.h>

#include "base/text.h"
#include "compare/state.h"

const char *const lf_diff_kind_names[LF_DIFF_KINDS] = {"changed", "only_in_a", "only_in_b", "outside_common_window",
    "not_comparable", "changed", "only_in_a", "only_in_b", "outside_common_window"};

int
lf_diff_rewind(struct lf_diff *d, struct lf_err *err)
{
	return lf_sorter_rewind(d->results, err);
}

static void
put_place(struct lf_diff *d, const struct lf_item_head *h, unsigned side, struct lf_diff_place *out)
{
	const struct lf_side *s = &d->side[side];
	struct lf_buf *locator = &d->locator[side];

	*out = (struct lf_diff_place){.there = h->object[side] != LF_ITEM_ABSENT, .integrity = LF_INTEGRITY_UNKNOWN};
	if (!out->there)
		return;
	lf_buf_reset(locator);
	lf_objects_locator(&s->objects, h->object[side], locator);
	out->locator = (struct lf_slice){lf_buf_str(locator), locator->len};
	out->record = h->record[side];
	out->integrity = lf_objects_at(&s->objects, h->object[side])->integrity;
	if (h->kind == LF_DIFF_OBJECT_CHANGED)
		out->hash = lf_side_object(s, h->object[side])->hash;
}

int
lf_diff_next(struct lf_diff *d, struct lf_diff_row *row, struct lf_err *err)
{
	const struct lf_item_head *h;
	const void *item;

	if (lf_sorter_next(d->results, &item, err) != 0)
		return -1;
	if ((h = item) == NULL)
		return 0;
	memset(row, 0, sizeof(*row));
	row->kind = h->kind;
	row->time = h->time;
	row->nanos = h->nanos;
	row->reason = lf_reason_texts[h->reason];
	row->n_fields = h->n_fields;
	row->fields_left_out = h->left_out;
	row->fields = lf_item_fields(h);
	if (h->kind >= LF_DIFF_OBJECT_CHANGED)
		row->key = lf_item_text(h, 0);
	for (unsigned i = 0; i < LF_DIFF_TEXTS && h->kind < LF_DIFF_OBJECT_CHANGED; i++)
		row->text[i] = lf_item_text(h, i);
	for (unsigned i = 0; i < 2; i++) {
		row->partial[i] = h->partial >> i & 1;
		put_place(d, h, i, &row->side[i]);
	}
	return d->locator[0].failed || d->locator[1].failed ? lf_err_nomem(err) : 1;
}

const char *
lf_diff_operand(const struct lf_diff *d, unsigned side, size_t i)
{
	const struct lf_case *c = d->side[side].c;

	return i < c->n_sources ? c->sources[i]->name : NULL;
}

bool
lf_diff_skipped(const struct lf_diff *d, unsigned side, uint32_t i, struct lf_diff_skip *out)
{
	const struct lf_list *l = &d->side[side].skipped;

	if (i >= l->n)
		return false;
	*out = *(const struct lf_diff_skip *)lf_list_at(l, i);
	return true;
}

const struct lf_select *
lf_diff_select(const struct lf_diff *d)
{
	return &d->side[0].c->select;
}

const char *
lf_diff_ignored(const struct lf_diff *d, size_t i)
{
	return i < d->ignore.n ? d->ignore.paths[i].text : NULL;
}

void
lf_diff_notes(const struct lf_diff *d, void (*say)(void *arg, const char *line), void *arg)
{
	struct lf_diff_skip skip;
	struct lf_buf line;

	lf_buf_init(&line);
	for (unsigned side = 0; side < 2; side++)
		for (uint32_t i = 0; lf_diff_skipped(d, side, i, &skip); i++) {
			lf_buf_reset(&line);
			lf_buf_printf(&line, "side %c: ", 'A' + (int)side);
			lf_text_terminal(&line, skip.locator, strlen(skip.locator));
			lf_buf_puts(&line, ": ");
			lf_text_terminal(&line, skip.reason, strlen(skip.reason));
			say(arg, line.failed ? "out of memory" : lf_buf_str(&line));
		}
	lf_buf_free(&line);
}
