#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

static int
write_error(const struct cli_output *o, int number)
{
	if (o->cli->output == NULL)
		return cli_error(o->cli, "cannot write standard output: %s", strerror(number));
	return cli_error(o->cli, "cannot write \"%s\": %s", o->cli->output, strerror(number));
}

static bool
same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool
cli_same_file(const char *a, const char *b)
{
	struct stat x, y;

	if (a == NULL || b == NULL)
		return false;
	return strcmp(a, b) == 0 || (stat(a, &x) == 0 && stat(b, &y) == 0 && same_file(&x, &y));
}

static bool
in_list(const char *const *list, size_t n, const struct stat *target)
{
	struct stat st;

	for (size_t i = 0; i < n; i++)
		if (stat(list[i], &st) == 0 && same_file(&st, target))
			return true;
	return false;
}

/* Whether target is one of the files that the run reads. */
static bool
is_input(const struct lf_case_opts *o, const struct stat *target)
{
	struct stat st;

	if (!S_ISREG(target->st_mode))
		return false;
	return (fstat(STDIN_FILENO, &st) == 0 && same_file(&st, target)) ||
	    in_list(o->evidence, o->n_evidence, target) || in_list(o->keys, o->n_keys, target) ||
	    in_list(o->metadata, o->n_metadata, target);
}

/* Standard output or standard error, when target is the same thing: it is not to be cut or replaced. */
static int
standard_fd(const struct stat *target)
{
	struct stat st;

	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
		if (fstat(fd, &st) == 0 && same_file(&st, target))
			return fd;
	return -1;
}

/* Finds the folder and the name in it that path means once symbolic links are followed. */
static int
resolve(struct cli_output *o, const char *path)
{
	char *real = realpath(path, NULL);
	const char *name = real != NULL ? real : path, *slash = strrchr(name, '/');
	char *folder = slash == NULL ? strdup(".") :
	    strndup(name, slash == name ? 1 : (size_t)(slash - name));

	o->base = strdup(slash == NULL ? name : slash + 1);
	o->folder = folder == NULL ? NULL : realpath(folder, NULL);
	free(folder);
	free(real);
	if (o->base == NULL || o->folder == NULL)
		return write_error(o, errno);
	return CLI_CONTINUE;
}

/* Refuses what must not be written: evidence and other input, folders, disks, what is protected. */
static int
check_target(const struct cli_output *o, const char *path, const struct stat *target)
{
	struct stat link;

	if (cli_inside_evidence(o->cli, o->folder))
		return cli_error(o->cli, "\"%s\" lies in EVIDENCE: nothing is written inside evidence", path);
	if (target == NULL)
		return lstat(path, &link) != 0 ? CLI_CONTINUE :
		    cli_error(o->cli, "\"%s\" is a symbolic link to nothing", path);
	if (is_input(&o->cli->opts, target))
		return cli_error(o->cli, "\"%s\" is read as input too", path);
	if (S_ISBLK(target->st_mode))
		return cli_error(o->cli, "\"%s\" is a block device", path);
	return access(path, W_OK) == 0 ? CLI_CONTINUE : write_error(o, errno);
}

