#include "carve/join.h"

#include <stdlib.h>
#include <string.h>

#include "carve/content.h"
#include "carve/grammar.h"
#include "carve/inflate.h"
#include "carve/member.h"
#include "carve/sift.h"
#include "evidence/gzip.h"
#include "record/scan.h"

#define EDGES  8                   /* before the trouble: how many are tried */
#define BEHIND ((size_t)256 << 10) /* stored bytes of the second fragment, at most */
#define FIRST  24u                 /* bytes that are tried at first: most go wrong within them */
#define LONG   ((size_t)16 << 10)  /* content of a trial that counts as another: few wrong ones come so far by chance */

/* Decoding up to an edge. */
struct split {
	uint64_t edge;   /* in the image */
	struct lf_inflate inflate;
	struct lf_grammar grammar;
	size_t len;      /* of the content so far */
};

struct lf_join {
	struct lf_join_opts o;
	struct lf_content *content;
	unsigned char *near;           /* the image around the member: [from, from + len) */
	uint64_t from;
	size_t len, room;
	unsigned char *stitched;       /* what an item that the edge cuts begins with, and a second fragment */
	struct lf_inflate_out out;
	struct split splits[EDGES];
	size_t n_splits;
	/* The member at work. */
	uint64_t start;
	unsigned trials;
	unsigned found;                /* 0, 1, 2: more, which differ */
	struct lf_buf best;
	struct lf_area runs[2];
};

struct lf_join *
lf_join_new(const struct lf_join_opts *o, struct lf_err *err)
{
	struct lf_join *j = calloc(1, sizeof(*j));

	if (j == NULL) {
		lf_err_nomem(err);
		return NULL;
	}
	j->o = *o;
	j->room = 2 * (size_t)o->blocks * LF_JOIN_BLOCK + LF_MEMBER_HEADER_MAX + 2 * BEHIND;
	j->near = malloc(j->room);
	j->stitched = malloc(LF_INFLATE_KEEP + BEHIND);
	j->content = j->near == NULL || j->stitched == NULL ? NULL : lf_content_new(err);
	if (j->content != NULL)
		return j;
	lf_err_nomem(err);
	lf_join_free(j);
	return NULL;
}

void
lf_join_free(struct lf_join *j)
{
	if (j == NULL)
		return;
	lf_content_free(j->content);
	lf_buf_free(&j->best);
	free(j->near);
	free(j->stitched);
	free(j->out.bytes);
	free(j);
}

/* No more than what a member's content may be. */
static int
more_room(struct lf_inflate_out *out, uint64_t max)
{
	size_t cap = out->cap == 0 ? (size_t)64 << 10 : out->cap * 2;
	unsigned char *bytes;

	if (cap > max)
		cap = (size_t)max;
	bytes = realloc(out->bytes, cap);
	if (bytes == NULL)
		return -1;
	out->bytes = bytes;
	out->cap = cap;
	return 0;
}

/* ---- The first fragment ---- */

/* Goes on up to what in holds.  -1 when memory is out, 0 when it stopped elsewhere, 1 at the end of in. */
static int
decode(struct lf_join *j, struct lf_inflate *d, const struct lf_inflate_in *in, enum lf_inflate_stop *stop)
{
	while ((*stop = lf_inflate_bytes(d, in, &j->out)) == LF_INFLATE_OUTPUT) {
		if (j->out.cap >= j->o.max)
			return 0;
		if (more_room(&j->out, j->o.max) < 0)
			return -1;
	}
	return *stop == LF_INFLATE_INPUT;
}

/* Decodes from edge to edge, and keeps how it stood at the last ones.  Returns -1 when memory is out. */
static int
split(struct lf_join *j, uint64_t trouble, size_t header)
{
	/* A file begins with a block, wherever its partition begins; what begins elsewhere is a part of a file. */
	uint64_t phase = j->start % LF_SECTOR == 0 ? j->start % LF_JOIN_BLOCK : 0;
	uint64_t edge = (j->start - phase) / LF_JOIN_BLOCK * LF_JOIN_BLOCK + LF_JOIN_BLOCK + phase;
	struct lf_grammar grammar = {0};
	struct lf_inflate d;
	enum lf_inflate_stop stop;
	size_t fed = 0;
	int r = 1;

	j->n_splits = 0;
	j->out.len = 0;
	lf_inflate_start(&d, header * 8);
	for (; edge <= trouble && edge - j->from <= j->len && r > 0; edge += LF_JOIN_BLOCK) {
		struct lf_inflate_in in = {j->near + (j->start - j->from), (size_t)(edge - j->start), 0};

		if (edge - j->start <= header)
			continue;
		r = decode(j, &d, &in, &stop);
		if (r <= 0 || !lf_grammar_feed(&grammar, j->out.bytes + fed, j->out.len - fed))
			break;
		fed = j->out.len;
		if (j->n_splits == EDGES)
			memmove(j->splits, j->splits + 1, --j->n_splits * sizeof(*j->splits));
		j->splits[j->n_splits++] = (struct split){edge, d, grammar, j->out.len};
	}
	return r < 0 ? -1 : 0;
}

