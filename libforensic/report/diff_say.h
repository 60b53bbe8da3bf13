/* How the forms of trail-diff say what differs: words, counts, and what proof says of it. */
#ifndef LF_REPORT_DIFF_SAY_H
#define LF_REPORT_DIFF_SAY_H

#include "base/buf.h"
#include "compare/diff.h"
#include "report/diff_places.h"

/* "same", "differ", "inconclusive". */
const char *lf_diff_result_name(enum lf_verdict v);

/* "Events changed": a heading for a kind. */
const char *lf_diff_title(enum lf_diff_kind kind);

/* How many of a kind there are; of kinds that lie on either side, on both together. */
uint64_t lf_diff_count(const struct lf_diff_summary *s, enum lf_diff_kind kind);

/* Whether a kind is of objects. */
bool lf_diff_is_object(enum lf_diff_kind kind);

/*
 * Appends why not all could be compared: "1 object of B could not be read; 2 events are not comparable"; nothing when
 * all could.
 */
void lf_diff_say_doubts(const struct lf_diff *d, struct lf_buf *out);

/* Appends the result as a sentence, without the word that stands in front of it. */
void lf_diff_say_meaning(const struct lf_diff *d, struct lf_buf *out);

/* Appends "120 events, 24 objects read, 2024-03-01T00:00:00Z to 2024-03-01T05:00:00Z; 2 further copies". */
void lf_diff_say_side(const struct lf_diff_summary *s, unsigned side, struct lf_buf *out);

/* What the proof says of a changed event, one sentence; NULL when nobody asked. */
const char *lf_diff_proof(const struct lf_diff_row *row);

/* How the proof divides the differences, and of which places they are. */
struct lf_diff_tally {
	struct lf_diff_places places;                /* of events on one side alone */
	bool asked;                                  /* whether anything shall be proved; else the counts below are 0 */
	uint64_t changed[2][2];                      /* events: A verified, B verified */
	uint64_t only[2][LF_INTEGRITY_UNKNOWN + 1];  /* events on one side alone */
};

/* Goes through the differences as far as it takes. */
int lf_diff_tally(struct lf_diff *d, struct lf_diff_tally *out, struct lf_err *err) __attribute__((warn_unused_result));

/* Calls say for each sentence that the tally gives. */
void lf_diff_say_tally(const struct lf_diff_tally *t, void (*say)(void *arg, const char *sentence), void *arg);

/* Calls say for each sentence that helps to see why much differs at once. */
void lf_diff_say_hints(const struct lf_diff *d, const struct lf_diff_tally *t,
    void (*say)(void *arg, const char *sentence), void *arg);

/* What a comparison does not show; NULL past the last. */
const char *lf_diff_limit_text(size_t i);

#endif
