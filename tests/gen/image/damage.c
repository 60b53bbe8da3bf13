/* Damaged logs: cut, with a hole, in pieces, with wrong bits, in a record of an NTFS file table. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"

/* Put the first 60 % of a log. */
void
place_cut(struct image *im, struct item *it, const struct log *l, unsigned align)
{
	size_t n = l->gz.len * 60 / 100;
	uint64_t at = disk_take(&im->disk, n, align);

	disk_put(&im->disk, at, l->gz.p, n);
	item_run(it, at, n, 0);
	item_hurt(it, n, l->gz.len - n, "cut");
	it->log = l;
	it->complete = log_readable(l, n);
}

/* C: cut at 60 %. */
void
put_cut(struct image *im, char class, unsigned n)
{
	struct item it;
	struct log l;

	log_new(im, &l, 0, SIZE_MAX);
	item_begin(im, &it, class, n, "cut at 60 %", "prefix");
	place_cut(im, &it, &l, n % 2 ? 1 : BLOCK);
	log_keep(im, &l);
	item_end(im, &it);
	log_drop(&l);
}

/* Overwrite a lost sector with what often takes the place of one. */
static const char *
fill_hole(struct image *im, struct rng *r, unsigned kind, char *p)
{
	struct log other;

	if (kind == 0) {
		filler_random(r, p, SECTOR);
		return "random";
	}
	if (kind == 1) {
		filler_text(im, r, p, SECTOR);
		return "text";
	}
	log_lost(im, &other, 2 * SECTOR, SIZE_MAX);
	memcpy(p, other.gz.p + SECTOR, SECTOR);
	log_drop(&other);
	return "of another log";
}

/* D, L: one sector, neither the first nor in the trailer, is zero or holds other data. */
void
put_hole(struct image *im, char class, unsigned n)
{
	struct rng r = item_rng(im, class, n);
	const char *kind = "zero";
	char *z, lost[SECTOR] = {0};
	struct item it;
	struct log l;
	uint64_t at;
	size_t hole;

	log_new(im, &l, 2048, SIZE_MAX);
	item_begin(
	    im, &it, class, n, class == 'D' ? "a sector zero" : "a sector of other data", "resync");
	hole = SECTOR * (1 + (size_t)rng_below(&r, (unsigned)((l.gz.len - 8) / SECTOR - 1)));
	if (class == 'L')
		kind = fill_hole(im, &r, n % 3, lost);
	z = xrealloc(NULL, l.gz.len, 1);
	memcpy(z, l.gz.p, l.gz.len);
	memcpy(z + hole, lost, SECTOR);
	at = disk_take(&im->disk, l.gz.len, BLOCK);
	disk_put(&im->disk, at, z, l.gz.len);
	item_run(&it, at, l.gz.len, 0);
	item_hurt(&it, hole, SECTOR, kind);
	it.log = &l;
	it.complete = log_readable(&l, hole);
	log_keep(im, &l);
	item_end(im, &it);
	log_drop(&l);
	free(z);
}

/* Put a log of more than a block in two pieces with a block of something else between them; the
 * second piece comes first when reversed. */
void
place_fragments(
    struct image *im, struct item *it, const struct log *l, bool reversed, struct rng *r)
{
	size_t blocks = (l->gz.len - 1) / BLOCK;
	size_t cut = BLOCK * (1 + (size_t)rng_below(r, (unsigned)blocks));
	size_t rest = l->gz.len - cut, room = (rest + BLOCK - 1) / BLOCK * BLOCK;
	uint64_t at = disk_take(&im->disk, cut + BLOCK + room, BLOCK), first, second;

	first = reversed ? at + room + BLOCK : at;
	second = reversed ? at : at + cut + BLOCK;
	disk_put(&im->disk, first, l->gz.p, cut);
	disk_put(&im->disk, second, l->gz.p + cut, rest);
	item_run(it, first, cut, 0);
	item_run(it, second, rest, cut);
	it->log = l;
}

/* E, N: two fragments, in order and reversed. */
void
put_fragments(struct image *im, char class, unsigned n)
{
	struct rng r = item_rng(im, class, n);
	struct item it;
	struct log l;

	log_new(im, &l, BLOCK + 1, SIZE_MAX);
	item_begin(im, &it, class, n,
	    class == 'E' ? "two fragments, a block between" : "two fragments, the second first",
	    "joined");
	place_fragments(im, &it, &l, class == 'N', &r);
	log_keep(im, &l);
	item_end(im, &it);
	log_drop(&l);
}

static int
cmp_size(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return (x > y) - (x < y);
}

