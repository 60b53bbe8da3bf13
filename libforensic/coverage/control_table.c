#include "coverage/control_table.h"

#include <string.h>

#define ROW(class, of, event, at, ...) {.class_name = class, .service = of, .name = event, .len = sizeof(event) - 1, .target = at, __VA_ARGS__}
#define COUNT (sizeof(rows) / sizeof(rows[0]))

const char lf_control_oversize[] = "oversize";

/* clang-format off */
static const struct lf_control_row rows[] = {
	ROW("hard-stop", "cloudtrail", "StopLogging", "name", .effect = LF_EFFECT_STOP, .trail = true),
	ROW("hard-stop", "cloudtrail", "DeleteTrail", "name", .effect = LF_EFFECT_DELETE, .trail = true),
	ROW("start", "cloudtrail", "StartLogging", "name", .effect = LF_EFFECT_START, .trail = true, .restores = true),
	ROW("start", "cloudtrail", "CreateTrail", "name", .condition = LF_IF_TRAIL_MADE, .effect = LF_EFFECT_START, .trail = true, .restores = true),
	ROW("start", "cloudtrail", "StartEventDataStoreIngestion", "eventDataStore", .restores = true),
	ROW("start", "cloudtrail", "RestoreEventDataStore", "eventDataStore", .restores = true),
	ROW("scope-cut", "cloudtrail", "UpdateTrail", "name", .condition = LF_IF_TRAIL_CHANGED, .trail = true),
	ROW("scope-cut", "cloudtrail", "PutEventSelectors", "trailName", .condition = LF_IF_SELECTORS, .trail = true),
	ROW("scope-cut", "cloudtrail", "PutInsightSelectors", "trailName|eventDataStore", .condition = LF_IF_INSIGHTS, .trail = true),
	ROW("lake", "cloudtrail", "StopEventDataStoreIngestion", "eventDataStore"),
	ROW("lake", "cloudtrail", "DeleteEventDataStore", "eventDataStore"),
	ROW("lake", "cloudtrail", "UpdateEventDataStore", "eventDataStore", .condition = LF_IF_STORE_CHANGED),
	ROW("lake", "cloudtrail", "DeleteChannel", "channel"),
	ROW("lake", "cloudtrail", "UpdateChannel", "channel"),
	ROW("lake", "cloudtrail", "DeleteResourcePolicy", "resourceArn"),
	ROW("lake", "cloudtrail", "DisableFederation", "eventDataStore"),
	ROW("organization", "organizations", "LeaveOrganization", "=account", .effect = LF_EFFECT_ACCOUNT_LEFT),
	ROW("organization", "organizations", "RemoveAccountFromOrganization", "accountId", .effect = LF_EFFECT_ACCOUNT_LEFT),
	ROW("organization", "organizations", "CloseAccount", "accountId", .effect = LF_EFFECT_ACCOUNT_LEFT),
	ROW("organization", "account", "CloseAccount", "accountId|=account", .effect = LF_EFFECT_ACCOUNT_LEFT),
	ROW("organization", "organizations", "DisableAWSServiceAccess", "servicePrincipal", .condition = LF_IF_CLOUDTRAIL, .effect = LF_EFFECT_ORG_OFF),
	ROW("organization", "cloudtrail", "DeregisterOrganizationDelegatedAdmin", "delegatedAdminAccountId"),
	ROW("organization", "organizations", "DeregisterDelegatedAdministrator", "accountId", .condition = LF_IF_CLOUDTRAIL),
	ROW("organization", "organizations", "DetachPolicy", "policyId", .condition = LF_IF_SERVICE_CONTROL),
	ROW("organization", "organizations", "UpdatePolicy", "policyId", .condition = LF_IF_SERVICE_CONTROL),
	ROW("organization", "organizations", "DeletePolicy", "policyId", .condition = LF_IF_SERVICE_CONTROL),
	ROW("bucket", "s3", "DeleteBucket", "bucketName", .effect = LF_EFFECT_DELIVERY, .thing = LF_THING_BUCKET),
	ROW("bucket", "s3", "DeleteObject", "bucketName", .condition = LF_IF_LOG_OBJECTS, .thing = LF_THING_BUCKET),
	ROW("bucket", "s3", "DeleteObjects", "bucketName", .condition = LF_IF_LOG_OBJECTS, .thing = LF_THING_BUCKET),
	ROW("bucket", "s3", "PutBucketLifecycle", "bucketName", .condition = LF_IF_EXPIRES, .thing = LF_THING_BUCKET),
	ROW("bucket", "s3", "PutBucketLifecycleConfiguration", "bucketName", .condition = LF_IF_EXPIRES, .thing = LF_THING_BUCKET),
	ROW("bucket", "s3", "PutLifecycleConfiguration", "bucketName", .condition = LF_IF_EXPIRES, .thing = LF_THING_BUCKET),
	ROW("bucket", "s3", "DeleteBucketLifecycle", "bucketName", .thing = LF_THING_BUCKET),
	ROW("bucket", "s3", "PutBucketPolicy", "bucketName", .condition = LF_IF_WRITE_DENIED, .effect = LF_EFFECT_DELIVERY, .thing = LF_THING_BUCKET),
	ROW("bucket", "s3", "DeleteBucketPolicy", "bucketName", .effect = LF_EFFECT_DELIVERY, .thing = LF_THING_BUCKET),
	ROW("bucket", "s3", "PutBucketVersioning", "bucketName", .condition = LF_IF_SUSPENDED, .thing = LF_THING_BUCKET),
	ROW("bucket", "s3", "PutBucketLogging", "bucketName", .condition = LF_IF_NO_LOGGING, .thing = LF_THING_BUCKET),
	ROW("bucket", "s3", "PutObjectLockConfiguration", "bucketName", .thing = LF_THING_BUCKET),
	ROW("bucket", "s3", "PutBucketObjectLockConfiguration", "bucketName", .thing = LF_THING_BUCKET),
	ROW("bucket", "s3", "PutBucketReplication", "bucketName", .thing = LF_THING_BUCKET),
	ROW("bucket", "s3", "DeleteBucketReplication", "bucketName", .thing = LF_THING_BUCKET),
	ROW("bucket", "s3", "PutBucketEncryption", "bucketName", .effect = LF_EFFECT_DELIVERY, .thing = LF_THING_BUCKET),
	ROW("bucket", "s3", "DeleteBucketEncryption", "bucketName", .thing = LF_THING_BUCKET),
	ROW("bucket", "s3", "PutBucketAcl", "bucketName", .thing = LF_THING_BUCKET),
	ROW("bucket", "s3", "PutBucketOwnershipControls", "bucketName", .thing = LF_THING_BUCKET),
	ROW("bucket", "s3", "DeleteBucketOwnershipControls", "bucketName", .thing = LF_THING_BUCKET),
	ROW("bucket", "s3", "PutBucketPublicAccessBlock", "bucketName", .thing = LF_THING_BUCKET),
	ROW("bucket", "s3", "DeleteBucketPublicAccessBlock", "bucketName", .thing = LF_THING_BUCKET),
	ROW("key", "kms", "DisableKey", "keyId", .effect = LF_EFFECT_DELIVERY, .thing = LF_THING_KEY),
	ROW("key", "kms", "ScheduleKeyDeletion", "keyId", .effect = LF_EFFECT_DELIVERY, .thing = LF_THING_KEY),
	ROW("key", "kms", "DeleteImportedKeyMaterial", "keyId", .effect = LF_EFFECT_DELIVERY, .thing = LF_THING_KEY),
	ROW("key", "kms", "PutKeyPolicy", "keyId", .condition = LF_IF_KEY_DENIED, .thing = LF_THING_KEY),
	ROW("key", "kms", "RevokeGrant", "keyId", .thing = LF_THING_KEY),
	ROW("key", "kms", "EnableKey", "keyId", .thing = LF_THING_KEY, .restores = true),
	ROW("key", "kms", "CancelKeyDeletion", "keyId", .thing = LF_THING_KEY, .restores = true),
	ROW("cloudwatch-copy", "logs", "DeleteLogGroup", "logGroupName|logGroupIdentifier", .thing = LF_THING_GROUP),
	ROW("cloudwatch-copy", "logs", "DeleteLogStream", "logGroupName|logGroupIdentifier", .thing = LF_THING_GROUP),
	ROW("cloudwatch-copy", "logs", "PutRetentionPolicy", "logGroupName|logGroupIdentifier", .condition = LF_IF_RETENTION, .thing = LF_THING_GROUP),
	ROW("cloudwatch-copy", "logs", "DeleteSubscriptionFilter", "logGroupName|logGroupIdentifier", .thing = LF_THING_GROUP),
	ROW("cloudwatch-copy", "logs", "DeleteMetricFilter", "logGroupName|logGroupIdentifier", .thing = LF_THING_GROUP),
	ROW("cloudwatch-copy", "monitoring", "DeleteAlarms", "alarmNames"),
	ROW("cloudwatch-copy", "monitoring", "DisableAlarmActions", "alarmNames"),
	ROW("delivery-role", "iam", "DeleteRole", "roleName", .thing = LF_THING_ROLE),
	ROW("delivery-role", "iam", "DeleteRolePolicy", "roleName", .thing = LF_THING_ROLE),
	ROW("delivery-role", "iam", "DetachRolePolicy", "roleName", .thing = LF_THING_ROLE),
	ROW("delivery-role", "iam", "UpdateAssumeRolePolicy", "roleName", .thing = LF_THING_ROLE),
	ROW("notification", "sns", "DeleteTopic", "topicArn", .thing = LF_THING_TOPIC),
	ROW("notification", "sns", "SetTopicAttributes", "topicArn", .thing = LF_THING_TOPIC),
	ROW("notification", "sns", "Unsubscribe", "subscriptionArn", .thing = LF_THING_TOPIC),
	ROW("notification", "sqs", "PurgeQueue", "queueUrl"),
	ROW("notification", "events", "DisableRule", "name"),
	ROW("notification", "events", "DeleteRule", "name"),
	ROW("notification", "events", "RemoveTargets", "rule"),
	ROW("region", "account", "DisableRegion", "RegionName|regionName", .effect = LF_EFFECT_REGION_OFF),
	ROW("region", "account", "EnableRegion", "RegionName|regionName", .effect = LF_EFFECT_REGION_ON),
	ROW(lf_control_oversize, "", "", ""),
	ROW("neighbour", "config", "StopConfigurationRecorder", "configurationRecorderName"),
	ROW("neighbour", "config", "DeleteConfigurationRecorder", "configurationRecorderName"),
	ROW("neighbour", "config", "DeleteDeliveryChannel", "deliveryChannelName"),
	ROW("neighbour", "config", "DeleteConfigRule", "configRuleName"),
	ROW("neighbour", "config", "DeleteOrganizationConfigRule", "organizationConfigRuleName"),
	ROW("neighbour", "config", "DeleteConformancePack", "conformancePackName"),
	ROW("neighbour", "config", "DeleteConfigurationAggregator", "configurationAggregatorName"),
	ROW("neighbour", "guardduty", "DeleteDetector", "detectorId"),
	ROW("neighbour", "guardduty", "UpdateDetector", "detectorId", .condition = LF_IF_DETECTOR_OFF),
	ROW("neighbour", "guardduty", "DisassociateFromAdministratorAccount", "detectorId"),
	ROW("neighbour", "guardduty", "DisassociateFromMasterAccount", "detectorId"),
	ROW("neighbour", "guardduty", "StopMonitoringMembers", "detectorId"),
	ROW("neighbour", "guardduty", "DeleteMembers", "detectorId"),
	ROW("neighbour", "guardduty", "CreateIPSet", "detectorId"),
	ROW("neighbour", "guardduty", "UpdateIPSet", "detectorId"),
	ROW("neighbour", "securityhub", "DisableSecurityHub", "=account"),
	ROW("neighbour", "securityhub", "DisassociateFromAdministratorAccount", "accountIds|=account"),
	ROW("neighbour", "securityhub", "DeleteMembers", "accountIds|=account"),
	ROW("neighbour", "securityhub", "BatchUpdateFindings", "findingIdentifiers/id|findingIdentifiers/Id|FindingIdentifiers/Id"),
	ROW("neighbour", "ec2", "DeleteFlowLogs", "DeleteFlowLogsRequest/FlowLogId/content|flowLogIds|flowLogIdSet/items/flowLogId"),
	ROW("neighbour", "route53resolver", "DeleteResolverQueryLogConfig", "resolverQueryLogConfigId"),
	ROW("neighbour", "route53resolver", "DisassociateResolverQueryLogConfig", "resolverQueryLogConfigId"),
	ROW("neighbour", "wafv2", "DeleteLoggingConfiguration", "resourceArn"),
	ROW("neighbour", "waf", "DeleteLoggingConfiguration", "resourceArn"),
	ROW("neighbour", "waf-regional", "DeleteLoggingConfiguration", "resourceArn"),
	ROW("neighbour", "eks", "UpdateClusterConfig", "name", .condition = LF_IF_CLUSTER_LOGS_OFF),
	ROW("neighbour", "bedrock", "DeleteModelInvocationLoggingConfiguration", "=account"),
	ROW("neighbour", "macie2", "DisableMacie", "=account"),
	ROW("neighbour", "macie2", "DisassociateFromAdministratorAccount", "=account"),
	ROW("neighbour", "macie2", "DeleteMember", "id"),
	ROW("neighbour", "inspector2", "Disable", "accountIds|=account"),
	ROW("neighbour", "access-analyzer", "DeleteAnalyzer", "analyzerName"),
};

