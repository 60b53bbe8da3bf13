#include "carve/sift.h"

#include <string.h>

#include "carve/sift_clean.h"

#define SECTOR 512u

/* Words whose third-last letters the vectors look for; quote stands in front of each, a quote or a backslash behind. */
struct word {
	const char *text;
	size_t len;
	enum lf_trigger plain, le, be;
};

static const struct word version = {"eventVersion", 12, LF_TRIGGER_VERSION, LF_TRIGGER_VERSION_LE,
    LF_TRIGGER_VERSION_BE};
static const struct word event_id = {"eventID", 7, LF_TRIGGER_ID, LF_TRIGGER_ID_LE, LF_TRIGGER_ID_BE};
static const struct word aggregated_id = {"eventId", 7, LF_TRIGGER_ID, LF_TRIGGER_ID_LE, LF_TRIGGER_ID_BE};
static const struct word digest = {"digestS3Object", 14, LF_TRIGGER_DIGEST, LF_TRIGGER_DIGEST_LE, LF_TRIGGER_DIGEST_BE};

/* A run, and what is taken of it. */
struct run {
	const unsigned char *bytes;
	size_t len, from, limit; /* hits in [from, limit) */
	uint64_t offset;         /* of bytes[0] in the view */
};

/* The word by the letter behind its t, which is the first of text that both tells words apart and is rare. */
static const struct word *
word_of(const struct run *r, size_t letter, size_t step)
{
	switch (r->bytes[letter]) {
	case 'V': return &version;
	case 'I': return letter + step < r->len && r->bytes[letter + step] == 'd' ? &aggregated_id : &event_id;
	default: return &digest;
	}
}

static size_t
letters_before_t(const struct word *w)
{
	return w == &digest ? 5 : 4;
}

static bool
plain_word(const struct run *r, const struct word *w, size_t at)
{
	const unsigned char *b = r->bytes;

	return at >= 1 && r->len - at > w->len && b[at - 1] == '"' && memcmp(b + at, w->text, w->len) == 0 &&
	    (b[at + w->len] == '"' || b[at + w->len] == '\\');
}

/* The word in UTF-16, its first code unit at at; high is where the zero byte of a unit stands. */
static bool
wide_word(const struct run *r, const struct word *w, size_t at, size_t high)
{
	const unsigned char *b = r->bytes;
	size_t low = 1 - high;

	if (at < 2 || r->len - at < 2 * w->len + 2 || b[at - 2 + low] != '"' || b[at - 2 + high] != 0)
		return false;
	for (size_t i = 0; i < w->len; i++)
		if (b[at + 2 * i + high] != 0 || b[at + 2 * i + low] != (unsigned char)w->text[i])
			return false;
	return (b[at + 2 * w->len + low] == '"' || b[at + 2 * w->len + low] == '\\') && b[at + 2 * w->len + high] == 0;
}

/* A t at i: the word around it. */
static bool
check_word(const struct run *r, size_t i, struct lf_hit *hit)
{
	bool wide = r->bytes[i + 1] == 0;
	const struct word *w = word_of(r, i + (wide ? 2 : 1), wide ? 2 : 1);
	size_t back = letters_before_t(w) * (wide ? 2 : 1);

	if (i < back || (wide && r->len - i < 4))
		return false;
	*hit = (struct lf_hit){i - back, wide ? w->le : w->plain};
	if (!wide)
		return plain_word(r, w, hit->at);
	if (wide_word(r, w, hit->at, 1))
		return true;
	if (hit->at == 0 || !wide_word(r, w, hit->at - 1, 0))
		return false;
	*hit = (struct lf_hit){hit->at - 1, w->be};
	return true;
}

/* A record of a master file table: on a sector, with an update sequence of one entry for each sector and one more. */
static bool
check_ntfs(const struct run *r, size_t i)
{
	const unsigned char *b = r->bytes + i;
	unsigned offset, count;

	if ((r->offset + i) % SECTOR != 0 || r->len - i < 8 || memcmp(b, "FILE", 4) != 0)
		return false;
	offset = (unsigned)(b[4] | b[5] << 8);
	count = (unsigned)(b[6] | b[7] << 8);
	return offset >= 0x28 && offset <= 0x38 && offset % 2 == 0 && (count == 3 || count == 5 || count == 9);
}

/* What the bytes at i are, which the vectors found worth a look. */
static bool
check(const struct run *r, size_t i, struct lf_hit *hit)
{
	const unsigned char *b = r->bytes + i;

	*hit = (struct lf_hit){i, LF_TRIGGER_GZIP};
	if (r->len - i < 4)
		return false;
	switch (b[0]) {
	case 0x1f: return b[1] == 0x8b && b[2] == 8 && (b[3] & 0xe0) == 0;
	case 't': return check_word(r, i, hit);
	case 'H':
		hit->trigger = LF_TRIGGER_BASE64;
		return memcmp(b, "H4sI", 4) == 0;
	case 'F':
		hit->trigger = LF_TRIGGER_NTFS;
		return check_ntfs(r, i);
	default: return false;
	}
}

/* What both paths share: block after block, those with something in them byte after byte. */
static size_t
sift(const struct run *r, lf_sift_clean_fn *clean, struct lf_hit *hits, size_t cap, size_t *next)
{
	size_t n = 0, i = r->from, blocks, to;

	while (i < r->len) {
		blocks = r->len - i < LF_SIFT_BLOCK + 2 ? 0 : (r->len - i - 2) / LF_SIFT_BLOCK;
		i += clean(r->bytes + i, blocks) * LF_SIFT_BLOCK;
		to = r->len - i < LF_SIFT_BLOCK ? r->len : i + LF_SIFT_BLOCK;
		for (; i < to; i++) {
			if (!check(r, i, &hits[n]) || hits[n].at < r->from || hits[n].at >= r->limit)
				continue;
			if (++n < cap)
				continue;
			*next = hits[n - 1].at + 1;
			return n;
		}
	}
	*next = r->limit;
	return n;
}

static size_t
start(const unsigned char *bytes, size_t len, size_t from, uint64_t offset, bool end, lf_sift_clean_fn *clean,
    struct lf_hit *hits, size_t cap, size_t *next)
{
	struct run r = {bytes, len, from, end || len < LF_SIFT_REACH ? len : len - LF_SIFT_REACH, offset};

	if (!end && len < LF_SIFT_REACH)
		r.limit = 0;
	if (r.limit <= from || cap == 0) {
		*next = r.limit < from ? from : r.limit;
		return 0;
	}
	return sift(&r, clean, hits, cap, next);
}

size_t
lf_sift(const unsigned char *bytes, size_t len, size_t from, uint64_t offset, bool end, struct lf_hit *hits, size_t cap,
    size_t *next)
{
	return start(bytes, len, from, offset, end, lf_sift_clean_best(), hits, cap, next);
}

size_t
lf_sift_portable(const unsigned char *bytes, size_t len, size_t from, uint64_t offset, bool end, struct lf_hit *hits,
    size_t cap, size_t *next)
{
	return start(bytes, len, from, offset, end, lf_sift_clean_portable, hits, cap, next);
}

bool
lf_sift_zero(const unsigned char *bytes, size_t len)
{
	return len == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, len - 1) == 0);
}
