#include "report/sink.h"

#include <errno.h>

#define FLOW_AT ((size_t)64 << 10)

void
lf_sink_init(struct lf_sink *k, lf_write_fn *write, void *arg)
{
	*k = (struct lf_sink){.write = write, .arg = arg};
	lf_buf_init(&k->buf);
}

static void
empty(struct lf_sink *k)
{
	if (k->error == 0 && k->buf.failed)
		k->error = ENOMEM;
	if (k->error == 0 && k->buf.len > 0) {
		errno = 0;
		if (k->write(k->arg, k->buf.data, k->buf.len) != 0)
			k->error = errno != 0 ? errno : EIO;
	}
	lf_buf_reset(&k->buf);
}

void
lf_sink_flow(struct lf_sink *k)
{
	if (k->buf.len >= FLOW_AT)
		empty(k);
}

int
lf_sink_finish(struct lf_sink *k, struct lf_err *err)
{
	empty(k);
	lf_buf_free(&k->buf);
	errno = k->error;
	return k->error == 0 ? 0 : lf_err_sys(err, "cannot write the output");
}
