/*
 * Texts that many sessions share, kept once and named by a number.  A text has a kind: texts of two kinds are never
 * equal, whatever evidence says.  Lookups are under a secret seed, so that no evidence makes them slow.
 */
#ifndef LF_TIMELINE_TEXTS_H
#define LF_TIMELINE_TEXTS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/index.h"
#include "base/list.h"
#include "base/seed.h"
#include "record/event.h"

#define LF_TEXTS_NONE UINT32_MAX

struct lf_texts {
	struct lf_seed seed;
	struct lf_arena arena;
	struct lf_list list; /* struct text */
	struct lf_index index;
};

/* lf_texts_free() may follow whether this succeeds or not. */
int lf_texts_init(struct lf_texts *t, struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_texts_free(struct lf_texts *t);

/* The number of a text, from 0 on; LF_TEXTS_NONE when memory is out. */
uint32_t lf_texts_add(struct lf_texts *t, char kind, struct lf_slice text) __attribute__((warn_unused_result));

/* The same for a text that was added, else LF_TEXTS_NONE.  Many threads at once while nobody adds. */
uint32_t lf_texts_find(const struct lf_texts *t, char kind, struct lf_slice text);

/* The bytes; empty for LF_TEXTS_NONE. */
struct lf_slice lf_texts_at(const struct lf_texts *t, uint32_t number);

/* Order by bytes, which does not depend on numbers; LF_TEXTS_NONE first. */
int lf_texts_cmp(const struct lf_texts *t, uint32_t a, uint32_t b);

#endif
