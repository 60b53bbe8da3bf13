#include "report/diff_places.h"

#include <string.h>

#define SAID 6 /* places */

static bool
is(const struct lf_diff_places *p, uint32_t i, struct lf_slice account, struct lf_slice region)
{
	return lf_slice_is(account, p->list[i].account) && lf_slice_is(region, p->list[i].region);
}

/* Letters, digits and hyphens, as accounts and regions have them: nothing that could pass for the words around it. */
static bool
is_name(struct lf_slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789-", s.s[i]) == NULL || s.s[i] == '\0')
			return false;
	return s.len <= LF_DIFF_PLACE;
}

/* Where a place stands; a new one at the end.  LF_DIFF_PLACES when there is no room. */
static uint32_t
find(struct lf_diff_places *p, struct lf_slice account, struct lf_slice region)
{
	if (p->last < p->n && is(p, p->last, account, region))
		return p->last;
	for (uint32_t i = 0; i < p->n; i++)
		if (is(p, i, account, region))
			return i;
	if (p->n == LF_DIFF_PLACES || !is_name(account) || !is_name(region))
		return LF_DIFF_PLACES;
	memcpy(p->list[p->n].account, account.s, account.len);
	memcpy(p->list[p->n].region, region.s, region.len);
	return p->n++;
}

void
lf_diff_places_add(struct lf_diff_places *p, const struct lf_diff_row *row, unsigned side)
{
	uint32_t at = find(p, row->text[LF_DIFF_ACCOUNT], row->text[LF_DIFF_REGION]);

	if (at == LF_DIFF_PLACES) {
		p->others[side]++;
		return;
	}
	p->list[at].n[side]++;
	p->last = at;
}

/* The place with the most events of a side among those not said yet; LF_DIFF_PLACES without.  Of equals the first. */
static uint32_t
most(const struct lf_diff_places *p, unsigned side, uint64_t said)
{
	uint32_t best = LF_DIFF_PLACES;

	for (uint32_t i = 0; i < p->n; i++)
		if (p->list[i].n[side] > 0 && (said >> i & 1) == 0 &&
		    (best == LF_DIFF_PLACES || p->list[i].n[side] > p->list[best].n[side]))
			best = i;
	return best;
}

static const char *
or_unknown(const char *s, const char *none)
{
	return *s != '\0' ? s : none;
}

void
lf_diff_places_say(const struct lf_diff_places *p, unsigned side, struct lf_buf *out)
{
	uint64_t others = p->others[side], said = 0;
	const char *gap = "";
	uint32_t at;

	for (unsigned i = 0; i < SAID && (at = most(p, side, said)) < LF_DIFF_PLACES; i++) {
		lf_buf_printf(out, "%s%s %s %llu", gap, or_unknown(p->list[at].account, "(no account)"),
		    or_unknown(p->list[at].region, "(no region)"), (unsigned long long)p->list[at].n[side]);
		said |= UINT64_C(1) << at;
		gap = ", ";
	}
	for (uint32_t i = 0; i < p->n; i++)
		if ((said >> i & 1) == 0)
			others += p->list[i].n[side];
	if (others > 0)
		lf_buf_printf(out, "%sothers %llu", gap, (unsigned long long)others);
}
