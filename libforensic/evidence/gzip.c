#include "evidence/gzip.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "forensic.h"

#define MAGIC_LEN    2
#define FIXED_LEN    10 /* magic, CM, FLG, MTIME, XFL, OS */
#define TRAILER_LEN  8
#define FLG_HCRC     0x02
#define FLG_EXTRA    0x04
#define FLG_NAME     0x08
#define FLG_COMMENT  0x10
#define FLG_RESERVED 0xe0

#define EXPAND_MAX   1032 /* DEFLATE: 258 bytes from two bits at best (RFC 1951 section 3.2.5) */
#define EXPAND_SLACK ((uint64_t)16 << 10)
#define FIRST_SIZE   ((size_t)256 << 10)
#define KEEP_MAX     ((size_t)8 << 20) /* a larger buffer is given back ... */
#define KEEP_CALLS   16                /* ... after so many calls that did not need it */
#define ZLIB_STEP    ((size_t)1 << 30) /* zlib counts in an unsigned int */

struct lf_inflater {
	struct libdeflate_decompressor *fast;
	z_stream slow; /* raw inflate, set up when first needed */
	bool slow_ready;
	unsigned char *out; /* not cleared */
	size_t cap;
	unsigned idle; /* calls in a row for which KEEP_MAX would have done */
};

/* A call of lf_gunzip(): the member's DEFLATE data, and how much may come out of them. */
struct job {
	const unsigned char *in; /* up to the end of what is stored */
	size_t in_len;
	uint64_t limit;
	size_t used, made; /* of in; in the output buffer */
	bool right;        /* a whole trailer follows, and it agrees */
};

enum step { STEP_DONE, STEP_CUT, STEP_DAMAGED, STEP_OVER, STEP_NOMEM };

struct lf_inflater *
lf_inflater_new(struct lf_err *err)
{
	struct lf_inflater *inf = calloc(1, sizeof(*inf));

	if (inf == NULL || (inf->fast = libdeflate_alloc_decompressor()) == NULL) {
		free(inf);
		lf_err_nomem(err);
		return NULL;
	}
	return inf;
}

void
lf_inflater_free(struct lf_inflater *inf)
{
	if (inf == NULL)
		return;
	libdeflate_free_decompressor(inf->fast);
	if (inf->slow_ready)
		inflateEnd(&inf->slow);
	free(inf->out);
	free(inf);
}

