#include "coverage/attribute.h"

#include <stdlib.h>
#include <string.h>

#include "coverage/stretches.h"
#include "timeline/timeline.h"

#define NEAR       (LF_HOUR + LF_LOG_AFTER)
#define NEAR_BROKE (2 * LF_HOUR) /* what delivery needs was touched this long before it failed, at most */
#define MOST       4             /* events of one gap */

/* One hole under attribution. */
struct hole {
	const struct lf_lines *l;
	const struct lf_clues *clues;
	const struct lf_blank *b;
	const struct lf_line *line;
	const struct lf_survival *alive;
	bool proved; /* only events of verified logs count */
};

/* What may end coverage, and what undoes it. */
struct ending {
	enum lf_cause cause;
	enum lf_clue_kind kind, undo, undo_else; /* LF_CLUE_NONE without */
	bool (*holds)(const struct hole *h);     /* or NULL */
};

/* ---- conditions ---- */

/* Only other regions than the trail's home end, and home goes on as far as the evidence shows. */
static bool
home_goes_on(const struct hole *h)
{
	if (strcmp(h->line->region, h->line->home_region) == 0)
		return false;
	return h->b->edge || h->alive->home == LF_NONE || h->clues->survival[h->alive->home].line >= h->b->start + LF_HOUR;
}

/* All that the trail has of the account ends, and other accounts of it go on, or would if the evidence did. */
static bool
others_go_on(const struct hole *h)
{
	if (h->b->edge)
		return h->line->org[0] != '\0';
	if (h->alive->others == LF_TIME_NONE || h->alive->others < h->b->start + LF_HOUR)
		return false;
	return !h->b->open || h->alive->account <= h->b->start + LF_TAIL_SLACK;
}

/*
 * No line of the trail goes on throughout a hole, from an hour before it to one behind it: other lines end and begin
 * again somewhat earlier or later, or restart.  Behind an open one they go on to the end of the evidence, but for what
 * may be on its way.
 */
static bool
all_lines_end(const struct hole *h)
{
	const struct lf_blank *b = h->b;
	int64_t start = b->start - LF_HOUR, end = b->end + LF_HOUR;

	if (b->edge || b->restart)
		return true;
	if (start < h->l->first + LF_HOUR)
		start = h->l->first + LF_HOUR < b->start ? h->l->first + LF_HOUR : b->start;
	if (b->open)
		end = b->end - LF_TAIL_SLACK > b->start + NEAR ? b->end - LF_TAIL_SLACK : b->start + NEAR;
	else if (end > h->l->last - LF_HOUR)
		end = h->l->last - LF_HOUR > b->end ? h->l->last - LF_HOUR : b->end;
	return !lf_stretches_cover(&h->clues->stretches, h->alive->trail, start, end);
}

static const struct ending endings[] = {
    {LF_CAUSE_VALIDATION_DISABLED, LF_CLUE_VALIDATION_OFF, LF_CLUE_VALIDATION_ON, LF_CLUE_START, NULL},
    {LF_CAUSE_TRAIL_DELETED, LF_CLUE_DELETE, LF_CLUE_START, LF_CLUE_CREATE, all_lines_end},
    {LF_CAUSE_LOGGING_STOPPED, LF_CLUE_STOP, LF_CLUE_START, LF_CLUE_CREATE, all_lines_end},
    {LF_CAUSE_REGION_DROPPED, LF_CLUE_SINGLE_REGION, LF_CLUE_MULTI_REGION, LF_CLUE_START, home_goes_on},
    {LF_CAUSE_REGION_DISABLED, LF_CLUE_REGION_OFF, LF_CLUE_REGION_ON, LF_CLUE_NONE, NULL},
    {LF_CAUSE_ACCOUNT_LEFT, LF_CLUE_ACCOUNT_LEFT, LF_CLUE_NONE, LF_CLUE_NONE, others_go_on},
    {LF_CAUSE_ACCOUNT_LEFT, LF_CLUE_TRAIL_ORG_OFF, LF_CLUE_NONE, LF_CLUE_NONE, others_go_on},
    {LF_CAUSE_ACCOUNT_LEFT, LF_CLUE_ORG_OFF, LF_CLUE_NONE, LF_CLUE_NONE, others_go_on},
};
#define ENDINGS (sizeof(endings) / sizeof(endings[0]))

/* ---- looking events up ---- */

