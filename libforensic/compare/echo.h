/*
 * Events of side A by what they hold, while B is read: one of B that is the same needs no note of its own.  It is
 * marked here, and told of when A's note comes.
 */
#ifndef LF_COMPARE_ECHO_H
#define LF_COMPARE_ECHO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A set of numbers from lf_seed_mix() (their lowest bit does not count), so that nobody can make two the same. */
struct lf_echoes {
	uint64_t *slots; /* 0: free; the lowest bit: B has it, too */
	size_t n, cap;   /* cap: a power of two, or 0 */
	size_t max;      /* bytes of slots; half as many more while they grow */
};

void lf_echoes_init(struct lf_echoes *e, size_t max);
void lf_echoes_free(struct lf_echoes *e);

/* Adds an event, unless there is no more room: then its like gets a note.  Returns -1 when memory is out. */
int lf_echoes_add(struct lf_echoes *e, uint64_t same) __attribute__((warn_unused_result));

/* Whether an event was added.  Many threads at once while nothing is added, and while one thread marks. */
bool lf_echoes_has(const struct lf_echoes *e, uint64_t same);

/* Marks an event that was added, as B has it; whether it was marked already. */
bool lf_echoes_mark(struct lf_echoes *e, uint64_t same);

/* Whether it is marked. */
bool lf_echoes_marked(const struct lf_echoes *e, uint64_t same);

#endif
