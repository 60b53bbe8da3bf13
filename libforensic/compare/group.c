#include "compare/group.h"

#include <string.h>

void
lf_group_init(struct lf_group *g, struct lf_diff *d, bool carried)
{
	g->d = d;
	lf_buf_init(&g->notes);
	g->n = 0;
	g->crowd = false;
	g->carried = carried;
	g->marked = false;
	lf_fields_init(&g->fields);
	lf_tree_init(&g->tree[0]);
	lf_tree_init(&g->tree[1]);
}

void
lf_group_free(struct lf_group *g)
{
	lf_buf_free(&g->notes);
	lf_fields_free(&g->fields);
	lf_tree_free(&g->tree[0]);
	lf_tree_free(&g->tree[1]);
}

static int
add_note(struct lf_group *g, const struct lf_note *n, struct lf_err *err)
{
	g->version[g->n].at[n->side] = g->notes.len;
	lf_buf_add(&g->notes, n, n->size);
	return g->notes.failed ? lf_err_nomem(err) : 0;
}

int
lf_group_begin(struct lf_group *g, const struct lf_note *n, struct lf_err *err)
{
	g->version[g->n] = (struct lf_version){{SIZE_MAX, SIZE_MAX}};
	return add_note(g, n, err);
}

int
lf_group_other(struct lf_group *g, const struct lf_note *n, struct lf_err *err)
{
	return add_note(g, n, err);
}

/* Tells each version by itself, and forgets them. */
static int
tell_all(struct lf_group *g, enum lf_reason reason, struct lf_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < g->n && rc == 0; i++) {
		const struct lf_version *v = &g->version[i];

		if (lf_version_both(v))
			g->d->summary.same++;
		else
			rc = lf_group_tell(g, lf_group_note(g, v, v->at[0] == SIZE_MAX), reason, err);
	}
	g->n = 0;
	lf_buf_reset(&g->notes);
	return rc;
}

int
lf_group_end(struct lf_group *g, struct lf_err *err)
{
	g->n++;
	g->crowd |= g->n > LF_GROUP_VERSIONS || (g->n > 2 && g->notes.len > LF_GROUP_BYTES);
	return g->crowd ? tell_all(g, LF_REASON_CROWD, err) : 0;
}

/* Has every version read again, those that both sides have with the rest: a line of CSV may be of one of them. */
static int
mark_all(struct lf_group *g, struct lf_err *err)
{
	for (size_t i = 0; i < g->n; i++)
		for (unsigned side = 0; side < 2; side++) {
			const struct lf_note *n = lf_group_note(g, &g->version[i], side);

			if (n == NULL || n->flags & LF_NOTE_ECHO)
				continue;
			if (lf_side_mark(&g->d->side[side], n->object, n->record, err) != 0)
				return -1;
			g->marked = true;
		}
	return 0;
}

int
lf_group_settle(struct lf_group *g, struct lf_err *err)
{
	size_t left[2] = {0, 0};
	int rc;

	for (size_t i = 0; i < g->n; i++)
		for (unsigned side = 0; side < 2; side++)
			left[side] += g->version[i].at[!side] == SIZE_MAX;
	if (g->crowd)
		rc = tell_all(g, LF_REASON_CROWD, err);
	else if (g->carried)
		rc = lf_group_pair(g, err);
	else if (left[0] > 0 && left[1] > 0)
		rc = mark_all(g, err);
	else
		rc = tell_all(g, LF_REASON_NONE, err);
	g->n = 0;
	g->crowd = false;
	lf_buf_reset(&g->notes);
	return rc;
}
