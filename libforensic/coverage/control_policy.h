/* What a resource policy lets CloudTrail do (IAM user guide, "IAM JSON policy elements reference"). */
#ifndef LF_COVERAGE_CONTROL_POLICY_H
#define LF_COVERAGE_CONTROL_POLICY_H

#include <stdbool.h>

#include "record/value.h"

/*
 * Whether a policy, an object or a string that holds one, allows CloudTrail an action: some statement allows it to the
 * service or to everybody, and none denies it.  Conditions and resources are taken to fit, but for a denial of what
 * comes without TLS, which CloudTrail never does.  *failed is set when memory is out.
 */
bool lf_policy_allows(const struct lf_value *policy, const char *action, bool *failed);

#endif
