#include "carve/detect_look.h"

#include <stdlib.h>

#include "base/array.h"

/*
 * Much memory is taken by one thread at a time, that of the earliest window, so that all together keep to what a run
 * may take.
 */
void
lf_detector_take_much(struct lf_detector *d, size_t len)
{
	if (d->holds_much || len <= LF_CARVE_SMALL)
		return;
	if (d->turn != NULL)
		d->turn(d->turn_arg);
	d->holds_much = true;
}

void
lf_detector_leave_much(struct lf_detector *d)
{
	if (!d->holds_much)
		return;
	lf_buf_free(&d->bytes);
	d->holds_much = false;
}

/* ---- Finds ---- */

/* Gives back what f holds and does not need: of small finds there may be very many. */
static void
shrink(struct lf_find *f)
{
	char *text = f->text.len < f->text.cap / 2 || f->text.cap < 4096 ? realloc(f->text.data, f->text.len + 1) : NULL;
	struct lf_carve_record *records = f->n_records == 0 ? NULL : realloc(f->records, f->n_records * sizeof(*records));

	if (text != NULL) {
		f->text.data = text;
		f->text.cap = f->text.len + 1;
	}
	if (records != NULL)
		f->records = records;
}

/* Adds f, which is taken over. */
int
lf_look_add(const struct lf_look *l, struct lf_find *f)
{
	struct lf_finds *all = l->finds;
	struct lf_find *find = lf_array_more(all->find, all->n, &all->cap, sizeof(*find));

	if (find == NULL) {
		lf_find_free(f);
		return lf_err_nomem(l->err);
	}
	all->find = find;
	shrink(f);
	all->weight += sizeof(*f) + f->text.cap + f->n_records * sizeof(*f->records) + f->n_known * sizeof(*f->known);
	all->find[all->n++] = *f;
	return 0;
}

int
lf_look_reject(const struct lf_look *l, enum lf_reject why)
{
	l->tally->rejected[why]++;
	return 0;
}

/* In terms of the view: what is nested is placed in the image when all of it is known. */
int
lf_look_place(const struct lf_look *l, struct lf_find *f, uint64_t from, uint64_t to, const char *label)
{
	f->start = from;
	f->runs[0] = (struct lf_area){from, to};
	f->n_runs = 1;
	f->path = f->text.len;
	lf_buf_add(&f->text, l->origin->path.data, l->origin->path.len);
	lf_buf_number(&f->text, from);
	lf_buf_puts(&f->text, label);
	f->path_len = f->text.len - f->path;
	return f->text.failed ? lf_err_nomem(l->err) : 0;
}
