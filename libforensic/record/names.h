/*
 * Millions of names kept small: the folders of an object are written down once, its minute and random part in
 * 24 bytes.  A name that does not follow the grammar is kept whole.
 */
#ifndef LF_RECORD_NAMES_H
#define LF_RECORD_NAMES_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/index.h"
#include "base/list.h"
#include "record/s3key.h"

struct lf_name {
	uint32_t group;  /* of the table */
	uint32_t minute; /* minutes since 1970, or the length of an odd name */
	char rest[16];   /* the random part, or a pointer to an odd name */
};

/* What all names of a group share. */
struct lf_name_group {
	const char *scope;   /* bucket of a listed object, NULL for a place in the evidence */
	uint32_t source;     /* of a place in the evidence */
	const char *folder;  /* path up to the year, with the last '/' */
	const char *account; /* "" when unknown */
	const char *region;  /* "" when unknown */
	const char *org;     /* "" without */
	enum lf_log_class log_class;
	enum lf_key_kind kind;
	bool odd;
};

struct lf_names {
	struct lf_list groups;
	struct lf_index by_folder;
	uint32_t last; /* the group that was found or added last */
	struct lf_arena arena;
};

int lf_names_init(struct lf_names *n, struct lf_err *err) __attribute__((warn_unused_result));
void lf_names_free(struct lf_names *n);

/* Keeps path under scope (copied; NULL with a source for places).  key is path read by lf_s3key_read(). */
int lf_names_add(struct lf_names *n, const char *scope, uint32_t source, const char *path, size_t len,
    const struct lf_s3key *key, struct lf_name *out, struct lf_err *err) __attribute__((warn_unused_result));

const struct lf_name_group *lf_names_group(const struct lf_names *n, const struct lf_name *name);

/* Appends the path as it was given. */
void lf_names_path(const struct lf_names *n, const struct lf_name *name, struct lf_buf *out);

/* Compares scope and path as bytes; 0 for equal ones. */
int lf_names_cmp(const struct lf_names *n, const struct lf_name *a, const struct lf_name *b);

/* Whether two paths, neither of them odd, are the same to the last byte from the date folders on. */
bool lf_names_alike(const struct lf_names *n, const struct lf_name *a, const struct lf_name *b);

/* The time in the name, or LF_TIME_NONE. */
int64_t lf_names_stamp(const struct lf_names *n, const struct lf_name *name);

#endif
