#include "carve/inflate.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

#include "carve/inflate_parts.h"

#define MATCH_MAX 258u

/* The fast loop runs while an item and more can be read and written without looking where the ends are. */
#define FAST_IN  16u
#define FAST_OUT (2u + MATCH_MAX + 8u)

/* The output of either kind; wide is a constant in every function that is compiled for it. */
struct sink {
	unsigned char *bytes;
	uint16_t *symbols;
	size_t len, cap;
};

/* An item of a block with codes. */
struct item {
	enum lf_inflate_item kind;
	enum lf_inflate_stop bad;
	unsigned value; /* the literal, or the length of the match */
	unsigned dist;
	unsigned bits;  /* its own length */
};

void
lf_inflate_start(struct lf_inflate *d, uint64_t bit)
{
	memset(d, 0, offsetof(struct lf_inflate, literals));
	d->bit = bit;
	d->place = LF_INFLATE_AT_HEADER;
}

void
lf_inflate_enter(struct lf_inflate *d, uint64_t bit)
{
	assert(d->place == LF_INFLATE_IN_CODES);
	d->bit = bit;
	d->copy_len = 0;
}

/* ---- Items, with the end of the input in sight ---- */

/* Reads the distance of a match, of which i already holds the length. */
static inline __attribute__((always_inline)) void
read_distance(const struct lf_inflate *d, uint64_t word, uint64_t have, struct item *i)
{
	uint32_t e = lf_code_find(d->distances, LF_CODES_DISTANCE_BITS, word);
	unsigned len = lf_code_len(e), extra = lf_code_extra(e);

	if (len > have) {
		i->kind = LF_INFLATE_IS_CUT;
	} else if (e & LF_CODE_BAD) {
		i->kind = LF_INFLATE_IS_BAD;
		i->bad = LF_INFLATE_BAD_DISTANCE;
	} else if (len + extra > have) {
		i->kind = LF_INFLATE_IS_CUT;
	} else {
		i->kind = LF_INFLATE_IS_MATCH;
		i->dist = lf_code_value(e) + lf_inflate_low(word >> len, extra);
		i->bits += len + extra;
	}
}

/* Reads the item at bit. */
static struct item
read_item(const struct lf_inflate *d, const struct lf_inflate_in *in, uint64_t bit)
{
	uint64_t have = lf_inflate_bits_left(in, bit), word = lf_inflate_bits_at(in, bit);
	uint32_t e = lf_code_find(d->literals, LF_CODES_LITERAL_BITS, word);
	unsigned len = lf_code_len(e), extra = lf_code_extra(e);
	struct item i = {.kind = LF_INFLATE_IS_CUT, .bits = len + extra};

	if (len > have)
		return i;
	if (e & LF_CODE_BAD) {
		i.kind = LF_INFLATE_IS_BAD;
		i.bad = LF_INFLATE_BAD_SYMBOL;
	} else if (e & LF_CODE_END) {
		i.kind = LF_INFLATE_IS_END;
	} else if (e & LF_CODE_LITERAL) {
		i.kind = LF_INFLATE_IS_LITERAL;
		i.value = lf_code_value(e);
	} else if (len + extra <= have) {
		i.value = lf_code_value(e) + lf_inflate_low(word >> len, extra);
		read_distance(d, word >> (len + extra), have - (len + extra), &i);
	}
	return i;
}

enum lf_inflate_item
lf_inflate_look(const struct lf_inflate *d, const struct lf_inflate_in *in, uint64_t bit, uint64_t *next)
{
	struct item i;

	assert(d->place == LF_INFLATE_IN_CODES);
	i = read_item(d, in, bit);
	if (i.kind != LF_INFLATE_IS_CUT && i.kind != LF_INFLATE_IS_BAD)
		*next = bit + i.bits;
	return i.kind;
}

static int
block_ends(struct lf_inflate *d)
{
	d->place = d->final ? LF_INFLATE_AT_END : LF_INFLATE_AT_HEADER;
	return d->final ? LF_INFLATE_END : d->each_block ? LF_INFLATE_BLOCK : LF_INFLATE_GO_ON;
}

/* ---- Output ---- */

static inline __attribute__((always_inline)) void
put(struct sink *out, unsigned byte, bool wide)
{
	if (wide)
		out->symbols[out->len++] = (uint16_t)byte;
	else
		out->bytes[out->len++] = (unsigned char)byte;
}