static struct lf_clue_key
key_of(const struct hole *h, enum lf_clue_kind kind)
{
	switch (kind) {
	case LF_CLUE_ORG_OFF:
		return (struct lf_clue_key){kind, "", "", ""};
	case LF_CLUE_REGION_OFF:
	case LF_CLUE_REGION_ON:
		return (struct lf_clue_key){kind, h->line->region, h->line->account, ""};
	case LF_CLUE_ACCOUNT_LEFT:
		return (struct lf_clue_key){kind, h->line->account, "", ""};
	default:
		return lf_clue_key(h->line, kind);
	}
}

static const struct lf_control *
until(const struct hole *h, enum lf_clue_kind kind, int64_t t)
{
	struct lf_clue_key key = key_of(h, kind);

	return lf_clues_until(h->clues, &key, t, h->proved);
}

static const struct lf_control *
from(const struct hole *h, enum lf_clue_kind kind, int64_t t)
{
	struct lf_clue_key key = key_of(h, kind);

	return lf_clues_from(h->clues, &key, t, h->proved);
}

/* Whether what an event ended had begun again too early for it to explain the hole. */
static bool
undone(const struct hole *h, const struct lf_control *x, enum lf_clue_kind undo, bool late)
{
	const struct lf_blank *b = h->b;
	const struct lf_control *r = from(h, undo, x->time);
	int64_t slack = b->open ? LF_TAIL_SLACK : LF_HOUR;

	if (b->edge)
		return r != NULL;
	if (b->restart)
		return r == NULL || r->time < b->end - LF_HOUR || (late && r->time > b->start + LF_HOUR);
	return r != NULL && (r->time < b->end - slack || (!b->cut && r->time < b->start - LF_LOG_AFTER));
}

/* The event of an ending that lies near the hole's start, up to hi. */
static const struct lf_control *
near_start(const struct hole *h, const struct ending *e, int64_t hi, bool late)
{
	const struct lf_blank *b = h->b;
	const struct lf_control *x = until(h, e->kind, hi), *before;
	int64_t lo = b->cut ? LF_TIME_NONE : b->start - NEAR, after = h->proved ? b->after_proved : b->after;

	if (after != LF_TIME_NONE && lo <= after)
		lo = after + 1;
	if (x == NULL || x->time < lo)
		return NULL;
	before = until(h, e->undo, x->time - 1);
	if (before != NULL && before->time >= lo)
		lo = before->time + 1;
	x = from(h, e->kind, lo);
	return x == NULL || undone(h, x, e->undo, late) ? NULL : x;
}

/*
 * Whether an event ends a line that nothing shows to have ended: not what lies behind --until, and who takes a trail
 * from the organization keeps it for himself.
 */
static bool
ends(const struct hole *h, const struct ending *e, const struct lf_control *x)
{
	if (h->l->until != LF_TIME_NONE && x->time >= h->l->until)
		return false;
	return (e->kind != LF_CLUE_ORG_OFF && e->kind != LF_CLUE_TRAIL_ORG_OFF) || strcmp(x->account, h->line->account) != 0;
}

static const struct lf_control *
ending_of(const struct hole *h, const struct ending *e)
{
	const struct lf_blank *b = h->b;
	const struct lf_control *x;
	int64_t hi = b->late + LF_HOUR;

	if (e->holds != NULL && !e->holds(h))
		return NULL;
	if ((x = near_start(h, e, b->start, false)) == NULL) {
		if (!b->restart && !b->edge && hi > b->end)
			hi = b->end;
		x = near_start(h, e, hi, true);
	}
	return x != NULL && b->edge && !ends(h, e, x) ? NULL : x;
}

/* The event of a kind nearest to the hole's end, and not before what ended coverage. */
static const struct lf_control *
near_end(const struct hole *h, enum lf_clue_kind kind, const struct lf_control *by)
{
	int64_t end = h->b->end, lo = end - LF_HOUR;
	const struct lf_control *a, *z;

	if (kind == LF_CLUE_NONE)
		return NULL;
	if (by != NULL && by->time > lo)
		lo = by->time;
	a = until(h, kind, end);
	z = from(h, kind, end + 1 > lo ? end + 1 : lo);
	if (a != NULL && a->time < lo)
		a = NULL;
	if (z != NULL && z->time > end + LF_HOUR)
		z = NULL;
	if (a == NULL || z == NULL)
		return a != NULL ? a : z;
	return z->time - end < end - a->time ? z : a;
}

/* ---- the gap ---- */

static int
time_cmp(const void *x, const void *y)
{
	const struct lf_control *a = *(const struct lf_control *const *)x, *b = *(const struct lf_control *const *)y;
	int c;

	if (a->time != b->time)
		return a->time < b->time ? -1 : 1;
	c = strcmp(a->event_id, b->event_id);
	return c != 0 ? c : strcmp(a->account, b->account);
}

