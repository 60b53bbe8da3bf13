/* Paths of any bytes: the parts lie in the path, and names that are equal hash alike. */
#include "fuzz.h"
#include "record/s3key.h"

static void
inside(const struct lf_s3key *k, const char *path, size_t len)
{
	const struct lf_slice parts[] = {
	    k->key, k->prefix, k->org, k->account, k->region, k->trail, k->home_region, k->base, k->uniq, k->tag};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		HOLDS(fuzz_inside(parts[i], path, len));
	HOLDS((unsigned)k->log_class < LF_CLASSES && lf_class_name(k->log_class) != NULL);
}

/* A key stays what it is wherever its bytes are, and without what stands in front of it. */
static void
again(const struct lf_s3key *k, const char *path, size_t len)
{
	char *elsewhere = fuzz_copy(path, len);
	struct lf_s3key moved = *k, alone;

	lf_s3key_move(&moved, path, elsewhere);
	inside(&moved, elsewhere, len);
	HOLDS(lf_slice_equal(moved.key, k->key) && lf_slice_equal(moved.base, k->base));
	if (k->key.len > 0) {
		lf_s3key_read(k->key.s, k->key.len, &alone);
		HOLDS(alone.kind == k->kind && alone.stamp == k->stamp && alone.in_place == k->in_place);
		HOLDS(lf_slice_equal(alone.account, k->account) && lf_slice_equal(alone.region, k->region));
		HOLDS(lf_s3key_in_place(path, len, k->key.s, k->key.len));
	}
	free(elsewhere);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_copy(data, size);
	struct lf_slice rest = {text, size}, one = lf_slice_take_up_to(&rest, '\n');
	struct lf_s3key a, b;

	lf_s3key_read(one.s, one.len, &a);
	inside(&a, one.s, one.len);
	again(&a, one.s, one.len);
	lf_s3key_read(rest.s, rest.len, &b);
	inside(&b, rest.s, rest.len);
	if (lf_s3key_base_equal(one.s, one.len, rest.s, rest.len)) {
		HOLDS(lf_s3key_base_equal(rest.s, rest.len, one.s, one.len));
		HOLDS(lf_s3key_base_hash(one.s, one.len) == lf_s3key_base_hash(rest.s, rest.len));
	}
	lf_s3key_in_place(one.s, one.len, rest.s, rest.len);
	lf_s3key_looks_digest(one.s, one.len);
	free(text);
	return 0;
}
