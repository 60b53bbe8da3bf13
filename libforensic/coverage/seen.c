#include "coverage/seen.h"

#include <stdlib.h>
#include <string.h>

void
lf_seens_free(struct lf_seens *s)
{
	free(s->list);
	s->list = NULL;
	s->n = 0;
}

static int
place_cmp(const struct lf_seen *s, const char *account, const char *region)
{
	int c = strcmp(s->account, account);

	return c != 0 ? c : strcmp(s->region, region);
}

static int
seen_cmp(const void *x, const void *y)
{
	const struct lf_seen *a = x, *b = y;
	int c = place_cmp(a, b->account, b->region);

	if (c != 0)
		return c;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	return a->from < b->from ? -1 : a->from > b->from;
}

/* Whether an unlisted log says that something was delivered, and when. */
static bool
speaks(const struct lf_body *b, const struct lf_unlisted *u, struct lf_seen *out)
{
	const struct lf_present_row *p = lf_body_present(b, u->present);
	const struct lf_log_scan *scan = p->scan;
	bool named = lf_names_group(&b->names, &p->name)->kind == LF_KEY_LOG;

	if ((u->status != LF_L_UNDIGESTED && u->status != LF_L_UNREFERENCED) || u->copy || u->class_unseen || p->unreadable ||
	    u->time == LF_TIME_NONE || u->account[0] == '\0' || u->region[0] == '\0')
		return false;
	*out = (struct lf_seen){.account = u->account, .region = u->region, .from = u->time, .to = u->time};
	if (!named && scan != NULL && scan->oldest != LF_TIME_NONE && scan->oldest < out->to)
		out->from = scan->oldest;
	return true;
}

/* Cuts to [since, until); false when nothing is left. */
static bool
cut(struct lf_seen *s, int64_t since, int64_t until)
{
	if ((since != LF_TIME_NONE && s->to < since) || (until != LF_TIME_NONE && s->from >= until))
		return false;
	if (since != LF_TIME_NONE && s->from < since)
		s->from = since;
	if (until != LF_TIME_NONE && s->to >= until)
		s->to = until - 1;
	return s->from <= s->to;
}

int
lf_seens_make(const struct lf_proof *p, int64_t since, int64_t until, struct lf_seens *out, struct lf_err *err)
{
	const struct lf_list *list = &p->unlisted.list;

	out->n = 0;
	if ((out->list = calloc((size_t)list->n + 1, sizeof(*out->list))) == NULL)
		return lf_err_nomem(err);
	for (uint32_t i = 0; i < list->n; i++)
		if (speaks(&p->body, lf_list_at(list, i), &out->list[out->n]) && cut(&out->list[out->n], since, until))
			out->n++;
	qsort(out->list, out->n, sizeof(*out->list), seen_cmp);
	return 0;
}

const struct lf_seen *
lf_seens_of(const struct lf_seens *s, const char *account, const char *region, uint32_t *n)
{
	uint32_t lo = 0, hi = s->n, from;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (place_cmp(&s->list[mid], account, region) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	from = lo;
	hi = s->n;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (place_cmp(&s->list[mid], account, region) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	*n = lo - from;
	return s->list + from;
}

uint32_t
lf_seen_at(const struct lf_seen *run, uint32_t n, int64_t t)
{
	uint32_t lo = 0, hi = n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (run[mid].to < t)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}
