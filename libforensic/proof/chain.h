/*
 * Chains of digests: one for each account, digest region, trail, home region and kind.
 */
#ifndef LF_PROOF_CHAIN_H
#define LF_PROOF_CHAIN_H

#include "proof/body.h"
#include "proof/result.h"

/* What a chain covers: half-open windows of present digests, merged where they meet. */
struct lf_window {
	int64_t start, end;
};

struct lf_chain {
	const char *account, *org, *region, *trail, *home_region;
	bool backfill;
	uint32_t *digests;       /* rows in order of time, one for each key: the best where there are several */
	uint32_t n_digests;
	struct lf_window *covered;
	uint32_t n_covered;
	uint32_t classes;        /* a bit for each class of logs that a verified digest lists; CloudTrail always */
	const char *bucket;      /* of its newest digest, and the prefix in it: they name logs that none lists */
	struct lf_slice prefix;
	struct lf_tail tail;     /* what decides whether it was cut */
	bool selected;           /* --trail asks for it */
};

struct lf_chains {
	struct lf_chain *list;   /* sorted by account, region, trail, home region, kind */
	uint32_t n;
	struct lf_arena arena;
};

/* Times that the rules of proof use. */
/* a digest's window (AWS CloudTrail user guide, "CloudTrail digest file structure") */
#define LF_HOUR       3600
#define LF_LOG_BEFORE (5 * 60)    /* the minute in a log's name may follow its delivery by this much */
#define LF_LOG_AFTER  (20 * 60)   /* and precede it by this much */
#define LF_TAIL_SLACK (2 * LF_HOUR) /* how long after its window a digest may still be on its way */

void lf_chains_free(struct lf_chains *c);

/* The chains of an account and region: a run of *n in the list, from the one that is returned on. */
struct lf_chain *lf_chains_of(const struct lf_chains *c, const char *account, const char *region, uint32_t *n);

/* Groups and sorts the digests of the body, and marks what --since, --until and --trail select. */
int lf_chains_make(struct lf_body *b, struct lf_chains *out, struct lf_err *err) __attribute__((warn_unused_result));

/* Whether [start, end) lies in the windows of present digests. */
bool lf_chain_covers(const struct lf_chain *c, int64_t start, int64_t end);

/* Whether a log delivered in [start, end) may belong to a digest of the chain that is not there: the interval meets a
 * hole inside the chain, or the two hours behind its end. */
bool lf_chain_may_lack(const struct lf_chain *c, int64_t start, int64_t end);

/* "account region trail" for messages, in buf.  Returns buf. */
const char *lf_chain_label(const struct lf_chain *c, char *buf, size_t size);

#endif
