#include "custody/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/file.h"

static const char *const suffixes[LF_STORE_FILES] = {
    [LF_STORE_MANIFEST] = "manifest.json",
    [LF_STORE_SIGNATURE] = "p7s",
    [LF_STORE_REQUEST] = "tsq",
    [LF_STORE_STAMP] = "tsr",
};

char *
lf_store_name(uint64_t entry, enum lf_store_file f, char name[LF_STORE_NAME])
{
	snprintf(name, LF_STORE_NAME, "%04llu.%s", (unsigned long long)entry, suffixes[f]);
	return name;
}

static char *
pending_name(uint64_t entry, enum lf_store_file f, char name[LF_STORE_NAME])
{
	snprintf(name, LF_STORE_NAME, ".%04llu.%s.pending", (unsigned long long)entry, suffixes[f]);
	return name;
}

/* Reads a name, pending or not.  Names that we would write otherwise are not ours. */
static bool
read_name(const char *name, uint64_t *entry, enum lf_store_file *f, bool *pending)
{
	char again[LF_STORE_NAME];
	const char *digits = name + (*name == '.');

	if (*digits < '0' || *digits > '9')
		return false;
	errno = 0;
	*entry = strtoull(digits, NULL, 10);
	*pending = *name == '.';
	for (int i = 0; i < LF_STORE_FILES && errno == 0; i++) {
		*f = (enum lf_store_file)i;
		if (strcmp(name, *pending ? pending_name(*entry, *f, again) : lf_store_name(*entry, *f, again)) == 0)
			return true;
	}
	return false;
}

