#include <stdlib.h>
#include <string.h>

#include "carve/detect_look.h"

#define HITS 256

/* Stored bytes up to a limit. */
struct reading {
	const struct lf_look *l;
	uint64_t limit;
};

static ssize_t
read_stored(void *arg, uint64_t offset, unsigned char *to, size_t len, struct lf_err *err)
{
	const struct reading *r = arg;
	size_t got, want = offset >= r->limit ? 0 : r->limit - offset < len ? (size_t)(r->limit - offset) : len;
	const unsigned char *p = lf_view_at(r->l->v, offset, want, &got);

	if (p == NULL)
		return lf_err_nomem(err);
	memcpy(to, p, got);
	return (ssize_t)got;
}

static int
give_content(void *arg, const unsigned char *bytes, size_t len, struct lf_err *err)
{
	struct lf_detector *d = ((const struct reading *)arg)->l->d;

	lf_detector_take_much(d, d->bytes.len + len);
	lf_buf_add(&d->bytes, bytes, len);
	return d->bytes.failed ? lf_err_nomem(err) : 0;
}

/* Cheap: whether a member of ours may begin at offset. */
static bool
probe(const struct lf_look *l, uint64_t offset, enum lf_content_form *form, enum lf_reject *why)
{
	unsigned char content[LF_CONTENT_GLANCE];
	size_t got, made;
	const unsigned char *p = lf_view_at(l->v, offset, (size_t)4 << 10, &got);

	*why = LF_REJECT_HEADER;
	if (p == NULL || !lf_member_probe(l->d->reader, p, got, content, sizeof(content), &made))
		return false;
	*why = LF_REJECT_CONTENT;
	*form = lf_content_glance(content, made);
	return *form != LF_CONTENT_NONE;
}

/* One member of bytes in memory, at offset of them. */
static int
measure(const struct lf_look *l, struct lf_view *v, uint64_t offset, struct lf_member *m)
{
	struct lf_look in = *l;
	struct reading reading = {&in, UINT64_MAX};
	struct lf_member_io io = {&reading, read_stored, NULL};

	in.v = v;
	if (lf_member_read(l->d->reader, &io, offset, l->d->shared->opts.max_member, m, l->err) < 0)
		return -1;
	l->d->spent += m->content;
	return 0;
}

int
lf_look_members(const struct lf_look *l, const struct lf_buf *bytes, size_t *len, bool *more)
{
	struct lf_view v = {.size = bytes->len, .window = (const unsigned char *)bytes->data, .len = bytes->len};
	struct lf_look in = *l;
	enum lf_content_form form;
	enum lf_reject why;
	struct lf_member m;

	*len = 0;
	in.v = &v;
	*more = bytes->len < 18;
	if (*more || !probe(&in, 0, &form, &why))
		return 0;
	do {
		if (measure(l, &v, *len, &m) < 0)
			return -1;
		*len += m.stored;
		*more = m.trouble == LF_MEMBER_CUT || m.trouble == LF_MEMBER_HEADER_CUT || m.trouble == LF_MEMBER_TRAILER_CUT;
		/* Three bytes are four digits: only what begins on them begins with H4sI. */
	} while (m.state == LF_MEMBER_WHOLE && *len % 3 != 0 && bytes->len > *len && probe(&in, *len, &form, &why));
	if (*more)
		*len = bytes->len;
	return 0;
}

/* The stored bytes of a whole member, behind the rest of its find's text. */
static int
add_file(const struct lf_look *l, struct lf_find *f, uint64_t offset, uint64_t len)
{
	size_t got;

	f->file = f->text.len;
	for (uint64_t done = 0; done < len; done += got) {
		size_t want = len - done < ((size_t)64 << 10) ? (size_t)(len - done) : (size_t)64 << 10;
		const unsigned char *p = lf_view_at(l->v, offset + done, want, &got);

		if (p == NULL || got == 0)
			return lf_err_nomem(l->err);
		lf_buf_add(&f->text, p, got);
	}
	if (f->text.failed)
		return lf_err_nomem(l->err);
	f->file_len = (size_t)len;
	return lf_content_hash(l->d->content, f->text.data + f->file, f->file_len, f->stored_sha256, l->err);
}

