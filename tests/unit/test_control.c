/* Events that impair logging: what is one, what it does, to what, and whether it came about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "base/utc.h"
#include "chaos.h"
#include "coverage/control.h"
#include "events.h"
#include "forensic.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Who and where of every event made here. */
#define WHO                                                                                                            \
	"\"eventVersion\":\"1.09\",\"userIdentity\":{\"type\":\"IAMUser\",\"arn\":\"arn:aws:iam::111122223333:user/eve\"," \
	"\"accountId\":\"111122223333\",\"accessKeyId\":\"AKIAEVE\"},\"sourceIPAddress\":\"198.51.100.7\","                \
	"\"awsRegion\":\"us-east-1\",\"recipientAccountId\":\"111122223333\",\"eventType\":\"AwsApiCall\""
#define EVENT(service, name, id, time, rest)                                                                           \
	"{" WHO ",\"eventSource\":\"" service ".amazonaws.com\",\"eventName\":\"" name "\",\"eventID\":\"" id                  \
	"\",\"eventTime\":\"" time "\"" rest "}"
#define AT      "2024-03-01T10:00:00Z"
#define REQ(r)  ",\"requestParameters\":" r
#define RESP(r) ",\"responseElements\":" r
#define DENIED  ",\"errorCode\":\"AccessDenied\""
#define ARN(n)  "arn:aws:cloudtrail:eu-west-1:111122223333:trail/" n

struct state {
	struct lf_controls c;
	struct lf_buf bytes, scratch;
};

static int
setup(void **state)
{
	struct state *s = calloc(1, sizeof(*s));
	struct lf_err err;

	*state = s;
	return s == NULL ? -1 : lf_controls_init(&s->c, &err);
}

static int
teardown(void **state)
{
	struct state *s = *state;

	lf_controls_free(&s->c);
	lf_buf_free(&s->bytes);
	lf_buf_free(&s->scratch);
	free(s);
	return 0;
}

static bool
take_event(struct state *s, const struct lf_event *e, unsigned integrity)
{
	struct lf_values v;
	struct lf_err err;
	bool is;

	assert_int_equal(lf_values_of(e, &s->scratch, &v), 0);
	lf_buf_reset(&s->bytes);
	is = lf_control_extract(e, &v, &s->bytes);
	assert_false(s->bytes.failed);
	assert_int_equal(is, s->bytes.len > 0);
	assert_true(!is || lf_control_may(e));
	assert_int_equal(lf_controls_add(&s->c, s->bytes.data, s->bytes.len, integrity, &err), 0);
	return is;
}

static bool
add_as(struct state *s, const char *json, unsigned integrity)
{
	struct lf_event e;

	event_read(json, strlen(json), &e);
	return take_event(s, &e, integrity);
}

static bool
add(struct state *s, const char *json)
{
	return add_as(s, json, 0);
}

static void
add_each(void *arg, const struct lf_event *e)
{
	(void)take_event(arg, e, 0);
}

static void
settle(struct state *s)
{
	struct lf_err err;

	assert_int_equal(lf_controls_settle(&s->c, &err), 0);
}

static const struct lf_control *
at(const struct state *s, uint32_t i)
{
	assert_true(i < s->c.list.n);
	return lf_list_at(&s->c.list, i);
}

/* The only event, alone. */
static const struct lf_control *
only(struct state *s, const char *json)
{
	assert_true(add(s, json));
	settle(s);
	assert_int_equal(s->c.list.n, 1);
	return at(s, 0);
}

static uint32_t
count(const struct state *s, const char *name, bool effective)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->c.list.n; i++)
		n += strcmp(at(s, i)->event_name, name) == 0 && at(s, i)->effective == effective;
	return n;
}

static uint32_t
effects_of(const char *json, bool *impairs)
{
	void *state;
	uint32_t effects = 0;

	assert_int_equal(setup(&state), 0);
	*impairs = false;
	if (add(state, json)) {
		settle(state);
		if (((struct state *)state)->c.list.n > 0) {
			effects = at(state, 0)->effects;
			*impairs = at(state, 0)->impairs;
		}
	}
	teardown(&state);
	return effects;
}

#define BIT(effect) (UINT32_C(1) << (effect))

/* ---- What one event says ---- */

static void
test_stop(void **state)
{
	const struct lf_control *c = only(*state,
	    EVENT("cloudtrail", "StopLogging", "e1", AT, REQ("{\"name\":\"" ARN("main") "\"}") RESP("null")));

	assert_int_equal(c->time, 1709287200);
	assert_int_equal(c->effect, LF_EFFECT_STOP);
	assert_int_equal(c->effects, BIT(LF_EFFECT_STOP));
	assert_true(c->impairs);
	assert_true(c->effective);
	assert_string_equal(c->class_name, "hard-stop");
	assert_string_equal(c->event_source, "cloudtrail.amazonaws.com");
	assert_string_equal(c->event_name, "StopLogging");
	assert_string_equal(c->error_code, "");
	assert_string_equal(c->event_id, "e1");
	assert_string_equal(c->principal, "arn:aws:iam::111122223333:user/eve");
	assert_string_equal(c->access_key, "AKIAEVE");
	assert_string_equal(c->source_ip, "198.51.100.7");
	assert_string_equal(c->account, "111122223333");
	assert_string_equal(c->region, "us-east-1");
	assert_string_equal(c->target, ARN("main"));
	assert_string_equal(c->trail, "main");
	assert_string_equal(c->trail_region, "eu-west-1");
	assert_string_equal(c->actor, "");
}

static void
test_bare_name(void **state)
{
	const struct lf_control *c =
	    only(*state, EVENT("cloudtrail", "DeleteTrail", "e1", AT, REQ("{\"name\":\"ma\\u0069n\"}")));

	assert_int_equal(c->effect, LF_EFFECT_DELETE);
	assert_string_equal(c->target, "main");
	assert_string_equal(c->trail, "main");
	assert_string_equal(c->trail_region, "");
}

/* Refused calls have no parameters: the sentence names the trail, and the caller. */
static void
test_denied(void **state)
{
	const struct lf_control *c = only(*state,
	    EVENT("cloudtrail", "StopLogging", "e1", AT,
	        DENIED REQ("null") ",\"errorMessage\":\"User: arn:aws:sts::111122223333:assumed-role/r/s is not authorized to "
	                           "perform: cloudtrail:StopLogging on resource: " ARN("main") " because no policy allows it\""));

	assert_false(c->effective);
	assert_true(c->impairs);
	assert_string_equal(c->error_code, "AccessDenied");
	assert_string_equal(c->target, ARN("main"));
	assert_string_equal(c->trail, "main");
	assert_string_equal(c->trail_region, "eu-west-1");
}

/* The caller of a refused call to IAM is no target, though his ARN is of the same service. */
static void
test_denied_caller(void **state)
{
	struct state *s = *state;

	assert_true(add(s, EVENT("iam", "DeleteRole", "e1", AT,
	    DENIED ",\"errorMessage\":\"User: arn:aws:iam::111122223333:user/eve is not authorized to perform: iam:DeleteRole "
	           "on resource: arn:aws:iam::111122223333:role/x/CWL.\"")));
	assert_true(add(s, EVENT("cloudtrail", "CreateTrail", "e2", AT,
	    REQ("{\"name\":\"t\",\"cloudWatchLogsRoleArn\":\"arn:aws:iam::111122223333:role/cwl\"}"))));
	settle(s);
	assert_int_equal(s->c.list.n, 2);
	assert_string_equal(at(s, 0)->target, "arn:aws:iam::111122223333:role/x/CWL");
}

