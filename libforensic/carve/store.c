#include "carve/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/replace.h"
#include "base/text.h"
#include "carve/work.h"

#define BUFFERED ((size_t)1 << 20) /* of a work file, before it is written */
#define PIECE    1024u             /* records that are written down at once */
#define NAME_LEN 160
#define FINDS    "carve.finds"
#define RECORDS  "carve.records"

/* A file that grows. */
struct growing {
	int fd;
	uint64_t len; /* written */
	struct lf_buf buf;
};

struct lf_carve_store {
	char *dir;
	int folder, files, partial;
	struct growing finds, records;
	struct lf_buf map;
};

/* ---- Opening ---- */

static bool
is_empty(int folder)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	size_t n = 0;

	if (d == NULL) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	for (const struct dirent *e; (e = readdir(d)) != NULL;)
		n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	closedir(d);
	return n == 0;
}

static bool
is_link(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

/* Whether a run has begun in the folder, and is not over. */
static bool
is_begun(int folder)
{
	struct stat st;

	return fstatat(folder, FINDS, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode);
}

/* Whether there is what a run leaves behind when it is over. */
static bool
is_over(int folder)
{
	struct stat st;

	return fstatat(folder, "report.json", &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static int
open_root(struct lf_carve_store *s, bool resume, struct lf_err *err)
{
	if (is_link(s->dir))
		return lf_err_set(err, "%s is a symbolic link: give the folder itself", s->dir);
	if (!resume && mkdir(s->dir, 0777) < 0 && errno != EEXIST)
		return lf_err_sys(err, "cannot make %s", s->dir);
	s->folder = open(s->dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (s->folder < 0)
		return lf_err_sys(err, "cannot open %s", s->dir);
	if (flock(s->folder, LOCK_EX | LOCK_NB) < 0)
		return lf_err_set(err, "another run is at work in %s", s->dir);
	if (!resume && !is_empty(s->folder))
		return is_begun(s->folder) ? lf_err_set(err, "%s is not empty: a run in it is not over; --resume goes on with it", s->dir) :
		    lf_err_set(err, "%s is not empty: give a new folder", s->dir);
	if (resume && !is_begun(s->folder))
		return lf_err_set(err, "%s %s: there is nothing to resume", is_over(s->folder) ? "the run is over in" : "no run has begun in",
		    s->dir);
	return 0;
}

static int
open_folder(const struct lf_carve_store *s, const char *name, int *out, struct lf_err *err)
{
	if (mkdirat(s->folder, name, 0777) < 0 && errno != EEXIST)
		return lf_err_sys(err, "cannot make %s/%s", s->dir, name);
	*out = openat(s->folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return *out < 0 ? lf_err_sys(err, "cannot open %s/%s", s->dir, name) : 0;
}

static int
open_growing(const struct lf_carve_store *s, const char *name, bool resume, struct growing *g, struct lf_err *err)
{
	struct stat st;

	g->fd = openat(s->folder, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	if (g->fd < 0 || fstat(g->fd, &st) < 0)
		return lf_err_sys(err, "cannot open %s/%s", s->dir, name);
	/* Another name of it may be anybody's. */
	if (!S_ISREG(st.st_mode) || st.st_nlink != 1)
		return lf_err_set(err, "%s/%s is no file of this run alone", s->dir, name);
	/* What was carved before is what it says, and nothing else would tell. */
	if (resume && (st.st_uid != geteuid() || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0))
		return lf_err_set(err, "%s/%s is not this user's alone: others could have changed it; carve into a new folder", s->dir, name);
	g->len = (uint64_t)st.st_size;
	return 0;
}

int
lf_carve_store_open(const char *dir, bool resume, struct lf_carve_store **out, struct lf_err *err)
{
	struct lf_carve_store *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return lf_err_nomem(err);
	s->folder = s->files = s->partial = s->finds.fd = s->records.fd = -1;
	s->dir = strdup(dir);
	if (s->dir == NULL)
		lf_err_nomem(err);
	else if (open_root(s, resume, err) == 0 && open_growing(s, FINDS, resume, &s->finds, err) == 0 &&
	    open_growing(s, RECORDS, resume, &s->records, err) == 0 && open_folder(s, "files", &s->files, err) == 0 &&
	    open_folder(s, "partial", &s->partial, err) == 0) {
		*out = s;
		return 0;
	}
	lf_carve_store_free(s);
	return -1;
}

void
lf_carve_store_free(struct lf_carve_store *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < 5; i++) {
		int fd = (const int[]){s->finds.fd, s->records.fd, s->partial, s->files, s->folder}[i];

		if (fd >= 0)
			close(fd);
	}
	lf_buf_free(&s->finds.buf);
	lf_buf_free(&s->records.buf);
	lf_buf_free(&s->map);
	free(s->dir);
	free(s);
}

int
lf_carve_store_folder(const struct lf_carve_store *s)
{
	return s->folder;
}

/* ---- Files that grow ---- */

static int
flush(const struct lf_carve_store *s, struct growing *g, struct lf_err *err)
{
	if (g->buf.failed)
		return lf_err_nomem(err);
	if (g->buf.len > 0 &&
	    (lseek(g->fd, (off_t)g->len, SEEK_SET) < 0 || lf_file_write_all(g->fd, g->buf.data, g->buf.len) < 0))
		return lf_err_sys(err, "cannot write to a work file in %s", s->dir);
	g->len += g->buf.len;
	lf_buf_reset(&g->buf);
	return 0;
}

static int
cut(const struct lf_carve_store *s, struct growing *g, uint64_t len, struct lf_err *err)
{
	if (g->len < len)
		return lf_err_set(err, "%s: a work file holds less than carve.state says", s->dir);
	if (ftruncate(g->fd, (off_t)len) < 0)
		return lf_err_sys(err, "cannot shorten a work file in %s", s->dir);
	g->len = len;
	lf_buf_reset(&g->buf);
	return 0;
}

int
lf_carve_store_cut(struct lf_carve_store *s, uint64_t finds, uint64_t records, struct lf_err *err)
{
	return cut(s, &s->finds, finds, err) < 0 ? -1 : cut(s, &s->records, records, err);
}

int
lf_carve_store_sync(struct lf_carve_store *s, uint64_t *finds, uint64_t *records, struct lf_err *err)
{
	if (flush(s, &s->finds, err) < 0 || flush(s, &s->records, err) < 0)
		return -1;
	if (syncfs(s->folder) < 0 || fsync(s->finds.fd) < 0 || fsync(s->records.fd) < 0)
		return lf_err_sys(err, "cannot write %s to the disk", s->dir);
	*finds = s->finds.len;
	*records = s->records.len;
	return 0;
}

/* ---- Contents ---- */

/* Whether a file holds these bytes: an earlier find's, or of a run that was stopped. */
static bool
holds(int folder, const char *name, const char *bytes, size_t len)
{
	char piece[16384];
	struct stat st;
	int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	bool same = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_nlink == 1 && (uint64_t)st.st_size == len;

	for (size_t at = 0; same && at < len;) {
		ssize_t n = pread(fd, piece, len - at < sizeof(piece) ? len - at : sizeof(piece), (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		same = n > 0 && memcmp(piece, bytes + at, (size_t)n) == 0;
		at += n > 0 ? (size_t)n : 0;
	}
	if (fd >= 0)
		close(fd);
	return same;
}

/* Writes a file whole, or not at all, unless it is there. */
static int
write_file(const struct lf_carve_store *s, int folder, const char *name, const char *bytes, size_t len,
    struct lf_err *err)
{

	if (holds(folder, name, bytes, len))
		return 0;
	if (lf_replace_with(folder, name, 0666, false, bytes, len) == 0)
		return 0;
	return lf_err_sys(err, "cannot write %s in %s", name, s->dir);
}

/* A whole log or digest: as stored, or as it was found. */
static int
write_whole(struct lf_carve_store *s, const struct lf_find *f, char part[NAME_LEN], struct lf_err *err)
{
	bool stored = f->file_len > 0;
	struct lf_slice bytes = stored ? lf_find_slice(f, f->file, f->file_len) : lf_find_slice(f, f->content, f->content_len);
	char hex[2 * LF_SHA256_LEN + 1];

	lf_hex_encode(stored ? f->stored_sha256 : f->inflated_sha256, LF_SHA256_LEN, hex);
	snprintf(part, NAME_LEN, "files/%s.json%s", hex, stored ? ".gz" : "");
	return write_file(s, s->files, part + strlen("files/"), bytes.s, bytes.len, err);
}

static void
put_map(struct lf_buf *out, const struct lf_find *f)
{
	lf_buf_reset(out);
	lf_buf_puts(out, "{\"unknown\":[");
	for (size_t i = 0; i < f->n_unknown; i++)
		lf_buf_printf(out, "%s{\"offset\":%llu,\"length\":%llu}", i == 0 ? "" : ",", (unsigned long long)f->unknown[i].from,
		    (unsigned long long)(f->unknown[i].to - f->unknown[i].from));
	lf_buf_puts(out, "],\"unproved\":[");
	if (f->doubtful && f->content_len > 0)
		lf_buf_printf(out, "{\"offset\":0,\"length\":%zu}", f->content_len);
	lf_buf_puts(out, "]}\n");
}

/* The content of what is incomplete, and its map. */
static int
write_part(struct lf_carve_store *s, uint32_t image, const struct lf_find *f, char part[NAME_LEN], struct lf_err *err)
{
	struct lf_slice path = lf_find_slice(f, f->path, f->path_len), bytes = lf_find_slice(f, f->content, f->content_len);
	char name[NAME_LEN - 16], number[16] = "";

	/* The member of the image itself needs no more than its offset. */
	if (lf_slice_ends(path, "-GZIP-0") && memchr(path.s, '-', path.len - 7) == NULL)
		path.len -= 7;
	if (image > 0)
		snprintf(number, sizeof(number), "%u_", image + 1);
	snprintf(name, sizeof(name), "%s%.*s.map", number, (int)(path.len < 120 ? path.len : 120), path.s);
	put_map(&s->map, f);
	if (s->map.failed)
		return lf_err_nomem(err);
	if (write_file(s, s->partial, name, s->map.data, s->map.len, err) < 0)
		return -1;
	memcpy(name + strlen(name) - 4, ".json", 6);
	snprintf(part, NAME_LEN, "partial/%s", name);
	return write_file(s, s->partial, name, bytes.s, bytes.len, err);
}

/* In pieces, since one find may have very many. */
static int
add_records(struct lf_carve_store *s, uint32_t image, const struct lf_find *f, struct lf_err *err)
{
	size_t from = 0, to;

	do {
		to = f->n_records - from > PIECE ? from + PIECE : f->n_records;
		lf_work_put_records(&s->records.buf, image, f, from, to);
		if (s->records.buf.len > BUFFERED && flush(s, &s->records, err) < 0)
			return -1;
		from = to;
	} while (from < f->n_records);
	return 0;
}

int
lf_carve_store_add(struct lf_carve_store *s, uint32_t image, const struct lf_find *f, struct lf_err *err)
{
	char part[NAME_LEN] = "";
	int r = 0;

	if (!f->complete)
		r = write_part(s, image, f, part, err);
	else if (f->kind != LF_CARVE_LOOSE)
		r = write_whole(s, f, part, err);
	if (r < 0)
		return -1;
	lf_work_put_find(&s->finds.buf, image, f, part[0] == '\0' ? NULL : part);
	if (s->finds.buf.len > BUFFERED && flush(s, &s->finds, err) < 0)
		return -1;
	return add_records(s, image, f, err);
}

/* ---- Reading back ---- */

/* Puts the item at offset of a work file into buf; 0 at its end. */
static int
read_item(const struct lf_carve_store *s, const struct growing *g, uint64_t offset, struct lf_buf *buf,
    struct lf_err *err)
{
	uint32_t size;

	if (offset == g->len)
		return 0;
	lf_buf_reset(buf);
	if (lf_file_read_at(g->fd, &size, sizeof(size), offset) != 0 || size % 8 != 0 || size < 8 || size > g->len - offset)
		return lf_err_set(err, "%s: a work file is damaged at %llu", s->dir, (unsigned long long)offset);
	if (lf_buf_reserve(buf, size) == NULL)
		return lf_err_nomem(err);
	if (lf_file_read_at(g->fd, buf->data, size, offset) != 0)
		return lf_err_sys(err, "cannot read a work file in %s", s->dir);
	buf->len = size;
	return 1;
}

int
lf_carve_store_each(struct lf_carve_store *s, bool records,
    int (*take)(void *arg, const void *item, struct lf_err *err), void *arg, struct lf_err *err)
{
	struct growing *g = records ? &s->records : &s->finds;
	struct lf_buf item = {0};
	int r = flush(s, g, err);

	for (uint64_t at = 0; r == 0; at += item.len) {
		r = read_item(s, g, at, &item, err);
		if (r <= 0)
			break;
		r = take(arg, item.data, err);
	}
	lf_buf_free(&item);
	return r;
}

int
lf_carve_store_end(struct lf_carve_store *s, struct lf_err *err)
{
	/* In this order: a run is one that may be taken up as long as there are finds. */
	if (unlinkat(s->folder, RECORDS, 0) < 0 || unlinkat(s->folder, FINDS, 0) < 0)
		return lf_err_sys(err, "cannot remove the work files of %s", s->dir);
	return 0;
}

void
lf_carve_store_undo(struct lf_carve_store *s)
{
	(void)unlinkat(s->folder, FINDS, 0);
	(void)unlinkat(s->folder, RECORDS, 0);
	(void)unlinkat(s->folder, "files", AT_REMOVEDIR);
	(void)unlinkat(s->folder, "partial", AT_REMOVEDIR);
	(void)rmdir(s->dir);
}
