#include "report/report.h"
#include "report_schema_text.h"

int
lf_report_write(const struct lf_report *r, enum lf_report_format format, const struct lf_write_opts *o,
    lf_write_fn *write, void *arg, struct lf_err *err)
{
	/* In the order of enum lf_report_format. */
	static int (*const writers[])(const struct lf_report *, const struct lf_write_opts *, lf_write_fn *, void *,
	    struct lf_err *) = {lf_report_html, lf_report_json, lf_report_case};

	return writers[format](r, o, write, arg, err);
}

const char *
lf_report_schema(void)
{
	return schema_text;
}
