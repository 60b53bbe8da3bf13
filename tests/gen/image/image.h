/*
 * mkimage: makes disk images with CloudTrail logs on them, whole and damaged, and the answer key.
 * It is an oracle: it shares no code with libforensic.
 */
#ifndef IMAGE_H
#define IMAGE_H

#include "../gen.h"

#define SECTOR	512
#define BLOCK	4096
#define EXTENT	65536
#define CLASSES 21 /* A to U */
#define MAX_RUN 16

/* A disk while it is being filled: sectors that are taken are marked. */
struct disk {
	const char *name; /* file name below the output folder */
	int fd;
	uint64_t size;
	unsigned char *taken; /* a bit a sector */
	struct rng r;
	unsigned long long extents[3]; /* random, text, zero */
};

/* One log: its text, the object as stored, and the records in it. */
struct log {
	unsigned number;
	struct buf body, gz;
	struct text *rec; /* into body */
	size_t nrec;
	char sha[2 * SHA_LEN + 1], gzsha[2 * SHA_LEN + 1]; /* of what inflates, of what is stored */
	size_t inflated;
	char *object, *digest; /* keys; NULL without a digest */
	uint64_t original;     /* where its text stands in originals.bin */
	bool kept;	       /* it stands there */
};

/* A stretch of an item: where it lies, and which of the item's bytes it holds. */
struct run {
	uint64_t offset, length, at;
};

/* Bytes of the item that are not what they were. */
struct hurt {
	uint64_t at, length;
	const char *kind;
};

/* What was planted in one place. */
struct item {
	char id[40];
	const char *class, *what, *expect;
	char group[40];
	const struct disk *disk;
	const struct log *log; /* or NULL */
	struct run run[MAX_RUN];
	unsigned nrun;
	struct hurt *hurt;
	unsigned nhurt;
	size_t complete; /* records that can be read up to the damage; SIZE_MAX: all */
	bool plain;	 /* the runs hold the text, not the stored object */
	char conflict[40];
	char container[2 * SHA_LEN +
		       1]; /* SHA-256 of what the runs hold, when the log is inside it */
};

/* Everything. */
struct image {
	struct gen g;
	uint64_t size;
	unsigned mix[3];
	bool sparse, unlisted; /* unlisted: the next logs are in no digest */
	unsigned count[CLASSES];
	size_t bomb;
	char **plant;
	unsigned nplant;
	struct disk disk, split;
	struct buf pool; /* text that is no log */
	unsigned nlogs, nmissing;
	struct doc *hours[2]; /* by chain and hour: what the digest is to list */
	size_t nhours[2];
	struct buf items, digests;
	unsigned long long nitems;
	int originals; /* file */
	uint64_t kept;
};

/* disk.c */
void disk_open(struct image *, struct disk *, const char *, uint64_t);
void disk_close(struct disk *);
uint64_t disk_take(struct disk *, uint64_t, unsigned);
void disk_put(const struct disk *, uint64_t, const void *, size_t);
void disk_hole(const struct disk *, uint64_t, uint64_t);

/* filler.c */
void filler_pool(struct image *);
void filler_text(const struct image *, struct rng *, void *, size_t);
void filler_random(struct rng *, void *, size_t);

/* logs.c */
void log_new(struct image *, struct log *, size_t, size_t);
void log_lost(struct image *, struct log *, size_t, size_t);
void log_given(struct image *, struct log *, const char *);
void log_changed(struct image *, const struct log *, struct log *);
void log_wrap(struct image *, struct log *, const struct buf *);
void log_drop(struct log *);
void log_keep(struct image *, struct log *);
size_t log_readable(const struct log *, size_t);
bool member_of(const struct text *, const char *, struct text *);

/* digests.c */
void digests_list(struct image *, struct log *, const struct place *, int64_t, int64_t);
void digests_finish(struct image *);

/* key.c */
void item_begin(struct image *, struct item *, char, unsigned, const char *, const char *);
void item_member(struct item *, unsigned);
void item_run(struct item *, uint64_t, uint64_t, uint64_t);
void item_hurt(struct item *, uint64_t, uint64_t, const char *);
void item_end(struct image *, struct item *);
void key_write(struct image *);

/* whole.c, damage.c, text.c, nest.c, trap.c, split.c, given.c */
struct rng item_rng(const struct image *, char, unsigned);
void put_whole(struct image *, char, unsigned);
void put_members(struct image *, char, unsigned);
void put_changed(struct image *, char, unsigned);
void put_sparse(struct image *, char, unsigned);
void put_cut(struct image *, char, unsigned);
void put_hole(struct image *, char, unsigned);
void put_fragments(struct image *, char, unsigned);
void put_flips(struct image *, char, unsigned);
void put_resident(struct image *, char, unsigned);
void put_plain(struct image *, char, unsigned);
void put_wide(struct image *, char, unsigned);
void put_envelope(struct image *, char, unsigned);
void put_base64(struct image *, char, unsigned);
void put_nested(struct image *, char, unsigned);
void put_lookalike(struct image *, char, unsigned);
void put_bomb(struct image *, char, unsigned);
void put_depth(struct image *, char, unsigned);
void split_make(struct image *, unsigned);
void given_make(struct image *);
void place_whole(struct image *, struct item *, const struct log *, unsigned, struct rng *);
void place_cut(struct image *, struct item *, const struct log *, unsigned);
void place_fragments(struct image *, struct item *, const struct log *, bool, struct rng *);

#endif