static void
test_not_found(void **state)
{
	const struct lf_control *c = only(*state, EVENT("cloudtrail", "StopLogging", "e1", AT,
	    ",\"errorCode\":\"TrailNotFoundException\",\"errorMessage\":\"Unknown trail: " ARN("t-1") " for the user: 111122223333\""
	    REQ("{\"name\":\"t-1\"}")));

	assert_false(c->effective);
	assert_string_equal(c->trail, "t-1");
	assert_string_equal(c->trail_region, "eu-west-1");
}

/* A message without a code is no success either. */
static void
test_message_alone(void **state)
{
	assert_false(only(*state, EVENT("cloudtrail", "StopLogging", "e1", AT,
	    ",\"errorMessage\":\"no\"" REQ("{\"name\":\"t\"}")))->effective);
}

static void
test_create_trail(void **state)
{
	const struct lf_control *c = only(*state, EVENT("cloudtrail", "CreateTrail", "e1", AT,
	    REQ("{\"name\":\"t\",\"s3BucketName\":\"Logs\"}")
	    RESP("{\"trailARN\":\"" ARN("t") "\",\"logFileValidationEnabled\":false,\"isMultiRegionTrail\":false}")));

	assert_int_equal(c->effects, BIT(LF_EFFECT_START));
	assert_false(c->impairs);
	assert_string_equal(c->trail_region, "eu-west-1");
}

static void
test_owner(void **state)
{
	static const struct {
		const char *json;
		enum lf_owner owner;
	} cases[] = {
	    {EVENT("cloudtrail", "CreateTrail", "e1", AT, REQ("{\"name\":\"t\",\"isOrganizationTrail\":true}")
	        RESP("{\"trailARN\":\"" ARN("t") "\",\"isOrganizationTrail\":true}")), LF_OWNER_ORGANIZATION},
	    {EVENT("cloudtrail", "CreateTrail", "e2", AT, REQ("{\"name\":\"t\"}") RESP("{\"trailARN\":\"" ARN("t") "\"}")),
	        LF_OWNER_ACCOUNT},
	    {EVENT("cloudtrail", "CreateTrail", "e3", AT, REQ("{\"name\":\"t\"}") RESP("null")), LF_OWNER_UNKNOWN},
	    {EVENT("cloudtrail", "UpdateTrail", "e4", AT, REQ("{\"name\":\"" ARN("t") "\"}") RESP("{\"isOrganizationTrail\":true}")),
	        LF_OWNER_ORGANIZATION},
	    {EVENT("cloudtrail", "UpdateTrail", "e5", AT, REQ("{\"name\":\"t\",\"isOrganizationTrail\":false}")
	        RESP("{\"isOrganizationTrail\":false,\"trailARN\":\"" ARN("t") "\"}")), LF_OWNER_ACCOUNT},
	    {EVENT("cloudtrail", "StopLogging", "e6", AT, REQ("{\"name\":\"" ARN("t") "\"}")), LF_OWNER_UNKNOWN},
	};
	struct state *s = *state;

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_true(add(s, cases[i].json));
	settle(s);
	assert_int_equal(s->c.list.n, COUNT(cases));
	for (uint32_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(at(s, i)->owner, cases[i].owner);
		assert_string_equal(at(s, i)->trail, "t");
		assert_string_equal(at(s, i)->trail_account, i == 2 ? "" : "111122223333");
	}
}

/* Insights tell of calls, and are none. */
static void
test_no_call(void **state)
{
	struct state *s = *state;

	assert_false(add(s, "{\"eventVersion\":\"1.09\",\"eventTime\":\"" AT "\",\"awsRegion\":\"us-east-1\",\"eventID\":\"i\","
	                    "\"eventType\":\"AwsCloudTrailInsight\",\"eventCategory\":\"Insight\",\"insightDetails\":{\"eventSource\":"
	                    "\"cloudtrail.amazonaws.com\",\"eventName\":\"StopLogging\"}}"));
	assert_false(add(s, EVENT("cloudtrail", "StopLogging", "i", AT, ",\"insightDetails\":{\"state\":\"Start\"}")));
	assert_false(add(s, EVENT("cloudtrail", "StopLoggin", "i", AT, "")));
	assert_false(add(s, EVENT("ecs", "StopLogging", "i", AT, "")));
	assert_false(add(s, EVENT("xcloudtrail", "StopLogging", "i", AT, "")));
	assert_false(add(s, EVENT("cloudtrail", "StopLogging\\u0000x", "i", AT, "")));
	assert_false(add(s, EVENT("s3", "GetObject", "i", AT, REQ("{\"bucketName\":\"b\",\"key\":\"k\"}"))));
	settle(s);
	assert_int_equal(s->c.list.n, 0);
}

/* ---- The table ---- */

/* Every event that trail-gaps(1) knows to impair logging, a row each, and how it counts when it needs no other event. */
static const struct {
	const char *service, *names, *request, *target;
} rows[] = {
    {"cloudtrail", "StopLogging DeleteTrail StartLogging CreateTrail", "{\"name\":\"x\"}", "x"},
    {"cloudtrail", "StartEventDataStoreIngestion RestoreEventDataStore StopEventDataStoreIngestion DeleteEventDataStore DisableFederation",
        "{\"eventDataStore\":\"x\"}", "x"},
    {"cloudtrail", "UpdateTrail", "{\"name\":\"x\",\"isMultiRegionTrail\":false}", "x"},
    {"cloudtrail", "PutEventSelectors", "{\"trailName\":\"x\",\"eventSelectors\":[{\"includeManagementEvents\":false}]}", "x"},
    {"cloudtrail", "PutInsightSelectors", "{\"trailName\":\"x\",\"insightSelectors\":[]}", "x"},
    {"cloudtrail", "UpdateEventDataStore", "{\"eventDataStore\":\"x\",\"terminationProtectionEnabled\":false}", "x"},
    {"cloudtrail", "DeleteChannel UpdateChannel", "{\"channel\":\"x\"}", "x"},
    {"cloudtrail", "DeleteResourcePolicy", "{\"resourceArn\":\"x\"}", "x"},
    {"organizations", "LeaveOrganization", "null", "111122223333"},
    {"organizations", "RemoveAccountFromOrganization CloseAccount", "{\"accountId\":\"x\"}", "x"},
    {"account", "CloseAccount", "null", "111122223333"},
    {"organizations", "DisableAWSServiceAccess", "{\"servicePrincipal\":\"cloudtrail.amazonaws.com\"}", "cloudtrail.amazonaws.com"},
    {"organizations", "DeregisterDelegatedAdministrator",
        "{\"accountId\":\"x\",\"servicePrincipal\":\"cloudtrail.amazonaws.com\"}", "x"},
    {"cloudtrail", "DeregisterOrganizationDelegatedAdmin", "{\"delegatedAdminAccountId\":\"x\"}", "x"},
    {"organizations", "DetachPolicy UpdatePolicy DeletePolicy", "{\"policyId\":\"x\"}", "x"},
    {"monitoring", "DeleteAlarms DisableAlarmActions", "{\"alarmNames\":[\"x\",\"y\"]}", "x, y"},
    {"sqs", "PurgeQueue", "{\"queueUrl\":\"x\"}", "x"},
    {"events", "DisableRule DeleteRule", "{\"name\":\"x\"}", "x"},
    {"events", "RemoveTargets", "{\"rule\":\"x\"}", "x"},
    {"account", "DisableRegion EnableRegion", "{\"RegionName\":\"x\"}", "x"},
    {"config", "StopConfigurationRecorder DeleteConfigurationRecorder", "{\"configurationRecorderName\":\"x\"}", "x"},
    {"config", "DeleteDeliveryChannel", "{\"deliveryChannelName\":\"x\"}", "x"},
    {"config", "DeleteConfigRule", "{\"configRuleName\":\"x\"}", "x"},
    {"guardduty",
        "DeleteDetector DisassociateFromAdministratorAccount StopMonitoringMembers DeleteMembers CreateIPSet UpdateIPSet",
        "{\"detectorId\":\"x\"}", "x"},
    {"guardduty", "UpdateDetector", "{\"detectorId\":\"x\",\"enable\":false}", "x"},
    {"securityhub", "DisableSecurityHub", "null", "111122223333"},
    {"securityhub", "BatchUpdateFindings", "{\"findingIdentifiers\":[{\"id\":\"x\"},{\"id\":\"y\"}]}", "x, y"},
    {"ec2", "DeleteFlowLogs", "{\"DeleteFlowLogsRequest\":{\"FlowLogId\":[{\"tag\":1,\"content\":\"x\"},{\"tag\":2,\"content\":\"y\"}]}}",
        "x, y"},
    {"route53resolver", "DeleteResolverQueryLogConfig", "{\"resolverQueryLogConfigId\":\"x\"}", "x"},
    {"wafv2", "DeleteLoggingConfiguration", "{\"resourceArn\":\"x\"}", "x"},
    {"eks", "UpdateClusterConfig",
        "{\"name\":\"x\",\"logging\":{\"clusterLogging\":[{\"types\":[\"audit\"],\"enabled\":false}]}}", "x"},
    {"bedrock", "DeleteModelInvocationLoggingConfiguration", "null", "111122223333"},
    {"macie2", "DisableMacie", "null", "111122223333"},
    {"inspector2", "Disable", "{\"accountIds\":[\"x\"]}", "x"},
    {"access-analyzer", "DeleteAnalyzer", "{\"analyzerName\":\"x\"}", "x"},
};

