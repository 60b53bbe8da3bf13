/* DEFLATE data of any bytes, whole and in pieces; zlib as the other opinion. */
#include <zlib.h>

#include "carve/inflate.h"
#include "fuzz.h"

#define CAP ((size_t)256 << 10)

static unsigned char theirs[CAP], whole[CAP], pieces[CAP];
static uint16_t symbols[CAP];
static struct lf_inflate decoder;

struct opinion {
	int rc;
	size_t len, used;
};

static struct opinion
by_zlib(const uint8_t *data, size_t size)
{
	struct opinion o;
	z_stream z = {0};

	HOLDS(inflateInit2(&z, -15) == Z_OK);
	z.next_in = (Bytef *)(uintptr_t)data;
	z.avail_in = (uInt)size;
	z.next_out = theirs;
	z.avail_out = CAP;
	o.rc = inflate(&z, Z_SYNC_FLUSH);
	o.len = z.total_out;
	o.used = z.total_in;
	inflateEnd(&z);
	return o;
}

/* Whether zlib refuses it as well when more bytes follow: it sees wrong codes only when it has read them all. */
static bool
refused_later(const uint8_t *data, size_t size)
{
	uint8_t *more = calloc(1, size + LF_INFLATE_KEEP);
	struct opinion o;

	HOLDS(more != NULL);
	if (size > 0)
		memcpy(more, data, size);
	o = by_zlib(more, size + LF_INFLATE_KEEP);
	free(more);
	return o.rc == Z_DATA_ERROR;
}

static enum lf_inflate_stop
decode_whole(const uint8_t *data, size_t size, size_t *len)
{
	struct lf_inflate_in in = {.bytes = data, .len = size};
	struct lf_inflate_out out = {.bytes = whole, .cap = CAP};
	enum lf_inflate_stop stop;

	lf_inflate_start(&decoder, 0);
	stop = lf_inflate_bytes(&decoder, &in, &out);
	HOLDS(out.len <= CAP && decoder.bit <= (uint64_t)size * 8);
	*len = out.len;
	return stop;
}

static void
compare(const struct opinion *o, enum lf_inflate_stop stop, const uint8_t *data, size_t size, size_t len)
{
	HOLDS(len == o->len && memcmp(whole, theirs, len) == 0);
	if (o->rc == Z_STREAM_END)
		HOLDS(stop == LF_INFLATE_END && (decoder.bit + 7) / 8 == o->used);
	else if (o->rc == Z_DATA_ERROR)
		HOLDS(stop >= LF_INFLATE_BAD_BLOCK || stop == LF_INFLATE_OUTPUT);
	else if (stop == LF_INFLATE_BAD_CODES)
		HOLDS(refused_later(data, size));
	else
		HOLDS(stop == LF_INFLATE_INPUT || stop == LF_INFLATE_OUTPUT);
}

/* The same with little input and little room at a time. */
static void
decode_pieces(const uint8_t *data, size_t size, size_t step, size_t room, enum lf_inflate_stop want, size_t len)
{
	struct lf_inflate_out out = {.bytes = pieces};
	size_t end = 0;
	enum lf_inflate_stop stop;

	lf_inflate_start(&decoder, 0);
	for (;;) {
		size_t from = (size_t)(decoder.bit / 8);
		uint8_t *copy = fuzz_copy(data + from, end - from);
		struct lf_inflate_in in = {.bytes = copy, .len = end - from, .base = from};

		stop = lf_inflate_bytes(&decoder, &in, &out);
		free(copy);
		if (stop == LF_INFLATE_INPUT && end < size)
			end += step < size - end ? step : size - end;
		else if (stop == LF_INFLATE_OUTPUT && out.cap < CAP)
			out.cap += room < CAP - out.cap ? room : CAP - out.cap;
		else
			break;
	}
	HOLDS(stop == want && out.len == len && memcmp(pieces, whole, len) == 0);
}

/* Without the history: what is known is what it is with it. */
static void
decode_symbols(const uint8_t *data, size_t size, size_t len)
{
	struct lf_inflate_in in = {.bytes = data, .len = size};
	struct lf_inflate_symbols out = {.symbols = symbols, .cap = CAP};
	uint64_t next;

	lf_inflate_start(&decoder, 0);
	(void)lf_inflate_symbols(&decoder, &in, &out);
	HOLDS(out.len >= len && out.len <= CAP);
	for (size_t i = 0; i < len; i++)
		HOLDS(symbols[i] == whole[i]);
	if (decoder.place != LF_INFLATE_IN_CODES)
		return;
	for (uint64_t bit = 0; bit < (uint64_t)size * 8; bit += 1 + bit / 64) {
		enum lf_inflate_item item = lf_inflate_look(&decoder, &in, bit, &next);

		HOLDS(item == LF_INFLATE_IS_CUT || item == LF_INFLATE_IS_BAD ||
		    (next > bit && next <= (uint64_t)size * 8 && next - bit <= LF_INFLATE_ITEM_MAX));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = {data, size};
	size_t step = 1 + fuzz_byte(&in), room = 1 + fuzz_short(&in), len;
	struct opinion o = by_zlib(in.p, in.left);
	enum lf_inflate_stop stop = decode_whole(in.p, in.left, &len);

	compare(&o, stop, in.p, in.left, len);
	decode_pieces(in.p, in.left, step, room, stop, len);
	decode_symbols(in.p, in.left, len);
	return 0;
}
