/*
 * Things of which each has at most one parent: who descends from whom, in constant time, and an order in which parents
 * come before children.  Evidence may make circles: those in one descend from one another.  Linear, without recursion.
 */
#ifndef LF_TIMELINE_FOREST_H
#define LF_TIMELINE_FOREST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define LF_FOREST_NONE UINT32_MAX

struct lf_forest {
	uint32_t n;
	uint32_t *parent; /* LF_FOREST_NONE: none */
	uint32_t *order;  /* all of them, parents first; of those in a circle each but one stands behind its parent */
	uint32_t *circle; /* of those in a circle: one of them, the same for all; of others LF_FOREST_NONE */
	uint32_t *first, *size; /* descendants of i, and i itself: places from first[i] on; its own is the first */
};

/* n things without parents: fill parent, then link.  lf_forest_free() may follow in any case. */
int lf_forest_new(struct lf_forest *f, uint32_t n, struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_forest_free(struct lf_forest *f);
int lf_forest_link(struct lf_forest *f, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/* Gives up what lf_forest_descends() does not need: parent and order. */
void lf_forest_settle(struct lf_forest *f);

/* Whether a is b or comes from it. */
bool lf_forest_descends(const struct lf_forest *f, uint32_t a, uint32_t b);

#endif
