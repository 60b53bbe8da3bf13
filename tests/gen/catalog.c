/* The calls that appear in logs, as templates (see template.c). */
#include <string.h>

#include "gen.h"

#define RO     .readonly = true
#define GLOBAL .global = true
#define DATA   .data = true
#define S3EXTRA                                                                                    \
	"{\"SignatureVersion\":\"SigV4\",\"CipherSuite\":\"TLS_AES_128_GCM_SHA256\","              \
	"\"bytesTransferredIn\":%d,\"AuthenticationMethod\":\"AuthHeader\","                       \
	"\"x-amz-id-2\":\"%z\",\"bytesTransferredOut\":%d}"
#define S3RES "[{\"accountId\":\"%a\",\"type\":\"AWS::S3::Bucket\",\"ARN\":\"arn:%p:s3:::%b\"}]"
#define S3OBJ                                                                                      \
	"[{\"type\":\"AWS::S3::Object\",\"ARN\":\"arn:%p:s3:::%b/%o\"},{\"accountId\":\"%a\","     \
	"\"type\":\"AWS::S3::Bucket\",\"ARN\":\"arn:%p:s3:::%b\"}]"
#define KMSRES                                                                                     \
	"[{\"accountId\":\"%a\",\"type\":\"AWS::KMS::Key\",\"ARN\":\"arn:%p:kms:%g:%a:key/%k\"}]"

