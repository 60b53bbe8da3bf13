/*
 * A JSON value as a list of nodes, each in front of what is inside it, with hashes that are equal for equal values: the
 * order of members, white space, escapes and the spelling of numbers do not count, the order of elements does.  Of
 * names that stand twice in one object, the order counts, too.
 */
#ifndef LF_COMPARE_TREE_H
#define LF_COMPARE_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/seed.h"
#include "base/slice.h"
#include "compare/ignore.h"

/* Larger records are one opaque value: CloudTrail writes 256 KB at most. */
#define LF_TREE_MAX   ((size_t)16 << 20) /* bytes */
#define LF_TREE_NODES (512U << 10)       /* values in it, of 40 bytes each */

enum lf_tree_type { LF_TREE_SCALAR, LF_TREE_OBJECT, LF_TREE_ARRAY, LF_TREE_OPAQUE };

struct lf_tree_node {
	uint32_t at, len;         /* its text */
	uint32_t name, name_len;  /* of a member: between the quotes, escapes as they stand */
	uint32_t next;            /* the node behind it and all inside it */
	uint32_t type;            /* enum lf_tree_type */
	uint64_t place;           /* of a member: hash of its name; of an element: its index */
	uint64_t hash;
};

struct lf_tree {
	struct lf_slice json;
	struct lf_buf nodes;   /* struct lf_tree_node; the first is the value itself */
	struct lf_buf scratch; /* internal */
};

void lf_tree_init(struct lf_tree *v);
void lf_tree_free(struct lf_tree *v);

/*
 * Reads json, which must live as long as v is used; what ignore (or NULL) names is as if it were absent.  v can be used
 * again and again.  Text that is no JSON value, or over LF_TREE_MAX or LF_TREE_NODES, becomes one opaque node.
 * Returns -1 when memory is out.
 */
int lf_tree_read(struct lf_tree *v, const struct lf_seed *seed, const struct lf_ignore *ignore, struct lf_slice json)
    __attribute__((warn_unused_result));

static inline const struct lf_tree_node *
lf_tree_at(const struct lf_tree *v, uint32_t i)
{
	return (const struct lf_tree_node *)(const void *)v->nodes.data + i;
}

/* A hash of a number's value, however it is spelled: 1, 1.0, 10e-1.  scratch is overwritten. */
uint64_t lf_tree_number(const struct lf_seed *seed, struct lf_slice text, struct lf_buf *scratch);

#endif
