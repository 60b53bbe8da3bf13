/* What a timeline has to say beside its rows. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "timeline/places.h"
#include "timeline/state.h"

#define PLACES 8 /* of a conflict that are named: rows show the others */

int
lf_timeline_skip(struct lf_timeline *t, const char *locator, size_t len, const char *reason, struct lf_err *err)
{
	t->summary.skipped++;
	return lf_skips_add(&t->skipped, locator, len, reason, err);
}

static int
conflict_cmp(const void *x, const void *y)
{
	const struct lf_timeline_conflict *a = *(const struct lf_timeline_conflict *const *)x;
	const struct lf_timeline_conflict *b = *(const struct lf_timeline_conflict *const *)y;
	int c = strcmp(a->id, b->id);

	if (c == 0)
		c = strcmp(a->account, b->account);
	return c != 0 ? c : lf_place_cmp((struct lf_slice){a->where, strlen(a->where)}, (struct lf_slice){b->where, strlen(b->where)});
}

/* Whether two rows, b behind a, are of one event: one that names no account (it stands in front) is of any. */
static bool
same_event(const struct lf_timeline_conflict *a, const struct lf_timeline_conflict *b)
{
	return strcmp(a->id, b->id) == 0 && (a->account[0] == '\0' || strcmp(a->account, b->account) == 0);
}

/* One line for all versions of an event, the n from all on. */
static void
put_conflict(const struct lf_timeline_conflict *const *all, uint32_t n, struct lf_buf *line)
{
	const char *account = all[n - 1]->account;

	lf_buf_puts(line, "conflict: event ");
	lf_text_terminal(line, all[0]->id, strlen(all[0]->id));
	lf_buf_puts(line, account[0] == '\0' ? " of an unknown account" : " of account ");
	lf_text_terminal(line, account, strlen(account));
	lf_buf_puts(line, " is told in different ways, all of them shown: ");
	for (uint32_t i = 0; i < n && i < PLACES; i++) {
		if (i > 0)
			lf_buf_puts(line, ", ");
		lf_text_terminal(line, all[i]->where, strlen(all[i]->where));
	}
	if (n > PLACES)
		lf_buf_printf(line, " and %u more", n - PLACES);
}

/* Conflicts in the order of their ids.  Without memory for sorting, in that of the rows. */
static void
say_conflicts(const struct lf_timeline *t, struct lf_buf *line, void (*say)(void *arg, const char *line), void *arg)
{
	uint32_t n = t->conflicts.n, same;
	const struct lf_timeline_conflict **all = calloc((size_t)n + 1, sizeof(*all));

	for (uint32_t i = 0; all != NULL && i < n; i++)
		all[i] = lf_list_at(&t->conflicts, i);
	if (all != NULL)
		qsort(all, n, sizeof(*all), conflict_cmp);
	for (uint32_t i = 0; all != NULL && i < n; i += same) {
		for (same = 1; i + same < n && same_event(all[i], all[i + same]);)
			same++;
		lf_buf_reset(line);
		put_conflict(all + i, same, line);
		say(arg, lf_buf_str(line));
	}
	free(all);
}

void
lf_timeline_notes(const struct lf_timeline *t, bool detail, void (*say)(void *arg, const char *line), void *arg)
{
	struct lf_buf line;

	lf_buf_init(&line);
	say_conflicts(t, &line, say, arg);
	if (detail)
		lf_skips_say(&t->skipped, say, arg);
	lf_buf_free(&line);
}

const struct lf_timeline_summary *
lf_timeline_summary(const struct lf_timeline *t)
{
	return &t->summary;
}

enum lf_verdict
lf_timeline_verdict(const struct lf_timeline *t)
{
	const struct lf_timeline_summary *s = &t->summary;

	if (s->conflicts > 0 || s->marks > 0)
		return LF_FINDINGS;
	if (t->integrity && s->integrity[LF_INTEGRITY_MODIFIED] + s->integrity[LF_INTEGRITY_UNREFERENCED] > 0)
		return LF_FINDINGS;
	/* A shard may be empty; evidence may not. */
	if (s->skipped > 0 || (s->objects == 0 && t->c != NULL && s->dated == 0 && t->select.shards == 0))
		return LF_INCONCLUSIVE;
	if (t->integrity && (s->integrity[LF_INTEGRITY_UNPROVEN] + s->integrity[LF_INTEGRITY_NONE] > 0 || t->in_holes > 0))
		return LF_INCONCLUSIVE;
	return LF_VERIFIED;
}