/* A new file beside the target, which a signal removes, with the mode that any new file gets. */
static int
make_temporary(struct cli_output *o)
{
	char path[PATH_MAX];
	sigset_t all, before;
	mode_t mask = umask(0);

	umask(mask);
	if (snprintf(path, sizeof(path), "%s/.%.200s.XXXXXX", o->folder, o->base) >= (int)sizeof(path))
		return write_error(o, ENAMETOOLONG);
	o->dir = open(o->folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (o->dir < 0)
		return write_error(o, errno);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	o->fd = mkostemp(path, O_CLOEXEC);
	if (o->fd >= 0) {
		strcpy(o->temporary, strrchr(path, '/') + 1);
		cli_signals_remove(o->dir, o->temporary);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (o->fd < 0)
		return write_error(o, errno);
	(void)fchmod(o->fd, 0666 & ~mask); /* where it cannot be, it stays the owner's alone */
	return CLI_CONTINUE;
}

static int
open_named(struct cli_output *o, const char *path)
{
	struct stat st;
	bool exists = stat(path, &st) == 0;
	int rc;

	if (exists && (o->fd = standard_fd(&st)) >= 0)
		return CLI_CONTINUE;
	if (exists && S_ISDIR(st.st_mode))
		return write_error(o, EISDIR);
	if ((rc = resolve(o, path)) != CLI_CONTINUE ||
	    (rc = check_target(o, path, exists ? &st : NULL)) != CLI_CONTINUE)
		return rc;
	if (!exists || S_ISREG(st.st_mode))
		return make_temporary(o);
	free(o->folder); /* nothing will be renamed there */
	o->folder = NULL;
	o->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	return o->fd >= 0 ? CLI_CONTINUE : write_error(o, errno);
}

/* Gives back all that the output holds; a temporary file that is still there goes. */
static void
release(struct cli_output *o)
{
	if (o->temporary[0] != '\0')
		unlinkat(o->dir, o->temporary, 0);
	cli_signals_remove(-1, NULL);
	if (o->fd > STDERR_FILENO)
		close(o->fd);
	if (o->dir >= 0)
		close(o->dir);
	free(o->base);
	free(o->folder);
	o->temporary[0] = '\0';
	o->base = o->folder = NULL;
	o->fd = o->dir = -1;
}

int
cli_output_open(struct cli_output *o, const struct cli *c)
{
	int rc = CLI_CONTINUE;

	o->cli = c;
	o->fd = o->dir = -1;
	o->base = o->folder = NULL;
	o->temporary[0] = '\0';
	o->error = 0;
	o->used = 0;
	if (c->output == NULL)
		o->fd = STDOUT_FILENO;
	else
		rc = open_named(o, c->output);
	if (rc != CLI_CONTINUE)
		release(o);
	return rc;
}

/* Writes all of bytes; keeps the first error. */
static int
write_out(struct cli_output *o, const char *bytes, size_t len)
{
	ssize_t n;

	while (len > 0 && o->error == 0) {
		n = write(o->fd, bytes, len);
		if (n < 0 && errno != EINTR)
			o->error = errno;
		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
	}
	errno = o->error;
	return o->error == 0 ? 0 : -1;
}

static int
flush(struct cli_output *o)
{
	size_t used = o->used;

	o->used = 0;
	return write_out(o, o->buf, used);
}

int
cli_output_write(void *output, const void *bytes, size_t len)
{
	struct cli_output *o = output;

	if (len > sizeof(o->buf) - o->used && flush(o) != 0)
		return -1;
	if (len > sizeof(o->buf))
		return write_out(o, bytes, len);
	memcpy(o->buf + o->used, bytes, len);
	o->used += len;
	return 0;
}

/* Makes sure that all is written, and gives the temporary file its name. */
static int
complete(struct cli_output *o)
{
	int fd = o->fd;

	if (flush(o) != 0)
		return -1;
	if (o->temporary[0] != '\0' && fsync(fd) != 0 && errno != EINVAL)
		return -1;
	if (fd != STDERR_FILENO) {
		o->fd = -1;
		if (close(fd) != 0)
			return -1;
	}
	if (o->temporary[0] != '\0' && renameat(o->dir, o->temporary, o->dir, o->base) != 0)
		return -1;
	o->temporary[0] = '\0';
	return 0;
}

int
cli_output_finish(struct cli_output *o, int status)
{
	if (complete(o) != 0)
		status = write_error(o, errno);
	release(o);
	return status;
}

int
cli_output_fail(struct cli_output *o, const struct lf_err *err)
{
	int status = o->error != 0 ? write_error(o, o->error) : cli_error(o->cli, "%s", err->msg);

	release(o);
	return status;
}

/* Colour by --color, and by itself on a terminal that has it and where NO_COLOR is not set. */
static bool
wants_color(const struct cli_output *o)
{
	const char *no_color = getenv("NO_COLOR");

	if (o->cli->color != CLI_AUTO)
		return o->cli->color == CLI_ALWAYS;
	return isatty(o->fd) && !cli_dumb_terminal() && (no_color == NULL || *no_color == '\0');
}

/* Whether the locale's characters are UTF-8, by its name: nothing else here depends on the locale. */
static bool
is_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	const char *value = NULL;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && (value == NULL || *value == '\0'); i++)
		value = getenv(names[i]);
	return value != NULL && (strcasestr(value, "utf-8") != NULL || strcasestr(value, "utf8") != NULL);
}

void
cli_write_opts(const struct cli_output *o, struct lf_write_opts *w)
{
	const struct cli *c = o->cli;

	cli_progress_clear();
	*w = (struct lf_write_opts){.color = wants_color(o), .width = cli_columns(o->fd), .terminal = isatty(o->fd) == 1,
	    .ascii = !is_utf8(),
	    .detail = c->verbose, .quiet = c->quiet, .reproducible = c->reproducible,
	    .arguments = c->arguments, .n_arguments = c->n_arguments, .started = c->started,
	    .finished = time(NULL)};
}
