#include "report/diff_form.h"

int
lf_diff_write(struct lf_diff *d, enum lf_diff_format format, bool stat, const struct lf_write_opts *o,
    lf_write_fn *write, void *arg, struct lf_err *err)
{
	/* In the order of enum lf_diff_format. */
	static int (*const writers[])(struct lf_diff *, bool, const struct lf_write_opts *, lf_write_fn *, void *,
	    struct lf_err *) = {lf_diff_as_text, lf_diff_as_json, lf_diff_as_html};

	return writers[format](d, stat, o, write, arg, err);
}
