#include "coverage/clues.h"

#include <stdlib.h>
#include <string.h>

#include "coverage/owners.h"
#include "coverage/stretches.h"
#include "timeline/timeline.h"

static const struct {
	enum lf_effect effect;
	enum lf_clue_kind kind;
} of_trails[] = {
    {LF_EFFECT_STOP, LF_CLUE_STOP},
    {LF_EFFECT_DELETE, LF_CLUE_DELETE},
    {LF_EFFECT_VALIDATION_OFF, LF_CLUE_VALIDATION_OFF},
    {LF_EFFECT_VALIDATION_ON, LF_CLUE_VALIDATION_ON},
    {LF_EFFECT_SINGLE_REGION, LF_CLUE_SINGLE_REGION},
    {LF_EFFECT_MULTI_REGION, LF_CLUE_MULTI_REGION},
    {LF_EFFECT_ORG_OFF, LF_CLUE_TRAIL_ORG_OFF},
    {LF_EFFECT_START, LF_CLUE_START},
};
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ---- the index ---- */

static int
key_cmp(const struct lf_clue_key *x, const struct lf_clue_key *y)
{
	int c;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if ((c = strcmp(x->a, y->a)) != 0 || (c = strcmp(x->b, y->b)) != 0)
		return c;
	return strcmp(x->c, y->c);
}

/*
 * Events of one second keep the order of the list: they lie in chunks, so that their places must be told by what they
 * are.  What is proved comes first: nobody can choose an id that goes before it.
 */
static int
clue_cmp(const void *x, const void *y)
{
	const struct lf_clue *a = x, *b = y;
	int c = key_cmp(&a->key, &b->key);

	if (c != 0)
		return c;
	if (a->control->time != b->control->time)
		return a->control->time < b->control->time ? -1 : 1;
	if (a->control->integrity != b->control->integrity)
		return (int)a->control->integrity - (int)b->control->integrity;
	if ((c = strcmp(a->control->account, b->control->account)) != 0 ||
	    (c = strcmp(a->control->region, b->control->region)) != 0)
		return c;
	return strcmp(a->control->event_id, b->control->event_id);
}

