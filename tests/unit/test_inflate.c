/* The DEFLATE decoder that begins anywhere: zlib as the other opinion, and what zlib cannot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "carve/inflate.h"
#include "deflated.h"

static struct lf_inflate decoder, saved;

/* ---- Content ---- */

enum kind { LOG, ZEROS, NOISE, FEW, RUNS, KINDS };

static unsigned char *
content_of(enum kind kind, size_t len, uint64_t seed)
{
	unsigned char *s = malloc(len + 1), byte = 0;
	size_t made;

	assert_non_null(s);
	if (kind == LOG) {
		char *log = made_log((unsigned)(len / 600) + 1, seed, &made);

		assert_true(made >= len);
		memcpy(s, log, len);
		free(log);
		return s;
	}
	for (size_t i = 0; i < len; i++) {
		uint64_t r = scratch_random(&seed);

		if (kind == RUNS && r % 50 == 0)
			byte = (unsigned char)(r >> 8);
		s[i] = kind == NOISE ? (unsigned char)r : kind == FEW ? (unsigned char)(97 + (r & 7)) : byte;
	}
	return s;
}

/* ---- The other opinion ---- */

struct opinion {
	unsigned char *bytes;
	size_t len, used;
	int rc;
};

static struct opinion
by_zlib(const unsigned char *in, size_t len, size_t cap)
{
	struct opinion o = {.bytes = malloc(cap + 1)};
	z_stream z = {0};

	assert_non_null(o.bytes);
	assert_int_equal(inflateInit2(&z, -15), Z_OK);
	z.next_in = (Bytef *)(uintptr_t)in;
	z.avail_in = (uInt)len;
	z.next_out = o.bytes;
	z.avail_out = (uInt)cap;
	o.rc = inflate(&z, Z_SYNC_FLUSH);
	o.len = z.total_out;
	o.used = z.total_in;
	inflateEnd(&z);
	return o;
}

static size_t
bytes_used(const struct lf_inflate *d)
{
	return (size_t)((d->bit + 7) / 8);
}

/* Whatever else comes, zlib will refuse it too. */
static void
refused_later(const unsigned char *in, size_t len)
{
	unsigned char *more = calloc(1, len + LF_INFLATE_KEEP);
	struct opinion o;

	assert_non_null(more);
	memcpy(more, in, len);
	o = by_zlib(more, len + LF_INFLATE_KEEP, 100000);
	assert_int_equal(o.rc, Z_DATA_ERROR);
	free(o.bytes);
	free(more);
}

/* Decodes all of it at once and holds it to zlib; returns what stopped it, and how much it made. */
static enum lf_inflate_stop
made_alike(const unsigned char *in, size_t len, size_t cap, size_t *made)
{
	struct opinion o = by_zlib(in, len, cap);
	unsigned char *mine = malloc(cap + 1);
	struct lf_inflate_out out = {.bytes = mine, .cap = cap};
	struct lf_inflate_in all = {.bytes = in, .len = len};
	enum lf_inflate_stop stop;

	assert_non_null(mine);
	mine[cap] = 0xa5;
	lf_inflate_start(&decoder, 0);
	stop = lf_inflate_bytes(&decoder, &all, &out);
	assert_int_equal(mine[cap], 0xa5);
	assert_int_equal(out.len, o.len);
	assert_memory_equal(mine, o.bytes, o.len);
	if (o.rc == Z_STREAM_END) {
		assert_int_equal(stop, LF_INFLATE_END);
		assert_int_equal(bytes_used(&decoder), o.used);
	} else if (o.rc == Z_DATA_ERROR) {
		assert_true(stop >= LF_INFLATE_BAD_BLOCK);
	} else if (stop == LF_INFLATE_BAD_CODES) {
		refused_later(in, len); /* zlib sees that lengths have no codes only when it has read them all */
	} else {
		assert_true(stop == LF_INFLATE_INPUT || stop == LF_INFLATE_OUTPUT);
	}
	*made = o.len;
	free(mine);
	free(o.bytes);
	return stop;
}

static enum lf_inflate_stop
agrees(const unsigned char *in, size_t len, size_t cap)
{
	size_t made;

	return made_alike(in, len, cap, &made);
}

/* ---- Tests ---- */

