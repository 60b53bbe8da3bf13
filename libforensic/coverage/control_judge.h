/* Whether an event of the table is what its row says, and what it does. */
#ifndef LF_COVERAGE_CONTROL_JUDGE_H
#define LF_COVERAGE_CONTROL_JUDGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "coverage/control_table.h"
#include "record/event.h"
#include "record/value.h"

struct lf_judging {
	const struct lf_control_row *row;
	const struct lf_event *event;
	struct lf_value request, response;
	bool effective;
	bool recorded;        /* the request parameters are there */
	struct lf_buf *out;   /* detail is appended from at on */
	size_t at;
	uint32_t effects;     /* set by judging: bit i for enum lf_effect i */
	enum lf_owner owner;
	bool impairs;
};

/*
 * Judges by the response where the request does not say all (UpdateTrail, selectors), else by the request.  Where
 * neither is recorded, as in a denied call, the condition is taken to hold and no effect is known, but of rows without
 * a condition.  False when the event is not what the row is about.
 */
bool lf_control_judge(struct lf_judging *j);

/* Whether requestParameters were left out as too large. */
bool lf_control_omitted(const struct lf_event *e);

#endif
