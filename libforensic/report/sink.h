/* Text for an lf_write_fn, gathered, and with the first error kept. */
#ifndef LF_REPORT_SINK_H
#define LF_REPORT_SINK_H

#include "base/buf.h"
#include "base/err.h"

struct lf_sink {
	lf_write_fn *write;
	void *arg;
	struct lf_buf buf; /* to be added to */
	int error;         /* errno of the first failure */
};

void lf_sink_init(struct lf_sink *k, lf_write_fn *write, void *arg);

/* Writes what has gathered in k->buf, when that is much. */
void lf_sink_flow(struct lf_sink *k);

/* Writes the rest, and frees.  Returns 0, or -1 with the first error. */
int lf_sink_finish(struct lf_sink *k, struct lf_err *err) __attribute__((warn_unused_result));

#endif
