#include "evidence/image_parts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/slice.h"

#define MAX_PARTS 10000

/* "disk.001": what stands in front of the number, and how it is written. */
struct numbered {
	struct lf_slice folder, stem; /* stem with its dot */
	size_t digits;
	unsigned long first;
};

/* Whether name ends in a dot and two to four digits. */
static bool
read_name(const char *name, struct numbered *out)
{
	struct lf_slice path = {name, strlen(name)};
	struct lf_slice base = lf_slice_take_last(&path);
	size_t digits = 0;

	while (digits < base.len && base.s[base.len - 1 - digits] >= '0' && base.s[base.len - 1 - digits] <= '9')
		digits++;
	if (digits < 2 || digits > 4 || digits + 1 >= base.len || base.s[base.len - 1 - digits] != '.')
		return false;
	*out = (struct numbered){path, {base.s, base.len - digits}, digits, strtoul(base.s + base.len - digits, NULL, 10)};
	if (path.len == 0 && name[0] == '/')
		out->folder = (struct lf_slice){"/", 1};
	return true;
}

/* The number of a name in the folder; 0 for a name of another set (the set's own begin behind first). */
static unsigned long
number_of(const struct numbered *n, const char *entry)
{
	size_t len = strlen(entry);

	if (len != n->stem.len + n->digits || memcmp(entry, n->stem.s, n->stem.len) != 0 ||
	    strspn(entry + n->stem.len, "0123456789") != n->digits)
		return 0;
	return strtoul(entry + n->stem.len, NULL, 10);
}

static unsigned long
last_number(const struct numbered *n, DIR *folder)
{
	unsigned long last = n->first;

	for (const struct dirent *d; (d = readdir(folder)) != NULL;) {
		unsigned long k = number_of(n, d->d_name);

		if (k > last)
			last = k;
	}
	return last;
}

/* Opens part number k; leaves it absent when it is not there. */
static int
open_part(const struct numbered *n, DIR *folder, unsigned long k, struct lf_image_part *out, struct lf_err *err)
{
	char name[NAME_MAX + 1];
	struct stat st;

	snprintf(name, sizeof(name), "%.*s%0*lu", (int)n->stem.len, n->stem.s, (int)n->digits, k);
	out->fd = openat(dirfd(folder), name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (out->fd < 0)
		return errno == ENOENT ? 0 : lf_err_sys(err, "cannot open part %s", name);
	if (fstat(out->fd, &st) < 0 || !S_ISREG(st.st_mode))
		return lf_err_set(err, "part %s is no file", name);
	out->size = (uint64_t)st.st_size;
	return 0;
}

static int
open_rest(const struct numbered *n, DIR *folder, struct lf_image_part **parts, size_t *count, struct lf_err *err)
{
	unsigned long last = last_number(n, folder);
	struct lf_image_part *all;

	if (last - n->first >= MAX_PARTS)
		last = n->first + MAX_PARTS - 1;
	all = realloc(*parts, (last - n->first + 1) * sizeof(*all));
	if (all == NULL)
		return lf_err_nomem(err);
	*parts = all;
	for (unsigned long k = n->first + 1; k <= last; k++) {
		all[*count] = (struct lf_image_part){-1, 0, all[0].size};
		if (open_part(n, folder, k, &all[(*count)++], err) < 0)
			return -1;
	}
	return 0;
}

/* The set that name is the first part of. */
static int
open_set(const char *name, struct lf_image_part **parts, size_t *n, struct lf_err *err)
{
	struct numbered set;
	char *path;
	DIR *folder;
	int r;

	if (!read_name(name, &set))
		return 0;
	path = set.folder.len == 0 ? strdup(".") : strndup(set.folder.s, set.folder.len);
	if (path == NULL)
		return lf_err_nomem(err);
	folder = opendir(path);
	free(path);
	if (folder == NULL)
		return lf_err_sys(err, "cannot read the folder of %s for its other parts", name);
	r = open_rest(&set, folder, parts, n, err);
	closedir(folder);
	return r;
}

int
lf_image_parts_open(const char *name, int fd, struct lf_image_part **parts, size_t *n, struct lf_err *err)
{
	off_t size = lseek(fd, 0, SEEK_END);

	*n = 0;
	*parts = size < 0 ? NULL : malloc(sizeof(**parts));
	if (*parts == NULL) {
		if (size < 0)
			lf_err_sys(err, "cannot measure %s", name);
		else
			lf_err_nomem(err);
		close(fd);
		return -1;
	}
	(*parts)[(*n)++] = (struct lf_image_part){fd, 0, (uint64_t)size};
	if (open_set(name, parts, n, err) == 0)
		return 0;
	lf_image_parts_free(*parts, *n);
	*parts = NULL;
	*n = 0;
	return -1;
}

void
lf_image_parts_free(struct lf_image_part *parts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (parts[i].fd >= 0)
			close(parts[i].fd);
	free(parts);
}
