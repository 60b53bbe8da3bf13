#include "carve/detect.h"

#include <stdlib.h>
#include <string.h>

#include "carve/detect_look.h"
#include "carve/wrap.h"

#define MAX_LOG ((size_t)16 << 20) /* of a log that stands there as text */
#define HITS    256

/* ---- Making and freeing ---- */

int
lf_detect_shared_new(const struct lf_detect_opts *o, struct lf_detect_shared **out, struct lf_err *err)
{
	struct lf_detect_shared *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return lf_err_nomem(err);
	s->opts = *o;
	*out = s;
	return 0;
}

void
lf_detect_shared_free(struct lf_detect_shared *s)
{
	free(s);
}

static int
make_parts(struct lf_detector *d, struct lf_err *err)
{
	size_t record = d->shared->opts.max_record;

	if ((d->content = lf_content_new(err)) == NULL || (d->reader = lf_member_reader_new(err)) == NULL ||
	    (d->mend = lf_mend_new(err)) == NULL || (d->text = lf_text_new(record, MAX_LOG, err)) == NULL ||
	    (d->nested_text = lf_text_new(record, MAX_LOG, err)) == NULL)
		return -1;
	return 0;
}

struct lf_detector *
lf_detector_new(struct lf_detect_shared *s, struct lf_err *err)
{
	struct lf_detector *d = calloc(1, sizeof(*d));

	if (d == NULL) {
		lf_err_nomem(err);
		return NULL;
	}
	d->shared = s;
	if (make_parts(d, err) == 0)
		return d;
	lf_detector_free(d);
	return NULL;
}

void
lf_detector_free(struct lf_detector *d)
{
	if (d == NULL)
		return;
	lf_content_free(d->content);
	lf_member_reader_free(d->reader);
	lf_mend_free(d->mend);
	lf_text_free(d->text);
	lf_text_free(d->nested_text);
	lf_nests_free(&d->nests);
	lf_buf_free(&d->bytes);
	free(d);
}

void
lf_detector_turn(struct lf_detector *d, void (*turn)(void *arg), void *arg)
{
	d->turn = turn;
	d->turn_arg = arg;
}

void
lf_detector_reset(struct lf_detector *d)
{
	lf_text_reset(d->text);
	d->spent = 0;
}

void
lf_finds_free(struct lf_finds *f)
{
	for (size_t i = 0; i < f->n; i++)
		lf_find_free(&f->find[i]);
	free(f->find);
	memset(f, 0, sizeof(*f));
}

/* ---- Wrappings ---- */

/*
 * Decodes no more than the members at offset: very much base64 may follow.  Their length is that of the detector's
 * bytes; 0 for none.
 */
static int
unwrap(const struct lf_look *l, uint64_t offset, uint64_t *end)
{
	struct lf_buf *bytes = &l->d->bytes;
	size_t len = 0;
	bool more = true;

	for (size_t max = (size_t)192; more && max <= LF_CARVE_SMALL; max *= max < 4096 ? 21 : 32) {
		lf_buf_reset(bytes);
		if (!lf_wrap_base64(l->v, offset, max, bytes, end))
			return lf_err_nomem(l->err);
		l->d->spent += bytes->len;
		if (lf_look_members(l, bytes, &len, &more) < 0)
			return -1;
		more = more && bytes->len >= max;
	}
	if (len == 0)
		lf_buf_reset(bytes);
	/* The last digits may hold bits of nothing. */
	else if (len + 3 <= bytes->len && !lf_wrap_base64(l->v, offset, len, bytes, end))
		return lf_err_nomem(l->err);
	return 0;
}

static int
look_base64(const struct lf_look *l, uint64_t offset)
{
	uint64_t end;

	if (lf_look_spent(l))
		return lf_look_reject(l, LF_REJECT_WORK);
	if (unwrap(l, offset, &end) < 0)
		return -1;
	if (l->d->bytes.len < 18)
		return lf_look_reject(l, LF_REJECT_BASE64);
	if (l->origin->depth + 1 > LF_CARVE_DEPTH)
		return lf_look_reject(l, LF_REJECT_DEPTH);
	return lf_nests_push(&l->d->nests, l->origin, offset, (struct lf_area){offset, end}, "BASE64", &l->d->bytes) < 0
	    ? lf_err_nomem(l->err) : 0;
}

