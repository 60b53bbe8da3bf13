/*
 * Of which accounts and regions the events are that stand on one side alone: a copy that lacks a whole account shows at
 * once.
 */
#ifndef LF_REPORT_DIFF_PLACES_H
#define LF_REPORT_DIFF_PLACES_H

#include "base/buf.h"
#include "compare/diff.h"

#define LF_DIFF_PLACES 64 /* told apart; the events of further ones and of none are counted together */
#define LF_DIFF_PLACE  24 /* bytes of an account or a region; what is longer, or has other signs, is none */

struct lf_diff_places {
	struct {
		char account[LF_DIFF_PLACE + 1], region[LF_DIFF_PLACE + 1];
		uint64_t n[2]; /* events only in A, in B */
	} list[LF_DIFF_PLACES];
	uint32_t n, last;
	uint64_t others[2];
};

/* Counts an event that stands on one side alone.  All bytes of places are 0 at first. */
void lf_diff_places_add(struct lf_diff_places *p, const struct lf_diff_row *row, unsigned side);

/*
 * Appends "111122223333 us-east-1 48, 444455556666 eu-west-1 12, others 3", the most first, a few of them; nothing for
 * a side without.
 */
void lf_diff_places_say(const struct lf_diff_places *p, unsigned side, struct lf_buf *out);

#endif
