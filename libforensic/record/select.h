/* Which objects a run is about: --account, --region, --shard, --trail, and the time window. */
#ifndef LF_RECORD_SELECT_H
#define LF_RECORD_SELECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lf_select {
	const char *const *accounts;
	size_t n_accounts;
	const char *const *regions;
	size_t n_regions;
	const char *const *trails;
	size_t n_trails;
	int64_t since, until; /* LF_TIME_NONE for no bound */
	unsigned shard, shards; /* 0 for none */
};

/* Whether objects of account and region belong to the run (filters and shard). */
bool lf_select_place(const struct lf_select *s, const char *account, size_t account_len, const char *region,
    size_t region_len);
bool lf_select_trail(const struct lf_select *s, const char *trail);

/* Whether [start, end) meets the window; whether t lies in it. */
bool lf_select_window(const struct lf_select *s, int64_t start, int64_t end);
bool lf_select_time(const struct lf_select *s, int64_t t);

/* Whether what has no account and region (an unreadable file, say) is this shard's to report: the first shard's. */
bool lf_select_homeless(const struct lf_select *s);

/* The shard, 1 to shards, of an account and region: a stable hash, the same on every machine. */
unsigned lf_shard_of(const char *account, size_t account_len, const char *region, size_t region_len,
    unsigned shards);

#endif
