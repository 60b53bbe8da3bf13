#include "carve/out.h"

#include "base/file.h"

#define MUCH ((size_t)256 << 10)

int
lf_out_open(struct lf_out *o, int folder, const char *name, struct lf_err *err)
{
	lf_buf_init(&o->buf);
	return lf_replace_open(&o->file, folder, name, 0666) == 0 ? 0 : lf_err_sys(err, "cannot write %s", name);
}

static int
flush(struct lf_out *o, struct lf_err *err)
{
	if (o->buf.failed)
		return lf_err_nomem(err);
	if (lf_file_write_all(o->file.fd, o->buf.data, o->buf.len) != 0)
		return lf_err_sys(err, "cannot write %s", o->file.name);
	lf_buf_reset(&o->buf);
	return 0;
}

int
lf_out_line(struct lf_out *o, struct lf_err *err)
{
	return o->buf.len < MUCH && !o->buf.failed ? 0 : flush(o, err);
}

int
lf_out_close(struct lf_out *o, struct lf_err *err)
{
	if (flush(o, err) < 0)
		return -1;
	if (lf_replace_commit(&o->file, true) != 0)
		return lf_err_sys(err, "cannot write %s", o->file.name);
	lf_buf_free(&o->buf);
	return 0;
}

void
lf_out_drop(struct lf_out *o)
{
	lf_buf_free(&o->buf);
	lf_replace_drop(&o->file);
}