static void
check_row(struct state *s, size_t i, const char *name, size_t len, unsigned number)
{
	char json[2048];

	snprintf(json, sizeof(json),
	    "{" WHO ",\"eventSource\":\"%s.amazonaws.com\",\"eventName\":\"%.*s\",\"eventID\":\"%04u\",\"eventTime\":\"" AT
	    "\",\"requestParameters\":%s}",
	    rows[i].service, (int)len, name, number, rows[i].request);
	if (!add(s, json))
		fail_msg("%s", json);
	assert_int_equal(s->c.list.n, number + 1);
	assert_string_equal(at(s, number)->target, rows[i].target);
}

static void
test_table(void **state)
{
	struct state *s = *state;
	unsigned number = 0, restoring = 0;
	const char *name;
	size_t len;

	for (size_t i = 0; i < COUNT(rows); i++) {
		for (name = rows[i].names; *name != '\0'; name += len + (name[len] == ' ')) {
			len = strcspn(name, " ");
			check_row(s, i, name, len, number++);
		}
	}
	settle(s);
	assert_int_equal(s->c.list.n, number);
	for (unsigned i = 0; i < number; i++)
		restoring += !at(s, i)->impairs;
	assert_int_equal(restoring, 4); /* the start markers */
}

static const char uses[] = EVENT("cloudtrail", "CreateTrail", "create", "2024-01-01T00:00:00Z",
    REQ("{\"name\":\"t\",\"s3BucketName\":\"trail-logs\",\"kmsKeyId\":\"alias/trail\",\"snsTopicName\":\"news\","
        "\"cloudWatchLogsLogGroupArn\":\"arn:aws:logs:us-east-1:111122223333:log-group:trail/Group:*\","
        "\"cloudWatchLogsRoleArn\":\"arn:aws:iam::111122223333:role/service/TrailRole\"}")
    RESP("{\"kmsKeyId\":\"arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab\"}"));

/* Events that count only for what a trail uses: own names it, other names something else. */
static const struct {
	const char *service, *names, *own, *other;
} things[] = {
    {"s3",
        "DeleteBucket DeleteBucketLifecycle DeleteBucketPolicy PutObjectLockConfiguration PutBucketReplication "
        "DeleteBucketReplication PutBucketEncryption DeleteBucketEncryption PutBucketAcl PutBucketOwnershipControls "
        "PutBucketPublicAccessBlock DeleteBucketPublicAccessBlock PutBucketPolicy PutBucketLogging",
        "{\"bucketName\":\"Trail-Logs\"}", "{\"bucketName\":\"trail-logs2\"}"},
    {"s3", "DeleteObject DeleteObjects", "{\"bucketName\":\"trail-logs\",\"key\":\"p\\/AWSLogs\\/1\\/a.json.gz\"}",
        "{\"bucketName\":\"trail-logs\",\"key\":\"other/a.json.gz\"}"},
    {"s3", "PutBucketLifecycle PutBucketLifecycleConfiguration PutLifecycleConfiguration",
        "{\"bucketName\":\"trail-logs\",\"LifecycleConfiguration\":{\"Rule\":{\"Status\":\"Enabled\",\"Expiration\":{\"Days\":1}}}}",
        "{\"bucketName\":\"x\",\"LifecycleConfiguration\":{\"Rule\":{\"Status\":\"Enabled\",\"Expiration\":{\"Days\":1}}}}"},
    {"s3", "PutBucketVersioning", "{\"bucketName\":\"trail-logs\",\"VersioningConfiguration\":{\"Status\":\"Suspended\"}}",
        "{\"bucketName\":\"trail-logs\",\"VersioningConfiguration\":{\"Status\":\"Enabled\"}}"},
    {"kms", "DisableKey ScheduleKeyDeletion DeleteImportedKeyMaterial PutKeyPolicy RevokeGrant EnableKey CancelKeyDeletion",
        "{\"keyId\":\"1234ABCD-12ab-34cd-56ef-1234567890ab\"}",
        "{\"keyId\":\"arn:aws:kms:us-east-1:111122223333:key/0000abcd-12ab-34cd-56ef-1234567890ab\"}"},
    {"kms", "DisableKey", "{\"keyId\":\"arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab\"}",
        "{\"keyId\":\"alias/other\"}"},
    {"kms", "DisableKey", "{\"keyId\":\"arn:aws:kms:us-east-1:111122223333:alias/trail\"}",
        "{\"keyId\":\"arn:aws:kms:us-east-1:999922223333:alias/trail\"}"},
    {"logs", "DeleteLogGroup DeleteLogStream PutRetentionPolicy DeleteSubscriptionFilter DeleteMetricFilter",
        "{\"logGroupName\":\"trail/Group\"}", "{\"logGroupName\":\"trail/group\"}"},
    {"iam", "DeleteRole DeleteRolePolicy DetachRolePolicy UpdateAssumeRolePolicy", "{\"roleName\":\"trailrole\"}",
        "{\"roleName\":\"role\"}"},
    {"sns", "DeleteTopic SetTopicAttributes", "{\"topicArn\":\"arn:aws:sns:us-east-1:111122223333:news\"}",
        "{\"topicArn\":\"arn:aws:sns:us-east-2:111122223333:news\"}"},
    {"sns", "Unsubscribe", "{\"subscriptionArn\":\"arn:aws:sns:us-east-1:111122223333:news:0000-11\"}",
        "{\"subscriptionArn\":\"arn:aws:sns:us-east-1:111122223333:olds:0000-11\"}"},
};

