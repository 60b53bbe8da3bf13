/*
 * Who stands at the root of a role chain: sessions are linked to who asked for them by the access key that was issued.
 * AWS STS API reference, "CloudTrail userIdentity element" (sessionContext, sourceIdentity), "Logging IAM and AWS STS API
 * calls with AWS CloudTrail" (sharedEventID joins the caller's and the target account's record of one AssumeRole).
 */
#ifndef LF_TIMELINE_LINEAGE_H
#define LF_TIMELINE_LINEAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "record/columns.h"
#include "record/event.h"

struct lf_lineage;

int lf_lineage_new(struct lf_lineage **out, struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_lineage_free(struct lf_lineage *l);

/*
 * Whether an event issues a session (a successful AssumeRole, AssumeRoleWithSAML, AssumeRoleWithWebIdentity, AssumeRoot, GetSessionToken,
 * GetFederationToken, SwitchRole): then appends what lineage needs of it to out, as opaque bytes.  Many threads at once.
 */
bool lf_lineage_extract(const struct lf_event *e, const struct lf_values *v, struct lf_buf *out);

/* Takes in what lf_lineage_extract() appended, one call after another or several at once; len may be 0.  One thread. */
int lf_lineage_add(struct lf_lineage *l, const void *bytes, size_t len, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull(1, 4)));

/* All is in: joins the two records of cross-account calls, links sessions.  The result does not depend on the order of adding. */
int lf_lineage_finish(struct lf_lineage *l, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/*
 * Appends who stands behind a row: the principal at the root of the chain of sessions that ends in access_key; the
 * principal itself where it is no session.  At the root may stand a user's ARN, a service ("ec2.amazonaws.com") or somebody
 * from outside ("NAME via PROVIDER").  A missing hop is shown as "unknown issuer of KEY (SESSION ARN)", or, where only the
 * target account's record is there, "unknown issuer of KEY (PRINCIPAL ID) (account ACCOUNT)"; a circle as "cycle of sessions at KEY".
 * Behind it stand, where they apply: " (source identity NAME)"; " (by session name)", when a key was issued by no event,
 * as in the console, but all events that gave a session of its ARN had one caller; " (issued twice: KEY)", when
 * several events claim to have issued a key of the chain: then the earliest counts that knows its caller.
 * After lf_lineage_finish() only; many threads at once.
 */
void lf_lineage_actor(const struct lf_lineage *l, struct lf_slice access_key, struct lf_slice principal, struct lf_buf *out);

/* Whether access_key is root, or a session that came from it through any number of hops: by keys alone, so that a
 * console's switch of roles, which names none, ends the way.  Many threads at once. */
bool lf_lineage_descends(const struct lf_lineage *l, struct lf_slice access_key, const char *root);

#endif
