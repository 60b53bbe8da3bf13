/*
 * Who stands at the root of a role chain: sessions are linked to who asked for them by the access key that was issued.
 * AWS STS API reference, "CloudTrail userIdentity element" (sessionContext, sourceIdentity), "Logging IAM and AWS STS
 * API calls with AWS CloudTrail" (sharedEventID joins the caller's and the target account's record of one AssumeRole).
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

/* How many seconds the clocks behind two records may differ. */
#define LF_LINEAGE_SKEW 300

int lf_lineage_new(struct lf_lineage **out, struct lf_err *err) __attribute__((warn_unused_result, nonnull));
void lf_lineage_free(struct lf_lineage *l);

/*
 * Whether lf_lineage_extract() may take an event, by its bare name: true for all that it takes.  Many threads at once.
 */
bool lf_lineage_may(const struct lf_event *e);

/*
 * Whether an event issues a session (a successful AssumeRole, AssumeRoleWithSAML, AssumeRoleWithWebIdentity,
 * AssumeRoot, GetSessionToken, GetFederationToken, SwitchRole): then appends what lineage needs of it to out, as opaque
 * bytes.  Many threads at once.
 */
bool lf_lineage_extract(const struct lf_event *e, const struct lf_values *v, struct lf_buf *out);

/*
 * Takes in what lf_lineage_extract() appended of one object, one call after another or several at once; len may be 0.
 * One thread.
 */
int lf_lineage_add(struct lf_lineage *l, const void *bytes, size_t len, uint32_t object, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull(1, 5)));

/*
 * All is in, and integrity says what each of n objects is (enum lf_integrity); an object beyond them is
 * LF_INTEGRITY_NONE.  Without this call all are equal.  Verified records are the best, then unproven ones, then those
 * that nothing speaks for, then those that something speaks against (modified, unreferenced): a better record wins
 * against all worse ones.
 */
void lf_lineage_prove(struct lf_lineage *l, const uint8_t *integrity, uint32_t n);

/*
 * All is in, and proved: joins the two records of cross-account calls, links sessions.  The result does not depend on
 * the order of adding.
 */
int lf_lineage_finish(struct lf_lineage *l, struct lf_err *err) __attribute__((warn_unused_result, nonnull));

/* The use of an access key that a row tells of. */
struct lf_lineage_use {
	struct lf_slice access_key, principal, event; /* columns of the row; event is its eventName */
	int64_t time;       /* LF_TIME_NONE: unknown */
	unsigned integrity; /* of the row: enum lf_integrity; LF_INTEGRITY_UNKNOWN without proofs */
};

/*
 * Appends who stands behind a row: the principal at the root of the chain of sessions that ends in access_key; the
 * principal itself where it is no session.  At the root may stand a user's ARN, a service ("ec2.amazonaws.com") or
 * somebody from outside: "NAME via PROVIDER", or, where no provider is told, "NAME (web identity)" or "NAME (SAML
 * identity)".  A record does not explain uses of what it issued that are LF_LINEAGE_SKEW before its own time: for those
 * it is not there.  A missing hop is shown as "unknown issuer of KEY (SESSION ARN)", or, where only the target
 * account's record is there, "unknown issuer of KEY (PRINCIPAL ID) (account ACCOUNT)"; a circle as "cycle of sessions
 * at KEY".  Behind it stand, where they apply: " (source identity NAME)"; " (by session name)", when a key was issued
 * by no event, as in the console, but all events that gave a session of its ARN had one caller; " (issued twice: KEY)",
 * when several events, proved equally well, claim to have issued a key of the chain: then the earliest counts that
 * knows its caller; " (by an unproven record)", when the chain takes a record that is less proved than the row.  A
 * session's name that only less proved events gave to others, too, is sure for rows that are better proved than those.
 * Circles contradict all time: they are shown when their records are equally proved.  After lf_lineage_finish() only;
 * many threads at once.
 */
void lf_lineage_actor(const struct lf_lineage *l, const struct lf_lineage_use *use, struct lf_buf *out);

/*
 * Whether access_key, used at a time (LF_TIME_NONE: unknown), is root, or a session that came from it through any
 * number of hops, each of which was issued before it was used, by the best proved record: by keys alone, so that a
 * console's switch of roles, which names none, ends the way.  Many threads at once.
 */
bool lf_lineage_descends(const struct lf_lineage *l, struct lf_slice access_key, int64_t time, const char *root);

#endif
