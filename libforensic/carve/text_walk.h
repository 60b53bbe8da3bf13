/* Backwards through text: from a name to the brace that opens its object, and what stands in front of that. */
#ifndef LF_CARVE_TEXT_WALK_H
#define LF_CARVE_TEXT_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "carve/coding.h"
#include "carve/view.h"

/*
 * Bytes that a log begins before its first record, at most: its signs, and the white space that may stand between them.
 */
#define LF_WALK_FRONT ((size_t)64 << 10)

#define LF_WALK_DEPTH 64u /* objects and arrays that may stand complete around the way */

/* A place to look at the bytes of a view from, backwards. */
struct lf_walk {
	struct lf_view *view;
	struct lf_coding coding;
	uint64_t limit;              /* not before this offset */
	const unsigned char *bytes;  /* [from, to) of the view */
	uint64_t from, to;
	bool failed;                 /* memory was out */
};

/* What a walk remembers: names that it has passed, and the brace that they led to. */
#define LF_WALK_SEEN 1024u
struct lf_walk_seen {
	struct {
		uint64_t at, brace; /* brace UINT64_MAX: none */
		unsigned unit, level;
		bool used;
	} slot[LF_WALK_SEEN];
};

/*
 * How a name stands whose first letter is at offset: its units are given (coding.unit, coding.big), its level is found.
 * *quote is where the quote in front of it begins, with its backslashes.  False when it does not stand in quotes of any
 * level.
 */
bool lf_walk_level(struct lf_walk *w, uint64_t offset, uint64_t *quote);

/*
 * The brace that opens the object in which the name at quote stands as a member, or UINT64_MAX.  A function of the
 * bytes alone; seen only makes it quick.
 */
uint64_t lf_walk_brace(struct lf_walk *w, uint64_t quote, struct lf_walk_seen *seen);

/*
 * Where a delivered log begins whose first record has its brace at offset: {"Records":[ stands in front of it.
 * UINT64_MAX when it does not.
 */
uint64_t lf_walk_log(struct lf_walk *w, uint64_t brace);

/*
 * The name of the member whose value begins at offset (escaped text: whose value is the string that it stands in): at
 * most size - 1 letters; "" without one.
 */
void lf_walk_name(struct lf_walk *w, uint64_t offset, char *name, size_t size);

#endif
