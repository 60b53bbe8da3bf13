/* Times: civil dates, the forms that evidence has, and those that a user may type; sizes too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "base/utc.h"
#include "forensic.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Both ways against libc. */
static void
check_instant(int64_t t)
{
	time_t clock = (time_t)t;
	struct lf_civil c;
	struct tm tm;

	assert_non_null(gmtime_r(&clock, &tm));
	lf_utc_to_civil(t, &c);
	assert_int_equal(c.year, tm.tm_year + 1900);
	assert_int_equal(c.month, tm.tm_mon + 1);
	assert_int_equal(c.day, tm.tm_mday);
	assert_int_equal(c.hour, tm.tm_hour);
	assert_int_equal(c.minute, tm.tm_min);
	assert_int_equal(c.second, tm.tm_sec);
	assert_true(lf_utc_from_civil(&c) == (int64_t)timegm(&tm));
	assert_true(lf_utc_from_civil(&c) == t);
}

static void
test_every_day(void **state)
{
	(void)state;
	for (int64_t day = -25567; day <= 84370; day++) { /* 1900-01-01 to 2200-12-31 */
		check_instant(day * 86400);
		check_instant(day * 86400 - 1);
		check_instant(day * 86400 + (day * 7919 % 86400 + 86400) % 86400);
	}
	for (int64_t t = -2000000000000; t <= 2000000000000; t += 7777777777)
		check_instant(t);
	check_instant(-62167219200);
	check_instant(-62167219201);
	check_instant(253402300799);
	check_instant(253402300800);
}

/* What no calendar reaches must not overflow; the year stops at the edge of an int. */
static void
test_extremes(void **state)
{
	struct lf_civil c;

	(void)state;
	lf_utc_to_civil(INT64_MAX, &c);
	assert_int_equal(c.year, INT32_MAX);
	lf_utc_to_civil(INT64_MIN, &c);
	assert_int_equal(c.year, INT32_MIN);
	assert_false(lf_civil_valid(&c));
}

static bool
valid(int year, int month, int day, int hour, int minute, int second)
{
	struct lf_civil c = {year, month, day, hour, minute, second};

	return lf_civil_valid(&c);
}

static void
test_valid(void **state)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	(void)state;
	for (int m = 1; m <= 12; m++) {
		assert_true(valid(2023, m, 1, 0, 0, 0));
		assert_true(valid(2023, m, days[m - 1], 23, 59, 59));
		assert_false(valid(2023, m, days[m - 1] + 1, 0, 0, 0));
		assert_false(valid(2023, m, 0, 0, 0, 0));
	}
	assert_true(valid(2024, 2, 29, 0, 0, 0));
	assert_true(valid(2000, 2, 29, 0, 0, 0));
	assert_false(valid(2100, 2, 29, 0, 0, 0));
	assert_false(valid(2023, 2, 29, 0, 0, 0));
	assert_false(valid(2024, 2, 30, 0, 0, 0));
	assert_true(valid(0, 2, 29, 0, 0, 0) && valid(9999, 12, 31, 0, 0, 0));
	assert_false(valid(-1, 1, 1, 0, 0, 0) || valid(10000, 1, 1, 0, 0, 0));
	assert_false(valid(2023, 0, 1, 0, 0, 0) || valid(2023, 13, 1, 0, 0, 0));
	assert_false(valid(2023, 1, 1, 24, 0, 0) || valid(2023, 1, 1, -1, 0, 0));
	assert_false(valid(2023, 1, 1, 0, 60, 0) || valid(2023, 1, 1, 0, -1, 0));
	assert_false(valid(2023, 1, 1, 0, 0, 60) || valid(2023, 1, 1, 0, 0, -1));
}

/* Whether libc takes the 20 characters as they stand: digits where they belong, and timegm()
 * changing nothing. */
