#include "compare/diff.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/temporary.h"
#include "compare/state.h"

/* Shares of the memory for sorting: results, what is sorted at a time beside them, events of A; keys have an eighth. */
#define RESULTS_SHARE(memory) ((memory) / 4)
#define NOTES_SHARE(memory)   ((memory) / 16 * 9)
#define ECHOES_SHARE(memory)  ((memory) / 16)

/* ---- Opening ---- */

int
lf_diff_check(const struct lf_diff_opts *o, struct lf_err *err)
{
	struct lf_ignore ignore;
	int rc = lf_ignore_init(&ignore, o->ignore, o->n_ignore, err);

	lf_ignore_free(&ignore);
	if (rc == 0 && o->objects_only && o->events_only)
		return lf_err_set(err, "only objects, and only events: nothing is left to compare");
	return rc;
}

static int
open_side(struct lf_diff *d, unsigned number, struct lf_case *c, const struct lf_case *other,
    const struct lf_diff_opts *o, struct lf_err *err)
{
	struct lf_side *s = &d->side[number];
	bool folder = other->n_sources == 1 && other->sources[0]->kind == LF_SOURCE_FOLDER;

	s->c = c;
	s->number = (uint8_t)number;
	s->integrity = o->integrity;
	s->objects_only = o->objects_only;
	s->digests = !o->events_only;
	s->seed = &d->seed;
	s->ignore = &d->ignore;
	/* With trails, an object may be of one side alone, however alike both are. */
	s->other = number == 1 && c->select.n_trails == 0 ? &d->side[0] : NULL;
	s->echoes = c->select.n_trails == 0 ? &d->echoes : NULL;
	s->peer = number == 0 && folder && s->digests ? other->sources[0] : NULL;
	return lf_side_init(s, err);
}

static int
open_files(struct lf_diff *d, struct lf_err *err)
{
	for (size_t i = 0; i < LF_DIFF_FILES; i++)
		if ((d->fd[i] = lf_temporary(d->tmpdir, err)) < 0)
			return -1;
	return lf_diff_sorter(d, LF_DIFF_FILE_RESULTS, lf_item_order, RESULTS_SHARE(d->memory), &d->results, err);
}

int
lf_diff_open(struct lf_case *a, struct lf_case *b, const struct lf_diff_opts *o, struct lf_diff **out,
    struct lf_err *err)
{
	struct lf_diff *d = calloc(1, sizeof(*d));
	int rc = -1;

	*out = NULL;
	if (d == NULL)
		return lf_err_nomem(err);
	for (size_t i = 0; i < LF_DIFF_FILES; i++)
		d->fd[i] = -1;
	lf_buf_init(&d->item);
	lf_buf_init(&d->locator[0]);
	lf_buf_init(&d->locator[1]);
	lf_arena_init(&d->ignore.arena);
	d->objects_only = o->objects_only;
	d->events_only = o->events_only;
	d->memory = o->memory == 0 ? LF_SORT_MEMORY : o->memory < LF_SORT_MEMORY_MIN ? LF_SORT_MEMORY_MIN : o->memory;
	lf_echoes_init(&d->echoes, (size_t)ECHOES_SHARE(d->memory));
	d->tmpdir = a->tmpdir;
	d->jobs = a->jobs;
	if (open_side(d, 0, a, b, o, err) != 0 || open_side(d, 1, b, a, o, err) != 0)
		goto out;
	if (lf_seed_new(&d->seed, err) != 0 || lf_diff_check(o, err) != 0 ||
	    lf_ignore_init(&d->ignore, o->ignore, o->n_ignore, err) != 0 || open_files(d, err) != 0)
		goto out;
	d->side[0].collect.seed = d->side[1].collect.seed = d->seed;
	*out = d;
	d = NULL;
	rc = 0;
out:
	lf_diff_free(d);
	return rc;
}

void
lf_diff_free(struct lf_diff *d)
{
	if (d == NULL)
		return;
	for (unsigned i = 0; i < 2; i++) {
		if (d->side[i].c != NULL)
			lf_side_free(&d->side[i]);
		lf_buf_free(&d->locator[i]);
	}
	for (size_t i = 0; i < LF_DIFF_FILES; i++)
		if (d->fd[i] >= 0)
			close(d->fd[i]);
	lf_sorter_free(d->results);
	lf_ignore_free(&d->ignore);
	lf_echoes_free(&d->echoes);
	lf_buf_free(&d->item);
	free(d);
}

int
lf_diff_sorter(struct lf_diff *d, enum lf_diff_file file, struct lf_sort_order order, uint64_t memory,
    struct lf_sorter **out, struct lf_err *err)
{
	int fd = d->fd[file];

	d->fd[file] = -1;
	return lf_sorter_new(order, memory, fd, d->tmpdir, d->jobs, out, err);
}

/* ---- Results ---- */

bool
lf_diff_outside(const struct lf_diff *d, int64_t first, int64_t last)
{
	const struct lf_diff_summary *s = &d->summary;

	if (s->first == LF_TIME_NONE)
		return true;
	return first != LF_TIME_NONE && last != LF_TIME_NONE && (last < s->first || first > s->last);
}