static uint16_t
le16(const unsigned char *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static uint32_t
le32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The place behind the NUL that ends the text at at, or 0 when there is none. */
static size_t
behind_text(const unsigned char *s, size_t len, size_t at)
{
	const unsigned char *nul = at < len ? memchr(s + at, 0, len - at) : NULL;

	return nul == NULL ? 0 : (size_t)(nul - s) + 1;
}

size_t
lf_gzip_header(const unsigned char *s, size_t len, struct lf_gzip *out)
{
	unsigned char flags;
	size_t at = FIXED_LEN;

	out->header = 0;
	out->offset = len;
	if ((len > 0 && s[0] != 0x1f) || (len > 1 && s[1] != 0x8b)) {
		out->offset = s[0] != 0x1f ? 0 : 1;
		return 0;
	}
	if (len > 2 && s[2] != Z_DEFLATED) {
		out->offset = 2;
		return 0;
	}
	if (len > 3 && (s[3] & FLG_RESERVED) != 0) {
		out->offset = 3;
		return 0;
	}
	if (len < FIXED_LEN)
		return 0;
	flags = s[3];
	if (flags & FLG_EXTRA) {
		out->header |= LF_GZIP_EXTRA;
		if (len - at < 2 || len - at - 2 < le16(s + at))
			return 0;
		at += 2 + (size_t)le16(s + at);
	}
	if (flags & FLG_NAME) {
		out->header |= LF_GZIP_NAME;
		if ((at = behind_text(s, len, at)) == 0)
			return 0;
	}
	if (flags & FLG_COMMENT) {
		out->header |= LF_GZIP_COMMENT;
		if ((at = behind_text(s, len, at)) == 0)
			return 0;
	}
	if (flags & FLG_HCRC) {
		out->header |= LF_GZIP_HCRC;
		if (len - at < 2)
			return 0;
		out->offset = at;
		if ((libdeflate_crc32(0, s, at) & 0xffff) != le16(s + at))
			return 0;
		at += 2;
	}
	return at;
}

/* Gives a buffer back that grew for one large object and that those after it do not need. */
static void
shrink(struct lf_inflater *inf, uint64_t want)
{
	if (inf->cap <= KEEP_MAX || want > KEEP_MAX) {
		inf->idle = 0;
		return;
	}
	if (++inf->idle < KEEP_CALLS)
		return;
	free(inf->out);
	inf->out = NULL;
	inf->cap = 0;
	inf->idle = 0;
}

/* Makes the buffer larger, to want or twice what it is, but not beyond limit; the first keep bytes stay. */
static bool
grow(struct lf_inflater *inf, uint64_t want, uint64_t limit, size_t keep)
{
	uint64_t cap = inf->cap < FIRST_SIZE / 2 ? FIRST_SIZE : (uint64_t)inf->cap * 2;
	unsigned char *out;

	if (cap < want)
		cap = want;
	if (cap > limit && limit > inf->cap)
		cap = limit;
	if (cap > SIZE_MAX)
		return false;
	if (keep > 0) {
		out = realloc(inf->out, (size_t)cap);
	} else {
		free(inf->out);
		inf->out = NULL;
		inf->cap = 0;
		out = malloc((size_t)cap);
	}
	if (out == NULL)
		return false;
	inf->out = out;
	inf->cap = (size_t)cap;
	return true;
}

/* Inflates at full speed.  STEP_DAMAGED says only that libdeflate did not get through. */
static enum step
inflate_fast(struct lf_inflater *inf, struct job *j, uint64_t hint)
{
	uint64_t reach = EXPAND_MAX * (uint64_t)j->in_len + EXPAND_SLACK;
	uint64_t limit = j->limit < reach ? j->limit : reach;
	size_t room;

	if (hint > limit)
		hint = limit;
	if (hint > inf->cap && !grow(inf, hint, limit, 0))
		return STEP_NOMEM;
	if (inf->cap == 0 && !grow(inf, 0, UINT64_MAX, 0))
		return STEP_NOMEM;
	for (;;) {
		room = inf->cap > limit ? (size_t)limit : inf->cap;
		switch (libdeflate_deflate_decompress_ex(inf->fast, j->in, j->in_len, inf->out, room,
		    &j->used, &j->made)) {
		case LIBDEFLATE_SUCCESS:
			return STEP_DONE;
		case LIBDEFLATE_INSUFFICIENT_SPACE:
			break;
		default:
			return STEP_DAMAGED;
		}
		if (room == limit)
			return limit == j->limit ? STEP_OVER : STEP_DAMAGED;
		if (!grow(inf, 0, limit, 0))
			return STEP_NOMEM;
	}
}

/* Makes zlib ready for new raw DEFLATE data. */
static bool
slow_start(struct lf_inflater *inf)
{
	if (inf->slow_ready)
		return inflateReset(&inf->slow) == Z_OK;
	memset(&inf->slow, 0, sizeof(inf->slow));
	inf->slow_ready = inflateInit2(&inf->slow, -MAX_WBITS) == Z_OK;
	return inf->slow_ready;
}

/* One call of zlib's inflate() on what is left of the input and of the buffer. */
static int
slow_step(struct lf_inflater *inf, struct job *j)
{
	z_stream *z = &inf->slow;
	size_t in = j->in_len - j->used, room = inf->cap - j->made;
	int rc;

	z->next_in = (z_const Bytef *)(uintptr_t)(j->in + j->used);
	z->avail_in = (uInt)(in > ZLIB_STEP ? ZLIB_STEP : in);
	z->next_out = inf->out + j->made;
	z->avail_out = (uInt)(room > ZLIB_STEP ? ZLIB_STEP : room);
	rc = inflate(z, Z_NO_FLUSH);
	j->used = (size_t)(z->next_in - j->in);
	j->made = (size_t)(z->next_out - inf->out);
	return rc;
}

/*
 * Inflates with zlib, which gives what comes before the trouble and decides what trouble it is: gzip(1)
 * and most readers stop at the same place.
 */
static enum step
inflate_slowly(struct lf_inflater *inf, struct job *j)
{
	int rc;

	j->used = j->made = 0;
	if (!slow_start(inf))
		return STEP_NOMEM;
	for (;;) {
		if (j->made == inf->cap && !grow(inf, 0, UINT64_MAX, j->made))
			return STEP_NOMEM;
		rc = slow_step(inf, j);
		if (rc == Z_MEM_ERROR)
			return STEP_NOMEM;
		if (j->made > j->limit)
			return STEP_OVER;
		if (rc == Z_STREAM_END)
			return STEP_DONE;
		if (rc != Z_OK && rc != Z_BUF_ERROR)
			return STEP_DAMAGED;
		if (inf->slow.avail_out > 0 && j->used == j->in_len)
			return STEP_CUT;
	}
}

/* Looks at the eight bytes behind the DEFLATE data (RFC 1952 section 2.3.1): CRC-32 and length modulo 2^32. */
static bool
trailer_right(const struct lf_inflater *inf, const struct job *j)
{
	const unsigned char *trailer = j->in + j->used;

	return j->in_len - j->used >= TRAILER_LEN && le32(trailer + 4) == (uint32_t)j->made &&
	    le32(trailer) == libdeflate_crc32(0, inf->out, j->made);
}

/* Inflates.  What is not in order at full speed is judged anew by zlib. */
static enum step
inflate_member(struct lf_inflater *inf, struct job *j, uint64_t hint)
{
	enum step step = inflate_fast(inf, j, hint);

	j->right = step == STEP_DONE && trailer_right(inf, j);
	if (j->right || (step != STEP_DONE && step != STEP_DAMAGED))
		return step;
	step = inflate_slowly(inf, j);
	j->right = step == STEP_DONE && trailer_right(inf, j);
	return step;
}

/* Fills out for DEFLATE data that end as they should, behind start bytes of header. */
static void
judge_trailer(const struct job *j, size_t start, struct lf_gzip *out)
{
	const unsigned char *trailer = j->in + j->used;
	size_t left = j->in_len - j->used;

	out->offset = start + j->used;
	if (left < TRAILER_LEN) {
		out->state = LF_GZIP_TRAILER_CUT;
		return;
	}
	out->state = LF_GZIP_TRAILER_WRONG;
	if (j->right) {
		out->state = LF_GZIP_WHOLE;
		out->offset += TRAILER_LEN;
	}
	out->trailing = left - TRAILER_LEN;
	out->member_follows = out->trailing >= 3 && memcmp(trailer + TRAILER_LEN, "\x1f\x8b\x08", 3) == 0;
}

/* Inflates a member whose header, of start bytes, is in order. */
static int
read_member(struct lf_inflater *inf, struct job *j, size_t start, uint64_t hint, struct lf_gzip *out,
    struct lf_err *err)
{
	enum step step = inflate_member(inf, j, hint);

	out->offset = start;
	if (step == STEP_NOMEM)
		return lf_err_nomem(err);
	if (step == STEP_OVER)
		return 0;
	out->data = inf->out;
	out->len = j->made;
	if (step == STEP_DONE) {
		judge_trailer(j, start, out);
		return 0;
	}
	out->state = step == STEP_CUT ? LF_GZIP_CUT : LF_GZIP_DAMAGED;
	out->offset = start + j->used;
	return 0;
}

/* The length that the last four bytes state: right for one whole member with nothing behind it. */
static uint64_t
stated_length(const unsigned char *stored, size_t len)
{
	return len >= FIXED_LEN + TRAILER_LEN ? le32(stored + len - 4) : 0;
}

int
lf_gunzip(struct lf_inflater *inf, const unsigned char *stored, size_t len, uint64_t max_object,
    struct lf_gzip *out, struct lf_err *err)
{
	static const unsigned char nothing[1];
	uint64_t ratio = (uint64_t)len > UINT64_MAX / LF_RATIO_MAX ? UINT64_MAX : (uint64_t)len * LF_RATIO_MAX;
	struct job j;
	uint64_t hint;
	size_t start;

	memset(out, 0, sizeof(*out));
	out->data = nothing;
	if (len < MAGIC_LEN || stored[0] != 0x1f || stored[1] != 0x8b) {
		out->state = len > max_object ? LF_GZIP_TOO_LARGE : LF_GZIP_PLAIN;
		if (out->state == LF_GZIP_PLAIN && len > 0) {
			out->data = stored;
			out->len = len;
		}
		return 0;
	}
	hint = stated_length(stored, len);
	shrink(inf, hint);
	if ((start = lf_gzip_header(stored, len, out)) == 0) {
		out->state = LF_GZIP_HEADER_BAD;
		return 0;
	}
	if (ratio < LF_RATIO_FREE)
		ratio = LF_RATIO_FREE;
	out->state = max_object <= ratio ? LF_GZIP_TOO_LARGE : LF_GZIP_RATIO; /* if it comes to that */
	j = (struct job){.in = stored + start, .in_len = len - start,
	    .limit = max_object < ratio ? max_object : ratio};
	return read_member(inf, &j, start, hint, out, err);
}

uint32_t
lf_gzip_crc(uint32_t crc, const void *bytes, size_t len)
{
	return libdeflate_crc32(crc, bytes, len);
}

const char *
lf_gzip_state_text(enum lf_gzip_state s)
{
	static const char *const texts[] = {
	    [LF_GZIP_PLAIN] = "stored without compression",
	    [LF_GZIP_WHOLE] = "gzip data are whole",
	    [LF_GZIP_TRAILER_CUT] = "gzip trailer is cut",
	    [LF_GZIP_TRAILER_WRONG] = "gzip trailer does not agree with the content",
	    [LF_GZIP_CUT] = "gzip data end early",
	    [LF_GZIP_DAMAGED] = "gzip data are damaged",
	    [LF_GZIP_HEADER_BAD] = "gzip header is cut or wrong",
	    [LF_GZIP_TOO_LARGE] = "larger than the cap on one object",
	    [LF_GZIP_RATIO] = "inflates to more than 200 times its stored size",
	};

	return texts[s];
}

void
lf_gzip_library(struct lf_buf *out)
{
	lf_buf_printf(out, "libdeflate %s, zlib %s", LIBDEFLATE_VERSION_STRING, zlibVersion());
}
