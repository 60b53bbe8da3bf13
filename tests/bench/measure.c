/*
 * measure: runs a command, or two in turn, and prints what they took.
 *
 *   measure [-n ROUNDS] [-w ROUNDS] -- A [ARG...] [-- B [ARG...]]
 *
 * Each round runs A and then B, so that whatever slows the machine down meets both; -w rounds
 * before them warm the caches and are not counted.  Standard output of the commands is thrown away.
 * Prints lines that a shell can eval: a_wall, a_cpu (seconds, medians over the rounds, with _min
 * and _max), a_rss (KiB, the largest), a_status (exit status); the same for b; ratio_wall and
 * ratio_cpu (medians over the rounds of A divided by B, with _min and _max).
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_ROUNDS 1000

/* A command and what its rounds took. */
struct command {
	char **argv;
	double wall[MAX_ROUNDS], cpu[MAX_ROUNDS];
	long rss;
	int status;
};

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static void
child(char **argv)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null < 0 || dup2(null, STDOUT_FILENO) < 0)
		_exit(126);
	execvp(argv[0], argv);
	warn("%s", argv[0]);
	_exit(127);
}

/* Runs it once; the numbers go to its given round. */
static void
run(struct command *c, unsigned round)
{
	struct timespec from, to;
	struct rusage use;
	int status;
	pid_t pid;

	clock_gettime(CLOCK_MONOTONIC, &from);
	if ((pid = fork()) < 0)
		err(1, "fork");
	if (pid == 0)
		child(c->argv);
	if (wait4(pid, &status, 0, &use) != pid)
		err(1, "wait4");
	clock_gettime(CLOCK_MONOTONIC, &to);
	if (!WIFEXITED(status) || WEXITSTATUS(status) >= 126)
		errx(1, "%s did not run to its end", c->argv[0]);
	c->status = WEXITSTATUS(status);
	c->wall[round] =
	    (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
	c->cpu[round] = seconds(use.ru_utime) + seconds(use.ru_stime);
	if (use.ru_maxrss > c->rss)
		c->rss = use.ru_maxrss;
}

static int
cmp(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Sorts v. */
static void
print_spread(const char *name, const char *what, double *v, unsigned n)
{
	qsort(v, n, sizeof(*v), cmp);
	printf("%s_%s=%.6f %s_%s_min=%.6f %s_%s_max=%.6f\n", name, what,
	    (v[n / 2] + v[(n - 1) / 2]) / 2, name, what, v[0], name, what, v[n - 1]);
}

static void
print_command(const char *name, struct command *c, unsigned n)
{
	print_spread(name, "wall", c->wall, n);
	print_spread(name, "cpu", c->cpu, n);
	printf("%s_rss=%ld %s_status=%d\n", name, c->rss, name, c->status);
}

static void
print_ratios(const struct command *a, const struct command *b, unsigned n)
{
	double wall[MAX_ROUNDS], cpu[MAX_ROUNDS];

	for (unsigned i = 0; i < n; i++) {
		wall[i] = a->wall[i] / b->wall[i];
		cpu[i] = a->cpu[i] / b->cpu[i];
	}
	print_spread("ratio", "wall", wall, n);
	print_spread("ratio", "cpu", cpu, n);
}

static void
usage(void)
{
	fprintf(stderr, "usage: measure [-n ROUNDS] [-w ROUNDS] -- A [ARG...] [-- B [ARG...]]\n");
	exit(2);
}

static unsigned
rounds(const char *text, long least)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (*end != '\0' || n < least || n > MAX_ROUNDS)
		usage();
	return (unsigned)n;
}

int
main(int argc, char **argv)
{
	static struct command a, b;
	unsigned n = 5, warm = 1;
	int opt, i;

	while ((opt = getopt(argc, argv, "+n:w:")) != -1) {
		if (opt == 'n')
			n = rounds(optarg, 1);
		else if (opt == 'w')
			warm = rounds(optarg, 0);
		else
			usage();
	}
	for (i = optind; i < argc && strcmp(argv[i], "--") != 0; i++)
		;
	a.argv = argv + optind;
	b.argv = i < argc ? argv + i + 1 : NULL;
	argv[i] = NULL;
	if (a.argv[0] == NULL || (b.argv != NULL && b.argv[0] == NULL))
		usage();
	for (unsigned round = 0; round < warm + n; round++) {
		run(&a, round < warm ? 0 : round - warm);
		if (b.argv != NULL)
			run(&b, round < warm ? 0 : round - warm);
	}
	if (b.argv != NULL)
		print_ratios(&a, &b, n);
	print_command("a", &a, n);
	if (b.argv != NULL)
		print_command("b", &b, n);
	return 0;
}