static void
add_thing(struct state *s, const char *service, const char *name, size_t len, const char *id, const char *request)
{
	char json[2048];

	snprintf(json, sizeof(json),
	    "{" WHO ",\"eventSource\":\"%s.amazonaws.com\",\"eventName\":\"%.*s\",\"eventID\":\"%s\",\"eventTime\":\"" AT
	    "\",\"requestParameters\":%s}",
	    service, (int)len, name, id, request);
	add(s, json);
}

/* Whether the trail is known before or after what touches its things does not matter. */
static void
test_things(void **state)
{
	struct state *s = *state;
	uint32_t own = 0;
	const char *name;
	size_t len;

	for (size_t i = 0; i < COUNT(things); i++) {
		for (name = things[i].names; *name != '\0'; name += len + (name[len] == ' ')) {
			len = strcspn(name, " ");
			char id[32];
			snprintf(id, sizeof(id), "%02zu", i);
			add_thing(s, things[i].service, name, len, id, things[i].own);
			add_thing(s, things[i].service, name, len, "other", things[i].other);
			own++;
		}
	}
	assert_true(add(s, uses));
	settle(s);
	for (uint32_t i = 0; i < s->c.list.n; i++)
		assert_string_not_equal(at(s, i)->event_id, "other");
	assert_int_equal(s->c.list.n, own + 1);
}

static void
test_no_trail_known(void **state)
{
	struct state *s = *state;

	add_thing(s, "s3", "DeleteBucket", 12, "a", "{\"bucketName\":\"trail-logs\"}");
	add_thing(s, "kms", "DisableKey", 10, "b", "{\"keyId\":\"k\"}");
	settle(s);
	assert_int_equal(s->c.list.n, 0);
}

/* What a failed CreateTrail would have used, no trail uses. */
static void
test_failed_use(void **state)
{
	struct state *s = *state;

	assert_true(add(s, EVENT("cloudtrail", "CreateTrail", "c", AT, DENIED REQ("{\"name\":\"t\",\"s3BucketName\":\"b\"}"))));
	add_thing(s, "s3", "DeleteBucket", 12, "a", "{\"bucketName\":\"b\"}");
	settle(s);
	assert_int_equal(s->c.list.n, 1);
}

static void
test_other_uses(void **state)
{
	struct state *s = *state;
	struct lf_err err;

	assert_int_equal(lf_controls_bucket(&s->c, "of-digests", &err), 0);
	assert_true(add(s, EVENT("cloudtrail", "DescribeTrails", "d", AT,
	    RESP("{\"trailList\":[{\"s3BucketName\":\"one\"},{\"s3BucketName\":\"two\"}]}"))));
	assert_true(add(s, EVENT("cloudtrail", "GetTrail", "g", AT, RESP("{\"trail\":{\"s3BucketName\":\"three\"}}"))));
	assert_false(add(s, EVENT("cloudtrail", "DescribeTrails", "d", AT, REQ("{\"trailNameList\":[\"x\"]}"))));
	for (size_t i = 0; i < 5; i++) {
		static const char *const buckets[] = {"{\"bucketName\":\"OF-digests\"}", "{\"bucketName\":\"one\"}",
		    "{\"bucketName\":\"two\"}", "{\"bucketName\":\"three\"}", "{\"bucketName\":\"four\"}"};
		add_thing(s, "s3", "DeleteBucket", 12, "x", buckets[i]);
	}
	settle(s);
	assert_int_equal(s->c.list.n, 4);
	assert_int_equal(s->c.buckets.n, 4);
}

/* ---- Conditions ---- */

static uint32_t
update(const char *request, const char *response, bool *impairs)
{
	char json[2048];

	snprintf(json, sizeof(json), EVENT("cloudtrail", "UpdateTrail", "u", AT, REQ("%s") RESP("%s")), request, response);
	return effects_of(json, impairs);
}

static void
test_update_trail(void **state)
{
	bool impairs;

	(void)state;
	/* A real call: the request says nothing of validation, the response does. */
	assert_int_equal(update("{\"name\":\"t\",\"includeGlobalServiceEvents\":true,\"isMultiRegionTrail\":true}",
	                     "{\"isMultiRegionTrail\":true,\"logFileValidationEnabled\":false}", &impairs),
	    BIT(LF_EFFECT_VALIDATION_OFF) | BIT(LF_EFFECT_MULTI_REGION));
	assert_true(impairs);
	/* The response is right. */
	assert_int_equal(update("{\"enableLogFileValidation\":false,\"isMultiRegionTrail\":false}",
	                     "{\"isMultiRegionTrail\":true,\"logFileValidationEnabled\":true}", &impairs),
	    BIT(LF_EFFECT_VALIDATION_ON) | BIT(LF_EFFECT_MULTI_REGION));
	assert_false(impairs);
	/* Without one, the request. */
	assert_int_equal(update("{\"enableLogFileValidation\":false,\"isMultiRegionTrail\":\"false\"}", "null", &impairs),
	    BIT(LF_EFFECT_VALIDATION_OFF) | BIT(LF_EFFECT_SINGLE_REGION));
	assert_true(impairs);
	assert_int_equal(update("{\"s3BucketName\":\"n\"}", "null", &impairs), BIT(LF_EFFECT_MOVED));
	assert_true(impairs);
	assert_int_equal(update("{\"s3KeyPrefix\":\"n\"}", "null", &impairs), BIT(LF_EFFECT_MOVED));
	assert_int_equal(update("{\"isOrganizationTrail\":false}", "null", &impairs), BIT(LF_EFFECT_ORG_OFF));
	assert_true(impairs);
	assert_int_equal(update("{\"includeGlobalServiceEvents\":false}", "null", &impairs), 0);
	assert_true(impairs);
	assert_int_equal(update("{\"kmsKeyId\":\"\"}", "null", &impairs), 0);
	assert_true(impairs);
	assert_int_equal(update("{\"name\":\"t\"}", "{\"isOrganizationTrail\":false}", &impairs), 0);
	assert_false(impairs);
	/* A trail of one region that stays one. */
	assert_int_equal(update("{\"name\":\"t\"}", "{\"isMultiRegionTrail\":false}", &impairs), BIT(LF_EFFECT_SINGLE_REGION));
	assert_false(impairs);
}

static void
test_update_weight(void **state)
{
	const struct lf_control *c = only(*state, EVENT("cloudtrail", "UpdateTrail", "u", AT,
	    REQ("{\"name\":\"t\",\"isMultiRegionTrail\":false,\"s3BucketName\":\"b\"}")
	    RESP("{\"trailARN\":\"" ARN("t") "\",\"isMultiRegionTrail\":false,\"logFileValidationEnabled\":false}")));

	assert_int_equal(c->effect, LF_EFFECT_VALIDATION_OFF);
	assert_true(lf_control_does(c, LF_EFFECT_SINGLE_REGION));
	assert_true(lf_control_does(c, LF_EFFECT_MOVED));
	assert_false(lf_control_does(c, LF_EFFECT_NARROWED));
	assert_string_equal(c->detail, "logFileValidationEnabled false, isMultiRegionTrail false, s3BucketName b");
	assert_string_equal(c->trail_region, "eu-west-1");
}

/* Nobody knows what a refused UpdateTrail would have changed. */
static void
test_update_denied(void **state)
{
	const struct lf_control *c =
	    only(*state, EVENT("cloudtrail", "UpdateTrail", "u", AT, DENIED REQ("null") ",\"errorMessage\":\"not on " ARN("t") "\""));

	assert_true(c->impairs);
	assert_false(c->effective);
	assert_int_equal(c->effects, 0);
	assert_string_equal(c->trail, "t");
}

