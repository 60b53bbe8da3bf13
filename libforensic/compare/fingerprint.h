/*
 * A hash of a record as a JSON value, under a seed: equal for equal values.  The order of members, white space, escapes
 * and the spelling of numbers do not count, on any level; the order of elements does, and of names that stand twice in
 * one object.  It is made in one go over the text, which is many times as fast as struct lf_tree, and tells no parts.
 */
#ifndef LF_COMPARE_FINGERPRINT_H
#define LF_COMPARE_FINGERPRINT_H

#include "compare/tree.h"

struct lf_fingerprint; /* of one thread, used again and again */

/* NULL when memory is out.  seed and ignore (or NULL) must live as long. */
struct lf_fingerprint *lf_fingerprint_new(const struct lf_seed *seed, const struct lf_ignore *ignore)
    __attribute__((warn_unused_result));
void lf_fingerprint_free(struct lf_fingerprint *f);

/*
 * json: a value that was read before.  What ignore names is as if it were absent.  What is no JSON value, or over
 * LF_TREE_MAX, is hashed as text.  Returns -1 when memory is out.
 */
int lf_fingerprint_of(struct lf_fingerprint *f, struct lf_slice json, uint64_t *out)
    __attribute__((warn_unused_result));

#endif