/* ---- Second fragments ---- */

static bool
is_json(const unsigned char *p, size_t len)
{
	struct lf_scan s;

	lf_scan_init(&s, (const char *)p, len);
	return lf_scan_skip(&s, lf_scan_next(&s)) && lf_scan_next(&s) == LF_TOKEN_END && lf_scan_at_end(&s);
}

static uint32_t
le32(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Whether the content is right, of which the trailer stands at p. */
static bool
is_right(const struct lf_join *j, const unsigned char *p)
{
	return le32(p + 4) == (uint32_t)j->out.len && le32(p) == lf_gzip_crc(0, j->out.bytes, j->out.len) &&
	    is_json(j->out.bytes, j->out.len);
}

/* Another join that holds.  Keeps the first; the nearest is tried first. */
static int
accept(struct lf_join *j, const struct split *s, uint64_t at, uint64_t end)
{
	if (j->found == 0) {
		lf_buf_reset(&j->best);
		lf_buf_add(&j->best, j->out.bytes, j->out.len);
		j->runs[0] = (struct lf_area){j->start, s->edge};
		j->runs[1] = (struct lf_area){at, end};
		j->found = 1;
		return j->best.failed ? -1 : 0;
	}
	if (j->best.len != j->out.len || memcmp(j->best.data, j->out.bytes, j->out.len) != 0)
		j->found = 2;
	return 0;
}

/* Goes on at at from an edge.  Returns -1 when memory is out. */
static int
try(struct lf_join *j, const struct split *s, uint64_t at)
{
	struct lf_inflate d = s->inflate;
	uint64_t first = d.bit / 8;
	size_t cut = (size_t)(s->edge - j->start - first), room = j->len - (size_t)(at - j->from), n;
	struct lf_inflate_in in = {j->stitched, 0, first};
	enum lf_inflate_stop stop = LF_INFLATE_INPUT;
	struct lf_grammar grammar = s->grammar;
	size_t fed = s->len;
	int r = 1;

	if (cut > LF_INFLATE_KEEP)
		return 0;
	if (at < j->start && j->start - at < room)
		room = (size_t)(j->start - at);
	if (room > BEHIND)
		room = BEHIND;
	j->out.len = s->len;
	memcpy(j->stitched, j->near + (j->start - j->from) + first, cut);
	for (n = FIRST; r > 0; n *= 4) {
		if (n > room)
			n = room;
		memcpy(j->stitched + cut, j->near + (at - j->from), n);
		in.bytes = j->stitched + (size_t)(d.bit / 8 - first);
		in.base = d.bit / 8;
		in.len = cut + n - (size_t)(d.bit / 8 - first);
		r = decode(j, &d, &in, &stop);
		if (r < 0 || !lf_grammar_feed(&grammar, j->out.bytes + fed, j->out.len - fed) || (r > 0 && n == room))
			return r < 0 ? -1 : 0;
		fed = j->out.len;
	}
	n = (size_t)((d.bit + 7) / 8 - first) - cut;
	if (r < 0 || stop != LF_INFLATE_END || n + LF_MEMBER_TRAILER > room || !is_right(j, j->near + (at - j->from) + n))
		return r < 0 ? -1 : 0;
	return accept(j, s, at, at + n + LF_MEMBER_TRAILER);
}

/* A block of zeros is nobody's second fragment, and would be decoded to its end: many fill most disks. */
static bool
is_zero(const struct lf_join *j, uint64_t at)
{
	size_t room = j->len - (size_t)(at - j->from);

	return lf_sift_zero(j->near + (at - j->from), room < LF_JOIN_BLOCK ? room : LF_JOIN_BLOCK);
}

/* A trial that was just made, for as many as it was work. */
static void
count_trial(struct lf_join *j, const struct split *s, struct lf_tally *tally)
{
	size_t n = 1 + (j->out.len - s->len) / LONG;

	j->trials -= n < j->trials ? (unsigned)n : j->trials;
	tally->joins_tried += n;
}

/* All blocks around an edge, the nearest first.  Returns 1 when the trials are used up, -1 when memory is out. */
static int
try_edge(struct lf_join *j, const struct split *s, struct lf_tally *tally)
{
	for (uint64_t k = 1; k <= j->o.blocks && j->found < 2; k++) {
		for (unsigned back = 0; back < 2; back++) {
			uint64_t at = back != 0 ? s->edge - k * LF_JOIN_BLOCK : s->edge + k * LF_JOIN_BLOCK;

			if (back != 0 ? s->edge < k * LF_JOIN_BLOCK || at < j->from || at + LF_JOIN_BLOCK > j->start
			    : at >= j->from + j->len)
				continue;
			if (is_zero(j, at))
				continue;
			if (j->trials == 0) {
				tally->join_budgets++;
				return 1;
			}
			if (try(j, s, at) < 0)
				return -1;
			count_trial(j, s, tally);
		}
	}
	return 0;
}

/* ---- The find ---- */

/* The image from as far before the member as its rest may lie, to as far behind the last edge. */
static void
read_near(struct lf_join *j, struct lf_image *image, uint64_t trouble)
{
	uint64_t back = (uint64_t)j->o.blocks * LF_JOIN_BLOCK;
	uint64_t to = trouble + back + BEHIND;

	j->from = j->start < back ? 0 : (j->start - back) / LF_JOIN_BLOCK * LF_JOIN_BLOCK;
	j->len = to - j->from < j->room ? (size_t)(to - j->from) : j->room;
	j->len = lf_image_read(image, j->from, j->near, j->len, NULL);
}

/* Makes f what was joined. */
static int
replace(struct lf_join *j, struct lf_find *f, struct lf_err *err)
{
	struct lf_find joined = {.state = LF_CARVE_JOINED, .method = LF_CARVE_JOIN, .start = f->start, .n_runs = 2,
	    .complete = true, .trailer = true, .crc_right = true, .size_right = true};
	int r;

	memcpy(joined.runs, j->runs, sizeof(joined.runs));
	joined.stored = j->runs[0].to - j->runs[0].from + j->runs[1].to - j->runs[1].from;
	lf_buf_add(&joined.text, j->best.data, j->best.len);
	joined.content_len = j->best.len;
	r = joined.text.failed ? lf_err_nomem(err) : lf_content_read(j->content, &joined, NULL, joined.content_len, err);
	if (r > 0) {
		joined.path = joined.text.len;
		lf_buf_printf(&joined.text, "%llu-JOIN-0", (unsigned long long)f->start);
		joined.path_len = joined.text.len - joined.path;
		joined.file = joined.text.len;
		for (size_t i = 0; i < 2; i++)
			lf_buf_add(&joined.text, j->near + (j->runs[i].from - j->from), (size_t)(j->runs[i].to - j->runs[i].from));
		joined.file_len = joined.text.len - joined.file;
		r = joined.text.failed ? lf_err_nomem(err)
		    : lf_content_hash(j->content, joined.text.data + joined.file, joined.file_len, joined.stored_sha256, err);
		if (r == 0) {
			lf_find_free(f);
			*f = joined;
			return 0;
		}
	}
	lf_find_free(&joined);
	return r < 0 ? -1 : 0;
}

int
lf_join_find(struct lf_join *j, struct lf_image *image, struct lf_find *f, struct lf_tally *tally, struct lf_err *err)
{
	/* An item of which the edge cuts off a bit was not begun. */
	uint64_t trouble = f->start + f->stored + LF_INFLATE_KEEP;
	struct lf_gzip gzip;
	size_t header;
	int r = 0;

	if (!f->joinable || j->o.blocks == 0 || lf_image_streams(image) || tally->joins_tried >= LF_JOIN_TRIALS_MAX ||
	    f->stored > LF_MEMBER_HEADER_MAX + BEHIND)
		return 0;
	j->start = f->start;
	j->trials = j->o.trials;
	j->found = 0;
	read_near(j, image, trouble);
	header = lf_gzip_header(j->near + (j->start - j->from), j->len - (size_t)(j->start - j->from), &gzip);
	if (header == 0)
		return 0;
	if (split(j, trouble, header) < 0)
		return lf_err_nomem(err);
	for (size_t i = j->n_splits; i > 0 && j->found < 2 && r == 0; i--)
		r = try_edge(j, &j->splits[i - 1], tally);
	if (r < 0)
		return lf_err_nomem(err);
	return j->found == 1 ? replace(j, f, err) : 0;
}