static const struct {
	const char *selectors;
	bool narrow;
} selectors[] = {
    {"\"eventSelectors\":[{\"readWriteType\":\"All\",\"includeManagementEvents\":true,\"dataResources\":[],"
     "\"excludeManagementEventSources\":[]}]",
        false},
    {"\"eventSelectors\":[{\"dataResources\":[]}]", false},
    {"\"eventSelectors\":[{\"includeManagementEvents\":false}]", true},
    {"\"eventSelectors\":[{\"readWriteType\":\"ReadOnly\"}]", true},
    {"\"eventSelectors\":[{\"readWriteType\":\"WriteOnly\"}]", true},
    {"\"eventSelectors\":[{\"readWriteType\":\"WriteOnly\"},{\"readWriteType\":\"ReadOnly\"}]", false},
    {"\"eventSelectors\":[{\"includeManagementEvents\":false},{\"readWriteType\":\"All\"}]", false},
    {"\"eventSelectors\":[{\"excludeManagementEventSources\":[\"kms.amazonaws.com\"]}]", true},
    {"\"eventSelectors\":[]", true},
    {"\"eventSelectors\":[],\"advancedEventSelectors\":[{\"name\":\"m\",\"fieldSelectors\":[{\"field\":\"eventCategory\","
     "\"equals\":[\"Management\"]}]}]",
        false},
    {"\"advancedEventSelectors\":[{\"fieldSelectors\":[{\"field\":\"eventCategory\",\"equals\":[\"Data\"]},{\"field\":"
     "\"resources.type\",\"equals\":[\"AWS::S3::Object\"]}]}]",
        true},
    {"\"advancedEventSelectors\":[{\"fieldSelectors\":[{\"field\":\"eventCategory\",\"equals\":[\"Management\"]},{\"field\":"
     "\"readOnly\",\"equals\":[\"true\"]}]}]",
        true},
    {"\"advancedEventSelectors\":[{\"fieldSelectors\":[{\"field\":\"eventCategory\",\"equals\":[\"Management\"]},{\"field\":"
     "\"readOnly\",\"equals\":[\"true\"]}]},{\"fieldSelectors\":[{\"field\":\"eventCategory\",\"equals\":[\"Management\"]},"
     "{\"field\":\"readOnly\",\"equals\":[\"false\"]}]}]",
        false},
    {"\"advancedEventSelectors\":[{\"fieldSelectors\":[{\"field\":\"eventCategory\",\"equals\":[\"Management\"]},{\"field\":"
     "\"eventSource\",\"notEquals\":[\"kms.amazonaws.com\"]}]}]",
        true},
    {"\"advancedEventSelectors\":[{\"fieldSelectors\":[{\"field\":\"eventCategory\",\"equals\":[\"Management\"]},{\"field\":"
     "\"readOnly\",\"equals\":[],\"notEquals\":[\"x\"]}]}]",
        true},
};

static void
test_selectors(void **state)
{
	char json[2048];
	bool impairs;

	(void)state;
	for (size_t i = 0; i < COUNT(selectors); i++) {
		uint32_t expected = BIT(selectors[i].narrow ? LF_EFFECT_NARROWED : LF_EFFECT_WIDENED);
		snprintf(json, sizeof(json), EVENT("cloudtrail", "PutEventSelectors", "p", AT, REQ("{\"trailName\":\"t\",%s}")),
		    selectors[i].selectors);
		if (effects_of(json, &impairs) != expected || impairs != selectors[i].narrow)
			fail_msg("%s", selectors[i].selectors);
		/* The same as the response, against a request that says otherwise. */
		snprintf(json, sizeof(json),
		    EVENT("cloudtrail", "PutEventSelectors", "p", AT,
		        REQ("{\"trailName\":\"t\",\"eventSelectors\":[{\"readWriteType\":\"ReadOnly\"}]}") RESP("{%s}")),
		    selectors[i].selectors);
		if (effects_of(json, &impairs) != expected)
			fail_msg("%s", json);
	}
}

static void
test_selector_details(void **state)
{
	const struct lf_control *c = only(*state, EVENT("cloudtrail", "PutEventSelectors", "p", AT,
	    REQ("{\"trailName\":\"t\",\"eventSelectors\":[{\"readWriteType\":\"ReadOnly\",\"includeManagementEvents\":false,"
	        "\"excludeManagementEventSources\":[\"kms.amazonaws.com\",\"x\"]}]}")));

	assert_string_equal(c->detail,
	    "includeManagementEvents false, readWriteType ReadOnly, excludeManagementEventSources kms.amazonaws.com x");
}

static void
test_advanced_details(void **state)
{
	const struct lf_control *c = only(*state, EVENT("cloudtrail", "PutEventSelectors", "p", AT,
	    REQ("{\"trailName\":\"t\",\"advancedEventSelectors\":[{\"fieldSelectors\":[{\"field\":\"eventCategory\",\"equals\":"
	        "[\"Management\"]},{\"field\":\"eventSource\",\"notEquals\":[\"kms.amazonaws.com\"]}]}]}")));

	assert_string_equal(c->detail, "eventSource notEquals kms.amazonaws.com");
}

