/* Where two JSON values differ: JSON Pointers with both values. */
#ifndef LF_COMPARE_FIELDS_H
#define LF_COMPARE_FIELDS_H

#include "compare/diff.h"
#include "compare/tree.h"

/* What one thread needs for it, used again and again. */
struct lf_fields {
	struct lf_buf stack, parts, path, text, said; /* internal */
	struct lf_buf out; /* the fields, for lf_diff_field() */
	uint32_t n;        /* how many they are */
	uint64_t left_out; /* and how many more differ: LF_DIFF_FIELDS, LF_FIELDS_BYTES */
	bool tells_errors; /* the caller's: the CSV has a column for errors, so that none in a line is a success */
};

#define LF_FIELDS_BYTES ((size_t)16 << 20) /* of out; one field more may reach beyond */

void lf_fields_init(struct lf_fields *f);
void lf_fields_free(struct lf_fields *f);

/*
 * Compares two values that were read under one seed and one set of ignored paths, and fills out, in the order of side
 * a's text with what b alone has behind it.  partial: the side that is a line of a console's CSV (0 or 1), or -1.  Only
 * what it has is compared then, and what it has and the record lacks is a difference.  Of what the console puts
 * together in a way of its own, see compare/fields_csv.h.  Returns -1 when memory is out.
 */
int lf_fields_compare(struct lf_fields *f, const struct lf_tree *a, const struct lf_tree *b, int partial)
    __attribute__((warn_unused_result));

#endif
