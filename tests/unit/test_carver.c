/* A run of carving into a folder: its rows and records, and the same folder however often it is stopped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "carve/carver.h"
#include "members.h"

#define SIZE ((size_t)2 << 20)

static char folder[] = "/tmp/lf-carver-XXXXXX";

static const char *
path_of(const char *name)
{
	static char paths[4][256];
	static unsigned n;

	n = (n + 1) % 4;
	snprintf(paths[n], sizeof(paths[n]), "%s/%s", folder, name);
	return paths[n];
}

/* A log of 3 events four times: as it is, again, with white space, and with one letter changed in its second event; one that is cut; a
 * loose record of it. */
static void
make_image(void)
{
	unsigned char *b = malloc(SIZE);
	uint64_t seed = 5;
	size_t len, other_len;
	char *log = made_log(3, 99, &len), *changed = strdup(log), *other = made_log(40, 7, &other_len), *p;
	FILE *f;

	for (size_t i = 0; i < SIZE; i++)
		b[i] = (unsigned char)(scratch_random(&seed) >> 40);
	made_member(log, len, b + 10000, 6);
	made_member(log, len, b + 400001, 6);
	memcpy(b + 500000, "{\"Records\" :\n [", 15);
	memcpy(b + 500015, log + 12, len - 12);
	p = strstr(strstr(changed + 20, "\"eventVersion\""), "\"eventName\":\"") + 13;
	*p = *p == 'X' ? 'Y' : 'X';
	made_member(changed, len, b + 900000, 6);
	memset(b + 1200000 + 2000, 0, 20000);
	made_member(other, other_len, b + 1200000, 6);
	memset(b + 1200000 + 2000, 0, 20000);
	memcpy(b + 1500000, log + 12, len - 14);
	f = fopen(path_of("image"), "w");
	assert_int_equal(fwrite(b, 1, SIZE, f), SIZE);
	fclose(f);
	free(b);
	free(log);
	free(changed);
	free(other);
}

static int
setup(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	make_image();
	return 0;
}

static int
teardown(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

/* ---- Runs ---- */

static struct lf_carve_opts
options(const char *out)
{
	static const char *images[1];
	struct lf_carve_opts o = {.images = images, .n_images = 1, .outdir = path_of(out), .jobs = 2};

	images[0] = path_of("image");
	return o;
}

static struct lf_carve *
carved(const struct lf_carve_opts *o, int expect)
{
	struct lf_carve *c;
	struct lf_err err;

	if (lf_carve_open(o, &c, &err) != 0)
		fail_msg("%s", err.msg);
	if (lf_carve_run(c, &err) != expect)
		fail_msg("%s", err.msg);
	return c;
}

static void
end(struct lf_carve *c)
{
	struct lf_err err;

	assert_int_equal(lf_carve_end(c, &err), 0);
	lf_carve_free(c);
}

/* The lines of a file of the output, as JSON. */
static size_t
lines(const char *out, const char *file, json_t **rows, size_t cap)
{
	char name[128], *line = NULL;
	size_t n = 0, room = 0;
	FILE *f;

	snprintf(name, sizeof(name), "%s/%s", out, file);
	f = fopen(path_of(name), "r");
	assert_non_null(f);
	while (getline(&line, &room, f) > 0) {
		assert_true(n < cap);
		rows[n] = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
		assert_non_null(rows[n]);
		n++;
	}
	free(line);
	fclose(f);
	return n;
}

static const char *
text(const json_t *row, const char *name)
{
	const char *s = json_string_value(json_object_get(row, name));

	return s == NULL ? "" : s;
}

/* ---- Tests ---- */

static void
rows_stand_for_every_place(void **state)
{
	static const struct {
		long long offset;
		const char *state, *kind, *method;
		int records;
	} expect[] = {{10000, "whole", "log", "gzip", 3}, {400001, "whole", "log", "gzip", 3}, {500000, "whole", "log", "text", 3},
	    {900000, "whole", "log", "gzip", 3}, {1200000, "prefix", "log", "gzip", -1}, {1500000, "record", "record", "text", 1},
	    {-1, "record", "record", "text", 1}, {-1, "record", "record", "text", 1}};
	struct lf_carve_opts o = options("rows");
	json_t *rows[16];
	size_t n;

	(void)state;
	end(carved(&o, 0));
	n = lines("rows", "carve.jsonl", rows, 16);
	assert_int_equal(n, 8);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(json_integer_value(json_object_get(rows[i], "id")), i + 1);
		if (expect[i].offset >= 0)
			assert_int_equal(json_integer_value(json_object_get(rows[i], "offset")), expect[i].offset);
		assert_string_equal(text(rows[i], "state"), expect[i].state);
		assert_string_equal(text(rows[i], "kind"), expect[i].kind);
		assert_string_equal(text(rows[i], "method"), expect[i].method);
		if (expect[i].records >= 0)
			assert_int_equal(json_integer_value(json_object_get(rows[i], "records")), expect[i].records);
		json_decref(rows[i]);
	}
}

