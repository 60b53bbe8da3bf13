/* What unproven digests behind the last verified one of a line claim, and what of it shows no coverage. */
#ifndef LF_COVERAGE_DOUBT_H
#define LF_COVERAGE_DOUBT_H

#include "coverage/clues.h"
#include "coverage/spans.h"

/* Reused for line after line: the room stays. */
struct lf_doubt {
	struct lf_span *spans;
	size_t n, cap;
};

void lf_doubt_free(struct lf_doubt *d);

/*
 * A line as gaps are looked for in it, in *out; its spans are the line's own, or lie in d until the next call.  Anybody
 * can add digests that no key reaches, so that they take no gap away: where anything of the evidence is proved, time
 * behind the last verified window of a line that only they cover, or say to be missing, is off, and doubted,
 * - from a window's edge at or behind a verified call that stopped or deleted the trail, or switched its validation or
 *   its other regions off, up to one that undid it (to the window in which that was, or to the start digest that
 *   follows it); but no line of a trail that was stopped or deleted goes on, proved; and
 * - where they cover it, and the evidence goes on, proved, for over LF_TAIL_SLACK behind the line's last verified
 *   window.  But one window with a hole behind it is let be: of the last digest of a segment the signature stands in
 *   metadata alone.
 * A line without a verified window has only the first.  What begins at a call, or behind one, is a hole of its own
 * (apart).  n log n in spans and events.  Returns -1 when memory is out.
 */
int lf_doubt_line(struct lf_doubt *d, const struct lf_lines *l, const struct lf_line *line, const struct lf_clues *clues,
    struct lf_line *out) __attribute__((warn_unused_result, nonnull));

#endif
