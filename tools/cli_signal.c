#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

/* What a handler has to reach: a handler is given nothing but the number of the signal. */
static struct {
	volatile sig_atomic_t armed;
	int dir;
	char name[NAME_MAX + 1];
} doomed;

static volatile int deferred; /* the number of the signal that was put off */

static void
end(int number)
{
	cli_progress_clear();
	if (doomed.armed)
		unlinkat(doomed.dir, doomed.name, 0);
	_exit(128 + number);
}

static void
defer(int number)
{
	if (deferred != 0)
		end(number);
	deferred = number;
}

/* Takes over a signal, unless who started the tool wants it ignored. */
static void
take(int number, void (*handler)(int))
{
	struct sigaction sa;

	if (sigaction(number, NULL, &sa) != 0 || sa.sa_handler == SIG_IGN)
		return;
	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = handler;
	sa.sa_flags = SA_RESTART;
	sigfillset(&sa.sa_mask);
	sigaction(number, &sa, NULL);
}

void
cli_signals(void)
{
	take(SIGINT, end);
	take(SIGTERM, end);
	take(SIGHUP, end);
	take(SIGXFSZ, SIG_IGN);
}

const volatile int *
cli_signals_defer(void)
{
	take(SIGINT, defer);
	take(SIGTERM, defer);
	take(SIGHUP, defer);
	return &deferred;
}

void
cli_signals_remove(int dir, const char *name)
{
	doomed.armed = 0;
	if (name == NULL)
		return;
	take(SIGPIPE, end);
	take(SIGQUIT, end);
	doomed.dir = dir;
	strncpy(doomed.name, name, NAME_MAX);
	atomic_signal_fence(memory_order_seq_cst);
	doomed.armed = 1;
}