static bool
libc_reads(const char *s, int64_t *out)
{
	char again[64];
	struct tm tm = {0};

	for (size_t i = 0; i < 19; i++)
		if (i != 4 && i != 7 && i != 10 && i != 13 && i != 16 && (s[i] < '0' || s[i] > '9'))
			return false;
	if (sscanf(s, "%4d-%2d-%2dT%2d:%2d:%2dZ", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &tm.tm_hour,
		&tm.tm_min, &tm.tm_sec) != 6)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	*out = (int64_t)timegm(&tm);
	snprintf(again, sizeof(again), "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	return strcmp(again, s) == 0;
}

/* Each place of a good stamp set to each byte: libc must agree about all of them. */
static void
test_read_strict(void **state)
{
	static const char *const good[] = {
	    "2024-02-29T23:59:59Z", "2023-07-10T11:42:18Z", "1999-12-31T00:00:00Z"};
	int64_t t, expected;
	bool reads;
	char s[21];

	(void)state;
	for (size_t g = 0; g < COUNT(good); g++) {
		for (size_t i = 0; i < 20; i++) {
			for (int byte = 1; byte < 256; byte++) {
				strcpy(s, good[g]);
				s[i] = (char)byte;
				reads = libc_reads(s, &expected);
				t = 42;
				assert_int_equal(lf_utc_read(s, 20, &t), reads);
				assert_true(t == (reads ? expected : 42));
			}
		}
	}
	assert_false(lf_utc_read(good[0], 19, &t));
	assert_false(lf_utc_read("2024-02-29T23:59:59Z ", 21, &t));
	assert_false(lf_utc_read("2024-02-29T23:59:60Z", 20, &t));
	assert_false(lf_utc_read("2024-02-29T23:59:59z", 20, &t));
	assert_false(lf_utc_read("2024-02-29T23:5\0:59Z", 20, &t));
	assert_false(lf_utc_read("", 0, &t));
}

static void
test_rfc3339(void **state)
{
	static const struct {
		const char *text;
		int64_t t;
		int32_t nanos;
	} good[] = {
		{"1970-01-01T00:00:00Z", 0, 0},
		{"1970-01-01t00:00:00z", 0, 0},
		{"1970-01-01T00:00:00+00:00", 0, 0},
		{"1970-01-01T00:00:00-00:00", 0, 0},
		{"1970-01-01T11:00:00+11:00", 0, 0},
		{"1969-12-31T16:00:00-08:00", 0, 0},
		{"1970-01-01T05:30:00+05:30", 0, 0},
		{"1969-12-31T00:01:00-23:59", 0, 0},
		{"1985-04-12T23:20:50.52Z", 482196050, 520000000},
		{"1996-12-19T16:39:57-08:00", 851042397, 0},
		{"1990-12-31T23:59:60Z", 662688000, 0},
		{"1990-12-31T15:59:60-08:00", 662688000, 0},
		{"1937-01-01T12:00:27.87+00:20", -1041337173, 870000000},
		{"2024-02-29T00:00:00.000000001Z", 1709164800, 1},
		{"2024-02-29T00:00:00.9999999999Z", 1709164800, 999999999},
		{"2024-02-29T00:00:00.5+01:00", 1709161200, 500000000},
		{"9999-12-31T23:59:59Z", 253402300799, 0},
		{"0000-01-01T00:00:00Z", -62167219200, 0},
	};
	static const char *const bad[] = {"", "2024", "2024-02-29", "2024-02-29T00:00:00",
	    "2024-02-29 00:00:00Z", "2024-02-29T00:00Z", "2024-02-30T00:00:00Z",
	    "2024-02-29T24:00:00Z", "2024-02-29T00:60:00Z", "2024-02-29T00:00:61Z",
	    "2024-02-29T00:00:60Z", "2024-02-28T23:59:60Z", "1990-12-31T23:59:60-08:00",
	    "2024-02-29T00:00:00.Z", "2024-02-29T00:00:00,5Z", "2024-02-29T00:00:00.5",
	    "2024-02-29T00:00:00.-5Z", "2024-02-29T00:00:00+0100", "2024-02-29T00:00:00+01",
	    "2024-02-29T00:00:00+24:00", "2024-02-29T00:00:00+01:60", "2024-02-29T00:00:00+1:00",
	    "2024-02-29T00:00:00 +01:00", "2024-02-29T00:00:00Zx", "2024-02-29T00:00:00ZZ",
	    "2024-02-29T00:00:00*01:00", "+024-02-29T00:00:00Z", "02024-02-29T00:00:00Z",
	    "2024-2-29T00:00:00Z", "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
	    "2024-02-29T00:00:00.5.5Z", "20240229T000000Z", "2024-02-29T00:00:00+01:00Z"};
	int32_t nanos;
	int64_t t;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		nanos = -1;
		assert_true(lf_utc_read_rfc3339(good[i].text, strlen(good[i].text), &t, &nanos));
		assert_true(t == good[i].t);
		assert_int_equal(nanos, good[i].nanos);
		t = 1;
		assert_true(lf_utc_read_rfc3339(good[i].text, strlen(good[i].text), &t, NULL));
		assert_true(t == good[i].t);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		t = 42, nanos = 43;
		if (lf_utc_read_rfc3339(bad[i], strlen(bad[i]), &t, &nanos))
			fail_msg("taken: %s", bad[i]);
		assert_true(t == 42 && nanos == 43);
	}
	for (size_t len = 0; len < 25; len++)
		assert_false(lf_utc_read_rfc3339("1996-12-19T16:39:57-08:00", len, &t, NULL));
}

