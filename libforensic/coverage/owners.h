/*
 * Whose trail a name means: accounts may have trails of one name, at home in one region, and an organization one more.
 */
#ifndef LF_COVERAGE_OWNERS_H
#define LF_COVERAGE_OWNERS_H

#include "coverage/control.h"
#include "coverage/spans.h"

struct lf_owned {
	enum lf_owner owner;
	/* LF_OWNER_ORGANIZATION: the account that made or changed it, or that its ARN names */
	const char *trail, *home, *account;
};

struct lf_owners {
	struct lf_owned *list;
	uint32_t n;
};

/*
 * From lines without an organization, and from effective events that create or update a trail.  Where digests are
 * verified, only verified digests and events count: others may be planted.  n log n.
 */
int lf_owners_make(const struct lf_lines *l, const struct lf_controls *c, struct lf_owners *out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_owners_free(struct lf_owners *o);

/*
 * Whether a call about a trail of that name and account may mean an organization's: the account is known to have made
 * it; or it has no trail of its own of that name (names are unique within an account and region), and nobody else is
 * known to have made the organization's.
 */
bool lf_owners_may_be_organization(const struct lf_owners *o, const char *trail, const char *home, const char *account);

#endif