static const struct call calls[] = {
    {"ec2", "DescribeInstances", RO,
	.params = "{\"maxResults\":100,\"instancesSet\":{},\"filterSet\":{\"items\":[{\"name\":"
		  "\"tag:Name\",\"valueSet\":{\"items\":[{\"value\":\"%y\"}]}}]}}"},
    {"ec2", "DescribeSecurityGroups", RO,
	.params = "{\"securityGroupSet\":{},\"securityGroupIdSet\":{\"items\":[{\"groupId\":\"%s\"}"
		  "]},\"filterSet\":{}}"},
    {"ec2", "DescribeVolumes", RO,
	.params = "{\"volumeSet\":{\"items\":[{\"volumeId\":\"%l\"}]},\"filterSet\":{}}"},
    {"ec2", "RunInstances",
	.params =
	    "{\"instancesSet\":{\"items\":[{\"imageId\":\"%m\",\"minCount\":1,\"maxCount\":1}]},"
	    "\"instanceType\":\"t3.micro\",\"blockDeviceMapping\":{},\"monitoring\":{\"enabled\":"
	    "false},\"subnetId\":\"%w\","
	    "\"disableApiTermination\":false,\"clientToken\":\"%x\",\"tagSpecificationSet\":{"
	    "\"items\":[{\"resourceType\":"
	    "\"instance\",\"tags\":[{\"key\":\"Name\",\"value\":\"%y\"}]}]}}",
	.response = "{\"requestId\":\"%X\",\"reservationId\":\"r-0%h\",\"ownerId\":\"%a\","
		    "\"groupSet\":{},\"instancesSet\":"
		    "{\"items\":[{\"instanceId\":\"%i\",\"imageId\":\"%m\",\"instanceState\":{"
		    "\"code\":0,\"name\":\"pending\"},"
		    "\"instanceType\":\"t3.micro\",\"subnetId\":\"%w\",\"vpcId\":\"%v\"}]}}"},
    {"ec2", "StartInstances", .params = "{\"instancesSet\":{\"items\":[{\"instanceId\":\"%i\"}]}}",
	.response =
	    "{\"requestId\":\"%X\",\"instancesSet\":{\"items\":[{\"instanceId\":\"%i\","
	    "\"currentState\":{\"code\":0,"
	    "\"name\":\"pending\"},\"previousState\":{\"code\":80,\"name\":\"stopped\"}}]}}"},
    {"ec2", "TerminateInstances",
	.params = "{\"instancesSet\":{\"items\":[{\"instanceId\":\"%i\"}]}}",
	.response =
	    "{\"requestId\":\"%X\",\"instancesSet\":{\"items\":[{\"instanceId\":\"%i\","
	    "\"currentState\":{\"code\":32,"
	    "\"name\":\"shutting-down\"},\"previousState\":{\"code\":16,\"name\":\"running\"}}]}}"},
    {"ec2", "AuthorizeSecurityGroupIngress",
	.params = "{\"groupId\":\"%s\",\"ipPermissions\":{\"items\":[{\"ipProtocol\":"
		  "\"tcp\",\"fromPort\":22,\"toPort\":22,\"groups\":{},\"ipRanges\":{\"items\":[{"
		  "\"cidrIp\":\"198.51.100.0/24\","
		  "\"description\":\"%y\"}]},\"ipv6Ranges\":{},\"prefixListIds\":{}}]}}",
	.response = "{\"requestId\":\"%X\",\"_return\":true}"},
    {"ec2", "CreateTags",
	.params = "{\"resourcesSet\":{\"items\":[{\"resourceId\":\"%n\"}]},\"tagSet\":{\"items\":[{"
		  "\"key\":"
		  "\"Owner\",\"value\":\"%y\"}]}}",
	.response = "{\"requestId\":\"%X\",\"_return\":true}"},
    {"s3", "ListBuckets", RO, .params = "{\"Host\":\"s3.amazonaws.com\"}", .additional = S3EXTRA},
    {"s3", "GetBucketAcl", RO,
	.params = "{\"bucketName\":\"%b\",\"Host\":\"%b.s3.%g.amazonaws.com\",\"acl\":\"\"}",
	.additional = S3EXTRA, .resources = S3RES},
    {"s3", "GetBucketPolicy", RO,
	.params = "{\"bucketName\":\"%b\",\"Host\":\"%b.s3.%g.amazonaws.com\",\"policy\":\"\"}",
	.additional = S3EXTRA, .resources = S3RES},
    {"s3", "PutBucketTagging",
	.params = "{\"tagging\":\"\",\"bucketName\":\"%b\",\"Tagging\":{\"xmlns\":"
		  "\"http://s3.amazonaws.com/doc/2006-03-01/"
		  "\",\"TagSet\":{\"Tag\":{\"Value\":\"%y\",\"Key\":\"note\"}}}}",
	.additional = S3EXTRA, .resources = S3RES},
    {"s3", "GetObject", RO, DATA,
	.params = "{\"bucketName\":\"%b\",\"Host\":\"%b.s3.%g.amazonaws.com\",\"key\":\"%o\"}",
	.additional = S3EXTRA, .resources = S3OBJ},
    {"s3", "PutObject", DATA,
	.params = "{\"bucketName\":\"%b\",\"Host\":\"%b.s3.%g.amazonaws.com\",\"key\":\"%o\"}",
	.response = "{\"x-amz-server-side-encryption\":\"AES256\",\"x-amz-version-id\":\"%e\"}",
	.additional = S3EXTRA, .resources = S3OBJ},
    {"s3", "DeleteObject", DATA,
	.params = "{\"bucketName\":\"%b\",\"Host\":\"%b.s3.%g.amazonaws.com\",\"key\":\"%o\"}",
	.response = "{\"x-amz-version-id\":\"%e\",\"x-amz-delete-marker\":\"true\"}",
	.additional = S3EXTRA, .resources = S3OBJ},
    {"kms", "Decrypt", RO,
	.params = "{\"encryptionAlgorithm\":\"SYMMETRIC_DEFAULT\",\"encryptionContext\":{"
		  "\"PARAMETER_ARN\":"
		  "\"arn:%p:ssm:%g:%a:parameter%c\"}}",
	.resources = KMSRES},
    {"kms", "GenerateDataKey", RO,
	.params =
	    "{\"keyId\":\"arn:%p:kms:%g:%a:key/%k\",\"keySpec\":\"AES_256\",\"encryptionContext\":"
	    "{\"aws:s3:arn\":\"arn:%p:s3:::%b\"}}",
	.resources = KMSRES},
    {"kms", "CreateGrant",
	.params =
	    "{\"keyId\":\"arn:%p:kms:%g:%a:key/%k\",\"operations\":[\"Decrypt\",\"RetireGrant\"],"
	    "\"granteePrincipal\":\"rds.%g.amazonaws.com\"}",
	.response = "{\"grantId\":\"%e\",\"keyId\":\"arn:%p:kms:%g:%a:key/%k\"}",
	.resources = KMSRES},
    {"kms", "PutKeyPolicy",
	.params = "{\"keyId\":\"%k\",\"policyName\":\"default\",\"policy\":\"%q\","
		  "\"bypassPolicyLockoutSafetyCheck\":false}",
	.resources = KMSRES},
    {"sts", "GetCallerIdentity", RO},
    {"sts", "DecodeAuthorizationMessage", .params = "{\"encodedMessage\":\"***\"}"},
    {"iam", "ListUsers", RO, GLOBAL, .params = "{\"maxItems\":100}"},
    {"iam", "GetRole", RO, GLOBAL, .params = "{\"roleName\":\"%r\"}"},
    {"iam", "CreateUser", GLOBAL,
	.params =
	    "{\"userName\":\"%u\",\"path\":\"/\",\"tags\":[{\"key\":\"why\",\"value\":\"%y\"}]}",
	.response = "{\"user\":{\"path\":\"/"
		    "\",\"userName\":\"%u\",\"userId\":\"%U\",\"arn\":\"arn:%p:iam::%a:user/"
		    "%u\",\"createDate\":\"%T\"}}"},
    {"iam", "CreateAccessKey", GLOBAL, .params = "{\"userName\":\"%u\"}",
	.response = "{\"accessKey\":{\"accessKeyId\":\"%N\","
		    "\"status\":\"Active\",\"userName\":\"%u\",\"createDate\":\"%T\"}}"},
    {"iam", "AttachUserPolicy", GLOBAL,
	.params =
	    "{\"userName\":\"%u\",\"policyArn\":\"arn:%p:iam::aws:policy/AdministratorAccess\"}"},
    {"iam", "PutRolePolicy", GLOBAL,
	.params = "{\"roleName\":\"%r\",\"policyName\":\"inline-%h\",\"policyDocument\":\"%q\"}"},
    {"iam", "CreateRole", GLOBAL,
	.params = "{\"roleName\":\"%r\",\"assumeRolePolicyDocument\":\"%q\"}",
	.response = "{\"role\":{\"path\":\"/"
		    "\",\"roleName\":\"%r\",\"roleId\":\"%R\",\"arn\":\"arn:%p:iam::%a:role/"
		    "%r\",\"createDate\":\"%T\"}}",
	.resources = "[{\"accountId\":\"%a\",\"type\":\"AWS::IAM::Role\",\"ARN\":\"arn:%p:iam::%a:"
		     "role/%r\"}]"},
    {"cloudfront", "CreateInvalidation", GLOBAL,
	.params = "{\"distributionId\":\"E%d\",\"invalidationBatch\":{\"paths\":{\"quantity\":1,"
		  "\"items\":[\"/*\"]},\"callerReference\":\"%x\"}}",
	.response = "{\"location\":\"https://cloudfront.amazonaws.com/2020-05-31/E%d\"}"},
    {"lambda", "Invoke", DATA,
	.params =
	    "{\"functionName\":\"arn:%p:lambda:%g:%a:function:%f\",\"invocationType\":\"Event\"}",
	.additional = "{\"functionVersion\":\"arn:%p:lambda:%g:%a:function:%f:$LATEST\"}",
	.resources = "[{\"accountId\":\"%a\",\"type\":\"AWS::Lambda::Function\",\"ARN\":\"arn:%p:"
		     "lambda:%g:%a:function:%f\"}]"},
    {"lambda", "UpdateFunctionCode20150331v2",
	.params = "{\"functionName\":\"%f\",\"publish\":false,\"dryRun\":false}",
	.response = "{\"functionName\":\"%f\",\"functionArn\":\"arn:%p:lambda:%g:%a:function:%f\","
		    "\"runtime\":\"python3.12\","
		    "\"codeSize\":%d,\"description\":\"%y\",\"lastModified\":\"%t\",\"revisionId\":"
		    "\"%x\"}"},
    {"ssm", "GetParameter", RO, .params = "{\"name\":\"%c\",\"withDecryption\":true}"},
    {"secretsmanager", "GetSecretValue", RO,
	.params = "{\"secretId\":\"arn:%p:secretsmanager:%g:%a:secret:%c\"}"},
    {"logs", "CreateLogStream",
	.params =
	    "{\"logGroupName\":\"/aws/lambda/%f\",\"logStreamName\":\"2024/03/01/[$LATEST]%e\"}"},
    {"monitoring", "DescribeAlarms", RO,
	.params = "{\"alarmNames\":[\"TargetTracking-%f\"],\"alarmTypes\":[\"MetricAlarm\","
		  "\"CompositeAlarm\"]}"},
    {"dynamodb", "UpdateTable",
	.params = "{\"tableName\":\"%b\",\"provisionedThroughput\":{\"readCapacityUnits\":5,"
		  "\"writeCapacityUnits\":5}}",
	.response = "{\"tableDescription\":{\"tableName\":\"%b\",\"tableStatus\":\"UPDATING\","
		    "\"itemCount\":%d}}"},
    {"rds", "ModifyDBInstance",
	.params = "{\"dBInstanceIdentifier\":\"db-%h\",\"applyImmediately\":true,"
		  "\"masterUserPassword\":\"****\"}"},
    {"cloudtrail", "DescribeTrails", RO,
	.params = "{\"trailNameList\":[],\"includeShadowTrails\":true}"},
    {"cloudtrail", "LookupEvents", RO,
	.params = "{\"maxResults\":50,\"lookupAttributes\":[{\"attributeKey\":\"Username\","
		  "\"attributeValue\":\"%u\"}]}"},
    {"cloudtrail", "GetTrailStatus", RO, .params = "{\"name\":\"%b\"}"},
    {"eks", "ListClusters", RO, .params = "{\"maxResults\":100,\"include\":[\"all\"]}"},
    {"sns", "Publish", DATA,
	.params = "{\"topicArn\":\"arn:%p:sns:%g:%a:alerts\",\"message\":\"HIDDEN_DUE_TO_SECURITY_"
		  "REASONS\",\"subject\":\"%y\"}",
	.response = "{\"messageId\":\"%x\"}"},
};

/* True for services that let other accounts in. */
static bool
is_shared(const struct call *c)
{
	return strcmp(c->source, "s3") == 0 || strcmp(c->source, "kms") == 0 ||
	       strcmp(c->source, "sns") == 0;
}

/*
 * A random call: global ones only where allowed, data events likewise; foreign asks for one that
 * another account can make.
 */
const struct call *
call_pick(struct rng *r, bool global, bool data, bool foreign)
{
	const unsigned n = (unsigned)(sizeof(calls) / sizeof(calls[0]));
	const struct call *c;

	do
		c = &calls[rng_below(r, n)];
	while ((c->global && !global) || (c->data && !data) || (foreign && !is_shared(c)));
	return c;
}
