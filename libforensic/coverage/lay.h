/* The spans of one line in the making, laid from left to right. */
#ifndef LF_COVERAGE_LAY_H
#define LF_COVERAGE_LAY_H

#include "coverage/seen.h"
#include "coverage/spans.h"

/*
 * Reused for line after line: the room stays.  What fails to get memory sets failed, and nothing is laid from then on.
 */
struct lf_lay {
	const struct lf_body *body;
	int64_t since, until;        /* what lies outside is left out; LF_TIME_NONE for no bound */
	const struct lf_seen *seen;  /* logs of the line's account and region that no digest lists */
	uint32_t n_seen;
	int64_t cursor;              /* all before it is laid; LF_TIME_NONE: nothing is */
	struct lf_span *spans;
	uint32_t n;
	size_t cap;
	struct lf_lost *lost;
	uint32_t n_lost;
	size_t cap_lost;
	bool failed;
};

void lf_lay_free(struct lf_lay *l);

/* Starts a line at no time. */
void lf_lay_begin(struct lf_lay *l, const struct lf_seen *seen, uint32_t n_seen);

/* Lays [start, end) in a state that is no digest's, from the cursor if that is later. */
void lf_lay_blank(struct lf_lay *l, int64_t start, int64_t end, enum lf_cover state);

/* Lays a hole from the cursor to end: off, but for the hours that logs speak for. */
void lf_lay_off(struct lf_lay *l, int64_t end);

/*
 * Lays a digest that covers time from start on, and the hole before it where there is one.  Digests come in the order
 * of their ends.  A verified one pushes back what others claimed of its time.
 */
void lf_lay_digest(struct lf_lay *l, const struct lf_digest_row *d, int64_t start);

/* Counts the unlisted logs of every span, and copies what was laid into a line. */
int lf_lay_end(struct lf_lay *l, struct lf_line *line, struct lf_arena *arena) __attribute__((warn_unused_result));

#endif
