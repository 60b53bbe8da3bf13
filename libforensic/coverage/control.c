#include "coverage/control.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "coverage/control_record.h"
#include "coverage/control_table.h"
#include "coverage/control_thing.h"

/* What settling must know of an event, beside the event. */
struct waiting {
	const char *thing;
	uint64_t cut;
	uint8_t kind; /* enum lf_thing */
};

int
lf_controls_init(struct lf_controls *c, struct lf_err *err)
{
	struct lf_list *lists[] = {&c->buckets, &c->keys, &c->roles, &c->groups, &c->topics};

	lf_list_init(&c->list, sizeof(struct lf_control));
	lf_list_init(&c->waiting, sizeof(struct waiting));
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		lf_list_init(lists[i], sizeof(const char *));
	return lf_intern_init_seeded(&c->strings, err);
}

void
lf_controls_free(struct lf_controls *c)
{
	lf_list_free(&c->list);
	lf_list_free(&c->waiting);
	lf_list_free(&c->buckets);
	lf_list_free(&c->keys);
	lf_list_free(&c->roles);
	lf_list_free(&c->groups);
	lf_list_free(&c->topics);
	lf_intern_free(&c->strings);
}

static struct lf_list *
uses(struct lf_controls *c, enum lf_thing kind)
{
	switch (kind) {
	case LF_THING_BUCKET:
		return &c->buckets;
	case LF_THING_KEY:
		return &c->keys;
	case LF_THING_ROLE:
		return &c->roles;
	case LF_THING_GROUP:
		return &c->groups;
	default:
		assert(kind == LF_THING_TOPIC);
		return &c->topics;
	}
}

static int
add_use(struct lf_controls *c, enum lf_thing kind, struct lf_slice form, struct lf_err *err)
{
	const char *text = lf_intern_n(&c->strings, form.s, form.len), **place;

	if (text == NULL || (place = lf_list_push(uses(c, kind))) == NULL)
		return lf_err_nomem(err);
	*place = text;
	return 0;
}

int
lf_controls_bucket(struct lf_controls *c, const char *bucket, struct lf_err *err)
{
	const struct lf_slice none = {NULL, 0};
	struct lf_buf form;
	int rc = 0;

	lf_buf_init(&form);
	lf_thing_put(LF_THING_BUCKET, (struct lf_slice){bucket, strlen(bucket)}, none, none, &form);
	if (form.failed)
		rc = lf_err_nomem(err);
	else if (form.len > 0)
		rc = add_use(c, LF_THING_BUCKET, (struct lf_slice){form.data, form.len}, err);
	lf_buf_free(&form);
	return rc;
}

/*
 * Of several effects that which takes most away: stops, then what ends chains, then the rest in the order of the enum.
 */
static uint8_t
weightiest(uint32_t effects)
{
	static const uint8_t first[] = {LF_EFFECT_STOP, LF_EFFECT_DELETE, LF_EFFECT_VALIDATION_OFF, LF_EFFECT_ORG_OFF,
	    LF_EFFECT_SINGLE_REGION, LF_EFFECT_NARROWED, LF_EFFECT_DELIVERY, LF_EFFECT_MOVED};

	for (size_t i = 0; i < sizeof(first); i++)
		if ((effects >> first[i] & 1) != 0)
			return first[i];
	return effects == 0 ? LF_EFFECT_NONE : (uint8_t)__builtin_ctz(effects);
}

static int
add_texts(struct lf_controls *c, const struct lf_control_record *r, struct lf_control *to, struct waiting *w)
{
	const char **places[LF_CTL_FIELDS] = {
	    [LF_CTL_SOURCE] = &to->event_source,
	    [LF_CTL_NAME] = &to->event_name,
	    [LF_CTL_ERROR] = &to->error_code,
	    [LF_CTL_ID] = &to->event_id,
	    [LF_CTL_PRINCIPAL] = &to->principal,
	    [LF_CTL_KEY] = &to->access_key,
	    [LF_CTL_IP] = &to->source_ip,
	    [LF_CTL_ACCOUNT] = &to->account,
	    [LF_CTL_REGION] = &to->region,
	    [LF_CTL_TARGET] = &to->target,
	    [LF_CTL_TRAIL] = &to->trail,
	    [LF_CTL_TRAIL_REGION] = &to->trail_region,
	    [LF_CTL_TRAIL_ACCOUNT] = &to->trail_account,
	    [LF_CTL_THING] = &w->thing,
	    [LF_CTL_DETAIL] = &to->detail,
	};

	for (size_t f = 0; f < LF_CTL_FIELDS; f++)
		if ((*places[f] = lf_intern_n(&c->strings, r->f[f].s, r->f[f].len)) == NULL)
			return -1;
	return (to->actor = lf_intern(&c->strings, "")) == NULL ? -1 : 0;
}

static int
add_event(struct lf_controls *c, const struct lf_control_record *r, unsigned integrity, struct lf_err *err)
{
	struct lf_control *to = lf_list_push(&c->list);
	struct waiting *w = lf_list_push(&c->waiting);

	if (to == NULL || w == NULL || add_texts(c, r, to, w) != 0)
		return lf_err_nomem(err);
	to->time = r->head.time;
	to->effects = r->head.effects;
	to->effect = weightiest(r->head.effects);
	to->owner = r->head.owner;
	to->impairs = r->head.impairs;
	to->effective = r->head.effective;
	to->integrity = (uint8_t)integrity;
	to->class_name = lf_control_row_at(r->head.row)->class_name;
	w->cut = r->head.cut;
	w->kind = r->head.thing;
	return 0;
}

