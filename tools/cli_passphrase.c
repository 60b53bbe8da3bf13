#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli.h"

#define CONTROL_C 3
#define CONTROL_D 4

static int
fail(struct lf_err *err, const char *what, const char *why)
{
	snprintf(err->msg, sizeof(err->msg), "%s%s%s", what, why == NULL ? "" : ": ", why == NULL ? "" : why);
	return -1;
}

/* The first line of fd.  Returns its length; -1 when it cannot be read, or is longer than cap. */
static int
first_line(int fd, char *buf, size_t cap, struct lf_err *err)
{
	size_t len = 0;
	ssize_t n;
	char c;

	for (;;) {
		n = read(fd, &c, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(err, "cannot read the pass phrase", strerror(errno));
		if (n == 0 || c == '\n')
			break;
		if (len == cap)
			return fail(err, "the pass phrase is too long", NULL);
		buf[len++] = c;
	}
	if (len > 0 && buf[len - 1] == '\r')
		len--;
	return len > 0 ? (int)len : fail(err, "the pass phrase is empty", NULL);
}

/*
 * Letters up to the end of the line; what was typed last can be taken back.  The terminal sends no signals meanwhile,
 * so that it is never left without echo.
 */
static int
type(int tty, char *buf, size_t cap, struct lf_err *err)
{
	size_t len = 0;
	char c = '\0';

	while (read(tty, &c, 1) == 1 && c != '\n' && c != '\r' && c != CONTROL_D) {
		if (c == CONTROL_C)
			return fail(err, "no pass phrase was given", NULL);
		if (c == '\b' || c == 0x7f)
			len -= len > 0;
		else if (len == cap)
			return fail(err, "the pass phrase is too long", NULL);
		else
			buf[len++] = c;
	}
	return len > 0 ? (int)len : fail(err, "no pass phrase was given", NULL);
}

static int
ask(char *buf, size_t cap, struct lf_err *err)
{
	static const char prompt[] = "Pass phrase of the private key: ";
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY), n;
	struct termios before, quiet;

	if (tty < 0 || tcgetattr(tty, &before) != 0) {
		if (tty >= 0)
			close(tty);
		return fail(err, "the key is encrypted, and there is neither a pass phrase (--passphrase-file, --passphrase-fd) nor a "
		    "terminal to ask for it", NULL);
	}
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ICANON | ISIG);
	quiet.c_cc[VMIN] = 1;
	quiet.c_cc[VTIME] = 0;
	tcsetattr(tty, TCSAFLUSH, &quiet);
	if (write(tty, prompt, sizeof(prompt) - 1) < 0)
		n = fail(err, "cannot ask for the pass phrase", strerror(errno));
	else
		n = type(tty, buf, cap, err);
	tcsetattr(tty, TCSAFLUSH, &before);
	(void)!write(tty, "\n", 1);
	close(tty);
	return n;
}

int
cli_passphrase(void *passphrase, char *buf, size_t cap, struct lf_err *err)
{
	const struct cli_passphrase *p = passphrase;
	int fd, n;

	if (p->fd >= 0)
		return first_line(p->fd, buf, cap, err);
	if (p->file == NULL)
		return ask(buf, cap, err);
	fd = open(p->file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		snprintf(err->msg, sizeof(err->msg), "cannot open \"%s\": %s", p->file, strerror(errno));
		return -1;
	}
	n = first_line(fd, buf, cap, err);
	close(fd);
	return n;
}
