#include "carve/salvage.h"

#include <stdlib.h>
#include <string.h>

#include "carve/blocks.h"
#include "carve/lanes.h"
#include "carve/member.h"
#include "evidence/gzip.h"

#define FIRST_ROOM   ((size_t)64 << 10)
#define SYMBOLS_ROOM (2 * (size_t)LF_INFLATE_WINDOW)

#define SCAN_MAX     ((size_t)1 << 20) /* bytes behind a hole in which a block's header is looked for */
#define SCAN_COST    16u               /* ... and how much is decoded for it, in lengths of the content */

/* A call of lf_salvage_member(). */
struct job {
	struct lf_salvage *s;
	const unsigned char *stored;
	size_t header;   /* bytes of it */
	size_t from, to; /* the hole */
	size_t end;      /* of the DEFLATE data: the trailer begins there */
	size_t max;
	uint32_t isize;  /* what the trailer says of the length */
	size_t behind;   /* symbols behind the hole, so far */
	uint64_t budget; /* symbols that may still be made in the search for headers */
};

int
lf_salvage_init(struct lf_salvage *s, struct lf_err *err)
{
	memset(s, 0, offsetof(struct lf_salvage, inflate));
	lf_known_init(&s->known);
	s->room = 0;
	s->symbols = malloc(SYMBOLS_ROOM * sizeof(*s->symbols));
	return s->symbols == NULL ? lf_err_nomem(err) : 0;
}

void
lf_salvage_free(struct lf_salvage *s)
{
	free(s->content);
	free(s->symbols);
	lf_known_free(&s->known);
	s->content = NULL;
	s->symbols = NULL;
}

/* Makes room for at least so many bytes of content; those there are stay. */
static int
make_room(struct lf_salvage *s, size_t want, struct lf_err *err)
{
	unsigned char *content;

	if (want <= s->room)
		return 0;
	if ((content = realloc(s->content, want)) == NULL)
		return lf_err_nomem(err);
	s->content = content;
	s->room = want;
	return 0;
}

/*
 * Decodes what comes before the hole: an item that has a bit in the hole is not begun.  What is not as it should be
 * ends in why.
 */
static int
read_before(struct job *j, struct lf_err *err)
{
	struct lf_salvage *s = j->s;
	struct lf_inflate_in in = {.bytes = j->stored, .len = j->from};
	struct lf_inflate_out out = {.len = 0};
	enum lf_inflate_stop stop = LF_INFLATE_OUTPUT;
	size_t want = FIRST_ROOM;

	while (stop == LF_INFLATE_OUTPUT && out.len < j->max) {
		if (make_room(s, want < j->max ? want : j->max, err) != 0)
			return -1;
		out.bytes = s->content;
		out.cap = s->room < j->max ? s->room : j->max;
		stop = lf_inflate_bytes(&s->inflate, &in, &out);
		want = 2 * s->room;
	}
	s->before = out.len;
	if (stop == LF_INFLATE_OUTPUT)
		s->why = LF_SALVAGE_TOO_LARGE;
	else if (stop == LF_INFLATE_END)
		s->why = LF_SALVAGE_OUTSIDE;
	else if (stop != LF_INFLATE_INPUT)
		s->why = LF_SALVAGE_EARLIER;
	s->state = s->why == LF_SALVAGE_OUTSIDE || s->why == LF_SALVAGE_EARLIER ? LF_SALVAGE_NONE : LF_SALVAGE_PREFIX;
	return 0;
}

/* Decodes from where a decoder is to the end of the data, through a window, and hands on what symbols come. */
static enum lf_salvage_why
read_behind(struct job *j, const struct lf_inflate *from,
    enum lf_salvage_why (*take)(struct job *, const uint16_t *, size_t))
{
	struct lf_inflate d = *from;
	struct lf_inflate_in in = {.bytes = j->stored, .len = j->end};
	struct lf_inflate_symbols out = {.symbols = j->s->symbols, .cap = SYMBOLS_ROOM};
	enum lf_inflate_stop stop = LF_INFLATE_OUTPUT;
	enum lf_salvage_why why = LF_SALVAGE_FINE;
	size_t had;

