/*
 * One record and the places where it was found, gathered from sorted items: a line of records.jsonl.  Of one eventID
 * there may be several: different values, each a version, and behind them what is known of it where it is incomplete.
 */
#ifndef LF_CARVE_VERSIONS_H
#define LF_CARVE_VERSIONS_H

#include "base/buf.h"
#include "carve/result.h"
#include "carve/work.h"

struct lf_carve_versions;

struct lf_carve_versions *lf_carve_versions_new(void);
void lf_carve_versions_free(struct lf_carve_versions *v);

enum lf_carve_versions_step {
	LF_VERSIONS_PLACE,   /* another place of the version at hand, or the first item of all */
	LF_VERSIONS_VERSION, /* of the same id, another version: the one at hand is complete */
	LF_VERSIONS_ID       /* the id at hand is complete, too */
};
/* What an item is to what is at hand.  Items come by id, complete before incomplete, then by sha256. */
enum lf_carve_versions_step lf_carve_versions_step(const struct lf_carve_versions *v, const struct lf_work_record *r);
/*
 * Takes the item.  An incomplete record of an id of which there are complete ones adds its place to the last of these.
 * -1 when memory is out.
 */
int lf_carve_versions_take(struct lf_carve_versions *v, const struct lf_work_record *r, struct lf_carve_proof *proof)
    __attribute__((warn_unused_result));

/* Whether anything is at hand. */
bool lf_carve_versions_open(const struct lf_carve_versions *v);
const char *lf_carve_versions_id(const struct lf_carve_versions *v); /* 64 bytes */
const unsigned char *lf_carve_versions_sha256(const struct lf_carve_versions *v);
int64_t lf_carve_versions_time(const struct lf_carve_versions *v);
uint64_t lf_carve_versions_count(const struct lf_carve_versions *v); /* complete ones of the id at hand */
/* The line of the version at hand, without its end; counts it in result.  NULL when memory is out. */
struct lf_buf *lf_carve_versions_line(struct lf_carve_versions *v, struct lf_carve_result *result);
/* Nothing is at hand any more. */
void lf_carve_versions_reset(struct lf_carve_versions *v);

#endif
