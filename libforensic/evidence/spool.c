#include "evidence/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"

#define STEP ((size_t)256 << 10)

/* A file with a random name that is taken away at once: for file systems without O_TMPFILE. */
static int
unlinked_file(const char *tmpdir, struct lf_err *err)
{
	struct lf_buf name;
	int fd = -1;

	lf_buf_init(&name);
	lf_buf_printf(&name, "%s/trail-XXXXXX", tmpdir);
	if (name.failed) {
		lf_err_nomem(err);
	} else if ((fd = mkostemp(name.data, O_CLOEXEC)) < 0) {
		lf_err_sys(err, "cannot make a temporary file in %s", tmpdir);
	} else if (unlink(name.data) != 0) {
		lf_err_sys(err, "cannot remove %s", name.data);
		close(fd);
		fd = -1;
	}
	lf_buf_free(&name);
	return fd;
}

static int
nameless_file(const char *tmpdir, struct lf_err *err)
{
	int fd = open(tmpdir, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);

	if (fd >= 0)
		return fd;
	/* EISDIR: a kernel that does not know O_TMPFILE; EINVAL, EOPNOTSUPP: a file system that does not */
	if (errno == EISDIR || errno == EINVAL || errno == EOPNOTSUPP)
		return unlinked_file(tmpdir, err);
	return lf_err_sys(err, "cannot make a temporary file in %s", tmpdir);
}

static int
write_all(int fd, const char *bytes, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = write(fd, bytes, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

static int
copy(int in, int out, char *step, const char *tmpdir, struct lf_err *err)
{
	ssize_t n;

	for (;;) {
		n = read(in, step, STEP);
		if (n == 0)
			return 0;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return lf_err_sys(err, "cannot read standard input");
		if (write_all(out, step, (size_t)n) != 0)
			return lf_err_sys(err, "cannot spool standard input in %s", tmpdir);
	}
}

int
lf_spool(int in, const char *tmpdir, struct lf_err *err)
{
	char *step;
	int fd;

	if (fcntl(in, F_GETFD) < 0) /* else the file made next would take its number, and be read itself */
		return lf_err_sys(err, "cannot read standard input");
	fd = nameless_file(tmpdir, err);
	if (fd < 0)
		return -1;
	step = malloc(STEP);
	if (step == NULL)
		lf_err_nomem(err);
	if (step == NULL || copy(in, fd, step, tmpdir, err) != 0) {
		close(fd);
		fd = -1;
	}
	free(step);
	return fd;
}
