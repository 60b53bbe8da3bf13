/*
 * What one event says of a session that it issued: to whom, and who asked.  The shapes are those of AWS's pages
 * "Logging IAM and AWS STS API calls with AWS CloudTrail", "Track privileged tasks in AWS CloudTrail" (AssumeRoot) and
 * "AWS Management Console sign-in events" (SwitchRole).
 */
#ifndef LF_TIMELINE_ISSUANCE_H
#define LF_TIMELINE_ISSUANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "record/columns.h"
#include "record/event.h"

enum lf_caller {
	LF_CALLER_PRINCIPAL, /* a user, a root user or a session of the account that wrote the record */
	/* a service, or somebody whom an identity provider vouches for: nothing stands behind it */
	LF_CALLER_OUTSIDE,
	LF_CALLER_FOREIGN    /* the target account's copy, which names the caller by account and principal id only */
};

enum lf_issuance_field {
	LF_ISS_KEY,        /* the access key that was issued; a console switch has none */
	LF_ISS_ARN,        /* the session's ARN; none for GetSessionToken and AssumeRoot, which give no new name */
	LF_ISS_CALLER_KEY, /* the access key that signed the call */
	/*
	 * who called: what the column principal says, or "NAME via PROVIDER" of an outside identity, "NAME (web
	 * identity)" without
	 */
	LF_ISS_CALLER,
	LF_ISS_ACCOUNT,    /* the caller's account */
	LF_ISS_SHARED_ID,  /* sharedEventID */
	LF_ISS_IDENTITY,   /* sourceIdentity */
	LF_ISS_FIELDS
};

struct lf_issuance {
	int64_t time; /* LF_TIME_NONE: unknown */
	enum lf_caller caller;
	struct lf_slice f[LF_ISS_FIELDS]; /* len 0 where there is none */
};

/* Whether an event of that name may have issued one. */
bool lf_issuance_may(struct lf_slice name);

/*
 * Whether an event issued a session: a successful AssumeRole, AssumeRoleWithSAML, AssumeRoleWithWebIdentity,
 * AssumeRoot, GetSessionToken, GetFederationToken or SwitchRole.  Then appends it to out as bytes.  One without a key
 * counts where a copy under the same sharedEventID may have it.  Access keys longer than 128 bytes (STS's limit) are
 * none; other texts are cut, with a mark, behind 2048.
 */
bool lf_issuance_put(const struct lf_event *e, const struct lf_values *v, struct lf_buf *out);

/* Takes one back from *bytes, which lies in *len bytes; both are moved on.  False at the end. */
bool lf_issuance_take(const char **bytes, size_t *len, struct lf_issuance *out);

#endif
