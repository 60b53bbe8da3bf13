/* What a run came to: for the report.  Counts are of finds, records and bytes. */
#ifndef LF_CARVE_RESULT_H
#define LF_CARVE_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "carve/find.h"
#include "carve/prove.h"
#include "carve/tally.h"

struct lf_carve_image {
	const char *name;
	uint64_t size;
	int64_t mtime;
	bool hashed;
	unsigned char sha256[LF_SHA256_LEN];
	struct lf_area *bad;
	size_t n_bad;
	struct lf_tally tally;
};

/* The same eventID with different content, all of them kept. */
struct lf_carve_conflict {
	const char *event_id;
	uint64_t versions;
};

struct lf_carve_result {
	struct lf_carve_image *images;
	size_t n_images;
	uint64_t finds[LF_CARVE_STATES][LF_CARVE_KINDS];
	uint64_t bytes[LF_CARVE_STATES];   /* of content */
	uint64_t locations, records, duplicates; /* records: unique; duplicates: further places of the same */
	int64_t first, last;               /* eventTime of records */
	struct lf_carve_conflict *conflicts;
	size_t n_conflicts;
	struct lf_carve_proof proof;
	bool proved;                       /* digests were given, or carved */
	bool keys;                         /* and keys */
	struct lf_arena strings;
};

#endif
