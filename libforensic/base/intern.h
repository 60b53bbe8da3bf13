/* Strings kept once: equal strings get the same pointer, so that they can be compared as pointers. */
#ifndef LF_BASE_INTERN_H
#define LF_BASE_INTERN_H

#include "base/arena.h"
#include "base/index.h"
#include "base/list.h"

struct lf_intern {
	struct lf_list strings; /* const char * */
	struct lf_index index;
	struct lf_arena arena;
};

void lf_intern_init(struct lf_intern *t);
void lf_intern_free(struct lf_intern *t);

/* The one copy of s; NULL when memory is out (and for NULL). */
const char *lf_intern(struct lf_intern *t, const char *s) __attribute__((warn_unused_result));
const char *lf_intern_n(struct lf_intern *t, const char *s, size_t len) __attribute__((warn_unused_result));

#endif
