/* What coverage takes from the objects of the one pass (coverage/coverage.h). */
#include <stdlib.h>
#include <string.h>

#include "coverage/coverage.h"

#define WAITING_MAX ((uint64_t)8 << 20) /* bytes of catches that may wait for an earlier one */

/* What a worker found in one object. */
struct catch {
	struct lf_buf controls, issues;
	struct lf_buf further_issues;
	struct lf_buf further; /* controls of gzip members behind the first, of which no digest says anything */
	uint64_t events;
	char *problem;
	size_t len; /* of locator */
	char locator[];
};

static struct catch *
new_catch(const struct lf_object *o)
{
	struct catch *k = calloc(1, sizeof(*k) + o->locator_len + 1);

	if (k == NULL)
		return NULL;
	lf_buf_init(&k->controls);
	lf_buf_init(&k->further);
	lf_buf_init(&k->further_issues);
	lf_buf_init(&k->issues);
	k->len = o->locator_len;
	memcpy(k->locator, o->locator, o->locator_len);
	return k;
}

/* Whether an event is worth the making of its columns. */
static bool
matters(const struct lf_coverage *v, const struct lf_event *e)
{
	return lf_control_may(e) || (v->lineage != NULL && lf_lineage_may(e));
}

static int
extract(const struct lf_coverage *v, struct catch *k, const struct lf_scribe *s, const struct lf_event *e, const struct lf_values *values,
    struct lf_err *err)
{
	struct lf_buf *controls = s->further ? &k->further : &k->controls;

	lf_control_extract(e, values, controls);
	if (v->lineage != NULL)
		lf_lineage_extract(e, values, s->further ? &k->further_issues : &k->issues);
	return controls->failed || k->issues.failed || k->further_issues.failed ? lf_err_nomem(err) : 0;
}

/* An object on its way into a catch. */
struct taking {
	const struct lf_coverage *v;
	struct catch *catch;
};

static int
take_event(void *arg, struct lf_scribe *s, const struct lf_event *e, uint32_t index, struct lf_err *err)
{
	const struct taking *t = arg;
	struct lf_values v;

	(void)index;
	t->catch->events++;
	if (!matters(t->v, e))
		return 0;
	return lf_values_of(e, &s->values, &v) != 0 ? lf_err_nomem(err) : extract(t->v, t->catch, s, e, &v, err);
}

static void
drop(void *arg, void *product)
{
	struct catch *k = product;

	(void)arg;
	if (k == NULL)
		return;
	lf_buf_free(&k->controls);
	lf_buf_free(&k->further);
	lf_buf_free(&k->further_issues);
	lf_buf_free(&k->issues);
	free(k->problem);
	free(k);
}

static int
work(void *arg, const struct lf_object *o, void **product, struct lf_err *err)
{
	struct lf_coverage *v = arg;
	struct catch *k = new_catch(o);
	struct taking t = {v, k};
	struct lf_harvest h = {.max_object = v->c->limits.max_object, .take = take_event, .arg = &t};
	struct lf_scribe *s;
	int rc;

	if ((*product = k) == NULL)
		return lf_err_nomem(err);
	if ((s = lf_scribes_borrow(&v->scribes, err)) == NULL)
		return -1;
	rc = lf_harvest_object(s, o, &h, &k->problem, err);
	lf_scribes_return(&v->scribes, s);
	return rc;
}

/* ... the same as who rides along with another harvest. */
static int
ride_begin(void *arg, const struct lf_object *o, void **product, struct lf_err *err)
{
	(void)arg;
	return (*product = new_catch(o)) == NULL ? lf_err_nomem(err) : 0;
}

static int
ride_take(void *arg, void *product, const struct lf_scribe *s, const struct lf_event *e, const struct lf_values *v, struct lf_err *err)
{
	struct catch *k = product;

	k->events++;
	return matters(arg, e) ? extract(arg, k, s, e, v, err) : 0;
}

static int
ride_end(void *arg, void *product, const char *problem, struct lf_err *err)
{
	struct catch *k = product;

	(void)arg;
	k->problem = problem == NULL ? NULL : strdup(problem);
	return problem != NULL && k->problem == NULL ? lf_err_nomem(err) : 0;
}

static int
keep(struct lf_coverage *v, const struct lf_buf *controls, uint32_t present, struct lf_err *err)
{
	struct lf_found *f = lf_list_push(&v->found);

	if (f == NULL)
		return lf_err_nomem(err);
	f->present = present;
	f->len = controls->len;
	f->bytes = lf_arena_strndup(&v->waiting, controls->data, controls->len);
	return f->bytes == NULL ? lf_err_nomem(err) : 0;
}

static int
deliver(void *arg, void *product, uint32_t present, struct lf_err *err)
{
	struct lf_coverage *v = arg;
	struct catch *k = product;
	int rc = 0;

	v->events += k->events;
	v->objects += k->events > 0;
	if (k->problem != NULL)
		rc = lf_skips_add(&v->skipped, k->locator, k->len, k->problem, err);
	if (rc == 0 && k->controls.len > 0)
		rc = keep(v, &k->controls, present, err);
	if (rc == 0 && k->further.len > 0)
		rc = keep(v, &k->further, LF_NONE, err);
	if (rc == 0 && k->issues.len > 0)
		rc = lf_lineage_add(v->lineage, k->issues.data, k->issues.len, present, err);
	if (rc == 0 && k->further_issues.len > 0)
		rc = lf_lineage_add(v->lineage, k->further_issues.data, k->further_issues.len, LF_NONE, err);
	drop(v, k);
	return rc;
}

/* Everything: who stopped a trail is recorded in its home region, and nobody knows when. */
static bool
want(void *arg, uint32_t source, const char *place, size_t len, const struct lf_s3key *key)
{
	(void)arg;
	(void)source;
	(void)place;
	(void)len;
	(void)key;
	return true;
}

/* The bytes that a catch takes. */
static uint64_t
weight(void *arg, const void *product)
{
	const struct catch *k = product;

	(void)arg;
	return sizeof(*k) + k->len + k->controls.cap + k->issues.cap;
}

void
lf_coverage_listener(struct lf_coverage *v, struct lf_listener *out)
{
	*out = (struct lf_listener){.weight = weight, .bound = WAITING_MAX, .want = want, .work = work, .deliver = deliver, .drop = drop, .arg = v};
}

void
lf_coverage_rider(struct lf_coverage *v, struct lf_rider *out)
{
	*out = (struct lf_rider){ride_begin, ride_take, ride_end, v};
}
