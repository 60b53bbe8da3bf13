/* What trail-gaps found, for those who write it (report/gaps_*). */
#ifndef LF_COVERAGE_COVERAGE_H
#define LF_COVERAGE_COVERAGE_H

#include "coverage/gaps.h"
#include "proof/skips.h"
#include "proof/verify.h"
#include "timeline/harvest.h"
#include "timeline/lineage.h"

/* The control events of an object, which wait for the proof to say what the object is. */
struct lf_found {
	uint32_t present; /* row of the proof's body, or LF_NONE */
	const char *bytes;
	size_t len;
};

struct lf_coverage {
	struct lf_case *c;
	int64_t min;
	struct lf_controls controls;
	struct lf_lines lines;
	uint32_t unasked;          /* lines that were laid out, and are not among those: nobody asked for them */
	struct lf_gaps gaps;
	struct lf_skips skipped;
	struct lf_result *proof;   /* lines point into it */
	struct lf_lineage *lineage; /* NULL when nobody asked */
	uint64_t events, objects;  /* read, and the objects that held them */
	struct lf_scribes scribes;
	struct lf_list found;      /* struct lf_found: what objects gave, until their integrity is known */
	struct lf_arena waiting;   /* its bytes */
};

/* Makes ready for a pass; lf_coverage_release() must follow, whether it works or not. */
int lf_coverage_init(struct lf_coverage *v, struct lf_case *c, const struct lf_coverage_opts *o, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

/* Gives back all that v holds, but not v. */
void lf_coverage_release(struct lf_coverage *v);

/*
 * For whoever runs the pass: the listener that coverage needs (and how it takes events that another listener harvests),
 * and what follows once it is through.  proof is
 * lf_coverage_judge()'s to free from then on, whether it works or not.
 */
void lf_coverage_listener(struct lf_coverage *v, struct lf_listener *out);
void lf_coverage_rider(struct lf_coverage *v, struct lf_rider *out);
int lf_coverage_judge(struct lf_coverage *v, struct lf_result *proof, struct lf_err *err)
    __attribute__((warn_unused_result, nonnull));

#endif