static void
records_are_unique_and_conflicts_are_kept(void **state)
{
	struct lf_carve_opts o = options("records");
	struct lf_carve *c = carved(&o, 0);
	size_t n, conflicts = 0, places = 0, twice = 0;
	json_t *rows[256];

	(void)state;
	assert_int_equal(c->result.conflicts.n, 1);
	assert_int_equal(((struct lf_carve_conflict *)lf_list_at(&c->result.conflicts, 0))->versions, 2);
	assert_int_equal(lf_carve_verdict(c), LF_FINDINGS);
	n = lines("records", "records.jsonl", rows, 256);
	for (size_t i = 0; i < n; i++) {
		const json_t *record = json_object_get(rows[i], "record"), *where = json_object_get(rows[i], "locations");

		assert_true(json_array_size(where) > 0);
		assert_string_equal(text(rows[i], "event_id"), text(record, "eventID"));
		if (strcmp(text(rows[i], "state"), "whole") == 0)
			places += json_array_size(where);
		for (size_t k = 0; k < i; k++)
			if (strcmp(text(rows[k], "event_id"), text(rows[i], "event_id")) == 0) {
				assert_false(json_equal(json_object_get(rows[k], "record"), record));
				conflicts++;
			}
		twice += i > 0 && strcmp(text(rows[i - 1], "event_time"), text(rows[i], "event_time")) > 0 && text(rows[i], "event_time")[0] != '\0';
	}
	assert_int_equal(conflicts, 1);
	assert_int_equal(twice, 0);
	/* Three events at four places, and each once more loose. */
	assert_int_equal(places, 3 * 4 + 3);
	assert_int_equal(c->result.records, n - c->result.incomplete);
	for (size_t i = 0; i < n; i++)
		json_decref(rows[i]);
	end(c);
}

static void
a_run_that_is_stopped_goes_on(void **state)
{
	struct lf_carve_opts o = options("once");
	char command[256];
	int stop = 0;

	(void)state;
	end(carved(&o, 0));
	o = options("often");
	o.window = 8192;
	o.checkpoint = 50000;
	o.stop = &stop;
	for (unsigned i = 0, done = 0; done == 0; i++) {
		struct lf_carve *c;
		struct lf_err err;
		int r;

		assert_true(i < 3);
		o.resume = i > 0;
		stop = i == 0; /* at once, which leaves a state all the same */
		assert_int_equal(lf_carve_open(&o, &c, &err), 0);
		r = lf_carve_run(c, &err);
		assert_true(r >= 0);
		if (r == 0) {
			done = 1;
			end(c);
		} else {
			assert_int_equal(access(path_of("often/carve.state"), F_OK), 0);
			lf_carve_free(c);
		}
	}
	snprintf(command, sizeof(command), "diff -r %s %s", path_of("once"), path_of("often"));
	assert_int_equal(system(command), 0);
}

static void
a_state_of_another_run_is_refused(void **state)
{
	struct lf_carve_opts o = options("other");
	struct lf_carve *c;
	struct lf_err err;
	int stop = 1;

	(void)state;
	o.stop = &stop;
	lf_carve_free(carved(&o, 1));
	o.resume = true;
	o.max_record = 8192;
	assert_int_equal(lf_carve_open(&o, &c, &err), -1);
	assert_non_null(strstr(err.msg, "another run"));
	o.max_record = 0;
	o.resume = false;
	assert_int_equal(lf_carve_open(&o, &c, &err), -1);
	assert_non_null(strstr(err.msg, "is not empty"));
}

static void
ranges_are_read_or_refused(void **state)
{
	struct lf_area *a;
	struct lf_err err;
	size_t n;
	FILE *f = fopen(path_of("ranges"), "w");

	(void)state;
	fputs("# unallocated\n4096 512\n0x0 100 # first\n\n50 60\n5000 8\r\n0 0\n", f);
	fclose(f);
	assert_int_equal(lf_ranges_read(path_of("ranges"), &a, &n, &err), 0);
	assert_int_equal(n, 3);
	assert_int_equal(a[0].from, 0);
	assert_int_equal(a[0].to, 110);
	assert_int_equal(a[1].from, 4096);
	assert_int_equal(a[2].to, 5008);
	free(a);
	for (unsigned i = 0; i < 6; i++) {
		static const char *const wrong[] = {"12\n", "1 2 3\n", "-1 5\n", "1 18446744073709551615\n", "x y\n", "\n# none\n"};

		f = fopen(path_of("ranges"), "w");
		fprintf(f, "\n%s", wrong[i]);
		fclose(f);
		assert_int_equal(lf_ranges_read(path_of("ranges"), &a, &n, &err), -1);
		assert_non_null(strstr(err.msg, i < 5 ? "line 2" : "no range"));
	}
}

static void
only_ranges_are_looked_at(void **state)
{
	struct lf_carve_opts o = options("ranged");
	FILE *f = fopen(path_of("some"), "w");
	struct lf_carve *c;

	(void)state;
	fputs("400000 2\n899000 5000\n", f);
	fclose(f);
	o.ranges = path_of("some");
	c = carved(&o, 0);
	assert_int_equal(c->result.finds[LF_CARVE_WHOLE][LF_CARVE_LOG], 2);
	assert_int_equal(c->result.images[0].tally.scanned, 5002);
	end(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows_stand_for_every_place),
	    cmocka_unit_test(records_are_unique_and_conflicts_are_kept),
	    cmocka_unit_test(a_run_that_is_stopped_goes_on),
	    cmocka_unit_test(a_state_of_another_run_is_refused),
	    cmocka_unit_test(ranges_are_read_or_refused),
	    cmocka_unit_test(only_ranges_are_looked_at),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
