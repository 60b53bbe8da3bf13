/* Real records as events, and all objects in them: jansson is the oracle for what each member says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/json.h"
#include "bytes.h"
#include "forensic.h"
#include "record/event.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Where each field stands, and where else. */
static const struct {
	const char *path[3];
	const char *otherwise;
} fields[LF_EV_FIELDS] = {
    [LF_EV_VERSION] = {{"eventVersion"}, NULL},
    [LF_EV_TIME] = {{"eventTime"}, NULL},
    [LF_EV_SOURCE] = {{"eventSource"}, NULL},
    [LF_EV_NAME] = {{"eventName"}, NULL},
    [LF_EV_REGION] = {{"awsRegion"}, NULL},
    [LF_EV_SOURCE_IP] = {{"sourceIPAddress"}, NULL},
    [LF_EV_USER_AGENT] = {{"userAgent"}, NULL},
    [LF_EV_ERROR_CODE] = {{"errorCode"}, NULL},
    [LF_EV_ERROR_MESSAGE] = {{"errorMessage"}, NULL},
    [LF_EV_ID] = {{"eventID"}, "eventId"},
    [LF_EV_TYPE] = {{"eventType"}, NULL},
    [LF_EV_CATEGORY] = {{"eventCategory"}, NULL},
    [LF_EV_RECIPIENT] = {{"recipientAccountId"}, "accountId"},
    [LF_EV_SHARED_ID] = {{"sharedEventID"}, NULL},
    [LF_EV_READ_ONLY] = {{"readOnly"}, NULL},
    [LF_EV_VPC_ENDPOINT] = {{"vpcEndpointId"}, NULL},
    [LF_EV_UI_TYPE] = {{"userIdentity", "type"}, NULL},
    [LF_EV_UI_PRINCIPAL] = {{"userIdentity", "principalId"}, NULL},
    [LF_EV_UI_ARN] = {{"userIdentity", "arn"}, NULL},
    [LF_EV_UI_ACCOUNT] = {{"userIdentity", "accountId"}, NULL},
    [LF_EV_UI_ACCESS_KEY] = {{"userIdentity", "accessKeyId"}, NULL},
    [LF_EV_UI_USER_NAME] = {{"userIdentity", "userName"}, NULL},
    [LF_EV_UI_INVOKED_BY] = {{"userIdentity", "invokedBy"}, NULL},
    [LF_EV_ISSUER_TYPE] = {{"userIdentity", "sessionContext", "sessionIssuer"}, "type"},
    [LF_EV_ISSUER_ARN] = {{"userIdentity", "sessionContext", "sessionIssuer"}, "arn"},
    [LF_EV_ISSUER_PRINCIPAL] = {{"userIdentity", "sessionContext", "sessionIssuer"}, "principalId"},
    [LF_EV_ISSUER_USER_NAME] = {{"userIdentity", "sessionContext", "sessionIssuer"}, "userName"},
    [LF_EV_SOURCE_IDENTITY] = {{"userIdentity", "sessionContext", "sourceIdentity"}, NULL},
    [LF_EV_USER_IDENTITY] = {{"userIdentity"}, NULL},
    [LF_EV_RESOURCES] = {{"resources"}, NULL},
    [LF_EV_REQUEST] = {{"requestParameters"}, NULL},
    [LF_EV_RESPONSE] = {{"responseElements"}, NULL},
    [LF_EV_ADDITIONAL] = {{"additionalEventData"}, NULL},
    [LF_EV_ADDENDUM] = {{"addendum"}, NULL},
    [LF_EV_INSIGHT] = {{"insightDetails"}, NULL},
    [LF_EV_TIME_WINDOW] = {{"timeWindow"}, NULL},
    [LF_EV_SUMMARY] = {{"summary"}, NULL},
    [LF_EV_SERVICE] = {{"serviceEventDetails"}, NULL},
};

static struct lf_seed seed;

static int
make_seed(void **state)
{
	struct lf_err err;

	(void)state;
	return lf_seed_new(&seed, &err);
}

/* Reads the object at the start of text. */
static bool
read_text(const char *text, size_t len, struct lf_event *e, struct lf_scan *s)
{
	lf_scan_init(s, text, len);
	assert_int_equal(lf_scan_next(s), LF_TOKEN_OBJECT);
	return lf_event_read(s, &seed, e);
}

static json_t *
oracle(json_t *record, size_t f, bool *there)
{
	json_t *v = record;

	*there = false;
	for (size_t i = 0; i < COUNT(fields[f].path) && fields[f].path[i] != NULL; i++)
		v = json_object_get(v, fields[f].path[i]);
	if (fields[f].path[2] != NULL && fields[f].otherwise != NULL) {
		v = json_object_get(v, fields[f].otherwise);
	} else if (fields[f].otherwise != NULL) {
		*there = v != NULL;
		if (v == NULL || json_is_null(v))
			v = json_object_get(record, fields[f].otherwise);
	}
	*there |= v != NULL;
	return json_is_null(v) ? NULL : v;
}

