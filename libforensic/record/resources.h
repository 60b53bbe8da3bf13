/*
 * What a record says it touched: its member resources, an array of objects (of strings in what others wrote); an object
 * alone is taken for an array of one.  AWS CloudTrail user guide, "CloudTrail record contents".
 */
#ifndef LF_RECORD_RESOURCES_H
#define LF_RECORD_RESOURCES_H

#include <stdbool.h>

#include "record/scan.h"
#include "record/slice.h"

/* Between the quotes, escapes as they stand; s is NULL where there is none. */
struct lf_resource {
	struct lf_slice arn, prefix, name, type, account;
};

struct lf_resources {
	struct lf_scan scan;
};

/* json: the value of resources, or {NULL, 0}. */
void lf_resources_start(struct lf_resources *r, struct lf_slice json);

/* The next resource, if there is one; elements that are neither objects nor strings are passed over. */
bool lf_resources_next(struct lf_resources *r, struct lf_resource *out);

/* What a resource is called: ARN, else ARNPrefix, resourceName, type, accountId; {NULL, 0} when it has none of them. */
struct lf_slice lf_resource_label(const struct lf_resource *r);

#endif
