#include "evidence/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "evidence/archive.h"
#include "evidence/spool.h"
#include "evidence/walk.h"

#define XATTR_MAX 4096 /* a signature is 512 hexadecimal digits */

struct lf_cursor {
	const struct lf_source *source;
	struct lf_limits limits;
	struct lf_walk *walk;       /* of a folder */
	struct lf_archive *archive; /* of an archive */
	bool done;                  /* the one item of a file, or of an archive that is none any more, is out */
};

/* ---- Opening ---- */

/* A copy of operand without the slashes at its end; "/" stays. */
static char *
operand_name(const char *operand)
{
	size_t len = strlen(operand);

	while (len > 1 && operand[len - 1] == '/')
		len--;
	return strndup(operand, len);
}

/* What a thing that cannot be an operand is called. */
static const char *
kind_text(mode_t mode)
{
	if (S_ISSOCK(mode))
		return "a socket";
	return S_ISBLK(mode) || S_ISCHR(mode) ? "a device" : "neither a file nor a folder";
}

static int
check_kind(const char *operand, mode_t mode, struct lf_err *err)
{
	if (S_ISREG(mode) || S_ISDIR(mode) || S_ISFIFO(mode))
		return 0;
	return lf_err_set(err, "%s is %s; a folder, a file, a pipe or - is needed", operand, kind_text(mode));
}

/*
 * Opens a named operand.  It is looked at before it is opened, since opening a device can do something to it,
 * and again afterwards, since it may have been exchanged.  Who opens a FIFO waits for its writer.
 */
