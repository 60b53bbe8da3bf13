#include "coverage/gaps.h"

#include <stdlib.h>
#include <string.h>

#include "coverage/attribute.h"
#include "coverage/doubt.h"
#include "timeline/timeline.h"

/* AWS allows five trails in a region of an account; who plants more digests than that makes nobody wait. */
#define MOST_SIBLINGS 64

const char *const lf_cause_names[LF_CAUSES] = {
    [LF_CAUSE_LOGGING_STOPPED] = "logging-stopped",
    [LF_CAUSE_TRAIL_DELETED] = "trail-deleted",
    [LF_CAUSE_VALIDATION_DISABLED] = "validation-disabled",
    [LF_CAUSE_REGION_DROPPED] = "region-dropped",
    [LF_CAUSE_REGION_DISABLED] = "region-disabled",
    [LF_CAUSE_ACCOUNT_LEFT] = "account-left",
    [LF_CAUSE_DELIVERY_FAILURE] = "delivery-failure",
    [LF_CAUSE_DIGEST_MISSING] = "digest-missing",
    [LF_CAUSE_LOG_MISSING] = "log-missing",
    [LF_CAUSE_EVIDENCE_CUT] = "evidence-cut",
    [LF_CAUSE_UNEXPLAINED] = "unexplained",
};

/* The search through the lines, one after another. */
struct finder {
	const struct lf_lines *l;
	struct lf_clues clues;
	struct lf_gaps *out;
	struct lf_list found; /* struct lf_gap */
	struct lf_doubt doubt;
	uint32_t line;
	struct lf_line now;   /* it, as far as its unproven windows count */
	int64_t used;         /* when what explained a hole of the line last happened */
	int64_t used_proved;  /* the same of events of verified logs */
	uint32_t last;        /* number + 1 of the line's last gap of digests, 0 without */
};

static const struct lf_line *
line_of(const struct finder *f)
{
	return &f->now;
}

/* ---- keeping ---- */

static int
keep(struct finder *f, const struct lf_gap *gap)
{
	struct lf_gap *kept = lf_list_push(&f->found);

	if (kept == NULL)
		return -1;
	*kept = *gap;
	return 0;
}

/* Keeps a gap between digests, joined to the one before where that has the same cause and no other culprit. */
static int
keep_hole(struct finder *f, const struct lf_gap *gap)
{
	struct lf_gap *before = f->last > 0 ? lf_list_at(&f->found, f->last - 1) : NULL;

	if (before != NULL && before->end == gap->start && before->start < before->end && gap->start < gap->end &&
	    before->cause == gap->cause && gap->by == before->by && gap->ended_by == before->ended_by) {
		before->end = gap->end;
		before->open = gap->open;
		before->doubted |= gap->doubted;
		before->count += gap->count;
		return 0;
	}
	if (keep(f, gap) != 0)
		return -1;
	f->last = f->found.n;
	return 0;
}

/* ---- holes ---- */

/* The end of a run of spans of one kind that are not covered. */
static uint32_t
run_end(const struct lf_line *line, uint32_t i)
{
	bool missing = line->spans[i].state == LF_COVER_MISSING;
	uint32_t end = i;

	while (end < line->n_spans && !lf_span_covered(&line->spans[end]) &&
	    (line->spans[end].state == LF_COVER_MISSING) == missing && (end == i || !line->spans[end].apart))
		end++;
	return end;
}

/*
 * The end of the run of spans from i on, behind a verified window and up to another, that holds windows of digests that
 * no key reaches: anybody can have made those, and what they say to be missing.  Where the chain goes on behind a
 * missing digest, one window is let be: of the last digest before that the signature stands in metadata alone.  i
 * without.
 */
static uint32_t
unproven_end(const struct lf_line *line, uint32_t i)
{
	int64_t unproven = 0;
	uint32_t end = i;

	if (i == 0 || !lf_span_holds(&line->spans[i - 1], true))
		return i;
	for (; end < line->n_spans && !lf_span_holds(&line->spans[end], true); end++)
		if (line->spans[end].state == LF_COVER_UNPROVEN)
			unproven += line->spans[end].end - line->spans[end].start;
	if (unproven == 0 || end == line->n_spans)
		return i;
	if (line->spans[end].restart || line->spans[end - 1].state >= LF_COVER_OFF)
		return end;
	return line->spans[end - 1].state == LF_COVER_MISSING && unproven > LF_HOUR ? end : i;
}

