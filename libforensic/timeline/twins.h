/*
 * The same event twice (trail-timeline(1), "How it is done"): records that share eventID and recipientAccountId.  Equal
 * ones are duplicates, whatever their times say; others are a conflict.  Memory is bounded by sorting, and by the
 * number of conflicts.
 */
#ifndef LF_TIMELINE_TWINS_H
#define LF_TIMELINE_TWINS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/index.h"
#include "base/seed.h"
#include "timeline/row.h"
#include "timeline/sort.h"

/*
 * A record that shares its id with others which differ from it, as far as lf_row.content can tell; of equal ones the
 * first.
 */
struct lf_twin {
	uint64_t id[2];       /* keyed hash of eventID and account: equal for one event */
	uint64_t content;     /* of the row */
	uint32_t object, record;
	/* after lf_twins_settle(): equal for equal versions, numbered from 0 in the order of objects and records */
	uint32_t version;
	bool valued;          /* value is known */
	bool conflict;        /* after lf_twins_settle(): the event has other versions */
	unsigned char value[LF_SHA256_LEN]; /* hash of the record as a JSON value */
};

struct lf_twins {
	struct lf_sorter *ids;     /* until they are found */
	struct lf_seed seeds[2];
	struct lf_twin *list;      /* n, by object and record; once found */
	size_t n, cap;
	struct lf_index by_content; /* of list, by id and content */
	bool settled;
};

/* fd in folder (closed by twins, also when this fails), memory and jobs are for sorting. */
int lf_twins_init(struct lf_twins *t, const struct lf_seed *seed, uint64_t memory, int fd, const char *folder, unsigned jobs,
    struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_twins_free(struct lf_twins *t);

/* Notes the rows (packed one after another, their object set).  Those without an eventID have no twins. */
int lf_twins_add(struct lf_twins *t, const void *rows, size_t len, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/* All are noted: fills list.  Records made of a CSV's line are not listed: timeline/partial compares them. */
int lf_twins_find(struct lf_twins *t, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/*
 * Whether an object holds listed twins: it must be read again, and value set for each of them (lf_twins_at(), NULL for
 * a record that is not listed).  Many threads at once, each at records of its own.
 */
bool lf_twins_want(const struct lf_twins *t, uint32_t object);
struct lf_twin *lf_twins_at(const struct lf_twins *t, uint32_t object, uint32_t record);

/* Values are known (a record that could not be read again counts as different from all): numbers the versions. */
int lf_twins_settle(struct lf_twins *t, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/*
 * The version of a row among those of its event, and whether there is more than one: 0 and no where it has no other.
 * Many threads at once.
 */
uint32_t lf_twins_version(const struct lf_twins *t, const struct lf_row *r, bool *conflict);

#endif