int
lf_diff_put(struct lf_diff *d, struct lf_item_head *head, const struct lf_slice text[LF_DIFF_TEXTS],
    struct lf_slice fields, struct lf_err *err)
{
	lf_buf_reset(&d->item);
	lf_item_pack(&d->item, head, text, fields);
	return d->item.failed ? lf_err_nomem(err) : lf_sorter_add(d->results, d->item.data, d->item.len, err);
}

/* ---- Running ---- */

static int
take_notes(void *arg, const struct lf_buf *notes, struct lf_err *err)
{
	return lf_sorter_add(arg, notes->data, notes->len, err);
}

/* What both sides cover. */
static void
set_window(struct lf_diff *d)
{
	struct lf_diff_summary *s = &d->summary;
	const struct lf_side *a = &d->side[0], *b = &d->side[1];
	int64_t first[2] = {a->events.first, b->events.first}, last[2] = {a->events.last, b->events.last};

	for (unsigned i = 0; i < 2; i++) {
		s->side[i].events = d->side[i].events.n;
		s->side[i].duplicates = d->side[i].duplicates;
		s->side[i].objects = d->side[i].n_objects;
		s->side[i].dated = d->side[i].dated;
		s->side[i].first = d->side[i].events.first;
		s->side[i].last = d->side[i].events.last;
	}
	s->events_compared = !d->objects_only;
	s->objects_compared = d->objects_only || (!d->events_only && a->n_keyed > 0 && b->n_keyed > 0);
	s->first = s->last = LF_TIME_NONE;
	if (first[0] == LF_TIME_NONE || first[1] == LF_TIME_NONE)
		return;
	s->first = first[0] > first[1] ? first[0] : first[1];
	s->last = last[0] < last[1] ? last[0] : last[1];
	if (s->first > s->last)
		s->first = s->last = LF_TIME_NONE;
}

/*
 * Joins the notes.  What they do not tell is read again: those records into another sorter, which takes the place of
 * *notes, and the objects whose hash is wanted.
 */
static int
join(struct lf_diff *d, struct lf_sorter **notes, struct lf_err *err)
{
	bool marked;

	if (lf_join_run(d, *notes, false, &marked, err) != 0)
		return -1;
	lf_sorter_free(*notes);
	*notes = NULL;
	if (lf_diff_sorter(d, LF_DIFF_FILE_RECORDS, lf_note_order, NOTES_SHARE(d->memory), notes, err) != 0)
		return -1;
	for (unsigned i = 0; i < 2; i++)
		if (lf_side_read_again(&d->side[i], take_notes, *notes, err) != 0)
			return -1;
	if (!marked)
		return 0;
	return lf_sorter_finish(*notes, err) != 0 ? -1 : lf_join_run(d, *notes, true, &marked, err);
}

static int
compare(struct lf_diff *d, struct lf_sorter **notes, struct lf_sorter **keys, struct lf_err *err)
{
	for (unsigned i = 0; i < 2; i++)
		if (lf_side_read(&d->side[i], take_notes, *notes, err) != 0)
			return -1;
	set_window(d);
	if (lf_sorter_finish(*notes, err) != 0)
		return -1;
	if (d->summary.objects_compared && (lf_keys_sort(d, keys, err) != 0 || lf_keys_join(d, *keys, false, err) != 0))
		return -1;
	if (join(d, notes, err) != 0)
		return -1;
	return *keys == NULL ? 0 : lf_keys_join(d, *keys, true, err);
}

int
lf_diff_run(struct lf_diff *d, struct lf_err *err)
{
	struct lf_sorter *notes = NULL, *keys = NULL;
	int rc = lf_diff_sorter(d, LF_DIFF_FILE_NOTES, lf_note_order, NOTES_SHARE(d->memory), &notes, err);

	if (rc == 0)
		rc = compare(d, &notes, &keys, err);
	lf_sorter_free(notes);
	lf_sorter_free(keys);
	for (unsigned i = 0; i < 2; i++)
		d->summary.side[i].skipped = d->side[i].skipped.n;
	return rc != 0 ? -1 : lf_sorter_finish(d->results, err);
}

const struct lf_diff_summary *
lf_diff_summary(const struct lf_diff *d)
{
	return &d->summary;
}

/* Whether there is no time that both sides cover, though there should be. */
static bool
no_window(const struct lf_diff *d)
{
	const struct lf_diff_summary *s = &d->summary;

	if (s->first != LF_TIME_NONE)
		return false;
	if (s->side[0].objects == 0 || s->side[1].objects == 0)
		return d->side[0].c->select.shards == 0;
	/* Two copies that hold digests alone can be the same. */
	return s->side[0].events + s->side[1].events > 0 || (s->events_compared && s->objects_same == 0);
}

enum lf_verdict
lf_diff_verdict(const struct lf_diff *d)
{
	const struct lf_diff_summary *s = &d->summary;

	if (s->changed + s->only[0] + s->only[1] + s->objects_changed + s->objects_only[0] + s->objects_only[1] > 0)
		return LF_FINDINGS;
	if (s->side[0].skipped + s->side[1].skipped + s->not_comparable[0] + s->not_comparable[1] + s->objects_unread > 0)
		return LF_INCONCLUSIVE;
	return no_window(d) ? LF_INCONCLUSIVE : LF_VERIFIED;
}
