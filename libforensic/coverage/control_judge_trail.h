/* What calls to CloudTrail itself change: UpdateTrail, selectors, event data stores. */
#ifndef LF_COVERAGE_CONTROL_JUDGE_TRAIL_H
#define LF_COVERAGE_CONTROL_JUDGE_TRAIL_H

#include <stdbool.h>

#include "coverage/control_judge.h"

/* For conditions from LF_IF_TRAIL_MADE to LF_IF_STORE_CHANGED. */
bool lf_control_judge_trail(struct lf_judging *j);

#endif