/* Whether only digests that no key reaches speak for a span. */
static bool
unproven(const struct lf_span *s)
{
	return s->state == LF_COVER_UNPROVEN || s->doubted;
}

/* A run of spans as a hole: [i, end). */
static struct lf_blank
blank_of(const struct finder *f, uint32_t i, uint32_t end)
{
	const struct lf_line *line = line_of(f);
	struct lf_blank b = {.line = f->line, .start = line->spans[i].start, .after = f->used, .after_proved = f->used_proved};

	b.late = b.start;
	if (unproven(&line->spans[i]))
		b.late = line->spans[i].end < b.start + LF_HOUR ? line->spans[i].end : b.start + LF_HOUR;
	for (; i < end; i++) {
		b.end = line->spans[i].end;
		b.voiced |= line->spans[i].state == LF_COVER_UNKNOWN;
		b.doubted |= unproven(&line->spans[i]);
		b.unlisted += line->spans[i].logs_unlisted;
	}
	b.open = i == line->n_spans && b.end >= f->l->last;
	b.cut = b.start == f->l->first && b.start > line->begins;
	return b;
}

/* What no event explains, and a start digest ends: where logs go on, validation must have been off. */
static int
keep_unexplained(struct finder *f, const struct lf_gap *whole, uint32_t i, uint32_t end)
{
	const struct lf_span *spans = line_of(f)->spans;
	struct lf_gap before = *whole, voiced = *whole, after = *whole;

	while (i < end && spans[i].state != LF_COVER_UNKNOWN)
		i++;
	while (end > i && spans[end - 1].state != LF_COVER_UNKNOWN)
		end--;
	before.end = voiced.start = spans[i].start;
	voiced.end = after.start = spans[end - 1].end;
	voiced.cause = LF_CAUSE_VALIDATION_DISABLED;
	if (before.start < before.end) {
		before.ended_by = NULL;
		before.n_events = 0;
		if (keep_hole(f, &before) != 0)
			return -1;
	}
	if (after.start < after.end) {
		voiced.ended_by = NULL;
		voiced.n_events = 0;
	}
	if (keep_hole(f, &voiced) != 0)
		return -1;
	return after.start < after.end ? keep_hole(f, &after) : 0;
}

/*
 * An event explains one hole of a line, and none that follows; what no digest proves takes nothing from what is proved.
 */
static void
use(struct finder *f, const struct lf_control *by)
{
	if (f->used == LF_TIME_NONE || by->time > f->used)
		f->used = by->time;
	if (by->integrity == LF_INTEGRITY_VERIFIED && (f->used_proved == LF_TIME_NONE || by->time > f->used_proved))
		f->used_proved = by->time;
}

/* How many digests are missing in [i, end). */
static uint32_t
absent(const struct lf_line *line, uint32_t i, uint32_t end)
{
	int64_t sum = 0;

	for (; i < end; i++)
		if (line->spans[i].state == LF_COVER_MISSING)
			sum += line->spans[i].end - line->spans[i].start;
	return (uint32_t)((sum + LF_HOUR - 1) / LF_HOUR);
}

static int
hole(struct finder *f, const struct lf_blank *b, uint32_t i, uint32_t end)
{
	struct lf_gap gap = {.line = f->line, .start = b->start, .end = b->end, .open = b->open, .voiced = b->voiced,
	    .doubted = b->doubted};

	if (b->missing)
		gap.count = absent(line_of(f), i, end);
	if (lf_attribute(f->l, &f->clues, b, &gap, &f->out->arena) != 0)
		return -1;
	if (gap.by != NULL && gap.cause != LF_CAUSE_DELIVERY_FAILURE)
		use(f, gap.by);
	if (b->edge && gap.cause == LF_CAUSE_UNEXPLAINED)
		return 0;
	return gap.cause == LF_CAUSE_UNEXPLAINED && b->voiced && !b->open ? keep_unexplained(f, &gap, i, end) : keep_hole(f, &gap);
}

