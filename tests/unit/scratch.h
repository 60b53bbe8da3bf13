/* A folder of its own for a test, made before it and removed with all that is in it afterwards. */
#ifndef LF_TEST_SCRATCH_H
#define LF_TEST_SCRATCH_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char scratch[256]; /* the folder */

/* Writes a path below the folder into one of a few buffers that take turns. */
static inline const char *
scratch_path(const char *name)
{
	static char paths[8][9000];
	static unsigned turn;
	char *p = paths[turn++ % 8];

	snprintf(p, sizeof(paths[0]), "%s/%s", scratch, name);
	return p;
}

/* For cmocka_unit_test_setup_teardown(). */
static inline int
scratch_make(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(scratch, sizeof(scratch), "%s/trail-unit-XXXXXX", tmp != NULL ? tmp : "/tmp");
	return mkdtemp(scratch) == NULL ? -1 : 0;
}

/* Removes what lies in an open folder, however deep, and closes it. */
static inline void
scratch_clear(int fd)
{
	DIR *dir = fdopendir(fd);
	const struct dirent *d;
	int below;

	if (dir == NULL)
		return;
	while ((d = readdir(dir)) != NULL) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		if (d->d_type == DT_DIR && fchmodat(fd, d->d_name, 0700, 0) != 0)
			continue;
		below = openat(fd, d->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
		if (below >= 0)
			scratch_clear(below);
		unlinkat(fd, d->d_name, below >= 0 ? AT_REMOVEDIR : 0);
	}
	closedir(dir);
}

static inline int
scratch_remove(void **state)
{
	int fd = open(scratch, O_RDONLY | O_DIRECTORY);

	(void)state;
	if (fd >= 0)
		scratch_clear(fd);
	return rmdir(scratch);
}

/* Makes the folders in front of name and writes the file. */
static inline void
scratch_write(const char *name, const void *bytes, size_t len)
{
	char path[9000];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", scratch, name);
	for (char *p = path + strlen(scratch) + 1; (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		mkdir(path, 0755);
		*p = '/';
	}
	unlink(path); /* writing a file anew would make some file systems flush it */
	f = fopen(path, "wb");
	if (f == NULL || fwrite(bytes, 1, len, f) != len || fclose(f) != 0)
		abort();
}

static inline void
scratch_text(const char *name, const char *text)
{
	scratch_write(name, text, strlen(text));
}

/* The same numbers everywhere. */
static inline uint64_t
scratch_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static int scratch_folder; /* the folder, open between these two */

static inline int
scratch_open(void **state)
{
	if (scratch_make(state) != 0)
		return -1;
	scratch_folder = open(scratch, O_RDONLY | O_DIRECTORY);
	return scratch_folder < 0 ? -1 : 0;
}

static inline int
scratch_close(void **state)
{
	close(scratch_folder);
	return scratch_remove(state);
}

#endif
