/*
 * Amazon Resource Names: "arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE" (AWS General Reference, "Amazon Resource Names
 * (ARNs)").
 */
#ifndef LF_RECORD_ARN_H
#define LF_RECORD_ARN_H

#include <stdbool.h>

#include "base/slice.h"

/* Parts of the text that was read; region and account may be empty, and the resource may hold colons of its own. */
struct lf_arn {
	struct lf_slice partition, service, region, account, resource;
};

/* Takes an ARN apart.  False, and out is left as it is, when text is none. */
bool lf_arn_read(struct lf_slice text, struct lf_arn *out);

/*
 * The first ARN of a service in a sentence that denies something, but for the one of who was denied; {NULL, 0} when
 * there is none.
 */
struct lf_slice lf_arn_in_message(struct lf_slice message, struct lf_slice service);

#endif
