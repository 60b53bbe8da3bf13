#include "report/verify_html.h"
#include "report/verify_json.h"
#include "report/verify_text.h"

int
lf_result_write(const struct lf_result *r, const struct lf_write_opts *o, lf_write_fn *write, void *arg,
    struct lf_err *err)
{
	/* In the order of enum lf_format. */
	static int (*const writers[])(const struct lf_result *, const struct lf_write_opts *, lf_write_fn *, void *,
	    struct lf_err *) = {lf_verify_text, lf_verify_json, lf_verify_html};

	return writers[o->format](r, o, write, arg, err);
}
