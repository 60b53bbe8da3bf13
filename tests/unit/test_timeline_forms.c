/* The forms of a timeline: what each makes of a row, of hostile rows, and of many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <errno.h>
#include <cmocka.h>

#include <jansson.h>

#include "base/csv.h"
#include "base/text.h"
#include "chaos.h"
#include "markup.h"
#include "report/timeline_asked.h"
#include "report/timeline_cells.h"
#include "report/timeline_form.h"
#include "report/timeline_say.h"
#include "report/timeline_who.h"
#include "timeline_stub.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define NOON     1709294400 /* 2024-03-01T12:00:00Z */

static struct lf_err err;
static const struct lf_write_opts plain = {.width = 0};

static struct lf_timeline_row
alice(void)
{
	struct lf_timeline_row row = stub_row(NOON);

	stub_set(&row, LF_COL_EVENT_TIME, "2024-03-01T12:00:00Z");
	stub_set(&row, LF_COL_ACCOUNT, "123456789012");
	stub_set(&row, LF_COL_REGION, "eu-central-1");
	stub_set(&row, LF_COL_PRINCIPAL, "arn:aws:iam::123456789012:user/alice");
	stub_set(&row, LF_COL_SOURCE, "iam.amazonaws.com");
	stub_set(&row, LF_COL_NAME, "CreateUser");
	stub_set(&row, LF_COL_RESULT, "success");
	stub_set(&row, LF_COL_SOURCE_IP, "198.51.100.7");
	stub_set(&row, LF_COL_USER_AGENT, "aws-cli/2, \"quoted\"");
	stub_set(&row, LF_COL_READ_ONLY, "false");
	stub_set(&row, LF_COL_ID, "11111111-2222-3333-4444-555555555555");
	stub_set(&row, LF_COL_LOCATOR, "a/b.json.gz");
	stub_set(&row, LF_COL_RECORD_INDEX, "12");
	return row;
}

/* All columns hold what an attacker would like to get through. */
static struct lf_timeline_row
mallory(void)
{
	static const char evil[] = "=cmd|'/c x'!A0\x1b[31m\"</script><script>alert(1)</script>\xe2\x80\xae\r\n,\xff\xc3\xa9\xe4\xb8\xad\0;\\";
	struct lf_timeline_row row = stub_row(NOON + 1);

	for (size_t i = 0; i < LF_COLUMNS; i++)
		stub_set_n(&row, (enum lf_column)i, evil, sizeof(evil) - 1);
	row.integrity = LF_INTEGRITY_UNREFERENCED;
	row.conflict = true;
	row.copies = 1;
	return row;
}

/* One row in a form, in a buffer that the caller frees. */
static struct lf_buf
written(const struct lf_timeline_form *form, const char *columns, const struct lf_write_opts *o, const struct lf_timeline_row *row)
{
	struct lf_timeline t;
	struct lf_buf out;

	stub_init(&t);
	if (columns != NULL)
		stub_columns(&t, columns);
	lf_buf_init(&out);
	form->row(&t, o, row, &out);
	assert_false(out.failed);
	return out;
}

static void
expect(const struct lf_timeline_form *form, const char *columns, const struct lf_write_opts *o, const struct lf_timeline_row *row,
    const char *text)
{
	struct lf_buf out = written(form, columns, o, row);

	assert_string_equal(lf_buf_str(&out), text);
	lf_buf_free(&out);
}

static void
expect_head(const struct lf_timeline_form *form, const char *columns, const char *text)
{
	struct lf_timeline t;
	struct lf_buf out;

	stub_init(&t);
	stub_columns(&t, columns);
	lf_buf_init(&out);
	form->head(&t, &plain, NULL, &out);
	assert_string_equal(lf_buf_str(&out), text);
	lf_buf_free(&out);
}

/* ---- CSV ---- */

static void
test_csv(void **state)
{
	const struct lf_write_opts raw = {.raw_csv = true};
	struct lf_timeline_row row = alice();

	(void)state;
	expect_head(&lf_timeline_csv, "event_id,event_time", "event_id,event_time\n");
	expect(&lf_timeline_csv, NULL, &plain, &row, "2024-03-01T12:00:00Z,123456789012,eu-central-1,arn:aws:iam::123456789012:user/alice,"
	    "iam.amazonaws.com,CreateUser,success,198.51.100.7,\"aws-cli/2, \"\"quoted\"\"\",,,false,,"
	    "11111111-2222-3333-4444-555555555555,,,,a/b.json.gz,12\n");
	stub_set(&row, LF_COL_USER_AGENT, "=1+1");
	expect(&lf_timeline_csv, "user_agent,event_name", &plain, &row, "\"'=1+1\",CreateUser\n");
	expect(&lf_timeline_csv, "user_agent,event_name", &raw, &row, "=1+1,CreateUser\n");
	stub_set_n(&row, LF_COL_ALSO_IN, "x#1\0y; z#2", 10);
	expect(&lf_timeline_csv, "also_in", &plain, &row, "x#1; y; z#2\n");
}

/* A hostile row is one record with as many fields as the header, all valid UTF-8. */
static void
test_csv_hostile(void **state)
{
	static const struct lf_timeline_form *const forms[] = {&lf_timeline_csv, &lf_timeline_timesketch};
	struct lf_timeline_row row = mallory();
	struct lf_csv_field fields[LF_CSV_FIELDS];
	struct lf_csv reader;
	struct lf_buf out;
	uint32_t cp;
	size_t n, used;

	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		out = written(forms[i], NULL, &plain, &row);
		lf_csv_init(&reader, out.data, out.len);
		assert_int_equal(lf_csv_next(&reader, fields, &n), 1);
		assert_int_equal(n, LF_COL_DEFAULT + 3 * i);
		assert_true(fields[0].s[0] == '\'');
		assert_int_equal(lf_csv_next(&reader, fields, &n), 0);
		for (size_t at = 0; at < out.len; at += used)
			assert_true((used = lf_utf8_decode(out.data + at, out.len - at, &cp)) > 0 && cp != 0);
		lf_buf_free(&out);
	}
}