/* Whole records behind a hole: text that is known from end to end. */
static int
add_resumed(const struct lf_look *l, struct lf_find *f, const struct lf_known *known, size_t from)
{
	for (size_t at = lf_known_next(known, from, true), to; at < known->len; at = lf_known_next(known, to, true)) {
		struct lf_view run = {.window = (unsigned char *)f->text.data + at, .base = 0};
		struct lf_hit hits[HITS];
		struct lf_text_found t;
		size_t n, next = 0;

		to = lf_known_next(known, at, false);
		run.size = run.len = to - at;
		lf_text_reset(l->d->nested_text);
		n = run.len < 64 ? 0 : lf_sift(run.window, run.len, 0, 0, true, hits, HITS, &next);
		for (size_t i = 0; i < n; i++) {
			if (lf_text_look(l->d->nested_text, &run, hits[i].at, hits[i].trigger, &t, l->err) < 0)
				return -1;
			if (t.outcome == LF_TEXT_RECORD && lf_content_record(l->d->content, f, &t.event, at + (size_t)t.from, l->err) < 0)
				return -1;
		}
	}
	return 0;
}

/* The runs of content that are not known. */
static int
add_unknown(const struct lf_look *l, struct lf_find *f, const struct lf_known *known)
{
	size_t n = 0;

	for (size_t pass = 0; pass < 2; pass++) {
		n = 0;
		for (size_t at = lf_known_next(known, 0, false), to; at < known->len; at = lf_known_next(known, to, false), n++) {
			to = lf_known_next(known, at, true);
			if (pass == 1)
				f->unknown[n] = (struct lf_area){at, to};
		}
		if (pass == 0 && (f->unknown = calloc(n + 1, sizeof(*f->unknown))) == NULL)
			return lf_err_nomem(l->err);
	}
	f->n_unknown = n;
	return 0;
}

/* A member with a hole that was bridged. */
static int
fill_mended(const struct lf_look *l, struct lf_find *f, uint64_t offset, const struct lf_mended *mended)
{
	const struct lf_salvage *s = mended->salvage;
	int r;

	f->state = LF_CARVE_RESYNC;
	f->method = LF_CARVE_SALVAGE;
	f->joinable = l->origin->depth == 0; /* the hole may be a gap between two fragments */
	f->problem = "a part of the stored bytes is lost";
	f->stored = mended->end - offset;
	lf_buf_add(&f->text, s->content, s->known.len);
	f->content_len = s->known.len;
	if (f->text.failed)
		return lf_err_nomem(l->err);
	r = lf_content_read(l->d->content, f, &s->known, s->before, l->err);
	if (r <= 0)
		return r;
	if (add_unknown(l, f, &s->known) < 0 || add_resumed(l, f, &s->known, s->resumed) < 0 ||
	    lf_look_place(l, f, offset, mended->end, "-GZIP-0") < 0)
		return -1;
	return 1;
}

static void
describe(struct lf_find *f, const struct lf_member *m)
{
	f->kind = LF_CARVE_ENVELOPE;
	f->method = LF_CARVE_GZIP;
	f->complete = m->state == LF_MEMBER_WHOLE;
	f->state = f->complete ? LF_CARVE_WHOLE : LF_CARVE_PREFIX;
	f->trailer = m->trouble == LF_MEMBER_FINE || m->trouble == LF_MEMBER_TRAILER_WRONG;
	f->crc_right = f->trailer && m->crc == m->said_crc;
	f->size_right = f->trailer && (uint32_t)m->content == m->said_len;
	f->problem = f->complete ? NULL : lf_member_trouble_text(m->trouble);
	f->doubtful = m->trouble == LF_MEMBER_DAMAGED || m->trouble == LF_MEMBER_TRAILER_WRONG;
	f->stored = m->stored;
}

