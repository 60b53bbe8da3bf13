/*
 * scan: how fast records are read, in GB of JSON a second on one core.  Standard input: delivered logs, inflated, one
 * after another.  Their records are written again in three ways (as delivered; pretty-printed; with every sixth
 * character of strings and every slash escaped) and read from memory, every field of an event found; jansson reads
 * the same.  A line each: what, and the median of the rounds.
 *
 *   zcat LOG... | scan [-n ROUNDS] [-m MEGABYTES] [-w WAY]   (one way only)
 */
#include <err.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "record/event.h"
#include "record/scan.h"
#include "record/scan_map.h"

#define MAX_ROUNDS 99

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
read_input(struct lf_buf *in)
{
	char *to;
	size_t n;

	while ((to = lf_buf_reserve(in, 1 << 20)) != NULL && (n = fread(to, 1, 1 << 20, stdin)) > 0)
		in->len += n;
	if (in->failed || ferror(stdin))
		err(2, "standard input");
}

static void
new_line(struct lf_buf *out, unsigned depth)
{
	lf_buf_putc(out, '\n');
	for (unsigned i = 0; i < depth; i++)
		lf_buf_puts(out, "  ");
}

/* Copies a record, which holds no white space outside of strings, with white space as people like it. */
static void
write_pretty(struct lf_slice r, struct lf_buf *out)
{
	unsigned depth = 0;
	bool string = false;

	for (size_t i = 0; i < r.len; i++) {
		char c = r.s[i];

		if (!string && (c == '}' || c == ']') && r.s[i - 1] != '{' && r.s[i - 1] != '[')
			new_line(out, depth - 1);
		lf_buf_putc(out, c);
		if (string && c == '\\')
			lf_buf_putc(out, r.s[++i]);
		string ^= c == '"';
		if (string)
			continue;
		depth += c == '{' || c == '[';
		depth -= c == '}' || c == ']';
		if (c == ':')
			lf_buf_putc(out, ' ');
		if (c == ',' || ((c == '{' || c == '[') && r.s[i + 1] != '}' && r.s[i + 1] != ']'))
			new_line(out, depth);
	}
}

static void
write_escaped(struct lf_slice r, struct lf_buf *out)
{
	bool string = false;

	for (size_t i = 0; i < r.len; i++) {
		unsigned char c = (unsigned char)r.s[i];

		string ^= c == '"';
		if (string && c == '\\') {
			size_t n = r.s[i + 1] == 'u' ? 6 : 2;

			lf_buf_add(out, r.s + i, n);
			i += n - 1;
		} else if (string && c == '/') {
			lf_buf_puts(out, "\\/");
		} else if (string && c != '"' && c < 0x80 && i % 6 == 0) {
			lf_buf_printf(out, "\\u%04x", c);
		} else {
			lf_buf_putc(out, (char)c);
		}
	}
}

static void
write_delivered(struct lf_slice r, struct lf_buf *out)
{
	lf_buf_add(out, r.s, r.len);
}

/* Calls write for each record of the logs, until out holds enough. */
static void
make_log(const struct lf_buf *in, size_t enough, void (*write)(struct lf_slice, struct lf_buf *), struct lf_buf *out)
{
	struct lf_event e;
	struct lf_scan s;

	lf_buf_puts(out, "{\"Records\":[");
	while (out->len < enough) {
		lf_scan_init(&s, in->data, in->len);
		while (out->len < enough && !lf_scan_at_end(&s)) {
			if (lf_scan_next(&s) != LF_TOKEN_OBJECT || lf_scan_next(&s) != LF_TOKEN_KEY ||
			    lf_scan_next(&s) != LF_TOKEN_ARRAY)
				errx(2, "standard input is no log");
			while (lf_scan_next(&s) == LF_TOKEN_OBJECT && lf_event_read(&s, NULL, &e)) {
				if (out->data[out->len - 1] != '[')
					lf_buf_putc(out, ',');
				write(e.raw, out);
			}
			if (lf_scan_next(&s) != LF_TOKEN_OBJECT_END)
				errx(2, "standard input is no log: %s", s.problem == NULL ? "" : s.problem);
			lf_scan_again(&s);
		}
	}
	lf_buf_puts(out, "]}");
	if (out->failed)
		errx(2, "out of memory");
}

