/* The inside of timeline/partial: what is kept of partial rows, as keyed hashes. */
#ifndef LF_TIMELINE_PARTIAL_TABLE_H
#define LF_TIMELINE_PARTIAL_TABLE_H

#include "timeline/partial.h"

#define LF_PARTIAL_NONE LF_INDEX_END

struct lf_partial_event {
	uint64_t id;
	uint32_t check;         /* more of it: an id is 96 bits of a keyed hash */
	uint32_t first;         /* version of its first row */
	uint32_t sets, matched; /* how many, and how many of them have a full row */
	bool full;              /* there are full rows */
	bool torn;              /* a row contradicts the first */
	bool conflict;          /* once all is found */
};

struct lf_partial_set {
	uint32_t event, told[LF_PARTIAL_TOLD]; /* told: a keyed hash of each column, 0 where there is none */
	uint32_t object, record;               /* the full row that says the same; object LF_PARTIAL_NONE without */
};

struct lf_partial_version {
	uint32_t set, principal, rest; /* hashes, of the columns that only partial rows have in common */
};

/* A row's eventID: alone, and with the account. */
struct lf_partial_id {
	uint64_t id[2];
	uint32_t check[2];
	bool named; /* there is an account */
};

static inline struct lf_partial_event *
lf_partial_event_at(const struct lf_partials *p, uint32_t i)
{
	return lf_list_at(&p->events, i);
}

static inline struct lf_partial_set *
lf_partial_set_at(const struct lf_partials *p, uint32_t i)
{
	return lf_list_at(&p->sets, i);
}

static inline struct lf_partial_version *
lf_partial_version_at(const struct lf_partials *p, uint32_t i)
{
	return lf_list_at(&p->versions, i);
}

/* False for a row without an eventID. */
bool lf_partial_read_id(const struct lf_partials *p, const struct lf_row *r, struct lf_partial_id *out);

/* The columns in which a partial row and a full one are held against one another. */
void lf_partial_read_told(const struct lf_partials *p, const struct lf_row *r, uint32_t told[LF_PARTIAL_TOLD]);

/* And those in which only partial rows are. */
struct lf_partial_version lf_partial_read_version(const struct lf_partials *p, const struct lf_row *r, uint32_t set);

/* The number of what equals this, or LF_PARTIAL_NONE.  with_account: 0 or 1. */
uint32_t lf_partial_find_event(const struct lf_partials *p, const struct lf_partial_id *id, size_t with_account);
uint32_t lf_partial_find_set(const struct lf_partials *p, const struct lf_partial_set *s);
uint32_t lf_partial_find_version(const struct lf_partials *p, const struct lf_partial_version *v);

/* Under which sets and versions are indexed. */
uint64_t lf_partial_set_hash(const struct lf_partials *p, const struct lf_partial_set *s);
uint64_t lf_partial_version_hash(const struct lf_partials *p, const struct lf_partial_version *v);

#endif
