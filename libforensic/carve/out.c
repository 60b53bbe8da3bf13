#include "carve/out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define MUCH ((size_t)256 << 10)

static void
temporary(const struct lf_out *o, char name[64])
{
	snprintf(name, 64, "%s.new", o->name);
}

int
lf_out_open(struct lf_out *o, int folder, const char *name, struct lf_err *err)
{
	char new[64];

	o->folder = folder;
	o->name = name;
	lf_buf_init(&o->buf);
	temporary(o, new);
	/* What has the name may be another name of anything. */
	(void)unlinkat(folder, new, 0);
	o->fd = openat(folder, new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	return o->fd < 0 ? lf_err_sys(err, "cannot write %s", name) : 0;
}

static int
flush(struct lf_out *o, struct lf_err *err)
{
	if (o->buf.failed)
		return lf_err_nomem(err);
	for (size_t done = 0; done < o->buf.len;) {
		ssize_t n = write(o->fd, o->buf.data + done, o->buf.len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return lf_err_sys(err, "cannot write %s", o->name);
		done += (size_t)n;
	}
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
	char new[64];

	temporary(o, new);
	if (flush(o, err) < 0)
		return -1;
	if (fsync(o->fd) < 0 || close(o->fd) < 0 || renameat(o->folder, new, o->folder, o->name) < 0)
		return lf_err_sys(err, "cannot write %s", o->name);
	o->fd = -1;
	lf_buf_free(&o->buf);
	return 0;
}

void
lf_out_drop(struct lf_out *o)
{
	char new[64];

	if (o->name == NULL)
		return;
	lf_buf_free(&o->buf);
	if (o->fd < 0)
		return;
	close(o->fd);
	temporary(o, new);
	(void)unlinkat(o->folder, new, 0);
	o->fd = -1;
}