/* By the length of a name, bit by bit the letters that one of the rows begins with: nearly all events end here. */
static const uint32_t letters[] = {
	[7] = 0x0000008,
	[9] = 0x0000010,
	[10] = 0x0008008,
	[11] = 0x016000c,
	[12] = 0x014801c,
	[13] = 0x0120008,
	[14] = 0x0100008,
	[15] = 0x0008008,
	[16] = 0x0008008,
	[17] = 0x000880c,
	[18] = 0x0048008,
	[19] = 0x014800a,
	[20] = 0x0108008,
	[21] = 0x0060008,
	[22] = 0x0100008,
	[23] = 0x0000008,
	[24] = 0x0000008,
	[25] = 0x0048008,
	[26] = 0x0008008,
	[27] = 0x0040008,
	[28] = 0x0040008,
	[29] = 0x0020008,
	[31] = 0x0008000,
	[32] = 0x0008008,
	[34] = 0x0000008,
	[36] = 0x0000008,
	[41] = 0x0000008,
};
/* clang-format on */

static bool
may_be(struct lf_slice name)
{
	unsigned letter;

	if (name.len >= sizeof(letters) / sizeof(letters[0]) || letters[name.len] == 0)
		return false;
	letter = (unsigned)(unsigned char)name.s[0] - 'A';
	return letter < 26 && (letters[name.len] >> letter & 1) != 0;
}

