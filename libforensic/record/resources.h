/*
 * What a record says it touched: its member resources, an array of objects (of strings in what others wrote); an object
 * alone is taken for an array of one.  AWS CloudTrail user guide, "CloudTrail record contents".
 */
#ifndef LF_RECORD_RESOURCES_H
#define LF_RECORD_RESOURCES_H

#include <stdbool.h>

#include "base/slice.h"
#include "record/event.h"
#include "record/scan.h"

/* Between the quotes, escapes as they stand; s is NULL where there is none. */
struct lf_resource {
	struct lf_slice arn, prefix, name, type, account;
};

struct lf_resources {
	struct lf_scan scan;
	struct lf_slice text; /* where resources is a string; it is the one resource then */
};

void lf_resources_start(struct lf_resources *r, const struct lf_event *e);

/* The next resource, if there is one; elements that are neither objects nor strings are passed over. */
bool lf_resources_next(struct lf_resources *r, struct lf_resource *out);

/* What a resource is called: ARN, else ARNPrefix, resourceName, type, accountId; {NULL, 0} when it has none of them. */
struct lf_slice lf_resource_label(const struct lf_resource *r);

#endif
