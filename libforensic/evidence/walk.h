/*
 * A folder tree in the order of the bytes of whole paths (as S3 lists keys), one folder's names in memory at
 * a time for each level.  Nothing is opened but folders, never through a symbolic link.
 */
#ifndef LF_EVIDENCE_WALK_H
#define LF_EVIDENCE_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum lf_walk_type { LF_WALK_FILE, LF_WALK_PROBLEM };

struct lf_walk_entry {
	enum lf_walk_type type;
	const char *path; /* relative to the root, '/' between parts; valid until the next call */
	size_t path_len;
	/*
	 * why it is not read: "symbolic link, not followed", "FIFO", "cannot be opened: ..."; until the next call, too
	 */
	const char *problem;
	int error;           /* errno of a folder that cannot be read, else 0 */
};

struct lf_walk;

/* Walks below the open folder rootfd, which stays the caller's. */
struct lf_walk *lf_walk_new(int rootfd, struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_walk_free(struct lf_walk *w);

/* Whether the regular file of this base name is to be given at all, or the folder gone into. */
typedef bool lf_walk_keep_fn(void *arg, const char *name, size_t len, bool folder);

/* Before the first entry: leaves out the regular files and folders that keep() does not want.  It is asked once for
 * each, in no order, as the folder that they lie in is read. */
void lf_walk_only(struct lf_walk *w, lf_walk_keep_fn *keep, void *arg) __attribute__((nonnull(1, 2)));

/* Returns 1 with the next file or problem, 0 at the end, -1 when memory is out.  Empty folders and
 * zero-length folder markers give nothing. */
int lf_walk_next(struct lf_walk *w, struct lf_walk_entry *e, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/* Opens path below rootfd for reading without following a symbolic link anywhere (openat2 where the kernel
 * has it) and without waiting on a FIFO; -1 with errno set (ELOOP for a link). */
int lf_open_beneath(int rootfd, const char *path, int flags);

#endif