/* A trail that is deleted or created beside being stopped or started tells as much: what of it lies in the hole. */
static const struct lf_control *
beside(const struct hole *h, const struct lf_gap *gap, enum lf_clue_kind kind)
{
	int64_t lo = gap->by != NULL ? gap->by->time - LF_LOG_AFTER : h->b->start;
	int64_t hi = gap->ended_by != NULL ? gap->ended_by->time : h->b->end;
	const struct lf_control *x = until(h, kind, hi);

	return x == NULL || x->time < lo || x == gap->by || x == gap->ended_by ? NULL : x;
}

/* ... as verified logs tell it, else as any. */
static const struct lf_control *
told_beside(struct hole *h, const struct lf_gap *gap, enum lf_clue_kind kind)
{
	const struct lf_control *x;

	h->proved = true;
	x = beside(h, gap, kind);
	h->proved = false;
	return x != NULL ? x : beside(h, gap, kind);
}

static int
prove(struct hole *h, struct lf_gap *gap, struct lf_arena *arena)
{
	bool stopped = gap->cause == LF_CAUSE_LOGGING_STOPPED || gap->cause == LF_CAUSE_TRAIL_DELETED;
	const struct lf_control *all[MOST] = {gap->by, gap->ended_by}, **kept;
	uint32_t n = 0;

	if (stopped) {
		all[2] = told_beside(h, gap, gap->cause == LF_CAUSE_TRAIL_DELETED ? LF_CLUE_STOP : LF_CLUE_DELETE);
		all[3] = gap->ended_by != NULL ? told_beside(h, gap, LF_CLUE_CREATE) : NULL;
	}
	if ((kept = lf_arena_alloc(arena, sizeof(all))) == NULL)
		return -1;
	for (uint32_t i = 0; i < MOST; i++)
		if (all[i] != NULL)
			kept[n++] = all[i];
	qsort(kept, n, sizeof(struct lf_control *), time_cmp);
	gap->events = kept;
	gap->n_events = n;
	return 0;
}

static bool
verified(const struct lf_control *x)
{
	return x != NULL && x->integrity == LF_INTEGRITY_VERIFIED;
}

/*
 * The ending that explains the hole; its event in gap->by.  The latest counts, but where logs go on it is validation
 * that ended.
 */
static const struct ending *
choose(const struct hole *h, struct lf_gap *gap)
{
	const struct ending *best = NULL;

	for (size_t i = 0; i < ENDINGS; i++) {
		const struct lf_control *x = ending_of(h, &endings[i]);

		if (x == NULL || (gap->by != NULL && gap->by->time >= x->time))
			continue;
		best = &endings[i];
		gap->by = x;
		if (h->b->voiced && best->cause == LF_CAUSE_VALIDATION_DISABLED)
			break;
	}
	return best;
}

static bool
backfilled(const struct hole *h)
{
	uint32_t lo = 0, hi = h->line->n_backfill;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (h->line->backfill[mid].end <= h->b->start)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < h->line->n_backfill && h->line->backfill[lo].start <= h->b->start && h->b->end <= h->line->backfill[lo].end;
}

/* The last event near the start that touched what delivery needs: the line's bucket, or a key. */
static const struct lf_control *
what_broke(const struct hole *h)
{
	const struct lf_blank *b = h->b;
	struct lf_clue_key bucket = {LF_CLUE_DELIVERY, h->line->bucket, "", ""}, key = {LF_CLUE_DELIVERY, "", "", ""};
	int64_t hi = b->end < b->start + LF_HOUR ? b->end : b->start + LF_HOUR;
	const struct lf_control *x = lf_clues_until(h->clues, &bucket, hi, h->proved);
	const struct lf_control *y = lf_clues_until(h->clues, &key, hi, h->proved);

	if (x == NULL || (y != NULL && y->time > x->time))
		x = y;
	return x != NULL && x->time >= b->start - NEAR_BROKE ? x : NULL;
}

static void
judge_delivery(const struct hole *h, struct lf_gap *gap)
{
	bool back = !h->b->restart && backfilled(h);

	if (h->b->restart || (h->b->unlisted > 0 && !back))
		return; /* logs came through */
	gap->by = what_broke(h);
	if (back || gap->by != NULL)
		gap->cause = LF_CAUSE_DELIVERY_FAILURE;
}

/*
 * What ended coverage, told by verified logs alone or by all.  Returns the ending; NULL where it is none, or delivery
 * failed.
 */
