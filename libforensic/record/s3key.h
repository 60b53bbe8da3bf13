/*
 * The S3 keys of CloudTrail's objects (trail-evidence(7), OBJECT KEYS; AWS CloudTrail user guide, "Finding your
 * CloudTrail log files"), read from any path that ends in one.
 */
#ifndef LF_RECORD_S3KEY_H
#define LF_RECORD_S3KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

enum lf_key_kind {
	LF_KEY_NONE,    /* not a name of CloudTrail's */
	LF_KEY_DIGEST,
	LF_KEY_LOG,
	LF_KEY_LAKE,    /* below CloudTrail-Lake/ */
	LF_KEY_FOREIGN  /* AWSLogs/ACCOUNT/ of another service, or a folder marker */
};

enum lf_log_class {
	LF_CLASS_CLOUDTRAIL,
	LF_CLASS_INSIGHT,
	LF_CLASS_NETWORK,
	LF_CLASS_AGGREGATED,
	LF_CLASS_OTHER /* a folder CloudTrail-X that is not known yet */
};
#define LF_CLASSES 5

struct lf_s3key {
	enum lf_key_kind kind;
	struct lf_slice key;    /* from "AWSLogs/" on; empty when the path holds none */
	struct lf_slice prefix; /* what stands before "AWSLogs/", the slash with it */
	struct lf_slice org;    /* "o-..." or empty */
	struct lf_slice account, region; /* from the base name; digests: the region they cover */
	struct lf_slice trail, home_region; /* digests only */
	struct lf_slice base;   /* the base name */
	struct lf_slice uniq;   /* logs: the random part */
	struct lf_slice tag;    /* logs: what stands for the class in the base name */
	enum lf_log_class log_class; /* by folder where there is one, else by tag */
	bool backfill;
	bool in_place;          /* folders are there and agree with the base name */
	int64_t stamp;          /* digestEndTime of a digest, delivery minute of a log */
};

/*
 * Reads path (bytes, not NUL-terminated; slices point into it).  The folders may be cut off or absent: the
 * base name decides.  Accepted besides AWS's own spelling: ".json" for ".json.gz", any case, and other
 * characters in the place of ':' in sanitised copies.  Old log names without "_" before the random part, and
 * log names without it, are read.  Never fails: kind is LF_KEY_NONE then.
 */
void lf_s3key_read(const char *path, size_t len, struct lf_s3key *out);

/* Makes a key that was read from bytes at from one of the same bytes at to. */
void lf_s3key_move(struct lf_s3key *key, const char *from, const char *to);

/* Whether a base name looks like a digest's: decides the order of reading, never what an object is. */
bool lf_s3key_looks_digest(const char *path, size_t len);

/* A hash of the base name that is equal for names that differ in case, ".json"/".json.gz" or sanitised characters. */
uint64_t lf_s3key_base_hash(const char *path, size_t len);
/* Whether two paths have base names equal in that sense. */
bool lf_s3key_base_equal(const char *a, size_t alen, const char *b, size_t blen);

/* Whether path ends in all of key from "AWSLogs/" on, or key ends in all of path (a copy rooted inside the
 * bucket), at a '/' boundary: the object lies where its key says.  Exact bytes. */
bool lf_s3key_in_place(const char *path, size_t path_len, const char *key, size_t key_len);

const char *lf_class_name(enum lf_log_class c); /* "CloudTrail-Insight", ... */

#endif
