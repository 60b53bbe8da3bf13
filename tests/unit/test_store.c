/* The output directory of carving: what it refuses, what is written into it, and what is read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"
#include "carve/store.h"
#include "carve/work.h"
#include "finds.h"
#include "scratch.h"

static struct lf_carve_store *s;

static int
store(const char *name, bool resume, struct lf_err *err)
{
	return lf_carve_store_open(scratch_path(name), resume, &s, err);
}

static void
assert_file(const char *name, const char *text)
{
	struct lf_buf b = {0};
	int fd = open(scratch_path(name), O_RDONLY);

	assert_true(fd >= 0);
	assert_int_equal(lf_file_read_all(fd, 100000, &b), 0);
	assert_string_equal(lf_buf_str(&b), text);
	close(fd);
	lf_buf_free(&b);
}

static void
add(struct lf_find f)
{
	struct lf_err err;

	assert_int_equal(lf_carve_store_add(s, 0, &f, &err), 0);
	lf_find_free(&f);
}

static int
count(void *arg, const void *item, struct lf_err *err)
{
	(void)item;
	(void)err;
	++*(size_t *)arg;
	return 0;
}

static size_t
items(bool records)
{
	struct lf_err err;
	size_t n = 0;

	assert_int_equal(lf_carve_store_each(s, records, count, &n, &err), 0);
	return n;
}

/* A folder that has something in it, a link to one, one where another run is at work, one where none has begun. */
static void
test_refused(void **state)
{
	struct lf_carve_store *first;
	struct lf_err err;

	(void)state;
	scratch_text("full/file", "x");
	assert_int_equal(store("full", false, &err), -1);
	assert_non_null(strstr(err.msg, "not empty"));
	assert_int_equal(store("full", true, &err), -1);
	assert_non_null(strstr(err.msg, "nothing to resume"));
	assert_int_equal(mkdir(scratch_path("empty"), 0700), 0);
	assert_int_equal(symlink("empty", scratch_path("link")), 0);
	assert_int_equal(store("link", false, &err), -1);
	assert_non_null(strstr(err.msg, "symbolic link"));
	assert_int_equal(store("empty", false, &err), 0);
	first = s;
	assert_int_equal(store("empty", true, &err), -1);
	assert_non_null(strstr(err.msg, "another run"));
	lf_carve_store_free(first);
}

/* Whole ones are named by their hash, incomplete ones by their place; of these a map tells what is not known. */
static void
test_files(void **state)
{
	struct lf_find whole = find_made(LF_CARVE_LOG, LF_CARVE_WHOLE, 0, "0", "{\"Records\":[]}"), part;
	char hex[2 * LF_SHA256_LEN + 1], name[128];
	struct lf_err err;

	(void)state;
	memset(whole.inflated_sha256, 0xab, sizeof(whole.inflated_sha256));
	lf_hex_encode(whole.inflated_sha256, LF_SHA256_LEN, hex);
	assert_int_equal(store("out", false, &err), 0);
	add(whole);
	snprintf(name, sizeof(name), "out/files/%s.json", hex);
	assert_file(name, "{\"Records\":[]}");
	part = find_made(LF_CARVE_LOG, LF_CARVE_PREFIX, 4096, "4096-GZIP-0", "{\"Records\":[\"???\"");
	part.complete = false;
	part.doubtful = true;
	part.unknown = malloc(sizeof(*part.unknown));
	*part.unknown = (struct lf_area){13, 16};
	part.n_unknown = 1;
	add(part);
	assert_file("out/partial/4096.json", "{\"Records\":[\"???\"");
	assert_file("out/partial/4096.map", "{\"unknown\":[{\"offset\":13,\"length\":3}],\"unproved\":[{\"offset\":0,\"length\":17}]}\n");
	assert_int_equal(items(false), 2);
	assert_int_equal(items(true), 0);
	lf_carve_store_free(s);
}

/* What was added after the last place that was saved goes, and can be added anew. */
static void
test_resume(void **state)
{
	struct lf_find f = find_made(LF_CARVE_LOOSE, LF_CARVE_RECORD, 1, "1", "");
	uint64_t finds, records, more, more_records;
	struct lf_err err;

	(void)state;
	find_record(&f, "{}", "one", 0, 1);
	assert_int_equal(store("out", false, &err), 0);
	add(f);
	assert_int_equal(lf_carve_store_sync(s, &finds, &records, &err), 0);
	f = find_made(LF_CARVE_LOOSE, LF_CARVE_RECORD, 2, "2", "");
	find_record(&f, "{}", "two", 0, 1);
	add(f);
	assert_int_equal(lf_carve_store_sync(s, &more, &more_records, &err), 0);
	assert_true(more > finds && more_records > records);
	lf_carve_store_free(s);
	assert_int_equal(store("out", true, &err), 0);
	assert_int_equal(items(true), 2);
	assert_int_equal(lf_carve_store_cut(s, more + 8, records, &err), -1);
	assert_int_equal(lf_carve_store_cut(s, finds, records, &err), 0);
	assert_int_equal(items(false), 1);
	assert_int_equal(items(true), 1);
	assert_int_equal(lf_carve_store_end(s, &err), 0);
	lf_carve_store_free(s);
	assert_int_equal(store("out", true, &err), -1);
}

/* A work file that something else wrote into is said to be damaged, where. */
static void
test_damaged(void **state)
{
	static const uint32_t sizes[] = {0, 7, 12, 4096};
	struct lf_err err;
	size_t n = 0;

	(void)state;
	assert_int_equal(mkdir(scratch_path("out"), 0700), 0);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		scratch_write("out/carve.finds", (uint32_t[]){sizes[i], 0}, 8);
		assert_int_equal(store("out", true, &err), 0);
		assert_int_equal(lf_carve_store_each(s, false, count, &n, &err), -1);
		assert_non_null(strstr(err.msg, "damaged at 0"));
		lf_carve_store_free(s);
	}
}

static void
test_undo(void **state)
{
	struct stat st;
	struct lf_err err;

	(void)state;
	assert_int_equal(store("out", false, &err), 0);
	lf_carve_store_undo(s);
	lf_carve_store_free(s);
	assert_int_equal(stat(scratch_path("out"), &st), -1);
}

int
main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)
	const struct CMUnitTest tests[] = {IN_FOLDER(test_refused), IN_FOLDER(test_files), IN_FOLDER(test_resume),
	    IN_FOLDER(test_damaged), IN_FOLDER(test_undo)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
