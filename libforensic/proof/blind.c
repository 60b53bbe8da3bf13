#include "proof/blind.h"

#include <stdlib.h>
#include <string.h>

#include "base/utc.h"

/* The logs of one account and region: first is the time of the oldest, or LF_TIME_NONE when none has one. */
struct blind {
	const char *account, *region;
	int64_t first, last, n;
};

static int
blind_cmp(const void *x, const void *y)
{
	const struct blind *a = x, *b = y;
	int c = strcmp(a->account, b->account);

	return c != 0 ? c : strcmp(a->region, b->region);
}

/* Whether an undigested log lies where no chain of its account and region reaches: before it, or without one. */
static bool
out_of_reach(const struct lf_chains *c, const struct lf_unlisted *u)
{
	const struct lf_chain *first;
	uint32_t n;

	if (u->status != LF_L_UNDIGESTED || u->class_unseen)
		return false;
	first = lf_chains_of(c, u->account, u->region, &n);
	for (const struct lf_chain *k = first; k < first + n; k++)
		if (!k->backfill && k->n_covered > 0 && u->time != LF_TIME_NONE &&
		    u->time + LF_LOG_AFTER > k->covered[0].start)
			return false;
	return true;
}

/* Adds one to the count and times of another of the same account and region. */
static void
join(struct blind *to, const struct blind *one)
{
	if (to->first == LF_TIME_NONE || (one->first != LF_TIME_NONE && one->first < to->first))
		to->first = one->first;
	if (one->last > to->last)
		to->last = one->last;
	to->n++;
}

/* Fills all with a row for each account and region, sorted; returns their number. */
static size_t
collect(const struct lf_chains *c, const struct lf_unlisteds *u, struct blind *all)
{
	size_t n = 0, m = 0;

	for (uint32_t i = 0; i < u->list.n; i++) {
		const struct lf_unlisted *log = lf_list_at(&u->list, i);

		if (out_of_reach(c, log))
			all[n++] = (struct blind){log->account, log->region, log->time, log->time, 1};
	}
	qsort(all, n, sizeof(*all), blind_cmp);
	for (size_t i = 0; i < n; i++) {
		if (m > 0 && blind_cmp(&all[m - 1], &all[i]) == 0)
			join(&all[m - 1], &all[i]);
		else
			all[m++] = all[i];
	}
	return m;
}

static int
report(const struct blind *x, struct lf_findings *f, struct lf_err *err)
{
	char a[LF_UTC_LEN], z[LF_UTC_LEN];
	struct lf_finding *found = lf_findings_add(f, err, LF_F_LOG_UNPROVEN,
	    "%lld logs of account %s, region %s, from %s to %s lie where no digest of the evidence reaches: nothing "
	    "proves or disproves them", (long long)x->n, x->account[0] != '\0' ? x->account : "unknown",
	    x->region[0] != '\0' ? x->region : "unknown", lf_utc_format(x->first, a), lf_utc_format(x->last, z));

	if (found == NULL)
		return -1;
	found->count = x->n;
	return 0;
}

int
lf_blind_judge(const struct lf_chains *c, const struct lf_unlisteds *u, struct lf_findings *f, struct lf_err *err)
{
	struct blind *all = calloc((size_t)u->list.n + 1, sizeof(*all));
	size_t n;
	int rc = 0;

	if (all == NULL)
		return lf_err_nomem(err);
	n = collect(c, u, all);
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = report(&all[i], f, err);
	free(all);
	return rc;
}