static const struct ending *
judge_by(struct hole *h, struct lf_gap *gap, bool proved)
{
	const struct ending *e;

	h->proved = proved;
	e = h->b->missing ? NULL : choose(h, gap);
	if (e != NULL)
		gap->cause = (uint8_t)e->cause;
	else if (!h->b->edge)
		judge_delivery(h, gap);
	return e;
}

/* What began coverage again after an ending, or after none that is known. */
static void
judge_end(struct hole *h, struct lf_gap *gap, const struct ending *e)
{
	enum lf_clue_kind undo = e != NULL ? e->undo : LF_CLUE_START, other = e != NULL ? e->undo_else : LF_CLUE_CREATE;

	for (int pass = 0; pass < 2 && gap->ended_by == NULL; pass++) {
		h->proved = pass == 0;
		gap->ended_by = near_end(h, undo, gap->by);
		if (gap->ended_by == NULL)
			gap->ended_by = near_end(h, other, gap->by);
	}
}

int
lf_attribute(const struct lf_lines *l, const struct lf_clues *clues, const struct lf_blank *b, struct lf_gap *gap,
    struct lf_arena *arena)
{
	struct hole h = {.l = l, .clues = clues, .b = b, .line = &l->list[b->line], .alive = &clues->survival[b->line]};
	const struct ending *e;

	gap->by = gap->ended_by = NULL;
	gap->cause = b->missing ? LF_CAUSE_DIGEST_MISSING : LF_CAUSE_UNEXPLAINED;
	e = judge_by(&h, gap, true);
	if (gap->by == NULL)
		e = judge_by(&h, gap, false);
	if (!b->missing && !b->open && gap->cause != LF_CAUSE_DELIVERY_FAILURE)
		judge_end(&h, gap, e);
	gap->explained = verified(gap->by) && (b->open || verified(gap->ended_by));
	return prove(&h, gap, arena);
}

const char *
lf_attribute_reading(const struct lf_gap *g)
{
	bool told = g->by != NULL;

	if (g->open && g->start == g->end)
		return "this ended coverage, and the evidence ends here: nothing shows that it began again";
	switch ((enum lf_cause)g->cause) {
	case LF_CAUSE_LOGGING_STOPPED:
		if (g->doubted)
			return "logging was stopped: there are digests of this time, but nothing proves them, and anybody can make such";
		return g->start == g->end ? "logging was stopped and started again within one window: nothing of the time between was recorded"
			: "logging was stopped: nothing of this time was recorded by the trail";
	case LF_CAUSE_TRAIL_DELETED:
		if (g->doubted)
			return "the trail was deleted: there are digests of this time, but nothing proves them, and anybody can make such";
		return "the trail was deleted: nothing of this time was recorded by it";
	case LF_CAUSE_VALIDATION_DISABLED:
		return told ? "validation was switched off: logs of this time, if any, are proved by nothing"
			: "logs go on, but no digest lists them: validation was off, or the digests are gone, or the logs are "
			  "another trail's or forged";
	case LF_CAUSE_REGION_DROPPED:
		return "the trail was made one of its home region only";
	case LF_CAUSE_REGION_DISABLED:
		return "the region was disabled for the account";
	case LF_CAUSE_ACCOUNT_LEFT:
		return "the account left what the organization's trail records";
	case LF_CAUSE_DELIVERY_FAILURE:
		return told ? "delivery seems to have failed after its bucket or key was touched; or what was delivered is gone"
			: "delivery was late: backfill digests list what of this time came afterwards";
	case LF_CAUSE_DIGEST_MISSING:
		return "digests that should be here are not, or are damaged: deleted, not copied, or never delivered";
	case LF_CAUSE_LOG_MISSING:
		return "logs that digests of this time list are not there: deleted, or not copied";
	case LF_CAUSE_EVIDENCE_CUT:
		return "the chain began before the evidence does: the copy was cut, or older digests are gone";
	default:
		if (g->doubted)
			return "no digest of this time is proved: those that are here may be forged; their keys, or their signatures out of "
			       "metadata, would tell; and no event says why coverage would have ended";
		if (g->open && g->voiced)
			return "logs go on behind the last digest, and no event says why: later digests were deleted or not copied, or "
			       "validation was switched off, or the logs are another trail's or forged";
		if (g->open)
			return "the chain ends, and no event says why: later digests were deleted, not copied, or logging ended";
		return g->ended_by != NULL ? "logging was started again, but no event says why it had ended"
			: "no event says why: logging or validation was off, or the digests and logs of this time are gone";
	}
}
