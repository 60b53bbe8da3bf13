#include "timeline/collect.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/utc.h"
#include "timeline/harvest.h"
#include "timeline/lineage.h"
#include "timeline/row.h"

/*
 * How long after the minute in its name a log may be about, and how long after an event it may be delivered (AWS
 * CloudTrail user guide, "Finding your CloudTrail log files" and "How CloudTrail works").
 */
#define AHEAD  3600
#define BEHIND 86400

#define FIRST_ROOM_MAX ((size_t)64 << 10)

int
lf_collect_init(struct lf_collect *c, struct lf_err *err)
{
	return lf_scribes_init(&c->scribes, err) != 0 ? -1 : lf_seed_new(&c->seed, err);
}

void
lf_collect_free(struct lf_collect *c)
{
	lf_scribes_free(&c->scribes);
}

/* ---- What is wanted ---- */

static bool
in_shard(const struct lf_select *s, struct lf_slice account, struct lf_slice region)
{
	return s->shards == 0 || lf_shard_of(account.s, account.len, region.s, region.len, s->shards) == s->shard;
}

enum lf_wanted
lf_collect_wants(const struct lf_collect *c, const struct lf_s3key *key)
{
	const struct lf_select *s = c->select;

	if (key->kind != LF_KEY_LOG && key->kind != LF_KEY_DIGEST)
		return LF_WANTED;
	if (!c->lineage && !in_shard(s, key->account, key->region))
		return LF_UNWANTED;
	if (key->kind == LF_KEY_DIGEST || key->stamp == LF_TIME_NONE)
		return LF_WANTED;
	if ((s->since != LF_TIME_NONE && key->stamp < s->since - AHEAD) ||
	    (s->until != LF_TIME_NONE && key->stamp >= s->until + BEHIND))
		return LF_DATED;
	return LF_WANTED;
}

bool
lf_collect_selects(const struct lf_select *s, const struct lf_s3key *key, const struct lf_values *v)
{
	struct lf_select place = *s;
	struct lf_slice account = v->v[LF_COL_ACCOUNT], region = v->v[LF_COL_REGION];

	if (key->kind == LF_KEY_LOG) {
		if (!in_shard(s, key->account, key->region))
			return false;
		place.shards = 0;
		account = account.len == 0 ? key->account : account;
		region = region.len == 0 ? key->region : region;
	}
	if (!lf_select_place(&place, account.len == 0 ? "" : account.s, account.len, region.len == 0 ? "" : region.s,
	    region.len))
		return false;
	return v->time == LF_TIME_NONE || lf_select_time(s, v->time);
}

/* ---- Rows ---- */

/* An object on its way into a batch. */
struct taking {
	const struct lf_collect *c;
	const struct lf_object *o;
	struct lf_batch *batch;
	const struct lf_rider *rider; /* or NULL */
	void *ridden;
};

/* What a row keeps of the record itself; *raw lies in s->raw. */
static int
keep_raw(const struct lf_collect *c, struct lf_scribe *s, const struct lf_event *e, const struct lf_values *v, struct lf_slice *raw,
    struct lf_err *err)
{
	unsigned char digest[LF_SHA256_LEN];
	char *hex;

	lf_buf_reset(&s->raw);
	if (c->raw) {
		lf_json_compact(e->raw, &s->raw);
	} else if (c->digest && v->v[LF_COL_ID].len > 0 && !e->partial) {
		if (s->canonical == NULL && (s->canonical = lf_canonical_new(err)) == NULL)
			return -1;
		if (lf_canonical_hash(s->canonical, e->raw, digest) != 0)
			return lf_err_nomem(err);
		if ((hex = lf_buf_reserve(&s->raw, 2 * sizeof(digest))) != NULL) {
			lf_hex_encode(digest, sizeof(digest), hex);
			s->raw.len = 2 * sizeof(digest);
		}
	}
	*raw = (struct lf_slice){lf_buf_str(&s->raw), s->raw.len};
	return s->raw.failed ? lf_err_nomem(err) : 0;
}

/* Room that rows of a log need at first: about a third of its text, so that it seldom grows. */
static size_t
first_room(const struct lf_object *o)
{
	return o->gz.len / 3 < FIRST_ROOM_MAX ? o->gz.len / 3 : FIRST_ROOM_MAX;
}

