/*
 * The order is that of the bytes of whole paths, which is the order in which S3 lists keys: within a folder
 * names are compared as strcmp() does, a folder's name as if it ended in '/'.  So "a-b" comes before what lies in "a",
 * and "a0" behind it.
 */
#include "evidence/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/array.h"
#include "base/buf.h"

/* A name of a folder, "name/" for a folder: where it starts in the level's names, and what it is. */
struct name {
	size_t at;
	unsigned char type; /* DT_* */
};

/* A folder that is being gone through. */
struct level {
	struct lf_buf names; /* one after the other, each with its NUL */
	struct name *list;
	size_t n, cap, next;
	size_t prefix; /* bytes of the walk's path that name this folder, its '/' with them */
};

struct lf_walk {
	int rootfd;
	struct level levels[LF_MAX_TREE_DEPTH + 1];
	size_t depth;         /* levels in use; 0 at the end */
	bool started;
	lf_walk_keep_fn *keep; /* or NULL */
	void *keep_arg;
	struct lf_buf path;   /* of the last entry */
	struct lf_buf problem;
	int error;            /* of the last entry: errno of a folder that cannot be read */
};

/* ---- Opening ---- */

static int
open_flags(int flags)
{
	return flags | O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
}

/*
 * Opens name below dirfd in one step when the kernel can (openat2(2)); ENOSYS when it cannot.  Without
 * O_NOFOLLOW, for then RESOLVE_NO_SYMLINKS gives ELOOP for a link where a folder is wanted too.
 */
static int
open_at_once(int dirfd, const char *name, int flags)
{
	struct open_how how = {.flags = (unsigned)(open_flags(flags) & ~O_NOFOLLOW),
	    .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
	long fd = syscall(SYS_openat2, dirfd, name, &how, sizeof(how));

	if (fd < 0 && (errno == EPERM || errno == EAGAIN)) /* a filter that does not know the call; a race */
		errno = ENOSYS;
	return (int)fd;
}

/* Whether a part of a path is "..": nothing beneath a root needs it. */
static bool
leads_up(const char *part, size_t len)
{
	return len == 2 && part[0] == '.' && part[1] == '.';
}

/* Opens one part of a path, of len bytes, below dirfd. */
static int
open_part(int dirfd, const char *part, size_t len, int flags)
{
	char name[NAME_MAX + 1];
	struct stat st;
	int fd;

	if (len > NAME_MAX || leads_up(part, len)) {
		errno = len > NAME_MAX ? ENAMETOOLONG : EXDEV;
		return -1;
	}
	memcpy(name, part, len);
	name[len] = '\0';
	fd = openat(dirfd, len == 0 ? "." : name, open_flags(flags));
	if (fd < 0 && errno == ENOTDIR) /* so too when O_DIRECTORY meets a link */
		errno = fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode) ? ELOOP : ENOTDIR;
	return fd;
}

/* Goes down from rootfd part by part, which needs no openat2(2) and takes paths longer than PATH_MAX. */
static int
open_by_parts(int rootfd, const char *path, int flags)
{
	int dirfd = rootfd, fd, saved;
	const char *slash;

	if (path[0] == '/') {
		errno = EXDEV;
		return -1;
	}
	for (;;) {
		slash = strchr(path, '/');
		fd = slash == NULL ? open_part(dirfd, path, strlen(path), flags)
				   : open_part(dirfd, path, (size_t)(slash - path), O_PATH | O_DIRECTORY);
		saved = errno;
		if (dirfd != rootfd)
			close(dirfd);
		errno = saved;
		if (fd < 0 || slash == NULL)
			return fd;
		dirfd = fd;
		path = slash + 1;
	}
}

int
lf_open_beneath(int rootfd, const char *path, int flags)
{
	int fd = -1;

	/* A single name needs no scoped lookup, which would make threads in one folder wait for one another. */
	if (strchr(path, '/') == NULL)
		return open_part(rootfd, path, strlen(path), flags);
	errno = ENOSYS;
	if (strlen(path) < PATH_MAX)
		fd = open_at_once(rootfd, path, flags);
	return fd < 0 && errno == ENOSYS ? open_by_parts(rootfd, path, flags) : fd;
}

