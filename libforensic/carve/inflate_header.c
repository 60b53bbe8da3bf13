/* Headers of blocks (RFC 1951 sections 3.2.3 to 3.2.7). */
#include <assert.h>
#include <string.h>

#include "carve/inflate_parts.h"

/* A run through a header: cut once it wants more bits than there are. */
struct bits {
	const struct lf_inflate_in *in;
	uint64_t at;
	bool cut;
};

static unsigned
take(struct bits *b, unsigned n)
{
	uint64_t word;

	if (lf_inflate_bits_left(b->in, b->at) < n)
		b->cut = true;
	if (b->cut)
		return 0;
	word = lf_inflate_bits_at(b->in, b->at);
	b->at += n;
	return lf_inflate_low(word, n);
}

static int
stored_header(struct lf_inflate *d, struct bits *b)
{
	unsigned len, complement;

	b->at = (b->at + 7) / 8 * 8;
	len = take(b, 16);
	complement = take(b, 16);
	if (b->cut)
		return LF_INFLATE_INPUT;
	if ((len ^ complement) != 0xffff)
		return LF_INFLATE_BAD_BLOCK;
	d->place = LF_INFLATE_IN_STORED;
	d->stored = len;
	return LF_INFLATE_GO_ON;
}

static int
fixed_header(struct lf_inflate *d)
{
	uint8_t lengths[LF_CODES_LITERALS];

	d->place = LF_INFLATE_IN_CODES;
	if (d->fixed)
		return LF_INFLATE_GO_ON;
	memset(lengths, 8, 144);
	memset(lengths + 144, 9, 112);
	memset(lengths + 256, 7, 24);
	memset(lengths + 280, 8, 8);
	d->fixed = lf_codes_literals(d->literals, lengths, LF_CODES_LITERALS);
	memset(lengths, 5, LF_CODES_DISTANCES);
	d->fixed = lf_codes_distances(d->distances, lengths, LF_CODES_DISTANCES) && d->fixed;
	assert(d->fixed);
	return LF_INFLATE_GO_ON;
}

/* Reads the n lengths of codes that the block's own codes for lengths tell. */
static int
read_lengths(struct bits *b, const uint32_t *table, uint8_t *lengths, unsigned n)
{
	static const uint8_t bits[] = {2, 3, 7}, least[] = {3, 3, 11};
	unsigned at = 0, symbol, run;
	uint32_t e;

	while (at < n) {
		e = lf_code_find(table, LF_CODES_LENGTH_BITS, b->cut ? 0 : lf_inflate_bits_at(b->in, b->at));
		take(b, lf_code_len(e));
		symbol = lf_code_value(e);
		run = symbol < 16 ? 1 : least[symbol - 16] + take(b, bits[symbol - 16]);
		if (b->cut)
			return LF_INFLATE_INPUT;
		if ((symbol == 16 && at == 0) || run > n - at)
			return LF_INFLATE_BAD_CODES;
		memset(lengths + at, symbol < 16 ? (int)symbol : symbol == 16 ? lengths[at - 1] : 0, run);
		at += run;
	}
	return LF_INFLATE_GO_ON;
}

static int
dynamic_header(struct lf_inflate *d, struct bits *b)
{
	static const uint8_t order[LF_CODES_LENGTHS] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
	uint8_t own[LF_CODES_LENGTHS] = {0}, lengths[LF_CODES_LITERALS + LF_CODES_DISTANCES];
	uint32_t table[LF_CODES_LENGTH_ROOM];
	unsigned n_literals = 257 + take(b, 5), n_distances = 1 + take(b, 5), n_own = 4 + take(b, 4);
	int stop;

	if (!b->cut && (n_literals > 286 || n_distances > 30))
		return LF_INFLATE_BAD_CODES;
	for (unsigned i = 0; i < n_own; i++)
		own[order[i]] = (uint8_t)take(b, 3);
	if (b->cut)
		return LF_INFLATE_INPUT;
	if (!lf_codes_lengths(table, own, LF_CODES_LENGTHS))
		return LF_INFLATE_BAD_CODES;
	if ((stop = read_lengths(b, table, lengths, n_literals + n_distances)) != LF_INFLATE_GO_ON)
		return stop;
	d->fixed = false;
	if (lengths[256] == 0 || !lf_codes_literals(d->literals, lengths, n_literals) ||
	    !lf_codes_distances(d->distances, lengths + n_literals, n_distances))
		return LF_INFLATE_BAD_CODES;
	d->place = LF_INFLATE_IN_CODES;
	return LF_INFLATE_GO_ON;
}

int
lf_inflate_header(struct lf_inflate *d, const struct lf_inflate_in *in)
{
	struct bits b = {.in = in, .at = d->bit};
	bool final = take(&b, 1) != 0;
	unsigned type = take(&b, 2);
	int stop = LF_INFLATE_BAD_BLOCK;

	if (b.cut)
		return LF_INFLATE_INPUT;
	if (type == 0)
		stop = stored_header(d, &b);
	else if (type == 1)
		stop = fixed_header(d);
	else if (type == 2)
		stop = dynamic_header(d, &b);
	if (stop != LF_INFLATE_GO_ON)
		return stop;
	d->final = final;
	d->bit = b.at;
	return LF_INFLATE_GO_ON;
}
