/* gzip members with a fixed header: no name, no time. */
#include <err.h>
#include <libdeflate.h>
#include <string.h>
#include <zlib.h>

#include "gen.h"

/* What each thread keeps between members. */
static _Thread_local z_stream deflater;
static _Thread_local int deflater_level; /* plus one; 0: none yet */
static _Thread_local struct libdeflate_compressor *packer;

/* Free what the calling thread keeps. */
void
gz_done(void)
{
	if (deflater_level != 0)
		deflateEnd(&deflater);
	deflater_level = 0;
	libdeflate_free_compressor(packer);
	packer = NULL;
}

/* Append four bytes, least significant first. */
static void
put32(struct buf *b, uint32_t v)
{
	unsigned char p[4] = {(unsigned char)v, (unsigned char)(v >> 8), (unsigned char)(v >> 16),
	    (unsigned char)(v >> 24)};

	buf_add(b, p, 4);
}

/* Append CRC and length, which end a member. */
static void
put_trailer(struct buf *out, const void *p, size_t n)
{
	put32(out, (uint32_t)crc32_z(0, p, n));
	put32(out, (uint32_t)n);
}

/* Append one member made by zlib. */
void
gz_pack_zlib(struct buf *out, const void *p, size_t n, int level)
{
	z_stream *z = &deflater;
	size_t bound;

	if (deflater_level != level + 1) {
		gz_done();
		memset(z, 0, sizeof(*z));
		if (deflateInit2(z, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
			errx(2, "deflateInit2");
		deflater_level = level + 1;
	}
	deflateReset(z);
	bound = deflateBound(z, n);
	buf_add(out, "\x1f\x8b\x08\0\0\0\0\0\0\0", 10);
	buf_room(out, bound + 8);
	z->next_in = (Bytef *)(uintptr_t)p;
	z->avail_in = (uInt)n;
	z->next_out = (Bytef *)out->p + out->len;
	z->avail_out = (uInt)bound;
	if (deflate(z, Z_FINISH) != Z_STREAM_END)
		errx(2, "deflate");
	out->len += bound - z->avail_out;
	put_trailer(out, p, n);
}

/* Append one member made by libdeflate. */
static void
pack_libdeflate(struct buf *out, const void *p, size_t n, int level)
{
	size_t bound;

	if (packer == NULL && (packer = libdeflate_alloc_compressor(level)) == NULL)
		errx(2, "libdeflate_alloc_compressor");
	bound = libdeflate_deflate_compress_bound(packer, n);
	buf_add(out, "\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
	buf_room(out, bound + 8);
	bound = libdeflate_deflate_compress(packer, p, n, out->p + out->len, bound);
	if (bound == 0)
		errx(2, "libdeflate_deflate_compress");
	out->len += bound;
	put_trailer(out, p, n);
}

/* Append one member, compressed as the options say. */
void
gz_pack(const struct gen *g, struct buf *out, const void *p, size_t n)
{
	if (g->o.libdeflate)
		pack_libdeflate(out, p, n, g->o.level);
	else
		gz_pack_zlib(out, p, n, g->o.level);
}

/* Append the text of the first member, or the bytes themselves when they are no gzip; false when
 * damaged. */
bool
gz_unpack(struct buf *out, const void *p, size_t n)
{
	z_stream z = {0};
	int rc = Z_OK;

	if (n < 2 || memcmp(p, "\x1f\x8b", 2) != 0) {
		buf_add(out, p, n);
		return true;
	}
	if (inflateInit2(&z, 15 + 16) != Z_OK)
		errx(2, "inflateInit2");
	z.next_in = (Bytef *)(uintptr_t)p;
	z.avail_in = (uInt)n;
	while (rc == Z_OK) {
		buf_room(out, 65536);
		z.next_out = (Bytef *)out->p + out->len;
		z.avail_out = 65536;
		rc = inflate(&z, Z_NO_FLUSH);
		out->len += 65536 - z.avail_out;
	}
	buf_room(out, 0);
	out->p[out->len] = '\0';
	inflateEnd(&z);
	return rc == Z_STREAM_END;
}
