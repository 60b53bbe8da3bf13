#include "evidence/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/temporary.h"

#define STEP ((size_t)256 << 10)

static int
copy(int in, int out, char *step, const char *name, const char *tmpdir, struct lf_err *err)
{
	ssize_t n;

	for (;;) {
		n = read(in, step, STEP);
		if (n == 0)
			return 0;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return lf_err_sys(err, "cannot read %s", name);
		if (lf_file_write_all(out, step, (size_t)n) != 0)
			return lf_err_sys(err, "cannot spool %s in %s", name, tmpdir);
	}
}

int
lf_spool(int in, const char *name, const char *tmpdir, struct lf_err *err)
{
	char *step;
	int fd;

	if (fcntl(in, F_GETFD) < 0) /* else the file made next would take its number, and be read itself */
		return lf_err_sys(err, "cannot read %s", name);
	fd = lf_temporary(tmpdir, err);
	if (fd < 0)
		return -1;
	step = malloc(STEP);
	if (step == NULL)
		lf_err_nomem(err);
	if (step == NULL || copy(in, fd, step, name, tmpdir, err) != 0) {
		close(fd);
		fd = -1;
	}
	free(step);
	return fd;
}