static void
test_stamps(void **state)
{
	static const char *const bad[] = {"", "20230710T1142", "20230710T114218",
	    "2023-07-10T11:42Z", "20230710T1142z", "20230710 1142Z", "20230710T1142Z ",
	    "20230732T1142Z", "20230710T2442Z", "20230710T114260Z", "20230710T11421Z",
	    "202307101T142Z", "20230229T114218Z"};
	int64_t t;

	(void)state;
	assert_true(lf_utc_read_stamp("20230710T114218Z", 16, &t));
	assert_true(t == 1688989338);
	assert_true(lf_utc_read_stamp("20230710T1142Z", 14, &t));
	assert_true(t == 1688989320);
	for (size_t i = 0; i < COUNT(bad); i++) {
		t = 42;
		if (lf_utc_read_stamp(bad[i], strlen(bad[i]), &t))
			fail_msg("taken: %s", bad[i]);
		assert_true(t == 42);
	}
}

static void
test_format(void **state)
{
	char buf[LF_UTC_LEN];
	int64_t t;

	(void)state;
	assert_string_equal(lf_utc_format(0, buf), "1970-01-01T00:00:00Z");
	assert_string_equal(lf_utc_format(1688989338, buf), "2023-07-10T11:42:18Z");
	assert_string_equal(lf_utc_format(-1, buf), "1969-12-31T23:59:59Z");
	assert_string_equal(lf_utc_format(LF_TIME_NONE, buf), "-");
	assert_string_equal(lf_utc_format(253402300799, buf), "9999-12-31T23:59:59Z");
	assert_string_equal(lf_utc_format(253402300800, buf), "253402300800");
	assert_string_equal(lf_utc_format(-62167219200, buf), "0000-01-01T00:00:00Z");
	assert_string_equal(lf_utc_format(-62167219201, buf), "-62167219201");
	assert_string_equal(lf_utc_format(INT64_MAX, buf), "9223372036854775807");
	assert_string_equal(lf_utc_format(INT64_MIN + 1, buf), "-9223372036854775807");
	assert_ptr_equal(lf_utc_format(5, buf), buf);
	for (int64_t s = -62167219200; s <= 253402300799; s += 98765432) {
		assert_true(lf_utc_read(lf_utc_format(s, buf), 20, &t));
		assert_true(t == s);
	}
}

static void
test_duration(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} table[] = {{0, "0s"}, {1, "1s"}, {59, "59s"}, {60, "1m00s"}, {3552, "59m12s"},
	    {3599, "59m59s"}, {3600, "1h00m"}, {7500, "2h05m"}, {86399, "23h59m"}, {86400, "1d00h"},
	    {273600, "3d04h"}, {-7500, "-2h05m"}, {-1, "-1s"}, {INT64_MAX, "106751991167300d15h"},
	    {INT64_MIN, "-106751991167300d15h"}};
	char buf[32];

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++)
		assert_string_equal(lf_duration_format(table[i].seconds, buf), table[i].text);
	assert_ptr_equal(lf_duration_format(5, buf), buf);
}

#define NOW INT64_C(1709251267) /* 2024-03-01T00:01:07Z */

