/* What event selectors leave out (AWS CloudTrail API reference, EventSelector, AdvancedEventSelector). */
#ifndef LF_COVERAGE_CONTROL_SELECTORS_H
#define LF_COVERAGE_CONTROL_SELECTORS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "record/value.h"

/*
 * Whether selectors, together, leave out some management events; then says in words what, appended to detail.  No
 * selector at all leaves out all.
 */
bool lf_selectors_narrow(const struct lf_value *selectors, struct lf_buf *detail);
bool lf_advanced_selectors_narrow(const struct lf_value *selectors, struct lf_buf *detail);

#endif
