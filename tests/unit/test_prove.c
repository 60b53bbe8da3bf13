/* What digests say of what was carved. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "carve/result.h"

/* Ascending by hash, whose bytes are all the same; verified ones first. */
static struct lf_carve_listed listed[] = {
    {.sha256 = {[0 ... 31] = 2}, .verified = true, .digest = "d2", .key = "", .bucket = ""},
    {.sha256 = {[0 ... 31] = 2}, .verified = false, .digest = "d2b", .key = "", .bucket = ""},
    {.sha256 = {[0 ... 31] = 5}, .verified = false, .digest = "d5", .key = "", .bucket = ""},
    {.sha256 = {[0 ... 31] = 9}, .verified = true, .digest = "d9", .key = "", .bucket = ""}};
static struct lf_carve_digest digests[] = {{.sha256 = {[0 ... 31] = 4}, .verified = true, .key = "k4"},
    {.sha256 = {[0 ... 31] = 5}, .verified = false, .key = "k5"}};

static enum lf_carve_state
state_of(enum lf_carve_kind kind, int byte, const char **by)
{
	struct lf_carve_proof p = {.listed = listed, .n_listed = 4, .digests = digests, .n_digests = 2};
	unsigned char hash[LF_SHA256_LEN];

	memset(hash, byte, sizeof(hash));
	return lf_carve_proof_of(&p, kind, LF_CARVE_WHOLE, hash, by);
}

static void
test_log(void **state)
{
	const char *by = "";

	(void)state;
	assert_int_equal(state_of(LF_CARVE_LOG, 5, &by), LF_CARVE_LISTED);
	assert_string_equal(by, "d5");
	assert_int_equal(state_of(LF_CARVE_LOG, 2, &by), LF_CARVE_AUTHENTIC);
	assert_string_equal(by, "d2");
	assert_int_equal(state_of(LF_CARVE_LOG, 9, NULL), LF_CARVE_AUTHENTIC);
	for (int byte = 0; byte < 12; byte++)
		if (byte != 2 && byte != 5 && byte != 9) {
			assert_int_equal(state_of(LF_CARVE_LOG, byte, &by), LF_CARVE_WHOLE);
			assert_null(by);
		}
	assert_true(listed[0].carved && listed[1].carved && listed[2].carved && listed[3].carved);
}

/* A digest is authentic when it is verified itself, whatever a list of logs says. */
static void
test_digest(void **state)
{
	(void)state;
	assert_int_equal(state_of(LF_CARVE_DIGEST, 4, NULL), LF_CARVE_AUTHENTIC);
	assert_int_equal(state_of(LF_CARVE_DIGEST, 5, NULL), LF_CARVE_WHOLE);
	assert_int_equal(state_of(LF_CARVE_DIGEST, 2, NULL), LF_CARVE_WHOLE);
}

/* Without digests all is as it was. */
static void
test_none(void **state)
{
	struct lf_carve_proof none = {0};
	unsigned char hash[LF_SHA256_LEN] = {0};

	(void)state;
	assert_int_equal(lf_carve_proof_of(&none, LF_CARVE_LOG, LF_CARVE_PREFIX, hash, NULL), LF_CARVE_PREFIX);
	lf_carve_proof_free(&none);
}

/* A part may be of a listed log by account, region and the two hours before its key's stamp. */
static void
test_part(void **state)
{
	static const int64_t stamp = 1688990400; /* 2023-07-10T12:00Z */
	struct lf_carve_listed l = {.oldest = LF_TIME_NONE, .newest = LF_TIME_NONE, .key = "AWSLogs/123456789012/CloudTrail/eu-west-1/2023/07/10/"
	    "123456789012_CloudTrail_eu-west-1_20230710T1200Z_0123456789abcdef.json.gz"};
	struct lf_carve_part p = {"i|1", "123456789012", "eu-west-1", stamp - 300, stamp - 10};

	(void)state;
	assert_true(lf_carve_part_fits(&p, &l));
	p.first = stamp - 7201;
	assert_false(lf_carve_part_fits(&p, &l));
	p.first = stamp - 7200;
	p.last = stamp + 61;
	assert_false(lf_carve_part_fits(&p, &l));
	p.last = stamp + 60;
	assert_true(lf_carve_part_fits(&p, &l));
	p.region = "eu-west-2";
	assert_false(lf_carve_part_fits(&p, &l));
	p.region = "eu-west-1";
	p.account = "";
	assert_false(lf_carve_part_fits(&p, &l));
	p.account = "123456789012";
	l.key = "somewhere/else.json.gz";
	assert_false(lf_carve_part_fits(&p, &l));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_log), cmocka_unit_test(test_digest),
	    cmocka_unit_test(test_none), cmocka_unit_test(test_part)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("prove", tests, NULL, NULL);
}
