/* What a record was handed over in: the form of each record, also where containers of several kinds follow one another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "record/envelope.h"

#define REC  "{\"eventVersion\":\"1.08\",\"eventID\":\"i\",\"eventName\":\"N\",\"awsRegion\":\"r\"}"
#define QREC "\"{\\\"eventVersion\\\":\\\"1.08\\\",\\\"eventID\\\":\\\"i\\\",\\\"eventName\\\":\\\"N\\\",\\\"awsRegion\\\":\\\"r\\\"}\""

/* The forms of all records as letters: Log, lookUp, Csv, cloudWatch, Eventbridge. */
static const char *
forms(const char *text)
{
	static const char letters[LF_FORMS] = {'L', 'U', 'C', 'W', 'E'};
	static char out[16];
	struct lf_err err;
	struct lf_envelope *e = lf_envelope_new(&err);
	struct lf_event ev;
	size_t n = 0;

	assert_non_null(e);
	lf_envelope_start(e, text, strlen(text), NULL);
	while (n + 1 < sizeof(out) && lf_envelope_next(e, &ev) == 1)
		out[n++] = letters[lf_envelope_form(e)];
	out[n] = '\0';
	lf_envelope_free(e);
	return out;
}

static void
test_one(void **state)
{
	static const char *const table[][2] = {
	    {"{\"Records\":[" REC "," REC "]}", "LL"},
	    {"[" REC "]", "L"},
	    {REC "\n" REC "\n", "LL"},
	    {"{\"Events\":[{\"EventId\":\"i\",\"CloudTrailEvent\":" QREC "},{\"EventId\":\"i\",\"CloudTrailEvent\":" QREC "}]}", "UU"},
	    {"{\"Events\":[{\"CloudTrailEvent\":" QREC ",\"EventId\":\"i\",\"EventName\":\"detail\"}]}", "U"},
	    {"{\"version\":\"0\",\"id\":\"x\",\"detail-type\":\"AWS API Call via CloudTrail\",\"detail\":" REC "}", "E"},
	    {"{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"1\",\"logEvents\":[{\"id\":\"1\",\"timestamp\":1,\"message\":" QREC "}]}", "W"},
	    {"{\"events\":[{\"logStreamName\":\"s\",\"message\":" QREC "}]}", "W"},
	    {"2024-03-01T10:00:00.000Z " REC "\n2024-03-01T10:00:01.000Z " REC "\n", "WW"},
	    {"Event ID,Event time,Event name\ni,2024-03-01T10:00:00Z,N\n", "C"},
	    {"{\"record\":" REC "}", "L"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_string_equal(forms(table[i][0]), table[i][1]);
}

/* One container does not rub off on the next. */
static void
test_mixed(void **state)
{
	(void)state;
	assert_string_equal(forms("{\"version\":\"0\",\"id\":\"x\",\"detail\":" REC "}\n" REC "\n{\"Records\":[" REC "]}\n"
				  "2024-03-01T10:00:00.000Z " REC "\n" REC "\n{\"Events\":[{\"CloudTrailEvent\":" QREC "}]}\n" REC),
	    "ELLWLUL");
}

/* The innermost that tells decides: an EventBridge event in a message of CloudWatch Logs. */
static void
test_nested(void **state)
{
	(void)state;
	assert_string_equal(forms("2024-03-01T10:00:00.000Z {\"version\":\"0\",\"id\":\"x\",\"detail\":" REC "}\n"), "E");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_one),
	    cmocka_unit_test(test_mixed),
	    cmocka_unit_test(test_nested),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("envelope form", tests, NULL, NULL);
}
