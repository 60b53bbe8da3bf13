#include "proof/result.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/utc.h"
#include "proof/body.h"

#define DIGESTS_MISSING (LF_D_INVALID + 1) /* in a summary, behind the states of those that are there */

const char *const lf_summary_digest_names[5] = {"verified", "linked", "unsigned", "invalid", "missing"};
const char *const lf_summary_log_names[7] = {
    "verified", "unproven", "modified", "missing", "malformed", "unreferenced", "undigested"};

/* The JSON forms of two strings compared; for those with bytes above ASCII where they differ. */
static int
escaped_cmp(const char *a, const char *b)
{
	struct lf_buf x, y;
	int c;

	lf_buf_init(&x);
	lf_buf_init(&y);
	lf_text_json(&x, a, strlen(a));
	lf_text_json(&y, b, strlen(b));
	c = x.failed || y.failed ? strcmp(a, b) : strcmp(lf_buf_str(&x), lf_buf_str(&y));
	lf_buf_free(&x);
	lf_buf_free(&y);
	return c;
}

int
lf_text_order(const char *a, const char *b)
{
	size_t i = 0;

	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	while (a[i] == b[i] && a[i] != '\0')
		i++;
	if (a[i] == b[i])
		return 0;
	if ((unsigned char)a[i] < 0x80 && (unsigned char)b[i] < 0x80 && (unsigned char)a[i] >= 0x20 &&
	    (unsigned char)b[i] >= 0x20)
		return (unsigned char)a[i] - (unsigned char)b[i];
	return escaped_cmp(a, b);
}

int
lf_finding_cmp(const struct lf_finding *a, const struct lf_finding *b)
{
	int c;

	if (a->severity != b->severity)
		return a->severity < b->severity ? -1 : 1;
	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	if ((c = lf_text_order(a->object, b->object)) != 0 || (c = lf_text_order(a->locator, b->locator)) != 0)
		return c;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->end != b->end)
		return a->end < b->end ? -1 : 1;
	return lf_text_order(a->message, b->message);
}

int
lf_skip_cmp(const void *x, const void *y)
{
	const struct lf_skip_result *a = x, *b = y;
	int c = lf_text_order(a->locator, b->locator);

	return c != 0 ? c : lf_text_order(a->reason, b->reason);
}

enum lf_verdict
lf_verdict_of(uint64_t alerts, uint64_t warnings, uint64_t skipped, const struct lf_summary *s)
{
	if (alerts > 0)
		return LF_FINDINGS;
	if (warnings > 0 || skipped > 0 || s->digests[0] == 0)
		return LF_INCONCLUSIVE;
	return LF_VERIFIED;
}

/* Logs that no digest lists, less those of a second trail, which are told as copies. */
static bool
unreferenced(const struct lf_result *r)
{
	uint64_t copies = 0;
	struct lf_finding x;
	struct lf_buf scratch;

	if (r->summary.logs[LF_L_UNREFERENCED] == 0)
		return false;
	lf_buf_init(&scratch);
	for (uint32_t i = 0; i < r->n_findings; i++) {
		r->finding(r, i, &x, &scratch);
		copies += x.id == LF_F_LOG_UNLISTED_COPY;
	}
	lf_buf_free(&scratch);
	return r->summary.logs[LF_L_UNREFERENCED] > copies;
}

enum lf_verdict
lf_result_held(const struct lf_result *r)
{
	const uint64_t *d = r->summary.digests, *l = r->summary.logs;
	enum lf_verdict v = r->verdict;

	if (d[LF_D_INVALID] + d[DIGESTS_MISSING] + l[LF_L_MODIFIED] + l[LF_L_MISSING] + l[LF_L_MALFORMED] > 0 || unreferenced(r))
		return LF_FINDINGS;
	if (v == LF_VERIFIED && d[LF_D_LINKED] + d[LF_D_UNSIGNED] + l[LF_L_UNPROVEN] > 0)
		v = LF_INCONCLUSIVE;
	for (uint32_t i = 0; i < r->n_lake; i++) {
		if (strcmp(r->lake[i].status, "invalid") == 0)
			return LF_FINDINGS;
		v = v == LF_VERIFIED ? LF_INCONCLUSIVE : v; /* file names are never signed */
	}
	for (uint32_t i = 0; i < r->n_chains; i++) {
		if (r->chains[i].verdict == LF_FINDINGS)
			return LF_FINDINGS;
		if (r->chains[i].verdict == LF_INCONCLUSIVE && r->chains[i].digests > 0 && v == LF_VERIFIED)
			v = LF_INCONCLUSIVE;
	}
	return v;
}

int
lf_verdict_exit(enum lf_verdict v)
{
	static const int status[] = {[LF_VERIFIED] = 0, [LF_FINDINGS] = 1, [LF_INCONCLUSIVE] = 3};

	return status[v];
}

/* Orders standard chains so that those of one account and trail stand together. */
static int
sibling_cmp(const void *x, const void *y)
{
	const struct lf_chain_row *a = *(const struct lf_chain_row *const *)x;
	const struct lf_chain_row *b = *(const struct lf_chain_row *const *)y;
	int c;

	if ((c = strcmp(a->account, b->account)) != 0 || (c = strcmp(a->trail, b->trail)) != 0)
		return c;
	return strcmp(a->home_region, b->home_region);
}

