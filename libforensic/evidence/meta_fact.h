/*
 * What S3 object metadata says of one object, as far as proof needs it (trail-evidence(7), METADATA), for evidence/meta
 * only.
 */
#ifndef LF_EVIDENCE_META_FACT_H
#define LF_EVIDENCE_META_FACT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

/* s is NULL for what is not said; valid during the call that hands it over. */
struct lf_meta_fact {
	struct lf_slice bucket;
	struct lf_slice key; /* absent when the form names no object: the file's name does */
	struct lf_slice signature, algorithm, backfill;
};

/* The field of f that a name stands for, without regard to case and to an x-amz-meta- in front; or NULL. */
struct lf_slice *lf_meta_field(struct lf_meta_fact *f, const char *name, size_t len);

/* Whether f says any of what proof needs. */
bool lf_meta_says(const struct lf_meta_fact *f);

#endif
