/* The objects of a source, read. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "evidence/source.h"
#include "evidence/walk.h"

#define XATTR_MAX 4096 /* a signature is 512 hexadecimal digits */

/* ---- At once ---- */

/* Reads the attribute name of an open file into out.  One that is absent or far too long is left out. */
static void
read_xattr(int fd, const char *name, struct lf_buf *out)
{
	char *at = lf_buf_reserve(out, XATTR_MAX);
	ssize_t n = at == NULL ? -1 : fgetxattr(fd, name, at, XATTR_MAX);

	if (n <= 0)
		return;
	out->len += (size_t)n;
	out->data[out->len] = '\0';
}

/*
 * What rclone and the like keep of an object's metadata (trail-evidence(7), METADATA); only digests have it, and a time
 * of backfill only those that are named so or have more of it.
 */
static void
read_xattrs(int fd, const char *path, struct lf_item *item)
{
	if (strstr(path, "CloudTrail-Digest") == NULL)
		return;
	read_xattr(fd, "user.signature", &item->signature);
	if (item->signature.len > 0 || strstr(path, "_backfill") != NULL)
		read_xattr(fd, "user.backfill-generation-timestamp", &item->backfill);
}

/* Makes the first len bytes of the item's path its open folder.  Returns -1 with errno set. */
static int
open_folder(const struct lf_source *s, struct lf_item *item, size_t len)
{
	if (item->folder_fd >= 0 && item->folder_root == s->fd && item->folder.len == len &&
	    memcmp(item->folder.data, item->path.data, len) == 0)
		return 0;
	if (item->folder_fd >= 0)
		close(item->folder_fd);
	item->folder_fd = -1;
	lf_buf_reset(&item->folder);
	lf_buf_add(&item->folder, item->path.data, len);
	if (item->folder.failed) {
		errno = ENOMEM;
		return -1;
	}
	item->folder_fd = lf_open_beneath(s->fd, lf_buf_str(&item->folder), O_DIRECTORY);
	item->folder_root = s->fd;
	return item->folder_fd < 0 ? -1 : 0;
}

/*
 * Opens a folder's item.  Returns -1 with item->problem filled, or failed when memory is out, when that does not work.
 */
static int
open_item(const struct lf_source *s, struct lf_item *item)
{
	const char *path = lf_buf_str(&item->path), *slash = strrchr(path, '/');
	int fd = -1;

	if (slash == NULL)
		fd = lf_open_beneath(s->fd, path, 0);
	else if (open_folder(s, item, (size_t)(slash - path)) == 0)
		fd = lf_open_beneath(item->folder_fd, slash + 1, 0);

	if (fd >= 0)
		return fd;
	if (errno == ENOMEM)
		item->problem.failed = true;
	else if (errno == ELOOP)
		lf_buf_puts(&item->problem, "became a symbolic link, not followed");
	else if (errno == ENOENT)
		lf_buf_puts(&item->problem, "has vanished since its name was read");
	else
		lf_buf_printf(&item->problem, "cannot be opened: %m");
	return -1;
}

/* Reads size bytes, no more and no less; -1 with item->problem filled. */
static int
read_bytes(int fd, size_t size, struct lf_item *item)
{
	char *at = lf_buf_reserve(&item->stored, size);
	ssize_t n;

	if (at == NULL)
		return -1;
	while (item->stored.len < size) {
		n = pread(fd, at + item->stored.len, size - item->stored.len, (off_t)item->stored.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			lf_buf_printf(&item->problem, "cannot be read at byte %zu: %m", item->stored.len);
			return -1;
		}
		if (n == 0)
			break;
		item->stored.len += (size_t)n;
	}
	at[item->stored.len] = '\0';
	return 0;
}

static bool
changed(const struct stat *before, const struct stat *after)
{
	return before->st_size != after->st_size || before->st_mtim.tv_sec != after->st_mtim.tv_sec ||
	    before->st_mtim.tv_nsec != after->st_mtim.tv_nsec;
}

