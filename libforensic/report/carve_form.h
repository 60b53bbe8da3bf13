/* The forms of trail-carve's report, as lf_carve_write() dispatches them; and what they are made from. */
#ifndef LF_REPORT_CARVE_FORM_H
#define LF_REPORT_CARVE_FORM_H

#include "carve/result.h"
#include "report/carve_fates.h"
#include "report/carve_rows.h"

/* A run to tell of. */
struct lf_carve_told {
	const struct lf_carve_result *r;
	enum lf_verdict verdict;
	struct lf_carve_rows rows;
	const struct lf_carve_fates *fates; /* of the logs that digests list, in the order of r->proof.listed */
};

typedef int lf_carve_form(const struct lf_carve_told *t, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err);

lf_carve_form lf_carve_as_text, lf_carve_as_json, lf_carve_as_html, lf_carve_as_dfxml;

#endif