static void
check_field(const struct lf_event *e, size_t f, json_t *record)
{
	bool there;
	json_t *want = oracle(record, f, &there), *have;
	struct lf_slice v = e->field[f], again;
	struct lf_buf text, resolved;
	struct lf_err err;

	assert_int_equal(e->members >> f & 1, there);
	assert_int_equal(v.s == NULL, want == NULL);
	if (want == NULL)
		return;
	assert_true(v.s > e->raw.s && v.s + v.len < e->raw.s + e->raw.len);
	if (!json_is_string(want)) {
		assert_int_equal(e->escaped >> f & 1, 0);
		have = lf_json_read(v.s, v.len, NULL, &err);
		assert_true(json_equal(want, have));
		json_decref(have);
		return;
	}
	assert_int_equal(v.s[-1], '"');
	assert_int_equal(v.s[v.len], '"');
	assert_int_equal(e->escaped >> f & 1, memchr(v.s, '\\', v.len) != NULL);
	lf_buf_init(&text);
	lf_buf_init(&resolved);
	lf_event_text(e, (enum lf_event_field)f, &text);
	again = lf_event_slice(e, (enum lf_event_field)f, &resolved);
	assert_int_equal(text.len, json_string_length(want));
	assert_int_equal(again.len, text.len);
	if (text.len > 0) {
		assert_memory_equal(text.data, json_string_value(want), text.len);
		assert_memory_equal(again.s, text.data, text.len);
	}
	lf_buf_free(&text);
	lf_buf_free(&resolved);
}

static uint64_t objects_seen, records_seen;

/* Reads whatever object starts at text, record or not, and compares all of it. */
static void
check_object(const char *text, size_t len)
{
	struct lf_err err;
	struct lf_event e;
	struct lf_scan s;
	size_t used;
	json_t *theirs = lf_json_read(text, len, &used, &err);

	if (!read_text(text, len, &e, &s) || theirs == NULL) {
		assert_null(theirs);
		return;
	}
	assert_ptr_equal(e.raw.s, text);
	assert_int_equal(e.raw.len, used);
	assert_null(e.duplicate);
	for (size_t f = 0; f < LF_EV_FIELDS; f++)
		check_field(&e, f, theirs);
	objects_seen++;
	records_seen += lf_event_is_record(&e);
	json_decref(theirs);
}

static int
visit(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	const char *tail = strrchr(path, '.'), *quoted;
	struct lf_buf record;
	size_t len;
	char *text;

	(void)st;
	(void)ftw;
	if (type != FTW_F || tail == NULL || (strcmp(tail, ".json") != 0 && strcmp(tail, ".jsonl") != 0))
		return 0;
	text = bytes_of_file(path, &len);
	assert_non_null(text);
	for (size_t i = 0; i + 1 < len; i++)
		if (text[i] == '{' && text[i + 1] != '\\')
			check_object(text + i, len - i);
	text[len] = '\0';
	lf_buf_init(&record);
	for (quoted = text; (quoted = strstr(quoted, "\"{\\\"eventVersion")) != NULL;) {
		const char *from = ++quoted;

		while (*quoted != '"')
			quoted += *quoted == '\\' ? 2 : 1;
		lf_buf_reset(&record);
		lf_scan_unescape(from, (size_t)(quoted - from), &record);
		check_object(record.data, record.len);
	}
	lf_buf_free(&record);
	free(text);
	return 0;
}

static void
real(const char *folder, uint64_t records)
{
	const char *root = getenv("SHARED_DATA");
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", root != NULL ? root : "", folder);
	objects_seen = records_seen = 0;
	if (root == NULL || *root == '\0' || nftw(path, visit, 16, FTW_PHYS) != 0)
		skip();
	assert_int_equal(records_seen, records);
	assert_true(objects_seen > records_seen);
}

static void
test_real_logs(void **state)
{
	(void)state;
	real("invictus-stratus-logs", 2900);
	real("stratus-detonations", 310);
	real("busy-minute", 1679);
}

static void
test_real_forms(void **state)
{
	(void)state;
	real("lookup-events", 6);
	real("event-versions", 201); /* and 5 in one that is compressed */
	real("eventbridge", 20);
	real("damaged-json", 890 + 1);
	real("real-digest", 0);
	real("aws-public-keys", 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_real_logs), cmocka_unit_test(test_real_forms)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_seed, NULL);
}
