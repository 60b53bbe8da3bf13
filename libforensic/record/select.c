#include "record/select.h"

#include <string.h>

#include "base/slice.h"
#include "forensic.h"

/* Whether s is one of the n names, or there are none.  Copies may have changed the case of a region. */
static bool
listed(const char *const *names, size_t n, const char *s, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (lf_slice_is_nocase((struct lf_slice){s, len}, names[i]))
			return true;
	return n == 0;
}

bool
lf_select_place(const struct lf_select *s, const char *account, size_t account_len, const char *region,
    size_t region_len)
{
	if (!listed(s->accounts, s->n_accounts, account, account_len) ||
	    !listed(s->regions, s->n_regions, region, region_len))
		return false;
	return s->shards == 0 ||
	    lf_shard_of(account, account_len, region, region_len, s->shards) == s->shard;
}

/* Names of trails are told apart by case. */
bool
lf_select_trail(const struct lf_select *s, const char *trail)
{
	for (size_t i = 0; i < s->n_trails; i++)
		if (strcmp(s->trails[i], trail) == 0)
			return true;
	return s->n_trails == 0;
}

/* An empty window counts as the moment it stands at. */
bool
lf_select_window(const struct lf_select *s, int64_t start, int64_t end)
{
	if (s->until != LF_TIME_NONE && start >= s->until)
		return false;
	return s->since == LF_TIME_NONE || end > s->since || (end == start && start == s->since);
}

bool
lf_select_time(const struct lf_select *s, int64_t t)
{
	return lf_select_window(s, t, t);
}

bool
lf_select_homeless(const struct lf_select *s)
{
	return s->shards == 0 || s->shard == 1;
}

/*
 * Part of the contract of --shard, never to be changed: FNV-1a with 64 bits over the account, a zero byte and the
 * region in lower case; then the finalizer of MurmurHash3; then modulo the number of shards.  lf_index_hash() is not
 * used here, since it may change.
 */
unsigned
lf_shard_of(const char *account, size_t account_len, const char *region, size_t region_len, unsigned shards)
{
	const uint64_t prime = UINT64_C(0x100000001b3);
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < account_len; i++)
		h = (h ^ (unsigned char)account[i]) * prime;
	h *= prime;
	for (size_t i = 0; i < region_len; i++)
		h = (h ^ (unsigned char)lf_lower(region[i])) * prime;
	h = (h ^ (h >> 33)) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ (h >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
	h ^= h >> 33;
	return shards == 0 ? 1 : (unsigned)(h % shards) + 1;
}
