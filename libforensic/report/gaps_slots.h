/* Coverage as a row of slots of equal length: what a strip of text and a heat map show. */
#ifndef LF_REPORT_GAPS_SLOTS_H
#define LF_REPORT_GAPS_SLOTS_H

#include "coverage/coverage.h"

/* What a slot shows: the worst that lies in it, from harmless to bad. */
enum lf_sign {
	LF_SIGN_NONE,        /* outside what the line speaks of */
	LF_SIGN_QUIET,
	LF_SIGN_VERIFIED,
	LF_SIGN_UNPROVEN,
	LF_SIGN_UNKNOWN,
	LF_SIGN_OFF,         /* of no gap that is listed: too short */
	LF_SIGN_MISSING,
	LF_SIGN_EXPLAINED,   /* a gap */
	LF_SIGN_UNEXPLAINED,
	LF_SIGNS
};

struct lf_slots {
	int64_t start, seconds; /* of the first slot; of each */
	uint32_t n;             /* 0 when there is nothing to show */
};

/* At most max slots (max > 0) over [first, last], each a length that people think in and no shorter than least. */
struct lf_slots lf_slots_make(int64_t first, int64_t last, uint32_t max, int64_t least);

/* The slot of a time, kept within the slots. */
uint32_t lf_slot_of(const struct lf_slots *s, int64_t t);

/* "15 minutes", "hour", "2 days", in buf. */
const char *lf_slots_length(int64_t seconds, char buf[32]);

/* The gaps of each line. */
struct lf_gap_index {
	uint32_t *first; /* of line i: gaps first[i] to first[i + 1] */
	uint32_t *gaps;  /* places in the list of gaps, by start */
};
bool lf_gap_index_make(const struct lf_coverage *c, struct lf_gap_index *out); /* false when memory is out */
void lf_gap_index_free(struct lf_gap_index *x);

/*
 * Raise the signs (s->n of them, LF_SIGN_NONE at first) to what a line shows.  Its states, but for holes that a listed
 * gap accounts for; its gaps, of which one without length (a restart) shows, too.
 */
void lf_slots_states(const struct lf_slots *s, const struct lf_coverage *c, const struct lf_gap_index *x, uint32_t line,
    unsigned char *signs);
void lf_slots_gaps(const struct lf_slots *s, const struct lf_coverage *c, const struct lf_gap_index *x, uint32_t line,
    unsigned char *signs);

#endif
