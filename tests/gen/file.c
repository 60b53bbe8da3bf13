/* Files below the output directory. */
#include <sys/stat.h>

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "gen.h"

/* Make all folders above path. */
static void
file_folders(const char *path)
{
	char *copy = xstrdup(path), *p;

	for (p = strchr(copy + 1, '/'); p != NULL; p = strchr(p + 1, '/')) {
		*p = '\0';
		if (mkdir(copy, 0777) == -1 && errno != EEXIST)
			err(2, "%s", copy);
		*p = '/';
	}
	free(copy);
}

/* Create or replace a file, and the folders above it. */
void
file_write(const char *path, const void *p, size_t n)
{
	const char *at = p;
	ssize_t w;
	int fd;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd == -1 && errno == ENOENT) {
		file_folders(path);
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	}
	if (fd == -1)
		err(2, "%s", path);
	while (n > 0) {
		if ((w = write(fd, at, n)) < 0)
			err(2, "%s", path);
		at += w;
		n -= (size_t)w;
	}
	if (close(fd) == -1)
		err(2, "%s", path);
}

/* Append the whole file to b; returns false when it does not exist. */
bool
file_read(const char *path, struct buf *b)
{
	ssize_t r;
	int fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1) {
		if (errno == ENOENT)
			return false;
		err(2, "%s", path);
	}
	do {
		buf_room(b, 65536);
		if ((r = read(fd, b->p + b->len, 65536)) < 0)
			err(2, "%s", path);
		b->len += (size_t)r;
	} while (r > 0);
	b->p[b->len] = '\0';
	close(fd);
	return true;
}

/* Move a file, making the folders that the new name needs. */
void
file_move(const char *from, const char *to)
{
	file_folders(to);
	if (rename(from, to) == -1)
		err(2, "%s -> %s", from, to);
}

/* Remove a file; it must exist. */
void
file_remove(const char *path)
{
	if (unlink(path) == -1)
		err(2, "%s", path);
}

/* Leave out . and .. */
static int
not_dots(const struct dirent *e)
{
	return strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
}

/* Call fn for every file below dir, in order of names. */
void
file_walk(const char *dir, void (*fn)(const char *, void *), void *arg)
{
	struct dirent **e;
	struct stat st;
	char *path;
	int i, n;

	if ((n = scandir(dir, &e, not_dots, alphasort)) == -1)
		err(2, "%s", dir);
	for (i = 0; i < n; i++) {
		path = xasprintf("%s/%s", dir, e[i]->d_name);
		if (lstat(path, &st) == -1)
			err(2, "%s", path);
		if (S_ISDIR(st.st_mode))
			file_walk(path, fn, arg);
		else
			fn(path, arg);
		free(path);
		free(e[i]);
	}
	free(e);
}

/* The path of an object of the first (0) or second (1) bucket; the caller frees it. */
char *
file_object(const struct gen *g, unsigned bucket, const char *key)
{
	return xasprintf("%s/%s/%s", g->o.out, bucket ? "bucket2" : "bucket", key);
}

/* The name of the first (0) or second (1) bucket. */
const char *
file_bucket(const struct gen *g, unsigned bucket)
{
	return bucket ? g->o.bucket2 : g->o.bucket;
}
