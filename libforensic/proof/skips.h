/* What was not read, and why: in the order of the evidence. */
#ifndef LF_PROOF_SKIPS_H
#define LF_PROOF_SKIPS_H

#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/list.h"

struct lf_skip {
	const char *locator, *reason;
};

/* A list of struct lf_skip, whose strings lie in the arena. */
struct lf_skips {
	struct lf_list list;
	struct lf_arena arena;
};

void lf_skips_init(struct lf_skips *s);
void lf_skips_free(struct lf_skips *s);

/* Notes something; len bytes of locator and the reason are copied.  Returns -1 with err filled when memory is out. */
int lf_skips_add(struct lf_skips *s, const char *locator, size_t len, const char *reason, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

static inline const struct lf_skip *
lf_skips_at(const struct lf_skips *s, uint32_t i)
{
	return lf_list_at(&s->list, i);
}

/* Calls say() with a printable line for each: "not read: LOCATOR: REASON". */
void lf_skips_say(const struct lf_skips *s, void (*say)(void *arg, const char *line), void *arg);

#endif
