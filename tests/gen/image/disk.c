/* The disk: what lies on it before anything is planted, and what of it is taken. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image.h"

/* Write bytes where they belong. */
void
disk_put(const struct disk *d, uint64_t at, const void *p, size_t n)
{
	const char *from = p;
	ssize_t w;

	while (n > 0) {
		if ((w = pwrite(d->fd, from, n, (off_t)at)) <= 0)
			err(2, "%s", d->name);
		from += w;
		at += (uint64_t)w;
		n -= (size_t)w;
	}
}

/* Fill one extent of the background; which kind it is depends on the mix and on chance. */
static void
put_extent(struct image *im, struct disk *d, uint64_t at, size_t n, void *b)
{
	struct rng r = rng_make(im->g.o.seed, TAG('e', 'x', 't', 't'), at / EXTENT, d->size, 0, 0);
	unsigned dice = rng_below(&r, im->mix[0] + im->mix[1] + im->mix[2]);

	if (dice < im->mix[0]) {
		filler_random(&r, b, n);
		d->extents[0]++;
	} else if (dice < im->mix[0] + im->mix[1]) {
		filler_text(im, &r, b, n);
		d->extents[1]++;
	} else {
		memset(b, 0, n);
		d->extents[2]++;
		if (im->sparse)
			return;
	}
	disk_put(d, at, b, n);
}

/* Make the file and its background. */
void
disk_open(struct image *im, struct disk *d, const char *name, uint64_t size)
{
	char *path = xasprintf("%s/%s", im->g.o.out, name), *b = xrealloc(NULL, EXTENT, 1);
	uint64_t at;

	memset(d, 0, sizeof(*d));
	d->name = name;
	d->size = size;
	d->r = rng_make(im->g.o.seed, TAG('d', 'i', 's', 'k'), size, (uint64_t)name[0], 0, 0);
	d->taken = xrealloc(NULL, size / SECTOR / 8 + 2, 1);
	memset(d->taken, 0, size / SECTOR / 8 + 2);
	file_write(path, "", 0);
	if ((d->fd = open(path, O_RDWR | O_CLOEXEC)) == -1 || ftruncate(d->fd, (off_t)size) == -1)
		err(2, "%s", path);
	for (at = 0; at < size; at += EXTENT)
		put_extent(im, d, at, size - at < EXTENT ? (size_t)(size - at) : EXTENT, b);
	free(b);
	free(path);
}

/* Close the file; everything written must have arrived. */
void
disk_close(struct disk *d)
{
	if (close(d->fd) == -1)
		err(2, "%s", d->name);
	free(d->taken);
}

/* Whether a sector is taken. */
static bool
is_taken(const struct disk *d, uint64_t s)
{
	return d->taken[s / 8] >> (s % 8) & 1;
}

/* Whether no sector from a on, before b, is taken. */
static bool
all_free(const struct disk *d, uint64_t a, uint64_t b)
{
	for (; a < b; a++)
		if (is_taken(d, a))
			return false;
	return true;
}

/*
 * Take room for n bytes, anywhere: at a multiple of align or, when that is 1, at no multiple of a
 * sector. No two rooms share a sector.
 */
uint64_t
disk_take(struct disk *d, uint64_t n, unsigned align)
{
	uint64_t at, a, b, last;
	unsigned tries;

	if (n + EXTENT > d->size)
		errx(2, "%s: too small for what is to be planted: --size", d->name);
	last = d->size - n;
	for (tries = 0; tries < 20000; tries++) {
		at = rng_next(&d->r) % (last + 1);
		at = align > 1 ? at - at % align
			       : at - at % SECTOR + 1 + rng_next(&d->r) % (SECTOR - 1);
		a = at / SECTOR;
		b = (at + n + SECTOR - 1) / SECTOR;
		if (at > last || !all_free(d, a, b))
			continue;
		for (; a < b; a++)
			d->taken[a / 8] |= (unsigned char)(1u << (a % 8));
		return at;
	}
	errx(2, "%s: no room left for %llu bytes: --size", d->name, (unsigned long long)n);
}

/* Make the bytes a hole of the file where the file system has holes, else zeros. */
void
disk_hole(const struct disk *d, uint64_t at, uint64_t n)
{
	char *zero;

	if (fallocate(d->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)at, (off_t)n) == 0)
		return;
	if (errno != EOPNOTSUPP && errno != ENOSYS)
		err(2, "%s: fallocate", d->name);
	zero = xrealloc(NULL, (size_t)n, 1);
	memset(zero, 0, (size_t)n);
	disk_put(d, at, zero, (size_t)n);
	free(zero);
}
