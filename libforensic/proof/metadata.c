#include "proof/metadata.h"

#include <string.h>

/* Metadata names a digest that is not there: it may be later than the last of its chain. */
static void
name_tail(struct lf_chains *all, const struct lf_s3key *k)
{
	for (uint32_t n = 0; n < all->n; n++) {
		struct lf_chain *c = &all->list[n];

		if (k->stamp > c->tail.newest_named && c->backfill == k->backfill && lf_slice_is(k->account, c->account) &&
		    lf_slice_is(k->region, c->region) && lf_slice_is(k->trail, c->trail))
			c->tail.newest_named = k->stamp;
	}
}

/* Whether the shard or the selection of a run has to do with an object. */
static bool
asked_for(const struct lf_select *s, const struct lf_s3key *k)
{
	if (k->kind != LF_KEY_DIGEST && k->kind != LF_KEY_LOG)
		return lf_select_homeless(s);
	return lf_select_place(s, k->account.s, k->account.len, k->region.s, k->region.len);
}

void
lf_metadata_match(struct lf_body *b, struct lf_chains *c, struct lf_summary *s)
{
	for (uint32_t i = 0; i < b->meta->entries.n; i++) {
		struct lf_meta_entry *e = lf_list_at(&b->meta->entries, i);
		struct lf_s3key k;
		size_t cursor = 0;
		uint64_t hash;

		lf_s3key_read(e->key, strlen(e->key), &k);
		if (!asked_for(b->select, &k))
			continue;
		hash = lf_s3key_base_hash(e->key, strlen(e->key));
		e->used = lf_index_next(&b->present_by_name, hash, &cursor) != LF_INDEX_END;
		cursor = 0;
		e->used |= lf_index_next(&b->digest_by_name, hash, &cursor) != LF_INDEX_END;
		s->metadata_entries++;
		s->metadata_matched += e->used;
		if (k.kind == LF_KEY_DIGEST && !e->used)
			name_tail(c, &k);
	}
}
