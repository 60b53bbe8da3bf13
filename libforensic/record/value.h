/* JSON values inside a record, looked at where they stand. */
#ifndef LF_RECORD_VALUE_H
#define LF_RECORD_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"
#include "record/scan.h"

/* One value.  text: of a string what is between the quotes, escapes as they stand; else all of it. */
struct lf_value {
	enum lf_token token; /* its first; LF_TOKEN_ERROR where there is none, which null is, too */
	bool escaped;
	struct lf_slice text;
};

static inline bool
lf_value_is_there(const struct lf_value *v)
{
	return v->token != LF_TOKEN_ERROR;
}

/* The value that a whole text is; none when it is broken. */
struct lf_value lf_value_of(struct lf_slice json);

/*
 * The members of an object that have names, in one pass; of two that have one name the last.  Others are none, and all
 * are when the value is no object or is broken.
 */
void lf_value_members(const struct lf_value *object, const struct lf_scan_name *names, size_t n, struct lf_value *out);

/* The value at a path of members, "a/b/c". */
struct lf_value lf_value_at(const struct lf_value *object, const char *path);

/* The elements of an array; anything else that is there is taken for an array of itself, as XML made JSON has it. */
struct lf_items {
	struct lf_scan scan;
	struct lf_value alone;
};
void lf_items_start(struct lf_items *i, const struct lf_value *v);
bool lf_items_next(struct lf_items *i, struct lf_value *out);

/* Whether it is a string that says text; whether an element of it is. */
bool lf_value_is(const struct lf_value *v, const char *text);
bool lf_value_has(const struct lf_value *v, const char *text);

/* Whether it is the literal, or the same word as a string. */
bool lf_value_true(const struct lf_value *v);
bool lf_value_false(const struct lf_value *v);

/* Whether there is neither text nor element nor member in it. */
bool lf_value_empty(const struct lf_value *v);

/* A number of days and the like, as a number or a string of at most 9 digits; -1 when it is none. */
long lf_value_count(const struct lf_value *v);

#endif
