#include "report/flush.h"

#include <errno.h>

int
lf_report_flush(struct lf_buf *out, size_t at, lf_write_fn *write, void *arg, struct lf_err *err)
{
	if (out->failed)
		return lf_err_nomem(err);
	if (out->len <= at)
		return 0;
	errno = 0;
	if (write(arg, out->data, out->len) != 0) {
		errno = errno != 0 ? errno : EIO;
		return lf_err_sys(err, "cannot write the report");
	}
	lf_buf_reset(out);
	return 0;
}