/* What was cut off before the first digest that counts: [0, *end). */
static int
cut_head(struct finder *f, uint32_t *end)
{
	const struct lf_line *line = line_of(f);
	struct lf_gap gap = {.line = f->line, .cause = LF_CAUSE_EVIDENCE_CUT};

	while (*end < line->n_spans && line->spans[*end].end <= line->head_end)
		(*end)++;
	gap.start = line->spans[0].start > line->begins ? line->spans[0].start : line->begins;
	gap.end = line->spans[*end - 1].end;
	gap.count = (uint32_t)((gap.end - gap.start + LF_HOUR - 1) / LF_HOUR);
	return keep_hole(f, &gap);
}

/* Behind a line that is covered, or should be, up to its end; but not where --until cut it. */
static int
edge(struct finder *f)
{
	const struct lf_line *line = line_of(f);
	const struct lf_span *s = line->n_spans == 0 ? NULL : &line->spans[line->n_spans - 1];
	struct lf_blank b = {.line = f->line, .edge = true, .open = true, .after = f->used,
	    .after_proved = f->used_proved};

	if (s == NULL || s->state == LF_COVER_OFF || s->state == LF_COVER_UNKNOWN || s->end == f->l->until)
		return 0;
	b.start = b.end = b.late = s->end;
	return hole(f, &b, 0, 0);
}

/* Whether the verified digest that begins with a span goes on with a chain: it is no start. */
static bool
in_chain(const struct lf_line *line, uint32_t i)
{
	return i < line->n_spans && lf_span_holds(&line->spans[i], true) && !line->spans[i].restart &&
	    line->spans[i - 1].state == LF_COVER_MISSING;
}

/* A hole that begins with span i, or is of no length before it; *end is where it ends, i + 1 without. */
static int
hole_at(struct finder *f, uint32_t i, uint32_t *end)
{
	const struct lf_line *line = line_of(f);
	const struct lf_span *s = &line->spans[i];
	uint32_t to = unproven_end(line, i);
	struct lf_blank b = {.line = f->line, .start = s->start, .end = s->start, .late = s->start, .restart = true,
	    .after = f->used, .after_proved = f->used_proved};

	*end = i + 1;
	if (i == 0 && line->cut_head && (s->state == LF_COVER_MISSING || s->end <= line->head_end))
		return cut_head(f, end);
	if (to == i && !lf_span_covered(s) && s->end > line->begins)
		to = run_end(line, i);
	if (to > i) {
		b = blank_of(f, i, *end = to);
		b.missing = line->spans[to - 1].state == LF_COVER_MISSING && (run_end(line, i) == to || in_chain(line, to));
		return hole(f, &b, i, to);
	}
	return s->restart ? hole(f, &b, i, *end) : 0;
}

/* The holes between digests of a line.  What ends one that unproven digests fill restarts nothing besides. */
static int
holes(struct finder *f)
{
	const struct lf_line *line = line_of(f);

	for (uint32_t i = 0, end; i < line->n_spans; i = end) {
		bool filled = unproven_end(line, i) > i;

		if (hole_at(f, i, &end) != 0)
			return -1;
		if (filled && line->spans[end].restart)
			end++;
	}
	return edge(f);
}

static int
lost_logs(struct finder *f)
{
	const struct lf_line *line = line_of(f);

	for (uint32_t i = 0; i < line->n_lost && !f->l->digests_alone; i++) {
		struct lf_gap gap = {.line = f->line, .start = line->lost[i].start, .end = line->lost[i].end,
		    .cause = LF_CAUSE_LOG_MISSING, .count = line->lost[i].logs};
		if (keep(f, &gap) != 0)
			return -1;
	}
	return 0;
}

/* ---- who else saw ---- */