/* Reads an open item and looks whether it stood still meanwhile. */
static void
read_item(int fd, const char *path, const struct lf_limits *limits, struct lf_item *item)
{
	struct stat before, after;

	if (fstat(fd, &before) != 0) {
		lf_buf_printf(&item->problem, "cannot be examined: %m");
	} else if (!S_ISREG(before.st_mode)) {
		lf_buf_puts(&item->problem, "is no regular file any more");
	} else if ((uint64_t)before.st_size > limits->max_object) {
		item->large = true;
		item->mtime = before.st_mtim.tv_sec;
		lf_buf_printf(&item->problem, "is larger (%llu bytes) than the cap on one object (%llu)",
		    (unsigned long long)before.st_size, (unsigned long long)limits->max_object);
	} else if (read_bytes(fd, (size_t)before.st_size, item) == 0) {
		item->mtime = before.st_mtim.tv_sec;
		read_xattrs(fd, path, item);
		if (fstat(fd, &after) != 0 || changed(&before, &after) ||
		    item->stored.len != (size_t)before.st_size)
			lf_buf_puts(&item->problem, "changed while it was read");
	}
}

ssize_t
lf_source_peek(const struct lf_source *s, const char *path, size_t root, const char *name, char *to, size_t len)
{
	char beside[LF_MAX_PATH];
	ssize_t n;
	int fd;

	if (s->kind != LF_SOURCE_FOLDER || root + strlen(name) >= sizeof(beside))
		return -1;
	memcpy(beside, path, root);
	strcpy(beside + root, name);
	fd = lf_open_beneath(s->fd, beside, 0);
	if (fd < 0)
		return -1;
	n = pread(fd, to, len, 0);
	close(fd);
	return n;
}

int64_t
lf_source_size(const struct lf_source *s, struct lf_item *item)
{
	const char *path = lf_buf_str(&item->path), *slash = strrchr(path, '/');
	int fd = s->fd;
	struct stat st;

	if (s->kind != LF_SOURCE_FOLDER || item->path.failed)
		return -1;
	if (slash != NULL) {
		if (open_folder(s, item, (size_t)(slash - path)) != 0)
			return -1;
		fd = item->folder_fd;
	}
	if (fstatat(fd, slash == NULL ? path : slash + 1, &st, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) != 0)
		return -1;
	return S_ISREG(st.st_mode) ? (int64_t)st.st_size : -1;
}

int
lf_source_read(const struct lf_source *s, const struct lf_limits *limits, struct lf_item *item,
    struct lf_err *err)
{
	bool file = s->kind == LF_SOURCE_FILE;
	int fd = file ? s->fd : open_item(s, item);

	if (fd >= 0)
		read_item(fd, file ? s->name : lf_buf_str(&item->path), limits, item);
	if (fd >= 0 && !file)
		close(fd);
	item->read = item->problem.len == 0;
	if (item->stored.failed || item->problem.failed || item->signature.failed || item->backfill.failed)
		return lf_err_nomem(err);
	if (!item->read)
		lf_buf_reset(&item->stored);
	return 0;
}

/* ---- In pieces ---- */

#define PIECE ((size_t)1 << 20)

/*
 * Gives take() what fd holds.  Returns -1 with item->problem filled when not all can be read, or take() will not go on.
 */
static int
feed(int fd, struct lf_item *item, char *piece, lf_source_take_fn *take, void *arg)
{
	uint64_t at = 0;
	ssize_t n;

	while ((n = pread(fd, piece, PIECE, (off_t)at)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			lf_buf_printf(&item->problem, "cannot be read at byte %llu: %m", (unsigned long long)at);
			return -1;
		}
		if (take(arg, piece, (size_t)n) != 0)
			return -1;
		at += (uint64_t)n;
	}
	return 0;
}

int
lf_source_feed(const struct lf_source *s, struct lf_item *item, lf_source_take_fn *take, void *arg, struct lf_err *err)
{
	bool whole = s->kind != LF_SOURCE_FOLDER;
	char *piece = malloc(PIECE);
	struct stat before, after;
	int fd = -1;

	if (piece == NULL)
		return lf_err_nomem(err);
	lf_buf_reset(&item->problem);
	fd = whole ? s->fd : open_item(s, item);
	if (fd >= 0 && fstat(fd, &before) != 0)
		lf_buf_printf(&item->problem, "cannot be examined: %m");
	else if (fd >= 0 && !S_ISREG(before.st_mode))
		lf_buf_puts(&item->problem, "is no regular file any more");
	else if (fd >= 0 && feed(fd, item, piece, take, arg) == 0 && (fstat(fd, &after) != 0 || changed(&before, &after)))
		lf_buf_puts(&item->problem, "changed while it was read");
	if (fd >= 0 && !whole)
		close(fd);
	free(piece);
	return item->problem.failed ? lf_err_nomem(err) : 0;
}
