/* What is known that may explain a hole: effective control events by what they touch, and which lines go on. */
#ifndef LF_COVERAGE_CLUES_H
#define LF_COVERAGE_CLUES_H

#include "coverage/control.h"
#include "coverage/spans.h"

enum lf_clue_kind {
	LF_CLUE_STOP,           /* of a trail, as are those up to LF_CLUE_TRAIL_ORG_OFF */
	LF_CLUE_DELETE,
	LF_CLUE_START,          /* StartLogging */
	LF_CLUE_CREATE,         /* CreateTrail: logs nothing before a start */
	LF_CLUE_VALIDATION_OFF,
	LF_CLUE_VALIDATION_ON,
	LF_CLUE_SINGLE_REGION,
	LF_CLUE_MULTI_REGION,
	LF_CLUE_TRAIL_ORG_OFF,
	LF_CLUE_ORG_OFF,        /* of organizations as such: a, b, c are "" */
	LF_CLUE_REGION_OFF,     /* a region, b account */
	LF_CLUE_REGION_ON,
	LF_CLUE_ACCOUNT_LEFT,   /* a account */
	LF_CLUE_DELIVERY,       /* a bucket; "" a key or whatever else all trails may use */
	LF_CLUE_NONE
};

/* Of a trail: a its name, b its home region, c the account, "" for an organization's trail. */
struct lf_clue_key {
	enum lf_clue_kind kind;
	const char *a, *b, *c;
};

struct lf_clue {
	struct lf_clue_key key;
	const struct lf_control *control;
};

/* How long a line's trail goes on, here and elsewhere; LF_TIME_NONE: never covered. */
struct lf_survival {
	/* end of what is covered: of the line, of the trail's lines of its account, of other accounts */
	int64_t line, account, others;
	uint32_t home;                 /* the line of the same account in the home region; LF_NONE */
	uint32_t trail;                /* number of its trail, the same for all of its lines; LF_NONE without digests */
};

/* The latest end of those stretches of a trail that start at start or before. */
struct lf_stretch {
	uint32_t trail;
	int64_t start, end;
};

/* By trail and start (coverage/stretches.h). */
struct lf_stretches {
	struct lf_stretch *list;
	uint32_t n;
};

struct lf_clues {
	struct lf_clue *list, *proved; /* all, and those of verified logs */
	uint32_t n, n_proved;
	struct lf_survival *survival; /* one for each line */
	struct lf_stretches stretches;
};

/* Failed attempts are left out.  n log n in events and lines. */
int lf_clues_make(const struct lf_lines *l, const struct lf_controls *c, struct lf_clues *out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_clues_free(struct lf_clues *c);

/* The key under which events about a line's trail stand. */
struct lf_clue_key lf_clue_key(const struct lf_line *line, enum lf_clue_kind kind);

/*
 * The last event of a key at t or before; the first at t or later; NULL without.  With proved, of verified logs alone.
 */
const struct lf_control *lf_clues_until(const struct lf_clues *c, const struct lf_clue_key *key, int64_t t, bool proved);
const struct lf_control *lf_clues_from(const struct lf_clues *c, const struct lf_clue_key *key, int64_t t, bool proved);

#endif
