/* Where a run stands, written and read back, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "carve/state.h"
#include "scratch.h"

static const unsigned char run[LF_SHA256_LEN] = {1, 2, 3};

/* Every number of a tally another one. */
static struct lf_tally
tally(uint64_t from)
{
	uint64_t n[sizeof(struct lf_tally) / sizeof(uint64_t)];
	struct lf_tally t;

	for (size_t i = 0; i < sizeof(n) / sizeof(n[0]); i++)
		n[i] = from + i;
	memcpy(&t, n, sizeof(t));
	return t;
}

static int
load(const unsigned char identity[LF_SHA256_LEN], struct lf_carve_place *p, char *message)
{
	struct lf_err err = {.msg = ""};
	int r = lf_state_load(scratch_folder, identity, p, &err);

	if (message != NULL)
		snprintf(message, sizeof(err.msg), "%s", err.msg);
	return r;
}

static void
save(unsigned image)
{
	struct lf_tally over[3] = {tally(1000), tally(2000), tally(3000)};
	struct lf_carve_place p = {.image = image, .at = {11, 22, 33, 44, tally(5)}, .finds = UINT64_C(1) << 40, .records = 66,
	    .over = over};
	struct lf_err err;

	assert_int_equal(lf_state_save(scratch_folder, run, &p, &err), 0);
}

static void
test_round(void **state)
{
	struct lf_tally over[3], expect;
	struct lf_carve_place p = {.over = over};
	struct lf_err err;

	(void)state;
	assert_int_equal(load(run, &p, NULL), 0);
	for (unsigned image = 0; image < 3; image++) {
		save(image);
		assert_int_equal(load(run, &p, NULL), 1);
		assert_int_equal(p.image, image);
		assert_int_equal(p.at.settled, 11);
		assert_int_equal(p.at.reached, 22);
		assert_int_equal(p.at.binary_cover, 33);
		assert_int_equal(p.at.cover, 44);
		assert_int_equal(p.finds, UINT64_C(1) << 40);
		assert_int_equal(p.records, 66);
		expect = tally(5);
		assert_memory_equal(&p.at.tally, &expect, sizeof(expect));
		for (unsigned i = 0; i < image; i++) {
			expect = tally(1000 * (i + 1));
			assert_memory_equal(&over[i], &expect, sizeof(expect));
		}
	}
	assert_int_equal(lf_state_drop(scratch_folder, &err), 0);
	assert_int_equal(lf_state_drop(scratch_folder, &err), 0);
	assert_int_equal(load(run, &p, NULL), 0);
}

/* Another run's, no state at all, one that was cut off or changed: each says what it is. */
static void
test_refused(void **state)
{
	struct lf_tally over[3];
	struct lf_carve_place p = {.over = over};
	unsigned char other[LF_SHA256_LEN] = {1, 2, 4};
	char message[sizeof(((struct lf_err *)0)->msg)];
	struct lf_buf text = {0};
	int fd;

	(void)state;
	save(2);
	assert_int_equal(load(other, &p, message), -1);
	assert_non_null(strstr(message, "another run"));
	fd = openat(scratch_folder, "carve.state", O_RDONLY);
	assert_int_equal(lf_file_read_all(fd, 100000, &text), 0);
	close(fd);
	for (size_t len = 0; len + 2 < text.len; len++) {
		scratch_write("carve.state", text.data, len);
		assert_int_equal(load(run, &p, message), -1);
	}
	scratch_text("carve.state", "{\"run\":7}");
	assert_int_equal(load(run, &p, message), -1);
	assert_non_null(strstr(message, "no state"));
	text.data[strcspn(text.data, ":") + 1] = '2'; /* another schema */
	scratch_write("carve.state", text.data, text.len);
	assert_int_equal(load(run, &p, message), -1);
	assert_non_null(strstr(message, "damaged"));
	lf_buf_free(&text);
}

int
main(void)
{
#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, scratch_open, scratch_close)
	const struct CMUnitTest tests[] = {IN_FOLDER(test_round), IN_FOLDER(test_refused)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
