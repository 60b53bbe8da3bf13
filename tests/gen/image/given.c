/* Logs from files: each is planted whole, cut, in two fragments or inflated, in turn. */
#include <stdio.h>

#include "image.h"

/* Plant one file; one of no more than a block is not in fragments but whole. */
static void
given_put(struct image *im, const struct log *l, unsigned n)
{
	struct rng r = item_rng(im, 'a', n);
	unsigned kind = n % 4;
	struct item it;
	uint64_t at;

	if (kind == 2 && l->gz.len <= BLOCK)
		kind = 0;
	if (kind == 0) {
		item_begin(im, &it, 'a', n, "a given log, whole", "exact");
		place_whole(im, &it, l, BLOCK, &r);
	} else if (kind == 1) {
		item_begin(im, &it, 'c', n, "a given log, cut at 60 %", "prefix");
		place_cut(im, &it, l, BLOCK);
	} else if (kind == 2) {
		item_begin(im, &it, 'e', n, "a given log in two fragments", "joined");
		place_fragments(im, &it, l, false, &r);
	} else {
		item_begin(im, &it, 'f', n, "a given log, inflated", "inflated");
		at = disk_take(&im->disk, l->body.len, BLOCK);
		disk_put(&im->disk, at, l->body.p, l->body.len);
		item_run(&it, at, l->body.len, 0);
		it.plain = true;
		it.log = l;
	}
	item_end(im, &it);
}

/* Plant all of them. */
void
given_make(struct image *im)
{
	struct log l;
	unsigned i;

	for (i = 0; i < im->nplant; i++) {
		log_given(im, &l, im->plant[i]);
		log_keep(im, &l);
		given_put(im, &l, i);
		log_drop(&l);
	}
}
