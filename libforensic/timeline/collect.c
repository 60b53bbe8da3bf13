#include "timeline/collect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "record/envelope.h"
#include "timeline/lineage.h"
#include "timeline/row.h"
#include "timeline/contents.h"

/* How long after the minute in its name a log may be about (DIGESTS.md section 1.3), and how long after an event it may be
 * delivered. */
#define AHEAD  3600
#define BEHIND 86400

struct lf_scribe {
	struct lf_scribe *next; /* idle */
	struct lf_envelope *envelope;
	struct lf_inflater *inflater; /* of further gzip members */
	struct lf_buf values, match, raw;
};

static void
scribe_free(struct lf_scribe *s)
{
	if (s == NULL)
		return;
	lf_envelope_free(s->envelope);
	lf_inflater_free(s->inflater);
	lf_buf_free(&s->values);
	lf_buf_free(&s->match);
	lf_buf_free(&s->raw);
	free(s);
}

static struct lf_scribe *
scribe_new(struct lf_err *err)
{
	struct lf_scribe *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		lf_err_nomem(err);
		return NULL;
	}
	lf_buf_init(&s->values);
	lf_buf_init(&s->match);
	lf_buf_init(&s->raw);
	if ((s->envelope = lf_envelope_new(err)) == NULL) {
		scribe_free(s);
		return NULL;
	}
	return s;
}

int
lf_collect_init(struct lf_collect *c, struct lf_err *err)
{
	c->idle = NULL;
	if (pthread_mutex_init(&c->lock, NULL) != 0)
		return lf_err_set(err, "a lock cannot be made");
	return lf_seed_new(&c->seed, err);
}

void
lf_collect_free(struct lf_collect *c)
{
	struct lf_scribe *s;

	while ((s = c->idle) != NULL) {
		c->idle = s->next;
		scribe_free(s);
	}
	pthread_mutex_destroy(&c->lock);
}

/* An idle scribe, or a new one. */
static struct lf_scribe *
borrow(struct lf_collect *c, struct lf_err *err)
{
	struct lf_scribe *s;

	pthread_mutex_lock(&c->lock);
	if ((s = c->idle) != NULL)
		c->idle = s->next;
	pthread_mutex_unlock(&c->lock);
	return s != NULL ? s : scribe_new(err);
}

static void
give_back(struct lf_collect *c, struct lf_scribe *s)
{
	pthread_mutex_lock(&c->lock);
	s->next = c->idle;
	c->idle = s;
	pthread_mutex_unlock(&c->lock);
}

/* ---- What is wanted ---- */

enum lf_wanted
lf_collect_wants(const struct lf_select *s, const struct lf_s3key *key)
{
	if (key->kind != LF_KEY_LOG && key->kind != LF_KEY_DIGEST)
		return LF_WANTED;
	if (s->shards != 0 && lf_shard_of(key->account.s, key->account.len, key->region.s, key->region.len, s->shards) != s->shard)
		return LF_UNWANTED;
	if (key->kind == LF_KEY_DIGEST || key->stamp == LF_TIME_NONE)
		return LF_WANTED;
	if ((s->since != LF_TIME_NONE && key->stamp < s->since - AHEAD) ||
	    (s->until != LF_TIME_NONE && key->stamp >= s->until + BEHIND))
		return LF_DATED;
	return LF_WANTED;
}

/*
 * Whether an event belongs to the run: by its own account and region, else those that its object's key states, and its time.  One
 * without a time may be of any.
 */
static bool
selected(const struct lf_select *s, const struct lf_s3key *key, const struct lf_values *v)
{
	struct lf_select place = *s;
	struct lf_slice account = v->v[LF_COL_ACCOUNT], region = v->v[LF_COL_REGION];

	if (key->kind == LF_KEY_LOG) {
		place.shards = 0; /* its object is in the shard */
		account = account.len == 0 ? key->account : account;
		region = region.len == 0 ? key->region : region;
	}
	if (!lf_select_place(&place, account.len == 0 ? "" : account.s, account.len, region.len == 0 ? "" : region.s,
	    region.len))
		return false;
	return v->time == LF_TIME_NONE || lf_select_time(s, v->time);
}

