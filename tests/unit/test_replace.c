/* Files that take their names when they are whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/replace.h"
#include "scratch.h"

static void
assert_text(const char *name, const char *text)
{
	struct lf_buf b = {0};
	int fd = openat(scratch_folder, name, O_RDONLY);

	assert_true(fd >= 0);
	assert_int_equal(lf_file_read_all(fd, 1000, &b), 0);
	assert_string_equal(lf_buf_str(&b), text);
	close(fd);
	lf_buf_free(&b);
}

static bool
exists(const char *name)
{
	struct stat st;

	return fstatat(scratch_folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Until the end the old file is there, and after it nothing else is. */
static void
test_commit(void **state)
{
	struct lf_replace r;

	(void)state;
	for (int sync = 0; sync < 2; sync++) {
		scratch_text("f", "old");
		assert_int_equal(lf_replace_open(&r, scratch_folder, "f", 0600), 0);
		assert_int_equal(lf_file_write_all(r.fd, "new", 3), 0);
		assert_text("f", "old");
		assert_text(".f.next", "new");
		assert_int_equal(lf_replace_commit(&r, sync == 1), 0);
		assert_text("f", "new");
		assert_false(exists(".f.next"));
		lf_replace_drop(&r);
		assert_text("f", "new");
	}
}

static void
test_drop(void **state)
{
	struct lf_replace r;

	(void)state;
	scratch_text("f", "old");
	assert_int_equal(lf_replace_open(&r, scratch_folder, "f", 0600), 0);
	assert_int_equal(lf_file_write_all(r.fd, "new", 3), 0);
	errno = ENOSPC;
	lf_replace_drop(&r);
	assert_int_equal(errno, ENOSPC);
	lf_replace_drop(&r);
	assert_text("f", "old");
	assert_false(exists(".f.next"));
}

/* What lies in the way goes; what it is a link to, or shares its bytes with, is left as it is. */
static void
test_left_over(void **state)
{
	struct stat st;

	(void)state;
	scratch_text("other", "other");
	assert_int_equal(symlinkat("other", scratch_folder, ".f.next"), 0);
	assert_int_equal(lf_replace_with(scratch_folder, "f", 0640, false, "1", 1), 0);
	assert_int_equal(linkat(scratch_folder, "other", scratch_folder, ".f.next", 0), 0);
	assert_int_equal(lf_replace_with(scratch_folder, "f", 0640, true, "22", 2), 0);
	assert_text("f", "22");
	assert_text("other", "other");
	assert_int_equal(fstatat(scratch_folder, "f", &st, 0), 0);
	assert_int_equal(st.st_mode & 0777 & ~0640u, 0);
	assert_int_equal(st.st_nlink, 1);
}

/* A folder cannot be replaced, and a name that is too long cannot be written; nothing is left over. */
static void
test_errors(void **state)
{
	char name[252];

	(void)state;
	assert_int_equal(mkdirat(scratch_folder, "f", 0700), 0);
	assert_int_equal(lf_replace_with(scratch_folder, "f", 0600, false, "new", 3), -1);
	assert_int_equal(errno, EISDIR);
	assert_false(exists(".f.next"));
	memset(name, 'x', sizeof(name));
	name[250] = '\0';
	assert_int_equal(lf_replace_with(scratch_folder, name, 0600, false, "new", 3), -1);
	assert_int_equal(errno, ENAMETOOLONG);
	name[249] = '\0';
	assert_int_equal(lf_replace_with(scratch_folder, name, 0600, false, "", 0), 0);
	assert_text(name, "");
}

int
main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, scratch_open, scratch_close)
	const struct CMUnitTest tests[] = {IN_FOLDER(test_commit), IN_FOLDER(test_drop), IN_FOLDER(test_left_over),
	    IN_FOLDER(test_errors)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("replace", tests, NULL, NULL);
}
