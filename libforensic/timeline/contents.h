/*
 * The texts of an object: its content, and that of further gzip members, which Firehose leaves one behind the other.
 * Behind what has a delivered log's name such members are none of CloudTrail's making (trail-findings(7),
 * log-trailing-data): they are told as a problem instead.
 */
#ifndef LF_TIMELINE_CONTENTS_H
#define LF_TIMELINE_CONTENTS_H

#include <stdint.h>

#include "evidence/gzip.h"
#include "record/reader.h"

struct lf_contents {
	const struct lf_object *o;
	uint64_t max_object;
	struct lf_inflater **inflater; /* of further members: made when it is needed, kept by the caller */
	struct lf_gzip gz;     /* of the last text */
	size_t at;             /* where in the stored bytes the next member begins */
	bool started;
	/* the last text is of a member behind the first: what a digest says of the object is not said of it */
	bool further;
	const char *problem;   /* what was wrong with the container: static text, or NULL */
	size_t offset;         /* where, in the stored bytes */
};

void lf_contents_start(struct lf_contents *t, const struct lf_object *o, uint64_t max_object, struct lf_inflater **inflater);

/* The next text: 1, 0 at the end, -1 when memory is out.  Valid until the next call. */
int lf_contents_next(struct lf_contents *t, const char **text, size_t *len, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

#endif
