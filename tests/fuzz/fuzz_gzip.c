/* A stored object of any bytes; zlib as the other opinion. */
#include <zlib.h>

#include "evidence/gzip.h"
#include "fuzz.h"

#define MAX ((size_t)1 << 20)

struct opinion {
	int rc;
	size_t len, used;
};

static unsigned char theirs[MAX + 1];

/* The first member, and no more than MAX bytes and one of it. */
static struct opinion
by_zlib(const uint8_t *data, size_t size)
{
	struct opinion o;
	z_stream z = {0};

	HOLDS(inflateInit2(&z, 15 + 16) == Z_OK);
	z.next_in = (Bytef *)(uintptr_t)data;
	z.avail_in = (uInt)size;
	z.next_out = theirs;
	z.avail_out = sizeof(theirs);
	o.rc = inflate(&z, Z_SYNC_FLUSH);
	o.len = z.total_out;
	o.used = z.total_in;
	inflateEnd(&z);
	return o;
}

/*
 * What zlib finds to be whole is whole, and the other way around but for a wrong header checksum, which zlib looks at, and code
 * lengths that go on behind the last symbol, which libdeflate before 1.15 lets pass; a wrong byte the checksum would tell.
 */
static void
compare(const struct lf_gzip *g, const struct opinion *o, const uint8_t *data, size_t size)
{
	size_t end = size - g->trailing;
	uint32_t stated = end < 8 ? 0 : (uint32_t)data[end - 8] | (uint32_t)data[end - 7] << 8 | (uint32_t)data[end - 6] << 16 |
	    (uint32_t)data[end - 5] << 24;
	bool whole = o->rc == Z_STREAM_END && o->len <= MAX;

	HOLDS(!whole || g->state == LF_GZIP_WHOLE);
	HOLDS(g->state != LF_GZIP_WHOLE || whole || (g->header & LF_GZIP_HCRC) != 0 || o->rc == Z_DATA_ERROR);
	HOLDS(g->state != LF_GZIP_WHOLE || lf_gzip_crc(0, g->data, g->len) == stated);
	if (whole) {
		HOLDS(g->len == o->len && memcmp(g->data, theirs, o->len) == 0);
		HOLDS(g->trailing == size - o->used && g->offset == o->used);
	} else if (g->state == LF_GZIP_CUT || g->state == LF_GZIP_DAMAGED) {
		HOLDS(g->len <= o->len || (g->header & LF_GZIP_HCRC) != 0);
		HOLDS(memcmp(g->data, theirs, g->len < o->len ? g->len : o->len) == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct lf_inflater *inflater;
	struct opinion o = by_zlib(data, size);
	struct lf_gzip g, header;
	struct lf_err err;
	size_t len;

	if (inflater == NULL)
		inflater = lf_inflater_new(&err);
	HOLDS(inflater != NULL);
	HOLDS(lf_gunzip(inflater, data, size, MAX, &g, &err) == 0);
	HOLDS(g.len <= MAX && g.offset <= size && g.trailing <= size);
	fuzz_touch(g.data, g.len);
	if (g.state == LF_GZIP_PLAIN)
		HOLDS(g.len == size);
	else
		compare(&g, &o, data, size);
	len = lf_gzip_header(data, size, &header);
	HOLDS(len <= size && (len > 0 || header.offset <= size));
	HOLDS(lf_gzip_state_text(g.state) != NULL);
	return 0;
}
