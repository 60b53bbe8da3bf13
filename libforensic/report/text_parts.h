/* Parts that the texts of several tools share. */
#ifndef LF_REPORT_TEXT_PARTS_H
#define LF_REPORT_TEXT_PARTS_H

#include "proof/result.h"
#include "report/textw.h"

/* "1 alert", "2 alerts", in buf. */
const char *lf_plural(uint64_t n, const char *what, char buf[48]);

/* Findings of each severity. */
void lf_result_tally(const struct lf_result *r, uint64_t count[3]);

uint64_t lf_sum(const uint64_t *n, size_t count);

/* A verdict of trail-verify, in a sentence. */
const char *lf_verify_meaning(enum lf_verdict v);

void lf_text_heading(struct lf_textw *w, const char *text);

/* A line of words, in a style. */
void lf_text_say(struct lf_textw *w, enum lf_style style, const char *line);

/* A label, and text that may come from evidence or from a file that was merged. */
void lf_text_labelled(struct lf_textw *w, const char *label, const char *text);

/* Whether only part of the evidence was asked for. */
bool lf_select_restricts(const struct lf_select *s);

/* What was asked for, where that is not everything. */
void lf_text_selection(struct lf_textw *w, const struct lf_select *s);

/* The public keys that all rests on. */
void lf_text_anchors(struct lf_textw *w, const struct lf_result *r);

/* limit(0), limit(1) ... up to NULL. */
void lf_text_limits(struct lf_textw *w, const char *(*limit)(size_t));

#endif
