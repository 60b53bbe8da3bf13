/*
 * What a run looked at and turned down: nothing is passed over in silence.  Sums, so that threads add up in any order.
 */
#ifndef LF_CARVE_TALLY_H
#define LF_CARVE_TALLY_H

#include <stdint.h>

#include "carve/sift.h"

enum lf_reject {
	LF_REJECT_HEADER,    /* gzip magic, and no header that RFC 1952 allows, or no DEFLATE data behind it */
	LF_REJECT_CONTENT,   /* inflates, but to neither JSON nor a container we know */
	LF_REJECT_NO_BRACE,  /* a name that stands in no object */
	LF_REJECT_BROKEN,    /* an object that is no JSON, with nothing known in it */
	LF_REJECT_LOOKALIKE, /* JSON, but no CloudTrail record or digest */
	LF_REJECT_BASE64,    /* no gzip inside */
	LF_REJECT_DEPTH,     /* nested deeper than LF_CARVE_DEPTH */
	LF_REJECT_SIZE,      /* a record over max_record, a member over max_member or LF_RATIO_MAX */
	LF_REJECT_INSIDE,    /* stands inside something that was found */
	LF_REJECT_WORK,      /* not followed: what lies near by took all the work that it may */
	/* found, and not written: all that was written of the image is too much (lf_carve_opts.max_total) */
	LF_REJECT_TOTAL,
	LF_REJECTS
};

struct lf_tally {
	uint64_t candidates[LF_TRIGGERS];
	uint64_t rejected[LF_REJECTS];
	uint64_t joins_tried, join_budgets; /* trial inflations; members whose budget ran out */
	uint64_t scanned, zero, holes;      /* bytes */
};

void lf_tally_add(struct lf_tally *to, const struct lf_tally *t);
const char *lf_trigger_name(enum lf_trigger t);
const char *lf_reject_text(enum lf_reject r);

#endif
