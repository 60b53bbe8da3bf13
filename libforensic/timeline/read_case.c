/* The evidence of a case read into rows, once. */
#include <stdlib.h>
#include <string.h>

#include "proof/listen.h"
#include "timeline/integrity.h"
#include "timeline/state.h"

/* Bytes of rows that wait for those of an earlier object: enough to go on while others are spilled. */
#define WAITING_MAX ((uint64_t)8 << 20)

/* Gives the rows of a batch the number of its object. */
static int
number_rows(struct lf_timeline *t, struct lf_batch *b, uint32_t present, struct lf_err *err)
{
	const char *place = b->locator + b->place;
	size_t len = b->len - b->place;
	uint32_t number = t->objects.rows.n;
	struct lf_timeline_object *object;
	struct lf_row *row;
	struct lf_s3key key;

	lf_s3key_read(place, len, &key);
	if ((object = lf_objects_add(&t->objects, b->source, place, len, &key, err)) == NULL)
		return -1;
	object->content = b->content;
	object->present = present;
	object->integrity = LF_INTEGRITY_UNKNOWN;
	for (size_t at = 0; at < b->rows.len; at += row->size) {
		row = (struct lf_row *)(void *)(b->rows.data + at);
		row->object = number;
	}
	return 0;
}

/* Keeps an object that a digest may list, and of which that digest covers the first gzip member alone. */
static int
keep_behind(struct lf_timeline *t, const struct lf_batch *b, uint32_t present, struct lf_err *err)
{
	struct lf_timeline_behind *x = lf_list_push(&t->behind);

	if (x == NULL || (x->locator = lf_arena_strndup(&t->arena, b->locator, b->len)) == NULL)
		return lf_err_nomem(err);
	x->present = present;
	return 0;
}

/* Takes a batch in. */
static int
deliver(void *arg, void *product, uint32_t present, struct lf_err *err)
{
	struct lf_timeline *t = arg;
	struct lf_batch *b = product;
	int rc = 0;

	t->summary.objects += b->held_events;
	t->filtered += b->filtered;
	t->partial |= b->partial;
	if (b->problem != NULL)
		rc = lf_timeline_skip(t, b->locator, b->len, b->problem, err);
	else if (b->further && present != LF_NONE)
		rc = keep_behind(t, b, present, err);
	if (rc == 0 && b->issues.len > 0)
		rc = lf_lineage_add(t->lineage, b->issues.data, b->issues.len, present, err);
	if (rc == 0 && b->further_issues.len > 0)
		rc = lf_lineage_add(t->lineage, b->further_issues.data, b->further_issues.len, LF_NONE, err);
	if (rc == 0 && b->rows.len > 0) {
		rc = number_rows(t, b, present, err);
		if (rc == 0)
			rc = lf_sorter_add(t->rows, b->rows.data, b->rows.len, err);
		if (rc == 0)
			rc = lf_twins_add(&t->twins, b->rows.data, b->rows.len, err);
	}
	lf_collect_drop(&t->collect, b);
	return rc;
}

static int
deliver_alone(void *arg, void *product, struct lf_err *err)
{
	return deliver(arg, product, LF_NONE, err);
}

static int
work(void *arg, const struct lf_object *o, void **product, struct lf_err *err)
{
	return lf_collect_work(&((struct lf_timeline *)arg)->collect, o, product, err);
}

/* For one who joined, too. */
static int
work_both(void *arg, const struct lf_object *o, void **product, void **other, struct lf_err *err)
{
	struct lf_timeline *t = arg;

	return lf_collect_work_with(&t->collect, o, t->rider, product, other, err);
}

static void
drop(void *arg, void *product)
{
	lf_collect_drop(&((struct lf_timeline *)arg)->collect, product);
}

static uint64_t
weight(void *arg, const void *product)
{
	(void)arg;
	return lf_collect_weight(product);
}

/* One thread at a time. */
static bool
want(void *arg, uint32_t source, const char *place, size_t len, const struct lf_s3key *key)
{
	struct lf_timeline *t = arg;
	enum lf_wanted w = lf_collect_wants(&t->collect, key);

	(void)source;
	(void)place;
	(void)len;
	t->summary.dated += w == LF_DATED;
	return w == LF_WANTED;
}

/* With all that is named as a digest, of whatever shard: small, and if it holds events all the same, of any. */
static bool
want_events(void *arg, uint32_t source, const char *place, size_t len, const struct lf_s3key *key)
{
	return key->kind == LF_KEY_DIGEST || want(arg, source, place, len, key);
}

/* Reads events, and proves what they lie in. */
static int
read_proving(struct lf_timeline *t, struct lf_err *err)
{
	struct lf_two_listeners two = {{.weight = weight, .bound = WAITING_MAX, .want = want, .work = work, .deliver = deliver,
	    .drop = drop, .arg = t}, {.bound = 0}, work_both};
	struct lf_listener listener = two.a;
	struct lf_result *r;
	int rc;

	if (t->other != NULL) {
		two.b = *t->other;
		lf_listen_two(&two, &listener);
	}
	if (lf_verify_listen(t->c, false, &listener, &r, err) != 0)
		return -1;
	rc = lf_integrity_judge(t, r->proof, err);
	if (rc == 0 && t->judged != NULL)
		return t->judged(t->judged_arg, r, err);
	lf_result_free(r);
	return rc;
}

/* Reads events alone. */
static int
read_events(struct lf_timeline *t, struct lf_err *err)
{
	struct lf_reader_total *totals = calloc(t->c->n_sources + 1, sizeof(*totals));
	struct lf_reader reader = {.sources = t->c->sources, .n_sources = t->c->n_sources, .limits = t->c->limits,
	    .jobs = t->c->jobs, .weight = weight, .bound = WAITING_MAX, .unhashed = true, .want = want_events, .work = work,
	    .deliver = deliver_alone, .drop = drop, .arg = t,
	    .progress = t->c->progress, .progress_arg = t->c->progress_arg, .totals = totals};
	int rc;

	if (totals == NULL)
		return lf_err_nomem(err);
	rc = reader.progress == NULL ? 0 : lf_reader_run(&reader, LF_PASS_COUNT, err);
	if (rc == 0)
		rc = lf_reader_run(&reader, LF_PASS_ONE, err);
	for (size_t i = 0; i < t->c->n_sources && rc == 0; i++)
		if (totals[i].capped)
			rc = lf_timeline_skip(t, t->c->sources[i]->name, strlen(t->c->sources[i]->name),
			    "more than --max-total was inflated: the rest of it was not read", err);
	free(totals);
	return rc;
}

int
lf_timeline_read_case(struct lf_timeline *t, struct lf_err *err)
{
	return t->integrity || t->select.n_trails > 0 || t->other != NULL ? read_proving(t, err) : read_events(t, err);
}