static int
open_named(const char *operand, struct stat *st, struct lf_err *err)
{
	bool fifo;
	int fd;

	if (stat(operand, st) != 0)
		return lf_err_sys(err, "cannot open %s", operand);
	if (check_kind(operand, st->st_mode, err) != 0)
		return -1;
	fifo = S_ISFIFO(st->st_mode);
	fd = open(operand, O_RDONLY | O_CLOEXEC | (fifo ? 0 : O_NONBLOCK) | O_NOCTTY);
	if (fd < 0 || fstat(fd, st) != 0)
		lf_err_sys(err, "cannot open %s", operand);
	else if (S_ISFIFO(st->st_mode) != fifo)
		lf_err_set(err, "%s was exchanged while it was opened", operand);
	else if (check_kind(operand, st->st_mode, err) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Puts a copy of the stream in, which name stands for in messages, in the place of the operand. */
static int
spool(struct lf_source *s, int in, const char *name, const char *tmpdir, struct stat *st, struct lf_err *err)
{
	s->stream = true;
	s->fd = lf_spool(in, name, tmpdir, err);
	if (s->fd < 0)
		return -1;
	return fstat(s->fd, st) != 0 ? lf_err_sys(err, "cannot read what was spooled in %s", tmpdir) : 0;
}

/* Opens the operand, and spools it where it is a stream. */
static int
open_bytes(struct lf_source *s, const char *operand, const char *tmpdir, struct stat *st, struct lf_err *err)
{
	int fd, rc;

	if (strcmp(operand, "-") == 0)
		return spool(s, STDIN_FILENO, "standard input", tmpdir, st, err);
	fd = open_named(operand, st, err);
	if (fd < 0)
		return -1;
	if (!S_ISFIFO(st->st_mode)) {
		s->fd = fd;
		return 0;
	}
	rc = spool(s, fd, operand, tmpdir, st, err);
	close(fd);
	return rc;
}

/* Opens the operand and finds out what it is. */
static int
open_operand(struct lf_source *s, const char *operand, const char *tmpdir, struct lf_err *err)
{
	struct stat st;
	struct lf_archive *archive;

	if (open_bytes(s, operand, tmpdir, &st, err) != 0)
		return -1;
	s->kind = LF_SOURCE_FOLDER;
	if (S_ISDIR(st.st_mode))
		return 0;
	s->kind = LF_SOURCE_FILE;
	s->size = (uint64_t)st.st_size;
	if (lf_archive_open(s->fd, &archive, err) != 0)
		return -1;
	if (archive == NULL)
		return 0;
	s->kind = LF_SOURCE_ARCHIVE;
	s->format = strdup(lf_archive_format(archive));
	lf_archive_free(archive);
	return s->format == NULL ? lf_err_nomem(err) : 0;
}

int
lf_source_open(const char *operand, const char *tmpdir, struct lf_source **out, struct lf_err *err)
{
	struct lf_source *s = calloc(1, sizeof(*s));
	int rc = -1;

	*out = NULL;
	if (s == NULL)
		return lf_err_nomem(err);
	s->fd = -1;
	s->name = operand_name(operand);
	if (s->name == NULL)
		lf_err_nomem(err);
	else
		rc = open_operand(s, operand, tmpdir, err);
	if (rc != 0) {
		lf_source_free(s);
		return -1;
	}
	*out = s;
	return 0;
}

void
lf_source_free(struct lf_source *s)
{
	if (s == NULL)
		return;
	if (s->fd >= 0)
		close(s->fd);
	free(s->name);
	free(s->format);
	free(s);
}

void
lf_source_locator(const struct lf_source *s, const char *path, size_t path_len, struct lf_buf *out)
{
	size_t len = strlen(s->name);

	lf_buf_add(out, s->name, len);
	if (s->kind == LF_SOURCE_FILE || path_len == 0)
		return;
	if (s->kind == LF_SOURCE_ARCHIVE)
		lf_buf_putc(out, '!');
	else if (len == 0 || s->name[len - 1] != '/')
		lf_buf_putc(out, '/');
	lf_buf_add(out, path, path_len);
}

/* ---- Going through ---- */

struct lf_cursor *
lf_cursor_new(const struct lf_source *s, const struct lf_limits *limits, struct lf_err *err)
{
	struct lf_cursor *c = calloc(1, sizeof(*c));

	if (c == NULL) {
		lf_err_nomem(err);
		return NULL;
	}
	c->source = s;
	c->limits = *limits;
	if ((s->kind == LF_SOURCE_FOLDER && (c->walk = lf_walk_new(s->fd, err)) == NULL) ||
	    (s->kind == LF_SOURCE_ARCHIVE && lf_archive_open(s->fd, &c->archive, err) != 0)) {
		free(c);
		return NULL;
	}
	return c;
}

void
lf_cursor_free(struct lf_cursor *c)
{
	if (c == NULL)
		return;
	lf_walk_free(c->walk);
	lf_archive_free(c->archive);
	free(c);
}

void
lf_cursor_only(struct lf_cursor *c, lf_walk_keep_fn *keep, void *arg)
{
	if (c->walk != NULL)
		lf_walk_only(c->walk, keep, arg);
}

static int
next_of_folder(struct lf_cursor *c, struct lf_item *item, struct lf_err *err)
{
	struct lf_walk_entry e;
	int rc = lf_walk_next(c->walk, &e, err);

	if (rc <= 0)
		return rc;
	lf_buf_add(&item->path, e.path, e.path_len);
	if (e.type == LF_WALK_PROBLEM)
		lf_buf_puts(&item->problem, e.problem);
	return item->path.failed || item->problem.failed ? lf_err_nomem(err) : 1;
}

int
lf_cursor_next(struct lf_cursor *c, struct lf_item *item, struct lf_err *err)
{
	lf_item_reset(item);
	if (c->walk != NULL)
		return next_of_folder(c, item, err);
	if (c->archive != NULL)
		return lf_archive_next(c->archive, &c->limits, item, err);
	if (c->done)
		return 0;
	c->done = true;
	if (c->source->kind == LF_SOURCE_ARCHIVE)
		lf_buf_puts(&item->problem, "was an archive when it was opened, and is none any more");
	return item->problem.failed ? lf_err_nomem(err) : 1;
}

/* ---- Reading ---- */

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
 * What rclone and the like keep of an object's metadata (trail-evidence(7), METADATA); only digests have it, and a time of backfill only
 * those that are named so or have more of it.
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

/* Opens a folder's item.  Returns -1 with item->problem filled, or failed when memory is out, when that does not work. */
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

/* Gives take() what fd holds.  Returns -1 with item->problem filled when not all can be read, or take() will not go on. */
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
