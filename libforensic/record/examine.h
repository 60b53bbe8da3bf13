/* What an object is, once its bytes are read: inflated, hashed and classified, as its reader wants it. */
#ifndef LF_RECORD_EXAMINE_H
#define LF_RECORD_EXAMINE_H

#include "base/hash.h"
#include "record/reader.h"

/* What one thread keeps for it from object to object. */
struct lf_examine {
	struct lf_inflater *inflater;
	struct lf_hash *hash;
	struct lf_magic *magic; /* when it was wanted first; NULL where there is none */
	bool magic_tried;
};

/* x is to be released whether it works or not. */
int lf_examine_init(struct lf_examine *x, struct lf_err *err) __attribute__((warn_unused_result));
void lf_examine_release(struct lf_examine *x);

/*
 * Fills gz, kind, hash, hashed, stored_hash and magic of o, whose item was read, and whose key and place are set.  What it
 * inflates to lives until the next object of x.  Returns -1 on an operational error only.
 */
int lf_examine(const struct lf_reader *r, struct lf_examine *x, struct lf_object *o, struct lf_err *err)
    __attribute__((warn_unused_result));

#endif