/* ---- Folders ---- */

static void
level_free(struct level *l)
{
	lf_buf_free(&l->names);
	free(l->list);
	memset(l, 0, sizeof(*l));
}

static int
level_add(struct level *l, const char *name, size_t len, unsigned char type)
{
	struct name *list = lf_array_more(l->list, l->n, &l->cap, sizeof(*list));

	if (list == NULL)
		return -1;
	l->list = list;
	l->list[l->n++] = (struct name){.at = l->names.len, .type = type};
	lf_buf_add(&l->names, name, len);
	lf_buf_add(&l->names, "/", type == DT_DIR ? 2 : 0);
	lf_buf_add(&l->names, "", type == DT_DIR ? 0 : 1);
	return l->names.failed ? -1 : 0;
}

/* What kind of thing a name is; DT_UNKNOWN when that cannot be found out. */
static unsigned char
type_of(int fd, const struct dirent *d)
{
	struct stat st;

	if (d->d_type != DT_UNKNOWN)
		return d->d_type;
	if (fstatat(fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return DT_UNKNOWN;
	return (unsigned char)IFTODT(st.st_mode);
}

static int
name_cmp(const void *a, const void *b, void *names)
{
	const struct name *x = a, *y = b;

	return strcmp((const char *)names + x->at, (const char *)names + y->at);
}

/* Reads and sorts the names of dir that are wanted.  Returns 0, -1 when memory is out, or the errno of the trouble. */
static int
level_read(struct lf_walk *w, struct level *l, DIR *dir)
{
	const struct dirent *d;
	unsigned char type;
	size_t len;
	int rc = 0;

	for (;;) {
		errno = 0;
		if ((d = readdir(dir)) == NULL)
			break;
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		len = strlen(d->d_name);
		type = type_of(dirfd(dir), d);
		if ((type == DT_REG || type == DT_DIR) && w->keep != NULL &&
		    !w->keep(w->keep_arg, d->d_name, len, type == DT_DIR))
			continue;
		if (level_add(l, d->d_name, len, type) != 0)
			return -1;
	}
	rc = errno;
	if (l->n > 0)
		qsort_r(l->list, l->n, sizeof(*l->list), name_cmp, l->names.data);
	return rc;
}

/* ---- The walk ---- */

struct lf_walk *
lf_walk_new(int rootfd, struct lf_err *err)
{
	struct lf_walk *w = calloc(1, sizeof(*w));

	if (w == NULL) {
		lf_err_nomem(err);
		return NULL;
	}
	w->rootfd = rootfd;
	lf_buf_init(&w->path);
	lf_buf_init(&w->problem);
	return w;
}

void
lf_walk_free(struct lf_walk *w)
{
	if (w == NULL)
		return;
	while (w->depth > 0)
		level_free(&w->levels[--w->depth]);
	lf_buf_free(&w->path);
	lf_buf_free(&w->problem);
	free(w);
}

void
lf_walk_only(struct lf_walk *w, lf_walk_keep_fn *keep, void *arg)
{
	w->keep = keep;
	w->keep_arg = arg;
}

static void
open_problem(struct lf_walk *w, int error)
{
	w->error = error;
	if (error == ELOOP) {
		lf_buf_puts(&w->problem, "became a symbolic link, not followed");
	} else if (error == ENOTDIR) {
		lf_buf_puts(&w->problem, "is no folder any more");
	} else if (error == ENOENT) {
		lf_buf_puts(&w->problem, "has vanished since its name was read");
	} else {
		errno = error;
		lf_buf_printf(&w->problem, "cannot be opened: %m");
	}
}

/*
 * Goes into the folder at w->path.  Trouble fills w->problem; what could be read before it is gone
 * through all the same.  Returns -1 when memory is out.
 */
static int
enter(struct lf_walk *w)
{
	struct level *l = &w->levels[w->depth];
	DIR *dir = NULL;
	int fd, rc = 0;

	if (w->depth > LF_MAX_TREE_DEPTH) {
		lf_buf_printf(&w->problem, "more than %d folders deep, not followed", LF_MAX_TREE_DEPTH);
		return 0;
	}
	fd = lf_open_beneath(w->rootfd, w->path.len == 0 ? "." : lf_buf_str(&w->path), O_DIRECTORY);
	if (fd < 0 || (dir = fdopendir(fd)) == NULL) {
		rc = errno;
		if (fd >= 0)
			close(fd);
		if (rc == ENOMEM)
			return -1;
		open_problem(w, rc);
		return 0;
	}
	rc = level_read(w, l, dir);
	closedir(dir);
	if (rc > 0) {
		w->error = errno = rc;
		lf_buf_printf(&w->problem, "cannot be read to its end: %m");
	}
	l->prefix = w->path.len == 0 ? 0 : w->path.len + 1;
	w->depth++;
	return rc < 0 ? -1 : 0;
}

/* Fills w->problem when a name of this type, now in w->path, is nothing to be read. */
static void
judge_type(struct lf_walk *w, unsigned char type)
{
	static const char *const texts[] = {
	    [DT_FIFO] = "FIFO",
	    [DT_CHR] = "character device",
	    [DT_BLK] = "block device",
	    [DT_LNK] = "symbolic link, not followed",
	    [DT_SOCK] = "socket",
	};

	if (w->path.len > LF_MAX_PATH)
		lf_buf_printf(&w->problem, "path longer than %d bytes", LF_MAX_PATH);
	else if (type == DT_UNKNOWN)
		lf_buf_puts(&w->problem, "cannot be examined");
	else if (type != DT_REG && type != DT_DIR)
		lf_buf_puts(&w->problem, type < sizeof(texts) / sizeof(texts[0]) && texts[type] != NULL
		    ? texts[type] : "neither a file nor a folder");
}

/* Takes the next name of the innermost folder.  Returns 1 when it gives an entry, 0 when it gives none, or -1. */
static int
take_name(struct lf_walk *w, struct lf_walk_entry *e)
{
	struct level *l = &w->levels[w->depth - 1];
	const struct name *n = &l->list[l->next++];

	if (l->prefix > 0)
		w->path.data[l->prefix - 1] = '/';
	w->path.len = l->prefix;
	lf_buf_puts(&w->path, l->names.data + n->at);
	if (w->path.failed)
		return -1;
	if (n->type == DT_DIR)
		w->path.data[--w->path.len] = '\0';
	judge_type(w, n->type);
	e->type = n->type == DT_REG ? LF_WALK_FILE : LF_WALK_PROBLEM;
	if (n->type == DT_DIR && w->problem.len == 0 && enter(w) != 0)
		return -1;
	return n->type != DT_DIR || w->problem.len > 0;
}

int
lf_walk_next(struct lf_walk *w, struct lf_walk_entry *e, struct lf_err *err)
{
	int rc = 0;

	lf_buf_reset(&w->problem);
	w->error = 0;
	e->type = LF_WALK_PROBLEM;
	if (!w->started) {
		w->started = true;
		rc = enter(w) != 0 ? -1 : w->problem.len > 0;
	}
	while (rc == 0 && w->depth > 0) {
		if (w->levels[w->depth - 1].next == w->levels[w->depth - 1].n)
			level_free(&w->levels[--w->depth]);
		else
			rc = take_name(w, e);
	}
	if (rc < 0 || w->problem.failed)
		return lf_err_nomem(err);
	if (w->problem.len > 0)
		e->type = LF_WALK_PROBLEM;
	e->path = lf_buf_str(&w->path);
	e->path_len = w->path.len;
	e->error = w->error;
	e->problem = w->problem.len > 0 ? lf_buf_str(&w->problem) : NULL;
	return rc;
}