/* Makes a find of the content in d->bytes.  1 when there is something in it, 0 when not. */
static int
fill_content(const struct lf_look *l, struct lf_find *f, uint64_t offset, const struct lf_member *m, bool hole)
{
	int r;

	describe(f, m);
	/* Nothing tells a hole that is the damage from one that only follows it. */
	f->doubtful |= hole;
	f->joinable = !f->complete && l->origin->depth == 0;
	f->text = l->d->bytes;
	memset(&l->d->bytes, 0, sizeof(l->d->bytes));
	f->content_len = f->text.len;
	r = lf_content_read(l->d->content, f, NULL, f->content_len, l->err);
	if (r <= 0)
		return r;
	if (f->complete && add_file(l, f, offset, m->stored) < 0)
		return -1;
	return lf_look_place(l, f, offset, offset + m->stored, "-GZIP-0") < 0 ? -1 : 1;
}

static int
read_member(const struct lf_look *l, uint64_t offset, uint64_t limit, struct lf_member *m)
{
	struct reading reading = {l, limit};
	struct lf_member_io io = {&reading, read_stored, give_content};
	uint64_t held = l->d->nests.held + (l->origin->depth > 0 ? l->v->len : 0), max = l->d->shared->opts.max_member;

	lf_buf_reset(&l->d->bytes);
	return lf_member_read(l->d->reader, &io, offset, held < max ? max - held : 0, m, l->err);
}

/* The same for one that broke off.  Zeros decode, too: what was decoded from a hole on goes. */
static int
fill_broken(const struct lf_look *l, struct lf_find *f, uint64_t offset, struct lf_member *m)
{
	struct lf_mended mended;
	int r;

	if (lf_mend_member(l->d->mend, l->v, offset, m, (size_t)l->d->shared->opts.max_member, &mended, l->err) < 0)
		return -1;
	if (mended.salvage != NULL) {
		r = fill_mended(l, f, offset, &mended);
		if (r != 0)
			return r;
		lf_find_free(f);
		memset(f, 0, sizeof(*f));
	}
	if (mended.hole != UINT64_MAX && read_member(l, offset, mended.hole, m) < 0)
		return -1;
	return fill_content(l, f, offset, m, mended.hole != UINT64_MAX);
}

/* The content is no JSON: to be looked through. */
static int
nest_member(const struct lf_look *l, uint64_t offset, const struct lf_member *m, struct lf_buf *content)
{
	if (l->origin->depth + 1 > LF_CARVE_DEPTH)
		return lf_look_reject(l, LF_REJECT_DEPTH);
	if (lf_nests_push(&l->d->nests, l->origin, offset, (struct lf_area){offset, offset + m->stored}, "GZIP", content) < 0)
		return lf_err_nomem(l->err);
	return 0;
}

int
lf_look_gzip(const struct lf_look *l, uint64_t offset, uint64_t *end)
{
	enum lf_content_form form;
	enum lf_reject why;
	struct lf_member m;
	struct lf_find f = {0};
	int r;

	if (!probe(l, offset, &form, &why))
		return lf_look_reject(l, why);
	if (lf_look_spent(l))
		return lf_look_reject(l, LF_REJECT_WORK);
	if (read_member(l, offset, UINT64_MAX, &m) < 0)
		return -1;
	if (m.trouble == LF_MEMBER_TOO_LARGE || m.trouble == LF_MEMBER_RATIO)
		lf_look_reject(l, LF_REJECT_SIZE);
	if (m.state == LF_MEMBER_WHOLE)
		*end = offset + m.stored;
	l->d->spent += m.content;
	if (form != LF_CONTENT_JSON)
		return nest_member(l, offset, &m, &l->d->bytes);
	r = m.state == LF_MEMBER_WHOLE ? fill_content(l, &f, offset, &m, false) : fill_broken(l, &f, offset, &m);
	if (r > 0 && f.complete)
		l->d->spent -= m.content;
	if (r > 0)
		return lf_look_add(l, &f);
	if (r == 0 && memmem(f.text.data, f.content_len, "H4sI", 4) != NULL)
		r = nest_member(l, offset, &m, &f.text);
	else if (r == 0)
		lf_look_reject(l, LF_REJECT_CONTENT);
	lf_find_free(&f);
	return r;
}