static void
test_timesketch(void **state)
{
	struct lf_timeline_row row = alice();

	(void)state;
	expect_head(&lf_timeline_timesketch, "event_id", "message,datetime,timestamp_desc,event_id\n");
	expect(&lf_timeline_timesketch, "event_name", &plain, &row,
	    "arn:aws:iam::123456789012:user/alice iam.amazonaws.com CreateUser success from 198.51.100.7,"
	    "2024-03-01T12:00:00.000000+00:00,Event Time,CreateUser\n");
	stub_set(&row, LF_COL_EVENT_TIME, "2024-03-01T23:00:00.1234567+11:00");
	stub_set(&row, LF_COL_ACTOR, "arn:aws:iam::1:user/root");
	expect(&lf_timeline_timesketch, "event_name", &plain, &row,
	    "arn:aws:iam::1:user/root as arn:aws:iam::123456789012:user/alice iam.amazonaws.com CreateUser success from 198.51.100.7,"
	    "2024-03-01T12:00:00.123456+00:00,Event Time,CreateUser\n");
	row = stub_row(LF_TIME_NONE);
	expect(&lf_timeline_timesketch, "event_name,event_time", &plain, &row,
	    "unknown principal unknown service unknown event,,No Event Time,,\n");
}

/* A long field is cut between characters, with a mark. */
static void
test_timesketch_caps(void **state)
{
	struct lf_timeline_row row = alice();
	struct lf_buf out;
	char text[20000];

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text + 8190, "\xf0\x9f\x90\xb1", 4);
	stub_set_n(&row, LF_COL_RESOURCES, text, sizeof(text));
	out = written(&lf_timeline_timesketch, "resources", &plain, &row);
	assert_non_null(strstr(out.data, "xx [cut at 8190 of 20000 bytes]\n"));
	assert_true(out.len < 8500);
	lf_buf_free(&out);
	stub_set_n(&row, LF_COL_RESOURCES, text, 8190);
	out = written(&lf_timeline_timesketch, "resources", &plain, &row);
	assert_null(strstr(out.data, "cut at"));
	lf_buf_free(&out);
	stub_set_n(&row, LF_COL_PRINCIPAL, text, sizeof(text));
	out = written(&lf_timeline_timesketch, "event_id", &plain, &row);
	assert_non_null(strstr(out.data, " bytes],2024-"));
	lf_buf_free(&out);
}

/* ---- JSON ---- */

static void
test_jsonl(void **state)
{
	struct lf_timeline_row row = alice();

	(void)state;
	expect(&lf_timeline_jsonl, "event_time,read_only,event_name,shared_event_id,record_index", &plain, &row,
	    "{\"event_time\":\"2024-03-01T12:00:00Z\",\"read_only\":false,\"event_name\":\"CreateUser\",\"shared_event_id\":null,"
	    "\"record_index\":12}\n");
	row = stub_row(LF_TIME_NONE);
	row.conflict = true;
	expect(&lf_timeline_jsonl, "event_time,read_only,record_index,also_in", &plain, &row,
	    "{\"event_time\":null,\"read_only\":null,\"record_index\":null,\"conflict\":true}\n");
	stub_set(&row, LF_COL_RECORD_INDEX, "007");
	stub_set(&row, LF_COL_READ_ONLY, "maybe");
	expect(&lf_timeline_jsonl, "read_only,record_index", &plain, &row,
	    "{\"read_only\":\"maybe\",\"record_index\":\"007\",\"conflict\":true}\n");
}

/* Places of a duplicate come back as they were, whatever their files are called. */
static void
test_jsonl_places(void **state)
{
	static const char places[] = "a#1; b#2\0c\n\"#3";
	struct lf_timeline_row row = alice();
	struct lf_buf out;
	json_t *j, *also;
	json_error_t error;

	(void)state;
	stub_set_n(&row, LF_COL_ALSO_IN, places, sizeof(places) - 1);
	out = written(&lf_timeline_jsonl, NULL, &plain, &row);
	j = json_loads(lf_buf_str(&out), JSON_REJECT_DUPLICATES, &error);
	also = json_object_get(j, "also_in");
	assert_int_equal(json_array_size(also), 2);
	assert_string_equal(json_string_value(json_object_get(json_array_get(also, 0), "locator")), "a#1; b");
	assert_int_equal(json_integer_value(json_object_get(json_array_get(also, 0), "record_index")), 2);
	assert_string_equal(json_string_value(json_object_get(json_array_get(also, 1), "locator")), "c\n\"");
	assert_int_equal(json_integer_value(json_object_get(json_array_get(also, 1), "record_index")), 3);
	json_decref(j);
	lf_buf_free(&out);
	expect(&lf_timeline_jsonl, "event_name", &plain, &row, "{\"event_name\":\"CreateUser\"}\n");
	row = alice();
	out = written(&lf_timeline_jsonl, NULL, &plain, &row);
	assert_null(strstr(out.data, "also_in"));
	assert_null(strstr(out.data, "conflict"));
	lf_buf_free(&out);
}

static void
test_jsonl_hostile(void **state)
{
	struct lf_timeline_row row = mallory();
	struct lf_buf out = written(&lf_timeline_jsonl, NULL, &plain, &row);
	json_error_t error;
	json_t *j = json_loadb(out.data, out.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);

	(void)state;
	assert_non_null(j);
	assert_int_equal(json_object_size(j), LF_COL_DEFAULT + 2);
	assert_ptr_equal(memchr(out.data, '\n', out.len), out.data + out.len - 1);
	json_decref(j);
	lf_buf_free(&out);
}

static void
test_records(void **state)
{
	struct lf_timeline_row row = alice();

	(void)state;
	row.raw = (struct lf_slice){"{\"a\":1.50}", 10};
	expect(&lf_timeline_records, NULL, &plain, &row, "{\"a\":1.50}\n");
	row.raw = (struct lf_slice){"{\"a\n\":\"\r\n\"}", 11};
	expect(&lf_timeline_records, NULL, &plain, &row, "{\"a\\n\":\"\\r\\n\"}\n");
	row.raw.len = 0;
	expect(&lf_timeline_records, NULL, &plain, &row, "null\n");
}

