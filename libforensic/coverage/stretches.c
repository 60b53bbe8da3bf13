#include "coverage/stretches.h"

#include <stdlib.h>

static int
stretch_cmp(const void *x, const void *y)
{
	const struct lf_stretch *a = x, *b = y;

	if (a->trail != b->trail)
		return a->trail < b->trail ? -1 : 1;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return (a->end > b->end) - (a->end < b->end);
}

static void
push_line(struct lf_stretches *out, const struct lf_line *line, uint32_t trail, bool proved)
{
	bool goes_on = false;

	for (uint32_t i = 0; i < line->n_spans; i++) {
		const struct lf_span *s = &line->spans[i];
		bool holds = lf_span_holds(s, proved);

		if (holds && goes_on && !s->restart)
			out->list[out->n - 1].end = s->end;
		else if (holds)
			out->list[out->n++] = (struct lf_stretch){trail, s->start, s->end};
		goes_on = holds;
	}
}

int
lf_stretches_make(const struct lf_lines *l, const struct lf_survival *survival, struct lf_stretches *out)
{
	size_t most = 0;

	*out = (struct lf_stretches){NULL, 0};
	for (uint32_t i = 0; i < l->n; i++)
		most += l->list[i].trail != NULL ? l->list[i].n_spans : 0;
	if (most > UINT32_MAX || (out->list = calloc(most + 1, sizeof(*out->list))) == NULL)
		return -1;
	for (uint32_t i = 0; i < l->n; i++)
		if (l->list[i].trail != NULL)
			push_line(out, &l->list[i], survival[i].trail, l->proved);
	qsort(out->list, out->n, sizeof(*out->list), stretch_cmp);
	for (uint32_t i = 1; i < out->n; i++)
		if (out->list[i].trail == out->list[i - 1].trail && out->list[i].end < out->list[i - 1].end)
			out->list[i].end = out->list[i - 1].end;
	return 0;
}

void
lf_stretches_free(struct lf_stretches *s)
{
	free(s->list);
	*s = (struct lf_stretches){NULL, 0};
}

bool
lf_stretches_cover(const struct lf_stretches *s, uint32_t trail, int64_t start, int64_t end)
{
	uint32_t lo = 0, hi = s->n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		const struct lf_stretch *x = &s->list[mid];

		if (x->trail < trail || (x->trail == trail && x->start <= start))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo > 0 && s->list[lo - 1].trail == trail && s->list[lo - 1].end >= end;
}
