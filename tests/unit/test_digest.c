/* Digests: a real one, what must be refused, and why it says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/utc.h"
#include "record/digest.h"
#include "bytes.h"
#include "chaos.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define REAL     "real-digest/AWSLogs_327878933619_CloudTrail-Digest_ap-northeast-1_20231015T230404Z.json"
#define HASH     "4309c6161e37538de72ec6f679e86b7e45aebed71fa7e76af70c3019fef44e19"
#define HASH2    "de90c3b55016bc5fad9c12378ccc6fc38180a15bd95879305415572a4472b1a9"

static struct lf_err err;
static char problem[256];

/* The members of a good digest, one each: tests leave out, change or repeat them. */
static const char *const head[] = {"\"awsAccountId\":\"123456789012\"", "\"digestStartTime\":\"2023-10-15T22:04:04Z\"",
    "\"digestEndTime\":\"2023-10-15T23:04:04Z\"", "\"digestS3Bucket\":\"b\"", "\"digestS3Object\":\"AWSLogs\\/k\"",
    "\"digestPublicKeyFingerprint\":\"be2f0b997552f44942837300ba1aba9d\"",
    "\"digestSignatureAlgorithm\":\"SHA256withRSA\"", "\"newestEventTime\":\"2023-10-15T22:58:17Z\"",
    "\"oldestEventTime\":\"2023-10-15T22:04:51Z\"", "\"previousDigestS3Bucket\":\"pb\"",
    "\"previousDigestS3Object\":\"pk\"", "\"previousDigestHashValue\":\"" HASH "\"",
    "\"previousDigestHashAlgorithm\":\"SHA-256\"", "\"previousDigestSignature\":\"abcd\"",
    "\"logFiles\":[{\"s3Bucket\":\"b\",\"s3Object\":\"l1\",\"hashValue\":\"" HASH "\",\"hashAlgorithm\":\"SHA-256\","
    "\"newestEventTime\":\"2023-10-15T22:58:17Z\",\"oldestEventTime\":null}]"};

static struct lf_digest *
parse(const char *text, size_t len)
{
	char *copy = bytes_exact(text, len);
	struct lf_digest *d;

	problem[0] = '\0';
	assert_int_equal(lf_digest_parse(copy, len, &d, problem, sizeof(problem), &err), 0);
	free(copy);
	assert_int_equal(d == NULL, problem[0] != '\0');
	return d;
}

/* The good digest with member i in another form; NULL leaves it out. */
static char *
variant(size_t i, const char *member)
{
	struct lf_buf b;
	const char *m;

	lf_buf_init(&b);
	for (size_t k = 0; k < COUNT(head); k++) {
		m = k == i ? member : head[k];
		if (m != NULL) {
			lf_buf_putc(&b, b.len == 0 ? '{' : ',');
			lf_buf_puts(&b, m);
		}
	}
	lf_buf_putc(&b, '}');
	assert_false(b.failed);
	return b.data;
}

