/*
 * What a trail needs: bucket, key, role, log group, topic.  Each in one form, whatever way an event names it, so that
 * equal texts are one thing.
 */
#ifndef LF_COVERAGE_CONTROL_THING_H
#define LF_COVERAGE_CONTROL_THING_H

#include "base/buf.h"
#include "base/slice.h"

enum lf_thing {
	LF_THING_NONE,
	LF_THING_BUCKET, /* its name, in lower case */
	LF_THING_KEY,    /* the key's id, in lower case; ACCOUNT:alias/NAME of one known by alias only */
	LF_THING_ROLE,   /* ACCOUNT:NAME, in lower case, without its path */
	LF_THING_GROUP,  /* ACCOUNT:REGION:NAME */
	LF_THING_TOPIC,  /* ACCOUNT:REGION:NAME */
	LF_THINGS
};

/*
 * Appends the one form of a thing; account and region are those that a bare name belongs to.  Appends nothing when text
 * names none.
 */
void lf_thing_put(enum lf_thing kind, struct lf_slice text, struct lf_slice account, struct lf_slice region,
    struct lf_buf *out);

/* A trail's bare name, of a name or an ARN. */
struct lf_slice lf_trail_name(struct lf_slice text);

#endif
