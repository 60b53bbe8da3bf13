/* A difference as it is sorted and written: one run of bytes. */
#ifndef LF_COMPARE_ITEM_H
#define LF_COMPARE_ITEM_H

#include <stdint.h>

#include "base/buf.h"
#include "compare/diff.h"
#include "timeline/sort.h"

#define LF_ITEM_ABSENT UINT32_MAX

struct lf_item_head {
	uint32_t size;      /* bytes in all; a multiple of 8 */
	uint16_t kind;      /* enum lf_diff_kind */
	uint8_t reason;     /* enum lf_reason */
	uint8_t partial;    /* bit i: side i is a line of CSV */
	uint32_t object[2]; /* LF_ITEM_ABSENT where the difference has no such side */
	uint32_t record[2];
	int64_t time;
	int32_t nanos;
	uint32_t n_fields;
	uint64_t left_out;
	uint32_t end[LF_DIFF_TEXTS]; /* of an object the first text is its key */
	uint32_t fields;    /* bytes */
	char bytes[];
};

/*
 * Appends head, whose size, end and fields are set here, with texts and fields behind it.  out->failed where memory is
 * out or the item would be over 4 GiB.
 */
void lf_item_pack(struct lf_buf *out, struct lf_item_head *head, const struct lf_slice text[LF_DIFF_TEXTS],
    struct lf_slice fields);

struct lf_slice lf_item_text(const struct lf_item_head *h, unsigned i);
struct lf_slice lf_item_fields(const struct lf_item_head *h);

/* For lf_sorter: the order of lf_diff_next(). */
extern const struct lf_sort_order lf_item_order;

#endif
