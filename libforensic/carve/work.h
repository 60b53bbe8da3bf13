/*
 * Finds and records as they are written down while a pass goes on: items that lf_sorter takes as they are, since their
 * states are not final before all digests are proved.
 */
#ifndef LF_CARVE_WORK_H
#define LF_CARVE_WORK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/slice.h"
#include "carve/find.h"

/* Where a find lies, and what its state will be decided by. */
struct lf_work_place {
	uint64_t start;      /* in the image */
	uint32_t image;      /* number of the operand */
	uint8_t state, kind; /* enum lf_carve_state, lf_carve_kind */
	bool complete;
	unsigned char inflated_sha256[LF_SHA256_LEN];
	uint8_t zero;        /* no padding: items are written to files as they lie in memory */
};
_Static_assert(sizeof(struct lf_work_place) == 16 + LF_SHA256_LEN, "padding in an item");

/* Followed by path, body and ids. */
struct lf_work_find {
	uint32_t size;
	uint32_t path, body, ids; /* bytes of each */
	struct lf_work_place place;
	uint64_t inflated;
	uint64_t length;          /* of the first run in the image */
	int64_t first, last;      /* eventTime of its records */
	uint64_t records;
	/* For telling which listed log a part may be. */
	int64_t oldest, newest;   /* as first and last, with what is known of incomplete records */
	char account[16], region[32]; /* of the first record, or of what is known of an incomplete one; "" unknown */
};
_Static_assert(sizeof(struct lf_work_find) == 16 + sizeof(struct lf_work_place) + 7 * 8 + 48, "padding in an item");

/* Followed by path and json. */
struct lf_work_record {
	uint32_t size;
	uint32_t path, json;
	uint32_t index;           /* in the find */
	struct lf_work_place place;
	int64_t time;
	unsigned char sha256[LF_SHA256_LEN]; /* of the json; of the value once that is known */
	char id[64];
};
_Static_assert(sizeof(struct lf_work_record) == 16 + sizeof(struct lf_work_place) + 8 + LF_SHA256_LEN + 64, "padding in an item");

/* The parts behind an item. */
static inline struct lf_slice
lf_work_find_path(const struct lf_work_find *f)
{
	return (struct lf_slice){(const char *)(f + 1), f->path};
}
static inline struct lf_slice
lf_work_find_body(const struct lf_work_find *f) /* members of its row, as JSON: "method":..., */
{
	return (struct lf_slice){(const char *)(f + 1) + f->path, f->body};
}
static inline struct lf_slice
lf_work_find_ids(const struct lf_work_find *f) /* eventIDs of its records, a JSON array without its brackets */
{
	return (struct lf_slice){(const char *)(f + 1) + f->path + f->body, f->ids};
}
static inline struct lf_slice
lf_work_record_path(const struct lf_work_record *r)
{
	return (struct lf_slice){(const char *)(r + 1), r->path};
}
static inline struct lf_slice
lf_work_record_json(const struct lf_work_record *r)
{
	return (struct lf_slice){(const char *)(r + 1) + r->path, r->json};
}

/* Whether an item that was read back is what was written: its parts lie in it, and its image is one of n. */
bool lf_work_find_holds(const struct lf_work_find *f, size_t n_images);
bool lf_work_record_holds(const struct lf_work_record *r, size_t n_images);

/* Appends f, found in image (a number), as an item; part: the name of the file that has its content, or NULL. */
void lf_work_put_find(struct lf_buf *out, uint32_t image, const struct lf_find *f, const char *part);
/* Appends its records [from, to), one item each, on one line; with the last one also what is known of broken ones. */
void lf_work_put_records(struct lf_buf *out, uint32_t image, const struct lf_find *f, size_t from, size_t to);

#endif
