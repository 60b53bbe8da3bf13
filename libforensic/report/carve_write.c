#include "carve/carver.h"
#include "report/carve_form.h"

static int
each_row(void *arg, int (*take)(void *to, const char *line, size_t len, struct lf_err *err), void *to,
    struct lf_err *err)
{
	return lf_carve_each_row(arg, take, to, err);
}

int
lf_carve_write(struct lf_carve *c, enum lf_carve_format format, const struct lf_write_opts *o, lf_write_fn *write,
    void *arg, struct lf_err *err)
{
	/* In the order of enum lf_carve_format. */
	static lf_carve_form *const forms[] = {lf_carve_as_text, lf_carve_as_json, lf_carve_as_html, lf_carve_as_dfxml};
	struct lf_carve_fates fates;
	struct lf_carve_told t = {.r = &c->result, .verdict = lf_carve_verdict(c), .rows = {each_row, c}, .fates = &fates};
	int rc = lf_carve_fates_make(&c->result, &t.rows, &fates, err);

	if (rc == 0)
		rc = forms[format](&t, o, write, arg, err);
	lf_carve_fates_free(&fates);
	return rc;
}
