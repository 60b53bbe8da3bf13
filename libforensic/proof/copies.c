#include "proof/copies.h"

#include <string.h>

#include "base/hash.h"
#include "base/index.h"
#include "base/list.h"
#include "base/slice.h"
#include "proof/again.h"
#include "record/canonical.h"
#include "record/records.h"

/* One record, as far as copies are concerned. */
struct event {
	uint64_t id; /* hash of its eventID, 0 without */
	unsigned char value[LF_SHA256_LEN];
};

/* The distinct events of unreferenced logs, and which of them were met in verified ones. */
struct events {
	struct lf_list list;     /* struct entry */
	struct lf_list holders;  /* struct holder */
	struct lf_index by_value;
	struct lf_index ids;     /* each id once: what is worth a closer look in verified logs */
	bool meeting;            /* the second pass, over verified logs */
};
struct entry {
	unsigned char value[LF_SHA256_LEN];
	bool met;
};
struct holder { /* an unreferenced log holds an event */
	uint32_t present, entry;
};

/* The entry of an event, or LF_NONE. */
static uint32_t
entry_of(const struct events *e, const unsigned char value[LF_SHA256_LEN])
{
	size_t cursor = 0;
	uint64_t hash;
	uint32_t i;

	memcpy(&hash, value, sizeof(hash));
	while ((i = lf_index_next(&e->by_value, hash, &cursor)) != LF_INDEX_END)
		if (memcmp(((struct entry *)lf_list_at(&e->list, i))->value, value, LF_SHA256_LEN) == 0)
			return i;
	return LF_NONE;
}

/* Notes that an unreferenced log holds an event. */
static int
add_event(struct events *e, uint32_t present, const struct event *event)
{
	uint32_t i = entry_of(e, event->value);
	struct holder *h;
	struct entry *x;
	size_t cursor = 0;
	uint64_t hash;

	if (i == LF_NONE) {
		memcpy(&hash, event->value, sizeof(hash));
		if ((x = lf_list_push(&e->list)) == NULL)
			return -1;
		i = e->list.n - 1;
		memcpy(x->value, event->value, sizeof(x->value));
		if (lf_index_add(&e->by_value, hash, i) != 0)
			return -1;
	}
	if (lf_index_next(&e->ids, event->id, &cursor) == LF_INDEX_END && lf_index_add(&e->ids, event->id, i) != 0)
		return -1;
	if ((h = lf_list_push(&e->holders)) == NULL)
		return -1;
	*h = (struct holder){present, i};
	return 0;
}

static int
copy_work(void *arg, const struct lf_object *o, void **product, struct lf_err *err)
{
	struct lf_again *a = arg;
	struct events *events = a->own;
	struct lf_again_found *f = lf_again_found_new(o);
	struct lf_canonical *canonical = NULL;
	struct lf_records records;
	struct lf_event r;
	int rc = -1;

	if ((*product = f) == NULL)
		return lf_err_nomem(err);
	if (o->problem != NULL || o->gz.data == NULL)
		return 0;
	if ((canonical = lf_canonical_new(err)) == NULL)
		return -1;
	lf_records_init(&records, (const char *)o->gz.data, o->gz.len);
	while (lf_records_next(&records, &r) > 0) {
		struct lf_slice id = r.field[LF_EV_ID];
		struct event e = {.id = id.len == 0 ? 0 : lf_index_hash(id.s, id.len)};
		size_t cursor = 0;

		if (events->meeting && lf_index_next(&events->ids, e.id, &cursor) == LF_INDEX_END)
			continue;
		if (lf_canonical_hash(canonical, r.raw, e.value) != 0) {
			lf_err_nomem(err);
			goto out;
		}
		lf_buf_add(&f->list, &e, sizeof(e));
	}
	rc = f->list.failed ? lf_err_nomem(err) : 0;
out:
	lf_canonical_free(canonical);
	return rc;
}

/* Keeps the events of an unlisted log. */
static int
keep_deliver(void *arg, void *product, struct lf_err *err)
{
	struct lf_again *a = arg;
	struct events *events = a->own;
	struct lf_again_found *f = product;
	struct event e;
	int rc = 0;
	uint32_t i = lf_again_row(a, f, err, &rc);

	for (size_t at = 0; rc == 0 && i != LF_NONE && at < f->list.len; at += sizeof(e)) {
		memcpy(&e, f->list.data + at, sizeof(e));
		if (add_event(events, i, &e) != 0)
			rc = lf_err_nomem(err);
	}
	lf_again_drop(arg, f);
	return rc;
}

/* Marks the events that a verified log holds too. */
static int
meet_deliver(void *arg, void *product, struct lf_err *err)
{
	struct lf_again *a = arg;
	struct events *events = a->own;
	struct lf_again_found *f = product;
	struct event e;
	int rc = 0;
	uint32_t i = lf_again_row(a, f, err, &rc), entry;

	for (size_t at = 0; i != LF_NONE && at < f->list.len; at += sizeof(e)) {
		memcpy(&e, f->list.data + at, sizeof(e));
		if ((entry = entry_of(events, e.value)) != LF_NONE)
			((struct entry *)lf_list_at(&events->list, entry))->met = true;
	}
	lf_again_drop(arg, f);
	return rc;
}

/* The time that the unreferenced logs of one account and region span. */
struct span {
	const char *account, *region;
	int64_t oldest, newest;
};

/* These, found by account and region: there may be any number. */
struct spans {
	struct lf_list list; /* struct span */
	struct lf_index by_place;
};