/* Reads all the records; returns something that depends on them. */
static uint64_t
read_events(const struct lf_buf *log, const struct lf_seed *seed, lf_scan_map_fn *map)
{
	uint64_t sum = 0;
	struct lf_event e;
	struct lf_scan s;

	lf_scan_init(&s, log->data, log->len);
	s.map = map;
	if (lf_scan_next(&s) != LF_TOKEN_OBJECT || lf_scan_next(&s) != LF_TOKEN_KEY || lf_scan_next(&s) != LF_TOKEN_ARRAY)
		errx(2, "no log was made");
	while (lf_scan_next(&s) == LF_TOKEN_OBJECT) {
		if (!lf_event_read(&s, seed, &e))
			errx(2, "%s at %zu", s.problem, s.at);
		sum += e.content + e.field[LF_EV_ID].len;
	}
	return sum;
}

static uint64_t
read_jansson(const struct lf_buf *log)
{
	struct lf_err error;
	json_t *value = lf_json_read(log->data, log->len, NULL, &error);
	uint64_t n;

	if (value == NULL)
		errx(2, "jansson: %s", error.msg);
	n = json_array_size(json_object_get(value, "Records"));
	json_decref(value);
	return n;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

enum form {
	DELIVERED,
	PRETTY,
	ESCAPED,
	FORMS
};

static const struct {
	const char *name;
	enum form form;
	bool seed, portable, jansson;
} ways[] = {{"delivered", DELIVERED, false, false, false}, {"delivered-content", DELIVERED, true, false, false},
    {"portable", DELIVERED, false, true, false}, {"pretty", PRETTY, false, false, false},
    {"pretty-content", PRETTY, true, false, false}, {"escaped", ESCAPED, false, false, false},
    {"escaped-content", ESCAPED, true, false, false}, {"jansson", DELIVERED, false, false, true}};

#define WAYS (sizeof(ways) / sizeof(ways[0]))

static double
measure(size_t way, const struct lf_buf *log, const struct lf_seed *seed)
{
	double from = seconds();
	uint64_t sum;

	if (ways[way].jansson)
		sum = read_jansson(log);
	else
		sum = read_events(log, ways[way].seed ? seed : NULL,
		    ways[way].portable ? lf_scan_map_at(0) : lf_scan_map_best());
	if (sum == 0)
		errx(2, "nothing was read");
	return (double)log->len / (seconds() - from) / 1e9;
}

int
main(int argc, char **argv)
{
	static void (*const writers[FORMS])(struct lf_slice, struct lf_buf *) = {write_delivered, write_pretty,
	    write_escaped};
	static double rates[WAYS][MAX_ROUNDS];
	struct lf_buf in, logs[FORMS];
	size_t rounds = 7, megabytes = 64;
	const char *only = NULL;
	struct lf_seed seed;
	struct lf_err error;
	int c;

	while ((c = getopt(argc, argv, "n:m:w:")) != -1) {
		if (c == '?')
			return 2;
		if (c == 'w')
			only = optarg;
		else
			*(c == 'n' ? &rounds : &megabytes) = strtoul(optarg, NULL, 10);
	}
	if (rounds == 0 || rounds > MAX_ROUNDS || megabytes == 0)
		errx(2, "rounds: 1 to %d", MAX_ROUNDS);
	lf_buf_init(&in);
	read_input(&in);
	if (lf_seed_new(&seed, &error) != 0)
		errx(2, "%s", error.msg);
	for (size_t f = 0; f < FORMS; f++) {
		lf_buf_init(&logs[f]);
		make_log(&in, megabytes << 20, writers[f], &logs[f]);
	}
	for (size_t i = 0; i < rounds; i++)
		for (size_t w = 0; w < WAYS; w++)
			if (only == NULL || strcmp(only, ways[w].name) == 0)
				rates[w][i] = measure(w, &logs[ways[w].form], &seed);
	for (size_t w = 0; w < WAYS; w++) {
		if (rates[w][0] <= 0)
			continue;
		qsort(rates[w], rounds, sizeof(double), compare);
		printf("%s %.3f\n", ways[w].name, rates[w][rounds / 2]);
	}
	for (size_t f = 0; f < FORMS; f++)
		lf_buf_free(&logs[f]);
	lf_buf_free(&in);
	return 0;
}
