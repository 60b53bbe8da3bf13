/* Every event of an object, one after another, and what could not be read of it. */
#ifndef LF_TIMELINE_HARVEST_H
#define LF_TIMELINE_HARVEST_H

#include <pthread.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/seed.h"
#include "record/canonical.h"
#include "record/columns.h"
#include "record/envelope.h"
#include "record/reader.h"

/* What one thread needs for it, used again and again. */
struct lf_scribe {
	struct lf_scribe *next; /* idle */
	struct lf_envelope *envelope;
	struct lf_canonical *canonical; /* of whoever takes the events: NULL until it is needed */
	struct lf_inflater *inflater; /* of further gzip members; NULL until there are any */
	struct lf_buf values, scratch, raw; /* of whoever takes the events */
	void *own;              /* the same, what else they keep; freed by the pool's free_own() */
	bool further; /* the event at hand stands behind the first gzip member (timeline/contents.h) */
};

struct lf_scribes {
	pthread_mutex_t lock;
	struct lf_scribe *idle;
	void (*free_own)(void *own); /* NULL while nobody keeps any; to be set before the first is borrowed */
};

int lf_scribes_init(struct lf_scribes *p, struct lf_err *err) __attribute__((warn_unused_result));
void lf_scribes_free(struct lf_scribes *p);

/* A scribe for one object at a time; NULL when memory is out.  Many threads at once. */
struct lf_scribe *lf_scribes_borrow(struct lf_scribes *p, struct lf_err *err) __attribute__((warn_unused_result));
void lf_scribes_return(struct lf_scribes *p, struct lf_scribe *s);

struct lf_harvest {
	const struct lf_seed *seed; /* for the hashes of events, or NULL */
	uint64_t max_object;
	/* Takes the event with this number in the object, from 0.  Returns 0, or -1 with err filled. */
	int (*take)(void *arg, struct lf_scribe *s, const struct lf_event *e, uint32_t index, struct lf_err *err);
	void *arg;
};

/*
 * Gives every event of an object to take().  *problem gets what could not be read of it, as a sentence that is the
 * caller's to free, or NULL; objects that are no business of events (digests, keys, metadata) have none.  Returns -1
 * when memory is out or take() failed.
 */
int lf_harvest_object(struct lf_scribe *s, const struct lf_object *o, const struct lf_harvest *h, char **problem,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/*
 * Somebody else who takes the events of an object from whoever harvests it: each is read once for both.  Functions for
 * many threads at once.
 */
struct lf_rider {
	/* A product, which is the caller's also when this fails. */
	int (*begin)(void *arg, const struct lf_object *o, void **product, struct lf_err *err);
	/* v: the columns of e, which lie in s->values. */
	int (*take)(void *arg, void *product, const struct lf_scribe *s, const struct lf_event *e, const struct lf_values *v, struct lf_err *err);
	/* problem: as of lf_harvest_object(), still the harvester's; or NULL. */
	int (*end)(void *arg, void *product, const char *problem, struct lf_err *err);
	void *arg;
};

#endif
