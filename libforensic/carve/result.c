#include "carve/result.h"

#include <stdlib.h>
#include <string.h>

#include "record/s3key.h"

void
lf_carve_result_init(struct lf_carve_result *r)
{
	memset(r, 0, sizeof(*r));
	r->first = r->last = LF_TIME_NONE;
	lf_list_init(&r->conflicts, sizeof(struct lf_carve_conflict));
	lf_list_init(&r->parts, sizeof(struct lf_carve_part));
	lf_arena_init(&r->strings);
	lf_arena_init(&r->proof.strings);
}

void
lf_carve_result_free(struct lf_carve_result *r)
{
	for (size_t i = 0; i < r->n_images; i++)
		free(r->images[i].bad);
	free(r->images);
	lf_list_free(&r->conflicts);
	lf_list_free(&r->parts);
	lf_carve_proof_free(&r->proof);
	lf_arena_free(&r->strings);
}

bool
lf_carve_part_fits(const struct lf_carve_part *p, const struct lf_carve_listed *l)
{
	struct lf_s3key key;

	lf_s3key_read(l->key, strlen(l->key), &key);
	return key.kind == LF_KEY_LOG && p->first != LF_TIME_NONE && p->account[0] != '\0' && lf_slice_is(key.account, p->account) &&
	    lf_slice_is(key.region, p->region) && p->last <= key.stamp + 60 && p->first >= key.stamp - 7200;
}
