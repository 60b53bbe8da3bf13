/*
 * sort: what the sorter of a timeline takes, in CPU time and memory.
 *
 * sort [-j N] [-m MEMORY] [-r] ROWS: sorts rows of about 350 bytes and reads them once, in order.  They come as logs bring them (each log in
 * order, the logs by account and region), with -r in no order at all.  One line: seconds of CPU for adding, sorting and reading, bytes
 * spilled, peak memory in KiB without what the generator takes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/temporary.h"
#include "timeline/row.h"
#include "timeline/sort.h"

#define BATCH 1000

static uint64_t state = 1;

static uint64_t
next_random(void)
{
	uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static double
cpu(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
die(const char *what)
{
	fprintf(stderr, "sort: %s\n", what);
	exit(1);
}

/* Row i of n: a day of one account in two regions. */
static void
make_row(struct lf_buf *out, uint64_t i, uint64_t n, int scattered)
{
	char id[37], padding[160];
	struct lf_values v = {.time = 1700000000};
	uint64_t half = n / 2 + 1;

	memset(padding, 'x', sizeof(padding));
	snprintf(id, sizeof(id), "%016" PRIx64 "-%016" PRIx64, next_random(), next_random());
	v.time += (int64_t)(scattered ? next_random() % 86400 : i % half * 86400 / half);
	v.v[LF_COL_ACCOUNT] = (struct lf_slice){"123456789012", 12};
	v.v[LF_COL_REGION] = (struct lf_slice){i < half ? "eu-west-1" : "us-east-1", 9};
	v.v[LF_COL_PRINCIPAL] = (struct lf_slice){padding, sizeof(padding) - i % 7};
	v.v[LF_COL_NAME] = (struct lf_slice){"DescribeInstances", 17};
	v.v[LF_COL_ID] = (struct lf_slice){id, 33};
	lf_row_pack(out, &v, (uint32_t)i, i, 0, (struct lf_slice){NULL, 0});
}

static long
peak(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return u.ru_maxrss;
}

static double
add_all(struct lf_sorter *s, uint64_t n, int scattered)
{
	struct lf_buf batch;
	struct lf_err err;
	double t, took = 0;

	lf_buf_init(&batch);
	for (uint64_t i = 0; i < n;) {
		lf_buf_reset(&batch);
		for (uint64_t end = i + BATCH < n ? i + BATCH : n; i < end; i++)
			make_row(&batch, i, n, scattered);
		t = cpu(CLOCK_PROCESS_CPUTIME_ID);
		if (batch.failed || lf_sorter_add(s, batch.data, batch.len, &err) != 0)
			die("cannot add");
		took += cpu(CLOCK_PROCESS_CPUTIME_ID) - t;
	}
	lf_buf_free(&batch);
	return took;
}

static uint64_t
read_all(struct lf_sorter *s, uint64_t *bytes)
{
	const struct lf_row *r;
	const void *item;
	struct lf_err err;
	uint64_t n = 0;

	for (*bytes = 0;; n++) {
		if (lf_sorter_next(s, &item, &err) != 0)
			die(err.msg);
		if ((r = item) == NULL)
			return n;
		*bytes += r->size;
		*bytes += lf_row_value(r, LF_COL_ID).s[0] == '!';
	}
}

int
main(int argc, char **argv)
{
	struct lf_sort_order order = {lf_row_prefix, lf_row_cmp};
	uint64_t memory = UINT64_C(1) << 30, n, bytes;
	struct lf_sorter *s;
	struct lf_err err;
	double add, sort, pass, wall;
	unsigned jobs = 1;
	int c, scattered = 0, fd = lf_temporary(NULL, &err);
	long before;

	while ((c = getopt(argc, argv, "j:m:r")) != -1) {
		if (c == 'j')
			jobs = (unsigned)atoi(optarg);
		else if (c == 'm')
			memory = strtoull(optarg, NULL, 10);
		else if (c == 'r')
			scattered = 1;
		else
			die("usage: sort [-j N] [-m MEMORY] [-r] ROWS");
	}
	if (optind != argc - 1 || (n = strtoull(argv[optind], NULL, 10)) == 0)
		die("usage: sort [-j N] [-m MEMORY] [-r] ROWS");
	before = peak();
	if (fd < 0 || lf_sorter_new(order, memory, fd, "/tmp", jobs, &s, &err) != 0)
		die(err.msg);
	add = add_all(s, n, scattered);
	wall = cpu(CLOCK_MONOTONIC);
	sort = cpu(CLOCK_PROCESS_CPUTIME_ID);
	if (lf_sorter_finish(s, &err) != 0)
		die(err.msg);
	pass = cpu(CLOCK_PROCESS_CPUTIME_ID);
	sort = pass - sort;
	if (read_all(s, &bytes) != n)
		die("rows were lost");
	pass = cpu(CLOCK_PROCESS_CPUTIME_ID) - pass;
	printf("rows=%" PRIu64 " bytes=%" PRIu64 " add=%.3f sort=%.3f pass=%.3f cpu=%.3f wall=%.3f spilled=%" PRIu64
	       " rss=%ld\n",
	    n, bytes, add, sort, pass, add + sort + pass, cpu(CLOCK_MONOTONIC) - wall, lf_sorter_spilled(s),
	    peak() - before);
	lf_sorter_free(s);
	return 0;
}