static uint64_t
place_of(const char *account, const char *region)
{
	return lf_index_hash(account, strlen(account)) * 31 + lf_index_hash(region, strlen(region));
}

/* The span of an account and region, or NULL. */
static struct span *
span_of(const struct spans *s, const char *account, const char *region)
{
	uint64_t place = place_of(account, region);
	size_t cursor = 0;
	uint32_t i;

	while ((i = lf_index_next(&s->by_place, place, &cursor)) != LF_INDEX_END) {
		struct span *x = lf_list_at(&s->list, i);
		if (strcmp(x->account, account) == 0 && strcmp(x->region, region) == 0)
			return x;
	}
	return NULL;
}

/* Makes the spans of all unreferenced logs.  Returns -1 when memory is out. */
static int
make_spans(struct spans *all, const struct lf_body *b, const struct lf_unlisteds *list)
{
	for (uint32_t i = 0; i < list->list.n; i++) {
		const struct lf_unlisted *u = lf_list_at(&list->list, i);
		const struct lf_log_scan *s = lf_body_present(b, u->present)->scan;
		struct span *x;

		if (u->status != LF_L_UNREFERENCED || s == NULL || s->oldest == LF_TIME_NONE)
			continue;
		if ((x = span_of(all, u->account, u->region)) == NULL) {
			if ((x = lf_list_push(&all->list)) == NULL ||
			    lf_index_add(&all->by_place, place_of(u->account, u->region), all->list.n - 1) != 0)
				return -1;
			*x = (struct span){u->account, u->region, s->oldest, s->newest};
		}
		x->oldest = s->oldest < x->oldest ? s->oldest : x->oldest;
		x->newest = s->newest > x->newest ? s->newest : x->newest;
	}
	return 0;
}

/* Chooses the verified logs whose events may be those of unreferenced ones. */
static bool
choose_verified(struct lf_again *a, const struct spans *all)
{
	const struct lf_name_group *last = NULL;
	const struct span *x = NULL;
	bool any = false;

	for (uint32_t i = 0; i < a->b->listed.n; i++) {
		const struct lf_listed_row *l = lf_body_listed(a->b, i);
		const struct lf_name_group *g = lf_names_group(&a->b->names, &l->name);

		if (l->status != LF_L_VERIFIED || l->duplicate || l->newest == 0)
			continue;
		x = g == last ? x : span_of(all, g->account, g->region);
		last = g;
		if (x == NULL || (int64_t)l->newest < x->oldest || (int64_t)l->oldest > x->newest)
			continue;
		a->chosen[l->present] = 1;
		any = true;
	}
	return any;
}

/*
 * An unlisted log is a copy when every one of its records was met, and it has some, and they could be read to look for
 * them.
 */
static void
conclude(struct lf_again *a, struct lf_unlisteds *list)
{
	const struct events *events = a->own;

	memset(a->chosen, 1, a->b->present.n);
	for (uint32_t j = 0; j < events->holders.n; j++)
		a->chosen[((const struct holder *)lf_list_at(&events->holders, j))->present] = 0;
	for (uint32_t j = 0; j < events->holders.n; j++) {
		const struct holder *h = lf_list_at(&events->holders, j);
		if (!((struct entry *)lf_list_at(&events->list, h->entry))->met)
			a->chosen[h->present] = 1;
	}
	for (uint32_t i = 0; i < list->list.n; i++) {
		struct lf_unlisted *u = lf_list_at(&list->list, i);
		const struct lf_log_scan *s = lf_body_present(a->b, u->present)->scan;

		u->copy = u->status == LF_L_UNREFERENCED && s != NULL && s->n > 0 && s->problem == NULL &&
		    s->mismatch == NULL && a->chosen[u->present] == 0;
	}
}

static int
copies(struct lf_again *a, struct lf_unlisteds *list, struct lf_reader *reader, struct lf_err *err)
{
	bool any = false;
	struct spans all;
	int rc = -1;

	for (uint32_t i = 0; i < list->list.n; i++) {
		const struct lf_unlisted *u = lf_list_at(&list->list, i);

		a->chosen[u->present] = u->status == LF_L_UNREFERENCED;
		any |= u->status == LF_L_UNREFERENCED;
	}
	if (!any)
		return 0;
	if (lf_again_run(a, reader, copy_work, keep_deliver, err) != 0)
		return -1;
	((struct events *)a->own)->meeting = true;
	memset(a->chosen, 0, a->b->present.n);
	lf_list_init(&all.list, sizeof(struct span));
	lf_index_init(&all.by_place);
	if (make_spans(&all, a->b, list) != 0)
		rc = lf_err_nomem(err);
	else if (!choose_verified(a, &all) || lf_again_run(a, reader, copy_work, meet_deliver, err) == 0)
		rc = 0;
	lf_list_free(&all.list);
	lf_index_free(&all.by_place);
	if (rc == 0)
		conclude(a, list);
	return rc;
}

int
lf_copies_find(struct lf_body *b, struct lf_unlisteds *list, struct lf_reader *reader, struct lf_err *err)
{
	struct events events = {.meeting = false};
	struct lf_again a;
	int rc = -1;

	lf_list_init(&events.list, sizeof(struct entry));
	lf_list_init(&events.holders, sizeof(struct holder));
	lf_index_init(&events.by_value);
	lf_index_init(&events.ids);
	if (lf_again_init(&a, b, err) == 0) {
		a.own = &events;
		rc = copies(&a, list, reader, err);
	}
	lf_again_free(&a);
	lf_list_free(&events.list);
	lf_list_free(&events.holders);
	lf_index_free(&events.by_value);
	lf_index_free(&events.ids);
	return rc;
}