/* The first of n clues whose key and time are not before (or, with past, not up to) those given. */
static uint32_t
place_of(const struct lf_clue *list, uint32_t n, const struct lf_clue_key *key, int64_t t, bool past)
{
	uint32_t lo = 0, hi = n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		int order = key_cmp(&list[mid].key, key);
		int64_t time = list[mid].control->time;

		if (order < 0 || (order == 0 && (time < t || (past && time == t))))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

const struct lf_control *
lf_clues_until(const struct lf_clues *c, const struct lf_clue_key *key, int64_t t, bool proved)
{
	const struct lf_clue *list = proved ? c->proved : c->list;
	uint32_t i = place_of(list, proved ? c->n_proved : c->n, key, t, true);

	return i > 0 && key_cmp(&list[i - 1].key, key) == 0 ? list[i - 1].control : NULL;
}

const struct lf_control *
lf_clues_from(const struct lf_clues *c, const struct lf_clue_key *key, int64_t t, bool proved)
{
	const struct lf_clue *list = proved ? c->proved : c->list;
	uint32_t n = proved ? c->n_proved : c->n, i = place_of(list, n, key, t, false);

	return i < n && key_cmp(&list[i].key, key) == 0 ? list[i].control : NULL;
}

struct lf_clue_key
lf_clue_key(const struct lf_line *line, enum lf_clue_kind kind)
{
	return (struct lf_clue_key){kind, line->trail, line->home_region, line->org[0] != '\0' ? "" : line->account};
}

/* ---- filling it ---- */

static void
push(struct lf_clues *out, const struct lf_control *x, enum lf_clue_kind kind, const char *a, const char *b, const char *c)
{
	out->list[out->n++] = (struct lf_clue){{kind, a, b, c}, x};
}

/*
 * What an event says of its trail.  A trail is named by its ARN, or by its name in its home region alone (AWS
 * CloudTrail API reference, InvalidHomeRegionException).
 */
static void
push_trail(struct lf_clues *out, const struct lf_owners *owners, const struct lf_control *x)
{
	const char *home = x->trail_region[0] != '\0' ? x->trail_region : x->region;
	const char *account = x->trail_account[0] != '\0' ? x->trail_account : x->account;
	bool organization = lf_owners_may_be_organization(owners, x->trail, home, account);

	for (size_t i = 0; i < COUNT(of_trails); i++) {
		enum lf_clue_kind kind = of_trails[i].kind;

		if (!lf_control_does(x, of_trails[i].effect))
			continue;
		if (kind == LF_CLUE_START && strcmp(x->event_name, "CreateTrail") == 0)
			kind = LF_CLUE_CREATE;
		push(out, x, kind, x->trail, home, account);
		if (organization)
			push(out, x, kind, x->trail, home, "");
	}
}

static bool
is_account(const char *s)
{
	return strlen(s) == 12 && strspn(s, "0123456789") == 12;
}

static void
push_event(struct lf_clues *out, const struct lf_owners *owners, const struct lf_control *x)
{
	if (!x->effective || x->time == LF_TIME_NONE)
		return;
	if (x->trail[0] != '\0')
		push_trail(out, owners, x);
	else if (lf_control_does(x, LF_EFFECT_ORG_OFF))
		push(out, x, LF_CLUE_ORG_OFF, "", "", "");
	if (lf_control_does(x, LF_EFFECT_REGION_OFF))
		push(out, x, LF_CLUE_REGION_OFF, x->target, x->account, "");
	if (lf_control_does(x, LF_EFFECT_REGION_ON))
		push(out, x, LF_CLUE_REGION_ON, x->target, x->account, "");
	if (lf_control_does(x, LF_EFFECT_ACCOUNT_LEFT))
		push(out, x, LF_CLUE_ACCOUNT_LEFT, is_account(x->target) ? x->target : x->account, "", "");
	if (lf_control_does(x, LF_EFFECT_DELIVERY))
		push(out, x, LF_CLUE_DELIVERY, strcmp(x->class_name, "bucket") == 0 ? x->target : "", "", "");
}

/* ---- who goes on ---- */

static int64_t
covered_until(const struct lf_line *line)
{
	for (uint32_t i = line->n_spans; i > 0; i--)
		if (lf_span_covered(&line->spans[i - 1]))
			return line->spans[i - 1].end;
	return LF_TIME_NONE;
}

/* Whether two lines are of one trail; an organization's in all its accounts. */
static int
trail_cmp(const struct lf_line *a, const struct lf_line *b)
{
	int c;

	if ((c = strcmp(a->trail, b->trail)) != 0 || (c = strcmp(a->home_region, b->home_region)) != 0)
		return c;
	return strcmp(a->org, b->org);
}

static int
peer_cmp(const void *x, const void *y)
{
	const struct lf_line *a = *(const struct lf_line *const *)x, *b = *(const struct lf_line *const *)y;
	int c = trail_cmp(a, b);

	return c != 0 ? c : strcmp(a->account, b->account);
}

/* Sets survival of the lines of one trail, sorted by account: the best of each account, and the best of the others. */
static void
survive(const struct lf_lines *l, struct lf_survival *out, const struct lf_line *const *peers, uint32_t n)
{
	int64_t best = LF_TIME_NONE, second = LF_TIME_NONE;
	const char *who = "";

	for (uint32_t i = 0, end; i < n; i = end) {
		int64_t most = LF_TIME_NONE;

		for (end = i; end < n && strcmp(peers[end]->account, peers[i]->account) == 0; end++)
			if (out[peers[end] - l->list].line > most)
				most = out[peers[end] - l->list].line;
		for (uint32_t k = i; k < end; k++)
			out[peers[k] - l->list].account = most;
		if (most > best) {
			second = best;
			best = most;
			who = peers[i]->account;
		} else if (most > second) {
			second = most;
		}
	}
	for (uint32_t i = 0; i < n; i++)
		out[peers[i] - l->list].others = strcmp(peers[i]->account, who) == 0 ? second : best;
}

/* The line of a trail's home region in the same account: lines are sorted by account, region, trail, home region. */
static uint32_t
home_of(const struct lf_lines *l, const struct lf_line *line)
{
	uint32_t lo = 0, hi = l->n;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		const struct lf_line *x = &l->list[mid];
		int c;

		if ((c = strcmp(x->account, line->account)) == 0 && (c = strcmp(x->region, line->home_region)) == 0 &&
		    (c = x->trail == NULL ? -1 : strcmp(x->trail, line->trail)) == 0 &&
		    (c = strcmp(x->home_region, line->home_region)) == 0)
			return mid;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return LF_NONE;
}

static int
find_survival(const struct lf_lines *l, struct lf_survival *out)
{
	const struct lf_line **peers = calloc((size_t)l->n + 1, sizeof(struct lf_line *));
	uint32_t n = 0, trail = 0;

	if (peers == NULL)
		return -1;
	for (uint32_t i = 0; i < l->n; i++) {
		const struct lf_line *line = &l->list[i];

		out[i] = (struct lf_survival){covered_until(line), LF_TIME_NONE, LF_TIME_NONE, LF_NONE, LF_NONE};
		if (line->trail == NULL)
			continue;
		peers[n++] = line;
		out[i].home = home_of(l, line);
	}
	qsort(peers, n, sizeof(struct lf_line *), peer_cmp);
	for (uint32_t i = 0, end; i < n; i = end) {
		for (end = i; end < n && trail_cmp(peers[i], peers[end]) == 0; end++)
			out[peers[end] - l->list].trail = trail;
		trail++;
		survive(l, out, peers + i, end - i);
	}
	free(peers);
	return 0;
}

/* What is proved, in the same order. */
static int
set_proved_apart(struct lf_clues *out)
{
	if ((out->proved = calloc((size_t)out->n + 1, sizeof(*out->proved))) == NULL)
		return -1;
	for (uint32_t i = 0; i < out->n; i++)
		if (out->list[i].control->integrity == LF_INTEGRITY_VERIFIED)
			out->proved[out->n_proved++] = out->list[i];
	return 0;
}

int
lf_clues_make(const struct lf_lines *l, const struct lf_controls *c, struct lf_clues *out, struct lf_err *err)
{
	struct lf_owners owners = {NULL, 0};
	struct lf_clue *fit;
	size_t most = 0;
	int rc = -1;

	*out = (struct lf_clues){.survival = calloc((size_t)l->n + 1, sizeof(*out->survival))};
	for (uint32_t i = 0; i < c->list.n; i++)
		most += 2 * (size_t)__builtin_popcount(((struct lf_control *)lf_list_at(&c->list, i))->effects);
	if (out->survival == NULL || most > UINT32_MAX || find_survival(l, out->survival) != 0 ||
	    lf_stretches_make(l, out->survival, &out->stretches) != 0 ||
	    lf_owners_make(l, c, &owners, err) != 0 || (out->list = calloc(most + 1, sizeof(*out->list))) == NULL)
		goto out;
	for (uint32_t i = 0; i < c->list.n; i++)
		push_event(out, &owners, lf_list_at(&c->list, i));
	if ((fit = reallocarray(out->list, (size_t)out->n + 1, sizeof(*fit))) == NULL)
		goto out;
	out->list = fit;
	qsort(out->list, out->n, sizeof(*out->list), clue_cmp);
	rc = set_proved_apart(out);
out:
	lf_owners_free(&owners);
	if (rc != 0) {
		lf_clues_free(out);
		lf_err_nomem(err);
	}
	return rc;
}

void
lf_clues_free(struct lf_clues *c)
{
	free(c->list);
	free(c->proved);
	free(c->survival);
	lf_stretches_free(&c->stretches);
	*c = (struct lf_clues){.list = NULL};
}
