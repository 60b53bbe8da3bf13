/* Strings kept once: equal strings get the same pointer, so that they can be compared as pointers. */
#ifndef LF_BASE_INTERN_H
#define LF_BASE_INTERN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/index.h"
#include "base/list.h"
#include "base/seed.h"

struct lf_intern {
	struct lf_list strings; /* const char * */
	struct lf_index index;
	struct lf_arena arena;
	struct lf_seed seed; /* of the hashes, when seeded */
	bool seeded;
};

void lf_intern_init(struct lf_intern *t);

/* For strings that evidence chooses: nobody who does not know the seed makes many of them fall together. */
int lf_intern_init_seeded(struct lf_intern *t, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

void lf_intern_free(struct lf_intern *t);

/* The one copy of s; NULL when memory is out (and for NULL). */
const char *lf_intern(struct lf_intern *t, const char *s) __attribute__((warn_unused_result));
const char *lf_intern_n(struct lf_intern *t, const char *s, size_t len) __attribute__((warn_unused_result));

#endif