/* Requests, and whether they are what the row is about, given a trail that uses all they name. */
static const struct {
	const char *service, *name, *request;
	bool is;
	uint32_t effects;
} conditions[] = {
    {"cloudtrail", "PutInsightSelectors", "{\"insightSelectors\":[{\"insightType\":\"ApiCallRateInsight\"}]}", true, 0},
    {"cloudtrail", "PutInsightSelectors",
        "{\"insightSelectors\":[{\"insightType\":\"ApiErrorRateInsight\"},{\"insightType\":\"ApiCallRateInsight\"}]}", false, 0},
    {"cloudtrail", "UpdateEventDataStore", "{\"eventDataStore\":\"x\",\"name\":\"new\"}", false, 0},
    {"cloudtrail", "UpdateEventDataStore", "{\"eventDataStore\":\"x\",\"retentionPeriod\":7}", true, 0},
    {"cloudtrail", "UpdateEventDataStore", "{\"eventDataStore\":\"x\",\"multiRegionEnabled\":false}", true, 0},
    {"organizations", "DisableAWSServiceAccess", "{\"servicePrincipal\":\"config.amazonaws.com\"}", false, 0},
    {"organizations", "DisableAWSServiceAccess", "{\"servicePrincipal\":\"cloudtrail.amazonaws.com\"}", true, BIT(LF_EFFECT_ORG_OFF)},
    {"organizations", "LeaveOrganization", "null", true, BIT(LF_EFFECT_ACCOUNT_LEFT)},
    {"account", "DisableRegion", "{\"regionName\":\"x\"}", true, BIT(LF_EFFECT_REGION_OFF)},
    {"account", "EnableRegion", "{\"regionName\":\"x\"}", true, BIT(LF_EFFECT_REGION_ON)},
    {"s3", "PutBucketLifecycle", "{\"bucketName\":\"trail-logs\",\"LifecycleConfiguration\":{\"Rule\":[{\"Status\":\"Enabled\","
     "\"Expiration\":{\"Days\":365}},{\"Status\":\"Enabled\",\"Expiration\":{\"Days\":\"6\"}}]}}", true, 0},
    {"s3", "PutBucketLifecycle", "{\"bucketName\":\"trail-logs\",\"LifecycleConfiguration\":{\"Rule\":[{\"Status\":\"Enabled\","
     "\"Expiration\":{\"Days\":7}},{\"Status\":\"Disabled\",\"Expiration\":{\"Days\":1}}]}}", false, 0},
    {"s3", "PutBucketLifecycle", "{\"bucketName\":\"trail-logs\",\"LifecycleConfiguration\":{\"Rule\":{\"Status\":\"Enabled\","
     "\"Expiration\":{\"Date\":\"2020-01-01T00:00:00Z\"}}}}", true, 0},
    {"s3", "PutBucketVersioning", "{\"bucketName\":\"trail-logs\",\"VersioningConfiguration\":{\"Status\":\"Enabled\"}}", false, 0},
    {"s3", "PutBucketLogging", "{\"bucketName\":\"trail-logs\",\"BucketLoggingStatus\":{\"xmlns\":\"x\"}}", true, 0},
    {"s3", "PutBucketLogging",
        "{\"bucketName\":\"trail-logs\",\"BucketLoggingStatus\":{\"LoggingEnabled\":{\"TargetBucket\":\"x\"}}}", false, 0},
    {"s3", "DeleteBucketPolicy", "{\"bucketName\":\"trail-logs\"}", true, BIT(LF_EFFECT_DELIVERY)},
    {"s3", "DeleteBucket", "{\"bucketName\":\"trail-logs\"}", true, BIT(LF_EFFECT_DELIVERY)},
    {"s3", "DeleteObject", "{\"bucketName\":\"trail-logs\",\"key\":\"AWSLogs/x\"}", true, 0},
    {"s3", "DeleteObject", "{\"bucketName\":\"trail-logs\",\"key\":\"app/x\"}", false, 0},
    {"s3", "DeleteObjects", "{\"bucketName\":\"trail-logs\",\"delete\":\"\"}", true, 0},
    {"kms", "DisableKey", "{\"keyId\":\"1234abcd-12ab-34cd-56ef-1234567890ab\"}", true, BIT(LF_EFFECT_DELIVERY)},
    {"guardduty", "UpdateDetector", "{\"detectorId\":\"x\",\"enable\":true}", false, 0},
    {"eks", "UpdateClusterConfig", "{\"name\":\"x\",\"logging\":{\"clusterLogging\":[{\"types\":[\"audit\"],\"enabled\":true}]}}",
        false, 0},
    {"eks", "UpdateClusterConfig", "{\"name\":\"x\",\"resourcesVpcConfig\":{}}", false, 0},
};

/* What a request gives beside a trail that uses the usual things; *is whether there is an event of it. */
static uint32_t
beside_trail(const char *service, const char *name, const char *request, bool *is)
{
	void *state;
	struct state *s;
	uint32_t effects = 0;

	assert_int_equal(setup(&state), 0);
	s = state;
	add(s, uses);
	add_thing(s, service, name, strlen(name), "x", request);
	settle(s);
	*is = s->c.list.n == 2;
	if (*is)
		effects = at(s, 1)->effects;
	teardown(&state);
	return effects;
}

static void
test_conditions(void **state)
{
	bool is;

	(void)state;
	for (size_t i = 0; i < COUNT(conditions); i++) {
		uint32_t effects = beside_trail(conditions[i].service, conditions[i].name, conditions[i].request, &is);
		if (is != conditions[i].is || effects != conditions[i].effects)
			fail_msg("%s %s: %d %x", conditions[i].name, conditions[i].request, is, effects);
	}
}

#define ALLOW "{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"cloudtrail.amazonaws.com\"},\"Action\":\"%s\",\"Resource\":\"*\"}"
static const struct {
	const char *statements;
	bool denied;
} policies[] = {
    {"{\"Effect\":\"Allow\",\"Principal\":{\"Service\":[\"x\",\"cloudtrail.amazonaws.com\"]},\"Action\":[\"s3:Put*\"]}", false},
    {"{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\"}", false},
    {"{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"cloudtrail.amazonaws.com\"},\"Action\":\"s3:GetBucketAcl\"}", true},
    {"{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:root\"},\"Action\":\"s3:*\"}", true},
    {"", true},
    {"{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:PutObject\"},{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\"}",
        true},
    {"{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:PutObject\"},{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\","
     "\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}}",
        false},
    {"{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:PutObject\"},{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\","
     "\"Condition\":{\"StringNotEquals\":{\"aws:PrincipalArn\":\"x\"}}}",
        true},
    {"{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:PutObject\"},{\"Effect\":\"Deny\",\"NotPrincipal\":{\"AWS\":\"x\"},"
     "\"NotAction\":\"s3:Get*\"}",
        true},
    {"{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:PutObject\"},{\"Effect\":\"Deny\",\"Principal\":{\"AWS\":\"x\"},"
     "\"Action\":\"s3:*\"}",
        false},
};

static void
test_bucket_policy(void **state)
{
	char request[2048];
	bool is;

	(void)state;
	for (size_t i = 0; i < COUNT(policies); i++) {
		uint32_t effects;
		snprintf(request, sizeof(request), "{\"bucketName\":\"trail-logs\",\"bucketPolicy\":{\"Statement\":[%s]}}",
		    policies[i].statements);
		effects = beside_trail("s3", "PutBucketPolicy", request, &is);
		if (is != policies[i].denied || effects != (policies[i].denied ? BIT(LF_EFFECT_DELIVERY) : 0))
			fail_msg("%s", policies[i].statements);
	}
}

/* A key's policy is a text, and always told; what matters is whether CloudTrail is left in it. */
static void
test_key_policy(void **state)
{
	static const char with[] =
	    "{\"keyId\":\"1234abcd-12ab-34cd-56ef-1234567890ab\",\"policy\":\"{\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\","
	    "\\\"Principal\\\":{\\\"Service\\\":\\\"cloudtrail.amazonaws.com\\\"},\\\"Action\\\":\\\"kms:GenerateDataKey*\\\"}]}\"}";
	static const char without[] =
	    "{\"keyId\":\"1234abcd-12ab-34cd-56ef-1234567890ab\",\"policy\":\"{\\\"Statement\\\":[]}\"}";
	bool is;

	(void)state;
	assert_int_equal(beside_trail("kms", "PutKeyPolicy", with, &is), 0);
	assert_true(is);
	assert_int_equal(beside_trail("kms", "PutKeyPolicy", without, &is), BIT(LF_EFFECT_DELIVERY));
	assert_true(is);
}

static void
test_policy_type(void **state)
{
	struct state *s = *state;

	assert_false(add(s, EVENT("organizations", "UpdatePolicy", "p", AT,
	    REQ("{\"policyId\":\"p-1\"}") RESP("{\"policy\":{\"policySummary\":{\"type\":\"TAG_POLICY\"}}}"))));
	assert_true(add(s, EVENT("organizations", "UpdatePolicy", "p", AT,
	    REQ("{\"policyId\":\"p-1\"}") RESP("{\"policy\":{\"policySummary\":{\"type\":\"SERVICE_CONTROL_POLICY\"}}}"))));
}

#define TOO_LARGE REQ("{\"reason\":\"requestParameters too large\",\"originalSize\":113163,\"omitted\":true}")