	j->behind = 0;
	while (stop == LF_INFLATE_OUTPUT && why == LF_SALVAGE_FINE) {
		if (out.len == SYMBOLS_ROOM) {
			out.len = LF_INFLATE_WINDOW;
			memcpy(out.symbols, out.symbols + LF_INFLATE_WINDOW, LF_INFLATE_WINDOW * sizeof(*out.symbols));
		}
		had = out.len;
		stop = lf_inflate_symbols(&d, &in, &out);
		why = take(j, out.symbols + had, out.len - had);
		j->behind += out.len - had;
	}
	if (why == LF_SALVAGE_FINE && (stop != LF_INFLATE_END || (d.bit + 7) / 8 != j->end))
		why = LF_SALVAGE_NO_SYNC;
	return why;
}

/* Whether a symbol can be part of JSON (RFC 8259 section 7: no control characters), for all that is known of it. */
static bool
is_text(uint16_t symbol)
{
	return symbol >= 0x20 || symbol == '\t' || symbol == '\n' || symbol == '\r';
}

/* Takes what a block decodes to that may be one. */
static enum lf_salvage_why
take_trial(struct job *j, const uint16_t *symbols, size_t n)
{
	j->budget -= n < j->budget ? n : j->budget;
	for (size_t i = 0; i < n; i++)
		if (!is_text(symbols[i]))
			return LF_SALVAGE_BLOCK;
	return n > j->isize - j->behind || j->budget == 0 ? LF_SALVAGE_LENGTH : LF_SALVAGE_FINE;
}

/* Whether at a bit there is the header of a block with codes of its own, from which on all decodes to the right end. */
static bool
is_header(struct job *j, uint64_t bit)
{
	struct lf_inflate_in in = {.bytes = j->stored, .len = j->end};
	struct lf_inflate_symbols none = {.symbols = j->s->symbols};
	struct lf_inflate d;
	uint64_t at = bit + 1; /* of the type, behind BFINAL */

	if (at / 8 + 1 >= j->end || ((unsigned)(j->stored[at / 8] | j->stored[at / 8 + 1] << 8) >> (at % 8) & 3) != 2)
		return false;
	lf_inflate_start(&d, bit);
	if (lf_inflate_symbols(&d, &in, &none) >= LF_INFLATE_BAD_BLOCK)
		return false;
	lf_inflate_start(&d, bit);
	return read_behind(j, &d, take_trial) == LF_SALVAGE_FINE;
}

/* Finds the first header behind the hole. */
static bool
find_header(struct job *j, uint64_t *at)
{
	size_t last = j->end - j->to < SCAN_MAX ? j->end : j->to + SCAN_MAX;

	for (*at = 8 * (uint64_t)j->to; *at < 8 * (uint64_t)last && j->budget > 0; ++*at)
		if (is_header(j, *at))
			return true;
	return false;
}

/*
 * Whether the block that the hole begins in goes on at a bit behind it and ends at next, where a header is, rather than
 * that it ends in the hole.  All of its items are as many as those of the other blocks, where that tells: a block that
 * ends in the hole and one that begins there have so many each, and a hole cannot hold as many as that.
 */
static bool
is_one_block(const struct job *j, const struct lf_inflate *d, uint64_t bit, uint64_t next)
{
	struct lf_inflate_in before = {.bytes = j->stored, .len = j->from}, all = {.bytes = j->stored, .len = j->end};
	uint64_t lost = bit - d->bit, end, items;
	struct lf_blocks b = {0};
	bool ended;

	lf_blocks_count(&b, &all, next);
	lf_blocks_count(&b, &before, 8 * (uint64_t)j->header);
	if (b.differ || lost >= b.each)
		return false;
	items = b.begun + lf_blocks_items(d, &all, bit, &end, &ended);
	return ended && end == next && items + lost / LF_INFLATE_ITEM_MAX <= b.each && items + lost >= b.each;
}

