/*
 * When each (account, region, trail) was covered, and by what (CLI.md, trail-gaps: coverage).
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
	int64_t start, end; /* half-open; spans of a line meet, and neighbours differ in state or before a restart */
	uint8_t state;      /* enum lf_cover */
	bool restart;       /* a start digest begins it, though the span before reaches up to it (a hole of zero length) */
	uint32_t logs;      /* listed in it */
	uint32_t logs_missing; /* of them absent from the evidence */
	uint32_t logs_unlisted; /* delivered in it, and in no digest */
};

/* One line of coverage: a standard chain, or an account and region for which only logs exist (trail NULL). */
struct lf_line {
	const char *account, *org, *region, *trail, *home_region; /* trail, home_region NULL without digests */
	const struct lf_span *spans;
	uint32_t n_spans;
	bool cut_head;      /* its first digest names one that the evidence lacks */
	int64_t named_head; /* the end of that one's window, LF_TIME_NONE unknown */
	bool backfilled;    /* backfill digests of the trail cover some of it */
};

struct lf_lines {
	struct lf_line *list; /* by account, region, trail, home region */
	uint32_t n;
	int64_t first, last;  /* of all windows and log-only times, or what --since and --until say; LF_TIME_NONE without any */
	struct lf_arena arena;
};

/*
 * Lays out the lines of a judged proof within [since, until).  A chain that ends over LF_TAIL_SLACK before last is
 * followed by an off span up to there (gaps decide what it is); one that starts with a start digest has nothing before it.
 * Where logs that no digest lists fall into a hole, the hours that they speak for are LF_COVER_UNKNOWN.  Linear in digests and logs.
 */
int lf_lines_make(const struct lf_proof *p, int64_t since, int64_t until, struct lf_lines *out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_lines_free(struct lf_lines *l);

/* Whether a line is covered (verified, unproven or quiet) throughout [start, end). */
bool lf_line_covers(const struct lf_line *l, int64_t start, int64_t end);

#endif