static int
look_ntfs(const struct lf_look *l, uint64_t offset)
{
	bool fits;

	if (!lf_wrap_ntfs(l->v, offset, &l->d->bytes, &fits))
		return lf_err_nomem(l->err);
	if (!fits || l->origin->depth > 0)
		return lf_look_reject(l, LF_REJECT_CONTENT);
	return lf_nests_push(&l->d->nests, l->origin, offset, (struct lf_area){offset, offset + l->d->bytes.len}, "NTFS",
	           &l->d->bytes) < 0 ? lf_err_nomem(l->err) : 0;
}

/* ---- Looking ---- */

/* *end: behind a whole member that begins here. */
static int
look_at(const struct lf_look *l, uint64_t offset, enum lf_trigger trigger, uint64_t *end)
{
	switch (trigger) {
	case LF_TRIGGER_GZIP: return lf_look_gzip(l, offset, end);
	case LF_TRIGGER_BASE64: return look_base64(l, offset);
	case LF_TRIGGER_NTFS: return look_ntfs(l, offset);
	default: return lf_look_text(l, offset, trigger);
	}
}

/*
 * Follows the hits of bytes that were found, but for those inside of a whole member, and for more finds than may be
 * held.
 */
static int
look_through(const struct lf_look *l)
{
	struct lf_hit hits[HITS];
	size_t next = 0;
	uint64_t end = 0, most = l->weight + l->d->shared->opts.max_member;

	while (next < l->v->len) {
		size_t n = lf_sift(l->v->window, l->v->len, next, 0, true, hits, HITS, &next);

		for (size_t i = 0; i < n; i++) {
			if (hits[i].at < end)
				continue;
			if (l->finds->weight > most)
				lf_look_reject(l, LF_REJECT_WORK);
			else if (look_at(l, hits[i].at, hits[i].trigger, &end) < 0)
				return -1;
		}
	}
	return 0;
}

/* By where they lie in the nested bytes; of two at one place the longer first. */
static int
by_place(const void *a, const void *b)
{
	return lf_find_cmp(a, b);
}

/* Records that stand in a whole log, both found as text of nested bytes: the log has them. */
static void
drop_inside(const struct lf_look *l, size_t from)
{
	struct lf_find *f = l->finds->find;
	size_t n = from;
	uint64_t cover = 0;

	if (l->finds->n > from + 1)
		qsort(f + from, l->finds->n - from, sizeof(*f), by_place);
	for (size_t i = from; i < l->finds->n; i++) {
		if (f[i].start < cover) {
			lf_look_reject(l, LF_REJECT_INSIDE);
			lf_find_free(&f[i]);
			continue;
		}
		if (f[i].complete && f[i].runs[0].to > cover)
			cover = f[i].runs[0].to;
		f[n++] = f[i];
	}
	l->finds->n = n;
}

static int
look_nested(struct lf_detector *d, const struct lf_nest *nest, struct lf_finds *finds, struct lf_tally *tally,
    uint64_t weight, struct lf_err *err)
{
	struct lf_view v = {.size = nest->bytes.len, .window = (const unsigned char *)nest->bytes.data, .len = nest->bytes.len};
	struct lf_look l = {d, &v, &nest->origin, d->nested_text, finds, tally, err, weight};
	size_t from = finds->n;

	lf_text_reset(d->nested_text);
	if (look_through(&l) < 0)
		return -1;
	drop_inside(&l, from);
	for (size_t i = from; i < finds->n; i++) {
		finds->find[i].start = nest->origin.start;
		finds->find[i].runs[0] = nest->origin.run;
	}
	return 0;
}

int
lf_detector_look(struct lf_detector *d, struct lf_view *v, uint64_t offset, enum lf_trigger trigger,
    struct lf_finds *finds, struct lf_tally *tally, struct lf_err *err)
{
	const struct lf_origin image = {0};
	struct lf_look l = {d, v, &image, d->text, finds, tally, err, finds->weight};
	struct lf_nest nest;
	uint64_t end = 0;
	int r = look_at(&l, offset, trigger, &end);

	while (r == 0 && lf_nests_pop(&d->nests, &nest)) {
		r = look_nested(d, &nest, finds, tally, l.weight, err);
		lf_nest_free(&nest);
	}
	lf_detector_leave_much(d);
	return r;
}
