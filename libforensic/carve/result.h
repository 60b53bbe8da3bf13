/* What a run came to: for the report.  Counts are of finds, records and bytes. */
#ifndef LF_CARVE_RESULT_H
#define LF_CARVE_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/list.h"
#include "carve/find.h"
#include "carve/prove.h"
#include "carve/tally.h"

struct lf_carve_image {
	const char *name;
	uint64_t size;
	int64_t mtime;        /* LF_TIME_NONE for a stream or a device */
	bool streams;         /* read once and forwards: no joins */
	bool hashed;
	unsigned char sha256[LF_SHA256_LEN];
	struct lf_area *bad;  /* what could not be read */
	size_t n_bad;
	struct lf_tally tally;
};

/* The same eventID with different content. */
struct lf_carve_conflict {
	const char *event_id;
	uint64_t versions;
};

/* A log of which a part was carved: it may be one that a digest lists. */
struct lf_carve_part {
	const char *path;     /* "IMAGE|PATH" */
	const char *account, *region; /* of its first record, or of what is known of one; "" unknown */
	int64_t first, last;  /* eventTime, of incomplete records, too; LF_TIME_NONE */
};

struct lf_carve_result {
	struct lf_carve_image *images;
	size_t n_images;
	uint64_t finds[LF_CARVE_STATES][LF_CARVE_KINDS];
	uint64_t bytes[LF_CARVE_STATES];    /* of content */
	uint64_t records, places;           /* different ones; all places of them */
	uint64_t incomplete;                /* eventIDs of which no complete record was found */
	int64_t first, last;                /* eventTime of records; LF_TIME_NONE without */
	struct lf_list conflicts;           /* struct lf_carve_conflict, by eventID */
	struct lf_list parts;               /* struct lf_carve_part, in the order of carve.jsonl */
	struct lf_carve_proof proof;
	bool proved;                        /* digests were given, or carved */
	bool keys;                          /* and keys given */
	bool asked;                         /* evidence was given for its digests */
	struct lf_arena strings;
};

void lf_carve_result_init(struct lf_carve_result *r);
void lf_carve_result_free(struct lf_carve_result *r);

/*
 * Whether a part may be of a listed log that is not there: region and account are those of its key, and the times of
 * its records are within those that the digest states for the log ("CloudTrail digest file structure": oldestEventTime,
 * newestEventTime), or, where it states none, within the two hours before the stamp.  The account, which stands at the
 * end of a record, may be unknown where the times are stated.
 */
bool lf_carve_part_fits(const struct lf_carve_part *p, const struct lf_carve_listed *l);

#endif
