#include "record/examine.h"

#include <string.h>

#include "record/classify.h"

#define GLANCE ((size_t)16 << 10) /* stored bytes that tell what an object of another service is */

int
lf_examine_init(struct lf_examine *x, struct lf_err *err)
{
	*x = (struct lf_examine){.inflater = NULL};
	if ((x->inflater = lf_inflater_new(err)) == NULL)
		return -1;
	return (x->hash = lf_hash_new(err)) == NULL ? -1 : 0;
}

void
lf_examine_release(struct lf_examine *x)
{
	lf_inflater_free(x->inflater);
	lf_hash_free(x->hash);
	lf_magic_free(x->magic);
}

/*
 * Tells by its first bytes whether an object of another service is what it seems, for there may be many and large ones.
 */
static int
glance(const struct lf_reader *r, struct lf_examine *x, struct lf_object *o, struct lf_err *err)
{
	const unsigned char *stored = (const unsigned char *)lf_buf_str(&o->item->stored);

	if (lf_gunzip(x->inflater, stored, GLANCE, r->limits.max_object, &o->gz, err) != 0)
		return -1;
	o->kind = lf_classify(&o->gz, &o->key, o->place, o->place_len);
	return o->kind == LF_KIND_FOREIGN;
}

static int
hash_stored(struct lf_examine *x, struct lf_object *o, struct lf_err *err)
{
	const struct lf_buf *stored = &o->item->stored;

	if (o->gz.data != NULL && o->gz.state == LF_GZIP_PLAIN && o->gz.len == stored->len)
		memcpy(o->stored_hash, o->hash, sizeof(o->stored_hash));
	else if (lf_hash_bytes(x->hash, lf_buf_str(stored), stored->len, o->stored_hash) != 0)
		return lf_err_set(err, "SHA-256 failed in OpenSSL");
	return 0;
}

/* Inflates, hashes and classifies. */
static int
examine(const struct lf_reader *r, struct lf_examine *x, struct lf_object *o, struct lf_err *err)
{
	const unsigned char *stored = (const unsigned char *)lf_buf_str(&o->item->stored);
	bool foreign = o->key.kind == LF_KEY_FOREIGN && o->item->stored.len > GLANCE && r->stored == LF_STORED_LAKE;
	int rc = foreign ? glance(r, x, o, err) : 0;

	if (rc != 0)
		return rc > 0 ? 0 : -1;
	if (lf_gunzip(x->inflater, stored, o->item->stored.len, r->limits.max_object, &o->gz, err) != 0)
		return -1;
	o->kind = lf_classify(&o->gz, &o->key, o->place, o->place_len);
	if (r->unhashed)
		return 0;
	if (lf_hash_bytes(x->hash, o->gz.data, o->gz.len, o->hash) != 0)
		return lf_err_set(err, "SHA-256 failed in OpenSSL");
	o->hashed = true;
	return o->kind == LF_KIND_LAKE_RESULT || r->stored == LF_STORED_ALL ? hash_stored(x, o, err) : 0;
}

static struct lf_magic *
magic_of(struct lf_examine *x)
{
	struct lf_err ignored;

	if (!x->magic_tried) {
		x->magic_tried = true;
		x->magic = lf_magic_new(&ignored);
	}
	return x->magic;
}

int
lf_examine(const struct lf_reader *r, struct lf_examine *x, struct lf_object *o, struct lf_err *err)
{
	if ((r->stored == LF_STORED_ONLY ? hash_stored(x, o, err) : examine(r, x, o, err)) != 0)
		return -1;
	if (r->stored == LF_STORED_LAKE && o->kind == LF_KIND_UNKNOWN)
		o->magic = magic_of(x);
	return 0;
}
