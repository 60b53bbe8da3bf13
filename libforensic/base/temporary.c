#include "base/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

/* A file with a random name that is taken away at once: for file systems without O_TMPFILE. */
static int
unlinked_file(const char *folder, struct lf_err *err)
{
	struct lf_buf name;
	int fd = -1;

	lf_buf_init(&name);
	lf_buf_printf(&name, "%s/trail-XXXXXX", folder);
	if (name.failed) {
		lf_err_nomem(err);
	} else if ((fd = mkostemp(name.data, O_CLOEXEC)) < 0) {
		lf_err_sys(err, "cannot make a temporary file in %s", folder);
	} else if (unlink(name.data) != 0) {
		lf_err_sys(err, "cannot remove %s", name.data);
		close(fd);
		fd = -1;
	}
	lf_buf_free(&name);
	return fd;
}

const char *
lf_temporary_folder(const char *wanted)
{
	const char *folder = getenv("TMPDIR");

	if (wanted != NULL)
		return wanted;
	return folder != NULL && folder[0] != '\0' ? folder : "/tmp";
}

int
lf_temporary(const char *folder, struct lf_err *err)
{
	int fd;

	folder = lf_temporary_folder(folder);
	fd = open(folder, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
	if (fd >= 0)
		return fd;
	/* EISDIR: a kernel that does not know O_TMPFILE; EINVAL, EOPNOTSUPP: a file system that does not */
	if (errno == EISDIR || errno == EINVAL || errno == EOPNOTSUPP)
		return unlinked_file(folder, err);
	return lf_err_sys(err, "cannot make a temporary file in %s", folder);
}