static void
test_oversize(void **state)
{
	struct state *s = *state;

	assert_true(add(s, EVENT("iam", "PutRolePolicy", "1", AT, TOO_LARGE)));
	assert_true(add(s, EVENT("iam", "DeleteRole", "2", AT, TOO_LARGE)));
	assert_true(add(s, EVENT("cloudtrail", "PutEventSelectors", "3", AT, TOO_LARGE)));
	assert_false(add(s, EVENT("iam", "PutRolePolicy", "4", AT, REQ("{\"roleName\":\"omitted\"}"))));
	assert_false(add(s, EVENT("iam", "PutRolePolicy", "5", AT, REQ("{\"omitted\":false}"))));
	settle(s);
	assert_int_equal(s->c.list.n, 3);
	assert_string_equal(at(s, 0)->class_name, "oversize");
	assert_string_equal(at(s, 1)->class_name, "oversize");
	assert_string_equal(at(s, 2)->class_name, "scope-cut");
	assert_true(at(s, 2)->impairs);
	assert_int_equal(at(s, 2)->effects, 0);
}

/* ---- All of them ---- */

static void
test_order(void **state)
{
	struct state *s = *state;

	assert_true(add(s, EVENT("cloudtrail", "StopLogging", "b", AT, REQ("{\"name\":\"t\"}"))));
	assert_true(add(s, EVENT("cloudtrail", "StartLogging", "c", "2024-03-01T09:00:00Z", REQ("{\"name\":\"t\"}"))));
	assert_true(add(s, EVENT("cloudtrail", "StopLogging", "a", AT, REQ("{\"name\":\"t\"}"))));
	assert_true(add(s, EVENT("cloudtrail", "StopLogging", "d", "2024-03-01T09:00:00+02:00", REQ("{\"name\":\"t\"}"))));
	settle(s);
	assert_int_equal(s->c.list.n, 4);
	assert_string_equal(at(s, 0)->event_id, "d");
	assert_string_equal(at(s, 1)->event_id, "c");
	assert_string_equal(at(s, 2)->event_id, "a");
	assert_string_equal(at(s, 3)->event_id, "b");
}

static void
test_copies(void **state)
{
	static const char one[] = EVENT("cloudtrail", "StopLogging", "a", AT, REQ("{\"name\":\"t\"}"));
	static const char again[] = EVENT("cloudtrail", "StopLogging", "a", AT, REQ("{ \"name\" : \"\\u0074\" }"));
	static const char forged[] = EVENT("cloudtrail", "StopLogging", "a", AT, REQ("{\"name\":\"u\"}"));
	struct state *s = *state;

	assert_true(add_as(s, forged, 3));
	assert_true(add_as(s, one, 5));
	assert_true(add_as(s, again, 0));
	assert_true(add_as(s, one, 1));
	settle(s);
	assert_int_equal(s->c.list.n, 2);
	assert_string_equal(at(s, 0)->target, "t");
	assert_int_equal(at(s, 0)->integrity, 0);
	assert_string_equal(at(s, 1)->target, "u");
	assert_int_equal(at(s, 1)->integrity, 3);
}

/* A name of 10 MB, in whatever writing: what is kept is short, tells the length, and two of them stay two. */
static void
test_long(void **state)
{
	static const char *const units[] = {"a", "\\u00e9", "\\u0000", "\xe2\x82\xac"};
	struct state *s = *state;
	const size_t size = 10000000;
	char *json = malloc(size + 2048);

	assert_non_null(json);
	for (size_t i = 0; i < COUNT(units) * 2; i++) {
		size_t unit = strlen(units[i / 2]), n = 0;
		char *p = json + sprintf(json, "{" WHO ",\"eventSource\":\"cloudtrail.amazonaws.com\",\"eventName\":\"StopLogging\","
		                               "\"eventID\":\"%zu\",\"eventTime\":\"" AT "\",\"requestParameters\":{\"name\":\"", i / 2);
		for (; n + unit <= size; n += unit)
			memcpy(p + n, units[i / 2], unit);
		sprintf(p + n, "%c\"}}", i % 2 == 0 ? 'x' : 'y');
		assert_true(add(s, json));
		assert_true(s->bytes.len < 4096);
	}
	free(json);
	settle(s);
	assert_int_equal(s->c.list.n, 2 * COUNT(units));
	for (uint32_t i = 0; i < s->c.list.n; i++) {
		assert_in_range(strlen(at(s, i)->target), 600, LF_CONTROL_TEXT + 32);
		assert_non_null(strstr(at(s, i)->target, "bytes)"));
	}
}

/* A NUL does not end a name: "t" is another trail. */
static void
test_nul(void **state)
{
	const struct lf_control *c =
	    only(*state, EVENT("cloudtrail", "StopLogging", "a", AT, REQ("{\"name\":\"t\\u0000x\"}")));

	assert_string_equal(c->target, "t\\x00x");
	assert_string_equal(c->trail, "t\\x00x");
}

/* Parameters that are no parameters. */
static void
test_odd_parameters(void **state)
{
	static const char *const requests[] = {"[]", "\"{}\"", "7", "{\"name\":[]}", "{\"name\":{\"name\":\"t\"}}", "{\"name\":null}",
	    "[[[[{\"name\":1}]]]]", "{}"};
	struct state *s = *state;
	char json[2048];

	for (size_t i = 0; i < COUNT(requests); i++) {
		snprintf(json, sizeof(json), EVENT("cloudtrail", "StopLogging", "%zu", AT, REQ("%s")), i, requests[i]);
		assert_true(add(s, json));
	}
	settle(s);
	assert_int_equal(s->c.list.n, COUNT(requests));
}

