/* The findings of all shards together, in the order in which one run would have shown them. */
#ifndef LF_REPORT_MERGE_FINDINGS_H
#define LF_REPORT_MERGE_FINDINGS_H

#include <stdint.h>

#include "base/err.h"
#include "proof/finding.h"
#include "report/shard_docs.h"

struct lf_merge_findings {
	struct lf_findings all; /* as they came */
	uint32_t *order;        /* n places in all; NULL until sorted */
	uint32_t n;
};

void lf_merge_findings_init(struct lf_merge_findings *f);
void lf_merge_findings_free(struct lf_merge_findings *f);

/*
 * Takes over the findings of the documents, whose strings must live as long as f, but for those that need all shards:
 * they are to be made anew.  Fails where one is not understood.
 */
int lf_merge_findings_take(struct lf_merge_findings *f, const struct lf_shard_docs *d, struct lf_err *err)
    __attribute__((warn_unused_result));

/*
 * Puts all in order, once, when the last is there; what every shard gives, because no account and region owns it, is
 * kept once.
 */
int lf_merge_findings_sort(struct lf_merge_findings *f, struct lf_err *err) __attribute__((warn_unused_result));

/* The i-th in that order. */
const struct lf_finding *lf_merge_finding(const struct lf_merge_findings *f, uint32_t i);

#endif