/* ---- Text ---- */

static void
test_text_golden(void **state)
{
	const struct lf_write_opts narrow = {.width = 80}, wide = {.width = 120}, ascii = {.width = 80, .ascii = true};
	struct lf_timeline_row row = alice();

	(void)state;
	expect(&lf_timeline_text, NULL, &narrow, &row,
	    "    12:00:00 W iam:CreateUser      user/alice        198.51.100.7    …9012 euc1\n");
	expect(&lf_timeline_text, NULL, &ascii, &row,
	    "    12:00:00 W iam:CreateUser      user/alice        198.51.100.7    ~9012 euc1\n");
	row.integrity = LF_INTEGRITY_VERIFIED;
	row.copies = 3;
	stub_set(&row, LF_COL_RESULT, "AccessDenied");
	expect(&lf_timeline_text, NULL, &wide, &row, "✓+F 12:00:00 W iam:CreateUser AccessDenied       user/alice"
	    "                  198.51.100.7    123456789012 eu-central-1\n");
	expect(&lf_timeline_text, NULL, &plain, &row, "✓+F 12:00:00 W iam:CreateUser AccessDenied               user/alice"
	    "                                        198.51.100.7               123456789012  eu-central-1\n");
}

/* In a file a long value pushes the next cell aside, and no more than that where blanks behind it make up for it. */
static void
test_text_aligned(void **state)
{
	struct lf_timeline_row row = alice();
	struct lf_buf a = written(&lf_timeline_text, NULL, &plain, &row), b;

	(void)state;
	stub_set(&row, LF_COL_NAME, "GetPasswordDataOfSomethingThatHasALongName");
	b = written(&lf_timeline_text, NULL, &plain, &row);
	assert_non_null(strstr(b.data, "iam:GetPasswordDataOfSomethingThatHasALongName  user/alice  "));
	assert_int_equal(strstr(a.data, "198.51") - a.data, strstr(b.data, "198.51") - b.data);
	lf_buf_free(&a);
	lf_buf_free(&b);
}

/* Who stands at the root is there to be read, and so are error codes, on any terminal. */
static void
test_text_tells(void **state)
{
	static const unsigned widths[] = {80, 100, 120, 160};
	struct lf_timeline_row row = alice();
	struct lf_write_opts o = {.width = 0};
	struct lf_buf out;

	(void)state;
	stub_set(&row, LF_COL_NAME, "AttachUserPolicy");
	stub_set(&row, LF_COL_RESULT, "AccessDenied");
	stub_set(&row, LF_COL_PRINCIPAL, "arn:aws:sts::123456789012:assumed-role/DeploymentPipeline/alice");
	for (size_t i = 0; i < COUNT(widths); i++) {
		o.width = widths[i];
		stub_set(&row, LF_COL_ACTOR, "");
		out = written(&lf_timeline_text, NULL, &o, &row);
		assert_non_null(strstr(out.data, " AccessDenied "));
		assert_non_null(strstr(out.data, "/alice "));
		assert_true(lf_text_columns(out.data, out.len - 1) <= o.width);
		lf_buf_free(&out);
		stub_set(&row, LF_COL_ACTOR, "arn:aws:iam::123456789012:user/bob");
		out = written(&lf_timeline_text, NULL, &o, &row);
		assert_non_null(strstr(out.data, " AccessDenied "));
		assert_non_null(strstr(out.data, " user/bob › …"));
		lf_buf_free(&out);
		stub_set(&row, LF_COL_RESULT, "Client.UnauthorizedOperation");
		out = written(&lf_timeline_text, NULL, &o, &row);
		assert_non_null(strstr(out.data, "UnauthorizedOper"));
		assert_non_null(strstr(out.data, " user/bob › …"));
		assert_true(lf_text_columns(out.data, out.len - 1) <= o.width);
		lf_buf_free(&out);
		stub_set(&row, LF_COL_RESULT, "AccessDenied");
	}
}

static void
expect_who(const char *actor, const char *principal, size_t width, const char *text)
{
	struct lf_timeline_row row = alice();
	struct lf_buf out;

	stub_set(&row, LF_COL_ACTOR, actor);
	stub_set(&row, LF_COL_PRINCIPAL, principal);
	lf_buf_init(&out);
	lf_who_within(&plain, &row, width, &out);
	assert_string_equal(lf_buf_str(&out), text);
	lf_buf_free(&out);
}

#define ROLE  "arn:aws:sts::123456789012:assumed-role/Pipeline/build-42"
#define ALICE "arn:aws:iam::123456789012:user/alice"
#define THERE "arn:aws:iam::111122223333:user/alice"

/* What is left out of a name, in this order; the root is cut last. */
static void
test_who(void **state)
{
	(void)state;
	expect_who("", ROLE, 30, "assumed-role/Pipeline/build-42");
	expect_who("", ROLE, 29, "…/Pipeline/build-42");
	expect_who("", ROLE, 18, "…Pipeline/build-42");
	expect_who("", ROLE, 10, "…/build-42");
	expect_who("", ROLE, 9, "…/bu…d-42");
	expect_who("", THERE, 23, "111122223333:user/alice");
	expect_who("", THERE, 22, "…3333:user/alice");
	expect_who("", "bob@example.com", 11, "bob@e…e.com");
	expect_who("", "elasticloadbalancing.amazonaws.com", 34, "elasticloadbalancing.amazonaws.com");
	expect_who("", "elasticloadbalancing.amazonaws.com", 33, "elasticloadbalancing…");
	expect_who(ALICE, ROLE, 50, "user/alice › assumed-role/Pipeline/build-42");
	expect_who(ALICE, ROLE, 35, "user/alice › …/Pipeline/build-42");
	expect_who(ALICE, ROLE, 24, "user/alice › …/build-42");
	expect_who(ALICE, ROLE, 20, "user/alice › …/buil…");
	expect_who(ALICE, ROLE, 14, "user/alice › …");
	expect_who(ALICE, ROLE, 13, "user/alice ›");
	expect_who(ALICE, ROLE, 10, "…r/alice ›");
	expect_who(THERE, ROLE, 42, "…3333:user/alice › …/Pipeline/build-42");
	expect_who(THERE, ROLE, 30, "…3333:user/alice › …/build-42");
	expect_who(THERE, ROLE, 26, "…:user/alice › …/build-42");
	expect_who(THERE, ROLE, 18, "…:user/alice › …");
	expect_who(ALICE " (by session name)", ROLE, 50, "user/alice (by session name) › …/Pipeline/build-42");
	expect_who(ALICE " (by session name)", ROLE, 36, "user/alice › …/build-42");
	expect_who("unknown issuer of ASIAX (" ROLE ")", ROLE, 30, "unknown issuer › …/build-42");
	expect_who("bob@example.com via arn:aws:iam::1:saml-provider/Okta", ROLE, 30, "bob@example.com › …/build-42");
}

