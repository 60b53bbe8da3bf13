#include "carve/member.h"

#include <stdlib.h>
#include <string.h>

#include "evidence/gzip.h"
#include "forensic.h"

#define IN_SIZE    LF_MEMBER_HEADER_MAX
#define IN_FIRST   ((size_t)4 << 10) /* most logs fit in it */
#define OUT_SIZE   ((size_t)LF_INFLATE_WINDOW + ((size_t)128 << 10))

struct lf_member_reader {
	struct lf_inflate inflate;
	const struct lf_member_io *io;
	uint64_t offset;  /* of the member */
	uint64_t in_base; /* of in[0], in the member */
	size_t in_len;
	bool in_ends;     /* behind in_len there is nothing */
	unsigned char in[IN_SIZE], out[OUT_SIZE];
};

struct lf_member_reader *
lf_member_reader_new(struct lf_err *err)
{
	struct lf_member_reader *r = malloc(sizeof(*r));

	if (r == NULL)
		lf_err_nomem(err);
	return r;
}

void
lf_member_reader_free(struct lf_member_reader *r)
{
	free(r);
}

static uint32_t
le32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Forgets the bytes before at, which is in the buffer or right behind it, and reads once more behind the rest. */
static int
read_on(struct lf_member_reader *r, uint64_t at, struct lf_err *err)
{
	size_t gone = (size_t)(at - r->in_base), room;
	ssize_t n;

	r->in_len -= gone;
	memmove(r->in, r->in + gone, r->in_len);
	r->in_base = at;
	room = IN_SIZE - r->in_len;
	if (at == 0 && r->in_len == 0)
		room = IN_FIRST;
	if (r->in_ends || room == 0)
		return 0;
	n = r->io->read(r->io->arg, r->offset + r->in_base + r->in_len, r->in + r->in_len, room, err);
	if (n < 0)
		return -1;
	r->in_ends = n == 0;
	r->in_len += (size_t)n;
	return 0;
}

/* Reads the header; what it is not, out says. */
static int
read_header(struct lf_member_reader *r, struct lf_member *out, struct lf_err *err)
{
	struct lf_gzip g;
	size_t had;

	do {
		had = r->in_len;
		if (read_on(r, 0, err) != 0)
			return -1;
		out->header = lf_gzip_header(r->in, r->in_len, &g);
	} while (out->header == 0 && g.offset == r->in_len && r->in_len > had);
	if (out->header > 0)
		return 0;
	out->trouble = g.offset == r->in_len ? LF_MEMBER_HEADER_CUT : LF_MEMBER_HEADER;
	out->stored = g.offset;
	return 0;
}

/* Counts and gives what was made since out->content. */
static int
give(const struct lf_member_reader *r, const unsigned char *bytes, size_t len, struct lf_member *out,
    struct lf_err *err)
{
	out->crc = lf_gzip_crc(out->crc, bytes, len);
	out->content += len;
	return r->io->give == NULL || len == 0 ? 0 : r->io->give(r->io->arg, bytes, len, err);
}

/* Whether there may not be more content; says so. */
static bool
over(const struct lf_member_reader *r, uint64_t max, struct lf_member *out)
{
	if (out->content >= max)
		out->trouble = LF_MEMBER_TOO_LARGE;
	else if (out->content > LF_RATIO_FREE && out->content / LF_RATIO_MAX > r->inflate.bit / 8)
		out->trouble = LF_MEMBER_RATIO;
	return out->trouble != LF_MEMBER_FINE;
}

/* One run of the decoder, after which it has stopped for good, or there is more input or more room. */
static int
step(struct lf_member_reader *r, struct lf_inflate_out *o, uint64_t max, struct lf_member *out, struct lf_err *err)
{
	struct lf_inflate_in in = {.bytes = r->in, .len = r->in_len, .base = r->in_base};
	size_t had;

	if (o->len > LF_INFLATE_WINDOW) {
		memmove(r->out, r->out + (o->len - LF_INFLATE_WINDOW), LF_INFLATE_WINDOW);
		o->len = LF_INFLATE_WINDOW;
	}
	had = o->len;
	o->cap = max - out->content < OUT_SIZE - had ? had + (size_t)(max - out->content) : OUT_SIZE;
	out->stop = lf_inflate_bytes(&r->inflate, &in, o);
	if (give(r, r->out + had, o->len - had, out, err) != 0)
		return -1;
	return out->stop == LF_INFLATE_INPUT && !r->in_ends ? read_on(r, r->inflate.bit / 8, err) : 0;
}

