/*
 * Which finds are given, and when: binary ones as their windows come, text when nothing that may lie around it can come
 * any more.  One thread.
 */
#ifndef LF_CARVE_SETTLE_H
#define LF_CARVE_SETTLE_H

#include "carve/pass.h"

/* One window, looked at. */
struct lf_pass_window {
	uint64_t from, to;
	struct lf_finds finds;
	struct lf_tally tally;
};

struct lf_settle;

struct lf_settle *lf_settle_new(const struct lf_pass *p, const struct lf_pass_place *from, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_settle_free(struct lf_settle *s);
/*
 * Finds of the next window in order that come before its others, which lf_settle_window() takes; taken over likewise.
 */
int lf_settle_part(struct lf_settle *s, struct lf_pass_window *w, struct lf_err *err) __attribute__((warn_unused_result, nonnull));
/* The next window in order; its finds are taken over, also on an error. */
int lf_settle_window(struct lf_settle *s, struct lf_pass_window *w, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
/* No more windows come: the image is over. */
int lf_settle_end(struct lf_settle *s, struct lf_err *err) __attribute__((warn_unused_result, nonnull));
/* Where the pass stands. */
const struct lf_pass_place *lf_settle_place(const struct lf_settle *s);

#endif
