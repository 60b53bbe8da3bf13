#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"

#define BAR_CELLS 20
#define MAX_WIDTH 200
#define BEAT      0.1 /* seconds from one bar to the next */

/* One bar for the process: messages and signals must be able to wipe it. */
static struct {
	volatile sig_atomic_t shown; /* columns of it on the terminal */
	unsigned width;
	double start, last;          /* seconds */
} bar;

unsigned
cli_columns(int fd)
{
	const char *text = getenv("COLUMNS");
	struct winsize size;
	unsigned long n;
	char *end;

	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	n = text == NULL ? 0 : strtoul(text, &end, 10);
	return n > 0 && n < 10000 && *end == '\0' ? (unsigned)n : 0;
}

bool
cli_dumb_terminal(void)
{
	const char *term = getenv("TERM");

	return term == NULL || *term == '\0' || strcmp(term, "dumb") == 0;
}

static double
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* "1.2 GiB" */
static const char *
size_text(double bytes, char out[32])
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
	unsigned i = 0;

	for (; bytes >= 1024 && i < 5; i++)
		bytes /= 1024;
	snprintf(out, 32, "%.*f %s", i == 0 ? 0 : 1, bytes, units[i]);
	return out;
}

/* How much of all is done, from 0 to 1; below 0 where that is not known. */
static double
done_share(const struct lf_progress *p)
{
	bool by_bytes = p->bytes_total > 0;
	uint64_t total = by_bytes ? p->bytes_total : p->objects_total, done = by_bytes ? p->bytes : p->objects;

	return total == 0 ? -1 : done < total ? (double)done / (double)total : 1;
}

/* "[######....]  30%  " where it is known how much there is, else nothing. */
static void
bar_text(const struct lf_progress *p, char out[64])
{
	double share = done_share(p);
	int cells;

	out[0] = '\0';
	if (share < 0)
		return;
	cells = (int)(share * BAR_CELLS);
	snprintf(out, 64, "[%.*s%.*s] %3d%%  ", cells, "####################", BAR_CELLS - cells,
	    "....................", (int)(share * 100));
}

/* ", 1:05 left" where that can be told. */
static void
left_text(const struct lf_progress *p, double elapsed, char out[32])
{
	double left, share = done_share(p);

	out[0] = '\0';
	if (share <= 0 || share >= 1)
		return;
	left = elapsed / share * (1 - share);
	if (left < 360000)
		snprintf(out, 32, ", %u:%02u left", (unsigned)left / 60, (unsigned)left % 60);
}

/* Writes a line over the one before; blanks cover what is longer in that one. */
static void
draw(const char *text)
{
	char line[MAX_WIDTH + 2];
	int shown = bar.shown, n;

	n = snprintf(line, sizeof(line), "\r%-*.*s", shown, (int)bar.width, text);
	bar.shown = (int)strnlen(text, bar.width);
	if (write(STDERR_FILENO, line, (size_t)n) < 0)
		bar.width = 0; /* nobody looks */
}

static void
show(void *arg, const struct lf_progress *p)
{
	char text[MAX_WIDTH + 1], cells[64], left[32], bytes[32], rate[32];
	double now = seconds(), elapsed = now - bar.start;

	(void)arg;
	if (bar.width == 0 || now - bar.last < BEAT)
		return;
	bar.last = now;
	if (elapsed < BEAT) /* a rate of nothing yet */
		elapsed = BEAT;
	bar_text(p, cells);
	left_text(p, elapsed, left);
	snprintf(text, sizeof(text), "%s%llu objects, %s, %s/s%s", cells, (unsigned long long)p->objects,
	    size_text((double)p->bytes, bytes), size_text((double)p->bytes / elapsed, rate), left);
	draw(text);
}

void
cli_progress_start(struct cli *c)
{
	unsigned columns = cli_columns(STDERR_FILENO);

	if (c->quiet || c->progress == CLI_NEVER ||
	    (c->progress == CLI_AUTO && (!isatty(STDERR_FILENO) || cli_dumb_terminal())))
		return;
	bar.width = columns == 0 ? 79 : columns - 1;
	if (bar.width > MAX_WIDTH)
		bar.width = MAX_WIDTH;
	bar.start = seconds();
	bar.last = c->progress == CLI_ALWAYS ? bar.start - BEAT : bar.start; /* asked for, it is shown however short the work */
	c->opts.progress = show;
}

void
cli_progress_clear(void)
{
	char line[MAX_WIDTH + 2];
	size_t shown = (size_t)bar.shown;

	if (shown == 0)
		return;
	bar.shown = 0;
	memset(line, ' ', sizeof(line));
	line[0] = line[shown + 1] = '\r';
	if (write(STDERR_FILENO, line, shown + 2) < 0)
		bar.width = 0;
}