/* A role cannot be named so that its session passes for a user, nor one of another account for one of this. */
static void
test_who_hostile(void **state)
{
	struct lf_timeline_row row;
	struct lf_buf out;

	(void)state;
	for (size_t width = 1; width < 60; width++) {
		row = alice();
		stub_set(&row, LF_COL_PRINCIPAL, "arn:aws:sts::123456789012:assumed-role/user/alice");
		stub_set(&row, LF_COL_ACTOR, "");
		lf_buf_init(&out);
		lf_who_within(&plain, &row, width, &out);
		assert_true(lf_text_columns(out.data, out.len) <= width);
		assert_true(strncmp(out.data, "assumed-", 8) == 0 || strstr(out.data, "…") != NULL);
		lf_buf_free(&out);
		stub_set(&row, LF_COL_PRINCIPAL, THERE);
		lf_who_within(&plain, &row, width, &out);
		assert_true(strstr(out.data, ":user/alice") != NULL || strstr(out.data, "…") != NULL);
		lf_buf_free(&out);
		stub_set(&row, LF_COL_ACTOR, "\xff\x1b[31m (\xe2\x80\xae via /:");
		lf_who_within(&plain, &row, width, &out);
		lf_buf_free(&out);
		row = mallory();
		lf_who_within(&plain, &row, width, &out);
		lf_buf_free(&out);
	}
}

static void
expect_widths(const char *columns, size_t width, size_t n, const size_t *want)
{
	enum lf_column c[LF_COLUMNS];
	size_t got[LF_COLUMNS], count, sum = 0;

	assert_int_equal(lf_columns_parse(columns, c, &count, &err), 0);
	assert_int_equal(count, n);
	lf_asked_widths(c, count, width, got);
	for (size_t i = 0; i < n; i++) {
		if (want[i] > 0)
			assert_int_equal(got[i], want[i]);
		sum += got[i];
	}
	assert_true(width == 0 || sum + 2 * (n - 1) <= width);
}

/* Times, addresses and keys keep their width while anything else can give way; 0: whatever. */
static void
test_asked_widths(void **state)
{
	(void)state;
	expect_widths("event_time,source_ip,access_key_id,principal", 0, 4, (size_t[]){20, 15, 20, 48});
	expect_widths("event_time,source_ip,access_key_id,principal", 80, 4, (size_t[]){20, 15, 20, 19});
	expect_widths("event_time,source_ip,access_key_id,principal", 200, 4, (size_t[]){20, 15, 20, 139});
	expect_widths("event_time,source_ip,access_key_id,principal,user_agent,locator", 100, 6, (size_t[]){20, 15, 20, 0, 0, 0});
	expect_widths("event_time,source_ip,access_key_id,event_name,user_agent,locator,resources", 90, 7, (size_t[]){20, 15, 20, 0, 0, 0, 0});
	expect_widths("event_time", 3, 1, (size_t[]){3});
	for (size_t width = 60; width < 400; width++)
		expect_widths("event_time,account_id,region,principal,event_source,event_name,result", width, 7,
		    (size_t[]){width < 70 ? 0 : 20, 0, 0, 0, 0, 0, 0});
}

/* Values that do not fit are cut where they tell least. */
static void
test_asked_cells(void **state)
{
	const struct lf_write_opts o = {.width = 70};
	struct lf_timeline_row row = alice();

	(void)state;
	stub_set(&row, LF_COL_PRINCIPAL, ROLE);
	stub_set(&row, LF_COL_LOCATOR, "a/long/way/to/the/file/that/holds/it.json.gz");
	stub_set(&row, LF_COL_SOURCE, "elasticloadbalancing.amazonaws.com");
	expect(&lf_timeline_text, "event_time,principal,locator,event_source", &o, &row,
	    "    2024-03-01T12:00:00Z  …line/build-42  …s/it.json.gz  elasticloa…\n");
	expect(&lf_timeline_text, "principal,event_time", &o, &row, "    assumed-role/Pipeline/build-42                2024-03-01T12:00:00Z\n");
}

static void
test_text_color(void **state)
{
	const struct lf_write_opts color = {.width = 100, .color = true};
	struct lf_timeline_row row = alice();
	struct lf_buf out;

	(void)state;
	out = written(&lf_timeline_text, NULL, &color, &row);
	assert_null(strstr(out.data, "\033[1;31m"));
	assert_non_null(strstr(out.data, "\033[1m W iam:CreateUser"));
	lf_buf_free(&out);
	stub_set(&row, LF_COL_RESULT, "AccessDenied");
	out = written(&lf_timeline_text, NULL, &color, &row);
	assert_non_null(strstr(out.data, "\033[1;31m W iam:CreateUser AccessDenied"));
	lf_buf_free(&out);
	stub_set(&row, LF_COL_RESULT, "");
	stub_set(&row, LF_COL_READ_ONLY, "true");
	out = written(&lf_timeline_text, NULL, &color, &row);
	assert_non_null(strstr(out.data, "\033[2m r iam:CreateUser"));
	lf_buf_free(&out);
}