/* Refused with a problem that says what. */
static void
refuse(char *text, const char *what)
{
	struct lf_digest *d = parse(text, strlen(text));

	if (d != NULL)
		fail_msg("accepted: %s", text);
	if (strstr(problem, what) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", problem, what);
	assert_memory_equal(problem, "offset ", 7);
	lf_digest_free(d);
	free(text);
}

static struct lf_digest *
accept(char *text)
{
	struct lf_digest *d = parse(text, strlen(text));

	if (d == NULL)
		fail_msg("%s: %s", problem, text);
	free(text);
	return d;
}

static void
time_is(int64_t t, const char *text)
{
	char buf[LF_UTC_LEN];

	assert_string_equal(lf_utc_format(t, buf), text);
}

static void
hash_is(const unsigned char hash[LF_SHA256_LEN], const char *text)
{
	char hex[2 * LF_SHA256_LEN + 1];

	lf_hex_encode(hash, LF_SHA256_LEN, hex);
	assert_string_equal(hex, text);
}

static void
test_real(void **state)
{
	static const char key[] = "AWSLogs/327878933619/CloudTrail-Digest/ap-northeast-1/2023/10/15/327878933619_"
	    "CloudTrail-Digest_ap-northeast-1_llm-guard-trail_us-west-2_20231015T230404Z.json.gz";
	struct lf_digest *d;
	size_t len;
	char *text = bytes_shared(REAL, &len);

	(void)state;
	if (text == NULL)
		skip();
	assert_true(lf_digest_sniff(text, len));
	d = parse(text, len);
	free(text);
	if (d == NULL)
		fail_msg("%s", problem);
	assert_string_equal(d->account, "327878933619");
	time_is(d->start, "2023-10-15T22:04:04Z");
	time_is(d->end, "2023-10-15T23:04:04Z");
	assert_string_equal(d->end_text, "2023-10-15T23:04:04Z");
	assert_string_equal(d->bucket, "llm-guard-trail");
	assert_string_equal(d->key, key);
	assert_string_equal(d->fingerprint, "be2f0b997552f44942837300ba1aba9d");
	assert_string_equal(d->signature_algorithm, "SHA256withRSA");
	time_is(d->newest, "2023-10-15T22:58:17Z");
	time_is(d->oldest, "2023-10-15T22:04:51Z");
	assert_false(d->is_start);
	assert_string_equal(d->prev_algorithm, "SHA-256");
	assert_true(d->prev_hash_known);
	hash_is(d->prev_hash, "8f953371d3e85eddb89b05ed6b9e680791055315c73e1025ab5dba7bb2aee189");
	assert_int_equal(strlen(d->prev_signature), 512);
	assert_ptr_equal(d->prev_bucket, d->bucket); /* shared */
	assert_int_equal(d->name.kind, LF_KEY_DIGEST);
	assert_true(d->name.in_place);
	assert_memory_equal(d->name.trail.s, "llm-guard-trail", d->name.trail.len);
	assert_int_equal(d->n_logs, 5);
	for (uint32_t i = 0; i < 5; i++) {
		struct lf_s3key k;

		assert_ptr_equal(d->logs[i].bucket, d->bucket);
		assert_true(d->logs[i].hash_known);
		lf_s3key_read(d->logs[i].key, strlen(d->logs[i].key), &k);
		assert_int_equal(k.kind, LF_KEY_LOG);
		assert_true(k.in_place);
	}
	hash_is(d->logs[0].hash, HASH);
	hash_is(d->logs[1].hash, HASH2);
	time_is(d->logs[3].newest, "2023-10-15T22:20:34Z");
	time_is(d->logs[3].oldest, "2023-10-15T22:10:12Z");
	lf_digest_free(d);
	lf_digest_free(NULL);
}

static void
cut_everywhere(const char *text, size_t len)
{
	for (size_t n = 0; n < len; n++) {
		struct lf_digest *d = parse(text, n);

		if (d != NULL)
			fail_msg("cut to %zu bytes it is accepted", n);
	}
}

static void
test_truncated(void **state)
{
	size_t len;
	char *text = variant(COUNT(head), NULL), *real = bytes_shared(REAL, &len);

	(void)state;
	cut_everywhere(text, strlen(text));
	free(text);
	if (real == NULL)
		return;
	while (len > 0 && real[len - 1] != '}')
		len--;
	cut_everywhere(real, len);
	free(real);
}

static void
test_whole(void **state)
{
	struct lf_digest *d = accept(variant(COUNT(head), NULL));

	(void)state;
	assert_string_equal(d->key, "AWSLogs/k");
	assert_string_equal(d->prev_key, "pk");
	assert_int_equal(d->n_logs, 1);
	assert_string_equal(d->logs[0].key, "l1");
	assert_string_equal(d->logs[0].algorithm, "SHA-256");
	assert_true(d->logs[0].oldest == LF_TIME_NONE);
	lf_digest_free(d);
	d = accept(variant(0, "\"\\u0061wsAccountId\":\"123456789012\",\"new\":{\"x\":[1]},\"other\":null"));
	assert_string_equal(d->account, "123456789012");
	lf_digest_free(d);
	d = accept(variant(14, "\"logFiles\":[]"));
	assert_int_equal(d->n_logs, 0);
	lf_digest_free(d);
}

static void
test_required(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(head); i++) {
		bool optional = i >= 5 && i <= 8;
		char *text = variant(i, NULL);

		if (optional)
			lf_digest_free(accept(text));
		else
			refuse(text, "is missing");
	}
	refuse(strdup("{}"), "awsAccountId is missing");
	refuse(strdup("[]"), "the digest is an array");
	refuse(strdup(""), "value expected");
	refuse(strdup("7"), "the digest is a number");
}

