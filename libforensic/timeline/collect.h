/* From an object to rows: what a worker of the one pass does for a timeline. */
#ifndef LF_TIMELINE_COLLECT_H
#define LF_TIMELINE_COLLECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/seed.h"
#include "record/columns.h"
#include "record/filter.h"
#include "record/reader.h"
#include "record/select.h"
#include "timeline/harvest.h"

/* What is wanted of every object.  Not changed while workers run. */
struct lf_collect {
	const struct lf_filter *filter;
	const struct lf_select *select; /* accounts, regions, times and shard hold for events, too */
	struct lf_seed seed;
	bool raw;     /* rows keep the record, */
	bool digest;  /* or its SHA-256 as a JSON value in hexadecimal, where others may share its eventID */
	bool lineage; /* issued sessions are noted */
	uint64_t max_object;
	struct lf_scribes scribes;
};

int lf_collect_init(struct lf_collect *c, struct lf_err *err) __attribute__((warn_unused_result));
void lf_collect_free(struct lf_collect *c);

/* The rows of one object. */
struct lf_batch {
	struct lf_buf rows;    /* struct lf_row, one after another; their object is not set yet */
	struct lf_buf issues;  /* of lf_lineage_extract() */
	struct lf_buf further_issues; /* the same of gzip members behind the first */
	uint64_t n, filtered;  /* rows, and events that were not wanted */
	bool held_events, partial; /* partial: there are rows with LF_ROW_PARTIAL */
	bool further;          /* read to its end, and there are gzip members behind the first */
	uint64_t content;      /* seeded hash of the stored bytes */
	char *problem;         /* what could not be read of it, or NULL */
	uint32_t source;
	size_t len, place;     /* of locator, and the offset of place in it */
	char locator[];
};

/* For struct lf_reader and struct lf_listener, many threads at once; arg is the struct lf_collect.  *product is a
 * struct lf_batch. */
int lf_collect_work(void *arg, const struct lf_object *o, void **product, struct lf_err *err);
/* The same, with somebody who rides along and whose product *ridden gets; rider may be NULL. */
int lf_collect_work_with(struct lf_collect *c, const struct lf_object *o, const struct lf_rider *rider, void **product, void **ridden,
    struct lf_err *err) __attribute__((warn_unused_result));
void lf_collect_drop(void *arg, void *product);

/* The bytes that a batch takes. */
uint64_t lf_collect_weight(const struct lf_batch *b);

/*
 * Whether an object may hold events that are wanted: by the time in its name, and by its shard unless
 * sessions are asked for: the calls that issued them may lie in any.  Not by the account and region there, for what
 * a name says of the events inside is not proved.
 */
enum lf_wanted { LF_WANTED, LF_UNWANTED, LF_DATED };
enum lf_wanted lf_collect_wants(const struct lf_collect *c, const struct lf_s3key *key);

/*
 * Whether an event belongs to the run: by its own account and region, else those that its object's key states, and its
 * time.  One without a time may be of any.
 */
bool lf_collect_selects(const struct lf_select *s, const struct lf_s3key *key, const struct lf_values *v);

#endif
