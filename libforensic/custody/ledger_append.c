/*
 * How the ledger grows: a copy with one line more takes its place by rename(2), so that a reader, and whoever comes
 * after a crash, finds the old ledger or the new one.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "custody/ledger.h"
#include "custody/store.h"

#define COPY_BUFFER ((size_t)64 << 10)

/* The copy under way. */
struct copy {
	const struct lf_ledger *l;
	struct lf_ledger_end *end;
	struct lf_buf buf; /* written when large */
	struct lf_arena arena;
	int fd;
};

static int
write_error(const struct lf_ledger *l, struct lf_err *err)
{
	return lf_err_sys(err, "cannot write beside %s", l->path);
}

static int
broken(const struct copy *c, uint64_t line, const char *what, struct lf_err *err)
{
	return lf_err_set(err, "%s is broken in line %llu (%s): nothing is added to it; --check tells all", c->l->path,
	    (unsigned long long)line, what);
}

/* Holds a line to the chain. */
static int
check_line(struct copy *c, const struct lf_ledger_line *line, struct lf_err *err)
{
	struct lf_entry e;
	struct lf_err why;
	int rc;

	lf_arena_reset(&c->arena);
	if (!line->ended)
		return broken(c, line->number, "it has no end", err);
	if ((rc = lf_entry_read(line->text, line->len, &c->arena, &e, &why)) != 0)
		return rc < 0 ? lf_err_nomem(err) : broken(c, line->number, why.msg, err);
	if (e.number != line->number)
		return broken(c, line->number, "its entry has another number", err);
	if (memcmp(e.previous, c->end->hash, LF_SHA256_LEN) != 0)
		return broken(c, line->number, "it does not have the hash of the line before", err);
	return 0;
}

static int
copy_line(void *arg, const struct lf_ledger_line *line, struct lf_err *err)
{
	struct copy *c = arg;

	if (check_line(c, line, err) != 0)
		return -1;
	c->end->entries = line->number;
	memcpy(c->end->hash, line->hash, LF_SHA256_LEN);
	lf_buf_add(&c->buf, line->text, line->len);
	lf_buf_putc(&c->buf, '\n');
	if (c->buf.failed)
		return lf_err_nomem(err);
	if (c->buf.len < COPY_BUFFER)
		return 0;
	if (lf_file_write_all(c->fd, c->buf.data, c->buf.len) != 0)
		return write_error(c->l, err);
	lf_buf_reset(&c->buf);
	return 0;
}

/* Copies the old lines, if there are any. */
static int
copy_lines(struct lf_ledger *l, struct lf_ledger_next *next, struct lf_err *err)
{
	struct copy c = {.l = l, .end = &next->end, .fd = next->file.fd};
	int old = openat(l->folder, l->base, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK), rc;
	struct stat st;

	if (old < 0)
		return errno == ENOENT ? 0 : lf_err_sys(err, "cannot open %s", l->path);
	lf_buf_init(&c.buf);
	lf_arena_init(&c.arena);
	if (fstat(old, &st) != 0 || !S_ISREG(st.st_mode) || st.st_nlink > 1)
		rc = lf_err_set(err, "%s was exchanged for something else", l->path);
	else
		rc = lf_ledger_lines(l, old, copy_line, &c, err);
	if (rc == 0 && c.buf.len > 0 && lf_file_write_all(c.fd, c.buf.data, c.buf.len) != 0)
		rc = write_error(l, err);
	if (rc == 0)
		(void)fchmod(next->file.fd, st.st_mode & 07777); /* where it cannot be, it has the mode of a new file */
	lf_buf_free(&c.buf);
	lf_arena_free(&c.arena);
	close(old);
	return rc;
}

/* A file of an entry that the ledger lacks: its end was cut off, and what is added now would hide that. */
static int
refuse_behind(void *arg, uint64_t entry, enum lf_store_file f, const char *name, struct lf_err *err)
{
	const struct lf_ledger *l = arg;

	(void)f;
	return lf_err_set(err, "%s lacks entry %llu, of which %s/%s is there: nothing is added to it; --check tells all", l->path,
	    (unsigned long long)entry, l->store, name);
}

int
lf_ledger_prepare(struct lf_ledger *l, struct lf_ledger_next *next, struct lf_err *err)
{
	next->end = (struct lf_ledger_end){0};
	if (lf_replace_open(&next->file, l->folder, l->base, 0666) != 0)
		return errno == ENAMETOOLONG ? lf_err_set(err, "the name of %s is too long", l->path) : write_error(l, err);
	if (copy_lines(l, next, err) != 0 || lf_store_settle(l, next->end.entries, err) != 0 ||
	    lf_store_behind(l, next->end.entries, refuse_behind, l, err) != 0) {
		lf_ledger_drop(next);
		return -1;
	}
	return 0;
}

int
lf_ledger_commit(struct lf_ledger *l, struct lf_ledger_next *next, const char *line, size_t len, struct lf_err *err)
{
	bool synced = fsync(l->files) == 0 || errno == EINVAL;
	struct lf_err later;

	if (!synced || lf_file_write_all(next->file.fd, line, len) != 0 || lf_replace_commit(&next->file, true) != 0) {
		write_error(l, err);
		lf_replace_drop(&next->file);
		return -1;
	}
	/* the entry stands: files that do not get their names now are found all the same, and get them with the next */
	for (unsigned tries = 0; tries < 2 && lf_store_publish(l, next->end.entries + 1, &later) != 0; tries++)
		continue;
	return 0;
}

void
lf_ledger_drop(struct lf_ledger_next *next)
{
	lf_replace_drop(&next->file);
}