/* ---- Rows ---- */

/* Takes one event into the batch. */
static int
take_event(const struct lf_collect *c, struct lf_scribe *s, const struct lf_object *o, const struct lf_event *e,
    struct lf_batch *b, struct lf_err *err)
{
	struct lf_values v;
	struct lf_slice raw = {"", 0};
	uint32_t flags = 0;
	int rc;

	b->held_events = true;
	if (lf_values_of(e, &s->values, &v) != 0)
		return lf_err_nomem(err);
	if (c->lineage)
		lf_lineage_extract(e, &v, &b->issues);
	rc = selected(c->select, &o->key, &v) ? lf_filter_match(c->filter, e, &v, &s->match) : 0;
	if (rc < 0)
		return lf_err_nomem(err);
	if (rc == 0) {
		b->filtered++;
		return 0;
	}
	if (c->raw) {
		lf_buf_reset(&s->raw);
		lf_json_compact(e->raw, &s->raw);
		raw = (struct lf_slice){lf_buf_str(&s->raw), s->raw.len};
		if (s->raw.failed)
			return lf_err_nomem(err);
	}
	if (e->field[LF_EV_USER_IDENTITY].s == NULL)
		flags |= LF_ROW_NO_IDENTITY;
	if (e->partial)
		flags |= LF_ROW_PARTIAL;
	lf_row_pack(&b->rows, &v, b->first + (uint32_t)lf_envelope_index(s->envelope), e->content, flags, raw);
	b->n++;
	return b->rows.failed || b->issues.failed ? lf_err_nomem(err) : 0;
}

/* Says what a text held besides readable records; the first trouble of an object is told in full. */
static int
note_damage(struct lf_batch *b, const struct lf_damage *d, struct lf_err *err)
{
	char text[512];

	if (b->problem != NULL || d->places + d->strangers + d->duplicates == 0)
		return 0;
	if (d->places > 0)
		snprintf(text, sizeof(text), "damaged in %llu places, %llu bytes without a readable record; the first at byte %zu of "
		    "the content: %s", (unsigned long long)d->places, (unsigned long long)d->lost, d->at, d->problem);
	else if (d->strangers > 0)
		snprintf(text, sizeof(text), "%llu values that are no CloudTrail records; the first at byte %zu of the content: %s",
		    (unsigned long long)d->strangers, d->at, d->problem);
	else
		snprintf(text, sizeof(text), "%llu records with a name that stands there twice (the last was taken); the first at byte "
		    "%zu of the content: %s", (unsigned long long)d->duplicates, d->at, d->problem);
	b->problem = strdup(text);
	return b->problem == NULL ? lf_err_nomem(err) : 0;
}

static int
set_problem(struct lf_batch *b, struct lf_err *err, const char *text, size_t offset)
{
	char all[256];

	if (b->problem != NULL)
		return 0;
	snprintf(all, sizeof(all), "offset %zu: %s", offset, text);
	b->problem = strdup(all);
	return b->problem == NULL ? lf_err_nomem(err) : 0;
}

static int
take_text(const struct lf_collect *c, struct lf_scribe *s, const struct lf_object *o, const char *text, size_t len,
    struct lf_batch *b, struct lf_err *err)
{
	struct lf_event e;
	uint32_t n = 0;
	int rc;

	lf_envelope_start(s->envelope, text, len, &c->seed);
	while ((rc = lf_envelope_next(s->envelope, &e)) == 1) {
		if (take_event(c, s, o, &e, b, err) != 0)
			return -1;
		n = (uint32_t)lf_envelope_index(s->envelope) + 1;
	}
	b->first += n;
	if (rc < 0)
		return lf_err_nomem(err);
	return note_damage(b, lf_envelope_damage(s->envelope), err);
}

