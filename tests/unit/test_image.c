/* Raw bytes by offset: one file, parts with one missing, holes, a file that shrinks while it is read, and a pipe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "evidence/image.h"

static char folder[] = "/tmp/lf-image-XXXXXX";

static const char *
path_of(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

/* A file of len bytes that count from first. */
static void
write_file(const char *name, size_t len, unsigned first)
{
	FILE *f = fopen(path_of(name), "w");

	assert_non_null(f);
	for (size_t i = 0; i < len; i++)
		fputc((int)((first + i) % 251), f);
	fclose(f);
}

static int
setup(void **state)
{
	(void)state;
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command);
}

static struct lf_image *
opened(const char *name)
{
	struct lf_image *i;
	struct lf_err err;

	if (lf_image_open(path_of(name), &i, &err) != 0)
		fail_msg("%s", err.msg);
	return i;
}

static void
expect_bytes(struct lf_image *i, uint64_t offset, size_t len, unsigned first)
{
	unsigned char *b = malloc(len);

	assert_int_equal(lf_image_read(i, offset, b, len, NULL), len);
	for (size_t k = 0; k < len; k++)
		assert_int_equal(b[k], (first + k) % 251);
	free(b);
}

static size_t
bad_areas(struct lf_image *i, struct lf_area *out)
{
	struct lf_area *bad;
	struct lf_err err;
	size_t n;

	assert_int_equal(lf_image_bad(i, &bad, &n, &err), 0);
	for (size_t k = 0; k < n && k < 4; k++)
		out[k] = bad[k];
	free(bad);
	return n;
}

static void
one_file(void **state)
{
	struct lf_image *i;
	unsigned char b[16];
	struct lf_area a;

	(void)state;
	write_file("one.dd", 10000, 0);
	i = opened("one.dd");
	assert_int_equal(lf_image_size(i), 10000);
	assert_false(lf_image_streams(i));
	expect_bytes(i, 0, 10000, 0);
	expect_bytes(i, 77, 1000, 77);
	assert_int_equal(lf_image_read(i, 9990, b, 16, NULL), 10);
	assert_int_equal(lf_image_read(i, 10000, b, 16, NULL), 0);
	assert_true(lf_image_data(i, 5, &a));
	assert_int_equal(a.from, 5);
	assert_int_equal(a.to, 10000);
	assert_false(lf_image_data(i, 10000, &a));
	assert_int_equal(bad_areas(i, &a), 0);
	lf_image_free(i);
}

static void
parts_and_one_that_is_missing(void **state)
{
	struct lf_area bad[4];
	struct lf_image *i;
	unsigned char b[700];

	(void)state;
	write_file("set.001", 1000, 0);
	write_file("set.002", 1000, 1000);
	write_file("set.004", 500, 3000);
	write_file("set.0005", 500, 9);
	write_file("other.003", 1000, 9);
	i = opened("set.001");
	assert_int_equal(lf_image_size(i), 3500);
	expect_bytes(i, 990, 500, 990);
	expect_bytes(i, 3100, 400, 3100);
	assert_int_equal(lf_image_read(i, 1900, b, 700, NULL), 700);
	for (size_t k = 0; k < 700; k++)
		assert_int_equal(b[k], k < 100 ? (1900 + k) % 251 : 0);
	assert_int_equal(bad_areas(i, bad), 1);
	assert_int_equal(bad[0].from, 2000);
	assert_int_equal(bad[0].to, 3000);
	assert_true(lf_image_is_bad(i, (struct lf_area){2999, 3100}));
	assert_false(lf_image_is_bad(i, (struct lf_area){3000, 3100}));
	assert_false(lf_image_is_bad(i, (struct lf_area){0, 2000}));
	lf_image_free(i);
}

static void
holes_are_passed_over(void **state)
{
	struct lf_image *i;
	struct lf_area a;
	int fd = open(path_of("sparse"), O_CREAT | O_WRONLY, 0600);

	(void)state;
	assert_int_equal(pwrite(fd, "x", 1, 4 << 20), 1);
	assert_int_equal(ftruncate(fd, 8 << 20), 0);
	close(fd);
	i = opened("sparse");
	assert_int_equal(lf_image_size(i), 8 << 20);
	if (lf_image_data(i, 0, &a) && a.from > 0) { /* where the file system keeps holes */
		assert_int_equal(a.from, 4 << 20);
		assert_true(a.to < 5 << 20);
		assert_false(lf_image_data(i, a.to, &a));
	}
	lf_image_free(i);
}

/* What was there when it was opened and cannot be read any more is zeros, and known to be. */
static void
a_file_that_shrinks_is_bad_at_its_end(void **state)
{
	struct lf_area bad[4];
	struct lf_image *i;
	unsigned char b[4096];

	(void)state;
	write_file("shrinks", 8192, 0);
	i = opened("shrinks");
	assert_int_equal(truncate(path_of("shrinks"), 5000), 0);
	assert_int_equal(lf_image_read(i, 4096, b, 4096, NULL), 4096);
	for (size_t k = 0; k < 4096; k++)
		assert_int_equal(b[k], k < 904 ? (4096 + k) % 251 : 0);
	assert_int_equal(bad_areas(i, bad), 1);
	assert_int_equal(bad[0].from, 5000);
	assert_int_equal(bad[0].to, 8192);
	lf_image_free(i);
}

static void
a_stream_is_kept_for_a_while(void **state)
{
	uint64_t far = LF_IMAGE_KEPT + (1 << 20);
	unsigned char b[4096];
	struct lf_image *i;
	struct lf_err err;
	FILE *pipe = popen("head -c 100000000 /dev/zero | tr '\\0' 'z'", "r");
	int saved = dup(0);
	bool gone;

	(void)state;
	dup2(fileno(pipe), 0);
	assert_int_equal(lf_image_open("-", &i, &err), 0);
	dup2(saved, 0);
	close(saved);
	assert_true(lf_image_streams(i));
	assert_int_equal(lf_image_read(i, far, b, 4096, &gone), 4096);
	assert_false(gone);
	assert_int_equal(lf_image_read(i, 2 << 20, b, 4096, &gone), 4096);
	assert_false(gone);
	assert_int_equal(b[0], 'z');
	assert_int_equal(lf_image_read(i, 0, b, 4096, &gone), 4096);
	assert_true(gone);
	assert_int_equal(b[0], 0);
	assert_int_equal(lf_image_read(i, 99999999, b, 4096, &gone), 1);
	assert_int_equal(lf_image_size(i), 100000000);
	lf_image_free(i);
	pclose(pipe);
}

static void
what_is_no_image_is_refused(void **state)
{
	struct lf_image *i;
	struct lf_err err;

	(void)state;
	assert_int_equal(lf_image_open(folder, &i, &err), -1);
	assert_non_null(strstr(err.msg, "is a folder, not an image"));
	assert_int_equal(lf_image_open("/dev/null", &i, &err), -1);
	assert_int_equal(lf_image_open(path_of("absent"), &i, &err), -1);
	assert_non_null(strstr(err.msg, "No such file"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_file),
	    cmocka_unit_test(parts_and_one_that_is_missing),
	    cmocka_unit_test(holes_are_passed_over),
	    cmocka_unit_test(a_file_that_shrinks_is_bad_at_its_end),
	    cmocka_unit_test(a_stream_is_kept_for_a_while),
	    cmocka_unit_test(what_is_no_image_is_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
