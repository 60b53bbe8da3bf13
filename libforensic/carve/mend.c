#include "carve/mend.h"

#include <stdlib.h>
#include <string.h>

#define BEHIND ((size_t)64 << 10) /* how far behind the trouble a member may go on */

struct lf_mend {
	struct lf_salvage salvage;
	struct lf_inflate inflate;
	unsigned char *stored;
	unsigned char *content; /* of the part in front of the hole, which nobody needs here */
	size_t room;
};

struct lf_mend *
lf_mend_new(struct lf_err *err)
{
	struct lf_mend *m = calloc(1, sizeof(*m));

	if (m == NULL) {
		lf_err_nomem(err);
		return NULL;
	}
	if (lf_salvage_init(&m->salvage, err) < 0) {
		free(m);
		return NULL;
	}
	return m;
}

void
lf_mend_free(struct lf_mend *m)
{
	if (m == NULL)
		return;
	lf_salvage_free(&m->salvage);
	free(m->stored);
	free(m->content);
	free(m);
}

/* ---- The hole ---- */

static bool
is_one_byte(const unsigned char *b)
{
	return memcmp(b, b + 1, LF_SECTOR - 1) == 0;
}

static bool
is_lost(const struct lf_view *v, uint64_t offset, const unsigned char *b)
{
	return is_one_byte(b) || (v->image != NULL && lf_image_is_bad(v->image, (struct lf_area){offset, offset + LF_SECTOR}));
}

/* The first run of lost sectors that begins no later than where decoding found the trouble. */
static bool
find_hole(const struct lf_mend *m, const struct lf_view *v, uint64_t offset, size_t len, size_t trouble, size_t *from, size_t *to)
{
	size_t at = (size_t)((LF_SECTOR - offset % LF_SECTOR) % LF_SECTOR);

	while (at + LF_SECTOR <= len && at <= trouble && !is_lost(v, offset + at, m->stored + at))
		at += LF_SECTOR;
	if (at + LF_SECTOR > len || at > trouble)
		return false;
	*from = at;
	while (at + LF_SECTOR <= len && is_lost(v, offset + at, m->stored + at))
		at += LF_SECTOR;
	*to = at;
	return true;
}

/* ---- The end ---- */

/* Decodes up to the hole: the codes of the block that it is in.  False when there are none. */
static bool
enter_block(struct lf_mend *m, const struct lf_member *broken, size_t hole, size_t max, bool *failed)
{
	struct lf_inflate_in in = {m->stored, hole, 0};
	struct lf_inflate_out out = {m->content, 0, m->room};
	enum lf_inflate_stop stop;

	lf_inflate_start(&m->inflate, broken->header * 8);
	while ((stop = lf_inflate_bytes(&m->inflate, &in, &out)) == LF_INFLATE_OUTPUT && m->room < max) {
		size_t room = m->room == 0 ? (size_t)64 << 10 : m->room * 2;
		unsigned char *more = realloc(m->content, room);

		if (more == NULL) {
			*failed = true;
			return false;
		}
		m->content = out.bytes = more;
		m->room = out.cap = room;
	}
	return stop == LF_INFLATE_INPUT && m->inflate.place == LF_INFLATE_IN_CODES && m->inflate.final;
}

/* Where the data end when an item begins at bit: the byte behind; 0 when they do not. */
static size_t
end_from(const struct lf_mend *m, const struct lf_inflate_in *in, uint64_t bit)
{
	enum lf_inflate_item item;

	do
		item = lf_inflate_look(&m->inflate, in, bit, &bit);
	while (item == LF_INFLATE_IS_LITERAL || item == LF_INFLATE_IS_MATCH);
	return item == LF_INFLATE_IS_END ? (size_t)((bit + 7) / 8) : 0;
}

/*
 * The byte behind the data, by what most ways to read on from the hole come to: they fall in with the right one within a few
 * hundred bits.  0 when they do not agree.
 */
static size_t
find_end(const struct lf_mend *m, size_t hole_end, size_t len)
{
	struct lf_inflate_in in = {m->stored, len, 0};
	size_t ends[LF_INFLATE_ITEM_MAX], best = 0, votes = 0, all = 0;

	for (size_t i = 0; i < LF_INFLATE_ITEM_MAX; i++) {
		ends[i] = end_from(m, &in, hole_end * 8 + i);
		all += ends[i] != 0;
	}
	for (size_t i = 0; i < LF_INFLATE_ITEM_MAX; i++) {
		size_t n = 0;

		for (size_t k = 0; k < LF_INFLATE_ITEM_MAX; k++)
			n += ends[i] != 0 && ends[k] == ends[i];
		if (n > votes) {
			votes = n;
			best = ends[i];
		}
	}
	return votes * 3 >= all * 2 && best + LF_MEMBER_TRAILER <= len ? best : 0;
}

const struct lf_salvage *
lf_mend_member(struct lf_mend *m, struct lf_view *v, uint64_t offset, const struct lf_member *broken, size_t max, uint64_t *end,
    bool *failed)
{
	size_t want = (size_t)broken->stored + BEHIND, len, from, to, data;
	const unsigned char *bytes;
	struct lf_err err;

	*failed = false;
	if (broken->stored > LF_MEND_STORED - BEHIND)
		return NULL;
	if (m->stored == NULL)
		m->stored = malloc(LF_MEND_STORED);
	bytes = lf_view_at(v, offset, want, &len);
	if (bytes == NULL || m->stored == NULL) {
		*failed = true;
		return NULL;
	}
	memcpy(m->stored, bytes, len);
	if (!find_hole(m, v, offset, len, (size_t)broken->stored, &from, &to) || from <= broken->header)
		return NULL;
	if (!enter_block(m, broken, from, max, failed) || (data = find_end(m, to, len)) == 0)
		return NULL;
	*failed = lf_salvage_member(&m->salvage, m->stored, data + LF_MEMBER_TRAILER, from, to, max, &err) < 0;
	*end = offset + data + LF_MEMBER_TRAILER;
	return !*failed && m->salvage.state == LF_SALVAGE_RESYNC ? &m->salvage : NULL;
}
