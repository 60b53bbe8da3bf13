/* Ranges of addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "record/cidr.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
test_holds(void **state)
{
	static const struct {
		const char *range, *address;
		bool yes;
	} cases[] = {
	    {"192.0.2.1", "192.0.2.1", true}, {"192.0.2.1", "192.0.2.2", false}, {"192.0.2.0/24", "192.0.2.255", true},
	    {"192.0.2.0/24", "192.0.3.0", false}, {"192.0.2.77/24", "192.0.2.1", true}, {"0.0.0.0/0", "255.1.2.3", true},
	    {"10.0.0.0/8", "10.255.0.1", true}, {"10.0.0.0/8", "11.0.0.0", false}, {"10.0.0.0/9", "10.127.0.1", true},
	    {"10.0.0.0/9", "10.128.0.1", false}, {"10.0.0.8/31", "10.0.0.9", true}, {"10.0.0.8/31", "10.0.0.10", false},
	    {"10.0.0.8/32", "10.0.0.8", true}, {"2001:db8::/32", "2001:DB8:1::5", true}, {"2001:db8::/32", "2001:db9::", false},
	    {"2001:db8::1", "2001:0db8:0:0:0:0:0:1", true}, {"2001:db8::/127", "2001:db8::2", false}, {"::/0", "fe80::1", true},
	    {"::/0", "1.2.3.4", false}, {"0.0.0.0/0", "::1", false}, {"192.0.2.0/24", "::ffff:192.0.2.9", true},
	    {"::ffff:192.0.2.0/120", "192.0.2.9", true}, {"::ffff:c000:209", "192.0.2.9", true},
	    {"::ffff:0:0/95", "192.0.2.9", false}, {"::ffff:0:0/96", "192.0.2.9", true}, {"::192.0.2.9", "192.0.2.9", false},
	};
	struct lf_cidr range, address;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(lf_cidr_read(cases[i].range, &range), LF_CIDR_READ);
		assert_true(lf_cidr_address((struct lf_slice){cases[i].address, strlen(cases[i].address)}, &address));
		if (lf_cidr_holds(&range, &address) != cases[i].yes)
			fail_msg("%s in %s", cases[i].address, cases[i].range);
	}
}

static void
test_readings(void **state)
{
	static const char *const bad[] = {"10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/1/2", "1.2.3", "256.1.1.1",
	    "010.0.0.1", "1.2.3.4.5", "::/129", "2001:db8", "2001:db8::1::2", "1:2", "10.0.*/8", "2001:db8:*/32", "10", "/8",
	    "10.0.0.0/4294967304", "::ffff:1.2.3.4/-1/8"};
	static const char *const text[] = {"cloudtrail.amazonaws.com", "AWS Internal", "10.0.0.*", "2001:db8:*", "cafe.be", "*",
	    "config.amazonaws.com", "fe80::1%eth0"};
	struct lf_cidr c;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		if (lf_cidr_read(bad[i], &c) != LF_CIDR_BAD)
			fail_msg("\"%s\" is not refused", bad[i]);
	for (size_t i = 0; i < COUNT(text); i++)
		if (lf_cidr_read(text[i], &c) != LF_CIDR_TEXT)
			fail_msg("\"%s\" is no text", text[i]);
}

static void
test_addresses(void **state)
{
	static const char *const bad[] = {"", "1.2.3", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4/32", "AWS Internal", "01.2.3.4",
	    "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb"};
	struct lf_cidr c;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		if (lf_cidr_address((struct lf_slice){bad[i], strlen(bad[i])}, &c))
			fail_msg("\"%s\" is an address", bad[i]);
	assert_false(lf_cidr_address((struct lf_slice){NULL, 0}, &c));
	assert_false(lf_cidr_address((struct lf_slice){"1.2.3.4\0x", 9}, &c));
	assert_true(lf_cidr_address((struct lf_slice){"1.2.3.4x", 7}, &c));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_holds), cmocka_unit_test(test_readings),
	    cmocka_unit_test(test_addresses)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
