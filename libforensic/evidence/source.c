#include "evidence/source.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "evidence/archive.h"
#include "evidence/spool.h"
#include "evidence/walk.h"

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