static void
test_types(void **state)
{
	static const char *const values[] = {"1", "true", "{}", "[]", "null"};
	char member[128];

	(void)state;
	for (size_t i = 0; i < COUNT(head); i++) {
		size_t name = (size_t)(strchr(head[i] + 1, '"') - head[i]) + 1;

		for (size_t v = 0; v < COUNT(values); v++) {
			bool event_time = i == 7 || i == 8;

			if ((v == 4 && event_time) || (v == 3 && i == 14))
				continue;
			snprintf(member, sizeof(member), "%.*s:%s", (int)name, head[i], values[v]);
			refuse(variant(i, member), v == 4 ? "null" : "is ");
		}
	}
}

static void
test_duplicates(void **state)
{
	char member[512];

	(void)state;
	for (size_t i = 0; i < COUNT(head); i++) {
		snprintf(member, sizeof(member), "%s,%s", head[i], head[i]);
		refuse(variant(i, member), "stands there twice");
	}
	refuse(variant(4, "\"digestS3Object\":\"a\",\"digestS3Obj\\u0065ct\":\"b\""), "digestS3Object stands there twice");
	refuse(variant(0, "\"awsAccountId\":\"1\",\"x\":1,\"y\":2,\"\\u0078\":3"), "stands there already");
	refuse(variant(0, "\"awsAccountId\":\"1\",\"\":1,\"\":2"), "stands there already");
	refuse(variant(14, "\"logFiles\":[{\"s3Bucket\":\"b\",\"s3Object\":\"l\",\"s3Object\":\"m\"}]"),
	    "s3Object stands there twice");
}

static void
test_times(void **state)
{
	static const char *const bad[] = {"", "2023-10-15", "2023-10-15T22:04:04", "2023-10-15t22:04:04Z",
	    "2023-10-15T22:04:04.5Z", "2023-10-15T22:04:04+00:00", "2023-02-30T00:00:00Z", " 2023-10-15T22:04:04Z",
	    "1697407444"};
	static const size_t members[] = {1, 2, 7, 8};
	char member[128];

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		for (size_t k = 0; k < COUNT(members); k++) {
			size_t name = (size_t)(strchr(head[members[k]] + 1, '"') - head[members[k]]) + 1;

			snprintf(member, sizeof(member), "%.*s:\"%s\"", (int)name, head[members[k]], bad[i]);
			refuse(variant(members[k], member), "YYYY-MM-DDTHH:MM:SSZ");
		}
		snprintf(member, sizeof(member), "\"logFiles\":[{\"newestEventTime\":\"%s\"}]", bad[i]);
		refuse(variant(14, member), "newestEventTime is not in the form");
	}
}

