/*
 * Whether JSON that calls itself a CloudTrail record can be one: what documentation, policies and reports write down
 * does not look like what AWS delivers (user guide, "CloudTrail record contents").
 */
#ifndef LF_CARVE_GENUINE_H
#define LF_CARVE_GENUINE_H

#include <stdbool.h>

#include "record/event.h"

/* A whole record: what every record has is there, and is what it should be. */
bool lf_genuine_record(const struct lf_event *e);
/* A broken one, of which e holds what came whole: enough of it is there to know it. */
bool lf_genuine_fragment(const struct lf_event *e);

#endif