int
lf_controls_add(struct lf_controls *c, const void *bytes, size_t len, unsigned integrity, struct lf_err *err)
{
	const char *at = bytes;
	struct lf_control_record r;
	int rc = 0;

	while (rc == 0 && lf_control_take(&at, &len, &r)) {
		if (r.head.is_use)
			rc = add_use(c, (enum lf_thing)r.head.thing, r.f[LF_CTL_THING], err);
		else
			rc = add_event(c, &r, integrity, err);
	}
	return rc;
}

/* ---- Settling ---- */

static int
cmp_texts(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;

	return x == y ? 0 : strcmp(x, y);
}

/* Sorts a list of interned strings, and keeps one of each. */
static int
sort_uses(struct lf_list *l, struct lf_err *err)
{
	const char **flat, **place;
	uint32_t n = l->n, i;
	int rc = 0;

	if (n < 2)
		return 0;
	if ((flat = malloc(n * sizeof(*flat))) == NULL)
		return lf_err_nomem(err);
	for (i = 0; i < n; i++)
		flat[i] = *(const char **)lf_list_at(l, i);
	qsort(flat, n, sizeof(*flat), cmp_texts);
	lf_list_free(l);
	for (i = 0; i < n && rc == 0; i++) {
		if (i > 0 && flat[i] == flat[i - 1])
			continue;
		if ((place = lf_list_push(l)) == NULL)
			rc = lf_err_nomem(err);
		else
			*place = flat[i];
	}
	free(flat);
	return rc;
}

static bool
is_used(const struct lf_list *l, const char *thing)
{
	uint32_t low = 0, high = l->n, mid;
	const char *at;

	while (low < high) {
		mid = low + (high - low) / 2;
		at = *(const char **)lf_list_at(l, mid);
		if (at == thing)
			return true;
		if (strcmp(at, thing) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

static int
cmp_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* What events say, in the order in which they are told. */
static int
cmp_said(const struct lf_control *a, const struct lf_control *b)
{
	const char *const x[] = {a->account, a->region, a->event_id, a->event_source, a->event_name, a->error_code,
	    a->principal, a->access_key, a->source_ip, a->target, a->trail, a->trail_region, a->trail_account, a->detail,
	    a->class_name};
	const char *const y[] = {b->account, b->region, b->event_id, b->event_source, b->event_name, b->error_code,
	    b->principal, b->access_key, b->source_ip, b->target, b->trail, b->trail_region, b->trail_account, b->detail,
	    b->class_name};
	int order = 0;

	for (size_t i = 0; i < sizeof(x) / sizeof(x[0]) && order == 0; i++)
		order = cmp_texts(&x[i], &y[i]);
	return order;
}

/* All that was added, by number. */
static int
cmp_events(const struct lf_controls *c, uint32_t i, uint32_t j)
{
	const struct lf_control *a = lf_list_at(&c->list, i), *b = lf_list_at(&c->list, j);
	const struct waiting *v = lf_list_at(&c->waiting, i), *w = lf_list_at(&c->waiting, j);
	int order = (a->time > b->time) - (a->time < b->time);

	if (order == 0)
		order = cmp_said(a, b);
	if (order == 0)
		order = cmp_texts(&v->thing, &w->thing);
	if (order == 0)
		order = cmp_numbers(a->effects, b->effects);
	if (order == 0)
		order = a->owner - b->owner;
	if (order == 0)
		order = a->impairs - b->impairs;
	if (order == 0)
		order = a->effective - b->effective;
	return order != 0 ? order : cmp_numbers(v->cut, w->cut);
}

static int
cmp_sorting(const void *a, const void *b, void *controls)
{
	return cmp_events(controls, *(const uint32_t *)a, *(const uint32_t *)b);
}

/* The numbers of the events that count; *n how many. */
static uint32_t *
wanted(struct lf_controls *c, uint32_t *n)
{
	uint32_t *list = malloc(((size_t)c->list.n + 1) * sizeof(*list));

	*n = 0;
	for (uint32_t i = 0; list != NULL && i < c->list.n; i++) {
		const struct waiting *w = lf_list_at(&c->waiting, i);
		if (w->kind == LF_THING_NONE || is_used(uses(c, (enum lf_thing)w->kind), w->thing))
			list[(*n)++] = i;
	}
	return list;
}

/* Copies the events in their order, of equal ones the one of best integrity. */
static int
gather(struct lf_controls *c, const uint32_t *order, uint32_t n, struct lf_list *out)
{
	struct lf_control *last = NULL;

	for (uint32_t i = 0; i < n; i++) {
		const struct lf_control *from = lf_list_at(&c->list, order[i]);
		if (i > 0 && cmp_events(c, order[i - 1], order[i]) == 0) {
			if (from->integrity < last->integrity)
				last->integrity = from->integrity;
			continue;
		}
		if ((last = lf_list_push(out)) == NULL)
			return -1;
		*last = *from;
	}
	return 0;
}

int
lf_controls_settle(struct lf_controls *c, struct lf_err *err)
{
	struct lf_list out;
	uint32_t *order, n;
	int rc;

	for (enum lf_thing kind = LF_THING_BUCKET; kind < LF_THINGS; kind++)
		if (sort_uses(uses(c, kind), err) != 0)
			return -1;
	lf_list_init(&out, sizeof(struct lf_control));
	order = wanted(c, &n);
	if (order != NULL && n > 1)
		qsort_r(order, n, sizeof(*order), cmp_sorting, c);
	rc = order == NULL || gather(c, order, n, &out) != 0 ? lf_err_nomem(err) : 0;
	free(order);
	lf_list_free(rc == 0 ? &c->list : &out);
	if (rc == 0) {
		c->list = out;
		lf_list_free(&c->waiting);
	}
	return rc;
}