/* Every line fits, whatever it holds, with the default columns and with others. */
static void
test_text_fits(void **state)
{
	static const char *const columns[] = {NULL, "event_time,event_name", "principal", "user_agent,locator,event_id,also_in,result,region"};
	struct lf_timeline_row rows[2] = {alice(), mallory()};
	struct lf_write_opts o = {.width = 0};
	struct lf_buf out;
	char long_text[5000];

	(void)state;
	memset(long_text, 'y', sizeof(long_text));
	stub_set_n(&rows[0], LF_COL_PRINCIPAL, long_text, sizeof(long_text));
	for (o.width = 60; o.width < 300; o.width += 7) {
		for (size_t i = 0; i < COUNT(columns) * 2; i++) {
			out = written(&lf_timeline_text, columns[i / 2], &o, &rows[i % 2]);
			assert_true(lf_text_columns(out.data, out.len - 1) <= o.width);
			assert_ptr_equal(strpbrk(out.data, "\n\r\t\x1b"), out.data + out.len - 1);
			assert_null(strstr(out.data, "\xe2\x80\xae"));
			lf_buf_free(&out);
		}
	}
}

/* Without a terminal nothing is cut. */
static void
test_text_whole(void **state)
{
	struct lf_timeline_row row = alice();
	struct lf_buf out;
	char text[3000];

	(void)state;
	memset(text, 'y', sizeof(text));
	stub_set_n(&row, LF_COL_NAME, text, sizeof(text));
	stub_set_n(&row, LF_COL_PRINCIPAL, text, sizeof(text));
	out = written(&lf_timeline_text, NULL, &plain, &row);
	assert_true(out.len > 6000);
	assert_null(strstr(out.data, "…"));
	lf_buf_free(&out);
}

static void
expect_region(const char *region, const char *text)
{
	char buf[LF_REGION_SHORT];
	struct lf_slice got = lf_cell_region((struct lf_slice){region, strlen(region)}, buf);

	assert_int_equal(got.len, strlen(text));
	assert_memory_equal(got.s, text, got.len);
}

/* Only AWS's own words are shortened. */
static void
test_regions(void **state)
{
	(void)state;
	expect_region("us-east-1", "use1");
	expect_region("ap-southeast-2", "apse2");
	expect_region("ap-south-1", "aps1");
	expect_region("us-gov-west-1", "usgw1");
	expect_region("us-earth-1", "us-earth-1");
	expect_region("us-east-11", "us-east-11");
	expect_region("us--1", "us--1");
	expect_region("use1", "use1");
	expect_region("", "");
	expect_region("us-east-east-east-east-east-east-east-1", "us-east-east-east-east-east-east-east-1");
}

static void
expect_principal(const char *arn, const char *account, const char *text)
{
	struct lf_buf out;

	lf_buf_init(&out);
	lf_say_principal((struct lf_slice){arn, strlen(arn)}, (struct lf_slice){account, strlen(account)}, &out);
	assert_string_equal(lf_buf_str(&out), text);
	lf_buf_free(&out);
}

/* Somebody of another account is never shown as one of this. */
static void
test_principals(void **state)
{
	(void)state;
	expect_principal("arn:aws:iam::1:user/a", "1", "user/a");
	expect_principal("arn:aws:iam::2:user/a", "1", "2:user/a");
	expect_principal("arn:aws:sts::1:assumed-role/R/s:x", "1", "assumed-role/R/s:x");
	expect_principal("arn:aws:iam::1:root", "1", "root");
	expect_principal("arn:aws:iam:::user/a", "", "arn:aws:iam:::user/a");
	expect_principal("arn:aws", "1", "arn:aws");
	expect_principal("cloudtrail.amazonaws.com", "1", "cloudtrail.amazonaws.com");
	expect_principal("", "1", "");
}

static void
expect_cell(const char *text, size_t width, enum lf_cut cut, const char *cell)
{
	struct lf_buf out;

	lf_buf_init(&out);
	lf_cell(&plain, (struct lf_slice){text, strlen(text)}, width, false, cut, &out);
	assert_string_equal(lf_buf_str(&out), cell);
	lf_buf_free(&out);
}

static void
test_cells(void **state)
{
	(void)state;
	expect_cell("abc", 5, LF_CUT_END, "abc  ");
	expect_cell("abcdef", 4, LF_CUT_END, "abc…");
	expect_cell("abcdef", 4, LF_CUT_START, "…def");
	expect_cell("abcdefgh", 5, LF_CUT_MIDDLE, "ab…gh");
	expect_cell("中中中", 5, LF_CUT_END, "中中…");
	expect_cell("中中中", 4, LF_CUT_END, "中… ");
	expect_cell("中中中", 4, LF_CUT_START, "…中 ");
	expect_cell("a\xcc\x81" "bc", 2, LF_CUT_END, "a\xcc\x81…");
	expect_cell("", 3, LF_CUT_END, "   ");
	expect_cell("abc", 0, LF_CUT_END, "");
	expect_cell("abc", 1, LF_CUT_MIDDLE, "…");
}

/* ---- The whole ---- */

/* Takes what is written; breaks at "limit" bytes. */
struct sink {
	struct lf_buf buf;
	size_t limit;
};

static int
to_sink(void *arg, const void *bytes, size_t len)
{
	struct sink *s = arg;

	if (s->limit > 0 && s->buf.len + len > s->limit) {
		errno = ENOSPC;
		return -1;
	}
	lf_buf_add(&s->buf, bytes, len);
	return 0;
}

static int
whole(struct lf_timeline *t, const struct lf_write_opts *o, struct sink *s)
{
	lf_buf_init(&s->buf);
	return lf_timeline_write(t, o, to_sink, s, &err);
}

static const enum lf_timeline_format all_formats[] = {LF_TIMELINE_TEXT, LF_TIMELINE_CSV, LF_TIMELINE_JSONL, LF_TIMELINE_TIMESKETCH,
    LF_TIMELINE_RECORDS, LF_TIMELINE_HTML};

/* The same bytes from one thread and from many. */
static void
test_order(void **state)
{
	struct lf_timeline_row rows[3] = {alice(), mallory(), alice()};
	struct sink one = {.limit = 0}, many = {.limit = 0};
	struct lf_timeline t;

	(void)state;
	stub_init(&t);
	t.rows = rows;
	t.n_rows = 3;
	t.total = 20000;
	t.every = 97;
	rows[2].time = NOON + 2;
	for (size_t i = 0; i < COUNT(all_formats); i++) {
		t.format = all_formats[i];
		t.jobs = 1;
		assert_int_equal(whole(&t, &plain, &one), 0);
		t.jobs = 9;
		assert_int_equal(whole(&t, &plain, &many), 0);
		assert_int_equal(one.buf.len, many.buf.len);
		assert_memory_equal(one.buf.data, many.buf.data, one.buf.len);
		lf_buf_free(&one.buf);
		lf_buf_free(&many.buf);
	}
}

