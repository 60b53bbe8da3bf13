/* Memory that is given back all at once: one arena for what shares one life. */
#ifndef LF_BASE_ARENA_H
#define LF_BASE_ARENA_H

#include <stddef.h>

struct lf_arena_chunk;
struct lf_arena {
	struct lf_arena_chunk *chunk; /* newest first */
	size_t used;                  /* bytes used of the newest */
};

void lf_arena_init(struct lf_arena *a);
void lf_arena_free(struct lf_arena *a);  /* leaves an empty, usable arena */
void lf_arena_reset(struct lf_arena *a); /* forgets all, keeps one chunk */

/* size bytes aligned to 8, or NULL when memory is out.  Not cleared. */
void *lf_arena_alloc(struct lf_arena *a, size_t size) __attribute__((warn_unused_result));

/* Copies len bytes and adds a NUL; NULL when memory is out. */
char *lf_arena_strndup(struct lf_arena *a, const char *s, size_t len) __attribute__((warn_unused_result));
char *lf_arena_strdup(struct lf_arena *a, const char *s) __attribute__((warn_unused_result));

#endif
