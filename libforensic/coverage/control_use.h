/* What trails use, by the calls that make, change and show them. */
#ifndef LF_COVERAGE_CONTROL_USE_H
#define LF_COVERAGE_CONTROL_USE_H

#include <stdbool.h>

#include "base/buf.h"
#include "record/columns.h"
#include "record/value.h"

/* Whether an event of that name may be one of those below. */
bool lf_control_use_may(struct lf_slice name);

/* Whether an event is CreateTrail, UpdateTrail, GetTrail or DescribeTrails. */
bool lf_control_names_things(const struct lf_values *v);

/* Appends a record (coverage/control_record.h) for each thing that the trail of an effective one uses. */
void lf_control_use(const struct lf_values *v, const struct lf_value *request, const struct lf_value *response,
    struct lf_buf *out);

#endif
