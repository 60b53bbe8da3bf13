#include "carve/mend.h"

#include <stdlib.h>
#include <string.h>

#define BEHIND ((size_t)64 << 10) /* how far behind the trouble a member may go on */

struct lf_mend {
	struct lf_salvage salvage;
	unsigned char *stored;
};

struct lf_mend *
lf_mend_new(struct lf_err *err)
{
	struct lf_mend *m = calloc(1, sizeof(*m));

	if (m == NULL) {
		lf_err_nomem(err);
		return NULL;
	}
	if (lf_salvage_init(&m->salvage, err) < 0) {
		free(m);
		return NULL;
	}
	return m;
}

void
lf_mend_free(struct lf_mend *m)
{
	if (m == NULL)
		return;
	lf_salvage_free(&m->salvage);
	free(m->stored);
	free(m);
}

/* ---- The hole ---- */

static bool
is_one_byte(const unsigned char *b)
{
	return memcmp(b, b + 1, LF_SECTOR - 1) == 0;
}

static bool
is_lost(const struct lf_view *v, uint64_t offset, const unsigned char *b)
{
	return is_one_byte(b) || (v->image != NULL && lf_image_is_bad(v->image, (struct lf_area){offset, offset + LF_SECTOR}));
}

/* The first run of lost sectors that begins no later than where decoding found the trouble. */
static bool
find_hole(const struct lf_mend *m, const struct lf_view *v, uint64_t offset, size_t len, size_t trouble, size_t *from,
    size_t *to)
{
	size_t at = (size_t)((LF_SECTOR - offset % LF_SECTOR) % LF_SECTOR);

	while (at + LF_SECTOR <= len && at <= trouble && !is_lost(v, offset + at, m->stored + at))
		at += LF_SECTOR;
	if (at + LF_SECTOR > len || at > trouble)
		return false;
	*from = at;
	/* A file that ends within a sector is followed by zeros from there on. */
	while (*from > 0 && m->stored[*from - 1] == m->stored[at])
		--*from;
	while (at + LF_SECTOR <= len && is_lost(v, offset + at, m->stored + at))
		at += LF_SECTOR;
	*to = at;
	return true;
}

int
lf_mend_member(struct lf_mend *m, struct lf_view *v, uint64_t offset, const struct lf_member *broken, size_t max,
    struct lf_mended *out, struct lf_err *err)
{
	size_t want = (size_t)broken->stored + BEHIND, len, from, to, end;
	const unsigned char *bytes;
	int r;

	*out = (struct lf_mended){NULL, UINT64_MAX, 0};
	if (broken->stored > LF_MEND_STORED - BEHIND)
		return 0;
	if (m->stored == NULL)
		m->stored = malloc(LF_MEND_STORED);
	bytes = lf_view_at(v, offset, want, &len);
	if (bytes == NULL || m->stored == NULL)
		return lf_err_nomem(err);
	memcpy(m->stored, bytes, len);
	if (!find_hole(m, v, offset, len, (size_t)broken->stored, &from, &to) || from <= broken->header)
		return 0;
	out->hole = offset + from;
	r = lf_salvage_find_end(&m->salvage, m->stored, len, from, to, max, &end, err);
	if (r <= 0)
		return r;
	if (lf_salvage_member(&m->salvage, m->stored, end, from, to, max, err) < 0)
		return -1;
	out->end = offset + end;
	if (m->salvage.state == LF_SALVAGE_RESYNC)
		out->salvage = &m->salvage;
	return 0;
}
