/* Logs inside other files: in a tar that is compressed, compressed twice. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"

/* Split a name over the two fields that a tar header has for it. */
static void
tar_name(char *head, const char *name)
{
	size_t len = strlen(name);
	const char *slash = name + (len > 100 ? len - 100 : 0);

	if (len <= 100) {
		memcpy(head, name, len);
		return;
	}
	slash = strchr(slash, '/');
	memcpy(head, slash + 1, strlen(slash + 1));
	memcpy(head + 345, name, (size_t)(slash - name));
}

/* Append a file to a tar. */
static void
tar_add(struct buf *b, const char *name, const struct buf *file)
{
	char head[SECTOR] = {0};
	static const char zero[SECTOR];
	unsigned sum = 0, i;

	tar_name(head, name);
	snprintf(head + 100, 8, "0000644");
	snprintf(head + 108, 8, "0000000");
	snprintf(head + 116, 8, "0000000");
	snprintf(head + 124, 12, "%011o", (unsigned)file->len);
	snprintf(head + 136, 12, "%011o", 1709251200u);
	memcpy(head + 148, "        0", 9);
	memcpy(head + 257, "ustar\00000", 8);
	for (i = 0; i < SECTOR; i++)
		sum += (unsigned char)head[i];
	snprintf(head + 148, 8, "%06o", sum);
	head[155] = ' ';
	buf_add(b, head, SECTOR);
	buf_add(b, file->p, file->len);
	buf_add(b, zero, (SECTOR - file->len % SECTOR) % SECTOR);
}

/* Put logs in a tar, which is compressed. */
static void
make_tar(struct image *im, const struct log *l, unsigned logs, struct buf *z)
{
	static const char zero[2 * SECTOR];
	struct buf tar = {0};
	unsigned i;
	char *name;

	for (i = 0; i < logs; i++) {
		name = l[i].object != NULL ? xstrdup(l[i].object)
					   : xasprintf("logs/%06u.json.gz", l[i].number);
		tar_add(&tar, name, &l[i].gz);
		free(name);
	}
	buf_add(&tar, zero, sizeof(zero));
	gz_pack(&im->g, z, tar.p, tar.len);
	buf_free(&tar);
}

/* I: two or three logs in a tar.gz, every third time a log that was compressed once more. */
void
put_nested(struct image *im, char class, unsigned n)
{
	struct rng r = item_rng(im, class, n);
	unsigned logs = n % 3 == 2 ? 1 : 2 + rng_below(&r, 2), i;
	struct buf z = {0};
	struct item it;
	struct log l[3];
	uint64_t at;

	for (i = 0; i < logs; i++)
		log_new(im, &l[i], 0, SIZE_MAX);
	if (logs == 1)
		gz_pack(&im->g, &z, l[0].gz.p, l[0].gz.len);
	else
		make_tar(im, l, logs, &z);
	at = disk_take(&im->disk, z.len, n % 2 ? 1 : BLOCK);
	disk_put(&im->disk, at, z.p, z.len);
	for (i = 0; i < logs; i++) {
		item_begin(
		    im, &it, class, n, logs == 1 ? "compressed twice" : "in a tar.gz", "exact");
		item_member(&it, i);
		it.log = &l[i];
		item_run(&it, at, z.len, 0);
		sha256_hex(z.p, z.len, it.container);
		log_keep(im, &l[i]);
		item_end(im, &it);
	}
	for (i = 0; i < logs; i++)
		log_drop(&l[i]);
	buf_free(&z);
}
