/* Both sides' notes, eventID by eventID. */
#include "compare/group.h"

/* What the join remembers of the notes before. */
struct join {
	struct lf_group g;
	bool open;         /* a version is on its way: its first note is the last of the group */
	size_t first;      /* and stands here in the group's notes */
	unsigned sides;    /* a bit for each that the version was seen on */
	bool echoed;       /* what side B has of the version without a note is taken */
	struct lf_buf made; /* a note of side B, made of one of side A */
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
	j->echoed = false;
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
			j->g.d->summary.side[n->side].duplicates += !j->g.carried;
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

/* Takes a note of side B that says what n does. */
static int
take_made(struct join *j, const struct lf_note *n, uint32_t object, uint8_t flags, struct lf_err *err)
{
	struct lf_note *other;

	lf_buf_reset(&j->made);
	lf_buf_add(&j->made, n, n->size);
	if (j->made.failed)
		return lf_err_nomem(err);
	other = (struct lf_note *)(void *)j->made.data;
	other->side = 1;
	other->object = object;
	other->flags |= flags;
	return take(j, other, err);
}

/*
 * Takes a note, and what side B has like it without one: in its object's twin, or elsewhere.  Nothing of objects that
 * are hidden.
 */
static int
take_all(struct join *j, const struct lf_note *n, struct lf_err *err)
{
	struct lf_side *s = &j->g.d->side[n->side];
	uint32_t twin;

	if (s->any_hidden && lf_side_object(s, n->object)->hidden)
		return 0;
	if (take(j, n, err) != 0)
		return -1;
	twin = s->any_twin && !j->g.carried ? lf_side_object(s, n->object)->twin : LF_INDEX_END;
	if (twin != LF_INDEX_END && take_made(j, n, twin, 0, err) != 0)
		return -1;
	if (n->side == 1 || j->echoed || !lf_echoes_marked(&j->g.d->echoes, n->same))
		return 0;
	j->echoed = true;
	return take_made(j, n, n->object, LF_NOTE_ECHO, err);
}

int
lf_join_run(struct lf_diff *d, struct lf_sorter *notes, bool carried, bool *marked, struct lf_err *err)
{
	struct join j = {.open = false};
	const void *item;
	int rc;

	lf_group_init(&j.g, d, carried);
	lf_buf_init(&j.made);
	while ((rc = lf_sorter_next(notes, &item, err)) == 0 && item != NULL)
		if ((rc = take_all(&j, item, err)) != 0)
			break;
	if (rc == 0)
		rc = close_version(&j, err);
	if (rc == 0)
		rc = lf_group_settle(&j.g, err);
	*marked = j.g.marked;
	lf_group_free(&j.g);
	lf_buf_free(&j.made);
	return rc;
}
