#include "coverage/owners.h"

#include <stdlib.h>
#include <string.h>

#include "timeline/timeline.h"

/* account NULL: before all accounts of that owner, trail and home. */
static int
owned_cmp(const void *x, const void *y)
{
	const struct lf_owned *a = x, *b = y;
	int c;

	if (a->owner != b->owner)
		return a->owner < b->owner ? -1 : 1;
	if ((c = strcmp(a->trail, b->trail)) != 0 || (c = strcmp(a->home, b->home)) != 0)
		return c;
	if (a->account == NULL || b->account == NULL)
		return (a->account != NULL) - (b->account != NULL);
	return strcmp(a->account, b->account);
}

static bool
is_verified(const struct lf_line *line)
{
	for (uint32_t i = 0; i < line->n_spans; i++)
		if (line->spans[i].state == LF_COVER_VERIFIED || line->spans[i].state == LF_COVER_QUIET)
			return true;
	return false;
}

static void
push(struct lf_owners *o, enum lf_owner owner, const char *trail, const char *home, const char *account)
{
	o->list[o->n++] = (struct lf_owned){owner, trail, home, account};
}

/* At most two.  A trail that stops being an organization's was one. */
static void
push_event(struct lf_owners *o, const struct lf_control *x)
{
	const char *home = x->trail_region[0] != '\0' ? x->trail_region : x->region;
	const char *account = x->trail_account[0] != '\0' ? x->trail_account : x->account;

	if (x->owner == LF_OWNER_ORGANIZATION || lf_control_does(x, LF_EFFECT_ORG_OFF)) {
		push(o, LF_OWNER_ORGANIZATION, x->trail, home, x->account);
		push(o, LF_OWNER_ORGANIZATION, x->trail, home, account);
	} else if (x->owner == LF_OWNER_ACCOUNT) {
		push(o, LF_OWNER_ACCOUNT, x->trail, home, account);
	}
}

int
lf_owners_make(const struct lf_lines *l, const struct lf_controls *c, struct lf_owners *out, struct lf_err *err)
{
	out->n = 0;
	if ((out->list = calloc((size_t)l->n + 2 * (size_t)c->list.n + 1, sizeof(*out->list))) == NULL)
		return lf_err_nomem(err);
	for (uint32_t i = 0; i < l->n; i++) {
		const struct lf_line *line = &l->list[i];

		if (line->trail != NULL && line->org[0] == '\0' && (!l->proved || is_verified(line)))
			push(out, LF_OWNER_ACCOUNT, line->trail, line->home_region, line->account);
	}
	for (uint32_t i = 0; i < c->list.n; i++) {
		const struct lf_control *x = lf_list_at(&c->list, i);

		if (x->effective && x->trail[0] != '\0' && (!l->proved || x->integrity == LF_INTEGRITY_VERIFIED))
			push_event(out, x);
	}
	qsort(out->list, out->n, sizeof(*out->list), owned_cmp);
	return 0;
}

void
lf_owners_free(struct lf_owners *o)
{
	free(o->list);
	*o = (struct lf_owners){NULL, 0};
}

/* Whether an account, or for NULL any, is known for a trail. */
static bool
knows(const struct lf_owners *o, enum lf_owner owner, const char *trail, const char *home, const char *account)
{
	struct lf_owned key = {owner, trail, home, account};
	uint32_t lo = 0, hi = o->n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (owned_cmp(&o->list[mid], &key) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == o->n)
		return false;
	if (account == NULL)
		key.account = o->list[lo].account;
	return owned_cmp(&o->list[lo], &key) == 0;
}

bool
lf_owners_may_be_organization(const struct lf_owners *o, const char *trail, const char *home, const char *account)
{
	if (knows(o, LF_OWNER_ORGANIZATION, trail, home, account))
		return true;
	return !knows(o, LF_OWNER_ACCOUNT, trail, home, account) && !knows(o, LF_OWNER_ORGANIZATION, trail, home, NULL);
}
