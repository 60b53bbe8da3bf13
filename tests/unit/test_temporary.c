/* Temporary files: in the folder that is asked for, without a name there, and gone with their descriptor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/temporary.h"
#include "scratch.h"

/* Names in the scratch folder. */
static int
names(void)
{
	DIR *dir = opendir(scratch);
	int n = -2;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n;
}

static dev_t
device_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_dev;
}

static void
check_file(const char *folder)
{
	struct lf_err err;
	struct stat st;
	char bytes[3];
	int fd = lf_temporary(folder, &err);

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(st.st_mode & 077, 0); /* nobody else's */
	assert_int_equal(st.st_nlink, 0);
	assert_int_equal(st.st_size, 0);
	assert_true(st.st_dev == device_of(scratch));
	assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	assert_int_equal(pwrite(fd, "abc", 3, 0), 3);
	assert_int_equal(pread(fd, bytes, 3, 0), 3);
	assert_memory_equal(bytes, "abc", 3);
	assert_int_equal(names(), 0);
	close(fd);
}

static void
test_folder(void **state)
{
	(void)state;
	check_file(scratch);
}

static void
test_default_folder(void **state)
{
	const char *was = getenv("TMPDIR");
	char *kept = was == NULL ? NULL : strdup(was);
	struct lf_err err;
	int fd;

	(void)state;
	setenv("TMPDIR", scratch, 1);
	check_file(NULL);
	setenv("TMPDIR", "/nonexistent/folder", 1);
	assert_int_equal(lf_temporary(NULL, &err), -1);
	assert_non_null(strstr(err.msg, "/nonexistent/folder"));
	setenv("TMPDIR", "", 1);
	fd = lf_temporary(NULL, &err);
	assert_true(fd >= 0);
	close(fd);
	if (kept != NULL)
		setenv("TMPDIR", kept, 1);
	else
		unsetenv("TMPDIR");
	free(kept);
}

static void
test_bad_folder(void **state)
{
	struct lf_err err;

	(void)state;
	scratch_text("file", "x");
	assert_int_equal(lf_temporary(scratch_path("none"), &err), -1);
	assert_non_null(strstr(err.msg, scratch_path("none")));
	assert_int_equal(lf_temporary(scratch_path("file"), &err), -1);
	assert_non_null(strstr(err.msg, scratch_path("file")));
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_SCRATCH(test_folder),
	    IN_SCRATCH(test_default_folder),
	    IN_SCRATCH(test_bad_folder),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("temporary", tests, NULL, NULL);
}