static bool
is_standard(const struct lf_chain_row *c)
{
	return strcmp(c->kind, "standard") == 0;
}

/* For each chain the one of its siblings that goes on longest: an array of n, NULL for backfill chains. */
static const struct lf_chain_row **
longest_siblings(const struct lf_chain_row *chains, uint32_t n)
{
	const struct lf_chain_row **order = calloc((size_t)n + 1, sizeof(*order));
	const struct lf_chain_row **best = calloc((size_t)n + 1, sizeof(*best));
	uint32_t m = 0, from = 0;

	if (order == NULL || best == NULL) {
		free(order);
		free(best);
		return NULL;
	}
	for (uint32_t i = 0; i < n; i++)
		if (is_standard(&chains[i]))
			order[m++] = &chains[i];
	qsort(order, m, sizeof(*order), sibling_cmp);
	for (uint32_t i = 1; i <= m; i++) {
		const struct lf_chain_row *longest = order[from];

		if (i < m && sibling_cmp(&order[from], &order[i]) == 0)
			continue;
		for (uint32_t k = from; k < i; k++)
			if (order[k]->tail.end > longest->tail.end)
				longest = order[k];
		for (; from < i; from++)
			best[order[from] - chains] = longest;
	}
	free(order);
	return best;
}

/* Writes the reasons why a chain looks cut; returns the latest time that speaks for more, or LF_TIME_NONE. */
static int64_t
reasons(const struct lf_chain_row *c, const struct lf_chain_row *other, struct lf_buf *out)
{
	const struct lf_tail *t = &c->tail;
	int64_t most = LF_TIME_NONE;
	char time[LF_UTC_LEN];

	if (t->until != LF_TIME_NONE && t->end + 3600 <= t->until) {
		lf_buf_printf(out, "; --until asks for %s", lf_utc_format(t->until, time));
		most = t->until;
	}
	if (other->tail.end - t->end >= 3600) {
		lf_buf_printf(out, "; %s of the same trail goes on to %s", other->region, lf_utc_format(other->tail.end, time));
		most = other->tail.end > most ? other->tail.end : most;
	}
	if (t->newest_log != LF_TIME_NONE && t->newest_log > t->end + 2 * 3600) {
		lf_buf_printf(out, "; logs of %s that no digest lists go on to %s", c->region, lf_utc_format(t->newest_log, time));
		most = t->newest_log > most ? t->newest_log : most;
	}
	if (t->newest_named != LF_TIME_NONE && t->newest_named > t->end) {
		lf_buf_printf(out, "; metadata names a later digest, of %s", lf_utc_format(t->newest_named, time));
		most = t->newest_named > most ? t->newest_named : most;
	}
	return most;
}

int
lf_tails_judge(const struct lf_chain_row *chains, uint32_t n, struct lf_findings *f, struct lf_err *err)
{
	const struct lf_chain_row **best = longest_siblings(chains, n);
	struct lf_buf why;
	char time[LF_UTC_LEN];
	int rc = -1;

	if (best == NULL)
		return lf_err_nomem(err);
	lf_buf_init(&why);
	for (uint32_t i = 0; i < n; i++) {
		const struct lf_chain_row *c = &chains[i];
		struct lf_finding *x;
		int64_t most;

		if (best[i] == NULL || (c->tail.until != LF_TIME_NONE && c->tail.end >= c->tail.until))
			continue;
		lf_buf_reset(&why);
		if ((most = reasons(c, best[i], &why)) == LF_TIME_NONE)
			continue;
		x = lf_findings_add(f, err, LF_F_CHAIN_TRUNCATED, "%s %s trail %s of %s ends at %s%s: later digests were deleted, "
		    "not copied, or logging ended", c->account, c->region, c->trail, c->home_region,
		    lf_utc_format(c->tail.end, time), lf_buf_str(&why));
		if (x == NULL || why.failed)
			goto out;
		x->chain = i;
		x->object = c->last_object;
		x->locator = c->last_locator;
		x->start = c->tail.end;
		x->end = most;
		x->count = (most - c->tail.end) / 3600;
	}
	rc = 0;
out:
	lf_buf_free(&why);
	free(best);
	return rc;
}

int
lf_metadata_judge(const struct lf_summary *s, struct lf_findings *f, struct lf_err *err)
{
	uint64_t absent = s->metadata_entries - s->metadata_matched;
	struct lf_finding *x;

	if (absent == 0)
		return 0;
	x = lf_findings_add(f, err, LF_F_METADATA_WITHOUT_OBJECT, "metadata names %llu objects that the evidence lacks",
	    (unsigned long long)absent);
	if (x == NULL)
		return -1;
	x->count = (int64_t)absent;
	return 0;
}

enum lf_verdict
lf_result_verdict(const struct lf_result *r)
{
	return r->verdict;
}

void
lf_result_free(struct lf_result *r)
{
	if (r != NULL)
		r->free_impl(r);
}

uint32_t
lf_result_alike(const struct lf_result *r, uint32_t i, struct lf_buf *scratch)
{
	struct lf_finding x, y;
	uint32_t n = 0;

	r->finding(r, i, &x, scratch);
	do {
		n++;
		if (i + n >= r->n_findings)
			break;
		r->finding(r, i + n, &y, scratch);
	} while (y.id == x.id && y.severity == x.severity);
	return n;
}
