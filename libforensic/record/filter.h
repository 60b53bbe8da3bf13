/*
 * Which events are wanted (trail-timeline(1), "Filters"): of one option any pattern may match, of different options all
 * must; a pattern with "!" in front must not match ("\!" stands for a "!" that belongs to the pattern).  Globs
 * (record/glob.h) match the whole value, without regard to case.
 */
#ifndef LF_RECORD_FILTER_H
#define LF_RECORD_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "forensic.h"
#include "record/columns.h"
#include "record/event.h"

struct lf_filter;

/*
 * Makes a filter of n patterns; with n = 0 it lets all pass.  A bad glob, CIDR or category, an empty pattern, and
 * write_only and read_only together fail with a message that names the option and what is allowed.  *out belongs to the
 * caller; it may be used by many threads at once.
 *
 *   --user       the column principal, or the ARN, its resource and last part (user, session), role name, user name,
 *                principal id, its parts at ':' (role id, session), or invokedBy of userIdentity, its sessionIssuer's
 *                ARN, last part of it, name and principal id, or sourceIdentity
 *   --event      the column event_name
 *   --service    the column event_source, with or without ".amazonaws.com"
 *   --ip         sourceIPAddress in an IPv4 or IPv6 CIDR (a plain address is a CIDR of one), or a glob over what stands
 *                there when the pattern is no address (services write host names)
 *   --access-key userIdentity.accessKeyId, or in requestParameters and responseElements any accessKeyId and any string
 *                that starts as access keys do
 *   --error      the column result where it is not "success"; an empty pattern matches any such
 *   --resource   ARN, its resource, the last part of it, ARNPrefix or name of a resource, or any string in
 *                requestParameters
 *   --category   eventCategory, or what stands for it in records that have none (record/looks.h)
 *   --id         eventID, sharedEventID or requestID
 *   --grep       text anywhere in the record's bytes, literally and without regard to case
 */
int lf_filter_new(const struct lf_pattern *patterns, size_t n, bool write_only, bool read_only, struct lf_filter **out,
    struct lf_err *err) __attribute__((warn_unused_result, nonnull(5, 6)));
void lf_filter_free(struct lf_filter *f);

/*
 * Whether an event is wanted.  scratch is the calling thread's, and another one than that in which v lies.  Returns 1,
 * 0, or -1 when memory is out.
 */
int lf_filter_match(const struct lf_filter *f, const struct lf_event *e, const struct lf_values *v, struct lf_buf *scratch)
    __attribute__((warn_unused_result, nonnull));

#endif