/* Takes one event into the batch. */
static int
take_event(void *arg, struct lf_scribe *s, const struct lf_event *e, uint32_t index, struct lf_err *err)
{
	const struct taking *t = arg;
	const struct lf_collect *c = t->c;
	struct lf_batch *b = t->batch;
	struct lf_values v;
	struct lf_slice raw = {"", 0};
	uint32_t flags = 0;
	int rc;

	b->held_events = true;
	if (lf_values_of(e, &s->values, &v) != 0)
		return lf_err_nomem(err);
	if (t->rider != NULL && t->rider->take(t->rider->arg, t->ridden, s, e, &v, err) != 0)
		return -1;
	if (c->lineage)
		lf_lineage_extract(e, &v, s->further ? &b->further_issues : &b->issues);
	rc = lf_collect_selects(c->select, &t->o->key, &v) ? lf_filter_match(c->filter, e, &v, &s->scratch) : 0;
	if (rc < 0)
		return lf_err_nomem(err);
	if (rc == 0) {
		b->filtered++;
		return 0;
	}
	if (keep_raw(c, s, e, &v, &raw, err) != 0)
		return -1;
	if (e->field[LF_EV_USER_IDENTITY].s == NULL)
		flags |= LF_ROW_NO_IDENTITY;
	if (e->partial)
		flags |= LF_ROW_PARTIAL;
	if (s->further)
		flags |= LF_ROW_FURTHER;
	b->partial |= e->partial;
	if (b->n == 0)
		(void)lf_buf_reserve(&b->rows, first_room(t->o));
	lf_row_pack(&b->rows, &v, index, e->content, flags, raw);
	b->n++;
	return b->rows.failed || b->issues.failed || b->further_issues.failed ? lf_err_nomem(err) : 0;
}

static struct lf_batch *
new_batch(const struct lf_object *o)
{
	struct lf_batch *b = calloc(1, sizeof(*b) + o->locator_len + 1);

	if (b == NULL)
		return NULL;
	lf_buf_init(&b->rows);
	lf_buf_init(&b->issues);
	lf_buf_init(&b->further_issues);
	b->source = o->source;
	b->len = o->locator_len;
	b->place = (size_t)(o->place - o->locator);
	memcpy(b->locator, o->locator, o->locator_len);
	return b;
}

int
lf_collect_work(void *arg, const struct lf_object *o, void **product, struct lf_err *err)
{
	return lf_collect_work_with(arg, o, NULL, product, NULL, err);
}

/* Harvests an object into a batch, and for who rides along. */
static int
harvest(struct lf_collect *c, const struct lf_object *o, struct taking *t, struct lf_err *err)
{
	struct lf_batch *b = t->batch;
	struct lf_harvest h = {.seed = &c->seed, .max_object = c->max_object, .take = take_event, .arg = t};
	struct lf_scribe *s;
	int rc;

	if ((s = lf_scribes_borrow(&c->scribes, err)) == NULL)
		return -1;
	rc = lf_harvest_object(s, o, &h, &b->problem, err);
	lf_scribes_return(&c->scribes, s);
	b->further = b->problem == NULL && o->gz.member_follows;
	if (b->n > 0)
		b->content = lf_seed_hash(&c->seed, lf_buf_str(&o->item->stored), o->item->stored.len);
	return rc;
}

int
lf_collect_work_with(struct lf_collect *c, const struct lf_object *o, const struct lf_rider *rider, void **product, void **ridden,
    struct lf_err *err)
{
	struct taking t = {.c = c, .o = o, .batch = new_batch(o), .rider = rider};

	if ((*product = t.batch) == NULL)
		return lf_err_nomem(err);
	if (rider != NULL) {
		if (rider->begin(rider->arg, o, ridden, err) != 0)
			return -1;
		t.ridden = *ridden;
	}
	if (harvest(c, o, &t, err) != 0)
		return -1;
	return rider == NULL ? 0 : rider->end(rider->arg, t.ridden, t.batch->problem, err);
}

void
lf_collect_drop(void *arg, void *product)
{
	struct lf_batch *b = product;

	(void)arg;
	if (b == NULL)
		return;
	lf_buf_free(&b->rows);
	lf_buf_free(&b->issues);
	lf_buf_free(&b->further_issues);
	free(b->problem);
	free(b);
}

uint64_t
lf_collect_weight(const struct lf_batch *b)
{
	return sizeof(*b) + b->len + b->rows.cap + b->issues.cap + b->further_issues.cap;
}
