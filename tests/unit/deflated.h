/* Content of several kinds and its raw DEFLATE data, made by zlib.  To be included behind cmocka.h. */
#ifndef LF_TEST_DEFLATED_H
#define LF_TEST_DEFLATED_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "scratch.h"

struct deflated {
	unsigned char *bytes;
	size_t len;
};

/* How zlib is to compress: flush every so many bytes (0: never), in that way. */
struct deflate_way {
	int level, strategy, memory, flush;
	size_t every;
};

static inline struct deflated
deflated(const void *content, size_t len, struct deflate_way w)
{
	size_t cap = len + len / 8 + 4096, at = 0;
	struct deflated d = {0};
	z_stream z = {0};

	if (w.every > 0)
		cap += len / w.every * 64;
	d.bytes = malloc(cap);
	assert_non_null(d.bytes);
	assert_int_equal(deflateInit2(&z, w.level, Z_DEFLATED, -15, w.memory, w.strategy), Z_OK);
	z.next_out = d.bytes;
	z.avail_out = (uInt)cap;
	do {
		size_t n = w.every > 0 && w.every < len - at ? w.every : len - at;
		z.next_in = (Bytef *)(uintptr_t)((const char *)content + at);
		z.avail_in = (uInt)n;
		at += n;
		assert_int_equal(deflate(&z, at == len ? Z_FINISH : w.flush), at == len ? Z_STREAM_END : Z_OK);
	} while (at < len);
	d.len = z.total_out;
	deflateEnd(&z);
	return d;
}

/* ---- A log as CloudTrail writes it ---- */

static inline unsigned
made_below(uint64_t *seed, unsigned n)
{
	return (unsigned)((scratch_random(seed) >> 33) % n);
}

/* An identifier of 8-4-4-4-12 hexadecimal digits. */
static inline const char *
made_uuid(uint64_t *seed, char out[37])
{
	uint64_t a = scratch_random(seed), b = scratch_random(seed);

	snprintf(out, 37, "%08x-%04x-%04x-%04x-%012llx", (unsigned)(a >> 32), (unsigned)(a >> 16) & 0xffff,
	    (unsigned)a & 0xffff, (unsigned)(b >> 48), (unsigned long long)(b & 0xffffffffffff));
	return out;
}

/* One event; returns its length. */
static inline size_t
made_event(char *to, size_t room, uint64_t *seed, unsigned second)
{
	static const struct {
		const char *service, *name, *asks, *gives;
	} calls[] = {
	    {"s3", "GetBucketAcl", "{\"bucketName\":\"acme-logs\",\"Host\":\"acme-logs.s3.amazonaws.com\",\"acl\":\"\"}", "null"},
	    {"sts", "AssumeRole", "{\"roleArn\":\"arn:aws:iam::123456789012:role/ops\",\"roleSessionName\":\"session-%llu\"}",
	        "{\"credentials\":{\"accessKeyId\":\"ASIA%llX\",\"expiration\":\"Jul 10, 2023, 1:45:10 PM\"}}"},
	    {"ec2", "DescribeInstances", "{\"instancesSet\":{\"items\":[{\"instanceId\":\"i-%llx\"}]},\"filterSet\":{}}", "null"},
	    {"kms", "Decrypt", "{\"encryptionContext\":{\"PARAMETER_ARN\":\"arn:aws:ssm:us-east-1:123456789012:parameter/p%llu\"}}",
	        "null"},
	    {"iam", "CreateAccessKey", "{\"userName\":\"user-%llu\"}", "{\"accessKey\":{\"accessKeyId\":\"AKIA%llX\",\"status\":\"Active\"}}"},
	    {"ssm", "GetParameter", "{\"name\":\"/prod/%llu\",\"withDecryption\":true}", "null"},
	};
	static const char *const agents[] = {"aws-cli/2.12.3 Python/3.11.4 Darwin/22.5.0 exe/x86_64 prompt/off",
	    "Boto3/1.26.161 Python/3.9 Botocore/1.29.161", "console.amazonaws.com",
	    "APN/1.0 HashiCorp/1.0 Terraform/1.1.2 (+https://www.terraform.io)"};
	unsigned call = made_below(seed, 6), user = made_below(seed, 5);
	unsigned long long id = scratch_random(seed) >> 8;
	char a[37], b[37], asks[400], gives[400];
	int n;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
	snprintf(asks, sizeof(asks), calls[call].asks, id);
	snprintf(gives, sizeof(gives), calls[call].gives, id);
#pragma GCC diagnostic pop
	n = snprintf(to, room,
	    "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"IAMUser\",\"principalId\":\"AIDAQZ%u7EXAMPLE\","
	    "\"arn\":\"arn:aws:iam::123456789012:user/user%u\",\"accountId\":\"123456789012\",\"accessKeyId\":\"AKIA%uEXAMPLE\","
	    "\"userName\":\"user%u\"},\"eventTime\":\"2023-07-10T12:%02u:%02uZ\",\"eventSource\":\"%s.amazonaws.com\","
	    "\"eventName\":\"%s\",\"awsRegion\":\"us-east-1\",\"sourceIPAddress\":\"198.51.100.%u\",\"userAgent\":\"[%s]\","
	    "\"requestParameters\":%s,\"responseElements\":%s,\"requestID\":\"%s\",\"eventID\":\"%s\",\"readOnly\":%s,"
	    "\"eventType\":\"AwsApiCall\",\"managementEvent\":true,\"recipientAccountId\":\"123456789012\","
	    "\"eventCategory\":\"Management\",\"tlsDetails\":{\"tlsVersion\":\"TLSv1.2\",\"cipherSuite\":"
	    "\"ECDHE-RSA-AES128-GCM-SHA256\",\"clientProvidedHostHeader\":\"%s.us-east-1.amazonaws.com\"}}",
	    user, user, user, user, second / 60 % 60, second % 60, calls[call].service, calls[call].name,
	    10 + made_below(seed, 9), agents[made_below(seed, 4)], asks, gives, made_uuid(seed, a), made_uuid(seed, b),
	    made_below(seed, 2) ? "true" : "false", calls[call].service);
	return n < 0 ? 0 : (size_t)n;
}

/* A log of so many events; *len is its length. */
static inline char *
made_log(unsigned events, uint64_t seed, size_t *len)
{
	size_t room = 64 + (size_t)events * 2048, n;
	char *s = malloc(room);
	unsigned second = made_below(&seed, 600);

	assert_non_null(s);
	n = (size_t)snprintf(s, room, "{\"Records\":[");
	for (unsigned i = 0; i < events; i++) {
		if (i > 0)
			s[n++] = ',';
		second += made_below(&seed, 7);
		n += made_event(s + n, room - n, &seed, second);
	}
	n += (size_t)snprintf(s + n, room - n, "]}");
	*len = n;
	return s;
}

#endif