/* Goes on in the block that the hole begins in, which is not the last, or at the next header. */
static enum lf_salvage_why
go_on_before_header(struct job *j, struct lf_inflate *d)
{
	struct lf_inflate_in in = {.bytes = j->stored, .len = j->end};
	uint64_t header, bit;

	if (!find_header(j, &header))
		return LF_SALVAGE_BLOCK;
	if (d->place == LF_INFLATE_IN_CODES &&
	    lf_lanes_meet(d, &in, 8 * (uint64_t)j->to, (struct lf_lanes_end){header, header}, &bit) &&
	    is_one_block(j, d, bit, header))
		lf_inflate_enter(d, bit);
	else
		lf_inflate_start(d, header);
	return LF_SALVAGE_FINE;
}

/*
 * Finds the bit where decoding goes on behind the hole, and goes there.  Inside stored bytes (RFC 1951 section 3.2.4)
 * the hole's end is as good as any place.
 */
static enum lf_salvage_why
go_behind(struct job *j, struct lf_inflate *d)
{
	struct lf_inflate_in in = {.bytes = j->stored, .len = j->end};
	struct lf_lanes_end end = {8 * (uint64_t)j->end - 7, 8 * (uint64_t)j->end};
	size_t hole = j->to - j->from;
	uint64_t bit;

	j->budget = SCAN_COST * (uint64_t)j->isize;
	if (d->place == LF_INFLATE_IN_STORED && d->stored >= hole) {
		d->stored -= (uint32_t)hole;
		d->bit = 8 * (uint64_t)j->to;
		return LF_SALVAGE_FINE;
	}
	if (d->place != LF_INFLATE_IN_CODES || !d->final)
		return go_on_before_header(j, d);
	if (!lf_lanes_meet(d, &in, 8 * (uint64_t)j->to, end, &bit))
		return LF_SALVAGE_NO_SYNC;
	lf_inflate_enter(d, bit);
	return LF_SALVAGE_FINE;
}

static enum lf_salvage_why
take_count(struct job *j, const uint16_t *symbols, size_t n)
{
	(void)symbols;
	return n > j->isize - j->behind ? LF_SALVAGE_LENGTH : LF_SALVAGE_FINE;
}

/*
 * Whether so many bytes can come from so many bits of a hole.  A match takes two bits or more and gives up to 258
 * bytes; a literal takes up to 15 bits, and a match 48 for three bytes: no fewer than one for 16, but for headers.
 */
static bool
can_be(uint64_t bytes, uint64_t bits, bool headers)
{
	return bytes <= bits / 2 * 258 && (headers || bytes >= bits / 16);
}

/* Finds out where in the content it goes on: from its length, and how much of it there is behind the hole. */
static enum lf_salvage_why
find_place(struct job *j, const struct lf_inflate *behind)
{
	struct lf_salvage *s = j->s;
	enum lf_salvage_why why = read_behind(j, behind, take_count);

	if (why != LF_SALVAGE_FINE)
		return why;
	s->resumed = j->isize - j->behind;
	if (s->resumed < s->before)
		return LF_SALVAGE_LENGTH;
	if (behind->place == LF_INFLATE_IN_STORED)
		return s->resumed - s->before == j->to - j->from ? LF_SALVAGE_FINE : LF_SALVAGE_LENGTH;
	return can_be(s->resumed - s->before, behind->bit - s->inflate.bit, behind->place == LF_INFLATE_AT_HEADER)
	    ? LF_SALVAGE_FINE : LF_SALVAGE_LENGTH;
}

/* Writes content from symbols: a byte from before the place it goes on at is known if it is before the hole. */
static enum lf_salvage_why
take_content(struct job *j, const uint16_t *symbols, size_t n)
{
	struct lf_salvage *s = j->s;
	size_t at = s->resumed + j->behind, run = at; /* known from run on */

	for (size_t i = 0; i < n; i++, at++) {
		size_t back = lf_inflate_known(symbols[i]) ? 0 : lf_inflate_back(symbols[i]);

		if (back > s->resumed)
			return LF_SALVAGE_DISTANCE;
		if (back == 0) {
			s->content[at] = (unsigned char)symbols[i];
		} else if (s->resumed - back < s->before) {
			s->content[at] = s->content[s->resumed - back];
		} else {
			s->content[at] = 0;
			lf_known_add(&s->known, run, at);
			run = at + 1;
		}
	}
	lf_known_add(&s->known, run, at);
	return LF_SALVAGE_FINE;
}