int
lf_store_open(const struct lf_ledger *l, uint64_t entry, enum lf_store_file f)
{
	const int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
	char name[LF_STORE_NAME];
	struct stat st;
	int fd;

	if (l->files < 0) {
		errno = ENOENT;
		return -1;
	}
	fd = openat(l->files, lf_store_name(entry, f, name), flags);
	if (fd < 0 && errno == ENOENT && f != LF_STORE_STAMP)
		fd = openat(l->files, pending_name(entry, f, name), flags);
	if (fd < 0 && (errno == ELOOP || errno == ENXIO)) /* a symbolic link, a socket */
		errno = EINVAL;
	if (fd < 0 || (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

int
lf_store_look(const struct lf_ledger *l, uint64_t entry, enum lf_store_file f, struct lf_buf *out, struct lf_err *err)
{
	char name[LF_STORE_NAME];
	int fd = lf_store_open(l, entry, f), rc = 1;
	bool odd = false;

	lf_buf_reset(out);
	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 || lf_file_read_all(fd, LF_MAX_SIGNATURE, out) != 0) {
		odd = errno == EINVAL || errno == EFBIG;
		rc = lf_err_sys(err, "cannot read %s/%s", l->store, lf_store_name(entry, f, name));
	}
	if (fd >= 0)
		close(fd);
	if (odd)
		lf_buf_reset(out);
	return odd ? 2 : rc;
}

int
lf_store_read(const struct lf_ledger *l, uint64_t entry, enum lf_store_file f, struct lf_buf *out, struct lf_err *err)
{
	int rc = lf_store_look(l, entry, f, out, err);

	return rc > 1 ? -1 : rc;
}

int
lf_store_create(const struct lf_ledger *l, uint64_t entry, enum lf_store_file f, struct lf_err *err)
{
	char name[LF_STORE_NAME];
	int fd;

	unlinkat(l->files, pending_name(entry, f, name), 0);
	fd = openat(l->files, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	return fd >= 0 ? fd : lf_err_sys(err, "cannot make a file in %s", l->store);
}

int
lf_store_put(const struct lf_ledger *l, uint64_t entry, enum lf_store_file f, const void *bytes, size_t len,
    struct lf_err *err)
{
	char name[LF_STORE_NAME];
	int fd = lf_store_create(l, entry, f, err), rc;

	if (fd < 0)
		return -1;
	rc = lf_file_write_all(fd, bytes, len) != 0 || fsync(fd) != 0 ? -1 : 0;
	if (rc != 0)
		lf_err_sys(err, "cannot write %s/%s", l->store, lf_store_name(entry, f, name));
	if (close(fd) != 0 && rc == 0)
		rc = lf_err_sys(err, "cannot write %s/%s", l->store, lf_store_name(entry, f, name));
	return rc;
}

/* Gives one pending file its name. */
static int
publish(const struct lf_ledger *l, uint64_t entry, enum lf_store_file f, struct lf_err *err)
{
	char from[LF_STORE_NAME], to[LF_STORE_NAME];
	struct stat st;

	pending_name(entry, f, from);
	lf_store_name(entry, f, to);
	if (fstatat(l->files, from, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? 0 : lf_err_sys(err, "cannot examine %s/%s", l->store, from);
	if (fstatat(l->files, to, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return lf_err_set(err, "%s/%s is there already", l->store, to);
	return renameat(l->files, from, l->files, to) == 0 ? 0 : lf_err_sys(err, "cannot name %s/%s", l->store, to);
}

int
lf_store_publish(const struct lf_ledger *l, uint64_t entry, struct lf_err *err)
{
	for (int f = 0; f < LF_STORE_FILES; f++)
		if (publish(l, entry, (enum lf_store_file)f, err) != 0)
			return -1;
	return fsync(l->files) == 0 || errno == EINVAL ? 0 : lf_err_sys(err, "cannot sync %s", l->store);
}

static void
discard(const struct lf_ledger *l, uint64_t entry, enum lf_store_file f)
{
	char name[LF_STORE_NAME];

	unlinkat(l->files, pending_name(entry, f, name), 0);
}

void
lf_store_discard(const struct lf_ledger *l, uint64_t entry)
{
	for (int f = 0; f < LF_STORE_FILES; f++)
		discard(l, entry, (enum lf_store_file)f);
}

/* ---- All of them ---- */

struct found {
	uint64_t entry;
	enum lf_store_file file;
	bool pending;
};

static int
found_cmp(const void *x, const void *y)
{
	const struct found *a = x, *b = y;

	if (a->entry != b->entry)
		return a->entry < b->entry ? -1 : 1;
	return (int)a->file - (int)b->file;
}

/* Lists the files of entries, sorted.  *out is the caller's to free. */
static int
list(const struct lf_ledger *l, struct found **out, size_t *n, struct lf_err *err)
{
	int fd = openat(l->files, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *d;
	size_t cap = 0;
	int rc = 0;

	*out = NULL;
	*n = 0;
	if (dir == NULL) {
		rc = lf_err_sys(err, "cannot read %s", l->store);
		if (fd >= 0)
			close(fd);
		return rc;
	}
	while (rc == 0 && (errno = 0, d = readdir(dir)) != NULL) {
		struct found x, *all;

		if (!read_name(d->d_name, &x.entry, &x.file, &x.pending))
			continue;
		if ((all = lf_array_more(*out, *n, &cap, sizeof(x))) == NULL) {
			rc = lf_err_nomem(err);
			continue;
		}
		*out = all;
		(*out)[(*n)++] = x;
	}
	if (rc == 0 && errno != 0)
		rc = lf_err_sys(err, "cannot read %s", l->store);
	closedir(dir);
	if (*n > 0)
		qsort(*out, *n, sizeof(**out), found_cmp);
	return rc;
}

int
lf_store_settle(const struct lf_ledger *l, uint64_t last, struct lf_err *err)
{
	struct found *files;
	size_t n;
	int rc = list(l, &files, &n, err);

	for (size_t i = 0; i < n && rc == 0; i++) {
		if (!files[i].pending)
			continue;
		if (files[i].entry > last)
			lf_store_discard(l, files[i].entry);
		else if (files[i].file == LF_STORE_STAMP) /* whether all of it is there, nobody knows */
			discard(l, files[i].entry, LF_STORE_STAMP);
		else
			rc = publish(l, files[i].entry, files[i].file, err);
	}
	free(files);
	return rc;
}

int
lf_store_behind(const struct lf_ledger *l, uint64_t last,
    int (*each)(void *arg, uint64_t entry, enum lf_store_file f, const char *name, struct lf_err *err), void *arg,
    struct lf_err *err)
{
	char name[LF_STORE_NAME];
	struct found *files = NULL;
	size_t n = 0;
	int rc = l->files < 0 ? 0 : list(l, &files, &n, err);

	for (size_t i = 0; i < n && rc == 0; i++)
		if (!files[i].pending && files[i].entry > last)
			rc = each(arg, files[i].entry, files[i].file, lf_store_name(files[i].entry, files[i].file, name), err);
	free(files);
	return rc;
}
