/* When logs that no digest lists were delivered, by account and region: the only voice of a time without digests. */
#ifndef LF_COVERAGE_SEEN_H
#define LF_COVERAGE_SEEN_H

#include <stdint.h>

#include "proof/rows.h"

/* One log: the minute in its name, twice; or the first and last event time of one without a name. */
struct lf_seen {
	const char *account, *region;
	int64_t from, to;
};

struct lf_seens {
	struct lf_seen *list; /* by account, region, to, from */
	uint32_t n;
};

/*
 * Gathers the unlisted logs of a proof that say something about [since, until).  Left out: what is damaged (anybody can
 * plant a name), copies of verified events, logs of classes that digests do not list, and logs whose account, region or
 * time is unknown.
 */
int lf_seens_make(const struct lf_proof *p, int64_t since, int64_t until, struct lf_seens *out, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));
void lf_seens_free(struct lf_seens *s);

/* The logs of an account and region: a run of *n, from what is returned on. */
const struct lf_seen *lf_seens_of(const struct lf_seens *s, const char *account, const char *region, uint32_t *n);

/* The first of a run whose time (to) is t or later; n without. */
uint32_t lf_seen_at(const struct lf_seen *run, uint32_t n, int64_t t);

#endif
