/* Amazon Resource Names taken apart, and found in sentences. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "record/arn.h"

#define S(text) ((struct lf_slice){text, sizeof(text) - 1})

static void
parts_are(const char *text, const char *const want[5])
{
	struct lf_arn a;

	assert_true(lf_arn_read((struct lf_slice){text, strlen(text)}, &a));
	assert_true(lf_slice_is(a.partition, want[0]));
	assert_true(lf_slice_is(a.service, want[1]));
	assert_true(lf_slice_is(a.region, want[2]));
	assert_true(lf_slice_is(a.account, want[3]));
	assert_true(lf_slice_is(a.resource, want[4]));
}

static void
test_parts(void **state)
{
	(void)state;
	parts_are("arn:aws:iam::123456789012:user/alice", (const char *const[]){"aws", "iam", "", "123456789012", "user/alice"});
	parts_are("arn:aws-cn:s3:::bucket/a:b", (const char *const[]){"aws-cn", "s3", "", "", "bucket/a:b"});
	parts_are("arn:aws:logs:eu-west-1:123456789012:log-group:g:*",
	    (const char *const[]){"aws", "logs", "eu-west-1", "123456789012", "log-group:g:*"});
	parts_are("ARN:::::", (const char *const[]){"", "", "", "", ""});
}

/* What is none changes nothing, however much of it looks like one. */
static void
test_no_arn(void **state)
{
	static const char *const texts[] = {"", "arn", "arn:", "arn:aws:sns:eu-west-1:topic", "xarn:aws:iam::1:user/a",
	    "aarn:::::", ":arn:aws:iam::1:user/a", "user/alice", "AROAEXAMPLE:session"};
	struct lf_arn a = {.region = S("kept"), .resource = S("kept")};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_false(lf_arn_read((struct lf_slice){texts[i], strlen(texts[i])}, &a));
		assert_true(lf_slice_is(a.region, "kept") && lf_slice_is(a.resource, "kept"));
	}
	assert_false(lf_arn_read((struct lf_slice){NULL, 0}, &a));
}

/* An ARN ends where its text does, whatever stands behind it. */
static void
test_bounds(void **state)
{
	static const char text[] = "arn:aws:iam::1:user/a";
	struct lf_arn a;

	(void)state;
	for (size_t len = 0; len < sizeof(text); len++) {
		assert_int_equal(lf_arn_read((struct lf_slice){text, len}, &a), len >= 15);
		if (len >= 15)
			assert_int_equal(a.resource.len, len - 15);
	}
}

static void
message_names(const char *message, const char *service, const char *want)
{
	struct lf_slice found = lf_arn_in_message((struct lf_slice){message, strlen(message)},
	    (struct lf_slice){service, strlen(service)});

	assert_true(lf_slice_is(found, want));
}

/* Not who was denied, not things of other services, and not the full stop behind it. */
static void
test_in_message(void **state)
{
	static const char denied[] = "User: arn:aws:iam::1:user/a is not authorized to perform: cloudtrail:StopLogging on resource: "
	    "arn:aws:cloudtrail:eu-west-1:1:trail/main because no identity-based policy allows it";

	(void)state;
	message_names(denied, "cloudtrail", "arn:aws:cloudtrail:eu-west-1:1:trail/main");
	message_names(denied, "iam", "");
	message_names("on arn:aws:s3:::a, then on (arn:aws:kms:r:1:key/k).", "kms", "arn:aws:kms:r:1:key/k");
	message_names("It is arn:aws:s3:::bucket.", "s3", "arn:aws:s3:::bucket");
	message_names("arn:aws:s3:::", "s3", "");
	message_names("arn:arn:aws:s3:::b", "s3", "");
	message_names("", "s3", "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_parts), cmocka_unit_test(test_no_arn), cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_in_message)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("arn", tests, NULL, NULL);
}
