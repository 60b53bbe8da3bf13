/* The objects that rows come from: a row carries the number of its object, and this table what that is. */
#ifndef LF_TIMELINE_OBJECTS_H
#define LF_TIMELINE_OBJECTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/index.h"
#include "base/list.h"
#include "base/seed.h"
#include "evidence/source.h"
#include "record/names.h"

struct lf_timeline_object {
	struct lf_name name;   /* scope: the place in the evidence */
	uint64_t content;      /* seeded hash of the stored bytes: tells entries of one name apart */
	uint32_t present;      /* of the proof's body, LF_NONE where the object is no log or nothing is proved */
	uint8_t integrity;     /* enum lf_integrity, once all is judged */
	bool in_hole;          /* undigested, and not for coming behind the end of its chain */
	bool hidden;           /* not of a trail that was asked for */
};

struct lf_objects {
	struct lf_source *const *sources;
	struct lf_names names;
	struct lf_list rows;     /* struct lf_timeline_object, numbered in the order of the evidence */
	struct lf_index by_name; /* of those that lf_objects_index() was told of */
	struct lf_seed seed;     /* for by_name: evidence chooses the names */
	struct lf_buf path;      /* scratch of lf_objects_index() */
};

int lf_objects_init(struct lf_objects *t, struct lf_source *const *sources, struct lf_err *err)
    __attribute__((warn_unused_result));
void lf_objects_free(struct lf_objects *t);

/* Adds an object; its number is the number of rows before. */
struct lf_timeline_object *lf_objects_add(struct lf_objects *t, uint32_t source, const char *place, size_t len,
    const struct lf_s3key *key, struct lf_err *err) __attribute__((warn_unused_result));

static inline struct lf_timeline_object *
lf_objects_at(const struct lf_objects *t, uint32_t number)
{
	return lf_list_at(&t->rows, number);
}

/* Appends where an object lies.  Many threads at once. */
void lf_objects_locator(const struct lf_objects *t, uint32_t number, struct lf_buf *out);

/* Makes an object findable by its place. */
int lf_objects_index(struct lf_objects *t, uint32_t number, struct lf_err *err) __attribute__((warn_unused_result));

/* Whether an object lies at a place.  path is scratch. */
bool lf_objects_lies(const struct lf_objects *t, uint32_t number, uint32_t source, const char *place, size_t len, struct lf_buf *path);

/* The next indexed object at a place, LF_INDEX_END at the end; *cursor = 0 at first.  path is scratch. */
uint32_t lf_objects_find(const struct lf_objects *t, uint32_t source, const char *place, size_t len, size_t *cursor,
    struct lf_buf *path);

#endif
