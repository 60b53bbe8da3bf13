#include "custody/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "custody/linefile.h"
#include "custody/store.h"

#define LOCK_NAME "lock"

/* Splits path into the folder, which is opened, and the name in it. */
static int
open_folder(struct lf_ledger *l, struct lf_err *err)
{
	const char *slash = strrchr(l->path, '/');
	char *folder = slash == NULL ? strdup(".") : strndup(l->path, slash == l->path ? 1 : (size_t)(slash - l->path));

	l->base = strdup(slash == NULL ? l->path : slash + 1);
	if (folder == NULL || l->base == NULL) {
		free(folder);
		return lf_err_nomem(err);
	}
	l->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	if (l->base[0] == '\0' || strcmp(l->base, ".") == 0 || strcmp(l->base, "..") == 0)
		return lf_err_set(err, "%s is no name of a file", l->path);
	return l->folder >= 0 ? 0 : lf_err_sys(err, "cannot open the folder of %s", l->path);
}

/* A link would have the ledger lie elsewhere than it seems. */
static int
check_ledger(const struct lf_ledger *l, enum lf_ledger_use use, struct lf_err *err)
{
	struct stat st;

	if (fstatat(l->folder, l->base, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		if (errno == ENOENT && use == LF_LEDGER_ADD)
			return 0;
		return lf_err_sys(err, "cannot open %s", l->path);
	}
	if (S_ISLNK(st.st_mode))
		return lf_err_set(err, "%s is a symbolic link: give the ledger itself", l->path);
	if (!S_ISREG(st.st_mode))
		return lf_err_set(err, "%s is no regular file", l->path);
	if (use == LF_LEDGER_ADD && st.st_nlink > 1)
		return lf_err_set(err, "%s has other names (hard links), which would stay as they are", l->path);
	return 0;
}

/* Opens PATH.d. */
static int
open_store(struct lf_ledger *l, enum lf_ledger_use use, struct lf_err *err)
{
	const char *slash = strrchr(l->store, '/'), *name = slash == NULL ? l->store : slash + 1;

	if (use == LF_LEDGER_ADD && mkdirat(l->folder, name, 0777) != 0 && errno != EEXIST)
		return lf_err_sys(err, "cannot make %s", l->store);
	l->files = openat(l->folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (l->files < 0 && (errno == ELOOP || errno == ENOTDIR))
		return lf_err_set(err, "%s is no folder, or a symbolic link to one", l->store);
	if (l->files < 0 && (use != LF_LEDGER_READ || errno != ENOENT))
		return lf_err_sys(err, "cannot open %s", l->store);
	if (l->files < 0)
		return 0;
	if (use == LF_LEDGER_READ) {
		l->lock = openat(l->files, LOCK_NAME, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
		return 0;
	}
	l->lock = openat(l->files, LOCK_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0666);
	return l->lock >= 0 ? 0 : lf_err_sys(err, "cannot write in %s", l->store);
}

/* Whether files can be made in the folder: to know before the evidence is read, not after. */
static int
check_writable(const struct lf_ledger *l, struct lf_err *err)
{
	if (faccessat(l->folder, ".", W_OK | X_OK, AT_EACCESS) != 0)
		return lf_err_sys(err, "cannot write in the folder of %s", l->path);
	if (faccessat(l->folder, l->base, W_OK, AT_EACCESS) != 0 && errno != ENOENT)
		return lf_err_sys(err, "cannot write %s", l->path);
	return 0;
}

int
lf_ledger_open(struct lf_ledger *l, const char *path, enum lf_ledger_use use, struct lf_err *err)
{
	memset(l, 0, sizeof(*l));
	l->folder = l->files = l->lock = -1;
	l->path = strdup(path);
	if (l->path == NULL || asprintf(&l->store, "%s.d", path) < 0) {
		l->store = NULL;
		return lf_err_nomem(err);
	}
	if (open_folder(l, err) != 0 || check_ledger(l, use, err) != 0)
		return -1;
	if (use == LF_LEDGER_ADD && check_writable(l, err) != 0)
		return -1;
	return open_store(l, use, err);
}

void
lf_ledger_close(struct lf_ledger *l)
{
	const int fds[] = {l->lock, l->files, l->folder};

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	free(l->path);
	free(l->base);
	free(l->store);
	memset(l, 0, sizeof(*l));
	l->folder = l->files = l->lock = -1;
}

int
lf_ledger_lock(struct lf_ledger *l, bool exclusive, struct lf_err *err)
{
	if (l->lock < 0)
		return 0;
	while (flock(l->lock, exclusive ? LOCK_EX : LOCK_SH) != 0)
		if (errno != EINTR)
			return exclusive ? lf_err_sys(err, "cannot lock %s", l->store) : 0;
	return 0;
}

void
lf_ledger_unlock(struct lf_ledger *l)
{
	if (l->lock >= 0)
		(void)flock(l->lock, LOCK_UN);
}

int
lf_ledger_read(const struct lf_ledger *l, struct lf_err *err)
{
	int fd = openat(l->folder, l->base, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return lf_err_sys(err, "cannot open %s", l->path);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	return lf_err_set(err, "%s is no regular file", l->path);
}

/* Hashes a line with its line feed. */
static int
hash_line(struct lf_hash *h, const struct lf_linefile *l, unsigned char out[LF_SHA256_LEN])
{
	if (lf_hash_start(h) != 0 || lf_hash_add(h, l->text, l->len) != 0 || lf_hash_add(h, "\n", l->ended) != 0)
		return -1;
	return lf_hash_end(h, out);
}

int
lf_ledger_lines(const struct lf_ledger *l, int fd, lf_ledger_fn *each, void *arg, struct lf_err *err)
{
	struct lf_hash *h = lf_hash_new(err);
	struct lf_linefile lines;
	int rc = h == NULL ? -1 : 0, more = 0;

	lf_linefile_init(&lines, fd);
	while (rc == 0 && (more = lf_linefile_next(&lines)) > 0) {
		struct lf_ledger_line line = {.number = lines.number, .offset = lines.offset, .text = lines.text,
		    .len = lines.len, .ended = lines.ended};

		if (hash_line(h, &lines, line.hash) != 0)
			rc = lf_err_set(err, "SHA-256 failed in OpenSSL");
		else
			rc = each(arg, &line, err);
	}
	if (more < 0)
		rc = lf_err_sys(err, "cannot read %s, line %llu", l->path, (unsigned long long)lines.number + 1);
	lf_linefile_free(&lines);
	lf_hash_free(h);
	return rc;
}