static void
test_levels_and_strategies(void **state)
{
	static const size_t sizes[] = {0, 1, 2, 3, 64, 257, 258, 259, 1000, 32767, 32768, 32769, 70000};

	(void)state;
	for (int kind = 0; kind < KINDS; kind++) {
		for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
			unsigned char *content = content_of((enum kind)kind, sizes[s], s + 1);

			for (int way = 0; way < 50; way++) {
				struct deflate_way w = {way % 10, way / 10, 1 + way % 9, Z_NO_FLUSH, 0};
				struct deflated d = deflated(content, sizes[s], w);

				assert_int_equal(agrees(d.bytes, d.len, sizes[s]), LF_INFLATE_END);
				free(d.bytes);
			}
			free(content);
		}
	}
}

static void
test_flushes_and_what_follows(void **state)
{
	static const int flushes[] = {Z_PARTIAL_FLUSH, Z_SYNC_FLUSH, Z_FULL_FLUSH, Z_BLOCK};
	unsigned char *content = content_of(LOG, 60000, 3);

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		for (size_t every = 1; every < 60000; every = every * 3 + 1) {
			struct deflated d = deflated(content, 60000, (struct deflate_way){6, 0, 8, flushes[i], every});

			assert_int_equal(agrees(d.bytes, d.len, 60000), LF_INFLATE_END);
			d.bytes = realloc(d.bytes, d.len + 100);
			memset(d.bytes + d.len, 0xff, 100);
			assert_int_equal(agrees(d.bytes, d.len + 100, 60000), LF_INFLATE_END);
			free(d.bytes);
		}
	}
	free(content);
}

static void
test_caps(void **state)
{
	unsigned char *content = content_of(LOG, 5000, 4);
	struct deflated d = deflated(content, 5000, (struct deflate_way){6, 0, 8, 0, 0});

	(void)state;
	for (size_t cap = 0; cap < 5000; cap += 1 + cap / 300)
		assert_int_equal(agrees(d.bytes, d.len, cap), LF_INFLATE_OUTPUT);
	assert_int_equal(agrees(d.bytes, d.len, 5000), LF_INFLATE_END);
	free(d.bytes);
	free(content);
}

/* Cut at every byte: the same prefix as zlib's, and the rest later. */
static void
cut_everywhere(enum kind kind, size_t len, struct deflate_way w)
{
	unsigned char *content = content_of(kind, len, 9), *mine = malloc(len + 1);
	struct deflated d = deflated(content, len, w);

	for (size_t cut = 0; cut < d.len; cut++) {
		unsigned char *exact = malloc(cut + 1); /* so that a sanitizer sees reading beyond */
		struct lf_inflate_out out = {.bytes = mine, .cap = len};
		struct lf_inflate_in rest;
		size_t at, made;

		memcpy(exact + 1, d.bytes, cut);
		assert_int_equal(made_alike(exact + 1, cut, len, &made), LF_INFLATE_INPUT);
		saved = decoder;
		memset(&decoder, 0xff, sizeof(decoder));
		at = (size_t)(saved.bit / 8);
		assert_true(cut - at <= LF_INFLATE_KEEP);
		rest = (struct lf_inflate_in){.bytes = d.bytes + at, .len = d.len - at, .base = at};
		out.len = made;
		memcpy(mine, content, made);
		assert_int_equal(lf_inflate_bytes(&saved, &rest, &out), LF_INFLATE_END);
		assert_int_equal(out.len, len);
		assert_memory_equal(mine, content, len);
		assert_int_equal(bytes_used(&saved), d.len);
		free(exact);
	}
	free(d.bytes);
	free(mine);
	free(content);
}

static void
test_cut_everywhere(void **state)
{
	(void)state;
	cut_everywhere(LOG, 6000, (struct deflate_way){6, 0, 8, 0, 0});
	cut_everywhere(LOG, 3000, (struct deflate_way){6, 0, 8, Z_FULL_FLUSH, 700});
	cut_everywhere(FEW, 3000, (struct deflate_way){6, Z_FIXED, 8, 0, 0});
	cut_everywhere(NOISE, 1000, (struct deflate_way){0, 0, 1, 0, 0});
	cut_everywhere(NOISE, 2000, (struct deflate_way){6, Z_HUFFMAN_ONLY, 8, 0, 0});
	cut_everywhere(ZEROS, 90000, (struct deflate_way){9, 0, 8, 0, 0});
}

