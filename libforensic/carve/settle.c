#include "carve/settle.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* A window whose finds may still be inside of something that begins in front of it. */
struct open_window {
	uint64_t to;
	struct lf_tally tally;
};

/* A binary find that is complete: what starts in it lies inside. */
struct cover {
	uint64_t from, to;
};

struct lf_settle {
	const struct lf_pass *p;
	struct lf_pass_place place;
	uint64_t given;        /* binary finds of windows up to here were given in an earlier run */
	/*
	 * Of binary finds so far, those behind place.settled too: how far complete ones reach, those that one hit led
	 * to apart.
	 */
	uint64_t binary_cover, hit, hit_cover;
	struct open_window *windows;
	size_t n_windows, cap_windows;
	struct cover *covers; /* by from, behind place.settled */
	size_t n_covers, cap_covers;
	struct lf_finds late; /* that start behind place.settled */
};

struct lf_settle *
lf_settle_new(const struct lf_pass *p, const struct lf_pass_place *from, struct lf_err *err)
{
	struct lf_settle *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		lf_err_nomem(err);
		return NULL;
	}
	s->p = p;
	s->place = *from;
	s->binary_cover = from->binary_cover;
	s->given = from->reached;
	return s;
}

void
lf_settle_free(struct lf_settle *s)
{
	if (s == NULL)
		return;
	lf_finds_free(&s->late);
	free(s->windows);
	free(s->covers);
	free(s);
}

const struct lf_pass_place *
lf_settle_place(const struct lf_settle *s)
{
	return &s->place;
}

/* Takes the first k of n elements off an array. */
static void
drop_first(void *array, size_t *n, size_t k, size_t size)
{
	if (k > 0)
		memmove(array, (char *)array + k * size, (*n - k) * size);
	*n -= k;
}

static int
by_find(const void *a, const void *b)
{
	return lf_find_cmp(a, b);
}

/* Gives f unless it was given before. */
static int
give(struct lf_settle *s, struct lf_find *f, bool given, struct lf_err *err)
{
	int r = given ? 0 : s->p->found(s->p->arg, f, &s->place.tally, err);

	lf_find_free(f);
	return r;
}

/* ---- Binary finds: as they come ---- */

/* What one hit led to lies side by side, whatever it covers. */
static void
next_hit(struct lf_settle *s, uint64_t start)
{
	if (start == s->hit)
		return;
	if (s->hit_cover > s->binary_cover)
		s->binary_cover = s->hit_cover;
	s->hit = start;
	s->hit_cover = 0;
}

static int
take_binary(struct lf_settle *s, struct lf_find *f, struct lf_pass_window *w, struct lf_err *err)
{
	next_hit(s, f->start);
	if (f->start < s->binary_cover) {
		w->tally.rejected[LF_REJECT_INSIDE]++;
		lf_find_free(f);
		return 0;
	}
	if (f->complete) {
		struct cover *covers = lf_array_more(s->covers, s->n_covers, &s->cap_covers, sizeof(*covers));

		if (covers == NULL)
			return lf_err_nomem(err);
		s->covers = covers;
		s->covers[s->n_covers++] = (struct cover){f->start, lf_find_end(f)};
		if (lf_find_end(f) > s->hit_cover)
			s->hit_cover = lf_find_end(f);
	}
	return give(s, f, w->to <= s->given, err);
}

static int
take_late(struct lf_settle *s, struct lf_find *f, struct lf_err *err)
{
	struct lf_find *late;

	if (f->start < s->place.settled) {
		lf_find_free(f);
		return 0;
	}
	late = lf_array_more(s->late.find, s->late.n, &s->late.cap, sizeof(*late));
	if (late == NULL)
		return lf_err_nomem(err);
	s->late.find = late;
	s->late.find[s->late.n++] = *f;
	return 0;
}

static int
take_finds(struct lf_settle *s, struct lf_pass_window *w, struct lf_err *err)
{
	struct lf_finds *finds = &w->finds;

	if (finds->n > 1)
		qsort(finds->find, finds->n, sizeof(*finds->find), by_find);
	for (size_t i = 0; i < finds->n; i++) {
		struct lf_find f = finds->find[i];
		int r;

		memset(&finds->find[i], 0, sizeof(f));
		r = f.late ? take_late(s, &f, err) : take_binary(s, &f, w, err);
		if (r < 0) {
			lf_find_free(&f);
			return -1;
		}
	}
	return 0;
}

