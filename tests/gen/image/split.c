/* T: a second image in parts, of which one is missing: logs over the seams, in it and at its edges.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image.h"

#define PART (4 * EXTENT)
#define NAME "split.raw"

/* Where item n lies: over the seam behind some part, or in the missing part or at an edge of it. */
static uint64_t
split_place(unsigned n, unsigned missing, size_t len, const char **what, const char **expect)
{
	uint64_t gone = (uint64_t)missing * PART;

	*expect = "exact";
	switch (n) {
	case 1:
		*what = "the end is in the missing part";
		*expect = "prefix";
		return gone - len / 2;
	case 2:
		*what = "in the missing part";
		*expect = "nothing";
		return gone + PART / 2;
	case 3:
		*what = "the start is in the missing part";
		*expect = "nothing";
		return gone + PART - len / 2;
	default:
		*what = "over the seam of two parts";
		n = n == 0 ? 0 : n - 3;
		return (uint64_t)(n + 1 + (n + 2 >= missing ? 3 : 0)) * PART - len / 2;
	}
}

/* Plant item n. */
static void
split_put(struct image *im, unsigned n, unsigned missing)
{
	uint64_t at, from, to, gone = (uint64_t)missing * PART;
	const char *what, *expect;
	struct item it;
	struct log l;

	if (n == 2 || n == 3)
		log_lost(im, &l, 0, EXTENT);
	else
		log_new(im, &l, 0, EXTENT);
	at = split_place(n, missing, l.gz.len, &what, &expect);
	disk_put(&im->split, at, l.gz.p, l.gz.len);
	item_begin(im, &it, 'T', n, what, expect);
	it.disk = &im->split;
	it.log = &l;
	item_run(&it, at, l.gz.len, 0);
	from = at > gone ? at : gone;
	to = at + l.gz.len < gone + PART ? at + l.gz.len : gone + PART;
	if (from < to) {
		item_hurt(&it, from - at, to - from, "missing part");
		it.complete = from == at ? 0 : log_readable(&l, from - at);
	}
	log_keep(im, &l);
	item_end(im, &it);
	log_drop(&l);
}

/* Cut the image in parts, all but one, and remove it. */
static void
split_cut(struct image *im, unsigned parts, unsigned missing)
{
	char *b = xrealloc(NULL, PART, 1), *path;
	unsigned i;

	for (i = 0; i < parts; i++) {
		if (i == missing)
			continue;
		if (pread(im->split.fd, b, PART, (off_t)i * PART) != PART)
			err(2, NAME);
		path = xasprintf("%s/%s.%03u", im->g.o.out, NAME, i + 1);
		file_write(path, b, PART);
		free(path);
	}
	free(b);
	path = xasprintf("%s/%s", im->g.o.out, NAME);
	file_remove(path);
	free(path);
}

/* Make split.raw.001, .002, ... with n items. */
void
split_make(struct image *im, unsigned n)
{
	unsigned missing = 3 + n / 2, parts = n + 8, i;

	if (n == 0)
		return;
	if (parts > 999)
		errx(2, "--class T: more than 991");
	disk_open(im, &im->split, NAME, (uint64_t)parts * PART);
	for (i = 0; i < n; i++)
		split_put(im, i, missing);
	split_cut(im, parts, missing);
	disk_close(&im->split);
}
