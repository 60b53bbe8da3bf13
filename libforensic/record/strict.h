/*
 * Reading a signed JSON document, whose form is known, strictly: every doubt makes it malformed, with the offset and
 * the rule in the problem.  For digests and for signature files of CloudTrail Lake.
 */
#ifndef LF_RECORD_STRICT_H
#define LF_RECORD_STRICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/intern.h"
#include "record/scan.h"

struct lf_strict {
	struct lf_scan scan;
	struct lf_arena *arena;   /* keeps strings; the caller's */
	const char *rule;         /* where the form is written down */
	struct lf_buf text;       /* the last string, when it held escapes */
	struct lf_intern unknown; /* names of the document's own members that are not known */
	char *problem;            /* written when something is wrong */
	size_t problem_size;
	bool nomem;
};

void lf_strict_init(struct lf_strict *s, const char *text, size_t len, struct lf_arena *arena, const char *rule,
    char *problem, size_t problem_size);
void lf_strict_free(struct lf_strict *s);

/* What is wrong: each returns false, so that a function can return it. */
bool lf_strict_malformed(struct lf_strict *s, size_t at, const char *what, const char *how);
bool lf_strict_wrong_type(struct lf_strict *s, const char *name, enum lf_token token);
bool lf_strict_nomem(struct lf_strict *s);

/* The last string with its escapes resolved, valid until the next call; refuses U+0000. */
bool lf_strict_string(struct lf_strict *s, const char **text, size_t *len);
/* The same, kept in the arena. */
bool lf_strict_keep(struct lf_strict *s, const char **out);

/* Enters the document, which must be an object; *name is what to call it in the problem. */
bool lf_strict_enter(struct lf_strict *s, const char *name);

/*
 * The next member of an object that is one of names: 1 with its place in names and the first token of its value, 0 at
 * the end of the object, -1 when something is wrong.  Passes over others.  Refuses a name that stands there already,
 * which seen (clear it first) remembers; in the document itself that goes for names that are not known, too.
 */
int lf_strict_member(struct lf_strict *s, const struct lf_scan_name *names, size_t n, uint32_t *seen, size_t *which,
    enum lf_token *value);

/* Whether all names but those whose bits are set in optional were seen; at is for the problem. */
bool lf_strict_required(struct lf_strict *s, const struct lf_scan_name *names, size_t n, uint32_t seen, uint32_t optional,
    size_t at);

/* Whether nothing but white space is left. */
bool lf_strict_end(struct lf_strict *s);

#endif