/* Not by strstr(): sanitizers look at all that is left at each call. */
static size_t
count_of(const char *text, const char *what)
{
	size_t n = 0, k;

	for (; *text != '\0'; text++) {
		for (k = 0; what[k] != '\0' && text[k] == what[k];)
			k++;
		n += what[k] == '\0';
	}
	return n;
}

/* Each day has one heading, wherever batches end; what has no time stands under one of its own. */
static void
test_days(void **state)
{
	struct lf_timeline_row row = alice();
	struct sink s = {.limit = 0};
	struct lf_timeline t;

	(void)state;
	stub_init(&t);
	t.rows = &row;
	t.n_rows = 1;
	t.total = 5000;
	t.every = 86400 / 700;
	assert_int_equal(whole(&t, &plain, &s), 0);
	assert_int_equal(count_of(s.buf.data, "\n\n2024-03-0"), 8);
	assert_int_equal(count_of(s.buf.data, "\n\n2024-03-01 Friday\n"), 1);
	assert_int_equal(count_of(s.buf.data, "\n\n2024-03-08 Friday\n"), 1);
	assert_int_equal(count_of(s.buf.data, "iam:CreateUser"), 5000);
	lf_buf_free(&s.buf);
	row.time = LF_TIME_NONE;
	assert_int_equal(whole(&t, &plain, &s), 0);
	assert_int_equal(count_of(s.buf.data, "\n\nWithout a time\n"), 1);
	lf_buf_free(&s.buf);
}

/* A timeline of rows, as text. */
static struct lf_buf
text_of(struct lf_timeline *t, const struct lf_write_opts *o, const struct lf_timeline_row *rows, size_t n, size_t total)
{
	struct sink s = {.limit = 0};

	t->rows = rows;
	t->n_rows = n;
	t->total = total;
	assert_int_equal(whole(t, o, &s), 0);
	return s.buf;
}

/* Versions of one event, one after the other, end in a line that says what differs: in a batch, and over its ends. */
static void
test_versions(void **state)
{
	struct lf_timeline_row rows[4] = {alice(), alice(), alice(), alice()};
	struct lf_timeline t;
	struct lf_buf out;

	(void)state;
	stub_init(&t);
	rows[0].conflict = rows[1].conflict = rows[2].conflict = true;
	stub_set(&rows[1], LF_COL_USER_AGENT, "other");
	stub_set(&rows[2], LF_COL_SOURCE_IP, "192.0.2.1");
	stub_set(&rows[2], LF_COL_LOCATOR, "elsewhere");
	for (t.jobs = 1; t.jobs < 10; t.jobs += 4) {
		out = text_of(&t, &plain, rows, 4, 4);
		assert_int_equal(count_of(out.data, "\n ≠  differs in: source_ip, user_agent\n    12:00:00"), 1);
		lf_buf_free(&out);
		out = text_of(&t, &plain, rows, 4, 6000);
		assert_int_equal(count_of(out.data, "\n ≠  differs in: source_ip, user_agent\n    12:00:00"), 1500);
		assert_int_equal(count_of(out.data, "differs"), 1500);
		lf_buf_free(&out);
		out = text_of(&t, &plain, rows, 1, 5000);
		assert_int_equal(count_of(out.data, "differs"), 1);
		assert_int_equal(count_of(out.data, "differs in members that are no columns: see -f records --id 1111"), 0);
		assert_int_equal(count_of(out.data, "\n ≠  differs in: members that are no columns: see -f records --id 11111111-"), 1);
		lf_buf_free(&out);
	}
	rows[0].conflict = false;
	rows[1].conflict = false;
	out = text_of(&t, &plain, rows, 4, 4);
	assert_int_equal(count_of(out.data, "differs"), 0);
	lf_buf_free(&out);
}

/* What differs only at one end of a long run is told, and rows of other events end a run. */
static void
test_versions_long(void **state)
{
	enum { N = 2000 };
	struct lf_timeline_row *rows = malloc(N * sizeof(*rows));
	struct lf_timeline t;
	struct lf_buf out;

	(void)state;
	assert_non_null(rows);
	stub_init(&t);
	for (size_t i = 0; i < N; i++) {
		rows[i] = alice();
		rows[i].conflict = true;
	}
	stub_set(&rows[N - 1], LF_COL_RESULT, "AccessDenied");
	for (t.jobs = 1; t.jobs < 10; t.jobs += 4) {
		out = text_of(&t, &plain, rows, N, N);
		assert_int_equal(count_of(out.data, "differs in: result\n"), 1);
		assert_int_equal(count_of(out.data, "differs"), 1);
		lf_buf_free(&out);
	}
	stub_set(&rows[700], LF_COL_ID, "other");
	stub_set(&rows[1400], LF_COL_ACCOUNT, "210987654321");
	out = text_of(&t, &plain, rows, N, N);
	assert_int_equal(count_of(out.data, "differs in: result\n"), 1);
	assert_int_equal(count_of(out.data, "differs in: members"), 2);
	lf_buf_free(&out);
	for (size_t i = 0; i < N; i++)
		stub_set(&rows[i], LF_COL_ID, "");
	out = text_of(&t, &plain, rows, N, N);
	assert_int_equal(count_of(out.data, "differs"), 0);
	lf_buf_free(&out);
	free(rows);
}