static int
take_texts(const struct lf_collect *c, struct lf_scribe *s, const struct lf_object *o, struct lf_batch *b,
    struct lf_err *err)
{
	struct lf_contents t;
	const char *text;
	size_t len;
	int rc;

	lf_contents_start(&t, o, c->max_object, &s->inflater);
	while ((rc = lf_contents_next(&t, &text, &len, err)) == 1)
		if (take_text(c, s, o, text, len, b, err) != 0)
			return -1;
	if (rc < 0)
		return -1;
	if (t.problem == NULL)
		return 0;
	free(b->problem); /* that the container is damaged says more than where its content breaks off */
	b->problem = NULL;
	return set_problem(b, err, t.problem, t.offset);
}

/* Whether bytes that are nothing known hold events all the same. */
static bool
holds_events(const struct lf_object *o)
{
	static const char *const signs[] = {"\"eventVersion\"", "\"eventID\"", "\\\"eventVersion\\\"", "\"CloudTrailEvent\""};

	for (size_t i = 0; o->gz.data != NULL && i < sizeof(signs) / sizeof(signs[0]); i++)
		if (memmem(o->gz.data, o->gz.len, signs[i], strlen(signs[i])) != NULL)
			return true;
	return false;
}

static int
take_unknown(const struct lf_object *o, struct lf_batch *b, struct lf_err *err)
{
	char text[256];

	if (o->gz.state != LF_GZIP_PLAIN && o->gz.state != LF_GZIP_WHOLE)
		return set_problem(b, err, lf_gzip_state_text(o->gz.state), o->gz.offset);
	snprintf(text, sizeof(text), "no CloudTrail events: %s", o->magic != NULL && o->gz.data != NULL
	    ? lf_magic_describe(o->magic, o->gz.data, o->gz.len) : "unknown");
	b->problem = strdup(text);
	return b->problem == NULL ? lf_err_nomem(err) : 0;
}

static int
take_object(const struct lf_collect *c, struct lf_scribe *s, const struct lf_object *o, struct lf_batch *b,
    struct lf_err *err)
{
	bool events = o->kind == LF_KIND_LOG || o->kind == LF_KIND_EVENTS;

	if (o->problem != NULL) {
		b->problem = strdup(o->problem);
		return b->problem == NULL ? lf_err_nomem(err) : 0;
	}
	if (o->gz.state == LF_GZIP_TOO_LARGE || o->gz.state == LF_GZIP_RATIO)
		return set_problem(b, err, lf_gzip_state_text(o->gz.state), o->gz.offset);
	if (!events && (o->kind == LF_KIND_DIGEST || o->kind == LF_KIND_LAKE_SIGN || !holds_events(o)))
		return o->kind == LF_KIND_UNKNOWN || o->kind == LF_KIND_LAKE_RESULT ? take_unknown(o, b, err) : 0;
	b->content = lf_seed_hash(&c->seed, lf_buf_str(&o->item->stored), o->item->stored.len);
	return take_texts(c, s, o, b, err);
}

int
lf_collect_work(void *arg, const struct lf_object *o, void **product, struct lf_err *err)
{
	struct lf_collect *c = arg;
	struct lf_scribe *s = borrow(c, err);
	struct lf_batch *b = s == NULL ? NULL : calloc(1, sizeof(*b) + o->locator_len + 1);
	int rc = -1;

	if (b != NULL) {
		lf_buf_init(&b->rows);
		lf_buf_init(&b->issues);
		b->source = o->source;
		b->len = o->locator_len;
		b->place = (size_t)(o->place - o->locator);
		memcpy(b->locator, o->locator, o->locator_len);
		*product = b;
		rc = take_object(c, s, o, b, err);
	} else if (s != NULL) {
		lf_err_nomem(err);
	}
	if (s != NULL)
		give_back(c, s);
	return rc;
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
	free(b->problem);
	free(b);
}

uint64_t
lf_collect_weight(const struct lf_batch *b)
{
	return sizeof(*b) + b->len + b->rows.cap + b->issues.cap;
}