/* Reads the DEFLATE data to their end or to the trouble. */
static int
read_data(struct lf_member_reader *r, uint64_t max, struct lf_member *out, struct lf_err *err)
{
	struct lf_inflate_out o = {.bytes = r->out};
	bool ended;

	lf_inflate_start(&r->inflate, out->header * 8);
	do {
		ended = r->in_ends;
		if (step(r, &o, max, out, err) != 0)
			return -1;
		if (out->stop == LF_INFLATE_OUTPUT && over(r, max, out))
			break;
	} while (out->stop == LF_INFLATE_OUTPUT || (out->stop == LF_INFLATE_INPUT && !ended));
	out->stored = (r->inflate.bit + 7) / 8;
	if (out->stop == LF_INFLATE_INPUT)
		out->trouble = LF_MEMBER_CUT;
	else if (out->stop >= LF_INFLATE_BAD_BLOCK)
		out->trouble = LF_MEMBER_DAMAGED;
	if (out->trouble == LF_MEMBER_DAMAGED && out->content == 0)
		out->state = LF_MEMBER_NONE;
	return 0;
}

/* Reads the trailer, and judges. */
static int
read_trailer(struct lf_member_reader *r, struct lf_member *out, struct lf_err *err)
{
	while (r->in_base + r->in_len < out->stored + LF_MEMBER_TRAILER && !r->in_ends)
		if (read_on(r, out->stored, err) != 0)
			return -1;
	if (r->in_base + r->in_len < out->stored + LF_MEMBER_TRAILER) {
		out->trouble = LF_MEMBER_TRAILER_CUT;
		return 0;
	}
	out->said_crc = le32(r->in + (out->stored - r->in_base));
	out->said_len = le32(r->in + (out->stored - r->in_base) + 4);
	if (out->said_crc != out->crc || out->said_len != (uint32_t)out->content) {
		out->trouble = LF_MEMBER_TRAILER_WRONG;
		return 0;
	}
	out->state = LF_MEMBER_WHOLE;
	out->stored += LF_MEMBER_TRAILER;
	return 0;
}

int
lf_member_read(struct lf_member_reader *r, const struct lf_member_io *io, uint64_t offset, uint64_t max,
    struct lf_member *out, struct lf_err *err)
{
	int rc;

	r->io = io;
	r->offset = offset;
	r->in_base = 0;
	r->in_len = 0;
	r->in_ends = false;
	memset(out, 0, sizeof(*out));
	out->stop = LF_INFLATE_INPUT;
	if (read_header(r, out, err) != 0)
		return -1;
	if (out->header == 0)
		return 0;
	out->state = LF_MEMBER_PREFIX;
	rc = read_data(r, max, out, err);
	if (rc == 0 && out->stop == LF_INFLATE_END)
		rc = read_trailer(r, out, err);
	return rc;
}

bool
lf_member_probe(struct lf_member_reader *r, const unsigned char *stored, size_t len, unsigned char *content,
    size_t room, size_t *made)
{
	struct lf_inflate_in in = {.bytes = stored, .len = len};
	struct lf_inflate_out out = {.bytes = content, .cap = room};
	struct lf_gzip g;
	size_t header = lf_gzip_header(stored, len, &g);

	*made = 0;
	if (header == 0)
		return false;
	lf_inflate_start(&r->inflate, header * 8);
	if (lf_inflate_bytes(&r->inflate, &in, &out) >= LF_INFLATE_BAD_BLOCK)
		return false;
	*made = out.len;
	return true;
}

const char *
lf_member_trouble_text(enum lf_member_trouble t)
{
	static const char *const texts[] = {
	    [LF_MEMBER_FINE] = "none",
	    [LF_MEMBER_HEADER] = "no gzip header",
	    [LF_MEMBER_HEADER_CUT] = "the bytes end inside the gzip header",
	    [LF_MEMBER_CUT] = "the bytes end inside the gzip data",
	    [LF_MEMBER_DAMAGED] = "the gzip data are damaged",
	    [LF_MEMBER_TRAILER_CUT] = "the bytes end inside the gzip trailer",
	    [LF_MEMBER_TRAILER_WRONG] = "the gzip trailer does not agree with the content",
	    [LF_MEMBER_TOO_LARGE] = "more content than the cap",
	    [LF_MEMBER_RATIO] = "inflates to more than 200 times its stored size",
	};

	return texts[t];
}