/* An event's id goes into a command line as one word, and the line fits. */
static void
test_versions_hostile(void **state)
{
	const struct lf_write_opts narrow = {.width = 60};
	struct lf_timeline_row rows[2] = {mallory(), mallory()};
	struct lf_timeline t;
	struct lf_buf out;

	(void)state;
	stub_init(&t);
	stub_set(&rows[0], LF_COL_ID, "$(reboot)\x1b[2J\n;x");
	stub_set(&rows[1], LF_COL_ID, "$(reboot)\x1b[2J\n;x");
	out = text_of(&t, &plain, rows, 2, 2);
	assert_null(strchr(out.data, '\x1b'));
	assert_null(strstr(out.data, "--id $(reboot)"));
	lf_buf_free(&out);
	for (size_t i = 0; i < LF_COL_ID; i++)
		stub_set(&rows[1], (enum lf_column)i, "x");
	rows[0].v[LF_COL_ACCOUNT] = rows[1].v[LF_COL_ACCOUNT];
	out = text_of(&t, &narrow, rows, 2, 2);
	assert_non_null(strstr(out.data, "differs in: event_time, region, principal, event_source,\nevent_name,"));
	lf_buf_free(&out);
}

static void
test_text_frame(void **state)
{
	struct lf_timeline_row rows[2] = {alice(), alice()};
	struct lf_write_opts o = {.width = 120, .ascii = true};
	struct sink s = {.limit = 0};
	struct lf_timeline t;

	(void)state;
	stub_init(&t);
	rows[1].time = NOON + 2 * 3600;
	rows[1].integrity = LF_INTEGRITY_MODIFIED;
	stub_set(&rows[1], LF_COL_RESULT, "AccessDenied");
	t.rows = rows;
	t.n_rows = t.total = 2;
	t.summary = (struct lf_timeline_summary){.events = 2, .duplicates = 1, .conflicts = 1200, .skipped = 3, .no_time = 0,
	    .integrity = {[LF_INTEGRITY_MODIFIED] = 1, [LF_INTEGRITY_UNPROVEN] = 1}, .first = NOON, .last = NOON + 7200, .objects = 1};
	assert_int_equal(whole(&t, &o, &s), 0);
	assert_non_null(strstr(s.buf.data, "2 events, 1 failed, 2024-03-01T12:00:00Z to 2024-03-01T14:00:00Z (all times UTC)\n# #\n"
	    "events per hour, 2024-03-01 12:00 to 15:00; highest 1 at 12:00\nX modified   F failed\n"));
	assert_non_null(strstr(s.buf.data, "\n\n2 events, 2024-03-01T12:00:00Z to 2024-03-01T14:00:00Z\n"
	    "besides    1 duplicate, 1,200 conflicts: versions of one event that differ\n"
	    "integrity  1 unproven, 1 modified\n"
	    "to prove   give -m "));
	assert_non_null(strstr(s.buf.data, "\nread       1 object with events, 3 objects not read in full (-v names them)\n"));
	lf_buf_free(&s.buf);
	o.quiet = true;
	assert_int_equal(whole(&t, &o, &s), 0);
	assert_null(strstr(s.buf.data, "events"));
	assert_int_equal(count_of(s.buf.data, "X modified   F failed\n\n2024"), 1);
	assert_int_equal(count_of(s.buf.data, "\n"), 5);
	lf_buf_free(&s.buf);
}

static void
expect_spark(const struct lf_timeline_row *row, size_t total, int64_t every, const char *text)
{
	struct lf_timeline t;
	struct lf_buf out;

	stub_init(&t);
	t.every = every;
	out = text_of(&t, &plain, row, 1, total);
	if (strstr(out.data, text) == NULL)
		fail_msg("%.400s", out.data);
	lf_buf_free(&out);
}

/* What the line of signs shows, in words; of one hour there is none. */
static void
test_text_spark(void **state)
{
	struct lf_timeline_row row = alice();

	(void)state;
	expect_spark(&row, 5, 60, "(all times UTC)\n\n2024-03-01 Friday\n");
	expect_spark(&row, 24, 1800, "\nevents per hour, 2024-03-01 12:00 to 24:00; highest 2 at 12:00\n");
	expect_spark(&row, 30, 1800, "\nevents per hour, 2024-03-01 12:00 to 2024-03-02 03:00; highest 2 at 2024-03-01 12:00\n");
	expect_spark(&row, 20, 86400, "\nevents per 6 hours, 2024-03-01 12:00 to 2024-03-20 18:00; highest 1 from 2024-03-01 12:00 on\n");
	expect_spark(&row, 60, 86400, "\nevents per day, 2024-03-01 to 2024-04-29; highest 1 on 2024-03-01\n");
	expect_spark(&row, 150, 86400, "\nevents per 2 days, 2024-02-29 to 2024-07-29; highest 2 from 2024-03-02 on\n");
}

/* The legend breaks between signs, never in one. */
static void
test_text_legend(void **state)
{
	struct lf_timeline_row rows[LF_INTEGRITY_UNKNOWN];
	struct lf_write_opts o = {.quiet = true};
	struct lf_timeline t;
	struct lf_buf out;
	const char *line, *end;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		rows[i] = alice();
		rows[i].integrity = (enum lf_integrity)i;
		rows[i].copies = 1;
		rows[i].conflict = i == 0;
	}
	stub_init(&t);
	for (o.width = 60; o.width < 160; o.width += 5) {
		out = text_of(&t, &o, rows, COUNT(rows), COUNT(rows));
		assert_non_null(strstr(out.data, "conflict: another version is shown, too"));
		assert_non_null(strstr(out.data, "- none"));
		for (line = out.data; *line != '\0'; line = end + 1) {
			end = strchr(line, '\n');
			assert_true(lf_text_columns(line, (size_t)(end - line)) <= o.width);
		}
		lf_buf_free(&out);
	}
}

/* A page says what made it, but not where two runs are to be alike. */
static void
test_html_arguments(void **state)
{
	static const char *const arguments[] = {"-f", "html", "it's <b>"};
	struct lf_write_opts o = {.arguments = arguments, .n_arguments = COUNT(arguments)};
	struct lf_timeline_row row = alice();
	struct lf_timeline t;
	struct lf_buf out;

	(void)state;
	stub_init(&t);
	t.format = LF_TIMELINE_HTML;
	t.summary.skipped = 1;
	out = text_of(&t, &o, &row, 1, 1);
	assert_null(markup_wrong(lf_buf_str(&out)));
	assert_non_null(strstr(out.data, "Written by trail-timeline "));
	assert_non_null(strstr(out.data, "<code>trail-timeline -f html "));
	assert_non_null(strstr(out.data, "&lt;b&gt;"));
	assert_non_null(strstr(out.data, "1 object not read in full"));
	lf_buf_free(&out);
	o.reproducible = true;
	out = text_of(&t, &o, &row, 1, 1);
	assert_null(strstr(out.data, "-f html"));
	assert_non_null(strstr(out.data, "Written by trail-timeline "));
	lf_buf_free(&out);
}

