/* Who stands at the root of each key and session name, worked out from the calls that issued them. */
#ifndef LF_TIMELINE_ROOTS_H
#define LF_TIMELINE_ROOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "timeline/calls.h"
#include "timeline/forest.h"

enum lf_root_how {
	LF_ROOT_UNTOLD,    /* nothing is known of it */
	LF_ROOT_PRINCIPAL, /* who is at the root */
	LF_ROOT_MISSING,   /* the record that issued a session is not there */
	LF_ROOT_FOREIGN,   /* only the target account's record is there */
	LF_ROOT_CIRCLE
};

/* Who stands behind a key or a session's name.  Numbers are of texts. */
struct lf_root {
	int64_t since;      /* when it was issued: it explains nothing before; LF_TIME_NONE: unknown */
	uint32_t at;        /* MISSING, FOREIGN: the key nobody issued; CIRCLE: the first in it by text */
	uint32_t principal, account, identity;
	uint32_t twice;     /* the nearest key that was issued twice */
	uint8_t how;        /* enum lf_root_how */
	uint8_t proof;      /* how little the worst record on the way is proved */
	uint8_t denied;     /* of a name: uses proved like that, and worse ones, may be of others; LF_CALLS_UNDENIED */
	bool circled;       /* it is itself in a circle of sessions */
	bool issued;        /* by a call of its own: else a key, of which only the name it was used under is known */
	bool by_name;       /* somewhere on the way a session's name had to do, for want of its key */
};

/*
 * Settles the calls, fills roots, one place for each text, and links keys to the keys that asked for them.  keys has
 * two places for each text, the second, behind all first ones, for the key as it was used before it was issued: from
 * nobody.
 */
int lf_roots_find(struct lf_calls *calls, struct lf_forest *keys, struct lf_root *roots, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/* Whether somebody must have issued what goes by that name. */
bool lf_root_is_session(struct lf_slice name);

/*
 * Whether what was issued at one time was used before, by more than clocks differ (LF_LINEAGE_SKEW).  LF_TIME_NONE is
 * at any time.
 */
bool lf_root_is_before(int64_t used, int64_t issued);

#endif