/* The symbol for what was so many bytes before the output. */
static uint16_t
before(size_t back)
{
	return (uint16_t)(0x10000u - back);
}

/* Copies n bytes from dist back, one after the other, as a match that overlaps itself has it. */
static inline __attribute__((always_inline)) void
copy_exactly(struct sink *out, size_t dist, size_t n, bool wide)
{
	for (; n > 0; n--) {
		if (!wide)
			put(out, out->bytes[out->len - dist], false);
		else
			put(out, dist > out->len ? before(dist - out->len) : out->symbols[out->len - dist], true);
	}
}

/* Copies what it can of the match under way. */
static inline __attribute__((always_inline)) int
copy_rest(struct lf_inflate *d, struct sink *out, bool wide)
{
	size_t room = out->cap - out->len, n = d->copy_len < room ? d->copy_len : room;

	copy_exactly(out, d->copy_dist, n, wide);
	d->copy_len = (uint16_t)(d->copy_len - n);
	return d->copy_len == 0 ? LF_INFLATE_GO_ON : LF_INFLATE_OUTPUT;
}

/* Copies a match, 8 bytes at a time where it can: up to 7 too many, which FAST_OUT leaves room for. */
static inline __attribute__((always_inline)) void
copy_fast(struct sink *out, size_t dist, size_t n, bool wide)
{
	unsigned char *to, *end;

	if (wide || (dist < 8 && dist != 1)) {
		copy_exactly(out, dist, n, wide);
		return;
	}
	to = out->bytes + out->len;
	end = to + n;
	out->len += n;
	if (dist == 1) {
		memset(to, to[-1], n);
		return;
	}
	do {
		memcpy(to, to - dist, 8);
		to += 8;
	} while (to < end);
}

/* ---- Blocks ---- */

static inline __attribute__((always_inline)) int
stored_block(struct lf_inflate *d, const struct lf_inflate_in *in, struct sink *out, bool wide)
{
	uint64_t at = d->bit / 8 - in->base, have = lf_inflate_bits_left(in, d->bit) / 8;
	size_t room = out->cap - out->len, n = d->stored;

	n = n < room ? n : room;
	n = n < have ? n : (size_t)have;
	if (n > 0 && !wide)
		memcpy(out->bytes + out->len, in->bytes + at, n);
	for (size_t i = 0; i < n && wide; i++)
		out->symbols[out->len + i] = in->bytes[at + i];
	out->len += n;
	d->bit += 8 * n;
	d->stored -= (uint32_t)n;
	if (d->stored == 0)
		return block_ends(d);
	return n == have ? LF_INFLATE_INPUT : LF_INFLATE_OUTPUT;
}

/* A run of bits read ahead: n of them in buf, the lowest first, and the input goes on at p. */
struct ahead {
	uint64_t buf;
	unsigned n;
	const unsigned char *p;
};

/* Fills up to 56 bits or more; reads 8 bytes at p. */
static inline __attribute__((always_inline)) void
refill(struct ahead *a)
{
	uint64_t word;

	memcpy(&word, a->p, 8);
	a->buf |= le64toh(word) << a->n;
	a->p += (63 - a->n) >> 3;
	a->n |= 56;
}

static inline __attribute__((always_inline)) void
drop(struct ahead *a, unsigned n)
{
	a->buf >>= n;
	a->n -= n;
}

/* Takes up to three literals; false when the item at hand is none.  Wants 45 bits. */
static inline __attribute__((always_inline)) bool
fast_literals(const struct lf_inflate *d, struct ahead *a, struct sink *out, bool wide)
{
	uint32_t e;

	for (int i = 0; i < 3; i++) {
		e = lf_code_find(d->literals, LF_CODES_LITERAL_BITS, a->buf);
		if (!(e & LF_CODE_LITERAL))
			return false;
		put(out, lf_code_value(e), wide);
		drop(a, lf_code_len(e));
	}
	return true;
}

/* Takes a match; false, and nothing is taken, when the item at hand is none or is bad.  Wants 48 bits. */
static inline __attribute__((always_inline)) bool
fast_match(const struct lf_inflate *d, struct ahead *a, struct sink *out, bool wide)
{
	uint32_t e = lf_code_find(d->literals, LF_CODES_LITERAL_BITS, a->buf), f;
	unsigned bits = lf_code_len(e) + lf_code_extra(e), n, dist;
	uint64_t word = a->buf >> bits;

	if (e & (LF_CODE_END | LF_CODE_BAD))
		return false;
	n = lf_code_value(e) + lf_inflate_low(a->buf >> lf_code_len(e), lf_code_extra(e));
	f = lf_code_find(d->distances, LF_CODES_DISTANCE_BITS, word);
	if (f & LF_CODE_BAD)
		return false;
	dist = lf_code_value(f) + lf_inflate_low(word >> lf_code_len(f), lf_code_extra(f));
	if (!wide && dist > out->len)
		return false;
	drop(a, bits + lf_code_len(f) + lf_code_extra(f));
	copy_fast(out, dist, n, wide);
	return true;
}

