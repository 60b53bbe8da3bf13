/*
 * When each (account, region, trail) was covered, and by what (trail-gaps(1), COVERAGE).
 */
#ifndef LF_COVERAGE_SPANS_H
#define LF_COVERAGE_SPANS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/list.h"
#include "proof/rows.h"

enum lf_cover {
	LF_COVER_VERIFIED, /* a verified digest that lists logs */
	LF_COVER_UNPROVEN, /* a digest that no key reaches */
	LF_COVER_QUIET,    /* a verified digest that lists none: proved that nothing was delivered */
	LF_COVER_MISSING,  /* a digest that should be here */
	LF_COVER_OFF,      /* between segments: the next digest starts a chain anew; or behind the end of a chain */
	LF_COVER_UNKNOWN   /* only logs speak for this time */
};
extern const char *const lf_cover_names[LF_COVER_UNKNOWN + 1];

struct lf_span {
	int64_t start, end; /* half-open; neighbours differ in state, or a restart is between; see struct lf_line */
	uint8_t state;      /* enum lf_cover */
	/* a start digest begins it, though the span before reaches up to it (a hole of zero length) */
	bool restart;
	/* off although unproven digests cover it; and a hole of its own (coverage/doubt.h, which alone sets them) */
	bool doubted, apart;
	uint32_t logs;      /* listed in it */
	uint32_t logs_missing; /* of them absent from the evidence */
	uint32_t logs_unlisted; /* delivered in it, and in no digest */
};

/* A time whose digests list logs that the evidence lacks: windows that meet are joined. */
struct lf_lost {
	int64_t start, end;
	uint32_t logs; /* absent */
};

/*
 * One line of coverage: a standard chain, or an account and region for which only logs exist (trail NULL).  The spans
 * of a chain meet; those of a line without digests are the hours (of UTC) that logs speak for, and nothing is said of
 * the time between.
 */
struct lf_line {
	const char *account, *org, *region, *trail, *home_region; /* trail, home_region NULL without digests */
	const struct lf_span *spans;
	uint32_t n_spans;
	/* its first digest names one that the evidence lacks, or the first verified one does, and none before counts */
	bool cut_head;
	int64_t head_end;   /* with cut_head: where the window of that digest starts */
	int64_t named_head; /* the end of that one's window, LF_TIME_NONE unknown */
	/* when its first digest's window starts: what lies before was never seen covered; LF_TIME_NONE without */
	int64_t begins;
	bool backfilled;    /* backfill digests of the trail cover some of it: */
	const struct lf_window *backfill; /* their windows, sorted and apart; of the proof */
	uint32_t n_backfill;
	const struct lf_lost *lost; /* sorted and apart */
	uint32_t n_lost;
	const char *bucket; /* of its newest digest, "" unknown */
};

struct lf_lines {
	struct lf_line *list; /* by account, region, trail, home region */
	uint32_t n;
	/* of windows (coverage/bounds.h), or what --since and --until say; LF_TIME_NONE without any */
	int64_t first, last;
	int64_t shown_first, shown_last; /* the same, with what is not proved and yet hangs together with it */
	int64_t until;        /* what --until says, LF_TIME_NONE */
	bool proved;          /* some digest is verified: first and last are theirs */
	bool beyond;          /* something that is not proved claims to lie outside of what is shown */
	bool digests_alone;   /* digests list logs, and the evidence holds no log at all */
	struct lf_arena arena;
};

/*
 * Lays out the lines of a judged proof within [since, until) (LF_TIME_NONE for no bound).
 *
 * A digest that is malformed or invalid covers nothing; one that no key reaches covers no time that a verified one
 * covers, and the last hour only of a window of over two (digests are hourly).  One that stands where a verified
 * successor names another does not count.  A hole before a start digest is off, before any other missing.  A chain that
 * ends over LF_TAIL_SLACK before last is followed by an off span up to there (gaps decide what it is), and by a missing
 * one as far as metadata or a damaged digest shows that there were more; logs of the line behind last stretch it for
 * that line.  One that starts with a start digest has nothing before it but the hours that logs speak for; but one that
 * no key reaches is no start where the first verified digest behind it names another that the evidence lacks.  Before
 * another one is missing: from an hour before the time in the name of its predecessor, or from first if earlier.  Where
 * logs that no digest lists fall into an off hole, the hours (from its start on) that they speak for are unknown; a
 * missing digest stays one, and they are counted.  Unlisted copies of verified events say nothing: another trail wrote
 * them.  n log n in digests and logs.
 */
int lf_lines_make(const struct lf_proof *p, int64_t since, int64_t until, struct lf_lines *out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_lines_free(struct lf_lines *l);

/* Whether a span is covered: verified, unproven or quiet. */
static inline bool
lf_span_covered(const struct lf_span *s)
{
	return s->state <= LF_COVER_QUIET;
}

/* ... and by what is proved, where anything of the evidence is: verified or quiet. */
static inline bool
lf_span_holds(const struct lf_span *s, bool proved)
{
	return lf_span_covered(s) && !(proved && s->state == LF_COVER_UNPROVEN);
}

/*
 * Whether some trail of an account covers a region at some time in [start, end): proved to, where anything is proved.
 * log n in lines, and a few thousand spans at most.
 */
bool lf_lines_watch(const struct lf_lines *l, const char *account, const char *region, int64_t start, int64_t end);

/* Whether a line is covered throughout [start, end); with proved, by verified digests. */
bool lf_line_covers(const struct lf_line *l, int64_t start, int64_t end, bool proved);

#endif