static void
test_time_argument(void **state)
{
	static const struct {
		const char *text;
		int64_t t;
	} good[] = {{"now", NOW}, {"2024-03-01", 1709251200}, {"2024-03-01T05", 1709269200},
	    {"2024-03-01T05:06:07Z", 1709269567}, {"2024-03-01T05:06:07+01:00", 1709265967},
	    {"2024-03-01T05:06:07.000Z", 1709269567}, {"2024-03-01T05:06:07.001Z", 1709269568},
	    {"@0", 0}, {"@1709251200", 1709251200}, {"@253402300799", 253402300799},
	    {"90m", NOW - 5400}, {"36h", NOW - 129600}, {"7d", NOW - 604800}, {"0m", NOW},
	    {"007d", NOW - 604800}, {"0000-01-01", -62167219200}};
	static const char *const bad[] = {"", " ", "now ", " now", "Now", "2024", "2024-03",
	    "2024-3-1", "2024-03-32", "2023-02-29", "2024-03-01 ", "2024-03-01T", "2024-03-01T5",
	    "2024-03-01T24", "2024-03-01t05", "2024-03-01T05Z", "2024-03-01T05:06",
	    "2024-03-01T05:06:07", "2024-03-01 05:06:07Z", "20240301", "1709251200", "@", "@-1",
	    "@+1", "@1.5", "@1x", "@ 1", "@253402300800", "@9223372036854775808",
	    "@99999999999999999999999", "m", "d", "90", "90s", "90M", "7w", "1y", "-90m", "+90m",
	    "1.5h", "90 m", "90mm", "1h30m", "90m ago", "99999999999999999999m", "18446744073709551620m", "@18446744073709551620",
	    "307445734561825861m", "9223372036854775807d", "213503982334602d", "800000d",
	    "9999-12-31T23:59:59.5Z", "yesterday", "\xd9\xa1"};
	struct lf_err err;
	int64_t t;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		t = 42;
		if (lf_time_parse(good[i].text, NOW, &t, &err) != 0)
			fail_msg("refused: %s", good[i].text);
		assert_true(t == good[i].t);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		t = 42;
		err.msg[0] = '\0';
		if (lf_time_parse(bad[i], NOW, &t, &err) != -1)
			fail_msg("taken: %s", bad[i]);
		assert_true(t == 42);
		assert_non_null(strstr(err.msg, bad[i]));
		assert_non_null(strstr(err.msg, "RFC 3339"));
		assert_non_null(strstr(err.msg, "36h"));
		assert_non_null(strstr(err.msg, "now"));
	}
}

static void
test_size_argument(void **state)
{
	static const struct {
		const char *text;
		uint64_t n;
	} good[] = {{"0", 0}, {"1", 1}, {"512", 512}, {"1K", 1024}, {"64M", 64ULL << 20},
	    {"1G", 1ULL << 30}, {"2T", 2ULL << 40}, {"007", 7},
	    {"18446744073709551615", UINT64_MAX}, {"18014398509481983K", UINT64_MAX - 1023},
	    {"16777215T", UINT64_MAX - (1ULL << 40) + 1}};
	static const char *const bad[] = {"", "K", "G", "1k", "1m", "1KB", "1KiB", "1 K", " 1",
	    "1 ", "-1", "+1", "1.5G", "0x10", "1P", "1E", "1e3", "GG", "18446744073709551616", "18446744073709551620",
	    "18014398509481984K", "16777216T", "99999999999999999999999T"};
	struct lf_err err;
	uint64_t n;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		n = 42;
		if (lf_size_parse(good[i].text, &n, &err) != 0)
			fail_msg("refused: %s", good[i].text);
		assert_true(n == good[i].n);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		n = 42;
		if (lf_size_parse(bad[i], &n, &err) != -1)
			fail_msg("taken: %s", bad[i]);
		assert_true(n == 42);
		assert_non_null(strstr(err.msg, "K, M, G or T"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_day),
		cmocka_unit_test(test_extremes),
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_read_strict),
		cmocka_unit_test(test_rfc3339),
		cmocka_unit_test(test_stamps),
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_duration),
		cmocka_unit_test(test_time_argument),
		cmocka_unit_test(test_size_argument),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("utc", tests, NULL, NULL);
}
