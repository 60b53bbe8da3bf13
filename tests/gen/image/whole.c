/* Whole logs: aligned and not, members behind one another, the same log changed, a sparse file. */
#include <stdio.h>
#include <string.h>

#include "image.h"

/* The chances of one item. */
struct rng
item_rng(const struct image *im, char class, unsigned n)
{
	return rng_make(im->g.o.seed, TAG('i', 't', 'e', 'm'), (uint64_t) class, n, 0, 0);
}

/*
 * Put a log as it is stored at a multiple of align. What is left of its last block is zero half of
 * the time, else what was there before.
 */
void
place_whole(struct image *im, struct item *it, const struct log *l, unsigned align, struct rng *r)
{
	static const char zero[BLOCK];
	size_t slack = align == BLOCK ? (BLOCK - l->gz.len % BLOCK) % BLOCK : 0;
	uint64_t at = disk_take(&im->disk, l->gz.len + slack, align);

	disk_put(&im->disk, at, l->gz.p, l->gz.len);
	if (rng_below(r, 2) == 0)
		disk_put(&im->disk, at + l->gz.len, zero, slack);
	item_run(it, at, l->gz.len, 0);
	it->log = l;
}

/* A, B: a whole log, on a block or off it. */
void
put_whole(struct image *im, char class, unsigned n)
{
	struct rng r = item_rng(im, class, n);
	struct item it;
	struct log l;

	log_new(im, &l, 0, SIZE_MAX);
	item_begin(im, &it, class, n, class == 'A' ? "whole, on a block" : "whole, off any sector",
	    "exact");
	place_whole(im, &it, &l, class == 'A' ? BLOCK : 1, &r);
	log_keep(im, &l);
	item_end(im, &it);
	log_drop(&l);
}

/* K: two to four members, one directly behind the other. */
void
put_members(struct image *im, char class, unsigned n)
{
	struct rng r = item_rng(im, class, n);
	unsigned members = 2 + rng_below(&r, 3), i;
	struct log l[4];
	struct item it;
	uint64_t at, len = 0;

	for (i = 0; i < members; i++) {
		log_new(im, &l[i], 0, SIZE_MAX);
		len += l[i].gz.len;
	}
	at = disk_take(&im->disk, len, n % 2 ? 1 : BLOCK);
	for (i = 0; i < members; i++) {
		item_begin(im, &it, class, n, "one of several members in a row", "exact");
		item_member(&it, i);
		it.log = &l[i];
		disk_put(&im->disk, at, l[i].gz.p, l[i].gz.len);
		item_run(&it, at, l[i].gz.len, 0);
		at += l[i].gz.len;
		log_keep(im, &l[i]);
		item_end(im, &it);
	}
	for (i = 0; i < members; i++)
		log_drop(&l[i]);
}

/* O: a log, and elsewhere the same with one byte of a record changed. */
void
put_changed(struct image *im, char class, unsigned n)
{
	struct rng r = item_rng(im, class, n);
	struct log l[2];
	struct item it;
	struct text id;
	unsigned i;

	log_new(im, &l[0], 0, SIZE_MAX);
	log_changed(im, &l[0], &l[1]);
	for (i = 0; i < 2; i++) {
		item_begin(im, &it, class, n,
		    i ? "the same, one byte of a record changed"
		      : "a log that is here again, changed",
		    "exact");
		item_member(&it, i);
		if (member_of(&l[i].rec[0], "eventID", &id))
			snprintf(it.conflict, sizeof(it.conflict), "%.*s", (int)id.len, id.p);
		place_whole(im, &it, &l[i], n % 2 ? 1 : BLOCK, &r);
		log_keep(im, &l[i]);
		item_end(im, &it);
	}
	log_drop(&l[0]);
	log_drop(&l[1]);
}

/* U: a log with nothing but a hole of the image file around it. */
void
put_sparse(struct image *im, char class, unsigned n)
{
	struct rng r = item_rng(im, class, n);
	struct item it;
	struct log l;
	uint64_t at;

	log_new(im, &l, 0, EXTENT);
	at = disk_take(&im->disk, 4 * EXTENT, EXTENT);
	disk_hole(&im->disk, at, 4 * EXTENT);
	at += (uint64_t)BLOCK * (1 + rng_below(&r, 40));
	disk_put(&im->disk, at, l.gz.p, l.gz.len);
	item_begin(im, &it, class, n, "whole, in a hole of a sparse file", "exact");
	item_run(&it, at, l.gz.len, 0);
	it.log = &l;
	log_keep(im, &l);
	item_end(im, &it);
	log_drop(&l);
}
