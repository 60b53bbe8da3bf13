#include "carve/identity.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define PIECE ((size_t)1 << 20)

static int
add_text(struct lf_hash *h, const char *s)
{
	return lf_hash_add(h, s, strlen(s) + 1);
}

static int
add_number(struct lf_hash *h, uint64_t n)
{
	return lf_hash_add(h, &n, sizeof(n));
}

static int
add_piece(struct lf_hash *h, struct lf_image *i, uint64_t offset, unsigned char *buf)
{
	return lf_hash_add(h, buf, lf_image_read(i, offset, buf, PIECE, NULL));
}

static int
add_image(struct lf_hash *h, struct lf_image *i, unsigned char *buf)
{
	uint64_t size = lf_image_size(i);

	if (add_text(h, lf_image_name(i)) < 0)
		return -1;
	if (lf_image_streams(i))
		return 0;
	if (add_number(h, size) < 0 || add_number(h, (uint64_t)lf_image_mtime(i)) < 0 || add_piece(h, i, 0, buf) < 0)
		return -1;
	return add_piece(h, i, size < PIECE ? 0 : size - PIECE, buf);
}

static int
add_all(const struct lf_carve *c, struct lf_hash *h, unsigned char *buf)
{
	const struct lf_carve_opts *o = &c->o;
	const uint64_t numbers[] = {o->max_member, o->max_record, o->max_total, o->no_joins, o->join_blocks, o->join_trials,
	    c->n_ranges, c->n_images};

	if (lf_hash_start(h) < 0 || add_text(h, LF_VERSION) < 0 || lf_hash_add(h, numbers, sizeof(numbers)) < 0)
		return -1;
	for (size_t i = 0; i < c->n_ranges; i++)
		if (add_number(h, c->ranges[i].from) < 0 || add_number(h, c->ranges[i].to) < 0)
			return -1;
	for (size_t i = 0; i < c->n_images; i++)
		if (add_image(h, c->images[i], buf) < 0)
			return -1;
	return 0;
}

int
lf_carve_identity(const struct lf_carve *c, unsigned char out[LF_SHA256_LEN], struct lf_err *err)
{
	unsigned char *buf = malloc(PIECE);
	struct lf_hash *h = buf == NULL ? NULL : lf_hash_new(err);
	int r = h == NULL || add_all(c, h, buf) < 0 || lf_hash_end(h, out) < 0 ? -1 : 0;

	if (buf == NULL)
		lf_err_nomem(err);
	else if (h != NULL && r < 0)
		lf_err_set(err, "OpenSSL cannot make a SHA-256");
	lf_hash_free(h);
	free(buf);
	return r;
}