/* Which of the five previous* are null: all, or none. */
static void
test_previous(void **state)
{
	static const char *const names[] = {"S3Bucket", "S3Object", "HashValue", "HashAlgorithm", "Signature"};
	struct lf_digest *d;

	(void)state;
	for (unsigned mask = 0; mask < 32; mask++) {
		struct lf_buf b;

		lf_buf_init(&b);
		for (size_t i = 0; i < COUNT(head); i++) {
			lf_buf_putc(&b, i == 0 ? '{' : ',');
			if (i >= 9 && i < 14 && mask >> (i - 9) & 1)
				lf_buf_printf(&b, "\"previousDigest%s\":null", names[i - 9]);
			else
				lf_buf_puts(&b, head[i]);
		}
		lf_buf_putc(&b, '}');
		if (mask != 0 && mask != 31) {
			refuse(b.data, "all five previous* or none");
			assert_non_null(strstr(problem, " is null but previousDigest"));
			continue;
		}
		d = accept(b.data);
		assert_int_equal(d->is_start, mask == 31);
		assert_int_equal(d->prev_key == NULL, mask == 31);
		assert_int_equal(d->prev_hash_known, mask == 0);
		lf_digest_free(d);
	}
}

/* Values that are not known are no reason to refuse. */
static void
test_hashes(void **state)
{
	static const struct {
		const char *hash, *algorithm;
		bool known;
	} cases[] = {{HASH, "SHA-256", true}, {HASH, "SHA\\u002d256", true}, {HASH, "SHA-512", false}, {HASH, "sha-256", false},
	    {"", "SHA-256", false}, {"4309", "SHA-256", false}, {HASH "00", "SHA-256", false},
	    {"zz09c6161e37538de72ec6f679e86b7e45aebed71fa7e76af70c3019fef44e19", "SHA-256", false},
	    {"4309C6161E37538DE72EC6F679E86B7E45AEBED71FA7E76AF70C3019FEF44E19", "SHA-256", true},
	    {"\\u0034309c6161e37538de72ec6f679e86b7e45aebed71fa7e76af70c3019fef44e19", "SHA-256", true}};
	char member[512];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct lf_digest *d;

		snprintf(member, sizeof(member), "\"logFiles\":[{\"s3Bucket\":\"b\",\"s3Object\":\"l\",\"hashAlgorithm\":\"%s\","
		    "\"more\":[{}],\"hashValue\":\"%s\"}]", cases[i].algorithm, cases[i].hash);
		d = accept(variant(14, member));
		assert_int_equal(d->logs[0].hash_known, cases[i].known);
		if (cases[i].known)
			hash_is(d->logs[0].hash, HASH);
		lf_digest_free(d);
		snprintf(member, sizeof(member), "\"previousDigestHashValue\":\"%s\"", cases[i].hash);
		d = accept(variant(11, member));
		assert_int_equal(d->prev_hash_known, cases[i].known || strncmp(cases[i].algorithm, "SHA-256", 7) != 0);
		lf_digest_free(d);
	}
	lf_digest_free(accept(variant(6, "\"digestSignatureAlgorithm\":\"MD5withRSA\"")));
}

static void
test_logs(void **state)
{
	static const char *const bad[] = {"1", "{}", "[1]", "[[]]", "[{}]", "[{\"s3Bucket\":\"b\"}]",
	    "[{\"s3Bucket\":\"b\",\"s3Object\":\"l\",\"hashValue\":\"x\"}]",
	    "[{\"s3Bucket\":1,\"s3Object\":\"l\",\"hashValue\":\"x\",\"hashAlgorithm\":\"y\"}]",
	    "[{\"s3Bucket\":null,\"s3Object\":\"l\",\"hashValue\":\"x\",\"hashAlgorithm\":\"y\"}]", "[{]", "[{\"a\":[}]"};
	enum { N = 3000 };
	struct lf_digest *d;
	struct lf_buf b;
	char member[512], key[32];

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		snprintf(member, sizeof(member), "\"logFiles\":%s", bad[i]);
		refuse(variant(14, member), "offset ");
	}
	lf_buf_init(&b);
	lf_buf_puts(&b, "\"logFiles\":[");
	for (int i = 0; i < N; i++)
		lf_buf_printf(&b, "%s{\"s3Bucket\":\"%s\",\"s3Object\":\"p\\/%d\",\"hashValue\":\"" HASH
		    "\",\"hashAlgorithm\":\"SHA-256\"}", i == 0 ? "" : ",", i < N / 2 ? "b" : "c", i);
	lf_buf_putc(&b, ']');
	d = accept(variant(14, lf_buf_str(&b)));
	lf_buf_free(&b);
	assert_int_equal(d->n_logs, N);
	for (uint32_t i = 0; i < N; i++) {
		snprintf(key, sizeof(key), "p/%u", i);
		assert_string_equal(d->logs[i].key, key);
		assert_string_equal(d->logs[i].bucket, i < N / 2 ? "b" : "c");
	}
	assert_ptr_equal(d->logs[N / 2].bucket, d->logs[N - 1].bucket);
	lf_digest_free(d);
}

