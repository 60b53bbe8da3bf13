#include "timeline/harvest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/digest.h"
#include "timeline/contents.h"

/* ---- Scribes ---- */

static void
scribe_free(struct lf_scribe *s)
{
	if (s == NULL)
		return;
	lf_envelope_free(s->envelope);
	lf_inflater_free(s->inflater);
	lf_canonical_free(s->canonical);
	lf_buf_free(&s->values);
	lf_buf_free(&s->scratch);
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
	lf_buf_init(&s->scratch);
	lf_buf_init(&s->raw);
	if ((s->envelope = lf_envelope_new(err)) == NULL) {
		scribe_free(s);
		return NULL;
	}
	return s;
}

int
lf_scribes_init(struct lf_scribes *p, struct lf_err *err)
{
	p->idle = NULL;
	p->free_own = NULL;
	if (pthread_mutex_init(&p->lock, NULL) != 0)
		return lf_err_set(err, "a lock cannot be made");
	return 0;
}

void
lf_scribes_free(struct lf_scribes *p)
{
	struct lf_scribe *s;

	while ((s = p->idle) != NULL) {
		p->idle = s->next;
		if (s->own != NULL)
			p->free_own(s->own);
		scribe_free(s);
	}
	pthread_mutex_destroy(&p->lock);
}

struct lf_scribe *
lf_scribes_borrow(struct lf_scribes *p, struct lf_err *err)
{
	struct lf_scribe *s;

	pthread_mutex_lock(&p->lock);
	if ((s = p->idle) != NULL)
		p->idle = s->next;
	pthread_mutex_unlock(&p->lock);
	return s != NULL ? s : scribe_new(err);
}