/* Makes the map for len bytes of content, those before the hole known. */
static int
know_before(struct lf_salvage *s, size_t len, struct lf_err *err)
{
	if (lf_known_reset(&s->known, len) != 0)
		return lf_err_nomem(err);
	lf_known_add(&s->known, 0, s->before);
	return 0;
}

/* Salvages what is behind the hole. */
static int
salvage_behind(struct job *j, struct lf_err *err)
{
	struct lf_salvage *s = j->s;
	struct lf_inflate behind = s->inflate;

	if (j->isize > j->max)
		s->why = LF_SALVAGE_TOO_LARGE;
	if (s->why == LF_SALVAGE_FINE)
		s->why = go_behind(j, &behind);
	if (s->why == LF_SALVAGE_FINE)
		s->why = find_place(j, &behind);
	if (s->why != LF_SALVAGE_FINE)
		return 0;
	if (make_room(s, j->isize, err) != 0 || know_before(s, j->isize, err) != 0)
		return -1;
	memset(s->content + s->before, 0, s->resumed - s->before);
	s->why = read_behind(j, &behind, take_content);
	if (s->why != LF_SALVAGE_FINE)
		return 0;
	s->sync_bits = (unsigned)(behind.bit - 8 * (uint64_t)j->to);
	s->state = LF_SALVAGE_RESYNC;
	return 0;
}

static uint32_t
le32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Begins anew, and reads what comes before the hole.  Of the stored bytes, the last are kept for the trailer. */
static int
begin(struct job *j, size_t len, struct lf_err *err)
{
	struct lf_salvage *s = j->s;
	struct lf_gzip g;

	s->state = LF_SALVAGE_NONE;
	s->why = LF_SALVAGE_FINE;
	s->before = s->resumed = 0;
	s->sync_bits = 0;
	if (len < LF_MEMBER_TRAILER || j->from >= j->to || j->to > len - LF_MEMBER_TRAILER) {
		s->why = LF_SALVAGE_OUTSIDE;
		return 0;
	}
	j->end = len - LF_MEMBER_TRAILER;
	if ((j->header = lf_gzip_header(j->stored, j->from, &g)) == 0) {
		s->why = LF_SALVAGE_HEADER;
		return 0;
	}
	lf_inflate_start(&s->inflate, 8 * (uint64_t)j->header);
	return read_before(j, err);
}

int
lf_salvage_member(struct lf_salvage *s, const unsigned char *stored, size_t len, size_t from, size_t to, size_t max,
    struct lf_err *err)
{
	struct job j = {.s = s, .stored = stored, .from = from, .to = to, .max = max};

	if (begin(&j, len, err) != 0)
		return -1;
	if (s->why == LF_SALVAGE_FINE) {
		j.isize = le32(stored + j.end + 4);
		if (salvage_behind(&j, err) != 0)
			return -1;
	}
	if (s->state == LF_SALVAGE_RESYNC)
		return 0;
	if (s->state == LF_SALVAGE_NONE)
		s->before = 0;
	return know_before(s, s->before, err);
}

int
lf_salvage_find_end(struct lf_salvage *s, const unsigned char *stored, size_t len, size_t from, size_t to, size_t max,
    size_t *end, struct lf_err *err)
{
	struct job j = {.s = s, .stored = stored, .from = from, .to = to, .max = max};
	struct lf_inflate_in in = {.bytes = stored};
	uint64_t bit, behind;
	bool ended;

	if (begin(&j, len, err) != 0)
		return -1;
	if (s->why != LF_SALVAGE_FINE || s->inflate.place != LF_INFLATE_IN_CODES || !s->inflate.final)
		return 0;
	in.len = j.end;
	if (!lf_lanes_merge(&s->inflate, &in, 8 * (uint64_t)to, &bit))
		return 0;
	lf_blocks_items(&s->inflate, &in, bit, &behind, &ended);
	*end = (size_t)((behind + 7) / 8) + LF_MEMBER_TRAILER;
	return ended ? 1 : 0;
}