/* ---- Text: when all that may lie around it is known ---- */

/* Binary finds that start at or before start count for the cover from now on. */
static void
fold_covers(struct lf_settle *s, size_t *next, uint64_t start)
{
	for (; *next < s->n_covers && s->covers[*next].from <= start; ++*next) {
		const struct cover *c = &s->covers[*next];

		if (c->to > s->place.cover)
			s->place.cover = c->to;
		if (c->to > s->place.binary_cover)
			s->place.binary_cover = c->to;
	}
}

static int
settle_late(struct lf_settle *s, struct lf_find *f, struct lf_err *err)
{
	if (f->start < s->place.cover) {
		s->place.tally.rejected[LF_REJECT_INSIDE]++;
		lf_find_free(f);
		return 0;
	}
	if (f->complete && lf_find_end(f) > s->place.cover)
		s->place.cover = lf_find_end(f);
	return give(s, f, false, err);
}

/*
 * Gives the text that starts before bound.  Two triggers that led to one object from different windows gave it twice.
 */
static int
settle_text(struct lf_settle *s, uint64_t bound, struct lf_err *err)
{
	struct lf_find *late = s->late.find, last = {0};
	size_t i = 0, cover = 0;
	int r = 0;

	if (s->late.n > 1)
		qsort(late, s->late.n, sizeof(*late), by_find);
	for (; i < s->late.n && late[i].start < bound && r == 0; i++) {
		if (i + 1 < s->late.n && lf_find_cmp(&late[i], &late[i + 1]) == 0) {
			lf_find_free(&late[i]);
			continue;
		}
		fold_covers(s, &cover, late[i].start);
		last = late[i];
		memset(&late[i], 0, sizeof(last));
		r = settle_late(s, &last, err);
	}
	if (bound > 0)
		fold_covers(s, &cover, bound - 1);
	drop_first(late, &s->late.n, i, sizeof(*late));
	drop_first(s->covers, &s->n_covers, cover, sizeof(*s->covers));
	return r;
}

/* All windows that end at or before bound are over. */
static void
settle_windows(struct lf_settle *s, uint64_t bound)
{
	size_t i = 0;

	for (; i < s->n_windows && s->windows[i].to <= bound; i++) {
		lf_tally_add(&s->place.tally, &s->windows[i].tally);
		s->place.settled = s->windows[i].to;
	}
	drop_first(s->windows, &s->n_windows, i, sizeof(*s->windows));
}

/* The end of the last window that ends at or before bound; what is settled already without one. */
static uint64_t
last_edge(const struct lf_settle *s, uint64_t bound)
{
	uint64_t edge = s->place.settled;

	for (size_t i = 0; i < s->n_windows && s->windows[i].to <= bound; i++)
		edge = s->windows[i].to;
	return edge;
}

static int
settle_to(struct lf_settle *s, uint64_t bound, struct lf_err *err)
{
	if (settle_text(s, bound, err) < 0)
		return -1;
	settle_windows(s, bound);
	return 0;
}

int
lf_settle_part(struct lf_settle *s, struct lf_pass_window *w, struct lf_err *err)
{
	int r = take_finds(s, w, err);

	lf_finds_free(&w->finds);
	return r;
}

int
lf_settle_window(struct lf_settle *s, struct lf_pass_window *w, struct lf_err *err)
{
	uint64_t back = LF_PASS_BACK(s->p->detect.max_record), edge;
	struct open_window *windows = lf_array_more(s->windows, s->n_windows, &s->cap_windows, sizeof(*windows));
	int r = windows == NULL ? lf_err_nomem(err) : take_finds(s, w, err);

	lf_finds_free(&w->finds);
	if (windows != NULL)
		s->windows = windows;
	if (r < 0)
		return -1;
	s->windows[s->n_windows++] = (struct open_window){w->to, w->tally};
	if (w->to > s->place.reached)
		s->place.reached = w->to;
	edge = w->to <= back ? 0 : last_edge(s, w->to - back);
	/* Not at each window, since text is sorted anew each time. */
	return edge < s->place.settled + back / 4 ? 0 : settle_to(s, edge, err);
}

int
lf_settle_end(struct lf_settle *s, struct lf_err *err)
{
	return settle_to(s, UINT64_MAX, err);
}