static void
test_html_page(void **state)
{
	static const char *const columns[] = {NULL, "event_time,result,also_in"};
	struct lf_timeline_row rows[3] = {alice(), mallory(), alice()};
	struct sink s = {.limit = 0};
	struct lf_timeline t;

	(void)state;
	stub_init(&t);
	t.format = LF_TIMELINE_HTML;
	stub_set(&rows[2], LF_COL_ACCOUNT, "210987654321");
	t.rows = rows;
	t.n_rows = 3;
	t.every = 3600;
	t.summary.events = 300;
	for (size_t i = 0; i < 2; i++) {
		if (columns[i] != NULL)
			stub_columns(&t, columns[i]);
		for (t.total = 0; t.total <= 300; t.total += 100) {
			assert_int_equal(whole(&t, &plain, &s), 0);
			assert_null(markup_wrong(lf_buf_str(&s.buf)));
			assert_int_equal(count_of(s.buf.data, "<script"), 1);
			assert_int_equal(count_of(s.buf.data, "<tr"), t.total + 1);
			assert_int_equal(count_of(s.buf.data, "<tbody>"), t.total > LF_FORM_BLOCK ? 2 : 1);
			assert_null(strchr(s.buf.data, '\x1b'));
			lf_buf_free(&s.buf);
		}
	}
}

/* A page is bounded, and says so. */
static void
test_html_bound(void **state)
{
	struct lf_timeline_row row = alice();
	struct sink s = {.limit = 0};
	struct lf_timeline t;

	(void)state;
	stub_init(&t);
	t.format = LF_TIMELINE_HTML;
	t.rows = &row;
	t.n_rows = 1;
	t.total = lf_timeline_html.max_rows + 7;
	assert_int_equal(whole(&t, &plain, &s), 0);
	assert_int_equal(count_of(s.buf.data, "<tr"), lf_timeline_html.max_rows + 1);
	assert_int_equal(t.at, t.total);
	assert_non_null(strstr(s.buf.data, "The first 200000 of 200007 events are shown here"));
	lf_buf_free(&s.buf);
}

/* A full disk and rows that cannot be read end the run with their sentence. */
static void
test_failures(void **state)
{
	struct lf_timeline_row row = alice();
	struct sink s = {.limit = 0};
	struct lf_timeline t;

	(void)state;
	stub_init(&t);
	t.rows = &row;
	t.n_rows = 1;
	t.total = 20000;
	row.raw = (struct lf_slice){"{}", 2};
	for (size_t i = 0; i < COUNT(all_formats); i++) {
		t.format = all_formats[i];
		t.jobs = (unsigned)(i % 4) + 1;
		s.limit = 20000;
		assert_int_equal(whole(&t, &plain, &s), -1);
		assert_string_equal(err.msg, "cannot write the timeline: No space left on device");
		lf_buf_free(&s.buf);
		s.limit = 0;
		t.fail_at = 7777;
		assert_int_equal(whole(&t, &plain, &s), -1);
		assert_string_equal(err.msg, "the rows are gone");
		lf_buf_free(&s.buf);
		t.fail_at = 0;
	}
}

static enum lf_timeline_format step_format;

static int
discard(void *arg, const void *bytes, size_t len)
{
	(void)arg;
	(void)bytes;
	(void)len;
	return 0;
}

static int
step(void)
{
	struct lf_timeline_row rows[2] = {alice(), mallory()};
	struct lf_timeline t;

	stub_init(&t);
	t.jobs = 1;
	t.format = step_format;
	t.rows = rows;
	t.n_rows = t.total = 2;
	return lf_timeline_write(&t, &plain, discard, NULL, &err);
}

static void
test_out_of_memory(void **state)
{
	(void)state;
	if (!CHAOS)
		skip();
	step_format = LF_TIMELINE_HTML;
	assert_int_equal(step(), 0); /* what OpenSSL keeps, it keeps from here on */
	chaos_ours = true;
	for (size_t i = 0; i < COUNT(all_formats); i++) {
		step_format = all_formats[i];
		assert_true(chaos_run(step) > 3);
	}
	chaos_ours = false;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_csv), cmocka_unit_test(test_csv_hostile),
	    cmocka_unit_test(test_timesketch), cmocka_unit_test(test_timesketch_caps), cmocka_unit_test(test_jsonl),
	    cmocka_unit_test(test_jsonl_places), cmocka_unit_test(test_jsonl_hostile), cmocka_unit_test(test_records),
	    cmocka_unit_test(test_text_golden), cmocka_unit_test(test_text_aligned), cmocka_unit_test(test_text_tells),
	    cmocka_unit_test(test_who), cmocka_unit_test(test_who_hostile), cmocka_unit_test(test_asked_widths),
	    cmocka_unit_test(test_asked_cells), cmocka_unit_test(test_text_color), cmocka_unit_test(test_text_fits),
	    cmocka_unit_test(test_text_whole), cmocka_unit_test(test_regions), cmocka_unit_test(test_principals),
	    cmocka_unit_test(test_cells), cmocka_unit_test(test_order), cmocka_unit_test(test_days),
	    cmocka_unit_test(test_versions), cmocka_unit_test(test_versions_long), cmocka_unit_test(test_versions_hostile),
	    cmocka_unit_test(test_text_frame), cmocka_unit_test(test_text_spark), cmocka_unit_test(test_text_legend),
	    cmocka_unit_test(test_html_arguments), cmocka_unit_test(test_html_page), cmocka_unit_test(test_html_bound),
	    cmocka_unit_test(test_failures), cmocka_unit_test(test_out_of_memory)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
