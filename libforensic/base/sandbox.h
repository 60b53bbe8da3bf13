/*
 * Rights given up before evidence is parsed: Landlock (paths), then seccomp (system calls).  The door to
 * libseccomp.
 */
#ifndef LF_BASE_SANDBOX_H
#define LF_BASE_SANDBOX_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct lf_sandbox {
	const int *read_dirs; /* open folders (and files) below which reading stays allowed */
	size_t n_read;
	const int *write_dirs; /* open folders in which files may be made, written and renamed */
	size_t n_write;
};

/*
 * Confines this process, threads made later included: no new privileges, reading below read_dirs, writing
 * below write_dirs, no network, no exec, no ptrace, no new namespaces.  What the kernel lacks is left
 * out; lf_sandbox_state() names it.  Returns -1 only when a part that the kernel has was refused.
 */
int lf_sandbox_enter(const struct lf_sandbox *s, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/* "libseccomp VERSION" of what is linked: appended to out. */
void lf_sandbox_library(struct lf_buf *out);

#endif
