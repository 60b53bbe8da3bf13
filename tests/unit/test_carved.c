/* What trail-carve has written, as evidence: its names, and the rows of its list of records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "record/carved.h"
#include "record/envelope.h"

#define EVENT(id) "{\"eventVersion\":\"1.08\",\"eventTime\":\"2024-03-01T00:00:00Z\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"x\"," \
	"\"eventID\":\"" id "\"}"
#define ROW(id, state) "{\"event_id\":\"" id "\",\"event_time\":\"2024-03-01T00:00:00Z\",\"state\":\"" state "\",\"locations\":[{\"state\":\"" state \
	"\",\"image\":\"i\",\"path\":\"i|1\",\"offset\":1,\"index\":0}],\"record\":" EVENT(id) "}\n"

static void
test_names(void **state)
{
	static const struct {
		const char *path;
		enum lf_carved what;
		size_t root;
	} cases[] = {
	    {"carve.jsonl", LF_CARVED_ASIDE, 0}, {"a/out/carve.jsonl", LF_CARVED_ASIDE, 6}, {"out/events.jsonl", LF_CARVED_ASIDE, 4},
	    {"out/report.json", LF_CARVED_ASIDE, 4}, {"report.html", LF_CARVED_ASIDE, 0}, {"carve.finds", LF_CARVED_ASIDE, 0},
	    {"records.jsonl", LF_CARVED_RECORDS, 0}, {"out/records.jsonl", LF_CARVED_RECORDS, 4},
	    {"partial/1052672.json", LF_CARVED_ASIDE, 0}, {"out/partial/2_1052672-UTF16LE-0.map", LF_CARVED_ASIDE, 4},
	    {"out/partial/1-GZIP-0-TAR-512.json", LF_CARVED_ASIDE, 4},
	    {"partial/log.json", LF_CARVED_NONE, 0}, {"partial/1.json.gz", LF_CARVED_NONE, 0}, {"partial/.json", LF_CARVED_NONE, 0},
	    {"partial/x/1.json", LF_CARVED_NONE, 0}, {"xpartial/1.json", LF_CARVED_NONE, 0}, {"1.json", LF_CARVED_NONE, 0},
	    {"partial/1a.json", LF_CARVED_NONE, 0}, {"partial/A1.json", LF_CARVED_NONE, 0},
	    {"files/ab.json.gz", LF_CARVED_NONE, 0}, {"xrecords.jsonl", LF_CARVED_NONE, 0}, {"", LF_CARVED_NONE, 0},
	};
	size_t root;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		enum lf_carved c = lf_carved_name(cases[i].path, strlen(cases[i].path), &root);

		if (c != cases[i].what)
			fail_msg("%s: %d", cases[i].path, (int)c);
		if (c != LF_CARVED_NONE)
			assert_int_equal(root, cases[i].root);
	}
	assert_true(lf_carved_is_list("", 0));
	assert_true(lf_carved_is_list("{\"id\":1,\"state\":\"whole\"", 23));
	assert_false(lf_carved_is_list("{\"id\":1,\"state\":", 16));
	assert_false(lf_carved_is_list("{\"id\":2,\"state\":\"whole\"", 23));
}

static void
test_loose(void **state)
{
	static const char whole[] = ROW("a", "authentic") ROW("b", "listed") ROW("c", "whole") ROW("d", "joined") ROW("e", "fragment");
	static const char *const loose[] = {ROW("a", "whole") ROW("b", "prefix"), ROW("a", "resync"), ROW("a", "record"),
	    ROW("a", "whole") "\n", "x", ROW("a", "unheard-of"), "{\"state\":\"whole"};

	(void)state;
	assert_false(lf_carved_has_loose(whole, sizeof(whole) - 1));
	assert_false(lf_carved_has_loose("", 0));
	for (size_t i = 0; i < sizeof(loose) / sizeof(loose[0]); i++)
		if (!lf_carved_has_loose(loose[i], strlen(loose[i])))
			fail_msg("%s", loose[i]);
}

/* The eventIDs that are read of text, one letter each; nothing may be called damaged. */
static const char *
ids(const char *text, bool beside)
{
	static char out[64];
	struct lf_envelope *e;
	struct lf_event event;
	struct lf_err err;
	size_t n = 0;

	e = lf_envelope_new(&err);
	assert_non_null(e);
	lf_envelope_start(e, text, strlen(text), NULL);
	lf_envelope_beside(e, beside);
	while (lf_envelope_next(e, &event) == 1)
		out[n++] = event.field[LF_EV_ID].s[0];
	out[n] = '\0';
	assert_null(lf_envelope_damage(e)->problem);
	assert_int_equal(lf_envelope_damage(e)->places + lf_envelope_damage(e)->strangers, 0);
	lf_envelope_free(e);
	return out;
}

static void
test_rows(void **state)
{
	static const char all[] = ROW("a", "authentic") ROW("b", "prefix") ROW("c", "fragment") ROW("d", "joined") ROW("e", "record")
	    ROW("f", "listed") ROW("g", "whole") ROW("h", "resync");

	(void)state;
	assert_string_equal(ids(all, true), "beh");
	assert_string_equal(ids(all, false), "abdefgh");
	/* The next text is on its own. */
	assert_string_equal(ids(ROW("a", "whole"), false), "a");
}

/* What is no row hides nothing. */
static void
test_what_is_no_row(void **state)
{
	(void)state;
	assert_string_equal(ids("{\"event_id\":\"a\",\"state\":\"fragment\",\"record\":" EVENT("a") "}", true), "a");
	assert_string_equal(ids("{\"state\":\"fragment\",\"event_id\":\"a\",\"event_time\":\"x\",\"locations\":[],\"record\":" EVENT("a") "}", true), "a");
	assert_string_equal(ids("{\"event_id\":\"a\",\"event_time\":null,\"state\":7,\"locations\":[],\"record\":" EVENT("a") "}", true), "a");
	assert_string_equal(ids("{\"event_id\":\"a\",\"event_time\":null,\"state\":\"record\",\"locations\":[],\"record\":" EVENT("a") "}", true), "a");
	assert_string_equal(ids("{\"event_id\":\"a\",\"event_time\":null,\"state\":\"fragment\",\"locations\":[],\"records\":" EVENT("a") "}", true), "a");
	/* Inside of another container, a row is no row of the list. */
	assert_string_equal(ids("[" "{\"event_id\":\"a\",\"event_time\":null,\"state\":\"fragment\",\"locations\":[],\"record\":" EVENT("a") "}" "]", true), "a");
	/* Without times, it is one. */
	assert_string_equal(ids("{\"event_id\":\"a\",\"event_time\":null,\"state\":\"fragment\",\"locations\":[],\"record\":" EVENT("a") "}", true), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_loose),
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_what_is_no_row),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
