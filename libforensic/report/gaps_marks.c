/* Who touched logging, as marks over a map: filled where it happened, hollow where it was only attempted. */
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "report/gaps_map.h"
#include "report/gaps_words.h"
#include "report/html.h"

#define TOLD_MAX 6 /* events told by one mark */

static int
order_cmp(const void *x, const void *y, void *arg)
{
	const uint32_t *a = x, *b = y;
	int r = strcmp(lf_control_at(arg, *a)->account, lf_control_at(arg, *b)->account);

	return r != 0 ? r : (*a > *b) - (*a < *b);
}

bool
lf_marks_make(const struct lf_coverage *c, struct lf_marks *out)
{
	*out = (struct lf_marks){.c = c};
	out->order = calloc((size_t)c->controls.list.n + 1, sizeof(*out->order));
	out->drawn = calloc((size_t)c->controls.list.n + 1, sizeof(*out->drawn));
	if (out->order == NULL || out->drawn == NULL) {
		lf_marks_free(out);
		return false;
	}
	for (uint32_t i = 0; i < c->controls.list.n; i++)
		if (lf_control_at(c, i)->impairs)
			out->order[out->n++] = i;
	qsort_r(out->order, out->n, sizeof(*out->order), order_cmp, (void *)c);
	return true;
}

void
lf_marks_free(struct lf_marks *m)
{
	free(m->order);
	free(m->drawn);
	*m = (struct lf_marks){.c = NULL};
}

static void
told(const struct lf_control *e, struct lf_buf *out)
{
	char time[LF_UTC_LEN], outcome[128];

	lf_buf_puts(out, lf_utc_format(e->time, time));
	lf_buf_putc(out, ' ');
	lf_html_puts(out, e->event_name);
	if (!e->effective) {
		lf_buf_puts(out, " (");
		lf_html_puts(out, lf_control_outcome(e, outcome));
		lf_buf_putc(out, ')');
	}
	lf_buf_puts(out, " by ");
	lf_html_puts(out, lf_control_who(e) != NULL ? lf_control_who(e) : "nobody named");
	if (lf_or_null(e->source_ip) != NULL) {
		lf_buf_puts(out, " from ");
		lf_html_puts(out, e->source_ip);
	}
}

/* One mark for n events of a slot. */
static void
mark(const struct lf_marks *m, const struct lf_slots *slots, const uint32_t *order, uint32_t n, struct lf_buf *out)
{
	const struct lf_control *first = lf_control_at(m->c, order[0]);
	int64_t x = lf_map_x(slots, first->time);
	bool effective = false;

	for (uint32_t i = 0; i < n; i++)
		effective |= lf_control_at(m->c, order[i])->effective;
	lf_buf_printf(out, "<path class=\"%s\" d=\"M%lld %dl-55 -110h110z\"><title>", effective ? "hit" : "try", (long long)x,
	    LF_MAP_HEIGHT - 10);
	for (uint32_t i = 0; i < n && i < TOLD_MAX; i++) {
		lf_buf_puts(out, i > 0 ? "\n" : "");
		told(lf_control_at(m->c, order[i]), out);
	}
	if (n > TOLD_MAX)
		lf_buf_printf(out, "\nand %u more", n - TOLD_MAX);
	lf_buf_puts(out, "</title></path>");
}

/* A row of marks: one for each slot that has any.  order is by time. */
static void
row(struct lf_marks *m, const struct lf_slots *slots, const char *label, const uint32_t *order, uint32_t n,
    struct lf_buf *out)
{
	if (n == 0)
		return;
	lf_buf_printf(out,
	    "<div class=\"row\"><span>%s</span><svg role=\"img\" aria-label=\"%s, events: %u; a table below names them\" "
	    "viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\">",
	    label, label, n, LF_MAP_WIDTH, LF_MAP_HEIGHT);
	for (uint32_t i = 0, same; i < n; i += same) {
		uint32_t slot = lf_slot_of(slots, lf_control_at(m->c, order[i])->time);

		for (same = 1; i + same < n && lf_slot_of(slots, lf_control_at(m->c, order[i + same])->time) == slot;)
			same++;
		mark(m, slots, order + i, same, out);
	}
	lf_buf_puts(out, "</svg></div>\n");
}

/* The first of the order whose account is not before the given one. */
static uint32_t
lower(const struct lf_marks *m, const char *account)
{
	uint32_t lo = 0, hi = m->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (strcmp(lf_control_at(m->c, m->order[mid])->account, account) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool
lf_marks_any(const struct lf_marks *m, const char *account)
{
	uint32_t at = lower(m, account);

	return at < m->n && strcmp(lf_control_at(m->c, m->order[at])->account, account) == 0;
}

void
lf_marks_account(struct lf_marks *m, const struct lf_slots *slots, const char *account, struct lf_buf *out)
{
	uint32_t from = lower(m, account), to = from;

	for (; to < m->n && strcmp(lf_control_at(m->c, m->order[to])->account, account) == 0; to++)
		m->drawn[m->order[to]] = true;
	row(m, slots, "who touched logging", m->order + from, to - from, out);
}

void
lf_marks_rest(struct lf_marks *m, const struct lf_slots *slots, struct lf_buf *out)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < m->c->controls.list.n; i++)
		if (lf_control_at(m->c, i)->impairs && !m->drawn[i])
			m->order[n++] = i;
	row(m, slots, "in other accounts", m->order, n, out);
}