/* Input in pieces, output through a window that moves. */
static void
test_pieces(void **state)
{
	enum { LEN = 200000, PLACE = LF_INFLATE_WINDOW + 4000 };
	static unsigned char window[PLACE];
	unsigned char *content = content_of(LOG, LEN, 5);
	struct deflated d = deflated(content, LEN, (struct deflate_way){9, 0, 8, Z_BLOCK, 50000});
	uint64_t seed = 11;

	(void)state;
	for (int round = 0; round < 60; round++) {
		struct lf_inflate_out out = {.bytes = window, .cap = PLACE};
		size_t end = 0, checked = 0, gone = 0, step = (size_t)1 << (round % 14);
		enum lf_inflate_stop stop = LF_INFLATE_INPUT;

		lf_inflate_start(&decoder, 0);
		while (stop != LF_INFLATE_END) {
			size_t at = (size_t)(decoder.bit / 8);
			struct lf_inflate_in piece = {.bytes = d.bytes + at, .base = at};

			if (stop == LF_INFLATE_INPUT)
				end += 1 + (size_t)(scratch_random(&seed) % step);
			end = end < d.len ? end : d.len;
			piece.len = end - at;
			if (out.len > LF_INFLATE_WINDOW) {
				size_t over = out.len - LF_INFLATE_WINDOW;

				memmove(window, window + over, LF_INFLATE_WINDOW);
				out.len = LF_INFLATE_WINDOW;
				gone += over;
			}
			out.cap = out.len + 1 + (size_t)(scratch_random(&seed) % 4000);
			out.cap = out.cap < PLACE ? out.cap : PLACE;
			stop = lf_inflate_bytes(&decoder, &piece, &out);
			assert_true(stop <= LF_INFLATE_END);
			assert_true(gone + out.len <= LEN);
			assert_memory_equal(window + (checked - gone), content + checked, gone + out.len - checked);
			checked = gone + out.len;
		}
		assert_int_equal(checked, LEN);
		assert_int_equal(bytes_used(&decoder), d.len);
	}
	free(d.bytes);
	free(content);
}

/* Bits turned, bytes changed, parts exchanged. */
static void
test_damage(void **state)
{
	static const struct deflate_way ways[] = {{6, 0, 8, 0, 0}, {1, 0, 8, Z_SYNC_FLUSH, 300}, {6, Z_FIXED, 8, 0, 0},
	    {0, 0, 8, 0, 0}, {6, Z_HUFFMAN_ONLY, 8, 0, 0}, {6, Z_RLE, 1, Z_PARTIAL_FLUSH, 500}};
	uint64_t seed = 21;
	unsigned refused = 0;

	(void)state;
	for (unsigned round = 0; round < 30000; round++) {
		size_t len = 1 + (size_t)(scratch_random(&seed) % 3000);
		unsigned char *content = content_of((enum kind)(round % KINDS), len, seed);
		struct deflated d = deflated(content, len, ways[round / KINDS % 6]);
		unsigned hurt = 1 + (unsigned)(scratch_random(&seed) % 4);
		size_t within = round % 3 == 0 && d.len > 80 ? 80 : d.len; /* often where the codes are */

		for (unsigned i = 0; i < hurt; i++) {
			uint64_t r = scratch_random(&seed);

			if (r & 1)
				d.bytes[(r >> 8) % within] ^= (unsigned char)(1u << (r >> 1 & 7));
			else
				d.bytes[(r >> 8) % within] = (unsigned char)(r >> 40);
		}
		refused += agrees(d.bytes, d.len, 100000) >= LF_INFLATE_BAD_BLOCK;
		free(d.bytes);
		free(content);
	}
	assert_true(refused > 3000);
}

/* Headers of chance: nearly all are refused, at the same place. */
static void
test_noise(void **state)
{
	unsigned char noise[400];
	uint64_t seed = 31;
	unsigned codes = 0, ends = 0;

	(void)state;
	for (unsigned round = 0; round < 200000; round++) {
		size_t len = 1 + (size_t)(scratch_random(&seed) % sizeof(noise));
		enum lf_inflate_stop stop;

		for (size_t i = 0; i < len; i++)
			noise[i] = (unsigned char)(scratch_random(&seed) >> 13);
		if (round % 2 == 0)
			noise[0] = (unsigned char)((noise[0] & 0xf8) | 4); /* a block with codes of its own */
		if (round % 8 == 0)
			noise[1] &= 0xe0; /* one distance */
		stop = agrees(noise, len, 100000);
		codes += stop == LF_INFLATE_BAD_CODES;
		ends += stop == LF_INFLATE_END;
	}
	assert_true(codes > 1000);
	assert_true(ends > 10);
}

/* Bits put down by hand. */
struct writing {
	unsigned char bytes[600];
	size_t bits;
};