/* The run of lines of one account and region around a line. */
static void
siblings_of(const struct lf_lines *l, uint32_t line, uint32_t *from, uint32_t *to)
{
	const struct lf_line *x = &l->list[line];

	*from = line;
	*to = line + 1;
	while (*from > 0 && line - *from < MOST_SIBLINGS && strcmp(l->list[*from - 1].account, x->account) == 0 &&
	    strcmp(l->list[*from - 1].region, x->region) == 0)
		(*from)--;
	while (*to < l->n && *to - line < MOST_SIBLINGS && strcmp(l->list[*to].account, x->account) == 0 &&
	    strcmp(l->list[*to].region, x->region) == 0)
		(*to)++;
}

/* Two trails of one name but of different home regions cover each other, and are named once. */
static int
find_cover(const struct lf_lines *l, struct lf_gap *gap, struct lf_arena *arena)
{
	int64_t end = gap->end > gap->start ? gap->end : gap->start + 1;
	const char *names[2 * MOST_SIBLINGS], **kept;
	uint32_t from, to, n = 0;

	siblings_of(l, gap->line, &from, &to);
	for (uint32_t i = from; i < to; i++) {
		const char *trail = l->list[i].trail;
		if (i != gap->line && trail != NULL && (n == 0 || strcmp(names[n - 1], trail) != 0) &&
		    lf_line_covers(&l->list[i], gap->start, end, l->proved))
			names[n++] = trail;
	}
	if (n == 0)
		return 0;
	if ((kept = lf_arena_alloc(arena, n * sizeof(*kept))) == NULL)
		return -1;
	memcpy(kept, names, n * sizeof(*kept));
	gap->covered_by = kept;
	gap->n_covered_by = n;
	return 0;
}

/* ---- all ---- */

/* Lines are sorted by account, region and trail. */
static int
gap_cmp(const void *x, const void *y)
{
	const struct lf_gap *a = x, *b = y;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->end != b->end)
		return a->end < b->end ? -1 : 1;
	return (int)a->cause - (int)b->cause;
}

/* Takes over what was found, finished. */
static int
finish(struct finder *f)
{
	struct lf_gaps *out = f->out;

	out->list = lf_arena_alloc(&out->arena, f->found.n * sizeof(*out->list));
	if (out->list == NULL)
		return -1;
	for (uint32_t i = 0; i < f->found.n; i++) {
		struct lf_gap *gap = lf_list_at(&f->found, i);

		gap->reading = lf_attribute_reading(gap);
		if (find_cover(f->l, gap, &out->arena) != 0)
			return -1;
		out->list[out->n++] = *gap;
	}
	if (out->n > 0)
		qsort(out->list, out->n, sizeof(*out->list), gap_cmp);
	return 0;
}

int
lf_gaps_find(const struct lf_lines *l, const struct lf_controls *c, struct lf_gaps *out, struct lf_err *err)
{
	struct finder f = {.l = l, .out = out};
	int rc = -1;

	memset(out, 0, sizeof(*out));
	lf_arena_init(&out->arena);
	lf_list_init(&f.found, sizeof(struct lf_gap));
	if (lf_clues_make(l, c, &f.clues, err) != 0)
		return -1;
	for (f.line = 0; f.line < l->n; f.line++) {
		f.used = f.used_proved = LF_TIME_NONE;
		f.last = 0;
		if (lf_doubt_line(&f.doubt, l, &l->list[f.line], &f.clues, &f.now) != 0 ||
		    (f.now.trail != NULL && (holes(&f) != 0 || lost_logs(&f) != 0)))
			goto nomem;
	}
	if (finish(&f) != 0)
		goto nomem;
	rc = 0;
	goto out;
nomem:
	lf_err_nomem(err);
	lf_gaps_free(out);
out:
	lf_doubt_free(&f.doubt);
	lf_clues_free(&f.clues);
	lf_list_free(&f.found);
	return rc;
}

void
lf_gaps_drop_short(struct lf_gaps *g, int64_t min)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < g->n; i++) {
		if (g->list[i].end - g->list[i].start >= min) {
			g->list[n++] = g->list[i];
			continue;
		}
		g->left_out++;
		g->left_open += g->list[i].open;
		g->left_unexplained += !g->list[i].explained;
	}
	g->n = n;
}

void
lf_gaps_free(struct lf_gaps *g)
{
	lf_arena_free(&g->arena);
	g->list = NULL;
	g->n = 0;
}
