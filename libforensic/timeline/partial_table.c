#include "timeline/partial_table.h"

#include <stdlib.h>
#include <string.h>

void
lf_partials_init(struct lf_partials *p, const struct lf_seed *seed)
{
	memset(p, 0, sizeof(*p));
	p->seeds[0] = *seed;
	for (size_t i = 0; i < sizeof(seed->k) / sizeof(seed->k[0]); i++)
		p->seeds[1].k[i] = lf_seed_mix(seed, ~(uint64_t)i, seed->k[i]);
	lf_list_init(&p->events, sizeof(struct lf_partial_event));
	lf_list_init(&p->sets, sizeof(struct lf_partial_set));
	lf_list_init(&p->versions, sizeof(struct lf_partial_version));
	lf_buf_init(&p->texts);
	lf_index_init(&p->by_event);
	lf_index_init(&p->by_set);
	lf_index_init(&p->by_version);
}

void
lf_partials_free(struct lf_partials *p)
{
	lf_list_free(&p->events);
	lf_list_free(&p->sets);
	lf_list_free(&p->versions);
	lf_index_free(&p->by_event);
	lf_index_free(&p->by_set);
	lf_index_free(&p->by_version);
	lf_buf_free(&p->texts);
	free(p->places);
	p->places = NULL;
	p->n = p->cap = 0;
}

/* ---- What a row says ---- */

bool
lf_partial_read_id(const struct lf_partials *p, const struct lf_row *r, struct lf_partial_id *out)
{
	struct lf_slice event = lf_row_value(r, LF_COL_ID), account = lf_row_value(r, LF_COL_ACCOUNT);

	if (event.len == 0)
		return false;
	out->named = account.len > 0;
	for (size_t i = 0; i < 2; i++) {
		uint64_t h[2];

		for (size_t s = 0; s < 2; s++)
			h[s] = lf_seed_mix(&p->seeds[s], lf_seed_hash(&p->seeds[s], event.s, event.len),
			    i == 0 || !out->named ? 0 : lf_seed_hash(&p->seeds[s], account.s, account.len));
		out->id[i] = h[0];
		out->check[i] = (uint32_t)h[1];
	}
	return true;
}

static uint32_t
some(uint64_t hash)
{
	return (uint32_t)(hash >> 32) | (hash >> 32 == 0);
}

static uint32_t
hash_text(const struct lf_partials *p, struct lf_slice v)
{
	return v.len == 0 ? 0 : some(lf_seed_hash(&p->seeds[0], v.s, v.len));
}

/* Seconds count: the console knows no fractions. */
static uint32_t
hash_time(const struct lf_partials *p, const struct lf_row *r)
{
	if (r->time == LF_TIME_NONE)
		return hash_text(p, lf_row_value(r, LF_COL_EVENT_TIME));
	return some(lf_seed_mix(&p->seeds[0], (uint64_t)r->time, LF_COL_EVENT_TIME));
}

/* A CSV's column for errors has errorCode, and nothing of failures that are told in another way. */
static uint32_t
hash_result(const struct lf_partials *p, const struct lf_row *r)
{
	static const char success[] = "success";
	struct lf_slice v = lf_row_value(r, LF_COL_RESULT);

	return hash_text(p, lf_slice_is(v, "failure") ? (struct lf_slice){success, sizeof(success) - 1} : v);
}

void
lf_partial_read_told(const struct lf_partials *p, const struct lf_row *r, uint32_t told[LF_PARTIAL_TOLD])
{
	static const enum lf_column columns[LF_PARTIAL_TOLD - 2] = {LF_COL_REGION, LF_COL_SOURCE, LF_COL_NAME,
	    LF_COL_SOURCE_IP, LF_COL_ACCESS_KEY, LF_COL_READ_ONLY};

	told[0] = hash_time(p, r);
	told[1] = hash_result(p, r);
	for (size_t i = 2; i < LF_PARTIAL_TOLD; i++)
		told[i] = hash_text(p, lf_row_value(r, columns[i - 2]));
}

struct lf_partial_version
lf_partial_read_version(const struct lf_partials *p, const struct lf_row *r, uint32_t set)
{
	static const enum lf_column columns[] = {LF_COL_USER_AGENT, LF_COL_RESOURCES, LF_COL_CATEGORY, LF_COL_SHARED_ID};
	struct lf_partial_version v = {set, hash_text(p, lf_row_value(r, LF_COL_PRINCIPAL)), 0};
	uint64_t rest = 0;

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		rest = lf_seed_mix(&p->seeds[0], rest, hash_text(p, lf_row_value(r, columns[i])));
	v.rest = (uint32_t)rest;
	return v;
}

/* ---- Finding what is known ---- */

uint32_t
lf_partial_find_event(const struct lf_partials *p, const struct lf_partial_id *id, size_t with_account)
{
	size_t cursor = 0;
	uint32_t i;

	while ((i = lf_index_next(&p->by_event, id->id[with_account], &cursor)) != LF_PARTIAL_NONE)
		if (lf_partial_event_at(p, i)->id == id->id[with_account] && lf_partial_event_at(p, i)->check == id->check[with_account])
			break;
	return i;
}

uint64_t
lf_partial_set_hash(const struct lf_partials *p, const struct lf_partial_set *s)
{
	uint64_t h = s->event;

	for (size_t i = 0; i < LF_PARTIAL_TOLD; i++)
		h = lf_seed_mix(&p->seeds[1], h, s->told[i]);
	return h;
}

uint32_t
lf_partial_find_set(const struct lf_partials *p, const struct lf_partial_set *s)
{
	uint64_t hash = lf_partial_set_hash(p, s);
	size_t cursor = 0;
	uint32_t i;

	while ((i = lf_index_next(&p->by_set, hash, &cursor)) != LF_PARTIAL_NONE)
		if (lf_partial_set_at(p, i)->event == s->event && memcmp(lf_partial_set_at(p, i)->told, s->told, sizeof(s->told)) == 0)
			break;
	return i;
}

uint64_t
lf_partial_version_hash(const struct lf_partials *p, const struct lf_partial_version *v)
{
	return lf_seed_mix(&p->seeds[1], v->set, (uint64_t)v->principal << 32 | v->rest);
}

uint32_t
lf_partial_find_version(const struct lf_partials *p, const struct lf_partial_version *v)
{
	size_t cursor = 0;
	uint32_t i;

	while ((i = lf_index_next(&p->by_version, lf_partial_version_hash(p, v), &cursor)) != LF_PARTIAL_NONE)
		if (memcmp(lf_partial_version_at(p, i), v, sizeof(*v)) == 0)
			break;
	return i;
}
