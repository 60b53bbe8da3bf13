/* What can be a record of CloudTrail, and what only calls itself one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "carve/genuine.h"
#include "events.h"

#define VERSION "\"eventVersion\":\"1.08\""
#define WHO     "\"userIdentity\":{\"type\":\"Root\"}"
#define TIME    "\"eventTime\":\"2023-07-10T12:00:00Z\""
#define SOURCE  "\"eventSource\":\"s3.amazonaws.com\""
#define NAME    "\"eventName\":\"GetObject\""
#define ID      "\"eventID\":\"0c1d2e3f-0000-4444-8888-0123456789aB\""

static bool
record(const char *json)
{
	struct lf_event e;

	event_read(json, strlen(json), &e);
	return lf_genuine_record(&e);
}

static bool
fragment(const char *json)
{
	struct lf_event e;

	event_read(json, strlen(json), &e);
	return lf_genuine_fragment(&e);
}

static void
test_record(void **state)
{
	(void)state;
	assert_true(record("{" VERSION "," WHO "," TIME "," SOURCE "," NAME "," ID "}"));
	assert_true(record("{" WHO "," TIME "," SOURCE "," NAME "," ID "}"));
	assert_true(record("{" VERSION "," WHO "," TIME "," SOURCE "," NAME "}"));
	assert_false(record("{" WHO "," TIME "," SOURCE "," NAME "}"));
	assert_false(record("{" VERSION "," TIME "," SOURCE "," NAME "," ID "}"));
	assert_false(record("{" VERSION "," WHO "," SOURCE "," NAME "," ID "}"));
	assert_false(record("{" VERSION "," WHO "," TIME "," NAME "," ID "}"));
	assert_false(record("{" VERSION "," WHO "," TIME "," SOURCE "," ID "}"));
}

/* What is there must be what it should be: not what a manual writes in its place. */
static void
test_values(void **state)
{
	static const char *const bad[] = {"\"eventVersion\":\"1.0.8\"", "\"eventVersion\":\"108\"", "\"eventVersion\":\"v1.8\"",
	    "\"eventVersion\":\"1.\"", "\"eventVersion\":\".08\"", "\"eventVersion\":\"1.000000008\"",
	    "\"eventID\":\"EXAMPLE-id\"", "\"eventID\":\"0c1d2e3f-0000-4444-8888-0123456789ag\"",
	    "\"eventID\":\"0c1d2e3f00000-4444-8888-0123456789ab\"", "\"eventTime\":\"yesterday\"",
	    "\"eventTime\":\"2023-13-10T12:00:00Z\""};
	char json[1000];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *version = strstr(bad[i], "Version") != NULL ? bad[i] : VERSION;
		const char *id = strstr(bad[i], "ID") != NULL ? bad[i] : ID;
		const char *time = strstr(bad[i], "Time") != NULL ? bad[i] : TIME;

		snprintf(json, sizeof(json), "{%s,%s,%s,%s,%s,%s}", version, WHO, time, SOURCE, NAME, id);
		assert_false(record(json));
		assert_false(fragment(json));
	}
}

/* Of a broken one an eventID and one thing more, or the time, the name. */
static void
test_fragment(void **state)
{
	(void)state;
	assert_true(fragment("{" VERSION "," ID "}"));
	assert_true(fragment("{" SOURCE "," ID "}"));
	assert_true(fragment("{" TIME "," NAME "}"));
	assert_false(fragment("{" ID "}"));
	assert_false(fragment("{" TIME "," SOURCE "," VERSION "}"));
	assert_false(fragment("{" NAME "," SOURCE "}"));
	assert_false(fragment("{}"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_record), cmocka_unit_test(test_values),
	    cmocka_unit_test(test_fragment)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("genuine", tests, NULL, NULL);
}
