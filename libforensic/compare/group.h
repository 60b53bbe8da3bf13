/* All that both sides have of one eventID: versions, each on one side or on both. */
#ifndef LF_COMPARE_GROUP_H
#define LF_COMPARE_GROUP_H

#include "compare/fields.h"
#include "compare/note.h"
#include "compare/state.h"

#define LF_GROUP_VERSIONS 256                 /* that are held against each other: more of one event is no event's */
#define LF_GROUP_BYTES    ((size_t)64 << 20) /* of their notes */

/* A version: the first note of each side, as an offset in the group's notes. */
struct lf_version {
	size_t at[2]; /* SIZE_MAX: not on that side */
};

struct lf_group {
	struct lf_diff *d;
	struct lf_buf notes;
	struct lf_version version[LF_GROUP_VERSIONS + 1]; /* the last is on its way */
	size_t n;
	bool crowd;            /* there are more: each is told by itself */
	bool carried;          /* notes carry their records */
	bool marked;           /* there are records to be read again */
	struct lf_fields fields;
	struct lf_tree tree[2];
};

void lf_group_init(struct lf_group *g, struct lf_diff *d, bool carried);
void lf_group_free(struct lf_group *g);

/* Begins a version with a note, and adds the first note of its other side. */
int lf_group_begin(struct lf_group *g, const struct lf_note *n, struct lf_err *err) __attribute__((warn_unused_result));
int lf_group_other(struct lf_group *g, const struct lf_note *n, struct lf_err *err) __attribute__((warn_unused_result));

/* Ends the version; in a crowd it is told. */
int lf_group_end(struct lf_group *g, struct lf_err *err) __attribute__((warn_unused_result));

/* No more versions: tells what they are, or has them read again.  The group is empty then. */
int lf_group_settle(struct lf_group *g, struct lf_err *err) __attribute__((warn_unused_result));

static inline const struct lf_note *
lf_group_note(const struct lf_group *g, const struct lf_version *v, unsigned side)
{
	return v->at[side] == SIZE_MAX ? NULL : (const struct lf_note *)(const void *)(g->notes.data + v->at[side]);
}

static inline bool
lf_version_both(const struct lf_version *v)
{
	return v->at[0] != SIZE_MAX && v->at[1] != SIZE_MAX;
}

/* ---- group_pair.c ---- */

/* Tells the versions of a group whose notes carry their records: equal ones are the same, the rest is paired. */
int lf_group_pair(struct lf_group *g, struct lf_err *err) __attribute__((warn_unused_result));

/* Tells a version that is on one side only. */
int lf_group_tell(struct lf_group *g, const struct lf_note *n, enum lf_reason reason, struct lf_err *err)
    __attribute__((warn_unused_result));

#endif
