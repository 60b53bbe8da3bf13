#include "coverage/control_table.h"

#include <string.h>

#define TRAIL true
#define OTHER false
#define YES   true
#define NO    false
#define COUNT (sizeof(rows) / sizeof(rows[0]))

const char lf_control_oversize[] = "oversize";

/* clang-format off */
static const struct lf_control_row rows[] = {
	{"hard-stop", "cloudtrail", "StopLogging", "name", LF_IF_ALWAYS, LF_EFFECT_STOP, LF_THING_NONE, TRAIL, YES},
	{"hard-stop", "cloudtrail", "DeleteTrail", "name", LF_IF_ALWAYS, LF_EFFECT_DELETE, LF_THING_NONE, TRAIL, YES},
	{"start", "cloudtrail", "StartLogging", "name", LF_IF_ALWAYS, LF_EFFECT_START, LF_THING_NONE, TRAIL, NO},
	{"start", "cloudtrail", "CreateTrail", "name", LF_IF_ALWAYS, LF_EFFECT_START, LF_THING_NONE, TRAIL, NO},
	{"start", "cloudtrail", "StartEventDataStoreIngestion", "eventDataStore", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, NO},
	{"start", "cloudtrail", "RestoreEventDataStore", "eventDataStore", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, NO},
	{"scope-cut", "cloudtrail", "UpdateTrail", "name", LF_IF_TRAIL_CHANGED, LF_EFFECT_NONE, LF_THING_NONE, TRAIL, YES},
	{"scope-cut", "cloudtrail", "PutEventSelectors", "trailName", LF_IF_SELECTORS, LF_EFFECT_NONE, LF_THING_NONE, TRAIL, YES},
	{"scope-cut", "cloudtrail", "PutInsightSelectors", "trailName|eventDataStore", LF_IF_INSIGHTS, LF_EFFECT_NONE, LF_THING_NONE, TRAIL, YES},
	{"lake", "cloudtrail", "StopEventDataStoreIngestion", "eventDataStore", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"lake", "cloudtrail", "DeleteEventDataStore", "eventDataStore", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"lake", "cloudtrail", "UpdateEventDataStore", "eventDataStore", LF_IF_STORE_CHANGED, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"lake", "cloudtrail", "DeleteChannel", "channel", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"lake", "cloudtrail", "UpdateChannel", "channel", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"lake", "cloudtrail", "DeleteResourcePolicy", "resourceArn", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"lake", "cloudtrail", "DisableFederation", "eventDataStore", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"organization", "organizations", "LeaveOrganization", "=account", LF_IF_ALWAYS, LF_EFFECT_ACCOUNT_LEFT, LF_THING_NONE, OTHER, YES},
	{"organization", "organizations", "RemoveAccountFromOrganization", "accountId", LF_IF_ALWAYS, LF_EFFECT_ACCOUNT_LEFT, LF_THING_NONE, OTHER, YES},
	{"organization", "organizations", "CloseAccount", "accountId", LF_IF_ALWAYS, LF_EFFECT_ACCOUNT_LEFT, LF_THING_NONE, OTHER, YES},
	{"organization", "account", "CloseAccount", "accountId|=account", LF_IF_ALWAYS, LF_EFFECT_ACCOUNT_LEFT, LF_THING_NONE, OTHER, YES},
	{"organization", "organizations", "DisableAWSServiceAccess", "servicePrincipal", LF_IF_CLOUDTRAIL, LF_EFFECT_ORG_OFF, LF_THING_NONE, OTHER, YES},
	{"organization", "cloudtrail", "DeregisterOrganizationDelegatedAdmin", "delegatedAdminAccountId", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"organization", "organizations", "DeregisterDelegatedAdministrator", "accountId", LF_IF_CLOUDTRAIL, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"organization", "organizations", "DetachPolicy", "policyId", LF_IF_SERVICE_CONTROL, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"organization", "organizations", "UpdatePolicy", "policyId", LF_IF_SERVICE_CONTROL, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"organization", "organizations", "DeletePolicy", "policyId", LF_IF_SERVICE_CONTROL, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"bucket", "s3", "DeleteBucket", "bucketName", LF_IF_ALWAYS, LF_EFFECT_DELIVERY, LF_THING_BUCKET, OTHER, YES},
	{"bucket", "s3", "DeleteObject", "bucketName", LF_IF_LOG_OBJECTS, LF_EFFECT_NONE, LF_THING_BUCKET, OTHER, YES},
	{"bucket", "s3", "DeleteObjects", "bucketName", LF_IF_LOG_OBJECTS, LF_EFFECT_NONE, LF_THING_BUCKET, OTHER, YES},
	{"bucket", "s3", "PutBucketLifecycle", "bucketName", LF_IF_EXPIRES, LF_EFFECT_NONE, LF_THING_BUCKET, OTHER, YES},
	{"bucket", "s3", "PutBucketLifecycleConfiguration", "bucketName", LF_IF_EXPIRES, LF_EFFECT_NONE, LF_THING_BUCKET, OTHER, YES},
	{"bucket", "s3", "PutLifecycleConfiguration", "bucketName", LF_IF_EXPIRES, LF_EFFECT_NONE, LF_THING_BUCKET, OTHER, YES},
	{"bucket", "s3", "DeleteBucketLifecycle", "bucketName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_BUCKET, OTHER, YES},
	{"bucket", "s3", "PutBucketPolicy", "bucketName", LF_IF_WRITE_DENIED, LF_EFFECT_DELIVERY, LF_THING_BUCKET, OTHER, YES},
	{"bucket", "s3", "DeleteBucketPolicy", "bucketName", LF_IF_ALWAYS, LF_EFFECT_DELIVERY, LF_THING_BUCKET, OTHER, YES},
	{"bucket", "s3", "PutBucketVersioning", "bucketName", LF_IF_SUSPENDED, LF_EFFECT_NONE, LF_THING_BUCKET, OTHER, YES},
	{"bucket", "s3", "PutBucketLogging", "bucketName", LF_IF_NO_LOGGING, LF_EFFECT_NONE, LF_THING_BUCKET, OTHER, YES},
	{"bucket", "s3", "PutObjectLockConfiguration", "bucketName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_BUCKET, OTHER, YES},
	{"bucket", "s3", "PutBucketObjectLockConfiguration", "bucketName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_BUCKET, OTHER, YES},
	{"bucket", "s3", "PutBucketReplication", "bucketName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_BUCKET, OTHER, YES},
	{"bucket", "s3", "DeleteBucketReplication", "bucketName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_BUCKET, OTHER, YES},
	{"bucket", "s3", "PutBucketEncryption", "bucketName", LF_IF_ALWAYS, LF_EFFECT_DELIVERY, LF_THING_BUCKET, OTHER, YES},
	{"bucket", "s3", "DeleteBucketEncryption", "bucketName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_BUCKET, OTHER, YES},
	{"bucket", "s3", "PutBucketAcl", "bucketName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_BUCKET, OTHER, YES},
	{"bucket", "s3", "PutBucketOwnershipControls", "bucketName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_BUCKET, OTHER, YES},
	{"bucket", "s3", "DeleteBucketOwnershipControls", "bucketName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_BUCKET, OTHER, YES},
	{"bucket", "s3", "PutBucketPublicAccessBlock", "bucketName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_BUCKET, OTHER, YES},
	{"bucket", "s3", "DeleteBucketPublicAccessBlock", "bucketName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_BUCKET, OTHER, YES},
	{"key", "kms", "DisableKey", "keyId", LF_IF_ALWAYS, LF_EFFECT_DELIVERY, LF_THING_KEY, OTHER, YES},
	{"key", "kms", "ScheduleKeyDeletion", "keyId", LF_IF_ALWAYS, LF_EFFECT_DELIVERY, LF_THING_KEY, OTHER, YES},
	{"key", "kms", "DeleteImportedKeyMaterial", "keyId", LF_IF_ALWAYS, LF_EFFECT_DELIVERY, LF_THING_KEY, OTHER, YES},
	{"key", "kms", "PutKeyPolicy", "keyId", LF_IF_KEY_DENIED, LF_EFFECT_NONE, LF_THING_KEY, OTHER, YES},
	{"key", "kms", "RevokeGrant", "keyId", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_KEY, OTHER, YES},
	{"key", "kms", "EnableKey", "keyId", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_KEY, OTHER, NO},
	{"key", "kms", "CancelKeyDeletion", "keyId", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_KEY, OTHER, NO},
	{"cloudwatch-copy", "logs", "DeleteLogGroup", "logGroupName|logGroupIdentifier", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_GROUP, OTHER, YES},
	{"cloudwatch-copy", "logs", "DeleteLogStream", "logGroupName|logGroupIdentifier", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_GROUP, OTHER, YES},
	{"cloudwatch-copy", "logs", "PutRetentionPolicy", "logGroupName|logGroupIdentifier", LF_IF_RETENTION, LF_EFFECT_NONE, LF_THING_GROUP, OTHER, YES},
	{"cloudwatch-copy", "logs", "DeleteSubscriptionFilter", "logGroupName|logGroupIdentifier", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_GROUP, OTHER, YES},
	{"cloudwatch-copy", "logs", "DeleteMetricFilter", "logGroupName|logGroupIdentifier", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_GROUP, OTHER, YES},
	{"cloudwatch-copy", "monitoring", "DeleteAlarms", "alarmNames", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"cloudwatch-copy", "monitoring", "DisableAlarmActions", "alarmNames", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"delivery-role", "iam", "DeleteRole", "roleName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_ROLE, OTHER, YES},
	{"delivery-role", "iam", "DeleteRolePolicy", "roleName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_ROLE, OTHER, YES},
	{"delivery-role", "iam", "DetachRolePolicy", "roleName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_ROLE, OTHER, YES},
	{"delivery-role", "iam", "UpdateAssumeRolePolicy", "roleName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_ROLE, OTHER, YES},
	{"notification", "sns", "DeleteTopic", "topicArn", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_TOPIC, OTHER, YES},
	{"notification", "sns", "SetTopicAttributes", "topicArn", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_TOPIC, OTHER, YES},
	{"notification", "sns", "Unsubscribe", "subscriptionArn", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_TOPIC, OTHER, YES},
	{"notification", "sqs", "PurgeQueue", "queueUrl", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"notification", "events", "DisableRule", "name", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"notification", "events", "DeleteRule", "name", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"notification", "events", "RemoveTargets", "rule", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"region", "account", "DisableRegion", "RegionName|regionName", LF_IF_ALWAYS, LF_EFFECT_REGION_OFF, LF_THING_NONE, OTHER, YES},
	{"region", "account", "EnableRegion", "RegionName|regionName", LF_IF_ALWAYS, LF_EFFECT_REGION_ON, LF_THING_NONE, OTHER, YES},
	{"neighbour", "config", "StopConfigurationRecorder", "configurationRecorderName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "config", "DeleteConfigurationRecorder", "configurationRecorderName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "config", "DeleteDeliveryChannel", "deliveryChannelName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "config", "DeleteConfigRule", "configRuleName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "config", "DeleteOrganizationConfigRule", "organizationConfigRuleName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "config", "DeleteConformancePack", "conformancePackName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "config", "DeleteConfigurationAggregator", "configurationAggregatorName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "guardduty", "DeleteDetector", "detectorId", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "guardduty", "UpdateDetector", "detectorId", LF_IF_DETECTOR_OFF, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "guardduty", "DisassociateFromAdministratorAccount", "detectorId", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "guardduty", "DisassociateFromMasterAccount", "detectorId", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "guardduty", "StopMonitoringMembers", "detectorId", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "guardduty", "DeleteMembers", "detectorId", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "guardduty", "CreateIPSet", "detectorId", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "guardduty", "UpdateIPSet", "detectorId", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "securityhub", "DisableSecurityHub", "=account", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "securityhub", "DisassociateFromAdministratorAccount", "accountIds|=account", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "securityhub", "DeleteMembers", "accountIds|=account", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "securityhub", "BatchUpdateFindings", "findingIdentifiers/id|findingIdentifiers/Id|FindingIdentifiers/Id", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "ec2", "DeleteFlowLogs", "DeleteFlowLogsRequest/FlowLogId/content|flowLogIds|flowLogIdSet/items/flowLogId", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "route53resolver", "DeleteResolverQueryLogConfig", "resolverQueryLogConfigId", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "route53resolver", "DisassociateResolverQueryLogConfig", "resolverQueryLogConfigId", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "wafv2", "DeleteLoggingConfiguration", "resourceArn", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "waf", "DeleteLoggingConfiguration", "resourceArn", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "waf-regional", "DeleteLoggingConfiguration", "resourceArn", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "eks", "UpdateClusterConfig", "name", LF_IF_CLUSTER_LOGS_OFF, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "bedrock", "DeleteModelInvocationLoggingConfiguration", "=account", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "macie2", "DisableMacie", "=account", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "macie2", "DisassociateFromAdministratorAccount", "=account", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "macie2", "DeleteMember", "id", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "inspector2", "Disable", "accountIds|=account", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
	{"neighbour", "access-analyzer", "DeleteAnalyzer", "analyzerName", LF_IF_ALWAYS, LF_EFFECT_NONE, LF_THING_NONE, OTHER, YES},
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
		if (lf_slice_is(name, rows[i].name) && is_service(source, rows[i].service))
			return &rows[i];
	return NULL;
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