static void
write_bits(struct writing *w, unsigned value, unsigned n)
{
	for (unsigned i = 0; i < n; i++, w->bits++)
		w->bytes[w->bits / 8] |= (unsigned char)((value >> i & 1) << (w->bits % 8));
}

/*
 * A last block with codes of one bit for each of two symbols of the lengths' own code: 0 and one more length.  Literal
 * codes: lengths[] of 257; distances: one or two codes.
 */
static void
write_sparse(struct writing *w, unsigned end_len, unsigned distance_codes)
{
	/* The codes for lengths: 0, 1 and 2 get codes 0, 10 and 11 (read from the left). */
	static const uint8_t order[] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

	memset(w, 0, sizeof(*w));
	write_bits(w, 1, 1);
	write_bits(w, 2, 2);
	write_bits(w, 0, 5);
	write_bits(w, distance_codes == 0 ? 0 : distance_codes - 1, 5);
	write_bits(w, 14, 4); /* 18 of them: up to symbol 1 */
	for (int i = 0; i < 18; i++)
		write_bits(w, order[i] == 0 ? 1 : order[i] == 1 || order[i] == 2 ? 2 : 0, 3);
	for (int i = 0; i < 256; i++)
		write_bits(w, 0, 1);
	write_bits(w, end_len == 1 ? 1 : 3, 2);
	for (unsigned i = 0; i < distance_codes; i++)
		write_bits(w, 1, 2);
	if (distance_codes == 0)
		write_bits(w, 0, 1);
}

/* Fewer codes than there could be: allowed for one code of one bit, and for no distances. */
static void
test_codes_at_the_edge(void **state)
{
	static const struct {
		unsigned end_len, distances;
		enum lf_inflate_stop stop;
	} cases[] = {{1, 0, LF_INFLATE_END}, {1, 1, LF_INFLATE_END}, {1, 2, LF_INFLATE_END}, {2, 0, LF_INFLATE_BAD_CODES},
	    {2, 1, LF_INFLATE_BAD_CODES}, {1, 3, LF_INFLATE_BAD_CODES}};
	struct writing w;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		write_sparse(&w, cases[i].end_len, cases[i].distances);
		assert_int_equal(agrees(w.bytes, w.bits / 8 + 8, 1000), cases[i].stop);
		/* And the one code there is not. */
		write_bits(&w, 1, 1);
		assert_int_equal(agrees(w.bytes, w.bits / 8 + 8, 1000),
		    cases[i].stop == LF_INFLATE_END ? LF_INFLATE_BAD_SYMBOL : LF_INFLATE_BAD_CODES);
	}
	/* Fixed codes: symbols 286 and 287, distances 30 and 31, and what comes from before the beginning. */
	for (unsigned symbol = 198; symbol <= 199; symbol++) {
		memset(&w, 0, sizeof(w));
		write_bits(&w, 3, 3);
		for (int i = 7; i >= 0; i--)
			write_bits(&w, symbol >> i & 1, 1);
		assert_int_equal(agrees(w.bytes, 30, 1000), LF_INFLATE_BAD_SYMBOL);
	}
	for (unsigned distance = 0; distance < 32; distance++) {
		memset(&w, 0, sizeof(w));
		write_bits(&w, 3, 3);
		write_bits(&w, 0x40, 7); /* length 3 */
		for (int i = 4; i >= 0; i--)
			write_bits(&w, distance >> i & 1, 1);
		assert_int_equal(agrees(w.bytes, 30, 1000), LF_INFLATE_BAD_DISTANCE);
	}
	memset(&w, 0, sizeof(w));
	write_bits(&w, 7, 3);
	assert_int_equal(agrees(w.bytes, 30, 1000), LF_INFLATE_BAD_BLOCK);
}

/* ---- What zlib cannot ---- */

/* Decodes from where d is with no history, and holds every symbol to the content from at on. */
static void
holds(struct lf_inflate *d, const struct deflated *z, const unsigned char *content, size_t len, size_t at)
{
	uint16_t *symbols = malloc((len + 1) * sizeof(*symbols));
	struct lf_inflate_symbols out = {.symbols = symbols, .cap = len};
	struct lf_inflate_in all = {.bytes = z->bytes, .len = z->len};
	enum lf_inflate_stop stop;

	assert_non_null(symbols);
	stop = lf_inflate_symbols(d, &all, &out);
	assert_int_equal(stop, LF_INFLATE_END);
	assert_int_equal(out.len, len - at);
	assert_int_equal(bytes_used(d), z->len);
	for (size_t i = 0; i < out.len; i++) {
		if (lf_inflate_known(symbols[i])) {
			assert_int_equal(symbols[i], content[at + i]);
		} else {
			assert_in_range(lf_inflate_back(symbols[i]), 1, at < LF_INFLATE_WINDOW ? at : LF_INFLATE_WINDOW);
			assert_int_equal(content[at - lf_inflate_back(symbols[i])], content[at + i]);
		}
	}
	free(symbols);
}