static void
test_rest(void **state)
{
	char *good = variant(COUNT(head), NULL), *text = malloc(strlen(good) + 8);

	(void)state;
	assert_non_null(text);
	sprintf(text, "%s \r\n\t", good);
	lf_digest_free(accept(text));
	text = malloc(strlen(good) + 8);
	assert_non_null(text);
	sprintf(text, "%s{}", good);
	refuse(text, "bytes behind the JSON text");
	text = malloc(strlen(good) + 8);
	assert_non_null(text);
	sprintf(text, "%s", good);
	text[strlen(text) - 1] = ']';
	refuse(text, "',' or '}' expected (RFC 8259)");
	refuse(variant(3, "\"digestS3Bucket\":\"b\\u0000c\""), "U+0000");
	refuse(variant(3, "\"digestS3Bucket\":\"b\x01\""), "control character");
	refuse(variant(3, "\"digestS3Bucket\":\"b\xff\""), "invalid UTF-8");
	free(good);
}

static void
test_sniff(void **state)
{
	char *good = variant(COUNT(head), NULL);

	(void)state;
	assert_true(lf_digest_sniff(good, strlen(good)));
	assert_true(lf_digest_sniff(good, 100));
	assert_false(lf_digest_sniff(good, 40));
	assert_false(lf_digest_sniff("{\"Records\":[{\"eventID\":\"x\"}]}", 29));
	assert_false(lf_digest_sniff("{\"awsAccountId\":\"1\",\"newestEventTime\":null}", 43));
	assert_false(lf_digest_sniff("", 0));
	free(good);
}

static char *chaos_text;

static int
step(void)
{
	struct lf_digest *d;
	int rc = lf_digest_parse(chaos_text, strlen(chaos_text), &d, problem, sizeof(problem), &err);

	rc = rc == 0 && d == NULL ? 1 : rc;
	lf_digest_free(d);
	return rc;
}

static void
test_out_of_memory(void **state)
{
	struct lf_buf b;

	(void)state;
	lf_buf_init(&b);
	for (int i = 0; i < 60; i++)
		lf_buf_printf(&b, "%s{\"s3Bucket\":\"b\",\"s3Object\":\"%0100d\\/\",\"hashValue\":\"x\",\"hashAlgorithm\":\"y\"}",
		    i == 0 ? "\"u1\":1,\"u2\":2,\"logFiles\":[" : ",", i);
	lf_buf_putc(&b, ']');
	chaos_text = variant(14, lf_buf_str(&b));
	lf_buf_free(&b);
	chaos_check(step, 6);
	free(chaos_text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_real), cmocka_unit_test(test_truncated),
	    cmocka_unit_test(test_whole), cmocka_unit_test(test_required), cmocka_unit_test(test_types),
	    cmocka_unit_test(test_duplicates), cmocka_unit_test(test_times), cmocka_unit_test(test_previous),
	    cmocka_unit_test(test_hashes), cmocka_unit_test(test_logs), cmocka_unit_test(test_rest),
	    cmocka_unit_test(test_sniff),
	    cmocka_unit_test(test_out_of_memory)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
