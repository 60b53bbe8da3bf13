/*
 * A file that is written beside its name, as ".NAME.next", and takes the name when it is whole: whoever opens that, and
 * whoever comes after a crash, finds the old file or the new one.
 */
#ifndef LF_BASE_REPLACE_H
#define LF_BASE_REPLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct lf_replace {
	int folder, fd;   /* fd: to write to; -1 when nothing is under way */
	const char *name; /* the caller's */
};

/*
 * Makes the file beside name, which folder and r keep; one that is left of another time goes.  Returns 0, or -1 with
 * errno set: ENAMETOOLONG where name leaves no room for more.
 */
int lf_replace_open(struct lf_replace *r, int folder, const char *name, mode_t mode)
    __attribute__((warn_unused_result, nonnull));

/*
 * Gives it the name; with sync it is on the disk before.  Returns 0, or -1 with errno set: then it is dropped, and what
 * had the name has it still.
 */
int lf_replace_commit(struct lf_replace *r, bool sync) __attribute__((warn_unused_result, nonnull));

/* Gives it up; nothing when nothing is under way, or r is all zero.  Keeps errno. */
void lf_replace_drop(struct lf_replace *r) __attribute__((nonnull));

/* All at once, with all its bytes. */
int lf_replace_with(int folder, const char *name, mode_t mode, bool sync, const void *bytes, size_t len)
    __attribute__((warn_unused_result, nonnull(2)));

#endif
