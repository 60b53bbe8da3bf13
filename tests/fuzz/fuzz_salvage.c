/*
 * A gzip member with a hole.  Of content that zlib deflates here, every byte that is called known must be the original's;
 * of bytes that were never a member, whatever they give must hold together.
 */
#include <zlib.h>

#include "carve/salvage.h"
#include "../unit/known_bytes.h"
#include "fuzz.h"

#define MAX ((size_t)1 << 20)

static struct lf_salvage salvage;

/* Deflates content as a gzip member, into a new block. */
static uint8_t *
member_of(const uint8_t *content, size_t len, unsigned way, size_t *stored)
{
	size_t cap = len + len / 2 + 4096;
	uint8_t *out = malloc(cap);
	z_stream z = {0};

	HOLDS(out != NULL);
	HOLDS(deflateInit2(&z, 1 + (int)(way % 9), Z_DEFLATED, 15 + 16, 1 + (int)(way / 16 % 9), Z_DEFAULT_STRATEGY) == Z_OK);
	z.next_in = (Bytef *)(uintptr_t)content;
	z.avail_in = (uInt)len;
	z.next_out = out;
	z.avail_out = (uInt)cap;
	HOLDS(deflate(&z, Z_FINISH) == Z_STREAM_END);
	*stored = z.total_out;
	deflateEnd(&z);
	return out;
}

static void
consistent(const struct lf_salvage *s)
{
	HOLDS(s->known.len <= MAX);
	fuzz_touch(s->content, s->known.len);
	HOLDS(s->state != LF_SALVAGE_RESYNC || s->why == LF_SALVAGE_FINE);
	HOLDS(s->state != LF_SALVAGE_PREFIX || known_all(&s->known, 0, s->before));
	HOLDS(s->state != LF_SALVAGE_NONE || known_count(&s->known) == 0);
}

static void
equal(const struct lf_salvage *s, const uint8_t *content, size_t len)
{
	HOLDS(s->state != LF_SALVAGE_RESYNC || s->known.len == len);
	for (size_t i = 0; i < s->known.len; i++)
		if (known_at(&s->known, i))
			HOLDS(i < len && s->content[i] == content[i]);
}

/* A hole in what was a member. */
static void
with_original(struct fuzz_input *in)
{
	unsigned way = fuzz_byte(in), fill = fuzz_byte(in), at = fuzz_short(in), size = fuzz_short(in);
	size_t stored, from, to, end;
	uint8_t *bytes = member_of(in->p, in->left, way, &stored);
	struct lf_err err;
	int rc;

	from = at * stored / 65536;
	to = from + 1 + size * (stored - from - 1) / 65536;
	memset(bytes + from, (int)fill, to - from);
	HOLDS(lf_salvage_member(&salvage, bytes, stored, from, to, MAX, &err) == 0);
	consistent(&salvage);
	equal(&salvage, in->p, in->left);
	rc = lf_salvage_find_end(&salvage, bytes, stored, from, to, MAX, &end, &err);
	HOLDS(rc == 0 || rc == 1);
	free(bytes);
}

static void
without(struct fuzz_input *in)
{
	unsigned at = fuzz_short(in), size = fuzz_short(in);
	size_t from = at * in->left / 65536, to = from + size * (in->left - from) / 65536, end;
	uint8_t *bytes = fuzz_copy(in->p, in->left);
	struct lf_err err;
	int rc;

	HOLDS(lf_salvage_member(&salvage, bytes, in->left, from, to, MAX, &err) == 0);
	consistent(&salvage);
	rc = lf_salvage_find_end(&salvage, bytes, in->left, from, to, MAX, &end, &err);
	HOLDS(rc == 0 || (rc == 1 && end > to && end <= in->left));
	free(bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool ready;
	struct fuzz_input in = {data, size};
	struct lf_err err;

	if (!ready)
		HOLDS(lf_salvage_init(&salvage, &err) == 0);
	ready = true;
	if (fuzz_byte(&in) % 2 == 0)
		without(&in);
	else
		with_original(&in);
	return 0;
}