void
lf_scribes_return(struct lf_scribes *p, struct lf_scribe *s)
{
	if (s == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	s->next = p->idle;
	p->idle = s;
	pthread_mutex_unlock(&p->lock);
}

/* ---- What could not be read ---- */

/* Says what a text held besides readable records; the first trouble of an object is told in full. */
static int
note_damage(char **problem, const struct lf_damage *d, struct lf_err *err)
{
	char text[512];

	if (*problem != NULL || d->problem == NULL)
		return 0;
	if (d->places > 0)
		snprintf(text, sizeof(text), "damaged in %llu places, %llu bytes without a readable record; the first at byte %zu of "
		    "the content: %s", (unsigned long long)d->places, (unsigned long long)d->lost, d->at, d->problem);
	else if (d->strangers > 0)
		snprintf(text, sizeof(text), "%llu values that are no CloudTrail records; the first at byte %zu of the content: %s",
		    (unsigned long long)d->strangers, d->at, d->problem);
	else if (d->uneven > 0)
		snprintf(text, sizeof(text), "%llu lines of CSV that do not fit their header; the first at byte %zu of the content: %s",
		    (unsigned long long)d->uneven, d->at, d->problem);
	else
		snprintf(text, sizeof(text), "%llu records with a name that stands there twice (the last was taken); the first at byte "
		    "%zu of the content: %s", (unsigned long long)d->duplicates, d->at, d->problem);
	*problem = strdup(text);
	return *problem == NULL ? lf_err_nomem(err) : 0;
}

static int
set_problem(char **problem, struct lf_err *err, const char *text, size_t offset)
{
	char all[256];

	if (*problem != NULL)
		return 0;
	snprintf(all, sizeof(all), "offset %zu: %s", offset, text);
	*problem = strdup(all);
	return *problem == NULL ? lf_err_nomem(err) : 0;
}

/* ---- Events ---- */

/* The events of one text, the first of which has the number *first; moves that on. */
static int
take_text(struct lf_scribe *s, const struct lf_harvest *h, const struct lf_object *o, const char *text, size_t len, uint32_t *first,
    char **problem, struct lf_err *err)
{
	struct lf_event e;
	uint32_t n = 0;
	int rc;

	lf_envelope_start(s->envelope, text, len, h->seed);
	lf_envelope_beside(s->envelope, o->beside);
	while ((rc = lf_envelope_next(s->envelope, &e)) == 1) {
		n = (uint32_t)lf_envelope_index(s->envelope);
		if (h->take(h->arg, s, &e, *first + n++, err) != 0)
			return -1;
	}
	*first += n;
	return rc < 0 ? lf_err_nomem(err) : note_damage(problem, lf_envelope_damage(s->envelope), err);
}

static int
take_contents(struct lf_scribe *s, const struct lf_object *o, const struct lf_harvest *h, char **problem, struct lf_err *err)
{
	struct lf_contents t;
	const char *text;
	uint32_t first = 0;
	size_t len;
	int rc;

	lf_contents_start(&t, o, h->max_object, &s->inflater);
	while ((rc = lf_contents_next(&t, &text, &len, err)) == 1) {
		s->further = t.further;
		if (take_text(s, h, o, text, len, &first, problem, err) != 0)
			return -1;
	}
	if (rc < 0)
		return -1;
	if (t.problem == NULL)
		return 0;
	free(*problem); /* that the container is damaged says more than where its content breaks off */
	*problem = NULL;
	return set_problem(problem, err, t.problem, t.offset);
}

/*
 * Whether what is nothing known, or something else than events by its name or its first value, holds events all the
 * same: 1, 0, -1 when memory is out.
 */
static int
holds_events(struct lf_scribe *s, const struct lf_object *o, const struct lf_harvest *h, struct lf_err *err)
{
	struct lf_contents t;
	const char *text;
	size_t len;
	int rc;

	lf_contents_start(&t, o, h->max_object, &s->inflater);
	while ((rc = lf_contents_next(&t, &text, &len, err)) == 1)
		if (lf_envelope_hints(text, len))
			return 1;
	return rc;
}

static int
take_unknown(const struct lf_object *o, char **problem, struct lf_err *err)
{
	char text[256];

	if (o->gz.state != LF_GZIP_PLAIN && o->gz.state != LF_GZIP_WHOLE)
		return set_problem(problem, err, lf_gzip_state_text(o->gz.state), o->gz.offset);
	if (o->kind == LF_KIND_LAKE_RESULT)
		snprintf(text, sizeof(text), "a CloudTrail Lake query result, whose columns are the query's: not read as events");
	else if (lf_looks_like_archive(o->gz.data, o->gz.len))
		snprintf(text, sizeof(text), "an archive inside a folder or archive: name it as evidence of its own");
	else
		snprintf(text, sizeof(text), "no CloudTrail events: %s", o->magic != NULL && o->gz.data != NULL
		    ? lf_magic_describe(o->magic, o->gz.data, o->gz.len) : "unknown");
	*problem = strdup(text);
	return *problem == NULL ? lf_err_nomem(err) : 0;
}

/* Whether an object has no more of a digest than the name. */
static bool
is_no_digest(const struct lf_object *o)
{
	return o->kind == LF_KIND_DIGEST && o->gz.data != NULL && !lf_digest_sniff((const char *)o->gz.data, o->gz.len);
}

/* Whether an object is read as a text that may hold events: 1, 0, -1.  One of another service was looked at already. */
static int
is_read(struct lf_scribe *s, const struct lf_object *o, const struct lf_harvest *h, struct lf_err *err)
{
	if (lf_looks_like_archive(o->gz.data, o->gz.len) || o->kind == LF_KIND_LAKE_RESULT)
		return 0;
	if (o->kind == LF_KIND_LOG || o->kind == LF_KIND_EVENTS || o->key.kind == LF_KEY_LOG || is_no_digest(o))
		return 1;
	return o->key.kind == LF_KEY_FOREIGN ? 0 : holds_events(s, o, h, err);
}

/* Whether nothing is said of an object that is not read: it is known to be something else. */
static bool
is_other(const struct lf_object *o)
{
	if (o->kind == LF_KIND_DIGEST || o->kind == LF_KIND_LAKE_SIGN)
		return true;
	return o->kind != LF_KIND_UNKNOWN && o->kind != LF_KIND_LAKE_RESULT && !lf_looks_like_archive(o->gz.data, o->gz.len);
}

int
lf_harvest_object(struct lf_scribe *s, const struct lf_object *o, const struct lf_harvest *h, char **problem,
    struct lf_err *err)
{
	int rc;

	*problem = NULL;
	if (o->problem != NULL) {
		*problem = strdup(o->problem);
		return *problem == NULL ? lf_err_nomem(err) : 0;
	}
	if (o->gz.state == LF_GZIP_TOO_LARGE || o->gz.state == LF_GZIP_RATIO)
		return set_problem(problem, err, lf_gzip_state_text(o->gz.state), o->gz.offset);
	rc = is_read(s, o, h, err);
	if (rc == 0 && !is_other(o) && !(o->carved && o->item->stored.len == 0))
		rc = take_unknown(o, problem, err);
	return rc > 0 ? take_contents(s, o, h, problem, err) : rc;
}