/* A million events, and what they touch, in a time of the processor that grows as they do. */
static void
test_million(void **state)
{
	struct state *s = *state;
	struct timespec from, to;
	char json[2048];

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	assert_true(add(s, uses));
	for (unsigned i = 0; i < 1000000; i++) {
		snprintf(json, sizeof(json),
		    EVENT("s3", "DeleteBucket", "%u", AT, REQ("{\"bucketName\":\"%s%u\"}")), i, i % 2 == 0 ? "b" : "trail-logs\",\"x\":\"",
		    i);
		assert_true(add(s, json));
	}
	settle(s);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	assert_int_equal(s->c.list.n, 500001);
	print_message("%.1f s\n", (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9);
	assert_true(to.tv_sec - from.tv_sec < 120);
}

/* ---- Memory ---- */

static int
chaos_step(void)
{
	static const char *const jsons[] = {uses, EVENT("kms", "DisableKey", "k", AT, REQ("{\"keyId\":\"alias/trail\"}")),
	    EVENT("cloudtrail", "StopLogging", "s", AT, DENIED ",\"errorMessage\":\"on \\u0061 " ARN("t") "\""),
	    EVENT("kms", "PutKeyPolicy", "p", AT, REQ("{\"keyId\":\"alias/trail\",\"policy\":\"{\\\"Statement\\\":[]}\"}")),
	    EVENT("cloudtrail", "PutEventSelectors", "e", AT, REQ("{\"trailName\":\"t\",\"eventSelectors\":[{\"readWriteType\":\"ReadOnly\"}]}"))};
	struct lf_buf scratch, bytes;
	struct lf_controls c;
	struct lf_values v;
	struct lf_event e;
	struct lf_err err;
	int rc = lf_controls_init(&c, &err);

	lf_buf_init(&scratch);
	lf_buf_init(&bytes);
	for (size_t i = 0; i < COUNT(jsons) && rc == 0; i++) {
		event_read(jsons[i], strlen(jsons[i]), &e);
		if ((rc = lf_values_of(&e, &scratch, &v)) != 0)
			break;
		(void)lf_control_extract(&e, &v, &bytes);
		rc = bytes.failed ? -1 : 0;
	}
	if (rc == 0)
		rc = lf_controls_add(&c, bytes.data, bytes.len, 0, &err);
	if (rc == 0)
		rc = lf_controls_bucket(&c, "b", &err);
	if (rc == 0)
		rc = lf_controls_settle(&c, &err);
	if (rc == 0 && c.list.n != COUNT(jsons))
		rc = 1;
	lf_controls_free(&c);
	lf_buf_free(&bytes);
	lf_buf_free(&scratch);
	return rc;
}

static void
test_memory(void **state)
{
	(void)state;
	chaos_check(chaos_step, 20);
}

/* ---- Real events ---- */

static void
test_invictus(void **state)
{
	struct state *s = *state;

	if (!events_of_folder("invictus-stratus-logs", add_each, s))
		skip();
	settle(s);
	assert_int_equal(count(s, "StopLogging", false), 3);
	assert_int_equal(count(s, "StopLogging", true), 0);
	assert_int_equal(count(s, "DeleteTrail", false), 1);
	assert_int_equal(count(s, "DeleteTrail", true), 2);
	assert_int_equal(count(s, "StartLogging", true), 2);
	assert_int_equal(count(s, "StartLogging", false), 3);
	assert_int_equal(count(s, "CreateTrail", true), 2);
	assert_int_equal(count(s, "PutEventSelectors", true), 2);
	assert_int_equal(count(s, "LeaveOrganization", false), 1);
	assert_int_equal(count(s, "DeleteFlowLogs", true), 1);
	assert_int_equal(count(s, "PutBucketLifecycle", true), 1);
	/* Buckets: the trails' two, of five deleted; the policies that let CloudTrail write are no impairment. */
	assert_int_equal(count(s, "DeleteBucket", true), 2);
	assert_int_equal(count(s, "DeleteBucket", false), 3);
	assert_int_equal(count(s, "PutBucketPolicy", true), 0);
	assert_int_equal(count(s, "DeleteBucketPolicy", true), 0);
	assert_int_equal(count(s, "DeleteRole", true), 0);
	assert_int_equal(count(s, "DeleteLogGroup", true), 0);
}

static void
test_invictus_words(void **state)
{
	struct state *s = *state;
	unsigned narrowed = 0, widened = 0;

	if (!events_of_folder("invictus-stratus-logs", add_each, s))
		skip();
	settle(s);
	for (uint32_t i = 0; i < s->c.list.n; i++) {
		const struct lf_control *c = at(s, i);
		narrowed += c->effect == LF_EFFECT_NARROWED && c->impairs;
		widened += c->effect == LF_EFFECT_WIDENED && !c->impairs;
		assert_string_equal(c->account, "123837392027");
		if (strcmp(c->event_name, "PutBucketLifecycle") == 0)
			assert_string_equal(c->detail, "Expiration.Days 1");
		if (strcmp(c->event_name, "StopLogging") == 0) {
			assert_string_equal(c->trail, "stratus-red-team-ct-stop-trail-qzbgnfqisx");
			assert_string_equal(c->trail_region, "us-east-1");
			assert_string_equal(c->error_code, "TrailNotFoundException");
		}
	}
	assert_int_equal(narrowed, 1);
	assert_int_equal(widened, 1);
}

static void
test_stratus(void **state)
{
	static const struct {
		const char *name, *target;
		bool effective;
		enum lf_effect effect;
	} found[] = {
	    {"DeleteTrail", "stratus-red-team-cloudtraild-trail-kvrwohmiai", true, LF_EFFECT_DELETE},
	    {"PutEventSelectors", "stratus-red-team-ctes-trail-khlvciwdor", true, LF_EFFECT_NARROWED},
	    {"StopLogging", "stratus-red-team-ct-stop-trail-buykxbqejv", true, LF_EFFECT_STOP},
	    {"DeleteResolverQueryLogConfig", "rqlc-4473f20ca554c07", true, LF_EFFECT_NONE},
	    {"DeleteFlowLogs", "fl-0e17aa62a21d4bbfe", true, LF_EFFECT_NONE},
	    {"LeaveOrganization", "307578594326", false, LF_EFFECT_ACCOUNT_LEFT},
	};
	struct state *s = *state;

	if (!events_of_folder("stratus-detonations", add_each, s))
		skip();
	settle(s);
	for (size_t i = 0; i < COUNT(found); i++) {
		const struct lf_control *c = NULL;
		assert_int_equal(count(s, found[i].name, true) + count(s, found[i].name, false), 1);
		for (uint32_t k = 0; k < s->c.list.n; k++)
			if (strcmp(at(s, k)->event_name, found[i].name) == 0)
				c = at(s, k);
		assert_non_null(c);
		assert_string_equal(c->target, found[i].target);
		assert_int_equal(c->effective, found[i].effective);
		assert_int_equal(c->effect, found[i].effect);
		assert_true(c->impairs);
	}
}

/* Nothing that counts is passed over for the way in which it is written; what does not is, most of it. */
static void
test_may(void **state)
{
	static const struct {
		const char *json;
		bool may;
	} events[] = {
	    {"{\"eventVersion\":\"1.08\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":\"GetObject\"}", false},
	    {"{\"eventVersion\":\"1.08\",\"eventSource\":\"ec2.amazonaws.com\",\"eventName\":\"DescribeInstances\"}", false},
	    {"{\"eventVersion\":\"1.08\",\"eventSource\":\"cloudtrail.amazonaws.com\",\"eventName\":\"StopLogging\"}", true},
	    {"{\"eventVersion\":\"1.08\",\"eventSource\":\"cloudtrail.amazonaws.com\",\"eventName\":\"Stop\\u004cogging\"}", true},
	    {"{\"eventVersion\":\"1.08\",\"eventSource\":\"cloudtrail.amazonaws.com\",\"eventName\":\"GetTrail\"}", true},
	    {"{\"eventVersion\":\"1.08\",\"eventSource\":\"cloudtrail.amazonaws.com\",\"eventType\":\"StopLogging\"}", true},
	    {"{\"eventVersion\":\"1.08\",\"eventSource\":\"ec2.amazonaws.com\",\"eventName\":\"RunInstances\",\"requestParameters\":"
	     "{\"omitted\":true,\"originalSize\":1}}", true},
	};
	struct lf_event e;

	(void)state;
	for (size_t i = 0; i < COUNT(events); i++) {
		event_read(events[i].json, strlen(events[i].json), &e);
		assert_int_equal(lf_control_may(&e), events[i].may);
	}
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_may),
	    TEST(test_stop),
	    TEST(test_bare_name),
	    TEST(test_denied),
	    TEST(test_denied_caller),
	    TEST(test_not_found),
	    TEST(test_message_alone),
	    TEST(test_owner), TEST(test_create_trail),
	    TEST(test_no_call),
	    TEST(test_table),
	    TEST(test_things),
	    TEST(test_no_trail_known),
	    TEST(test_failed_use),
	    TEST(test_other_uses),
	    TEST(test_update_trail),
	    TEST(test_update_weight),
	    TEST(test_update_denied),
	    TEST(test_selectors),
	    TEST(test_selector_details),
	    TEST(test_advanced_details),
	    TEST(test_conditions),
	    TEST(test_bucket_policy),
	    TEST(test_key_policy),
	    TEST(test_policy_type),
	    TEST(test_oversize),
	    TEST(test_order),
	    TEST(test_copies),
	    TEST(test_long),
	    TEST(test_nul),
	    TEST(test_odd_parameters),
	    TEST(test_million),
	    cmocka_unit_test(test_memory),
	    TEST(test_invictus),
	    TEST(test_invictus_words),
	    TEST(test_stratus),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
