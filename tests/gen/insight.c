/* Records of the other classes: Insight, NetworkActivity, Aggregated. */
#include "gen.h"

/* A UUID that belongs to a place and a purpose. */
static void
put_uuid(const struct place *p, uint32_t tag, unsigned n, struct buf *b)
{
	struct rng r =
	    rng_make(p->g->o.seed, tag, (uint64_t)p->acct << 32 | p->region, p->slot, n, p->salt);
	char id[37];

	rng_uuid(&r, id);
	buf_str(b, id);
}

/* Append the Start or End record of one insight; both have the same sharedEventID. */
void
insight_record(const struct place *p, const char *state, struct buf *b)
{
	char iso[ISO_LEN], account[13];
	bool end = state[0] == 'E';

	stamp_iso(p->start + (end ? 1500 : 600), iso);
	account_id(p->acct, account);
	buf_fmt(b,
	    "{\"eventVersion\":\"1.08\",\"eventTime\":\"%s\",\"awsRegion\":\"%s\",\"eventID\":\"",
	    iso, p->g->o.regions[p->region]);
	put_uuid(p, TAG('i', 'n', 's', 'i'), end, b);
	buf_fmt(b,
	    "\",\"eventType\":\"AwsCloudTrailInsight\",\"recipientAccountId\":\"%s\","
	    "\"sharedEventID\":\"",
	    account);
	put_uuid(p, TAG('i', 'n', 's', 's'), 0, b);
	buf_fmt(b,
	    "\",\"insightDetails\":{\"state\":\"%s\",\"eventSource\":\"ec2.amazonaws.com\","
	    "\"eventName\":\"RunInstances\",\"insightType\":"
	    "\"ApiCallRateInsight\",\"insightContext\":{\"statistics\":{\"baseline\":{\"average\":"
	    "0.0017857143},\"insight\":{\"average\":12.5},"
	    "\"insightDuration\":%d,\"baselineDuration\":10080},\"attributions\":[{\"attribute\":"
	    "\"userIdentityArn\",\"insight\":[{\"value\":"
	    "\"arn:%s:iam::%s:user/"
	    "%s\",\"average\":12.5}],\"baseline\":[]},{\"attribute\":\"errorCode\",\"insight\":[{"
	    "\"value\":\"null\","
	    "\"average\":12.5}],\"baseline\":[]}]}},\"eventCategory\":\"Insight\"}",
	    state, end ? 15 : 1, partition(p->g->o.regions[p->region]), account, who_user(p->slot));
}

/* Append one call through a VPC endpoint that was refused. */
void
network_record(const struct place *p, struct buf *b)
{
	char iso[ISO_LEN], account[13];
	const char *region = p->g->o.regions[p->region];

	stamp_iso(p->start + 900, iso);
	account_id(p->acct, account);
	buf_fmt(b,
	    "{\"eventVersion\":\"1.09\",\"userIdentity\":{\"type\":\"AWSAccount\",\"principalId\":"
	    "\"AIDAQQQQQQQQQQEXAMPLE\",\"accountId\":"
	    "\"%s\"},\"eventTime\":\"%s\",\"eventSource\":\"s3.amazonaws.com\",\"eventName\":"
	    "\"ListBuckets\",\"awsRegion\":\"%s\","
	    "\"sourceIPAddress\":\"192.0.2.77\",\"errorCode\":\"VpceAccessDenied\","
	    "\"errorMessage\":\"The request was denied due to a VPC endpoint "
	    "policy\",\"requestID\":\"",
	    account, iso, region);
	put_uuid(p, TAG('n', 'e', 't', 'r'), 0, b);
	buf_str(b, "\",\"eventID\":\"");
	put_uuid(p, TAG('n', 'e', 't', 'e'), 0, b);
	buf_fmt(b,
	    "\",\"eventType\":\"AwsVpceEvent\",\"recipientAccountId\":\"%s\",\"sharedEventID\":\"",
	    account);
	put_uuid(p, TAG('n', 'e', 't', 's'), 0, b);
	buf_fmt(b,
	    "\",\"vpcEndpointId\":\"vpce-0a1b2c3d4e5f67890\",\"vpcEndpointAccountId\":\"%s\","
	    "\"eventCategory\":\"NetworkActivity\"}",
	    account);
}

/* Append one summary of five minutes; it has eventId and accountId, and no eventTime. */
void
aggregated_record(const struct place *p, struct buf *b)
{
	char from[ISO_LEN], to[ISO_LEN], account[13];

	stamp_iso(p->start + 600, from);
	stamp_iso(p->start + 900, to);
	account_id(p->acct, account);
	buf_fmt(b, "{\"eventVersion\":\"1.0\",\"accountId\":\"%s\",\"eventId\":\"", account);
	put_uuid(p, TAG('a', 'g', 'g', 'r'), 0, b);
	buf_fmt(b,
	    "\",\"eventCategory\":\"Aggregated\",\"eventType\":\"AwsAggregatedEvent\","
	    "\"awsRegion\":\"%s\",\"eventSource\":\"s3.amazonaws.com\","
	    "\"timeWindow\":{\"windowStart\":\"%s\",\"windowEnd\":\"%s\",\"windowSize\":\"PT5M\"},"
	    "\"summary\":{\"primaryDimension\":{\"dimension\":"
	    "\"eventName\",\"statistics\":[{\"name\":\"GetObject\",\"value\":4711},{\"name\":"
	    "\"PutObject\",\"value\":12}],\"aggregationType\":\"Count\"},"
	    "\"details\":[]}}",
	    p->g->o.regions[p->region], from, to);
}