/* M: 1, 8 or 64 bits flipped, each in a byte of its own between header and trailer. */
void
put_flips(struct image *im, char class, unsigned n)
{
	static const unsigned counts[] = {1, 8, 64};
	static const char *const what[] = {"1 bit flipped", "8 bits flipped", "64 bits flipped"};
	struct rng r = item_rng(im, class, n);
	unsigned flips = counts[n % 3], i, k;
	size_t where[64], span;
	struct item it;
	struct log l;
	uint64_t at;
	char *z;

	log_new(im, &l, 0, SIZE_MAX);
	item_begin(im, &it, class, n, what[n % 3], "prefix");
	z = xrealloc(NULL, l.gz.len, 1);
	memcpy(z, l.gz.p, l.gz.len);
	span = (l.gz.len - 18) / flips;
	for (i = 0; i < flips; i++) {
		where[i] = 10 + i * span + rng_below(&r, (unsigned)span);
		z[where[i]] = (char)(z[where[i]] ^ 1 << rng_below(&r, 8));
	}
	qsort(where, flips, sizeof(where[0]), cmp_size);
	at = disk_take(&im->disk, l.gz.len, n % 2 ? 1 : BLOCK);
	disk_put(&im->disk, at, z, l.gz.len);
	item_run(&it, at, l.gz.len, 0);
	for (k = 0; k < flips; k++)
		item_hurt(&it, where[k], 1, "flip");
	it.log = &l;
	it.complete = log_readable(&l, where[0]);
	log_keep(im, &l);
	item_end(im, &it);
	log_drop(&l);
	free(z);
}

/* Write a little-endian number. */
static void
put_le(unsigned char *p, uint64_t v, unsigned n)
{
	for (; n > 0; n--, v >>= 8)
		*p++ = (unsigned char)v;
}

/* The frame of a file record: its header, standard information, and a resident $DATA with room for
 * len bytes. Returns where the data starts. */
static size_t
mft_frame(unsigned char *p, size_t size, size_t len, unsigned number)
{
	size_t fixups = size / SECTOR + 1, first = (0x30 + 2 * fixups + 7) / 8 * 8,
	       data = first + 0x60;
	size_t attr = 0x18 + (len + 7) / 8 * 8;

	memcpy(p, "FILE", 4);
	put_le(p + 4, 0x30, 2);
	put_le(p + 6, fixups, 2);
	put_le(p + 0x10, 1, 2);
	put_le(p + 0x12, 1, 2);
	put_le(p + 0x14, first, 2);
	put_le(p + 0x16, 1, 2);
	put_le(p + 0x18, data + attr + 8, 4);
	put_le(p + 0x1c, size, 4);
	put_le(p + 0x28, 3, 2);
	put_le(p + 0x2c, number, 4);
	put_le(p + first, 0x10, 4);
	put_le(p + first + 4, 0x60, 4);
	put_le(p + first + 0x10, 0x48, 4);
	put_le(p + first + 0x14, 0x18, 2);
	put_le(p + data, 0x80, 4);
	put_le(p + data + 4, attr, 4);
	put_le(p + data + 0x0e, 1, 2);
	put_le(p + data + 0x10, len, 4);
	put_le(p + data + 0x14, 0x18, 2);
	put_le(p + data + attr, 0xffffffff, 4);
	return data + 0x18;
}

/*
 * S: a log so small that NTFS keeps it in the file's record: the last two bytes of each sector are
 * the update sequence number, the bytes themselves stand in the record's header.
 */
void
put_resident(struct image *im, char class, unsigned n)
{
	struct rng r = item_rng(im, class, n);
	unsigned char record[BLOCK] = {0};
	size_t size, at, end;
	unsigned usn = 1 + rng_below(&r, 60000);
	struct item it;
	struct log l;
	uint64_t where;

	log_new(im, &l, 0, 3000);
	size = l.gz.len + 0x100 <= 1024 ? 1024 : BLOCK;
	item_begin(im, &it, class, n, "in a record of an NTFS file table", "fixup");
	at = mft_frame(record, size, l.gz.len, 64 + n);
	memcpy(record + at, l.gz.p, l.gz.len);
	where = disk_take(&im->disk, size, BLOCK);
	item_run(&it, where + at, l.gz.len, 0);
	put_le(record + 0x30, usn, 2);
	for (end = SECTOR; end <= size; end += SECTOR) {
		memcpy(record + 0x30 + 2 * (end / SECTOR), record + end - 2, 2);
		put_le(record + end - 2, usn, 2);
		if (end - 2 >= at && end <= at + l.gz.len)
			item_hurt(&it, end - 2 - at, 2, "fixup");
	}
	disk_put(&im->disk, where, record, size);
	it.log = &l;
	it.complete = it.nhurt > 0 ? log_readable(&l, it.hurt[0].at) : SIZE_MAX;
	log_keep(im, &l);
	item_end(im, &it);
	log_drop(&l);
}