static void
test_from_every_block(void **state)
{
	enum { LEN = 150000 };
	unsigned char *content = content_of(LOG, LEN, 6), *mine = malloc(LEN);
	struct deflated z = deflated(content, LEN, (struct deflate_way){6, 0, 3, 0, 0});
	struct lf_inflate_in all = {.bytes = z.bytes, .len = z.len};
	struct lf_inflate_out out = {.bytes = mine, .cap = LEN};
	unsigned blocks = 1;

	(void)state;
	lf_inflate_start(&decoder, 0);
	decoder.each_block = true;
	while (lf_inflate_bytes(&decoder, &all, &out) == LF_INFLATE_BLOCK) {
		assert_int_equal(decoder.place, LF_INFLATE_AT_HEADER);
		lf_inflate_start(&saved, decoder.bit);
		holds(&saved, &z, content, LEN, out.len);
		blocks++;
	}
	assert_true(blocks > 20);
	assert_int_equal(out.len, LEN);
	free(z.bytes);
	free(mine);
	free(content);
}

/* From every item of a block, its codes given. */
static void
test_from_every_item(void **state)
{
	enum { LEN = 5000 };
	unsigned char *content = content_of(LOG, LEN, 8), *mine = malloc(LEN);
	struct deflated z = deflated(content, LEN, (struct deflate_way){6, 0, 8, 0, 0});
	struct lf_inflate_in all = {.bytes = z.bytes, .len = z.len}, cut = all;
	struct lf_inflate_out out = {.bytes = mine, .cap = 0};
	uint64_t bit, next;
	unsigned items = 0, matches = 0;

	(void)state;
	lf_inflate_start(&decoder, 0);
	assert_int_equal(lf_inflate_bytes(&decoder, &all, &out), LF_INFLATE_OUTPUT);
	assert_int_equal(decoder.place, LF_INFLATE_IN_CODES);
	assert_true(decoder.final);
	for (bit = decoder.bit;; bit = next, items++) {
		enum lf_inflate_item item = lf_inflate_look(&decoder, &all, bit, &next);

		if (item == LF_INFLATE_IS_END)
			break;
		assert_true(item == LF_INFLATE_IS_LITERAL || item == LF_INFLATE_IS_MATCH);
		assert_true(next > bit && next - bit <= LF_INFLATE_ITEM_MAX);
		/* Cut inside the item, it is not begun; cut behind it, nothing beyond is needed. */
		cut.len = (size_t)((next - 1) / 8);
		if (bit / 8 <= cut.len)
			assert_int_equal(lf_inflate_look(&decoder, &cut, bit, &next), LF_INFLATE_IS_CUT);
		cut.len = (size_t)((next + 7) / 8);
		assert_int_equal(lf_inflate_look(&decoder, &cut, bit, &next), item);
		matches += item == LF_INFLATE_IS_MATCH;
		/* Decoding from here gives what is to come. */
		cut.len = (size_t)((bit + 7) / 8);
		saved = decoder;
		out.len = 0;
		out.cap = LEN;
		assert_int_equal(lf_inflate_bytes(&saved, &cut, &out), LF_INFLATE_INPUT);
		if (saved.bit == bit) {
			assert_memory_equal(mine, content, out.len);
			lf_inflate_enter(&saved, bit);
			holds(&saved, &z, content, LEN, out.len);
		}
	}
	assert_int_equal((next + 7) / 8, z.len);
	assert_true(items > 500 && matches > 100);
	free(z.bytes);
	free(mine);
	free(content);
}

/* One thread's state stays small. */
static void
test_size(void **state)
{
	(void)state;
	assert_true(sizeof(struct lf_inflate) < 12000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_levels_and_strategies),
		cmocka_unit_test(test_flushes_and_what_follows),
		cmocka_unit_test(test_caps),
		cmocka_unit_test(test_cut_everywhere),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_codes_at_the_edge),
		cmocka_unit_test(test_from_every_block),
		cmocka_unit_test(test_from_every_item),
		cmocka_unit_test(test_size),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("inflate", tests, NULL, NULL);
}