/* Decodes while neither the end of the input nor that of the output nor anything out of the way is near. */
static inline __attribute__((always_inline)) void
fast_block(struct lf_inflate *d, const struct lf_inflate_in *in, struct sink *out, bool wide)
{
	const unsigned char *begin = in->bytes, *last;
	struct ahead a = {0};
	struct sink o = *out;

	if (lf_inflate_bits_left(in, d->bit) <= 8 * (FAST_IN + 1))
		return;
	last = begin + in->len - FAST_IN;
	a.p = begin + (d->bit / 8 - in->base);
	refill(&a);
	drop(&a, d->bit % 8);
	while (a.p <= last && o.cap - o.len >= FAST_OUT) {
		refill(&a);
		if (fast_literals(d, &a, &o, wide))
			continue;
		refill(&a);
		if (!fast_match(d, &a, &o, wide))
			break;
	}
	d->bit = (in->base + (uint64_t)(a.p - begin)) * 8 - a.n;
	out->len = o.len;
}

/* Decodes a block with codes, at its ends item by item. */
static inline __attribute__((always_inline)) int
coded_block(struct lf_inflate *d, const struct lf_inflate_in *in, struct sink *out, bool wide)
{
	int stop = copy_rest(d, out, wide);
	struct item i;

	if (stop == LF_INFLATE_GO_ON)
		fast_block(d, in, out, wide);
	while (stop == LF_INFLATE_GO_ON) {
		i = read_item(d, in, d->bit);
		if (i.kind == LF_INFLATE_IS_CUT)
			return LF_INFLATE_INPUT;
		if (i.kind == LF_INFLATE_IS_BAD)
			return (int)i.bad;
		if (i.kind == LF_INFLATE_IS_MATCH && !wide && i.dist > out->len)
			return LF_INFLATE_BAD_DISTANCE;
		if (i.kind != LF_INFLATE_IS_END && out->len == out->cap)
			return LF_INFLATE_OUTPUT;
		d->bit += i.bits;
		if (i.kind == LF_INFLATE_IS_END)
			return block_ends(d);
		if (i.kind == LF_INFLATE_IS_LITERAL) {
			put(out, i.value, wide);
			continue;
		}
		d->copy_len = (uint16_t)i.value;
		d->copy_dist = (uint16_t)i.dist;
		stop = copy_rest(d, out, wide);
	}
	return stop;
}

static inline __attribute__((always_inline)) enum lf_inflate_stop
run(struct lf_inflate *d, const struct lf_inflate_in *in, struct sink *out, bool wide)
{
	int stop = LF_INFLATE_GO_ON;

	assert(out->len <= out->cap);
	while (stop == LF_INFLATE_GO_ON) {
		switch (d->place) {
		case LF_INFLATE_AT_HEADER:
			stop = lf_inflate_header(d, in);
			break;
		case LF_INFLATE_IN_STORED:
			stop = stored_block(d, in, out, wide);
			break;
		case LF_INFLATE_IN_CODES:
			stop = coded_block(d, in, out, wide);
			break;
		case LF_INFLATE_AT_END:
			stop = LF_INFLATE_END;
			break;
		}
	}
	return (enum lf_inflate_stop)stop;
}

enum lf_inflate_stop
lf_inflate_bytes(struct lf_inflate *d, const struct lf_inflate_in *in, struct lf_inflate_out *out)
{
	struct sink s = {.bytes = out->bytes, .len = out->len, .cap = out->cap};
	enum lf_inflate_stop stop = run(d, in, &s, false);

	out->len = s.len;
	return stop;
}

enum lf_inflate_stop
lf_inflate_symbols(struct lf_inflate *d, const struct lf_inflate_in *in, struct lf_inflate_symbols *out)
{
	struct sink s = {.symbols = out->symbols, .len = out->len, .cap = out->cap};
	enum lf_inflate_stop stop = run(d, in, &s, true);

	out->len = s.len;
	return stop;
}
