/* What trail-gaps found, for those who write it (report/gaps_*). */
#ifndef LF_COVERAGE_COVERAGE_H
#define LF_COVERAGE_COVERAGE_H

#include "coverage/gaps.h"
#include "proof/verify.h"
#include "timeline/lineage.h"

struct lf_coverage_skip {
	const char *locator, *reason;
};

struct lf_coverage {
	struct lf_case *c;
	bool lineage;
	int64_t min;
	struct lf_controls controls;
	struct lf_lines lines;
	struct lf_gaps gaps;
	struct lf_list skipped;  /* struct lf_coverage_skip, in the order of the evidence */
	struct lf_result *proof; /* lines point into it */
	uint64_t events;         /* read */
	struct lf_arena arena;
	/* ... and what collecting takes: coverage/coverage.c */
	void *collect;
};

/*
 * The listener that a pass needs for coverage, and what follows once the pass is judged: for whoever runs the pass for
 * another reason, too (a timeline with gaps).  The result of the proof goes to lf_coverage_judge(), which keeps it.
 */
void lf_coverage_listener(struct lf_coverage *c, struct lf_listener *out);
int lf_coverage_judge(struct lf_coverage *c, struct lf_result *proof, struct lf_err *err) __attribute__((warn_unused_result));

#endif
