/* Reading open files: whole, up to a length, and never past a cap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "base/file.h"
#include "chaos.h"
#include "scratch.h"

#define BIG 300001 /* bytes, more than a pipe holds */

static char big[BIG];

static int
open_big(void)
{
	int fd;

	scratch_write("big", big, sizeof(big));
	fd = open(scratch_path("big"), O_RDONLY);
	assert_true(fd >= 0);
	return fd;
}

static void
test_upto(void **state)
{
	int fd = open_big();
	struct lf_buf b;

	(void)state;
	lf_buf_init(&b);
	assert_int_equal(lf_file_read_upto(fd, 0, &b), 0);
	assert_int_equal(b.len, 0);
	assert_int_equal(lf_file_read_upto(fd, 10, &b), 0);
	assert_int_equal(lf_file_read_upto(fd, 10, &b), 0);
	assert_int_equal(b.len, 10);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 10);
	assert_int_equal(lf_file_read_upto(fd, BIG - 1, &b), 0);
	assert_int_equal(b.len, BIG - 1);
	assert_int_equal(lf_file_read_upto(fd, 2 * BIG, &b), 0);
	assert_int_equal(b.len, BIG);
	assert_memory_equal(b.data, big, BIG);
	assert_int_equal(b.data[BIG], '\0');
	lf_buf_free(&b);
	close(fd);
}

/* All that was asked for, wherever the file stands, or nothing. */
static void
test_at(void **state)
{
	int fd = open_big();
	char *b = malloc(BIG);

	(void)state;
	assert_int_equal(lf_file_read_at(fd, b, BIG - 7, 7), 0);
	assert_memory_equal(b, big + 7, BIG - 7);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 0);
	assert_int_equal(lf_file_read_at(fd, b, 0, BIG + 1), 0);
	assert_int_equal(lf_file_read_at(fd, b, 8, BIG - 7), -1);
	assert_int_equal(errno, ENODATA);
	close(fd);
	assert_int_equal(lf_file_read_at(fd, b, 1, 0), -1);
	assert_int_equal(errno, EBADF);
	free(b);
}

/* The cap itself is allowed; one byte more is read to know that there is more, and no other. */
static void
test_cap(void **state)
{
	static const size_t caps[] = {0, 1, 65535, 65536, 65537, BIG - 1, BIG, BIG + 1};
	int fd = open_big();
	struct lf_buf b;

	(void)state;
	for (size_t i = 0; i < sizeof(caps) / sizeof(caps[0]); i++) {
		lf_buf_init(&b);
		errno = 0;
		assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
		assert_int_equal(lf_file_read_all(fd, caps[i], &b), caps[i] < BIG ? -1 : 0);
		assert_int_equal(errno, caps[i] < BIG ? EFBIG : 0);
		assert_int_equal(lseek(fd, 0, SEEK_CUR), caps[i] < BIG ? caps[i] + 1 : BIG);
		assert_memory_equal(b.data, big, b.len);
		lf_buf_free(&b);
	}
	close(fd);
}

/* What comes in small pieces is read to its end. */
static void
test_pipe(void **state)
{
	int fds[2], status;
	struct lf_buf b;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		for (size_t at = 0; at < BIG; at += 1001)
			if (write(fds[1], big + at, BIG - at < 1001 ? BIG - at : 1001) < 0)
				_exit(1);
		_exit(0);
	}
	close(fds[1]);
	lf_buf_init(&b);
	assert_int_equal(lf_file_read_all(fds[0], BIG, &b), 0);
	assert_int_equal(b.len, BIG);
	assert_memory_equal(b.data, big, BIG);
	lf_buf_free(&b);
	close(fds[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void
test_errors(void **state)
{
	int fd = open(scratch, O_RDONLY | O_DIRECTORY);
	struct lf_buf b;

	(void)state;
	lf_buf_init(&b);
	assert_int_equal(lf_file_read_all(fd, 10, &b), -1);
	assert_int_equal(errno, EISDIR);
	close(fd);
	assert_int_equal(lf_file_read_upto(fd, 10, &b), -1);
	assert_int_equal(errno, EBADF);
	assert_int_equal(b.len, 0);
	lf_buf_free(&b);
}

static int
step(void)
{
	int fd = open(scratch_path("big"), O_RDONLY), rc;
	struct lf_buf b;

	lf_buf_init(&b);
	rc = lf_file_read_all(fd, BIG, &b);
	if (rc != 0 && errno != ENOMEM)
		rc = 1;
	lf_buf_free(&b);
	close(fd);
	return rc;
}

static void
test_out_of_memory(void **state)
{
	(void)state;
	close(open_big());
	chaos_check(step, 2);
}

/* Through a pipe that takes little at a time, and against a full device. */
static void
test_write(void **state)
{
	int fds[2], full = open("/dev/full", O_WRONLY);
	struct lf_buf b;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	child = fork();
	if (child == 0) {
		close(fds[0]);
		_exit(lf_file_write_all(fds[1], big, sizeof(big)) == 0 ? 0 : 1);
	}
	close(fds[1]);
	lf_buf_init(&b);
	assert_int_equal(lf_file_read_all(fds[0], BIG, &b), 0);
	assert_int_equal(b.len, BIG);
	assert_memory_equal(b.data, big, BIG);
	lf_buf_free(&b);
	close(fds[0]);
	assert_int_equal(waitpid(child, NULL, 0), child);
	if (full < 0)
		skip();
	assert_int_equal(lf_file_write_all(full, "x", 1), -1);
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(lf_file_write_all(full, "", 0), 0);
	close(full);
}

int
main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)
	const struct CMUnitTest tests[] = {IN_FOLDER(test_upto), IN_FOLDER(test_at), IN_FOLDER(test_cap), cmocka_unit_test(test_pipe),
	    IN_FOLDER(test_errors), cmocka_unit_test(test_write), IN_FOLDER(test_out_of_memory)};
	uint64_t random = 1;

	for (size_t i = 0; i < BIG; i++)
		big[i] = (char)scratch_random(&random);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
