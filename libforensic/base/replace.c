#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"

/* The name until it is whole; false when that is too long. */
static bool
next_name(const char *name, char next[NAME_MAX + 1])
{
	if (snprintf(next, NAME_MAX + 1, ".%s.next", name) <= NAME_MAX)
		return true;
	errno = ENAMETOOLONG;
	return false;
}

int
lf_replace_open(struct lf_replace *r, int folder, const char *name, mode_t mode)
{
	char next[NAME_MAX + 1];

	*r = (struct lf_replace){folder, -1, name};
	if (!next_name(name, next))
		return -1;
	(void)unlinkat(folder, next, 0);
	r->fd = openat(folder, next, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	return r->fd < 0 ? -1 : 0;
}

int
lf_replace_commit(struct lf_replace *r, bool sync)
{
	char next[NAME_MAX + 1];
	int fd = r->fd;

	if (!next_name(r->name, next) || (sync && fsync(fd) != 0)) {
		lf_replace_drop(r);
		return -1;
	}
	r->fd = -1;
	if (close(fd) != 0 || renameat(r->folder, next, r->folder, r->name) != 0) {
		int number = errno;

		(void)unlinkat(r->folder, next, 0);
		errno = number;
		return -1;
	}
	if (sync)
		(void)fsync(r->folder); /* where folders cannot be synced, there is nothing more to do */
	return 0;
}

void
lf_replace_drop(struct lf_replace *r)
{
	char next[NAME_MAX + 1];
	int number = errno;

	if (r->name == NULL || r->fd < 0)
		return;
	close(r->fd);
	r->fd = -1;
	if (next_name(r->name, next))
		(void)unlinkat(r->folder, next, 0);
	errno = number;
}

int
lf_replace_with(int folder, const char *name, mode_t mode, bool sync, const void *bytes, size_t len)
{
	struct lf_replace r;

	if (lf_replace_open(&r, folder, name, mode) != 0)
		return -1;
	if (lf_file_write_all(r.fd, bytes, len) == 0)
		return lf_replace_commit(&r, sync);
	lf_replace_drop(&r);
	return -1;
}
