#include "report/gaps_form.h"

int
lf_coverage_write(const struct lf_coverage *c, enum lf_coverage_format format, const struct lf_write_opts *o,
    lf_write_fn *write, void *arg, struct lf_err *err)
{
	/* In the order of enum lf_coverage_format. */
	static int (*const writers[])(const struct lf_coverage *, const struct lf_write_opts *, lf_write_fn *, void *,
	    struct lf_err *) = {lf_gaps_text, lf_gaps_json, lf_gaps_csv, lf_gaps_html};

	return writers[format](c, o, write, arg, err);
}