static bool
is_service(struct lf_slice source, const char *service)
{
	size_t n = strlen(service);

	if (n == 0 || source.len <= n || memcmp(source.s, service, n) != 0)
		return false;
	source = lf_slice_behind(source, n);
	return lf_slice_is(source, ".amazonaws.com") || lf_slice_is(source, ".amazonaws.com.cn");
}

const struct lf_control_row *
lf_control_row(struct lf_slice source, struct lf_slice name)
{
	if (!may_be(name))
		return NULL;
	for (size_t i = 0; i < COUNT; i++)
		if (rows[i].len == name.len && memcmp(rows[i].name, name.s, name.len) == 0 &&
		    is_service(source, rows[i].service))
			return &rows[i];
	return NULL;
}

bool
lf_control_row_may(struct lf_slice name)
{
	if (!may_be(name))
		return false;
	for (size_t i = 0; i < COUNT; i++)
		if (rows[i].len == name.len && memcmp(rows[i].name, name.s, name.len) == 0)
			return true;
	return false;
}

unsigned
lf_control_row_number(const struct lf_control_row *row)
{
	return (unsigned)(row - rows);
}

const struct lf_control_row *
lf_control_row_at(unsigned number)
{
	return number < COUNT ? &rows[number] : NULL;
}

const struct lf_control_row *
lf_control_row_oversize(void)
{
	for (size_t i = 0; i < COUNT; i++)
		if (rows[i].class_name == lf_control_oversize)
			return &rows[i];
	return NULL;
}
