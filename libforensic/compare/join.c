/* Both sides' notes, eventID by eventID. */
#include "compare/group.h"

/* What the join remembers of the notes before. */
struct join {
	struct lf_group g;
	bool open;         /* a version is on its way: its first note is the last of the group */
	size_t first;      /* and stands here in the group's notes */
	unsigned sides;    /* a bit for each that the version was seen on */
	struct lf_buf twin; /* a note of side B, made of that of its object's twin */
};

static const struct lf_note *
first_note(const struct join *j)
{
	return (const struct lf_note *)(const void *)(j->g.notes.data + j->first);
}

static int
close_version(struct join *j, struct lf_err *err)
{
	if (!j->open)
		return 0;
	j->open = false;
	return lf_group_end(&j->g, err);
}

static int
open_version(struct join *j, const struct lf_note *n, struct lf_err *err)
{
	j->open = true;
	j->first = j->g.notes.len;
	j->sides = 1u << n->side;
	return lf_group_begin(&j->g, n, err);
}

/* Takes the next note; they come by eventID, account, content, side. */
static int
take(struct join *j, const struct lf_note *n, struct lf_err *err)
{
	const struct lf_note *first = j->open ? first_note(j) : NULL;
	bool same_id = first != NULL && lf_note_same_id(first, n);

	if (same_id && first->content == n->content && lf_note_same_key(first, n)) {
		if (j->sides >> n->side & 1) {
			j->g.d->summary.side[n->side].duplicates++;
			return 0;
		}
		j->sides |= 1u << n->side;
		return lf_group_other(&j->g, n, err);
	}
	/* In a crowd, closing a version forgets its notes: what follows is judged by same_id. */
	if (close_version(j, err) != 0 || (!same_id && lf_group_settle(&j->g, err) != 0))
		return -1;
	return open_version(j, n, err);
}

/* Takes a note, and that which its object's twin would have; nothing of objects that are hidden. */
static int
take_pair(struct join *j, const struct lf_note *n, struct lf_err *err)
{
	const struct lf_side_object *o = lf_side_object(&j->g.d->side[n->side], n->object);
	struct lf_note *other;

	if (o->hidden)
		return 0;
	if (take(j, n, err) != 0)
		return -1;
	if (o->twin == LF_INDEX_END || j->g.carried)
		return 0;
	lf_buf_reset(&j->twin);
	lf_buf_add(&j->twin, n, n->size);
	if (j->twin.failed)
		return lf_err_nomem(err);
	other = (struct lf_note *)(void *)j->twin.data;
	other->side = 1;
	other->object = o->twin;
	return take(j, other, err);
}

int
lf_join_run(struct lf_diff *d, struct lf_sorter *notes, bool carried, bool *marked, struct lf_err *err)
{
	struct join j = {.open = false};
	const void *item;
	int rc;

	lf_group_init(&j.g, d, carried);
	lf_buf_init(&j.twin);
	while ((rc = lf_sorter_next(notes, &item, err)) == 0 && item != NULL)
		if ((rc = take_pair(&j, item, err)) != 0)
			break;
	if (rc == 0)
		rc = close_version(&j, err);
	if (rc == 0)
		rc = lf_group_settle(&j.g, err);
	*marked = j.g.marked;
	lf_group_free(&j.g);
	lf_buf_free(&j.twin);
	return rc;
}
